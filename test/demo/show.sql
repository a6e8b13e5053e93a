-- The demo's questions.

\pset linestyle unicode
\pset border 1
\pset footer off
\pset numericlocale on
\pset null ''

\echo
\echo 'To keep Release Prior to Payment, each import account posts security: a bond of half its highest'
\echo 'month of the last twelve (at least 5,000 and at most 10,000,000), or all of that month in cash.'
\echo 'Today is 2026-11-20. Is the broker''s portfolio covered?'
\echo

\set ECHO queries
SELECT status, count(*) AS accounts, sum(shortfall_bond) AS "to add"
FROM reporting.security_positions
GROUP BY status
ORDER BY "to add" DESC;
\set ECHO none

\echo 'Who must add most? (peak: the month that decides it)'
\echo

\set ECHO queries
SELECT account, importer, to_char(peak_from, 'YYYY-MM') AS peak, required_bond AS required,
       posted_bond AS bond, posted_deposit AS cash, shortfall_bond AS "to add"
FROM reporting.security_positions
ORDER BY shortfall_bond DESC
LIMIT 10;
\set ECHO none

-- the third of them: the first is above the maximum, the second is new
SELECT account AS shown, format('%s, %s: which months made it so, and when will it pass?', importer, account) AS title
FROM reporting.security_positions
ORDER BY shortfall_bond DESC
OFFSET 2
LIMIT 1
\gset

\echo :title
\echo '(each row: what the twelve months up to it require; forecast: if nothing more is imported from today on)'
\echo

\set ECHO queries
SELECT to_char(month_from, 'YYYY-MM') AS month, duties,
       repeat('█', (24 * duties / max(duties) OVER ())::integer) AS " ",
       peak AS "highest of 12", required_bond AS "bond required", CASE WHEN forecast THEN 'forecast' END AS " "
FROM reporting.security_timeline
WHERE account = :'shown' AND month_from >= '2025-11-01'
ORDER BY month;
\set ECHO none

-- the account that may owe least more this month, and an entry of its highest
-- month to be corrected
SELECT p.account AS moved, d.transaction_number AS corrected,
	format('%s, %s, is covered, but not by much.', p.importer, p.account) AS title
FROM reporting.security_positions AS p
JOIN declarations AS d ON d.account = p.account
WHERE p.status = 'covered' AND p.posted_deposit = 0 AND p.required_bond > 5000 AND d.is_last
	AND d.release_date BETWEEN p.peak_from AND p.peak_to
ORDER BY p.headroom, d.total DESC
LIMIT 1
\gset

\echo :title
\echo 'The declarations are tracked, so what is entered moves the position in the same transaction:'
\echo

\set ECHO queries
PREPARE position AS
SELECT status, peak, required_bond AS required, posted_bond AS bond, shortfall_bond AS "to add",
       current_duties AS "this month", headroom AS "may still owe"
FROM reporting.security_positions
WHERE account = :'moved';

BEGIN;
EXECUTE position;
\set ECHO none
\echo 'A declaration of 5,250 for goods released today: so much less may still be owed this month.'
\echo
\set ECHO queries
INSERT INTO declarations (transaction_number, account, release_date, accounting_date, customs_duties, gst)
VALUES ('16742990000011', :'moved', '2026-11-20', '2026-11-20', 5000, 250);
EXECUTE position;
\set ECHO none
\echo 'A correction that adds 5,250 to the highest month: the bond is short at once.'
\echo
\set ECHO queries
INSERT INTO declarations (transaction_number, version, account, release_date, accounting_date,
                          customs_duties, excise, gst, anti_dumping, countervailing, surtax)
SELECT transaction_number, version + 1, account, release_date, '2026-11-20',
       customs_duties + 5000, excise, gst + 250, anti_dumping, countervailing, surtax
FROM declarations
WHERE transaction_number = :'corrected' AND is_last;
EXECUTE position;
ROLLBACK;
EXECUTE position;
\set ECHO none

\echo 'The same from raw rows, without any view or live history, for both accounts of one business:'
\echo

\set ECHO queries
SELECT account,
       peak_monthly_duty(release_date, total, '2026-11-20') AS peak,
       required_bond(release_date, total, '2026-11-20')     AS bond,
       required_deposit(release_date, total, '2026-11-20')  AS "or deposit"
FROM declarations
WHERE is_last AND account <@ '060138955'::bn9
GROUP BY account
ORDER BY account;
\set ECHO none

\echo 'What a wrong number gets:'
\echo

\set ECHO queries
INSERT INTO accounts (account, opened) VALUES ('123456789 RM 0001', '2026-11-20');
\echo
INSERT INTO accounts (account, opened) VALUES ('123456782 RT 0001', '2026-11-20');
\echo
SELECT '123456782RM0001'::bn9;
\set ECHO none

\echo
\echo 'And a staging table, without failing:'
\echo

\pset format wrapped
\pset columns 100
\set ECHO queries
SELECT raw, bn9_error(raw) AS "what is wrong"
FROM (VALUES ('123 456 782'), ('12345678'), ('857305932.0'), ('000000000'), ('1234S6782')) AS staging (raw);
\set ECHO none
