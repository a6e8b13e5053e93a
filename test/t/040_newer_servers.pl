
# What newer servers offer: soft errors (16), COPY that passes over bad rows
# (17), skip scans and virtual generated columns (18), eager aggregation (19).
# What the server at hand is too old for is left out.

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "jit = off\nmax_parallel_workers_per_gather = 0");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION carm');
my $version = int($node->safe_psql('postgres', "SELECT current_setting('server_version_num')") / 10000);
note("PostgreSQL $version");

# What psql prints for statements of one session.
sub answer { return $node->safe_psql('postgres', join ';', @_) }

# Good and bad input of each type, and what a bad one is told.
my %input = (
	bn9 => [ [ '123456782', '123 456-782' ], [ '123456789' => 'check digit', '123456782RM0001' => 'program account', '' => 'empty', '12345678O' => 'not a digit' ] ],
	program_account => [ [ '123456782RM0001', '123456782 rm 0001' ], [ '123456782RM0000' => 'reference number', '123456782' => 'business number', 'x' => 'length' ] ],
	'program_account(RM)' => [ ['123456782RM0001'], [ '123456782RT0001' => 'only RM' ] ],
	duty_history => [ [ '{}', '{2025-02-01:1250.00,2025-02-18:-90.5}' ],
		[ '{2025-02-02:1}' => 'begin a slice', '{2025-02-01:1e400}' => 'amount', '{2025-02-01:' . '9' x 40 . '}' => 'Amounts go from', '{' => 'written as', '{} x' => 'Junk',
			'{2025-02-18:1,2025-02-01:1}' => 'come after' ] ]);

if ($version >= 16)
{
	foreach my $type (sort keys %input)
	{
		my ($good, $bad) = @{ $input{$type} };

		foreach my $text (@$good)
		{
			is(answer("SELECT pg_input_is_valid('$text', '$type')"), 't', "$type takes '$text'");
		}
		while (my ($text, $cause) = splice @$bad, 0, 2)
		{
			is(answer("SELECT pg_input_is_valid('$text', '$type')"), 'f', "$type refuses '$text', without an error");
			like(answer("SELECT concat_ws(' ', sql_error_code, detail) FROM pg_input_error_info('$text', '$type')"), qr/^22(P02|003) .*$cause/, 'and says why');
		}
	}
	# within an array, a domain and a row: our error must come through theirs
	is(answer(q{CREATE DOMAIN importer AS program_account CHECK (is_import_export(VALUE))},
		q{CREATE TYPE pair AS (number bn9, history duty_history)},
		q{SELECT pg_input_is_valid('{123456782,123456789}', 'bn9[]'), pg_input_is_valid('123456782RT0001', 'importer'),
			pg_input_is_valid('(123456782,"{2025-02-01:x}")', 'pair'), pg_input_is_valid('(123456782,"{2025-02-01:1}")', 'pair')}),
		'f|f|f|t', 'soft errors within arrays, domains and rows');
}

if ($version >= 17)
{
	my $rows = PostgreSQL::Test::Utils::tempdir() . '/rows';

	append_to_file($rows, join '', map { "$_\n" }
		"1\t123456782\t123456782RM0001\t{2025-02-01:1}", "2\t123456789\t123456782RM0001\t{}", "3\t123456782\t123456782RT0001\t{}",
		"4\t123456782\t123456782RM0001\t{2025-02-02:1}", "5\t\\N\t\\N\t\\N", "6\t987654324\t987654324RM0002\t{}");
	is(answer('CREATE TABLE loaded (line integer, number bn9, account program_account(RM), history duty_history)',
		"COPY loaded FROM '$rows' (ON_ERROR ignore)", 'SELECT string_agg(line::text, chr(44) ORDER BY line) FROM loaded'),
		'1,5,6', 'COPY passes over the rows that have a bad value');

	# JSON's texts become values by functions that obey settings, which the server's own check doesn't see.
	$node->safe_psql('postgres', 'CREATE TABLE papers (account text, release date, duties numeric, paper jsonb)');
	foreach my $type ('date', 'interval', 'date[]', 'regclass', 'public.papers')
	{
		my ($code, $out, $error) = $node->psql('postgres', qq{SELECT track_duties('papers', 'account', 'release', 'duties', 'papers_live',
			\$\$JSON_QUERY(paper, '\$.d' RETURNING $type) IS NOT NULL\$\$)});
		like($error, qr/\Qcondition must not turn type $type into XML, or JSON into it\E/, "a condition can't take from JSON: $type");
	}
	is(answer(q{SELECT track_duties('papers', 'account', 'release', 'duties', 'papers_live', $$JSON_VALUE(paper, '$.d.datetime()') LIKE '2026-%'
			AND JSON_VALUE(paper, '$.n' RETURNING numeric) > 1 AND JSON_QUERY(paper, '$.t' RETURNING text[]) = '{a}' AND (JSON_VALUE(paper, '$.o' RETURNING text[]))[2] IS NULL$$)},
		q{INSERT INTO papers SELECT 'a', '2026-01-13', n, jsonb_build_object('d', '2026-01-13', 'n', n, 't', '{a}'::text[], 'o', '{a,NULL}') FROM generate_series(1, 3) n},
		q{SET DateStyle = 'German'}, q{SET array_nulls = off}, q{DELETE FROM papers WHERE duties = 3}, q{SELECT history FROM papers_live}) =~ s/.*\n//sr,
		'{2026-01-01:2.00}', 'what it may take, and makes of a date, is the same whatever DateStyle and array_nulls');
}

if ($version >= 18)
{
	# Skip support: from one value the index goes to the next that could be, so
	# that a search for each value suffices where they follow each other.
	$node->safe_psql('postgres', q{
		CREATE TABLE numbers AS
		SELECT n::bn9 AS number, program_account('123456782', 'RM', (n % 2000) / 10 + 1) AS account, g AS entry
		FROM (SELECT n FROM generate_series(100000000, 100001999) n WHERE is_bn9(n::text)) v, generate_series(1, 500) g;
		CREATE INDEX ON numbers (number, entry);
		CREATE INDEX ON numbers (account, entry);
		VACUUM ANALYZE numbers});
	foreach my $column ('number', 'account')
	{
		my $query = "SELECT count(*), min($column), max($column) FROM numbers WHERE entry = 250";
		my @by_index = ('SET enable_seqscan = off', 'SET enable_bitmapscan = off');
		my $plan = answer(@by_index, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) $query");
		my ($searches) = $plan =~ /Index Searches: (\d+)/;

		like($plan, qr/Index Only Scan using numbers_${column}_entry_idx/, "an index on $column and another column finds the other");
		cmp_ok($searches, '<=', 210, "with a search for each of 200 values ($searches), not two");
		is(answer(@by_index, $query), answer('SET enable_indexscan = off', 'SET enable_indexonlyscan = off', 'SET enable_bitmapscan = off', $query),
			'and finds the same');
	}

	# As the README says.
	foreach my $type ('bn9', 'program_account')
	{
		my ($code, $out, $error) = $node->psql('postgres', "CREATE TABLE virtual_$type (t text, v $type GENERATED ALWAYS AS (t::$type) VIRTUAL)");
		like($error, qr/virtual generated column|user-defined/, "a virtual generated column can't be a $type");
	}
	is(answer(q{CREATE TABLE generated (account program_account(RM), number bn9 GENERATED ALWAYS AS (bn9(account)) STORED)},
		q{INSERT INTO generated VALUES ('123456782RM0001')}, q{SELECT number FROM generated}), '123456782', 'a stored one can');
	# a virtual column of another type, over ours: what it needs must be the server's own
	is(answer(q{CREATE TABLE plain (account text, release date, duties numeric, tax numeric, total numeric GENERATED ALWAYS AS (duties + tax) VIRTUAL)},
		q{INSERT INTO plain VALUES ('a', '2025-02-01', 1, 0.5)},
		q{SELECT track_duties('plain', 'account', 'release', 'total', 'plain_live')}, q{INSERT INTO plain VALUES ('a', '2025-02-18', 2, 0.25)},
		q{UPDATE plain SET tax = 1 WHERE duties = 1},
		q{SELECT history FROM plain_live}) =~ s/.*\n//sr, '{2025-02-01:2.00,2025-02-18:2.25}', 'a live history of a virtual column');
	is(answer(q{SELECT count(*) FROM verify_duties('plain')}), '0', 'which a recount confirms');
}

if ($version >= 19)
{
	# Eager aggregation: partial aggregates below a join.
	$node->safe_psql('postgres', q{
		CREATE TABLE brokers (id integer PRIMARY KEY, name text);
		INSERT INTO brokers SELECT i, 'broker ' || i % 3 FROM generate_series(1, 20) i;
		CREATE TABLE entries (broker integer, release date, duties numeric);
		INSERT INTO entries SELECT 1 + i % 20, date '2024-01-01' + (i::bigint * 7919 % 700)::integer, (i::bigint * 104729 % 200003 - 10000) / 100.0 FROM generate_series(1, 40000) i;
		ANALYZE brokers; ANALYZE entries});
	foreach my $aggregate ('duty_history(release, duties)', 'peak_monthly_duty(release, duties)', 'required_bond(release, duties, date \'2025-06-30\')')
	{
		my $query = "SELECT name, $aggregate FROM entries JOIN brokers ON id = broker GROUP BY name ORDER BY name";
		my @eager = ('SET enable_eager_aggregate = on', 'SET min_eager_agg_group_size = 0');
		my $plan = answer(@eager, "EXPLAIN (COSTS OFF) $query");

		like($plan, qr/Finalize.*Join.*Partial/s, "eager aggregation of $aggregate");
		is(answer(@eager, $query), answer('SET enable_eager_aggregate = off', $query), 'gives the same');
	}
}
ok($version >= 15, 'that was all');

done_testing();
