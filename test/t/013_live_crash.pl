
# Live histories through crashes in the middle of traffic, on a replica that is
# promoted, and with transactions that are prepared and finished later.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);
use Traffic;

my $dir = PostgreSQL::Test::Utils::tempdir();
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', qq{
	fsync = on
	synchronous_commit = on
	restart_after_crash = on
	max_prepared_transactions = 100
	autovacuum_naptime = 1s
});
$node->start;
make_tracked($node, 'postgres', $dir);
is(whats_wrong($node, 'postgres'), '', 'tracked tables equal plain SQL');

# Kills the server; waits until all of its processes have noticed.
sub killed
{
	my @pids = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity');

	$node->kill9;
	foreach (1 .. 600)
	{
		return unless grep { kill 0, $_ } @pids;
		usleep(100_000);
	}
	die 'the server did not go away';
}

foreach my $round (1 .. 6)
{
	my $out = '';
	my $clients = start_traffic($node, 'postgres', $dir, 60, \$out);
	my $before = $node->safe_psql('postgres', 'SELECT last_value FROM plain_id_seq');

	usleep(1_000_000 + 300_000 * $round);
	# an open transaction, and one that is prepared, at the time
	$node->safe_psql('postgres', qq{
		BEGIN;
		INSERT INTO plain (client, account, released, duties)
			SELECT 99, account, '2025-01-01', $round FROM accounts;
		UPDATE parted SET duties = duties + 1 WHERE client = 99;
		PREPARE TRANSACTION 'round $round';
	});
	if ($round == 3)
	{
		# one backend only: the server takes itself down and comes back
		my $pid = $node->safe_psql('postgres', q{
			SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1});
		my $seen = -s $node->logfile;
		kill 'KILL', $pid;
		$clients->finish;
		$node->wait_for_log(qr/all server processes terminated; reinitializing/, $seen);
		$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'the server did not come back';
	}
	else
	{
		killed();
		$clients->finish;
		$node->start;
	}
	is(whats_wrong($node, 'postgres'), '', "killed, $round: nothing is wrong after recovery");
	cmp_ok($node->safe_psql('postgres', 'SELECT last_value FROM plain_id_seq'), '>', $before + 50, "killed, $round: in the middle of traffic");
	$node->safe_psql('postgres', $round % 2 ? "COMMIT PREPARED 'round $round'" : "ROLLBACK PREPARED 'round $round'");
	is(whats_wrong($node, 'postgres'), '', "killed, $round: nor when a prepared transaction is finished");
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM plain WHERE client = 99'), 3 * 40, 'prepared transactions that were committed are there');
cmp_ok($node->safe_psql('postgres', 'SELECT parts FROM most_parts'), '<=', 20, 'parts are few');

# A transaction that is prepared holds nobody up, and what others leave stays few.
$node->safe_psql('postgres', q{
	BEGIN;
	INSERT INTO plain (client, account, released, duties) SELECT 98, account, '2025-01-01', 1 FROM accounts, generate_series(1, 3);
	UPDATE plain SET duties = duties + 1 WHERE client = 98;
	PREPARE TRANSACTION 'held'});
my $out = '';
my $clients = start_traffic($node, 'postgres', $dir, 4, \$out);
usleep(3_000_000);
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'extend'}), 0, 'nobody waits for a prepared transaction');
cmp_ok($node->safe_psql('postgres', 'SELECT parts FROM most_parts'), '<=', 30, 'parts stay few meanwhile');
$clients->finish;
unlike($out, qr/aborted|ERROR/, 'and no client fails') or diag($out);
is(whats_wrong($node, 'postgres'), '', 'nothing is wrong before it is finished');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'held'});
is(whats_wrong($node, 'postgres'), '', 'nor after');
# nothing but such transactions
foreach my $n (1 .. 60)
{
	$node->safe_psql('postgres', qq{
		BEGIN;
		INSERT INTO plain (client, account, released, duties) SELECT 97, account, '2025-02-02', $n FROM accounts WHERE n < 3;
		PREPARE TRANSACTION 'p';
	});
	$node->safe_psql('postgres', $n % 5 ? "COMMIT PREPARED 'p'" : "ROLLBACK PREPARED 'p'");
}
cmp_ok($node->safe_psql('postgres', 'SELECT parts FROM most_parts'), '<=', 20, 'parts stay few where all transactions are prepared');
is(whats_wrong($node, 'postgres'), '', 'and nothing is wrong');

# A replica, while the primary is written to, and promoted when that is gone.
$node->backup('base');
my $replica = PostgreSQL::Test::Cluster->new('replica');
$replica->init_from_backup($node, 'base', has_streaming => 1);
$replica->append_conf('postgresql.conf', 'max_standby_streaming_delay = -1');
$replica->start;
$clients = start_traffic($node, 'postgres', $dir, 60, \$out);
foreach my $look (1 .. 5)
{
	usleep(500_000);
	is(whats_wrong($replica, 'postgres'), '', "nothing is wrong on the replica, look $look");
}
killed();
$clients->finish;
$replica->promote;
is(whats_wrong($replica, 'postgres'), '', 'nor when it is promoted');
$out = '';
start_traffic($replica, 'postgres', $dir, 2, \$out)->finish;
unlike($out, qr/aborted|ERROR/, 'it is written to') or diag($out);
is(whats_wrong($replica, 'postgres'), '', 'and still nothing is wrong');
$replica->stop;

# Unlogged tables are empty after a crash, and so are their histories.
$node->start;
$node->safe_psql('postgres', q{
	CREATE UNLOGGED TABLE brief (account text, released date, duties numeric);
	SELECT track_duties('brief', 'account', 'released', 'duties', 'brief_histories');
	INSERT INTO brief VALUES ('a', '2025-01-01', 1)});
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', q{SELECT (SELECT count(*) FROM brief), (SELECT count(*) FROM brief_histories)}), '0|0', 'an unlogged table and its histories are empty');
is($node->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('brief')}), 0, 'which is right');
$node->stop;

done_testing();
