#!/bin/bash
# install.sh: gets what tools/tidy needs beyond the build's own needs: clang-format-19, clang-tidy-19 and buildifier.
#
# The first two are Debian's packages (as root), the last is an npm package: only where there is npm, into ~/.cache/ordeal.
# What is here already is left alone. Bazel asks again which of them there are when it starts: so it is stopped in the end.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ordeal

packages=()
for tool in clang-format-19 clang-tidy-19; do
  command -v "$tool" >/dev/null || packages+=("$tool")
done
if (( ${#packages[@]} )); then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update
  apt-get -q -y --no-install-recommends install "${packages[@]}"
fi

if [[ -x $cache/buildifier ]] || command -v buildifier >/dev/null; then
  :
elif command -v npm >/dev/null; then
  mkdir -p "$cache/npm"
  npm install --prefix "$cache/npm" --ignore-scripts --no-audit --no-fund @bazel/buildifier@8.2.1
  ln -sf npm/node_modules/.bin/buildifier "$cache/buildifier"
else
  echo "install.sh: no npm, so no buildifier: //tools/tidy:buildifier_test will be skipped" >&2
fi
tools/bazel shutdown
