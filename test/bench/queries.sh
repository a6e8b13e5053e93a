# shellcheck shell=bash
# The queries that several benches ask of $table. Sourced after lib.sh.

as_of=2025-11-30
year="day >= '2024-12-01' AND day < '2025-12-01'"

floor() { say "SELECT account, max(amount) FROM $table GROUP BY account"; }
peak() { say "SELECT account, peak_monthly_duty(day, amount, '$as_of') FROM $table ${1:+WHERE $1} GROUP BY account"; }
history() { say "SELECT account, duty_history(day, amount) FROM $table GROUP BY account"; }
peak_of_history() { say "SELECT account, peak_monthly_duty(h) FROM ($(history)) AS h (account, h)"; }

# What a user writes: the months' sums, and the highest of them. With a
# condition on the rows, or of all months.
two_level()
{
	say "SELECT account, greatest(max(month_sum), 0.00)
		FROM (SELECT account, date_trunc('month', day), sum(amount) AS month_sum
			FROM $table ${1:+WHERE $1} GROUP BY 1, 2) AS months
		GROUP BY account"
}

# What comes out is counted, not shown: no side pays for writing text.
counted() { say "SELECT count(x) FROM ($1) AS q (account, x)"; }

# held SQL [WORK_MEM [Disk]]: what a query's hash tables held at the most, in
# memory or on disk, in kB.
held()
{
	psql -XqAt -v ON_ERROR_STOP=1 -c "SET work_mem = '${2-16GB}'; SET enable_sort = off" -c "EXPLAIN (ANALYZE, COSTS off, TIMING off) $1" |
		sed -n "s/.*${3-Memory} Usage: \([0-9]*\)kB.*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}
