-- Live histories at the edges: several changes of a table by one statement,
-- partitions made since, forged triggers, other people's code, tables that a
-- crash empties or doesn't, and who may do what when.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE SCHEMA live_edges;
SET search_path = live_edges, public;

\getenv test PG_ABS_SRCDIR
\i :test/lib/recount.sql

--
-- One statement changes a table more than once
--
CREATE TABLE d (id int PRIMARY KEY, account text, released date, duties numeric, note text);
INSERT INTO d VALUES (1, 'a', '2025-01-01', 100, '-'), (2, 'b', '2025-01-01', 200, '-'), (3, 'c', '2025-01-01', 300, '-');
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
WITH x AS (UPDATE d SET duties = 555 WHERE id = 1 RETURNING 1), y AS (UPDATE d SET note = 'n' WHERE id = 2 RETURNING 1)
SELECT (SELECT count(*) FROM x), (SELECT count(*) FROM y);
SELECT * FROM wrong('d', 'h');
WITH x AS (UPDATE d SET note = 'm' WHERE id = 1 RETURNING 1), y AS (UPDATE d SET account = 'z' WHERE id = 2 RETURNING 1),
	w AS (DELETE FROM d WHERE id = 3 RETURNING 1), v AS (INSERT INTO d VALUES (4, 'd', '2025-02-20', 4, '-') ON CONFLICT (id) DO UPDATE SET duties = 0 RETURNING 1)
SELECT (SELECT count(*) FROM x), (SELECT count(*) FROM y), (SELECT count(*) FROM w), (SELECT count(*) FROM v);
SELECT * FROM wrong('d', 'h');
-- an upsert beside an update
WITH x AS (UPDATE d SET note = 'o' RETURNING 1)
INSERT INTO d VALUES (9, 'e', '2025-02-20', 4, '-') ON CONFLICT (id) DO UPDATE SET duties = 77;
INSERT INTO d VALUES (9, 'e', '2025-02-20', 4, '-') ON CONFLICT (id) DO UPDATE SET duties = 77;
-- MERGE beside an update
WITH x AS (SELECT 1), y AS (UPDATE d SET note = 'p' WHERE id = 9 RETURNING 1) SELECT count(*) FROM y;
MERGE INTO d USING (VALUES (1), (20)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET note = 'q' WHEN NOT MATCHED THEN INSERT VALUES (v.id, 'f', '2025-03-03', 8, '-');
SELECT * FROM wrong('d', 'h');
-- a row trigger that updates the table again
CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF pg_trigger_depth() = 1 THEN UPDATE d SET duties = duties + 1 WHERE id <> NEW.id; END IF; RETURN NULL; END $$;
CREATE TRIGGER again AFTER UPDATE ON d FOR EACH ROW EXECUTE FUNCTION again();
UPDATE d SET note = 'r' WHERE id = 1;
UPDATE d SET note = 's';
SELECT * FROM wrong('d', 'h');
DROP TABLE d CASCADE;

-- foreign keys over two columns: two updates of the table by one statement
CREATE TABLE importers (number text, office int, UNIQUE (number, office), UNIQUE (office));
CREATE TABLE d (account text, office int, desk int REFERENCES importers (office) ON UPDATE CASCADE, released date, duties numeric,
	FOREIGN KEY (account, office) REFERENCES importers (number, office) ON UPDATE CASCADE ON DELETE SET NULL);
INSERT INTO importers VALUES ('a', 1), ('b', 2);
INSERT INTO d VALUES ('a', 1, 2, '2025-01-01', 10), ('b', 2, 1, '2025-01-01', 20);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
UPDATE importers SET number = number || 'x', office = office + 10;
SELECT * FROM wrong('d', 'h');
UPDATE d SET desk = NULL;
DELETE FROM importers WHERE office = 11;
SELECT * FROM wrong('d', 'h');
DROP TABLE d, importers CASCADE;

--
-- Partitions made since the table is tracked
--
CREATE TABLE d (account text, released date, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE d24 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (account);
CREATE TABLE d24a PARTITION OF d24 FOR VALUES IN ('a');
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
CREATE TABLE d25 PARTITION OF d FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE d24b PARTITION OF d24 FOR VALUES IN ('b');
CREATE TABLE d26 PARTITION OF d FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (account);
CREATE TABLE d26a PARTITION OF d26 FOR VALUES IN ('a');
INSERT INTO d VALUES ('a', '2024-05-05', 1), ('b', '2024-05-05', 2), ('a', '2025-05-05', 10), ('a', '2026-05-05', 20);
TRUNCATE d24;
SELECT * FROM wrong('d', 'h');
INSERT INTO d VALUES ('a', '2024-05-05', 1), ('b', '2024-05-05', 2);
TRUNCATE d24a, d24, d;
TABLE h;
INSERT INTO d VALUES ('a', '2024-05-05', 1), ('b', '2024-05-05', 2), ('a', '2025-05-05', 10), ('a', '2026-05-05', 20);
UPDATE d SET released = released + 366;
SELECT * FROM wrong('d', 'h');
TRUNCATE d;
TABLE h;
-- a disabled trigger doesn't count: then the parent's does
INSERT INTO d VALUES ('a', '2024-05-05', 1);
ALTER TABLE d24a DISABLE TRIGGER h_truncate;
TRUNCATE d;
TABLE h;
DROP TABLE d CASCADE;

-- TRUNCATE ... CASCADE
CREATE TABLE importers (id int PRIMARY KEY);
CREATE TABLE d (account int REFERENCES importers, released date, duties numeric);
INSERT INTO importers VALUES (1);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
INSERT INTO d VALUES (1, '2025-01-01', 1);
TRUNCATE importers CASCADE;
TABLE h;
DROP TABLE d, importers CASCADE;

-- rows routed to partitions: stored generated columns are not computed yet
CREATE TABLE d (gone int, account text, value int, rate numeric, released date, duties numeric GENERATED ALWAYS AS (value * rate) STORED,
	worth boolean GENERATED ALWAYS AS (value > 10) STORED) PARTITION BY RANGE (released);
ALTER TABLE d DROP COLUMN gone;
CREATE TABLE d24 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE rest PARTITION OF d DEFAULT;
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
SELECT track_duties('d', 'account', 'released', 'duties', 'worthy', 'worth');
INSERT INTO d (account, released, value, rate) VALUES ('a', '2024-12-31', 100, 1), ('b', '2025-12-31', 5, 0.5);
UPDATE d SET value = value + 7, released = released + 2;
SELECT * FROM wrong('d', 'h');
SELECT * FROM wrong('d', 'worthy', 'worth');
DROP TABLE d CASCADE;
-- ... nor does any row say there which table it is of
CREATE TABLE d (account oid GENERATED ALWAYS AS (tableoid) STORED, released date, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE rest PARTITION OF d DEFAULT;
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
DROP TABLE d;
-- ... but where a table computes its own column, before the trigger
CREATE TABLE d (account oid GENERATED ALWAYS AS (tableoid) STORED, released date, duties numeric);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
INSERT INTO d (released, duties) VALUES ('2025-01-01', 5);
UPDATE d SET duties = 7;
SELECT account = 'd'::regclass AS own, history FROM h;
SELECT count(*) FROM verify_duties('d');
DROP TABLE d CASCADE;
-- ... and from 18 on, where nobody has stored it
SELECT current_setting('server_version_num')::int >= 180000 AS has_virtual \gset
\if :has_virtual
	CREATE TABLE d (account oid GENERATED ALWAYS AS (tableoid) VIRTUAL, released date, duties numeric);
\else
	CREATE TABLE d (account oid GENERATED ALWAYS AS (tableoid) STORED, released date, duties numeric) PARTITION BY RANGE (released);
\endif
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
DROP TABLE d;

-- rows that MERGE moves between partitions, which no trigger is handed
CREATE TABLE d (id int, account text, released date, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE d24 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE d25 PARTITION OF d FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (account);
CREATE TABLE d25a PARTITION OF d25 FOR VALUES IN ('a');
CREATE TABLE d25b PARTITION OF d25 DEFAULT;
INSERT INTO d VALUES (1, 'a', '2025-02-18', 100), (2, 'b', '2025-02-18', 200);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
-- ... in a session that has not called anything of ours
\c -
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET search_path = live_edges, public;
MERGE INTO d USING (VALUES (1, -365)) v (id, days) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = released + v.days;
MERGE INTO d USING (VALUES (1, -365), (3, 0)) v (id, days) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = released + v.days
WHEN NOT MATCHED THEN INSERT VALUES (3, 'c', '2025-01-01', 3);
MERGE INTO d25 USING (VALUES (1), (2)) v (id) ON d25.id = v.id WHEN MATCHED THEN UPDATE SET account = 'a', duties = 5;
WITH x AS (UPDATE d SET duties = 7 WHERE id = 2 RETURNING id)
MERGE INTO d USING (VALUES (1, -365)) v (id, days) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = released + v.days;
WITH x AS (INSERT INTO d VALUES (5, 'e', '2024-07-07', 50) RETURNING id), y AS (DELETE FROM d WHERE id = 3 RETURNING id)
MERGE INTO d USING (VALUES (1, -365)) v (id, days) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = released + v.days;
SELECT * FROM wrong('d', 'h');
-- ... and those that stay where they are
MERGE INTO d USING (VALUES (1, 2), (2, 3), (4, 0)) v (id, days) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = released + v.days, duties = 9
WHEN NOT MATCHED THEN INSERT VALUES (4, 'd', '2024-01-01', 4);
-- ... also where the statement updates the table otherwise, too
WITH x AS (UPDATE d SET duties = 8 WHERE id = 2 RETURNING id)
MERGE INTO d USING (VALUES (1)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET duties = 10;
SELECT * FROM wrong('d', 'h');
MERGE INTO d USING (VALUES (1), (2)) v (id) ON d.id = v.id WHEN MATCHED AND d.id = 1 THEN DELETE WHEN MATCHED THEN DO NOTHING;
SELECT * FROM wrong('d', 'h');
-- ... and where a function catches the error
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; RETURN 'done'; EXCEPTION WHEN feature_not_supported THEN RETURN 'refused'; END $$;
SELECT try($$MERGE INTO d USING (VALUES (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = '2024-05-05'$$),
	try($$MERGE INTO d USING (VALUES (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = '2025-05-05'$$),
	try($$UPDATE d SET released = '2024-05-06' WHERE id = 2$$);
SELECT * FROM wrong('d', 'h');
-- ... and by a MERGE, from 17 on, that runs only when all else is done, as nobody reads what it returns
UPDATE d SET released = '2024-05-06' WHERE id = 4;
CREATE FUNCTION try_from_17(statement text, before text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN CASE WHEN current_setting('server_version_num')::int < 170000 THEN before ELSE try(statement) END; END $$;
\c -
SET client_min_messages = warning;
SET search_path = live_edges, public;
SELECT try_from_17($$WITH m AS (MERGE INTO d USING (VALUES (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = '2025-05-05' RETURNING 1) SELECT 1$$, 'refused');
SELECT try_from_17($$WITH m AS (MERGE INTO d USING (VALUES (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET released = '2025-05-05' RETURNING 1) SELECT 1$$, 'refused');
SELECT try_from_17($$WITH m AS (MERGE INTO d USING (VALUES (2, date '2024-05-07'), (4, '2025-05-05')) v (id, moved) ON d.id = v.id
	WHEN MATCHED THEN UPDATE SET released = moved RETURNING 1) SELECT * FROM m LIMIT 1$$, 'refused');
\c -
SET client_min_messages = warning;
SET search_path = live_edges, public;
SELECT try_from_17($$WITH m AS (MERGE INTO d USING (VALUES (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET duties = 5 RETURNING 1) SELECT 1$$, 'done');
SELECT * FROM wrong('d', 'h');
DROP TABLE d CASCADE;
-- ... also where a key that cascades within the table updates as many rows as were moved
CREATE TABLE groups (name text PRIMARY KEY);
CREATE TABLE importers (name text PRIMARY KEY, of text REFERENCES groups ON UPDATE CASCADE);
INSERT INTO importers VALUES ('a'), ('b');
CREATE TABLE d (id int, year int, parent int, parent_year int, account text REFERENCES importers ON UPDATE CASCADE, released date, duties numeric, PRIMARY KEY (id, year)) PARTITION BY LIST (year);
CREATE TABLE d1 PARTITION OF d FOR VALUES IN (1);
CREATE TABLE d2 PARTITION OF d FOR VALUES IN (2);
INSERT INTO d VALUES (1, 1, NULL, NULL, 'a', '2025-01-05', 1), (5, 1, 1, 1, 'a', '2025-01-05', 5);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
-- keys that only other tables' changes cascade by do no harm
MERGE INTO d USING (VALUES (1), (2)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET duties = 2 WHEN NOT MATCHED THEN INSERT VALUES (v.id, 1, NULL, NULL, 'b', '2025-01-05', 3);
WITH x AS (INSERT INTO importers VALUES ('c'))
MERGE INTO d USING (VALUES (1), (3)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET duties = 3 WHEN NOT MATCHED THEN INSERT VALUES (v.id, 1, NULL, NULL, 'b', '2025-01-05', 3);
SELECT * FROM wrong('d', 'h');
WITH x AS (UPDATE importers SET name = 'e' WHERE name = 'b')
MERGE INTO d USING (VALUES (1)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET year = 2, duties = 1000;
ALTER TABLE d ADD FOREIGN KEY (parent, parent_year) REFERENCES d ON UPDATE CASCADE;
MERGE INTO d USING (VALUES (1)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET year = 2, duties = 1000;
MERGE INTO d USING (VALUES (1)) v (id) ON d.id = v.id WHEN MATCHED THEN UPDATE SET duties = 4;
SELECT * FROM wrong('d', 'h');
DROP TABLE d CASCADE;
DROP TABLE importers, groups;

--
-- What a crash empties
--
CREATE UNLOGGED TABLE d (account program_account, released date, duties numeric);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
INSERT INTO d VALUES ('123456782RM0001', '2025-01-01', 1);
TABLE h;
ALTER TABLE d SET LOGGED;
TABLE h;
SELECT rebuild_duties('d');
SELECT relpersistence FROM pg_class WHERE oid = 'h_parts'::regclass;
TABLE h;
ALTER TABLE d SET UNLOGGED;
SELECT count(*) FROM h;
SELECT rebuild_duties('d');
SELECT relpersistence FROM pg_class WHERE oid = 'h_parts'::regclass;
DROP TABLE d CASCADE;
CREATE TABLE d (account text, released date, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE d24 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
CREATE UNLOGGED TABLE d25 PARTITION OF d FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
TABLE h;
SELECT rebuild_duties('d');
DROP TABLE d25;
TABLE h;
CREATE UNLOGGED TABLE d25 PARTITION OF d FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
SELECT track_duties('d', 'account', 'released', 'duties', 'h2');
ALTER TABLE d25 SET LOGGED;
SELECT rebuild_duties('d');
-- a table that has become a partition is no source of its own
CREATE TABLE all_d (account text, released date, duties numeric) PARTITION BY LIST (account);
ALTER TABLE all_d ATTACH PARTITION d DEFAULT;
SELECT rebuild_duties('d');
ALTER TABLE all_d DETACH PARTITION d;
SELECT rebuild_duties('d');
DROP TABLE d, all_d CASCADE;

--
-- Not in the middle of a statement, nor where nothing may be written
--
CREATE TABLE d (account text, released date, duties numeric);
INSERT INTO d VALUES ('a', '2025-01-01', 1);
SELECT track_duties('d', 'account', 'released', 'duties', 'h') FROM d;
WITH x AS (INSERT INTO d VALUES ('b', '2025-01-01', 1) RETURNING 1) SELECT track_duties('d', 'account', 'released', 'duties', 'h') FROM x;
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
SELECT rebuild_duties('d') FROM d;
SELECT untrack_duties('d') FROM d;
BEGIN READ ONLY;
SELECT fold_duties('d');
ROLLBACK;
BEGIN READ ONLY;
SELECT rebuild_duties('d');
ROLLBACK;
BEGIN READ ONLY;
SELECT untrack_duties('d');
ROLLBACK;
BEGIN READ ONLY;
SELECT * FROM verify_duties('d');
TABLE h;
COMMIT;

-- writers need no right on functions
CREATE ROLE edge_writer;
GRANT USAGE ON SCHEMA live_edges TO edge_writer;
GRANT INSERT, TRUNCATE ON d TO edge_writer;
BEGIN;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
SET ROLE edge_writer;
INSERT INTO d VALUES ('c', '2025-01-01', 3);
RESET ROLE;
SELECT * FROM h ORDER BY 1;
ROLLBACK;
DROP TABLE d CASCADE;

-- event triggers of others see what is defined as they see anything else
CREATE TABLE ddl_log (tag text, path text);
CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO ddl_log VALUES (tg_tag, current_setting('search_path')); END$$;
CREATE EVENT TRIGGER audit ON ddl_command_end EXECUTE FUNCTION log_ddl();
CREATE TABLE d (account text, released date, duties numeric, latest boolean);
SELECT track_duties('d', 'account', 'released', 'duties', 'h', 'latest');
SELECT rebuild_duties('d');
SELECT untrack_duties('d');
SELECT tag, path, count(*) FROM ddl_log GROUP BY 1, 2 ORDER BY 1, 2;
DROP EVENT TRIGGER audit;
DROP TABLE d, ddl_log CASCADE;

-- not while the function of the triggers is no part of the extension
CREATE TABLE d (account text, released date, duties numeric);
BEGIN;
ALTER EXTENSION carm DROP FUNCTION count_duties();
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
ROLLBACK;
DROP TABLE d;

-- what was given is told as it was given
CREATE TABLE d (account text, released date, "Cents" integer);
SELECT track_duties('d', 'account', 'released', 'Cents', 'h');
SELECT account, dated, amount, condition FROM tracked_duties() WHERE source = 'd'::regclass;
DROP TABLE d CASCADE;
-- ... and an amount that the owner has changed since as it is now, once it is counted anew
CREATE TABLE d (account text, released date, duties numeric);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
INSERT INTO d VALUES ('a', '2025-01-01', 100);
CREATE OR REPLACE VIEW h_entries AS SELECT account, released AS dated, duties * 1.05 AS amount FROM d
	WHERE account IS NOT NULL AND released IS NOT NULL AND duties * 1.05 IS NOT NULL;
SELECT account, dated, amount, condition FROM tracked_duties() WHERE source = 'd'::regclass;
SELECT * FROM verify_duties('d');
SELECT rebuild_duties('d');
INSERT INTO d VALUES ('b', '2025-01-01', 200);
CREATE VIEW dearer AS SELECT account, released, duties * 1.05 AS duties FROM d;
SELECT * FROM recount('dearer', 'h');
DROP TABLE d CASCADE;

-- what a condition does while it is planned counts, too
CREATE TABLE d (account text, released date, duties numeric);
CREATE FUNCTION enter() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	IF current_setting('live_edges.enter', true) = 'on' THEN
		PERFORM set_config('live_edges.enter', 'off', false);
		INSERT INTO live_edges.d VALUES ('planned', '2025-01-01', 1);
	END IF; END $$;
CREATE FUNCTION enters(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM live_edges.enter(); RETURN true; END';
SELECT track_duties('d', 'account', 'released', 'duties', 'h', 'enters(1)');
SET live_edges.enter = on;
INSERT INTO d VALUES ('a', '2025-01-01', 10);
RESET live_edges.enter;
INSERT INTO d VALUES ('a', '2025-02-01', 20);
TABLE d;
SELECT * FROM wrong('d', 'h');
DROP TABLE d CASCADE;

--
-- Triggers that track_duties didn't make
--
CREATE ROLE edge_owner;
CREATE ROLE edge_mallory;
GRANT USAGE ON SCHEMA live_edges TO edge_owner, edge_mallory;
GRANT CREATE ON SCHEMA live_edges TO edge_owner, edge_mallory;
SET ROLE edge_owner;
CREATE TABLE d (account text, released date, duties numeric);
SELECT track_duties('d', 'account', 'released', 'duties', 'h');
GRANT INSERT, TRIGGER, TRUNCATE ON d TO edge_mallory;
INSERT INTO d VALUES ('a', '2025-01-01', 1);
SET ROLE edge_mallory;
-- ... counts nothing twice
CREATE TRIGGER twice AFTER INSERT ON d REFERENCING NEW TABLE AS n FOR EACH STATEMENT
	WHEN ('h'::regclass IS NOT NULL AND 'h_parts'::regclass IS NOT NULL AND 'h_entries'::regclass IS NOT NULL) EXECUTE FUNCTION count_duties();
INSERT INTO d VALUES ('a', '2025-01-01', 1);
-- ... and only the owner of the table may mark it
ALTER TRIGGER twice ON d DEPENDS ON EXTENSION carm;
SET ROLE edge_owner;
DROP TRIGGER twice ON d;
TABLE h;
-- ... not even where its owner marks it, of a partition that is another's
CREATE TABLE shared (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE TABLE shared_a PARTITION OF shared FOR VALUES IN ('a');
SELECT track_duties('shared', 'account', 'released', 'duties', 'shared_h');
RESET ROLE;
ALTER TABLE shared_a OWNER TO edge_mallory;
SET ROLE edge_mallory;
CREATE TRIGGER twice AFTER INSERT ON shared_a REFERENCING NEW TABLE AS n FOR EACH STATEMENT
	WHEN ('shared_h'::regclass IS NOT NULL AND 'shared_h_parts'::regclass IS NOT NULL AND 'shared_h_entries'::regclass IS NOT NULL) EXECUTE FUNCTION count_duties();
ALTER TRIGGER twice ON shared_a DEPENDS ON EXTENSION carm;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 1);
ALTER TABLE shared_a ENABLE ALWAYS TRIGGER twice;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 1);
-- ... unless only one of them fires: that of a replica, elsewhere or there
ALTER TABLE shared_a ENABLE REPLICA TRIGGER twice;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 10);
RESET ROLE;
SET session_replication_role = replica;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 100);
ALTER TABLE shared_a ENABLE ALWAYS TRIGGER shared_h_insert;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 1000);
ALTER TABLE shared_a ENABLE TRIGGER shared_h_insert;
RESET session_replication_role;
SET ROLE edge_mallory;
DROP TRIGGER twice ON shared_a;
INSERT INTO shared_a VALUES ('a', '2025-01-01', 1);
SET ROLE edge_owner;
TABLE shared_h;
DROP TABLE shared CASCADE;
-- ... reads nothing
SET ROLE edge_mallory;
CREATE TABLE m (account text, released date, duties numeric);
SELECT track_duties('m', 'account', 'released', 'duties', 'mh');
CREATE VIEW spied_entries AS SELECT account, released AS dated, duties AS amount FROM d WHERE account IS NOT NULL AND released IS NOT NULL AND duties IS NOT NULL;
CREATE VIEW spied AS SELECT account, rollup(history) AS history FROM mh_parts WHERE 'spied_entries'::regclass IS NOT NULL GROUP BY account;
CREATE TRIGGER spy BEFORE TRUNCATE ON d FOR EACH STATEMENT
	WHEN ('spied'::regclass IS NOT NULL AND 'mh_parts'::regclass IS NOT NULL AND 'spied_entries'::regclass IS NOT NULL) EXECUTE FUNCTION count_duties();
TRUNCATE d;
-- ... and breaks nothing of others'
SELECT source, target FROM tracked_duties() WHERE source::text ~ '^(d|m)$' ORDER BY 1;
CREATE OR REPLACE VIEW mh_entries AS SELECT NULL::text AS account, NULL::date AS dated, 1 / (SELECT count(*)::numeric FROM m) AS amount;
SELECT source, target, account FROM tracked_duties() WHERE source::text ~ '^(d|m)$' ORDER BY 1;
SET ROLE edge_owner;
DROP TRIGGER spy ON d;
SELECT * FROM verify_duties('d');
-- ... nor does one made before the table changed hands
GRANT TRUNCATE ON d TO edge_writer;
RESET ROLE;
ALTER TABLE d OWNER TO edge_mallory;
SET ROLE edge_mallory;
INSERT INTO d VALUES ('secret', '2025-01-01', 1);
TRUNCATE d;
-- ... and who once owned the table can't have what is written to it evaluated
SET ROLE edge_owner;
CREATE OR REPLACE VIEW h_entries AS SELECT account, released AS dated, duties AS amount FROM d
	WHERE current_user::text <> 'edge_writer' AND account IS DISTINCT FROM NULL AND released IS DISTINCT FROM NULL AND duties IS DISTINCT FROM NULL;
RESET ROLE;
GRANT INSERT, DELETE ON d TO edge_writer;
SET ROLE edge_writer;
INSERT INTO d VALUES ('secret', '2025-01-01', 1);
DELETE FROM d;
RESET ROLE;
ALTER VIEW h OWNER TO edge_mallory;
ALTER VIEW h_entries OWNER TO edge_mallory;
ALTER TABLE h_parts OWNER TO edge_mallory;
TRUNCATE d;
TABLE h;
DROP TABLE d, m CASCADE;

-- somebody else's code: a CHECK that is looked up where the inserter's path leads
CREATE SCHEMA own AUTHORIZATION edge_owner;
CREATE SCHEMA guest AUTHORIZATION edge_mallory;
GRANT USAGE ON SCHEMA own TO edge_mallory;
GRANT USAGE ON SCHEMA guest TO edge_owner;
SET ROLE edge_owner;
SET search_path = own, public;
CREATE TABLE secret (s text);
INSERT INTO secret VALUES ('only the owner may read this');
CREATE TABLE grades (g int);
INSERT INTO grades VALUES (1);
GRANT SELECT ON grades TO PUBLIC;
CREATE FUNCTION is_grade(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN EXISTS (SELECT FROM own.grades WHERE g = n); END';
CREATE DOMAIN grade AS int CHECK (own.is_grade(VALUE));
CREATE TABLE orders (account text, dated date, amount numeric, g int);
SELECT track_duties('orders', 'account', 'dated', 'amount', 'orders_h', '(g::grade) > 0');
GRANT INSERT ON orders TO edge_mallory;
SET ROLE edge_mallory;
SET search_path = guest, public;
CREATE TABLE loot (who text, s text);
GRANT INSERT ON loot TO edge_owner;
CREATE FUNCTION eq(int, int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO guest.loot SELECT current_user, s FROM own.secret; RETURN true; END';
CREATE OPERATOR guest.= (FUNCTION = guest.eq, LEFTARG = int, RIGHTARG = int);
SET search_path = guest, pg_catalog;
INSERT INTO own.orders VALUES ('A', '2025-01-01', 1, 1);
SELECT * FROM guest.loot;
-- ... nor where the account's type is compared
SET search_path = live_edges, public;
RESET ROLE;
SELECT * FROM own.orders_h;
DROP SCHEMA own, guest CASCADE;
DROP SCHEMA live_edges CASCADE;
DROP OWNED BY edge_owner, edge_mallory, edge_writer;
DROP ROLE edge_owner, edge_mallory, edge_writer;
