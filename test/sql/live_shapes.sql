-- Tables of odd shapes, and odd ways to change them: counted, or refused.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE shapes_owner;
CREATE ROLE shapes_other;
CREATE SCHEMA shapes AUTHORIZATION shapes_owner;

--
-- Triggers that change a table while it is truncated
--
SET ROLE shapes_owner;
CREATE TABLE shapes.full (account text, released date, duties numeric);
CREATE TABLE shapes.archive (LIKE shapes.full);
INSERT INTO shapes.full VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2);
SELECT track_duties('shapes.full', 'account', 'released', 'duties', 'counted');
CREATE FUNCTION shapes.change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE TG_ARGV[0];
	RETURN NULL;
END $$;
-- before its rows are counted out
CREATE TRIGGER a BEFORE TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change($$WITH gone AS (DELETE FROM shapes.full WHERE account = 'a' RETURNING *) INSERT INTO shapes.archive SELECT * FROM gone$$);
TRUNCATE shapes.full;
SELECT * FROM shapes.counted;
SELECT * FROM verify_duties('shapes.full');
DROP TRIGGER a ON shapes.full;
-- ... and after that
INSERT INTO shapes.full VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2);
CREATE TRIGGER z BEFORE TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change($$WITH gone AS (DELETE FROM shapes.full RETURNING *) INSERT INTO shapes.archive SELECT * FROM gone$$);
TRUNCATE shapes.full;
DO $$ BEGIN TRUNCATE shapes.full; EXCEPTION WHEN object_in_use THEN RAISE WARNING '%', sqlerrm; END $$;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change($$INSERT INTO shapes.full VALUES ('c', '2025-01-01', 1)$$);
TRUNCATE shapes.full;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change('UPDATE shapes.full SET duties = duties + 1');
TRUNCATE shapes.full;
-- ... unless nothing is changed
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change('WITH none AS (DELETE FROM shapes.full WHERE false) INSERT INTO shapes.archive SELECT * FROM shapes.full');
TRUNCATE shapes.full;
DROP TRIGGER z ON shapes.full;
-- ... when it has been truncated
CREATE TRIGGER z AFTER TRUNCATE ON shapes.full FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change($$INSERT INTO shapes.full VALUES ('d', '2025-01-01', 1)$$);
TRUNCATE shapes.full;
SELECT * FROM shapes.counted;
DROP TRIGGER z ON shapes.full;
BEGIN;
TRUNCATE shapes.full;
INSERT INTO shapes.full VALUES ('e', '2025-01-01', 1);
TRUNCATE shapes.full;
INSERT INTO shapes.full VALUES ('f', '2025-01-01', 1);
SAVEPOINT s;
TRUNCATE shapes.full;
ROLLBACK TO s;
INSERT INTO shapes.full VALUES ('f', '2025-01-01', 1);
COMMIT;
SELECT * FROM shapes.counted;
SELECT * FROM verify_duties('shapes.full');
-- ... through the table it is a partition of, and through another
CREATE TABLE shapes.months (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE TABLE shapes.month_a PARTITION OF shapes.months FOR VALUES IN ('a');
CREATE TABLE shapes.month_b PARTITION OF shapes.months FOR VALUES IN ('b');
SELECT track_duties('shapes.months', 'account', 'released', 'duties', 'by_month');
CREATE TABLE shapes.month_c PARTITION OF shapes.months FOR VALUES IN ('c');
INSERT INTO shapes.months VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2), ('c', '2025-01-01', 3);
CREATE TRIGGER z BEFORE TRUNCATE ON shapes.month_a FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change($$DELETE FROM shapes.months WHERE account = 'c'$$);
TRUNCATE shapes.months;
CREATE OR REPLACE TRIGGER z BEFORE TRUNCATE ON shapes.month_a FOR EACH STATEMENT
	EXECUTE FUNCTION shapes.change('DELETE FROM shapes.month_b');
TRUNCATE shapes.months;
SELECT * FROM shapes.by_month;
INSERT INTO shapes.months VALUES ('a', '2025-01-01', 1), ('b', '2025-01-01', 2), ('c', '2025-01-01', 3);
TRUNCATE shapes.month_a;
SELECT * FROM shapes.by_month;
SELECT * FROM verify_duties('shapes.months');

--
-- A partition that computes a generated column otherwise than the table
--
CREATE TABLE shapes.years (account text, released date, base numeric, duties numeric) PARTITION BY RANGE (released);
CREATE TABLE shapes.year_25 (gone int, duties numeric GENERATED ALWAYS AS (base * 2) STORED, base numeric, released date, account text);
ALTER TABLE shapes.year_25 DROP gone;
CREATE TABLE shapes.year_26 PARTITION OF shapes.years FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (account);
CREATE TABLE shapes.year_26_a PARTITION OF shapes.year_26 DEFAULT;
SELECT track_duties('shapes.years', 'account', 'released', 'duties', 'yearly');
INSERT INTO shapes.years VALUES ('a', '2026-01-01', 1, 5);
DO $$
BEGIN
	-- from 16 on it can't even be a partition
	IF current_setting('server_version_num')::int < 160000 THEN
		ALTER TABLE shapes.years ATTACH PARTITION shapes.year_25 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
	END IF;
	INSERT INTO shapes.years (account, released, base) VALUES ('a', '2025-01-01', 1);
EXCEPTION WHEN feature_not_supported OR check_violation THEN
	RAISE WARNING 'refused';
END $$;
SELECT * FROM shapes.yearly;
SELECT * FROM verify_duties('shapes.years');
-- ... and the same expression with other columns before it
CREATE TABLE shapes.halves (account text, released date, base numeric, duties numeric GENERATED ALWAYS AS (base * 2) STORED) PARTITION BY RANGE (released);
CREATE TABLE shapes.half_1 (gone int, duties numeric GENERATED ALWAYS AS (base * 2) STORED, account text, base numeric, released date);
ALTER TABLE shapes.half_1 DROP gone;
ALTER TABLE shapes.halves ATTACH PARTITION shapes.half_1 FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE shapes.half_2 PARTITION OF shapes.halves FOR VALUES FROM ('2025-07-01') TO ('2026-01-01') PARTITION BY LIST (account);
CREATE TABLE shapes.half_2_a (released date, base numeric, account text, duties numeric GENERATED ALWAYS AS (base * 2) STORED);
ALTER TABLE shapes.half_2 ATTACH PARTITION shapes.half_2_a DEFAULT;
SELECT track_duties('shapes.halves', 'account', 'released', 'duties', 'half_yearly');
INSERT INTO shapes.halves (account, released, base) VALUES ('a', '2025-01-01', 1), ('a', '2025-07-01', 2);
INSERT INTO shapes.half_2 (account, released, base) VALUES ('b', '2025-08-01', 4);
UPDATE shapes.halves SET released = '2025-07-01', base = base + 1;
UPDATE shapes.halves SET base = 1e15;
SELECT * FROM shapes.half_yearly ORDER BY account;
SELECT * FROM verify_duties('shapes.halves');

--
-- Composite accounts may have a NULL inside, be it by an attribute that comes
--
SET ROLE shapes_owner;
CREATE TYPE shapes.pair AS (importer text, office integer);
CREATE TABLE shapes.pairs (account shapes.pair, released date, duties numeric);
INSERT INTO shapes.pairs VALUES ('(a,1)', '2025-01-01', 1), ('(a,)', '2025-01-01', 2);
SELECT track_duties('shapes.pairs', 'account', 'released', 'duties', 'paired');
INSERT INTO shapes.pairs VALUES ('(a,1)', '2025-01-01', 4), ('(,)', '2025-01-01', 8), (NULL, '2025-01-01', 16);
UPDATE shapes.pairs SET account = '(b,2)' WHERE duties = 2;
SELECT * FROM shapes.paired ORDER BY account;
SELECT * FROM verify_duties('shapes.pairs');
SELECT account, condition FROM tracked_duties() WHERE source = 'shapes.pairs'::regclass;
ALTER TYPE shapes.pair ADD ATTRIBUTE branch text;
DELETE FROM shapes.pairs WHERE duties IN (1, 8);
SELECT * FROM shapes.paired ORDER BY account;
SELECT account, duty_history(released, duties) FROM shapes.pairs WHERE account IS DISTINCT FROM NULL GROUP BY account ORDER BY account;
SELECT * FROM verify_duties('shapes.pairs');

-- ... but what comes must be comparable
ALTER TYPE shapes.pair ADD ATTRIBUTE note json;
SELECT * FROM verify_duties('shapes.pairs');
SELECT fold_duties('shapes.pairs');
SELECT rebuild_duties('shapes.pairs');
INSERT INTO shapes.pairs VALUES ('(a,1,x,)', '2025-01-01', 4);
ALTER TYPE shapes.pair DROP ATTRIBUTE note;

-- ... and ordered, though no commit fails that has written before
BEGIN;
INSERT INTO shapes.pairs VALUES ('(c,1,x)', '2025-01-01', 4), ('(d,1,x)', '2025-01-01', 4);
ALTER TYPE shapes.pair ADD ATTRIBUTE mark xid;
COMMIT;
INSERT INTO shapes.pairs VALUES ('(c,1,x,1)', '2025-01-01', 4);
ALTER TYPE shapes.pair DROP ATTRIBUTE mark;
SELECT * FROM verify_duties('shapes.pairs');
CREATE TABLE shapes.lists (account shapes.pair[], released date, duties numeric);
SELECT track_duties('shapes.lists', 'account', 'released', 'duties', 'listed');
INSERT INTO shapes.lists SELECT '{"(a,1,x)"}', '2025-01-01', 1 FROM generate_series(1, 2);
BEGIN;
INSERT INTO shapes.lists VALUES ('{"(a,1,x)"}', '2025-01-01', 4), ('{"(b,1,x)"}', '2025-01-01', 4);
ALTER TYPE shapes.pair ADD ATTRIBUTE mark xid;
COMMIT;
ALTER TYPE shapes.pair DROP ATTRIBUTE mark;
SELECT * FROM verify_duties('shapes.lists');

-- ... and of which one part belongs to another
RESET ROLE;
ALTER VIEW shapes.paired OWNER TO shapes_other;
INSERT INTO shapes.pairs VALUES ('(a,1,x)', '2025-01-01', 4);
ALTER VIEW shapes.paired OWNER TO shapes_owner;
SET ROLE shapes_owner;

--
-- A child with another parent: through that its rows change, unseen by triggers
--
CREATE TABLE shapes.importers (account text, released date, duties numeric);
CREATE TABLE shapes.priced (duties numeric);
CREATE TABLE shapes.both () INHERITS (shapes.importers, shapes.priced);
INSERT INTO shapes.both VALUES ('a', '2025-01-01', 1);
SELECT track_duties('shapes.importers', 'account', 'released', 'duties', 'of_children');
ALTER TABLE shapes.both NO INHERIT shapes.priced;
SELECT track_duties('shapes.importers', 'account', 'released', 'duties', 'of_children');
-- ... or that gets one
ALTER TABLE shapes.both INHERIT shapes.priced;
UPDATE shapes.priced SET duties = duties + 1;
SELECT * FROM shapes.of_children;
SELECT rebuild_duties('shapes.importers');
ALTER TABLE shapes.both NO INHERIT shapes.priced;
SELECT * FROM verify_duties('shapes.importers');
SELECT rebuild_duties('shapes.importers');
SELECT * FROM shapes.of_children;
-- ... or the table itself
ALTER TABLE shapes.importers INHERIT shapes.priced;
DELETE FROM shapes.priced;
SELECT * FROM shapes.of_children;
ALTER TABLE shapes.importers NO INHERIT shapes.priced;
SELECT rebuild_duties('shapes.importers');
SELECT * FROM shapes.of_children;
CREATE TABLE shapes.all_days (account text, released date, base numeric, duties numeric) PARTITION BY RANGE (released);
ALTER TABLE shapes.all_days ATTACH PARTITION shapes.years DEFAULT;
DELETE FROM shapes.all_days;
SELECT * FROM shapes.yearly;
ALTER TABLE shapes.all_days DETACH PARTITION shapes.years;
SELECT rebuild_duties('shapes.years');
SELECT * FROM shapes.yearly;
-- ... but by several ways from the same table they are seen
CREATE TABLE shapes.one () INHERITS (shapes.importers);
CREATE TABLE shapes.two () INHERITS (shapes.one, shapes.importers);
SELECT rebuild_duties('shapes.importers');
INSERT INTO shapes.two VALUES ('a', '2025-01-01', 4);
UPDATE shapes.one SET duties = duties + 1;
SELECT * FROM shapes.of_children;
SELECT * FROM verify_duties('shapes.importers');

--
-- What a statement would change in a temporary child isn't counted for all
--
SET ROLE shapes_owner;
CREATE TABLE shapes.family (account text, released date, duties numeric);
SELECT track_duties('shapes.family', 'account', 'released', 'duties', 'of_family');
INSERT INTO shapes.family VALUES ('a', '2025-01-01', 1);
CREATE TEMP TABLE own () INHERITS (shapes.family);
INSERT INTO own VALUES ('a', '2025-01-01', 5);
UPDATE shapes.family SET duties = duties + 1;
DELETE FROM shapes.family;
TRUNCATE shapes.family;
SELECT account, history FROM shapes.of_family;
DROP TABLE own;
UPDATE shapes.family SET duties = duties + 1;
SELECT account, history FROM shapes.of_family;

--
-- Of two live histories of one name, none is meant
--
SELECT track_duties('shapes.family', 'account', 'released', 'duties', 'again');
RESET ROLE;
CREATE SCHEMA other AUTHORIZATION shapes_owner;
SET ROLE shapes_owner;
ALTER VIEW shapes.again SET SCHEMA other;
ALTER VIEW other.again RENAME TO of_family;
SELECT untrack_duties('shapes.family', 'of_family');
ALTER VIEW other.of_family RENAME TO again;
SELECT untrack_duties('shapes.family', 'of_family');
SELECT target FROM tracked_duties() WHERE source = 'shapes.family'::regclass;

--
-- A live history that was renamed has left its name to another
--
SET ROLE shapes_owner;
CREATE TABLE shapes.named (account text, released date, duties numeric);
SELECT track_duties('shapes.named', 'account', 'released', 'duties', 'of_named');
ALTER VIEW shapes.of_named RENAME TO earlier;
ALTER VIEW shapes.of_named_entries RENAME TO earlier_entries;
ALTER TABLE shapes.of_named_parts RENAME TO earlier_parts;
ALTER INDEX shapes.of_named_parts_account_idx RENAME TO earlier_parts_account_idx;
SELECT track_duties('shapes.named', 'account', 'released', 'duties', 'of_named');
INSERT INTO shapes.named VALUES ('a', '2025-01-01', 1);
SELECT * FROM shapes.of_named, shapes.earlier;

--
-- rebuild_duties and track_duties within a statement that changes a partition
-- by its own name: its rows would count twice, or not at all
--
CREATE TABLE shapes.whole (account text, released date, duties numeric) PARTITION BY LIST (account);
CREATE TABLE shapes.share PARTITION OF shapes.whole DEFAULT;
INSERT INTO shapes.share SELECT 'a', '2025-01-01', length(track_duties('shapes.whole', 'account', 'released', 'duties', 'of_whole')::text)
FROM generate_series(1, 2);
SELECT track_duties('shapes.whole', 'account', 'released', 'duties', 'of_whole');
INSERT INTO shapes.share SELECT 'a', '2025-01-01', rebuild_duties('shapes.whole') + 1 FROM generate_series(1, 2);
INSERT INTO shapes.whole VALUES ('a', '2025-01-01', 4);
DELETE FROM shapes.share WHERE rebuild_duties('shapes.whole') >= 0;
CREATE FUNCTION shapes.rebuild() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	PERFORM rebuild_duties('shapes.whole'); RETURN NULL; END $$;
CREATE TRIGGER a_first AFTER INSERT ON shapes.share EXECUTE FUNCTION shapes.rebuild();
INSERT INTO shapes.share VALUES ('a', '2025-01-01', 8);
-- ... but what is deferred changes nothing more
DROP TRIGGER a_first ON shapes.share;
CREATE TABLE shapes.known (account text PRIMARY KEY);
INSERT INTO shapes.known VALUES ('a');
ALTER TABLE shapes.whole ADD FOREIGN KEY (account) REFERENCES shapes.known DEFERRABLE INITIALLY DEFERRED;
BEGIN;
INSERT INTO shapes.share VALUES ('a', '2025-01-01', 8);
SELECT rebuild_duties('shapes.whole');
COMMIT;
SELECT account, history FROM shapes.of_whole;

--
-- What a partitioned table has stored of a row counts when the row goes, or is
-- updated, even where the function that computed it now says something else
--
CREATE FUNCTION shapes.rated(integer) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 1.0';
CREATE TABLE shapes.rates (account text, released date, n integer, duties numeric GENERATED ALWAYS AS (shapes.rated(n)) STORED)
	PARTITION BY RANGE (released);
CREATE TABLE shapes.rates_1 PARTITION OF shapes.rates FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE shapes.rates_2 (duties numeric GENERATED ALWAYS AS (shapes.rated(n)) STORED, n integer, released date, account text);
ALTER TABLE shapes.rates ATTACH PARTITION shapes.rates_2 FOR VALUES FROM ('2025-07-01') TO ('2026-01-01');
SELECT track_duties('shapes.rates', 'account', 'released', 'duties', 'of_rates', 'duties > 0');
INSERT INTO shapes.rates VALUES ('a', '2025-01-05', 10), ('b', '2025-07-05', 10), ('c', '2025-02-05', 10), ('d', '2025-02-05', 10);
UPDATE shapes.rates SET released = '2025-08-01' WHERE account = 'c';
UPDATE shapes.rates SET n = 20 WHERE account = 'd';
SELECT account, history FROM shapes.of_rates ORDER BY account;
CREATE OR REPLACE FUNCTION shapes.rated(integer) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2.0';
DELETE FROM shapes.rates WHERE account = 'b';
UPDATE shapes.rates SET n = 3 WHERE account = 'a';
UPDATE shapes.rates SET n = 4, released = '2025-01-01' WHERE account = 'c';
SELECT account, history FROM shapes.of_rates ORDER BY account;
SELECT * FROM verify_duties('shapes.rates');
UPDATE shapes.rates SET account = 'e' WHERE account = 'd';
CREATE FUNCTION shapes.more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$;
CREATE TRIGGER more BEFORE UPDATE ON shapes.rates_1 FOR EACH ROW EXECUTE FUNCTION shapes.more();
CREATE TRIGGER more BEFORE INSERT ON shapes.rates_2 FOR EACH ROW EXECUTE FUNCTION shapes.more();
UPDATE shapes.rates SET released = '2025-09-01' WHERE account = 'a';
UPDATE shapes.rates SET released = '2025-02-01' WHERE account = 'a';
INSERT INTO shapes.rates VALUES ('f', '2025-02-01', 5), ('f', '2025-08-01', 5);
MERGE INTO shapes.rates USING (VALUES ('c', 7), ('g', 7)) v (account, n) ON rates.account = v.account
WHEN MATCHED THEN UPDATE SET n = v.n WHEN NOT MATCHED THEN INSERT VALUES (v.account, '2025-02-01', v.n);
SELECT account, history FROM shapes.of_rates ORDER BY account;
SELECT account, released, duties FROM shapes.rates ORDER BY account, released;
SELECT * FROM verify_duties('shapes.rates');

--
-- A child that comes to a child: it is temporary, or has been out of the family
--
CREATE TABLE shapes.kin (account text, released date, duties numeric);
CREATE TABLE shapes.kid () INHERITS (shapes.kin);
CREATE TABLE shapes.grandkid () INHERITS (shapes.kid);
SELECT track_duties('shapes.kin', 'account', 'released', 'duties', 'of_kin');
INSERT INTO shapes.kin VALUES ('a', '2025-01-01', 1);
CREATE TEMP TABLE mine (account text, released date, duties numeric);
UPDATE shapes.kin SET duties = duties;
ALTER TABLE mine INHERIT shapes.kid;
UPDATE shapes.kin SET duties = duties + 1;
DROP TABLE mine;
ALTER TABLE shapes.kid NO INHERIT shapes.kin;
INSERT INTO shapes.grandkid VALUES ('a', '2025-01-01', 10);
ALTER TABLE shapes.kid INHERIT shapes.kin;
SELECT rebuild_duties('shapes.kin');
INSERT INTO shapes.grandkid VALUES ('a', '2025-01-01', 100);
SELECT account, history FROM shapes.of_kin;
SELECT sum(duties) FROM shapes.kin;

RESET ROLE;
DROP SCHEMA shapes, other CASCADE;
DROP ROLE shapes_owner, shapes_other;
