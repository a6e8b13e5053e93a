-- Live histories when what they are made of is renamed, moved, changed or dropped.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA live_changes;
CREATE SCHEMA elsewhere;
SET search_path = live_changes, public;
\getenv test PG_ABS_SRCDIR
\i :test/lib/recount.sql
CREATE FUNCTION remains() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT relname::text FROM pg_class WHERE relnamespace IN ('live_changes'::regnamespace, 'elsewhere'::regnamespace)
		AND relkind IN ('r', 'v')
	UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgfoid = 'count_duties'::regproc
	ORDER BY 1
$$;

CREATE TABLE entries (id integer, account text, released date, duties numeric, latest boolean);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories', 'latest');
INSERT INTO entries VALUES (1, 'a', '2025-01-01', 1, true);

-- renamed and moved, one after the other
ALTER TABLE entries RENAME TO declarations;
INSERT INTO declarations VALUES (2, 'a', '2025-01-01', 1, true);
ALTER TABLE declarations SET SCHEMA elsewhere;
INSERT INTO elsewhere.declarations VALUES (3, 'a', '2025-01-01', 1, true);
ALTER TABLE elsewhere.declarations RENAME latest TO "is last";
UPDATE elsewhere.declarations SET "is last" = false WHERE id = 2;
ALTER VIEW histories RENAME TO current_histories;
ALTER VIEW histories_entries RENAME TO what_counts;
ALTER TABLE histories_parts SET SCHEMA elsewhere;
ALTER TABLE elsewhere.histories_parts RENAME TO pieces;
INSERT INTO elsewhere.declarations VALUES (4, 'a', '2025-01-01', 1, true);
SELECT * FROM tracked_duties();
SELECT * FROM recount('elsewhere.declarations', 'current_histories', '"is last"');
SELECT * FROM verify_duties('elsewhere.declarations');
SELECT fold_duties('elsewhere.declarations');
SELECT rebuild_duties('elsewhere.declarations', 'current_histories');
SELECT untrack_duties('elsewhere.declarations', 'histories');
SELECT untrack_duties('elsewhere.declarations', 'current_histories');
SELECT * FROM remains();
ALTER TABLE elsewhere.declarations SET SCHEMA live_changes;
ALTER TABLE declarations RENAME TO entries;
ALTER TABLE entries RENAME "is last" TO latest;

-- the extension's schema is renamed
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories', 'latest');
ALTER SCHEMA public RENAME TO "of carm";
INSERT INTO entries VALUES (5, 'a', '2025-01-01', 1, true);
SELECT * FROM "of carm".verify_duties('entries');
SELECT "of carm".rebuild_duties('entries');
SELECT "of carm".track_duties('entries', 'account', 'released', 'duties', 'others');
UPDATE entries SET duties = duties + 1;
SELECT target FROM "of carm".tracked_duties() ORDER BY 1;
SELECT * FROM histories;
SELECT * FROM others;
SELECT "of carm".untrack_duties('entries', 'others');
ALTER SCHEMA "of carm" RENAME TO public;
SELECT * FROM verify_duties('entries');

-- columns that are used stay as they are
\set VERBOSITY terse
ALTER TABLE entries ALTER COLUMN duties TYPE numeric(14,2);
ALTER TABLE entries ALTER COLUMN account TYPE varchar(20);
ALTER TABLE entries DROP COLUMN latest;
-- others may change
ALTER TABLE entries ADD COLUMN note text DEFAULT 'x', ALTER COLUMN id TYPE bigint, ADD CHECK (duties < 100);
INSERT INTO entries VALUES (6, 'b', '2025-01-01', 1, true, 'y');
SELECT * FROM recount('entries', 'histories', 'latest');
SELECT * FROM verify_duties('entries');

-- the extension isn't dropped from under it
DROP EXTENSION carm;
-- nor is any part of it
DROP TABLE entries;
DROP VIEW histories;
DROP VIEW histories_entries;
DROP TABLE histories_parts;
\set VERBOSITY default
CREATE VIEW reported AS SELECT account FROM histories;
SELECT untrack_duties('entries');
DROP VIEW reported;

-- each part has an index entry of its own, which goes when the part is merged
SELECT reloptions FROM pg_class WHERE oid = 'histories_parts_account_idx'::regclass;
-- without its index it is kept, but not merged
DROP INDEX histories_parts_account_idx;
DO $$ BEGIN FOR i IN 1..5 LOOP INSERT INTO entries VALUES (100 + i, 'c', '2025-01-01', i, true); COMMIT; END LOOP; END $$;
SELECT count(*) FROM histories_parts WHERE account = 'c';
SELECT fold_duties('entries');
CREATE INDEX ON histories_parts (account text_pattern_ops, history);
SELECT fold_duties('entries') > 0 AS folded;
SELECT count(*) FROM histories_parts WHERE account = 'c';
SELECT * FROM recount('entries', 'histories', 'latest');
-- nor are any left out, in more rounds than one, where the index is in another order
BEGIN;
ALTER TABLE histories_parts ALTER account DROP NOT NULL, DISABLE TRIGGER USER;
INSERT INTO histories_parts VALUES (0, NULL, '{}');
DROP INDEX histories_parts_account_history_idx;
CREATE INDEX ON histories_parts (account DESC);
SET LOCAL maintenance_work_mem = '1MB';
INSERT INTO entries SELECT i, repeat('n', 60) || i % 20000, '2025-01-01', 1, true FROM generate_series(1, 20000) i;
INSERT INTO entries SELECT i, repeat('n', 60) || i % 20000, '2025-01-01', 1, true FROM generate_series(20001, 40000) i;
SELECT fold_duties('entries');
SELECT count(*) - count(DISTINCT account) AS unmerged FROM histories_parts WHERE account IS NOT NULL;
SELECT * FROM verify_duties('entries');
ROLLBACK;

-- dropped with CASCADE, of one or the other: nothing is left that would fail
BEGIN;
DROP TABLE entries CASCADE;
SELECT * FROM remains();
ROLLBACK;
BEGIN;
ALTER TABLE entries DROP COLUMN latest CASCADE;
INSERT INTO entries (id, account, released, duties) VALUES (7, 'a', '2025-01-01', 1);
SELECT * FROM remains();
ROLLBACK;
BEGIN;
DROP VIEW histories CASCADE;
INSERT INTO entries VALUES (7, 'a', '2025-01-01', 1, true);
SELECT * FROM remains();
DROP VIEW histories_entries;
SELECT * FROM remains();
ROLLBACK;
BEGIN;
DROP TABLE histories_parts CASCADE;
INSERT INTO entries VALUES (7, 'a', '2025-01-01', 1, true);
SELECT * FROM remains();
DROP VIEW histories_entries;
ROLLBACK;
BEGIN;
DROP EXTENSION carm CASCADE;
INSERT INTO entries VALUES (7, 'a', '2025-01-01', 1, true);
SELECT relname FROM pg_class WHERE relnamespace = 'live_changes'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1;
ROLLBACK;
SELECT * FROM recount('entries', 'histories', 'latest');

-- tracked and untracked within a transaction that writes
BEGIN;
INSERT INTO entries VALUES (8, 'a', '2025-01-01', 1, true);
SELECT track_duties('entries', 'account', 'released', 'duties', 'others');
UPDATE entries SET duties = duties + 1 WHERE id < 10;
SELECT * FROM recount('entries', 'others');
SAVEPOINT s;
SELECT untrack_duties('entries', 'others');
DELETE FROM entries WHERE account = 'c';
ROLLBACK TO s;
DELETE FROM entries WHERE id = 5;
SELECT untrack_duties('entries', 'others');
SELECT track_duties('entries', 'account', 'released', 'duties', 'others', 'duties > 2');
INSERT INTO entries VALUES (9, 'd', '2025-01-01', 3, true);
COMMIT;
SELECT * FROM recount('entries', 'histories', 'latest');
SELECT * FROM recount('entries', 'others', 'duties > 2');
SELECT * FROM verify_duties('entries');
BEGIN;
CREATE TABLE brief (account text, released date, duties numeric);
SELECT track_duties('brief', 'account', 'released', 'duties', 'brief_histories');
INSERT INTO brief VALUES ('a', '2025-01-01', 1);
DROP TABLE brief CASCADE;
COMMIT;
BEGIN;
SELECT track_duties('entries', 'account', 'released', 'duties', 'undone');
INSERT INTO entries VALUES (10, 'd', '2025-01-01', 3, true);
ROLLBACK;
SELECT * FROM remains();
-- parts that change their type in a transaction that has written to them
BEGIN;
DO $$ BEGIN FOR i IN 1..5 LOOP INSERT INTO entries VALUES (200 + i, 'e', '2025-01-01', 3, true); END LOOP; END $$;
DROP VIEW others CASCADE;
ALTER TABLE others_parts ALTER account TYPE jsonb USING to_jsonb(account);
COMMIT;
SELECT * FROM recount('entries', 'histories', 'latest');
DROP VIEW others_entries;
-- a trigger of it disabled, or dropped: found, and put right
ALTER TABLE entries DISABLE TRIGGER histories_delete;
DELETE FROM entries WHERE id > 200;
ALTER TABLE entries ENABLE TRIGGER histories_delete;
SELECT * FROM verify_duties('entries');
SELECT rebuild_duties('entries');
SELECT * FROM recount('entries', 'histories', 'latest');
DROP TRIGGER histories_update ON entries;
DROP TRIGGER histories_insert ON entries;
UPDATE entries SET duties = duties + 1;
INSERT INTO entries VALUES (300, 'f', '2025-01-01', 1, true);
SELECT account FROM verify_duties('entries');
SELECT rebuild_duties('entries');
UPDATE entries SET duties = duties + 1;
INSERT INTO entries VALUES (301, 'f', '2025-01-01', 1, true);
SELECT * FROM recount('entries', 'histories', 'latest');
SELECT * FROM verify_duties('entries');
-- parts changed by hand, or without a value: found, and put right; rows inserted by hand are passed over
UPDATE histories_parts SET history = history + history WHERE account = 'a';
DELETE FROM histories_parts WHERE account = 'c';
INSERT INTO histories_parts VALUES (1, 'x', '{2025-01-01:1}');
ALTER TABLE histories_parts ALTER entries DROP NOT NULL, ALTER history DROP NOT NULL;
UPDATE histories_parts SET history = NULL WHERE account = 'b';
UPDATE histories_parts SET entries = NULL WHERE account = 'd';
SELECT account FROM verify_duties('entries');
SELECT rebuild_duties('entries');
SELECT * FROM verify_duties('entries');
SELECT * FROM recount('entries', 'histories', 'latest');
-- bulk loads, one after another and undone in between: parts stay few
CREATE TABLE loads (account integer, day date, duties numeric);
SELECT track_duties('loads', 'account', 'day', 'duties', 'loaded');
DO $$
BEGIN
	FOR n IN 1..12 LOOP
		INSERT INTO loads SELECT i, date '2025-01-01' + n * 20, i + n FROM generate_series(1, 1500) AS i;
		IF n % 5 = 0 THEN
			ROLLBACK;
		ELSE
			COMMIT;
		END IF;
		IF (SELECT count(*) > 3 * 1500 FROM loaded_parts) THEN
			RAISE NOTICE '% parts after load %', (SELECT count(*) FROM loaded_parts), n;
		END IF;
	END LOOP;
END
$$;
SELECT max(parts) <= 3 AS few, count(*) FROM (SELECT count(*) AS parts FROM loaded_parts GROUP BY account) AS p;
SELECT count(*) AS differences FROM verify_duties('loads');
SELECT count(*) AS loaded, count(*) FILTER (WHERE history = counted) AS as_counted
FROM loaded JOIN (SELECT account, duty_history(day, duties) AS counted FROM loads GROUP BY account) AS c USING (account);
-- a domain that a condition was planned with gets a constraint; temporary tables come and go beside it
CREATE DOMAIN code AS integer;
CREATE TABLE coded (account text, day date, duties numeric, n integer);
SELECT track_duties('coded', 'account', 'day', 'duties', 'coded_live', 'n::live_changes.code <> 3');
INSERT INTO coded VALUES ('a', '2025-01-01', 1, 1), ('a', '2025-01-01', 10, 3);
CREATE TEMP TABLE passing (n integer);
DROP TABLE passing;
INSERT INTO coded VALUES ('a', '2025-01-01', 100, 2);
ALTER DOMAIN code ADD CHECK (VALUE < 9);
INSERT INTO coded VALUES ('a', '2025-01-01', 1000, 9);
SELECT history FROM coded_live;
-- ... also one over it, or in a function
CREATE DOMAIN base_code AS integer;
CREATE DOMAIN child_code AS base_code;
CREATE FUNCTION is_code(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1::live_changes.child_code > 0';
SELECT track_duties('coded', 'account', 'day', 'duties', 'child_live', 'n::live_changes.child_code > 0');
SELECT track_duties('coded', 'account', 'day', 'duties', 'function_live', 'is_code(n)');
INSERT INTO coded VALUES ('a', '2025-01-01', 1, 7);
ALTER DOMAIN base_code ADD CHECK (VALUE < 5) NOT VALID;
\set VERBOSITY terse
INSERT INTO coded VALUES ('a', '2025-01-01', 1, 7);
SELECT untrack_duties('coded', 'child_live');
INSERT INTO coded VALUES ('a', '2025-01-01', 1, 7);
\set VERBOSITY default
DROP TABLE coded CASCADE;
-- conditions of many kinds, which newer servers plan with more knowledge of the table
CREATE TABLE various (account program_account, day date, duties numeric NOT NULL, n integer) PARTITION BY RANGE (account);
CREATE TABLE various_all PARTITION OF various DEFAULT;
SELECT track_duties('various', 'account', 'day', 'duties', 'various_' || i, condition)
FROM unnest('{"account <@ ''123456782''::bn9","n IS NOT NULL","n IS DISTINCT FROM 3","coalesce(n, 1) > 0","duties IS NOT NULL","n IN (1, 2) IS NOT TRUE"}'::text[]) WITH ORDINALITY AS c (condition, i);
INSERT INTO various SELECT '123456782RM0001', '2025-01-01', 10 ^ i, i FROM generate_series(0, 4) AS i;
INSERT INTO various VALUES ('123456782RM0002', '2025-01-01', 100000, NULL), ('987654324RM0001', '2025-01-01', 1, 1);
SELECT i, h.account, total_duties(h.history) FROM (TABLE various_1) AS h, (VALUES (1)) AS v (i)
UNION ALL SELECT 2, account, total_duties(history) FROM various_2
UNION ALL SELECT 3, account, total_duties(history) FROM various_3
UNION ALL SELECT 4, account, total_duties(history) FROM various_4
UNION ALL SELECT 5, account, total_duties(history) FROM various_5
UNION ALL SELECT 6, account, total_duties(history) FROM various_6 ORDER BY 1, 2;
DROP SCHEMA live_changes, elsewhere CASCADE;
