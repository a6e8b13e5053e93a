-- The demo's questions.

\pset linestyle unicode
\pset border 1
\pset footer off
\pset numericlocale on
\pset null ''

\echo
\echo 'To keep Release Prior to Payment, each import account posts security: a bond of half its highest'
\echo 'month (at least 5,000 and at most 10,000,000), or all of that month in cash. The amount is set at'
\echo 'enrolment and by a review each year, of the twelve months to 19 October, to be met by 15 January.'
\echo 'Today is 2026-11-20, between the review and its due day. Is the broker''s portfolio covered today?'
\echo

\set ECHO queries
SELECT status, count(*) AS accounts, sum(shortfall_bond) AS "to add"
FROM reporting.security_positions
GROUP BY status
ORDER BY "to add" DESC, accounts;
\set ECHO none

\echo 'What did the review of 2026-10-19 find? (what is less than before lowers nothing)'
\echo

\set ECHO queries
SELECT finding, count(*) AS accounts, sum(required_bond_before) AS "bonds before", sum(required_bond) AS "bonds from 2027-01-15 on"
FROM reporting.review_findings
GROUP BY finding
ORDER BY accounts DESC;
\set ECHO none

\echo 'Who must still add most by 2027-01-15? (with what is posted for that day)'
\echo

\set ECHO queries
SELECT account, importer, required_bond AS required, posted_bond AS bond, posted_deposit AS cash, shortfall_bond AS "to add"
FROM reporting.review_top_ups
ORDER BY shortfall_bond DESC
LIMIT 8;
\set ECHO none

-- an account whose requirement fell short of a review, and rises on the due day
SELECT t.account AS shown, format('%s, %s: when was what required?', t.importer, t.account) AS title
FROM reporting.review_top_ups AS t
JOIN reporting.review_findings AS f USING (account)
WHERE f.finding = 'increase' AND t.posted_bond > 0 AND t.posted_deposit = 0
ORDER BY shortfall_bond DESC
LIMIT 1
\gset

\echo :title
\echo '(in force: what the CBSA asks for; rolling: half the highest of the last twelve months, a forecast of the next review)'
\echo

\set ECHO queries
SELECT to_char(month_to, 'YYYY-MM-DD') AS "month to", duties,
       repeat('█', (24 * duties / max(duties) OVER ())::integer) AS " ",
       f.required_bond AS "bond in force", t.required_bond AS rolling, CASE WHEN t.forecast THEN 'forecast' END AS " "
FROM reporting.security_timeline AS t
LEFT JOIN reporting.requirements_in_force AS f ON f.account = t.account AND t.month_to BETWEEN in_force_from AND in_force_to
WHERE t.account = :'shown' AND month_from >= '2025-10-20'
ORDER BY month_from;
\set ECHO none

\echo 'Whose reduction is worth a request? (in force well above the rolling figure; a review does not lower it)'
\echo

\set ECHO queries
SELECT account, importer, required_bond AS "in force", rolling_bond AS rolling, difference AS "less by"
FROM reporting.reduction_candidates
ORDER BY difference DESC
LIMIT 6;
\set ECHO none

\echo 'What is unpaid, and when is it due? (by stream; payments made ahead are taken off)'
\echo

\set ECHO queries
SELECT stream, billing_from, billing_to, statement_date AS statement, payment_due AS due, count(*) AS accounts, sum(duties) AS unpaid
FROM reporting.duties_unpaid
GROUP BY stream, billing_from, billing_to, statement_date, payment_due
ORDER BY stream, payment_due;
\set ECHO none

\echo 'What will the review of 2027-10-19 find, if the rest of its year is as last year?'
\echo

\set ECHO queries
SELECT scenario, sum(next_required_bond) AS "bonds it would ask for",
       count(*) FILTER (WHERE difference > 0) AS "accounts that must add", sum(difference) FILTER (WHERE difference > 0) AS "to add",
       sum(difference) FILTER (WHERE difference < 0) AS "or, with reductions"
FROM reporting.what_if
GROUP BY scenario
ORDER BY 2 DESC;
\set ECHO none

-- the account that may owe least more this month, and an entry of its highest
-- month to be corrected
SELECT p.account AS moved, d.transaction_number AS corrected,
	format('%s, %s, is covered, but not by much.', p.importer, p.account) AS title
FROM reporting.security_positions AS p
JOIN reporting.requirements_in_force AS f ON f.account = p.account AND f.today AND f.set_by = 'review' AND f.peak = f.reviewed_peak
JOIN declarations AS d ON d.account = p.account
WHERE p.status = 'covered' AND p.posted_deposit = 0 AND p.required_bond > 5000 AND d.is_last
	AND d.release_date BETWEEN f.peak_from AND f.peak_to AND p.posted_bond - p.required_bond < 2000 AND p.headroom > 20000
ORDER BY p.posted_bond - p.required_bond, d.total DESC
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
\echo 'A declaration of 5,250 for goods released today: so much less may still be owed until 19 December'
\echo 'before the next review asks for more than is posted.'
\echo
\set ECHO queries
INSERT INTO declarations (transaction_number, account, release_date, accounting_date, customs_duties, gst)
VALUES ('16742990000011', :'moved', '2026-11-20', '2026-11-20', 5000, 250);
EXECUTE position;
\set ECHO none
\echo 'A correction that adds 5,250 to the month that the requirement rests on: what is required rises at once.'
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

\echo 'One bond may stand for several accounts of a business, and never for more than its amount:'
\echo

\set ECHO queries
SELECT bond, importer, surety, amount, accounts, apportioned, left_over AS "left over"
FROM reporting.bond_register
WHERE bond = 'SB-060637782-1';
INSERT INTO bond_shares (bond, account, amount, term) VALUES ('SB-060637782-1', '060637782 RM 0002', 10500, '[2027-01-15,)');
\set ECHO none

\echo
\echo 'The portal''s transaction history, downloaded in English and in French, beside the declarations:'
\echo

\set ECHO queries
SELECT file, transaction_number AS transaction, portal, own, difference, finding
FROM reporting.portal_differences
ORDER BY file, transaction;
\set ECHO none

\echo 'Notices of the CBSA that ask for something else than we compute: which reading of the history comes nearest?'
\echo

\set ECHO queries
SELECT account, form, notified, computed, nearest_form AS "nearest: form", nearest_months AS months, nearest_to AS "up to", nearest, unexplained
FROM reporting.notices_explained
ORDER BY unexplained <> 0, abs(difference) DESC
LIMIT 5;
\set ECHO none

\echo 'The same from raw rows, without any view or live history, for both accounts of one business:'
\echo

\set ECHO queries
SELECT account,
       peak_monthly_duty(release_date, total, '2026-11-20') AS "highest calendar month",
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
INSERT INTO accounts (account, opened, enrolled) VALUES ('123456789 RM 0001', '2026-11-20', '2026-11-20');
\echo
INSERT INTO accounts (account, opened, enrolled) VALUES ('123456782 RT 0001', '2026-11-20', '2026-11-20');
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
\pset format aligned

\echo 'So this is what the broker has to do, all accounts together:'
\echo

SELECT CASE WHEN until = reporting.today() THEN 'today' ELSE coalesce(to_char(until, 'FMDD FMMonth YYYY'), 'any day') END AS "Until", task AS "What to do", count(DISTINCT account) AS "Accounts", sum(amount) AS "Dollars"
FROM reporting.worklist
GROUP BY urgency, until, task
ORDER BY worklist.until, urgency;
