# shellcheck shell=bash
# What tests of stress's binary check with: a folder of their own that they stand in, and what a command gave. To be sourced.
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/stress.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# exits CODES WHAT COMMAND...: the command ends with one of these codes; what it said is in $said.
exits() {
  local codes=$1 what=$2
  shift 2
  said=$("$@" 2>&1)
  local got=$?
  [[ " $codes " == *" $got "* ]] || fail "$what: exit $got, expected $codes: $said"
}
