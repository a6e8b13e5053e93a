# shellcheck shell=bash
# The sample broker for tools that connect over the network, as the role
# broker. Sourced by suites; sets PGUSER and PGDATABASE.

. test/lib/node.sh
. test/lib/check.sh

psql -qX -v ON_ERROR_STOP=1 <<-END || exit
	CREATE ROLE broker LOGIN PASSWORD '$CARM_PASSWORD';
	CREATE DATABASE broker OWNER broker;
END
trap 'psql -qX -U postgres -d postgres -c "DROP DATABASE broker WITH (FORCE)" -c "DROP ROLE broker"' EXIT
export PGUSER=broker PGDATABASE=broker
test/demo/load || exit

# Makes a folder for a suite's JavaScript, with what it needs of npm; where that
# can't be done, says that what is named is skipped: npm_install NAME PACKAGE…
npm_install()
{
	local name=$1

	shift
	cp test/clients/*.js test/clients/*.mjs "$CARM_SCRATCH"
	echo '{ "private": true }' >"$CARM_SCRATCH/package.json"
	if ! later_node "$CARM_SCRATCH/later_node"; then
		echo "ok - $name # SKIP there is no npm, or no late enough Node.js"
		return 1
	elif ! (cd "$CARM_SCRATCH" && install_from_npm --ignore-scripts "$@" >npm.log 2>&1); then
		echo "ok - $name # SKIP npm install failed: $(grep -v '^npm notice' "$CARM_SCRATCH/npm.log" | head -n 1)"
		return 1
	fi
}

# Keeps pictures in the folder CARM_PICTURES, where that is set, for people to
# look at.
keep_pictures()
{
	[ -z "${CARM_PICTURES-}" ] || cp "$@" "$CARM_PICTURES"
}
