#!/bin/bash
# tools/cross/sysroot.sh ARCH: what does a program for another processor find in /usr? Makes the tree that answers, from Debian's packages.
#
# ARCH is arm64 or ppc64el, as Debian says (aarch64 and ppc64le do too). The tree goes to $XDG_CACHE_HOME/ordeal/sysroot-ARCH, ~/.cache by default, where
# --config=aarch64 and --config=ppc64le look for it; its path is printed. A private apt with its own state fetches the packages and dpkg-deb
# unpacks them: the system's apt and dpkg learn of nothing, no architecture is added, and root is not needed.
set -euo pipefail

# What tools/bazel installs for a native build; their dependencies, the C library and the compiler's own libraries come along.
packages='libc6-dev linux-libc-dev libabsl-dev libhwloc-dev libgtest-dev libgmock-dev libbenchmark-dev libboost-context-dev nlohmann-json3-dev'

say() { printf 'tools/cross/sysroot.sh: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

case ${1:-} in
  arm64 | aarch64) arch=arm64 ;;
  ppc64el | ppc64le) arch=ppc64el ;;
  *) die "expected arm64 or ppc64el, got '${1:-}'" ;;
esac
for command in apt-get dpkg-deb flock realpath; do
  command -v "$command" >/dev/null || die "the command $command not found: a sysroot is made on Debian (or point the two configurations at one of your own)"
done

cache=${XDG_CACHE_HOME:-${HOME:?expected HOME or XDG_CACHE_HOME in the environment}/.cache}/ordeal
sysroot=$cache/sysroot-$arch
mkdir -p "$cache"
exec 9>"$sysroot.lock"
flock 9

# Libraries of the release that this machine runs: pkg-config is asked here, and must speak of the same versions.
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[[ -n $suite ]] || die "/etc/os-release names no VERSION_CODENAME: which release's packages?"

# The stamp is the last thing to be written, and says what the tree was made of.
stamp=$sysroot/.made-of
wanted="$suite $arch $packages $(cksum <"${BASH_SOURCE[0]}")"
if [[ -e $stamp && $(<"$stamp") == "$wanted" ]]; then
  echo "$sysroot"
  exit
fi

work=$(mktemp -d "$sysroot.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/apt/{lists,archives}/partial "$work"/{root,nothing}
: >"$work/apt/status"

# The mirrors that this machine's own apt is told of, in its release's main suite alone: a half-mirrored update must not stop a build.
sources() {
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$suite" '$2 == suite && $3 == "main"' | sort -u
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
option=
[[ -r $keyring ]] && option="[signed-by=$keyring] "
sources | sed "s|^|deb $option|" >"$work/apt/sources.list"
[[ -s $work/apt/sources.list ]] || die "no source of '$suite main' in /etc/apt/sources.list or /etc/apt/sources.list.d"

# The system's proxies and retries hold; its hooks and its state do not.
{
  apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv|Check-)' || true
  cat <<END
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State::lists "$work/apt/lists";
Dir::State::status "$work/apt/status";
Dir::State::extended_states "$work/apt/extended_states";
Dir::Cache "$work/apt";
Dir::Cache::archives "$work/apt/archives";
Dir::Etc::main "-";
Dir::Etc::parts "$work/nothing";
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::Log "$work/apt";
END
} >"$work/apt/apt.conf"
export APT_CONFIG=$work/apt/apt.conf DEBIAN_FRONTEND=noninteractive

run_apt() {
  "$@" </dev/null >"$work/log" 2>&1 || { tail -n 15 "$work/log" >&2; die "failed: $*"; }
}
say "fetches Debian's $arch packages (a minute or so)"
run_apt apt-get -q update
# The newest C++ library that the release has: libstdc++-12-dev in Debian 12.
library=$(apt-cache pkgnames 'libstdc++-' | grep -E '^libstdc\+\+-[0-9]+-dev$' | sort -V | tail -n 1)
[[ -n $library ]] || die "no libstdc++-N-dev among the $arch packages of $suite"
# shellcheck disable=SC2086 # one word a package
run_apt apt-get -q -y --download-only install $packages "$library"

for deb in "$work"/apt/archives/*.deb; do
  dpkg-deb -x "$deb" "$work/root" || die "cannot unpack $(basename "$deb")"
done
# An absolute link (ppc64el's /lib64/ld64.so.2) would lead out of the tree.
find "$work/root" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
  ln -sfn "$(realpath -m -s --relative-to="$(dirname "$link")" "$work/root$(readlink "$link")")" "$link"
done
# Nobody compiles or runs these.
rm -rf "$work"/root/usr/share/{doc,man,locale,bug,lintian} "$work"/root/{etc,var}

rm -rf "$sysroot"
mv "$work/root" "$sysroot"
echo "$wanted" >"$stamp"
say "$(du -sh "$sysroot" | cut -f1) in $sysroot"
echo "$sysroot"
