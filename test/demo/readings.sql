-- What is read from the sample broker's histories, against plain SQL over its
-- declarations: every account by every basis, as of the days on and around each
-- cut of months that matter. Prints "ok - name: comparisons" or "not ok - …".

SET jit = off;
SET work_mem = '64MB';

CREATE FUNCTION pg_temp.same(compared bigint, differ bigint, at_least bigint, name text) RETURNS text
LANGUAGE sql
RETURN CASE WHEN differ = 0 AND compared >= at_least THEN 'ok - ' ELSE 'not ok - ' END || name || ': '
	|| to_char(compared, 'FM999,999,999') || ' comparisons' || CASE WHEN differ > 0 THEN ', ' || differ || ' differ' ELSE '' END;

-- The first day of the period around a day, and of the one some months later.
CREATE FUNCTION pg_temp.period(day date, start integer) RETURNS date IMMUTABLE
RETURN (date_trunc('month', (day - (start - 1))::timestamp))::date + (start - 1);
CREATE FUNCTION pg_temp.later(period date, months integer) RETURNS date IMMUTABLE
RETURN (period + months * interval '1 month')::date;

-- What a peak requires as a bond, and whether bond and deposit cover it.
CREATE FUNCTION pg_temp.bond(peak numeric) RETURNS numeric IMMUTABLE
RETURN CASE WHEN peak <= 0 THEN 0 ELSE least(10000000, greatest(5000, round(peak * 0.50, 2))) END;
CREATE FUNCTION pg_temp.covered(bond numeric, deposit numeric, peak numeric) RETURNS boolean IMMUTABLE
RETURN round(greatest(peak, 0), 2) <= deposit OR pg_temp.bond(peak - deposit) <= bond;

CREATE TEMP TABLE basis (basis month_basis, start integer);
INSERT INTO basis VALUES ('calendar', 1), ('billing', 18), ('statement', 25), ('review', 20);

-- sums by slice of month, and by period: gapless, with the first and the last
-- in which a slice owes something, be it less than nothing
CREATE TEMP TABLE slice AS
SELECT account, make_date(extract(year FROM release_date)::integer, extract(month FROM release_date)::integer, cut) AS slice, sum(total) AS owed
FROM declarations, LATERAL (SELECT max(c) FROM unnest('{1,18,20,25}'::integer[]) AS c WHERE c <= extract(day FROM release_date)) AS m (cut)
WHERE is_last
GROUP BY 1, 2;
CREATE INDEX ON slice (account, slice);

CREATE TEMP TABLE month AS
WITH sums AS (
	SELECT account, basis, start, pg_temp.period(slice, start) AS period, sum(owed) AS owed, bool_or(owed <> 0) AS known
	FROM slice, basis
	GROUP BY 1, 2, 3, 4),
span AS (
	SELECT account, basis, start, min(period) FILTER (WHERE known) AS first, max(period) FILTER (WHERE known) AS last,
		max(period) FILTER (WHERE owed > 0) AS last_in_debt
	FROM sums
	GROUP BY 1, 2, 3)
SELECT span.*, p::date AS period, coalesce(owed, 0) AS owed
FROM span
CROSS JOIN LATERAL generate_series(date '2020-01-01' + (start - 1), timestamp '2028-03-01', '1 month') AS p
LEFT JOIN sums ON sums.account = span.account AND sums.basis = span.basis AND sums.period = p;

-- the peaks of windows that end with a period: the highest, of those the latest
CREATE TEMP TABLE peak AS
SELECT account, basis, start, period, months, greatest(top[1], 0) AS peak,
	CASE WHEN top[1] > 0 THEN daterange(date '2000-01-01' + top[2]::integer, pg_temp.later(date '2000-01-01' + top[2]::integer, 1)) END AS peak_period
FROM (SELECT account, basis, start, period,
		max(month) OVER (w ROWS CURRENT ROW), max(month) OVER (w ROWS 10 PRECEDING), max(month) OVER (w ROWS 11 PRECEDING), max(month) OVER (w ROWS 29 PRECEDING)
	  FROM (SELECT *, ARRAY[owed, period - date '2000-01-01'] AS month FROM month) AS m
	  WINDOW w AS (PARTITION BY account, basis ORDER BY period)) AS m (account, basis, start, period, m1, m11, m12, m30),
	LATERAL (VALUES (1, m1), (11, m11), (12, m12), (30, m30)) AS v (months, top);
CREATE UNIQUE INDEX ON peak (account, basis, months, period);
ANALYZE slice, month, peak;

-- the days: on and around the cuts of Februaries, year ends, and the last months
CREATE TEMP TABLE day AS
SELECT first + cut - 1 + n AS as_of
FROM unnest('{2022-10-01,2023-02-01,2024-02-01,2024-03-01,2025-02-01,2025-10-01,2026-01-01,2026-10-01,2026-11-01,2027-03-01}'::date[]) AS first,
	unnest('{1,18,20,25}'::integer[]) AS cut, generate_series(-1, 1) AS n;

SELECT pg_temp.same(4 * count(*), count(*) FILTER (WHERE peak_monthly_duty(history, as_of, p.basis, months) IS DISTINCT FROM peak)
		+ count(*) FILTER (WHERE peak_period(history, as_of, p.basis, months) IS DISTINCT FROM peak_period)
		+ count(*) FILTER (WHERE required_security(history, 'surety_bond', as_of, p.basis, months) IS DISTINCT FROM pg_temp.bond(peak))
		+ count(*) FILTER (WHERE required_security(history, 'cash_deposit', as_of, p.basis, months) IS DISTINCT FROM peak), 1000000,
	'peak_monthly_duty, peak_period, required_security')
FROM day CROSS JOIN basis
JOIN peak AS p ON p.basis = basis.basis AND p.period = pg_temp.later(pg_temp.period(as_of + 1, basis.start), -1)
JOIN duty_histories USING (account);

-- positions with what is posted today, and the projections of new importers
CREATE TEMP TABLE position AS
SELECT w.*, p.*, coalesce(s.bond, 0) AS bond, coalesce(s.deposit, 0) AS deposit, a.projected_monthly AS projected
FROM (SELECT day.as_of, p.account, p.basis, u.until, p.peak AS owed_peak, p.peak_period AS owed_period, n.peak AS next_peak, m.owed AS current,
		greatest(0, (extract(year FROM u.until) - extract(year FROM m.first)) * 12 + extract(month FROM u.until) - extract(month FROM m.first)) AS known
	  FROM day CROSS JOIN basis
	  CROSS JOIN LATERAL (SELECT pg_temp.period(as_of + 1, start) AS until) AS u
	  JOIN peak AS p ON p.basis = basis.basis AND p.months = 12 AND p.period = pg_temp.later(u.until, -1)
	  JOIN peak AS n ON n.account = p.account AND n.basis = p.basis AND n.months = 11 AND n.period = p.period
	  JOIN month AS m ON m.account = p.account AND m.basis = p.basis AND m.period = u.until) AS w
JOIN duty_histories AS h USING (account)
JOIN accounts AS a USING (account)
LEFT JOIN (SELECT account, sum(amount) FILTER (WHERE form = 'surety_bond') AS bond, sum(amount) FILTER (WHERE form = 'cash_deposit') AS deposit
		   FROM securities WHERE term @> date '2026-11-20' GROUP BY account) AS s USING (account),
	LATERAL security_position(h.history, s.bond, s.deposit, w.as_of, w.basis, projected_monthly => a.projected_monthly) AS p;
CREATE TEMP TABLE expected AS
SELECT p.*, CASE WHEN counts THEN projected ELSE owed_peak END AS xpeak, counts
FROM position AS p, LATERAL (SELECT coalesce(known < 12 AND projected > owed_peak, false) AS counts) AS c;
SELECT pg_temp.same(12 * count(*),
	count(*) FILTER (WHERE (peak, required_bond, required_deposit, posted_bond, posted_deposit, current_duties)
		IS DISTINCT FROM (xpeak, pg_temp.bond(xpeak), xpeak, bond, deposit, current))
	+ count(*) FILTER (WHERE (peak_period, current_period)
		IS DISTINCT FROM (CASE WHEN NOT counts THEN owed_period END, daterange(until, pg_temp.later(until, 1))))
	+ count(*) FILTER (WHERE estimated <> counts OR months_of_history <> least(known, 12))
	+ count(*) FILTER (WHERE status <> CASE WHEN xpeak = 0 THEN 'none required' WHEN pg_temp.covered(bond, deposit, xpeak) THEN 'covered'
		WHEN bond = 0 AND deposit = 0 THEN 'none posted' ELSE 'short' END)
	+ count(*) FILTER (WHERE (shortfall_bond > 0) <> (status IN ('short', 'none posted')) OR (shortfall_deposit > 0) <> (shortfall_bond > 0)),
	1000000, 'security_position')
FROM expected;
SELECT pg_temp.same(2 * count(*), count(*) FILTER (WHERE NOT pg_temp.covered(bond + shortfall_bond, deposit, peak) OR pg_temp.covered(bond + shortfall_bond - 0.01, deposit, peak))
	+ count(*) FILTER (WHERE NOT pg_temp.covered(bond, deposit + shortfall_deposit, peak) OR pg_temp.covered(bond, deposit + shortfall_deposit - 0.01, peak)),
	10000, 'security_position: what is missing is enough, a cent less is not')
FROM expected WHERE shortfall_bond > 0;
SELECT pg_temp.same(2 * count(*), count(*) FILTER (WHERE headroom > 0 AND NOT pg_temp.covered(bond, deposit, greatest(before, current + headroom)))
	+ count(*) FILTER (WHERE CASE WHEN pg_temp.covered(bond, deposit, 1e15) THEN headroom IS NOT NULL
		ELSE headroom IS NULL OR headroom < 0 OR pg_temp.covered(bond, deposit, greatest(before, current + headroom + 0.01)) END),
	100000, 'security_position: headroom leaves it covered, a cent more does not; none where any month is covered')
FROM expected, LATERAL (SELECT CASE WHEN known + 1 < 12 THEN greatest(next_peak, projected) ELSE next_peak END AS before) AS b;

-- rows
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE m.owed IS DISTINCT FROM d.duties), 30000, 'monthly_duties')
FROM (SELECT account, basis, period, owed FROM month WHERE period BETWEEN first AND last) AS m
FULL JOIN (SELECT account, basis, lower(period) AS period, duties FROM duty_histories, basis, monthly_duties(history, basis)) AS d USING (account, basis, period);
SELECT pg_temp.same(4 * count(*), count(*) FILTER (WHERE (e.owed, e.peak, pg_temp.bond(e.peak), e.peak) IS DISTINCT FROM (t.duties, t.peak, t.required_bond, t.required_deposit))
	+ count(*) FILTER (WHERE e.peak_period IS DISTINCT FROM t.peak_period), 150000, 'security_timeline, with its forecast')
FROM (SELECT account, basis, period, owed, peak, peak_period
	  FROM month JOIN peak USING (account, basis, period)
	  WHERE months = 12 AND period BETWEEN first AND greatest(last, pg_temp.later(last_in_debt, 12))) AS e
FULL JOIN (SELECT account, basis, lower(period) AS period, duties, peak, peak_period, required_bond, required_deposit
		   FROM duty_histories, basis, security_timeline(history, basis)) AS t USING (account, basis, period);
SELECT pg_temp.same(3 * count(*), count(*) FILTER (WHERE (t.peak, t.required_bond, t.required_deposit)
	IS DISTINCT FROM (p.peak, p.required_bond, p.required_deposit)), 30000, 'security_timeline: a forecast is the position when its day has come')
FROM duty_histories, basis, security_timeline(history, basis) AS t, security_position(history, 0, 0, upper(t.period) - 1, basis) AS p
WHERE upper(t.period) > '2026-11-20';
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE total_duties(history, f, l) IS DISTINCT FROM
	(SELECT coalesce(sum(owed), 0) FROM slice AS s WHERE s.account = h.account AND slice >= coalesce(f, '-infinity') AND slice <= coalesce(l, 'infinity'))), 10000, 'total_duties')
FROM duty_histories AS h, unnest('{NULL,2022-11-18,2023-02-25,2024-02-20,2024-03-01,2024-12-25,2025-01-01,2025-10-20,2026-01-18}'::date[]) AS f,
	unnest('{NULL,2022-11-17,2022-12-31,2023-02-28,2024-02-24,2024-02-29,2025-01-17,2025-10-19,2025-11-17,2028-01-19}'::date[]) AS l
WHERE f IS NULL OR l IS NULL OR f <= l;

-- histories merged by business
CREATE TEMP TABLE business AS
SELECT number, start, period, greatest(0, max(owed) OVER (PARTITION BY number, start ORDER BY period ROWS 11 PRECEDING)) AS peak
FROM (SELECT left(account::text, 9) AS number, start, period, sum(owed) AS owed FROM month GROUP BY 1, 2, 3) AS m;
ANALYZE business;
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE peak_monthly_duty(history, as_of, basis) IS DISTINCT FROM peak), 100000, 'rollup, by business')
FROM day CROSS JOIN basis
JOIN business AS b ON b.start = basis.start AND b.period = pg_temp.later(pg_temp.period(as_of + 1, basis.start), -1)
JOIN (SELECT number::text AS number, rollup(history) AS history FROM duty_histories JOIN accounts USING (account) GROUP BY 1) AS h USING (number);
