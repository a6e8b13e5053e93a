
# The security audit's table has a row for every object that this server's
# version has, as its catalog says; the suite audit tries what the rows claim.

use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION carm');
my $version = int($node->safe_psql('postgres', "SELECT current_setting('server_version_num')") / 10000);
my ($heading, @rows) = grep { !/^#/ } split /\n/, slurp_file("$FindBin::RealBin/../suites/audit/objects.tsv");
my @expected;

foreach my $row (@rows)
{
	my @cells = split /\t/, $row;

	next if $cells[0] =~ s/ (\d+)\+$// && $version < $1;
	push @expected, join "\t", @cells[ 0 .. 7 ];
}
is($node->safe_psql('postgres', slurp_file("$FindBin::RealBin/../suites/audit/catalog.sql")), join("\n", @expected),
	"the table's " . @expected . " objects are those of PostgreSQL $version");

done_testing();
