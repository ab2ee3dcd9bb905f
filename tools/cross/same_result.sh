#!/bin/bash
# tools/cross/same_result.sh aarch64|ppc64le: does the corpus say the same there as here? Compares hashes of every reproducer's first execution and of
# its whole explanation: accesses, values, counts of executions, cures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$(tools/bazel run --noshow_progress //corpus:fingerprints)
there=$(tools/bazel run --noshow_progress --config="${1:?expected aarch64 or ppc64le}" //corpus:fingerprints)
[[ -n $here ]] || { echo "tools/cross/same_result.sh: error: //corpus:fingerprints printed nothing" >&2; exit 1; }
if ! diff <(echo "$here") <(echo "$there"); then
  echo "tools/cross/same_result.sh: error: $1 gives other results than $(uname -m)" >&2
  exit 1
fi
echo "$(wc -l <<<"$here") reproducers say the same on $1 as on $(uname -m)"
