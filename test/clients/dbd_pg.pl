# client: DBD::Pg
# needs: libdbd-pg-perl
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:pg_types);

my ($BN, $OTHER) = ('123456782', '123456782RC0001');
my ($FIRST, $SECOND, $THIRD) = map { "${BN}RM000$_" } 1 .. 3;
my $db = DBI->connect('dbi:Pg:', undef, undef, { RaiseError => 1, PrintError => 0 });

sub yes { die "wrong answer\n" unless $_[0]; return 'yes'; }
sub one { return $db->selectrow_array(shift, undef, @_); }

# Tries the statement as written, then with a cast; prints its line.
sub cell
{
	my ($name, $plain, $cast) = @_;
	return print "$name\t-\n" unless $plain;
	my $got = eval { $plain->() };
	return print "$name\t$got\n" if defined $got;
	$got = $cast && eval { $cast->() };
	return print "$name\t", $got eq 'yes' ? 'cast' : "cast, $got", "\n" if defined $got;
	print "$name\tno (", $db->state, ")\n#\t", (split /\n/, $@)[0], "\n";
}

sub found
{
	my ($rows, $sql, $value, $type) = @_;
	my @got;
	for my $query ($sql, "EXPLAIN $sql")
	{
		my $s = $db->prepare($query);
		$s->bind_param(1, $value, $type ? { pg_type => $type } : undef);
		$s->execute;
		push @got, $s->fetchall_arrayref;
	}
	yes(@{ $got[0] } == $rows);
	return (grep { $_->[0] =~ /Index/ } @{ $got[1] }) ? 'index' : 'no index';
}

sub copy
{
	my ($form) = @_;
	$db->do("COPY (SELECT id, bn, account FROM entries WHERE id < 3) TO STDOUT ($form)");
	my ($part, @parts);
	push @parts, $part while $db->pg_getcopydata($part) >= 0;
	$db->do('DROP TABLE IF EXISTS c');
	$db->do('CREATE TEMP TABLE c (id int4, bn bn9, account program_account)');
	$db->do("COPY c FROM STDIN ($form)");
	$db->pg_putcopydata($_) for @parts;
	$db->pg_putcopyend;
	return yes(one('SELECT string_agg(account, $$,$$ ORDER BY id) FROM c') eq "$FIRST,$SECOND");
}

cell('select', sub { yes(join(',', one('SELECT account, bn FROM entries WHERE id = 1')) eq "$FIRST,$BN") });
cell('insert', sub { yes($db->do('INSERT INTO entries (id, bn, account) VALUES (20001, ?, ?)', undef, $BN, $OTHER) == 1) });
cell('update', sub { yes($db->do('UPDATE entries SET account = ? WHERE id = 20001', undef, '123456782RC0002') == 1) });
cell('filter', sub { found(1, 'SELECT id FROM entries WHERE account = ?', $THIRD) });
cell('varchar', sub { found(1, 'SELECT id FROM entries WHERE account = ?', $THIRD, PG_VARCHAR) });
cell('any', sub { found(2, 'SELECT id FROM entries WHERE account = ANY(?)', [ $FIRST, $SECOND ]) },
	sub { found(2, 'SELECT id FROM entries WHERE account = ANY(?::text[])', [ $FIRST, $SECOND ]) });
cell('like', sub { yes(one('SELECT count(*) FROM entries WHERE account LIKE ?', "${BN}RM00%") == 99) });
cell('null', sub {
	$db->do('INSERT INTO entries (id, bn, account) VALUES (20002, ?, ?)', undef, undef, undef);
	yes(!defined one('SELECT account FROM entries WHERE id = 20002'));
});
cell('array', sub {
	$db->do('UPDATE entries SET accounts = ? WHERE id = 1', undef, [ $FIRST, $SECOND ]);
	my $got = one('SELECT accounts FROM entries WHERE id = 1');
	ref $got ? (yes("@$got" eq "$FIRST $SECOND") && 'list') : (yes($got eq "{$FIRST,$SECOND}") && 'text');
});
cell('copy text', sub { copy('FORMAT text') });
cell('copy binary', sub { copy('FORMAT binary') });
cell('json', sub {
	yes(one('SELECT to_jsonb(e) ->> $$account$$ FROM entries e WHERE id = 1') eq $FIRST);
	$db->do('INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ?)', undef,
		'{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}');
	yes(one('SELECT account FROM entries WHERE id = 30001') eq '123456782RC0009');
});
eval { $db->do('INSERT INTO entries (id, bn) VALUES (20003, ?)', undef, '123456789') };
print "bad number\t", $@ ? $db->state . ' `$dbh->state`' : 'no error', "\n";
