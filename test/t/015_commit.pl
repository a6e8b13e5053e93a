
# Merging at commit is optional: it never makes a commit fail, and it is over
# before anything of the transaction is committed elsewhere. Here postgres_fdw
# commits on another server, while merging takes long.

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'max_prepared_transactions = 10');
$node->start;
if ($node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'") eq '0')
{
	plan skip_all => 'postgres_fdw is not installed';
}
my $port = $node->port;
my $host = $node->host;
$node->safe_psql('postgres', 'CREATE DATABASE remote');
$node->safe_psql('remote', 'CREATE TABLE copies (n integer)');
$node->safe_psql('postgres', qq{
	CREATE EXTENSION carm;
	CREATE EXTENSION postgres_fdw;
	CREATE SERVER remote FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'remote');
	CREATE USER MAPPING FOR CURRENT_USER SERVER remote;
	CREATE FOREIGN TABLE copies (n integer) SERVER remote;
	CREATE TABLE entries (n integer, account integer, released date, duties numeric);
	SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
	CREATE FUNCTION slow(duty_history) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS \$\$
	BEGIN
		IF current_setting('test.slow', true) = 'on' THEN PERFORM pg_advisory_lock_shared(42), pg_advisory_unlock_shared(42); END IF;
		RETURN 1;
	END \$\$;
	CREATE INDEX slow ON histories_parts (public.slow(history));
});

# A transaction of one session: it writes here, then, for the first time, on the
# other server. The first merge at its commit waits for us: meanwhile something
# is done to it. Gives what it said, and how many accounts it has merged.
my $n = 0;

sub commit_and
{
	my ($end, $done) = @_;
	my ($in, $out, $err) = ('', '', '');
	my $timer = IPC::Run::timeout(180);
	my $waiting = "FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
	my ($session, $key);

	$n++;
	# as many parts as are left unmerged
	$node->safe_psql('postgres', "INSERT INTO entries SELECT -1, i, '2025-01-01', 1 FROM generate_series(1, 10) i;
		SELECT fold_duties('entries')");
	$node->safe_psql('postgres', "INSERT INTO entries SELECT -1, i, '2025-01-01', 1 FROM generate_series(1, 10) i") for 1 .. 2;
	$session = IPC::Run::start([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err, $timer);
	my ($key_in, $key_out) = ('', '');
	$key = IPC::Run::start([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$key_in, '>', \$key_out, $timer);
	$key_in = "SELECT pg_advisory_lock(42);\n\\echo locked\n";
	$key->pump until $key_out =~ /locked/;
	$in = "BEGIN; INSERT INTO entries SELECT $n, i, '2025-02-02', i FROM generate_series(1, 10) i;
		INSERT INTO copies VALUES ($n);
		SET LOCAL test.slow = 'on';\n$end;\n\\echo done\n\\q\n";
	$session->pump while length $in;
	$node->poll_query_until('postgres', "SELECT count(*) = 1 $waiting") or die 'nobody waits';
	$node->safe_psql('postgres', "SELECT $done(pid) $waiting") if $done;
	$node->poll_query_until('postgres', "SELECT count(*) = 0 $waiting") if $done;
	$key_in = "\\q\n";
	$key->finish;
	$session->finish;
	return ($out . $err, $node->safe_psql('postgres', 'SELECT count(*) FILTER (WHERE few) FROM (SELECT count(*) <= 3 AS few FROM histories_parts GROUP BY account) p'));
}

sub counts
{
	return $node->safe_psql('postgres', "SELECT count(*) FROM entries WHERE n = $n") . ' here, '
		. $node->safe_psql('remote', "SELECT count(*) FROM copies WHERE n = $n") . ' there';
}

sub whats_wrong
{
	return $node->safe_psql('postgres', "SELECT * FROM verify_duties('entries')");
}

my ($said, $merged) = commit_and('COMMIT');
is(counts(), '10 here, 1 there', 'a commit that merges slowly');
is($merged, 10, '... merges all');

($said, $merged) = commit_and('COMMIT', 'pg_cancel_backend');
is(counts(), '10 here, 1 there', 'cancelled, it has committed, here and there');
is($said, "done\n", '... and says so');
is($merged, 0, '... but has merged nothing');
is(whats_wrong(), '', '... and nothing is wrong');

($said, $merged) = commit_and('COMMIT', 'pg_terminate_backend');
is(counts(), '0 here, 0 there', 'terminated, it has committed nowhere');
is(whats_wrong(), '', '... and nothing is wrong');

# of a longer command, what comes after the commit is cancelled
($said, $merged) = commit_and('COMMIT\; SELECT pg_sleep(170)', 'pg_cancel_backend');
is(counts(), '10 here, 1 there', 'a cancel ends the merging');
like($said, qr/canceling statement due to user request/, '... and is kept for what comes after');

# a procedure that commits again and again can be cancelled
$node->safe_psql('postgres', "CREATE PROCEDURE load() LANGUAGE plpgsql AS \$\$
	BEGIN
		LOOP
			INSERT INTO entries SELECT 0, j, '2025-03-03', 1 FROM generate_series(1, 100) j;
			COMMIT;
		END LOOP;
	END \$\$");
my ($ret, $out, $err) = $node->psql('postgres', "SET statement_timeout = '2s'; CALL load()");
like($err, qr/canceling statement due to statement timeout/, 'a procedure that commits again and again can be cancelled');
# ... whenever that is: the timeout may come just before something is merged
my $calls = join '', map { sprintf "SET statement_timeout = '%dms'; CALL load();\n", 20 + $_ % 17 } 1 .. 100;
($ret, $out, $err) = $node->psql('postgres', $calls, on_error_stop => 0);
is(join(', ', grep { !/statement timeout/ } $err =~ /^.*ERROR: .*$/mg), '', '... and says why, whenever it is');
is(whats_wrong(), '', '... and nothing is wrong');

# prepared, merging is over before
$node->safe_psql('postgres', "INSERT INTO entries SELECT 0, i, '2025-01-01', 1 FROM generate_series(1, 10) i") for 1 .. 3;
$node->safe_psql('postgres', "BEGIN; INSERT INTO entries SELECT 0, i, '2025-04-04', 1 FROM generate_series(1, 10) i; PREPARE TRANSACTION 'p'");
$node->safe_psql('postgres', "INSERT INTO entries SELECT 0, i, '2025-05-05', 1 FROM generate_series(1, 10) i") for 1 .. 10;
is($node->safe_psql('postgres', 'SELECT max(n) < 10 FROM (SELECT count(*) AS n FROM histories_parts GROUP BY account) p'), 't',
	'parts stay few beside a prepared transaction');
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
is(whats_wrong(), '', '... and nothing is wrong');

# nobody can run, or see, what tells us of a commit; to close it does no harm
is($node->safe_psql('postgres', "BEGIN; INSERT INTO entries VALUES (0, 1, '2025-06-06', 1); SELECT count(*) FROM pg_cursors; COMMIT"),
	'0', 'no cursor is seen');
($ret, $out, $err) = $node->psql('postgres', 'BEGIN; INSERT INTO entries VALUES (0, 1, \'2025-06-06\', 1); FETCH ALL "carm: parts to be merged at commit"');
like($err, qr/cannot be run/, '... nor can it be run');
$node->safe_psql('postgres', 'BEGIN; INSERT INTO entries VALUES (0, 1, \'2025-06-06\', 1); CLOSE ALL; INSERT INTO entries VALUES (0, 1, \'2025-06-06\', 1);
	SAVEPOINT s; INSERT INTO entries VALUES (0, 2, \'2025-06-06\', 1); ROLLBACK TO s; INSERT INTO entries VALUES (0, 3, \'2025-06-06\', 1); COMMIT');
is(whats_wrong(), '', 'cursors are closed in between');

# where the server has no room for one lock more, merging does without
$node->safe_psql('postgres', q{
	CREATE TABLE many (n integer) PARTITION BY LIST (n);
	DO $$ BEGIN FOR i IN 1 .. 100 LOOP EXECUTE format('CREATE TABLE many_%s PARTITION OF many FOR VALUES IN (%1$s)', i); END LOOP; END $$;
	CREATE TABLE long (account text, released date, duties numeric);
	SELECT track_duties('long', 'account', 'released', 'duties', 'long_histories')});
my $insert = "INSERT INTO long SELECT 'a', date '2000-01-01' + 31 * i, i + 0.37 FROM generate_series(1, 60) i";
$node->safe_psql('postgres', $insert) for 1 .. 3;
my ($in, $answer, $errors) = ('', '', '');
my $session = IPC::Run::start([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$answer, '2>', \$errors, IPC::Run::timeout(180));
$in = "BEGIN; SELECT count(*) FROM many; $insert;\n\\echo written\n";
$session->pump until $answer =~ /written/;
my ($filler_in, $filled, $full) = ('', '', '');
my $filler = IPC::Run::start([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$filler_in, '>', \$filled, '2>', \$full, IPC::Run::timeout(180));
$filler_in = "DO 'BEGIN FOR i IN 1 .. 1000000 LOOP PERFORM pg_advisory_lock(i); END LOOP; END';\n"
  . join('', map { "SELECT pg_advisory_lock(-$_) IS NULL;\n" } 1 .. 300) . "\\echo full\n";
$filler->pump until $filled =~ /full/;
like($full, qr/out of shared memory/, 'no lock is left');
$in = "COMMIT;\n\\echo committed\n\\q\n";
$session->finish;
$filler_in = "\\q\n";
$filler->finish;
is($errors, '', '... and a transaction commits');
is($node->safe_psql('postgres', "SELECT count(*), (SELECT count(*) FROM verify_duties('long')) FROM long"), '240|0', '... with all it has counted');

$node->stop;
done_testing();
