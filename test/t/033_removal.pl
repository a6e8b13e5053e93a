
# The script of GUIDE.md that removes carm: it lists what uses carm and is not
# its to change, and then changes nothing; without that, all data stay, as text.

use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($script) = slurp_file("$FindBin::RealBin/../../GUIDE.md") =~ /^(-- 2\. what holds columns.*?^DROP EXTENSION carm;)$/ms;
ok(defined $script, 'the guide has the script') or BAIL_OUT('no script');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION carm');

# what the script changes
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE plain (a program_account(RM) PRIMARY KEY, n bn9 GENERATED ALWAYS AS (bn9(a)) STORED,
	l program_account[], is_last boolean, h duty_history);
CREATE INDEX ON plain (n);
CREATE INDEX ON plain USING hash (n);
CREATE INDEX ON plain USING brin (n);
CREATE INDEX ON plain (a) WHERE is_last;
CREATE STATISTICS together ON a, n FROM plain;
CREATE TABLE terms (a program_account REFERENCES plain, term daterange, EXCLUDE USING gist (a WITH =, term WITH &&));
CREATE TABLE parted (a program_account REFERENCES plain, day integer, n bn9 GENERATED ALWAYS AS (bn9(a)) STORED, PRIMARY KEY (a, day))
	PARTITION BY RANGE (day);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (9);
CREATE TABLE of_parted (a program_account, day integer, FOREIGN KEY (a, day) REFERENCES parted);
CREATE TABLE parent (n bn9);
CREATE TABLE child () INHERITS (parent);
INSERT INTO plain VALUES ('123456782RM0001', DEFAULT, '{123456782RM0001}', true, '{2026-01-01:5}');
INSERT INTO terms VALUES ('123456782RM0001', '[2026-01-01,)');
INSERT INTO parted VALUES ('123456782RM0001', 1);
INSERT INTO of_parted VALUES ('123456782RM0001', 1);
INSERT INTO child VALUES ('123456782');
SQL

# what it doesn't: how the script names it, how it is made, and how it goes
my @yours = (
	[ 'constraint checked_a_check on table checked', 'CREATE TABLE checked (a program_account CHECK (is_import_export(a)))', 'ALTER TABLE checked DROP CONSTRAINT checked_a_check' ],
	[ 'default value for column b of table checked', q{ALTER TABLE checked ADD b bn9 DEFAULT '123456782'}, 'ALTER TABLE checked ALTER b DROP DEFAULT' ],
	[ 'default value for column r of table checked', 'ALTER TABLE checked ADD r integer GENERATED ALWAYS AS (reference_number(a)) STORED', 'ALTER TABLE checked ALTER r DROP EXPRESSION' ],
	[ 'index of_function', 'CREATE INDEX of_function ON checked (bn9(a))', 'DROP INDEX of_function' ],
	[ 'index of_cast', 'CREATE INDEX of_cast ON checked ((a::text))', 'DROP INDEX of_cast' ],
	[ 'index of_some', 'CREATE INDEX of_some ON checked (r) WHERE is_import_export(a)', 'DROP INDEX of_some' ],
	[ 'index by_gist', 'CREATE INDEX by_gist ON checked USING gist (a)', 'DROP INDEX by_gist' ],
	[ 'index by_bloom', 'CREATE INDEX by_bloom ON checked USING brin (a program_account_bloom_ops)', 'DROP INDEX by_bloom' ],
	[ 'statistics object of_number', 'CREATE STATISTICS of_number ON (bn9(a)), r FROM checked', 'DROP STATISTICS of_number' ],
	[ 'type account', 'CREATE DOMAIN account AS program_account', 'DROP DOMAIN account' ],
	[ 'constraint number_check', 'CREATE DOMAIN number AS text CHECK (is_bn9(VALUE))', 'DROP DOMAIN number' ],
	[ 'column n of composite type pair', 'CREATE TYPE pair AS (n bn9, i integer)', 'DROP TYPE pair' ],
	[ 'function takes(bn9)', 'CREATE FUNCTION takes(bn9) RETURNS integer LANGUAGE sql RETURN 1', 'DROP FUNCTION takes' ],
	[ 'function reads()', 'CREATE FUNCTION reads() RETURNS bigint LANGUAGE sql RETURN (SELECT count(a) FROM plain)', 'DROP FUNCTION reads' ],
	[ 'rule _RETURN on view shown', 'CREATE VIEW shown AS SELECT h FROM plain', 'DROP VIEW shown' ],
	[ 'rule _RETURN on view hidden', 'CREATE VIEW hidden AS SELECT is_last FROM plain WHERE a IS NOT NULL', 'DROP VIEW hidden' ],
	[ 'rule _RETURN on materialized view kept', 'CREATE MATERIALIZED VIEW kept AS SELECT a FROM plain', 'DROP MATERIALIZED VIEW kept' ],
	[ 'trigger of_column on table plain', 'CREATE TRIGGER of_column BEFORE UPDATE OF a ON plain FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'DROP TRIGGER of_column ON plain' ],
	[ 'policy of_rows on table plain', 'CREATE POLICY of_rows ON plain USING (a IS NOT NULL)', 'DROP POLICY of_rows ON plain' ],
	[ 'table spread', 'CREATE TABLE spread (a program_account) PARTITION BY HASH (a)', 'DROP TABLE spread' ]);
$node->safe_psql('postgres', $_->[1]) foreach @yours;

# Runs the script as psql does without ON_ERROR_STOP; gives all that it says.
sub remove
{
	my ($out, $err);

	$node->psql('postgres', "BEGIN;\n$script\nCOMMIT;", stdout => \$out, stderr => \$err, on_error_stop => 0);
	return $err;
}

sub types
{
	return $node->safe_psql('postgres', <<'SQL');
SELECT string_agg(format('%s.%s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod)), E'\n' ORDER BY attrelid::regclass::text, attnum)
FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')) AND attnum > 0
SQL
}

my $before = types();
my ($listed) = remove() =~ /DETAIL: +(.*?)\nCONTEXT/s;
is($listed, join("\n", sort map { $_->[0] } @yours), 'it lists what is left');
is(types(), $before, 'and changes nothing');

$node->safe_psql('postgres', $_->[2]) foreach reverse @yours;
$before = types();
is(remove(), '', 'without that it says nothing');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_extension WHERE extname = $$carm$$'), '0', 'carm is gone');
is(types(), $before =~ s/ (?:program_account(?:\(RM\))?|bn9|duty_history)(?=$|\[)/ text/gmr, 'its columns are text');
is($node->safe_psql('postgres', 'TABLE plain; TABLE terms; TABLE parted; TABLE of_parted; TABLE child'),
	"123456782RM0001|123456782|{123456782RM0001}|t|{2026-01-01:5.00}\n123456782RM0001|[2026-01-01,)\n123456782RM0001|1|123456782\n123456782RM0001|1\n123456782",
	'the data are there');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0}), '3', 'and so are the foreign keys');

$node->stop;
done_testing();
