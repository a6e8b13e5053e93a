# shellcheck shell=bash
# Node.js for what is tried with it. Sourced.

oldest_node=20
npm=()

# Puts a Node.js on PATH that is late enough: where the machine's own isn't, one
# that npm has, at 100 MB, in a folder. npm itself, which comes with the
# machine's own, goes on being run by that: it is "${npm[@]}".
later_node()
{
	local own arch

	own=$(command -v node) && command -v npm >/dev/null || return
	npm=("$own" "$(readlink -f "$(command -v npm)")")
	[ "$(node -p 'process.versions.node.split(".")[0]')" -lt "$oldest_node" ] || return 0
	arch=$(node -p process.arch)
	mkdir -p "$1"
	echo '{ "private": true }' >"$1/package.json"
	(cd "$1" && "${npm[@]}" install --no-audit --no-fund --no-package-lock --ignore-scripts \
		--loglevel=error "node-linux-$arch@22" >npm.log 2>&1) || return
	PATH=$1/node_modules/node-linux-$arch/bin:$PATH
}
