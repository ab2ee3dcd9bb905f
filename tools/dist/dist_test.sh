#!/bin/bash
# dist_test.sh ARCHIVE pack.sh version.h [slab_fuzzer]: does the archive run on a box that has the C library and nothing else, and is it the same bytes
# each time?
set -u
archive=$(realpath "$1") pack=$(realpath "$2") version_h=$3 fuzzer=${4:-}
here=$PWD
export TMPDIR=${TEST_TMPDIR:-/tmp}
cd "$(mktemp -d)" || exit 1
failures=0
fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

tar -xzf "$archive" || exit 1
name=$(ls)
version=$(sed -n 's/.*kVersion = "\(.*\)".*/\1/p' "$here/$version_h")
[[ $name == "ordeal-$version-$(uname -m)" ]] || fail "got $name, expected ordeal-$version-$(uname -m)"
for file in bin/ordeal bin/overnight ${fuzzer:+bin/slab_fuzzer} README.md LICENSE THIRD_PARTY docs/stress.md corpus/bugs/user.double_free.ordeal; do
  [[ -s $name/$file ]] || fail "no $file"
done

# Of shared libraries, the C library's own; and no place where others would be looked for.
for binary in "$name"/bin/*; do
  strange=$(ldd "$binary" | grep -vE '^\s*(linux-vdso|linux-gate|lib(c|m|pthread|dl|rt|resolv)\.so|/lib(64)?/ld-linux|/lib64/ld64)')
  [[ -z $strange ]] || fail "$binary needs $strange"
  objdump -p "$binary" | grep -E 'RPATH|RUNPATH' && fail "$binary has a run path"
  [[ $(objdump -p "$binary" | grep -c NEEDED) -gt 0 ]] || fail "$binary: objdump says nothing of it"
done

# With an empty environment, in a directory that cannot be written to: root could, so that what was left there is looked for instead.
says() {
  local text=$1 said status
  shift
  said=$(cd "$name" && env -i "$@" 2>&1)
  status=$?
  [[ $status == 0 && $said == *"$text"* ]] || fail "$*: exit $status, expected '$text', got: $said"
}
before=$(find . | sort)
chmod -R a-w "$name"
mapfile -t corpus < <(cd "$name" && ls corpus/bugs/*.ordeal)
says "replayed ${#corpus[@]} files, ${#corpus[@]} as expected" bin/ordeal replay "${corpus[@]}"
[[ -z $fuzzer ]] || says 'nothing found in 100 inputs' bin/slab_fuzzer -runs=100 -seed=1
says 'mix/xmalloc' bin/overnight --dryrun
chmod -R u+w "$name"
[[ $(find . | sort) == "$before" ]] || fail "the binaries left files: $(find . | sort | comm -13 <(echo "$before") -)"

# Packed again, out of other files with other times, by somebody with another mask: the same bytes.
umask 077
mkdir again
cp -r "$name"/{bin,corpus,docs,LICENSE,THIRD_PARTY} again/
mkdir -p again/dist again/base
cp "$name/README.md" again/dist/
cp "$here/$version_h" again/base/version.h
(cd again && find bin corpus docs LICENSE THIRD_PARTY dist base -type f | sort -r | xargs "$pack" ../again.tar.gz) || fail "cannot pack again"
cmp again.tar.gz "$archive" || fail "packed again, the archive is another one"

echo "$failures failures"
(( failures == 0 ))
