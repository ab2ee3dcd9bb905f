#!/bin/bash
# afl_test.sh SLAB_FUZZER (built with --config=afl): does AFL++ see interleavings, keep what fails, and share its corpus? Bounded by executions.
set -u
fuzzer=$(realpath "$1")
cd "$(mktemp -d)" || exit 1
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# Another machine's settings are not this test's business; a planted bug has its input all the same.
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
afl() { timeout 300 afl-fuzz -t 10000 "$@" >log 2>&1 || { tail -n 20 log; fail "afl-fuzz $*"; }; }
stat_of() { sed -n "s/^$1 *: *//p" "$2/default/fuzzer_stats"; }

# A corpus of our own goes in as it is.
mkdir corpus
"$fuzzer" -runs=30 -seed=1 -verbosity=0 corpus 2>/dev/null || fail "no corpus to begin with"
seeds=$(ls corpus | wc -l)
afl -i corpus -o out -E 1500 -- "$fuzzer"
found=$(stat_of corpus_found out)
(( ${found:-0} > 20 )) || fail "found $found inputs with new features, expected more than 20"
[[ $(stat_of stability out) == 100.00% ]] || fail "stability $(stat_of stability out): the same input, other features"

# What it found goes out again: it shows what the first corpus did not.
"$fuzzer" -merge=1 corpus out/default/queue 2>log || fail "merge: $(tail -n 1 log)"
(( $(ls corpus | wc -l) > seeds )) || fail "nothing of AFL++'s queue was worth merging"

# A finding is kept as the input that made it; run again it is told in full. The seeds are silent, or there would be nothing to begin with.
mkdir silent
for input in corpus/*; do "$fuzzer" --raw=1 --bug=acct.stride_u16 --report=damage "$input" >log 2>&1 && cp "$input" silent/; done
afl -i silent -o planted -E 6000 -- "$fuzzer" --bug=acct.stride_u16 --report=damage
crash=$(ls planted/default/crashes/id* 2>/dev/null | head -n 1)
if [[ -z $crash ]]; then
  fail "the planted bug was not found"
else
  "$fuzzer" --raw=1 --bug=acct.stride_u16 --report=damage "$crash" >log 2>&1
  [[ $? == 77 ]] && grep -q 'finding: not-ordering/sequential owner=allocator' log || fail "the crash again: $(tail -n 1 log)"
fi
echo "$failures failures; $found inputs found"
(( failures == 0 ))
