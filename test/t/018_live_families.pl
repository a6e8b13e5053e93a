
# Children come and go while others read and write: nobody has an error for it,
# unless rows came that older snapshots see, which COPY FREEZE brings.

use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'fsync = off');
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION carm;
	CREATE TABLE entries (account text, released date, duties numeric);
	CREATE TABLE child () INHERITS (entries);
	INSERT INTO child VALUES ('a', '2025-01-01', 1);
	SELECT track_duties('entries', 'account', 'released', 'duties', 'histories');
});

# A snapshot that is older than a child.
my $reader = $node->background_psql('postgres', on_error_stop => 0);
$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
is($reader->query_safe('SELECT history FROM histories'), '{2025-01-01:1.00}', 'a snapshot');
$node->safe_psql('postgres', q{
	CREATE TABLE later () INHERITS (entries);
	SELECT rebuild_duties('entries');
	INSERT INTO later VALUES ('a', '2025-01-01', 2);
});
is($reader->query('SELECT history FROM histories'), '{2025-01-01:1.00}', 'sees the same when a child has been made since');
is($reader->query_safe('SELECT sum(duties) FROM entries'), '1', 'as it does of the rows');
$node->safe_psql('postgres', q{
	BEGIN;
	CREATE TABLE frozen () INHERITS (entries);
	SELECT rebuild_duties('entries');
	COPY frozen FROM PROGRAM 'echo a,2025-01-01,4' (FORMAT csv, FREEZE);
	COMMIT;
});
is($reader->query_safe('SELECT sum(duties) FROM entries'), '5', 'rows that it sees have come');
$reader->query('SELECT history FROM histories');
like($reader->{stderr}, qr/snapshot is too old/, 'which is an error');
$reader->query('ROLLBACK');
$reader->{stderr} = '';
$reader->quit;
is($node->safe_psql('postgres', 'SELECT history FROM histories'), '{2025-01-01:7.00}', 'another snapshot sees all');

# Many children, of which the last ones go and come again.
$node->safe_psql('postgres', q{
	DO $$ BEGIN FOR i IN 1..400 LOOP EXECUTE format('CREATE TABLE c%s () INHERITS (entries)', i); END LOOP; END $$;
	CREATE TABLE parted (account text, released date, duties numeric) PARTITION BY LIST (account);
	CREATE TABLE more PARTITION OF parted DEFAULT PARTITION BY LIST (account);
	SELECT track_duties('parted', 'account', 'released', 'duties', 'parted_histories');
	DO $$ BEGIN FOR i IN 1..400 LOOP EXECUTE format('CREATE TABLE p%s PARTITION OF parted FOR VALUES IN (%L)', i, i); END LOOP; END $$;
});
my $folder = $node->basedir;
my %script = (
	read => 'SELECT history FROM histories; SELECT history FROM parted_histories;',
	write => q{INSERT INTO parted VALUES ('1', '2025-01-01', 1);},
	change => 'CREATE TABLE x:client_id () INHERITS (entries); DROP TABLE x:client_id;',
	part => q{CREATE TABLE y PARTITION OF more FOR VALUES IN ('y'); DROP TABLE y;});
my @runs;
foreach my $name (sort keys %script)
{
	my ($out, $err) = ('', '');

	append_to_file("$folder/$name.sql", $script{$name} =~ s/; /;\n/gr . "\n");
	push @runs, [ $name, IPC::Run::start(
		[ 'pgbench', '-n', '-T', 8, '-c', $name eq 'part' ? 1 : 2, '-f', "$folder/$name.sql", $node->connstr('postgres') ],
		'<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(300)), \$err ];
}
foreach my $run (@runs)
{
	$run->[1]->finish;
	is(${ $run->[2] } =~ /ERROR:.*/ ? $& : '', '', "no error: $run->[0]");
}
is($node->safe_psql('postgres', q{SELECT count(*) FROM verify_duties('entries') UNION ALL SELECT count(*) FROM verify_duties('parted')}), "0\n0", 'nor a difference');
$node->stop;
done_testing();
