#!/bin/bash
# tools/cross/sysroot.sh ARCH: what does a program for another processor find in /usr? Makes the tree that answers, from Debian's packages.
#
# ARCH is arm64 or ppc64el, as Debian says (aarch64 and ppc64le do too). The tree goes to $XDG_CACHE_HOME/ordeal/sysroot-ARCH, ~/.cache by default, where
# --config=aarch64 and --config=ppc64le look for it; its path is printed. The packages are fetched by an apt of our own and only unpacked:
# the system's apt and dpkg learn of nothing, no architecture is added, and root is not needed. Done once, it costs nothing again.
set -euo pipefail
# shellcheck source=tools/cross/private_apt.sh
. "$(dirname "${BASH_SOURCE[0]}")/private_apt.sh"

# What tools/bazel installs for a native build; their dependencies, the C library and the compiler's own libraries come along.
packages='libc6-dev linux-libc-dev libabsl-dev libhwloc-dev libgtest-dev libgmock-dev libbenchmark-dev libboost-context-dev nlohmann-json3-dev'

case ${1:-} in
  arm64 | aarch64) arch=arm64 ;;
  ppc64el | ppc64le) arch=ppc64el ;;
  *) die "expected arm64 or ppc64el, got '${1:-}'" ;;
esac

sysroot=$cache/sysroot-$arch
mkdir -p "$cache"
exec 9>"$sysroot.lock"
flock 9

# The stamp is the last thing to be written, and says what the tree was made of, and how.
stamp=$sysroot/.made-of
wanted="$release $arch $packages $(cksum <"${BASH_SOURCE[0]}")"
if [[ -e $stamp && $(<"$stamp") == "$wanted" ]]; then
  echo "$sysroot"
  exit
fi

work=$(mktemp -d "$sysroot.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
say "fetches Debian's $arch packages (a minute or so)"
open_private_apt "$release" "$arch" "$work/apt"
# The newest C++ library that the release has: libstdc++-12-dev in Debian 12.
library=$(apt-cache pkgnames 'libstdc++-' | grep -E '^libstdc\+\+-[0-9]+-dev$' | sort -V | tail -n 1)
[[ -n $library ]] || die "no libstdc++-N-dev among the $arch packages of $release"
# shellcheck disable=SC2086 # one word a package
run_quietly apt-get -q -y --download-only install $packages "$library"

for deb in "$work"/apt/archives/*.deb; do
  dpkg-deb -x "$deb" "$work/root" || die "cannot unpack $(basename "$deb")"
done
# An absolute link (ppc64el's /lib64/ld64.so.2) would lead out of the tree.
find "$work/root" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
  ln -sfn "$(realpath -m -s --relative-to="$(dirname "$link")" "$work/root$(readlink "$link")")" "$link"
done
# Nobody compiles or runs these.
rm -rf "$work"/root/usr/share/{doc,man,locale,bug,lintian} "$work"/root/{etc,var}
# `qemu-ppc64le -p 65536` maps no more of a page than the file has, and the loader then faults where it clears a library's .bss in what is left.
if [[ $arch == ppc64el ]]; then
  find "$work/root" -type f -name '*.so.*' -size +4k -exec truncate -s %65536 {} +
fi

rm -rf "$sysroot"
mv "$work/root" "$sysroot"
echo "$wanted" >"$stamp"
say "$(du -sh "$sysroot" | cut -f1) in $sysroot"
echo "$sysroot"
