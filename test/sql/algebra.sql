--
-- Histories made of others: multiples, other months, spans; and every reading of
-- a history beside an amount
--
SET datestyle = 'ISO';
\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

\set h '''{2025-02-01:100.5,2025-02-18:-90.25,2025-03-25:0.00000005}''::duty_history'
SELECT :h * 2 AS twice, 1.12 * duties_between(:h, last_day => '2025-02-28') AS more, :h * 0 AS nothing, :h * -1 = -:h AS negated, '{}'::duty_history * 3 AS empty;
SELECT shift_months(:h, 12) AS year_later, shift_months(:h, -1) AS month_earlier, shift_months(:h, 0) = :h AS same, shift_months('{}', 5) AS empty;
SELECT duties_between(:h, '2025-02-18', '2025-03-24') AS within, duties_between(:h, last_day => '2025-02-17') AS begin, duties_between(:h, '2025-02-20') AS rest, duties_between(:h) = :h AS all,
	duties_between(:h, '2026-01-01', '2025-12-31') AS no_day;
SELECT :h * NULL::numeric AS factor, NULL::duty_history * 2.0 AS history, shift_months(:h, NULL) AS months, shift_months(NULL, 1) AS shifted, duties_between(NULL, '2025-01-02') AS span;
-- as last year, 12 % more
SELECT p.peak, p.peak_period, p.required_bond FROM (SELECT '{2025-11-01:1000,2026-03-18:40000}'::duty_history AS h) AS x,
	LATERAL security_position(h + shift_months(duties_between(h, '2025-11-01', '2026-10-31'), 12) * 1.12, as_of => '2027-10-31') AS p;

-- seeded histories: of whole cents, of eight decimals, of large amounts
CREATE TEMP TABLE history AS
SELECT h, duty_history(date '2019-01-01' + ((hashint8extended(n, h) & 1048575) % 2500)::integer, round((hashint8extended(n, h + 50) >> 20) / 10::numeric ^ (h % 3 * 3 + 2), (h % 3) * 3 + 2)) AS a
FROM generate_series(1, 60) AS h, generate_series(1, h) AS n GROUP BY h;
CREATE TEMP TABLE slice AS SELECT h, split_part(s, ':', 1)::date AS d, split_part(s, ':', 2)::numeric AS v FROM history, unnest(string_to_array(trim(a::text, '{}'), ',')) AS s;
-- a history in canonical bytes, made anew from what it shows
CREATE FUNCTION pg_temp.canonical(h duty_history) RETURNS boolean IMMUTABLE RETURN duty_history_send(h::text::duty_history) = duty_history_send(h);
-- products, by slice, in numeric
SELECT count(*) AS products, count(*) FILTER (WHERE m IS DISTINCT FROM coalesce((SELECT duty_history(d, v * f) FROM slice AS s WHERE s.h = history.h), '{}')) AS differ, count(*) FILTER (WHERE NOT pg_temp.canonical(m)) AS not_canonical,
	count(*) FILTER (WHERE f * a IS DISTINCT FROM m) AS from_the_left_differ
FROM history, unnest('{0, 1, -1, 2, 10, 0.5, 1.12, 1.25, -0.01, 1e3, 12345678.9, 0.00, 100.000000000000000000000000}'::numeric[]) AS f, LATERAL (SELECT a * f) AS p (m)
WHERE h % 3 = 0 OR h % 3 = 1 AND scale(trim_scale(f)) <= 3 OR scale(trim_scale(f)) = 0;
SELECT count(*) AS histories, count(*) FILTER (WHERE a * 2 <> a + a OR a * 3 <> a + a + a OR a * 0 <> '{}' OR (a * 2) * 0.5 <> a) AS differ FROM history;
-- factors whose stored form is the long one: many decimals, or many digits
SELECT scale(f) AS scale, a * f AS product, a * f = (SELECT duty_history(d, v * f) FROM (VALUES (date '2025-02-01', 1234.5), ('2025-02-18', -0.02)) AS s (d, v)) AS same
FROM (VALUES ('{2025-02-01:1234.5,2025-02-18:-0.02}'::duty_history)) AS h (a), unnest(ARRAY[1.5::numeric(101,100), -1.5::numeric(101,100), 200000::numeric(76,70), 0::numeric(100,100)]) AS f;
-- a product that isn't exact is no product
SELECT count(*) AS products, count(*) FILTER (WHERE (pg_temp.error_of(format('SELECT %L::duty_history * %s', a, f)) LIKE '22003: % has more than eight decimals%') <>
	(SELECT bool_or(scale(trim_scale(v * f)) > 8) FROM slice AS s WHERE s.h = history.h)) AS differ, count(*) FILTER (WHERE (SELECT bool_or(scale(trim_scale(v * f)) > 8) FROM slice AS s WHERE s.h = history.h)) > 20 AS some_inexact
FROM history, unnest('{0.000001, 0.0000002, 0.5, 0.125, 1e-8, 2e-9, 0.00000000000000000000000000000000000005}'::numeric[]) AS f;
-- shifts: slices keep their day of the month
SELECT count(*) AS shifts, count(*) FILTER (WHERE s IS DISTINCT FROM (SELECT duty_history((date_trunc('month', d) + make_interval(months => n))::date + extract(day FROM d)::integer - 1, v) FROM slice WHERE slice.h = history.h)) AS differ,
	count(*) FILTER (WHERE shift_months(s, -n) <> a) AS not_back, count(*) FILTER (WHERE NOT pg_temp.canonical(s)) AS not_canonical
FROM history, unnest('{1, -1, 5, 12, -12, 120, -1200, 40000}'::integer[]) AS n, LATERAL (SELECT shift_months(a, n)) AS x (s);
-- spans: their total, and all parts of a history together are the history
CREATE TEMP TABLE cut AS SELECT (date_trunc('month', m)::date + c - 1) AS d FROM generate_series(date '2018-06-01', '2027-01-01', '1 month') AS m, unnest('{1,18,20,25}'::integer[]) AS c;
SELECT count(*) AS spans, count(*) FILTER (WHERE total_duties(b) <> total_duties(a, f, l) OR NOT pg_temp.canonical(b)
		OR b <> coalesce((SELECT duty_history(d, v) FROM slice AS s WHERE s.h = history.h AND d BETWEEN coalesce(f, '-infinity') AND coalesce(l, 'infinity')), '{}')) AS differ
FROM history, (SELECT nullif(c.d, '2018-06-01') AS f, nullif(e.d - 1, '2026-12-31') AS l FROM cut AS c JOIN cut AS e ON c.d < e.d WHERE hashint8extended(c.d - date '2000-01-01', (e.d - date '2000-01-01')::bigint) % 500 = 0) AS x, LATERAL (SELECT duties_between(a, f, l)) AS y (b);
SELECT count(*) AS histories, count(*) FILTER (WHERE parts <> a OR duty_history_send(parts) <> duty_history_send(a)) AS differ
FROM (SELECT h, a, rollup(duties_between(a, d, next - 1)) AS parts FROM history, (SELECT d, lead(d) OVER (ORDER BY d) AS next FROM cut WHERE hashint8extended(d - date '2000-01-01', 9) % 4 = 0 OR d = '2018-06-01' OR d = '2027-01-25') AS c WHERE next IS NOT NULL GROUP BY h, a) AS p;
-- as inputs to a moving and a parallel rollup
SELECT count(*) AS frames, count(*) FILTER (WHERE moved <> anew) AS differ
FROM (SELECT h, rollup(shift_months(a, h) * 2) OVER (ORDER BY h ROWS 3 PRECEDING) AS moved, (SELECT rollup(shift_months(b.a, b.h) + shift_months(b.a, b.h)) FROM history AS b WHERE b.h BETWEEN c.h - 3 AND c.h) AS anew FROM history AS c) AS r;
CREATE TABLE algebra_input AS SELECT h % 7 AS k, a FROM history, generate_series(1, 30);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE TEMP TABLE in_parallel AS SELECT k, rollup(duties_between(a, '2020-01-01', '2024-12-31') * 2) AS r FROM algebra_input GROUP BY k;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS keys, count(*) FILTER (WHERE p.r <> s.r) AS differ FROM in_parallel AS p JOIN (SELECT k, duties_between(rollup(a), '2020-01-01', '2024-12-31') * 2 AS r FROM algebra_input GROUP BY k) AS s USING (k);
DROP TABLE algebra_input;
-- what is refused
SELECT call, pg_temp.error_of('SELECT ' || call)
FROM unnest(ARRAY['''{2025-02-01:0.01}''::duty_history * 0.0000001', '''{2025-02-01:1}''::duty_history * numeric ''NaN''', 'numeric ''-Infinity'' * ''{}''::duty_history', '''{2025-02-01:1}''::duty_history * 1e31',
	'''{2025-02-01:1}''::duty_history * 1e300', '''{2025-02-01:100000000000000000000000000000}''::duty_history * 1234567',
	'''{2025-02-01:1}''::duty_history * 1234567890123456789012345678901234567890.5', 'shift_months(''{2025-02-01:1}'', 2147483647)', 'shift_months(''{2025-02-01:1}'', -2147483648)', 'shift_months(''{2025-02-01:1}'', -90000)',
	'duties_between(''{}'', ''2025-02-02'')', 'duties_between(''{}'', last_day => ''2025-02-18'')', 'duties_between(''{}'', ''2025-02-26'', ''2025-02-27'')', 'duties_between(''{}'', ''2025-03-01'', ''2025-02-17'')', 'duties_between(''{}'', ''-infinity'')'])
	WITH ORDINALITY AS c (call, n) ORDER BY n;
-- ... as the least factor there is, of anything
SELECT '{}'::duty_history * 1e-16000 AS of_nothing, left(pg_temp.error_of('SELECT ''{2025-02-01:1}''::duty_history * 1e-16000'), 25), right(pg_temp.error_of('SELECT ''{2025-02-01:1}''::duty_history * 1e-16000'), 100);

--
-- why does the portal say something else?
--
SELECT * FROM security_readings('{2025-03-01:30000,2025-10-18:5000,2025-11-20:52000,2026-08-25:8000,2026-11-01:61000}', 26000, '2026-11-26');
SELECT * FROM security_readings('{2025-03-01:30000}', 30000);
SELECT count(*) AS empty, (SELECT count(*) FROM security_readings(NULL, 1, '2026-11-26')) AS history, (SELECT count(*) FROM security_readings('{2025-01-01:1}', NULL, '2026-11-26')) AS amount FROM security_readings('{}', 1);
-- each is what the other functions read; none twice; the nearest first
CREATE TEMP TABLE reading AS
SELECT h, a, d, shown, t, r.*, row_number() OVER () AS n FROM history, unnest('{2021-06-15, 2025-10-18, 2025-10-19, 2026-02-28, 2027-01-15}'::date[]) AS d, unnest('{0, 12345.67}'::numeric[]) AS shown,
	unnest(ARRAY[NULL, security_terms(bond_rate => 0.4, deposit_maximum => 5000)]) AS t, LATERAL security_readings(a, shown, d, t) AS r;
SELECT count(*) AS readings, count(*) FILTER (WHERE required <> required_security(peak, form, t) OR difference <> required - shown) AS required_differ,
	count(*) FILTER (WHERE peak <> (SELECT greatest(0, max(owed)) FROM (SELECT sum(v) AS owed FROM slice AS s WHERE s.h = r.h AND s.d <@ reviewed GROUP BY duty_period(s.d, basis)) AS m)) AS peaks_differ
FROM reading AS r WHERE peak > 0;
SELECT count(*) AS asked, count(*) FILTER (WHERE wrong) AS wrong_windows, count(*) FILTER (WHERE rows <> 2 * ways) AS twice_or_missing, count(*) FILTER (WHERE NOT sorted) AS not_sorted
FROM (SELECT h, d, shown, t, count(*) AS rows, count(DISTINCT (basis, reviewed)) AS ways, bool_and(abs(difference) >= far) AS sorted,
		bool_or(upper(reviewed) - 1 > d AND NOT reviewed @> last_slice) AS wrong
	FROM (SELECT r.*, coalesce(lag(abs(difference)) OVER (PARTITION BY r.h, r.d, shown, t ORDER BY n), 0) AS far, (SELECT max(s.d) FROM slice AS s WHERE s.h = r.h) AS last_slice FROM reading AS r) AS x GROUP BY 1, 2, 3, 4) AS y;
-- the windows of the twelve months and of the last review, by each basis
SELECT d, basis, array_agg(DISTINCT reviewed ORDER BY reviewed) AS windows FROM reading WHERE h = 60 AND basis IN ('calendar', 'review') GROUP BY d, basis ORDER BY d, basis;
-- somebody has renamed a basis
BEGIN;
ALTER TYPE month_basis RENAME VALUE 'review' TO 'annual';
SELECT pg_temp.error_of('SELECT count(*) FROM security_readings(''{2025-03-01:30000}'', 30000)');
ROLLBACK;
