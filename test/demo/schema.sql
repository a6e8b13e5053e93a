-- A customs broker's tables, as one would write them with carm.
--
-- They refuse what no report can use: numeric(14,2) holds NaN, which is greater
-- than any number, and date holds infinity. So each amount must be less than
-- infinity, and each day finite. A wrong year would make a history longer than
-- it is, so the year of a release has bounds.

CREATE EXTENSION carm;

-- The businesses the broker acts for.
CREATE TABLE importers (
	number			bn9 PRIMARY KEY,
	name			text NOT NULL CHECK (name <> ''),
	registered_name	text NOT NULL CHECK (registered_name <> ''),
	trade			text NOT NULL CHECK (trade <> ''),
	client_since	date NOT NULL CHECK (isfinite(client_since))
);

CREATE INDEX ON importers (name);

COMMENT ON TABLE importers IS 'Businesses the broker acts for';
COMMENT ON COLUMN importers.number IS 'Business number; a wrong one can''t be stored';
COMMENT ON COLUMN importers.name IS 'Legal name as entered by the broker';
COMMENT ON COLUMN importers.registered_name IS 'Legal name on file, which the portal compares exactly';
COMMENT ON COLUMN importers.trade IS 'What they import';
COMMENT ON COLUMN importers.client_since IS 'First day of the broker''s mandate';

-- Their import-export accounts. The business number is derived from the
-- account, so the two can't disagree; the foreign key finds its importer.
CREATE TABLE accounts (
	account			program_account(RM) PRIMARY KEY,
	number			bn9 NOT NULL GENERATED ALWAYS AS (bn9(account)) STORED
					REFERENCES importers,
	stream			billing_stream NOT NULL DEFAULT 'commercial',
	opened			date NOT NULL CHECK (opened >= '1900-01-01'),
	enrolled		date NOT NULL CHECK (enrolled BETWEEN opened AND '9999-12-31'),
	projected_monthly numeric(14,2) CHECK (projected_monthly > 0 AND projected_monthly < 'infinity')
);

CREATE INDEX ON accounts (number);
-- reports give numbers as text, and are asked for one importer by it
CREATE INDEX ON accounts ((account::text));
CREATE INDEX ON accounts ((number::text));

COMMENT ON TABLE accounts IS 'Import-export program accounts (RM) of the importers';
COMMENT ON COLUMN accounts.account IS 'Program account; the type modifier admits RM only';
COMMENT ON COLUMN accounts.number IS 'Business number of the account, generated';
COMMENT ON COLUMN accounts.stream IS 'How its goods are billed';
COMMENT ON COLUMN accounts.opened IS 'Day the account was opened';
COMMENT ON COLUMN accounts.enrolled IS 'Day its own security was first required: enrolment in Release Prior to Payment';
COMMENT ON COLUMN accounts.projected_monthly IS 'New importers: duties expected in a month, in dollars';

-- Commercial accounting declarations. A corrected one keeps its transaction
-- number and gets the next version; only the last version counts.
CREATE TABLE declarations (
	transaction_number text NOT NULL CHECK (transaction_number ~ '^[0-9]{14}$'),
	version			smallint NOT NULL DEFAULT 1 CHECK (version > 0),
	is_last			boolean NOT NULL DEFAULT true,
	account			program_account(RM) NOT NULL REFERENCES accounts,
	release_date	date NOT NULL CHECK (release_date BETWEEN '2015-01-01' AND '2099-12-31'),
	accounting_date	date NOT NULL CHECK (isfinite(accounting_date) AND accounting_date >= release_date),
	customs_duties	numeric(14,2) NOT NULL DEFAULT 0,
	excise			numeric(14,2) NOT NULL DEFAULT 0,
	gst				numeric(14,2) NOT NULL DEFAULT 0,
	anti_dumping	numeric(14,2) NOT NULL DEFAULT 0,
	countervailing	numeric(14,2) NOT NULL DEFAULT 0,
	surtax			numeric(14,2) NOT NULL DEFAULT 0,
	total			numeric(14,2) NOT NULL GENERATED ALWAYS AS
					(customs_duties + excise + gst + anti_dumping + countervailing + surtax) STORED,
	PRIMARY KEY (transaction_number, version),
	CHECK (greatest(customs_duties, excise, gst, anti_dumping, countervailing, surtax) < 'infinity')
);

CREATE UNIQUE INDEX ON declarations (transaction_number) WHERE is_last;
CREATE INDEX ON declarations (account, release_date) WHERE is_last;
CREATE INDEX ON declarations (account) WHERE is_last AND surtax <> 0;

COMMENT ON TABLE declarations IS 'Commercial accounting declarations, every version';
COMMENT ON COLUMN declarations.transaction_number IS 'Transaction number, 14 digits';
COMMENT ON COLUMN declarations.version IS 'Version of the declaration, from 1';
COMMENT ON COLUMN declarations.is_last IS 'Is it the last version? Only that one counts';
COMMENT ON COLUMN declarations.account IS 'Importer of record';
COMMENT ON COLUMN declarations.release_date IS 'Day the goods were released; payment and security key on it';
COMMENT ON COLUMN declarations.accounting_date IS 'Day the goods were accounted for';
COMMENT ON COLUMN declarations.customs_duties IS 'Customs duties, in dollars';
COMMENT ON COLUMN declarations.excise IS 'Excise duties and taxes, in dollars';
COMMENT ON COLUMN declarations.gst IS 'Goods and services tax, in dollars';
COMMENT ON COLUMN declarations.anti_dumping IS 'Anti-dumping duties (SIMA), in dollars';
COMMENT ON COLUMN declarations.countervailing IS 'Countervailing duties (SIMA), in dollars';
COMMENT ON COLUMN declarations.surtax IS 'Surtaxes and safeguards, in dollars';
COMMENT ON COLUMN declarations.total IS 'All of it, in dollars; refunds are negative';

-- Surety bonds. A bond is of one business and stands until it is ended, with
-- at least 30 days' notice; for a year more it answers for debts of its term.
CREATE TABLE bonds (
	bond			text PRIMARY KEY CHECK (bond <> ''),
	number			bn9 NOT NULL REFERENCES importers,
	surety			text NOT NULL CHECK (surety <> ''),
	amount			numeric(14,2) NOT NULL CHECK (amount > 0 AND amount < 'infinity'),
	since			date NOT NULL CHECK (isfinite(since)),
	notice			date CHECK (isfinite(notice) AND notice >= since),
	ends			date CHECK (isfinite(ends) AND ends >= notice + 30),
	replaces		text CHECK (replaces <> bond),
	term			daterange NOT NULL GENERATED ALWAYS AS (daterange(since, ends, '[]')) STORED,
	claims_until	date GENERATED ALWAYS AS ((ends + interval '1 year')::date) STORED,
	revision		integer NOT NULL DEFAULT 0,
	CHECK ((notice IS NULL) = (ends IS NULL)),
	UNIQUE (bond, number),
	FOREIGN KEY (replaces, number) REFERENCES bonds (bond, number)
);

CREATE INDEX ON bonds (number);
CREATE INDEX ON bonds ((number::text));

COMMENT ON TABLE bonds IS 'Surety bonds, each of one business';
COMMENT ON COLUMN bonds.bond IS 'Number of the bond';
COMMENT ON COLUMN bonds.number IS 'Business number of its principal';
COMMENT ON COLUMN bonds.surety IS 'Who stands surety';
COMMENT ON COLUMN bonds.amount IS 'Amount on its first day, in dollars; riders change it';
COMMENT ON COLUMN bonds.since IS 'First day in force';
COMMENT ON COLUMN bonds.notice IS 'Day on which notice of its end was given; null: none';
COMMENT ON COLUMN bonds.ends IS 'Last day in force, 30 days after the notice or later; null: until cancelled';
COMMENT ON COLUMN bonds.replaces IS 'The bond that it took the place of';
COMMENT ON COLUMN bonds.term IS 'Days it is in force, generated';
COMMENT ON COLUMN bonds.claims_until IS 'Last day for claims, one year after its end, generated';
COMMENT ON COLUMN bonds.revision IS 'Counts changes of its amount, riders and shares';

-- Riders, which raise or lower a bond's amount.
CREATE TABLE bond_riders (
	bond			text NOT NULL REFERENCES bonds,
	effective		date NOT NULL CHECK (isfinite(effective)),
	change			numeric(14,2) NOT NULL CHECK (change <> 0 AND change < 'infinity'),
	PRIMARY KEY (bond, effective)
);

COMMENT ON TABLE bond_riders IS 'Riders, which raise or lower a bond';
COMMENT ON COLUMN bond_riders.bond IS 'The bond';
COMMENT ON COLUMN bond_riders.effective IS 'Day from which it holds';
COMMENT ON COLUMN bond_riders.change IS 'What is added to the bond''s amount, in dollars; less than 0 lowers it';

-- What each bond stands for: all of it for one account, or apportioned over
-- several accounts of its business. An account may have shares of several
-- bonds, of several sureties.
CREATE TABLE bond_shares (
	bond			text NOT NULL,
	account			program_account(RM) NOT NULL REFERENCES accounts,
	number			bn9 NOT NULL GENERATED ALWAYS AS (bn9(account)) STORED,
	amount			numeric(14,2) NOT NULL CHECK (amount > 0 AND amount < 'infinity'),
	term			daterange NOT NULL CHECK (NOT isempty(term) AND NOT lower_inf(term) AND isfinite(lower(term)) AND isfinite(upper(term))),
	PRIMARY KEY (bond, account, term),
	FOREIGN KEY (bond, number) REFERENCES bonds (bond, number)
);

CREATE INDEX ON bond_shares (account);

COMMENT ON TABLE bond_shares IS 'How bonds are apportioned over the accounts of their business';
COMMENT ON COLUMN bond_shares.bond IS 'The bond';
COMMENT ON COLUMN bond_shares.account IS 'Account it secures, one of the bond''s business';
COMMENT ON COLUMN bond_shares.number IS 'Business number of the account, generated';
COMMENT ON COLUMN bond_shares.amount IS 'Amount that stands for this account, in dollars';
COMMENT ON COLUMN bond_shares.term IS 'Days it does, while the bond is in force; no upper end: until changed';

-- Refuses shares that exceed their bond on any day. Whoever changes a bond, its
-- riders or its shares first updates the bond's row, and so waits for whoever
-- did so before. Under READ COMMITTED the shares of the other are then seen;
-- under REPEATABLE READ and SERIALIZABLE the second update fails.
CREATE FUNCTION keep_shares_within_bonds() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	changed text;
	over record;
BEGIN
	FOR changed IN SELECT DISTINCT b FROM unnest(ARRAY[OLD.bond, NEW.bond]) AS b WHERE b IS NOT NULL ORDER BY b LOOP
		UPDATE bonds SET revision = revision + 1 WHERE bond = changed;
		SELECT d.day, b.amount + d.riders AS amount, d.shares INTO over
		FROM bonds AS b,
			LATERAL (SELECT day,
						(SELECT coalesce(sum(r.change), 0) FROM bond_riders AS r WHERE r.bond = b.bond AND r.effective <= day) AS riders,
						(SELECT coalesce(sum(s.amount), 0) FROM bond_shares AS s WHERE s.bond = b.bond AND s.term @> day) AS shares
					 FROM (SELECT lower(term) FROM bond_shares WHERE bond = b.bond
						   UNION SELECT effective FROM bond_riders WHERE bond = b.bond
						   UNION SELECT b.since) AS days (day)) AS d
		WHERE b.bond = changed AND d.shares > b.amount + d.riders
		ORDER BY d.day
		LIMIT 1;
		IF FOUND THEN
			RAISE check_violation USING
				MESSAGE = format('shares of bond %s exceed its amount', changed),
				DETAIL = format('On %s it is of %s dollars, and its shares add up to %s.', over.day, over.amount, over.shares),
				HINT = 'Lower another account''s share first, or enter the rider that raises the bond.';
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION keep_shares_within_bonds() IS 'Refuses shares that exceed their bond on any day';

-- At the end of the statement, or of the transaction: SET CONSTRAINTS ALL DEFERRED
CREATE CONSTRAINT TRIGGER within_bond AFTER INSERT OR UPDATE ON bond_shares
DEFERRABLE FOR EACH ROW EXECUTE FUNCTION keep_shares_within_bonds();
CREATE CONSTRAINT TRIGGER within_bond AFTER INSERT OR UPDATE OR DELETE ON bond_riders
DEFERRABLE FOR EACH ROW EXECUTE FUNCTION keep_shares_within_bonds();
CREATE CONSTRAINT TRIGGER within_bond AFTER UPDATE OF amount ON bonds
DEFERRABLE FOR EACH ROW EXECUTE FUNCTION keep_shares_within_bonds();

-- Cash deposits.
CREATE TABLE deposits (
	receipt			text PRIMARY KEY CHECK (receipt <> ''),
	account			program_account(RM) NOT NULL REFERENCES accounts,
	amount			numeric(14,2) NOT NULL CHECK (amount > 0 AND amount < 'infinity'),
	term			daterange NOT NULL CHECK (NOT isempty(term) AND NOT lower_inf(term) AND isfinite(lower(term)) AND isfinite(upper(term)))
);

CREATE INDEX ON deposits (account);

COMMENT ON TABLE deposits IS 'Cash deposits';
COMMENT ON COLUMN deposits.receipt IS 'Receipt';
COMMENT ON COLUMN deposits.account IS 'Account it secures';
COMMENT ON COLUMN deposits.amount IS 'Amount, in dollars';
COMMENT ON COLUMN deposits.term IS 'Days it is held; no upper end: until returned';

-- All that stands as security, whatever its form: what reports read. A view
-- reads with its owner's rights, so that who may read a report need not be
-- granted the tables.
CREATE VIEW securities AS
SELECT s.bond AS reference, s.account, 'surety_bond'::security_form AS form, s.amount, s.term * b.term AS term,
	b.surety, b.claims_until
FROM bond_shares AS s
JOIN bonds AS b USING (bond)
WHERE s.term && b.term
UNION ALL
SELECT receipt, account, 'cash_deposit', amount, term, NULL, NULL
FROM deposits;

COMMENT ON VIEW securities IS 'Shares of bonds and cash deposits, and the days each is in force';
COMMENT ON COLUMN securities.reference IS 'Number of the bond, or receipt';
COMMENT ON COLUMN securities.account IS 'Account it secures';
COMMENT ON COLUMN securities.form IS 'Surety bond or cash deposit';
COMMENT ON COLUMN securities.amount IS 'Amount that stands for the account, in dollars';
COMMENT ON COLUMN securities.term IS 'Days it is in force; no upper end: until ended';
COMMENT ON COLUMN securities.surety IS 'Who stands surety; null for a deposit';
COMMENT ON COLUMN securities.claims_until IS 'Last day for claims on a bond that ends; null: no end is known';

-- Reductions that the CBSA granted. Its reviews raise a requirement by
-- themselves; only a request lowers one.
CREATE TABLE reductions (
	account			program_account(RM) NOT NULL REFERENCES accounts,
	granted			date NOT NULL CHECK (isfinite(granted)),
	peak			numeric(14,2) NOT NULL CHECK (peak >= 0 AND peak < 'infinity'),
	PRIMARY KEY (account, granted)
);

COMMENT ON TABLE reductions IS 'Reductions of the requirement that the CBSA granted on request';
COMMENT ON COLUMN reductions.account IS 'Program account';
COMMENT ON COLUMN reductions.granted IS 'Day from which it holds';
COMMENT ON COLUMN reductions.peak IS 'Highest month that the requirement rests on since then, in dollars';

-- What the CBSA notified after its annual reviews.
CREATE TABLE notices (
	account			program_account(RM) NOT NULL REFERENCES accounts,
	review_closed	date NOT NULL CHECK (isfinite(review_closed) AND extract(month FROM review_closed) = 10 AND extract(day FROM review_closed) = 19),
	form			security_form NOT NULL,
	amount			numeric(14,2) NOT NULL CHECK (amount > 0 AND amount < 'infinity'),
	received		date NOT NULL CHECK (isfinite(received) AND received > review_closed),
	PRIMARY KEY (account, review_closed)
);

COMMENT ON TABLE notices IS 'What the CBSA notified after its annual reviews: increases only';
COMMENT ON COLUMN notices.account IS 'Program account';
COMMENT ON COLUMN notices.review_closed IS 'Last day of the year reviewed, a 19 October';
COMMENT ON COLUMN notices.form IS 'Surety bond or cash deposit';
COMMENT ON COLUMN notices.amount IS 'Amount that the notice asks for, in dollars';
COMMENT ON COLUMN notices.received IS 'Day the notice was received';

-- What was paid ahead of a statement's due day.
CREATE TABLE interim_payments (
	receipt			text PRIMARY KEY CHECK (receipt <> ''),
	account			program_account(RM) NOT NULL REFERENCES accounts,
	release_date	date NOT NULL CHECK (isfinite(release_date)),
	amount			numeric(14,2) NOT NULL CHECK (amount > 0 AND amount < 'infinity'),
	paid			date NOT NULL CHECK (isfinite(paid))
);

CREATE INDEX ON interim_payments (account);
CREATE INDEX ON interim_payments (release_date);

COMMENT ON TABLE interim_payments IS 'Payments ahead of a statement''s due day, which lower what is outstanding';
COMMENT ON COLUMN interim_payments.receipt IS 'Number of the payment';
COMMENT ON COLUMN interim_payments.account IS 'Account it was paid for';
COMMENT ON COLUMN interim_payments.release_date IS 'A day of the billing period it was paid for';
COMMENT ON COLUMN interim_payments.amount IS 'Amount, in dollars';
COMMENT ON COLUMN interim_payments.paid IS 'Day it was paid';

-- What the broker may act for: a whole business, or one account of it, never
-- twice on one day.
CREATE TABLE delegations (
	id				integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	number			bn9 REFERENCES importers,
	account			program_account(RM) REFERENCES accounts,
	term			daterange NOT NULL CHECK (NOT isempty(term) AND NOT lower_inf(term) AND isfinite(lower(term)) AND isfinite(upper(term))),
	CHECK (num_nonnulls(number, account) = 1),
	EXCLUDE USING gist (number WITH =, term WITH &&),
	EXCLUDE USING gist (account WITH =, term WITH &&)
);

COMMENT ON TABLE delegations IS 'What the broker may act for: a business or one of its accounts';
COMMENT ON COLUMN delegations.id IS 'Number of the delegation';
COMMENT ON COLUMN delegations.number IS 'The whole business, or null';
COMMENT ON COLUMN delegations.account IS 'The one account, or null';
COMMENT ON COLUMN delegations.term IS 'Days it is in force; no upper end: until withdrawn';

-- A correction takes the place of the version before it.
CREATE FUNCTION supersede_declaration() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE declarations SET is_last = false
	WHERE transaction_number = NEW.transaction_number AND is_last;
	RETURN NEW;
END
$$;

COMMENT ON FUNCTION supersede_declaration() IS 'Marks the former version of a corrected declaration';

CREATE TRIGGER supersede BEFORE INSERT ON declarations
FOR EACH ROW WHEN (NEW.version > 1 AND NEW.is_last)
EXECUTE FUNCTION supersede_declaration();

-- A file of the portal's transaction history, as it came: every column is text,
-- and any line is accepted. What it means is read by reporting.portal_transactions.
CREATE TABLE portal_lines (
	line			integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	file			text,
	account			program_account(RM) REFERENCES accounts,
	transaction_date text,
	transaction_type text,
	transaction_number text,
	amount			text,
	balance			text
);

COMMENT ON TABLE portal_lines IS 'Transaction histories downloaded from the portal, as they came';
COMMENT ON COLUMN portal_lines.line IS 'Number of the line, in order of loading';
COMMENT ON COLUMN portal_lines.file IS 'Name of the file';
COMMENT ON COLUMN portal_lines.account IS 'Account that the file was downloaded for';
COMMENT ON COLUMN portal_lines.transaction_date IS 'Transaction Date, Date de transaction';
COMMENT ON COLUMN portal_lines.transaction_type IS 'Transaction Type, Type de transaction';
COMMENT ON COLUMN portal_lines.transaction_number IS 'Transaction Number, Numéro de transaction';
COMMENT ON COLUMN portal_lines.amount IS 'Amount, Montant';
COMMENT ON COLUMN portal_lines.balance IS 'Balance, Solde';

-- What each account owed, by release date: kept current by every statement that
-- changes declarations, in its transaction. A view (account, history), which is
-- all that the reporting views read of them.
SELECT track_duties('declarations', account => 'account', dated => 'release_date', amount => 'total',
					target => 'duty_histories', condition => 'is_last');
