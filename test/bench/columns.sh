# shellcheck shell=bash
# Columns of program_account and of other types, to load, to index and to look
# up in. Sourced after lib.sh.

data="$millions M values"
sampled=100000

# column NAME TYPE EXPRESSION SOURCE: tables of_NAME, of as many values as rows
# in an order unlike their own, and sample_NAME, of some of them; a file to COPY
# from.
column()
{
	say "  making $millions million values: $1"
	sql "
		SET work_mem = '1GB';
		DROP TABLE IF EXISTS of_$1, sample_$1;
		CREATE UNLOGGED TABLE of_$1 AS SELECT a FROM (SELECT i, $3 AS a FROM $4) AS v ORDER BY hashint8extended(i, 7);
		CREATE UNLOGGED TABLE sample_$1 AS SELECT a FROM of_$1 LIMIT $sampled;
		COPY of_$1 TO '$scratch/$1'" >/dev/null
	sql "VACUUM (ANALYZE, FREEZE) of_$1" && sql "ANALYZE sample_$1"
}

# As many accounts as there are rows.
column_of_accounts()
{
	accounts $((millions * 1000000))
	column "$1" "$1" "$2" "accounts_$((millions * 1000000)) AS t (i, account)"
}

# pair ROW BAR NAME LABEL 'what to do before' 'what is timed': program_account
# against NAME; TYPE stands for the name. Accounts as text must be the same.
pair()
{
	local options=(-a "${5//TYPE/program_account}" -b "${5//TYPE/$3}")
	local checked='SELECT count(*), min(a COLLATE "C"), max(a COLLATE "C"), sum(hashtextextended(a, 0)) FROM'

	case $3 in
		text | checked) options+=(-A "$checked (SELECT a::text FROM of_program_account) AS t" -B "$checked of_$3") ;;
		*) options+=(-n) ;;
	esac
	compare "${options[@]}" "$1" "$data" "$2" program_account "${6//TYPE/program_account}" "$4" "${6//TYPE/$3}"
}

# size WHAT BAR LABEL RELATION-of-TYPE NAME
size()
{
	measured "$1" "$data" "$2" program_account "$(sql "SELECT pg_relation_size('${4//TYPE/program_account}')")" \
		"$3" "$(sql "SELECT pg_relation_size('${4//TYPE/$5}')")" bytes
}

# against NAME LABEL [bars: COPY, table, build, size, look-up]
against()
{
	pair "COPY, $2" "${3-}" "$1" "$2" 'DROP INDEX IF EXISTS unique_TYPE; TRUNCATE of_TYPE' "COPY of_TYPE FROM '$scratch/TYPE'"
	size "table, $2" "${4-}" "$2" of_TYPE "$1"
	pair "unique index, build, $2" "${5-}" "$1" "$2" 'DROP INDEX IF EXISTS unique_TYPE' 'CREATE UNIQUE INDEX unique_TYPE ON of_TYPE (a)'
	size "unique index, size, $2" "${6-}" "$2" unique_TYPE "$1"
	sql "VACUUM (ANALYZE, FREEZE) of_program_account" && sql "VACUUM (ANALYZE, FREEZE) of_$1"
	pair "$((sampled / 1000)) k look-ups by index, $2" "${7-}" "$1" "$2" 'SET enable_hashjoin = off; SET enable_mergejoin = off' \
		'SELECT count(*) FROM sample_TYPE JOIN of_TYPE USING (a)'
	# semver's hash is the same for all values: that never ends
	[ "$1" = semver ] ||
		pair "distinct values by hash, $2" "" "$1" "$2" 'SET enable_sort = off' 'SELECT count(*) FROM (SELECT a FROM of_TYPE GROUP BY a) AS g'
	server 'RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_sort'
}
