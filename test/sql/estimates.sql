--
-- What the planner expects of functions that return rows, against what comes
-- for three years of months; and that it takes the cost of reading a history
-- for more than that of a comparison
--
CREATE FUNCTION pg_temp.expected(query text, what text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan -> 0 -> 'Plan' ->> what;
END
$$;
CREATE FUNCTION pg_temp.counted(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM (' || query || ') AS q' INTO n;
	RETURN n;
END
$$;
CREATE TABLE three_years AS
SELECT i AS id, duty_history(date '2022-12-01' + n * 7, n % 9 * 100) AS h
FROM generate_series(1, 50) AS i, generate_series(0, 155) AS n GROUP BY i;
ANALYZE three_years;
SELECT query, pg_temp.expected(query, 'Plan Rows') AS expected, pg_temp.counted(query) AS counted
FROM unnest(ARRAY['SELECT * FROM security_policy()', 'SELECT * FROM program_identifiers()',
	'SELECT * FROM three_years, monthly_duties(h)', 'SELECT * FROM three_years, security_timeline(h)',
	'SELECT * FROM three_years, security_position(h, 100, NULL)', 'SELECT * FROM three_years, security_position(h, 100, NULL) WHERE status = ''short''',
	'SELECT unnest(legal_name_differences(''A Ltd.'', ''A Limited''))']) WITH ORDINALITY AS q (query, n)
ORDER BY n;
SELECT pg_temp.expected('SELECT * FROM three_years WHERE peak_monthly_duty(h, ''2025-11-30'') > 0', 'Total Cost')
	> pg_temp.expected('SELECT * FROM three_years WHERE h > ''{}''', 'Total Cost') AS reading_costs_more,
	pg_temp.expected('SELECT peak_monthly_duty(h, ''2025-11-30'') FROM three_years', 'Total Cost')
	< pg_temp.expected('SELECT security_position(h, 1, 1, ''2025-11-30'') FROM three_years', 'Total Cost') AS a_position_more;
DROP TABLE three_years;

-- The main queries: rows expected and found, and that planning one takes no
-- more memory than other queries do, where the server counts it
CREATE FUNCTION pg_temp.explained(query text, OUT expected numeric, OUT actual numeric, OUT fits boolean) LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, FORMAT json' || CASE WHEN current_setting('server_version_num')::integer >= 170000 THEN ', MEMORY) ' ELSE ') ' END || query
		INTO plan;
	expected := plan -> 0 -> 'Plan' ->> 'Plan Rows';
	actual := round((plan -> 0 -> 'Plan' ->> 'Actual Rows')::numeric);
	fits := coalesce((plan -> 0 -> 'Planning' ->> 'Memory Used')::integer < 256, current_setting('server_version_num')::integer < 170000);
END
$$;
CREATE TABLE declared AS
SELECT program_account(number, 'RM', reference) AS account, date '2022-12-01' + n * 7 AS day, n % 9 * 100.00 AS duties
FROM unnest('{123456782,100000009,111111118,999999998}'::bn9[]) AS number, generate_series(1, 3) AS reference, generate_series(0, 155) AS n;
CREATE INDEX ON declared (account);
SELECT track_duties('declared', 'account', 'day', 'duties', 'declared_live');
ANALYZE declared, declared_live_parts;
SELECT query, x.* FROM unnest(ARRAY['SELECT account, peak_monthly_duty(day, duties, ''2025-11-30'') FROM declared GROUP BY account',
	'SELECT account, required_bond(day, duties, ''2025-11-30'') FROM declared GROUP BY account',
	'SELECT account, p.* FROM (SELECT account, duty_history(day, duties) AS h FROM declared GROUP BY account) AS a, security_position(h, 5000, 0) AS p',
	'SELECT * FROM declared WHERE account <@ ''123456782''::bn9', 'SELECT * FROM declared WHERE account = ''123456782RM0003''::text',
	'SELECT account, p.* FROM declared_live, security_position(history, 5000, 0) AS p',
	'SELECT required_security(history, ''surety_bond'') FROM declared_live WHERE account = ''123456782RM0003''']) WITH ORDINALITY AS q (query, n),
	pg_temp.explained(query) AS x ORDER BY n;
SELECT untrack_duties('declared');
DROP TABLE declared;
-- accounts of a business where a few have most rows: a common one, one that isn't, one that isn't there, NULL;
-- of two columns nothing is known
CREATE TABLE skewed AS SELECT program_account(number, 'RM', 1) AS account, number FROM (SELECT number, row_number() OVER (ORDER BY number) AS n
	FROM generate_series(10000000, 10003000, 10) AS i, generate_series(0, 9) AS d, LATERAL (SELECT (i::text || d)::bn9 AS number WHERE is_bn9(i::text || d) OFFSET 0) AS b) AS b,
	generate_series(1, CASE WHEN n <= 4 THEN 175 ELSE 1 END);
ANALYZE skewed;
SELECT filter, x.expected, x.actual FROM (SELECT min(number) AS common, max(number) AS rare FROM skewed) AS m,
	LATERAL unnest(ARRAY[format('account <@ %L::bn9', common), format('account <@ %L::bn9', rare), 'account <@ ''999999998''::bn9',
		'account <@ nullif(current_setting(''carm.none'', true), '''')::bn9', 'account <@ number']) WITH ORDINALITY AS f (filter, n),
	pg_temp.explained('SELECT * FROM skewed WHERE ' || filter) AS x ORDER BY n;
DROP TABLE skewed;

-- ANALYZE of histories: what is counted is kept, histories aren't
CREATE TABLE kept AS SELECT CASE WHEN n % 5 > 0 THEN format('{2025-02-01:%s}', n % 7)::duty_history END AS history FROM generate_series(1, 1000) n;
CREATE INDEX ON kept ((history + history));
ANALYZE kept;
SELECT tablename, null_frac, n_distinct, num_nonnulls(most_common_vals, most_common_freqs, histogram_bounds, correlation) AS kept
FROM pg_stats WHERE tablename LIKE 'kept%' ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT history, count(*) FROM kept GROUP BY history;
DROP TABLE kept;
