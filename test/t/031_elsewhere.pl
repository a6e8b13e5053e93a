
# An installation into another folder: DESTDIR puts every file there, and from
# PostgreSQL 18 on a server uses it where it lies.

use strict;
use warnings;
use Cwd;
use File::Find;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = $ENV{TESTDIR} || getcwd();
my $stage = PostgreSQL::Test::Utils::tempdir();
my %dir = map { my ($out) = run_command([ 'pg_config', "--$_" ]); $_ => $out } 'sharedir', 'pkglibdir', 'localedir', 'bindir';

# make must not take this run of make for its own
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
command_ok([ 'make', '-s', '-C', $source, "PG_CONFIG=$dir{bindir}/pg_config", 'with_llvm=no', "DESTDIR=$stage", 'install' ],
	'make install DESTDIR=...');
my @files;
find(sub { push @files, $File::Find::name =~ s/^\Q$stage\E//r if -f }, $stage);
is_deeply([ grep { !m{^(\Q$dir{sharedir}\E/extension/carm(--[\d.]+)*\.(sql|control)|\Q$dir{pkglibdir}\E/carm\.so|\Q$dir{localedir}\E/fr/LC_MESSAGES/carm-\d+\.mo)$} } @files ], [],
	'puts nothing but the library, the extension and its messages there');
my ($version) = slurp_file("$source/carm.control") =~ /^default_version = '(.*)'/m;
ok((grep { $_ eq "$dir{sharedir}/extension/carm--$version.sql" } @files), "among it the script of version $version");
command_ok([ 'make', '-s', '-C', $source, "PG_CONFIG=$dir{bindir}/pg_config", 'with_llvm=no', "DESTDIR=$stage", 'uninstall' ],
	'make uninstall');
@files = ();
find(sub { push @files, $_ if -f }, $stage);
is_deeply(\@files, [], 'takes all away again');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
SKIP:
{
	skip 'extension_control_path is of PostgreSQL 18', 3 if $node->pg_version < 18;

	system_or_bail('make', '-s', '-C', $source, "PG_CONFIG=$dir{bindir}/pg_config", 'with_llvm=no', "DESTDIR=$stage", 'install');
	# without $system, so that an installed carm is not found
	$node->append_conf('postgresql.conf', qq{
		extension_control_path = '$stage$dir{sharedir}'
		dynamic_library_path = '$stage$dir{pkglibdir}:\$libdir'
	});
	$node->start;
	is($node->safe_psql('postgres', 'SELECT name, default_version FROM pg_available_extensions'), "carm|$version",
		'the server sees the one there');
	is($node->safe_psql('postgres', q{
		CREATE EXTENSION carm;
		SELECT peak_monthly_duty(d, 12.5) FROM (VALUES (date '2025-02-01'), ('2025-02-03')) r(d);
	}), '25.00', 'and works with it');
	like($node->safe_psql('postgres', q{SELECT bn9 '123456782'; SELECT pg_read_file('/proc/self/maps')}), qr/\Q$stage\E\S*carm\.so/,
		'with its library');
	$node->stop;
}

done_testing();
