
# Citus: entries distributed by account over two nodes. With the silent
# gathering of rows turned into an error, every aggregate runs on the nodes and
# gives the answer of one server. Live histories are kept shard by shard.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($pkglibdir) = run_command([ 'pg_config', '--pkglibdir' ]);
plan skip_all => 'this server has no Citus' unless -f "$pkglibdir/citus.so";

my @nodes;
foreach my $name ('coordinator', 'worker1', 'worker2')
{
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', q{
		shared_preload_libraries = 'citus'
		listen_addresses = '127.0.0.1'
		wal_level = logical
		max_prepared_transactions = 50
		max_connections = 60
		citus.node_conninfo = 'sslmode=prefer'
		citus.shard_count = 6
		citus.shard_replication_factor = 1
		citus.stat_statements_track = 'none'
	});
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION citus');
	push @nodes, $node;
}
my ($head, @workers) = @nodes;
fill($head, 'postgres', 8000);
$head->safe_psql('postgres', "SELECT citus_set_coordinator_host('127.0.0.1', " . $head->port . ')');
$head->safe_psql('postgres', "SELECT citus_add_node('127.0.0.1', " . $_->port . ')') foreach @workers;
is($head->safe_psql('postgres',
		q{SELECT count(*) FROM run_command_on_workers('SELECT extversion FROM pg_extension WHERE extname = $$carm$$') WHERE success AND result <> ''}),
	2, 'the extension goes to the nodes by itself');

$head->safe_psql('postgres', q{
	CREATE TABLE spread (id bigint, account program_account NOT NULL, number bn9, release date, duties numeric(14,2));
	SELECT create_distributed_table('spread', 'account');
	INSERT INTO spread SELECT id, account, number, release, duties FROM entries;
	CREATE INDEX ON spread (account, release);
	CREATE TABLE kept (account program_account PRIMARY KEY, history duty_history);
	SELECT create_distributed_table('kept', 'account', colocate_with => 'spread');
	INSERT INTO kept SELECT account, history FROM histories;
	CREATE TABLE firms (n integer, number bn9 PRIMARY KEY);
	SELECT create_reference_table('firms');
	INSERT INTO firms SELECT * FROM businesses;
	CREATE TABLE by_number (number bn9, account program_account, duties numeric);
	SELECT create_distributed_table('by_number', 'number');
	INSERT INTO by_number SELECT number, account, duties FROM entries;
});
is($head->safe_psql('postgres', q{
		SELECT count(DISTINCT nodeport) FROM pg_dist_shard JOIN pg_dist_placement USING (shardid) JOIN pg_dist_node USING (groupid)
		WHERE logicalrelid = 'spread'::regclass}), 2, 'the shards lie on two nodes');

my $strict = q{SET citus.coordinator_aggregation_strategy = 'disabled';};

sub same
{
	my ($sql, $name) = @_;
	my ($code, $out, $err) = $head->psql('postgres', $strict . ($sql =~ s/%s/spread/r =~ s/%h/kept/r));

	is($err, '', "$name: no error");
	return is($out, $head->safe_psql('postgres', $sql =~ s/%s/entries/r =~ s/%h/histories/r), "$name: the answer of one server");
}

# The control: what can't be pushed down is an error.
my ($code, $out, $err) = $head->psql('postgres', "$strict SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY duties) FROM spread");
isnt($code, 0, 'an aggregate that can not be pushed down is an error here');

push @aggregates, q{required_security(duty_history(release, duties), 'surety_bond', as_of => '2024-09-15', basis => 'billing')};
my @of_histories = ('rollup(history)', q{rollup(history) FILTER (WHERE reference_number(account) <> 2)});

# None of the catalog's is left out.
is( $head->safe_psql('postgres', q{
		SELECT string_agg(DISTINCT format('%s/%s', proname, pronargs), ' ' ORDER BY format('%s/%s', proname, pronargs))
		FROM pg_proc p JOIN pg_depend d ON classid = 'pg_proc'::regclass AND objid = p.oid AND refclassid = 'pg_extension'::regclass
			AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm')
		WHERE prokind = 'a' AND proname NOT IN ('min', 'max')}),
	join(' ', sort keys %{{ map { /^(\w+)\(([^()]*)\)$/ ? ("$1/" . split(/,/, $2) => 1) : () } @aggregates, @of_histories }}),
	'every aggregate of the extension is asked');

foreach my $aggregate (@aggregates)
{
	same("SELECT account, $aggregate FROM %s GROUP BY account ORDER BY account", "$aggregate by account");
	same("SELECT number, $aggregate FROM %s GROUP BY number ORDER BY number", "$aggregate by number");
	same("SELECT date_trunc('quarter', release), $aggregate FROM %s GROUP BY 1 ORDER BY 1", "$aggregate by quarter");
	same("SELECT $aggregate FROM %s", "$aggregate over all");
	same("SELECT $aggregate FROM %s WHERE id < 0", "$aggregate over nothing");
}
foreach my $aggregate (@of_histories)
{
	same("SELECT $aggregate FROM %h", "$aggregate over all");
	same("SELECT bn9(account), $aggregate, peak_monthly_duty($aggregate) FROM %h GROUP BY 1 ORDER BY 1", "$aggregate by number");
	same("SELECT account, $aggregate FROM %h GROUP BY account ORDER BY account", "$aggregate by account");
}
same('SELECT account, duty_history(DISTINCT release, duties) FROM %s GROUP BY account ORDER BY account', 'DISTINCT by account');
same('SELECT id, peak_monthly_duty(release, duties) OVER (PARTITION BY account ORDER BY release, id ROWS 30 PRECEDING) FROM %s ORDER BY id',
	'a moving frame of each account');
same('SELECT min(account), max(account), min(number), max(number) FROM %s', 'min and max');
same('SELECT account, count(DISTINCT number) FROM %s GROUP BY account ORDER BY account', 'distinct numbers');

# Types and functions on the nodes.
my $number = business_number(20000777);
same("SELECT count(*), sum(duties) FROM %s WHERE account = '${number}RM0002'", 'one account');
same("SELECT count(*), sum(duties) FROM %s WHERE account = '${number}RM0002'::text", 'one account, as text');
same("SELECT count(*), sum(duties) FROM %s WHERE account <@ '$number'::bn9", 'one business');
same('SELECT h.account, t.* FROM %h h, security_timeline(h.history) t ORDER BY 1, 2', 'timelines');
same('SELECT h.account, t.* FROM %h h, security_position(h.history, 5000, 0) t ORDER BY 1', 'positions');
is( $head->safe_psql('postgres', "$strict SELECT h.account, h.history = duty_history(s.release, s.duties) FROM kept h JOIN spread s USING (account) GROUP BY h.account, h.history HAVING h.history <> duty_history(s.release, s.duties)"),
	'', 'a join by account on the nodes');
is( $head->safe_psql('postgres', "$strict SELECT f.n, peak_monthly_duty(release, duties) FROM spread s JOIN firms f USING (number) GROUP BY 1 ORDER BY 1"),
	$head->safe_psql('postgres', 'SELECT f.n, peak_monthly_duty(release, duties) FROM entries s JOIN businesses f USING (number) GROUP BY 1 ORDER BY 1'),
	'a join with a reference table');
is( $head->safe_psql('postgres', "$strict SELECT number, sum(duties) FROM by_number GROUP BY number ORDER BY number"),
	$head->safe_psql('postgres', 'SELECT number, sum(duties) FROM entries GROUP BY number ORDER BY number'),
	'distributed by bn9');
like($head->safe_psql('postgres', "EXPLAIN (COSTS OFF) SELECT duty_history(release, duties) FROM spread WHERE account = '${number}RM0002'"),
	qr/Task Count: 1\b/, 'one account is asked of one shard');
like($head->safe_psql('postgres', q{EXPLAIN (COSTS OFF) SELECT number, duty_history(release, duties) FROM spread GROUP BY number}),
	qr/Task Count: 6\b/, 'another key of all');

# Writing, and moving shards about.
$head->safe_psql('postgres', qq{
	UPDATE spread SET duties = duties + 1 WHERE account = '${number}RM0002';
	UPDATE entries SET duties = duties + 1 WHERE account = '${number}RM0002';
	UPDATE kept SET history = history + '{2025-02-01:1}' WHERE account = '${number}RM0002';
	UPDATE histories SET history = history + '{2025-02-01:1}' WHERE account = '${number}RM0002';
	SELECT citus_move_shard_placement(shardid, '127.0.0.1', nodeport, '127.0.0.1', (SELECT max(nodeport) FROM pg_dist_node n WHERE n.nodeport <> s.nodeport AND n.groupid <> 0), 'block_writes')
		FROM citus_shards s WHERE table_name = 'spread'::regclass ORDER BY shardid LIMIT 1;
});
same('SELECT number, duty_history(release, duties) FROM %s GROUP BY number ORDER BY number', 'after writes and a moved shard');
same('SELECT rollup(history) FROM %h', 'histories after writes and a moved shard');

# Live histories: Citus makes no triggers with transition tables on a
# distributed table. Its shards are plain tables of the nodes, and are tracked
# there.
my $before = $head->safe_psql('postgres', 'SELECT count(*) FROM pg_class');
($code, $out, $err) = $head->psql('postgres', q{SELECT track_duties('spread', 'account', 'release', 'duties', 'spread_live')});
isnt($code, 0, 'a distributed table is not tracked');
like($err, qr/triggers are not supported on distributed tables/, 'and Citus says why');
is($head->safe_psql('postgres', 'SELECT count(*) FROM pg_class'), $before, 'nothing is left behind');

# Runs a command on each shard, %s, and gives the different answers.
sub on_shards
{
	my ($command) = @_;

	return $head->safe_psql('postgres', "SELECT DISTINCT success, result FROM run_command_on_shards('spread', \$shard\$$command\$shard\$) ORDER BY 1, 2");
}

my $track = q{
	SELECT track_duties(oid, 'account', 'release', 'duties', (relname || '_live')::name) IS NOT NULL
	FROM pg_class, set_config('citus.enable_ddl_propagation', 'off', true) WHERE oid = '%s'::regclass};
my $live = q{
	SELECT r.account, r.history
	FROM run_command_on_shards('spread', 'SELECT json_agg(l) FROM %s_live l') s, json_to_recordset(s.result::json) r(account program_account, history duty_history)
	ORDER BY 1};

sub same_live
{
	my ($name) = @_;

	is( $head->safe_psql('postgres', $live),
		$head->safe_psql('postgres', 'SELECT account, duty_history(release, duties) FROM entries GROUP BY account ORDER BY account'),
		"live histories, $name: those of one server");
	return is(on_shards(q{SELECT count(*) FROM verify_duties('%s')}), 't|0', "live histories, $name: what a recount gives");
}

is(on_shards($track), 't|t', 'each shard is tracked');
same_live('as made');
foreach my $table ('spread', 'entries')
{
	$head->safe_psql('postgres', qq{
		INSERT INTO $table (id, account, number, release, duties) SELECT 800000 + id, account, number, release + 3, duties / 2 FROM made WHERE id % 3 = 0;
		COPY $table (id, account, number, release, duties) FROM PROGRAM 'printf "900001\\t$number rm 0004\\t$number\\t2025-01-02\\t5\\n"';
		UPDATE $table SET duties = duties - 7.77 WHERE id % 5 = 0;
		UPDATE $table SET release = release + 31 WHERE account = '${number}RM0002';
		DELETE FROM $table WHERE id % 9 = 0;
		DELETE FROM $table WHERE account = '${number}RM0003';
		BEGIN;
		UPDATE $table SET duties = 0;
		ROLLBACK;
		BEGIN;
		UPDATE $table SET duties = duties + 1 WHERE account = '${number}RM0002';
		INSERT INTO $table (id, account, number, release, duties) VALUES (900002, '${number}RM0002', '$number', '2025-01-03', 6.5);
		COMMIT;
	});
}
same_live('after changes');

# A transaction over several shards is prepared, and prepared ones merge nothing.
on_shards(q{SELECT fold_duties('%s')});
is(on_shards('SELECT count(*) - count(DISTINCT account) FROM %s_live_parts'), 't|0', 'fold_duties leaves one part an account');
same_live('folded');

# A shard that moves is another table: what was kept is missed, not wrong.
my $shard = $head->safe_psql('postgres', q{SELECT min(shardid) FROM pg_dist_shard WHERE logicalrelid = 'spread'::regclass});
$head->safe_psql('postgres', qq{
	SELECT citus_move_shard_placement(shardid, '127.0.0.1', nodeport, '127.0.0.1',
		(SELECT nodeport FROM pg_dist_node n WHERE n.nodeport <> s.nodeport AND n.groupid <> 0), 'block_writes')
	FROM citus_shards s WHERE shardid = $shard});
($code, $out, $err) = $head->psql('postgres', $live);
isnt($code, 0, 'a shard that has moved: reading its live histories is an error');
like(on_shards(q{
	SELECT CASE WHEN to_regclass('%1$s_live') IS NULL THEN track_duties(oid, 'account', 'release', 'duties', (relname || '_live')::name) END
	FROM pg_class, set_config('citus.enable_ddl_propagation', 'off', true) WHERE oid = '%1$s'::regclass}),
	qr/_live/, 'it is tracked anew where it is now');
same_live('after a move');
$head->safe_psql('postgres', 'TRUNCATE spread');
is(on_shards('SELECT count(*) FROM %s_live'), 't|0', 'live histories of a truncated table are gone');
$head->safe_psql('postgres', q{
	DROP TABLE spread;
	CALL citus_cleanup_orphaned_resources();
});
is($head->safe_psql('postgres', q{SELECT string_agg(DISTINCT result, '') FROM run_command_on_workers($$SELECT count(*) FROM pg_class WHERE relname ~ '^spread_[0-9]+$'$$)}), '0',
	'a distributed table that is tracked can be dropped');

$_->stop foreach @nodes;
done_testing();
