# shellcheck shell=bash
# What suites ask the server with, and how they say a result. Sourced.

sql()
{
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

# check NAME [WHAT-IS-WRONG]: passed, where nothing is. Sets failed otherwise.
check()
{
	if [ -z "${2-}" ]; then
		echo "ok - $1"
	else
		echo "$2" | head -n 200 | cut -c 1-400 | sed 's/^/# /'
		echo "not ok - $1"
		# shellcheck disable=SC2034
		failed=1
	fi
}

# holds NAME COMMAND…: passed, where the command succeeds; what it says is shown.
holds()
{
	local name=$1 said

	shift
	said=$("$@" 2>&1) && said= || said=${said:-failed: $*}
	check "$name" "$said"
}
