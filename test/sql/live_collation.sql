-- Live histories of accounts that are equal though not the same.
SELECT getdatabaseencoding() <> 'UTF8' OR
	(SELECT count(*) FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode') = 0 AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE SCHEMA live_collation;
SET search_path = live_collation, public;
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE entries (id integer, account text COLLATE folded, released date, duties numeric);
INSERT INTO entries VALUES (1, 'abc', '2025-01-01', 1), (2, 'ABC', '2025-01-01', 2), (3, 'abd', '2025-01-01', 4);
SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
INSERT INTO entries VALUES (4, 'Abc', '2025-01-01', 8), (5, 'ABD', '2025-01-01', 16);
INSERT INTO entries SELECT i, CASE i % 2 WHEN 0 THEN 'ABC' ELSE 'aBc' END, '2025-02-01', 1 FROM generate_series(11, 20) i;
UPDATE entries SET account = upper(account) WHERE id < 3;
BEGIN;
INSERT INTO entries VALUES (6, 'abC', '2025-03-01', 32);
INSERT INTO entries VALUES (7, 'AbC', '2025-03-01', 64);
COMMIT;
SELECT lower(account) AS account, history FROM histories ORDER BY 1;
SELECT count(*) <= 3 AS few FROM histories_parts WHERE account = 'ABC';
SELECT * FROM verify_duties('entries');
DELETE FROM entries WHERE account = 'abD';
SELECT fold_duties('entries') > 0 AS folded;
SELECT lower(account) AS account, history FROM histories ORDER BY 1;
SELECT * FROM verify_duties('entries');
SELECT rebuild_duties('entries');
DROP SCHEMA live_collation CASCADE;
