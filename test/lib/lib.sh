# shellcheck shell=bash
# What test/run and test/demo/run share: install what is missing, stage a
# private copy of the server with this extension in it, and run a throw-away
# cluster there. Sourced, not run.
#
# The machine's own PostgreSQL is only read. A server's programs find their
# files relative to themselves, so its bin folder is copied into a temporary
# folder and everything else is linked there; `make install`, the cluster, its
# socket and its log then live in that folder, and go when it goes. Nothing but
# Debian packages stays behind. A server refuses to run as root: root installs
# the packages, and the rest of the script runs as the user postgres.

oldest_server=15
given_pg_config=${PG_CONFIG-}

# What points at another server, or at another make, would change what we do.
unset "${!PG@}" MAKEFLAGS MAKELEVEL CDPATH
export LC_ALL=C.UTF-8
umask 022

say() { printf '%s\n' "$*"; }

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

#
# Packages
#

# Finds the server to use: the one asked for by PG_CONFIG, else the newest that
# is installed, else the one this Debian has. Sets server_version, pg_config
# (empty where it is yet to be installed) and server_packages.
choose_server()
{
	local found

	pg_config=$given_pg_config
	server_packages=
	if [ -z "$pg_config" ]; then
		found=$(find /usr/lib/postgresql/*/bin/postgres 2>/dev/null |
			cut -d/ -f5 | sort -n | tail -n 1) || :
		if [ -z "$found" ] && ! command -v apt-get >/dev/null; then
			pg_config=$(command -v pg_config) ||
				die "no PostgreSQL server found: install one with its development files, or give PG_CONFIG"
		fi
	fi
	if [ -n "$pg_config" ]; then
		command -v "$pg_config" >/dev/null || die "PG_CONFIG: there is no $pg_config"
		pg_config=$(readlink -f "$(command -v "$pg_config")")
		server_version=$("$pg_config" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
		return
	fi
	if [ "${found:-0}" -lt "$oldest_server" ]; then
		refresh_packages
		found=$(apt-cache depends postgresql 2>/dev/null |
			sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | tail -n 1)
		[ "${found:-0}" -ge "$oldest_server" ] ||
			die "PostgreSQL $oldest_server or later is needed; this system offers ${found:-none}"
	fi
	server_version=$found
	pg_config=/usr/lib/postgresql/$found/bin/pg_config
	server_packages="postgresql-$found postgresql-server-dev-$found"
}

is_installed()
{
	# Node.js' own packages bring npm along, and conflict with Debian's
	[ "$1" != npm ] || ! command -v npm >/dev/null || return 0
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints those of the packages that are not installed.
missing_packages()
{
	local package

	command -v dpkg-query >/dev/null || return 0
	for package; do
		is_installed "$package" || printf '%s ' "$package"
	done
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "packages are missing and there is no sudo; as root: apt-get install --no-install-recommends $wanted"
	fi
}

apt_get()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# Brings the package lists up to date, once a run.
refresh_packages()
{
	[ -z "${packages_refreshed-}" ] || return 0
	packages_refreshed=yes
	apt_get update >/dev/null || say "  the package lists could not be refreshed; trying with those at hand"
}

# Runs apt-get install, keeping its output for when it fails.
apt_install()
{
	local log rc=0 started=$SECONDS

	log=$(mktemp)
	apt_get install -y --no-install-recommends "$@" </dev/null >"$log" 2>&1 &
	if [ -t 1 ]; then
		while kill -0 $! 2>/dev/null; do
			printf '\r  %d s ' $((SECONDS - started))
			sleep 1
		done
		printf '\r\033[K'
	fi
	wait $! || rc=$?
	[ "$rc" -eq 0 ] || tail -n 20 "$log" >&2
	rm -f "$log"
	return "$rc"
}

# Debian's server package makes a cluster "main" and starts what clusters there
# are. While it is installed, these two files tell it not to.
no_main_cluster=/etc/postgresql-common/createcluster.d/carm-throw-away.conf
no_start=/usr/sbin/policy-rc.d

install_server()
{
	local rc=0

	trap 'forget_server_rules' EXIT
	as_root mkdir -p "${no_main_cluster%/*}"
	say "create_main_cluster = off" | as_root tee "$no_main_cluster" >/dev/null
	if [ ! -e "$no_start" ]; then
		printf '#!/bin/sh\n# carm-throw-away\nexit 101\n' | as_root tee "$no_start" >/dev/null
		as_root chmod 755 "$no_start"
	fi
	apt_install "$@" || rc=$?
	forget_server_rules
	trap - EXIT
	return "$rc"
}

forget_server_rules()
{
	as_root rm -f "$no_main_cluster"
	if grep -qs '^# carm-throw-away$' "$no_start"; then
		as_root rm -f "$no_start"
	fi
}

# The development files in the very version of the server that is installed,
# where there is one and apt still has them, so that it need not be upgraded.
of_the_server()
{
	local package version

	# shellcheck disable=SC2086
	for package in $1; do
		version=
		if [ "$package" = "postgresql-server-dev-$server_version" ] && is_installed "postgresql-$server_version"; then
			version=$(dpkg-query -W -f '${Version}' "postgresql-$server_version")
			apt-cache show "$package=$version" >/dev/null 2>&1 || version=
		fi
		printf '%s ' "$package${version:+=$version}"
	done
}

# Installs those of the packages that are missing.
install_missing()
{
	local install=apt_install

	wanted=$(missing_packages "$@")
	[ -n "$wanted" ] || return 0
	say "  installing ${wanted% }"
	refresh_packages
	case " $wanted" in
		*" postgresql-$server_version "*) install=install_server ;;
	esac
	wanted=$(of_the_server "$wanted")
	# shellcheck disable=SC2086
	if apt_get -s install --no-install-recommends $wanted 2>/dev/null | grep -q '^Inst postgresql-[0-9]* \['; then
		[ -z "$(pg_lsclusters -h 2>/dev/null | awk '$4 ~ /online/')" ] ||
			die "apt-get would upgrade the installed PostgreSQL server, and so restart it; upgrade it first"
		install=install_server
	fi
	# shellcheck disable=SC2086
	$install $wanted
}

# Installs what building needs, and the packages given. Sets pg_config.
install_build_tools()
{
	local tool

	choose_server
	if command -v apt-get >/dev/null; then
		# shellcheck disable=SC2086
		install_missing gcc libc6-dev make $server_packages $1 || die "apt-get failed"
	fi
	for tool in make "${CC:-gcc}" "$pg_config"; do
		command -v "$tool" >/dev/null || die "$tool is needed, and is not there"
	done
	[ "$server_version" -ge "$oldest_server" ] || die "PostgreSQL $oldest_server or later is needed, $pg_config is of $server_version"
	[ -f "$("$pg_config" --pgxs)" ] || die "the development files of PostgreSQL $server_version are missing"
}

#
# The throw-away folder
#

# Who may run a server: ourselves, or the user postgres where we are root.
unprivileged()
{
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u "$server_user" -- "$@"
	else
		"$@"
	fi
}

# Makes the throw-away folder, copies the source into it, and runs the same
# script there, unprivileged; calls after_inside, where there is one, if that
# went well; then removes the folder and what runs in it.
run_inside()
{
	local root script=$1 rc=0
	shift

	server_user=
	if [ "$(id -u)" -eq 0 ]; then
		server_user=postgres
		id "$server_user" >/dev/null 2>&1 || server_user=nobody
	fi
	root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
	# A socket's path holds some 100 characters: a long TMPDIR is no place for it.
	export TMPDIR=${TMPDIR:-/tmp}
	[ "${#TMPDIR}" -lt 60 ] || TMPDIR=/tmp
	work=$(mktemp -d "$TMPDIR/carm.XXXXXX")
	trap 'leave_inside' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	[ -z "$server_user" ] || chown "$server_user" "$work"
	unprivileged mkdir "$work/source" "$work/home"
	tar -C "$root" -cf - --exclude=./.git --exclude='*.o' --exclude='*.bc' \
		--exclude='*.so' --exclude=./results --exclude=./output_iso \
		--exclude=./tmp_check . |
		unprivileged tar -C "$work/source" -xf - --no-same-owner
	cd "$work" || exit
	set -- env HOME="$work/home" CARM_WORK="$work" CARM_PG_CONFIG="$pg_config" \
		CARM_CALLER="$(id -un)" bash "$work/source/$script" "$@"
	if [ -t 0 ]; then
		unprivileged "$@" || rc=$?
	else
		# A shell acts on a signal only once the program that it waits for in
		# the foreground has ended: so not there, and in a group that can be ended.
		set -m
		unprivileged "$@" <&0 &
		inside=$!
		set +m
		wait "$inside" || rc=$?
	fi
	[ "$rc" -ne 0 ] || ! command -v after_inside >/dev/null || after_inside
	exit "$rc"
}

leave_inside()
{
	local data=$work/data

	trap '' INT TERM HUP
	cd /
	[ -z "${inside-}" ] || kill -- "-$inside" 2>/dev/null || :
	[ ! -f "$data/postmaster.pid" ] ||
		unprivileged "$work/server$(dirname "$pg_config")/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1 || :
	rm -rf "$work"
}

#
# Inside it
#

# A copy of the server that this extension can be installed into. Sets
# PG_CONFIG and PATH.
stage_server()
{
	local stage=$CARM_WORK/server bin dir

	bin=$("$CARM_PG_CONFIG" --bindir)
	mkdir -p "$stage$bin"
	cp -a "$bin/." "$stage$bin"
	for dir in "$("$CARM_PG_CONFIG" --pkglibdir)" "$("$CARM_PG_CONFIG" --sharedir)"; do
		mkdir -p "$stage$dir"
		cp -rs "$dir/." "$stage$dir"
		# an installed carm is not the one under test
		find "$stage$dir" -name 'carm*' -exec rm -rf {} +
	done
	for dir in "$("$CARM_PG_CONFIG" --includedir)" "$("$CARM_PG_CONFIG" --pkgincludedir)" \
		"$("$CARM_PG_CONFIG" --includedir-server)"; do
		[ ! -e "$stage$dir" ] || continue
		mkdir -p "$(dirname "$stage$dir")"
		ln -s "$dir" "$stage$dir"
	done
	export PG_CONFIG="$stage$bin/pg_config"
	export PATH="$stage$bin:$PATH"
	"$PG_CONFIG" --version >/dev/null || die "programs don't run in $CARM_WORK; set TMPDIR to a folder where they may"
}

# Builds the extension in the current folder and installs it into the copy. On
# an emulated processor without what only JIT reads, to save half the time.
build_and_install()
{
	local log=$CARM_WORK/build.log make=(make -s ${CARM_SLOWER:+with_llvm=no})

	if ! "${make[@]}" -j"$(nproc)" >"$log" 2>&1 || ! "${make[@]}" install >>"$log" 2>&1; then
		cat "$log" >&2
		die "the build failed"
	fi
}

# Starts the throw-away server: trusted on its socket, which lies in our own
# folder, and by password on loopback. Takes lines for postgresql.conf. Sets
# PGHOST, PGPORT, PGUSER, PGDATABASE and CARM_PASSWORD. What server_program
# names is run in place of postgres.
start_server()
{
	export PGDATA=$CARM_WORK/data PGHOST=$CARM_WORK PGUSER=postgres PGDATABASE=postgres
	CARM_PASSWORD=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
	export CARM_PASSWORD
	initdb -D "$PGDATA" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=trust \
		--auth-host=scram-sha-256 --pwfile=<(say "$CARM_PASSWORD") --no-sync \
		>"$CARM_WORK/initdb.log" 2>&1 || { cat "$CARM_WORK/initdb.log" >&2; die "initdb failed"; }
	cat >>"$PGDATA/postgresql.conf" <<-END
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$PGHOST'
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		shared_buffers = 128MB
		max_connections = 50
		${1-}
	END
	for _ in 1 2 3 4 5; do
		export PGPORT=$((20000 + RANDOM % 12000))
		if pg_ctl -s -w -D "$PGDATA" -l "$CARM_WORK/server.log" ${server_program:+-p "$server_program"} \
			-o "-p $PGPORT" start >/dev/null 2>&1; then
			return
		fi
	done
	cat "$CARM_WORK/server.log" >&2
	die "the server did not start"
}
