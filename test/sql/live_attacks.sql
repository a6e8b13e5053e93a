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
-- Triggers that change a table while it is truncated
--
SET ROLE attack_other;
CREATE TABLE den.full (account text, released date, duties numeric);
CREATE TABLE den.archive (LIKE den.full);
INSERT INTO den.full VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2);
SELECT track_duties('den.full', 'account', 'released', 'duties', 'counted');
CREATE FUNCTION den.change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE TG_ARGV[0];
	RETURN NULL;
END $$;
-- before its rows are counted out
CREATE TRIGGER a BEFORE TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change($$WITH gone AS (DELETE FROM den.full WHERE account = 'a' RETURNING *) INSERT INTO den.archive SELECT * FROM gone$$);
TRUNCATE den.full;
SELECT * FROM den.counted;
SELECT * FROM verify_duties('den.full');
DROP TRIGGER a ON den.full;
-- ... and after that
INSERT INTO den.full VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2);
CREATE TRIGGER z BEFORE TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change($$WITH gone AS (DELETE FROM den.full RETURNING *) INSERT INTO den.archive SELECT * FROM gone$$);
TRUNCATE den.full;
DO $$ BEGIN TRUNCATE den.full; EXCEPTION WHEN object_in_use THEN RAISE WARNING '%', sqlerrm; END $$;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change($$INSERT INTO den.full VALUES ('c', '2025-01-01', 1)$$);
TRUNCATE den.full;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change('UPDATE den.full SET duties = duties + 1');
TRUNCATE den.full;
-- ... unless nothing is changed
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change('WITH none AS (DELETE FROM den.full WHERE false) INSERT INTO den.archive SELECT * FROM den.full');
TRUNCATE den.full;
DROP TRIGGER z ON den.full;
-- ... when it has been truncated
CREATE TRIGGER z AFTER TRUNCATE ON den.full FOR EACH STATEMENT
	EXECUTE FUNCTION den.change($$INSERT INTO den.full VALUES ('d', '2025-01-01', 1)$$);
TRUNCATE den.full;
SELECT * FROM den.counted;
DROP TRIGGER z ON den.full;
BEGIN;
TRUNCATE den.full;
INSERT INTO den.full VALUES ('e', '2025-01-01', 1);
TRUNCATE den.full;
INSERT INTO den.full VALUES ('f', '2025-01-01', 1);
SAVEPOINT s;
TRUNCATE den.full;
ROLLBACK TO s;
INSERT INTO den.full VALUES ('f', '2025-01-01', 1);
COMMIT;
SELECT * FROM den.counted;
SELECT * FROM verify_duties('den.full');
-- ... through the table it is a partition of, and through another
CREATE TABLE den.months (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE TABLE den.month_a PARTITION OF den.months FOR VALUES IN ('a');
CREATE TABLE den.month_b PARTITION OF den.months FOR VALUES IN ('b');
SELECT track_duties('den.months', 'account', 'released', 'duties', 'by_month');
CREATE TABLE den.month_c PARTITION OF den.months FOR VALUES IN ('c');
INSERT INTO den.months VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2), ('c', '2025-01-01', 3);
CREATE TRIGGER z BEFORE TRUNCATE ON den.month_a FOR EACH STATEMENT
	EXECUTE FUNCTION den.change($$DELETE FROM den.months WHERE account = 'c'$$);
TRUNCATE den.months;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON den.month_a FOR EACH STATEMENT
	EXECUTE FUNCTION den.change('DELETE FROM den.month_b');
TRUNCATE den.months;
SELECT * FROM den.by_month;
INSERT INTO den.months VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2), ('c', '2025-01-01', 3);
TRUNCATE den.month_a;
SELECT * FROM den.by_month;
SELECT * FROM verify_duties('den.months');

--
-- A partition that computes a generated column otherwise than the table
--
CREATE TABLE den.years (account text, released date, base numeric, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE den.year_25 (gone int, duties numeric GENERATED ALWAYS AS (base * 2) STORED, base numeric, released date, account text);
ALTER TABLE den.year_25 DROP gone;
CREATE TABLE den.year_26 PARTITION OF den.years FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (account);
CREATE TABLE den.year_26_a PARTITION OF den.year_26 DEFAULT;
SELECT track_duties('den.years', 'account', 'released', 'duties', 'yearly');
INSERT INTO den.years VALUES ('a', '2026-01-01', 1, 5);
DO $$
BEGIN
	-- from 16 on it can't even be a partition
	IF current_setting('server_version_num')::int < 160000 THEN
		ALTER TABLE den.years ATTACH PARTITION den.year_25 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
	END IF;
	INSERT INTO den.years (account, released, base) VALUES ('a', '2025-01-01', 1);
EXCEPTION WHEN feature_not_supported OR check_violation THEN
	RAISE WARNING 'refused';
END $$;
SELECT * FROM den.yearly;
SELECT * FROM verify_duties('den.years');
-- ... and the same expression with other columns before it
CREATE TABLE den.halves (account text, released date, base numeric, duties numeric GENERATED ALWAYS AS (base * 2) STORED) PARTITION BY RANGE (released);
CREATE TABLE den.half_1 (gone int, duties numeric GENERATED ALWAYS AS (base * 2) STORED, account text, base numeric, released date);
ALTER TABLE den.half_1 DROP gone;
ALTER TABLE den.halves ATTACH PARTITION den.half_1 FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE den.half_2 PARTITION OF den.halves FOR VALUES FROM ('2025-07-01') TO ('2026-01-01') PARTITION BY LIST (account);
CREATE TABLE den.half_2_a (released date, base numeric, account text, duties numeric GENERATED ALWAYS AS (base * 2) STORED);
ALTER TABLE den.half_2 ATTACH PARTITION den.half_2_a DEFAULT;
SELECT track_duties('den.halves', 'account', 'released', 'duties', 'half_yearly');
INSERT INTO den.halves (account, released, base) VALUES ('a', '2025-01-01', 1), ('a', '2025-07-01', 2);
INSERT INTO den.half_2 (account, released, base) VALUES ('b', '2025-08-01', 4);
UPDATE den.halves SET released = '2025-07-01', base = base + 1;
UPDATE den.halves SET base = 1e15;
SELECT * FROM den.half_yearly ORDER BY account;
SELECT * FROM verify_duties('den.halves');

--
-- What is called with others than track_duties gives
--
SELECT require_tracked('den.half_yearly_entries', 0::regclass);
SELECT require_tracked('den.half_yearly_entries', 4294967295::regclass);
SELECT require_tracked('den.half_yearly', 'den.half_yearly_parts');

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
CREATE INDEX ON den.half_yearly_parts (den.slow(entries));
SET attack.cancel = 'yes';
SELECT clock_timestamp() AS began \gset
BEGIN;
INSERT INTO den.half_2_a (account, released, base) VALUES ('c', '2025-08-01', 1);
INSERT INTO den.half_2_a (account, released, base) VALUES ('c', '2025-08-01', 1);
INSERT INTO den.half_2_a (account, released, base) VALUES ('c', '2025-08-01', 1);
INSERT INTO den.half_2_a (account, released, base) VALUES ('c', '2025-08-01', 1);
COMMIT;
SELECT clock_timestamp() - :'began' < '25 s' AS soon;
SELECT * FROM den.half_yearly WHERE account = 'c';

--
-- Composite accounts may have a NULL inside, be it by an attribute that comes
--
SET ROLE attack_other;
CREATE TYPE den.pair AS (importer text, office integer);
CREATE TABLE den.pairs (account den.pair, released date, duties numeric);
INSERT INTO den.pairs VALUES ('(a,1)', '2025-01-01', 1), ('(a,)', '2025-01-01', 2);
SELECT track_duties('den.pairs', 'account', 'released', 'duties', 'paired');
INSERT INTO den.pairs VALUES ('(a,1)', '2025-01-01', 4), ('(,)', '2025-01-01', 8), (NULL, '2025-01-01', 16);
UPDATE den.pairs SET account = '(b,2)' WHERE duties = 2;
SELECT * FROM den.paired ORDER BY account;
SELECT * FROM verify_duties('den.pairs');
SELECT account, condition FROM tracked_duties() WHERE source = 'den.pairs'::regclass;
ALTER TYPE den.pair ADD ATTRIBUTE branch text;
DELETE FROM den.pairs WHERE duties IN (1, 8);
SELECT * FROM den.paired ORDER BY account;
SELECT account, duty_history(released, duties) FROM den.pairs WHERE account IS DISTINCT FROM NULL GROUP BY account ORDER BY account;
SELECT * FROM verify_duties('den.pairs');

-- ... and of which one part belongs to another
RESET ROLE;
ALTER VIEW den.paired OWNER TO attack_owner;
INSERT INTO den.pairs VALUES ('(a,1,x)', '2025-01-01', 4);
ALTER VIEW den.paired OWNER TO attack_other;
SET ROLE attack_other;

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
-- A child with another parent: through that its rows change, unseen by triggers
--
CREATE TABLE den.importers (account text, released date, duties numeric);
CREATE TABLE den.priced (duties numeric);
CREATE TABLE den.both () INHERITS (den.importers, den.priced);
INSERT INTO den.both VALUES ('a', '2025-01-01', 1);
SELECT track_duties('den.importers', 'account', 'released', 'duties', 'of_children');
ALTER TABLE den.both NO INHERIT den.priced;
SELECT track_duties('den.importers', 'account', 'released', 'duties', 'of_children');
-- ... or that gets one
ALTER TABLE den.both INHERIT den.priced;
UPDATE den.priced SET duties = duties + 1;
SELECT * FROM den.of_children;
SELECT rebuild_duties('den.importers');
ALTER TABLE den.both NO INHERIT den.priced;
SELECT * FROM verify_duties('den.importers');
SELECT rebuild_duties('den.importers');
SELECT * FROM den.of_children;
-- ... or the table itself
ALTER TABLE den.importers INHERIT den.priced;
DELETE FROM den.priced;
SELECT * FROM den.of_children;
ALTER TABLE den.importers NO INHERIT den.priced;
SELECT rebuild_duties('den.importers');
SELECT * FROM den.of_children;
CREATE TABLE den.all_days (account text, released date, base numeric, duties numeric) PARTITION BY RANGE (released);
ALTER TABLE den.all_days ATTACH PARTITION den.years DEFAULT;
DELETE FROM den.all_days;
SELECT * FROM den.yearly;
ALTER TABLE den.all_days DETACH PARTITION den.years;
SELECT rebuild_duties('den.years');
SELECT * FROM den.yearly;
-- ... but by several ways from the same table they are seen
CREATE TABLE den.one () INHERITS (den.importers);
CREATE TABLE den.two () INHERITS (den.one, den.importers);
SELECT rebuild_duties('den.importers');
INSERT INTO den.two VALUES ('a', '2025-01-01', 4);
UPDATE den.one SET duties = duties + 1;
SELECT * FROM den.of_children;
SELECT * FROM verify_duties('den.importers');

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
-- What a statement would change in a temporary child isn't counted for all
--
SET ROLE attack_other;
CREATE TABLE den.family (account text, released date, duties numeric);
SELECT track_duties('den.family', 'account', 'released', 'duties', 'of_family');
INSERT INTO den.family VALUES ('a', '2025-01-01', 1);
CREATE TEMP TABLE own () INHERITS (den.family);
INSERT INTO own VALUES ('a', '2025-01-01', 5);
UPDATE den.family SET duties = duties + 1;
DELETE FROM den.family;
TRUNCATE den.family;
SELECT account, history FROM den.of_family;
DROP TABLE own;
UPDATE den.family SET duties = duties + 1;
SELECT account, history FROM den.of_family;

--
-- Of two live histories of one name, none is meant
--
SELECT track_duties('den.family', 'account', 'released', 'duties', 'again');
RESET ROLE;
CREATE SCHEMA other AUTHORIZATION attack_other;
SET ROLE attack_other;
ALTER VIEW den.again SET SCHEMA other;
ALTER VIEW other.again RENAME TO of_family;
SELECT untrack_duties('den.family', 'of_family');
ALTER VIEW other.of_family RENAME TO again;
SELECT untrack_duties('den.family', 'of_family');
SELECT target FROM tracked_duties() WHERE source = 'den.family'::regclass;

--
-- A live history that was renamed has left its name to another
--
SET ROLE attack_other;
CREATE TABLE den.named (account text, released date, duties numeric);
SELECT track_duties('den.named', 'account', 'released', 'duties', 'of_named');
ALTER VIEW den.of_named RENAME TO earlier;
ALTER VIEW den.of_named_entries RENAME TO earlier_entries;
ALTER TABLE den.of_named_parts RENAME TO earlier_parts;
ALTER INDEX den.of_named_parts_account_idx RENAME TO earlier_parts_account_idx;
SELECT track_duties('den.named', 'account', 'released', 'duties', 'of_named');
INSERT INTO den.named VALUES ('a', '2025-01-01', 1);
SELECT * FROM den.of_named, den.earlier;

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

--
-- rebuild_duties and track_duties within a statement that changes a partition
-- by its own name: its rows would count twice, or not at all
--
CREATE TABLE den.whole (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE TABLE den.share PARTITION OF den.whole DEFAULT;
INSERT INTO den.share SELECT 'a', '2025-01-01', length(track_duties('den.whole', 'account', 'released', 'duties', 'of_whole')::text)
FROM generate_series(1, 2);
SELECT track_duties('den.whole', 'account', 'released', 'duties', 'of_whole');
INSERT INTO den.share SELECT 'a', '2025-01-01', rebuild_duties('den.whole') + 1 FROM generate_series(1, 2);
INSERT INTO den.whole VALUES ('a', '2025-01-01', 4);
DELETE FROM den.share WHERE rebuild_duties('den.whole') >= 0;
CREATE FUNCTION den.rebuild() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	PERFORM rebuild_duties('den.whole'); RETURN NULL; END $$;
CREATE TRIGGER a_first AFTER INSERT ON den.share EXECUTE FUNCTION den.rebuild();
INSERT INTO den.share VALUES ('a', '2025-01-01', 8);
-- ... but what is deferred changes nothing more
DROP TRIGGER a_first ON den.share;
CREATE TABLE den.known (account text PRIMARY KEY);
INSERT INTO den.known VALUES ('a');
ALTER TABLE den.whole ADD FOREIGN KEY (account) REFERENCES den.known DEFERRABLE INITIALLY DEFERRED;
BEGIN;
INSERT INTO den.share VALUES ('a', '2025-01-01', 8);
SELECT rebuild_duties('den.whole');
COMMIT;
SELECT account, history FROM den.of_whole;

--
-- What a partitioned table has stored of a row counts when the row goes, or is
-- updated, even where the function that computed it now says something else
--
CREATE FUNCTION den.rated(integer) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 1.0';
CREATE TABLE den.rates (account text, released date, n integer, duties numeric GENERATED ALWAYS AS (den.rated(n)) STORED)
	PARTITION BY RANGE (released);
CREATE TABLE den.rates_1 PARTITION OF den.rates FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE den.rates_2 (duties numeric GENERATED ALWAYS AS (den.rated(n)) STORED, n integer, released date, account text);
ALTER TABLE den.rates ATTACH PARTITION den.rates_2 FOR VALUES FROM ('2025-07-01') TO ('2026-01-01');
SELECT track_duties('den.rates', 'account', 'released', 'duties', 'of_rates', 'duties > 0');
INSERT INTO den.rates VALUES ('a', '2025-01-05', 10), ('b', '2025-07-05', 10), ('c', '2025-02-05', 10), ('d', '2025-02-05', 10);
UPDATE den.rates SET released = '2025-08-01' WHERE account = 'c';
UPDATE den.rates SET n = 20 WHERE account = 'd';
SELECT account, history FROM den.of_rates ORDER BY account;
CREATE OR REPLACE FUNCTION den.rated(integer) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2.0';
DELETE FROM den.rates WHERE account = 'b';
UPDATE den.rates SET n = 3 WHERE account = 'a';
UPDATE den.rates SET n = 4, released = '2025-01-01' WHERE account = 'c';
SELECT account, history FROM den.of_rates ORDER BY account;
SELECT * FROM verify_duties('den.rates');
UPDATE den.rates SET account = 'e' WHERE account = 'd';
CREATE FUNCTION den.more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$;
CREATE TRIGGER more BEFORE UPDATE ON den.rates_1 FOR EACH ROW EXECUTE FUNCTION den.more();
CREATE TRIGGER more BEFORE INSERT ON den.rates_2 FOR EACH ROW EXECUTE FUNCTION den.more();
UPDATE den.rates SET released = '2025-09-01' WHERE account = 'a';
UPDATE den.rates SET released = '2025-02-01' WHERE account = 'a';
INSERT INTO den.rates VALUES ('f', '2025-02-01', 5), ('f', '2025-08-01', 5);
MERGE INTO den.rates USING (VALUES ('c', 7), ('g', 7)) v (account, n) ON rates.account = v.account
WHEN MATCHED THEN UPDATE SET n = v.n WHEN NOT MATCHED THEN INSERT VALUES (v.account, '2025-02-01', v.n);
SELECT account, history FROM den.of_rates ORDER BY account;
SELECT account, released, duties FROM den.rates ORDER BY account, released;
SELECT * FROM verify_duties('den.rates');

--
-- A child that comes to a child: it is temporary, or has been out of the family
--
CREATE TABLE den.kin (account text, released date, duties numeric);
CREATE TABLE den.kid () INHERITS (den.kin);
CREATE TABLE den.grandkid () INHERITS (den.kid);
SELECT track_duties('den.kin', 'account', 'released', 'duties', 'of_kin');
INSERT INTO den.kin VALUES ('a', '2025-01-01', 1);
CREATE TEMP TABLE mine (account text, released date, duties numeric);
UPDATE den.kin SET duties = duties;
ALTER TABLE mine INHERIT den.kid;
UPDATE den.kin SET duties = duties + 1;
DROP TABLE mine;
ALTER TABLE den.kid NO INHERIT den.kin;
INSERT INTO den.grandkid VALUES ('a', '2025-01-01', 10);
ALTER TABLE den.kid INHERIT den.kin;
SELECT rebuild_duties('den.kin');
INSERT INTO den.grandkid VALUES ('a', '2025-01-01', 100);
SELECT account, history FROM den.of_kin;
SELECT sum(duties) FROM den.kin;

RESET ROLE;
DROP SCHEMA grades CASCADE;
DROP SCHEMA office, den, codes, other CASCADE;
DROP OWNED BY attack_owner, attack_other;
DROP ROLE attack_owner, attack_other;
