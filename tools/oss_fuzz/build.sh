#!/bin/bash
# build.sh: how do OSS-Fuzz and ClusterFuzzLite make slab_fuzzer? With their compiler, flags and engine, and without Bazel (why: README.md).
#
# They set CXX, CXXFLAGS, LIB_FUZZING_ENGINE, SRC, WORK and OUT. $SRC/abseil-cpp, where it is, is built with the same flags; elsewhere it is the
# system's Abseil, which fits the system's C++ library only. Boost.Context has no C++ in what we use of it and is the system's either way.
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cd "$here/../.."

for variable in CXX CXXFLAGS LIB_FUZZING_ENGINE WORK OUT; do
  [[ -n ${!variable:-} ]] || { echo "build.sh: error: expected the variable $variable, as OSS-Fuzz sets it" >&2; exit 1; }
done
jobs=$(nproc)
# The allocators need a 16-byte compare-and-exchange, which clang does not take an x86 processor to have.
flags="-std=c++20 -I."
[[ ${ARCHITECTURE:-$(uname -m)} == x86_64 ]] && flags+=' -mcx16'
# What slab_fuzzer can need: these folders, less their tests.
folders='base memory allocator program shadow run finding corpus fuzz'

modules='absl_flags absl_flags_reflection absl_statusor absl_str_format absl_strings absl_time absl_flat_hash_map absl_flat_hash_set absl_btree'
if [[ -d ${SRC:-}/abseil-cpp ]]; then
  cmake -S "$SRC/abseil-cpp" -B "$WORK/abseil" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_STANDARD=20 -DABSL_PROPAGATE_CXX_STD=ON \
    -DCMAKE_INSTALL_PREFIX="$WORK/installed" -DCMAKE_INSTALL_LIBDIR=lib
  cmake --build "$WORK/abseil" -j "$jobs" --target install
  export PKG_CONFIG_PATH=$WORK/installed/lib/pkgconfig
fi
# shellcheck disable=SC2086 # lists of words
{
  flags+=" $(pkg-config --cflags $modules)"
  libraries="-Wl,-Bstatic $(pkg-config --static --libs $modules) -lboost_context -Wl,-Bdynamic -lm -pthread"
}

corpus/embed.sh corpus/bugs/*.ordeal >"$WORK/embedded.cc"
# shellcheck disable=SC2086
sources=$(find $folders -name '*.cc' ! -name '*_test.cc' ! -name '*_testing.cc' ! -name '*_benchmark.cc' ! -name '*_fuzzer.cc' ! -path 'fuzz/driver/*' | LC_ALL=C sort)

compile() {
  local object=$WORK/objects/${1#/}.o
  mkdir -p "$(dirname "$object")"
  # shellcheck disable=SC2086
  $CXX $CXXFLAGS $flags -c "$1" -o "$object"
}
export -f compile
export CXX CXXFLAGS flags WORK
rm -rf "$WORK/objects"
# shellcheck disable=SC2016,SC2086 # $1 is the inner shell's
printf '%s\n' $sources "$WORK/embedded.cc" fuzz/slab_fuzzer.cc | xargs -P "$jobs" -I{} bash -c 'set -e; compile "$1"' _ {}

# An archive, so that what the fuzzer does not use stays out: programs with a main of their own, too, since the engine comes first.
rm -f "$WORK/libordeal.a"
# shellcheck disable=SC2086
find "$WORK/objects" -name '*.o' ! -path '*/fuzz/slab_fuzzer.cc.o' | LC_ALL=C sort | xargs ar rcs "$WORK/libordeal.a"
# shellcheck disable=SC2086
$CXX $CXXFLAGS "$WORK/objects/fuzz/slab_fuzzer.cc.o" -o "$OUT/slab_fuzzer" $LIB_FUZZING_ENGINE "$WORK/libordeal.a" $libraries

"$here/seeds.sh" "$OUT/slab_fuzzer_seed_corpus.zip" corpus/bugs/*.ordeal
cp "$here/slab_fuzzer.options" "$OUT/"
