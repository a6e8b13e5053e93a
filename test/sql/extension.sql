-- The extension as a whole: what holds for every object of it, and that its
-- schema can be renamed with everything that uses it.

-- it needs nothing but the server and its plpgsql
SELECT pg_describe_object(refclassid, refobjid, 0) FROM pg_depend
WHERE classid = 'pg_extension'::regclass AND objid = (SELECT oid FROM pg_extension WHERE extname = 'carm')
	AND refclassid <> 'pg_namespace'::regclass;

-- everything is explained (from 17 on, array types are members as well)
CREATE VIEW member AS SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm');
SELECT object FROM member WHERE obj_description(objid, classid::regclass::name) IS NULL
	AND object !~ '\[\]$'
ORDER BY object;

-- parallel queries may use all but what changes or reads live histories
SELECT proname FROM pg_proc JOIN member ON classid = 'pg_proc'::regclass AND objid = pg_proc.oid
WHERE proparallel <> 's' ORDER BY proname;

-- bad input is a soft error from 16 on (COPY with ON_ERROR, pg_input_error_info):
-- the same as what is thrown before
CREATE FUNCTION pg_temp.refused(input text, type text, OUT code text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	IF current_setting('server_version_num')::integer >= 160000 THEN
		EXECUTE 'SELECT i.sql_error_code, i.message, i.detail, i.hint FROM pg_input_error_info($1, $2) i'
		INTO code, message, detail, hint USING input, type;
	ELSE
		EXECUTE format('SELECT %L::%s', input, type);
	END IF;
EXCEPTION WHEN data_exception THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail = nullif(detail, '');
	hint = nullif(hint, '');
END
$$;
SELECT input, type, r.* FROM (VALUES ('123456782', 'bn9'), ('123456789', 'bn9'), ('123456782RM0001', 'bn9'), ('', 'program_account'),
	('123456782RM0001', 'program_account(RM)'), ('123456782RT0001', 'program_account(RM)'), ('123456782RM0000', 'program_account'),
	('{2025-02-01:1}', 'duty_history'), ('{2025-02-02:1}', 'duty_history'), ('{2025-02-30:1}', 'duty_history'), ('{2025-02-01:1', 'duty_history'),
	('{} {}', 'duty_history'), ('{2025-02-01:1,2025-02-01:1}', 'duty_history'), ('{2025-02-01:1e9}', 'duty_history'),
	('{2025-02-01:0.000000001}', 'duty_history'), ('{2025-02-01:99999999999999999999999999999999}', 'duty_history')) i (input, type),
	LATERAL pg_temp.refused(input, type) r;

-- operators stand in pg_catalog, so the extension stays in its schema; that can be renamed
DROP VIEW member;
CREATE SCHEMA yard;
ALTER EXTENSION carm SET SCHEMA yard;
SET search_path = yard, public;
CREATE TABLE moving (id integer PRIMARY KEY, account program_account(RM) NOT NULL UNIQUE, released date, duties numeric,
	number bn9 GENERATED ALWAYS AS (bn9(account)) STORED, history duty_history);
CREATE INDEX moving_number ON moving (number);
INSERT INTO moving SELECT i, program_account('123456782', 'RM', i), '2025-01-01'::date + i, i FROM generate_series(1, 99) i;
SELECT track_duties('moving', 'number', 'released', 'duties', 'moving_histories', 'is_import_export(account)');
SELECT history FROM moving_histories;
ALTER SCHEMA public RENAME TO "an other";
SET enable_seqscan = off; SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM moving WHERE account <@ '123456782'::"an other".bn9 LIMIT 1;
PREPARE moved ("an other".bn9) AS SELECT count(*) FROM moving WHERE account <@ $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE moved('123456782');
EXECUTE moved('123456782');
RESET plan_cache_mode;
RESET enable_seqscan; RESET enable_bitmapscan;
INSERT INTO moving VALUES (100, '123456782RM0100', '2025-06-01', 100), (101, '000000018RM0001', '2025-06-01', 0.5);
UPDATE moving SET duties = 7 WHERE id = 1;
DELETE FROM moving WHERE id = 2;
UPDATE moving SET account = '123456782RT0001' WHERE id = 3;
SELECT * FROM moving_histories ORDER BY account;
SELECT * FROM "an other".verify_duties('moving');
SELECT "an other".fold_duties('moving') IS NOT NULL AS folded, "an other".rebuild_duties('moving') AS rebuilt;
SELECT account, "an other".peak_monthly_duty(history, as_of => '2025-12-31'), p.status
FROM moving_histories, LATERAL "an other".security_position(history, 50, as_of => '2025-07-15') p ORDER BY account;
SELECT source, target, condition FROM "an other".tracked_duties();
SELECT "an other".untrack_duties('moving');
ALTER SCHEMA "an other" RENAME TO public;
SELECT count(*), count(DISTINCT number) FROM moving WHERE account <> '123456782RM0001'::text;
DROP SCHEMA yard CASCADE;
