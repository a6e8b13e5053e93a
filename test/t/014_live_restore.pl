
# Live histories through dumps of a part (the data alone, its sections, one
# table), restored into what is there or not; on a logical subscriber that has
# them tracked itself; and how soon long work on them can be cancelled.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Traffic;

my $dir = PostgreSQL::Test::Utils::tempdir();
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->append_conf('postgresql.conf', 'autovacuum = off');
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE live');
make_tracked($node, 'live', $dir);
my $out = '';
start_traffic($node, 'live', $dir, 3, \$out)->finish;
is(whats_wrong($node, 'live'), '', 'tracked tables equal plain SQL');
my @at = ('-p', $node->port, '-h', $node->host);
my $entries = $node->safe_psql('live', 'SELECT count(*) FROM plain') . '|' . $node->safe_psql('live', 'SELECT count(*) FROM parted');

# A new database with the definitions, and perhaps the triggers, of the dump.
sub database
{
	my ($name, @sections) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	foreach my $section (@sections)
	{
		$node->command_ok([ 'pg_restore', @at, '--exit-on-error', "--section=$section", '-d', $name, "$dir/all.dir" ], "$name: $section");
	}
	return $name;
}

sub restored
{
	my ($db, $name) = @_;

	is( $node->safe_psql($db, 'SELECT count(*) FROM plain') . '|' . $node->safe_psql($db, 'SELECT count(*) FROM parted'),
		$entries, "$name: all entries are there");
	is(whats_wrong($node, $db), '', "$name: nothing is wrong");
	$out = '';
	start_traffic($node, $db, $dir, 1, \$out)->finish;
	unlike($out, qr/aborted|ERROR/, "$name: it is written to") or diag($out);
	is(whats_wrong($node, $db), '', "$name: and still nothing is wrong");
	return;
}

$node->command_ok([ 'pg_dump', @at, '-Fd', '-j2', '-f', "$dir/all.dir", 'live' ], 'dump');
$node->command_ok([ 'pg_dump', @at, '-a', '-f', "$dir/data.sql", 'live' ], 'dump of the data alone');
$node->command_ok([ 'pg_dump', @at, '-a', '--disable-triggers', '-f', "$dir/disabled.sql", 'live' ], 'the same, with triggers disabled');
$node->command_ok([ 'pg_dump', @at, '-a', '--inserts', '--rows-per-insert=20', '-f', "$dir/inserts.sql", 'live' ], 'the same, as INSERTs');

# Everything at once; section by section; the data last.
$node->safe_psql('postgres', 'CREATE DATABASE whole');
$node->command_ok([ 'pg_restore', @at, '--exit-on-error', '-j4', '-d', 'whole', "$dir/all.dir" ], 'restore with four jobs');
restored('whole', 'four jobs');
restored(database('in_order', 'pre-data', 'data', 'post-data'), 'by section');

# Into tables whose triggers are there: each entry counts once.
my $db = database('data_last', 'pre-data', 'post-data');
$node->command_ok([ 'pg_restore', @at, '--exit-on-error', '--section=data', '-j4', '-d', $db, "$dir/all.dir" ], 'data restored last, with four jobs');
restored($db, 'data last');
foreach my $form ('data', 'disabled', 'inserts')
{
	$db = database("only_$form", 'pre-data', 'post-data');
	$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', @at, '-d', $db, '-f', "$dir/$form.sql" ], "restore of $form");
	restored($db, "$form alone");
}
# The entries alone: with triggers, they are counted; without, verify_duties
# finds it and rebuild_duties puts it right.
foreach my $triggers ('with', 'without')
{
	$db = database("entries_$triggers", 'pre-data', 'post-data');
	$node->command_ok([ 'pg_restore', @at, '--exit-on-error', '-a', $triggers eq 'with' ? () : ('--disable-triggers'),
			'-t', 'plain', '-t', 'parted_early', '-t', 'parted_middle', '-t', 'parted_late', '-t', 'accounts',
			'-d', $db, "$dir/all.dir" ], "restore of entries $triggers triggers");
	if ($triggers eq 'without')
	{
		isnt(whats_wrong($node, $db), '', 'entries restored without triggers are found missing');
		$node->safe_psql($db, q{SELECT rebuild_duties('plain'), rebuild_duties('parted')});
	}
	$node->safe_psql($db, q{SELECT setval('plain_id_seq', 1000000), setval('parted_id_seq', 1000000)});
	restored($db, "entries $triggers triggers");
}
# What a dump doesn't tell: the parts go with the table again.
$node->safe_psql('whole', q{SELECT rebuild_duties('plain')});
$node->safe_psql('whole', q{DROP TABLE plain CASCADE});
is($node->safe_psql('whole', q{SELECT count(*) FROM pg_class WHERE relname ~ '^plain'}), 0, 'nothing is left of a table that was restored, rebuilt and dropped');

# A subscriber that tracks its copy: what is applied isn't counted, what it
# writes itself is.
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
$subscriber->start;
$subscriber->safe_psql('postgres', q{
	CREATE EXTENSION carm;
	CREATE TABLE plain (id bigint, client integer, account program_account, released date, duties numeric(14,2),
		latest boolean, note text, PRIMARY KEY (id, released));
	SELECT track_duties('plain', 'account', 'released', 'duties', 'copied');
});
$node->safe_psql('live', 'CREATE PUBLICATION entries FOR TABLE plain');
my $connection = $node->connstr . ' dbname=live';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION entries CONNECTION '$connection' PUBLICATION entries");
$subscriber->wait_for_subscription_sync($node, 'entries');
my $copied = $subscriber->safe_psql('postgres', 'SELECT count(DISTINCT account) FROM plain');
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('plain')}), $copied, 'subscriber: the first copy is not counted, and found');
$subscriber->safe_psql('postgres', q{SELECT rebuild_duties('plain')});
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('plain')}), 0, 'subscriber: rebuilt');
start_traffic($node, 'live', $dir, 2, \$out)->finish;
$subscriber->safe_psql('postgres', q{INSERT INTO plain VALUES (-1, 0, '123456782RM0001', '2025-01-01', 5, true)});
is($subscriber->safe_psql('postgres', q{SELECT history FROM copied WHERE account = '123456782RM0001'}), '{2025-01-01:5.00}', 'subscriber: what it writes itself is counted');
$node->wait_for_catchup('entries');
isnt($subscriber->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('plain')}), 0, 'subscriber: changes applied are not counted, and found');
$subscriber->safe_psql('postgres', q{SELECT rebuild_duties('plain')});
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('plain')}), 0, 'subscriber: rebuilt again');
$subscriber->safe_psql('postgres', q{ALTER TABLE plain ENABLE ALWAYS TRIGGER copied_insert});
# Statement triggers aren't fired by what is applied, even so.
$node->safe_psql('live', q{INSERT INTO plain (client, account, released, duties) SELECT 0, account, '2025-01-01', 1 FROM accounts});
$node->wait_for_catchup('entries');
isnt($subscriber->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('plain')}), 0, 'subscriber: not even by triggers that are always enabled');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION entries');
$subscriber->stop;

# Long work is cancelled at once, wherever it is, and leaves nothing behind.
$node->safe_psql('postgres', q{
	CREATE EXTENSION carm;
	CREATE TABLE many AS SELECT i AS id, i * 7919::bigint % 50000 AS account, date '2022-01-01' + i % 1000 AS released, i % 1000 * 1.01 AS duties
		FROM generate_series(1, 1000000) i;
});
my $longest = 0;
my $cancelled = 0;
sub cancel
{
	my ($sql) = @_;

	foreach my $ms (30, 100, 300, 600, 1000, 1500)
	{
		my $started = time;
		my ($code, $shown, $error) = $node->psql('postgres', "SET statement_timeout = $ms; $sql");
		my $late = time - $started - $ms / 1000;

		last if $code == 0;
		like($error, qr/canceling statement due to statement timeout/, "cancelled after $ms ms: $sql");
		$cancelled++;
		$longest = $late if $late > $longest;
	}
	return;
}
cancel(q{SELECT track_duties('many', 'account', 'released', 'duties', 'many_histories')});
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_class WHERE relname ~ '^many_'}), 0, 'nothing is left of a tracking that was cancelled')
  if $node->safe_psql('postgres', q{SELECT count(*) FROM tracked_duties()}) == 0;
$node->safe_psql('postgres', q{
	DO $$ BEGIN IF to_regclass('many_histories') IS NULL THEN
		PERFORM track_duties('many', 'account', 'released', 'duties', 'many_histories'); END IF; END $$;
	SET session_replication_role = replica;
	UPDATE many SET duties = duties + 1;
});
cancel(q{SELECT rebuild_duties('many')});
cancel(q{SELECT fold_duties('many')});
cancel(q{SELECT * FROM verify_duties('many')});
cancel(q{UPDATE many SET duties = duties + 1});
cancel(q{TRUNCATE many});
# bulk loads, at the memory a server has by default
my $file = PostgreSQL::Test::Utils::tempdir() . '/rows';
$node->safe_psql('postgres', qq{
	COPY many TO '$file';
	CREATE TABLE parted (LIKE many) PARTITION BY RANGE (released);
	CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2022-01-01') TO ('2023-07-01');
	CREATE TABLE parted_2 PARTITION OF parted DEFAULT;
	SELECT track_duties('parted', 'account', 'released', 'duties', 'parted_histories');
});
cancel("COPY many FROM '$file'");
cancel("COPY parted FROM '$file'");
is($node->safe_psql('postgres', q{
	INSERT INTO parted SELECT * FROM many;
	SELECT count(*) FROM (
		SELECT account, total_duties(history) FROM parted_histories
		EXCEPT SELECT account, sum(duties) FROM parted GROUP BY account) AS wrong
}), 0, 'after cancelled loads into partitions, a live history is what sums are');
cmp_ok($cancelled, '>=', 10, "$cancelled statements were cancelled");
cmp_ok($longest, '<', 1, sprintf('within a second: %.2f s at most', $longest));
$node->safe_psql('postgres', q{SELECT rebuild_duties('many')});
is($node->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('many')}), 0, 'nothing is wrong after all that');

# More accounts than a transaction remembers to merge: each time, some are.
$node->safe_psql('postgres', q{
	CREATE TABLE wide (account integer, released date, duties numeric);
	SELECT track_duties('wide', 'account', 'released', 'duties', 'wide_histories');
});
$node->safe_psql('postgres', q{INSERT INTO wide SELECT i, '2025-01-01', 1 FROM generate_series(1, 210000) i}) foreach 1 .. 5;
is($node->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('wide')}), 0, 'hundreds of thousands of accounts in one transaction');
cmp_ok($node->safe_psql('postgres', q{SELECT count(*) FROM wide_histories_parts}), '<', 210000 * 4.5, 'and their parts stay few');
$node->stop;

done_testing();
