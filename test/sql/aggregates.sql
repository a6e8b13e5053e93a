--
-- Aggregates over rows and over histories, against plain SQL with exact numeric
--
SET datestyle = ISO;

\getenv test PG_ABS_SRCDIR
\i :test/lib/error_of.sql

-- how often a plan has a kind of node
CREATE FUNCTION pg_temp.nodes(statement text, kind text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found integer := 0;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || statement LOOP
		found := found + (line ~ kind)::integer;
	END LOOP;
	RETURN found;
END $$;

--
-- the rows: 61 accounts, three years and some; refunds, credits, NULLs, up to
-- eight decimals, accounts of huge sums, of sums past int4 cents, of nothing
--
CREATE TABLE raw (id integer, account integer, d date, a numeric) PARTITION BY HASH (account);
CREATE TABLE raw0 PARTITION OF raw FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE raw1 PARTITION OF raw FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE raw2 PARTITION OF raw FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO raw
SELECT id, account,
	CASE WHEN account = 60 OR id % 97 = 0 THEN NULL ELSE date '2022-12-15' + (s % 1170)::integer END,
	CASE WHEN account = 59 OR id % 89 = 0 THEN NULL
		WHEN account = 58 THEN - (r % 1000000) / 100.0
		WHEN account = 57 THEN ((r % 2000000000) - 900000000) / 100.0
		WHEN account = 56 THEN ((r % 2000000000) - 1000000000) * 100000000000000000.0
		WHEN id % 11 = 0 THEN - (r % 2000000) / 100.0
		WHEN account % 4 = 1 THEN (r % 10000000000) / 1000000.0
		WHEN account % 4 = 2 THEN (r % 1000000000000) / 100000000.0
		WHEN account % 4 = 3 THEN (r % 1000000) * 1000.0
		ELSE (r % 5000000) / 100.0 END
FROM generate_series(1, 30000) AS id,
	LATERAL (SELECT hashint8extended(id, 1) & 4611686018427387903, hashint8extended(id, 2) & 4611686018427387903,
		hashint8extended(id, 3) & 4611686018427387903) AS h (k, r, s),
	LATERAL (SELECT (k % 61)::integer) AS g (account);
CREATE TABLE owed AS SELECT * FROM raw WHERE d IS NOT NULL AND a IS NOT NULL;
ANALYZE raw;
ANALYZE owed;

-- the same questions in plain SQL
CREATE FUNCTION bond(peak numeric) RETURNS numeric IMMUTABLE STRICT
RETURN CASE WHEN peak = 0 THEN 0 ELSE least(10000000, greatest(5000, round(peak * 0.50, 2))) END;

CREATE FUNCTION cut(day date) RETURNS date IMMUTABLE
RETURN make_date(extract(year FROM day)::integer, extract(month FROM day)::integer,
	CASE WHEN extract(day FROM day) >= 25 THEN 25 WHEN extract(day FROM day) >= 20 THEN 20
		WHEN extract(day FROM day) >= 18 THEN 18 ELSE 1 END);

CREATE TABLE plain AS
SELECT account, peak, as_of, peak_as_of, history
FROM (SELECT DISTINCT account FROM owed) AS accounts,
	LATERAL (SELECT greatest(0, max(sum)) FROM (
		SELECT sum(a) FROM owed AS o WHERE o.account = accounts.account
		GROUP BY date_trunc('month', d)) AS s (sum)) AS p (peak),
	LATERAL (SELECT date '2025-01-28' + account % 8 * 30) AS w (as_of),
	LATERAL (SELECT coalesce(greatest(0, max(sum)), 0) FROM (
		SELECT sum(a) FROM owed AS o WHERE o.account = accounts.account
			AND d >= date_trunc('month', as_of + 1) - interval '12 months' AND d < date_trunc('month', as_of + 1)
		GROUP BY date_trunc('month', d)) AS s (sum)) AS pa (peak_as_of),
	LATERAL (SELECT ('{' || string_agg(cut || ':' || sum, ',' ORDER BY cut) || '}')::duty_history FROM (
		SELECT cut(d), sum(a) FROM owed AS o WHERE o.account = accounts.account GROUP BY cut(d)) AS s (cut, sum)) AS h (history);
SELECT count(*) AS accounts, min(peak), count(DISTINCT as_of) AS dates FROM plain;

CREATE VIEW answer AS
SELECT account, peak_monthly_duty(d, a) AS peak, peak_monthly_duty(d, a, as_of) AS peak_as_of,
	required_bond(d, a) AS bond, required_bond(d, a, as_of) AS bond_as_of,
	required_deposit(d, a) AS deposit, required_deposit(d, a, as_of) AS deposit_as_of,
	duty_history(d, a) AS history
FROM raw, LATERAL (SELECT date '2025-01-28' + account % 8 * 30) AS w (as_of)
GROUP BY account;

CREATE VIEW difference AS
SELECT count(*) AS groups, count(*) FILTER (WHERE p.account IS NULL) AS without_rows,
	count(*) FILTER (WHERE (answer.peak, answer.peak_as_of, answer.bond, answer.bond_as_of, answer.deposit, answer.deposit_as_of)
		IS DISTINCT FROM (p.peak, p.peak_as_of, bond(p.peak), bond(p.peak_as_of), round(p.peak, 2), round(p.peak_as_of, 2))) AS amounts_differ,
	count(*) FILTER (WHERE answer.history IS DISTINCT FROM p.history
		OR duty_history_send(answer.history) IS DISTINCT FROM duty_history_send(p.history)) AS histories_differ
FROM answer LEFT JOIN plain AS p USING (account);

-- serial, hashed and sorted
SET max_parallel_workers_per_gather = 0;
SELECT * FROM difference;
SET enable_hashagg = off;
SELECT * FROM difference;
RESET enable_hashagg;
SET work_mem = '64kB';
SELECT * FROM difference;
RESET work_mem;
-- in one group, and in none
SELECT peak_monthly_duty(d, a) = (SELECT max(sum) FROM (SELECT sum(a) FROM owed GROUP BY date_trunc('month', d)) AS s (sum)) AS peak,
	peak_monthly_duty(d, a, '2025-02-28') = (SELECT max(sum) FROM (SELECT sum(a) FROM owed
		WHERE d BETWEEN '2024-03-01' AND '2025-02-28' GROUP BY date_trunc('month', d)) AS s (sum)) AS peak_as_of
FROM raw;
SELECT peak_monthly_duty(d, a), peak_monthly_duty(d, a, '2025-01-01'), required_bond(d, a), required_bond(d, a, '2025-01-01'),
	required_deposit(d, a), required_deposit(d, a, '2025-01-01'), duty_history(d, a)
FROM raw WHERE account = 61;

-- parallel
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.nodes('SELECT * FROM answer', 'Partial') > 0 AS partial, pg_temp.nodes('SELECT * FROM answer', 'Finalize') > 0 AS finalized,
	pg_temp.nodes('SELECT * FROM answer', 'Gather') > 0 AS gathered;
SELECT * FROM difference;
SELECT pg_temp.nodes('SELECT duty_history(d, a), peak_monthly_duty(d, a), peak_monthly_duty(d, a, ''2025-02-28'') FROM raw', 'Partial') > 0 AS partial;
SELECT duty_history(d, a) = (SELECT duty_history(d, a) FROM owed) AS history, peak_monthly_duty(d, a) = (SELECT peak_monthly_duty(d, a ORDER BY a) FROM owed) AS peak,
	peak_monthly_duty(d, a, '2025-02-28') = (SELECT peak_monthly_duty(d, a, '2025-02-28' ORDER BY a) FROM owed) AS peak_as_of
FROM raw;

-- partitionwise, whole and partial
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.nodes('SELECT * FROM answer', 'Append') > 0 AS appended, pg_temp.nodes('SELECT * FROM answer', 'Aggregate') >= 3 AS each_partition;
SELECT * FROM difference;
SELECT pg_temp.nodes('SELECT date_trunc(''year'', d), duty_history(d, a) FROM raw GROUP BY 1', 'Partial') > 0 AS partial;
SELECT count(*) AS years, count(*) FILTER (WHERE (r.history, r.peak_as_of) IS DISTINCT FROM (o.history, o.peak_as_of)) AS differences
FROM (SELECT date_trunc('year', d) AS year, duty_history(d, a) AS history, peak_monthly_duty(d, a, '2025-02-28') AS peak_as_of FROM raw GROUP BY 1) AS r
	LEFT JOIN (SELECT date_trunc('year', d) AS year, duty_history(d, a ORDER BY id) AS history, peak_monthly_duty(d, a, '2025-02-28' ORDER BY id) AS peak_as_of
		FROM owed GROUP BY 1) AS o USING (year);
RESET enable_partitionwise_aggregate;

-- compiled
SET jit = on;
SET jit_above_cost = 0;
SET jit_inline_above_cost = 0;
SET jit_optimize_above_cost = 0;
SELECT * FROM difference;
RESET jit;
RESET jit_above_cost;
RESET jit_inline_above_cost;
RESET jit_optimize_above_cost;

-- FILTER, DISTINCT, ORDER BY
SELECT count(*) AS groups, count(*) FILTER (WHERE filtered IS DISTINCT FROM f) AS filter_differs,
	count(*) FILTER (WHERE once IS DISTINCT FROM u) AS distinct_differs, count(*) FILTER (WHERE NOT ordered) AS order_differs
FROM (SELECT account, peak_monthly_duty(d, a) FILTER (WHERE a > 0) AS filtered,
		peak_monthly_duty(DISTINCT d, round(a, -6)) AS once,
		duty_history(d, a ORDER BY a DESC, d) = duty_history(d, a ORDER BY d, a) AS ordered
	FROM raw GROUP BY account) AS r
LEFT JOIN (SELECT account, max(sum) AS f FROM (SELECT account, sum(a) FROM owed WHERE a > 0
		GROUP BY account, date_trunc('month', d)) AS s GROUP BY account) AS f USING (account)
LEFT JOIN (SELECT account, greatest(0, max(sum)) AS u FROM (SELECT account, sum(a) FROM (
		SELECT DISTINCT account, d, round(a, -6) AS a FROM owed) AS x
		GROUP BY account, date_trunc('month', d)) AS s GROUP BY account) AS u USING (account);
SELECT count(*) AS rows, count(DISTINCT (d, round(a, -6))) < count(*) AS some_repeat FROM owed WHERE account < 56;
RESET max_parallel_workers_per_gather;

--
-- rollup of histories, cut at random into parts
--
CREATE TABLE part AS SELECT account, id % (1 + account % 9) AS part, duty_history(d, a) AS h FROM raw GROUP BY 1, 2;
SELECT count(*) AS accounts, count(*) FILTER (WHERE duty_history_send(r.h) IS DISTINCT FROM duty_history_send(p.history)) AS differences
FROM (SELECT account, rollup(h) AS h FROM part GROUP BY account) AS r LEFT JOIN plain AS p USING (account);
SELECT count(*) AS accounts, count(*) FILTER (WHERE duty_history_send(r.h) IS DISTINCT FROM duty_history_send(p.history)) AS differences
FROM (SELECT account, rollup(h ORDER BY part DESC) AS h FROM part GROUP BY account) AS r LEFT JOIN plain AS p USING (account);
SELECT pg_temp.nodes('SELECT rollup(h) FROM part', 'Partial') > 0 AS partial,
	(SELECT rollup(h) FROM part) = (SELECT duty_history(d, a) FROM owed) AS all_of_it;
-- what is added to a history bit by bit, first or last, is the history of all it is made of
CREATE TEMPORARY TABLE bit AS
SELECT base, bits, n, h FROM unnest(ARRAY['2024-12-01:1250.25,2025-01-01:300,2025-02-25:17.5', '2025-01-01:100,2025-02-25:40',
		'2025-02-25:0.1', '', '2024-01-18:12345678901.12345678,2024-12-25:3', '-4000-01-01:1,2024-12-25:-90071992547409.91']) AS base,
	unnest(ARRAY['2025-02-25:1', '2025-02-25:-17.5', '2025-02-25:0.005', '2025-03-01:7.77', '2026-12-18:-0.01', '2024-12-01:-0.25', '2025-01-18:4',
		'2023-05-01:2', '2025-01-01:-100,2025-02-25:2', '2024-12-25:99999999999999999999', '2025-02-25:-0.1,9999-12-25:60', '']) AS bits,
	LATERAL (VALUES (1, base), (2, bits), (3, bits), (4, '2025-02-25:17.5')) AS part (n, h);
WITH rolled AS (
	SELECT base, bits, rollup(h ORDER BY n) AS first, rollup(h ORDER BY n DESC) AS last, rollup(h ORDER BY n = 2, n) AS between
	FROM (SELECT base, bits, n, replace('{' || h || '}', '-4000-01-01', '4001-01-01 BC')::duty_history AS h FROM bit) AS parts GROUP BY 1, 2),
counted AS (
	SELECT base, bits, duty_history(replace(substring(entry, '^(.*):'), '-4000-01-01', '4001-01-01 BC')::date, substring(entry, ':(.*)$')::numeric) AS h
	FROM bit, unnest(string_to_array(h, ',')) AS entry GROUP BY 1, 2)
SELECT count(*), count(*) FILTER (WHERE first = h) AS first, count(*) FILTER (WHERE last = h) AS last, count(*) FILTER (WHERE between = h) AS between,
	count(*) FILTER (WHERE duty_history_send(first) = duty_history_send(h)) AS bytes
FROM rolled JOIN counted USING (base, bits);
DROP TABLE bit;
SELECT rollup(h) AS no_rows FROM part WHERE false;
SELECT rollup(h) AS only_null, rollup(h) FILTER (WHERE h IS NOT NULL) AS filtered FROM (VALUES (NULL::duty_history)) AS v (h);
SELECT rollup(h) AS nothing_owed FROM (VALUES ('{}'::duty_history), (NULL), ('{}')) AS v (h);
SELECT rollup(h) AS cancelled FROM (VALUES ('{2025-02-01:1}'::duty_history), ('{2025-02-01:-1}')) AS v (h);

--
-- moving aggregates: every row of a sample, frames of every kind, by the
-- rows that the server's own array_agg sees in the frame
--
CREATE TABLE sample AS
SELECT row_number() OVER (ORDER BY id)::integer AS id, account, d, a, date '2023-01-01' + (id / 3 % 1000) AS day
FROM raw WHERE id % 60 = 0 OR account IN (59, 60) AND id % 7 = 0 OR account BETWEEN 55 AND 58 AND id % 20 = 0;
CREATE UNIQUE INDEX ON sample (id);
ANALYZE sample;

CREATE FUNCTION compare_frames(frame text, OUT rows bigint, OUT frames_without_rows bigint, OUT histories_differ bigint, OUT peaks_differ bigint,
	OUT peaks_as_of_differ bigint, OUT required_differ bigint, OUT rollups_differ bigint)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		SELECT count(*), count(*) FILTER (WHERE p.peak IS NULL),
			count(*) FILTER (WHERE m.history IS DISTINCT FROM p.history),
			count(*) FILTER (WHERE m.peak IS DISTINCT FROM p.peak),
			count(*) FILTER (WHERE m.peak_as_of IS DISTINCT FROM p.peak_as_of),
			count(*) FILTER (WHERE (m.bond, m.bond_as_of, m.deposit, m.deposit_as_of)
				IS DISTINCT FROM (bond(p.peak), bond(p.peak_as_of), round(p.peak, 2), round(p.peak_as_of, 2))),
			count(*) FILTER (WHERE m.rolled IS DISTINCT FROM p.history)
		FROM (SELECT array_agg(id) OVER w AS ids, duty_history(d, a) OVER w AS history, peak_monthly_duty(d, a) OVER w AS peak,
				peak_monthly_duty(d, a, '2024-12-31') OVER w AS peak_as_of,
				required_bond(d, a) OVER w AS bond, required_bond(d, a, '2024-12-31') OVER w AS bond_as_of,
				required_deposit(d, a) OVER w AS deposit, required_deposit(d, a, '2024-12-31') OVER w AS deposit_as_of,
				rollup(h) OVER w AS rolled
			FROM (SELECT *, CASE WHEN d IS NOT NULL AND a IS NOT NULL THEN ('{' || cut(d) || ':' || a || '}')::duty_history END AS h
				FROM sample) AS s
			WINDOW w AS (PARTITION BY id %% 4 %s)) AS m,
			LATERAL (SELECT CASE WHEN count(*) > 0 THEN greatest(0, max(sum)) END,
					CASE WHEN count(*) > 0 THEN greatest(0, max(sum) FILTER (WHERE month >= '2024-01-01' AND month < '2025-01-01')) END
				FROM (SELECT date_trunc('month', d), sum(a) FROM sample WHERE id = ANY (ids) AND d IS NOT NULL AND a IS NOT NULL
					GROUP BY 1) AS s (month, sum)) AS x (peak, peak_as_of),
			LATERAL (SELECT x.peak, x.peak_as_of,
				(SELECT ('{' || string_agg(cut || ':' || sum, ',' ORDER BY cut) || '}')::duty_history FROM (
					SELECT cut(d), sum(a) FROM sample WHERE id = ANY (ids) AND d IS NOT NULL AND a IS NOT NULL
					GROUP BY 1) AS s (cut, sum))) AS p (peak, peak_as_of, history)
	$query$, frame) INTO rows, frames_without_rows, histories_differ, peaks_differ, peaks_as_of_differ, required_differ, rollups_differ;
END $$;

SELECT frame, c.* FROM unnest(ARRAY[
	'ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
	'ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
	'ORDER BY id ROWS 3 PRECEDING',
	'ORDER BY id ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING',
	'ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 12 FOLLOWING',
	'ORDER BY id ROWS CURRENT ROW',
	'ORDER BY id ROWS BETWEEN 4 PRECEDING AND 4 FOLLOWING EXCLUDE CURRENT ROW',
	'ORDER BY day RANGE BETWEEN interval ''90 days'' PRECEDING AND CURRENT ROW',
	'ORDER BY day RANGE BETWEEN interval ''40 days'' PRECEDING AND interval ''5 days'' PRECEDING',
	'ORDER BY d DESC RANGE BETWEEN interval ''1 year'' PRECEDING AND interval ''1 month'' FOLLOWING',
	'ORDER BY d RANGE BETWEEN interval ''60 days'' PRECEDING AND interval ''60 days'' FOLLOWING EXCLUDE TIES',
	'ORDER BY account GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW',
	'ORDER BY account GROUPS BETWEEN 3 PRECEDING AND 2 PRECEDING',
	'ORDER BY account GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP']) WITH ORDINALITY AS f (frame, n),
	LATERAL compare_frames(frame) AS c ORDER BY n;

-- with FILTER, and where the frame's as-of date moves along with its rows
SELECT count(*) AS rows, count(*) FILTER (WHERE filtered IS DISTINCT FROM alone) AS differences
FROM (SELECT peak_monthly_duty(d, a) FILTER (WHERE a > 0) OVER w AS filtered,
		peak_monthly_duty(CASE WHEN a > 0 THEN d END, a) OVER w AS alone
	FROM sample WINDOW w AS (ORDER BY id ROWS 5 PRECEDING)) AS m;
SELECT n, peak_monthly_duty(d, a, as_of) OVER (ORDER BY n ROWS 1 PRECEDING)
FROM (VALUES (1, date '2025-01-01', 1.00, date '2025-02-28'), (2, NULL, 5, '2026-03-31'), (3, '2026-02-01', 6, '2026-03-31'),
	(4, '2026-03-31', NULL, NULL), (5, '2020-01-01', 7, NULL), (6, NULL, NULL, '2026-03-31')) AS v (n, d, a, as_of);

--
-- windows: the last 12 whole months that ended by the third argument
--
SELECT as_of, peak_monthly_duty(d, a, as_of) AS peak, string_agg(d::text, ' ' ORDER BY d) FILTER (WHERE alone > 0) AS counted
FROM unnest('{2025-02-27, 2025-02-28, 2025-03-01, 2025-03-30, 2025-03-31, 2024-02-28, 2024-02-29}'::date[]) AS as_of,
	(VALUES (date '2023-02-01', 1.00), ('2023-02-28', 2), ('2023-03-01', 4), ('2024-01-31', 8), ('2024-02-01', 16), ('2024-02-29', 32),
		('2024-03-01', 64), ('2025-01-31', 128), ('2025-02-01', 256), ('2025-02-28', 512), ('2025-03-31', 1024)) AS v (d, a),
	LATERAL (SELECT peak_monthly_duty(x.d, x.a, x.as_of) AS alone FROM (SELECT d, a, as_of OFFSET 0) AS x) AS one
GROUP BY as_of ORDER BY as_of;
-- rows that all lie outside owe nothing; no rows give NULL
SELECT peak_monthly_duty(d, 5, '2025-01-31'), required_bond(d, 5, '2025-01-31'), required_deposit(d, 5, '2025-01-31')
FROM unnest('{2024-01-31, 2025-02-01}'::date[]) AS d;
SELECT peak_monthly_duty(d, 5, '2025-01-31'), required_bond(d, 5, '2025-01-31'), required_deposit(d, 5, '2025-01-31')
FROM unnest('{NULL}'::date[]) AS d;
-- NULL in each argument
SELECT peak_monthly_duty(NULL::date, 5) AS no_date, peak_monthly_duty('2025-01-01', NULL::numeric) AS no_amount, peak_monthly_duty(NULL::date, 5, '2025-02-01') AS no_date_3,
	peak_monthly_duty('2025-01-01', NULL::numeric, '2025-02-01') AS no_amount_3, peak_monthly_duty('2020-01-01', 5, NULL) AS no_as_of,
	duty_history(NULL, 5) AS history_no_date, duty_history('2025-01-01', NULL) AS history_no_amount;
-- at the ends of what a date can hold
SELECT duty_history(d, 1) FROM unnest('{4714-11-24 BC, 5874897-12-31}'::date[]) AS d;
SELECT peak_monthly_duty(d, 1) AS peak, peak_monthly_duty(d, 1, '4714-11-24 BC') AS at_first, peak_monthly_duty(d, 1, '5874897-12-31') AS at_last
FROM unnest('{4714-11-24 BC, 5874897-12-31}'::date[]) AS d;
-- the largest amounts, and sums on the way to them
SELECT duty_history(d, a) FROM (VALUES (date '2025-02-01', 21474836.47), ('2025-02-17', 0.01), ('2025-02-18', -21474836.48), ('2025-02-19', -0.01)) AS v (d, a);
SELECT duty_history(d, a) FROM (VALUES (date '2025-02-01', 92233720368.54775807), ('2025-02-17', 0.00000001), ('2025-02-18', -92233720368.54775808), ('2025-02-19', -0.00000001)) AS v (d, a);
SELECT duty_history(d, a) FROM (VALUES (date '2025-02-01', 1701411834604692317316873037158.84105727), ('2025-02-17', -0.00000001), ('2025-02-17', 0.00000001)) AS v (d, a);
SELECT peak_monthly_duty('2025-02-01', 1701411834604692317316873037158.84105727);
SELECT duty_history(d, 0) AS zero, peak_monthly_duty(d, 0) AS peak, required_bond(d, 0) AS bond FROM unnest('{2025-01-01}'::date[]) AS d;
-- days of one slice, far apart from the next: a list, not a row; then dense again
SELECT duty_history(d, 1) FROM unnest('{0001-01-17, 0001-01-18, 2000-12-31, 9999-01-19, 0001-01-01, 5000000-06-06}'::date[]) AS d;
SELECT duty_history(date '0001-01-01' + n * 3655, 0.01) = rollup(('{' || cut(date '0001-01-01' + n * 3655) || ':0.01}')::duty_history ORDER BY n DESC) AS same,
	peak_monthly_duty(date '0001-01-01' + n * 3655, 0.01) AS peak, peak_monthly_duty(date '0001-01-01' + n % 31, 0.01) AS dense
FROM generate_series(0, 990) AS n;

--
-- what can't be counted is named
--
SELECT call, pg_temp.error_of('SELECT ' || call)
FROM unnest(ARRAY['duty_history(''2025-01-01'', 1.123456789)', 'duty_history(''2025-01-01'', ''NaN'')', 'duty_history(''2025-01-01'', ''Infinity'')',
	'duty_history(''2025-01-01'', ''-Infinity'')', 'duty_history(''2025-01-01'', 1e31)', 'duty_history(''2025-01-01'', -1e40)',
	'duty_history(''2025-01-01'', 1e-16)', 'duty_history(''2025-01-01'', 1701411834604692317316873037158.84105728)',
	'duty_history(''infinity'', 1)', 'duty_history(''-infinity'', 1)',
	'peak_monthly_duty(''2025-01-01'', 0.000000001)', 'peak_monthly_duty(''2025-01-01'', numeric ''NaN'')', 'peak_monthly_duty(''infinity'', 1)',
	'peak_monthly_duty(''2025-01-01'', 0.000000001, ''2025-02-01'')', 'peak_monthly_duty(''2025-01-01'', numeric ''NaN'', ''2025-02-01'')',
	'peak_monthly_duty(''-infinity'', 1, ''2025-02-01'')', 'peak_monthly_duty(''2025-01-01'', 1, ''infinity'')', 'peak_monthly_duty(''2025-01-01'', 1, ''-infinity'')',
	'required_bond(''2025-01-01'', ''-Infinity'')', 'required_deposit(''2025-01-01'', 1e-9, ''2025-02-01'')',
	-- what lies outside of the window is not looked at
	'peak_monthly_duty(''2024-01-01'', numeric ''NaN'', ''2025-02-01'')']) WITH ORDINALITY AS c (call, n) ORDER BY n;
-- ... nor is one that is too long to print here
SELECT left(pg_temp.error_of('SELECT ' || call), 60) FROM unnest('{"duty_history(''2025-01-01'', 1e131071)", "duty_history(''2025-01-01'', 1e-16383)"}'::text[]) AS call;
-- nine decimals that are all 0 are none
SELECT duty_history('2025-01-01', 1.500000000);
-- sums past what can be held
-- the error of an amount out of range names the ends: they are amounts, what is beyond them is none
SELECT amount, pg_temp.error_of(format('SELECT duty_history(''2025-01-01'', %s)', amount)) ~ 'out of range' AS refused,
	pg_temp.error_of(format('SELECT ''{2025-01-01:%s}''::duty_history', amount)) ~ 'out of range' AS refused_as_text
FROM regexp_matches(pg_temp.error_of($$SELECT duty_history('2025-01-01', 1e31)$$), '(-?\d+\.\d+)', 'g') AS ends,
	unnest(ARRAY[ends[1]::numeric, ends[1]::numeric + 0.00000001 * sign(ends[1]::numeric)]) AS amount ORDER BY amount;
SELECT pg_temp.error_of($$SELECT duty_history('2025-02-01', a) FROM unnest('{1701411834604692317316873037158.84105727, 0.00000001}'::numeric[]) AS a$$);
SELECT pg_temp.error_of($$SELECT peak_monthly_duty(d, 1701411834604692317316873037158) FROM unnest('{2025-02-01,2025-02-18}'::date[]) AS d$$);
SELECT pg_temp.error_of($$SELECT rollup(h) FROM unnest('{"{2025-02-01:1701411834604692317316873037158}", "{2025-02-01:1}"}'::duty_history[]) AS h$$);
-- one group has one as-of date
SELECT pg_temp.error_of($$SELECT peak_monthly_duty('2025-01-01', 1, as_of) FROM unnest('{2025-02-01, 2025-03-01}'::date[]) AS as_of$$);
SELECT pg_temp.error_of($$SELECT peak_monthly_duty('2025-01-01', 1, as_of) FROM unnest('{2025-02-01, NULL}'::date[]) AS as_of$$);
-- (these two mean one and the same window)
SELECT peak_monthly_duty('2025-01-01', 1, as_of) FROM unnest('{2025-02-01, 2025-02-27}'::date[]) AS as_of;
-- between workers too
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
SELECT left(pg_temp.error_of('SELECT peak_monthly_duty(d, a, d) FROM raw'), 70);
RESET max_parallel_workers_per_gather;

--
-- support functions are for aggregates
--
SELECT p.oid::regprocedure AS function, pg_temp.error_of(format('SELECT %s(%s)', p.oid::regproc,
	(SELECT string_agg('NULL::' || format_type(t, NULL), ', ') FROM unnest(proargtypes::oid[]) AS t))) AS with_nulls,
	pg_temp.error_of(format('SELECT %s(%s)', p.oid::regproc, (SELECT string_agg(CASE format_type(t, NULL)
		WHEN 'duty_history' THEN '''{2025-02-01:1}''' WHEN 'date' THEN '''2025-01-01''' ELSE '1' END || '::' || format_type(t, NULL), ', ')
	FROM unnest(proargtypes::oid[]) AS t))) AS with_values
FROM pg_proc AS p
WHERE prokind = 'f' AND p.oid IN (SELECT f.oid FROM pg_aggregate AS g JOIN pg_depend AS dep ON dep.objid = g.aggfnoid
		AND dep.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm') AND deptype = 'e',
	LATERAL unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggminvtransfn]::oid[]) AS f (oid))
	AND proname ~ 'duty|required|rollup'
ORDER BY p.oid::regprocedure::text COLLATE "C";

--
-- somebody's own aggregates with them
--
CREATE AGGREGATE from_nothing(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, INITCOND = '{}',
	FINALFUNC = duty_history_finalfn, COMBINEFUNC = duty_history_combinefn, PARALLEL = SAFE);
CREATE AGGREGATE from_a_deposit(date, numeric, date) (SFUNC = window_duty_transfn, STYPE = duty_history, INITCOND = '{2025-01-01:100}',
	FINALFUNC = peak_monthly_duty_finalfn,
	MSFUNC = window_duty_transfn, MINVFUNC = window_duty_invfn, MSTYPE = duty_history, MINITCOND = '{2025-01-01:100}', MFINALFUNC = peak_monthly_duty_finalfn);
-- what such a state is like inside shows nowhere
CREATE AGGREGATE unfinished(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history,
	MSFUNC = duty_history_transfn, MINVFUNC = duty_history_invfn, MSTYPE = duty_history);
CREATE AGGREGATE unfinished_months(date, numeric) (SFUNC = monthly_duty_transfn, STYPE = duty_history);
CREATE AGGREGATE slices_of_months(date, numeric) (SFUNC = monthly_duty_transfn, STYPE = duty_history, FINALFUNC = duty_history_finalfn);
CREATE AGGREGATE peak_of_slices(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, FINALFUNC = peak_monthly_duty_finalfn);

SELECT from_nothing(d, a) AS no_rows, from_a_deposit(d, a, '2025-02-01') AS deposit_only FROM raw WHERE false;
SELECT from_a_deposit('2025-01-02', a, '2025-02-01') FROM unnest('{1, 2.5, NULL}'::numeric[]) AS a;
SELECT n, from_a_deposit('2025-01-02', n, '2025-02-01') OVER (ORDER BY n ROWS 1 PRECEDING) FROM generate_series(1, 4) AS n;
CREATE TABLE state AS SELECT account, unfinished(d, a) AS h, unfinished_months(d, a) AS m FROM raw GROUP BY account;
ALTER TABLE state ALTER h SET STORAGE external;
INSERT INTO state SELECT 100 + account, unfinished(d, a), unfinished_months(d, a) FROM raw GROUP BY account;
CREATE INDEX ON state USING hash (h);
SELECT count(*) AS accounts, count(*) FILTER (WHERE s.h = p.history AND s.h >= p.history AND NOT s.h <> p.history AND duty_history_cmp(s.h, p.history) = 0) AS equal,
	count(*) FILTER (WHERE pg_column_size(s.h) <= length(duty_history_send(s.h)) + 4 AND pg_column_size(s.m) <= length(duty_history_send(s.m)) + 4) AS stored,
	count(*) FILTER (WHERE s.h::text = p.history::text AND duty_history_send(s.h) = duty_history_send(p.history)) AS printed,
	count(*) FILTER (WHERE duty_history_hash(s.h) = duty_history_hash(p.history) AND duty_history_hash_extended(s.h, 1) = duty_history_hash_extended(p.history, 1)) AS hashed,
	count(*) FILTER (WHERE s.h + p.history - s.h = p.history AND p.history - s.h = '{}' AND - s.h + p.history = '{}') AS added,
	count(*) FILTER (WHERE peak_monthly_duty(s.h) = p.peak AND required_security(s.h, 'surety_bond') = bond(p.peak) AND total_duties(s.h) = total_duties(p.history)
		AND peak_period(s.h) IS NOT DISTINCT FROM peak_period(p.history) AND (security_position(s.h, 1, 1)).peak = p.peak) AS read,
	count(*) FILTER (WHERE ARRAY(SELECT monthly_duties(s.h, 'review')::text) = ARRAY(SELECT monthly_duties(p.history, 'review')::text)
		AND ARRAY(SELECT security_timeline(s.h)::text) = ARRAY(SELECT security_timeline(p.history)::text)) AS listed,
	count(*) FILTER (WHERE peak_monthly_duty(s.m) = p.peak) AS months
FROM state AS s JOIN plain AS p ON p.account = s.account % 100;
SELECT rollup(h) + rollup(h) = (SELECT rollup(h) FROM state) AS all_of_it, rollup(h) = rollup(h ORDER BY account) AS any_order FROM state WHERE account < 100;
SELECT count(*) AS joined FROM state AS s JOIN plain AS p ON s.h = p.history;
SELECT count(DISTINCT h) = (SELECT count(DISTINCT history) FROM plain) AS distinct FROM state;
-- nor where another aggregate shares it, the final function only passes it on, or the frame moves
CREATE FUNCTION pass_on(duty_history) RETURNS duty_history LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE AGGREGATE passed_on(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, FINALFUNC = pass_on);
CREATE AGGREGATE kept_rollup(duty_history) (SFUNC = duty_history_combinefn, STYPE = duty_history);
SELECT max(pg_column_size(h)) = max(pg_column_size(g)) AND max(pg_column_size(h)) = max(pg_column_size(f)) AS same
FROM (SELECT duty_history(d, a) AS h, unfinished(d, a) AS g, passed_on(d, a) AS f FROM raw GROUP BY account) AS a;
SELECT pg_column_size(kept_rollup(history)) = pg_column_size(rollup(history)) AS same FROM plain;
SELECT max(pg_column_size(h)) < 40 AS same FROM (SELECT unfinished(date '2025-01-01' + n * 20, n) OVER (ORDER BY n ROWS 1 PRECEDING) AS h FROM generate_series(1, 40) AS n) AS a;
DROP AGGREGATE passed_on(date, numeric), kept_rollup(duty_history);
DROP FUNCTION pass_on;
-- ... or one that gives states is the final function
CREATE AGGREGATE taken_out(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, FINALFUNC = duty_history_invfn, FINALFUNC_EXTRA,
	MSFUNC = duty_history_transfn, MINVFUNC = duty_history_invfn, MSTYPE = duty_history, MFINALFUNC = duty_history_invfn, MFINALFUNC_EXTRA);
CREATE AGGREGATE combined(duty_history) (SFUNC = duty_history_combinefn, STYPE = duty_history, FINALFUNC = rollup_invfn, FINALFUNC_EXTRA);
SELECT max(pg_column_size(h)) = max(pg_column_size(t)) AS same FROM (SELECT duty_history(d, a) AS h, taken_out(d, a) AS t FROM raw GROUP BY account) AS a;
SELECT pg_column_size(combined(history)) = pg_column_size(rollup(history)) AS same FROM plain;
SELECT max(pg_column_size(h)) < 40 AS same FROM (SELECT taken_out(date '2025-01-01' + n * 20, n) OVER (ORDER BY n ROWS 1 PRECEDING) AS h FROM generate_series(1, 40) AS n) AS a;
DROP AGGREGATE taken_out(date, numeric), combined(duty_history);
-- ... or the function that combines states, or takes rows out, isn't one of ours
CREATE TABLE given (h duty_history);
CREATE FUNCTION combine(duty_history, duty_history) RETURNS duty_history LANGUAGE plpgsql
AS $$ BEGIN INSERT INTO given VALUES ($1), ($2); RETURN coalesce($1, '{}') + $2; END $$;
CREATE FUNCTION take_out(duty_history, date, numeric) RETURNS duty_history LANGUAGE plpgsql
AS $$ BEGIN INSERT INTO given VALUES ($1); RETURN $1 - duty_history($2, $3); END $$;
CREATE AGGREGATE combined(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, FINALFUNC = duty_history_finalfn, COMBINEFUNC = combine);
CREATE AGGREGATE taken_out(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history, FINALFUNC = duty_history_finalfn,
	MSFUNC = duty_history_transfn, MINVFUNC = take_out, MSTYPE = duty_history, MFINALFUNC = duty_history_finalfn);
CREATE TABLE halves (LIKE raw) PARTITION BY HASH (account);
CREATE TABLE half_1 PARTITION OF halves FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE half_2 PARTITION OF halves FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO halves TABLE raw;
SET enable_partitionwise_aggregate = on;
SELECT combined(d, a) = duty_history(d, a) AS combined FROM halves;
RESET enable_partitionwise_aggregate;
SELECT count(*) FROM given;
SELECT bool_and(h IS NOT DISTINCT FROM g) AS taken_out FROM (SELECT taken_out(d, 1) OVER w AS h, duty_history(d, 1) OVER w AS g
	FROM (SELECT date '2025-01-01' + 20 * n AS d FROM generate_series(1, 40) AS n) AS v WINDOW w AS (ORDER BY d ROWS 1 PRECEDING)) AS a;
SELECT count(*) FILTER (WHERE pg_column_size(h) > length(duty_history_send(h)) + 4) AS not_stored, count(*) FROM given;
DROP TABLE given, halves;
DROP AGGREGATE combined(date, numeric), taken_out(date, numeric);
DROP FUNCTION combine, take_out;
SELECT n, unfinished(date '2025-01-01' + n * 20, n) OVER (ORDER BY n ROWS 1 PRECEDING) FROM generate_series(1, 4) AS n;
-- ... beside a window function that is no aggregate
SELECT row_number() OVER w AS n, duty_history(d, a) OVER w AS counted, rollup(h) OVER w AS rolled
FROM (VALUES (date '2025-01-01', 1, '{2025-01-01:1}'::duty_history), ('2025-02-01', 2, '{2025-02-01:2}'), ('2025-03-01', 4, '{}')) AS v (d, a, h) WINDOW w AS (ORDER BY d ROWS 1 PRECEDING);
SELECT slices_of_months(d, a), peak_of_slices(d, a) FROM (VALUES (date '2025-01-31', 1), ('2025-01-18', 2), ('2025-02-28', 2)) AS v (d, a);
SELECT count(*) FILTER (WHERE a IS NOT DISTINCT FROM b) AS same, count(*) FROM (SELECT rollup(h) OVER w AS a, rollup(h + '{}') OVER w AS b FROM state
	WINDOW w AS (ORDER BY account ROWS 1 PRECEDING)) AS r;
-- a long row of cents that is worth its room only until an amount needs more
SELECT total_duties(duty_history((date '2000-01-01' + interval '2 months' * n)::date, CASE n WHEN 999 THEN 0.00000001 ELSE 1 END ORDER BY n))
FROM generate_series(0, 999) AS n;

-- the calendar begins within a month
SELECT d, unfinished_months(d, 1) AS months, slices_of_months(d, 1) AS slices, peak_of_slices(d, 1) AS peak
FROM unnest('{4714-11-24 BC,4714-12-01 BC,5874897-12-31}'::date[]) AS d GROUP BY d ORDER BY d;

DROP VIEW difference, answer;
DROP TABLE raw, owed, plain, part, sample, state;
DROP AGGREGATE from_nothing(date, numeric), from_a_deposit(date, numeric, date), unfinished(date, numeric), unfinished_months(date, numeric),
	slices_of_months(date, numeric), peak_of_slices(date, numeric);
DROP FUNCTION bond, cut, compare_frames;
