
# pg_upgrade from an older server, by copying and by linking, with data,
# indexes, partitions and stored and live histories.
#
# Which one is said by `oldinstall`, the older server's folder (that of its
# bin), which has the extension installed too: test/versions/upgrade does it.

use strict;
use warnings;
use Cwd;
use FindBin;
use lib $FindBin::RealBin;
use Brokerage;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'no older server is named by oldinstall' unless $ENV{oldinstall};

my ($bindir) = run_command([ 'pg_config', '--bindir' ]);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $readme = slurp_file(($ENV{TESTDIR} || getcwd()) . '/README.md');
chdir $dir;

# What the operator families have, and which functions are carm's.
sub catalog
{
	my ($node, $db) = @_;

	return $node->safe_psql($db, q{
		SELECT opfname, amname, amproclefttype::regtype, amprocnum, proname
		FROM pg_amproc JOIN pg_opfamily f ON f.oid = amprocfamily JOIN pg_am a ON a.oid = opfmethod JOIN pg_proc p ON p.oid = amproc
		WHERE opfname ~ '^(bn9|program_account)_'
		UNION ALL
		SELECT 'function', proname, NULL, NULL, NULL FROM pg_depend JOIN pg_proc p ON p.oid = objid
		WHERE classid = 'pg_proc'::regclass AND deptype = 'e'
			AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'carm')
		ORDER BY 1, 2, 3, 4, 5});
}

foreach my $mode ('--copy', '--link')
{
	my $name = substr $mode, 2;
	my $old = PostgreSQL::Test::Cluster->new("old_$name", install_path => $ENV{oldinstall});
	my $new = PostgreSQL::Test::Cluster->new("new_$name");

	$old->init;
	$old->start;
	note('from ' . $old->safe_psql('postgres', 'SHOW server_version'));
	fill($old, 'postgres', 6000);
	$old->safe_psql('postgres', 'CREATE DATABASE elsewhere');
	$old->safe_psql('elsewhere', 'CREATE SCHEMA customs; CREATE EXTENSION carm SCHEMA customs');
	$old->safe_psql('postgres', 'ALTER DATABASE elsewhere SET search_path = public, customs');
	fill($old, 'elsewhere', 1000);
	my %answers = map { $_ => answers($old, $_) } 'postgres', 'elsewhere';
	$old->stop;

	# from 18 on a cluster has checksums unless told otherwise
	$new->init($new->pg_version >= 18 ? (extra => ['--no-data-checksums']) : ());
	my @command = (
		'pg_upgrade', '--no-sync',
		'-d', $old->data_dir, '-D', $new->data_dir,
		'-b', "$ENV{oldinstall}/bin", '-B', $bindir,
		'-s', $new->host, '-p', $old->port, '-P', $new->port, $mode);
	command_ok([ @command, '--check' ], "$name: the check finds nothing");
	command_ok([@command], "$name: the upgrade");
	$new->start;
	note('to ' . $new->safe_psql('postgres', 'SHOW server_version'));
	foreach my $db (sort keys %answers)
	{
		is(answers($new, $db), $answers{$db}, "$name, $db: the same answers");
		is(wrong_answers($new, $db), 0, "$name, $db: equal to plain SQL");
		indexes_are_sound($new, $db, "$name, $db: amcheck finds nothing");
		$new->safe_psql($db, q{
			UPDATE entries SET duties = duties + 4 WHERE id % 3 = 0;
			DELETE FROM entries WHERE id % 50 = 0;
			REINDEX TABLE entries;
		});
		is(wrong_answers($new, $db), 0, "$name, $db: and after changes");
	}

	# What only newer servers have, the README adds.
	my ($added) = $readme =~ /pg_upgrade keeps the catalog as it was\..*?```sql not-run\n(.*?)```/s;
	$new->safe_psql('postgres', $added) if $new->pg_version >= 18 && $old->pg_version < 18;
	$new->safe_psql('postgres', 'CREATE DATABASE fresh');
	$new->safe_psql('fresh', 'CREATE EXTENSION carm');
	is(catalog($new, 'postgres'), catalog($new, 'fresh'), "$name: the operator families of a new installation");
	$new->stop;
}

done_testing();
