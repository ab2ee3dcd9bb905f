#!/bin/bash
# Does exhaustive mode visit all executions of tests that are too much for an enumeration of candidates, and as many as combinatorics says?
set -u
ordeal=$1 tests=$(dirname "$2")

fail() {
  echo "FAILED: $1"
  cat printed
  exit 1
}
# counts NAME EXECUTIONS [FLAG...]
counts() {
  local name=$1 executions=$2
  shift 2
  "$ordeal" litmus --exhaustive "$@" "$tests/$name.litmus" >printed 2>&1 || fail "$name $*: exit $?"
  grep -qxF "Search $name exhaustive, $executions executions" printed || fail "$name $*: expected $executions executions, all of them"
}

# Who comes when: the number of orders.
counts lock-counter-6 720
counts lock-counter-6 720 --symmetry=0
counts atomic-inc-6 720
counts atomic-inc-6 720 --symmetry=0
counts lock-counter-8 40320
counts atomic-inc-8 40320
counts xchg-slot-3t-4 34650
# How far each load has come among the stores, in each location by itself: the binomial (10 over 5) squared, (6 over 3) to the fourth.
counts readers-3t-6 160000
counts readers-3t-6 160000 --symmetry=0
counts readers-2t-10 63504
# No formula: all of them is what counts, and symmetry changes nothing.
if [ "${ORDEAL_TEST_SHARE:-1}" = 1 ]; then
  counts oneloc-3t-5 244644
  counts oneloc-3t-5 244644 --symmetry=0
fi
echo "all of them"
