#!/bin/bash
# third_party.sh: whose code is inside the binaries, and on what terms? Prints the notices of what //:dist links in, as Debian's packages have them.
set -euo pipefail
shopt -s nullglob

# What it is, then the package (the newest, where several match).
parts='
Abseil|libabsl-dev
hwloc|libhwloc-dev
Boost.Context|libboost-context*-dev
JSON for Modern C++|nlohmann-json3-dev
the C++ library of GCC|libstdc++-*-dev
the C library of GCC|libgcc-*-dev
libFuzzer, of LLVM|libclang-rt-*-dev
'

echo "Ordeal itself: see LICENSE. Its binaries have these parts of others inside:"
while IFS='|' read -r what package; do
  [[ -n $what ]] || continue
  # shellcheck disable=SC2206 # a pattern
  notices=(/usr/share/doc/$package/copyright)
  notice=$(printf '%s\n' "${notices[@]}" | sort -V | tail -n 1)
  if [[ ! -r $notice ]]; then
    echo "third_party.sh: error: expected /usr/share/doc/$package/copyright, the terms of $what, found none" >&2
    exit 1
  fi
  printf '\n%s\n%s\n' "== $what ($notice)" ''
  cat "$notice"
done <<<"$parts"

# The notices of Debian refer to files that other systems do not have.
printf '\n== Apache License, version 2.0 (for Abseil and LLVM): the text is in LICENSE.\n'
