#!/bin/bash
# clang_tidy.sh [FILES | --changed-since REV]: what clang-tidy says of these sources, by the rules of .clang-tidy.
#
# Without arguments all that is not a test; --changed-since: those .cc files that differ from REV, and the .cc of each header
# that does. It takes some ten seconds of a core a file, and a source file's headers are looked at with it: so it is no test
# of every build. Exits 1 when it says something, and 2 when it cannot run.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2

tool=$(command -v clang-tidy-19) || { echo "clang_tidy.sh: no clang-tidy-19: tools/tidy/install.sh" >&2; exit 2; }

# A header is looked at with the source beside it; one that has none, with any source that includes it.
source_of() {
  local file=$1
  case $file in
    *.cc) [[ -f $file ]] && echo "$file" ;;
    *.h)
      if [[ -f ${file%.h}.cc ]]; then
        echo "${file%.h}.cc"
      else
        grep -rl --include='*.cc' -F "#include \"$file\"" . | sed 's|^\./||' | grep -v _test | head -n 1
      fi ;;
  esac
}

case ${1:-} in
  --changed-since)
    [[ $# == 2 ]] || { echo "usage: clang_tidy.sh [FILES | --changed-since REV]" >&2; exit 2; }
    changed=$(git diff --name-only --diff-filter=d "$2") || exit 2
    files=$(for file in $changed; do source_of "$file"; done | sort -u) ;;
  -*) echo "usage: clang_tidy.sh [FILES | --changed-since REV]" >&2; exit 2 ;;
  '') files=$(git ls-files '*.cc' | grep -vE '_(test|testing|benchmark)\.cc$|^tools/stubs/') ;;
  *) files=$(for file in "$@"; do source_of "$file"; done | sort -u) ;;
esac
[[ -n $files ]] || { echo "clang_tidy.sh: no C++ file to look at"; exit 0; }

# As in tools/toolchain: the standard, and the instructions that double words need.
flags=(-std=c++20 -I.)
[[ $(uname -m) == x86_64 ]] && flags+=(-march=x86-64-v2)

said=$(mktemp)
trap 'rm -f "$said"' EXIT
# shellcheck disable=SC2086 # one word a file
printf '%s\n' $files | xargs -P "$(nproc)" -I{} "$tool" --quiet --warnings-as-errors='*' {} -- "${flags[@]}" 2>/dev/null | tee "$said"
if [[ ${PIPESTATUS[1]} == 0 ]]; then
  echo "clang_tidy.sh: $(wc -w <<<"$files") files, nothing to say"
  exit 0
fi
echo "clang_tidy.sh: $(wc -w <<<"$files") files, $(grep -cE '(warning|error): ' "$said") complaints"
exit 1
