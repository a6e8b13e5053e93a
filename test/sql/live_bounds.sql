-- Live histories and their bounds: little memory, odd dates and amounts, long
-- histories, indexes of others.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA live_bounds;
SET search_path = live_bounds, public;
\getenv test PG_ABS_SRCDIR
\i :test/lib/recount.sql

--
-- More accounts than memory holds, in turn: one part each, in their order
--
SET work_mem = '64kB'; SET maintenance_work_mem = '1MB';
CREATE TABLE entries (account bigint, released date, duties numeric);
INSERT INTO entries SELECT i % 20000, date '2023-01-01' + (i * 7919) % 1000, i % 1000 - 300.25 FROM generate_series(1, 80000) i;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
SELECT count(*), count(DISTINCT account) FROM histories_parts;
SELECT count(*) AS out_of_order FROM (SELECT account < lag(account) OVER (ORDER BY ctid) AS back FROM histories_parts) p WHERE back;
SELECT * FROM recount('entries', 'histories');
SELECT rebuild_duties('entries');
SELECT count(*), count(DISTINCT account) FROM histories_parts;
-- a statement of as many
CREATE TABLE copied (LIKE entries);
SELECT track_duties('copied', 'account', 'released', 'duties', 'copies');
INSERT INTO copied SELECT i % 20000, date '2023-01-01' + (i * 7919) % 1000, i % 1000 - 300.25 FROM generate_series(1, 80000) i;
SELECT count(*), count(DISTINCT account) FROM copies_parts;
SELECT * FROM recount('copied', 'copies');
-- what is wrong is said to be, and nothing else
ALTER TABLE entries DISABLE TRIGGER USER;
UPDATE entries SET duties = duties + 1 WHERE account % 5000 = 7;
DELETE FROM entries WHERE account = 11;
INSERT INTO entries VALUES (-1, '2025-01-01', 5);
ALTER TABLE entries ENABLE TRIGGER USER;
SELECT rebuild_duties('entries');
SELECT * FROM recount('entries', 'histories');
SELECT rebuild_duties('entries');
SELECT count(*), count(DISTINCT account) FROM histories_parts;
SELECT untrack_duties('entries'), untrack_duties('copied');
DROP TABLE entries, copied;

-- equal accounts are one, however they are written
CREATE TABLE entries (account numeric, released date, duties numeric);
INSERT INTO entries SELECT ((i % 3000) || CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN '.0' ELSE '.00' END)::numeric, date '2023-01-01' + i % 900, 1 FROM generate_series(1, 40000) i;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
SELECT count(*), count(DISTINCT account) FROM histories_parts;
INSERT INTO entries SELECT ((i % 3000) || CASE i % 2 WHEN 0 THEN '.0' ELSE '.000' END)::numeric, date '2023-01-01' + i % 900, 1 FROM generate_series(1, 40000) i;
SELECT count(*), count(DISTINCT account) FROM histories_parts;
SELECT rebuild_duties('entries');
SELECT * FROM verify_duties('entries');
SELECT count(*), sum(total_duties(history, NULL::date, NULL::date)) FROM histories;
DROP TABLE entries CASCADE;

--
-- What a transaction remembers takes no more than work_mem
--
CREATE TABLE entries (account text, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
SET work_mem = '1MB';
BEGIN;
INSERT INTO entries SELECT repeat('x', 2500) || n, '2025-01-01', 1 FROM generate_series(1, 2500) n;
SELECT coalesce(sum(total_bytes), 0) < 3000000 AS little FROM pg_backend_memory_contexts WHERE name ~ 'accounts|histories';
COMMIT;
INSERT INTO entries SELECT account, released + n, duties FROM entries, generate_series(1, 2) n;
INSERT INTO entries SELECT account, released, duties FROM entries;
INSERT INTO entries SELECT account, released, duties FROM entries;
SELECT count(*) <= 3 * count(DISTINCT account) AS few, count(DISTINCT account) FROM histories_parts;
SELECT * FROM verify_duties('entries');
DROP TABLE entries CASCADE;
RESET work_mem; RESET maintenance_work_mem;

--
-- What no live history can hold is refused to the one who brings it
--
CREATE TABLE entries (account text, released date, duties numeric);
INSERT INTO entries VALUES ('a', '10000-01-01', 1);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
UPDATE entries SET released = '0044-03-15 BC';
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
UPDATE entries SET released = '2025-01-01', duties = -1e15;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
DELETE FROM entries;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES ('a', '2025-01-01', 1);
COPY entries FROM stdin;
a	2025-01-01	1
a	5874897-12-31	1
\.
UPDATE entries SET duties = 1e15;
UPDATE entries SET released = '4713-01-01 BC';
-- an account that an index holds only as its writer has it compressed
SET default_toast_compression = pglz;
INSERT INTO entries VALUES (repeat('x', 2597), '2025-01-01', 1);
INSERT INTO entries VALUES (repeat('x', 2596), '2025-01-01', 1);
RESET default_toast_compression;
DELETE FROM entries WHERE account <> 'a';
-- ... also in a row
CREATE TYPE keyed AS (name text, office integer);
CREATE TYPE nested AS (key keyed, name text);
CREATE TABLE long (name text);
INSERT INTO long VALUES (repeat('x', 20000)), (repeat('x', 2000));
CREATE TABLE rows_of (account keyed, nested nested, released date, duties numeric);
SELECT track_duties('rows_of', 'account', 'released', 'duties', 'keyed_histories'), track_duties('rows_of', 'nested', 'released', 'duties', 'nested_histories');
INSERT INTO rows_of SELECT ROW(name, 1)::keyed, NULL, '2025-01-01', 1 FROM long;
INSERT INTO rows_of SELECT ROW('a', 1)::keyed, ROW(ROW(name, 1)::keyed, 'b')::nested, '2025-01-01', 1 FROM long;
INSERT INTO rows_of SELECT ROW(name, 1)::keyed, ROW(ROW(name, 1)::keyed, 'b')::nested, '2025-01-01', 1 FROM long WHERE length(name) < 3000;
SELECT length((account).name), history FROM keyed_histories;
SELECT length(((account).key).name), history FROM nested_histories;
DROP TABLE long, rows_of CASCADE;
DROP TYPE keyed, nested CASCADE;
-- what has come all the same is found, and can go
ALTER TABLE entries DISABLE TRIGGER USER;
INSERT INTO entries VALUES ('a', '2025-01-01', 1e20), ('b', '10000-01-01', 1), ('c', 'infinity', 1), ('d', '2025-01-01', 'NaN'), (repeat('e', 10000), '2025-01-01', 1);
ALTER TABLE entries ENABLE TRIGGER USER;
SELECT rebuild_duties('entries');
DELETE FROM entries WHERE account > 'a';
UPDATE entries SET duties = 2 WHERE duties > 1;
SELECT * FROM histories;
SELECT * FROM verify_duties('entries');
DROP TABLE entries CASCADE;

--
-- An error about an entry names its account, to who may read it
--
\set SHOW_CONTEXT errors
CREATE TABLE entries (account program_account, released date, duties numeric);
INSERT INTO entries VALUES ('123456782RM0001', '2025-01-01', 1), ('123456782RM0002', '2025-01-01', 'NaN');
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
UPDATE entries SET duties = 1;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES ('123456782RM0001', '2025-01-01', 1), ('123456782RM0002', '2025-01-01', 'NaN'), ('123456782RM0003', '2025-01-01', 1);
INSERT INTO entries VALUES ('123456782RM0001', '2025-01-01', 1), ('123456782RM0002', 'infinity', 1);
UPDATE entries SET duties = 0.123456789 WHERE account = '123456782RM0002';
UPDATE entries SET duties = 1e15 WHERE account = '123456782RM0002';
UPDATE entries SET released = '0001-01-01 BC' WHERE account = '123456782RM0002';
ALTER TABLE entries DISABLE TRIGGER USER;
UPDATE entries SET duties = '-Infinity' WHERE account = '123456782RM0002';
ALTER TABLE entries ENABLE TRIGGER USER;
SELECT rebuild_duties('entries');
UPDATE entries SET duties = 1;
CREATE ROLE carm_blind;
GRANT USAGE ON SCHEMA live_bounds TO carm_blind;
GRANT INSERT, UPDATE, SELECT (duties) ON entries TO carm_blind;
SET ROLE carm_blind;
UPDATE entries SET duties = 'NaN';
RESET ROLE;
GRANT SELECT (account) ON entries TO carm_blind;
SET ROLE carm_blind;
UPDATE entries SET duties = 'NaN' WHERE account = '123456782RM0001';
RESET ROLE;
ALTER TABLE entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON entries USING (true);
SET ROLE carm_blind;
UPDATE entries SET duties = 'NaN' WHERE account = '123456782RM0001';
RESET ROLE;
DROP TABLE entries CASCADE;
DROP OWNED BY carm_blind;
DROP ROLE carm_blind;
-- an account that is too long is told as little
CREATE ROLE carm_blind;
GRANT USAGE ON SCHEMA live_bounds TO carm_blind;
CREATE TABLE entries (short text, account text GENERATED ALWAYS AS (repeat(short, 30)) STORED, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
GRANT INSERT ON entries TO carm_blind;
SET ROLE carm_blind;
INSERT INTO entries VALUES (repeat('x', 1000), DEFAULT, '2025-01-01', 1);
RESET ROLE;
INSERT INTO entries VALUES (repeat('x', 1000), DEFAULT, '2025-01-01', 1);
DROP TABLE entries CASCADE;
DROP OWNED BY carm_blind;
DROP ROLE carm_blind;
-- a long one is cut, and a generated one is read from what it is made of
CREATE TABLE entries (prefix text, account text GENERATED ALWAYS AS (repeat('x', 100) || prefix) STORED, released date, duties numeric) PARTITION BY LIST (prefix);
CREATE TABLE entries_a PARTITION OF entries DEFAULT;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES ('a', DEFAULT, '2025-01-01', 'NaN');
DROP TABLE entries CASCADE;
\set SHOW_CONTEXT never

--
-- One statement of many dates: what comes after doesn't write it anew
--
CREATE TABLE entries (account text, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries SELECT 'a', date '1000-01-01' + i, i FROM generate_series(1, 300000) i;
SELECT ctid AS large FROM histories_parts \gset
DO $$ BEGIN FOR i IN 1..50 LOOP INSERT INTO entries VALUES ('a', date '2025-01-01' + i, i); COMMIT; END LOOP; END $$;
SELECT count(*) FROM histories_parts WHERE ctid = :'large' AND pg_column_size(history) > 50000;
SELECT count(*) <= 4 AS few FROM histories_parts;
SELECT * FROM recount('entries', 'histories');
-- until as much has come
INSERT INTO entries SELECT 'a', date '1000-01-01' + i, i FROM generate_series(1, 300000, 7) i;
DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO entries SELECT 'a', date '1000-01-01' + j, i FROM generate_series(1, 300000, 30) j; COMMIT; END LOOP; END $$;
SELECT count(*) <= 6 AS few FROM histories_parts;
SELECT * FROM recount('entries', 'histories');
SELECT fold_duties('entries') > 0 AS folded;
SELECT count(*) FROM histories_parts;
SELECT * FROM recount('entries', 'histories');
DROP TABLE entries CASCADE;

--
-- Merging is optional: where it can't be had, parts stay as they are
--
CREATE TABLE entries (account text, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 1);
INSERT INTO entries VALUES ('a', '2025-02-01', 1), ('b', '2025-02-01', 1);
-- no such sum: parts that no count has made
UPDATE histories_parts SET history = '{2025-01-01:1600000000000000000000000000000}' WHERE account = 'a';
INSERT INTO entries VALUES ('a', '2025-03-01', 1), ('b', '2025-03-01', 1);
INSERT INTO entries VALUES ('a', '2025-04-01', 1), ('b', '2025-04-01', 1);
INSERT INTO entries VALUES ('a', '2025-05-01', 1), ('b', '2025-05-01', 1);
SELECT account, count(*) > 3 AS many, sum(entries) FROM histories_parts GROUP BY account ORDER BY account;
SELECT fold_duties('entries') > 0 AS folded;
SELECT account, count(*) FROM histories_parts GROUP BY account ORDER BY account;
SELECT * FROM histories WHERE account = 'b';
TRUNCATE histories_parts;
SELECT rebuild_duties('entries');
-- an index whose function fails for a sum, and not for its parts
CREATE FUNCTION at_most_six(duty_history) RETURNS numeric LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
BEGIN
	IF total_duties($1, NULL::date, NULL::date) > 6 THEN RAISE 'too much'; END IF;
	RETURN total_duties($1, NULL::date, NULL::date);
END $$;
CREATE INDEX too_much ON histories_parts (at_most_six(history));
DO $$ BEGIN FOR i IN 1..8 LOOP INSERT INTO entries VALUES ('a', '2025-01-01', i % 2), ('b', '2025-01-01', 0.1); COMMIT; END LOOP; END $$;
SELECT * FROM recount('entries', 'histories');
SELECT account, history FROM histories ORDER BY 1;
DROP INDEX too_much;
INSERT INTO entries VALUES ('a', '2025-01-01', 1);
SELECT count(*) <= 3 AS few FROM histories_parts WHERE account = 'a';
SELECT * FROM recount('entries', 'histories');
DROP TABLE entries CASCADE;

--
-- One account of many, by another key: its parts only
--
CREATE TABLE entries (account integer, released date, duties numeric);
INSERT INTO entries SELECT i, '2025-01-01', i FROM generate_series(1, 1000) i;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
CREATE TABLE importers AS SELECT i AS account, 'name ' || i AS name FROM generate_series(1, 1000) i;
CREATE INDEX ON importers (name);
ANALYZE;
CREATE FUNCTION looks_up(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Index Cond: .*\maccount = ' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT looks_up($$ SELECT name, history FROM importers i, LATERAL (SELECT history FROM histories h WHERE h.account = i.account OFFSET 0) x WHERE name = 'name 77' $$),
	looks_up($$ SELECT name, (SELECT history FROM histories h WHERE h.account = i.account) FROM importers i WHERE name = 'name 77' $$),
	looks_up($$ SELECT * FROM histories WHERE account = ANY (ARRAY(SELECT account FROM importers WHERE name = 'name 77')) $$);
SELECT name, history FROM importers i, LATERAL (SELECT history FROM histories h WHERE h.account = i.account OFFSET 0) x WHERE name = 'name 77';
DROP TABLE entries, importers CASCADE;
DROP FUNCTION looks_up;

--
-- The type of accounts changes under what a transaction remembers
--
CREATE ROLE live_ordinary;
CREATE SCHEMA ordinary AUTHORIZATION live_ordinary;
SET SESSION AUTHORIZATION live_ordinary;
SET search_path = ordinary, public;
CREATE TABLE entries (account text, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
BEGIN;
INSERT INTO entries VALUES ('a', '2025-01-01', 1);
DROP VIEW histories CASCADE;
ALTER TABLE histories_parts ALTER account TYPE integer USING 0;
COMMIT;
SELECT account, history FROM histories_parts;
DROP TABLE entries, histories_parts CASCADE;
-- ... from one kind of accounts to another, both ways
CREATE TABLE entries (account integer, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
BEGIN;
INSERT INTO entries VALUES (12345, '2025-01-01', 1);
SELECT untrack_duties('entries');
ALTER TABLE entries ALTER account TYPE text;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES ('a', '2025-01-01', 1);
COMMIT;
SELECT * FROM histories ORDER BY 1;
SELECT * FROM verify_duties('entries');
RESET SESSION AUTHORIZATION;
SET search_path = live_bounds, public;
DROP SCHEMA ordinary CASCADE;
DROP ROLE live_ordinary;

--
-- Accounts are hashed and compared for whoever writes, by a safe path
--
CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE called (who name, path text);
CREATE FUNCTION note() RETURNS void LANGUAGE sql AS 'INSERT INTO live_bounds.called VALUES (current_user, current_setting(''search_path''))';
CREATE FUNCTION pair_cmp(pair, pair) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM live_bounds.note(); RETURN pg_catalog.btint4cmp($1.a, $2.a); END';
CREATE FUNCTION pair_hash(pair) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM live_bounds.note(); RETURN pg_catalog.hashint4($1.a); END';
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM live_bounds.note(); RETURN $1.a OPERATOR(pg_catalog.=) $2.a; END';
CREATE FUNCTION pair_lt(pair, pair) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM live_bounds.note(); RETURN $1.a OPERATOR(pg_catalog.<) $2.a; END';
CREATE FUNCTION pair_gt(pair, pair) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM live_bounds.note(); RETURN $1.a OPERATOR(pg_catalog.>) $2.a; END';
CREATE OPERATOR = (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =, HASHES, MERGES);
CREATE OPERATOR < (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >);
CREATE OPERATOR > (FUNCTION = pair_gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <);
CREATE OPERATOR CLASS pair_order DEFAULT FOR TYPE pair USING btree AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >, FUNCTION 1 pair_cmp(pair, pair);
CREATE OPERATOR CLASS pair_hashes DEFAULT FOR TYPE pair USING hash AS OPERATOR 1 =, FUNCTION 1 pair_hash(pair);
CREATE ROLE live_holder; CREATE ROLE live_writer;
GRANT ALL ON SCHEMA live_bounds TO live_holder, live_writer;
GRANT INSERT ON called TO live_holder, live_writer;
CREATE TABLE entries (account pair, released date, duties numeric);
ALTER TABLE entries OWNER TO live_holder;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
GRANT INSERT ON entries TO live_writer;
TRUNCATE called;
SET SESSION AUTHORIZATION live_writer;
DO $$ BEGIN FOR i IN 1..5 LOOP INSERT INTO live_bounds.entries VALUES ((1, i), '2025-01-01', 1), ((2, i), '2025-01-01', 1); COMMIT; END LOOP; END $$;
RESET SESSION AUTHORIZATION;
SELECT DISTINCT who, path FROM called;
SELECT (account).a, sum(entries), count(*) <= 3 AS few FROM histories_parts GROUP BY 1 ORDER BY 1;
DROP TABLE entries CASCADE;

--
-- What compares accounts fails at a commit, is gone, or is another than before
--
CREATE TYPE key;
CREATE FUNCTION key_in(cstring) RETURNS key LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION key_out(key) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE key (INPUT = key_in, OUTPUT = key_out, LIKE = integer);
CREATE FUNCTION key_eq(key, key) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION key_lt(key, key) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION key_gt(key, key) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION key_hash(key) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE FUNCTION key_cmp(key, key) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
	IF current_setting('live_bounds.fail', true) = 'on' THEN RAISE 'no order'; END IF;
	RETURN btint4cmp($1::text::integer, $2::text::integer); END $$;
CREATE OPERATOR = (FUNCTION = key_eq, LEFTARG = key, RIGHTARG = key, COMMUTATOR = =, HASHES, MERGES);
CREATE OPERATOR === (FUNCTION = key_eq, LEFTARG = key, RIGHTARG = key, COMMUTATOR = ===, HASHES, MERGES);
CREATE OPERATOR < (FUNCTION = key_lt, LEFTARG = key, RIGHTARG = key, COMMUTATOR = >);
CREATE OPERATOR > (FUNCTION = key_gt, LEFTARG = key, RIGHTARG = key, COMMUTATOR = <);
CREATE OPERATOR CLASS key_order DEFAULT FOR TYPE key USING btree AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >, FUNCTION 1 key_cmp(key, key);
CREATE OPERATOR CLASS key_hashes DEFAULT FOR TYPE key USING hash AS OPERATOR 1 =, FUNCTION 1 key_hash(key);
CREATE TABLE entries (account key, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO entries VALUES ('1', '2025-01-01', 1), ('2', '2025-01-01', i); COMMIT; END LOOP; END $$;
-- an error of the type's own is one of the commit; the next one merges
BEGIN;
INSERT INTO entries VALUES ('1', '2025-01-01', 100);
SET LOCAL live_bounds.fail = on;
COMMIT;
SELECT * FROM histories ORDER BY 1;
INSERT INTO entries VALUES ('1', '2025-01-01', 10);
SELECT account, count(*) AS parts, rollup(history) AS history FROM histories_parts GROUP BY 1 ORDER BY 1;
-- gone
BEGIN;
DROP OPERATOR CLASS key_hashes USING hash;
\set VERBOSITY sqlstate
INSERT INTO entries VALUES ('1', '2025-01-01', 100);
ROLLBACK;
BEGIN;
DROP OPERATOR CLASS key_order USING btree CASCADE;
INSERT INTO entries VALUES ('1', '2025-01-01', 100), ('2', '2025-01-01', 100);
\set VERBOSITY default
ROLLBACK;
-- another: what was touched before is forgotten, what is touched since is merged
BEGIN;
INSERT INTO entries VALUES ('1', '2025-01-01', 1), ('2', '2025-01-01', 1);
INSERT INTO entries VALUES ('1', '2025-01-01', 1), ('2', '2025-01-01', 1);
DROP OPERATOR CLASS key_order USING btree CASCADE;
DROP OPERATOR CLASS key_hashes USING hash;
CREATE OPERATOR CLASS key_order DEFAULT FOR TYPE key USING btree AS OPERATOR 1 <, OPERATOR 3 ===, OPERATOR 5 >, FUNCTION 1 key_cmp(key, key);
CREATE OPERATOR CLASS key_hashes DEFAULT FOR TYPE key USING hash AS OPERATOR 1 ===, FUNCTION 1 key_hash(key);
CREATE INDEX ON histories_parts (account);
INSERT INTO entries VALUES ('1', '2025-01-01', 1), ('3', '2025-01-01', 1);
INSERT INTO entries VALUES ('1', '2025-01-01', 1), ('3', '2025-01-01', 1);
COMMIT;
SELECT account, count(*) AS parts, sum(entries) AS entries, rollup(history) AS history FROM histories_parts GROUP BY 1 ORDER BY 1;
SELECT account, count(*) AS entries, duty_history(released, duties) AS history FROM entries GROUP BY 1 ORDER BY 1;
DROP TABLE entries CASCADE;

--
-- A cancel ends the merging, and not the commit
--
CREATE TABLE entries (account integer, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
CREATE FUNCTION cancels(duty_history) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
	IF current_setting('live_bounds.cancel', true) = 'on' THEN PERFORM pg_cancel_backend(pg_backend_pid()); END IF;
	RETURN 1; END $$;
CREATE INDEX ON histories_parts (live_bounds.cancels(history));
DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO entries SELECT a, '2025-01-01', i FROM generate_series(1, 5) a; COMMIT; END LOOP; END $$;
BEGIN;
INSERT INTO entries SELECT a, '2025-01-01', 4 FROM generate_series(1, 5) a;
SET LOCAL live_bounds.cancel = on;
COMMIT;
-- the signal comes before the first account is merged, or right after
SELECT count(*) FILTER (WHERE parts = 4) >= 4 AS not_merged FROM (SELECT count(*) AS parts FROM histories_parts GROUP BY account) p;
SELECT * FROM recount('entries', 'histories');
INSERT INTO entries SELECT a, '2025-01-01', 5 FROM generate_series(1, 5) a;
SELECT max(parts) <= 3 AS few FROM (SELECT count(*) AS parts FROM histories_parts GROUP BY account) p;
SELECT * FROM recount('entries', 'histories');
DROP TABLE entries CASCADE;

--
-- A session that reads live histories remembers none that are gone
--
CREATE TABLE entries (account integer, released date, duties numeric);
DO $$ BEGIN FOR i IN 1..30 LOOP
	PERFORM track_duties('entries', 'account', 'released', 'duties', 'histories');
	EXECUTE 'SELECT FROM histories';
	PERFORM untrack_duties('entries');
	COMMIT;
END LOOP; END $$;
SELECT count(*) < 5 AS few FROM pg_backend_memory_contexts WHERE name = 'live histories read';
-- ... nor one that writes, how each statement's rows were to be read
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
DO $$ BEGIN FOR i IN 1..30 LOOP
	CREATE OR REPLACE FUNCTION pg_temp.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
	INSERT INTO entries VALUES (1, '2025-01-01', 1);
END LOOP; ASSERT (SELECT count(*) < 5 FROM pg_backend_memory_contexts WHERE name = 'rule of a live history'); END $$;
-- who merges very many accounts remembers none of their parts
BEGIN;
INSERT INTO entries SELECT a, '2025-01-01', 1 FROM generate_series(1001, 21000) a;
INSERT INTO entries SELECT a, '2025-01-01', 2 FROM generate_series(1001, 21000) a;
SELECT fold_duties('entries') >= 20000 AS folded;
SELECT sum(total_bytes) < 100000 AS few FROM pg_backend_memory_contexts WHERE name = 'Combo CIDs';
-- what was merged by this transaction is merged again
INSERT INTO entries SELECT a, '2025-01-01', 3 FROM generate_series(1001, 21000) a;
SELECT fold_duties('entries');
COMMIT;
SELECT * FROM recount('entries', 'histories');
-- ... also where it was merged before, and that was undone
BEGIN;
DO $$ BEGIN
	FOR i IN 1..50 LOOP INSERT INTO entries VALUES (5, '2025-01-01', 1); END LOOP;
	FOR i IN 1..4 LOOP
		BEGIN
			PERFORM fold_duties('entries');
			RAISE division_by_zero;
		EXCEPTION WHEN division_by_zero THEN NULL;
		END;
	END LOOP;
END $$;
SELECT count(*) FROM histories_parts WHERE account = 5;
COMMIT;
SELECT count(*) < 5 AS few, sum(entries) FROM histories_parts WHERE account = 5;
-- a history larger than what is merged at once is left alone, and the others become few
INSERT INTO entries SELECT 3, make_date(y, m, d), (999999999999999.12345678 - y) * (1 - 2 * (m % 2))
FROM generate_series(1, 9999) y, generate_series(1, 12) m, unnest('{1, 18, 20, 25}'::integer[]) d;
DO $$ BEGIN FOR i IN 1..30 LOOP INSERT INTO entries VALUES (3, '2025-01-01', 1); COMMIT; END LOOP; END $$;
SELECT count(*) < 5 AS few, sum(entries) FROM histories_parts WHERE account = 3;
SELECT fold_duties('entries') > 0 AS folded;
SELECT count(*) FROM histories_parts WHERE account = 3;
-- parts that come by a subscription are left as they are, but not where its owner may not change them
CREATE ROLE live_subscriber SUPERUSER;
SET ROLE live_subscriber;
SET client_min_messages = error;
CREATE SUBSCRIPTION live_subscription CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false);
SET client_min_messages = warning;
RESET ROLE;
ALTER ROLE live_subscriber NOSUPERUSER;
INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate)
SELECT oid, 'histories_parts'::regclass, 'r' FROM pg_subscription WHERE subname = 'live_subscription';
DO $$ BEGIN FOR i IN 1..6 LOOP INSERT INTO entries VALUES (5, '2025-01-01', 1); COMMIT; END LOOP; END $$;
SELECT count(*) FROM histories_parts WHERE account = 5;
SELECT fold_duties('entries');
GRANT INSERT ON histories_parts TO live_subscriber;
DO $$ BEGIN FOR i IN 1..6 LOOP INSERT INTO entries VALUES (4, '2025-01-01', 1); COMMIT; END LOOP; END $$;
SELECT count(*) FROM histories_parts WHERE account = 4;
SELECT fold_duties('entries');
SELECT rebuild_duties('entries');
DELETE FROM pg_subscription_rel WHERE srrelid = 'histories_parts'::regclass;
ALTER SUBSCRIPTION live_subscription SET (slot_name = NONE);
DROP SUBSCRIPTION live_subscription;
REVOKE ALL ON histories_parts FROM live_subscriber;
DROP ROLE live_subscriber;
-- many parts of one account are merged in little memory, some at a time
DO $$ BEGIN FOR i IN 1..40000 LOOP
	INSERT INTO entries VALUES (2, '2025-01-01', 1);
END LOOP; END $$;
SELECT count(*) < 5 AS few, sum(entries) FROM histories_parts WHERE account = 2;
SELECT * FROM verify_duties('entries');
DROP TABLE entries CASCADE;
DROP SCHEMA live_bounds CASCADE;
DROP ROLE live_holder, live_writer;
