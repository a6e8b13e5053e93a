# shellcheck shell=bash
# A server of a suite's own, with the extension built in its own way: what is
# loaded into it is no good for the other suites. Sourced by suites.

# shellcheck source=lib.sh
. test/lib/lib.sh
# shellcheck source=check.sh
. test/lib/check.sh
# shellcheck source=pg_regress.sh
. test/lib/pg_regress.sh

# Builds the extension with more flags for a copy of the server, and checks that
# they left a symbol in it; goes to where it was built, and leaves the rest of
# the suite there: build_own SYMBOL FLAG…
build_own()
{
	local source=$CARM_SCRATCH/source symbol=$1

	shift

	mkdir "$source"
	cp -r Makefile carm.control src sql expected test "$source"
	cd "$source" || exit
	# what was built in another way isn't what is to be tested
	rm -f src/*.o src/*.bc src/core/*.o src/core/*.bc ./*.so
	export CARM_WORK=$CARM_SCRATCH
	export COPT="$*" with_llvm=no
	stage_server
	build_and_install
	nm -a carm.so | grep -q "$symbol" || die "built without $*"
}

stop_own()
{
	pg_ctl -s -w -t 300 -D "$PGDATA" -m fast stop
}
