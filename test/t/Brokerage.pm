
# A small brokerage: tables that use every feature of the types a server must
# carry along (indexes, partitions, constraints, stored and live histories),
# and the questions whose answers must be the same wherever the data went.

package Brokerage;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(fill answers wrong_answers indexes_are_sound plans business_number has_live @aggregates);

# What is asked of entries that lie on several servers.
our @aggregates = (
	'duty_history(release, duties)',
	'peak_monthly_duty(release, duties)',
	q{peak_monthly_duty(release, duties, '2024-09-15')},
	'required_bond(release, duties)',
	q{required_bond(release, duties, '2024-09-15')},
	'required_deposit(release, duties)',
	q{required_deposit(release, duties, '2024-09-15')},
	'peak_monthly_duty(release, duties) FILTER (WHERE duties > 0)',
	q{peak_monthly_duty(duty_history(release, duties), '2024-09-15')});

# The ninth digit is a Luhn check digit.
sub business_number
{
	my ($first) = @_;
	my $sum = 0;
	my $double = 0;

	foreach my $digit (split //, sprintf('%08d', $first))
	{
		my $d = $double ? $digit * 2 : $digit;
		$sum += $d > 9 ? $d - 9 : $d;
		$double = !$double;
	}
	return sprintf('%08d%d', $first, (10 - $sum % 10) % 10);
}

# Are live histories there?
sub has_live
{
	my ($node, $db) = @_;

	return $node->safe_psql($db,
		"SELECT count(*) FROM pg_proc WHERE proname = 'track_duties'") > 0;
}

# Makes the tables and fills them with $rows entries of 40 businesses.
sub fill
{
	my ($node, $db, $rows) = @_;
	my $numbers = join ',', map { business_number(20000000 + 777 * $_) } 1 .. 40;

	$node->safe_psql($db, qq{
		CREATE EXTENSION IF NOT EXISTS carm;
		CREATE DOMAIN importer AS program_account CHECK (is_import_export(VALUE));
		CREATE TABLE businesses (n integer, number bn9 PRIMARY KEY);
		INSERT INTO businesses
			SELECT n, number::bn9 FROM unnest('{$numbers}'::text[]) WITH ORDINALITY b(number, n);
		CREATE TABLE entries (
			id bigint PRIMARY KEY,
			account program_account(RM) NOT NULL,
			number bn9 REFERENCES businesses,
			owner importer,
			release date,
			duties numeric(14,2));
		CREATE VIEW made AS
			SELECT i AS id,
				program_account(b.number, 'RM', (1 + i / 40 % 5)::integer) AS account, b.number,
				date '2022-01-01' + (i * 7919 % 1096)::integer AS release,
				((i * 104729 % 2000003 - 100000) / 100.0)::numeric(14,2) AS duties
			FROM generate_series(1, $rows) i JOIN businesses b ON b.n = 1 + i % 40;
		INSERT INTO entries (id, account, number, owner, release, duties)
			SELECT id, account, number, account, release, duties FROM made;
		CREATE INDEX entries_account ON entries (account, release);
		CREATE INDEX entries_hash ON entries USING hash (account);
		CREATE INDEX entries_brin ON entries USING brin (account) WITH (pages_per_range = 4);
		CREATE INDEX entries_owner ON entries (owner);
		CREATE TABLE parts (account program_account, release date, duties numeric)
			PARTITION BY HASH (account);
		CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (modulus 3, remainder 0);
		CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (modulus 3, remainder 1);
		CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (modulus 3, remainder 2);
		INSERT INTO parts SELECT account, release, duties FROM entries;
		CREATE TABLE ranges (account program_account, amount numeric) PARTITION BY RANGE (account);
		CREATE TABLE ranges_low PARTITION OF ranges FOR VALUES FROM (MINVALUE) TO ('200155406AA0001');
		CREATE TABLE ranges_high PARTITION OF ranges FOR VALUES FROM ('200155406AA0001') TO (MAXVALUE);
		INSERT INTO ranges SELECT account, duties FROM entries;
		CREATE TABLE histories (account program_account PRIMARY KEY, history duty_history NOT NULL);
		INSERT INTO histories SELECT account, duty_history(release, duties) FROM entries GROUP BY account;
		CREATE INDEX histories_history ON histories (history);
		CREATE MATERIALIZED VIEW required AS
			SELECT account, required_bond(release, duties, '2024-12-31') FROM entries GROUP BY account;
	});
	$node->safe_psql($db, q{SELECT track_duties('entries', 'account', 'release', 'duties', 'live')})
	  if has_live($node, $db);
	compare($node, $db, business_number(20000000 + 777));
	$node->safe_psql($db, 'ANALYZE');
	return;
}

# What a server writes out without naming an operator's schema, and reads again
# under an empty search_path: views, functions, conditions, expressions. The
# first business has two ways to be written.
my %form = (
	using => 'SELECT account, id, history FROM entries JOIN histories USING (account)',
	natural => 'SELECT * FROM (SELECT account, id FROM entries) e NATURAL JOIN (SELECT account, history FROM histories) h',
	written => "SELECT e.id FROM entries e JOIN texts t ON t.account = e.account",
	distinct => "SELECT id FROM entries WHERE account IS DISTINCT FROM 'NUMBER rm 0001'",
	nothing => "SELECT DISTINCT nullif(account, 'NUMBER rm 0001') AS account, nullif(number, 'NUMBER') AS number FROM entries",
	cases => "SELECT id, CASE account WHEN 'NUMBER rm 0001' THEN 1 WHEN 'NUMBER rm 0002'::text THEN 2 END AS which FROM entries",
	among => "SELECT id FROM entries WHERE account IN ('NUMBER rm 0001', 'NUMBER rm 0002') AND number NOT IN ('123 456 782')",
	any_of => "SELECT id FROM entries WHERE account = ANY ('{NUMBER rm 0001,NUMBER rm 0002}'::text[])",
	in_rows => "SELECT id FROM entries WHERE account IN (SELECT account FROM texts)",
	rows => "SELECT id FROM entries WHERE (account, number) = ('NUMBER rm 0001', 'NUMBER') OR (number, account) < ('NUMBER', 'NUMBER rm 0002')",
	row_distinct => "SELECT id FROM entries WHERE (account, 1) IS NOT DISTINCT FROM ('NUMBER rm 0001', 1)",
	between => "SELECT id FROM entries WHERE account BETWEEN 'NUMBER rm 0001' AND 'NUMBER rm 0003'::text",
	contained => "SELECT id FROM entries WHERE account <@ 'NUMBER' AND 'NUMBER' @> account",
	least => "SELECT min(account) AS low, max(account) AS high, min(number) AS low_number, greatest(max(number), 'NUMBER') AS high_number FROM entries",
	histories_using => 'SELECT history, a.account, nullif(a.history, b.history) AS differs FROM histories a JOIN histories b USING (history)',
	histories_rows => "SELECT account, history + history - history AS history FROM histories WHERE (history, account) > ('{2022-01-01:1}', 'NUMBER rm 0001') AND history IS DISTINCT FROM '{}'",
);

sub compare
{
	my ($node, $db, $number) = @_;
	my $sql = q{
		CREATE TABLE texts (account text);
		INSERT INTO texts SELECT overlay(lower(account::text) PLACING ' rm ' FROM 10 FOR 2) FROM histories;
		CREATE FUNCTION is_first(a program_account) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN a = 'NUMBER rm 0001'; END $$;
		CREATE FUNCTION firsts() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM entries WHERE account = 'NUMBER rm 0001'::text; END;
		CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.told = true; RETURN NEW; END $$;
		CREATE TABLE checked (account program_account CHECK (account <> 'NUMBER rm 0009'), number bn9,
			is_first boolean GENERATED ALWAYS AS (account = 'NUMBER rm 0001') STORED,
			by_function boolean GENERATED ALWAYS AS (is_first(account)) STORED, told boolean,
			CHECK (nullif(account, 'NUMBER rm 0008') IS NOT NULL), EXCLUDE USING gist (account WITH =, number WITH =));
		CREATE TRIGGER told BEFORE INSERT ON checked FOR EACH ROW WHEN (NEW.account IS NOT DISTINCT FROM 'NUMBER rm 0002') EXECUTE FUNCTION told();
		INSERT INTO checked SELECT program_account('NUMBER'::bn9, 'RM', i), 'NUMBER' FROM generate_series(1, 5) i;
		CREATE INDEX entries_by_function ON entries (is_first(account));
		CREATE INDEX entries_first ON entries (id) WHERE account = 'NUMBER rm 0001';
		CREATE INDEX entries_expressions ON entries ((account = 'NUMBER rm 0001'::text), (nullif(number, 'NUMBER')));
		CREATE MATERIALIZED VIEW among_stored AS SELECT id, account, is_first(account) FROM entries WHERE account IN ('NUMBER rm 0001', 'NUMBER rm 0002');
	};

	$sql .= "CREATE VIEW form_$_ AS $form{$_};" foreach sort keys %form;
	$sql =~ s/NUMBER/$number/g;
	$node->safe_psql($db, $sql);
	return;
}

# The plans of those forms, for comparison on one server.
sub plans
{
	my ($node, $db) = @_;
	my $sql = 'SET enable_seqscan = off; SET enable_hashjoin = off;';

	$sql .= "EXPLAIN (COSTS OFF) SELECT * FROM form_$_;" foreach sort keys %form;
	return $node->safe_psql($db, $sql);
}

my %question = (
	'aggregates' => q{SELECT account, duty_history(release, duties), peak_monthly_duty(release, duties),
		required_bond(release, duties, '2024-06-30'), required_deposit(release, duties, '2024-06-30')
		FROM entries GROUP BY account ORDER BY account},
	'partitions' => q{SELECT tableoid::regclass, account, duty_history(release, duties) FROM parts GROUP BY 1, 2 ORDER BY 2},
	'stored histories' => q{SELECT account, history, encode(duty_history_send(history), 'hex') FROM histories ORDER BY history, account},
	'ranges' => q{SELECT tableoid::regclass, account, sum(amount) FROM ranges GROUP BY 1, 2 ORDER BY 2},
	'types' => q{SELECT DISTINCT number, owner, account::text, number::text, program_identifier(account), reference_number(account) FROM entries ORDER BY 2},
	'materialized view' => q{SELECT * FROM required ORDER BY account},
	'one business' => q{SELECT count(*), sum(duties) FROM entries WHERE account <@ (SELECT number FROM businesses WHERE n = 7)},
	'by btree' => q{SET enable_seqscan = off; SET enable_bitmapscan = off;
		SELECT b.n, (SELECT count(*) FROM entries e WHERE e.account = program_account(b.number, 'RM', 2)) FROM businesses b ORDER BY 1},
	'by text' => q{SET enable_seqscan = off;
		SELECT count(*), sum(duties) FROM entries WHERE account = (SELECT account::text FROM entries WHERE id = 77)},
	'by brin' => q{SET enable_seqscan = off; SET enable_indexscan = off;
		SELECT count(*), sum(duties) FROM entries WHERE account >= (SELECT max(account) FROM entries)},
	'rollup' => q{SELECT rollup(history) FROM histories},
	'types of columns' => q{SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod) FROM pg_attribute
		WHERE attrelid IN (SELECT oid FROM pg_class WHERE relname ~ '^form_|_stored$') AND attnum > 0 ORDER BY attrelid::regclass::text, attnum},
	'checked' => q{SELECT * FROM checked ORDER BY account},
	'stored comparisons' => q{SELECT * FROM among_stored ORDER BY id},
	'by function' => q{SET enable_seqscan = off; SELECT count(*), firsts(), (SELECT count(*) FROM entries WHERE account IN (SELECT min(account) FROM entries)) FROM entries WHERE is_first(account)},
	map { ("form $_" => "SELECT count(*), md5(string_agg(r::text, E'\\n' ORDER BY r::text)) FROM form_$_ r") } keys %form
);

# The answers to all questions, as text; $live asks for the live histories too.
sub answers
{
	my ($node, $db) = @_;
	my $got = '';

	foreach my $name (sort keys %question)
	{
		$got .= "$name\n" . $node->safe_psql($db, $question{$name}) . "\n";
	}
	$got .= "live\n" . $node->safe_psql($db, 'SELECT account, history FROM live ORDER BY account')
	  if $node->safe_psql($db, "SELECT to_regclass('live') IS NOT NULL") eq 't';
	return $got;
}

# How many accounts' answers differ from plain SQL over the entries: by month,
# of the stored histories, and, where they are kept, of the live ones.
sub wrong_answers
{
	my ($node, $db) = @_;
	my $wrong = $node->safe_psql($db, q{
		WITH months AS (
			SELECT account, date_trunc('month', release) AS month, sum(duties) AS duties
			FROM entries GROUP BY 1, 2),
		plain AS (
			SELECT account, greatest(max(duties), 0) AS peak, sum(duties) AS total FROM months GROUP BY 1),
		ours AS (
			SELECT account, peak_monthly_duty(release, duties) AS peak,
				total_duties(duty_history(release, duties), NULL, NULL) AS total
			FROM entries GROUP BY 1)
		SELECT count(*) FROM plain FULL JOIN ours USING (account)
		WHERE plain.peak IS DISTINCT FROM ours.peak OR plain.total IS DISTINCT FROM ours.total});

	$wrong += $node->safe_psql($db, q{SELECT count(*) FROM verify_duties('entries')})
	  if $node->safe_psql($db, "SELECT to_regclass('live') IS NOT NULL") eq 't';
	return $wrong;
}

# Runs amcheck on every table and B-tree of the database.
sub indexes_are_sound
{
	my ($node, $db, $name) = @_;

	$node->safe_psql($db, 'CREATE EXTENSION IF NOT EXISTS amcheck')
	  unless $node->safe_psql($db, 'SELECT pg_is_in_recovery()') eq 't';
	$node->command_ok(
		[ 'pg_amcheck', '-p', $node->port, '-h', $node->host, '--heapallindexed', '-d', $db ], $name);
	return;
}

1;
