-- Indexes on bn9 and program_account: which plans use them, and that every
-- plan finds the same rows.

-- a plan that is switched off costs so much that it would be compiled
SET jit = off;

-- every operator class is complete
SELECT amname, opcname, opcdefault, amvalidate(o.oid)
FROM pg_opclass o JOIN pg_am a ON a.oid = opcmethod
WHERE opcintype IN ('bn9'::regtype, 'program_account'::regtype) ORDER BY amname, opcname;
SELECT count(*) FILTER (WHERE amprocnum = 6) = CASE WHEN current_setting('server_version_num')::integer >= 180000 THEN 2 ELSE 0 END AS skip_support,
	count(*) FILTER (WHERE amprocnum = 4) AS equal_image, count(*) FILTER (WHERE amprocnum = 2) AS sort_support
FROM pg_amproc JOIN pg_opfamily f ON f.oid = amprocfamily
WHERE opfname IN ('bn9_ops', 'program_account_ops') AND opfmethod = 403;

-- 1,000 businesses with five accounts each
CREATE TABLE business AS
SELECT n FROM (SELECT to_char(i * 93789, 'FM00000000') AS s FROM generate_series(1, 1000) i) g,
	LATERAL (SELECT (s || d)::bn9 AS n FROM generate_series(0, 9) d WHERE is_bn9(s || d)) v;
CREATE TABLE declaration AS
SELECT row_number() OVER (ORDER BY md5(n::text || k)) AS id, program_account(n, (ARRAY['RM', 'RT', 'RM', 'AA', 'ZZ'])[k], (ARRAY[1, 1, 2, 1, 9999])[k]) AS account,
	n AS business FROM business, generate_series(1, 5) k ORDER BY 1;
CREATE INDEX declaration_account ON declaration (account);
CREATE INDEX declaration_business ON declaration (business);
VACUUM ANALYZE declaration, business;

-- btree
PREPARE by_varchar (varchar) AS SELECT id FROM declaration WHERE account = $1;
PREPARE by_number (bn9) AS SELECT id FROM declaration WHERE account <@ $1;
SET plan_cache_mode = force_generic_plan;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) EXECUTE by_varchar('x');
EXPLAIN (COSTS OFF) EXECUTE by_number('123456782');
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = ' 123456782 RM 0001'::text;
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = ANY ('{123456782RM0001,x}'::text[]);
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account <@ '123456782'::bn9;
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE '123456782'::bn9 @> account;
-- ... by the operators' functions as well
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE program_account_within_bn9(account, '123456782');
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE bn9_has_program_account('123456782', account);
SELECT count(*) AS within, count(*) FILTER (WHERE bn9_has_program_account(n, account)) AS has FROM (SELECT min(business) AS n FROM declaration) AS b, declaration WHERE program_account_within_bn9(account, n);
SELECT id FROM declaration WHERE account <@ NULL::bn9;
EXPLAIN (COSTS OFF) SELECT account FROM declaration ORDER BY account LIMIT 1;
EXPLAIN (COSTS OFF) SELECT account FROM declaration ORDER BY account DESC LIMIT 1;
CREATE INDEX business_n ON business (n);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM business b JOIN declaration d ON d.account <@ b.n WHERE b.n = '000937896'::text;
RESET enable_seqscan;
DROP INDEX business_n;
EXPLAIN (COSTS OFF) SELECT * FROM declaration d JOIN business b ON b.n = d.business;
EXPLAIN (COSTS OFF) SELECT * FROM declaration d JOIN business b ON b.n = d.account::bn9;
RESET enable_bitmapscan;
RESET plan_cache_mode;

-- All conditions, by every kind of plan; the oracle is the text, in C.
CREATE TABLE condition (condition text, oracle text, rows bigint, sum bigint);
INSERT INTO condition
SELECT format('%s %s %L%s', c, op, v, cast_to), format('%s::text COLLATE "C" %s %L', c, op, v)
FROM (SELECT account, business FROM declaration WHERE id IN (1, 777, 5000)
	UNION ALL VALUES ('000000018AA0001'::program_account, '999999998'::bn9)) d,
	LATERAL (VALUES ('account', account::text), ('business', business::text)) v (c, v),
	unnest('{=,<,<=,>,>=,<>}'::text[]) op, unnest('{"",::text,::varchar}'::text[]) cast_to
UNION ALL
SELECT format('account <@ %L::bn9', business), format('left(account::text, 9) = %L', business)
FROM declaration WHERE id IN (1, 777, 5000)
UNION ALL
SELECT format('%L::bn9 @> account', '123456782'), 'false';
CREATE FUNCTION pg_temp.found(condition text, OUT rows bigint, OUT sum bigint) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT count(*), sum(reference_number(account) + business::bigint) FROM declaration WHERE ' || condition INTO rows, sum;
END
$$;
UPDATE condition SET (rows, sum) = (SELECT f.rows, f.sum FROM pg_temp.found(oracle) f);
CREATE FUNCTION pg_temp.differences(settings text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	setting text;
	differences bigint;
BEGIN
	FOREACH setting IN ARRAY settings LOOP
		PERFORM set_config('enable_' || setting, 'off', true);
	END LOOP;
	SELECT count(*) INTO differences FROM condition c, LATERAL pg_temp.found(c.condition) f WHERE (f.rows, f.sum) IS DISTINCT FROM (c.rows, c.sum);
	FOREACH setting IN ARRAY settings LOOP
		PERFORM set_config('enable_' || setting, 'on', true);
	END LOOP;
	RETURN differences;
END
$$;
SELECT count(*), count(*) FILTER (WHERE rows > 0) AS find_rows FROM condition;
SELECT pg_temp.differences('{indexscan,indexonlyscan,bitmapscan}') AS seq,
	pg_temp.differences('{seqscan,bitmapscan}') AS index, pg_temp.differences('{seqscan,indexonlyscan,bitmapscan}') AS plain_index,
	pg_temp.differences('{seqscan,indexscan,indexonlyscan}') AS bitmap;
DROP INDEX declaration_account, declaration_business;
CREATE INDEX declaration_hash ON declaration USING hash (account);
CREATE INDEX declaration_hash2 ON declaration USING hash (business);
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = '123456782RM0001'::text;
SELECT pg_temp.differences('{seqscan}') AS hash;
DROP INDEX declaration_hash, declaration_hash2;
CREATE INDEX declaration_gist ON declaration USING gist (account, business);
SELECT pg_temp.differences('{seqscan}') AS gist;
SELECT pg_temp.differences('{seqscan,indexscan,indexonlyscan}') AS gist_bitmap;
SET enable_seqscan = off; SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT account, business FROM declaration WHERE account <@ '000937896' AND business > '123456782';
RESET enable_seqscan; RESET enable_bitmapscan;
DROP INDEX declaration_gist;
CREATE INDEX declaration_minmax ON declaration USING brin (account, business) WITH (pages_per_range = 4);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account <@ '000937896';
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account <= '000937896AA0001';
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = '000937896RM0001'::text::program_account;
RESET enable_seqscan;
-- BRIN takes no comparison with a collation, such as one with text
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = '000937896RM0001'::text;
SELECT pg_temp.differences('{seqscan}') AS minmax;
DROP INDEX declaration_minmax;
CREATE INDEX declaration_multi ON declaration USING brin (account program_account_minmax_multi_ops, business bn9_minmax_multi_ops) WITH (pages_per_range = 4);
SELECT pg_temp.differences('{seqscan}') AS minmax_multi;
DROP INDEX declaration_multi;
CREATE INDEX declaration_bloom ON declaration USING brin (account program_account_bloom_ops, business bn9_bloom_ops) WITH (pages_per_range = 4);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM declaration WHERE account = '000937896RM0001';
RESET enable_seqscan;
SELECT pg_temp.differences('{seqscan}') AS bloom;
DROP INDEX declaration_bloom;

-- a GiST index built row by row, with pages that split; the same from sorted values
CREATE TABLE grown (account program_account, business bn9);
CREATE INDEX ON grown USING gist (account);
INSERT INTO grown SELECT account, business FROM declaration;
SET enable_seqscan = off;
SELECT count(*), min(account), max(account) FROM grown WHERE account <= '000937896RM0001' OR account <@ '089987002';
SELECT count(*) FROM grown WHERE account > '050000009AA0001';
SELECT count(*) FROM declaration WHERE account > '050000009AA0001'::text;
RESET enable_seqscan;
DROP TABLE grown;

-- order is that of the text in C, both ways, also where nulls are
SELECT bool_and(a = b) FROM (SELECT account::text AS a, row_number() OVER (ORDER BY account) AS i FROM declaration) x
	JOIN (SELECT account::text AS b, row_number() OVER (ORDER BY account::text COLLATE "C") AS i FROM declaration) y USING (i);
SELECT bool_and(a = b) FROM (SELECT n::text AS a, row_number() OVER (ORDER BY n DESC) AS i FROM business) x
	JOIN (SELECT n::text AS b, row_number() OVER (ORDER BY n::text COLLATE "C" DESC) AS i FROM business) y USING (i);
SELECT min(account), max(account), min(business), max(business), count(DISTINCT account), count(DISTINCT business) FROM declaration;
SELECT min(n), max(n) FROM business WHERE n < '000000018';

-- partitions prune: by hash, by range, by list, and with text
CREATE TABLE by_hash (account program_account(RM)) PARTITION BY HASH (account);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_hash SELECT account FROM declaration WHERE is_import_export(account);
SELECT tableoid::regclass, count(*) FROM by_hash GROUP BY 1 ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT * FROM by_hash WHERE account = '123456782RM0001';
EXPLAIN (COSTS OFF) SELECT * FROM by_hash WHERE account = '123456782RM0001'::text;
CREATE TABLE by_range (business bn9) PARTITION BY RANGE (business);
CREATE TABLE by_range_low PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO ('050000009');
CREATE TABLE by_range_high PARTITION OF by_range FOR VALUES FROM ('050000009') TO (MAXVALUE);
INSERT INTO by_range SELECT n FROM business;
SELECT tableoid::regclass, count(*) FROM by_range GROUP BY 1 ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT * FROM by_range WHERE business < '020000006';
EXPLAIN (COSTS OFF) SELECT * FROM by_range WHERE business = '123456782'::text;
-- by ranges of accounts: a business's accounts are looked for where they can be
CREATE TABLE by_account (account program_account) PARTITION BY RANGE (account);
CREATE TABLE by_account_low PARTITION OF by_account FOR VALUES FROM (MINVALUE) TO ('300000007RM0001');
CREATE TABLE by_account_high PARTITION OF by_account FOR VALUES FROM ('300000007RM0001') TO (MAXVALUE);
EXPLAIN (COSTS OFF) SELECT * FROM by_account WHERE account <@ '123456782';
EXPLAIN (COSTS OFF) SELECT * FROM by_account WHERE account <@ '123456782' AND account BETWEEN program_account('123456782'::bn9, 'AA', 1) AND program_account('123456782'::bn9, 'ZZ', 9999);
DROP TABLE by_hash, by_range, by_account;

-- an account's bonds do not overlap
CREATE TABLE bond (account program_account(RM), business bn9, term daterange,
	EXCLUDE USING gist (account WITH =, term WITH &&), EXCLUDE USING gist (business WITH =, term WITH &&));
INSERT INTO bond VALUES ('123456782RM0001', '123456782', '[2025-01-01,2026-01-01)');
INSERT INTO bond VALUES ('123456782RM0002', '000000018', '[2025-01-01,2026-01-01)');
INSERT INTO bond VALUES ('123456782 RM 0001', '000000026', '[2025-12-31,2026-12-31)');
INSERT INTO bond VALUES ('123456782RM0003', '000000018', '[2025-12-31,2026-12-31)');
SELECT * FROM bond ORDER BY account;
DROP TABLE bond;

-- a security policy's filter waits for the comparison, as it is leakproof
CREATE TABLE secured (account program_account PRIMARY KEY, id integer);
INSERT INTO secured SELECT account, id FROM declaration;
ANALYZE secured;
CREATE ROLE regress_carm_broker;
GRANT SELECT ON secured TO regress_carm_broker;
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY even ON secured USING (id % 2 = 0);
SET ROLE regress_carm_broker;
EXPLAIN (COSTS OFF) SELECT * FROM secured WHERE account = '123456782 RM 0001'::varchar;
EXPLAIN (COSTS OFF) SELECT * FROM secured WHERE account <@ '000937896';
RESET ROLE;
DROP TABLE secured;
DROP ROLE regress_carm_broker;

-- how many rows <@ is expected to find: the plan's estimate, not the default
CREATE FUNCTION pg_temp.estimate(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END
$$;
CREATE TABLE skewed AS SELECT CASE WHEN id <= 2500 THEN '123456782RM0001' ELSE account END AS account FROM declaration;
ANALYZE skewed;
SELECT pg_temp.estimate($$SELECT FROM declaration WHERE account <@ '000937896'$$) BETWEEN 1 AND 10 AS one,
	pg_temp.estimate($$SELECT FROM declaration WHERE account <@ (SELECT min(n) FROM business)$$) BETWEEN 1 AND 10 AS unknown,
	pg_temp.estimate($$SELECT FROM declaration WHERE account <@ NULL$$) <= 1 AS none,
	pg_temp.estimate($$SELECT FROM business WHERE n @> '000937896RM0001'$$) BETWEEN 1 AND 2 AS number,
	pg_temp.estimate($$SELECT FROM skewed WHERE account <@ '123456782'$$) BETWEEN 2250 AND 2750 AS common,
	pg_temp.estimate($$SELECT FROM declaration JOIN business ON account <@ n$$) BETWEEN 4000 AND 6000 AS joined,
	pg_temp.estimate($$SELECT FROM business WHERE EXISTS (SELECT FROM declaration WHERE n @> account)$$) BETWEEN 700 AND 1000 AS semi,
	pg_temp.estimate($$SELECT FROM declaration JOIN business ON business = n::text$$) BETWEEN 4000 AND 6000 AS as_text;

-- a table partitioned into ranges of accounts: those without the number are left out
CREATE TABLE ranged (account program_account, id integer) PARTITION BY RANGE (account);
CREATE TABLE ranged_low PARTITION OF ranged FOR VALUES FROM (MINVALUE) TO ('000937896RM0001');
CREATE TABLE ranged_high PARTITION OF ranged FOR VALUES FROM ('000937896RM0001') TO (MAXVALUE) PARTITION BY RANGE (account);
CREATE TABLE ranged_mid PARTITION OF ranged_high FOR VALUES FROM ('000937896RM0001') TO ('500000005RM0001');
CREATE TABLE ranged_top PARTITION OF ranged_high FOR VALUES FROM ('500000005RM0001') TO (MAXVALUE);
CREATE TABLE ranged_other PARTITION OF ranged DEFAULT;
INSERT INTO ranged SELECT account, id FROM declaration;
INSERT INTO ranged VALUES (NULL, 0), ('987654324RT0001', 0);
EXPLAIN (COSTS OFF) SELECT * FROM ranged WHERE account <@ bn9 '987654324';
EXPLAIN (COSTS OFF) SELECT * FROM ranged WHERE bn9 '000937896' @> account;
EXPLAIN (COSTS OFF) UPDATE ranged SET id = id WHERE account <@ bn9 '987654324';
EXPLAIN (COSTS OFF) SELECT * FROM ONLY ranged_top WHERE account <@ bn9 '987654324';
PREPARE of_number(bn9) AS SELECT account, id FROM ranged WHERE account <@ $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE of_number('987654324');
EXECUTE of_number('987654324');
EXECUTE of_number(NULL);
-- a number that a driver sends as text; accounts of a domain
PREPARE of_text(text) AS SELECT account, id FROM ranged WHERE account <@ $1::bn9;
EXPLAIN (COSTS OFF) EXECUTE of_text('987654324');
EXECUTE of_text('987 654-324');
CREATE DOMAIN importer AS program_account CHECK (program_identifier(VALUE) = 'RM');
CREATE TABLE ranged_importers (account importer) PARTITION BY RANGE (account);
CREATE TABLE ranged_importers_low PARTITION OF ranged_importers FOR VALUES FROM (MINVALUE) TO ('500000005RM0001');
CREATE TABLE ranged_importers_top PARTITION OF ranged_importers FOR VALUES FROM ('500000005RM0001') TO (MAXVALUE);
INSERT INTO ranged_importers SELECT account FROM declaration WHERE program_identifier(account) = 'RM' GROUP BY 1;
PREPARE of_importer(bn9) AS SELECT account FROM ranged_importers WHERE account <@ $1;
EXPLAIN (COSTS OFF) EXECUTE of_importer('987654324');
RESET plan_cache_mode;
SELECT (SELECT count(*) FROM ranged_importers WHERE account <@ bn9 '000937896') = count(DISTINCT account) AS same
FROM declaration WHERE account <@ '000937896' AND program_identifier(account) = 'RM';
DROP TABLE ranged_importers;
DROP DOMAIN importer;
-- who has no right on the extension's schema may use its operators, by an index too
BEGIN;
CREATE ROLE number_reader;
CREATE SCHEMA numbered;
CREATE TABLE numbered.ranged (LIKE ranged) PARTITION BY RANGE (account);
CREATE TABLE numbered.ranged_all PARTITION OF numbered.ranged DEFAULT;
CREATE INDEX ON numbered.ranged (account);
INSERT INTO numbered.ranged SELECT account, id FROM declaration WHERE account <@ '000937896';
CREATE TABLE numbered.business AS TABLE business;
GRANT USAGE ON SCHEMA numbered TO number_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA numbered TO number_reader;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SET LOCAL enable_seqscan = off;
SET LOCAL ROLE number_reader;
SELECT count(*) > 0 AS found FROM numbered.business JOIN numbered.ranged ON account <@ n;
SELECT n FROM numbered.business WHERE EXISTS (SELECT FROM numbered.ranged WHERE account <@ n);
ROLLBACK;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT count(*) AS partitions_compared FROM pg_temp.plan('SELECT (SELECT count(*) FROM ranged WHERE account <@ n) FROM business') AS line
WHERE line ~ 'account >= lowest_program_account\(business\.n\)';
-- the same rows, in any clause
SELECT count(*) AS numbers, count(*) FILTER (WHERE found <> expected) AS wrong
FROM (SELECT n, (SELECT count(*) FROM ranged WHERE account <@ n) AS found, (SELECT count(*) FROM declaration WHERE bn9(account) = n) AS expected FROM business) AS b;
SELECT account <@ bn9 '987654324' AS of_number, count(*) FROM ranged GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM business WHERE n = '000937896' AND EXISTS (SELECT FROM business, declaration, skewed, ranged WHERE ranged.account <@ bn9 '987654324' AND business.n IS NOT NULL);
SELECT count(*) FROM business WHERE n IN ('000937896', '987654324') AND NOT EXISTS (SELECT FROM condition, ranged WHERE ranged.account <@ business.n);
SELECT count(*) FROM ranged WHERE NOT account <@ bn9 '987654324';
SELECT count(*) FROM ranged AS r LEFT JOIN ranged AS s ON s.account <@ bn9 '987654324' AND r.id = s.id WHERE s.account IS NULL;
DROP TABLE ranged, skewed, condition, declaration, business;
