#!/bin/bash
# pack.sh ARCHIVE FILE...: which file goes where in the archive for boxes without Bazel? The same files give the same bytes.
#
# A file is placed by its path: binaries into bin/, corpus and docs as in the repository. The folder in the archive is ordeal-VERSION-MACHINE; the
# version is that of base/version.h, the machine what the binaries are for.
set -euo pipefail
archive=$1
shift
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

die() { echo "pack.sh: error: $*" >&2; exit 1; }

# e_machine of an ELF file.
machine() {
  case $(od -An -tu2 -j18 -N2 "$1" | tr -d ' ') in
    62) echo x86_64 ;;
    183) echo aarch64 ;;
    21) echo ppc64le ;;
    *) die "$1: expected a program for x86_64, aarch64 or ppc64le" ;;
  esac
}

version='' machine=''
for file in "$@"; do
  case ./$file in
    */base/version.h)
      version=$(sed -n 's/.*kVersion = "\(.*\)".*/\1/p' "$file")
      continue
      ;;
    */overnight) machine=$(machine "$file") to=bin/overnight ;;
    */ordeal | */slab_fuzzer) to=bin/${file##*/} ;;
    */THIRD_PARTY) to=THIRD_PARTY ;;
    */dist/README.md) to=README.md ;;
    */LICENSE) to=LICENSE ;;
    */corpus/*) to=corpus/${file##*corpus/} ;;
    ./docs/*) to=$file ;;
    *) die "$file: no place in the archive for it" ;;
  esac
  mkdir -p "$root/$(dirname "$to")"
  cp -L "$file" "$root/$to"
done
[[ -n $version ]] || die 'expected base/version.h with a line kVersion = "VERSION"'
[[ -n $machine ]] || die 'expected the binary overnight among the files'

name=ordeal-$version-$machine
mkdir "$root/$name"
mv "$root"/{bin,corpus,docs,LICENSE,README.md,THIRD_PARTY} "$root/$name/"
find "$root/$name" -type f -exec chmod 644 {} +
find "$root/$name" -type d -exec chmod 755 {} +
chmod 755 "$root/$name"/bin/*
LC_ALL=C tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" | gzip -n >"$archive"
