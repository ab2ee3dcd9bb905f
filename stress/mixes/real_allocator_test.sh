#!/bin/bash
# real_allocator_test.sh BINARY LIBRARY: --allocator with a library that answers malloc. Rounds are bounded and seconds only cut off.
set -u
binary=$(realpath "$1")
library=$(realpath "$2")
. "$(dirname "${BASH_SOURCE[0]}")/../checks_for_test.sh"

says() { [[ $said == *"$1"* ]] || fail "expected '$1', got: $said"; }
one_line() { [[ $(grep -c . <<<"$said") == 1 ]] || fail "expected one line, got: $said"; }
night() { timeout 100 "$binary" --status=none --oversubscribe --min_cpus=1 "$@"; }

# ---- What cannot be preloaded is refused.
exits 1 "a name that does not exist" night --allocator=jemaloc
one_line
says 'did you mean "jemalloc"'
exits 1 "a file that is not there" night --allocator=./nothing.so
one_line
says "no such file"
exits 1 "a bug in a real allocator" night --allocator=malloc --bug=acct.stride_u16
one_line
says "mixes alone"
echo "no library" >text.so
exits 1 "a file that ld.so does not load" night --allocator=./text.so # ld.so says a line of its own
says "was preloaded in vain: malloc, free, calloc, realloc, aligned_alloc are answered by"

# ---- What is run with it.
exits 0 "a list" night --allocator="$library" --list
[[ $(grep -c . <<<"$said") == $(grep -c '^mix/' <<<"$said") ]] || fail "more than mixes: $said"
exits 0 "ours have no mixes" night --allocator=slub --list
[[ $said != *mix/* ]] || fail "mixes with slub: $said"
exits 0 "the default" night --list
[[ $said == *corpus/*drawn/*mix/* ]] || fail "the default has: $said"

# ---- Silent, but for a machine on which the controls are (2).
exits "0 2" "a run" night --allocator="$library" --rounds=60 --run_dir=fine
says "allocator planted_malloc $library"
grep -q "^malloc: planted_malloc $library\$" fine/testid.txt || fail "testid.txt: $(cat fine/testid.txt)"
[[ $(ls fine/findings 2>/dev/null) == "" ]] || fail "findings: $(ls fine/findings)"

# ---- A block that is given twice.
exits 77 "a fault" env ORDEAL_PLANTED_FAULT=1 timeout 100 "$binary" --status=none --oversubscribe --min_cpus=1 --allocator="$library" --scenarios=xmalloc --rounds=4000 --run_dir=bad
found=$(ls bad/findings)
[[ $found == mix.xmalloc.*.planted_malloc ]] || fail "found: $found"
grep -q "with planted_malloc $library" "bad/findings/$found/hardware.txt" || fail "hardware.txt: $(cat bad/findings/*/hardware.txt)"
[[ ! -e bad/findings/$found/witness.ordeal ]] || fail "a mix has no program"
says "bazel run //stress:overnight -- --allocator=$library --scenarios=mix/xmalloc --seed="

echo "$failures failures"
exit $((failures > 0))
