-- An operator between bn9, program_account and text is ours whatever the
-- search_path is: where it isn't found, both types are silently taken as text.

CREATE SCHEMA anywhere;
CREATE TABLE anywhere.accounts (account program_account PRIMARY KEY, number bn9, name text);
CREATE TABLE anywhere.entries (id integer, account program_account, number bn9, written text, padded char(20), history duty_history);
INSERT INTO anywhere.accounts
SELECT program_account('123456782', 'RM', i), CASE WHEN i % 2 = 0 THEN '987654324' ELSE '123456782' END, 'account ' || i FROM generate_series(1, 300) i;
INSERT INTO anywhere.entries
SELECT i, account, number, overlay(lower(account::text) PLACING ' rm ' FROM 10 FOR 2), account::text, format('{2025-02-01:%s}', i)::duty_history
FROM anywhere.accounts, reference_number(account) i;
CREATE INDEX ON anywhere.entries (account);
CREATE INDEX ON anywhere.entries (number);
CREATE INDEX ON anywhere.entries USING gist (account);
ANALYZE anywhere.accounts, anywhere.entries;

-- What a query is under a search_path: its plan, the types of its columns and
-- its rows, of its view as written, or as written out and read again under an
-- empty path, which is what a dump and its restore do.
CREATE FUNCTION anywhere.seen(path text, query text, OUT plan text, OUT types text, OUT rows text[]) LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	PERFORM set_config('search_path', path, true);
	EXECUTE 'CREATE VIEW anywhere.probe AS ' || query;
	PERFORM set_config('search_path', '', true);
	EXECUTE 'CREATE VIEW anywhere.restored AS ' || pg_get_viewdef('anywhere.probe'::regclass);
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM anywhere.restored' LOOP
		plan := concat_ws(E'\n', plan, line);
	END LOOP;
	SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) INTO types
	FROM pg_attribute WHERE attrelid = 'anywhere.restored'::regclass AND attnum > 0;
	EXECUTE 'SELECT array_agg(r::text ORDER BY r::text) FROM anywhere.restored r' INTO rows;
	DROP VIEW anywhere.probe, anywhere.restored;
END
$$;
CREATE FUNCTION anywhere.same(query text, OUT plans bigint, OUT types text, OUT results bigint, OUT rows integer, OUT first text) LANGUAGE sql AS $$
	SELECT count(DISTINCT s.plan), string_agg(DISTINCT s.types, ' or '), count(DISTINCT s.rows), max(cardinality(s.rows)), min(s.rows[1])
	FROM unnest('{public,"anywhere, public","",pg_temp}'::text[]) AS path, anywhere.seen(path, query) s
$$;
CREATE TABLE anywhere.forms (n serial, query text);
INSERT INTO anywhere.forms (query) VALUES
('SELECT id FROM anywhere.entries WHERE account = ''123456782 rm 0007'''),
('SELECT id FROM anywhere.entries WHERE account = ''123456782 rm 0007''::text'),
('SELECT id FROM anywhere.entries WHERE account = ''123456782 rm 0007''::varchar'),
('SELECT id FROM anywhere.entries WHERE account = ''123456782 rm 0007''::char(30)'),
('SELECT id FROM anywhere.entries WHERE ''123456782 rm 0007''::text = account'),
('SELECT id FROM anywhere.entries WHERE number <> ''123-456-782''::text'),
('SELECT id FROM anywhere.entries WHERE account BETWEEN ''123456782rm0010'' AND ''123456782 rm 0019''::text'),
('SELECT id FROM anywhere.entries WHERE account < ''123456782rm0010''::text OR ''123456782rm0290''::text <= account'),
('SELECT id FROM anywhere.entries WHERE account > ''123456782rm0010'' AND account >= ''123456782rm0290'''),
('SELECT id FROM anywhere.entries WHERE account <@ ''123456782'''),
('SELECT id FROM anywhere.entries WHERE ''123456782'' @> account'),
('SELECT id FROM anywhere.entries WHERE account IN (''123456782rm0001'', ''123456782 rm 0002'')'),
('SELECT id FROM anywhere.entries WHERE account NOT IN (SELECT written FROM anywhere.entries WHERE id < 299)'),
('SELECT id FROM anywhere.entries WHERE account = ANY (''{123456782rm0001, 123456782 rm 0002}'')'),
('SELECT id FROM anywhere.entries WHERE account = ANY (''{123456782rm0001, 123456782 rm 0002}''::text[])'),
('SELECT id FROM anywhere.entries WHERE account <> ALL (''{123456782rm0001, 123456782 rm 0002}''::varchar[])'),
('SELECT id FROM anywhere.entries WHERE account = SOME (SELECT account FROM anywhere.accounts WHERE name = ''account 9'')'),
('SELECT id, account IS DISTINCT FROM ''123456782rm0001'' AS other FROM anywhere.entries'),
('SELECT id FROM anywhere.entries WHERE account IS NOT DISTINCT FROM written'),
('SELECT id, nullif(account, ''123456782rm0001'') AS account, nullif(written, account) AS written FROM anywhere.entries'),
('SELECT id, CASE account WHEN ''123456782rm0001'' THEN ''first'' WHEN ''123456782 rm 0002''::text THEN ''second'' END AS which FROM anywhere.entries'),
('SELECT id FROM anywhere.entries WHERE (account, number) = (''123456782rm0001'', ''123 456 782'')'),
('SELECT id FROM anywhere.entries WHERE (number, account, id) > (''123456782'', ''123456782rm0001'', 0)'),
('SELECT id FROM anywhere.entries WHERE (number, account) IN ((''123456782'', ''123456782rm0001''), (''123 456 782'', ''123456782rm0003''))'),
('SELECT id FROM anywhere.entries WHERE (account, 1) IS DISTINCT FROM (''123456782rm0001'', 1)'),
('SELECT account, id, name FROM anywhere.accounts JOIN anywhere.entries USING (account)'),
('SELECT * FROM (SELECT account, name FROM anywhere.accounts) a NATURAL JOIN (SELECT account, id FROM anywhere.entries) e'),
('SELECT account, id, name FROM anywhere.accounts FULL JOIN anywhere.entries USING (account, number)'),
('SELECT id, name FROM anywhere.accounts JOIN anywhere.entries ON accounts.account = written'),
('SELECT id, name FROM anywhere.accounts JOIN anywhere.entries ON padded = accounts.account'),
('SELECT min(account) AS min, max(account) AS max, min(number) AS min_number, max(number) AS max_number FROM anywhere.entries'),
('SELECT number, count(DISTINCT account) FROM anywhere.entries GROUP BY number HAVING number = ''123-456-782'''),
('SELECT account FROM anywhere.entries UNION SELECT account FROM anywhere.accounts'),
('SELECT account FROM anywhere.entries WHERE id < 3 ORDER BY account USING >'),
('SELECT id, rank() OVER (PARTITION BY number ORDER BY account) FROM anywhere.entries'),
('WITH RECURSIVE next AS (SELECT account, id FROM anywhere.entries WHERE id = 1 UNION SELECT e.account, e.id FROM anywhere.entries e JOIN next ON e.account > next.account AND e.id = next.id + 1 AND e.id < 9) SELECT * FROM next'),
('SELECT id FROM anywhere.entries WHERE array[account] = array[''123456782rm0001'']::public.program_account[]'),
('SELECT a.history = b.history AS equal, a.history < b.history AS less, nullif(a.history, b.history) AS history, a.history IS DISTINCT FROM b.history AS distinct FROM anywhere.entries a JOIN anywhere.entries b USING (history)'),
('SELECT id FROM anywhere.entries WHERE history IN (''{2025-02-01:1}'', ''{2025-02-01:2}'') AND (history, id) >= (''{2025-02-01:1}'', 2)'),
('SELECT history + history AS more, history - history AS less, - history AS negative FROM anywhere.entries WHERE id = 7');
SELECT n, s.* FROM anywhere.forms, LATERAL anywhere.same(query) s ORDER BY n;
RESET search_path;

-- number and account are of two types, and no text
SELECT number = account FROM anywhere.accounts;
SET search_path = '';
SELECT number = account FROM anywhere.accounts WHERE false;
SELECT account <> number FROM anywhere.accounts;
SELECT 1 FROM anywhere.accounts WHERE number IN (account);
SELECT 1 FROM anywhere.accounts WHERE account = ANY (ARRAY[number]);
SELECT account IS DISTINCT FROM number FROM anywhere.accounts;
SELECT nullif(number, account) FROM anywhere.accounts;
SELECT CASE number WHEN account THEN 1 END FROM anywhere.accounts;
SELECT (number, 1) = (account, 1) FROM anywhere.accounts;
SELECT 1 FROM anywhere.accounts a JOIN anywhere.entries e ON a.number = e.account;
-- the hint is worded in another way from 19 on
\set VERBOSITY terse
SELECT number < account FROM anywhere.accounts;
SELECT number BETWEEN account AND account FROM anywhere.accounts;
\set VERBOSITY default
SELECT count(*) FROM anywhere.accounts WHERE account::public.bn9 = number;

-- functions with an empty path; with none, called under one
CREATE FUNCTION anywhere.with_sql(a text) RETURNS bigint LANGUAGE sql SET search_path = '' AS 'SELECT count(*) FROM anywhere.entries WHERE account = a';
CREATE FUNCTION anywhere.with_plpgsql(a text) RETURNS bigint LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
	n bigint;
BEGIN
	SELECT count(*) INTO n FROM anywhere.entries WHERE account = a AND account IN (a, a) AND NOT account IS DISTINCT FROM a;
	RETURN n;
END
$$;
CREATE FUNCTION anywhere.with_body(a text) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM anywhere.entries WHERE account = a; END;
CREATE FUNCTION anywhere.dynamic(a text) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM anywhere.entries WHERE account = $1' INTO n USING a;
	RETURN n;
END
$$;
CREATE FUNCTION anywhere.ours(a public.program_account) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN a = '123456782 rm 0001'; END $$;
CREATE FUNCTION anywhere.even(a text, n public.bn9) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp RETURN n <> a;
SELECT anywhere.with_sql('123456782 rm 0001'), anywhere.with_plpgsql('123456782 rm 0001'), anywhere.with_body('123456782 rm 0001'), anywhere.dynamic('123456782 rm 0001');

-- indexes, which the server builds under a safe path from 17 on
RESET search_path;
CREATE INDEX first_ones ON anywhere.entries (id) WHERE anywhere.ours(account);
CREATE INDEX by_function ON anywhere.entries (anywhere.ours(account));
CREATE INDEX by_expression ON anywhere.entries ((account = '123456782 rm 0001'), (number = written));
CREATE UNIQUE INDEX partial ON anywhere.entries (account) WHERE number <> '123 456 782'::text;
SET enable_seqscan = off;
SELECT count(*) FROM anywhere.entries WHERE anywhere.ours(account);
SELECT count(*) FROM anywhere.entries WHERE anywhere.ours(account) AND id > 0;
SELECT count(*) FROM anywhere.entries WHERE account = '123456782 rm 0001' AND (number = written) IS FALSE;
SELECT count(*) FROM anywhere.entries WHERE number <> '123 456 782'::text;
REINDEX TABLE anywhere.entries;
SET search_path = '';
SELECT count(*) FROM anywhere.entries WHERE anywhere.ours(account);
EXPLAIN (COSTS OFF) SELECT id FROM anywhere.entries WHERE (account = '123456782 rm 0001') AND (number = written);
INSERT INTO anywhere.entries VALUES (301, '123456782RM0002', '987654324');
RESET enable_seqscan;

-- columns, constraints, policies, triggers, materialized views
CREATE DOMAIN anywhere.importer AS public.program_account CHECK (VALUE <> '123456782 rm 9999');
CREATE DOMAIN anywhere.other AS text;
CREATE TABLE anywhere.kept (account anywhere.importer CHECK (account <> '123456782 rm 0009' AND account <@ '123456782'), number public.bn9,
	is_first boolean GENERATED ALWAYS AS (account = '123456782 rm 0001') STORED,
	is_text boolean GENERATED ALWAYS AS ('123456782 rm 0001'::text = account) STORED,
	own boolean GENERATED ALWAYS AS (anywhere.ours(account)) STORED,
	EXCLUDE USING gist (account WITH =), FOREIGN KEY (account) REFERENCES anywhere.accounts);
INSERT INTO anywhere.kept VALUES ('123456782RM0001', '123456782'), ('123456782RM0002', '123456782');
INSERT INTO anywhere.kept VALUES ('123456782RM9999');
INSERT INTO anywhere.kept VALUES ('123456782RM0009');
INSERT INTO anywhere.kept VALUES ('987654324RM0001');
INSERT INTO anywhere.kept VALUES ('123456782RM0001');
INSERT INTO anywhere.kept VALUES ('123456782RM0301');
SELECT * FROM anywhere.kept;
SELECT account = '123456782 rm 0001'::anywhere.other AS domains FROM anywhere.kept;
CREATE FUNCTION anywhere.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% of %', TG_NAME, NEW.account; RETURN NEW; END $$;
CREATE TRIGGER second BEFORE UPDATE ON anywhere.kept FOR EACH ROW WHEN (NEW.account = '123456782 rm 0002' AND NEW.number IS DISTINCT FROM '123-456-782'::text)
EXECUTE FUNCTION anywhere.tell();
UPDATE anywhere.kept SET number = number;
UPDATE anywhere.kept SET number = '987654324';
CREATE MATERIALIZED VIEW anywhere.stored AS SELECT account, anywhere.ours(account) AS own, min(id) AS id FROM anywhere.accounts JOIN anywhere.entries USING (account)
WHERE account = ANY ('{123456782 rm 0001, 123456782 rm 0003}'::text[]) GROUP BY account;
REFRESH MATERIALIZED VIEW anywhere.stored;
TABLE anywhere.stored;
CREATE VIEW anywhere.checked AS SELECT * FROM anywhere.kept WHERE account = '123456782 rm 0001' WITH CHECK OPTION;
UPDATE anywhere.checked SET number = '123456782' WHERE number = '987-654-324';
UPDATE anywhere.checked SET account = '123456782RM0005';
MERGE INTO anywhere.kept k USING anywhere.entries e ON k.account = e.written AND e.id < 3
WHEN MATCHED AND k.account = '123456782 rm 0002' THEN UPDATE SET number = e.number;
SELECT account, number FROM anywhere.kept;
CREATE TABLE anywhere.parts (account public.program_account, n integer) PARTITION BY RANGE (account);
CREATE TABLE anywhere.low PARTITION OF anywhere.parts FOR VALUES FROM (MINVALUE) TO ('123456782RM0100');
CREATE TABLE anywhere.high PARTITION OF anywhere.parts FOR VALUES FROM ('123456782RM0100') TO (MAXVALUE);
EXPLAIN (COSTS OFF) SELECT * FROM anywhere.parts WHERE account = '123456782 rm 0200'::text;

-- a live history of rows that a function chooses, whose path is safe
CREATE TABLE anywhere.declarations (account public.program_account, released date, duties numeric);
SELECT public.track_duties('anywhere.declarations', 'account', 'released', 'duties', 'live', condition => 'anywhere.ours(account)');
INSERT INTO anywhere.declarations VALUES ('123456782RM0001', '2025-02-01', 200), ('123456782RM0002', '2025-02-01', 5);
TABLE anywhere.live;
SELECT * FROM public.verify_duties('anywhere.declarations');
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA anywhere CASCADE;
