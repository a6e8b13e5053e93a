
# Logical replication, in text and in binary, of tables that have the types as
# columns, as replica identity and as partition key, and of histories kept for
# a reporting server.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $publisher = PostgreSQL::Test::Cluster->new('publisher');
$publisher->init(allows_streaming => 'logical');
$publisher->append_conf('postgresql.conf', 'autovacuum = off');
$publisher->start;
fill($publisher, 'postgres', 3000);
$publisher->safe_psql('postgres', q{
	CREATE PUBLICATION everything FOR TABLE businesses, entries, histories, parts, ranges;
	ALTER TABLE parts REPLICA IDENTITY FULL;
	ALTER TABLE parts_0 REPLICA IDENTITY FULL;
	ALTER TABLE parts_1 REPLICA IDENTITY FULL;
	ALTER TABLE parts_2 REPLICA IDENTITY FULL;
	ALTER TABLE ranges_low REPLICA IDENTITY FULL;
	ALTER TABLE ranges_high REPLICA IDENTITY FULL;
});

my @tables = ('businesses', 'entries', 'histories', 'parts', 'ranges');

sub same_tables
{
	my ($subscriber, $name) = @_;

	$publisher->wait_for_catchup($subscriber->name);
	foreach my $table (@tables)
	{
		my $sql = "SELECT t::text FROM $table t ORDER BY 1";
		is( $subscriber->safe_psql('postgres', $sql),
			$publisher->safe_psql('postgres', $sql),
			"$name: $table");
	}
	return;
}

foreach my $form ('text', 'binary')
{
	my $subscriber = PostgreSQL::Test::Cluster->new("in_$form");
	$subscriber->init;
	$subscriber->append_conf('postgresql.conf', 'autovacuum = off');
	$subscriber->start;
	my ($schema) = run_command([
		'pg_dump', '-s', '-p', $publisher->port, '-h', $publisher->host, '--no-publications',
		(map { "-t$_*" } @tables), 'postgres' ]);
	$subscriber->safe_psql('postgres',
		'CREATE EXTENSION carm; CREATE DOMAIN importer AS program_account CHECK (is_import_export(VALUE))');
	# what track_duties keeps on the publisher stays there
	$schema =~ s/^CREATE TRIGGER.*?;$//msg;
	$schema =~ s/^\\.*$//mg;
	$subscriber->safe_psql('postgres', $schema);
	my $binary = $form eq 'binary' ? 'true' : 'false';
	my $connection = $publisher->connstr . ' dbname=postgres';
	$subscriber->safe_psql('postgres',
		"CREATE SUBSCRIPTION in_$form CONNECTION '$connection' PUBLICATION everything WITH (binary = $binary)");
	$subscriber->wait_for_subscription_sync($publisher, "in_$form");
	same_tables($subscriber, "$form, first copy");

	# each form has rows of its own to change
	my ($program, $moved, $dropped, $part, $new, $high) =
	  $form eq 'text' ? ('RC', 4, 5, 2, 20001555, 29999997) : ('RD', 3, 2, 1, 20001556, 29999998);
	$new = business_number($new);
	$high = business_number($high);
	$publisher->safe_psql('postgres', qq{
		UPDATE entries SET duties = duties + 2.5, account = program_account(number, 'RM', 10 + $part) WHERE id % 5 = $part;
		DELETE FROM entries WHERE id % 17 = $part;
		-- the account is the replica identity here
		UPDATE histories SET history = history - history WHERE reference_number(account) = 1;
		UPDATE histories SET account = program_account(bn9(account), '$program', 6) WHERE reference_number(account) = $moved;
		DELETE FROM histories WHERE reference_number(account) = $dropped;
		INSERT INTO histories VALUES ('$new rm 0088', '{2025-02-01:1250.00,2025-02-18:-90.5}');
		-- rows that move between partitions
		UPDATE parts SET account = program_account(bn9(account), '$program', 1) WHERE reference_number(account) = $part;
		UPDATE ranges SET account = program_account(bn9 '$high', 'RM', 1) WHERE reference_number(account) = $part;
		TRUNCATE parts_$part;
	});
	same_tables($subscriber, "$form, changes");
	is( $subscriber->safe_psql('postgres', 'SELECT rollup(history) FROM histories'),
		$publisher->safe_psql('postgres', 'SELECT rollup(history) FROM histories'),
		"$form: the reporting server rolls up the same history");
	is( $subscriber->safe_psql('postgres',
			'SELECT count(*) FROM entries WHERE account IN (SELECT account FROM entries WHERE id < 100)'),
		$publisher->safe_psql('postgres',
			'SELECT count(*) FROM entries WHERE account IN (SELECT account FROM entries WHERE id < 100)'),
		"$form: and looks accounts up");
	indexes_are_sound($subscriber, 'postgres', "$form: amcheck finds nothing");
	ok(!$subscriber->log_contains('ERROR|FATAL'), "$form: nothing went wrong on the way");
	$subscriber->safe_psql('postgres', "DROP SUBSCRIPTION in_$form");
	$subscriber->stop;
}

# A publication's row filter may use the server's own types and operators only:
# split the table by account, and publish a partition.
my ($code, $out, $err) = $publisher->psql('postgres',
	"CREATE PUBLICATION filtered FOR TABLE entries WHERE (account = '" . business_number(20000777) . "RM0001')");
like($err, qr/User-defined (operators|types)/, 'a row filter on an account is refused by the server');
$publisher->stop;

done_testing();
