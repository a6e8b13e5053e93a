-- The demo's questions.

\pset linestyle unicode
\pset border 1
\pset footer off
\pset numericlocale on
\pset null ''

\echo
\echo 'Who must add security, and how much? Today is 2025-11-14.'
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
\echo

\set ECHO queries
SELECT to_char(month_from, 'YYYY-MM') AS month, duties,
       repeat('█', (24 * duties / max(duties) OVER ())::integer) AS " ",
       peak, required_bond AS required, CASE WHEN forecast THEN 'forecast' END AS " "
FROM reporting.security_timeline
WHERE account = :'shown' AND month_from >= '2024-11-01'
ORDER BY month;
\set ECHO none

\echo 'The same from raw rows, without any view:'
\echo

\set ECHO queries
SELECT account,
       peak_monthly_duty(release_date, total, '2025-11-14') AS peak,
       required_bond(release_date, total, '2025-11-14')     AS bond,
       required_deposit(release_date, total, '2025-11-14')  AS deposit
FROM declarations
WHERE is_last AND account <@ '060138955'::bn9
GROUP BY account;
\set ECHO none

\echo 'What a wrong number gets:'
\echo

\set ECHO queries
INSERT INTO accounts (account, opened) VALUES ('123456789 RM 0001', '2025-11-14');
\echo
INSERT INTO accounts (account, opened) VALUES ('123456782 RT 0001', '2025-11-14');
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
