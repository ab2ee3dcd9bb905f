#!/bin/bash
# overnight_test.sh BINARY: what people type, and what they get. Rounds are bounded and seconds only cut off; nothing here depends on speed.
set -u
binary=$(realpath "$1")
. "$(dirname "${BASH_SOURCE[0]}")/checks_for_test.sh"

# one_line TEXT: what was said is one line, and has this in it.
one_line() {
  [[ $(grep -c . <<<"$said") == 1 && $said == *"$1"* ]] || fail "expected one line with '$1', got: $said"
}

# No run here lasts as long.
night() { timeout 100 "$binary" --status=none "$@"; }

# ---- What is typed wrong: one line, exit 1.
exits 1 "an unknown flag" night --duraton=3s
one_line 'did you mean "duration"'
exits 1 "a bad duration" night --duration=3x
one_line "expected a length of time"
exits 1 "a bad time" night --stop_at=tomorrow
one_line "expected a time like"
exits 1 "a bad choice" night --sync=tight
one_line "expected timebase, spin, none"
exits 1 "a bad topology" night --topology=synthetic:pack:x
one_line "topology"
exits 1 "an unknown bug" night --bug=user.publish_relaxd
one_line "user.publish_relaxed"
exits 1 "an unknown scenario" night --scenarios=corpus/acct.strid_u16
one_line "acct.stride_u16"
exits 1 "a control is nothing to expect" night --expect=control.put_full
one_line "must stay silent"
exits 1 "a shard out of range" night --shard=3/2
one_line "expected I/N"
exits 1 "a file that is not there" night nothing.ordeal
one_line "nothing.ordeal"
printf 'ordeal 1\nop 0 cpu 9 alloc a\n' >bad.ordeal
exits 1 "a file that is no reproducer" night bad.ordeal
one_line "bad.ordeal:"
exits 1 "a run that is not there" night --resume=nowhere
one_line "nowhere"
exits 1 "one dash" night -duration=3s
one_line "two dashes"

# ---- What a machine cannot do: exit 2.
exits 2 "too few processors" night --min_cpus=100000
one_line "usable processors"
exits 2 "a machine that is only described" night --topology="synthetic:core:4 pu:1" --rounds=1
one_line "dryrun"

# ---- Plans.
exits 0 "help" night --help
exits 0 "a plan for a machine that is not there" night --dryrun --topology="synthetic:pack:2 core:4 pu:2"
[[ $said == *"2 packages x 4 cores x SMT2"* && $said != *pinned* ]] || fail "the plan says: $said"
exits 0 "a list" night --list
[[ $said == *"corpus/acct.stride_u16"*"sequential"* && $said == *"drawn/slub"* ]] || fail "the list says: $said"

# With too few processors nothing below can run.
if [[ $(nproc) -lt 2 ]]; then
  echo "one processor: runs are left out"
  exit $((failures > 0))
fi

# ---- A bug that needs no second CPU is found, expected, and put to the engine.
exits 0 "an expected finding" night --bug=acct.stride_u16 --expect=acct.stride_u16 --scenarios=corpus --duration=60s --run_dir=found
[[ $said == *"found acct.stride_u16 as expected"* ]] || fail "the summary says: $said"
finding=$(echo found/findings/*)
for file in hardware.txt witness.ordeal report.txt found.json; do
  [[ -s $finding/$file ]] || fail "$finding/$file is missing"
done
grep -q "the strongest rung that shows it: sequential" "$finding/hardware.txt" || fail "the engine's answer is missing: $(cat "$finding/hardware.txt")"
for file in testid.txt flags.txt topology.xml events.jsonl state.json summary.txt summary.json junit.xml report.html; do
  [[ -s found/$file ]] || fail "found/$file is missing"
done
exits 77 "the same, not expected, with noise" night --bug=acct.stride_u16 --scenarios=corpus --duration=60s --run_dir=unexpected --disturb=load,membarrier,migrate --junit=copy.xml --html=copy.html --jsonl=copy.jsonl
for copy in xml html jsonl; do
  [[ -s copy.$copy ]] || fail "copy.$copy is missing"
done
exits 77 "another bug than the expected one" night --bug=acct.stride_u16 --expect=user.double_free --scenarios=corpus/acct --duration=60s --run_dir=other
exits 1 "a run directory that holds a run" night --rounds=1 --run_dir=found
one_line found

# ---- What is correct stays silent; a machine that shows nothing weak says so (exit 2), and never "pass".
night --scenarios=drawn --rounds=2000 --duration=300s --run_dir=silent --seed=5 >silent.log 2>&1
code=$?
case $code in
  0) grep -q "^Status: PASS" silent/summary.txt || fail "exit 0 without PASS" ;;
  2) grep -q "^Status: INCONCLUSIVE" silent/summary.txt || fail "exit 2 without INCONCLUSIVE" ;;
  *) fail "correct allocators: exit $code: $(cat silent.log)" ;;
esac

# ---- Interrupted is no success; going on finishes the plan.
"$binary" --status=none --scenarios=corpus/acct.stride --rounds=400000 --duration=300s --slice=0.2s --run_dir=stopped >stopped.log 2>&1 &
for _ in {1..100}; do
  sleep 0.1
  [[ -s stopped/state.json ]] && break
done
sleep 0.5
kill -INT %1
wait %1
code=$?
[[ $code == 72 ]] || fail "after SIGINT: exit $code, expected 72: $(tail -3 stopped.log)"
grep -q "^Status: INTERRUPTED" stopped/summary.txt || fail "the summary of an interrupted run says: $(tail -1 stopped/summary.txt)"
sed -i 's/--rounds=400000/--rounds=2000/' stopped/flags.txt
night --resume=stopped >resumed.log 2>&1
code=$?
[[ $code == 0 || $code == 2 ]] || fail "resumed: exit $code: $(cat resumed.log)"
grep -q '"status": *"finished"' stopped/state.json || fail "resumed, and not finished"

# ---- kill -9 leaves a run that can be gone on with.
"$binary" --status=none --scenarios=corpus/acct.stride --duration=300s --slice=0.1s --run_dir=killed >killed.log 2>&1 &
for _ in {1..100}; do
  sleep 0.1
  [[ -s killed/state.json ]] && break
done
sleep 0.3
kill -9 %2 2>/dev/null || kill -9 $!
wait 2>/dev/null
sed -i 's/--duration=300s/--duration=1s/' killed/flags.txt
night --resume=killed >again.log 2>&1
code=$?
[[ $code == 0 || $code == 2 ]] || fail "after kill -9: exit $code: $(cat again.log)"

# ---- A directory that goes away is one clear error, exit 1.
"$binary" --status=none --scenarios=corpus/acct.stride --duration=300s --slice=0.1s --run_dir=gone >gone.log 2>&1 &
for _ in {1..100}; do
  sleep 0.1
  [[ -s gone/state.json ]] && break
done
rm -rf gone
wait $!
code=$?
[[ $code == 1 ]] || fail "its directory was removed: exit $code: $(cat gone.log)"
[[ $(grep -c "ordeal: error" gone.log) == 1 ]] || fail "its directory was removed: $(cat gone.log)"

((failures == 0)) && echo "all as expected"
exit $((failures > 0))
