--
-- Live histories and whose rights are used. The owner of a tracked table may
-- add indexes to its parts. What these call must never run with the rights of
-- whoever writes, commits, refreshes or folds (as in CVE-2020-25695).
--
SET client_min_messages = warning;
CREATE ROLE carm_owner;
CREATE SCHEMA rights AUTHORIZATION carm_owner;
SET ROLE carm_owner;
SET search_path = rights, public;
CREATE TABLE entries (account program_account, release date, duties numeric);
SELECT track_duties('entries', 'account', 'release', 'duties', 'live');

CREATE FUNCTION tell() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'carm_owner' THEN
		RAISE WARNING 'runs as another';
	END IF;
	IF current_setting('search_path') <> 'pg_catalog, pg_temp' THEN
		RAISE WARNING 'runs with search_path %', current_setting('search_path');
	END IF;
END $$;
CREATE FUNCTION look(duty_history) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE INDEX ON live_parts (look(history));
CREATE INDEX ON live_parts (account) WHERE look(history) = 1;
CREATE OR REPLACE FUNCTION look(duty_history) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM rights.tell();
	RETURN 1;
END $$;
CREATE FUNCTION six_entries() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1..6 LOOP
		INSERT INTO rights.entries VALUES ('123456782RM0001', date '2025-01-01' + 20 * i, i);
	END LOOP;
	RETURN (SELECT count(*) FROM rights.live_parts);
END $$;
CREATE MATERIALIZED VIEW parts_made AS SELECT six_entries() WITH NO DATA;
RESET ROLE;

-- parts are appended by the owner's query, and merged when we commit
REFRESH MATERIALIZED VIEW parts_made;
SELECT * FROM parts_made;
SELECT count(*) FROM live_parts;
INSERT INTO entries VALUES ('123456782RM0001', '2025-01-01', 1);
SELECT fold_duties('entries');
SELECT rebuild_duties('entries');
SELECT * FROM live;

-- nor does a condition whose arguments are constants
SET ROLE carm_owner;
CREATE FUNCTION open_to(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE conditional (account text, release date, duties numeric);
SELECT track_duties('conditional', 'account', 'release', 'duties', 'live_2', 'open_to(1) OR duties > 0');
CREATE OR REPLACE FUNCTION open_to(integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	PERFORM rights.tell();
	RETURN true;
END $$;
RESET ROLE;
INSERT INTO conditional VALUES ('a', '2025-01-01', 1);
SELECT * FROM live_2;

-- who commits is who they were
SELECT current_user = session_user AS ourselves, current_setting('search_path');

--
-- Nor does it run with the owner's rights while others write. They may have had
-- a function compiled with types of their own in place of the server's, or give
-- one that looks in pg_temp first a type of theirs.
--
CREATE ROLE carm_writer;
GRANT USAGE ON SCHEMA rights TO carm_writer;
CREATE FUNCTION is_sale(kind text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
	v text := lower(kind);
BEGIN
	RETURN v = 'sale';
END $$;
CREATE DOMAIN percent AS numeric;
CREATE FUNCTION rate_of(kind text) RETURNS numeric IMMUTABLE LANGUAGE plpgsql SET search_path = rights, public AS $$
DECLARE
	v percent := 2;
BEGIN
	RETURN v;
END $$;
CREATE FUNCTION size_of(duty_history) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
	v text := 'x';
BEGIN
	RETURN length(v);
END $$;
CREATE DOMAIN kind AS text CHECK (is_sale(VALUE) OR VALUE = 'gift');

-- the table is a superuser's, and the writer may do one thing only
CREATE TABLE sales (account text, released date, duties numeric, kind text);
SELECT track_duties('sales', 'account', 'released', 'duties', 'of_sales', 'is_sale(kind)');
SELECT track_duties('sales', 'account', 'released', 'duties', 'of_kinds', $$kind::kind = 'sale'$$);
CREATE TABLE rated (account text, released date, kind text, duties numeric GENERATED ALWAYS AS (rate_of(kind)) STORED)
	PARTITION BY RANGE (released);
CREATE TABLE rated_1 PARTITION OF rated DEFAULT;
SELECT track_duties('rated', 'account', 'released', 'duties', 'of_rated');
CREATE TABLE plain (account text, released date, duties numeric);
SELECT track_duties('plain', 'account', 'released', 'duties', 'of_plain');
CREATE INDEX ON of_plain_parts (size_of(history)) WHERE size_of(history) > 0;
CREATE TABLE declared (number integer PRIMARY KEY);
CREATE TABLE items (number integer REFERENCES declared ON DELETE CASCADE, account text, released date, duties numeric, kind text);
SELECT track_duties('items', 'account', 'released', 'duties', 'of_items', 'is_sale(kind)');
INSERT INTO declared VALUES (1);
INSERT INTO items VALUES (1, 'a', '2025-01-01', 1, 'gift');
\c -
SET client_min_messages = warning;
SET search_path = rights, public;
SET ROLE carm_owner;
INSERT INTO conditional VALUES ('b', '2025-01-01', 1);
RESET ROLE;
GRANT INSERT ON sales, rated, plain TO carm_writer;
GRANT SELECT ON declared TO carm_writer;
GRANT DELETE ON sales, declared TO carm_writer;
SET SESSION AUTHORIZATION carm_writer;
CREATE SEQUENCE pg_temp.trapped;
CREATE FUNCTION pg_temp.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
	IF current_user <> 'carm_writer' THEN RAISE WARNING 'runs as another'; END IF;
	PERFORM nextval('pg_temp.trapped');
	RETURN true;
END $$;
CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (pg_temp.trap());
CREATE DOMAIN pg_temp.percent AS numeric CHECK (pg_temp.trap());
SET search_path = pg_temp, pg_catalog;
SELECT rights.is_sale('sale'), rights.size_of(NULL);
SET search_path = rights, public;
INSERT INTO rights.sales VALUES ('a', '2025-01-01', 1, 'sale'), ('a', '2025-01-01', 2, 'gift');
INSERT INTO rights.rated VALUES ('a', '2025-01-01', 'sale');
INSERT INTO rights.plain VALUES ('a', '2025-01-01', 1);
DO $$ BEGIN FOR i IN 1..6 LOOP INSERT INTO rights.plain VALUES ('a', '2025-01-01', 1); COMMIT; END LOOP; END $$;
DELETE FROM rights.sales;
-- from 18 on the server has the owner fire what a key cascades to: see GUIDE.md
SET client_min_messages = error;
DELETE FROM rights.declared;
RESET client_min_messages;
SELECT nextval('pg_temp.trapped') > 20 AS trapped;
RESET SESSION AUTHORIZATION;
SELECT * FROM of_sales UNION ALL SELECT * FROM of_kinds UNION ALL SELECT * FROM of_rated UNION ALL SELECT * FROM of_plain;

-- nor does a lesser role's code, in the session of a greater one, become that one again
CREATE SCHEMA AUTHORIZATION carm_writer;
SET SESSION AUTHORIZATION carm_writer;
CREATE FUNCTION carm_writer.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
	IF current_user <> 'carm_writer' THEN RAISE WARNING 'runs as another'; END IF;
	RETURN true;
END $$;
CREATE DOMAIN carm_writer.text AS pg_catalog.text CHECK (carm_writer.trap());
CREATE FUNCTION carm_writer.work() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = carm_writer, pg_catalog AS $$ BEGIN
	PERFORM rights.is_sale('sale');
	INSERT INTO rights.sales VALUES ('c', '2025-01-01', 1, 'sale');
END $$;
CREATE FUNCTION carm_writer.works(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM carm_writer.work(); RETURN $1; END';
CREATE TABLE carm_writer.own (n integer);
CREATE INDEX ON carm_writer.own (carm_writer.works(n));
INSERT INTO carm_writer.own VALUES (1);
\c -
SET client_min_messages = warning;
SET search_path = rights, public;
SELECT carm_writer.work();
ANALYZE carm_writer.own;
SELECT account FROM of_sales;
\c -
SET client_min_messages = warning;
SET search_path = rights, public;
DELETE FROM sales;
-- ... and an owner gains nothing of who calls a function of theirs
CREATE TABLE of_owner (account text, released date, duties numeric);
ALTER TABLE of_owner OWNER TO carm_owner;
SET ROLE carm_owner;
CREATE FUNCTION as_owner(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM rights.tell(); RETURN true; END';
REVOKE EXECUTE ON FUNCTION as_owner FROM PUBLIC;
SELECT track_duties('of_owner', 'account', 'released', 'duties', 'of_owners', 'as_owner(account)');
CREATE FUNCTION api() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ INSERT INTO rights.of_owner VALUES ('a', '2025-01-01', 1) $$;
CREATE FUNCTION rebuild() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT public.rebuild_duties('rights.of_owner') $$;
SET SESSION AUTHORIZATION carm_writer;
SELECT rights.api(), rights.rebuild();
RESET SESSION AUTHORIZATION;
-- ... whose commit merges as the owner, too
CREATE FUNCTION twice(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT 2 * $1';
ALTER FUNCTION twice OWNER TO carm_owner;
REVOKE EXECUTE ON FUNCTION twice FROM PUBLIC;
CREATE INDEX ON of_owners_parts (twice(entries));
CREATE OR REPLACE FUNCTION twice(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM rights.tell(); RETURN 2 * $1; END';
SET SESSION AUTHORIZATION carm_writer;
DO $$ BEGIN FOR i IN 1..8 LOOP PERFORM rights.api(); COMMIT; END LOOP; END $$;
RESET SESSION AUTHORIZATION;
SELECT count(*) < 5 AS few FROM of_owners_parts;
SELECT * FROM of_owners;

-- what manages is the owner's, whoever's function calls it: nothing warns here
CREATE FUNCTION nightly() RETURNS void LANGUAGE sql SECURITY DEFINER
AS $$ SELECT public.fold_duties('rights.of_owner'); SELECT public.rebuild_duties('rights.of_owner'); SELECT public.verify_duties('rights.of_owner') $$;
SET SESSION AUTHORIZATION carm_writer;
DO $$ BEGIN FOR i IN 1..2 LOOP PERFORM rights.api(); COMMIT; END LOOP; END $$;
SELECT rights.nightly();
RESET SESSION AUTHORIZATION;
SELECT count(*) FROM of_owners_parts;

-- who may call what the owner wrote is what the server asks of a CHECK, too
REVOKE EXECUTE ON FUNCTION is_sale FROM PUBLIC;
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.sales VALUES ('b', '2025-01-01', 1, 'sale');
RESET SESSION AUTHORIZATION;
-- ... also after one has written who may
SET ROLE carm_owner;
CREATE FUNCTION is_known(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT $1 <> 'x' $$;
REVOKE EXECUTE ON FUNCTION is_known FROM PUBLIC;
CREATE TABLE asked (account text, released date, duties numeric);
SELECT track_duties('asked', 'account', 'released', 'duties', 'of_asked', 'is_known(account)');
GRANT INSERT ON asked TO carm_writer;
INSERT INTO asked VALUES ('a', '2025-01-01', 1);
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.asked VALUES ('a', '2025-01-01', 2);
RESET SESSION AUTHORIZATION;
INSERT INTO asked VALUES ('a', '2025-01-01', 4);
-- ... or while one might
CREATE ROLE carm_callers;
GRANT EXECUTE ON FUNCTION is_known TO carm_callers;
GRANT carm_callers TO carm_writer;
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.asked VALUES ('a', '2025-01-01', 8);
RESET SESSION AUTHORIZATION;
REVOKE carm_callers FROM carm_writer;
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.asked VALUES ('a', '2025-01-01', 16);
RESET SESSION AUTHORIZATION;
SELECT account, history FROM of_asked;
-- ... also of the server's own, where these are taken in
CREATE TABLE padded (account text, released date, duties numeric);
SELECT track_duties('padded', 'account', 'released', 'duties', 'of_padded', 'lpad(account, 2) <> ''x''');
GRANT INSERT ON padded TO carm_writer;
REVOKE EXECUTE ON FUNCTION lpad(text, integer) FROM PUBLIC;
INSERT INTO padded VALUES ('a', '2025-01-01', 1);
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.padded VALUES ('a', '2025-01-01', 2);
RESET SESSION AUTHORIZATION;
GRANT EXECUTE ON FUNCTION lpad(text, integer) TO PUBLIC;
GRANT carm_owner TO carm_writer;
ALTER TABLE sales OWNER TO carm_owner;
ALTER VIEW of_sales OWNER TO carm_owner;
ALTER VIEW of_sales_entries OWNER TO carm_owner;
ALTER TABLE of_sales_parts OWNER TO carm_owner;
SELECT untrack_duties('sales', 'of_kinds');
ALTER FUNCTION is_sale OWNER TO carm_owner;
SET SESSION AUTHORIZATION carm_writer;
INSERT INTO rights.sales VALUES ('b', '2025-01-01', 1, 'sale');
RESET SESSION AUTHORIZATION;
SELECT * FROM of_sales;
DROP SCHEMA rights, carm_writer CASCADE;
DROP OWNED BY carm_writer;
DROP ROLE carm_owner, carm_writer, carm_callers;
