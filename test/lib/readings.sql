-- What is read from histories, against plain SQL over their rows: entry (h, d, a),
-- history (h, history, first, last); as of each day; with each bond and deposit
-- posted. Each row has totals, and counts of what differs, which are 0.
CREATE TEMP TABLE basis (basis month_basis, start integer);
INSERT INTO basis VALUES ('calendar', 1), ('billing', 18), ('statement', 25), ('review', 20);

-- the first day of the period around a day
CREATE FUNCTION pg_temp.period(day date, start integer) RETURNS date IMMUTABLE
RETURN (date_trunc('month', (day - (start - 1))::timestamp))::date + (start - 1);
CREATE FUNCTION pg_temp.later(period date, months integer) RETURNS date IMMUTABLE
RETURN (period + months * interval '1 month')::date;

-- by period; known: a slice of it owes something, be it less than nothing
CREATE TEMP TABLE month AS
SELECT h, basis, start, pg_temp.period(cut, start) AS period, sum(owed) AS owed, bool_or(owed <> 0) AS known
FROM basis, (SELECT h, make_date(extract(year FROM d)::integer, extract(month FROM d)::integer, c) AS cut, sum(a) AS owed
	FROM entry, LATERAL (SELECT max(c) FROM unnest('{1,18,20,25}'::integer[]) AS c WHERE c <= extract(day FROM d)) AS m (c)
	GROUP BY 1, 2) AS slice
GROUP BY h, basis, start, period;
CREATE UNIQUE INDEX ON month (h, basis, period);
CREATE INDEX ON entry (h);
ANALYZE entry; ANALYZE history; ANALYZE month; ANALYZE basis;

CREATE TEMP TABLE expected AS
SELECT h, basis, start, months, as_of, until, coalesce(greatest(0, max(owed) FILTER (WHERE period < until AND period >= pg_temp.later(until, -months))), 0) AS peak,
	coalesce(greatest(0, max(owed) FILTER (WHERE period < until AND period >= pg_temp.later(until, 1 - months))), 0) AS next_peak,
	coalesce(max(owed) FILTER (WHERE period = until), 0) AS current,
	min(period) FILTER (WHERE known) AS first
FROM basis, unnest('{1, 2, 12, 25}'::integer[]) AS months, day, LATERAL (SELECT pg_temp.period(as_of + 1, start)) AS u (until),
	LATERAL (SELECT h, period, owed, known FROM month WHERE month.basis = basis.basis) AS m
GROUP BY 1, 2, 3, 4, 5, 6;
ALTER TABLE expected ADD peak_period daterange;
UPDATE expected AS e SET peak_period = daterange(p, pg_temp.later(p, 1))
FROM (SELECT e.h, e.basis, e.months, e.as_of, max(period) FROM expected AS e JOIN month AS m ON m.h = e.h AND m.basis = e.basis
	AND m.period < e.until AND m.period >= pg_temp.later(e.until, -e.months) AND m.owed = e.peak
	WHERE e.peak > 0 GROUP BY 1, 2, 3, 4) AS x (h, basis, months, as_of, p)
WHERE (e.h, e.basis, e.months, e.as_of) = (x.h, x.basis, x.months, x.as_of);
ANALYZE expected;

CREATE FUNCTION pg_temp.bond(peak numeric) RETURNS numeric IMMUTABLE STRICT
RETURN CASE WHEN peak <= 0 THEN 0 ELSE least(10000000, greatest(5000, round(peak * 0.50, 2))) END;

SELECT count(*) * 4 AS comparisons,
	count(*) FILTER (WHERE peak_monthly_duty(history, as_of, basis, months) IS DISTINCT FROM peak) AS peaks_differ,
	count(*) FILTER (WHERE peak_period(history, as_of, basis, months) IS DISTINCT FROM peak_period) AS periods_differ,
	count(*) FILTER (WHERE required_security(history, 'surety_bond', as_of, basis, months) IS DISTINCT FROM pg_temp.bond(peak)) AS bonds_differ,
	count(*) FILTER (WHERE required_security(history, 'cash_deposit', as_of, basis, months) IS DISTINCT FROM round(peak, 2)) AS deposits_differ,
	count(DISTINCT peak) > 500 AS many_peaks, count(*) FILTER (WHERE peak = 0) > 1000 AS many_without
FROM expected JOIN history USING (h);

-- without as_of: all of the history
SELECT count(*) AS histories,
	count(*) FILTER (WHERE peak_monthly_duty(history, basis => basis) IS DISTINCT FROM peak) AS peaks_differ,
	count(*) FILTER (WHERE lower(peak_period(history, NULL, basis, 1)) IS DISTINCT FROM period) AS periods_differ,
	count(*) FILTER (WHERE required_security(history, 'surety_bond', NULL, basis) IS DISTINCT FROM pg_temp.bond(peak)) AS bonds_differ,
	count(*) FILTER (WHERE peak_monthly_duty(history) IS DISTINCT FROM (SELECT peak_monthly_duty(d, a) FROM entry WHERE h = m.h)) AS aggregates_differ
FROM (SELECT h, basis, greatest(0, max(owed)) AS peak, (array_agg(period ORDER BY owed DESC, period DESC) FILTER (WHERE owed > 0))[1] AS period
	FROM month GROUP BY 1, 2) AS m JOIN history USING (h);

--
-- rows
--
SELECT count(*) AS months, count(*) FILTER (WHERE owed = 0) AS gaps, count(*) FILTER (WHERE owed < 0) AS in_credit,
	count(*) FILTER (WHERE duties IS DISTINCT FROM owed OR r.period IS DISTINCT FROM p.period) AS differences
FROM (SELECT h, basis, period, coalesce(m.owed, 0) AS owed
	FROM (SELECT h, basis, generate_series(min(period)::timestamp, max(period), '1 month')::date AS period
		FROM month WHERE known GROUP BY 1, 2) AS g LEFT JOIN month AS m USING (h, basis, period)) AS p
FULL JOIN (SELECT h, basis, lower(period) AS period, duties FROM history, basis, LATERAL monthly_duties(history, basis)
	WHERE upper(period) = pg_temp.later(lower(period), 1)) AS r USING (h, basis, period);

CREATE TEMP TABLE timeline AS
SELECT h, basis, months, u.until, t.*
FROM history, basis, unnest('{1, 3, 12}'::integer[]) AS months, (VALUES (NULL::date), ('2024-02-29'), ('2027-01-20')) AS u (until),
	LATERAL security_timeline(history, basis, months, u.until) AS t;
SELECT count(*) AS rows, count(*) FILTER (WHERE p.h IS NULL) AS too_many, count(*) FILTER (WHERE t.h IS NULL) AS missing,
	count(*) FILTER (WHERE t.duties IS DISTINCT FROM p.owed) AS duties_differ, count(*) FILTER (WHERE t.peak IS DISTINCT FROM p.peak) AS peaks_differ,
	count(*) FILTER (WHERE required_bond IS DISTINCT FROM pg_temp.bond(p.peak) OR required_deposit IS DISTINCT FROM round(p.peak, 2)) AS required_differ,
	count(*) FILTER (WHERE t.peak_period IS DISTINCT FROM p.peak_period) AS periods_differ
FROM timeline AS t
FULL JOIN (SELECT g.h, g.basis, months, until, daterange(g.period, pg_temp.later(g.period, 1)) AS period, coalesce(m.owed, 0) AS owed,
		greatest(0, w.peak) AS peak, CASE WHEN w.peak > 0 THEN daterange(w.period, pg_temp.later(w.period, 1)) END AS peak_period
	FROM (SELECT h, b.basis, months, until, generate_series(first::timestamp, CASE WHEN until IS NOT NULL THEN pg_temp.period(until, start)
				ELSE greatest(last, pg_temp.later(last_owed, months)) END, '1 month')::date AS period
		FROM (SELECT h, basis, start, min(period) AS first, max(period) AS last, max(period) FILTER (WHERE owed > 0) AS last_owed
			FROM month WHERE known GROUP BY 1, 2, 3) AS b,
			unnest('{1, 3, 12}'::integer[]) AS months, (VALUES (NULL::date), ('2024-02-29'), ('2027-01-20')) AS u (until)) AS g
		LEFT JOIN month AS m USING (h, basis, period),
		LATERAL (SELECT max(owed), (array_agg(x.period ORDER BY owed DESC, x.period DESC))[1] FROM month AS x WHERE x.h = g.h AND x.basis = g.basis
			AND x.period <= g.period AND x.period > pg_temp.later(g.period, -months)) AS w (peak, period)) AS p
	ON (t.h, t.basis, t.months, t.period) = (p.h, p.basis, p.months, p.period) AND t.until IS NOT DISTINCT FROM p.until;
-- a forecast is what is read when its day has come
SELECT count(*) AS rows, count(*) FILTER (WHERE lower(period) > last) AS forecast,
	count(*) FILTER (WHERE peak_monthly_duty(history, upper(period) - 1, basis, months) IS DISTINCT FROM peak
		OR peak_period(history, upper(period) - 1, basis, months) IS DISTINCT FROM peak_period
		OR required_security(history, 'surety_bond', upper(period) - 1, basis, months) IS DISTINCT FROM required_bond) AS differences
FROM timeline JOIN history USING (h);
-- its last row, and no other at the end, owes nothing any more
SELECT count(*) AS timelines, count(*) FILTER (WHERE tail[2] = 0 OR tail[1] <> 0) AS too_long_or_short
FROM (SELECT (array_agg(peak ORDER BY period DESC))[:2] AS tail FROM timeline JOIN history USING (h) WHERE until IS NULL GROUP BY h, basis, months
	HAVING max(lower(period)) > max(last)) AS t;

-- sums between cuts
SELECT count(*) AS spans, count(*) FILTER (WHERE total_duties(history, f, l) IS DISTINCT FROM
	(SELECT coalesce(sum(a), 0) FROM entry AS e WHERE e.h = history.h AND d >= coalesce(f, '-infinity') AND d <= coalesce(l, 'infinity'))) AS differences
FROM history, unnest('{NULL, 2022-12-01, 2023-03-18, 2024-02-25, 2024-03-01, 2025-01-20, 2031-01-01}'::date[]) AS f,
	unnest('{NULL, 2022-12-17, 2023-03-19, 2024-02-24, 2024-02-29, 2024-12-31, 2025-12-31}'::date[]) AS l
WHERE f IS NULL OR l IS NULL OR f <= l;

--
-- positions: whether a bond and a deposit cover a peak, said in one line
--
CREATE FUNCTION pg_temp.covered(bond numeric, deposit numeric, peak numeric) RETURNS boolean IMMUTABLE
RETURN round(greatest(peak, 0), 2) <= deposit OR pg_temp.bond(peak - deposit) <= bond;

CREATE TEMP TABLE position AS
SELECT e.*, history, bond, deposit, coalesce(bond, 0) AS b, coalesce(deposit, 0) AS c, p.*
FROM (SELECT h, basis, start, months, as_of, until, peak AS xpeak, peak_period AS xperiod, next_peak, current, first FROM expected
	WHERE months IN (1, 12) AND (extract(day FROM as_of) IN (17, 19) OR extract(day FROM as_of) = 24 AND h % 3 = 0 OR as_of = date_trunc('month', as_of) + interval '1 month -1 day')) AS e
	JOIN history USING (h), posted, LATERAL security_position(history, bond, deposit, as_of, basis, months) AS p;
SELECT count(*) AS positions,
	count(*) FILTER (WHERE (peak, required_bond, required_deposit, posted_bond, posted_deposit, current_duties)
		IS DISTINCT FROM (xpeak, pg_temp.bond(xpeak), round(xpeak, 2), b, c, current)) AS amounts_differ,
	count(*) FILTER (WHERE (peak_period, current_period) IS DISTINCT FROM (xperiod, daterange(until, pg_temp.later(until, 1)))) AS periods_differ,
	count(*) FILTER (WHERE status <> CASE WHEN xpeak = 0 THEN 'none required' WHEN pg_temp.covered(b, c, xpeak) THEN 'covered'
		WHEN b = 0 AND c = 0 THEN 'none posted' ELSE 'short' END) AS status_differs,
	count(*) FILTER (WHERE estimated OR months_of_history <> greatest(0, least(months,
		(extract(year FROM until) - extract(year FROM first)) * 12 + extract(month FROM until) - extract(month FROM first)))) AS months_differ
FROM position;
-- what is missing is enough, and a cent less is not
SELECT count(*) FILTER (WHERE shortfall_bond > 0) > 1000 AS many_short,
	count(*) FILTER (WHERE (shortfall_bond > 0) <> (status IN ('short', 'none posted')) OR (shortfall_deposit > 0) <> (shortfall_bond > 0)) AS unlike_status,
	count(*) FILTER (WHERE NOT pg_temp.covered(b + shortfall_bond, c, peak)) AS bond_too_small,
	count(*) FILTER (WHERE shortfall_bond > 0 AND pg_temp.covered(b + shortfall_bond - 0.01, c, peak)) AS bond_too_large,
	count(*) FILTER (WHERE NOT pg_temp.covered(b, c + shortfall_deposit, peak)) AS deposit_too_small,
	count(*) FILTER (WHERE shortfall_deposit > 0 AND pg_temp.covered(b, c + shortfall_deposit - 0.01, peak)) AS deposit_too_large,
	count(*) FILTER (WHERE scale(trim_scale(shortfall_bond)) > 2 OR scale(trim_scale(shortfall_deposit)) > 2) AS not_in_cents
FROM position;
-- headroom is tight: owed on top it leaves the next window covered, a cent more does not
SELECT CASE WHEN b = 0 AND c = 0 THEN 'nothing' WHEN c = 0 THEN 'bond' WHEN b = 0 THEN 'deposit' ELSE 'both' END AS posted,
	count(*) > 500 AS many, count(*) FILTER (WHERE headroom > 0) > 100 AS some_positive, count(*) FILTER (WHERE headroom = 0) > 100 AS some_zero,
	count(*) FILTER (WHERE headroom > 0 AND NOT pg_temp.covered(b, c, greatest(next_peak, current + headroom))) AS too_much,
	count(*) FILTER (WHERE headroom IS NOT NULL AND pg_temp.covered(b, c, greatest(next_peak, current + headroom + 0.01))) AS too_little,
	count(*) FILTER (WHERE headroom < 0 OR scale(trim_scale(headroom)) > 2 OR (headroom IS NULL) <> (b >= 10000000)) AS wrong_kind
FROM position GROUP BY 1 ORDER BY 1;
-- the same by the extension's own word, once the period has ended
SELECT count(*) AS positions, count(*) FILTER (WHERE s0.status NOT IN ('covered', 'none required')) AS not_covered,
	count(*) FILTER (WHERE s1.status NOT IN ('short', 'none posted')) AS still_covered
FROM position AS p,
	LATERAL (SELECT history + ('{' || until || ':' || p.headroom || '}')::duty_history, history + ('{' || until || ':' || p.headroom + 0.01 || '}')::duty_history) AS later (h0, h1),
	LATERAL security_position(h0, bond, deposit, upper(p.current_period) - 1, basis, months) AS s0,
	LATERAL security_position(h1, bond, deposit, upper(p.current_period) - 1, basis, months) AS s1
WHERE p.headroom > 0;

--
-- importers without a year of history
--
CREATE TEMP TABLE estimate AS
SELECT e.h, e.basis, e.months AS window_months, e.as_of, e.peak AS owed_peak, e.peak_period AS owed_period, months_known, projected, history, p.*,
	required_security(history, 'surety_bond', e.as_of, e.basis, e.months, projected) AS bond, required_security(history, 'cash_deposit', e.as_of, e.basis, e.months, projected) AS deposit
FROM (SELECT *, greatest(0, least(months, (extract(year FROM until) - extract(year FROM first)) * 12 + extract(month FROM until) - extract(month FROM first))) AS months_known
	FROM expected WHERE extract(day FROM as_of) IN (17, 24) AND as_of < '2024-06-01') AS e JOIN history USING (h),
	unnest('{0, 1234.567, 25000}'::numeric[]) AS projected,
	LATERAL security_position(history, 6000, NULL, e.as_of, e.basis, e.months, projected) AS p;
SELECT count(*) AS positions, count(*) FILTER (WHERE estimated) > 1000 AS many_estimated,
	count(*) FILTER (WHERE estimated <> (months_known < window_months AND projected > owed_peak)) AS estimated_differs,
	count(*) FILTER (WHERE peak <> CASE WHEN months_known < window_months THEN greatest(projected, owed_peak) ELSE owed_peak END) AS peaks_differ,
	count(*) FILTER (WHERE peak_period IS DISTINCT FROM CASE WHEN NOT estimated THEN owed_period END) AS periods_differ,
	count(*) FILTER (WHERE bond <> pg_temp.bond(peak) OR bond <> required_bond OR deposit <> round(peak, 2) OR deposit <> required_deposit) AS required_differ,
	count(*) FILTER (WHERE NOT pg_temp.covered(6000, 0, peak) AND status <> 'short') AS status_differs
FROM estimate;
-- their headroom is tight as well: with the projection, while it counts
SELECT count(*) AS positions, count(*) FILTER (WHERE s0.status NOT IN ('covered', 'none required')) AS not_covered,
	count(*) FILTER (WHERE s1.status NOT IN ('short', 'none posted')) AS still_covered
FROM estimate AS e,
	LATERAL (SELECT ('{' || lower(e.current_period) || ':' || e.headroom || '}')::duty_history, ('{' || lower(e.current_period) || ':' || e.headroom + 0.01 || '}')::duty_history) AS x (x0, x1),
	LATERAL security_position(history + x0, 6000, NULL, upper(e.current_period) - 1, basis, window_months, projected) AS s0,
	LATERAL security_position(history + x1, 6000, NULL, upper(e.current_period) - 1, basis, window_months, projected) AS s1
WHERE e.headroom > 0;
