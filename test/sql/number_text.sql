-- Comparison of bn9 and program_account with each other and with text.

-- which operator each spelling finds
PREPARE by_varchar (varchar) AS SELECT '123456782'::bn9 = $1;
EXECUTE by_varchar('123-456-782');
SELECT n = '123456782', n = '123 456 782'::varchar, n = '123456782'::char(12), '123456782'::text = n, n <> 'x'::text,
	n IN ('123456782', '000000018'), n IN ('123456782'::text, 'x'), n = ANY ('{123-456-782,x}'::text[]), n = ANY ('{123-456-782}'::varchar[]),
	n = ANY ('{123456782}'), n BETWEEN '1'::text AND '2'::text, n BETWEEN '000000018' AND '999999998', 'x' || n, n || 'x'
FROM (VALUES ('123456782'::bn9)) v (n);
SELECT a = '123456782RM0001', a = '123456782 rm 0001'::varchar, a = '123456782RM0001'::char(20), '123456782RM0001'::text = a, a <> 'x'::text,
	a IN ('123456782RM0001'), a IN ('123456782RM0001'::text, 'x'), a = ANY ('{123456782-RM-0001,x}'::text[]), a BETWEEN '1'::text AND '2'::text,
	a < '123456782RM0002', a <@ '123456782', '123456782'::bn9 @> a, '000000018' @> a
FROM (VALUES ('123456782RM0001'::program_account)) v (a);
SELECT '123456782'::bn9 = 'oops'::text, '123456782'::bn9 = '123456782RM0001'::text, '123456782'::bn9 = NULL::text, '123456782'::bn9 = '123456782.'::text,
	'123456782'::bn9 = '-123456782'::text, '123456782'::bn9 = '123456782-'::text, '123456782'::bn9 = E'123\t456782'::text;
SELECT '123456782'::bn9 = 'oops';
-- a number and an account are never compared by chance
\set VERBOSITY terse
SELECT '123456782RM0001'::program_account = '123456782'::bn9;
\set VERBOSITY default

-- Dirty texts, seeded: letters, digits and separators, some of them valid.
CREATE TABLE dirty WITH (autovacuum_enabled = off) AS
SELECT i, CASE i % 4
	WHEN 0 THEN substr(translate(md5(i::text), 'abcdef', ' -0RMo'), 1, 1 + i % 17)
	WHEN 1 THEN overlay(s PLACING substr(E' --\t ax0\n.', 1 + h % 10, 1) FROM 1 + h % 15 FOR h % 2)
	WHEN 2 THEN lower(substr(s, 1, 3) || ' ' || substr(s, 4, 6) || repeat('-', h % 3) || substr(s, 10))
	ELSE repeat(' ', h % 2) || substr(s, 1, 9) || repeat('- ', h % 2) END AS t
FROM (SELECT i, ('x' || substr(md5('h' || i), 1, 6))::bit(24)::integer AS h,
	(ARRAY['123456782RM0001', '123456782RT0001', '000000018RM0001', '999999998ZZ9999', '089987002RC1818'])[1 + i % 5] AS s
	FROM generate_series(1, 4000) i) g;

-- What their letters and digits are, in plain SQL.
ALTER TABLE dirty ADD letters text COLLATE "C";
UPDATE dirty SET letters = upper(CASE WHEN length(trimmed) < 3 THEN replace(trimmed, ' ', '')
	ELSE left(trimmed, 1) || translate(substr(trimmed, 2, length(trimmed) - 2), ' -', '') || right(trimmed, 1) END)
FROM (SELECT i, btrim(t, E' \t\n\r\f\v') AS trimmed FROM dirty) b WHERE b.i = dirty.i;

CREATE TABLE number_value AS SELECT n::bn9 AS v FROM (VALUES ('123456782'), ('000000018'), ('999999998'), ('089987002')) v (n);
CREATE TABLE account_value AS SELECT n::program_account AS v
FROM (VALUES ('123456782RM0001'), ('123456782RT0001'), ('000000018RM0001'), ('999999998ZZ9999'), ('089987002RC1818')) v (n);

ANALYZE dirty, account_value;

-- A value is equal to a text if and only if the text is good input for it;
-- order is that of the letters; hashes agree; both directions agree.
SELECT count(*) AS pairs, count(*) FILTER (WHERE v = t) AS equal,
	count(*) FILTER (WHERE (v = t) <> (CASE WHEN is_bn9(t) THEN t::bn9 = v ELSE false END)) AS equal_wrongly,
	count(*) FILTER (WHERE bn9_text_cmp(v, t) <> CASE WHEN v::text COLLATE "C" < letters THEN -1 WHEN v::text COLLATE "C" > letters THEN 1 ELSE 0 END) AS ordered_wrongly,
	count(*) FILTER (WHERE bn9_text_cmp(v, t) <> -text_bn9_cmp(t, v)) AS asymmetric,
	count(*) FILTER (WHERE (v = t) <> (bn9_text_cmp(v, t) = 0) OR (v <> t) <> (bn9_text_cmp(v, t) <> 0) OR (v < t) <> (bn9_text_cmp(v, t) < 0)
		OR (v <= t) <> (bn9_text_cmp(v, t) <= 0) OR (v > t) <> (bn9_text_cmp(v, t) > 0) OR (v >= t) <> (bn9_text_cmp(v, t) >= 0)
		OR (t = v) <> (v = t) OR (t <> v) <> (v <> t) OR (t > v) <> (v < t) OR (t >= v) <> (v <= t) OR (t < v) <> (v > t) OR (t <= v) <> (v >= t)) AS inconsistent,
	count(*) FILTER (WHERE v = t AND (number_hash_value(v) <> number_text_hash(t) OR number_hash_value_extended(v, 42) <> number_text_hash_extended(t, 42))) AS hashed_apart,
	count(*) FILTER (WHERE v <> t AND number_hash_value(v) = number_text_hash(t)) AS hashed_together
FROM number_value, dirty;
SELECT count(*) AS pairs, count(*) FILTER (WHERE v = t) AS equal,
	count(*) FILTER (WHERE (v = t) <> (CASE WHEN is_program_account(t) THEN t::program_account = v ELSE false END)) AS equal_wrongly,
	count(*) FILTER (WHERE program_account_text_cmp(v, t) <> CASE WHEN v::text COLLATE "C" < letters THEN -1 WHEN v::text COLLATE "C" > letters THEN 1 ELSE 0 END) AS ordered_wrongly,
	count(*) FILTER (WHERE program_account_text_cmp(v, t) <> -text_program_account_cmp(t, v)) AS asymmetric,
	count(*) FILTER (WHERE (v = t) <> (program_account_text_cmp(v, t) = 0) OR (v <> t) <> (program_account_text_cmp(v, t) <> 0) OR (v < t) <> (program_account_text_cmp(v, t) < 0)
		OR (v <= t) <> (program_account_text_cmp(v, t) <= 0) OR (v > t) <> (program_account_text_cmp(v, t) > 0) OR (v >= t) <> (program_account_text_cmp(v, t) >= 0)
		OR (t = v) <> (v = t) OR (t <> v) <> (v <> t) OR (t > v) <> (v < t) OR (t >= v) <> (v <= t) OR (t < v) <> (v > t) OR (t <= v) <> (v >= t)) AS inconsistent,
	count(*) FILTER (WHERE v = t AND (number_hash_value(v) <> number_text_hash(t) OR number_hash_value_extended(v, 42) <> number_text_hash_extended(t, 42))) AS hashed_apart,
	count(*) FILTER (WHERE v <> t AND number_hash_value(v) = number_text_hash(t)) AS hashed_together
FROM account_value, dirty;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE number_text_cmp(a.t, b.t) <> CASE WHEN a.letters < b.letters THEN -1 WHEN a.letters > b.letters THEN 1 ELSE 0 END) AS ordered_wrongly,
	count(*) FILTER (WHERE (a.t #=# b.t) <> (a.letters = b.letters) OR (a.t #<># b.t) <> (a.letters <> b.letters) OR (a.t #<# b.t) <> (a.letters < b.letters)
		OR (a.t #<=# b.t) <> (a.letters <= b.letters) OR (a.t #># b.t) <> (a.letters > b.letters) OR (a.t #>=# b.t) <> (a.letters >= b.letters)) AS inconsistent,
	count(*) FILTER (WHERE a.t #=# b.t AND number_text_hash(a.t) <> number_text_hash(b.t)) AS hashed_apart,
	count(*) FILTER (WHERE a.t #<># b.t AND number_text_hash(a.t) = number_text_hash(b.t)) AS hashed_together
FROM dirty a, dirty b WHERE a.i % 7 = 0 AND b.i % 5 = 0;

-- long and compressed texts
SELECT '123456782'::bn9 = repeat(' ', 1000000) || '123456782', '123456782'::bn9 < repeat('9', 1000000), number_text_hash(repeat(' ', 1000000) || '123456782') = number_hash_value('123456782'::bn9);

-- hashes are frozen: hash partitions on disk depend on them
SELECT number_hash_value('123456782'::bn9), number_hash_value_extended('123456782'::bn9, 1), number_hash_value('123456782RM0001'::program_account),
	number_hash_value_extended('123456782RM0001'::program_account, 8816678312871386365), number_text_hash('no number'), number_text_hash_extended('', 7);
-- with seed 0 the low half is the plain hash
SELECT bool_and(number_hash_value_extended(v, 0)::bit(64)::bit(64) << 32 = (number_hash_value(v)::bit(32) || 0::bit(32))) FROM account_value;

-- joins of a value with text: hash, merge and nested loop find the same
CREATE FUNCTION pg_temp.joined(OUT pairs bigint, OUT sum numeric) LANGUAGE sql AS $$
	SELECT count(*), sum(i) FROM dirty JOIN account_value ON t = v $$;
SELECT pg_temp.joined();
SET enable_hashjoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT * FROM dirty JOIN account_value ON t = v;
SELECT pg_temp.joined();
RESET enable_nestloop; SET enable_mergejoin = off;
SELECT pg_temp.joined();
RESET enable_hashjoin;
EXPLAIN (COSTS OFF) SELECT * FROM dirty FULL JOIN account_value ON t = v;
SELECT count(*), count(t), count(v) FROM dirty FULL JOIN account_value ON t = v;
RESET enable_mergejoin; SET enable_hashjoin = off;
SELECT count(*), count(t), count(v) FROM dirty FULL JOIN account_value ON t = v;
RESET enable_hashjoin;
-- IN plans as a semi join of either side made unique, too
SELECT (SELECT count(*) FROM dirty WHERE t IN (SELECT v FROM account_value)) AS known,
	(SELECT count(*) FROM dirty WHERE t NOT IN (SELECT v FROM account_value)) AS unknown,
	(SELECT count(*) FROM account_value WHERE v IN (SELECT t FROM dirty)) AS used,
	(SELECT count(*) FROM account_value WHERE v NOT IN (SELECT t FROM dirty)) AS unused;
-- what two conditions imply together
SELECT count(*) FROM account_value JOIN dirty a ON a.t = v JOIN dirty b ON b.t = v WHERE v = '123456782RM0001'::text;

-- a filter on such a comparison may run before a security barrier's
SELECT count(*) AS operators, count(*) FILTER (WHERE p.proleakproof AND p.provolatile = 'i' AND p.proparallel = 's') AS leakproof,
	count(*) FILTER (WHERE o.oprcom <> 0) AS commute, count(*) FILTER (WHERE o.oprnegate <> 0) AS negate,
	count(*) FILTER (WHERE o.oprrest <> 0 AND o.oprjoin <> 0) AS estimated,
	count(*) FILTER (WHERE o.oprcanhash AND o.oprcanmerge) AS hash_and_merge
FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
JOIN pg_depend d ON d.objid = o.oid AND d.classid = 'pg_operator'::regclass AND d.deptype = 'e'
WHERE p.prosrc ~ '^(bn9|program_account|text_bn9|text_program_account|number_text)_';
DROP TABLE dirty, number_value, account_value;
