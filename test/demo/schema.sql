-- A customs broker's tables, as one would write them with carm.

CREATE EXTENSION carm;

-- The businesses the broker acts for.
CREATE TABLE importers (
	number			bn9 PRIMARY KEY,
	name			text NOT NULL,
	registered_name	text NOT NULL,
	trade			text NOT NULL,
	client_since	date NOT NULL
);

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
	opened			date NOT NULL,
	projected_monthly numeric(14,2) CHECK (projected_monthly > 0)
);

CREATE INDEX ON accounts (number);

COMMENT ON TABLE accounts IS 'Import-export program accounts (RM) of the importers';
COMMENT ON COLUMN accounts.account IS 'Program account; the type modifier admits RM only';
COMMENT ON COLUMN accounts.number IS 'Business number of the account, generated';
COMMENT ON COLUMN accounts.opened IS 'Day the account was opened';
COMMENT ON COLUMN accounts.projected_monthly IS 'New importers: duties expected in a month, in dollars';

-- Commercial accounting declarations. A corrected one keeps its transaction
-- number and gets the next version; only the last version counts.
CREATE TABLE declarations (
	transaction_number text NOT NULL CHECK (transaction_number ~ '^[0-9]{14}$'),
	version			smallint NOT NULL DEFAULT 1 CHECK (version > 0),
	is_last			boolean NOT NULL DEFAULT true,
	account			program_account(RM) NOT NULL REFERENCES accounts,
	release_date	date NOT NULL,
	accounting_date	date NOT NULL CHECK (accounting_date >= release_date),
	customs_duties	numeric(14,2) NOT NULL DEFAULT 0,
	excise			numeric(14,2) NOT NULL DEFAULT 0,
	gst				numeric(14,2) NOT NULL DEFAULT 0,
	anti_dumping	numeric(14,2) NOT NULL DEFAULT 0,
	countervailing	numeric(14,2) NOT NULL DEFAULT 0,
	surtax			numeric(14,2) NOT NULL DEFAULT 0,
	total			numeric(14,2) NOT NULL GENERATED ALWAYS AS
					(customs_duties + excise + gst + anti_dumping + countervailing + surtax) STORED,
	PRIMARY KEY (transaction_number, version)
);

CREATE UNIQUE INDEX ON declarations (transaction_number) WHERE is_last;
CREATE INDEX ON declarations (account, release_date) WHERE is_last;

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

-- What stands as security. An account may hold bonds and deposits, and one
-- bond after another, but never two bonds on the same day.
CREATE TABLE securities (
	reference		text PRIMARY KEY,
	account			program_account(RM) NOT NULL REFERENCES accounts,
	form			security_form NOT NULL,
	amount			numeric(14,2) NOT NULL CHECK (amount > 0),
	term			daterange NOT NULL CHECK (NOT isempty(term)),
	EXCLUDE USING gist (account WITH =, term WITH &&) WHERE (form = 'surety_bond')
);

CREATE INDEX ON securities (account);

COMMENT ON TABLE securities IS 'Surety bonds and cash deposits';
COMMENT ON COLUMN securities.reference IS 'Bond number or receipt';
COMMENT ON COLUMN securities.account IS 'Account it secures';
COMMENT ON COLUMN securities.form IS 'Surety bond or cash deposit';
COMMENT ON COLUMN securities.amount IS 'Amount, in dollars';
COMMENT ON COLUMN securities.term IS 'Days it is in force; no upper end: until cancelled';

-- What the broker may act for: a whole business, or one account of it.
CREATE TABLE delegations (
	id				integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	number			bn9 REFERENCES importers,
	account			program_account(RM) REFERENCES accounts,
	term			daterange NOT NULL,
	CHECK (num_nonnulls(number, account) = 1)
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

-- What each account owed, by release date: kept current by every statement that
-- changes declarations, in its transaction. A view (account, history), which is
-- all that the reporting views read of them.
SELECT track_duties('declarations', account => 'account', dated => 'release_date', amount => 'total',
					target => 'duty_histories', condition => 'is_last');
