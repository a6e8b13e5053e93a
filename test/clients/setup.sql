-- The table every client is tried on: account N of one business has id N.
SET client_min_messages = warning;
DROP TABLE IF EXISTS entries;
CREATE TABLE entries
(
	id integer PRIMARY KEY,
	bn bn9,
	account program_account UNIQUE,
	accounts program_account[]
);
INSERT INTO entries (id, bn, account)
SELECT i, bn9 '123456782', program_account(bn9 '123456782', 'RM', i) FROM generate_series(1, 9999) i;
ANALYZE entries;
