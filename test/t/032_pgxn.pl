
# META.json keeps the rules of the PGXN Meta Spec, 1.0.0, and says what
# carm.control and the tree say. Broken copies of it show that each rule bites.

use strict;
use warnings;
use Cwd;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

# A rule takes a value and where it stands, and gives what is wrong with it.

sub is_string { my ($v, $at) = @_; return !defined $v || ref $v || $v eq '' ? "$at: no string" : () }

# at least two characters, without spaces, slashes, control characters
sub is_term { my ($v, $at) = @_; return is_string(@_) || $v !~ m{\A[^\s/\\[:cntrl:]]{2,}\z} ? "$at: no term" : () }

sub is_tag { my ($v, $at) = @_; return is_string(@_) || $v !~ m{\A[^/\\[:cntrl:]]{1,255}\z} ? "$at: no tag" : () }

# Semantic Versioning 2.0.0
my $number = qr/(?:0|[1-9]\d*)/;
my $version = qr/$number\.$number\.$number(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?/;
sub is_version { my ($v, $at) = @_; return is_string(@_) || $v !~ /\A$version\z/ ? "$at: no version" : () }

# 0 for any, or a list of versions, each with an operator or without
sub is_range
{
	my ($v, $at) = @_;
	return is_string(@_) || $v !~ /\A(?:0|(?:(?:[<>]=?|[!=]=)\s*)?$version(?:\s*,\s*(?:[<>]=?|[!=]=)\s*$version)*)\z/ ? "$at: no range of versions" : ();
}

sub is_url { my ($v, $at) = @_; return is_string(@_) || $v !~ m{\A[a-z][a-z0-9+.-]*://[^/\s]+\S*\z}i ? "$at: no URL" : () }

sub is_email { my ($v, $at) = @_; return is_string(@_) || $v !~ /\A\S+\@\S+\z/ ? "$at: no address" : () }

# a path in the distribution
sub is_file { my ($v, $at) = @_; return is_string(@_) || $v =~ m{\A/|\\|(?:\A|/)\.\.(?:/|\z)} ? "$at: no file" : () }

sub one_of
{
	my %known = map { $_ => 1 } @_;
	return sub { my ($v, $at) = @_; return is_string(@_) || !$known{$v} ? "$at: not one of those known" : () };
}

# one or a list of one or more
sub list_of
{
	my ($rule) = @_;
	return sub {
		my ($v, $at) = @_;
		return $rule->(@_) unless ref $v eq 'ARRAY';
		return @$v ? map { $rule->($v->[$_], "$at\[$_]") } 0 .. $#$v : "$at: empty";
	};
}

# keys that are known, those needed with "!" before; others begin with x_
sub map_of
{
	my (%rules) = @_;
	return sub {
		my ($v, $at) = @_;
		return "$at: no map" unless ref $v eq 'HASH';
		my @wrong = map { /^!(.*)/ && !exists $v->{$1} ? "$at: lacks $1" : () } sort keys %rules;
		foreach my $key (sort keys %$v)
		{
			my $rule = $rules{"!$key"} || $rules{$key};
			push @wrong, $rule ? $rule->($v->{$key}, "$at.$key") : $key =~ /\Ax_./i ? () : "$at: $key is not known";
		}
		return @wrong;
	};
}

# any keys that keep a rule
sub map_by
{
	my ($key_rule, $rule) = @_;
	return sub {
		my ($v, $at) = @_;
		return "$at: no map" unless ref $v eq 'HASH' && %$v;
		return map { $key_rule->($_, "$at.$_"), $rule->($v->{$_}, "$at.$_") } sort keys %$v;
	};
}

my $license = list_of(one_of(qw(agpl_3 apache_1_1 apache_2_0 artistic_1 artistic_2 bsd freebsd gfdl_1_2 gfdl_1_3
	gpl_1 gpl_2 gpl_3 lgpl_2_1 lgpl_3_0 mit mozilla_1_0 mozilla_1_1 openssl perl_5 postgresql qpl_1_0 ssleay sun zlib
	open_source restricted unrestricted unknown)));
my $licenses = map_by(\&is_string, \&is_url);
my $requirements = map_by(\&is_term, \&is_range);
my $spec = map_of(
	'!name' => \&is_term,
	'!version' => \&is_version,
	'!abstract' => \&is_string,
	'!maintainer' => list_of(\&is_string),
	'!license' => sub { ref $_[0] eq 'HASH' ? $licenses->(@_) : $license->(@_) },
	'!provides' => map_by(\&is_term, map_of(
		'!file' => \&is_file, '!version' => \&is_version, abstract => \&is_string, docfile => \&is_file)),
	'!meta-spec' => map_of('!version' => one_of('1.0.0'), url => \&is_url),
	description => \&is_string,
	generated_by => \&is_string,
	tags => list_of(\&is_tag),
	no_index => map_of(file => list_of(\&is_string), directory => list_of(\&is_string)),
	prereqs => map_by(one_of(qw(configure build test runtime develop)),
		map_by(one_of(qw(requires recommends suggests conflicts)), $requirements)),
	release_status => one_of(qw(stable testing unstable)),
	resources => map_of(
		homepage => \&is_url,
		license => list_of(\&is_url),
		bugtracker => map_of(web => \&is_url, mailto => \&is_email),
		repository => map_of(url => \&is_url, web => \&is_url, type => sub { is_string(@_) || $_[0] ne lc $_[0] ? "$_[1]: no type" : () })));

my $source = $ENV{TESTDIR} || getcwd();
my $text = slurp_file("$source/META.json");
my $meta = eval { JSON::PP->new->utf8->decode($text) };
ok($meta, 'META.json is JSON') or BAIL_OUT($@);
is_deeply([ $spec->($meta, 'META.json') ], [], 'and keeps the rules of the spec');

# What it says of the tree.
my ($control) = slurp_file("$source/carm.control") =~ /^default_version = '(.*)'/m;
my $three = $control =~ /^\d+\.\d+$/ ? "$control.0" : $control;
is($meta->{name}, 'carm', 'the name of the extension');
is($meta->{version}, $three, 'the version of carm.control, in three parts');
is_deeply([ keys %{ $meta->{provides} } ], ['carm'], 'provides that extension');
is($meta->{provides}{carm}{version}, $three, 'in that version');
is($meta->{provides}{carm}{file}, "sql/carm--$control.sql", 'from its script');
ok(-f "$source/$meta->{provides}{carm}{$_}", "whose $_ is there") foreach 'file', 'docfile';
like(slurp_file("$source/LICENSE"), qr/paragraph and\s+the following two paragraphs/, 'under the license of LICENSE')
  if $meta->{license} eq 'postgresql';
my ($oldest) = slurp_file("$source/src/compat.h") =~ /^#if PG_VERSION_NUM < (\d\d)0000\n#error/m;
is($meta->{prereqs}{runtime}{requires}{PostgreSQL}, "$oldest.0.0", 'needs the oldest server that the source builds for');

# Each rule bites.
foreach my $broken (
	[ 'a name missing', sub { delete $_[0]{name} } ],
	[ 'a name of one letter', sub { $_[0]{name} = 'c' } ],
	[ 'a name with a space', sub { $_[0]{name} = 'ca rm' } ],
	[ 'a version of two parts', sub { $_[0]{version} = '1.0' } ],
	[ 'a version with a leading zero', sub { $_[0]{version} = '1.01.0' } ],
	[ 'an empty abstract', sub { $_[0]{abstract} = '' } ],
	[ 'no maintainer', sub { $_[0]{maintainer} = [] } ],
	[ 'an unknown license', sub { $_[0]{license} = 'PostgreSQL' } ],
	[ 'a license that leads nowhere', sub { $_[0]{license} = { PostgreSQL => 'LICENSE' } } ],
	[ 'nothing provided', sub { $_[0]{provides} = {} } ],
	[ 'provided from no file', sub { delete $_[0]{provides}{carm}{file} } ],
	[ 'provided from outside', sub { $_[0]{provides}{carm}{file} = '../carm.sql' } ],
	[ 'another spec', sub { $_[0]{'meta-spec'}{version} = '2.0.0' } ],
	[ 'an unknown phase', sub { $_[0]{prereqs}{install} = { requires => { PostgreSQL => 0 } } } ],
	[ 'an unknown relation', sub { $_[0]{prereqs}{runtime}{needs} = { PostgreSQL => 0 } } ],
	[ 'no range of versions', sub { $_[0]{prereqs}{runtime}{requires}{PostgreSQL} = 'new' } ],
	[ 'a tag with a slash', sub { push @{ $_[0]{tags} }, 'customs/duties' } ],
	[ 'an unknown status', sub { $_[0]{release_status} = 'final' } ],
	[ 'no URL', sub { $_[0]{resources} = { homepage => 'carm' } } ],
	[ 'an unknown key', sub { $_[0]{author} = 'carm' } ])
{
	my ($name, $break) = @$broken;
	my $copy = JSON::PP->new->utf8->decode($text);

	$break->($copy);
	my @wrong = $spec->($copy, 'META.json');
	is(scalar @wrong, 1, "$name is found") or diag(join "\n", @wrong);
}
# and no more than it should
my $full = JSON::PP->new->utf8->decode($text);
%$full = (%$full,
	maintainer => [ 'carm authors', 'list <list@localhost>' ], license => { PostgreSQL => 'https://localhost/licence' },
	release_status => 'testing', x_note => { any => 'thing' }, no_index => { directory => ['test'] },
	resources => { bugtracker => { mailto => 'bugs@localhost' }, repository => { url => 'git://localhost/carm', type => 'git' } });
$full->{prereqs}{test}{recommends} = { plpgsql => 0, PostgreSQL => '>= 16.0.0, != 17.0.0, < 99.0.0-rc1' };
is_deeply([ $spec->($full, 'META.json') ], [], 'every other key of the spec may be there');

done_testing();
