#!/bin/bash
# Does the tool agree with the suite's written verdicts, and does it say so when it does not?
set -u
conformance=$1 suite=$(dirname "$2")

fail() {
  echo "FAILED: $1"
  cat printed
  exit 1
}
# expect CODE ARGUMENT...: runs the tool; what it prints is in `printed`.
expect() {
  local code=$1
  shift
  "$conformance" "$@" >printed 2>&1
  local got=$?
  [ $got = "$code" ] || fail "conformance $*: got exit $got, expected $code"
}
says() { grep -qxF -- "$1" printed || fail "expected the line: $1"; }

# A share of it (base/share_testing.h) for slow builds.
share=${ORDEAL_TEST_SHARE:-1}
if [ "$share" -gt 1 ]; then
  mkdir part
  ls "$suite"/*.litmus | awk "NR % $share == 1" | xargs -I{} cp -L {} part
  cp -L "$suite"/atomicity-*.litmus "$suite/verdicts.tsv" part
  suite=part
fi

for model in lkmm sc tso armv8 armv8-ldar power rc11; do
  expect 0 --model=$model --seconds=60 "$suite"
  tests=$(ls "$suite" | grep -c '\.litmus$')
  grep -q "conformance on $model: $tests of $tests tests compared, $tests in full,.* 0 differences" printed || fail "expected the whole suite, $tests tests, to be compared on $model"
done
expect 0 --runs=200 "$suite"

# A few of its tests, with a line changed.
name=atomicity-xchg copy=copy/below
mkdir -p $copy
for test in $(ls "$suite"/atomicity-*.litmus | head -5) "$suite/$name.litmus"; do cp -L "$test" $copy; done
cat "$suite/verdicts.tsv" >verdicts
expect 0 copy
cat verdicts >copy/verdicts.tsv
expect 0 copy
sed "s/^$name\tNever/$name\tAlways/" verdicts >copy/verdicts.tsv
expect 3 copy
says "verdict: $name: got Never, expected Always"
sed "s/^$name\tNever\t0/$name\tNever\t1/" verdicts >copy/verdicts.tsv
expect 3 copy
says "race: $name: got none, expected one"
cat verdicts >copy/verdicts.tsv

# Its states: one that we do not reach, one that we do and should not.
echo '{"name": "MP", "states": ["1:r0=0; 1:r1=0;", "1:r0=0; 1:r1=1;", "1:r0=1; 1:r1=1;"]}' >copy/states.jsonl
cat >copy/MP.litmus <<'TEST'
C MP
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\ 1:r1=0)
TEST
expect 3 copy
says "forbidden reached: MP: 1:r0=1; 1:r1=0;"
expect 3 --runs=1000 copy
says "forbidden reached: MP: 1:r0=1; 1:r1=0;"
echo '{"name": "MP", "states": ["1:r0=0; 1:r1=0;"], "partial": true}' >copy/states.jsonl
expect 0 copy
echo '{"name": "MP", "states": ["1:r0=0; 1:r1=0;", "1:r0=0; 1:r1=1;", "1:r0=1; 1:r1=0;", "1:r0=1; 1:r1=1;", "1:r0=2; 1:r1=2;"]}' >copy/states.jsonl
expect 3 copy
says "allowed missed: MP: 1:r0=2; 1:r1=2; (unknown)"
echo '{"name": "MP", "states": ["1:r0=0; 1:r1=0;", "1:r0=0; 1:r1=1;", "1:r0=1; 1:r1=0;", "1:r0=1; 1:r1=1;"]}' >copy/states.jsonl
expect 0 --runs=1 copy
grep -q '^allowed missed: MP: .* (rare in random search)$' printed || fail "expected one run to miss a state"

# A test that cannot be read, one without an answer.
echo 'nonsense' >copy/MP.litmus
expect 3 copy
grep -q '^unreadable: copy/MP.litmus:1: ' printed || fail "expected the unreadable file's name and line"
rm copy/states.jsonl
expect 0 --verbose copy
says "no answer: MP"

# A damaged line, and what cannot be meant.
printf "lost\tNe" >>copy/verdicts.tsv
expect 1 copy
grep -q "^ordeal: error: copy/verdicts.tsv:$(grep -c '' copy/verdicts.tsv): " printed || fail "expected the damaged line's file and number"
expect 1
expect 1 no/such/directory
says "ordeal: error: no/such/directory: No such file or directory"
expect 1 --model=powr copy
grep -q 'did you mean "power"' printed || fail "expected a suggestion"
expect 1 --runs=0 copy
expect 1 --seconds=no copy
expect 1 --states copy
echo "it agrees with the suite and notices what differs"
