-- Part of check.sql: the live histories, which the views read, against sums of
-- the rows; and what all views keep to.

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
