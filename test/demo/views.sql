-- What the broker reads. Every number is given as text and every period as two
-- days, so that any program that knows PostgreSQL's own types can show them.
-- What is owed is read from the live histories, whatever the number of
-- declarations.

CREATE SCHEMA reporting;
COMMENT ON SCHEMA reporting IS 'Views for people and their tools';

-- The sample data end here. In production: current_date.
CREATE FUNCTION reporting.today() RETURNS date
LANGUAGE sql STABLE
RETURN date '2026-11-20';

COMMENT ON FUNCTION reporting.today() IS 'The day the views speak of';

-- What stands as security today, one row an account.
CREATE VIEW posted_securities AS
SELECT a.account,
	coalesce(sum(s.amount) FILTER (WHERE s.form = 'surety_bond'), 0) AS bond,
	coalesce(sum(s.amount) FILTER (WHERE s.form = 'cash_deposit'), 0) AS deposit
FROM accounts AS a
LEFT JOIN securities AS s ON s.account = a.account AND s.term @> reporting.today()
GROUP BY a.account;

COMMENT ON VIEW posted_securities IS 'Security in force today';
COMMENT ON COLUMN posted_securities.account IS 'Program account';
COMMENT ON COLUMN posted_securities.bond IS 'Surety bonds, in dollars';
COMMENT ON COLUMN posted_securities.deposit IS 'Cash deposits, in dollars';

-- Are we covered?
CREATE VIEW reporting.security_positions AS
SELECT a.account::text AS account,
	a.number::text AS business_number,
	i.name AS importer,
	p.status,
	p.peak,
	lower(p.peak_period) AS peak_from,
	upper(p.peak_period) - 1 AS peak_to,
	p.required_bond,
	p.required_deposit,
	p.posted_bond,
	p.posted_deposit,
	p.shortfall_bond,
	p.shortfall_deposit,
	p.months_of_history,
	p.estimated,
	p.current_duties,
	p.headroom
FROM accounts AS a
JOIN importers AS i USING (number)
JOIN posted_securities AS s USING (account)
LEFT JOIN duty_histories AS h USING (account)
CROSS JOIN LATERAL security_position(h.history, s.bond, s.deposit,
	as_of => reporting.today(), projected_monthly => a.projected_monthly) AS p;

COMMENT ON VIEW reporting.security_positions IS 'Security required, posted and missing today, one row an account';
COMMENT ON COLUMN reporting.security_positions.account IS 'Program account';
COMMENT ON COLUMN reporting.security_positions.business_number IS 'Business number';
COMMENT ON COLUMN reporting.security_positions.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.security_positions.status IS 'none required, covered, short or none posted';
COMMENT ON COLUMN reporting.security_positions.peak IS 'Highest calendar month of the last twelve, in dollars';
COMMENT ON COLUMN reporting.security_positions.peak_from IS 'First day of that month';
COMMENT ON COLUMN reporting.security_positions.peak_to IS 'Last day of that month';
COMMENT ON COLUMN reporting.security_positions.required_bond IS 'Bond required if all is bond, in dollars';
COMMENT ON COLUMN reporting.security_positions.required_deposit IS 'Deposit required if all is cash, in dollars';
COMMENT ON COLUMN reporting.security_positions.posted_bond IS 'Bond in force, in dollars';
COMMENT ON COLUMN reporting.security_positions.posted_deposit IS 'Deposit in force, in dollars';
COMMENT ON COLUMN reporting.security_positions.shortfall_bond IS 'Rider that covers what is missing, in dollars';
COMMENT ON COLUMN reporting.security_positions.shortfall_deposit IS 'Cash that covers what is missing, in dollars';
COMMENT ON COLUMN reporting.security_positions.months_of_history IS 'Whole months since the first declaration, at most twelve';
COMMENT ON COLUMN reporting.security_positions.estimated IS 'Does it rest on a projection?';
COMMENT ON COLUMN reporting.security_positions.current_duties IS 'Owed so far this month, in dollars';
COMMENT ON COLUMN reporting.security_positions.headroom IS 'What may still be owed this month before more security is needed, in dollars';

-- When does it change? With a forecast: what is required if nothing more is
-- imported.
CREATE VIEW reporting.security_timeline AS
SELECT h.account::text AS account,
	lower(t.period) AS month_from,
	upper(t.period) - 1 AS month_to,
	upper(t.period) - 1 > reporting.today() AS forecast,
	t.duties,
	t.peak,
	t.required_bond,
	t.required_deposit
FROM duty_histories AS h
CROSS JOIN LATERAL security_timeline(h.history) AS t;

COMMENT ON VIEW reporting.security_timeline IS 'Each account''s months, and what the twelve up to each require';
COMMENT ON COLUMN reporting.security_timeline.account IS 'Program account';
COMMENT ON COLUMN reporting.security_timeline.month_from IS 'First day of the month';
COMMENT ON COLUMN reporting.security_timeline.month_to IS 'Last day of the month';
COMMENT ON COLUMN reporting.security_timeline.forecast IS 'Is the month not over yet?';
COMMENT ON COLUMN reporting.security_timeline.duties IS 'Owed in the month, in dollars';
COMMENT ON COLUMN reporting.security_timeline.peak IS 'Highest of the twelve months up to this one, in dollars';
COMMENT ON COLUMN reporting.security_timeline.required_bond IS 'Bond required after this month, in dollars';
COMMENT ON COLUMN reporting.security_timeline.required_deposit IS 'Deposit required after this month, in dollars';

-- What is to be paid, and when? The kinds of duties are told apart, which a
-- history doesn't do: this one reads the declarations.
CREATE VIEW reporting.statements_of_account AS
SELECT d.account::text AS account,
	d.billing_from,
	upper(billing_period(d.billing_from)) - 1 AS billing_to,
	statement_date(d.billing_from) AS statement_date,
	payment_due(d.billing_from) AS payment_due,
	d.declarations,
	d.customs_duties,
	d.excise,
	d.gst,
	d.sima,
	d.surtax,
	d.total
FROM (SELECT account, lower(billing_period(release_date)) AS billing_from,
		count(*) AS declarations,
		sum(customs_duties) AS customs_duties,
		sum(excise) AS excise,
		sum(gst) AS gst,
		sum(anti_dumping + countervailing) AS sima,
		sum(surtax) AS surtax,
		sum(total) AS total
	  FROM declarations
	  WHERE is_last
	  GROUP BY account, billing_from) AS d;

COMMENT ON VIEW reporting.statements_of_account IS 'What each billing period (18th to 17th) owes, and when it is due';
COMMENT ON COLUMN reporting.statements_of_account.account IS 'Program account';
COMMENT ON COLUMN reporting.statements_of_account.billing_from IS 'First day of the billing period';
COMMENT ON COLUMN reporting.statements_of_account.billing_to IS 'Last day of the billing period';
COMMENT ON COLUMN reporting.statements_of_account.statement_date IS 'Day the statement is issued';
COMMENT ON COLUMN reporting.statements_of_account.payment_due IS 'Last day to pay';
COMMENT ON COLUMN reporting.statements_of_account.declarations IS 'Number of declarations';
COMMENT ON COLUMN reporting.statements_of_account.customs_duties IS 'Customs duties, in dollars';
COMMENT ON COLUMN reporting.statements_of_account.excise IS 'Excise duties and taxes, in dollars';
COMMENT ON COLUMN reporting.statements_of_account.gst IS 'Goods and services tax, in dollars';
COMMENT ON COLUMN reporting.statements_of_account.sima IS 'Anti-dumping and countervailing duties, in dollars';
COMMENT ON COLUMN reporting.statements_of_account.surtax IS 'Surtaxes and safeguards, in dollars';
COMMENT ON COLUMN reporting.statements_of_account.total IS 'All of it, in dollars; negative: a credit';

-- Who must top up after the annual review that closed last?
CREATE VIEW reporting.review_top_ups AS
SELECT a.account::text AS account,
	i.name AS importer,
	review.closed AS review_closed,
	review_due(review.closed) AS top_up_due,
	p.peak,
	lower(p.peak_period) AS peak_from,
	upper(p.peak_period) - 1 AS peak_to,
	p.required_bond,
	p.posted_bond,
	p.posted_deposit,
	p.shortfall_bond,
	p.shortfall_deposit
FROM (SELECT lower(review_period(reporting.today())) - 1 AS closed) AS review
CROSS JOIN accounts AS a
JOIN importers AS i USING (number)
JOIN posted_securities AS s USING (account)
LEFT JOIN duty_histories AS h USING (account)
CROSS JOIN LATERAL security_position(h.history, s.bond, s.deposit,
	as_of => review.closed, basis => 'review', projected_monthly => a.projected_monthly) AS p
WHERE p.shortfall_bond > 0;

COMMENT ON VIEW reporting.review_top_ups IS 'Accounts that must add security after the last annual review (20 October to 19 October)';
COMMENT ON COLUMN reporting.review_top_ups.account IS 'Program account';
COMMENT ON COLUMN reporting.review_top_ups.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.review_top_ups.review_closed IS 'Last day of the year reviewed';
COMMENT ON COLUMN reporting.review_top_ups.top_up_due IS 'Last day to add security';
COMMENT ON COLUMN reporting.review_top_ups.peak IS 'Highest month (20th to 19th) of that year, in dollars';
COMMENT ON COLUMN reporting.review_top_ups.peak_from IS 'First day of that month';
COMMENT ON COLUMN reporting.review_top_ups.peak_to IS 'Last day of that month';
COMMENT ON COLUMN reporting.review_top_ups.required_bond IS 'Bond required if all is bond, in dollars';
COMMENT ON COLUMN reporting.review_top_ups.posted_bond IS 'Bond in force, in dollars';
COMMENT ON COLUMN reporting.review_top_ups.posted_deposit IS 'Deposit in force, in dollars';
COMMENT ON COLUMN reporting.review_top_ups.shortfall_bond IS 'Rider that covers what is missing, in dollars';
COMMENT ON COLUMN reporting.review_top_ups.shortfall_deposit IS 'Cash that covers what is missing, in dollars';

-- What the broker may act for, account by account.
CREATE VIEW reporting.delegated_accounts AS
SELECT a.account::text AS account,
	i.name AS importer,
	CASE WHEN d.account IS NULL THEN 'business' ELSE 'account' END AS delegated,
	lower(d.term) AS since,
	upper(d.term) - 1 AS until,
	d.term @> reporting.today() AS in_force
FROM delegations AS d
JOIN accounts AS a ON a.account <@ d.number OR a.account = d.account
JOIN importers AS i ON i.number = a.number;

COMMENT ON VIEW reporting.delegated_accounts IS 'Delegations, one row for each account they reach';
COMMENT ON COLUMN reporting.delegated_accounts.account IS 'Program account';
COMMENT ON COLUMN reporting.delegated_accounts.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.delegated_accounts.delegated IS 'The whole business, or this account alone';
COMMENT ON COLUMN reporting.delegated_accounts.since IS 'First day';
COMMENT ON COLUMN reporting.delegated_accounts.until IS 'Last day; null: until withdrawn';
COMMENT ON COLUMN reporting.delegated_accounts.in_force IS 'May we act today?';

-- Is everything in place for release before payment?
CREATE VIEW reporting.registration_checklist AS
SELECT p.account,
	p.business_number,
	p.importer,
	i.registered_name,
	c.name_differences,
	p.status AS security,
	c.delegated,
	c.name_differences IS NULL AND p.status IN ('covered', 'none required') AND c.delegated AS ready
FROM reporting.security_positions AS p
JOIN importers AS i ON i.number = p.business_number
CROSS JOIN LATERAL (
	SELECT nullif(array_to_string(legal_name_differences(i.name, i.registered_name), ', '), '') AS name_differences,
		EXISTS (SELECT FROM reporting.delegated_accounts AS d
				WHERE d.account = p.account AND d.in_force) AS delegated) AS c;

COMMENT ON VIEW reporting.registration_checklist IS 'What each account still lacks for release prior to payment';
COMMENT ON COLUMN reporting.registration_checklist.account IS 'Program account';
COMMENT ON COLUMN reporting.registration_checklist.business_number IS 'Business number';
COMMENT ON COLUMN reporting.registration_checklist.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.registration_checklist.registered_name IS 'Legal name on file';
COMMENT ON COLUMN reporting.registration_checklist.name_differences IS 'How it differs from the name on file; null: it does not';
COMMENT ON COLUMN reporting.registration_checklist.security IS 'none required, covered, short or none posted';
COMMENT ON COLUMN reporting.registration_checklist.delegated IS 'May we act for the account?';
COMMENT ON COLUMN reporting.registration_checklist.ready IS 'Is nothing missing?';

-- The portfolio, by business.
CREATE VIEW reporting.portfolio_totals AS
SELECT p.business_number,
	p.importer,
	count(*) AS accounts,
	count(*) FILTER (WHERE p.status IN ('short', 'none posted')) AS accounts_short,
	coalesce(sum(y.duties), 0) AS duties_of_last_year,
	sum(p.required_bond) AS required_bond,
	sum(p.posted_bond) AS posted_bond,
	sum(p.posted_deposit) AS posted_deposit,
	sum(p.shortfall_bond) AS shortfall_bond
FROM reporting.security_positions AS p
LEFT JOIN (SELECT h.account::text AS account,
			total_duties(h.history, (month - interval '1 year')::date, month - 1) AS duties
		   FROM duty_histories AS h,
				LATERAL (SELECT lower(duty_period(reporting.today())) AS month) AS this) AS y USING (account)
GROUP BY p.business_number, p.importer;

COMMENT ON VIEW reporting.portfolio_totals IS 'Totals by business; security is required account by account, so the sums are of its accounts';
COMMENT ON COLUMN reporting.portfolio_totals.business_number IS 'Business number';
COMMENT ON COLUMN reporting.portfolio_totals.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.portfolio_totals.accounts IS 'Number of its accounts';
COMMENT ON COLUMN reporting.portfolio_totals.accounts_short IS 'Those that must add security';
COMMENT ON COLUMN reporting.portfolio_totals.duties_of_last_year IS 'Owed in the twelve whole months before this one, in dollars';
COMMENT ON COLUMN reporting.portfolio_totals.required_bond IS 'Bonds required if all is bond, in dollars';
COMMENT ON COLUMN reporting.portfolio_totals.posted_bond IS 'Bonds in force, in dollars';
COMMENT ON COLUMN reporting.portfolio_totals.posted_deposit IS 'Deposits in force, in dollars';
COMMENT ON COLUMN reporting.portfolio_totals.shortfall_bond IS 'Riders that cover what is missing, in dollars';

-- How are the bonds apportioned, and until when may claims come?
CREATE VIEW reporting.bonds AS
SELECT b.bond,
	b.number::text AS business_number,
	i.name AS importer,
	b.surety,
	b.since,
	b.ends,
	b.claims_until,
	b.replaces,
	b.term @> reporting.today() AS in_force,
	b.amount + coalesce(r.change, 0) AS amount,
	coalesce(s.accounts, 0) AS accounts,
	coalesce(s.amount, 0) AS apportioned,
	b.amount + coalesce(r.change, 0) - coalesce(s.amount, 0) AS left_over
FROM bonds AS b
JOIN importers AS i USING (number)
LEFT JOIN (SELECT bond, sum(change) AS change FROM bond_riders WHERE effective <= reporting.today() GROUP BY bond) AS r USING (bond)
LEFT JOIN (SELECT bond, count(DISTINCT account) AS accounts, sum(amount) AS amount FROM bond_shares WHERE term @> reporting.today() GROUP BY bond) AS s USING (bond);

COMMENT ON VIEW reporting.bonds IS 'Surety bonds: their amount today, what of it stands for accounts, and until when claims may come';
COMMENT ON COLUMN reporting.bonds.bond IS 'Number of the bond';
COMMENT ON COLUMN reporting.bonds.business_number IS 'Business number of its principal';
COMMENT ON COLUMN reporting.bonds.importer IS 'Legal name as entered';
COMMENT ON COLUMN reporting.bonds.surety IS 'Who stands surety';
COMMENT ON COLUMN reporting.bonds.since IS 'First day in force';
COMMENT ON COLUMN reporting.bonds.ends IS 'Last day in force; null: until cancelled, with 30 days'' notice';
COMMENT ON COLUMN reporting.bonds.claims_until IS 'Last day for claims, for debts of the days in force; null: no end is known';
COMMENT ON COLUMN reporting.bonds.replaces IS 'The bond that it took the place of';
COMMENT ON COLUMN reporting.bonds.in_force IS 'Is it in force today?';
COMMENT ON COLUMN reporting.bonds.amount IS 'Amount today, with its riders, in dollars';
COMMENT ON COLUMN reporting.bonds.accounts IS 'Number of accounts it is apportioned over';
COMMENT ON COLUMN reporting.bonds.apportioned IS 'What stands for these accounts today, in dollars';
COMMENT ON COLUMN reporting.bonds.left_over IS 'What of it stands for no account yet, in dollars';

-- What does a file of the portal say? Lines that are no transaction keep their
-- place, with the cause why.
CREATE VIEW reporting.portal_transactions AS
SELECT file,
	line,
	account::text AS account,
	CASE WHEN date_error IS NULL THEN portal_date(transaction_date) END AS transaction_date,
	CASE WHEN transaction_type ~* '^(commercial accounting declaration|déclaration en détail|correction)' THEN 'declaration'
		 WHEN transaction_type ~* '^(payment|paiement)' THEN 'payment'
		 WHEN transaction_type ~* '^(interest|intérêts)' THEN 'interest'
		 ELSE 'other' END AS kind,
	transaction_number,
	CASE WHEN amount_error IS NULL THEN portal_amount(amount) END AS amount,
	coalesce(date_error, amount_error) AS cause
FROM portal_lines,
	LATERAL (SELECT portal_date_error(transaction_date) AS date_error, portal_amount_error(amount) AS amount_error) AS e;

COMMENT ON VIEW reporting.portal_transactions IS 'Lines of the portal''s files, dates and amounts read from English or French';
COMMENT ON COLUMN reporting.portal_transactions.file IS 'Name of the file';
COMMENT ON COLUMN reporting.portal_transactions.line IS 'Number of the line, in order of loading';
COMMENT ON COLUMN reporting.portal_transactions.account IS 'Program account that the file was downloaded for';
COMMENT ON COLUMN reporting.portal_transactions.transaction_date IS 'Day of the transaction';
COMMENT ON COLUMN reporting.portal_transactions.kind IS 'declaration (with its corrections), payment, interest or other';
COMMENT ON COLUMN reporting.portal_transactions.transaction_number IS 'Transaction number, or the payment''s';
COMMENT ON COLUMN reporting.portal_transactions.amount IS 'Amount, in dollars; payments and credits are negative';
COMMENT ON COLUMN reporting.portal_transactions.cause IS 'Why a date or an amount can''t be read; null: it can';

-- Do the portal's declarations agree with ours, over the days that the file spans?
CREATE VIEW reporting.portal_differences AS
SELECT f.file,
	f.account,
	t.transaction_number,
	t.portal,
	t.own,
	coalesce(t.portal, 0) - coalesce(t.own, 0) AS difference,
	CASE WHEN t.own IS NULL THEN 'not in our declarations'
		 WHEN t.portal IS NULL THEN 'not in the file'
		 WHEN t.portal = t.own THEN 'the same'
		 ELSE 'amounts differ' END AS finding
FROM (SELECT file, account, min(transaction_date) AS first_day, max(transaction_date) AS last_day
	  FROM reporting.portal_transactions GROUP BY file, account) AS f,
	LATERAL (
		SELECT transaction_number, p.amount AS portal, d.total AS own
		FROM (SELECT transaction_number, sum(amount) AS amount FROM reporting.portal_transactions
			  WHERE file = f.file AND kind = 'declaration' GROUP BY transaction_number) AS p
		FULL JOIN (SELECT transaction_number, total FROM declarations
				   WHERE is_last AND account = f.account AND release_date BETWEEN f.first_day AND f.last_day) AS d USING (transaction_number)
	) AS t;

COMMENT ON VIEW reporting.portal_differences IS 'Declarations in the portal''s files beside ours, one row a transaction number';
COMMENT ON COLUMN reporting.portal_differences.file IS 'Name of the file';
COMMENT ON COLUMN reporting.portal_differences.account IS 'Program account';
COMMENT ON COLUMN reporting.portal_differences.transaction_number IS 'Transaction number';
COMMENT ON COLUMN reporting.portal_differences.portal IS 'What the file says, with corrections, in dollars';
COMMENT ON COLUMN reporting.portal_differences.own IS 'What our last version says, in dollars';
COMMENT ON COLUMN reporting.portal_differences.difference IS 'The portal''s less ours, in dollars';
COMMENT ON COLUMN reporting.portal_differences.finding IS 'the same, amounts differ, not in our declarations, or not in the file';
