# shellcheck shell=bash
# Node.js for what is tried with it. Sourced.

oldest_node=20
npm=()

# Installs packages, or what package.json names: install_from_npm [what npm takes …]
install_from_npm()
{
	"${npm[@]}" install --no-audit --no-fund --no-package-lock --loglevel=error "$@"
}

# Puts a Node.js on PATH that is late enough: where the machine's own isn't, one
# that npm has, at 100 MB, in a folder: later_node FOLDER [OLDEST]. npm itself,
# which comes with the machine's own, goes on being run by that.
later_node()
{
	local arch

	command -v node >/dev/null && command -v npm >/dev/null || return
	[ ${#npm[@]} -gt 0 ] || npm=("$(command -v node)" "$(readlink -f "$(command -v npm)")")
	[ "$(node -p 'process.versions.node.split(".")[0]')" -lt "${2-$oldest_node}" ] || return 0
	arch=$(node -p process.arch)
	mkdir -p "$1"
	echo '{ "private": true }' >"$1/package.json"
	(cd "$1" && install_from_npm --ignore-scripts "node-linux-$arch@22" >npm.log 2>&1) || return
	PATH=$1/node_modules/node-linux-$arch/bin:$PATH
}
