
# What was committed before a crash is there after it, and nothing else.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "fsync = on\nautovacuum = off\nrestart_after_crash = on\n");
$node->start;
fill($node, 'postgres', 6000);
is(wrong_answers($node, 'postgres'), 0, 'answers equal plain SQL');
$node->safe_psql('postgres', 'CHECKPOINT');

# Changes after the checkpoint, which only the log has; pages not yet written.
$node->safe_psql('postgres', q{
	UPDATE entries SET duties = duties + 1 WHERE id % 3 = 0;
	DELETE FROM entries WHERE id % 11 = 0;
	INSERT INTO entries (id, account, number, owner, release, duties)
		SELECT id + 100000, account, number, owner, release, 10 FROM entries WHERE id % 7 = 0;
	UPDATE histories SET history = history + history WHERE reference_number(account) = 2;
	UPDATE parts SET account = program_account(bn9(account), 'RT', 1) WHERE reference_number(account) = 3;
	REINDEX INDEX entries_hash;
	VACUUM;
});
my $before = answers($node, 'postgres');

# And a transaction that never committed.
my $open = $node->background_psql('postgres');
$open->query_safe(q{BEGIN; UPDATE entries SET duties = 0; DELETE FROM histories;});
$node->safe_psql('postgres', 'SELECT pg_switch_wal()');
$node->stop('immediate');
$open->{run}->finish;

$node->start;
is(answers($node, 'postgres'), $before, 'after the crash all answers are the same');
is(wrong_answers($node, 'postgres'), 0, 'and equal plain SQL');
indexes_are_sound($node, 'postgres', 'amcheck finds nothing');

# Again with full use afterwards.
$node->safe_psql('postgres', q{UPDATE entries SET duties = duties * 2 WHERE id % 5 = 0});
is(wrong_answers($node, 'postgres'), 0, 'the recovered server goes on');

# A backend that dies takes all down, and all come back.
$before = answers($node, 'postgres');
my $victim = $node->background_psql('postgres', on_error_stop => 0);
my $pid = $victim->query_safe('SELECT pg_backend_pid()');
$victim->query_safe('BEGIN; UPDATE entries SET duties = 1');
my $seen = -s $node->logfile;
kill 'KILL', $pid;
$victim->{run}->finish;
# until the server has noticed, it answers
$node->wait_for_log(qr/all server processes terminated; reinitializing/, $seen);
$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'the server did not come back';
is(answers($node, 'postgres'), $before, 'after a killed backend all answers are the same');
indexes_are_sound($node, 'postgres', 'amcheck finds nothing then either');

$node->stop;
done_testing();
