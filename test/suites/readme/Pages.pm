package Pages;

# The pages: what is in them, and how it is written back. See run.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use Exporter 'import';

our @EXPORT = qw(result slurp trimmed cells row_of code read_page write_page);
our $failed = 0;
our $root;

sub result
{
	my ($good, $name, $why) = @_;

	if (!$good)
	{
		$failed++;
		print map { "# $_\n" } split /\n/, $why if defined $why;
	}
	print(($good ? 'ok' : 'not ok') . " - $name\n");
}

sub slurp
{
	my ($path) = @_;

	open my $in, '<', $path or die "$path: $!\n";
	local $/;
	return <$in>;
}

# What a block is compared by: psql pads its headings, which editors strip; the
# number of a server process is another each time.
sub trimmed
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/^\n+//;
	$text =~ s/\n+\z//;
	$text =~ s/(server process with PID) \d+/$1 4711/g;
	return $text;
}

#
# Reading
#

# The cells of a table's row; \| is a bar within one.
sub cells
{
	my ($line) = @_;

	$line =~ s/^\s*\|//;
	$line =~ s/\|\s*$//;
	my @cells = split /(?<!\\)\|/, $line, -1;
	s/^\s+|\s+$//g, s/\\\|/|/g for @cells;
	return @cells;
}

# A row as it is written.
sub row_of
{
	return '|' . join('|', map { s/\|/\\|/gr =~ s/^(?=.)| *$/ /gr } @_) . '|';
}

sub code
{
	my ($cell) = @_;

	return map { s/^ (?=.*`)|(?<=`) $//gr } $cell =~ /(?|``(.+?)``|`([^`]+)`)/g;
}

# Paths of this tree and links, as a line of a page names them.
sub names_paths
{
	my ($page, $text, $line) = @_;
	my $folder = $page->{file} =~ m{^(.*/)} ? $1 : '';

	while ($text =~ /\]\(([^)#]*)(?:#([^)]*))?\)/g)
	{
		my ($to, $anchor) = ($1, $2);

		next if $to =~ /^\w+:/;
		$to = $to eq '' ? $page->{file} : "$folder$to";
		1 while $to =~ s{[^/]+/\.\./}{};
		$page->{named}{$to} //= $line;
		push @{ $page->{links} }, { line => $line, page => $to, anchor => $anchor } if defined $anchor;
	}
	$text =~ s/\]\([^)]*\)/]/g;
	while ($text =~ m{(?<![\w./-])((?:\.ci|src|sql|expected|test)/[\w./-]*\w)}g)
	{
		$page->{named}{$1} //= $line;
	}
}

# Reads a page into:
#   lines    its lines
#   items    what is run, in order
#   tables   { line, header => [...], rows => [{ line, cells => [...] }] }
#   copies   what another file has: { line, first, last, file, title, part }
#   named    paths of this tree: path => line
#   links    to headings: { line, page, anchor }
#   anchors  of its own headings
sub read_page
{
	my ($page) = @_;
	my @lines = split /\n/, slurp("$root/$page->{file}"), -1;
	my $fenced = 0;

	@$page{qw(lines items tables copies named links)} = (\@lines, [], [], [], {}, []);
	$page->{anchors} =
	  { map { (lc(s/^#+ //r) =~ s/[^\w\s-]//gr =~ s/ /-/gr, 1) } grep { $fenced ^= /^```/; !$fenced && /^#+ / } @lines };
	for (my $i = 0; $i < @lines; $i++)
	{
		if ($lines[$i] =~ /^```(.*)/)
		{
			my ($info, $first) = ($1, $i + 1);

			$i++ until $i >= $#lines || $lines[$i + 1] =~ /^```\s*$/;
			my $text = join "\n", @lines[$first .. $i];
			$i++;
			names_paths($page, $text, $first) if $info eq 'sh';
			if ($info eq 'sql' || $text eq 'test/run -l')
			{
				my $item = { kind => $info eq 'sql' ? 'block' : 'command', line => $first, sql => $text };
				push @{ $page->{items} }, $item;
				my $next = $i + 1;
				$next++ while $next < @lines && $lines[$next] eq '';
				if ($next < @lines && $lines[$next] =~ /^```(text)?$/)
				{
					my $end = $next + 1;
					$end++ until $lines[$end] =~ /^```\s*$/;
					@$item{ 'result', 'from', 'to' } = (join("\n", @lines[ $next + 1 .. $end - 1 ]), $next + 1, $end - 1);
					$i = $end;
				}
			}
			elsif ($info !~ /^(sh|text|c|sql not-run|\w+ not-run)?$/)
			{
				result(0, "$page->{file} line $first", "a block of an unknown kind: $info");
			}
		}
		elsif ($lines[$i] =~ /^<!-- (table|rows) (\S+): (.*) -->$/)
		{
			my ($part, $from, $title, $first) = ($1, $2, $3, $i + 1);

			$i++ until $i >= $#lines || $lines[ $i + 1 ] =~ /^<!-- end -->$/;
			push @{ $page->{copies} }, { line => $first, first => $first, last => $i, file => $from, title => $title, part => $part };
			$page->{named}{$from} //= $first;
		}
		elsif ($lines[$i] =~ /^\|/ && $i < $#lines && $lines[ $i + 1 ] =~ /^\|[\s|:-]+\|$/)
		{
			my $table = { line => $i + 1, header => [ cells($lines[$i]) ], rows => [] };
			my %column = map { $table->{header}[$_] => $_ } 0 .. $#{ $table->{header} };

			for ($i += 2; $i < @lines && $lines[$i] =~ /^\|/; $i++)
			{
				my @cells = cells($lines[$i]);

				names_paths($page, $lines[$i], $i + 1);
				result(0, "$page->{file} line " . ($i + 1), scalar(@cells) . " cells under " . scalar(@{ $table->{header} }) . " headings")
				  if @cells != @{ $table->{header} };
				my $row = { line => $i + 1, cells => \@cells };
				push @{ $table->{rows} }, $row;
				next unless exists $column{example} && exists $column{result};
				my ($example) = code($cells[ $column{example} ]);
				my ($shown) = code($cells[ $column{result} ]);
				next unless defined $example;
				push @{ $page->{items} }, { kind => 'example', line => $i + 1, sql => $example, result => $shown // '',
					cell => \$cells[ $column{result} ] };
			}
			$i--;
			push @{ $page->{tables} }, $table;
		}
		else
		{
			names_paths($page, $lines[$i], $i + 1);
		}
	}
}

#
# Writing
#

sub write_page
{
	my ($page) = @_;
	my @lines = @{ $page->{lines} };

	for my $row (map { @{ $_->{rows} } } @{ $page->{tables} })
	{
		my $is = row_of(@{ $row->{cells} });

		$lines[ $row->{line} - 1 ] = $is if defined $row->{line} && row_of(cells($lines[ $row->{line} - 1 ])) ne $is;
	}
	my @changes = map { [ $_->{from}, $_->{to}, $_->{got} ] } grep { exists $_->{got} && $_->{kind} ne 'example' } @{ $page->{items} };
	push @changes, map { [ $_->{first}, $_->{last}, "\n" . trimmed($_->{got}) . "\n" ] } grep { exists $_->{got} } @{ $page->{copies} };
	push @changes, map { [ $_->{line} - 1, $_->{line} - 1, '' ] } grep { $_->{gone} } map { @{ $_->{rows} } } @{ $page->{tables} };
	push @changes, map { [ $_->{after}, $_->{after} - 1, row_of(@{ $_->{cells} }) ] } grep { defined $_->{after} } map { @{ $_->{rows} } } @{ $page->{tables} };
	for my $change (sort { $b->[0] <=> $a->[0] } @changes)
	{
		my ($from, $to, $text) = @$change;
		splice @lines, $from, $to - $from + 1, $text eq '' ? () : split(/\n/, $text, -1);
	}
	open my $out, '>', "$root/$page->{file}" or die "$page->{file}: $!\n";
	print $out join "\n", @lines;
	close $out or die "$page->{file}: $!\n";
	print "# $page->{file}: written\n";
}

1;
