#!/bin/bash
# Do slab_fuzzer and ordeal behave as users of libFuzzer expect, and exit as the table in base/exit_code.h says? Runs are bounded by
# inputs, not by time.
set -u
fuzzer=$(realpath "$1") ordeal=$(realpath "$2") readme=$(realpath "$3")
here=$PWD
cd "$(mktemp -d)" || exit 1
failures=0

# expect CODE TEXT COMMAND...: the command ends with CODE and its output has TEXT in its last line.
expect() {
  local code=$1 text=$2 status last
  shift 2
  "$@" >log 2>&1
  status=$?
  last=$(tail -n 1 log)
  if [[ $status != "$code" || $last != *"$text"* ]]; then
    echo "FAILED: $*: exit $status, expected $code; last line: $last; expected: $text"
    failures=$((failures + 1))
  fi
}
same() {
  if ! diff -rq "$1" "$2"; then
    echo "FAILED: $1 and $2 differ"
    failures=$((failures + 1))
  fi
}

expect 0 'nothing found in 500 inputs' "$fuzzer" -runs=500 -seed=1
expect 0 'nothing found in 500 inputs' "$fuzzer" -runs=500 -seed=1 --model=sc --allocator=locked
expect 77 'finding: not-ordering/sequential owner=user' "$fuzzer" --bug=user.double_free -runs=500 -seed=1
expect 0 'expected finding: ordering/LKMM owner=user' "$fuzzer" --bug=user.publish_relaxed --expect=user.publish_relaxed -runs=5000 -seed=1
expect 77 'finding: not-ordering/sequential owner=user' "$fuzzer" --bug=user.double_free --expect=acct.stride_u16 -runs=500 -seed=1
expect 3 'expected acct.stride_u16, not found' "$fuzzer" --expect=acct.stride_u16 -runs=50 -seed=1
expect 1 'did you mean "model"' "$fuzzer" --modle=sc
expect 1 'did you mean "runs"' "$fuzzer" -run=5
expect 1 'no.such.file' "$fuzzer" no.such.file
echo junk >junk.ordeal
expect 1 'junk.ordeal:1: got "junk"' "$fuzzer" junk.ordeal
expect 1 '--expect with -jobs or -fork' "$fuzzer" --expect=user.double_free -fork=1
expect 0 'exit: 0' "$fuzzer" --help

# The same engine and seed leave the same corpus, byte for byte; merging keeps less of it.
mkdir one two merged
expect 0 'nothing found' "$fuzzer" -runs=1000 -seed=7 one
expect 0 'nothing found' "$fuzzer" -runs=1000 -seed=7 two
same one two
expect 0 '' "$fuzzer" -merge=1 merged one
(( $(ls merged | wc -l) > 0 && $(ls merged | wc -l) <= $(ls one | wc -l) )) || { echo "FAILED: merged"; failures=$((failures + 1)); }

# A finding's artefact is a reproducer: the fuzzer runs it again without a flag, and `ordeal` replays it.
expect 77 'finding' "$fuzzer" --bug=acct.stride_u16 -runs=20000 -seed=3 -exact_artifact_path=found.ordeal
expect 77 'not-ordering/sequential owner=allocator' "$fuzzer" found.ordeal
expect 0 'replayed 1 file, 1 as expected' "$ordeal" replay found.ordeal
expect 77 'finding' "$fuzzer" --bug=user.double_free -runs=500 -seed=1 --emit=emitted
expect 0 'finding' "$ordeal" explain emitted/witness.ordeal
[[ -s emitted/report.txt ]] || { echo "FAILED: no report.txt"; failures=$((failures + 1)); }

# The README shows what the command really prints: its code block, less the two lines that frame it.
(cd "$here" && "$ordeal" explain corpus/bugs/user.publish_relaxed.ordeal 2>/dev/null) | sed '/^  ([0-9]* accesses/,$d' >prints
sed -n '/^\$ tools\/bazel run .*explain/,/^```$/p' "$readme" | sed '1d;$d' >promised
same prints promised

# libFuzzer's own process modes.
expect 77 'a job made a finding' "$fuzzer" --bug=user.double_free -jobs=1 -runs=500
expect 77 '' "$fuzzer" --bug=user.double_free -fork=1 -runs=500
"$fuzzer" -minimize_crash=1 -runs=200 -exact_artifact_path=small found.ordeal >log 2>&1
[[ -s small && $(stat -c %s small) -lt $(stat -c %s found.ordeal) ]] || { echo "FAILED: minimize_crash"; tail -n 5 log; failures=$((failures + 1)); }
expect 77 'not-ordering/sequential owner=allocator' "$fuzzer" small

# One interrupt: the input is finished, the summary said, exit 72.
"$fuzzer" -runs=100000000 -seed=1 >log 2>&1 &
pid=$!
until grep -q 'INFO: A corpus is not provided' log || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
kill -INT $pid
wait $pid
status=$?
[[ $status == 72 && $(tail -n 1 log) == *interrupted* ]] || { echo "FAILED: interrupt: exit $status: $(tail -n 1 log)"; failures=$((failures + 1)); }

echo "$failures failures"
(( failures == 0 ))
