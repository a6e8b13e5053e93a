
# pg_upgrade from an older server, by copying and by linking, with data,
# indexes, partitions and stored and live histories.
#
# Which one is said by `oldinstall`, the older server's folder (that of its
# bin), which has the extension installed too: test/machines/upgrade does it.

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
my $source = $ENV{TESTDIR} || getcwd();
my ($version) = slurp_file("$source/carm.control") =~ /^default_version = '(.*)'/m;
my $next = "$version.made-up";
chdir $dir;

# The next version, made up: a function more, and an update script that ends as
# all do, with what the server offers. Servers find it here from 18 on.
sub make_up_version
{
	my $install = slurp_file("$source/sql/carm--$version.sql");
	my ($offered) = $install =~ /^(DO \$offered\$\n.*?^\$offered\$;\n)/ms or die 'no such block';
	my $more = "CREATE FUNCTION made_up(bn9) RETURNS boolean AS 'MODULE_PATHNAME', 'is_import_export' LANGUAGE C IMMUTABLE STRICT;\n";

	mkdir "$dir/extension";
	append_to_file("$dir/extension/carm.control", slurp_file("$source/carm.control"));
	append_to_file("$dir/extension/carm--$version.sql", $install);
	append_to_file("$dir/extension/carm--$next.sql", $install . $more);
	append_to_file("$dir/extension/carm--$version--$next.sql", $more . $offered);
	return;
}
make_up_version();

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

	# alike in both: from 18 on a cluster has checksums unless told otherwise
	$_->init($_->pg_version >= 18 ? (extra => ['--no-data-checksums']) : ()) for $old, $new;
	$old->start;
	note('from ' . $old->safe_psql('postgres', 'SHOW server_version'));
	fill($old, 'postgres', 6000);
	$old->safe_psql('postgres', 'CREATE DATABASE elsewhere');
	$old->safe_psql('elsewhere', 'CREATE SCHEMA customs; CREATE EXTENSION carm SCHEMA customs');
	$old->safe_psql('postgres', 'ALTER DATABASE elsewhere SET search_path = public, customs');
	fill($old, 'elsewhere', 1000);
	my %answers = map { $_ => answers($old, $_) } 'postgres', 'elsewhere';
	$old->stop;

	my @command = (
		'pg_upgrade', '--no-sync',
		'-d', $old->data_dir, '-D', $new->data_dir,
		'-b', "$ENV{oldinstall}/bin", '-B', $bindir,
		'-s', $new->host, '-p', $old->port, '-P', $new->port,
		# 15 copies without being told
		$new->pg_version < 16 && $mode eq '--copy' ? () : $mode);
	command_ok([ @command, '--check' ], "$name: the check finds nothing");
	command_ok([@command], "$name: the upgrade");
	$new->start;
	note('to ' . $new->safe_psql('postgres', 'SHOW server_version'));
	foreach my $db (sort keys %answers)
	{
		is(answers($new, $db), $answers{$db}, "$name, $db: the same answers");
		unlike(plans($new, $db), qr/(account|number)\)?::text/, "$name, $db: no comparison is one of texts");
		is(wrong_answers($new, $db), 0, "$name, $db: equal to plain SQL");
		indexes_are_sound($new, $db, "$name, $db: amcheck finds nothing");
		$new->safe_psql($db, q{
			UPDATE entries SET duties = duties + 4 WHERE id % 3 = 0;
			DELETE FROM entries WHERE id % 50 = 0;
			REINDEX TABLE entries;
		});
		is(wrong_answers($new, $db), 0, "$name, $db: and after changes");
		$new->safe_psql($db, 'REFRESH MATERIALIZED VIEW among_stored');
		like(
			[ $new->psql($db, q{INSERT INTO checked SELECT program_account(number, 'RM', 9) FROM businesses WHERE n = 1}) ]->[2],
			qr/checked_account_check/, "$name, $db: a CHECK is what it was");
	}

	# What only newer servers have, the next version's script adds.
	SKIP:
	{
		skip 'extension_control_path is of PostgreSQL 18', 6 if $new->pg_version < 18;

		$new->append_conf('postgresql.conf', "extension_control_path = '$dir:\$system'");
		$new->reload;
		$new->safe_psql('postgres', 'CREATE DATABASE fresh');
		$new->safe_psql('fresh', "CREATE EXTENSION carm VERSION '$next'");
		foreach my $db (sort keys %answers)
		{
			$new->safe_psql($db, "ALTER EXTENSION carm UPDATE TO '$next'");
			is(catalog($new, $db), catalog($new, 'fresh'), "$name, $db: updated to a later version, it has what a new installation has");
			is(wrong_answers($new, $db), 0, "$name, $db: and is equal to plain SQL");
			$new->safe_psql($db, 'SET enable_seqscan = off; CREATE TABLE terms (account program_account, term daterange, PRIMARY KEY (account, term WITHOUT OVERLAPS));'
				. q{INSERT INTO terms SELECT DISTINCT account, daterange '[2025-01-01,2026-01-01)' FROM entries});
			my ($status, $out, $why) = $new->psql($db, q{INSERT INTO terms SELECT account, '[2025-12-31,2026-06-01)' FROM terms LIMIT 1});
			like($why, qr/terms_pkey/, "$name, $db: WITHOUT OVERLAPS holds");
		}
	}
	$new->stop;
}

done_testing();
