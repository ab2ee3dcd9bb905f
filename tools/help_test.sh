#!/bin/bash
# help_test.sh ORDEAL OVERNIGHT: does every verb and every flag say what it is, and is what is typed wrong told in one line?
set -u
ordeal=$(realpath "$1") overnight=$(realpath "$2")
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# exits CODE TEXT COMMAND...: the exit code, and TEXT is in what was said, which is left in $said.
exits() {
  local code=$1 text=$2 status
  shift 2
  said=$("$@" 2>&1)
  status=$?
  [[ $status == "$code" && $said == *"$text"* ]] || fail "$*: exit $status, expected $code and '$text': $said"
}
one_line() { [[ $(wc -l <<<"$said") == 1 ]] || fail "expected one line, got: $said"; }

# Lines "  NAME ..." up to the first line that begins otherwise; and those that have a name and nothing else.
names() { sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' <<<"$said"; }
without_text() { grep -E '^  --[^ ]+ *$' <<<"$said"; }

exits 0 'usage: ordeal VERB' "$ordeal" --help
verbs=$(names)
(( $(wc -w <<<"$verbs") >= 14 )) || fail "expected the verbs in: $said"
for verb in $verbs; do
  [[ $verb == ordeal ]] && continue
  exits 0 "usage: ordeal $verb" "$ordeal" "$verb" --help
  [[ $said == *$'\nexamples:\n  ordeal '"$verb"* && $said == *$'\nexit: 0'* ]] || fail "no examples or exit codes of $verb: $said"
  without_text && fail "a flag of $verb without a text"
  # A flag with its last letter left out is one that the verb does not have.
  for flag in $(sed -n 's/^  --\([a-z_]*\).*/\1/p' <<<"$said"); do
    exits 1 "did you mean \"$flag\"" "$ordeal" "$verb" "--${flag%?}=1"
    one_line
  done
  exits 1 "unknown flag --no-such-flag; \`ordeal $verb --help\`" "$ordeal" "$verb" --no-such-flag
  one_line
  exits 0 "usage: ordeal $verb" "$ordeal" help "$verb"
done
exits 0 'usage: ordeal minimise [--FLAG=VALUE ...] FILE' "$ordeal" --helpfull
exits 1 "no verb 'explian' (did you mean \"explain\"?); \`ordeal --help\`" "$ordeal" explian
one_line
exits 1 "did you mean" "$ordeal" help explian
exits 1 "explain: got 0 files, expected 1" "$ordeal" explain
exits 1 "explain: got 2 files, expected 1" "$ordeal" explain a b
exits 1 "replay: got --times, expected --times=N" "$ordeal" replay --times a
exits 1 "explain: got --all=1, expected --all" "$ordeal" explain --all=1 a
exits 1 "no verb: expected one of the above" "$ordeal"

exits 0 'usage: overnight [--FLAG=VALUE ...]' "$overnight" --help
(( $(grep -c '^  --' <<<"$said") == 10 )) || fail "expected ten flags, got: $said"
[[ $said == *$'\nexamples:\n  overnight --dryrun\n'* && $said == *$'\nexit: 0'* ]] || fail "no examples or exit codes: $said"
exits 0 'usage: overnight' "$overnight" --helpfull
without_text && fail "a flag of overnight without a text"
(( $(grep -c '^  --' <<<"$said") >= 40 )) || fail "expected all flags, got: $said"
exits 1 'did you mean "scenarios"' "$overnight" --scenarois=all
one_line

echo "$failures failures"
(( failures == 0 ))
