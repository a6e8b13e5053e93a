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
