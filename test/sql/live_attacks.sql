-- What an ordinary user tried with the source in hand, and what came of it.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE attack_owner;
CREATE ROLE attack_other;
CREATE SCHEMA office AUTHORIZATION attack_owner;
CREATE SCHEMA den AUTHORIZATION attack_other;

--
-- A function of an owner's index closes the portal in which a commit waits
--
SET ROLE attack_owner;
CREATE TABLE office.entries (account text, released date, duties numeric);
SELECT track_duties('office.entries', 'account', 'released', 'duties', 'histories');
CREATE FUNCTION office.close_it() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	waiting refcursor := 'carm: parts to be merged at commit';
BEGIN
	IF current_setting('attack.close', true) = 'yes' THEN CLOSE waiting; END IF;
END $$;
CREATE FUNCTION office.closing(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE
AS 'BEGIN PERFORM office.close_it(); RETURN $1; END';
CREATE INDEX closing ON office.histories_parts (office.closing(entries));
BEGIN;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
SET attack.close = 'yes';
COMMIT;
TABLE office.histories;
-- ... by CLOSE ALL amid the transaction, which is undone
RESET attack.close;
BEGIN;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
SAVEPOINT s;
SET LOCAL attack.close = 'yes';
CLOSE ALL;
ROLLBACK TO s;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
COMMIT;
TABLE office.histories;
-- ... and while a statement appends
BEGIN;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
SET LOCAL attack.close = 'yes';
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
COMMIT;
BEGIN;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
DO $$ DECLARE waiting refcursor := 'carm: parts to be merged at commit'; BEGIN CLOSE waiting; END $$;
INSERT INTO office.entries VALUES ('p', '2025-01-01', 1);
COMMIT;
TABLE office.histories;
SELECT * FROM verify_duties('office.entries');
DROP INDEX office.closing;
SELECT fold_duties('office.entries') > 0 AS folded;
TABLE office.histories_parts;

--
-- What one has made such that it can't be listed hides nothing of others'
--
SET ROLE attack_other;
CREATE TABLE den.odd (account int, released date, duties numeric);
CREATE FUNCTION den.amount_of(den.odd) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1.duties';
CREATE VIEW den.func_entries AS SELECT account, released AS dated, den.amount_of(odd) AS amount
	FROM den.odd WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
CREATE VIEW den.whole_entries AS SELECT odd AS account, released AS dated, duties AS amount
	FROM den.odd WHERE odd IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
CREATE VIEW den.sys_entries AS SELECT tableoid AS account, released AS dated, duties AS amount
	FROM den.odd WHERE cmin = '0' AND tableoid IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
-- as deep as can be made, and too deep to be written out
DO $$
BEGIN
	FOR depth IN REVERSE 50..5 LOOP
		BEGIN
			EXECUTE format('CREATE VIEW den.deep_entries AS SELECT account, released AS dated, duties AS amount
				FROM den.odd WHERE %s > 0 AND account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL',
				repeat('abs(', 100 * depth) || 'duties' || repeat(')', 100 * depth));
			EXIT;
		EXCEPTION WHEN statement_too_complex OR syntax_error THEN
		END;
	END LOOP;
END $$;
CREATE TABLE den.func_parts (entries int8 NOT NULL, account int NOT NULL, history duty_history NOT NULL);
CREATE TABLE den.deep_parts (entries int8 NOT NULL, account int NOT NULL, history duty_history NOT NULL);
CREATE TABLE den.whole_parts (entries int8 NOT NULL, account den.odd NOT NULL, history duty_history NOT NULL);
CREATE TABLE den.sys_parts (entries int8 NOT NULL, account oid NOT NULL, history duty_history NOT NULL);
SELECT format($f$CREATE VIEW den.%1$s AS SELECT account, rollup(history) AS history FROM den.%1$s_parts
	WHERE require_tracked('den.%1$s_entries', 'den.%1$s_parts') GROUP BY account$f$, name),
	format($f$CREATE TRIGGER %1$s AFTER INSERT ON den.odd REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	WHEN ('den.%1$s'::regclass IS NOT NULL AND 'den.%1$s_parts'::regclass IS NOT NULL AND 'den.%1$s_entries'::regclass IS NOT NULL)
	EXECUTE FUNCTION count_duties()$f$, name),
	format('ALTER TRIGGER %s ON den.odd DEPENDS ON EXTENSION carm', name)
FROM unnest('{func,whole,sys,deep}'::text[]) AS name \gexec
SET ROLE attack_owner;
SELECT source, target FROM tracked_duties() ORDER BY target::text;
SET ROLE attack_other;
DROP TRIGGER deep ON den.odd;
INSERT INTO den.odd VALUES (1, '2025-01-01', 1);
DROP TRIGGER func ON den.odd;
INSERT INTO den.odd VALUES (1, '2025-01-01', 1);
DROP TRIGGER sys ON den.odd;
INSERT INTO den.odd VALUES (1, '2025-01-01', 1);
SELECT * FROM verify_duties('den.odd');
SELECT untrack_duties('den.odd');
-- ... nor does a trigger on another's table, which isn't even read
SET ROLE attack_owner;
GRANT TRIGGER ON office.entries TO attack_other;
GRANT USAGE ON SCHEMA office TO attack_other;
SET ROLE attack_other;
DO $$
BEGIN
	FOR depth IN REVERSE 50..5 LOOP
		BEGIN
			EXECUTE format('CREATE TRIGGER deep AFTER UPDATE ON office.entries FOR EACH ROW WHEN (%s > 0) EXECUTE FUNCTION count_duties()',
				repeat('abs(', 100 * depth) || 'NEW.duties' || repeat(')', 100 * depth));
			EXIT;
		EXCEPTION WHEN statement_too_complex OR syntax_error THEN
		END;
	END LOOP;
END $$;
SET ROLE attack_owner;
SELECT source, target FROM tracked_duties() ORDER BY target::text;
SELECT rebuild_duties('office.entries');
DROP TRIGGER deep ON office.entries;

--
-- What is called with others than track_duties gives
--
SET ROLE attack_owner;
SELECT require_tracked('office.histories_entries', 0::regclass);
SELECT require_tracked('office.histories_entries', 4294967295::regclass);
SELECT require_tracked('office.histories', 'office.histories_parts');

--
-- A function of an owner's index lasts: merging it is ended by a cancel
--
RESET ROLE;
CREATE FUNCTION den.cancel() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS 'SELECT pg_cancel_backend(pg_backend_pid())';
SET ROLE attack_other;
CREATE FUNCTION den.sleep() RETURNS void LANGUAGE plpgsql
AS $$ BEGIN IF pg_trigger_depth() = 0 AND current_setting('attack.cancel', true) = 'yes' THEN PERFORM den.cancel(); PERFORM pg_sleep(30); END IF; END $$;
CREATE FUNCTION den.slow(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE
AS 'BEGIN PERFORM den.sleep(); RETURN $1; END';
CREATE TABLE den.entries (account text, released date, duties numeric);
SELECT track_duties('den.entries', 'account', 'released', 'duties', 'slow');
CREATE INDEX ON den.slow_parts (den.slow(entries));
SET attack.cancel = 'yes';
SELECT clock_timestamp() AS began \gset
BEGIN;
INSERT INTO den.entries VALUES ('a', '2025-01-01', 1);
INSERT INTO den.entries VALUES ('a', '2025-01-01', 1);
INSERT INTO den.entries VALUES ('a', '2025-01-01', 1);
INSERT INTO den.entries VALUES ('a', '2025-01-01', 1);
COMMIT;
SELECT clock_timestamp() - :'began' < '25 s' AS soon;
TABLE den.slow;

--
-- Who may create in the extension's schema makes a better fit for a domain
--
CREATE DOMAIN den.day AS date;
CREATE DOMAIN den.dollars AS numeric;
CREATE TABLE den.domains (account text, released den.day, duties den.dollars);
INSERT INTO den.domains VALUES ('a', '2025-01-01', 1);
SELECT track_duties('den.domains', 'account', 'released', 'duties', 'of_domains');
RESET ROLE;
CREATE FUNCTION better(state duty_history, den.day, den.dollars) RETURNS duty_history LANGUAGE plpgsql
AS $$ BEGIN RAISE 'called as %', current_user; END $$;
CREATE AGGREGATE duty_history(den.day, den.dollars) (SFUNC = better, STYPE = duty_history, INITCOND = '{}');
SET ROLE attack_other;
SELECT * FROM verify_duties('den.domains');
INSERT INTO den.domains VALUES ('a', '2025-01-01', 1);
SELECT * FROM den.of_domains;

--
-- A trigger with one of its transition tables would count half of an update
--
CREATE TABLE den.half (account text, released date, duties numeric);
SELECT track_duties('den.half', 'account', 'released', 'duties', 'halved');
DROP TRIGGER halved_update ON den.half;
CREATE TRIGGER halved_update AFTER UPDATE ON den.half REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
	WHEN ('den.halved'::regclass IS NOT NULL AND 'den.halved_parts'::regclass IS NOT NULL AND 'den.halved_entries'::regclass IS NOT NULL)
	EXECUTE FUNCTION count_duties();
ALTER TRIGGER halved_update ON den.half DEPENDS ON EXTENSION carm;
INSERT INTO den.half VALUES ('a', '2025-01-01', 1);
UPDATE den.half SET duties = 2;
DELETE FROM den.half;
SELECT * FROM den.halved;
SELECT * FROM verify_duties('den.half');

--
-- An error tells nothing of a row that may be changed but not read
--
CREATE TABLE den.secrets (account text, released date, quantity numeric, price numeric, days integer,
	duties numeric GENERATED ALWAYS AS (quantity * price) STORED,
	due date GENERATED ALWAYS AS (released + days) STORED);
INSERT INTO den.secrets VALUES ('hidden', '2025-01-01', 37, 1, 1);
SELECT track_duties('den.secrets', 'account', 'due', 'duties', 'of_secrets');
GRANT USAGE ON SCHEMA den TO attack_owner;
GRANT UPDATE (price, days) ON den.secrets TO attack_owner;
SET ROLE attack_owner;
\set SHOW_CONTEXT errors
UPDATE den.secrets SET price = 1e15;
UPDATE den.secrets SET price = 1e-9;
UPDATE den.secrets SET price = 'NaN';
UPDATE den.secrets SET days = 3000000;
SET ROLE attack_other;
GRANT SELECT (duties, due) ON den.secrets TO attack_owner;
SET ROLE attack_owner;
UPDATE den.secrets SET price = 1e15;
UPDATE den.secrets SET days = 3000000;
-- ... nor where a key cascades, which from 18 on is counted as the table's owner
SET ROLE attack_other;
CREATE TABLE den.prices (price numeric PRIMARY KEY);
INSERT INTO den.prices VALUES (1), (2);
CREATE TABLE den.keyed (account text, released date, quantity numeric, price numeric REFERENCES den.prices ON UPDATE CASCADE,
	duties numeric GENERATED ALWAYS AS (quantity * price) STORED);
INSERT INTO den.keyed VALUES ('hidden', '2025-01-01', 37, 1);
SELECT track_duties('den.keyed', 'account', 'released', 'duties', 'of_keyed');
GRANT SELECT, UPDATE ON den.prices TO attack_owner;
SET ROLE attack_owner;
UPDATE den.prices SET price = 1e15 WHERE price = 1;
\set SHOW_CONTEXT never
SET ROLE attack_other;
ALTER TABLE den.secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY blind ON den.secrets FOR UPDATE TO attack_owner USING (true);
CREATE POLICY none ON den.secrets FOR SELECT TO attack_owner USING (duties < 0);
SET ROLE attack_owner;
UPDATE den.secrets SET price = 1e15;
SET ROLE attack_other;
UPDATE den.secrets SET price = 1e15;
SELECT * FROM verify_duties('den.secrets');
-- ... nor where the condition can't be evaluated for a row that wasn't counted
CREATE TABLE den.tagged (account text, released date, duties numeric, code text);
SELECT track_duties('den.tagged', 'account', 'released', 'duties', 'of_tagged', 'code::integer > 5');
CREATE TABLE den.tagged_too () INHERITS (den.tagged);
INSERT INTO den.tagged_too VALUES ('a', '2025-01-01', 1, 'hidden');
GRANT DELETE, TRUNCATE ON den.tagged TO attack_owner;
SET ROLE attack_owner;
\set SHOW_CONTEXT errors
DELETE FROM den.tagged;
SET ROLE attack_other;
DELETE FROM den.tagged;
SELECT rebuild_duties('den.tagged');
\set SHOW_CONTEXT never

--
-- Who may create where a type's operators are makes a better one for a domain
--
RESET ROLE;
CREATE SCHEMA codes;
GRANT USAGE, CREATE ON SCHEMA codes TO PUBLIC;
CREATE TYPE codes.code;
CREATE FUNCTION codes.read(cstring) RETURNS codes.code LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION codes.write(codes.code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE codes.code (INPUT = codes.read, OUTPUT = codes.write, LIKE = integer);
CREATE FUNCTION codes.compare(codes.code, codes.code) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION codes.hash(codes.code) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE FUNCTION codes.eq(codes.code, codes.code) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION codes.lt(codes.code, codes.code) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION codes.le(codes.code, codes.code) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION codes.gt(codes.code, codes.code) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION codes.ge(codes.code, codes.code) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE OPERATOR codes.= (FUNCTION = codes.eq, LEFTARG = codes.code, RIGHTARG = codes.code, COMMUTATOR = OPERATOR(codes.=), HASHES, MERGES);
CREATE OPERATOR codes.< (FUNCTION = codes.lt, LEFTARG = codes.code, RIGHTARG = codes.code);
CREATE OPERATOR codes.<= (FUNCTION = codes.le, LEFTARG = codes.code, RIGHTARG = codes.code);
CREATE OPERATOR codes.> (FUNCTION = codes.gt, LEFTARG = codes.code, RIGHTARG = codes.code);
CREATE OPERATOR codes.>= (FUNCTION = codes.ge, LEFTARG = codes.code, RIGHTARG = codes.code);
CREATE OPERATOR CLASS codes.code_ops DEFAULT FOR TYPE codes.code USING btree AS OPERATOR 1 codes.<, OPERATOR 2 codes.<=,
	OPERATOR 3 codes.=, OPERATOR 4 codes.>=, OPERATOR 5 codes.>, FUNCTION 1 codes.compare(codes.code, codes.code);
CREATE OPERATOR CLASS codes.code_ops DEFAULT FOR TYPE codes.code USING hash AS OPERATOR 1 codes.=, FUNCTION 1 codes.hash(codes.code);
SET ROLE attack_other;
CREATE DOMAIN den.of_code AS codes.code;
CREATE TABLE den.coded (account den.of_code, released date, duties numeric);
INSERT INTO den.coded VALUES ('7', '2025-01-01', 1);
SELECT track_duties('den.coded', 'account', 'released', 'duties', 'by_code');
GRANT USAGE ON TYPE den.of_code TO attack_owner;
SET ROLE attack_owner;
CREATE FUNCTION codes.better(den.of_code, codes.code) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
AS $$ BEGIN RAISE 'called as %', current_user; END $$;
CREATE OPERATOR codes.= (FUNCTION = codes.better, LEFTARG = den.of_code, RIGHTARG = codes.code, HASHES);
SET ROLE attack_other;
SELECT * FROM verify_duties('den.coded');
ALTER TABLE den.coded DISABLE TRIGGER USER;
INSERT INTO den.coded VALUES ('7', '2025-01-01', 2), ('8', '2025-01-01', 3);
ALTER TABLE den.coded ENABLE TRIGGER USER;
SELECT * FROM verify_duties('den.coded');

--
-- A function in a generated column of another's partition isn't run as the owner
--
SET ROLE attack_owner;
CREATE FUNCTION office.twice(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF current_user = 'attack_other' THEN RAISE WARNING 'called as %', current_user; END IF;
	RETURN $1 * 2;
END $$;
GRANT USAGE ON SCHEMA office TO attack_other;
SET ROLE attack_other;
-- 15 attaches it where only the partition generates, later servers where both do
SELECT current_setting('server_version_num')::int < 160000 AS old \gset
\if :old
	CREATE TABLE den.shared (account text, released date, base numeric, duties numeric) PARTITION BY LIST (account);
\else
	CREATE TABLE den.shared (account text, released date, base numeric, duties numeric GENERATED ALWAYS AS (base * 2) STORED) PARTITION BY LIST (account);
\endif
CREATE TABLE den.shared_a (account text, released date, base numeric, duties numeric GENERATED ALWAYS AS (office.twice(base)) STORED) PARTITION BY RANGE (released);
CREATE TABLE den.shared_a_all PARTITION OF den.shared_a DEFAULT;
SELECT track_duties('den.shared', 'account', 'released', 'duties', 'sharing');
ALTER TABLE den.shared ATTACH PARTITION den.shared_a FOR VALUES IN ('a');
CREATE TRIGGER sharing_insert AFTER INSERT ON den.shared_a REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	WHEN ('den.sharing'::regclass IS NOT NULL AND 'den.sharing_parts'::regclass IS NOT NULL AND 'den.sharing_entries'::regclass IS NOT NULL)
	EXECUTE FUNCTION count_duties();
ALTER TRIGGER sharing_insert ON den.shared_a DEPENDS ON EXTENSION carm;
RESET ROLE;
ALTER TABLE den.shared_a OWNER TO attack_owner;
ALTER TABLE den.shared_a_all OWNER TO attack_owner;
SET ROLE attack_owner;
INSERT INTO den.shared_a (account, released, base) VALUES ('a', '2025-01-01', 1);

--
-- verify_duties writes an account as its type does: a cast to text may be
-- another's, and would run as the owner
--
RESET ROLE;
CREATE SCHEMA grades AUTHORIZATION attack_owner;
GRANT USAGE ON SCHEMA grades TO PUBLIC;
SET ROLE attack_owner;
CREATE TYPE grades.grade AS ENUM ('a', 'b');
CREATE FUNCTION grades.told(grades.grade) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	RAISE NOTICE 'called as %', current_user; RETURN 'hello'; END $$;
CREATE CAST (grades.grade AS text) WITH FUNCTION grades.told AS ASSIGNMENT;
SET ROLE attack_other;
CREATE TABLE den.graded (account grades.grade, released date, duties numeric);
SELECT track_duties('den.graded', 'account', 'released', 'duties', 'of_grades');
ALTER TABLE den.graded DISABLE TRIGGER ALL;
INSERT INTO den.graded VALUES ('b', '2025-01-01', 1);
ALTER TABLE den.graded ENABLE TRIGGER ALL;
SELECT * FROM verify_duties('den.graded');

RESET ROLE;
DROP SCHEMA grades CASCADE;
DROP SCHEMA office, den, codes CASCADE;
DROP OWNED BY attack_owner, attack_other;
DROP ROLE attack_owner, attack_other;
