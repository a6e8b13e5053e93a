-- The sample broker against plain SQL: prints "ok - name" or "not ok - name".

\set today '''2026-11-20''::date'

-- Says whether a condition holds.
CREATE FUNCTION pg_temp.check(holds boolean, name text) RETURNS text
LANGUAGE sql
RETURN CASE WHEN holds THEN 'ok - ' ELSE 'not ok - ' END || name;

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

\ir check_views.sql
\ir check_live.sql
