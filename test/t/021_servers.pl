
# Entries spread over three servers by account: postgres_fdw over hash
# partitions, dblink, and PL/Proxy where it is installed. What is shipped whole, what takes two steps, and that
# the answers are those of one server.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $head = PostgreSQL::Test::Cluster->new('head');
$head->init;
$head->start;
fill($head, 'postgres', 8000);
$head->safe_psql('postgres', q{
	CREATE EXTENSION postgres_fdw;
	CREATE EXTENSION dblink;
	CREATE TABLE spread (id bigint, account program_account NOT NULL, number bn9, release date, duties numeric(14,2))
		PARTITION BY HASH (account);
});

my @shards;
foreach my $n (0 .. 2)
{
	my $shard = PostgreSQL::Test::Cluster->new("shard$n");
	$shard->init;
	$shard->start;
	$shard->safe_psql('postgres', q{
		CREATE EXTENSION carm;
		CREATE TABLE spread (id bigint, account program_account NOT NULL, number bn9, release date, duties numeric(14,2));
		CREATE INDEX ON spread (account);
	});
	my ($host, $port) = ($shard->host, $shard->port);
	$head->safe_psql('postgres', qq{
		CREATE SERVER shard$n FOREIGN DATA WRAPPER postgres_fdw
			OPTIONS (host '$host', port '$port', dbname 'postgres', extensions 'carm', async_capable 'true');
		CREATE USER MAPPING FOR CURRENT_USER SERVER shard$n;
		CREATE FOREIGN TABLE spread_$n PARTITION OF spread FOR VALUES WITH (MODULUS 3, REMAINDER $n)
			SERVER shard$n OPTIONS (table_name 'spread');
	});
	push @shards, $shard;
}
$head->safe_psql('postgres', q{INSERT INTO spread SELECT id, account, number, release, duties FROM entries; ANALYZE spread});
foreach my $shard (@shards)
{
	$shard->safe_psql('postgres', 'ANALYZE');
	cmp_ok($shard->safe_psql('postgres', 'SELECT count(*) FROM spread'), '>', 500, $shard->name . ' has its part');
}

# ask TABLE SQL: the answer, where SQL names the table as %s.
my $wise = 'SET enable_partitionwise_aggregate = on;';

sub same
{
	my ($sql, $name) = @_;

	return is($head->safe_psql('postgres', $wise . ($sql =~ s/%s/spread/r)),
		$head->safe_psql('postgres', $sql =~ s/%s/entries/r), $name);
}

# The statements that the plan of a query sends to the servers.
sub shipped
{
	my ($sql) = @_;
	my $plan = $head->safe_psql('postgres', "$wise EXPLAIN (VERBOSE, COSTS OFF) " . ($sql =~ s/%s/spread/r));

	return grep { /Remote SQL/ } split /\n/, $plan;
}

foreach my $aggregate (@aggregates, q{required_security(duty_history(release, duties), 'surety_bond')})
{
	my $sql = "SELECT account, $aggregate AS got FROM %s GROUP BY account";
	my ($function) = $aggregate =~ /^(\w+)/;
	my @sent = shipped($sql);

	# What takes an enum as argument may stay here; the aggregate itself never does.
	my $what = $aggregate =~ /^\w+\(duty_history/ ? 'duty_history' : $function;
	is(scalar(grep { /$what\(/ && /GROUP BY/ } @sent), 3, "by account, $aggregate: each server aggregates its part");
	same("$sql ORDER BY account", "by account, $aggregate: the answers of one server");
}

# rollup too, of what the servers keep as histories
foreach my $shard (@shards)
{
	$shard->safe_psql('postgres', q{
		CREATE TABLE kept AS SELECT account, duty_history(release, duties) AS history FROM spread GROUP BY account, release});
}
$head->safe_psql('postgres', q{
	CREATE TABLE kept (account program_account, history duty_history) PARTITION BY HASH (account);
	CREATE FOREIGN TABLE kept_0 PARTITION OF kept FOR VALUES WITH (MODULUS 3, REMAINDER 0) SERVER shard0 OPTIONS (table_name 'kept');
	CREATE FOREIGN TABLE kept_1 PARTITION OF kept FOR VALUES WITH (MODULUS 3, REMAINDER 1) SERVER shard1 OPTIONS (table_name 'kept');
	CREATE FOREIGN TABLE kept_2 PARTITION OF kept FOR VALUES WITH (MODULUS 3, REMAINDER 2) SERVER shard2 OPTIONS (table_name 'kept');
});
is(scalar(grep { /rollup\(/ } shipped('SELECT account, rollup(history) FROM kept GROUP BY account')), 3,
	'rollup by account: each server rolls up its part');
is( $head->safe_psql('postgres', "$wise SELECT account, rollup(history) FROM kept GROUP BY account ORDER BY account"),
	$head->safe_psql('postgres', 'SELECT account, history FROM histories ORDER BY account'),
	'with the answers of one server');

# By another key, and over all: two steps, of which the first is shipped.
foreach my $two (
	[ 'number', 'by number' ],
	[ q{(release - date '2022-01-01') / 365}, 'by year' ],
	[ '1', 'over all' ])
{
	my ($key, $name) = @$two;
	my $sql = "SELECT key, peak_monthly_duty(rollup(history), '2024-09-15'), required_security(rollup(history), 'surety_bond')
		FROM (SELECT $key AS key, account, duty_history(release, duties) AS history FROM %s GROUP BY 1, account) part
		GROUP BY key";
	my $plain = "SELECT $key AS key, peak_monthly_duty(release, duties, '2024-09-15'), required_bond(release, duties)
		FROM entries GROUP BY 1";

	is(scalar(grep { /duty_history\(/ } shipped($sql)), 3, "$name: the first step is shipped");
	is( $head->safe_psql('postgres', "$wise $sql ORDER BY 1" =~ s/%s/spread/r),
		$head->safe_psql('postgres', "$plain ORDER BY 1"),
		"$name: two steps give the answer of one");
}
# The one-step form is right too; it only costs the rows' journey.
same('SELECT number, peak_monthly_duty(release, duties) FROM %s GROUP BY number ORDER BY number', 'by number in one step');

# Filters. A comparison with text, or with an array of accounts, is answered
# rightly but on this side: postgres_fdw ships no operator whose collation
# comes from a constant, and no array type of an extension.
my $number = business_number(20000777);
foreach my $filter (
	[ "account = '${number}RM0002'", 1 ],
	[ "account = '${number}RM0002'::text", undef ],
	[ "account = ANY('{${number}RM0002,${number}RM0003}'::program_account[])", undef ],
	[ "account = '${number}RM0002' OR account = '${number}RM0003'", undef, 'shipped' ],
	[ "account <@ '$number'::bn9", 3 ],
	[ "account >= '${number}RM0002' AND account < '${number}RM0004'", 3 ])
{
	my ($condition, $servers, $is_shipped) = @$filter;
	my @sent = shipped("SELECT id FROM %s WHERE $condition");

	is(scalar(@sent), $servers, "$condition: $servers server(s) asked") if $servers;
	is(scalar(grep { !/WHERE/ } @sent), 0, "$condition: the condition is shipped")
	  if $servers || $is_shipped;
	same("SELECT count(*), sum(duties) FROM %s WHERE $condition", "$condition: the same rows");
}

# Writing through the partitions.
$head->safe_psql('postgres', qq{
	UPDATE spread SET duties = duties + 1 WHERE account <@ '$number'::bn9;
	UPDATE entries SET duties = duties + 1 WHERE account <@ '$number'::bn9;
	DELETE FROM spread WHERE account = '${number}RM0003';
	DELETE FROM entries WHERE account = '${number}RM0003';
	COPY spread (id, account, number, release, duties) FROM PROGRAM 'printf "900001\\t$number rm 0004\\t$number\\t2025-01-02\\t5\\n"';
	INSERT INTO entries (id, account, number, release, duties) VALUES (900001, '${number}RM0004', '$number', '2025-01-02', 5);
});
same('SELECT account, duty_history(release, duties) FROM %s GROUP BY account ORDER BY account', 'after changes');

# dblink: ask all servers at once, roll up what they send. Text on the wire.
$head->safe_psql('postgres', q{
	CREATE FUNCTION fan_out(query text) RETURNS SETOF record LANGUAGE plpgsql AS $$
	DECLARE
		shard text;
	BEGIN
		FOREACH shard IN ARRAY ARRAY['shard0', 'shard1', 'shard2'] LOOP
			PERFORM dblink_connect(shard, shard), dblink_send_query(shard, query);
		END LOOP;
		FOREACH shard IN ARRAY ARRAY['shard0', 'shard1', 'shard2'] LOOP
			RETURN QUERY SELECT * FROM dblink_get_result(shard) AS r(number bn9, history duty_history);
			PERFORM dblink_disconnect(shard);
		END LOOP;
	END $$;
});
is( $head->safe_psql('postgres', q{
		SELECT number, rollup(history), peak_monthly_duty(rollup(history), '2024-12-31')
		FROM fan_out('SELECT number, duty_history(release, duties) FROM spread GROUP BY number') AS r(number bn9, history duty_history)
		GROUP BY number ORDER BY number}),
	$head->safe_psql('postgres', q{
		SELECT number, duty_history(release, duties), peak_monthly_duty(release, duties, '2024-12-31')
		FROM entries GROUP BY number ORDER BY number}),
	'dblink: three servers at once, rolled up here');

# PL/Proxy: functions that run on all servers at once, on the one that has an
# account, and that spread rows over them. Values go in binary or as text.
SKIP:
{
	skip 'PL/Proxy is not installed', 1
	  unless $head->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'plproxy'});

	foreach my $shard (@shards)
	{
		$shard->safe_psql('postgres', q{
			CREATE TABLE proxied (LIKE spread);
			CREATE FUNCTION add_entries(accounts program_account[], days date[], amounts numeric[]) RETURNS bigint LANGUAGE sql AS $$
				WITH added AS (
					INSERT INTO proxied (account, release, duties) SELECT * FROM unnest(accounts, days, amounts) RETURNING 1)
				SELECT count(*) FROM added $$;
			CREATE FUNCTION all_histories(OUT number bn9, OUT history duty_history) RETURNS SETOF record LANGUAGE sql AS $$
				SELECT bn9(account), duty_history(release, duties) FROM proxied GROUP BY 1 $$;
			CREATE FUNCTION history_of(wanted program_account) RETURNS duty_history LANGUAGE sql AS $$
				SELECT duty_history(release, duties) FROM proxied WHERE account = wanted $$;
			CREATE FUNCTION with_history(given duty_history) RETURNS SETOF program_account LANGUAGE sql AS $$
				SELECT account FROM proxied GROUP BY account HAVING duty_history(release, duties) = given $$;
		});
	}
	my @parts = map { "p$_ 'host=" . $shards[$_]->host . ' port=' . $shards[$_]->port . " dbname=postgres'" } 0 .. 2;
	$head->safe_psql('postgres', 'CREATE EXTENSION plproxy');
	foreach my $binary ('0', '1')
	{
		my $form = $binary ? 'text' : 'binary';
		my $cluster = "brokers_$form";
		my $parts = join ', ', @parts;

		$_->safe_psql('postgres', 'TRUNCATE proxied') foreach @shards;
		$head->safe_psql('postgres', qq{
			CREATE SERVER $cluster FOREIGN DATA WRAPPER plproxy OPTIONS (modular_mapping '1', disable_binary '$binary', $parts);
			CREATE USER MAPPING FOR CURRENT_USER SERVER $cluster;
			CREATE SCHEMA proxy_$form;
			SET search_path = proxy_$form, public;
			CREATE FUNCTION add_entries(accounts program_account[], days date[], amounts numeric[]) RETURNS SETOF bigint LANGUAGE plproxy AS \$\$
				CLUSTER '$cluster'; SPLIT ALL; RUN ON hashtext(accounts); TARGET public.add_entries; \$\$;
			CREATE FUNCTION all_histories(OUT number bn9, OUT history duty_history) RETURNS SETOF record LANGUAGE plproxy AS \$\$
				CLUSTER '$cluster'; RUN ON ALL; TARGET public.all_histories; \$\$;
			CREATE FUNCTION history_of(wanted program_account) RETURNS duty_history LANGUAGE plproxy AS \$\$
				CLUSTER '$cluster'; RUN ON hashtext(wanted); TARGET public.history_of; \$\$;
			CREATE FUNCTION with_history(given duty_history) RETURNS SETOF program_account LANGUAGE plproxy AS \$\$
				CLUSTER '$cluster'; RUN ON ALL; TARGET public.with_history; \$\$;
		});
		my $path = "SET search_path = proxy_$form, public;";
		is( $head->safe_psql('postgres', "$path SELECT sum(n), count(*) FROM add_entries((SELECT array_agg(account ORDER BY id) FROM entries),
				(SELECT array_agg(release ORDER BY id) FROM entries), (SELECT array_agg(duties ORDER BY id) FROM entries)) AS n"),
			$head->safe_psql('postgres', 'SELECT count(*), 3 FROM entries'), "PL/Proxy, $form: rows are spread over three servers");
		is( $head->safe_psql('postgres', "$path SELECT number, rollup(history), peak_monthly_duty(rollup(history), '2024-12-31')
				FROM all_histories() GROUP BY number ORDER BY number"),
			$head->safe_psql('postgres', q{SELECT number, duty_history(release, duties), peak_monthly_duty(release, duties, '2024-12-31')
				FROM entries GROUP BY number ORDER BY number}),
			"PL/Proxy, $form: run on all, rolled up here");
		is( $head->safe_psql('postgres', "$path SELECT account, history_of(account) FROM entries GROUP BY account ORDER BY account"),
			$head->safe_psql('postgres', 'SELECT account, duty_history(release, duties) FROM entries GROUP BY account ORDER BY account'),
			"PL/Proxy, $form: run on the server of an account");
		is( $head->safe_psql('postgres', "$path SELECT with_history(duty_history(release, duties)) FROM entries WHERE account = '${number}RM0004'"),
			"${number}RM0004", "PL/Proxy, $form: a history sent and compared");
	}
}

# A server that is away is an error, not a smaller answer.
$shards[1]->stop;
my ($code, $out, $err) = $head->psql('postgres', 'SELECT rollup(history) FROM kept');
isnt($code, 0, 'a missing server is an error');
like($err, qr/could not connect|connection|terminat/, 'that says so');

$_->stop foreach $shards[0], $shards[2], $head;
done_testing();
