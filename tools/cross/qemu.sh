#!/bin/sh
# tools/cross/qemu.sh PROGRAM ARGS...: runs PROGRAM; under qemu-user, with the sysroot's libraries, if it is for another processor than this one.
#
# ORDEAL_PAGES=64k gives a POWER program pages of 64 KiB; qemu can do that up to version 8 only, and those never finish a double-word
# compare-and-exchange (newer_qemu.sh). Memory ordering under qemu is this machine's: what runs here shows that the port works, not that
# a program survives a weaker memory.
cache=${XDG_CACHE_HOME:-${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}/.cache}/ordeal

# The machine in an ELF header.
case $(od -An -tu2 -j18 -N2 "$1" | tr -d ' ') in
  183) processor=aarch64 debian=arm64 ;;
  21) processor=ppc64le debian=ppc64el ;;
  *) exec "$@" ;;
esac
[ "$(uname -m)" = $processor ] && exec "$@"

installed=$(command -v qemu-$processor-static || command -v qemu-$processor)
newer=$cache/qemu/usr/bin/qemu-$processor
[ -x "$newer" ] || newer=
pages=
if [ "${ORDEAL_PAGES:-}" = 64k ]; then
  pages='-p 65536' qemu=$installed
else
  qemu=${newer:-$installed}
fi
[ -n "$qemu" ] || { echo "qemu-$processor not found: apt-get install qemu-user-static" >&2; exit 1; }
exec "$qemu" $pages -L "$cache/sysroot-$debian" "$@"
