-- Requirements in force, positions under terms and what is unpaid, against plain
-- SQL over the rows of histories: entry (h, d, a), history (h, history, last). Each
-- row has totals, and counts of what differs, which are 0. What is unpaid is asked
-- of :some.
-- the first day of a period
CREATE FUNCTION pg_temp.start(d date, basis month_basis) RETURNS date IMMUTABLE
RETURN date_trunc('month', d - (CASE basis WHEN 'billing' THEN 17 WHEN 'statement' THEN 24 WHEN 'review' THEN 19 ELSE 0 END))::date
	+ (CASE basis WHEN 'billing' THEN 17 WHEN 'statement' THEN 24 WHEN 'review' THEN 19 ELSE 0 END);
CREATE FUNCTION pg_temp.later(d date, months integer) RETURNS date IMMUTABLE RETURN (d + make_interval(months => months))::date;
CREATE TEMP TABLE basis AS SELECT unnest(enum_range(NULL::month_basis)) AS basis;
CREATE TEMP TABLE month AS SELECT h, basis, pg_temp.start(d, basis) AS period, sum(a) AS owed FROM entry, basis GROUP BY 1, 2, 3;
CREATE INDEX ON month (h, basis, period);
CREATE TEMP TABLE first_month AS SELECT h, basis, min(period) AS first FROM month GROUP BY 1, 2;
CREATE TEMP TABLE since AS SELECT unnest('{2023-06-01, 2024-03-05, 2025-05-20, 2025-10-18, 2025-10-19, 2025-10-20, 2025-12-31, 2026-01-14, 2026-01-15, 2026-01-16, 2026-10-19, 2026-10-20, 2028-02-29}'::date[]) AS since;
-- what a day's look back over twelve periods finds
CREATE TEMP TABLE look AS
SELECT h, basis, close, last, (SELECT greatest(max(owed), 0) FROM month AS m WHERE m.h = g.h AND m.basis = g.basis AND period <= last AND period > pg_temp.later(last, -12)) AS owed,
	CASE WHEN first IS NULL THEN 0 ELSE greatest(0, least(12, (extract(year FROM last) - extract(year FROM first)) * 12 + extract(month FROM last) - extract(month FROM first) + 1)) END AS months
FROM (SELECT h, basis, close, pg_temp.later(pg_temp.start(close + 1, basis), -1) AS last FROM (SELECT h FROM history) AS i, basis,
	(SELECT since - 1 AS close FROM since UNION SELECT make_date(y, 10, 19) FROM generate_series(2025, 2031) AS y) AS c) AS g
	LEFT JOIN first_month USING (h, basis);
CREATE TEMP TABLE asked AS
SELECT row_number() OVER () AS id, h, basis, since, lowered, notified, projected, t AS step
FROM (SELECT h FROM history) AS i, basis, since, unnest('{f,t}'::boolean[]) AS lowered, unnest('{NULL,0,20000.005}'::numeric[]) AS notified, unnest('{NULL,12000}'::numeric[]) AS projected, unnest('{NULL,1000}'::numeric[]) AS t;
CREATE TEMP TABLE expected AS
SELECT id, n, daterange(first, lead(first) OVER w) AS in_force, daterange(pg_temp.later(last, -11), pg_temp.later(last, 1)) AS reviewed, found, close,
	CASE WHEN lowered THEN coalesce(notice, found) ELSE max(coalesce(notice, found)) OVER w END AS peak
FROM (SELECT id, n, lowered, c.first, c.close, l.last, CASE WHEN n = 0 THEN notified END AS notice,
		CASE WHEN months < 12 THEN greatest(coalesce(owed, 0), projected) ELSE coalesce(owed, 0) END AS found
	FROM asked AS a CROSS JOIN LATERAL (SELECT 0 AS n, since AS first, since - 1 AS close
			UNION ALL SELECT y - 2024, make_date(y + 1, 1, 15), make_date(y, 10, 19) FROM generate_series(2025, 2031) AS y WHERE make_date(y, 10, 19) >= since) AS c
		JOIN look AS l USING (h, basis, close)) AS f
WINDOW w AS (PARTITION BY id ORDER BY n);
CREATE TEMP TABLE found AS
SELECT id, a.h, a.since, a.basis, a.notified, a.projected, a.lowered, a.step, r.* FROM asked AS a JOIN history USING (h),
	LATERAL security_requirements(history, since, notified, basis, projected, lowered, CASE WHEN step IS NOT NULL THEN security_terms(bond_rate => 0.6, bond_step => step, deposit_maximum => 25000) END, '2032-01-14') AS r;
ANALYZE found, expected, month;
SELECT count(*) AS rows, count(*) FILTER (WHERE f.id IS NULL OR e.id IS NULL) AS more_or_less,
	count(*) FILTER (WHERE f.reviewed <> e.reviewed OR f.reviewed_peak <> e.found) AS reviewed_differ,
	count(*) FILTER (WHERE f.peak <> e.peak) AS peaks_differ,
	count(*) FILTER (WHERE f.required_bond <> CASE WHEN e.peak = 0 THEN 0 WHEN step IS NULL THEN least(10000000, greatest(5000, round(e.peak / 2, 2)))
		ELSE least(10000000, greatest(5000, ceil(e.peak * 0.6 / step) * step)) END
		OR f.required_deposit <> CASE WHEN step IS NULL THEN round(e.peak, 2) ELSE least(25000, round(e.peak, 2)) END) AS required_differ,
	count(*) FILTER (WHERE f.forecast <> (n > 0 AND coalesce(close > CASE WHEN extract(day FROM last) < 18 THEN date_trunc('month', last)::date + 16
		WHEN extract(day FROM last) < 20 THEN date_trunc('month', last)::date + 18 WHEN extract(day FROM last) < 25 THEN date_trunc('month', last)::date + 23
		ELSE (date_trunc('month', last) + interval '1 month - 1 day')::date END, true))) AS forecasts_differ
FROM found AS f FULL JOIN expected AS e ON (f.id, f.in_force) = (e.id, coalesce(nullif(e.in_force, daterange(lower(e.in_force), NULL)), daterange(lower(e.in_force), '2033-01-15')))
	LEFT JOIN history USING (h)
WHERE lower(e.in_force) IS DISTINCT FROM '2032-01-15' OR f.id IS NOT NULL;
-- the spans tile, from since on, and the peak falls only where that was asked for
SELECT count(*) AS spans, count(*) FILTER (WHERE lower(in_force) <> coalesce(before, since)) AS gaps_or_overlaps, count(*) FILTER (WHERE peak < peak_before AND NOT lowered) AS fallen,
	count(*) FILTER (WHERE peak < peak_before AND lowered) > 1000 AS many_lowered
FROM (SELECT *, lag(upper(in_force)) OVER w AS before, lag(peak) OVER w AS peak_before FROM found WINDOW w AS (PARTITION BY id ORDER BY in_force)) AS f;
-- the period found is the latest that owed the peak
SELECT count(*) AS spans, count(reviewed_period) > 5000 AS many, count(*) FILTER (WHERE reviewed_period IS DISTINCT FROM (SELECT daterange(period, pg_temp.later(period, 1)) FROM month AS m
	WHERE m.h = f.h AND m.basis = f.basis AND owed = reviewed_peak AND reviewed @> period AND reviewed_peak > 0 ORDER BY period DESC LIMIT 1)) AS differ
FROM found AS f WHERE projected IS NULL AND step IS NULL;
-- on any day, by itself
SELECT count(*) AS days, count(*) FILTER (WHERE peak_in_force(history, d, since, notified, basis, projected, lowered) IS DISTINCT FROM peak) AS differ
FROM found JOIN history USING (h), LATERAL (VALUES (lower(in_force)), (lower(in_force) + id::integer % 70), (upper(in_force) - 1)) AS v (d) WHERE step IS NULL AND in_force @> d;
-- without an end: the last row, and no other, is of a review that finds nothing where the history has nothing behind it
SELECT count(*) AS rows, count(*) FILTER (WHERE n > 1 AND (reviewed_peak = 0 AND last_month IS NULL OR reviewed_peak = 0 AND upper(reviewed) > last_month) <> (n = rows)) AS differ
FROM (SELECT r.*, last_month, row_number() OVER (PARTITION BY id ORDER BY in_force) AS n, count(*) OVER (PARTITION BY id) AS rows
	FROM asked AS a JOIN history USING (h) LEFT JOIN (SELECT h, basis, max(period) AS last_month FROM month GROUP BY 1, 2) AS m USING (h, basis),
		LATERAL security_requirements(history, since, notified, basis, NULL, lowered) AS r WHERE step IS NULL AND projected IS NULL) AS f;

--
-- the position against a notified peak, and under terms with steps
--
CREATE TEMP TABLE term (t integer, bond_rate numeric, bond_minimum numeric, bond_maximum numeric, bond_step numeric, deposit_rate numeric, deposit_minimum numeric, deposit_maximum numeric);
INSERT INTO term VALUES (0, 0.5, 5000, 10000000, NULL, 1, 0, 'Infinity'), (1, 0.5, 25000, 1000000, 1000, 1, 0, 'Infinity'), (2, 0.333, 0, 'Infinity', 7.35, 0.75, 100, 50000),
	(3, 1, 0, 'Infinity', NULL, 0.97, 0, 'Infinity'), (4, 0, 500, 500, NULL, 0.3, 0, 40000), (5, 0.5, 0, 20000, 0.01, 0.12345678, 1000, 'Infinity');
-- what a deposit is worth beside a bond; what is covered; in numeric's own arithmetic
CREATE FUNCTION pg_temp.bond(t term, peak numeric) RETURNS numeric IMMUTABLE RETURN CASE WHEN peak <= 0 THEN 0 ELSE least(t.bond_maximum, greatest(t.bond_minimum,
	CASE WHEN t.bond_step IS NULL THEN round(peak * t.bond_rate, 2) ELSE ceil(round(peak * t.bond_rate / t.bond_step, 30)) * t.bond_step END)) END;
CREATE FUNCTION pg_temp.deposit(t term, peak numeric) RETURNS numeric IMMUTABLE RETURN CASE WHEN peak <= 0 THEN 0 ELSE least(t.deposit_maximum, greatest(t.deposit_minimum, round(peak * t.deposit_rate, 2))) END;
CREATE FUNCTION pg_temp.worth(t term, deposit numeric) RETURNS numeric IMMUTABLE RETURN CASE WHEN deposit < t.deposit_minimum THEN 0 WHEN deposit >= t.deposit_maximum THEN 1e20
	ELSE trunc(round(deposit / t.deposit_rate, 30), 8) END;
CREATE FUNCTION pg_temp.covered(t term, bond numeric, deposit numeric, peak numeric) RETURNS boolean IMMUTABLE
RETURN pg_temp.deposit(t, peak) <= deposit OR pg_temp.bond(t, peak - pg_temp.worth(t, deposit)) <= bond;
-- each history by one basis
CREATE TEMP TABLE position AS
SELECT t, h, as_of, basis, notified, history, terms, b, c, p.*, coalesce(notified, peak) AS held,
	coalesce(notified, (SELECT greatest(max(owed), 0) FROM month AS m WHERE m.h = i.h AND m.basis = x.basis AND period < lower(current_period) AND period > pg_temp.later(lower(current_period), -12))) AS next
FROM term AS t, history AS i, unnest('{2024-06-30, 2025-03-17, 2026-11-26}'::date[]) AS as_of, unnest('{NULL, 0, 0.015, 19999.99, 52000, 123456.78}'::numeric[]) AS notified,
	(VALUES (0.00, 0.00), (0, 99.99), (0, 30000), (5000, 0), (19999.99, 0), (26000, 100), (26001.5, 20000.01), (499.99, 0), (1000000, 0)) AS v (b, c),
	LATERAL (SELECT security_terms(bond_rate, bond_minimum, bond_maximum, bond_step, deposit_rate, deposit_minimum, deposit_maximum)) AS s (terms),
	LATERAL (SELECT (enum_range(NULL::month_basis))[1 + h % 4] AS basis) AS x,
	LATERAL security_position(history, b, c, as_of, basis, notified_peak => notified, terms => terms) AS p;
SELECT t, count(*) AS positions, count(*) FILTER (WHERE required_bond <> pg_temp.bond(term, peak) OR required_deposit <> pg_temp.deposit(term, peak)) AS required_differ,
	count(*) FILTER (WHERE status <> CASE WHEN held = 0 THEN 'none required' WHEN pg_temp.covered(term, b, c, held) THEN 'covered' WHEN b = 0 AND c = 0 THEN 'none posted' ELSE 'short' END) AS status_differs,
	count(*) FILTER (WHERE NOT pg_temp.covered(term, b + shortfall_bond, c, held) OR shortfall_bond > 0 AND pg_temp.covered(term, b + shortfall_bond - 0.01, c, held)) AS bond_not_tight,
	count(*) FILTER (WHERE NOT pg_temp.covered(term, b, c + shortfall_deposit, held) OR shortfall_deposit > 0 AND pg_temp.covered(term, b, c + shortfall_deposit - 0.01, held)) AS deposit_not_tight,
	count(*) FILTER (WHERE NOT pg_temp.covered(term, b, c, coalesce(covered_peak, 1e15)) OR covered_peak IS NOT NULL AND pg_temp.covered(term, b, c, covered_peak + 0.01)) AS covered_not_tight,
	count(*) FILTER (WHERE headroom > 0 AND NOT pg_temp.covered(term, b, c, greatest(next, current_duties + headroom)) OR headroom IS NOT NULL AND pg_temp.covered(term, b, c, greatest(next, current_duties + headroom + 0.01))) AS headroom_not_tight,
	count(*) FILTER (WHERE (headroom IS NULL) <> (covered_peak IS NULL) OR scale(trim_scale(headroom + covered_peak)) > 2) AS wrong_kind,
	count(*) FILTER (WHERE headroom > 0) AS positive
FROM position JOIN term USING (t) GROUP BY t ORDER BY t;
-- by the extension's own word, once the period has ended
SELECT count(*) AS positions, count(*) FILTER (WHERE s0.status NOT IN ('covered', 'none required')) AS not_covered, count(*) FILTER (WHERE s1.status NOT IN ('short', 'none posted')) AS still_covered
FROM position AS p, LATERAL (SELECT ('{' || lower(p.current_period) || ':' || p.headroom || '}')::duty_history, ('{' || lower(p.current_period) || ':' || p.headroom + 0.01 || '}')::duty_history) AS x (x0, x1),
	LATERAL (SELECT coalesce(history, '{}') + x0, coalesce(history, '{}') + x1) AS l (h0, h1), LATERAL (SELECT upper(p.current_period) - 1) AS e (ends),
	LATERAL security_position(h0, b, c, ends, basis, notified_peak => greatest(notified, peak_monthly_duty(h0, ends, basis, 1)), terms => terms) AS s0,
	LATERAL security_position(h1, b, c, ends, basis, notified_peak => greatest(notified, peak_monthly_duty(h1, ends, basis, 1)), terms => terms) AS s1
WHERE p.headroom > 0 AND notified IS NOT NULL;
-- the timeline under terms, and without them
SELECT count(*) AS rows, count(*) FILTER (WHERE required_bond <> pg_temp.bond(term, peak) OR required_deposit <> pg_temp.deposit(term, peak)) AS differ
FROM term, history, LATERAL security_timeline(history, until => '2027-12-31', terms => security_terms(bond_rate, bond_minimum, bond_maximum, bond_step, deposit_rate, deposit_minimum, deposit_maximum)) AS l;

--
-- streams: every day of eight years
--
CREATE TEMP TABLE stream AS SELECT s AS stream, s IN ('courier_low_value', 'csa_option_1', 'continuous_transmission') AS by_month FROM unnest(enum_range(NULL::billing_stream)) AS s;
-- the tenth weekday after the 17th of each month, counted
CREATE TEMP TABLE due AS
SELECT m::date AS month, (SELECT d::date FROM generate_series(m + interval '17 days', m + interval '40 days', '1 day') AS d WHERE extract(isodow FROM d) < 6 ORDER BY d OFFSET 9 LIMIT 1) AS due
FROM generate_series(date '2022-01-01', '2032-01-01', '1 month') AS m;
CREATE TEMP TABLE billing AS
SELECT stream, by_month, p.period, month AS statement_month, due FROM stream, due, LATERAL (SELECT CASE WHEN by_month THEN pg_temp.later(month, -1) ELSE pg_temp.later(month, -1) + 17 END AS period) AS p;
SELECT stream, count(*) AS days, count(*) FILTER (WHERE billing_period(d, stream) <> daterange(b.period, pg_temp.later(b.period, 1))) AS periods_differ,
	count(*) FILTER (WHERE statement_date(d, stream) <> statement_month + 24) AS statements_differ, count(*) FILTER (WHERE payment_due(d, stream) <> due) AS due_differ
FROM generate_series(date '2022-01-01', '2029-12-31', '1 day') AS g (day), LATERAL (SELECT day::date) AS x (d), billing AS b WHERE d >= b.period AND d < pg_temp.later(b.period, 1)
GROUP BY stream ORDER BY stream;
SELECT count(*) AS days, count(*) FILTER (WHERE accounting_due(d, '{2026-01-05}', 'courier_low_value') <> date_trunc('month', d + interval '1 month')::date + 23) AS low_value_differ,
	count(*) FILTER (WHERE accounting_due(d, stream => 'commercial') <> accounting_due(d)) AS commercial_differ
FROM generate_series(date '2022-01-01', '2029-12-31', '1 day') AS g (day), LATERAL (SELECT day::date) AS x (d);

-- what is unpaid at the close of every day around the 17th, 18th, 25th and the due days, by the day
CREATE TEMP TABLE day AS
SELECT h, stream, d FROM history, stream, generate_series(date '2024-01-01', '2027-06-30', '1 day') AS g (day), LATERAL (SELECT day::date) AS x (d)
WHERE h IN (:some) AND (extract(day FROM d) IN (1, 16, 17, 18, 19, 24, 25, 26) OR d IN (SELECT due + i FROM due, generate_series(-1, 1) AS i));
CREATE TEMP TABLE unpaid AS
SELECT h, stream, d, lower(o.period) AS period, upper(o.period) AS next, statement_date, payment_due, duties, ended FROM day JOIN history USING (h), LATERAL duties_outstanding(history, d, stream) AS o;
ANALYZE unpaid, billing, day, entry;
SELECT stream, count(u.duties) AS rows, count(*) FILTER (WHERE u.duties IS NULL OR e.owed IS NULL) AS more_or_less,
	count(*) FILTER (WHERE u.next <> pg_temp.later(period, 1) OR u.statement_date <> statement_month + 24 OR u.payment_due <> due OR u.ended <> (pg_temp.later(period, 1) <= d + 1)) AS dates_differ,
	count(*) FILTER (WHERE u.duties <> e.owed) AS duties_differ, count(*) FILTER (WHERE u.duties <> 0) > 100 AS some_owed
FROM unpaid AS u FULL JOIN (SELECT h, stream, d, period, statement_month, due, (SELECT coalesce(sum(a), 0) FROM entry WHERE entry.h = day.h AND entry.d >= b.period AND entry.d < pg_temp.later(b.period, 1)) AS owed
	FROM day JOIN billing AS b USING (stream) WHERE b.period <= d AND due > d) AS e USING (h, stream, d, period)
GROUP BY stream ORDER BY stream;
-- together: the position's outstanding
SELECT count(*) AS days, count(*) FILTER (WHERE outstanding <> (SELECT sum(duties) FROM duties_outstanding(history, d))) AS differ,
	count(*) FILTER (WHERE outstanding <> (SELECT sum(duties) FROM unpaid AS u WHERE (u.h, u.stream, u.d) = (day.h, day.stream, day.d))) AS rows_differ
FROM day JOIN history USING (h), LATERAL security_position(history, 1, 1, d, 'review') WHERE stream = 'commercial';
-- the same in each basis, and over a window that begins after what is unpaid
SELECT count(*) AS days, count(*) FILTER (WHERE outstanding <> owed) AS differ
FROM day JOIN history USING (h), LATERAL (SELECT sum(duties) FROM duties_outstanding(history, d)) AS o (owed), unnest(enum_range(NULL::month_basis)) AS b, unnest('{1,2}'::integer[]) AS m,
	LATERAL security_position(history, 1, 1, d, b, m) WHERE stream = 'commercial';
