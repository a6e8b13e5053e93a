
# The traffic of test/lib/traffic in a server of a test's own: clients that write
# to the same accounts, in tables that are tracked.

package Traffic;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(make_tracked start_traffic whats_wrong);

my $traffic = "$FindBin::RealBin/../lib/traffic";
my $clients = 6;

# Makes the tables and what pgbench needs.
sub make_tracked
{
	my ($node, $db, $dir) = @_;

	PostgreSQL::Test::Utils::system_or_bail(
		'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', 'accounts=40', '-v', "clients=$clients", '-v', 'rows=300',
		'-p', $node->port, '-h', $node->host, '-d', $db, '-o', "$dir/setup", '-f', "$traffic/schema.sql");
	foreach my $client (0 .. $clients - 1)
	{
		my $rows = $node->safe_psql($db,
			"COPY (SELECT $client, some_account(), some_day(), some_amount(), true FROM generate_series(1, 40)) TO STDOUT (FORMAT csv)");
		PostgreSQL::Test::Utils::append_to_file("$dir/$client.csv", "$rows\n");
	}
	chmod 0755, $dir;
	foreach my $line (split /\n/, slurp_file("$traffic/mix"))
	{
		my ($name, $weight) = split ' ', $line;
		foreach my $source ('plain', 'parted')
		{
			my $script = slurp_file("$traffic/$name.sql");
			$script =~ s/SOURCE/$source/g;
			$script =~ s/FOLDER/$dir/g;
			PostgreSQL::Test::Utils::append_to_file("$dir/$source.$name.sql", $script);
		}
	}
	return;
}

# Starts the clients; gives what IPC::Run needs to wait for them. They go on
# until the time is up or the server is gone.
sub start_traffic
{
	my ($node, $db, $dir, $seconds, $out) = @_;
	my @scripts;

	foreach my $line (split /\n/, slurp_file("$traffic/mix"))
	{
		my ($name, $weight) = split ' ', $line;
		push @scripts, map { ('-f', "$dir/$_.$name.sql\@$weight") } ('plain', 'parted');
	}
	return IPC::Run::start(
		[ 'pgbench', '-n', '-M', 'simple', '-c', $clients, '-j', 2, '-T', $seconds, '-p', $node->port, '-h', $node->host, @scripts, $db ],
		'<', \undef, '>', $out, '2>&1');
}

# What plain SQL or verify_duties finds to be wrong: nothing, it should be.
sub whats_wrong
{
	my ($node, $db) = @_;

	return $node->safe_psql($db, 'SELECT w::text FROM wrong w LIMIT 20');
}

1;
