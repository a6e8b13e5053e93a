# shellcheck shell=bash
# Runs `make installcheck` with the given settings and says its results as
# "ok - name" lines, whatever the server's version. Sourced by suites.

installcheck()
{
	local log=$CARM_SCRATCH/log diffs

	make -s installcheck "$@" >"$log" 2>&1
	# up to 15: "test name   ... ok   12 ms"; later: "ok 1   - name   12 ms", "+" for "-" in a parallel group
	sed -nE \
		-e 's/^(test| )? +([^ ]+) +\.\.\. ok .*/ok - \2/p' \
		-e 's/^(test| )? +([^ ]+) +\.\.\. (FAILED|failed).*/not ok - \2/p' \
		-e 's/^((not )?ok) [0-9]+ +[-+] +([^ ]+) .*/\1 - \3/p' "$log" >"$CARM_SCRATCH/results"
	if [ ! -s "$CARM_SCRATCH/results" ] || { grep -q '^not ok' "$CARM_SCRATCH/results"; }; then
		cat "$log"
		for diffs in regression.diffs output_iso/regression.diffs; do
			[ ! -f "$diffs" ] || cat "$diffs"
		done
	fi
	cat "$CARM_SCRATCH/results"
	[ -s "$CARM_SCRATCH/results" ]
}
