
# Logical replication, in text and in binary, of tables that have the types as
# columns, as replica identity and as partition key, of stored histories, and of
# live histories to a reporting server that has nothing but their parts.

use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use IPC::Run ();
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

my $what_tables_use = join '; ',
  'CREATE EXTENSION carm',
  'CREATE DOMAIN importer AS program_account CHECK (is_import_export(VALUE))',
  $publisher->safe_psql('postgres', q{SELECT pg_get_functiondef('is_first(program_account)'::regprocedure)});

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
	# what the tables and their indexes use
	$subscriber->safe_psql('postgres', "$what_tables_use;");
	# what track_duties keeps on the publisher stays there
	$schema =~ s/^(?:CREATE|ALTER) TRIGGER.*?;$//msg;
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

# Live histories on a reporting server: the parts are published, and the view is
# made there. The entries stay on the publisher.
$publisher->safe_psql('postgres', 'CREATE PUBLICATION reporting FOR TABLE live_parts');
my $everyone = q{
	SELECT account, history, t.period, t.duties, t.peak, t.required_bond, t.required_deposit
	FROM live, security_timeline(history) t ORDER BY account, t.period;
	SELECT account, p.* FROM live, security_position(history, 12000, 0, '2024-11-14') p ORDER BY account;
	SELECT bn9(account), peak_monthly_duty(rollup(history), '2024-11-14', 'review') FROM live GROUP BY 1 ORDER BY 1};

# What each account owed by month: on the reporting server, of its histories; on
# the publisher, by plain SQL over the entries.
my $months_reported = q{
	SELECT account, lower(m.period), m.duties FROM live, monthly_duties(history) m WHERE m.duties <> 0 ORDER BY 1, 2};
my $months_entered = q{
	SELECT account, date_trunc('month', release)::date, sum(duties) FROM entries
	GROUP BY 1, 2 HAVING sum(duties) <> 0 ORDER BY 1, 2};

sub same_live
{
	my ($subscriber, $name) = @_;

	$publisher->wait_for_catchup($subscriber->name);
	is( $subscriber->safe_psql('postgres', $everyone), $publisher->safe_psql('postgres', $everyone),
		"$name: the publisher's histories, timelines and positions");
	is( $subscriber->safe_psql('postgres', $months_reported), $publisher->safe_psql('postgres', $months_entered),
		"$name: the months of the entries");
	return;
}

foreach my $form ('text', 'binary')
{
	my $reports = PostgreSQL::Test::Cluster->new("reports_$form");
	$reports->init;
	$reports->start;
	$reports->safe_psql('postgres', q{
		CREATE EXTENSION carm;
		CREATE TABLE live_parts (entries bigint NOT NULL, account program_account NOT NULL, history duty_history NOT NULL);
		CREATE INDEX ON live_parts (account);
		CREATE VIEW live AS
			SELECT account, rollup(history) AS history FROM live_parts GROUP BY account HAVING sum(entries) <> 0;
	});
	my $binary = $form eq 'binary' ? 'true' : 'false';
	my $connection = $publisher->connstr . ' dbname=postgres';
	$reports->safe_psql('postgres',
		"CREATE SUBSCRIPTION reports_$form CONNECTION '$connection' PUBLICATION reporting WITH (binary = $binary)");
	$reports->wait_for_subscription_sync($publisher, "reports_$form");
	same_live($reports, "reporting in $form, first copy");

	my $n = $form eq 'text' ? 1 : 2;
	my $new = business_number(20009000 + $n);
	$publisher->safe_psql('postgres', qq{
		INSERT INTO businesses VALUES (100 + $n, '$new');
		INSERT INTO entries (id, account, number, release, duties)
			SELECT ${n}000000 + i, program_account(bn9 '$new', 'RM', 1 + i % 3), '$new', date '2024-01-01' + i, i * 10.01
			FROM generate_series(1, 300) i;
		UPDATE entries SET duties = duties - 3.07, release = release + 40 WHERE id % 7 = $n;
		UPDATE entries SET account = program_account(number, 'RM', 77) WHERE id % 50 = $n;
		DELETE FROM entries WHERE id % 23 = $n;
		-- an account that is no more
		DELETE FROM entries WHERE account = program_account(bn9 '$new', 'RM', 2);
		BEGIN;
		UPDATE entries SET duties = 0;
		ROLLBACK;
	});
	same_live($reports, "reporting in $form, changes");
	is($reports->safe_psql('postgres', "SELECT count(*) FROM live WHERE account = program_account(bn9 '$new', 'RM', 2)"),
		0, "reporting in $form: an account without entries is gone");
	$publisher->safe_psql('postgres', q{SELECT fold_duties('entries')});
	same_live($reports, "reporting in $form, folded");
	is( $reports->safe_psql('postgres', 'SELECT count(*) FROM live_parts'),
		$publisher->safe_psql('postgres', 'SELECT count(*) FROM live_parts'),
		"reporting in $form: as many parts");

	# Transactions that owe one account what they take from another: whatever
	# the reporting server shows meanwhile, it shows whole transactions.
	my $total = 'SELECT sum(total_duties(history, NULL, NULL)) FROM live';
	my $before = $publisher->safe_psql('postgres', $total);
	my $script = PostgreSQL::Test::Utils::tempdir() . '/transfer.sql';
	append_to_file($script, qq{\\set from random(1, 40)
		\\set to random(1, 40)
		\\set day random(0, 1000)
		BEGIN;
		INSERT INTO entries (id, account, number, release, duties)
			SELECT nextval('ids'), program_account(number, 'RM', 1), number, date '2022-01-01' + :day, -17.25 FROM businesses WHERE n = :from;
		INSERT INTO entries (id, account, number, release, duties)
			SELECT nextval('ids'), program_account(number, 'RM', 2), number, date '2022-01-01' + :day, 17.25 FROM businesses WHERE n = :to;
		COMMIT;
	});
	$publisher->safe_psql('postgres', 'CREATE SEQUENCE IF NOT EXISTS ids START 10000000');
	my $load = IPC::Run::start(
		[ 'pgbench', '-n', '-c', 4, '-t', 300, '-h', $publisher->host, '-p', $publisher->port, '-f', $script, 'postgres' ],
		'>', \my $said, '2>&1');
	my ($looks, $wrong) = (0, 0);
	while ($load->pumpable)
	{
		$load->pump_nb;
		$looks++;
		$wrong++ if $reports->safe_psql('postgres', $total) ne $before;
	}
	ok($load->finish, "reporting in $form: a load of transfers") or diag($said);
	cmp_ok($looks, '>', 3, "reporting in $form: looked at while it runs");
	is($wrong, 0, "reporting in $form: never half a transaction");
	same_live($reports, "reporting in $form, after the load");
	indexes_are_sound($reports, 'postgres', "reporting in $form: amcheck finds nothing");
	ok(!$reports->log_contains('ERROR|FATAL'), "reporting in $form: nothing went wrong on the way");
	$reports->safe_psql('postgres', "DROP SUBSCRIPTION reports_$form");
	$reports->stop;
}
is($publisher->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('entries')}), 0,
	'the live histories are what a recount gives');

# A server that tracks the table, too, and has parts come by its subscription:
# nothing there merges those, so that the publisher finds them again.
my $twin = PostgreSQL::Test::Cluster->new('twin');
$twin->init;
$twin->start;
$twin->safe_psql('postgres', 'CREATE EXTENSION carm');
foreach my $server ($publisher, $twin)
{
	$server->safe_psql('postgres', q{
		CREATE TABLE twins (id integer PRIMARY KEY, account text, day date, duties numeric);
		SELECT track_duties('twins', 'account', 'day', 'duties', 'twins_live')});
}
$publisher->safe_psql('postgres', 'CREATE PUBLICATION twins FOR TABLE twins, twins_live_parts');
my $to_publisher = $publisher->connstr . ' dbname=postgres';
$twin->safe_psql('postgres', "CREATE SUBSCRIPTION twin CONNECTION '$to_publisher' PUBLICATION twins");
$twin->wait_for_subscription_sync($publisher, 'twin');

# N transactions of one row each
sub insert_twins
{
	my ($server, $from, $n) = @_;
	$server->safe_psql('postgres', join ';',
		map { "INSERT INTO twins VALUES ($_, 'a', '2025-01-01', 1)" } $from .. $from + $n - 1);
	return;
}
insert_twins($publisher, 1, 3);
$publisher->wait_for_catchup('twin');
insert_twins($twin, 101, 6);
foreach my $function ('fold_duties', 'rebuild_duties')
{
	my (undef, undef, $refused) = $twin->psql('postgres', "SELECT $function('twins')");
	like($refused, qr/come by a subscription/, "$function leaves alone what comes by a subscription");
}
insert_twins($publisher, 11, 20);
$publisher->safe_psql('postgres', q{SELECT fold_duties('twins')});
$publisher->wait_for_catchup('twin');
is($twin->safe_psql('postgres', 'SELECT sum(duties), (SELECT total_duties(history, NULL, NULL) FROM twins_live) FROM twins'),
	'29|29.00', "a subscriber that tracks counts the publisher's rows and its own once");
is($twin->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('twins')}), 0, '... as verify_duties finds');
$twin->safe_psql('postgres', 'DROP SUBSCRIPTION twin');
ok($twin->safe_psql('postgres', q{SELECT fold_duties('twins')}) > 0, 'without the subscription, parts are merged');
$twin->stop;

# A publication's row filter may use the server's own types and operators only:
# split the table by account, and publish a partition.
my ($code, $out, $err) = $publisher->psql('postgres',
	"CREATE PUBLICATION filtered FOR TABLE entries WHERE (account = '" . business_number(20000777) . "RM0001')");
like($err, qr/User-defined (operators|types)/, 'a row filter on an account is refused by the server');
$publisher->stop;

done_testing();
