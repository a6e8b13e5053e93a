-- bn9 and program_account: what goes in, what comes out, what is refused.

-- separators, white space, case
SELECT s, s::bn9 FROM (VALUES ('123456782'), ('  123456782  '), (E'\t123456782\r\n'),
	('123 456 782'), ('12345-6782'), ('1-2-3 4 5 -- 6  782'), ('000089987')) v (s);
SELECT s, s::program_account FROM (VALUES ('123456782RM0001'), ('123456782 rm 0001'),
	('12345 6782 Rm0001'), ('12345-6782-RM-0001'), (E'\n 123456782 RM0001 '),
	('1 2 3 4 5 6 7 8 2 r m 0 0 0 1'), ('000089987RC1818'), ('851176719BC9999')) v (s);

-- what is refused, in the order in which causes are looked for
SELECT s, bn9_error(s), is_bn9(s) FROM (VALUES (''), ('  '), ('-'), ('-123456782'), ('123456782-'),
	(E'1234\t56782'), ('123456782.'), ('123456782.0'), ('123456782.00'), ('123456782_'), ('123/456/782'),
	('$123456789RM0001'), ('123456782RM0001'), ('123456782rm0001'), ('123456783RM0001'), ('123456789RM0001'), ('123456782RM0000'),
	('1'), ('12345678'), ('89987002'), ('89987000'), ('0089987'), ('089987'), ('89987'), ('9998'), ('1234567822'), ('123456782RM001'), ('ABCDEFGHI'), ('12345678O'), ('12345678o'),
	('I23456782'), ('l23456782'), ('L23456782'), ('123S56782'), ('000000000'), ('000-000-000'),
	('123456789'), ('123456780'), ('000000001'),
	('BN 123456782'), ('BN9: 123 456 782 '), ('BN 513489773 RM 0002'), ('GST/HST # 123456782RT0001'), ('N.E. 123456789'), ('BN'), ('# 123'), ('BN 12345678'), ('BN 123456782 (old)'),
	(repeat('x', 90) || '123456782'), ('123456782 BN'), (NULL)) v (s);
SELECT s, program_account_error(s), is_program_account(s) FROM (VALUES (''), (' - '), ('123456782RM0001-'),
	('123456782RM0001.'), ('123456782,RM,0001'), ('123456782'), ('123456783'), ('123456789'), ('RM0001'), ('123456782RM1'),
	('89987000RM0001'), ('00089987RC1818'), ('0089987RC1818'), ('89987RC1818'), ('123456782RM001'), ('123456782 rm 01'), ('123456783RM001'), ('89987RC818'), ('123456782R10001'), ('1234567821M0001'), ('123456782RMO001'), ('12345678ORM0001'), ('123456782RMl001'),
	('000000000RM0001'), ('123456789 RM 0001'), ('123456783RM0000'), ('123456782RM0000'),
	('BN 513489773 RM 0002'), ('GST/HST # 123456782RT0001'), ('BN15:123456782RM0001'), ('GSTHST 123456782'), ('RM 123456783 RM 0001'), (NULL)) v (s);
-- in one word each, to group by
SELECT bn9_error_code(s) COLLATE "C" AS bn9, program_account_error_code(s) COLLATE "C" AS account, count(*), string_agg(s, ' | ' ORDER BY s COLLATE "C")
FROM unnest('{"",123456782,123456782RM0001,123 456 782,"BN 123456782","BN 123456782RM0001",123456782.0,123/456,8998700,89987002,89987,12345678,123456782O,12345678O,123456782RM001,
	123456782RM0000,12345678211001,1234567821M0001,000000000,123456789,000000000RR0001,123456789 RM 0001,123456780,123456780RM0001,1234567822,NULL}'::text[]) s
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT bn9_error(repeat('9', 100000)), bn9_error(repeat(' ', 100000)), length(program_account_error(repeat('-', 100000)));

-- the same as errors
DO $$
DECLARE
	s text;
	message text;
	detail text;
	hint text;
BEGIN
	FOREACH s IN ARRAY ARRAY['SELECT ''123456789 RM 0001''::program_account', 'SELECT ''123456782RM0001''::bn9',
		'SELECT ''123456782''::program_account', 'SELECT '' ''::bn9', 'SELECT 5::bn9', 'SELECT (-1)::bn9',
		'SELECT 1000000000::bn9', 'SELECT 9223372036854775807::bn9', 'SELECT (-9223372036854775808)::bn9', 'SELECT 0::bn9',
		'SELECT ''12345678''::char(20)::bn9', 'SELECT ''12345678''::varchar::bn9', 'SELECT ''12345678''::text::bn9',
		'SELECT ''123456782RT0001''::program_account(RM)', 'SELECT ''123456782RT0001''::program_account::program_account(rm)',
		'SELECT ''123456782RT0001''::text::program_account(RM)',
		'SELECT program_account(''123456782''::bn9, ''R1'')', 'SELECT program_account(''123456782''::bn9, ''RMX'')', 'SELECT program_account(''123456782''::bn9, '''')',
		'SELECT program_account(''123456782''::bn9, ''RM'', 0)', 'SELECT program_account(''123456782''::bn9, ''RM'', 10000)', 'SELECT program_account(''123456782''::bn9, ''RM'', -1)',
		'SELECT NULL::program_account(R)', 'SELECT NULL::program_account(RM, RT)', 'SELECT NULL::program_account(12)', 'SELECT NULL::program_account(''R-'')']
	LOOP
		BEGIN
			EXECUTE s;
			RAISE NOTICE '% is accepted', s;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			RAISE INFO E'%\n  % %\n  DETAIL %\n  HINT %', s, SQLSTATE, message, detail, hint;
		END;
	END LOOP;
END
$$;

-- making and reading
SELECT program_account(n), program_account(n, 'rt'), program_account(n, 'ZZ', 9999),
	program_account(n, reference => 7), program_account(NULL), program_account(n, NULL)
FROM (VALUES ('123456782'::bn9)) v (n);
SELECT a, bn9(a), a::bn9, a::bn9::bigint, program_identifier(a), reference_number(a), is_import_export(a),
	lowest_program_account(a::bn9), highest_program_account(a::bn9)
FROM (VALUES ('123456782RM0001'::program_account), ('000089987RC1818'), ('999999998ZZ9999'), ('000000018AA0001')) v (a);
SELECT 123456782::bn9, 18::bn9, 123456782::bigint::bn9, '000000018'::bn9::bigint;
SELECT code, english_name, administered_by, to_char(ended, 'YYYY-MM-DD') AS ended FROM program_identifiers();
SELECT count(*), count(DISTINCT code), bool_and(code ~ '^[A-Z]{2}$'),
	string_agg(code, ' ') FILTER (WHERE administered_by = 'CBSA') FROM program_identifiers();

-- casts: which, and when they apply
SELECT castsource::regtype, casttarget::regtype,
	CASE castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END AS context
FROM pg_cast WHERE castsource IN ('bn9'::regtype, 'program_account'::regtype) OR casttarget IN ('bn9'::regtype, 'program_account'::regtype)
ORDER BY casttarget::regtype::text, castsource::regtype::text;
-- a column of the type beside a column of text: the result is text
SELECT pg_typeof(COALESCE(a, v)), pg_typeof(COALESCE(v, a)), pg_typeof(COALESCE(t, n)), pg_typeof(CASE WHEN true THEN n ELSE v END),
	pg_typeof(NULLIF(a, v)), pg_typeof(GREATEST(n, v)), pg_typeof(COALESCE(a, '123456782RM0001')), pg_typeof(ARRAY[a, v])
FROM (VALUES ('123456782RM0001'::program_account, '123456782'::bn9, '1'::varchar, '2'::text)) w (a, n, v, t);
SELECT '123456782RM0001'::program_account AS account UNION ALL SELECT '123456782 RM 0001'::varchar;
SELECT '123456782'::varchar AS number UNION SELECT '123456782'::bn9;
SELECT COALESCE('123456782RM0001'::program_account, 'none');
SELECT typname, typlen, typbyval, typcategory, typispreferred, typcollation, typalign, typstorage
FROM pg_type WHERE typname IN ('bn9', 'program_account') ORDER BY 1;
SELECT '123456782'::bn9 || 'x', '123456782'::bn9 LIKE '1234%', upper('123456782RM0001'::program_account),
	'123456782RM0001'::program_account::varchar(4), '123456782'::bn9::char(12) || '|', length('123456782'::bn9);
SELECT to_json('123456782RM0001'::program_account), to_jsonb('123456782'::bn9), row_to_json(t), jsonb_populate_record(t, '{"n": "123 456 782"}')
FROM (SELECT NULL::bn9 AS n) t;
SELECT '{123456782, 000000018}'::bn9[], ARRAY['123456782 RM 1000']::program_account(RM)[], array_agg(n ORDER BY n DESC) FROM unnest('{000000018,123456782}'::bn9[]) n;

-- type modifier
CREATE TABLE importer (account program_account(RM) PRIMARY KEY, payroll program_account(rp), business bn9);
INSERT INTO importer VALUES ('123456782RM0001', '123456782RP0001', '123456782');
INSERT INTO importer VALUES ('123456782RT0001', NULL, NULL);
INSERT INTO importer (account, payroll) VALUES ('123456782RM0002', '123456782RM0002'::program_account);
INSERT INTO importer (account) SELECT '123456782 rm 0003'::varchar;
INSERT INTO importer (account, business) VALUES ('123456782RM0004', 123456782);
UPDATE importer SET payroll = account;
ALTER TABLE importer ALTER account TYPE program_account(RT);
ALTER TABLE importer ALTER account TYPE program_account;
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'importer'::regclass AND attnum > 0 ORDER BY attnum;
SELECT * FROM importer ORDER BY account;
DROP TABLE importer;

-- the functions behind a modifier, called directly
SELECT program_account_typmod_in('{rm}'), program_account_typmod_out(454), program_account_typmod_out(-1), program_account_typmod_out(99999);
SELECT program_account_typmod_in('{}');
SELECT program_account_typmod_in('{NULL}');
SELECT program_account_typmod_in('{{RM},{RT}}');
SELECT program_account_in('123456782RM0001', 0, -1), program_account_in('123456782RM0001', 0, 454);
SELECT program_account_in('123456782RM0001', 0, 99999);
SELECT program_account('123456782RM0001'::program_account, 676, true);

-- domains
CREATE DOMAIN import_account AS program_account(RM) NOT NULL CHECK (reference_number(VALUE) < 9000);
SELECT '123456782RM0001'::import_account;
SELECT '123456782RM9000'::import_account;
SELECT '123456782RT0001'::import_account;
DROP DOMAIN import_account;

-- binary form: the text, checked on receipt
SELECT bn9_send('123456782'), program_account_send('123456782RM0001');
\getenv builddir PG_ABS_BUILDDIR
\set binary :builddir '/results/number_types.binary'
\set receive '\\copy received FROM ' :'binary' ' (FORMAT binary)'
CREATE TEMP TABLE received (number bn9, account program_account(RM));
COPY (SELECT '123-456-782'::text, '123456782 rm 0001'::text) TO STDOUT (FORMAT binary) \g :binary
:receive
COPY (SELECT '123456789'::text, NULL::text) TO STDOUT (FORMAT binary) \g :binary
:receive
COPY (SELECT NULL::text, '123456782RT0001'::text) TO STDOUT (FORMAT binary) \g :binary
:receive
SELECT * FROM received;
DROP TABLE received;

-- all Luhn-valid numbers, and no others, in two ranges of a million; Luhn in SQL
SELECT i / 500000000 AS range, count(*) FILTER (WHERE is_bn9(s)) AS accepted,
	count(*) FILTER (WHERE is_bn9(s) <> (i > 0 AND luhn % 10 = 0)) AS wrongly,
	min(s) FILTER (WHERE is_bn9(s)), max(s) FILTER (WHERE is_bn9(s))
FROM (
	SELECT i, to_char(i, 'FM000000000') AS s,
		i % 10 + i / 100 % 10 + i / 10000 % 10 + i / 1000000 % 10 + i / 100000000 +
		2 * (i / 10 % 10) - 9 * (i / 10 % 10 / 5) + 2 * (i / 1000 % 10) - 9 * (i / 1000 % 10 / 5) +
		2 * (i / 100000 % 10) - 9 * (i / 100000 % 10 / 5) + 2 * (i / 10000000 % 10) - 9 * (i / 10000000 % 10 / 5) AS luhn
	FROM (SELECT generate_series(0, 999999) UNION ALL SELECT generate_series(999000000, 999999999)) t (i)) t
GROUP BY 1 ORDER BY 1;
