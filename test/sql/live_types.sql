-- Live histories of tables of every make: types of columns, partitions, children,
-- triggers and rules of their own; amounts that can't be counted.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE SCHEMA live_types;
SET search_path = live_types, public;
\getenv test PG_ABS_SRCDIR
\i :test/lib/recount.sql

--
-- Types
--
CREATE DOMAIN importer AS program_account CHECK (is_import_export(VALUE));
CREATE DOMAIN day AS date CHECK (VALUE > '2000-01-01');
CREATE DOMAIN money_owed AS numeric CHECK (VALUE < 1e30);
CREATE DOMAIN cents AS bigint;
CREATE TYPE desk AS ENUM ('east', 'west');
CREATE TABLE typed (
	id integer, gone text, typed program_account(RM), owner importer, "number" bn9, plain text, posix text COLLATE "C",
	fixed char(20), bound varchar(20), big bigint, small smallint, exact numeric, id_of uuid, desk desk, "list" integer[],
	place point, released day, duties money_owed, whole integer, tiny smallint, few cents,
	owed numeric GENERATED ALWAYS AS (duties + whole) STORED, month_of date GENERATED ALWAYS AS (released - 5) STORED,
	business text GENERATED ALWAYS AS (left(plain, 1)) STORED);
ALTER TABLE typed DROP COLUMN gone;
CREATE FUNCTION fill(first integer, last integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO typed (id, typed, owner, "number", plain, posix, fixed, bound, big, small, exact, id_of, desk, "list",
		released, duties, whole, tiny, few)
	SELECT i, (ARRAY['123456782RM0001', '987654324RM0002'])[1 + i % 2]::program_account,
		(ARRAY['123456782RM0001', '987654324RM0002'])[1 + i % 2]::program_account, (ARRAY['123456782', '987654324'])[1 + i % 2]::bn9,
		'p' || i % 3, chr(65 + i % 4), 'f' || repeat(' ', i % 4), 'b' || i % 2, i % 3 + 5000000000, i % 2, (i % 3)::numeric(10,4),
		('00000000-0000-0000-0000-00000000000' || i % 5)::uuid, (ARRAY['east', 'west'])[1 + i % 2]::desk, ARRAY[i % 2, i % 3],
		date '2024-01-01' + i * 11, i * 1.01, i * 3, i % 100, i * 7
	FROM generate_series(first, last) i
$$;
SELECT fill(1, 40);
SELECT column_name, track_duties('typed', column_name, 'released', 'duties', 'by_' || column_name)
FROM unnest('{typed,owner,number,plain,posix,fixed,bound,big,small,exact,id_of,desk,list,business}'::name[]) column_name;
SELECT amount, track_duties('typed', 'plain', 'released', amount, 'of_' || amount)
FROM unnest('{whole,tiny,few,owed}'::name[]) amount;
SELECT track_duties('typed', 'plain', 'month_of', 'duties', 'by_month_of');
SELECT fill(41, 60);
UPDATE typed SET duties = duties * 2, whole = -whole, released = released + 30 WHERE id % 3 = 0;
UPDATE typed SET plain = 'q' || id % 2, fixed = 'g ', typed = '222222226RM0001' WHERE id % 5 = 0;
UPDATE typed SET whole = 7 WHERE id = 1;
UPDATE typed SET typed = NULL, released = NULL WHERE id = 2;
UPDATE typed SET duties = NULL WHERE id = 4;
DELETE FROM typed WHERE id % 7 = 0;
SELECT * FROM verify_duties('typed');
SELECT typed AS account, history = (SELECT duty_history(released, duties) FROM typed WHERE typed.typed = h.typed) AS same
FROM (SELECT account AS typed, history FROM by_typed) h ORDER BY 1;
SELECT attname, format_type(atttypid, atttypmod) AS type, collname FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation
WHERE attname = 'account' AND attrelid IN ('by_typed_parts'::regclass, 'by_owner_parts'::regclass, 'by_posix_parts'::regclass, 'by_fixed_parts'::regclass)
ORDER BY attrelid;
-- a live history takes the place of a computed one, modifier and all
CREATE VIEW computed AS SELECT typed AS account, duty_history(released, duties) AS history FROM typed GROUP BY typed;
CREATE OR REPLACE VIEW computed AS SELECT account, history FROM by_typed;
DROP VIEW computed;
SELECT account, history FROM by_business ORDER BY 1;
-- what was given is told as it was given, whatever it is cast to
SELECT account, dated, amount FROM tracked_duties() WHERE source = 'typed'::regclass AND account = 'plain' AND target <> 'by_plain'::regclass ORDER BY target::text;
SELECT untrack_duties('typed');
-- a type that is indexed in another form than its own: all accounts are found
CREATE TABLE entries (account name, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO entries SELECT 'n' || a, date '2025-01-01' + i * 31, a FROM generate_series(1, 5) a; COMMIT; END LOOP; END $$;
SELECT count(*) AS parts, count(DISTINCT account) AS accounts FROM histories_parts;
SELECT fold_duties('entries') AS fewer;
SELECT count(*) AS parts, count(DISTINCT account) AS accounts FROM histories_parts;
SELECT * FROM wrong('entries', 'histories');
DROP TABLE entries CASCADE;
-- what can't be an account, a date, an amount
SELECT track_duties('typed', 'place', 'released', 'duties', 'x');
SELECT track_duties('typed', 'plain', 'plain', 'duties', 'x');
-- a time with its zone becomes a date in the zone that the hint has written out
CREATE TABLE stamped (account bn9, "At" timestamptz, duties numeric);
SELECT track_duties('stamped', 'account', 'At', 'duties', 'x');
ALTER TABLE stamped ADD released date GENERATED ALWAYS AS (("At" AT TIME ZONE 'America/Toronto')::date) STORED;
SELECT track_duties('stamped', 'account', 'released', 'duties', 'x');
INSERT INTO stamped VALUES ('123456782', '2025-02-18 04:59:59+00', 1), ('123456782', '2025-02-18 05:00:00+00', 2);
SELECT history FROM x;
DROP TABLE stamped CASCADE;
-- what each hint says can be done; arguments in another order
CREATE TABLE exported (account bn9, "Day" varchar(20), at timestamp, amt text, shown char(12), approximate double precision, nearly real, cash money, n integer, d date);
SELECT track_duties('exported', 'account', 'Day', 'amt', 'x');
SELECT track_duties('exported', 'account', 'at', 'amt', 'x');
SELECT track_duties('exported', 'account', 'n', 'd', 'x');
SELECT track_duties('exported', 'account', 'd', 'd', 'x');
SELECT track_duties('exported', 'account', 'd', 'amt', 'x');
SELECT track_duties('exported', 'account', 'd', 'shown', 'x');
SELECT track_duties('exported', 'account', 'd', 'approximate', 'x');
SELECT track_duties('exported', 'account', 'd', 'nearly', 'x');
SELECT track_duties('exported', 'account', 'd', 'cash', 'x');
SELECT track_duties('exported', 'account', 'account', 'n', 'x');
SELECT track_duties('exported', 'account', 'd', 'account', 'x');
INSERT INTO exported VALUES ('123456782', '3 Aug 2026', '2026-08-18 23:59', '1 234,56 $', '(1,000.00)', 0.1::float8 + 0.2, 12345.67, 8.25::numeric::money);
ALTER TABLE exported ADD day_1 date GENERATED ALWAYS AS (public.portal_date("Day")) STORED, ADD day_2 date GENERATED ALWAYS AS (at::date) STORED,
	ADD amount_1 numeric GENERATED ALWAYS AS (public.portal_amount(amt)) STORED, ADD amount_2 numeric GENERATED ALWAYS AS (public.portal_amount(shown)) STORED,
	ADD amount_3 numeric GENERATED ALWAYS AS (round(approximate::double precision::numeric, 2)) STORED, ADD amount_4 numeric GENERATED ALWAYS AS (round(nearly::double precision::numeric, 2)) STORED,
	ALTER cash TYPE numeric;
SELECT track_duties('exported', 'account', 'day_1', 'amount_1', 'x1'), track_duties('exported', 'account', 'day_2', 'amount_2', 'x2'),
	track_duties('exported', 'account', 'day_1', 'amount_3', 'x3'), track_duties('exported', 'account', 'day_2', 'amount_4', 'x4'), track_duties('exported', 'account', 'day_1', 'cash', 'x5');
INSERT INTO exported VALUES ('123456782', '20260804', '2026-08-19', '4', '3.00-', 0.7, 0.7, 1);
SELECT x1.history, x2.history, x3.history, x4.history, x5.history FROM x1, x2, x3, x4, x5;
DROP TABLE exported CASCADE;
SELECT track_duties('typed', 'plain', 'released', 'plain', 'x');
SELECT track_duties('typed', 'plain', 'released', 'gone', 'x');
SELECT track_duties('typed', 'typed', 'released', 'duties + few', 'by_sum');
SELECT track_duties('typed', 'ctid', 'released', 'duties', 'x');
SELECT track_duties('typed', 'plain', 'released', 'duties', NULL);
SELECT track_duties('typed', NULL, 'released', 'duties', 'x');
SELECT track_duties(NULL, 'plain', 'released', 'duties', 'x');
DROP TABLE typed;

--
-- Amounts and dates that can't be counted, conditions that fail: nothing changes
--
CREATE TABLE entries (id integer PRIMARY KEY, account text, released date, duties numeric, n integer DEFAULT 1);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories', '10 / n > 0');
INSERT INTO entries VALUES (1, 'a', '2025-01-01', 1);
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 'NaN');
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 'Infinity');
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 0.123456789);
INSERT INTO entries VALUES (2, 'a', 'infinity', 1);
INSERT INTO entries VALUES (2, 'a', '-infinity', 1);
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 1e15);
INSERT INTO entries SELECT i, 'a', '2025-01-01', -1e15 FROM generate_series(2, 3) i;
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 1e200);
INSERT INTO entries VALUES (2, 'a', '0001-12-31 BC', 1);
INSERT INTO entries VALUES (2, 'a', '10000-01-01', 1);
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 1, 0);
UPDATE entries SET n = 0;
UPDATE entries SET duties = 'NaN';
SELECT * FROM wrong('entries', 'histories');
-- where they don't count they do no harm
INSERT INTO entries VALUES (2, 'a', '2025-01-01', 'NaN', 11), (3, 'a', 'infinity', 0.123456789, 20), (4, NULL, 'infinity', 'NaN', 1);
UPDATE entries SET n = 5 WHERE id = 2;
SELECT * FROM histories;
DELETE FROM entries WHERE id IN (2, 3, 4);
-- the largest amounts of many statements
DO $$ BEGIN
	FOR i IN 10..30 LOOP
		INSERT INTO entries VALUES (i, 'big', '0001-01-01', 999999999999999.99999999), (100 + i, 'small', '9999-12-31', -0.00000001);
	END LOOP;
END $$;
SELECT * FROM wrong('entries', 'histories');
SELECT account, history FROM histories WHERE account <> 'a' ORDER BY 1;
-- entries that sum to nothing are entries; an account without entries is none
INSERT INTO entries VALUES (40, 'nil', '2025-01-01', 5), (41, 'nil', '2025-01-01', -5), (42, 'zero', '2025-01-01', 0);
SELECT * FROM histories WHERE account IN ('nil', 'zero') ORDER BY 1;
DELETE FROM entries WHERE id = 40;
SELECT * FROM histories WHERE account = 'nil';
DELETE FROM entries WHERE id = 41;
SELECT * FROM histories WHERE account = 'nil';
SELECT * FROM wrong('entries', 'histories');
-- a condition that can't be evaluated for what is there already
INSERT INTO entries VALUES (50, 'a', '2025-01-01', 1, 100);
SELECT track_duties('entries', 'account', 'released', 'duties', 'others', '10 / (n - 100) > 0');
SELECT to_regclass('others');
DROP TABLE entries CASCADE;

--
-- Much of it
--
CREATE TABLE entries (id integer, account bigint, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
-- more accounts than work_mem holds, in no order
SET work_mem = '64kB';
INSERT INTO entries SELECT i, i * 7919::bigint % 3001, date '2024-01-01' + i % 500, i % 1000 - 300.25 FROM generate_series(1, 30000) i;
UPDATE entries SET duties = duties + 0.5, account = account + 1 WHERE id % 3 = 0;
RESET work_mem;
SELECT * FROM wrong('entries', 'histories');
-- two centuries of slices, stored out of line; changed often
INSERT INTO entries SELECT 100000 + i, -1, date '1900-01-01' + i, 12345678.12345678 + i * 3.3 FROM generate_series(1, 70000) i;
DO $$ BEGIN FOR i IN 1..20 LOOP UPDATE entries SET duties = duties + i WHERE account = -1 AND id % 400 = i; END LOOP; END $$;
SELECT * FROM wrong('entries', 'histories');
SELECT fold_duties('entries') > 0 AS folded;
SELECT pg_column_size(history) > 2000 AS long FROM histories_parts WHERE account = -1;
UPDATE entries SET duties = 0 WHERE account = -1 AND id % 10 = 0;
SELECT * FROM wrong('entries', 'histories');
-- thousands of statements on one account in one transaction, and again
TRUNCATE entries;
DO $$ BEGIN
	FOR i IN 1..3000 LOOP
		INSERT INTO entries VALUES (i, 1, date '2024-01-01' + i % 400, 1);
		UPDATE entries SET duties = 2 WHERE id = i - 1;
	END LOOP;
END $$;
SELECT count(*) <= 3 AS few FROM histories_parts WHERE account = 1;
SELECT * FROM wrong('entries', 'histories');
DROP TABLE entries CASCADE;

--
-- Triggers, rules, views, cascades and constraints of the table's own
--
CREATE TABLE entries (id integer PRIMARY KEY, parent integer REFERENCES entries ON DELETE CASCADE ON UPDATE CASCADE,
	account text, released date DEFAULT '2025-01-01', duties numeric DEFAULT 1, note text);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
-- cascades within the table itself
INSERT INTO entries (id, parent, account) SELECT i, nullif(i / 3, 0), 'a' || i % 3 FROM generate_series(1, 60) i;
UPDATE entries SET id = id + 1000 WHERE id < 5;
DELETE FROM entries WHERE id = 1002;
SELECT * FROM wrong('entries', 'histories');
-- a row trigger that changes what is stored; one that passes over rows
CREATE FUNCTION mend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.note = 'skip' THEN RETURN NULL; END IF;
	NEW.duties := round(NEW.duties, 1) + 0.05; NEW.account := upper(NEW.account);
	RETURN NEW;
END $$;
CREATE TRIGGER mend BEFORE INSERT OR UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION mend();
INSERT INTO entries (id, account, duties, note) VALUES (2000, 'b', 3.33, NULL), (2001, 'b', 4.44, 'skip');
UPDATE entries SET note = 'n' WHERE id % 2 = 0;
SELECT * FROM wrong('entries', 'histories');
-- triggers that write to the same table: at once, and when the transaction commits
CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.id < 100000 THEN
		INSERT INTO entries (id, account, duties) VALUES (NEW.id + 100000 * (1 + TG_ARGV[0]::integer), NEW.account, NEW.duties);
		UPDATE entries SET duties = duties + 1 WHERE id = NEW.id + 100000;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER more AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION more(0);
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION more(1);
INSERT INTO entries (id, account) VALUES (3000, 'c'), (3001, 'd');
BEGIN;
INSERT INTO entries (id, account) VALUES (3002, 'c'), (3003, 'e');
SAVEPOINT s;
INSERT INTO entries (id, account) VALUES (3004, 'f');
ROLLBACK TO s;
COMMIT;
SELECT * FROM wrong('entries', 'histories');
DROP TRIGGER mend ON entries;
DROP TRIGGER more ON entries;
DROP TRIGGER later ON entries;
-- through views and rules
CREATE VIEW old AS SELECT * FROM entries WHERE id > 1000 WITH CHECK OPTION;
INSERT INTO old (id, account) VALUES (4000, 'g');
UPDATE old SET duties = duties * 3;
CREATE TABLE letterbox (LIKE entries);
CREATE RULE forward AS ON INSERT TO letterbox DO INSTEAD INSERT INTO entries VALUES (NEW.*);
INSERT INTO letterbox (id, account, released, duties) SELECT 5000 + i, 'h', '2025-02-02', i FROM generate_series(1, 5) i;
WITH moved AS (DELETE FROM entries WHERE id % 5 = 0 RETURNING *), copied AS (
	INSERT INTO entries (id, account, released, duties) SELECT id + 20000, account, released + 7, duties FROM moved RETURNING *)
SELECT count(*) > 0 AS some FROM copied;
UPDATE entries e SET duties = e.duties + o.duties FROM entries o WHERE o.id = e.id + 1;
SELECT * FROM wrong('entries', 'histories');
-- COPY FREEZE
BEGIN;
TRUNCATE entries;
COPY entries (id, account, duties) FROM stdin (FREEZE);
1	a	1.25
2	b	2.5
3	a	-1
\.
COMMIT;
SELECT * FROM wrong('entries', 'histories');
SELECT * FROM histories ORDER BY 1;
-- a plan that is kept over changes of the table
DROP VIEW old;
DROP TABLE letterbox;
PREPARE enter AS INSERT INTO entries (id, account, duties) VALUES ($1, $2, $3);
EXECUTE enter (10, 'a', 1);
ALTER TABLE entries DROP COLUMN parent, ADD COLUMN added integer DEFAULT 5, ALTER COLUMN note TYPE varchar(10);
EXECUTE enter (11, 'a', 1);
UPDATE entries SET added = 6;
VACUUM FULL entries;
VACUUM FULL histories_parts;
EXECUTE enter (12, 'a', 1);
SELECT * FROM wrong('entries', 'histories');
DROP TABLE entries CASCADE;

--
-- Partitions: of other column order, below partitions, default ones
--
CREATE TABLE entries (id integer, account text, released date, duties numeric, latest boolean DEFAULT true) PARTITION BY RANGE (released);
CREATE TABLE of_2024 (latest boolean, gone text, duties numeric, released date, account text, id integer);
ALTER TABLE of_2024 DROP COLUMN gone;
ALTER TABLE entries ATTACH PARTITION of_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE of_2025 PARTITION OF entries FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (account);
CREATE TABLE of_2025_a PARTITION OF of_2025 FOR VALUES IN ('a');
CREATE TABLE of_2025_rest PARTITION OF of_2025 DEFAULT;
CREATE TABLE others PARTITION OF entries DEFAULT;
INSERT INTO entries SELECT i, chr(97 + i % 3), date '2023-06-01' + i * 7, i FROM generate_series(1, 200) i;
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories', 'latest');
INSERT INTO entries SELECT i, chr(97 + i % 4), date '2023-06-01' + i * 7, i FROM generate_series(201, 300) i;
INSERT INTO of_2024 (id, account, released, duties, latest) VALUES (1001, 'a', '2024-05-05', 3, true);
INSERT INTO of_2025 VALUES (1002, 'a', '2025-05-05', 3), (1003, 'b', '2025-05-05', 3);
INSERT INTO of_2025_a VALUES (1004, 'a', '2025-05-05', 3, false);
SELECT * FROM wrong('entries', 'histories', 'latest');
-- between partitions, and back
UPDATE entries SET released = released + 300 WHERE id % 2 = 0;
UPDATE of_2025 SET account = CASE account WHEN 'a' THEN 'b' ELSE 'a' END;
UPDATE of_2024 SET latest = NOT latest WHERE id % 3 = 0;
DELETE FROM entries WHERE id % 10 = 0;
MERGE INTO entries e USING generate_series(1, 30) i ON e.id = i
WHEN MATCHED AND i % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET released = '2025-07-07', duties = -1
WHEN NOT MATCHED THEN INSERT VALUES (i, 'm', '2024-02-02', 9, true);
SELECT * FROM wrong('entries', 'histories', 'latest');
TRUNCATE of_2025;
SELECT * FROM wrong('entries', 'histories', 'latest');
-- new partitions count what comes through the table; what is written to them directly, after rebuild_duties
CREATE TABLE of_2030 PARTITION OF entries FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
INSERT INTO entries VALUES (2001, 'n', '2030-01-01', 1);
SELECT * FROM wrong('entries', 'histories', 'latest');
INSERT INTO of_2030 VALUES (2002, 'n', '2030-01-01', 1);
SELECT * FROM wrong('entries', 'histories', 'latest');
SELECT rebuild_duties('entries');
INSERT INTO of_2030 VALUES (2003, 'n', '2030-01-01', 1);
SELECT * FROM wrong('entries', 'histories', 'latest');
-- a partition can't be tracked by itself, and is not its own source
SELECT track_duties('of_2030', 'account', 'released', 'duties', 'x');
SELECT verify_duties('of_2030');
SELECT untrack_duties('entries');
SELECT count(*) FROM pg_trigger WHERE tgfoid = 'count_duties'::regproc AND tgrelid IN (SELECT relid FROM pg_partition_tree('entries'));
DROP TABLE entries;

--
-- Children
--
CREATE TABLE entries (id integer, account text, released date, duties numeric);
CREATE TABLE more_entries (extra text) INHERITS (entries);
CREATE TABLE apart (extra text, duties numeric, released date, account text, id integer);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES (1, 'a', '2025-01-01', 1);
INSERT INTO more_entries VALUES (2, 'a', '2025-01-01', 1, 'x');
UPDATE entries SET duties = duties + 1;
UPDATE more_entries SET account = 'b';
DELETE FROM ONLY entries;
INSERT INTO apart VALUES ('y', 5, '2025-01-01', 'c', 3);
SELECT * FROM wrong('entries', 'histories');
ALTER TABLE apart INHERIT entries;
SELECT * FROM wrong('entries', 'histories');
SELECT rebuild_duties('entries');
INSERT INTO apart VALUES ('y', 6, '2025-01-01', 'c', 4);
UPDATE entries SET duties = duties * 2 WHERE id > 2;
TRUNCATE ONLY entries;
SELECT * FROM wrong('entries', 'histories');
ALTER TABLE apart NO INHERIT entries;
SELECT rebuild_duties('entries');
INSERT INTO apart VALUES ('y', 7, '2025-01-01', 'c', 5);
SELECT * FROM wrong('entries', 'histories');
TRUNCATE entries;
SELECT * FROM wrong('entries', 'histories');
SELECT * FROM histories;
DROP TABLE entries CASCADE;

--
-- Unlogged and temporary tables; what is no table
--
CREATE UNLOGGED TABLE entries (account text, released date, duties numeric);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
SELECT relpersistence FROM pg_class WHERE oid = 'histories_parts'::regclass;
CREATE TEMP TABLE passing (LIKE entries);
SELECT track_duties('passing', 'account', 'released', 'duties', 'x');
SELECT track_duties('histories', 'account', 'account', 'history', 'x');
-- the view in place of its table, whatever they are called now; what isn't a view of live histories, or not the owner's
SELECT verify_duties('histories');
ALTER VIEW histories RENAME TO "Histories";
ALTER TABLE entries RENAME TO "En""tries";
SELECT untrack_duties('"Histories"');
SELECT rebuild_duties('"Histories"');
SELECT fold_duties('"Histories"');
ALTER TABLE "En""tries" RENAME TO entries;
ALTER VIEW "Histories" RENAME TO histories;
CREATE VIEW over_histories AS TABLE histories;
SELECT verify_duties('over_histories');
SELECT verify_duties('histories_entries');
CREATE ROLE live_types_other;
ALTER VIEW histories OWNER TO live_types_other;
SELECT verify_duties('histories');
ALTER VIEW histories OWNER TO CURRENT_USER;
DROP ROLE live_types_other;
DROP VIEW over_histories;
-- a target that there is, and names that aren't free
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
CREATE TABLE "Other 'table'" (LIKE entries);
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', 'histories');
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', 'It''s');
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', 'It''s');
SELECT untrack_duties('live_types."Other ''table''"', 'It''s');
CREATE VIEW mine_entries AS TABLE entries;
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', 'mine');
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', 'public.mine');
SELECT track_duties('"Other ''table''"', 'account', 'released', 'duties', '');
DROP VIEW mine_entries;
DROP TABLE "Other 'table'";
-- a foreign table among its partitions, of which no trigger tells all
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere;
CREATE TABLE parted (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE FOREIGN TABLE far PARTITION OF parted FOR VALUES IN ('a') SERVER elsewhere;
SELECT track_duties('parted', 'account', 'released', 'duties', 'x');
SELECT to_regclass('x');
DROP TABLE parted;
DROP FOREIGN DATA WRAPPER elsewhere CASCADE;
-- not with a snapshot that stays
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT track_duties('entries', 'account', 'released', 'duties', 'y');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT rebuild_duties('entries');
ROLLBACK;
DROP SCHEMA live_types CASCADE;
