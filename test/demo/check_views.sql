-- Part of check.sql: the views, against months summed by date_trunc.

-- Months of a basis, by the day it begins on: gapless, up to today.
CREATE FUNCTION pg_temp.months(first_day integer) RETURNS TABLE (account text, month date, total numeric)
LANGUAGE sql
BEGIN ATOMIC
	WITH sums AS (
		SELECT d.account::text AS account, date_trunc('month', d.release_date - (first_day - 1))::date AS month, sum(d.total) AS total
		FROM declarations AS d WHERE d.is_last
		GROUP BY 1, 2)
	SELECT b.account, m::date, coalesce(s.total, 0)
	FROM (SELECT account, min(month) AS first, max(month) AS last FROM sums GROUP BY account) AS b
	CROSS JOIN generate_series(first, last, interval '1 month') AS m
	LEFT JOIN sums AS s ON s.account = b.account AND s.month = m;
END;

-- What a peak and posted security lack, said anew.
CREATE FUNCTION pg_temp.bond(peak numeric) RETURNS numeric
LANGUAGE sql
RETURN CASE WHEN peak > 0 THEN round(least(10000000, greatest(5000, peak / 2)), 2) ELSE 0 END;

-- The peak in force on a day: that of the enrolment or of the reduction granted
-- last, or of a review since then whose due day has come, whichever is highest.
CREATE FUNCTION pg_temp.in_force(day date) RETURNS TABLE (account text, peak numeric)
LANGUAGE sql
BEGIN ATOMIC
	WITH months AS (
		SELECT d.account, date_trunc('month', d.release_date - 19)::date + 19 AS month, sum(d.total) AS total
		FROM declarations AS d WHERE d.is_last
		GROUP BY 1, 2),
	starts AS (
		SELECT DISTINCT ON (account) account, since, peak, projected_monthly
		FROM (SELECT a.account, a.enrolled AS since, NULL::numeric AS peak, a.projected_monthly FROM accounts AS a
			  UNION ALL SELECT r.account, r.granted, r.peak, NULL FROM reductions AS r) AS t
		WHERE since <= day ORDER BY account, since DESC)
	SELECT s.account::text, max(coalesce(w.peak,
		(SELECT greatest(max(m.total) FILTER (WHERE m.month >= w.until - interval '12 months'), 0,
					CASE WHEN coalesce(min(m.month), 'infinity') > w.until - interval '12 months' THEN s.projected_monthly END)
		 FROM months AS m WHERE m.account = s.account AND m.month < w.until)))
	FROM starts AS s,
		LATERAL (SELECT date_trunc('month', s.since - 19)::date + 19 AS until, s.peak
				 UNION ALL
				 SELECT make_date(year, 10, 20), NULL FROM generate_series(2025, 2030) AS year
				 WHERE make_date(year, 10, 19) >= s.since AND make_date(year + 1, 1, 15) <= day) AS w
	GROUP BY 1;
END;

-- What is posted for a day, from the tables.
CREATE FUNCTION pg_temp.posted(day date) RETURNS TABLE (account text, bond numeric, deposit numeric)
LANGUAGE sql
BEGIN ATOMIC
	SELECT a.account::text,
		coalesce((SELECT sum(s.amount) FROM bond_shares AS s JOIN bonds AS b USING (bond)
				  WHERE s.account = a.account AND s.term @> day AND day >= b.since AND (b.ends IS NULL OR day <= b.ends)), 0),
		coalesce((SELECT sum(d.amount) FROM deposits AS d WHERE d.account = a.account AND d.term @> day), 0)
	FROM accounts AS a;
END;

-- Do bond and deposit cover a peak?
CREATE FUNCTION pg_temp.covered(bond numeric, deposit numeric, peak numeric) RETURNS boolean
LANGUAGE sql
RETURN peak <= deposit OR pg_temp.bond(peak - deposit) <= bond;

CREATE TEMP TABLE expected AS
SELECT f.account, f.peak, coalesce(r.peak, 0) AS rolling, coalesce(r.total, 0) AS year, coalesce(c.total, 0) AS current, p.bond, p.deposit,
	l.peak AS peak_at_due, d.bond AS bond_at_due, d.deposit AS deposit_at_due
FROM pg_temp.in_force(:today) AS f
JOIN pg_temp.in_force('2027-01-15') AS l USING (account)
JOIN pg_temp.posted(:today) AS p USING (account)
JOIN pg_temp.posted('2027-01-15') AS d USING (account)
LEFT JOIN (SELECT account, greatest(max(total), 0) AS peak, sum(total) AS total FROM pg_temp.months(20)
		   WHERE month BETWEEN '2025-11-01' AND '2026-10-01' GROUP BY account) AS r USING (account)
LEFT JOIN pg_temp.months(20) AS c ON c.account = f.account AND c.month = '2026-11-01';

SELECT pg_temp.check(count(*) = (SELECT count(*) FROM accounts), 'positions: one row an account')
FROM reporting.security_positions;
SELECT pg_temp.check(count(*) = 268 AND bool_and(p.peak = e.peak
		AND p.required_bond = pg_temp.bond(e.peak) AND p.required_deposit = e.peak
		AND p.posted_bond = e.bond AND p.posted_deposit = e.deposit
		AND p.current_duties = e.current AND p.rolling_duties = e.year
		AND p.status = CASE WHEN e.peak = 0 THEN 'none required' WHEN pg_temp.covered(e.bond, e.deposit, e.peak) THEN 'covered'
			WHEN e.bond + e.deposit = 0 THEN 'none posted' ELSE 'short' END
		AND (p.shortfall_bond > 0) = (p.status IN ('short', 'none posted'))
		AND :today BETWEEN p.in_force_from AND p.in_force_to),
	'positions: peak in force, required, posted, current month and status of ' || count(*) || ' accounts')
FROM reporting.security_positions AS p JOIN expected AS e USING (account);
SELECT pg_temp.check(count(*) > 200 AND bool_and(p.rolling_peak = e.rolling AND p.rolling_bond = pg_temp.bond(e.rolling)),
	'positions: the rolling figure of ' || count(*) || ' accounts')
FROM reporting.security_positions AS p JOIN expected AS e USING (account)
JOIN accounts AS a ON a.account = p.account AND a.projected_monthly IS NULL;
SELECT pg_temp.check(count(*) > 150 AND bool_and(p.shortfall_bond = greatest(pg_temp.bond(e.peak) - e.bond, 0)),
	'positions: the rider of ' || count(*) || ' accounts secured by bond alone')
FROM reporting.security_positions AS p JOIN expected AS e USING (account)
WHERE e.deposit = 0;
SELECT pg_temp.check(count(*) > 20 AND bool_and(p.shortfall_deposit = greatest(e.peak - e.deposit, 0)),
	'positions: the missing cash of ' || count(*) || ' accounts secured by cash alone')
FROM reporting.security_positions AS p JOIN expected AS e USING (account)
WHERE e.bond = 0;
SELECT pg_temp.check(count(*) = 14 AND bool_and(p.rolling_peak = greatest(e.rolling, a.projected_monthly)
		AND p.estimated = (a.projected_monthly > e.rolling)),
	'positions: a projection counts as a month of a new importer')
FROM reporting.security_positions AS p JOIN expected AS e USING (account)
JOIN accounts AS a ON a.account = p.account AND a.projected_monthly IS NOT NULL;
SELECT pg_temp.check(count(*) = 6 AND bool_and(p.peak = r.peak AND p.in_force_from = r.granted AND p.in_force_to = '2027-01-14'),
	'positions: a reduction is in force from the day it was granted')
FROM reporting.security_positions AS p JOIN reductions AS r ON r.account = p.account;

SELECT pg_temp.check(count(*) > 10000 AND bool_and(t.duties = e.total AND t.peak = e.peak AND t.required_bond = pg_temp.bond(e.peak)),
	'timeline: duties, peak and bond of ' || count(*) || ' months')
FROM reporting.security_timeline AS t
JOIN (SELECT account, month + 19 AS month, total,
		greatest(max(total) OVER (PARTITION BY account ORDER BY month ROWS 11 PRECEDING), 0) AS peak
	  FROM pg_temp.months(20)) AS e ON e.account = t.account AND e.month = t.month_from;

-- streams: by the 18th to the 17th, or by calendar month, asked for in the next
SELECT pg_temp.check(count(*) > 10000 AND bool_and(s.total = e.total AND s.total = s.customs_duties + s.excise + s.gst + s.sima + s.surtax
		AND s.billing_to = s.billing_from + interval '1 month - 1 day'
		AND s.statement_date = month + 24
		AND s.payment_due = (SELECT day::date FROM generate_series(month + 17, month + 37, interval '1 day') AS day
							 WHERE extract(isodow FROM day) < 6 ORDER BY day OFFSET 9 LIMIT 1)),
	'statements: ' || count(*) || ' totals, statement dates and due dates, of ' || count(DISTINCT s.stream) || ' streams')
FROM reporting.statements_of_account AS s
JOIN accounts AS a ON a.account = s.account AND a.stream::text = s.stream,
	LATERAL (SELECT s.stream IN ('commercial', 'csa_option_2') AS mid) AS m,
	LATERAL (SELECT date_trunc('month', CASE WHEN mid THEN s.billing_to ELSE s.billing_to + 1 END)::date AS month) AS month
LEFT JOIN LATERAL (SELECT sum(d.total) AS total FROM declarations AS d WHERE d.account = a.account AND d.is_last
				   AND d.release_date BETWEEN s.billing_from AND s.billing_to AND extract(day FROM s.billing_from) = CASE WHEN mid THEN 18 ELSE 1 END) AS e ON true;

-- every period that began by today and is due later, less what was paid ahead
CREATE TEMP TABLE unpaid AS
SELECT account, stream, first AS billing_from, due, ended, sum(amount) AS duties
FROM (SELECT account::text AS account, release_date, total AS amount FROM declarations WHERE is_last
	  UNION ALL SELECT account::text, release_date, -amount FROM interim_payments WHERE paid <= :today) AS d
JOIN (SELECT account::text AS account, stream::text AS stream FROM accounts) AS a USING (account)
JOIN (VALUES ('commercial', date '2026-10-18', date '2026-11-17', date '2026-12-01', true), ('commercial', '2026-11-18', '2026-12-17', '2026-12-31', false),
		('csa_option_2', '2026-10-18', '2026-11-17', '2026-12-01', true), ('csa_option_2', '2026-11-18', '2026-12-17', '2026-12-31', false),
		('csa_option_1', '2026-10-01', '2026-10-31', '2026-12-01', true), ('csa_option_1', '2026-11-01', '2026-11-30', '2026-12-31', false),
		('courier_low_value', '2026-10-01', '2026-10-31', '2026-12-01', true), ('courier_low_value', '2026-11-01', '2026-11-30', '2026-12-31', false)
	 ) AS p (stream, first, last, due, ended) USING (stream)
WHERE release_date BETWEEN first AND last
GROUP BY 1, 2, 3, 4, 5
HAVING sum(amount) <> 0;
SELECT pg_temp.check(count(*) > 300 AND count(*) FILTER (WHERE u IS DISTINCT FROM e) = 0 AND count(DISTINCT u.stream) = 4, 'unpaid: ' || count(*) || ' billing periods of four streams')
FROM (SELECT account, stream, billing_from, payment_due AS due, ended, duties FROM reporting.duties_unpaid) AS u
FULL JOIN (SELECT * FROM unpaid) AS e USING (account, billing_from);

SELECT pg_temp.check(count(*) > 250 AND bool_and(f.review_closed = '2026-10-19' AND f.due = '2027-01-15'
		AND f.reviewed_peak = coalesce(e.peak, 0) AND f.peak_before = before.peak AND f.peak = greatest(before.peak, e.peak)
		AND f.required_bond = pg_temp.bond(f.peak) AND f.required_bond_before = pg_temp.bond(before.peak)
		AND (f.finding = 'increase') = (e.peak > before.peak)),
	'findings: what the review of 2026-10-19 found in ' || count(*) || ' accounts')
FROM reporting.review_findings AS f
JOIN accounts AS a ON a.account = f.account AND a.projected_monthly IS NULL
JOIN pg_temp.in_force('2027-01-14') AS before ON before.account = f.account
LEFT JOIN (SELECT account, greatest(max(total), 0) AS peak FROM pg_temp.months(20)
		   WHERE month BETWEEN '2025-10-01' AND '2026-09-01' GROUP BY account) AS e ON e.account = f.account;
SELECT pg_temp.check(count(*) = (SELECT count(*) FROM accounts WHERE enrolled <= '2026-10-19'), 'findings: all that had enrolled by then')
FROM reporting.review_findings;

SELECT pg_temp.check(count(*) > 40 AND count(*) FILTER (WHERE r.account IS NULL OR e.account IS NULL OR r.top_up_due <> '2027-01-15' OR r.peak <> e.peak_at_due
		OR r.posted_bond <> e.bond_at_due OR r.posted_deposit <> e.deposit_at_due
		OR NOT pg_temp.covered(e.bond_at_due + r.shortfall_bond, e.deposit_at_due, e.peak_at_due)
		OR pg_temp.covered(e.bond_at_due + r.shortfall_bond - 0.01, e.deposit_at_due, e.peak_at_due)
		OR NOT pg_temp.covered(e.bond_at_due, e.deposit_at_due + r.shortfall_deposit, e.peak_at_due)) = 0,
	'top-ups: ' || count(*) || ' accounts that lack security on 2027-01-15, and no other')
FROM reporting.review_top_ups AS r
FULL JOIN (SELECT * FROM expected WHERE NOT pg_temp.covered(bond_at_due, deposit_at_due, peak_at_due)) AS e USING (account);

SELECT pg_temp.check(count(*) > 30 AND count(*) FILTER (WHERE r.account IS NULL OR e.account IS NULL OR r.difference <> pg_temp.bond(e.peak) - pg_temp.bond(e.rolling)) = 0,
	'reductions: ' || count(*) || ' worth a request, and no other')
FROM reporting.reduction_candidates AS r
FULL JOIN (SELECT e.* FROM (SELECT account, peak, greatest(rolling, projected) AS rolling FROM expected
		   JOIN (SELECT account::text AS account, projected_monthly AS projected FROM accounts) AS a USING (account)) AS e
		   WHERE pg_temp.bond(peak) >= pg_temp.bond(rolling) * 1.25 AND pg_temp.bond(peak) >= pg_temp.bond(rolling) + 1000) AS e USING (account);

-- the rest of the year as last year's days, moved by a year, in rows
CREATE TEMP TABLE imagined AS
SELECT account::text AS account, scenario, greatest(max(owed), 0) AS peak
FROM (SELECT account, scenario, date_trunc('month', day - 19) AS month, sum(amount) AS owed
	  FROM declarations,
		LATERAL (VALUES ('as last year', total), ('12 % more', total * 1.12), ('surtaxes gone', total - surtax * 1.05)) AS v (scenario, next),
		LATERAL (SELECT release_date AS day, total AS amount
				 UNION ALL
				 SELECT (release_date + interval '1 year')::date, next WHERE release_date BETWEEN '2025-11-25' AND '2026-10-19') AS d
	  WHERE is_last AND day BETWEEN '2026-10-20' AND '2027-10-19'
	  GROUP BY 1, 2, 3) AS m
GROUP BY 1, 2;
SELECT pg_temp.check(count(*) > 700 AND bool_and(w.peak = coalesce(i.peak, 0) AND w.next_required_bond = pg_temp.bond(coalesce(i.peak, 0))
		AND w.difference = w.next_required_bond - pg_temp.bond(e.peak_at_due)),
	'what if: ' || count(*) || ' peaks of three scenarios')
FROM reporting.what_if AS w
JOIN expected AS e USING (account)
LEFT JOIN imagined AS i USING (account, scenario);

SELECT pg_temp.check(count(*) >= 5 AND count(*) FILTER (WHERE n.account IS NULL OR e.account IS NULL OR n.computed <> e.computed OR n.difference <> e.amount - e.computed) = 0
		AND count(*) FILTER (WHERE n.unexplained = 0 AND n.nearest_form <> n.form AND n.nearest = n.notified) >= 3
		AND count(*) FILTER (WHERE n.unexplained <> 0) >= 1,
	'notices: ' || count(*) || ' differ; some show the whole month where half of it is required')
FROM reporting.notices_explained AS n
FULL JOIN (SELECT n.account::text AS account, n.amount, CASE n.form WHEN 'surety_bond' THEN pg_temp.bond(e.peak_at_due) ELSE e.peak_at_due END AS computed
		   FROM notices AS n JOIN expected AS e ON e.account = n.account::text WHERE review_closed = '2026-10-19') AS e USING (account)
WHERE e.amount <> e.computed OR n.account IS NOT NULL;

SELECT pg_temp.check(count(*) FILTER (WHERE urgency = 1) = (SELECT count(*) FROM expected WHERE NOT pg_temp.covered(bond, deposit, peak))
		AND sum(amount) FILTER (WHERE urgency = 2) = (SELECT sum(duties) FROM unpaid WHERE duties > 0)
		AND count(*) FILTER (WHERE urgency = 3) = (SELECT count(*) FROM bond_shares AS s JOIN bonds AS b USING (bond) WHERE b.ends >= :today AND s.term @> b.ends
			AND b.bond NOT IN (SELECT replaces FROM bonds WHERE replaces IS NOT NULL))
		AND count(*) FILTER (WHERE urgency = 4) > 30 AND count(*) FILTER (WHERE urgency = 7) = 1
		AND bool_and(amount > 0) AND bool_and(until >= :today), 'worklist: ' || count(*) || ' lines')
FROM reporting.worklist;

SELECT pg_temp.check(count(*) = (SELECT count(*) FROM reporting.delegated_accounts) AND count(*) > 200,
	'delegations: each reaches its accounts, ' || count(*))
FROM delegations AS d
JOIN accounts AS a ON left(a.account::text, 9) = d.number::text OR a.account::text = d.account::text
JOIN reporting.delegated_accounts AS r ON r.account = a.account::text
	AND (r.delegated = 'business') = (d.number IS NOT NULL) AND r.since = lower(d.term);

SELECT pg_temp.check(count(*) = (SELECT count(*) FROM accounts) AND bool_and((name_differences IS NULL) = (i.name = i.registered_name)
		AND c.business_number = left(c.account, 9) AND c.importer = i.name AND c.registered_name = i.registered_name),
	'checklist: numbers, names, and those that differ')
FROM reporting.registration_checklist AS c
JOIN importers AS i ON i.number::text = left(c.account, 9);

SELECT pg_temp.check(count(*) = (SELECT count(*) FROM importers) AND sum(shortfall_bond) = (SELECT sum(shortfall_bond) FROM reporting.security_positions)
		AND sum(duties_of_last_year) = (SELECT sum(total) FROM declarations WHERE is_last AND release_date BETWEEN '2025-11-20' AND '2026-11-19'),
	'portfolio: totals')
FROM reporting.portfolio_totals;

--
-- The portal's files
--

SELECT pg_temp.check(count(*) = 2 AND count(DISTINCT amounts) = 1 AND bool_and(amounts = '{18250.00,4110.50,-18250.00,31400.00,-1400.00}'),
	'portal: the English and the French file give the same five amounts')
FROM (SELECT file, array_agg(amount ORDER BY line) AS amounts FROM reporting.portal_transactions WHERE kind IN ('declaration', 'payment') GROUP BY file) AS t;
SELECT pg_temp.check(count(*) FILTER (WHERE cause IS NOT NULL) = 2 AND bool_and(kind = 'other') FILTER (WHERE cause IS NOT NULL), 'portal: only the totals'' lines have no date')
FROM reporting.portal_transactions;
SELECT pg_temp.check(array_agg((transaction_number, portal, own, difference, finding)::text ORDER BY file, transaction_number) = array_cat(one, one), 'portal: its declarations beside ours')
FROM reporting.portal_differences,
	(SELECT ARRAY['(14000000001014,18250.00,18250.00,0.00,"the same")', '(14000000001025,4110.50,4110.50,0.00,"the same")', '(14000000001036,30000.00,31400.00,-1400.00,"amounts differ")'] AS one) AS o
GROUP BY one;
