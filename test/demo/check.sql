-- The sample broker against plain SQL: prints "ok - name" or "not ok - name".

\set today '''2026-11-20''::date'

-- Says whether a condition holds.
CREATE FUNCTION pg_temp.check(holds boolean, name text) RETURNS text
LANGUAGE sql
RETURN CASE WHEN holds THEN 'ok - ' ELSE 'not ok - ' END || name;

-- How long a relation takes to read, every column of it: the best of three,
-- since others may keep the machine busy.
CREATE FUNCTION pg_temp.seconds(relation text) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	best double precision;
BEGIN
	FOR n IN 1 .. 3 LOOP
		started := clock_timestamp();
		EXECUTE format('SELECT count(r::text) FROM %s AS r', relation);
		best := least(best, extract(epoch FROM clock_timestamp() - started));
		EXIT WHEN best < 0.5;
	END LOOP;
	RETURN best;
END
$$;

--
-- The data
--

SELECT pg_temp.check(count(*) >= 200, 'importers: 200 or more') FROM importers;
SELECT pg_temp.check(count(*) >= 20, 'importers with two accounts: 20 or more')
FROM (SELECT FROM accounts GROUP BY number HAVING count(*) = 2) AS t;
SELECT pg_temp.check(holds, name)
FROM (SELECT count(*) FILTER (WHERE is_last) AS last, count(*) FILTER (WHERE version > 1) AS corrections,
		count(*) FILTER (WHERE is_last AND total < 0) AS refunds, min(release_date) AS first_day, max(release_date) AS last_day
	  FROM declarations) AS t,
	LATERAL (VALUES
		(last >= 60000, 'declarations: 60,000 or more'),
		(corrections >= 1000, 'corrections: 1,000 or more'),
		(refunds >= 1000, 'refunds: 1,000 or more'),
		(last_day - first_day >= 4 * 365, 'four years'),
		(last_day = :today, 'up to the day the views speak of')) AS v (holds, name);
SELECT pg_temp.check(count(*) >= 50, 'months in credit: 50 or more')
FROM (SELECT FROM declarations WHERE is_last GROUP BY account, date_trunc('month', release_date) HAVING sum(total) < 0) AS t;
SELECT pg_temp.check(count(*) = 0, 'the last version, and only that, counts')
FROM (SELECT is_last, row_number() OVER (PARTITION BY transaction_number ORDER BY version DESC) AS nth FROM declarations) AS t
WHERE is_last <> (nth = 1);
SELECT pg_temp.check(count(*) = 0, 'seasons: the toy trade''s highest quarter is before Christmas')
FROM (SELECT date_trunc('quarter', release_date) AS quarter, sum(d.total) AS total
	  FROM declarations AS d JOIN accounts USING (account) JOIN importers USING (number)
	  WHERE trade = 'toys' AND is_last AND release_date BETWEEN '2024-01-01' AND '2024-12-31'
	  GROUP BY quarter ORDER BY total DESC LIMIT 1) AS t
WHERE extract(quarter FROM quarter) NOT IN (3, 4);
SELECT pg_temp.check(count(*) = (SELECT count(*) FROM importers), 'numbers: synthetic, with their check digit')
FROM (SELECT FROM importers, generate_series(1, 9) AS n,
		LATERAL (SELECT substr(number::text, n, 1)::integer * (2 - n % 2) AS product) AS product
	  WHERE number::text LIKE '0%' OR number = '123456782'
	  GROUP BY number
	  HAVING sum(product / 10 + product % 10) % 10 = 0) AS t;

-- The same data on every run, machine and server.
SELECT pg_temp.check(sum = :'data_sum', 'the data are those of every other server: ' || sum)
FROM (SELECT md5(string_agg(md5(concat_ws('|', transaction_number, version, is_last, account, release_date, accounting_date,
									customs_duties, excise, gst, anti_dumping, countervailing, surtax)),
						 '' ORDER BY transaction_number COLLATE "C", version)
			   || (SELECT string_agg(concat_ws('|', bond, number, surety, amount, since, notice, ends, replaces, term, claims_until), ',' ORDER BY bond COLLATE "C") FROM bonds)
			   || (SELECT string_agg(concat_ws('|', bond, effective, change), ',' ORDER BY bond COLLATE "C", effective) FROM bond_riders)
			   || (SELECT string_agg(concat_ws('|', bond, account, amount, term), ',' ORDER BY bond COLLATE "C", account::text COLLATE "C", term) FROM bond_shares)
			   || (SELECT string_agg(concat_ws('|', receipt, account, amount, term), ',' ORDER BY receipt COLLATE "C") FROM deposits)
			   || (SELECT string_agg(concat_ws('|', account, granted, peak), ',' ORDER BY account::text COLLATE "C", granted) FROM reductions)
			   || (SELECT string_agg(concat_ws('|', account, review_closed, form, amount, received), ',' ORDER BY account::text COLLATE "C", review_closed) FROM notices)
			   || (SELECT string_agg(concat_ws('|', receipt, account, release_date, amount, paid), ',' ORDER BY receipt COLLATE "C") FROM interim_payments)
			   || (SELECT string_agg(concat_ws('|', line, file, account, transaction_date, transaction_type, transaction_number, amount, balance), ',' ORDER BY line) FROM portal_lines)
			   || (SELECT string_agg(concat_ws('|', number, name, registered_name, client_since), ',' ORDER BY number::text COLLATE "C") FROM importers)
			   || (SELECT string_agg(concat_ws('|', account, stream, opened, enrolled, projected_monthly), ',' ORDER BY account::text COLLATE "C") FROM accounts)
			   || (SELECT string_agg(concat_ws('|', number, account, term), ',' ORDER BY id) FROM delegations)) AS sum
	  FROM declarations) AS t;

--
-- The constraints
--

-- What a statement fails with.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;

SELECT pg_temp.check(pg_temp.error_of(statement) = error, 'refused: ' || name)
FROM (VALUES
	('a wrong check digit', '22P02', $$INSERT INTO importers VALUES ('123456789', 'a', 'a', 'toys', '2025-01-01')$$),
	('an account of another program', '22P02', $$INSERT INTO accounts VALUES ('060138955RT0001', DEFAULT, DEFAULT, '2025-01-01', '2025-01-01')$$),
	('an account without its importer', '23503', $$INSERT INTO accounts VALUES ('172013906RM0001', DEFAULT, DEFAULT, '2025-01-01', '2025-01-01')$$),
	('a release of the year 206', '23514', $$UPDATE declarations SET release_date = '0206-11-02'$$),
	('enrolment before the account', '23514', $$UPDATE accounts SET enrolled = opened - 1$$),
	('two delegations of a business on one day', '23P01', $$INSERT INTO delegations (number, term) SELECT number, term FROM delegations WHERE number IS NOT NULL$$),
	('two delegations of an account on one day', '23P01', $$INSERT INTO delegations (account, term) SELECT account, term FROM delegations WHERE account IS NOT NULL$$),
	('a delegation of nothing', '23514', $$INSERT INTO delegations (term) VALUES ('[2025-01-01,)')$$),
	('a share of another business''s bond', '23503', $$INSERT INTO bond_shares VALUES ('SB-060637782-1', '123456782RM0001', DEFAULT, 1, '[2027-01-01,)')$$),
	('a cent more than is left of a bond', '23514', $$INSERT INTO bond_shares VALUES ('SB-060637782-1', '060637782RM0001', DEFAULT, 10000.01, '[2027-01-01,2027-01-02)')$$),
	('a larger share than is left of a bond', '23514', $$UPDATE bond_shares SET amount = amount + 10000.01 WHERE account = '060637782RM0002'$$),
	('shares that meet on one day only', '23514', $$INSERT INTO bond_shares VALUES ('SB-060637782-1', '060637782RM0001', DEFAULT, 6000, '[2027-01-01,2027-01-31]'), ('SB-060637782-1', '060637782RM0002', DEFAULT, 6000, '[2027-01-31,2027-03-01]')$$),
	('a rider that leaves less than the shares', '23514', $$INSERT INTO bond_riders VALUES ('SB-060637782-1', '2027-01-01', -10000.01)$$),
	('a rider taken out that the shares need', '23514', $$DELETE FROM bond_riders WHERE change > 0$$),
	('a bond lowered below its shares', '23514', $$UPDATE bonds SET amount = amount - 10000.01 WHERE bond = 'SB-060637782-1'$$),
	('29 days'' notice', '23514', $$UPDATE bonds SET notice = '2026-11-20', ends = '2026-12-19' WHERE bond = 'SB-060637782-1'$$),
	('an end without notice', '23514', $$UPDATE bonds SET ends = '2026-12-19' WHERE bond = 'SB-060637782-1'$$),
	('a bond that takes its own place', '23514', $$UPDATE bonds SET replaces = bond$$),
	('a bond that replaces another business''s', '23503', $$UPDATE bonds SET replaces = 'SB-060637782-1' WHERE bond = 'SB-018508002-1'$$),
	('a notice of no review', '23514', $$UPDATE notices SET review_closed = '2026-10-20'$$)
) AS t (name, error, statement);
BEGIN;
SELECT pg_temp.check(pg_temp.error_of(statement) = 'none', 'accepted: ' || name)
FROM (VALUES
	('what is left of a bond', $$INSERT INTO bond_shares VALUES ('SB-060637782-1', '060637782RM0001', DEFAULT, 10000, '[2027-01-01,2027-01-02)')$$),
	('shares on different days', $$INSERT INTO bond_shares VALUES ('SB-060637782-1', '060637782RM0001', DEFAULT, 6000, '[2027-01-03,2027-01-31)'), ('SB-060637782-1', '060637782RM0002', DEFAULT, 6000, '[2027-01-31,2027-03-01]')$$),
	('a rider, and a share of it', $$WITH r AS (INSERT INTO bond_riders VALUES ('SB-060637782-1', '2027-04-01', 5000)) INSERT INTO bond_shares VALUES ('SB-060637782-1', '060637782RM0002', DEFAULT, 15000, '[2027-04-01,2027-05-01)')$$),
	('a share moved to the other account', $$UPDATE bond_shares SET account = '060637782RM0001' WHERE account = '060637782RM0002' AND lower(term) = '2027-04-01'$$)
) AS t (name, statement);
ROLLBACK;
SELECT pg_temp.check(count(*) = 0, 'bonds: no share exceeds what is left, on any day')
FROM (SELECT bond, amount, day FROM bonds, generate_series(0, 900) AS n, LATERAL (SELECT date '2024-10-01' + n AS day) AS d) AS b
WHERE amount + (SELECT coalesce(sum(change), 0) FROM bond_riders AS r WHERE r.bond = b.bond AND effective <= day)
	< (SELECT coalesce(sum(amount), 0) FROM bond_shares AS s WHERE s.bond = b.bond AND term @> day);
SELECT pg_temp.check(holds, 'data: ' || name)
FROM (SELECT
		(SELECT count(*) FROM (SELECT bond FROM bond_shares GROUP BY bond HAVING count(DISTINCT account) > 1) AS t) AS apportioned,
		(SELECT count(*) FROM (SELECT account FROM securities WHERE term @> :today GROUP BY account HAVING count(DISTINCT surety) > 1) AS t) AS sureties,
		(SELECT count(*) FROM bonds AS b JOIN bonds AS r ON r.replaces = b.bond WHERE b.claims_until = b.ends + interval '1 year' AND r.since = b.ends + 1) AS replaced,
		(SELECT count(*) FROM bond_riders) AS riders,
		(SELECT count(*) FROM bonds WHERE ends > :today AND notice <= :today) AS ending,
		(SELECT count(*) FROM reductions) AS reductions,
		(SELECT count(*) FROM notices WHERE review_closed = '2026-10-19') AS notices,
		(SELECT count(*) FROM interim_payments) AS payments) AS t,
	LATERAL (VALUES
		(apportioned >= 10, apportioned || ' bonds apportioned over two accounts'),
		(sureties >= 5, sureties || ' accounts of two sureties'),
		(replaced >= 20, replaced || ' bonds replaced, claims against them for a year more'),
		(riders >= 50, riders || ' riders'),
		(ending >= 2, ending || ' bonds under notice'),
		(reductions >= 5, reductions || ' reductions granted'),
		(notices >= 50, notices || ' notices of the last review'),
		(payments >= 10, payments || ' interim payments')) AS v (holds, name);

-- Every amount refuses NaN and infinity, every day infinity, every name and
-- period what is empty.
CREATE FUNCTION pg_temp.takes(relation regclass, attribute name, value text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	changed bigint;
BEGIN
	EXECUTE format('UPDATE %s SET %I = %L WHERE ctid = (SELECT max(ctid) FROM %1$s)', relation, attribute, value);
	GET DIAGNOSTICS changed = ROW_COUNT;
	IF changed = 0 THEN
		RAISE 'no row in %', relation;
	END IF;
	RAISE triggered_action_exception;
EXCEPTION
	WHEN triggered_action_exception THEN
		RETURN true;
	WHEN integrity_constraint_violation OR data_exception THEN
		RETURN false;
END
$$;
SELECT pg_temp.check(count(*) FILTER (WHERE pg_temp.takes(c.oid, attname, value)) = 0 AND count(*) > 60,
	'refused by the tables'' own rules: NaN, infinity and empty, in ' || count(DISTINCT (c.oid, attnum)) || ' columns'
	|| coalesce(': ' || string_agg(c.relname || '.' || attname || ' ' || value, ', ') FILTER (WHERE pg_temp.takes(c.oid, attname, value)), ''))
FROM pg_class AS c JOIN pg_attribute AS a ON attrelid = c.oid AND attnum > 0 AND attgenerated = '' AND attidentity = '',
	LATERAL (SELECT value FROM (VALUES ('numeric', 'NaN'), ('numeric', 'Infinity'), ('numeric', '-Infinity'), ('date', 'infinity'), ('date', '-infinity'),
		('text', ''), ('daterange', 'empty'), ('daterange', '(,)'), ('daterange', '[-infinity,2025-01-01)'), ('daterange', '[2025-01-01,infinity)')) AS v (kind, value)
		WHERE kind = format_type(atttypid, NULL)) AS v
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '_parts$' AND relname <> 'portal_lines';

BEGIN;
INSERT INTO declarations (transaction_number, version, account, release_date, accounting_date, gst)
SELECT transaction_number, 2, account, release_date, accounting_date, 1
FROM declarations WHERE transaction_number LIKE '1674200000001_';
SELECT pg_temp.check(array_agg(is_last ORDER BY version) = '{f,t}', 'a correction takes the place of the version before it')
FROM declarations WHERE transaction_number LIKE '1674200000001_';
ROLLBACK;

-- a reduction of an earlier enrolment; what was paid ahead, and then no declaration counts
CREATE TEMP VIEW starts AS SELECT account, in_force_from, in_force_to, set_by, required_bond FROM reporting.requirements_in_force;
BEGIN;
CREATE TEMP TABLE before AS TABLE starts;
INSERT INTO reductions SELECT account, enrolled - 1, 5000 FROM accounts;
SELECT pg_temp.check(count(*) = 0, 'a reduction from before the enrolment counts for nothing')
FROM (TABLE starts EXCEPT TABLE before UNION ALL (TABLE before EXCEPT TABLE starts)) AS differ;
INSERT INTO interim_payments SELECT 'ahead', min(account), '2026-11-19', 777, '2026-11-19' FROM accounts;
UPDATE declarations SET is_last = false WHERE account = (SELECT min(account) FROM accounts);
SELECT pg_temp.check(array_agg(duties) = '{-777}', 'what was paid ahead is a credit, also where no declaration counts')
FROM reporting.duties_unpaid WHERE account = (SELECT min(account)::text FROM accounts);
ROLLBACK;

--
-- The views, against months summed by date_trunc
--

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

--
-- The live histories, which the views read, against sums of the rows
--

CREATE FUNCTION pg_temp.plan(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan::text;
END
$$;

SELECT pg_temp.check(plan LIKE '%"duty_histories_parts"%' AND plan NOT LIKE '%"declarations"%',
	format('reporting.%s reads live histories, and no declaration', view))
FROM unnest('{requirements_in_force,security_positions,security_timeline,review_findings,review_top_ups,reduction_candidates,duties_unpaid,notices_explained,registration_checklist,portfolio_totals}'::text[]) AS view,
	pg_temp.plan('SELECT * FROM reporting.' || view) AS plan;

-- Rows of a table that a query reads, whether it keeps them or not.
CREATE FUNCTION pg_temp.rows_read(relation text, query text) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, TIMING off, FORMAT json) ' || query INTO plan;
	RETURN coalesce(sum(((node ->> 'Actual Rows')::numeric + coalesce((node ->> 'Rows Removed by Filter')::numeric, 0)
						 + coalesce((node ->> 'Rows Removed by Index Recheck')::numeric, 0)) * (node ->> 'Actual Loops')::numeric), 0)
	FROM jsonb_path_query(plan, 'strict $.**') AS node
	WHERE node ->> 'Relation Name' = relation;
END
$$;

-- One importer among many: only the parts of its histories are read, one to three
-- an account, and twice where a report looks at a history twice.
SELECT pg_temp.check(read BETWEEN 1 AND 6 * accounts_asked AND read < whole / 3,
	format('reporting.%s asked for %s reads %s parts of %s', view, asked, read, whole))
FROM (SELECT account, importer FROM reporting.worklist WHERE urgency = 6 ORDER BY account LIMIT 1) AS one,
	(SELECT array_agg(account) AS accounts FROM (SELECT DISTINCT account FROM reporting.duties_unpaid ORDER BY account LIMIT 12) AS t) AS list,
	(SELECT count(*) AS whole FROM duty_histories_parts) AS parts,
	unnest('{requirements_in_force,security_positions,security_timeline,review_findings,review_top_ups,reduction_candidates,duties_unpaid,what_if,notices_explained,registration_checklist,worklist}'::text[]) AS view,
	LATERAL (VALUES
		('an account', 1, format('account = %L', account)),
		('a business number', 2, format('account = ANY (ARRAY(SELECT account::text FROM accounts WHERE account <@ %L::bn9))', left(account, 9))),
		('a name', 2, CASE view WHEN 'security_timeline'
			THEN format('account = ANY (ARRAY(SELECT account::text FROM accounts JOIN importers USING (number) WHERE name = %L))', importer)
			ELSE format('importer = %L', importer) END),
		('12 accounts', 12, format('account = ANY (%L)', accounts))) AS w (asked, accounts_asked, condition),
	LATERAL (SELECT pg_temp.rows_read('duty_histories_parts', format('SELECT * FROM reporting.%s WHERE %s', view, condition)) AS read) AS r;

-- Accounts whose live history is not the text of the sums by slice of month.
CREATE FUNCTION pg_temp.histories_that_differ() RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
	WITH sums AS (
		SELECT account, date_trunc('month', release_date)::date + CASE WHEN day < 18 THEN 0 WHEN day < 20 THEN 17 WHEN day < 25 THEN 19 ELSE 24 END AS slice, sum(total) AS total
		FROM declarations, LATERAL extract(day FROM release_date) AS day
		WHERE is_last
		GROUP BY 1, 2),
	expected AS (
		SELECT account, '{' || coalesce(string_agg(slice || ':' || total, ',' ORDER BY slice) FILTER (WHERE total <> 0), '') || '}' AS history
		FROM sums GROUP BY account)
	SELECT count(*) FROM expected AS e FULL JOIN duty_histories AS h USING (account)
	WHERE e.history IS DISTINCT FROM h.history::text;
END;

-- Accounts, but for new importers, whose position is not what plain SQL says.
CREATE FUNCTION pg_temp.positions_that_differ() RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
	SELECT count(*)
	FROM (SELECT account::text AS account FROM accounts WHERE projected_monthly IS NULL) AS a
	JOIN reporting.security_positions AS p USING (account)
	JOIN pg_temp.in_force('2026-11-20') AS f USING (account)
	LEFT JOIN (SELECT account, greatest(max(total) FILTER (WHERE month BETWEEN '2025-11-01' AND '2026-10-01'), 0) AS peak,
				coalesce(max(total) FILTER (WHERE month = '2026-11-01'), 0) AS current
			   FROM pg_temp.months(20) GROUP BY account) AS e USING (account)
	WHERE (p.peak, p.required_bond, p.required_deposit, p.rolling_peak, p.rolling_bond, p.current_duties)
		IS DISTINCT FROM (f.peak, pg_temp.bond(f.peak), f.peak, coalesce(e.peak, 0), pg_temp.bond(coalesce(e.peak, 0)), coalesce(e.current, 0));
END;

CREATE FUNCTION pg_temp.positions() RETURNS text[]
LANGUAGE sql
BEGIN ATOMIC
	SELECT array_agg(p::text ORDER BY account) FROM reporting.security_positions AS p;
END;

-- Runs a statement, and looks at histories and positions then.
CREATE FUNCTION pg_temp.check_after(name text, statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	before text[] := pg_temp.positions();
	moved bigint;
BEGIN
	EXECUTE statement;
	SELECT count(*) INTO moved FROM unnest(before, pg_temp.positions()) AS p (before, after) WHERE p.before <> p.after;
	RETURN pg_temp.check(moved > 0 AND pg_temp.histories_that_differ() = 0 AND pg_temp.positions_that_differ() = 0,
		format('live: %s, %s positions moved in the same transaction', name, moved));
END
$$;

SELECT pg_temp.check(pg_temp.histories_that_differ() = 0, 'live: as loaded, with corrections by the row');
BEGIN;
SELECT md5(string_agg(account || ' ' || history::text, ',' ORDER BY account)) AS histories FROM duty_histories \gset
SELECT pg_temp.check_after('one declaration', $$INSERT INTO declarations (transaction_number, account, release_date, accounting_date, gst)
	SELECT '99000000000000', account, '2026-10-31', '2026-11-03', 1000000 FROM accounts ORDER BY account LIMIT 1$$);
SELECT pg_temp.check_after('a correction of it', $$INSERT INTO declarations (transaction_number, version, account, release_date, accounting_date, gst)
	SELECT transaction_number, 2, account, release_date, accounting_date, 10 FROM declarations WHERE transaction_number = '99000000000000'$$);
SELECT pg_temp.check_after('500 corrections', $$INSERT INTO declarations (transaction_number, version, account, release_date, accounting_date, customs_duties, gst)
	SELECT transaction_number, version + 1, account, release_date, accounting_date, customs_duties * 3, gst * 3
	FROM declarations WHERE is_last AND release_date > '2026-06-01' ORDER BY hashtext(transaction_number) LIMIT 500$$);
SELECT pg_temp.check_after('10,000 declarations', $$INSERT INTO declarations (transaction_number, account, release_date, accounting_date, customs_duties)
	SELECT '98' || to_char(n, 'FM000000000000'), account, date '2026-11-20' - n % 400, '2026-11-20', n * 1.37
	FROM (SELECT account, row_number() OVER (ORDER BY account) - 1 AS k FROM accounts) AS a
	JOIN generate_series(1, 10000) AS n ON n % 268 = k$$);
SELECT pg_temp.check_after('days moved', $$UPDATE declarations SET release_date = release_date - 25 WHERE transaction_number LIKE '98%7'$$);
SELECT pg_temp.check_after('accounts moved', $$UPDATE declarations SET account = '060138955RM0001' WHERE transaction_number LIKE '98%3'$$);
SELECT pg_temp.check_after('deletions', $$DELETE FROM declarations WHERE transaction_number LIKE '98%1'$$);
SAVEPOINT here;
SELECT pg_temp.check_after('an account''s declarations gone', $$DELETE FROM declarations WHERE account = '078152618RM0001'$$);
SELECT pg_temp.check_after('all of them gone', 'TRUNCATE declarations');
ROLLBACK TO here;
SELECT pg_temp.check(pg_temp.histories_that_differ() = 0 AND pg_temp.positions_that_differ() = 0, 'live: back to a savepoint');
ROLLBACK;
SELECT pg_temp.check(md5(string_agg(account || ' ' || history::text, ',' ORDER BY account)) = :'histories'
	AND pg_temp.histories_that_differ() = 0, 'live: rolled back, as before')
FROM duty_histories;
SELECT pg_temp.check(count(*) = 0, 'live: verify_duties finds nothing') FROM verify_duties('declarations');

SELECT pg_temp.check(seconds < 1, format('%s in under a second: %s ms', relation, round(1000 * seconds)))
FROM pg_class AS c, format('reporting.%I', c.relname) AS relation, pg_temp.seconds(relation) AS seconds
WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v'
ORDER BY relname;

SELECT pg_temp.check(count(*) = 0, 'every table, view, column and function has a comment' || coalesce(': ' || string_agg(missing, ', '), ''))
FROM (SELECT a.attrelid::regclass || '.' || a.attname AS missing
	  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
	  WHERE c.relnamespace IN ('public'::regnamespace, 'reporting'::regnamespace) AND c.relkind IN ('r', 'v')
		AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
	  UNION ALL
	  SELECT c.oid::regclass::text FROM pg_class AS c
	  WHERE c.relnamespace IN ('public'::regnamespace, 'reporting'::regnamespace) AND c.relkind IN ('r', 'v')
		AND obj_description(c.oid, 'pg_class') IS NULL
	  UNION ALL
	  SELECT p.oid::regprocedure::text FROM pg_proc AS p
	  WHERE p.pronamespace IN ('public'::regnamespace, 'reporting'::regnamespace)
		AND obj_description(p.oid, 'pg_proc') IS NULL) AS t;

SELECT pg_temp.check(count(*) = 0, 'the comments of the reporting views are in English / French' || coalesce(': ' || string_agg(name, ', '), ''))
FROM (SELECT a.attrelid::regclass || '.' || a.attname, col_description(c.oid, a.attnum)
	  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
	  WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND NOT a.attisdropped
	  UNION ALL
	  SELECT c.oid::regclass::text, obj_description(c.oid, 'pg_class') FROM pg_class AS c
	  WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v') AS t (name, comment)
WHERE comment NOT LIKE '_% / _%' OR comment LIKE '% / % / %';

SELECT pg_temp.check(count(*) = 0, 'the views give every number as text')
FROM information_schema.columns
WHERE table_schema = 'reporting' AND data_type NOT IN ('text', 'date', 'numeric', 'boolean', 'integer', 'bigint');
