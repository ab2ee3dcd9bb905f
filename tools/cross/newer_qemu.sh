#!/bin/bash
# tools/cross/newer_qemu.sh: which qemu-user runs a double-word compare-and-exchange of POWER? Fetches one where the installed one does not.
#
# In Debian 12's own, 7.2, stqcx. never succeeds: the loop around it never ends. The release's backports have 10, linked statically. It goes
# to $XDG_CACHE_HOME/ordeal/qemu, ~/.cache by default, where tools/cross/qemu.sh finds it; the system's apt and dpkg learn of nothing.
set -euo pipefail
# shellcheck source=tools/cross/private_apt.sh
. "$(dirname "${BASH_SOURCE[0]}")/private_apt.sh"

installed=$(command -v qemu-ppc64le-static || command -v qemu-ppc64le || true)
if [[ -n $installed ]]; then
  version=$("$installed" --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p;q')
  if (( ${version:-0} >= 9 )); then
    say "$installed is $version: new enough"
    exit
  fi
fi

qemu=$cache/qemu
mkdir -p "$cache"
exec 9>"$qemu.lock"
flock 9
if [[ -x $qemu/usr/bin/qemu-ppc64le ]]; then
  echo "$qemu"
  exit
fi

work=$(mktemp -d "$qemu.XXXXXX")
trap 'rm -rf "$work"' EXIT
say "fetches qemu-user of $release-backports (63 MB)"
open_private_apt "$release-backports" "$(dpkg --print-architecture)" "$work/apt"
cd "$work"
run_quietly apt-get -q download qemu-user
dpkg-deb -x qemu-user_*.deb "$work/root"
# Only what runs here is kept: the package has fifty processors.
find "$work/root/usr/bin" ! -type d ! -name qemu-ppc64le ! -name qemu-aarch64 -delete
rm -rf "$qemu"
mv "$work/root" "$qemu"
echo "$qemu"
