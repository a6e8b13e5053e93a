-- Calls functions that never raise an error with whatever there is; prints how
-- many calls that were. Variables: encoding, never (their signatures).
CREATE EXTENSION carm;
SELECT setseed(0.25) \g /dev/null

-- texts: what people write, what they don't, and any bytes this encoding admits
CREATE FUNCTION as_text(b bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN convert_from(b, getdatabaseencoding());
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
CREATE TABLE of_text AS
SELECT v FROM unnest(ARRAY['', ' ', '-', '--', ' - ', '123456782', '123456789', '000000000', '123456782RM0001', '123456782 rm 0001', '987654324RM0000',
	'999999999ZZ9999', '1', repeat('1', 8), repeat('9', 16), repeat('9', 5000), repeat('- ', 5000), '857305932.0', 'RM', 'rm0001', '١٢٣',
	E'\t\n\v\f\r', '12345678O', 'lI0O', '''', '"', '\', '%', 'Ltd', 'limitee ltd', 'A & B Ltd.', 'A et B limitee', 'societe en commandite', 'S.E.N.C.', '1,234.56 $', '(500.00)', '3 Aug 2026', '03/08/2026', '2026-08-03']) v
WHERE current_setting('server_encoding') = 'UTF8' OR v !~ '[^[:ascii:]]';
INSERT INTO of_text SELECT DISTINCT as_text(b) FROM (
	SELECT decode(string_agg(lpad(to_hex(1 + (random() * 254)::integer), 2, '0'), ''), 'hex') AS b
	FROM generate_series(1, 200) i, generate_series(1, 1 + i % 7) GROUP BY i) r WHERE as_text(b) IS NOT NULL;
INSERT INTO of_text SELECT as_text(set_byte(convert_to('123456782RM0001', getdatabaseencoding()), i % 15, 1 + (i * 7) % 255)) FROM generate_series(3, 255, 3) i;
DELETE FROM of_text WHERE v IS NULL;

CREATE TABLE of_bn9 AS SELECT v::bn9 FROM unnest('{000000018,123456782,987654324,999999998}'::text[]) v;
CREATE TABLE of_program_account AS SELECT program_account(v, p, r) AS v FROM of_bn9, unnest('{AA,RM,ZZ}'::text[]) p, unnest('{1,9999}'::integer[]) r;
CREATE TABLE of_bigint AS SELECT v FROM unnest('{-9223372036854775808,-1,0,1,9223372036854775807}'::bigint[]) v;
CREATE TABLE of_integer AS SELECT v FROM unnest('{-2147483648,-1,0,1,459,675,676,2147483647}'::integer[]) v;
CREATE TABLE of_boolean AS SELECT v FROM unnest('{t,f,NULL}'::boolean[]) v;
CREATE TABLE of_regclass AS SELECT v::regclass FROM unnest('{0,1,4294967295}'::oid[]) v UNION ALL SELECT NULL;
CREATE TABLE of_duty_history AS SELECT v::duty_history FROM unnest(ARRAY['{}', '{2025-02-01:1}', '{4714-11-20 BC:1,5874897-12-25:-1}',
	'{2025-02-01:1701411834604692317316873037158.84105727}', '{2025-02-01:-1701411834604692317316873037158.84105727,2025-02-18:0.00000001}']) v;

-- every function, with everything its arguments can be
CREATE FUNCTION call_all(signatures text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	f regprocedure;
	calls bigint = 0;
	n bigint;
	tables text;
	arguments text;
BEGIN
	FOREACH f IN ARRAY string_to_array(signatures, E'\n')::regprocedure[] LOOP
		SELECT string_agg(format('of_%s a%s', t::regtype, o), ', ' ORDER BY o), string_agg(format('a%s.v', o), ', ' ORDER BY o)
		INTO tables, arguments
		FROM pg_proc, unnest(proargtypes) WITH ORDINALITY a (t, o) WHERE oid = f;
		EXECUTE format('SELECT count(*), count(CASE WHEN %s(%s) IS NULL THEN 1 ELSE 2 END) %s', f::regproc, arguments, 'FROM ' || tables) INTO n;
		calls = calls + n;
	END LOOP;
	RETURN calls;
END $$;
SELECT call_all(string_agg(s, E'\n')) FROM regexp_split_to_table(:'never', E'\n') s WHERE s !~ '\(\)$';
-- without arguments
SELECT count(*) FROM program_identifiers(), security_policy() \g /dev/null
