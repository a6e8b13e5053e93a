-- What the broker's office works by: delegations, the checklist, the portfolio,
-- the bonds, the portal's files, and what there is to do. See views.sql.

-- What the broker may act for, account by account.
CREATE VIEW reporting.delegated_accounts AS
SELECT a.account::text AS account,
	i.name AS importer,
	d.delegated,
	lower(d.term) AS since,
	upper(d.term) - 1 AS until,
	d.term @> reporting.today() AS in_force
FROM accounts AS a
JOIN importers AS i USING (number)
CROSS JOIN LATERAL (SELECT 'business', term FROM delegations WHERE number = a.number
					UNION ALL
					SELECT 'account', term FROM delegations WHERE account = a.account) AS d (delegated, term);

COMMENT ON VIEW reporting.delegated_accounts IS 'Delegations, one row for each account they reach / Délégations, une ligne pour chaque compte visé';
COMMENT ON COLUMN reporting.delegated_accounts.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.delegated_accounts.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.delegated_accounts.delegated IS 'The whole business, or this account alone / Toute l''entreprise, ou ce seul compte';
COMMENT ON COLUMN reporting.delegated_accounts.since IS 'First day / Premier jour';
COMMENT ON COLUMN reporting.delegated_accounts.until IS 'Last day; null: until withdrawn / Dernier jour; null : jusqu''à révocation';
COMMENT ON COLUMN reporting.delegated_accounts.in_force IS 'May we act today? / Pouvons-nous agir aujourd''hui?';

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

COMMENT ON VIEW reporting.registration_checklist IS 'What each account still lacks for release prior to payment / Ce qui manque encore à chaque compte pour la mainlevée avant paiement';
COMMENT ON COLUMN reporting.registration_checklist.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.registration_checklist.business_number IS 'Business number / Numéro d''entreprise';
COMMENT ON COLUMN reporting.registration_checklist.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.registration_checklist.registered_name IS 'Legal name on file / Dénomination sociale au dossier';
COMMENT ON COLUMN reporting.registration_checklist.name_differences IS 'How it differs from the name on file; null: it does not / En quoi elle diffère de celle au dossier; null : elle n''en diffère pas';
COMMENT ON COLUMN reporting.registration_checklist.security IS 'none required, covered, short or none posted / none required (rien d''exigé), covered (couvert), short (insuffisant) ou none posted (rien de fourni)';
COMMENT ON COLUMN reporting.registration_checklist.delegated IS 'May we act for the account? / Pouvons-nous agir pour le compte?';
COMMENT ON COLUMN reporting.registration_checklist.ready IS 'Is nothing missing? / Ne manque-t-il rien?';

-- The portfolio, by business.
CREATE VIEW reporting.portfolio_totals AS
SELECT p.business_number,
	p.importer,
	count(*) AS accounts,
	count(*) FILTER (WHERE p.status IN ('short', 'none posted')) AS accounts_short,
	sum(p.rolling_duties) AS duties_of_last_year,
	sum(p.required_bond) AS required_bond,
	sum(p.posted_bond) AS posted_bond,
	sum(p.posted_deposit) AS posted_deposit,
	sum(p.shortfall_bond) AS shortfall_bond
FROM reporting.security_positions AS p
GROUP BY p.business_number, p.importer;

COMMENT ON VIEW reporting.portfolio_totals IS 'Totals by business; security is required account by account, so the sums are of its accounts / Totaux par entreprise; la garantie est exigée compte par compte : ce sont donc les sommes de ses comptes';
COMMENT ON COLUMN reporting.portfolio_totals.business_number IS 'Business number / Numéro d''entreprise';
COMMENT ON COLUMN reporting.portfolio_totals.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.portfolio_totals.accounts IS 'Number of its accounts / Nombre de ses comptes';
COMMENT ON COLUMN reporting.portfolio_totals.accounts_short IS 'Those that must add security / Ceux qui doivent ajouter une garantie';
COMMENT ON COLUMN reporting.portfolio_totals.duties_of_last_year IS 'Owed in the twelve months (20th to 19th) before this one, in dollars / Montant dû pour les douze mois (du 20 au 19) avant celui-ci, en dollars';
COMMENT ON COLUMN reporting.portfolio_totals.required_bond IS 'Bonds required today if all is bond, in dollars / Cautionnements exigés aujourd''hui si tout est en cautionnement, en dollars';
COMMENT ON COLUMN reporting.portfolio_totals.posted_bond IS 'Bonds in force, in dollars / Cautionnements en vigueur, en dollars';
COMMENT ON COLUMN reporting.portfolio_totals.posted_deposit IS 'Deposits in force, in dollars / Dépôts en vigueur, en dollars';
COMMENT ON COLUMN reporting.portfolio_totals.shortfall_bond IS 'Riders that cover what is missing, in dollars / Avenants qui couvrent ce qui manque, en dollars';

-- How are the bonds apportioned, and until when may claims come?
CREATE VIEW reporting.bond_register AS
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
CROSS JOIN LATERAL (SELECT sum(change) AS change FROM bond_riders AS q WHERE q.bond = b.bond AND effective <= reporting.today()) AS r
CROSS JOIN LATERAL (SELECT count(DISTINCT account) AS accounts, sum(amount) AS amount FROM bond_shares AS q WHERE q.bond = b.bond AND term @> reporting.today()) AS s;

COMMENT ON VIEW reporting.bond_register IS 'Surety bonds: their amount today, what of it stands for accounts, and until when claims may come / Cautionnements : leur montant aujourd''hui, la part affectée aux comptes et la date limite des réclamations';
COMMENT ON COLUMN reporting.bond_register.bond IS 'Number of the bond / Numéro du cautionnement';
COMMENT ON COLUMN reporting.bond_register.business_number IS 'Business number of its principal / Numéro d''entreprise du débiteur principal';
COMMENT ON COLUMN reporting.bond_register.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.bond_register.surety IS 'Who stands surety / La caution';
COMMENT ON COLUMN reporting.bond_register.since IS 'First day in force / Premier jour en vigueur';
COMMENT ON COLUMN reporting.bond_register.ends IS 'Last day in force; null: until cancelled, with 30 days'' notice / Dernier jour en vigueur; null : jusqu''à résiliation, avec un préavis de 30 jours';
COMMENT ON COLUMN reporting.bond_register.claims_until IS 'Last day for claims, for debts of the days in force; null: no end is known / Dernier jour des réclamations, pour les dettes des jours en vigueur; null : aucune fin connue';
COMMENT ON COLUMN reporting.bond_register.replaces IS 'The bond that it took the place of / Le cautionnement qu''il a remplacé';
COMMENT ON COLUMN reporting.bond_register.in_force IS 'Is it in force today? / Est-il en vigueur aujourd''hui?';
COMMENT ON COLUMN reporting.bond_register.amount IS 'Amount today, with its riders, in dollars / Montant aujourd''hui, avec ses avenants, en dollars';
COMMENT ON COLUMN reporting.bond_register.accounts IS 'Number of accounts it is apportioned over / Nombre de comptes entre lesquels il est réparti';
COMMENT ON COLUMN reporting.bond_register.apportioned IS 'What stands for these accounts today, in dollars / Part affectée à ces comptes aujourd''hui, en dollars';
COMMENT ON COLUMN reporting.bond_register.left_over IS 'What of it stands for no account yet, in dollars / Part qui n''est encore affectée à aucun compte, en dollars';

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

COMMENT ON VIEW reporting.portal_transactions IS 'Lines of the portal''s files, dates and amounts read from English or French / Lignes des fichiers du portail, dates et montants lus de l''anglais ou du français';
COMMENT ON COLUMN reporting.portal_transactions.file IS 'Name of the file / Nom du fichier';
COMMENT ON COLUMN reporting.portal_transactions.line IS 'Number of the line, in order of loading / Numéro de la ligne, dans l''ordre de chargement';
COMMENT ON COLUMN reporting.portal_transactions.account IS 'Program account that the file was downloaded for / Compte de programme pour lequel le fichier a été téléchargé';
COMMENT ON COLUMN reporting.portal_transactions.transaction_date IS 'Day of the transaction / Jour de la transaction';
COMMENT ON COLUMN reporting.portal_transactions.kind IS 'declaration (with its corrections), payment, interest or other / declaration (déclaration et ses corrections), payment (paiement), interest (intérêts) ou other (autre)';
COMMENT ON COLUMN reporting.portal_transactions.transaction_number IS 'Transaction number, or the payment''s / Numéro de transaction, ou celui du paiement';
COMMENT ON COLUMN reporting.portal_transactions.amount IS 'Amount, in dollars; payments and credits are negative / Montant, en dollars; les paiements et les crédits sont négatifs';
COMMENT ON COLUMN reporting.portal_transactions.cause IS 'Why a date or an amount can''t be read; null: it can / Pourquoi une date ou un montant est illisible; null : les deux sont lisibles';

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

COMMENT ON VIEW reporting.portal_differences IS 'Declarations in the portal''s files beside ours, one row a transaction number / Déclarations des fichiers du portail à côté des nôtres, une ligne par numéro de transaction';
COMMENT ON COLUMN reporting.portal_differences.file IS 'Name of the file / Nom du fichier';
COMMENT ON COLUMN reporting.portal_differences.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.portal_differences.transaction_number IS 'Transaction number / Numéro de transaction';
COMMENT ON COLUMN reporting.portal_differences.portal IS 'What the file says, with corrections, in dollars / Ce que dit le fichier, corrections comprises, en dollars';
COMMENT ON COLUMN reporting.portal_differences.own IS 'What our last version says, in dollars / Ce que dit notre dernière version, en dollars';
COMMENT ON COLUMN reporting.portal_differences.difference IS 'The portal''s less ours, in dollars / Le portail moins nous, en dollars';
COMMENT ON COLUMN reporting.portal_differences.finding IS 'the same, amounts differ, not in our declarations, or not in the file / the same (identique), amounts differ (montants différents), not in our declarations (absente de nos déclarations) ou not in the file (absente du fichier)';

-- What is there to do, and until when? Positions are read once: the server would
-- keep a WITH query that is read twice whole, whichever importer is asked for.
CREATE VIEW reporting.worklist AS
SELECT t.until, t.urgency, t.task, p.account, p.importer, t.amount
FROM (SELECT p.*, r.top_up_due, r.shortfall_bond - coalesce(p.shortfall_bond, 0) AS top_up
	  FROM reporting.security_positions AS p LEFT JOIN reporting.review_top_ups AS r USING (account, importer)) AS p
CROSS JOIN LATERAL (VALUES
	(reporting.today(), 1, 'add security: less is posted than is required today', shortfall_bond),
	(top_up_due, 4, 'add security: the last review asks for more', top_up),
	(NULL, 5, 'ask for a reduction: the requirement is well above the last twelve months',
	 CASE WHEN required_bond >= 1.25 * rolling_bond AND required_bond - rolling_bond >= 1000 THEN required_bond - rolling_bond END)
	) AS t (until, urgency, task, amount)
WHERE t.amount > 0
UNION ALL
SELECT payment_due, 2, CASE WHEN ended THEN 'pay the statement' ELSE 'pay what is released in the current billing period' END, account, importer, duties
FROM reporting.duties_unpaid
WHERE duties > 0
UNION ALL
SELECT b.ends, 3, 'replace a bond that ends', s.account::text, i.name, s.amount
FROM bonds AS b
JOIN importers AS i USING (number)
JOIN bond_shares AS s ON s.bond = b.bond AND s.term @> b.ends
WHERE b.ends >= reporting.today() AND NOT EXISTS (SELECT FROM bonds AS r WHERE r.replaces = b.bond)
UNION ALL
SELECT NULL, 6, 'ask about a notice: it differs from what we compute', account, importer, abs(difference)
FROM reporting.notices_explained
UNION ALL
SELECT DISTINCT NULL::date, 7, 'enter a correction: the portal has another amount', d.account, i.name, abs(d.difference)
FROM reporting.portal_differences AS d
JOIN accounts AS a ON a.account = d.account
JOIN importers AS i USING (number)
WHERE d.difference <> 0;

COMMENT ON VIEW reporting.worklist IS 'What there is to do for each account, and until when / Ce qu''il y a à faire pour chaque compte, et jusqu''à quand';
COMMENT ON COLUMN reporting.worklist.until IS 'Last day to do it; null: any day / Dernier jour pour le faire; null : n''importe quel jour';
COMMENT ON COLUMN reporting.worklist.urgency IS 'Number of the task, the most urgent first / Numéro de la tâche, la plus urgente d''abord';
COMMENT ON COLUMN reporting.worklist.task IS 'What to do / Ce qu''il y a à faire';
COMMENT ON COLUMN reporting.worklist.account IS 'Program account / Compte de programme';
COMMENT ON COLUMN reporting.worklist.importer IS 'Legal name as entered / Dénomination sociale saisie';
COMMENT ON COLUMN reporting.worklist.amount IS 'Dollars it is about / Montant en cause, en dollars';
