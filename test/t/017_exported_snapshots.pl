
# A snapshot that another session has exported may be older than what this one
# remembers of a live history: reading it is an error still.

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION carm;
	CREATE TABLE entries (account text, released date, duties numeric);
	CREATE TABLE others (LIKE entries);
	INSERT INTO entries VALUES ('a', '2025-01-01', 1);
	INSERT INTO others TABLE entries;
	SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
});

# What one session sees of a live history, and of its rows: first with a
# snapshot of its own, then with the older one that is given.
sub seen
{
	my ($snapshot, $table, $history) = @_;
	my ($stdout, $stderr);

	$node->psql('postgres', qq{
		SELECT count(*) FROM $history;
		BEGIN ISOLATION LEVEL REPEATABLE READ;
		SET TRANSACTION SNAPSHOT '$snapshot';
		SELECT history FROM $history;
		ROLLBACK;
		SELECT count(*) FROM $table;
	}, stdout => \$stdout, stderr => \$stderr, on_error_stop => 0);
	return "$stdout\n$stderr";
}

my $exporter = $node->background_psql('postgres');
$exporter->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
my $snapshot = $exporter->query_safe('SELECT pg_export_snapshot()');
like(seen($snapshot, 'entries', 'histories'), qr/^1\n\{2025-01-01:1\.00\}\n1\n$/, 'nothing has changed since');
$node->safe_psql('postgres', q{
	TRUNCATE entries;
	SELECT track_duties('others', 'account', 'released', 'duties', 'other_histories');
	CREATE TABLE later ();
});
like(seen($snapshot, 'entries', 'histories'), qr/^0\n0\n.*snapshot is too old/s, 'truncated since');
like(seen($snapshot, 'others', 'other_histories'), qr/^1\n1\n.*snapshot is too old/s, 'tracked since');
$exporter->query_safe('COMMIT');
$exporter->quit;
$node->stop;
done_testing();
