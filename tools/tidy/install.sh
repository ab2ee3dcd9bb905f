#!/bin/bash
# install.sh [clang-format] [clang-tidy] [buildifier]: gets these, or without arguments all three: what tools/tidy needs
# beyond the build's own needs.
#
# The first two are Debian's packages, of version 19 (as root); the last is an npm package: only where there is npm, into
# ~/.cache/ordeal. What is here already is left alone. Bazel looks for them when it starts, so a running one is stopped.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ordeal

get_package() {
  command -v "$1" >/dev/null && return
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update
  apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$1"
}

get_buildifier() {
  if [[ -x $cache/buildifier ]] || command -v buildifier >/dev/null; then
    return
  elif ! command -v npm >/dev/null; then
    echo "install.sh: no npm, so no buildifier: //tools/tidy:buildifier_test will be skipped" >&2
    return
  fi
  mkdir -p "$cache/npm"
  npm install --prefix "$cache/npm" --ignore-scripts --no-audit --no-fund @bazel/buildifier@8.2.1
  ln -sf npm/node_modules/.bin/buildifier "$cache/buildifier"
}

(( $# )) || set -- clang-format clang-tidy buildifier
for tool in "$@"; do
  case $tool in
    clang-format|clang-tidy) get_package "$tool-19" ;;
    buildifier) get_buildifier ;;
    *) echo "install.sh: got $tool, expected clang-format, clang-tidy or buildifier" >&2; exit 1 ;;
  esac
done
if command -v bazel >/dev/null; then
  tools/bazel shutdown
fi
