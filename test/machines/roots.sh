# Debian folders with a PostgreSQL version in each; sourced by scripts that
# set $roots.  A function that can't go on sets $why and fails.
# A folder's name is its version, or VERSION-PROCESSOR where its programs are
# those of another processor, in Debian's words: 15-arm64, 15-s390x.

# suite_of VERSION: the suite that has it, and the suites apt must know.
suite_of()
{
	case $1 in
		15) suites="bookworm" ;;
		17) suites="trixie" ;;
		18) suites="sid" ;;
		19) suites="sid experimental" ;;
		upgrade) suites="sid experimental trixie bookworm" ;;
		*) why="no Debian suite is known for it"; return 1 ;;
	esac
}

# mirror: the archive this machine's apt takes Debian from.
mirror()
{
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 2>/dev/null |
		awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }'
}

# emulate PROCESSOR: has the kernel run its programs through qemu-user.  What is
# registered for that stays until forget_emulators.
emulate()
{
	local cpu=$1 rule kernel=/proc/sys/fs/binfmt_misc

	[ "$cpu" != "$(dpkg --print-architecture)" ] || return 0
	[ "$cpu" != arm64 ] || cpu=aarch64
	rule=/usr/lib/binfmt.d/qemu-$cpu.conf
	[ -e "$rule" ] || { why="qemu-user-static is not installed"; return 1; }
	[ "$(id -u)" = 0 ] || { why="having the kernel know $1 needs root"; return 1; }
	[ -e $kernel/register ] || mount -t binfmt_misc binfmt_misc $kernel ||
		{ why="binfmt_misc can't be mounted"; return 1; }
	[ ! -e "$kernel/qemu-$cpu" ] || return 0
	# in one write
	cat "$rule" >$kernel/register || { why="the kernel does not take $rule"; return 1; }
	emulated="${emulated-} $kernel/qemu-$cpu"
}

# forget_emulators: takes back what emulate registered.
forget_emulators()
{
	local rule

	for rule in ${emulated-}; do
		echo -1 >"$rule"
	done
	emulated=
}

# make_root VERSION[-PROCESSOR]: makes the folder unless it stands, one at a
# time.
make_root()
{
	local root=$roots/$1 lock rc=0

	suite_of "${1%%-*}" || return 1
	[ "$1" = "${1%%-*}" ] || emulate "${1#*-}" || return 1
	exec {lock}>"$root.making"
	flock "$lock"
	[ -e "$root/.complete" ] || fill_root "$1" || rc=1
	exec {lock}>&-
	return $rc
}

# fill_root VERSION[-PROCESSOR]: makes the folder from nothing.
fill_root()
{
	local version=${1%%-*} root=$roots/$1 from packages suite lines= options=()

	suite_of "$version"
	[ "$version" = "$1" ] || options+=("--architectures=${1#*-}")
	[ "$(id -u)" = 0 ] || { why="making its folder needs root"; return 1; }
	command -v mmdebstrap >/dev/null || { why="mmdebstrap is not installed"; return 1; }
	from=$(mirror)
	[ -n "$from" ] || { why="apt names no Debian mirror"; return 1; }

	packages="gcc,make,libc6-dev,perl,libipc-run-perl,procps,postgresql-common,python3,python3-stdnum"
	if [ "$version" = upgrade ]; then
		for suite in 15 17 18 19; do
			packages="$packages,postgresql-$suite,postgresql-server-dev-$suite"
		done
	elif [ "$version" != "$1" ]; then
		packages="gcc,make,libc6-dev,perl,procps,postgresql-$version,postgresql-server-dev-$version"
	else
		packages="$packages,debhelper,fakeroot,gettext,postgresql-server-dev-all,postgresql-$version,postgresql-server-dev-$version"
	fi
	for suite in $suites; do
		lines="$lines${lines:+
}deb $from $suite main"
	done
	if [[ $suites = *experimental* ]]; then
		# experimental is not taken from by itself: say what is wanted.
		options+=('--setup-hook=mkdir -p "$1/etc/apt/preferences.d"; printf "Package: postgresql-19* postgresql-server-dev-19 libpq* libecpg* libpgtypes* postgresql-client-19 postgresql-common* postgresql-client-common postgresql-server-dev-all postgresql-all\nPin: release a=experimental\nPin-Priority: 600\n" >"$1/etc/apt/preferences.d/carm"')
	fi
	# A mirror that stands still (a snapshot) has unstable suites whose date has
	# passed; the signatures are checked all the same.
	options+=('--aptopt=Acquire::Check-Valid-Until "false"')
	echo "Making $root ($suites) ..."
	# The machine's own /dev may be mounted in one that was left half-made.
	if grep -q " $root/" /proc/self/mounts; then
		why="something is mounted in $root: unmount it first"
		return 1
	fi
	rm -rf --one-file-system "$root"
	if ! nice -n 10 mmdebstrap --variant=apt --include="$packages" \
		"${options[@]}" \
		--aptopt='APT::Install-Recommends "false"' \
		--aptopt='Acquire::Languages "none"' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--essential-hook='mkdir -p "$1/etc/postgresql-common"; echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
		--customize-hook='chroot "$1" useradd -m -s /bin/bash carm' \
		"${suites%% *}" "$root" "$lines" >"$root.log" 2>&1
	then
		why="its folder could not be made: $(grep -E '^E:' "$root.log" | head -3 | tr '\n' ' ')(see $root.log)"
		return 1
	fi
	touch "$root/.complete"
}

# copy_in VERSION DIR: a clean copy of the checkout as the folder's /tmp/carm.
copy_in()
{
	local to=$roots/$1/tmp/carm

	rm -rf "$to"
	mkdir -p "$to"
	tar -C "$2" --exclude=./.git --exclude='*.o' --exclude='*.bc' \
		--exclude='*.so' --exclude=node_modules --exclude=tmp_check \
		--exclude=./results --exclude=./output_iso -cf - . | tar -C "$to" -xf -
}

# in_root VERSION COMMAND...: runs it as root in the folder, with /proc, /dev
# and shared memory of its own, gone when the command ends.
in_root()
{
	local root=$roots/$1

	shift
	unshare --mount --pid --ipc --net --fork -- bash -c '
		root=$1; shift
		mount --make-rprivate /
		mount -t proc proc "$root/proc"
		mount -t tmpfs -o nosuid,mode=755 dev "$root/dev"
		for d in null zero full random urandom tty; do
			: >"$root/dev/$d"; mount --bind "/dev/$d" "$root/dev/$d"
		done
		mkdir "$root/dev/shm" "$root/dev/pts"
		mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
		ln -s /proc/self/fd "$root/dev/fd"
		ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
		ip link set lo up 2>/dev/null
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root "$@"
	' in_root "$root" "$@"
}
