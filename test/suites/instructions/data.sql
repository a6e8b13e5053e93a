CREATE EXTENSION carm;

-- a business number's check digit, by the Luhn rule
CREATE FUNCTION number_of(i integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT s || (10 - sum(CASE WHEN k % 2 = 0 THEN d / 5 + d * 2 % 10 ELSE d END) % 10) % 10
	FROM to_char(10000000 + i * 79193, 'FM00000000') s, generate_series(1, 8) k, LATERAL (SELECT substr(s, k, 1)::integer) v (d)
	GROUP BY s
$$;

-- 20,000 rows of 60 accounts and three years, in an order unlike either
CREATE TABLE entries AS
SELECT (number_of(i * 37 % 20) || 'RM' || to_char(1 + i % 3, 'FM0000'))::program_account AS account,
	date '2023-01-01' + i * 7919 % 1096 AS dated,
	((i * 10472::bigint % 900001 - 50000) / 100.0)::numeric(14,2) AS amount,
	number_of(i * 37 % 20)::bn9 AS number
FROM generate_series(1, 20000) i;

CREATE TABLE histories AS
SELECT account, history, 12000::numeric(14,2) AS bond
FROM (SELECT account, duty_history(dated, amount) AS history FROM entries GROUP BY account) h, generate_series(1, 20);

CREATE TABLE numbers (number bn9);

CREATE TABLE accounts (account program_account);

CREATE TABLE tracked (account program_account, dated date, amount numeric(14,2));

SELECT track_duties('tracked', 'account', 'dated', 'amount', 'live');

INSERT INTO tracked SELECT account, dated, amount FROM entries;

SELECT fold_duties('tracked');

COPY (SELECT number FROM entries) TO :'numbers';

COPY (SELECT account FROM entries) TO :'accounts';

COPY (SELECT left(account::text, 9) || ' RM ' || right(account::text, 4) FROM entries) TO :'written';

VACUUM (FREEZE, ANALYZE);

