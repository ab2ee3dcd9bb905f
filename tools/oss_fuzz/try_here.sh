#!/bin/bash
# try_here.sh [DIRECTORY]: does build.sh make what OSS-Fuzz wants? Runs it with the variables that OSS-Fuzz sets, for libFuzzer with the address
# sanitizer, with this machine's clang 19 and libraries, then check_build.sh on the result. Some minutes of one core; nothing outside DIRECTORY is written.
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
directory=${1:-$(mktemp -d)}
mkdir -p "$directory"/{src,work,out}
export SRC=$directory/src WORK=$directory/work OUT=$directory/out
export FUZZING_ENGINE=libfuzzer SANITIZER=address ARCHITECTURE=x86_64
export CC=clang-19 CXX=clang++-19 LIB_FUZZING_ENGINE=-fsanitize=fuzzer
# Theirs, but for -stdlib=libc++: the system's Abseil has the other C++ library in it.
export CFLAGS='-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link'
export CXXFLAGS=$CFLAGS
"$here/build.sh"
"$here/check_build.sh" "$OUT/slab_fuzzer" "$OUT/slab_fuzzer_seed_corpus.zip" "$OUT/slab_fuzzer.options" instrumented
