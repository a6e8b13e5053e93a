# shellcheck shell=bash
# What a bench is made of: seeded data, and pairs that are run in turn. Sourced
# by the scripts that test/bench/run runs, with PG* set to its server.
#
# Results go to the terminal and, a line each, to $CARM_RESULTS: columns parted
# by tabs, empty where they don't apply.
#
#   bench    the script
#   row      what is compared, short; unique with `data` in a bench
#   data     of which rows, in words: "10 M, 20 k accounts, random order"
#   a        side A, in words: carm, where it is one of the two
#   b        side B, in words; empty where one thing was measured alone
#   unit     ms, bytes, …
#   a_median a_min a_max
#   b_median b_min b_max
#   ratio    a_median / b_median
#   bar      the highest ratio that was promised; empty: for information
#   rounds   how often each side was measured
#
# A line whose row is "version" says with what: data names it, a is its value.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=test/bench
bench=${0##*/}
millions=${CARM_MILLIONS:-10} rounds=${CARM_ROUNDS:-5}
scratch=$CARM_WORK/$bench
mkdir -p "$scratch"
trap 'rm -rf "$scratch"' EXIT

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$bench" "$*" >&2; exit 1; }

# A statement's result, from a session of its own.
sql()
{
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# One session of psql for all that is timed, so that each side finds the
# caches as warm as the other does.
mkfifo "$scratch/to_psql" "$scratch/from_psql"
psql -XqAt -v ON_ERROR_STOP=1 <"$scratch/to_psql" >"$scratch/from_psql" 2>"$scratch/psql.err" &
exec {to_psql}>"$scratch/to_psql" {from_psql}<"$scratch/from_psql"

# Reads what a program says until "done", keeping its last line in $answer.
read_answer()
{
	local line

	answer=
	while IFS= read -r line <&"$1"; do
		[ "$line" != done ] || return 0
		answer=$line
	done
	cat "$2" >&2
	die "$3"
}

# Runs a statement in that session. Nobody sees what it returns.
server()
{
	printf '%s\n;\n\\echo done\n' "$1" >&"$to_psql"
	read_answer "$from_psql" "$scratch/psql.err" "failed: $1"
}

# The same, with its time in ms in $answer.
server_timed()
{
	printf '\\o /dev/null\n\\timing on\n%s\n;\n\\timing off\n\\o\n\\echo done\n' "$1" >&"$to_psql"
	read_answer "$from_psql" "$scratch/psql.err" "failed: $1"
	answer=${answer#Time: } answer=${answer%% ms*}
}

# DuckDB, in a process of its own, for statements that begin with "duckdb:".
# start_duckdb THREADS; one whole session as well.
start_duckdb()
{
	local modules=$CARM_WORK/duckdb

	if [ ! -d "$modules/node_modules" ]; then
		mkdir -p "$modules"
		(cd "$modules" && npm install --no-audit --no-fund --no-package-lock --loglevel=error '@duckdb/node-api@1.5.6-r.1' >npm.log 2>&1) || {
			tail -n 3 "$modules/npm.log" >&2
			rm -rf "$modules"
			return 1
		}
	fi
	rm -f "$scratch/to_duckdb" "$scratch/from_duckdb"
	mkfifo "$scratch/to_duckdb" "$scratch/from_duckdb"
	NODE_PATH=$modules/node_modules node "$here/duckdb.js" "$1" \
		<"$scratch/to_duckdb" >"$scratch/from_duckdb" 2>"$scratch/duckdb.err" &
	duckdb_pid=$!
	exec {to_duckdb}>"$scratch/to_duckdb" {from_duckdb}<"$scratch/from_duckdb"
	duckdb "SELECT version()"
}

stop_duckdb()
{
	exec {to_duckdb}>&- {from_duckdb}<&-
	wait "$duckdb_pid"
}

# Runs a statement in DuckDB; its time in ms is in $answer.
duckdb()
{
	printf '%s\n' "${1//$'\n'/ }" >&"$to_duckdb"
	read_answer "$from_duckdb" "$scratch/duckdb.err" "DuckDB failed: $1"
}

timed()
{
	case $1 in
		duckdb:*) duckdb "${1#duckdb:}" ;;
		*) server_timed "$1" ;;
	esac
}

# What a query returns, in order, into a file.
keep_answer()
{
	local text=${1//$'\n'/ }

	case $text in
		duckdb:*) duckdb "COPY (${text#duckdb:}) TO '$2.raw' (FORMAT csv, HEADER false, QUOTE '\"')" ;;
		*)
			printf '\\copy (%s) TO %s WITH (FORMAT csv)\n\\echo done\n' "${text//$'\t'/ }" "'$2.raw'" >&"$to_psql"
			read_answer "$from_psql" "$scratch/psql.err" "failed: $text" ;;
	esac
	sort "$2.raw" >"$2"
	rm "$2.raw"
}

# Prints median, least and most of what stands in the arguments.
spread()
{
	printf '%s\n' "$@" | sort -g |
		awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); printf "%s\t%s\t%s\n", NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2, v[1], v[NR] }'
}

# record ROW DATA A B UNIT SPREAD_A SPREAD_B BAR ROUNDS
record()
{
	local ratio='' b=${7:-$'\t\t'}

	[ -z "$7" ] || ratio=$(awk -v a="${6%%$'\t'*}" -v b="${7%%$'\t'*}" 'BEGIN { printf "%.3f", a / b }')
	printf '%s\t' "$bench" "$1" "$2" "$3" "$4" "$5" "$6" "$b" "$ratio" "$8" >>"$CARM_RESULTS"
	printf '%s\n' "$9" >>"$CARM_RESULTS"
	tail -n 1 "$CARM_RESULTS" | "$here/show"
}

version()
{
	printf '%s\tversion\t%s\t%s\t\t\t\t\t\t\t\t\t\t\t\n' "$bench" "$1" "$2" >>"$CARM_RESULTS"
	printf '  %-10s %s\n' "$1" "$2"
}

# compare [option …] ROW DATA BAR 'label A' 'SQL A' 'label B' 'SQL B'
#
# Times A and B in turn, after seeing that both give the same rows.
#
#   -a SQL  -b SQL  what to do before each A, each B, out of the clock
#   -A SQL  -B SQL  queries whose rows are compared, after A and B have run
#                   once, where the two aren't queries themselves
#   -n              don't compare
compare()
{
	local OPTIND=1 option before_a='' before_b='' check_a='' check_b='' check=yes i a=() b=()

	while getopts a:b:A:B:n option; do
		case $option in
			a) before_a=$OPTARG ;;
			b) before_b=$OPTARG ;;
			A) check_a=$OPTARG ;;
			B) check_b=$OPTARG ;;
			n) check= ;;
			*) die "compare: no such option" ;;
		esac
	done
	shift $((OPTIND - 1))
	# the first of each is for the caches only
	if [ -z "$check" ] || [ -n "$check_a$check_b" ]; then
		[ -z "$before_a" ] || server "$before_a"
		timed "$5"
		[ -z "$before_b" ] || server "$before_b"
		timed "$7"
	fi
	if [ -n "$check" ]; then
		keep_answer "${check_a:-$5}" "$scratch/a"
		keep_answer "${check_b:-$7}" "$scratch/b"
		[ -s "$scratch/a" ] || die "$1: no rows"
		cmp -s "$scratch/a" "$scratch/b" || {
			diff "$scratch/a" "$scratch/b" | head -n 10 >&2 || :
			die "$1: the two sides differ"
		}
		rm "$scratch/a" "$scratch/b"
	fi
	for ((i = 0; i < rounds; i++)); do
		[ -z "$before_a" ] || server "$before_a"
		timed "$5"
		a+=("$answer")
		[ -z "$before_b" ] || server "$before_b"
		timed "$7"
		b+=("$answer")
	done
	record "$1" "$2" "$4" "$6" ms "$(spread "${a[@]}")" "$(spread "${b[@]}")" "$3" "$rounds"
}

# measured ROW DATA BAR 'label A' VALUE 'label B' VALUE UNIT: no clock
measured()
{
	record "$1" "$2" "$4" "$6" "$8" "$5	$5	$5" "${7:+$7	$7	$7}" "$3" 1
}

# Takes a time alone: alone ROW DATA 'label' 'SQL'
alone()
{
	local i a=()

	server "$4"
	for ((i = 0; i < rounds; i++)); do
		timed "$4"
		a+=("$answer")
	done
	record "$1" "$2" "$3" "" ms "$(spread "${a[@]}")" "" "" "$rounds"
}

#
# Data: dice are hashes of what they are thrown for, so that it is the same on
# every run.
#

# accounts COUNT: makes the table accounts_COUNT (id from 0, account), unless
# it is there. Ids are in no order of the accounts.
accounts()
{
	local n8='(1000000 + i * 7919 % 8999993)' k digit sum=0

	[ -z "$(sql "SELECT to_regclass('accounts_$1')")" ] || return 0
	# the check digit: every other digit counts twice, less nine past nine
	for k in 1 10 100 1000 10000 100000 1000000 10000000; do
		digit="n8 / $k % 10"
		[[ $k =~ ^1(00)*$ ]] && digit="($digit) * 2 / 10 + ($digit) * 2 % 10"
		sum+=" + $digit"
	done
	sql "
		CREATE UNLOGGED TABLE accounts_$1 AS
		SELECT i::integer AS id, program_account((n8 * 10 + (10 - ($sum) % 10) % 10)::bn9, 'RM', (1 + i % 3 + i / 8999993 * 3)::integer) AS account
		FROM (SELECT i, $n8 AS n8 FROM generate_series(0, $1 - 1::bigint) AS i OFFSET 0) AS eight;
		ALTER TABLE accounts_$1 ADD PRIMARY KEY (id)"
}

# entries SHAPE MILLIONS ACCOUNTS ORDER: makes a table (account, day, amount) of
# entries over the three years 2022-12 to 2025-11, unless it is there, and sets
# $table to its name.
#
#   shape: uniform; heavy: the busiest hundredth of the accounts has two fifths
#          of the rows; giant: nine rows of ten are of one account
#   order: random, date
entries()
{
	local id order=''

	table=entries_$1_$2_$3_$4
	[ -z "$(sql "SELECT to_regclass('$table')")" ] || return 0
	accounts "$3"
	case $1 in
		uniform) id="floor(x * $3)" ;;
		heavy) id="floor(x ^ 5 * $3)" ;;
		giant) id="CASE WHEN x < 0.9 THEN 0 ELSE floor((x - 0.9) * 10 * $3) END" ;;
		*) die "no such shape: $1" ;;
	esac
	[ "$4" != date ] || order='ORDER BY day, i'
	say "  making $2 million entries of $3 accounts: $1, in $4 order"
	sql "
		SET work_mem = '1GB';
		CREATE UNLOGGED TABLE $table AS
		SELECT account, day, amount
		FROM (SELECT i, $id::integer AS id,
				date '2022-12-01' + floor(y * 1096)::integer AS day,
				(floor(z * 3000000 - 150000) / 100)::numeric(14,2) AS amount
			FROM (SELECT i,
					((hashint8extended(i, 1) >> 12) & 1099511627775) / 1099511627776.0::float8 AS x,
					((hashint8extended(i, 2) >> 12) & 1099511627775) / 1099511627776.0::float8 AS y,
					((hashint8extended(i, 3) >> 12) & 1099511627775) / 1099511627776.0::float8 AS z
				FROM generate_series(1, $2 * 1000000::bigint) AS i) AS dice) AS rows
		JOIN accounts_$3 USING (id) $order"
	sql "VACUUM (ANALYZE, FREEZE) $table"
}

say
say "$bench: $(sed -n 's/^# about: *//p' "$0"), $millions million rows"
version server "$(sql "SELECT 'PostgreSQL ' || current_setting('server_version')")"
version carm "$(sql "SELECT extversion FROM pg_extension WHERE extname = 'carm'")"
version CPU "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo)"
version compiler "$(${CC:-gcc} --version | head -n 1)"
