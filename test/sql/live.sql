-- Live histories: every kind of statement, checked against plain SQL.
CREATE SCHEMA live;
SET search_path = live, public;
CREATE TABLE declarations (
	id bigint PRIMARY KEY,
	account text,
	released date,
	duties numeric(14,2),
	note text,
	latest boolean DEFAULT true
);
INSERT INTO declarations
SELECT i, 'A' || i % 7, date '2024-01-01' + (i * 37) % 800, (i * 7919) % 100000 / 100.0 - 100
FROM generate_series(1, 500) i;

SELECT track_duties('declarations', 'account', 'released', 'duties', 'histories', condition => 'latest');
\d declarations
\d histories

-- what the view must show, by plain sums of numeric
\getenv test PG_ABS_SRCDIR
\i :test/lib/recount.sql
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT account, history FROM histories WHERE account = 'A3';

-- INSERT of one row, of several, of none, of rows that don't count
INSERT INTO declarations VALUES (1001, 'B1', '2025-01-19', 12.34);
INSERT INTO declarations SELECT 2000 + i, 'B' || i, '2025-02-01', i FROM generate_series(1, 3) i;
INSERT INTO declarations SELECT * FROM declarations WHERE false;
INSERT INTO declarations VALUES (1002, NULL, '2025-01-19', 1), (1003, 'N1', NULL, 1),
	(1004, 'N2', '2025-01-19', NULL);
INSERT INTO declarations VALUES (1005, 'N3', '2025-01-19', 1, NULL, false),
	(1006, 'N4', '2025-01-19', 1, NULL, NULL);
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT * FROM histories WHERE account ~ '^[BN]' ORDER BY 1;

-- COPY
COPY declarations (id, account, released, duties) FROM stdin;
3001	B1	2025-01-20	0.66
3002	C1	2025-03-05	-5
3003	C1	2025-03-05	5
\.
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT * FROM histories WHERE account ~ '^[BC]' ORDER BY 1;

-- UPDATE: of amount, date, account, condition, of what doesn't matter, of nothing
UPDATE declarations SET duties = duties * 2 WHERE id % 3 = 0;
UPDATE declarations SET released = released + 20 WHERE id % 5 = 0;
UPDATE declarations SET account = 'D' || id % 2 WHERE id % 11 = 0;
UPDATE declarations SET latest = false WHERE id % 13 = 0;
UPDATE declarations SET account = NULL WHERE id % 17 = 0;
UPDATE declarations SET note = 'x';
UPDATE declarations SET duties = 0 WHERE false;
SELECT * FROM wrong('declarations', 'histories', 'latest');

-- upserts, MERGE
INSERT INTO declarations VALUES (1, 'E1', '2025-04-01', 10), (4001, 'E1', '2025-04-01', 20)
ON CONFLICT (id) DO UPDATE SET account = excluded.account, duties = excluded.duties;
INSERT INTO declarations VALUES (1, 'E1', '2025-04-01', 10) ON CONFLICT DO NOTHING;
MERGE INTO declarations d
USING (SELECT i AS id FROM generate_series(1, 30) i UNION ALL SELECT 5001) s ON d.id = s.id
WHEN MATCHED AND d.id < 10 THEN DELETE
WHEN MATCHED THEN UPDATE SET account = 'F1', duties = 1.01
WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'F2', '2025-05-05', 2.02);
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT * FROM histories WHERE account ~ '^[EF]' ORDER BY 1;

-- DELETE; an account without entries is gone
DELETE FROM declarations WHERE account = 'B1';
SELECT * FROM histories WHERE account = 'B1';
WITH gone AS (DELETE FROM declarations WHERE id % 2 = 0 RETURNING *)
INSERT INTO declarations SELECT id + 10000, account, released, duties FROM gone WHERE id % 4 = 0;
SELECT * FROM wrong('declarations', 'histories', 'latest');

-- foreign keys: cascades
CREATE TABLE importers (account text PRIMARY KEY);
INSERT INTO importers SELECT DISTINCT account FROM declarations WHERE account IS NOT NULL;
ALTER TABLE declarations ADD FOREIGN KEY (account) REFERENCES importers ON DELETE CASCADE ON UPDATE CASCADE;
DELETE FROM importers WHERE account = 'A1';
UPDATE importers SET account = 'G1' WHERE account = 'A2';
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT count(*) FROM histories WHERE account IN ('A1', 'A2');

-- savepoints, rollback, many statements in one transaction
BEGIN;
INSERT INTO declarations VALUES (6001, 'G1', '2025-06-01', 1);
SAVEPOINT s;
UPDATE declarations SET duties = duties + 1 WHERE account = 'G1';
DELETE FROM declarations WHERE account = 'A3';
SELECT * FROM wrong('declarations', 'histories', 'latest');
ROLLBACK TO s;
SELECT * FROM wrong('declarations', 'histories', 'latest');
COMMIT;
BEGIN;
DELETE FROM declarations;
SELECT * FROM histories;
ROLLBACK;
SELECT * FROM wrong('declarations', 'histories', 'latest');
DO $$
BEGIN
	FOR i IN 1..300 LOOP
		INSERT INTO declarations VALUES (7000 + i, 'A' || 3 + i % 2, date '2025-07-01' + i % 40, i);
		BEGIN
			UPDATE declarations SET duties = duties + 1 WHERE id = 7000 + i - 1;
			IF i % 3 = 0 THEN RAISE division_by_zero; END IF;
		EXCEPTION WHEN division_by_zero THEN NULL;
		END;
	END LOOP;
END $$;
SELECT * FROM wrong('declarations', 'histories', 'latest');
-- few parts are left
SELECT account FROM histories_parts GROUP BY 1 HAVING count(*) > 3;

-- TRUNCATE
BEGIN;
TRUNCATE declarations;
SELECT * FROM histories;
INSERT INTO declarations VALUES (1, 'A0', '2025-06-01', 1);
TABLE histories;
ROLLBACK;
SELECT * FROM wrong('declarations', 'histories', 'latest');
TRUNCATE importers CASCADE;
SELECT * FROM histories;
SELECT * FROM verify_duties('declarations');
INSERT INTO importers VALUES ('A0');
INSERT INTO declarations VALUES (1, 'A0', '2025-06-01', 1);
SELECT * FROM wrong('declarations', 'histories', 'latest');

-- what goes wrong behind its back is found, and put right
ALTER TABLE declarations DISABLE TRIGGER histories_insert;
INSERT INTO importers VALUES ('H1');
INSERT INTO declarations VALUES (2, 'A0', '2025-06-01', 2), (3, 'H1', '2025-06-18', 3);
ALTER TABLE declarations ENABLE TRIGGER histories_insert;
SET session_replication_role = replica;
UPDATE declarations SET duties = duties + 0.5;
RESET session_replication_role;
SELECT * FROM verify_duties('declarations');
SELECT rebuild_duties('declarations');
SELECT * FROM verify_duties('declarations');
SELECT * FROM wrong('declarations', 'histories', 'latest');
SELECT rebuild_duties('declarations');

SELECT fold_duties('declarations', 'histories');
SELECT account, entries, history FROM histories_parts ORDER BY 1;
SELECT * FROM tracked_duties();
SELECT untrack_duties('declarations');
\d histories*
SELECT tgname FROM pg_trigger WHERE tgrelid = 'declarations'::regclass AND NOT tgisinternal;
SET client_min_messages = warning;
DROP SCHEMA live CASCADE;
