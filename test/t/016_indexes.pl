
# Indexes of others on the parts of live histories: parts are changed beside the
# executor, and every kind of index must hold what the table holds.

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
# heap-only updates, as many as there can be
$node->append_conf('postgresql.conf', "autovacuum = off\nautovacuum_naptime = 1h");
$node->start;
if ($node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'") eq '0')
{
	plan skip_all => 'amcheck is not installed';
}
$node->safe_psql('postgres', qq{
	CREATE EXTENSION carm;
	CREATE EXTENSION amcheck;
	CREATE TABLE entries (account text, released date, duties numeric);
	SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
	CREATE TABLE loads (account integer, released date, duties numeric);
	SELECT track_duties('loads', 'account', 'released', 'duties', 'loaded');
});

# Indexes that every update writes to, and some that only summarize.
my %indexes = (
	brin => 'USING brin (entries)',
	brin_of_accounts => 'USING brin (account)',
	bloom => 'USING brin (account __ACCOUNT_BLOOM__)',
	hashed => 'USING hash (account)',
	of_history => 'USING btree (history)',
	summed => 'USING btree (total_duties(history, NULL::date, NULL::date))',
	listed => 'USING gin ((ARRAY[entries]))',
	partial => 'USING btree (account) WHERE entries > 2',
	including => 'USING btree (account) INCLUDE (entries)');
my %bloom = (entries => 'text_bloom_ops', loads => 'int4_bloom_ops');

# Runs the traffic with some indexes; says what is wrong.
sub wrong_with
{
	my ($table, $parts, @names) = @_;
	my $wrong = '';

	foreach my $name (@names)
	{
		my $is = $indexes{$name} =~ s/__ACCOUNT_BLOOM__/$bloom{$table}/r;
		$node->safe_psql('postgres', "CREATE INDEX x_$name ON $parts $is");
	}
	foreach my $round (1 .. 2)
	{
		$node->safe_psql('postgres', $table eq 'entries' ?
			"DO \$\$ BEGIN FOR i IN 1..200 LOOP INSERT INTO entries VALUES (chr(97 + i % 3), date '2025-01-01' + i, $round); COMMIT; END LOOP; END \$\$" :
			"DO \$\$ BEGIN FOR i IN 1..6 LOOP INSERT INTO loads SELECT j, date '2025-01-01' + i, i FROM generate_series(1, 1000) j; COMMIT; END LOOP; END \$\$");
		$node->safe_psql('postgres', "DELETE FROM $table WHERE duties = 2 AND released < '2025-02-01'");
		$node->safe_psql('postgres', "VACUUM $parts") if $round == 1;
	}
	foreach my $index (split /\n/, $node->safe_psql('postgres', "SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indexrelid
		WHERE indrelid = '$parts'::regclass AND relam = (SELECT oid FROM pg_am WHERE amname = 'btree')"))
	{
		my ($ret, $out, $err) = $node->psql('postgres', "SELECT bt_index_parent_check('$index', true)");
		$wrong .= "$index: $err" if $ret != 0;
	}
	# the same answers by index and without
	foreach my $condition ('entries = 3', 'entries > 2', 'total_duties(history, NULL::date, NULL::date) > 5', 'ARRAY[entries] && ARRAY[1, 2]::bigint[]',
		$table eq 'entries' ? "account = 'b'" : 'account = 77')
	{
		my $query = "SELECT coalesce(sum(entries), 0), count(*) FROM $parts WHERE $condition";
		my $by_scan = $node->safe_psql('postgres', "SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off; $query");
		my $by_index = $node->safe_psql('postgres', "SET enable_seqscan = off; $query");
		$wrong .= "$condition: $by_index by index, $by_scan without\n" if $by_index ne $by_scan;
	}
	$wrong .= $node->safe_psql('postgres', "SELECT * FROM verify_duties('$table')");
	$node->safe_psql('postgres', "DROP INDEX x_$_") foreach @names;
	return $wrong;
}

foreach my $names ([ 'brin' ], [ 'brin', 'brin_of_accounts', 'bloom' ], [ 'brin', 'hashed', 'listed' ], [ 'partial', 'summed' ], [ sort keys %indexes ])
{
	is(wrong_with('entries', 'histories_parts', @$names), '', "one row at a time: @$names");
	is(wrong_with('loads', 'loaded_parts', @$names), '', "many rows at a time: @$names");
}

$node->stop;
done_testing();
