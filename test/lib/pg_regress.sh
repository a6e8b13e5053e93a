# shellcheck shell=bash
# Runs `make installcheck` with the given settings and says its results as
# "ok - name" lines, whatever the server's version. Sourced by suites.

installcheck()
{
	local log=$CARM_SCRATCH/log diffs

	make -s installcheck "$@" >"$log" 2>&1
	# up to 15: "test name   ... ok   12 ms"; later: "ok 1   - name   12 ms", "+" for "-" in a parallel group
	sed -nE \
		-e 's/^(test| )? +([^ ]+) +\.\.\. ok +([0-9]+ ms).*/ok - \2 (\3)/p' \
		-e 's/^(test| )? +([^ ]+) +\.\.\. (FAILED|failed).*/not ok - \2/p' \
		-e 's/^((not )?ok) [0-9]+ +[-+] +([^ ]+) +([0-9]+ ms).*/\1 - \3 (\4)/p' "$log" >"$CARM_SCRATCH/said"
	if [ ! -s "$CARM_SCRATCH/said" ] || { grep -q '^not ok' "$CARM_SCRATCH/said"; }; then
		cat "$log"
		for diffs in regression.diffs output_iso/regression.diffs "$CARM_SCRATCH/regression.diffs"; do
			[ ! -f "$diffs" ] || cat "$diffs"
		done
	fi
	cat "$CARM_SCRATCH/said"
	[ -s "$CARM_SCRATCH/said" ]
}

# The same for tests of pg_regress, by default all, shared out among the
# processors: a database for each share, long files first.
installcheck_shared()
{
	local test file i=0 dir shares=()

	while read -r file; do
		test=$(basename "$file" .sql)
		[ $# -eq 0 ] || [[ " $* " = *" $test "* ]] || continue
		shares[i % $(nproc)]+=" $test"
		i=$((i + 1))
	done < <(ls -S test/sql/*.sql)
	for i in "${!shares[@]}"; do
		dir=$CARM_SCRATCH/share.$i
		mkdir "$dir"
		# pg_regress looks for what is expected where it puts its results
		ln -s "$PWD/expected" "$dir"
		CARM_SCRATCH=$dir installcheck ISOLATION= REGRESS="${shares[i]}" CONTRIB_TESTDB="contrib_regression_$i" \
			EXTRA_REGRESS_OPTS="--outputdir=$dir" >"$dir.said" &
	done
	wait
	cat "$CARM_SCRATCH"/share.*.said
}
