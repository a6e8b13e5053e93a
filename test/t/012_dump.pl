
# Dump and restore in every format give the same answers, with the extension
# in a schema of its own and with none of the dumped objects on search_path.

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
$node->append_conf('postgresql.conf', 'autovacuum = off');
$node->start;
my $dir = PostgreSQL::Test::Utils::tempdir();

# A database's definitions, as a dump of them says.
sub definitions
{
	my ($from, $db) = @_;
	my ($out) = run_command([ 'pg_dump', '-s', '-p', $from->port, '-h', $from->host, $db ]);

	# some versions guard a dump with a random word
	$out =~ s/^\\(un)?restrict .*$//mg;
	return $out;
}

# Is there anything of ours that a restore must find by its schema's name?
foreach my $schema ('public', 'customs')
{
	my $db = "from_$schema";
	my $path = $schema eq 'public' ? 'public' : 'public, customs';

	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, "ALTER DATABASE $db SET search_path = $path");
	$node->safe_psql($db, "CREATE SCHEMA IF NOT EXISTS $schema; CREATE EXTENSION carm SCHEMA $schema");
	fill($node, $db, 3000);
	my $answers = answers($node, $db);
	my $plans = plans($node, $db);
	unlike($plans, qr/(account|number)\)?::text/, "$schema: no comparison is one of texts");

	my @formats = (
		[ 'custom', [ '-Fc' ], sub { [ 'pg_restore', @_ ] } ],
		[ 'directory', [ '-Fd' ], sub { [ 'pg_restore', @_ ] } ],
		[ 'directory, two jobs', [ '-Fd', '-j2' ], sub { [ 'pg_restore', '-j2', @_ ] } ],
		[ 'tar', [ '-Ft' ], sub { [ 'pg_restore', @_ ] } ],
		[ 'plain', [ '-Fp' ], undef ],
		[ 'plain, INSERTs', [ '-Fp', '--rows-per-insert=500' ], undef ],
		[ 'plain, through the root of partitions', [ '-Fp', '--load-via-partition-root' ], undef ]);
	my $n = 0;

	foreach my $format (@formats)
	{
		my ($name, $options, $restore) = @$format;
		my $file = "$dir/$db." . ++$n;
		my $to = "${db}_$n";

		$node->command_ok([ 'pg_dump', '-p', $node->port, '-h', $node->host, @$options, '-f', $file, $db ],
			"$schema: dump, $name");
		$node->safe_psql('postgres', "CREATE DATABASE $to");
		$node->safe_psql('postgres', "ALTER DATABASE $to SET search_path = $path");
		$node->command_ok(
			$restore
			? $restore->('--exit-on-error', '-p', $node->port, '-h', $node->host, '-d', $to, $file)
			: [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-p', $node->port, '-h', $node->host, '-d', $to, '-f', $file ],
			"$schema: restore, $name");
		is(definitions($node, $to), definitions($node, $db), "$schema: the same definitions, $name");
		is(answers($node, $to), $answers, "$schema: the same answers, $name");
		$node->safe_psql($to, 'ANALYZE');
		is(plans($node, $to), $plans, "$schema: the same plans, $name");
		my ($status, $out, $why) = $node->psql($to, q{INSERT INTO checked SELECT program_account(number, 'RM', 9) FROM businesses WHERE n = 1});
		like($why, qr/checked_account_check/, "$schema: a CHECK is what it was, $name");
		is(wrong_answers($node, $to), 0, "$schema: equal to plain SQL, $name");
		indexes_are_sound($node, $to, "$schema: amcheck, $name");

		# Live histories live on.
		$node->safe_psql($to, 'UPDATE entries SET duties = duties + 5 WHERE id % 2 = 0; DELETE FROM entries WHERE id < 50');
		is(wrong_answers($node, $to), 0, "$schema: and after a change, $name");
	}
}

# Globals and all databases at once.
$node->command_ok([ 'pg_dumpall', '-p', $node->port, '-h', $node->host, '-f', "$dir/all.sql" ], 'pg_dumpall');
my $other = PostgreSQL::Test::Cluster->new('other');
$other->init;
$other->start;
$other->command_ok([ 'psql', '-X', '-q', '-p', $other->port, '-h', $other->host, '-d', 'postgres', '-f', "$dir/all.sql" ],
	'the whole cluster restored elsewhere');
is(answers($other, 'from_customs'), answers($node, 'from_customs'), 'with the same answers');
$other->stop;
$node->stop;

done_testing();
