-- Messages that the regression and isolation tests don't show in full: in a
-- database that is thrown away, in French.
\set SHOW_CONTEXT always
CREATE EXTENSION carm;
SELECT untrack_duties(4294967295::oid::regclass);

CREATE TABLE entries (account program_account, day date, amount numeric);
SELECT track_duties('entries', 'account', 'day', 'amount', 'live', 'amount >');
SELECT track_duties('entries', 'account', 'day', 'amount', 'live', 'day < now()');

-- ten seconds for 65,536 rows, and so a notice: before the table is analyzed, and after
CREATE TABLE many (account program_account, day date, amount numeric) WITH (autovacuum_enabled = off);
INSERT INTO many SELECT '123456782RM0001', '2025-01-01', i FROM generate_series(1, 66000) i;
CREATE FUNCTION slowly(numeric) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
	$$ BEGIN IF $1 % 256 = 0 THEN PERFORM pg_sleep(0.042); END IF; RETURN true; END $$;
SELECT track_duties('many', 'account', 'day', 'amount', 'many_live', 'slowly(amount)');
SELECT untrack_duties('many');
ANALYZE many;
SELECT track_duties('many', 'account', 'day', 'amount', 'many_live', 'slowly(amount)');

-- a type of accounts that can't be hashed
CREATE TABLE odd (account money[], day date, amount numeric);
INSERT INTO odd VALUES ('{1}', '2025-01-01', 1), ('{2}', '2025-01-01', 1);
SELECT track_duties('odd', 'account', 'day', 'amount', 'odd_live');

CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere;
CREATE TABLE parted (account text, day date, amount numeric) PARTITION BY LIST (account);
CREATE FOREIGN TABLE far PARTITION OF parted DEFAULT SERVER elsewhere;
SELECT track_duties('parted', 'account', 'day', 'amount', 'parted_live');

-- another session in between
\set ECHO none
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT txid_current_snapshot() IS NOT NULL;
\! psql -Xqc "SELECT track_duties('entries', 'account', 'day', 'amount', 'live')"
SELECT * FROM live;
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT txid_current_snapshot() IS NOT NULL;
\! psql -Xqc "TRUNCATE entries"
SELECT * FROM live;
ROLLBACK;
CREATE TABLE child (LIKE entries);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT txid_current_snapshot() IS NOT NULL;
\! psql -Xqc "ALTER TABLE child INHERIT entries"
SELECT * FROM live;
ROLLBACK;
DROP TABLE child;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT txid_current_snapshot() IS NOT NULL;
\! psql -Xqc "INSERT INTO entries VALUES ('123456782RM0001', '2025-01-01', 1)"
TRUNCATE entries;
ROLLBACK;

-- types that somebody has changed
ALTER TYPE month_basis RENAME VALUE 'review' TO 'annual';
SELECT * FROM security_readings('{2025-01-01:1}', 1);
ALTER TYPE security_terms ADD ATTRIBUTE more numeric;
SELECT required_security(1, 'surety_bond', ROW(0.5, 0, 10, NULL, 1, 0, 0, 0)::security_terms);
