-- Live histories and those who aren't the owner: privileges, row-level
-- security, hostile search_path and names, forged triggers and views.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE live_owner;
CREATE ROLE live_clerk;
CREATE ROLE live_thief;
CREATE SCHEMA office AUTHORIZATION live_owner;
CREATE SCHEMA den AUTHORIZATION live_thief;
GRANT USAGE ON SCHEMA office TO live_clerk, live_thief;
GRANT USAGE ON SCHEMA den TO live_owner, live_clerk;

--
-- An ordinary owner
--
SET ROLE live_owner;
CREATE TABLE office.entries (id integer, account text, released date, duties numeric, latest boolean DEFAULT true);
ALTER DEFAULT PRIVILEGES IN SCHEMA office GRANT ALL ON TABLES TO live_thief, PUBLIC;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories', 'latest');
ALTER DEFAULT PRIVILEGES IN SCHEMA office REVOKE ALL ON TABLES FROM live_thief, PUBLIC;
INSERT INTO office.entries VALUES (1, 'a', '2025-01-01', 10);
GRANT INSERT, UPDATE (duties), DELETE ON office.entries TO live_clerk;
GRANT SELECT (id) ON office.entries TO live_clerk;

-- a clerk may write what it may write, and it counts
SET ROLE live_clerk;
INSERT INTO office.entries VALUES (2, 'a', '2025-01-01', 5), (3, 'b', '2025-01-01', 7);
UPDATE office.entries SET duties = 6 WHERE id = 2;
DELETE FROM office.entries WHERE id = 3;
UPDATE office.entries SET account = 'x' WHERE id = 2;
-- ... and see nothing of what is kept
SELECT * FROM office.histories;
SELECT * FROM office.histories_entries;
SELECT * FROM office.histories_parts;
INSERT INTO office.histories_parts VALUES (1, 'a', '{}');
DELETE FROM office.histories_parts;
TRUNCATE office.histories_parts;
-- ... nor manage it
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'mine');
SELECT untrack_duties('office.entries');
SELECT rebuild_duties('office.entries');
SELECT fold_duties('office.entries');
SELECT * FROM verify_duties('office.entries');
-- a trigger function isn't called by hand
SELECT count_duties();
SELECT pass_over_parts();

-- what is granted is granted
SET ROLE live_owner;
GRANT SELECT ON office.histories TO live_clerk;
GRANT SELECT ON office.histories_entries TO live_clerk;
SET ROLE live_clerk;
SELECT * FROM office.histories ORDER BY account;
-- the entries are as those of the table itself
SELECT * FROM office.histories_entries;

-- in a function of the owner's, called by the clerk
SET ROLE live_owner;
CREATE FUNCTION office.file(account text, duties numeric) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = office
AS $$ INSERT INTO entries VALUES (4, account, '2025-02-01', duties) $$;
SET ROLE live_clerk;
SELECT office.file('c', 1.5);
SELECT * FROM office.histories ORDER BY account;

-- a superuser may manage the owner's; all is made for the owner
RESET ROLE;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'by_superuser');
SELECT relname, relowner::regrole, relacl IS NULL AS nobody_else FROM pg_class
WHERE relnamespace = 'office'::regnamespace AND relname ~ '^by_superuser' AND relkind <> 'i' ORDER BY 1;
SELECT * FROM verify_duties('office.entries');
SELECT untrack_duties('office.entries', 'by_superuser');

--
-- Row-level security
--
SET ROLE live_owner;
ALTER TABLE office.entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON office.entries TO live_clerk USING (account = 'a') WITH CHECK (account IN ('a', 'd'));
GRANT SELECT ON office.entries TO live_clerk;
SET ROLE live_clerk;
-- the clerk sees its rows, and what it writes counts
SELECT account, duties FROM office.entries ORDER BY 1, 2;
SELECT * FROM office.histories_entries ORDER BY 1, 3;
INSERT INTO office.entries VALUES (5, 'd', '2025-03-01', 2);
INSERT INTO office.entries VALUES (6, 'e', '2025-03-01', 2);
UPDATE office.entries SET duties = duties + 1;
DELETE FROM office.entries WHERE duties > 10;
-- the live histories are those of all rows: it is the view that is granted or not
SELECT * FROM office.histories ORDER BY account;
-- the owner, too, held to policies that show it nothing: all rows are counted
SET ROLE live_owner;
ALTER TABLE office.entries FORCE ROW LEVEL SECURITY;
SELECT count(*) FROM office.entries;
SELECT * FROM verify_duties('office.entries');
SELECT rebuild_duties('office.entries');
SELECT * FROM office.histories ORDER BY account;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'again');
SELECT * FROM office.again ORDER BY account;
SELECT untrack_duties('office.entries', 'again');
SET row_security = off;
SELECT * FROM verify_duties('office.entries');
RESET row_security;
ALTER TABLE office.entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE office.entries DISABLE ROW LEVEL SECURITY;
-- forced on the parts, it shows the owner nothing: verify_duties tells
ALTER TABLE office.histories_parts ENABLE ROW LEVEL SECURITY;
SELECT count(*) FROM office.histories;
SELECT * FROM verify_duties('office.entries');
ALTER TABLE office.histories_parts FORCE ROW LEVEL SECURITY;
SELECT * FROM verify_duties('office.entries');
-- ... as do policies that are of no reading, only restrict, or are another's
CREATE POLICY made ON office.histories_parts FOR INSERT WITH CHECK (true);
CREATE POLICY less ON office.histories_parts AS RESTRICTIVE USING (true);
CREATE POLICY others ON office.histories_parts FOR SELECT TO live_clerk USING (true);
SELECT count(*) FROM office.histories;
SELECT * FROM verify_duties('office.entries');
DROP POLICY made ON office.histories_parts;
DROP POLICY less ON office.histories_parts;
DROP POLICY others ON office.histories_parts;
CREATE POLICY before_d ON office.histories_parts USING (account < 'd');
SELECT account FROM office.histories ORDER BY account;
SELECT * FROM verify_duties('office.entries');
DROP POLICY before_d ON office.histories_parts;
ALTER TABLE office.histories_parts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE office.histories_parts DISABLE ROW LEVEL SECURITY;
SELECT count(*) FROM office.histories;
-- ... track_duties, too, where an event trigger forces it on every table
RESET ROLE;
CREATE FUNCTION office.force() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE made text;
BEGIN
	FOR made IN SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made);
	END LOOP;
END $$;
CREATE EVENT TRIGGER force ON ddl_command_end EXECUTE FUNCTION office.force();
SET ROLE live_owner;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'again');
RESET ROLE;
DROP EVENT TRIGGER force;

--
-- Hostile search_path: each of these would tell
--
RESET ROLE;
GRANT CREATE ON SCHEMA den TO live_owner;
SET ROLE live_thief;
CREATE FUNCTION den.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE FUNCTION den.trap(bigint, numeric) RETURNS boolean LANGUAGE sql AS 'SELECT den.trap()';
CREATE FUNCTION den.trap(numeric, numeric) RETURNS boolean LANGUAGE sql AS 'SELECT den.trap()';
CREATE FUNCTION den.trap(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT den.trap()';
CREATE OPERATOR den.<> (LEFTARG = bigint, RIGHTARG = numeric, FUNCTION = den.trap);
CREATE OPERATOR den.<> (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = den.trap);
CREATE OPERATOR den.= (LEFTARG = text, RIGHTARG = text, FUNCTION = den.trap);
CREATE FUNCTION den.count_duties() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION den.require_tracked(regclass, regclass) RETURNS boolean LANGUAGE sql AS 'SELECT den.trap()';
CREATE FUNCTION den.count_star() RETURNS bigint LANGUAGE sql AS 'SELECT den.trap()::integer';
CREATE TYPE den.duty_history AS (x integer);
CREATE TYPE den.date AS (x integer);
CREATE DOMAIN den.regclass AS text;
CREATE DOMAIN den.int8 AS integer CHECK (VALUE < 0);
CREATE DOMAIN den.numeric AS integer CHECK (VALUE < 0);
CREATE VIEW den.pg_class AS SELECT den.trap();
CREATE VIEW den.pg_depend AS SELECT den.trap();
CREATE TABLE den.entries (id integer, account text, released date, duties numeric, latest boolean);
SET ROLE live_owner;
SET search_path = den, pg_temp, office, pg_catalog, public;
CREATE TEMP VIEW pg_trigger AS SELECT den.trap();
CREATE TEMP TABLE histories_parts (entries integer, account text, history text);
SELECT public.track_duties('office.entries', 'account', 'released', 'duties', 'watched', 'latest');
INSERT INTO office.entries VALUES (7, 'f', '2025-01-01', 1);
UPDATE office.entries SET duties = 2 WHERE id OPERATOR(pg_catalog.=) 7;
SELECT * FROM public.verify_duties('office.entries');
SELECT public.rebuild_duties('office.entries');
SELECT public.fold_duties('office.entries') OPERATOR(pg_catalog.>=) 0 AS folded;
SELECT source, target, condition FROM public.tracked_duties() ORDER BY 2;
SELECT public.untrack_duties('office.entries', 'watched');
RESET search_path;
DROP VIEW pg_temp.pg_trigger;
DROP TABLE pg_temp.histories_parts;

--
-- Conditions: one expression of the table's columns, on the owner's behalf
--
CREATE FUNCTION office.counts(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
AS $$ BEGIN RETURN $1 = 'a' OR current_user <> 'live_owner'; END $$;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'some', 'office.counts(account)');
SELECT condition FROM tracked_duties() WHERE target = 'office.some'::regclass;
RESET ROLE;
SET search_path = den, public;
INSERT INTO office.entries VALUES (8, 'a', '2025-04-01', 1), (9, 'b', '2025-04-01', 1);
RESET search_path;
SELECT account FROM office.some ORDER BY 1;
SELECT * FROM verify_duties('office.entries', 'some');
SELECT untrack_duties('office.entries', 'some');
-- a superuser who tracks a table doesn't evaluate anything as superuser
SET ROLE live_owner;
CREATE FUNCTION office.who(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
AS $$ BEGIN RAISE NOTICE 'called as %', current_user; RETURN true; END $$;
RESET ROLE;
SET client_min_messages = notice;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'some', 'office.who(1) AND latest');
SET client_min_messages = warning;
SELECT untrack_duties('office.entries', 'some');
SET ROLE live_owner;
-- no way out of the expression
\set VERBOSITY terse
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true); DROP TABLE office.entries; SELECT (true');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true), (true');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true) FROM (SELECT 1) s --');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true) UNION SELECT (true');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true) AS x WHERE (true');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'true /*');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'SELECT true');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', '(SELECT true)');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'EXISTS (SELECT FROM pg_class)');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'count(*) > 0');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'row_number() OVER () > 0');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', '$1');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'entries IS NOT NULL');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'ctid IS NOT NULL');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'random() < 0.5');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'released < current_date');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'duties');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', 'nothing');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', '');
\set VERBOSITY default
-- a comment and a quote are fine
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'x', $$account <> 'O''Hara; --' -- really$$);
SELECT condition FROM tracked_duties() WHERE target = 'office.x'::regclass;
SELECT untrack_duties('office.entries', 'x');

--
-- Names
--
RESET ROLE;
CREATE SCHEMA "We ""ird'; --%s" AUTHORIZATION live_owner;
SET ROLE live_owner;
CREATE TABLE "We ""ird'; --%s"."En""tries' %d" ("Ac""count" text, "date" date, "select" numeric, "Is it?" boolean);
SELECT track_duties('"We ""ird''; --%s"."En""tries'' %d"', 'Ac"count', 'date', 'select', 'His"tories'' \ %n', 'Is it?');
INSERT INTO "We ""ird'; --%s"."En""tries' %d" VALUES ('a', '2025-01-01', 1, true), ('a', '2025-01-01', 1, false);
UPDATE "We ""ird'; --%s"."En""tries' %d" SET "select" = 3;
SELECT * FROM "We ""ird'; --%s"."His""tories' \ %n";
SELECT * FROM tracked_duties() WHERE condition ~ 'Is it';
SELECT * FROM verify_duties('"We ""ird''; --%s"."En""tries'' %d"', 'His"tories'' \ %n');
SELECT rebuild_duties('"We ""ird''; --%s"."En""tries'' %d"', 'His"tories'' \ %n');
SELECT fold_duties('"We ""ird''; --%s"."En""tries'' %d"', 'His"tories'' \ %n');
SELECT untrack_duties('"We ""ird''; --%s"."En""tries'' %d"', 'His"tories'' \ %n');
DROP SCHEMA "We ""ird'; --%s" CASCADE;
-- as long as names can be, and what is derived from them the same as of another
SELECT track_duties('office.entries', 'account', 'released', 'duties', repeat('n', 62) || '1');
SELECT relname FROM pg_class WHERE relname ~ '^nnnn' AND relkind <> 'i' ORDER BY 1;
SELECT track_duties('office.entries', 'account', 'released', 'duties', repeat('n', 62) || '2');
INSERT INTO office.entries VALUES (10, 'g', '2025-01-01', 1);
SELECT * FROM verify_duties('office.entries');
SELECT untrack_duties('office.entries', repeat('n', 62) || '1');
SELECT untrack_duties('office.entries', 'no such target');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');

--
-- Forged triggers: nobody else's parts are written to, even where the owner of
-- a table has marked them as track_duties does
--
SELECT * FROM office.histories_parts ORDER BY account, history;
SET ROLE live_thief;
CREATE TABLE den.own (account text, released date, duties numeric);
CREATE PROCEDURE den.forge(source regclass, target text, parts text, definition text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER forged AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
		WHEN (%L::regclass IS NOT NULL AND %L::regclass IS NOT NULL AND %L::regclass IS NOT NULL) EXECUTE FUNCTION count_duties()',
		source, target, parts, definition);
	EXECUTE format('ALTER TRIGGER forged ON %s DEPENDS ON EXTENSION carm', source);
END $$;
CALL den.forge('den.own', 'office.histories', 'office.histories_parts', 'office.histories_entries');
-- not a row of the tracked table: counts nowhere
INSERT INTO den.own VALUES ('a', '2025-01-01', 1000000);
DROP TRIGGER forged ON den.own;
-- an entries view of one's own over somebody else's parts
CREATE VIEW den.own_entries AS SELECT account, released AS dated, duties AS amount FROM den.own
	WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
CALL den.forge('den.own', 'office.histories', 'office.histories_parts', 'den.own_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1000000);
DROP TRIGGER forged ON den.own;
-- even if the victim has a view of the thief's table
SET ROLE live_owner;
RESET ROLE;
GRANT SELECT ON den.own TO live_owner;
SET ROLE live_owner;
CREATE VIEW office.their_entries AS SELECT account, released AS dated, duties AS amount FROM den.own
	WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
SET ROLE live_thief;
CALL den.forge('den.own', 'office.histories', 'office.histories_parts', 'office.their_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1000000);
SELECT verify_duties('den.own');
SELECT untrack_duties('den.own');
DROP TRIGGER forged ON den.own;
CREATE VIEW den.witness AS SELECT account, rollup(history) AS history FROM office.histories_parts
	WHERE 'office.their_entries'::regclass IS NOT NULL GROUP BY account;
CALL den.forge('den.own', 'den.witness', 'office.histories_parts', 'office.their_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1000000);
SELECT untrack_duties('den.own');
SELECT rebuild_duties('den.own');
DROP TRIGGER forged ON den.own;
DROP VIEW den.witness;
-- nor folded or emptied by the functions that manage one's own
CREATE TABLE den.empty (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE VIEW den.empty_entries AS SELECT account, released AS dated, duties AS amount FROM den.empty
	WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
CALL den.forge('den.empty', 'office.histories', 'office.histories_parts', 'den.empty_entries');
SELECT rebuild_duties('den.empty');
SELECT fold_duties('den.empty');
SELECT verify_duties('den.empty');
SELECT untrack_duties('den.empty');
DROP TABLE den.empty CASCADE;
-- parts of another type, which would be written our bytes
CREATE TABLE den.own_parts (entries bigint, account text, history jsonb);
CREATE VIEW den.own_histories AS SELECT account, history FROM den.own_parts WHERE 'den.own_entries'::regclass IS NOT NULL;
CALL den.forge('den.own', 'den.own_histories', 'den.own_parts', 'den.own_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
DROP TABLE den.own_parts CASCADE;
CREATE TABLE den.own_parts (entries bigint, account text, history bytea);
CREATE VIEW den.own_histories AS SELECT account, history FROM den.own_parts WHERE 'den.own_entries'::regclass IS NOT NULL;
CALL den.forge('den.own', 'den.own_histories', 'den.own_parts', 'den.own_entries');
INSERT INTO den.own_parts VALUES (1, 'a', '\xf1');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SELECT rebuild_duties('den.own');
SELECT fold_duties('den.own');
DROP TRIGGER forged ON den.own;
DROP VIEW den.own_histories;
DROP TABLE den.own_parts;
-- parts that have no accounts
CREATE TABLE den.own_parts (entries bigint);
CREATE VIEW den.own_histories AS SELECT entries FROM den.own_parts WHERE 'den.own_entries'::regclass IS NOT NULL;
CALL den.forge('den.own', 'den.own_histories', 'den.own_parts', 'den.own_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SELECT fold_duties('den.own');
DROP TRIGGER forged ON den.own;
DROP VIEW den.own_histories;
DROP TABLE den.own_parts;
-- WHEN clauses that name nothing, or nonsense; triggers of another kind
CREATE TRIGGER forged AFTER INSERT ON den.own REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	WHEN ('office.histories'::regclass IS NOT NULL AND 1 = 1 AND now() IS NOT NULL) EXECUTE FUNCTION count_duties();
ALTER TRIGGER forged ON den.own DEPENDS ON EXTENSION carm;
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SELECT untrack_duties('den.own');
DROP TRIGGER forged ON den.own;
CREATE TRIGGER forged AFTER INSERT ON den.own REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	EXECUTE FUNCTION count_duties();
ALTER TRIGGER forged ON den.own DEPENDS ON EXTENSION carm;
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
CALL den.forge('den.own', NULL, NULL, NULL);
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
CALL den.forge('den.own', 'pg_class', 'pg_class', 'pg_class');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
DROP TRIGGER forged ON den.own;
CREATE TRIGGER forged AFTER INSERT ON den.own REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	WHEN (0::regclass IS NOT NULL AND 1::regclass IS NOT NULL AND 4294967295::regclass IS NOT NULL) EXECUTE FUNCTION count_duties();
ALTER TRIGGER forged ON den.own DEPENDS ON EXTENSION carm;
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
CALL den.forge('den.own', '4294967201', '4294967202', '4294967203');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SELECT untrack_duties('den.own');
SELECT untrack_duties('den.own', 'x');
SELECT fold_duties('den.own');
SELECT verify_duties('den.own');
SELECT rebuild_duties('den.own');
SELECT * FROM tracked_duties() WHERE source = 'den.own'::regclass;
CALL den.forge('den.own', 'den.own_entries', '4294967202', 'den.own_entries');
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SELECT rebuild_duties('den.own');
SELECT verify_duties('den.own');
SELECT fold_duties('den.own');
SELECT * FROM tracked_duties() WHERE source = 'den.own'::regclass;
SELECT untrack_duties('den.own');
SELECT to_regclass('den.own_entries');
-- ... nor is another's table or view dropped that is named as parts or target, once it is the same owner's
CREATE VIEW den.own_entries AS SELECT account, released AS dated, duties AS amount FROM den.own
	WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
SET ROLE live_owner;
CREATE TABLE office.payroll (who text);
CREATE VIEW office.paid AS SELECT who FROM office.payroll;
SET ROLE live_thief;
CALL den.forge('den.own', 'office.paid', 'office.payroll', 'den.own_entries');
RESET ROLE;
GRANT USAGE ON SCHEMA den TO live_owner;
ALTER TABLE den.own OWNER TO live_owner;
ALTER VIEW den.own_entries OWNER TO live_owner;
SET ROLE live_owner;
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
SET client_min_messages = notice;
SELECT untrack_duties('den.own');
SET client_min_messages = warning;
DROP TABLE office.payroll CASCADE;
-- ... nor are triggers that keep another live history
RESET ROLE;
ALTER TABLE den.own OWNER TO live_thief;
SET ROLE live_thief;
CREATE VIEW den.none AS SELECT 1 AS one;
CALL den.forge('den.own', 'den.none', 'den.none', 'office.histories_parts');
RESET ROLE;
ALTER TABLE den.own OWNER TO live_owner;
SET ROLE live_owner;
SELECT untrack_duties('den.own');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'office.entries'::regclass AND tgfoid = 'count_duties'::regproc;
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
RESET ROLE;
ALTER TABLE den.own OWNER TO live_thief;
SET ROLE live_thief;
CREATE TRIGGER forged AFTER INSERT ON den.own FOR EACH ROW EXECUTE FUNCTION count_duties();
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
DROP TRIGGER forged ON den.own;
CREATE TRIGGER forged AFTER INSERT ON den.own FOR EACH ROW EXECUTE FUNCTION pass_over_parts();
INSERT INTO den.own VALUES ('a', '2025-01-01', 1);
DROP TRIGGER forged ON den.own;
SET ROLE live_owner;
SELECT * FROM verify_duties('office.entries');
SELECT * FROM office.histories_parts ORDER BY account, history;

-- a trigger put on another's table is no reason not to untrack
SET ROLE live_thief;
CALL den.forge('den.own', 'office.histories', 'office.histories_parts', 'office.histories_entries');
SET ROLE live_owner;
SELECT untrack_duties('office.entries');
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');

--
-- Made by hand, or changed: refused, and mended by tracking anew
--
CREATE OR REPLACE VIEW office.histories_entries AS
	SELECT upper(account) AS account, released AS dated, duties AS amount FROM office.entries;
INSERT INTO office.entries VALUES (11, 'h', '2025-01-01', 1);
SELECT * FROM verify_duties('office.entries');
SELECT rebuild_duties('office.entries');
SELECT fold_duties('office.entries');
SELECT * FROM tracked_duties();
-- ... entries of no table, or not all of them told by their NULLs
CREATE OR REPLACE VIEW office.histories_entries AS
	SELECT account, dated, amount FROM (VALUES (text 'a', date '2025-01-01', numeric '1')) AS v (account, dated, amount) WHERE account IS NOT NULL AND dated IS NOT NULL AND amount IS NOT NULL;
INSERT INTO office.entries VALUES (11, 'h', '2025-01-01', 1);
SELECT * FROM verify_duties('office.entries');
CREATE OR REPLACE VIEW office.histories_entries AS
	SELECT account, released AS dated, duties AS amount FROM office.entries WHERE latest AND account IS NOT NULL AND released > '2000-01-01' AND duties IS NOT NULL;
INSERT INTO office.entries VALUES (11, 'h', '2025-01-01', 1);
SELECT * FROM verify_duties('office.entries');
SET client_min_messages = notice;
SELECT untrack_duties('office.entries');
SET client_min_messages = warning;
DROP VIEW office.histories_entries;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');
-- the view that is read may be added to, as long as it is of the same parts
CREATE OR REPLACE VIEW office.histories AS
	SELECT account, rollup(history) AS history, count(*) > 0 AS more FROM office.histories_parts
	WHERE 'office.histories_entries'::regclass IS NOT NULL GROUP BY account HAVING sum(entries) <> 0;
INSERT INTO office.entries VALUES (11, 'h', '2025-01-01', 1);
SELECT account, more FROM office.histories WHERE account = 'h';
CREATE OR REPLACE VIEW office.histories AS
	SELECT account, duty_history(released, duties) AS history, true AS more FROM office.entries GROUP BY account;
INSERT INTO office.entries VALUES (12, 'h', '2025-01-01', 1);
SELECT untrack_duties('office.entries');
DROP VIEW office.histories;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');
-- parts with more columns: they stay NULL, if they may
ALTER TABLE office.histories_parts ADD remark text DEFAULT 'none';
INSERT INTO office.entries VALUES (12, 'k', '2025-01-01', 1);
SELECT account, history, remark FROM office.histories_parts WHERE account = 'k';
ALTER TABLE office.histories_parts ADD must text NOT NULL DEFAULT 'be';
INSERT INTO office.entries VALUES (12, 'k', '2025-01-01', 1);
ALTER TABLE office.histories_parts DROP must;
DELETE FROM office.entries WHERE account = 'k';
-- parts of another shape
\set VERBOSITY terse
ALTER TABLE office.histories_parts ALTER entries TYPE integer;
\set VERBOSITY default
DROP VIEW office.histories CASCADE;
ALTER TABLE office.histories_parts ALTER entries TYPE integer;
DROP TABLE office.histories_parts CASCADE;
DROP VIEW office.histories_entries;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');
-- somebody else's from now on, all but the table
RESET ROLE;
ALTER TABLE office.histories_parts OWNER TO live_clerk;
INSERT INTO office.entries VALUES (13, 'h', '2025-01-01', 1);
ALTER TABLE office.histories_parts OWNER TO live_owner;
-- the table somebody else's: nothing is counted, nor changed, until all goes over
ALTER TABLE office.entries OWNER TO live_clerk;
INSERT INTO office.entries VALUES (13, 'h', '2025-01-01', 1);
GRANT CREATE ON SCHEMA office TO live_clerk;
SET ROLE live_clerk;
SELECT * FROM verify_duties('office.entries');
SELECT rebuild_duties('office.entries');
SELECT untrack_duties('office.entries');
RESET ROLE;
ALTER VIEW office.histories OWNER TO live_clerk;
ALTER VIEW office.histories_entries OWNER TO live_clerk;
ALTER TABLE office.histories_parts OWNER TO live_clerk;
SET ROLE live_clerk;
INSERT INTO office.entries VALUES (14, 'h', '2025-01-01', 1);
SELECT * FROM verify_duties('office.entries');
SELECT rebuild_duties('office.entries');
SELECT account, history FROM office.histories WHERE account = 'h';
SELECT untrack_duties('office.entries');
SELECT relname FROM pg_class WHERE relnamespace = 'office'::regnamespace AND relkind <> 'i' ORDER BY 1;

--
-- What an owner makes to be called when parts change is called on its behalf
--
RESET ROLE;
ALTER TABLE office.entries OWNER TO live_owner;
SET ROLE live_owner;
CREATE FUNCTION office.told(text) RETURNS text LANGUAGE plpgsql IMMUTABLE
AS $$ BEGIN IF current_user <> 'live_owner' THEN RAISE 'called as %', current_user; END IF; RETURN $1; END $$;
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');
CREATE INDEX ON office.histories_parts (office.told(account));
RESET ROLE;
INSERT INTO office.entries VALUES (15, 'h', '2025-01-01', 1);
INSERT INTO office.entries VALUES (16, 'h', '2025-01-01', 1);
INSERT INTO office.entries VALUES (17, 'h', '2025-01-01', 1);
INSERT INTO office.entries VALUES (18, 'h', '2025-01-01', 1);
SELECT account, history FROM office.histories WHERE account = 'h';
SELECT current_user = session_user AS ourselves;

DROP SCHEMA office, den CASCADE;
DROP OWNED BY live_owner, live_clerk, live_thief;
DROP ROLE live_owner, live_clerk, live_thief;
