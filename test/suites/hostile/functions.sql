--
-- Every function of the extension, as the catalog lists them, with every kind of
-- argument that SQL lets through. Run by test/suites/hostile/run, which sets :calls.
--
SELECT setseed(0.20251019);

CREATE TABLE source (account program_account, dated date, amount numeric);
CREATE TABLE tracked (account program_account, dated date, amount numeric);
INSERT INTO tracked VALUES ('123456782RM0001', '2025-02-01', 1);
SELECT track_duties('tracked', 'account', 'dated', 'amount', 'kept') IS NULL \g /dev/null
CREATE VIEW seen AS SELECT * FROM source;
CREATE SEQUENCE counted;

-- What to give for an argument of each type: expressions, NULL besides.
CREATE TABLE hostile_values (type regtype, expression text);
INSERT INTO hostile_values
SELECT type::regtype, expression FROM (VALUES
	('bn9', ARRAY['bn9 ''123456782''', 'bn9 ''000000018''', 'bn9 ''999999998''', 'damaged_bn9(0)', 'damaged_bn9(-1)', 'damaged_bn9(123456789)', 'damaged_bn9(2147483647)']),
	('program_account', ARRAY['program_account ''123456782RM0001''', 'program_account ''000000018AA0001''', 'program_account ''999999998ZZ9999''',
		'damaged_account(0)', 'damaged_account(-1)', 'damaged_account(9223372036854775807)', 'damaged_account(123456782::bigint << 24)']),
	('duty_history', ARRAY['duty_history ''{}''', 'duty_history ''{2025-02-01:1250.00,2025-02-18:-90.5}''', 'duty_history ''{4714-11-20 BC:1,5874897-12-25:1}''',
		'duty_history ''{2025-02-01:170141183460469231731687303715.88410572,2025-02-18:0.00000001}''', 'duty_history ''{2025-02-01:-170141183460469231731687303715.88410572}''',
		'(SELECT h FROM working_seeds WHERE n = 7)', '(SELECT h FROM working_seeds WHERE n = 8)', '(SELECT max(h) FROM seeds)', 'damaged(''\x'')', 'damaged(''\x12'')', 'damaged(''\xf1'')',
		'damaged(''\xf100000000000000ffffff7f0000000000000080'')', 'damaged(''\x18d80701'')', 'damaged((SELECT set_byte(bytes, 1, 3) FROM working_seeds WHERE n = 9))',
		'damaged(decode(repeat(''12'', 100000), ''hex''))']),
	('month_basis', ARRAY['month_basis ''calendar''', 'month_basis ''billing''', 'month_basis ''statement''', 'month_basis ''review''', 'damaged_basis(0)', 'damaged_basis(4294967295)', 'damaged_basis(16)']),
	('billing_stream', ARRAY['billing_stream ''commercial''', 'billing_stream ''courier_low_value''', 'billing_stream ''csa_option_1''', 'billing_stream ''csa_option_2''', 'billing_stream ''continuous_transmission''', 'damaged_stream(0)', 'damaged_stream(4294967295)']),
	('security_terms', ARRAY['security_terms()', 'security_terms(bond_minimum => 25000, bond_step => 1000)', 'ROW(0,0,0,NULL,0,0,0)::security_terms', 'ROW(-1,-1,-1,-1,-1,-1,-1)::security_terms',
		'ROW(''NaN'',''NaN'',''NaN'',''NaN'',''NaN'',''NaN'',''NaN'')::security_terms', 'ROW(1,1e30,''Infinity'',1e30,1,1e30,''Infinity'')::security_terms',
		'ROW(1e-8,0,''Infinity'',0.01,1e-8,0,''Infinity'')::security_terms', 'ROW(NULL,NULL,NULL,NULL,NULL,NULL,NULL)::security_terms', 'ROW(1e131071,1e131071,1e131071,1e131071,1e131071,1e131071,1e131071)::security_terms']),
	('security_form', ARRAY['security_form ''surety_bond''', 'security_form ''cash_deposit''', 'damaged_form(0)', 'damaged_form(4294967295)']),
	('text', ARRAY['''''::text', '''123456782''::text', '''123 456 782 RM 0001''::text', '''RM''::text', 'repeat(''1'', 1000000)', 'repeat('' - '', 100000)', 'repeat(''A & '', 20000)',
		'U&''\00A0\202F\FEFF\+01F341''::text', 'E''\x01''::text', '''Maple Ltd.''::text']),
	('character', ARRAY['''''::character(5)', '''123456782''::character(20)', '''x''::character(1000)']),
	('cstring', ARRAY['''''::cstring', '''123456782''::cstring', '''123456782RM0001''::cstring', '''{2025-02-01:1}''::cstring', '''{''::cstring', '''calendar''::cstring']),
	('cstring[]', ARRAY['''{}''::cstring[]', '''{RM}''::cstring[]', '''{RM,RT}''::cstring[]', '''{NULL}''::cstring[]', '''{{RM}}''::cstring[]', '''{R1}''::cstring[]', '''[5:5]={RM}''::cstring[]']),
	('numeric', ARRAY['0::numeric', '1250.00::numeric', '-0.01::numeric', '''NaN''::numeric', '''Infinity''::numeric', '''-Infinity''::numeric', '1e-9::numeric', '1e-16383::numeric', '1e30::numeric',
		'1e131071::numeric', '170141183460469231731687303715.88410572::numeric', '-170141183460469231731687303715.88410572::numeric', '170141183460469231731687303715.88410573::numeric']),
	('date', ARRAY['date ''-infinity''', 'date ''infinity''', 'date ''4714-11-24 BC''', 'date ''4713-01-01 BC''', 'date ''0001-01-01 BC''', 'date ''2025-02-01''', 'date ''2025-10-19''', 'date ''5874897-12-31''', 'date ''5874897-12-01''']),
	('date[]', ARRAY['''{}''::date[]', '''{2025-02-03,NULL,infinity}''::date[]', '''{{2025-02-03},{-infinity}}''::date[]', '''[-5:-4]={5874897-12-31,4714-11-24 BC}''::date[]',
		'array_fill(date ''2025-02-03'', ARRAY[10000])', 'array_fill(NULL::date, ARRAY[9])']),
	('integer', ARRAY['0', '1', '-1', '12', '-2147483648', '2147483647', '676', '9999', '10000']),
	('smallint', ARRAY['0::smallint', '(-32768)::smallint', '32767::smallint']),
	('bigint', ARRAY['0::bigint', '1::bigint', '-1::bigint', '123456782::bigint', '-9223372036854775808', '9223372036854775807']),
	('boolean', ARRAY['true', 'false']),
	('bytea', ARRAY['''\x''::bytea', '''\x00''::bytea', 'decode(repeat(''ff'', 100000), ''hex'')']),
	('oid', ARRAY['0::oid', '1::oid', '4294967295::oid', '''source''::regclass::oid']),
	('regclass', ARRAY['0::regclass', '4294967295::oid::regclass', '''pg_class''::regclass', '''source''::regclass', '''tracked''::regclass', '''kept''::regclass', '''seen''::regclass', '''counted''::regclass',
		'''pg_class_oid_index''::regclass', '''pg_toast.pg_toast_1255''::regclass']),
	('name', ARRAY['''''::name', '''account''::name', '''dated''::name', '''amount''::name', '''kept''::name', '''ctid''::name', '''tableoid''::name', 'repeat(''x'', 63)::name', '''"''::name']),
	('internal', ARRAY[]::text[])) AS v (type, expressions), unnest(expressions || format('NULL::%s', type)) AS expression;

CREATE TABLE functions AS
SELECT p.oid, p.oid::regprocedure AS signature, p.prokind, p.proretset, p.proargtypes::oid[] AS types
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
	AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm');

CREATE TABLE called (call text, outcome text);

-- One expression of each type, chosen at random: "a, b, c".
CREATE FUNCTION some_arguments(types oid[]) RETURNS text[] LANGUAGE sql VOLATILE
RETURN ARRAY(SELECT (SELECT expression FROM hostile_values AS v WHERE v.type = t AND n > 0 ORDER BY random() LIMIT 1)
	FROM unnest(types) WITH ORDINALITY AS u (t, n) ORDER BY n);

-- Runs a statement and undoes what it did; gives 'value' or the SQLSTATE.
CREATE FUNCTION outcome_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RAISE SQLSTATE 'OK000';
EXCEPTION
	WHEN SQLSTATE 'OK000' THEN RETURN 'value';
	WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Functions, called directly: all ways where these are few.
CREATE PROCEDURE call_functions(calls integer) LANGUAGE plpgsql AS $$
DECLARE
	f record;
	ways numeric;
	arguments text;
	call text;
BEGIN
	FOR f IN SELECT * FROM functions WHERE prokind = 'f' ORDER BY signature::text LOOP
		SELECT coalesce(exp(sum(ln(n))), 1) INTO ways
		FROM unnest(f.types) AS t, LATERAL (SELECT count(*)::numeric AS n FROM hostile_values WHERE type = t) AS c;
		FOR i IN 1 .. least(calls, 2 * ways) LOOP
			arguments := array_to_string(some_arguments(f.types), ', ');
			call := format('%s(%s)', f.oid::regproc, arguments);
			INSERT INTO called VALUES (call, outcome_of(format(
				CASE WHEN f.proretset THEN 'SELECT count(*) FROM (SELECT %s LIMIT 40) AS r' ELSE 'SELECT %s' END, call)));
		END LOOP;
		COMMIT;
	END LOOP;
END $$;

-- Up to six rows of hostile values.
CREATE FUNCTION some_rows(types oid[]) RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT '(VALUES ' || string_agg(format('(%s, %s)', i, array_to_string(some_arguments(CASE WHEN i > 0 THEN types END), ', ')), ', ') || ') AS v'
	|| (SELECT format('(n, %s)', string_agg('a' || n, ', ')) FROM generate_series(1, cardinality(types)) AS n)
	FROM generate_series(1, 1 + (random() * 5)::integer) AS i);

-- Aggregates: plain, of some rows, of distinct rows, over moving and growing frames.
CREATE FUNCTION aggregate_call(aggregate text, types oid[]) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	arguments text := (SELECT string_agg('a' || n, ', ') FROM generate_series(1, cardinality(types)) AS n);
BEGIN
	RETURN format((ARRAY['SELECT %s(%s) FROM %s', 'SELECT %s(%s) FILTER (WHERE n %% 2 = 0) FROM %s', 'SELECT %s(DISTINCT %s) FROM %s', 'SELECT %s(%s ORDER BY n DESC) FROM %s',
		'SELECT count(r) FROM (SELECT %s(%s) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS r FROM %s) AS w',
		'SELECT count(r) FROM (SELECT %s(%s) OVER (ORDER BY n) AS r FROM %s) AS w'])[1 + (random() * 5)::integer],
		aggregate, arguments, some_rows(types));
END $$;

CREATE PROCEDURE call_aggregates(calls integer) LANGUAGE plpgsql AS $$
DECLARE
	f record;
	call text;
BEGIN
	FOR f IN SELECT * FROM functions WHERE prokind = 'a' ORDER BY signature::text LOOP
		FOR i IN 1 .. calls LOOP
			call := aggregate_call(f.oid::regproc::text, f.types);
			INSERT INTO called VALUES (call, outcome_of(call));
		END LOOP;
		COMMIT;
	END LOOP;
END $$;

-- Aggregates of a stranger's making: any of our functions that fits as a
-- transition, inverse, combine or final function, with other initial values.
CREATE PROCEDURE call_foreign_aggregates(calls integer) LANGUAGE plpgsql AS $$
DECLARE
	f record;
	inverse text;
	final text;
	initial text;
	made text;
	call text;
BEGIN
	FOR f IN
		SELECT functions.*, proname, types[1] AS state, types[2:] AS inputs FROM functions JOIN pg_proc USING (oid)
		WHERE functions.prokind = 'f' AND cardinality(types) > 1 AND types[1] = prorettype AND NOT functions.proretset AND NOT types @> '{internal}'::regtype[]::oid[]
		ORDER BY signature::text
	LOOP
		FOR i IN 1 .. calls LOOP
			inverse := (SELECT oid::regproc::text FROM functions AS g WHERE g.types = f.types ORDER BY random() LIMIT 1);
			final := (SELECT g.oid::regproc::text FROM functions AS g WHERE g.types = ARRAY[f.state] AND NOT g.proretset AND g.prokind = 'f' ORDER BY random() LIMIT 1);
			initial := (SELECT quote_literal(x) FROM unnest(ARRAY['{}', '{2025-02-01:1250.00,2025-02-18:-90.5}', '{4714-11-20 BC:1,5874897-12-25:1}', '0', '123456782', '123456782RM0001', 't', 'x', NULL]) AS x ORDER BY random() LIMIT 1);
			made := format('CREATE AGGREGATE stranger(%s) (SFUNC = %s, STYPE = %s%s%s%s)',
				(SELECT string_agg(format_type(t, NULL), ', ' ORDER BY n) FROM unnest(f.inputs) WITH ORDINALITY AS u (t, n)), f.oid::regproc, format_type(f.state, NULL),
				CASE WHEN random() < 0.5 THEN ', INITCOND = ' || initial ELSE '' END,
				CASE WHEN random() < 0.7 THEN ', FINALFUNC = ' || final ELSE '' END,
				CASE WHEN random() < 0.5 THEN format(', MSFUNC = %s, MINVFUNC = %s, MSTYPE = %s%s', f.oid::regproc, inverse, format_type(f.state, NULL),
					CASE WHEN random() < 0.5 THEN ', MINITCOND = ' || initial ELSE '' END || CASE WHEN random() < 0.7 THEN ', MFINALFUNC = ' || final ELSE '' END) ELSE '' END);
			call := aggregate_call('stranger', f.inputs);
			INSERT INTO called VALUES (made || '; ' || call, outcome_of(made || '; ' || call));
		END LOOP;
		COMMIT;
	END LOOP;
END $$;

SELECT format('# no values for type %s: add some to test/suites/hostile/functions.sql', t::regtype) FROM functions, unnest(types) AS t
WHERE t NOT IN (SELECT type FROM hostile_values) GROUP BY t;
SELECT CASE WHEN count(*) = 0 THEN '' ELSE 'not ' END || 'ok - there are values for every type of argument' FROM functions, unnest(types) AS t
WHERE t NOT IN (SELECT type FROM hostile_values);

CALL call_functions(:calls);
CALL call_aggregates(:calls);
CALL call_foreign_aggregates(:calls / 4);

-- A value, or the error that the README gives for it; internal errors are none.
CREATE VIEW surprises AS
SELECT * FROM called WHERE outcome !~ '^(value|22P02|22P03|22003|22007|22008|22021|22023|22004|XX001|0A000|39P01|42|55000)';
SELECT format('# %s %s', left(outcome, 5), count(*)) FROM called GROUP BY left(outcome, 5) ORDER BY 1;
SELECT format('# surprise: %s: %s', left(call, 1000), outcome) FROM surprises LIMIT 30;
SELECT CASE WHEN NOT EXISTS (SELECT FROM surprises) AND count(DISTINCT signature) = (SELECT count(*) FROM functions) THEN '' ELSE 'not ' END
	|| format('ok - %s calls of %s functions and aggregates, and of aggregates made of them: a value or an error of its own',
		(SELECT count(*) FROM called), count(DISTINCT signature))
FROM functions;

-- A state that a stranger's aggregate shows as it grows is not changed behind its back.
CREATE AGGREGATE shown(date, numeric) (SFUNC = duty_history_transfn, STYPE = duty_history);
SELECT CASE WHEN bool_and(a = b) THEN '' ELSE 'not ' END || 'ok - working forms shown row by row'
FROM (SELECT shown(d, i) OVER w AS a, duty_history(d, i) OVER w AS b FROM (SELECT '2025-01-01'::date + i * 3 % 100 AS d, i FROM generate_series(1, 200) AS i) AS r
	WINDOW w AS (ORDER BY i)) AS s;
