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
DROP SCHEMA rights CASCADE;
DROP ROLE carm_owner;
