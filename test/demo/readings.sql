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

--
-- The requirement in force
--

-- Terms with a step, a minimum and a maximum, and what they require.
CREATE FUNCTION pg_temp.bond_by(peak numeric, stepped boolean) RETURNS numeric IMMUTABLE
RETURN CASE WHEN NOT stepped THEN pg_temp.bond(peak) WHEN peak <= 0 THEN 0 ELSE least(3000000, greatest(25000, ceil(peak * 0.6 / 1000) * 1000)) END;
CREATE FUNCTION pg_temp.deposit_by(peak numeric, stepped boolean) RETURNS numeric IMMUTABLE
RETURN CASE WHEN NOT stepped THEN peak WHEN peak <= 0 THEN 0 ELSE least(500000, greatest(100, round(peak * 0.8, 2))) END;
CREATE TEMP TABLE terms (stepped boolean, terms security_terms);
INSERT INTO terms VALUES (false, NULL),
	(true, security_terms(bond_rate => 0.6, bond_minimum => 25000, bond_maximum => 3000000, bond_step => 1000,
						  deposit_rate => 0.8, deposit_minimum => 100, deposit_maximum => 500000));

-- One call for each account, basis, day since (on and around the reviews'
-- closes and due days, and the enrolment), lowered, notified peak; terms in turn.
CREATE TEMP TABLE call AS
SELECT row_number() OVER (ORDER BY account, basis, since, lowered, notified) AS call, c.*
FROM (SELECT a.account, a.projected_monthly AS projected, basis, start, since, lowered, notified
	  FROM accounts AS a CROSS JOIN basis CROSS JOIN unnest('{f,t}'::boolean[]) AS lowered
	  CROSS JOIN LATERAL (SELECT a.enrolled UNION SELECT day + n FROM unnest('{2025-10-19,2026-01-15,2026-10-19,2027-01-15}'::date[]) AS day, generate_series(-1, 1) AS n) AS s (since)
	  CROSS JOIN LATERAL (VALUES (NULL::numeric), (round(2000 + 100000 * (hashint4(since - date '2000-01-01') & 255) / 256.0, 2))) AS v (notified)) AS c;
ALTER TABLE call ADD stepped boolean GENERATED ALWAYS AS (call % 2 = 0) STORED;

-- Its rows, said anew: the first from since on, one for each review that closes
-- on or after it; the peak is the highest so far, unless lowered.
CREATE INDEX ON month (account, start, period);
CREATE TEMP TABLE first_month AS
SELECT account, basis, min(first) AS first, max(last) AS last FROM month GROUP BY 1, 2;
CREATE TEMP TABLE required AS
SELECT c.call, c.stepped, r.first_day, r.next_day, daterange(pg_temp.later(r.until, -12), r.until) AS reviewed,
	e.reviewed_peak, CASE WHEN e.reviewed_peak = p.peak THEN p.peak_period END AS reviewed_period,
	CASE WHEN c.lowered OR r.n = 0 THEN e.set_peak ELSE max(e.set_peak) OVER (PARTITION BY c.call ORDER BY r.n) END AS peak,
	r.n > 0 AND r.closed >= h.ends AS forecast
FROM call AS c
CROSS JOIN LATERAL (
	SELECT 0 AS n, since AS first_day, pg_temp.period(since, start) AS until, NULL::date AS closed,
		make_date(extract(year FROM since + 73)::integer + 1, 1, 15) AS next_day
	UNION ALL
	SELECT year, make_date(year + 1, 1, 15), pg_temp.period(make_date(year, 10, 20), start), make_date(year, 10, 19), make_date(year + 2, 1, 15)
	FROM generate_series(2025, 2027) AS year WHERE make_date(year, 10, 19) >= since) AS r
JOIN peak AS p ON p.account = c.account AND p.basis = c.basis AND p.months = 12 AND p.period = pg_temp.later(r.until, -1)
JOIN first_month AS f ON f.account = c.account AND f.basis = c.basis
JOIN (SELECT account, min(next) AS ends
	  FROM (SELECT account, max(slice) AS slice FROM slice WHERE owed <> 0 GROUP BY account) AS s,
		LATERAL (SELECT slice + n AS next FROM generate_series(1, 17) AS n WHERE extract(day FROM slice + n) IN (1, 18, 20, 25)) AS d
	  GROUP BY account) AS h ON h.account = c.account
CROSS JOIN LATERAL (SELECT CASE WHEN f.first > pg_temp.later(r.until, -12) AND c.projected > p.peak THEN c.projected ELSE p.peak END AS reviewed_peak) AS found
CROSS JOIN LATERAL (SELECT found.reviewed_peak, CASE WHEN r.n = 0 AND c.notified IS NOT NULL THEN c.notified ELSE found.reviewed_peak END AS set_peak) AS e;
-- before the first review there was none: its due day ends each first row
UPDATE required SET next_day = '2026-01-15' WHERE next_day < '2026-01-15';
CREATE TEMP TABLE given AS
SELECT c.call, r.*
FROM call AS c JOIN duty_histories AS h USING (account) JOIN terms AS t USING (stepped),
	LATERAL security_requirements(h.history, c.since, c.notified, c.basis, c.projected, c.lowered, t.terms, '2028-12-31') AS r;
CREATE INDEX ON given (call);
CREATE INDEX ON required (call);
ANALYZE call, required, given;
SELECT pg_temp.same(8 * count(*),
	count(*) FILTER (WHERE (g.in_force, g.reviewed, g.peak) IS DISTINCT FROM (daterange(r.first_day, r.next_day), r.reviewed, r.peak))
	+ count(*) FILTER (WHERE (g.reviewed_peak, g.reviewed_period, g.forecast) IS DISTINCT FROM (r.reviewed_peak, r.reviewed_period, r.forecast))
	+ count(*) FILTER (WHERE (g.required_bond, g.required_deposit) IS DISTINCT FROM (pg_temp.bond_by(r.peak, r.stepped), pg_temp.deposit_by(r.peak, r.stepped))),
	1000000, 'security_requirements')
FROM required AS r FULL JOIN given AS g ON g.call = r.call AND lower(g.in_force) = r.first_day;
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE first_day <> since OR gap OR falls AND NOT lowered), 40000,
	'security_requirements: spans begin with since, tile, and the peak never falls unless lowered')
FROM (SELECT call, min(lower(in_force)) AS first_day, bool_or(gap) AS gap, bool_or(falls) AS falls
	  FROM (SELECT call, in_force, lower(in_force) <> lag(upper(in_force)) OVER w AS gap, peak < lag(peak) OVER w AS falls
			FROM given WINDOW w AS (PARTITION BY call ORDER BY in_force)) AS g GROUP BY call) AS g
JOIN call USING (call);
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE peak_in_force(history, day, since, notified, basis, projected, lowered) IS DISTINCT FROM
		(SELECT g.peak FROM given AS g WHERE g.call = c.call AND g.in_force @> day)), 50000, 'peak_in_force')
FROM call AS c JOIN duty_histories USING (account),
	unnest('{2025-10-18,2026-01-14,2026-01-15,2026-11-20,2027-01-14,2027-01-15,2028-01-15}'::date[]) AS day
WHERE call % 5 = 0;
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE g.rows <> e.rows), 5000, 'security_requirements: without until, up to the review that finds nothing')
FROM (SELECT call, count(*) AS rows FROM call AS c JOIN duty_histories USING (account), LATERAL security_requirements(history, since, basis => basis)
	  WHERE NOT lowered AND notified IS NULL GROUP BY call) AS g
JOIN (SELECT c.call, count(*) FILTER (WHERE r.first_day <= coalesce(s.first_day, 'infinity'))
		-- the review of 2028 finds nothing in any history
		+ CASE WHEN min(s.first_day) IS NULL THEN 1 ELSE 0 END AS rows
	  FROM call AS c JOIN required AS r USING (call)
	  JOIN first_month AS f USING (account, basis)
	  LEFT JOIN LATERAL (SELECT min(n.first_day) AS first_day FROM required AS n JOIN peak AS p ON p.account = c.account AND p.basis = c.basis AND p.months = 12
							AND p.period = pg_temp.later(upper(n.reviewed), -1)
						 WHERE n.call = c.call AND n.first_day > c.since AND p.peak = 0 AND f.last < upper(n.reviewed)) AS s ON true
	  GROUP BY c.call) AS e USING (call);
DROP TABLE given, required, call;

-- a position held against what was notified, by terms: enough to the cent
CREATE TEMP TABLE held AS
SELECT x.*, t.stepped, notified, p.status, p.shortfall_bond AS more_bond, p.shortfall_deposit AS more_deposit, p.covered_peak AS most, p.headroom AS room,
	p.current_duties AS now, p.outstanding AS unpaid, p.peak AS rolling, p.required_bond AS rolling_bond, p.required_deposit AS rolling_deposit
FROM (SELECT account, basis, as_of, until, known, projected, xpeak, next_peak, owed_peak, bond, deposit FROM expected
	  WHERE as_of IN ('2025-10-19', '2026-02-18', '2026-10-19', '2026-11-20', '2026-11-25')) AS x
CROSS JOIN terms AS t
CROSS JOIN LATERAL (VALUES (NULL::numeric), (round(1.1 * xpeak + 777.77, 2))) AS v (notified)
JOIN duty_histories AS h USING (account),
	LATERAL security_position(h.history, bond, deposit, as_of, basis, projected_monthly => projected, notified_peak => notified, terms => t.terms) AS p;
SELECT pg_temp.same(3 * count(*), count(*) FILTER (WHERE (rolling, rolling_bond, rolling_deposit) IS DISTINCT FROM (xpeak, pg_temp.bond_by(xpeak, stepped), pg_temp.deposit_by(xpeak, stepped))), 50000,
	'security_position: the rolling figures beside what was notified, by terms')
FROM held;
SELECT pg_temp.same(6 * count(*), count(*) FILTER (WHERE status <> CASE WHEN held_peak = 0 THEN 'none required' WHEN pg_temp.covered(bond, deposit, held_peak) THEN 'covered'
		WHEN bond = 0 AND deposit = 0 THEN 'none posted' ELSE 'short' END)
	+ count(*) FILTER (WHERE NOT pg_temp.covered(bond + more_bond, deposit, held_peak) OR more_bond > 0 AND pg_temp.covered(bond + more_bond - 0.01, deposit, held_peak))
	+ count(*) FILTER (WHERE NOT pg_temp.covered(bond, deposit + more_deposit, held_peak) OR more_deposit > 0 AND pg_temp.covered(bond, deposit + more_deposit - 0.01, held_peak))
	+ count(*) FILTER (WHERE CASE WHEN most IS NULL THEN NOT pg_temp.covered(bond, deposit, 1e15)
		ELSE NOT pg_temp.covered(bond, deposit, most) OR pg_temp.covered(bond, deposit, most + 0.01) END), 50000,
	'security_position: status, what is missing and the covered peak speak of the notified peak, to the cent')
FROM held, LATERAL (SELECT coalesce(notified, xpeak) AS held_peak) AS p
WHERE NOT stepped;

SELECT pg_temp.same(3 * count(*), count(*) FILTER (WHERE status <> CASE WHEN held_peak = 0 THEN 'none required' WHEN needed <= posted THEN 'covered' WHEN posted = 0 THEN 'none posted' ELSE 'short' END)
	+ count(*) FILTER (WHERE more <> greatest(needed - posted, 0))
	+ count(*) FILTER (WHERE most IS NULL AND more_at_most > posted OR more_at_most > posted OR most IS NOT NULL AND a_cent_more <= posted), 10000,
	'security_position: the same by terms with a step, where all is bond or all is cash')
FROM (SELECT *, coalesce(notified, xpeak) AS held_peak FROM held WHERE stepped) AS h,
	LATERAL (SELECT bond AS posted, more_bond AS more, pg_temp.bond_by(held_peak, true) AS needed,
				pg_temp.bond_by(coalesce(most, 1e15), true) AS more_at_most, pg_temp.bond_by(most + 0.01, true) AS a_cent_more WHERE deposit = 0
			 UNION ALL
			 SELECT deposit, more_deposit, pg_temp.deposit_by(held_peak, true),
				pg_temp.deposit_by(coalesce(most, 1e15), true), pg_temp.deposit_by(most + 0.01, true) WHERE bond = 0) AS v;

-- the headroom, to the cent: what may come on top before the next window, or what
-- was notified, is no longer covered
SELECT pg_temp.same(2 * count(*), count(*) FILTER (WHERE room > 0 AND NOT pg_temp.covered(bond, deposit, greatest(next, now + room)))
	+ count(*) FILTER (WHERE CASE WHEN pg_temp.covered(bond, deposit, 1e15) THEN room IS NOT NULL
		ELSE room IS NULL OR room < 0 OR pg_temp.covered(bond, deposit, greatest(next, now + room + 0.01)) END), 25000,
	'security_position: headroom against a notified peak leaves it covered, a cent more does not')
FROM held, LATERAL (SELECT coalesce(notified, CASE WHEN known + 1 < 12 THEN greatest(next_peak, projected) ELSE next_peak END) AS next) AS n
WHERE NOT stepped;
SELECT pg_temp.same(2 * count(*), count(*) FILTER (WHERE room > 0 AND (NOT enough OR a_cent_more)) + count(*) FILTER (WHERE CASE WHEN any_month THEN room IS NOT NULL ELSE room IS NULL OR room < 0 OR a_cent_more END), 10000,
	'security_position: headroom by terms with a step, where all is bond or all is cash')
FROM (SELECT *, coalesce(notified, CASE WHEN known + 1 < 12 THEN greatest(next_peak, projected) ELSE next_peak END) AS next FROM held WHERE stepped AND bond + deposit > 0) AS h,
	LATERAL (SELECT greatest(next, now + coalesce(room, 0)) AS kept, greatest(next, now + coalesce(room, 0) + 0.01) AS passed) AS m,
	LATERAL (SELECT pg_temp.bond_by(kept, true) <= bond AS enough, pg_temp.bond_by(passed, true) <= bond AS a_cent_more, pg_temp.bond_by(1e15, true) <= bond AS any_month WHERE deposit = 0
			 UNION ALL
			 SELECT pg_temp.deposit_by(kept, true) <= deposit, pg_temp.deposit_by(passed, true) <= deposit, pg_temp.deposit_by(1e15, true) <= deposit WHERE bond = 0) AS v;

-- streams: each day of six years, by a calendar written out
CREATE TEMP TABLE release AS
SELECT stream, day, mid, first, (first + interval '1 month')::date AS next, month2
FROM unnest(enum_range(NULL::billing_stream)) AS stream,
	generate_series(date '2022-01-01', timestamp '2027-12-31', '1 day') AS d (d), LATERAL (SELECT d::date AS day) AS day,
	LATERAL (SELECT stream IN ('commercial', 'csa_option_2') AS mid) AS mid,
	LATERAL (SELECT pg_temp.period(day, CASE WHEN mid THEN 18 ELSE 1 END) AS first) AS first,
	LATERAL (SELECT date_trunc('month', first + interval '1 month')::date AS month2) AS month2;
CREATE TEMP TABLE due AS
SELECT month2, (SELECT day::date FROM generate_series(month2 + 17, month2 + 40, interval '1 day') AS day WHERE extract(isodow FROM day) < 6 ORDER BY day OFFSET 9 LIMIT 1) AS due
FROM (SELECT generate_series(date '2019-12-01', timestamp '2028-03-01', '1 month')::date AS month2) AS m;
SELECT pg_temp.same(4 * count(*), count(*) FILTER (WHERE (billing_period(day, stream), statement_date(day, stream), payment_due(day, stream)) IS DISTINCT FROM
		(daterange(first, next), month2 + 24, due))
	+ count(*) FILTER (WHERE stream = 'courier_low_value' AND accounting_due(day, stream => stream) <> date_trunc('month', day)::date + interval '1 month 23 days'), 40000,
	'streams: billing period, statement, payment and low-value accounting of each day of six years')
FROM release JOIN due USING (month2);

-- outstanding: as of days around 17, 18, 25, month ends and due days
CREATE TEMP TABLE unpaid AS
SELECT account, stream, as_of, daterange(m.period, pg_temp.later(m.period, 1)) AS period, month2 + 24 AS statement_date, due AS payment_due,
	owed AS duties, pg_temp.later(m.period, 1) <= as_of + 1 AS ended
FROM (SELECT DISTINCT as_of FROM due, LATERAL (SELECT month2 + n AS as_of FROM unnest('{-1,0,15,16,17,18,23,24,25}'::integer[]) AS n UNION SELECT due + n FROM generate_series(-1, 1) AS n) AS d
	  WHERE month2 IN ('2025-10-01', '2026-02-01', '2026-10-01', '2026-11-01', '2026-12-01')) AS a
CROSS JOIN unnest(enum_range(NULL::billing_stream)) AS stream
JOIN month AS m ON m.start = CASE WHEN stream IN ('commercial', 'csa_option_2') THEN 18 ELSE 1 END AND m.period <= as_of AND m.period > as_of - 100
JOIN due ON due.month2 = date_trunc('month', m.period + interval '1 month') AND due > as_of;
SELECT pg_temp.same(5 * count(*), count(*) FILTER (WHERE u IS DISTINCT FROM o), 300000, 'duties_outstanding')
FROM (SELECT account, stream, as_of, period, statement_date, payment_due, duties, ended FROM unpaid) AS u
FULL JOIN (SELECT account, stream, as_of, o.period, o.statement_date, o.payment_due, o.duties, o.ended
		   FROM duty_histories, (SELECT DISTINCT stream, as_of FROM unpaid) AS d, LATERAL duties_outstanding(history, as_of, stream) AS o) AS o
	USING (account, stream, as_of, period);
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE unpaid IS DISTINCT FROM (SELECT coalesce(sum(owed), 0) FROM month AS m JOIN due ON month2 = date_trunc('month', m.period + interval '1 month')
	WHERE m.account = held.account AND m.start = 18 AND m.period BETWEEN as_of - 100 AND as_of AND due > as_of)), 5000, 'security_position: outstanding, of the commercial stream')
FROM held WHERE basis = 'calendar';

-- histories as an algebra, against rows moved and multiplied
SELECT pg_temp.same(3 * count(*), count(*) FILTER (WHERE multiplied IS DISTINCT FROM history * 1.12 OR multiplied IS DISTINCT FROM 1.12 * history)
	+ count(*) FILTER (WHERE shifted IS DISTINCT FROM shift_months(history, n))
	+ count(*) FILTER (WHERE part IS DISTINCT FROM duties_between(history, f, l)), 20000, 'history * number, shift_months, duties_between')
FROM duty_histories CROSS JOIN unnest('{-25,-12,-1,0,1,12,26}'::integer[]) AS n
CROSS JOIN (VALUES (NULL::date, date '2023-02-17'), ('2024-02-18', '2024-02-29'), ('2025-11-25', '2026-10-19'), ('2026-11-20', NULL)) AS v (f, l)
CROSS JOIN LATERAL (SELECT duty_history(slice, owed * 1.12) AS multiplied, duty_history((slice + n * interval '1 month')::date, owed) AS shifted,
						coalesce(duty_history(slice, owed) FILTER (WHERE slice >= coalesce(f, '-infinity') AND slice <= coalesce(l, 'infinity')), '{}') AS part
					FROM slice AS s WHERE s.account = duty_histories.account) AS e;

-- readings: every basis by three windows and two forms, the nearest first
CREATE TEMP TABLE reading AS
SELECT account, as_of, amount, basis, reviewed, form, peak, required, required - amount AS difference
FROM (SELECT DISTINCT a.account, as_of, b.basis, w.reviewed, CASE WHEN w.all_of_it THEN
			(SELECT greatest(max(owed), 0) FROM month AS m WHERE m.account = a.account AND m.start = b.start)
			ELSE (SELECT peak FROM peak AS p WHERE p.account = a.account AND p.basis = b.basis AND p.months = 12 AND p.period = pg_temp.later(upper(w.reviewed), -1)) END AS peak
	  FROM (SELECT DISTINCT account FROM month) AS a
	  CROSS JOIN basis AS b CROSS JOIN unnest('{2025-10-18,2025-10-19,2026-10-19,2026-11-20}'::date[]) AS as_of
	  JOIN first_month AS f ON f.account = a.account AND f.basis = b.basis
	  CROSS JOIN LATERAL (VALUES (daterange(pg_temp.later(pg_temp.period(as_of + 1, start), -12), pg_temp.period(as_of + 1, start)), false),
		(CASE WHEN as_of >= '2025-10-19' THEN daterange(pg_temp.later(pg_temp.period(make_date(extract(year FROM as_of - 291)::integer, 10, 20), start), -12), pg_temp.period(make_date(extract(year FROM as_of - 291)::integer, 10, 20), start)) END, false),
		(daterange(f.first, pg_temp.later(f.last, 1)), true)) AS w (reviewed, all_of_it)
	  WHERE w.reviewed IS NOT NULL) AS r
CROSS JOIN LATERAL (VALUES ('surety_bond'::security_form, pg_temp.bond(peak)), ('cash_deposit', peak)) AS v (form, required)
CROSS JOIN unnest('{0,12345.67}'::numeric[]) AS amount;
SELECT pg_temp.same(6 * count(*), count(*) FILTER (WHERE e IS DISTINCT FROM r), 200000, 'security_readings')
FROM reading AS e
FULL JOIN (SELECT account, as_of, amount, r.basis, r.reviewed, r.form, r.peak, r.required, r.difference
		   FROM duty_histories, (SELECT DISTINCT as_of, amount FROM reading) AS d, LATERAL security_readings(history, amount, as_of) AS r) AS r
	USING (account, as_of, amount, basis, reviewed, form);
SELECT pg_temp.same(count(*), count(*) FILTER (WHERE abs(difference) < before), 5000, 'security_readings: the nearest first')
FROM (SELECT difference, lag(abs(difference)) OVER (PARTITION BY account ORDER BY nth) AS before
	  FROM duty_histories, ROWS FROM (security_readings(history, 12345.67, '2026-11-20')) WITH ORDINALITY AS r (basis, reviewed, form, peak, required, difference, nth)) AS r;
