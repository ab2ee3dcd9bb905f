#!/bin/bash
# check_build.sh BINARY SEEDS OPTIONS [instrumented]: would OSS-Fuzz take this build? What its bad_build_check and its runners demand, without their images.
#
# `instrumented` asks for at least 100 edges of coverage, too; only a build with OSS-Fuzz's flags has them.
set -u
binary=$(realpath "$1") seeds=$(realpath "$2") options=$(realpath "$3") instrumented=${4:-}
export TMPDIR=${TEST_TMPDIR:-/tmp}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# Their names, in a folder of their own, as they are copied to a runner.
mkdir out empty
cp "$binary" out/slab_fuzzer
cp "$seeds" out/slab_fuzzer_seed_corpus.zip
cp "$options" out/slab_fuzzer.options

# Each option is one that the binary takes, in the section of the one engine that we name in project.yaml.
[[ $(grep -c '^\[libfuzzer\]$' out/slab_fuzzer.options) == 1 ]] || fail "slab_fuzzer.options: expected one section [libfuzzer]"
flags=()
while IFS=' =' read -r name value; do
  [[ $name =~ ^[a-z_]+$ && $value =~ ^[0-9]+$ ]] || fail "slab_fuzzer.options: got '$name $value', expected NAME = NUMBER"
  flags+=("-$name=$value")
done < <(grep -v -e '^\[' -e '^$' out/slab_fuzzer.options)

# runner DIRECTORY COMMAND...: as on a runner: nothing in /dev, no environment, the directory read-only. Where an ordinary user may not make a
# mount namespace, that is said, and the rest is still checked.
namespace=(unshare --user --map-root-user --mount)
if ! "${namespace[@]}" mount -t tmpfs none /dev 2>/dev/null; then
  echo "NOTE: no namespaces here: /dev is not taken away, and directories are not made read-only"
  namespace=()
fi
runner() {
  local directory=$1
  shift
  if (( ${#namespace[@]} == 0 )); then
    (cd "$directory" && env -i "$@")
    return
  fi
  # shellcheck disable=SC2016 # for the inner shell
  "${namespace[@]}" bash -c '
    mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && mount -t tmpfs none /dev && shift && exec env -i "$@"' _ "$directory" "$@"
}

# bad_build_check: four inputs, and what it greps.
runner out ./slab_fuzzer -seed=1337 -runs=4 "${flags[@]}" -artifact_prefix=/tmp/ >log 2>&1 </dev/null || fail "exit $? of: slab_fuzzer -seed=1337 -runs=4: $(tail -n 3 log)"
grep -q '^Done 4 runs' log || fail "no line 'Done 4 runs': $(tail -n 3 log)"
if [[ -n $instrumented ]]; then
  edges=$(sed -n 's/^INFO: Loaded [0-9]* modules *(\([0-9]*\) .*counters.*/\1/p' log)
  echo "edges: ${edges:-0}"
  (( ${edges:-0} >= 100 )) || fail "${edges:-0} instrumented edges, expected at least 100"
fi

# Every seed runs clean, and there are some.
python3 -m zipfile -e out/slab_fuzzer_seed_corpus.zip corpus || fail "the seeds are no zip file"
count=$(find corpus -type f | wc -l)
(( count >= 20 )) || fail "$count seeds, expected at least 20"
grep -lE '^(bug|expect|decision) ' corpus/* && fail "these seeds have bugs in them"
runner out ./slab_fuzzer "${flags[@]}" "$work"/corpus/* >log 2>&1 </dev/null || fail "exit $? of the seeds: $(tail -n 3 log)"
[[ $(grep -c '^Executed ' log) == "$count" ]] || fail "of $count seeds, $(grep -c '^Executed ' log) were run"
runner out ./slab_fuzzer -runs="$((count + 50))" "${flags[@]}" -artifact_prefix=/tmp/ "$work/corpus" >log 2>&1 </dev/null || fail "exit $? of a campaign on the seeds: $(tail -n 3 log)"

# It runs under another name and out of another directory: nothing is looked for beside it.
mkdir elsewhere
cp out/slab_fuzzer elsewhere/another_name
runner empty "$work/elsewhere/another_name" -runs=4 >log 2>&1 </dev/null || fail "exit $? under another name: $(tail -n 3 log)"

# No library but the C library's own and the C++ library; no run path but $ORIGIN; no processor but the common one.
# shellcheck disable=SC2016
objdump -p out/slab_fuzzer | sed -n 's/.*\(RPATH\|RUNPATH\) *//p' | grep -v '^\$ORIGIN' && fail "a run path outside \$ORIGIN"
strange=$(objdump -p out/slab_fuzzer | sed -n 's/.*NEEDED *//p' | grep -vE '^(lib(c|m|pthread|dl|rt|resolv|gcc_s|stdc\+\+)\.so|ld-linux)')
[[ -z $strange ]] || fail "needs $strange"
[[ $(find out empty -type f | wc -l) == 3 ]] || fail "files were left: $(find out empty -type f)"

echo "$failures failures"
(( failures == 0 ))
