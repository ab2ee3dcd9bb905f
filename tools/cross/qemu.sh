#!/bin/sh
# tools/cross/qemu.sh PROGRAM ARGS...: runs PROGRAM; under qemu-user, with the sysroot's libraries, if it is for another processor than this one.
#
# Memory ordering under qemu is this machine's: what runs here shows that the port works, not that a program survives a weaker memory.
cache=${XDG_CACHE_HOME:-${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}/.cache}/ordeal

# The machine in an ELF header.
case $(od -An -tu2 -j18 -N2 "$1" | tr -d ' ') in
  183) processor=aarch64 debian=arm64 pages= ;;
  21) processor=ppc64le debian=ppc64el pages='-p 65536' ;; # as the distributions' kernels there have them
  *) exec "$@" ;;
esac
[ "$(uname -m)" = $processor ] && exec "$@"

for qemu in qemu-$processor-static qemu-$processor ''; do
  [ -n "$qemu" ] || { echo "qemu-$processor not found: apt-get install qemu-user-static" >&2; exit 1; }
  command -v "$qemu" >/dev/null && break
done
exec "$qemu" $pages -L "$cache/sysroot-$debian" "$@"
