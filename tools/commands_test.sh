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
expect 0 'expected finding: ordering/ARMv8+POWER owner=user' "$fuzzer" --bug=user.publish_relaxed --expect=user.publish_relaxed -runs=5000 -seed=1
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

# Directories of stress runs that are not there.
expect 1 '0 runs, 2 that cannot be read' "$ordeal" whatsup nowhere .
expect 1 'got 0 files, expected 1 or more' "$ordeal" whatsup
expect 1 'nowhere/state.json: open' "$ordeal" compare-runs nowhere nowhere

# The README shows what the command really prints: its code block, less the two lines that frame it.
(cd "$here" && "$ordeal" explain corpus/bugs/user.publish_relaxed.ordeal 2>/dev/null) >prints
sed -n '/^\$ tools\/bazel run .*explain/,/^```$/p' "$readme" | sed '1d;$d' >promised
same prints promised
(cd "$here" && "$ordeal" explore corpus/bugs/user.publish_relaxed.ordeal 2>/dev/null) >prints
sed -n '/^\$ tools\/bazel run .*explore/,/^```$/p' "$readme" | sed '1d;$d' >promised
same prints promised

# A finding made smaller, written out, told apart from others.
expect 0 'nothing more can go: ordering/ARMv8+POWER owner=user' "$ordeal" minimise --out=small.ordeal "$here/corpus/bugs/user.publish_relaxed.ordeal"
expect 0 'nothing more can go' "$ordeal" minimise --out=smaller.ordeal small.ordeal
same small.ordeal smaller.ordeal
expect 0 'replayed 1 file, 1 as expected' "$ordeal" replay small.ordeal
printf 'ordeal 1\nallocator slub\nmodel lkmm\ngeometry page=4K order=0 object=64 exts=none cpus=2 slabs=1\nop 0 cpu 0 alloc a\ndecision 0.1 promise 0.9 value 0x1\n' >unkept.ordeal
"$ordeal" replay unkept.ordeal 2>&1 | grep -q 'no execution: a load was promised a value that nobody stores' || { echo "FAILED: nothing is said of a promise that nobody keeps"; failures=$((failures + 1)); }
expect 1 'expected 1' "$ordeal" minimise
expect 1 'no-such.ordeal' "$ordeal" minimise no-such.ordeal
expect 0 'exported: ordering/ARMv8+POWER' "$ordeal" export --out=exported "$here/corpus/bugs/user.publish_relaxed.ordeal"
expect 0 'exported: ordering/ARMv8+POWER' "$ordeal" export --out=exported --minimise "$here/corpus/bugs/user.publish_relaxed.ordeal"
for file in witness.ordeal original.ordeal report.txt report.html trace.json graph.dot reproducer.cc finding.sarif; do
  [[ -s exported/$file ]] || { echo "FAILED: no $file"; failures=$((failures + 1)); }
done
[[ -s exported/test.litmus ]] || grep -q 'no test.litmus: a litmus test cannot say' exported/report.txt || { echo "FAILED: neither test.litmus nor the reason"; failures=$((failures + 1)); }
expect 1 'no --out=DIR' "$ordeal" export small.ordeal
expect 0 'the same bug' "$ordeal" compare small.ordeal "$here/corpus/bugs/user.publish_relaxed.metadata.ordeal"
expect 3 'different bugs' "$ordeal" compare small.ordeal "$here/corpus/bugs/user.double_free.ordeal"
mkdir -p heap && cp "$here"/corpus/bugs/user.{double_free,publish_relaxed,publish_relaxed.metadata}.ordeal small.ordeal heap/
expect 77 '4 of 4 files, 2 findings, 0 without one' "$ordeal" report heap
grep -q '^1. not-ordering/sequential, owner user: 1 file' log || { echo "FAILED: $(cat log)"; failures=$((failures + 1)); }
expect 1 '1 of 1 files, 0 findings' "$ordeal" report no-such.ordeal
# Any Site by name; a wrong one is refused with what was expected.
expect 77 'ordering/ARMv8+POWER owner=allocator' "$fuzzer" --bug=accounting.exts_read=once --report=damage -runs=200000 -seed=1 --emit=site
expect 0 'ordering/ARMv8+POWER' "$ordeal" minimise --out=again.ordeal site/witness.ordeal
same site/witness.ordeal again.ordeal
expect 1 'did you mean' "$fuzzer" --bug=accounting.exts_raed=once -runs=1
expect 1 'expected plain, once, acquire' "$fuzzer" --bug=accounting.exts_read=weak -runs=1

# Every execution of a program: damage is a finding; wrong numbers are not.
expect 77 'damage on SC, TSO, ARMv8, POWER, LKMM, every execution' "$ordeal" explore "$here/corpus/bugs/acct.stride_u16.ordeal"
expect 77 'damage on ARMv8, POWER, LKMM, none on SC, TSO' "$ordeal" explore "$here/corpus/bugs/user.publish_relaxed.ordeal"
expect 1 'expected 0..1000' "$ordeal" explore --deviations=-1 "$here/corpus/bugs/acct.stride_u16.ordeal"

# Litmus tests: answered, refused by line with the next one going on, written from a finding and read back.
cat >mp.litmus <<'END'
C MP
{ x=0; y=0; }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
P1(int *x, int *y) { int r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x); }
exists (1:r0=1 /\ 1:r1=0)
END
printf 'C RCU\n{ x=0; }\nP0(int *x)\n{\n  rcu_read_lock();\n}\nexists (x=1)\n' >rcu.litmus
expect 0 '1 answered in full' "$ordeal" litmus mp.litmus
grep -q '^Observation MP Sometimes 1 3$' log || { echo "FAILED: $(grep Observation log)"; failures=$((failures + 1)); }
expect 0 '1 answered in full' "$ordeal" litmus --model=tso --json mp.litmus
grep -q '"observation": "Never"' log || { echo "FAILED: $(cat log)"; failures=$((failures + 1)); }
expect 1 '1 answered in full, 1 refused' "$ordeal" litmus rcu.litmus mp.litmus
grep -q 'rcu.litmus:5: ' log || { echo "FAILED: no line in $(cat log)"; failures=$((failures + 1)); }
expect 0 '1 not exhaustively' "$ordeal" litmus --runs=500 mp.litmus
expect 1 'did you mean "tso"' "$ordeal" litmus --model=tos mp.litmus
expect 1 'expected one of them' "$ordeal" litmus --runs=5 --exhaustive mp.litmus
expect 1 'expected what an interrupted search printed' "$ordeal" litmus --exhaustive --from=1:2 mp.litmus
expect 1 '1 refused' "$ordeal" litmus no.such.litmus
grep -q '^ordeal: error: no.such.litmus' log || { echo "FAILED: $(cat log)"; failures=$((failures + 1)); }
expect 1 '1 refused' "$ordeal" litmus --exhaustive --from=8:4:1:0.7.7:0:0:: mp.litmus
"$ordeal" litmus "$here/corpus/bugs/user.publish_relaxed.ordeal" >exported.litmus 2>log
expect 0 '1 answered in full' "$ordeal" litmus exported.litmus
grep -q '^Observation user.publish_relaxed Sometimes' log || { echo "FAILED: $(cat log)"; failures=$((failures + 1)); }
expect 1 '1 refused' "$ordeal" litmus "$here/corpus/bugs/acct.stride_u16.ordeal"

# Machines, described and this one. A policy that the machine cannot do is not a matter of usage.
power='synthetic:pack:2 [numa(memory=8GB)] l3:1 core:16 pu:4'
expect 0 '2 packages x 16 cores x SMT4 = 128 PU (128 usable), smt 30 x 4, not this machine' "$ordeal" topo "--topology=$power" --placement=smt --threads=4 --reserve=8
grep -q '^  crew 0   L#8 P#8  L#9 P#9  L#10 P#10  L#11 P#11$' log || { echo "FAILED: no crew in $(cat log)"; failures=$((failures + 1)); }
grep -q 'pinned' log && { echo "FAILED: a described machine is said to be pinned to"; failures=$((failures + 1)); }
expect 0 'list 2 x 2' "$ordeal" topo "--topology=$power" --cpulist=0,8,16-24:8
expect 2 'smt: no core has 2 usable PUs' "$ordeal" topo "--topology=synthetic:core:4 pu:1" --placement=smt
expect 2 '200 threads wanted (100 x 2), 128 PUs to be had' "$ordeal" topo "--topology=$power" --placement=spread --crews=100
expect 0 'SUMMARY: ordeal: topo: ' "$ordeal" topo
expect 1 'expected native, synthetic:STRING or xml:FILE' "$ordeal" topo --topology=natve
expect 1 'no.such.xml' "$ordeal" topo --topology=xml:no.such.xml
expect 1 'did you mean "spread"' "$ordeal" topo --placement=spred
expect 1 'expected 0..' "$ordeal" topo --threads=-1
HWLOC_SYNTHETIC='pu:4' expect 2 'HWLOC_SYNTHETIC is set' "$ordeal" topo
"$ordeal" doctor >log 2>&1
status=$?
[[ ($status == 0 && $(tail -n 1 log) == 'SUMMARY: ordeal: doctor: fit'*) || ($status == 2 && $(tail -n 1 log) == 'SUMMARY: ordeal: doctor: unfit: '*) ]] ||
  { echo "FAILED: doctor: exit $status: $(cat log)"; failures=$((failures + 1)); }

# An interrupted search says where it stood, and goes on from there.
{ echo 'C slots'; echo '{ s=0; }'; for t in 0 1 2 3; do echo "P$t(int *s) { int a; int b; int c; int d;"; for v in a b c d; do echo "$v = xchg(s, 1$t);"; done; echo '}'; done; echo 'exists (s=0)'; } >slots.litmus
"$ordeal" litmus --exhaustive slots.litmus >part 2>log &
sleep 2
kill -INT $! && wait $!
[[ $? == 72 ]] || { echo "FAILED: an interrupted search did not exit with 72"; failures=$((failures + 1)); }
from=$(sed -n 's/^The rest: //p' part)
[[ -n $from ]] || { echo "FAILED: no place to go on: $(cat part)"; failures=$((failures + 1)); }
expect 0 '1 not exhaustively' "$ordeal" litmus --exhaustive --seconds=0.1 "$from" slots.litmus

# libFuzzer's own process modes; the driver of our own has no -fork.
expect 77 'a job made a finding' "$fuzzer" --bug=user.double_free -jobs=1 -runs=500
if "$fuzzer" -help=1 2>&1 | grep -q '^ fork '; then
  expect 77 '' "$fuzzer" --bug=user.double_free -fork=1 -runs=500
else
  expect 1 'expected -jobs=N' "$fuzzer" -fork=1 -runs=500
fi
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
