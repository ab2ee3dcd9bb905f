# shellcheck shell=bash
# How are Debian's packages fetched without the system's apt and dpkg learning of it? By an apt with a state of its own. To be sourced.
#
# The mirrors, proxies and keys are those that this machine's own apt uses; its hooks, lists and caches are not. Root is not needed.

say() { printf '%s: %s\n' "$0" "$*" >&2; }
die() { say "error: $*"; exit 1; }

for command in apt-get dpkg-deb flock realpath; do
  command -v "$command" >/dev/null || die "the command $command not found: packages are fetched on Debian alone (elsewhere make the same tree yourself)"
done
cache=${XDG_CACHE_HOME:-${HOME:?expected HOME or XDG_CACHE_HOME in the environment}/.cache}/ordeal
# What is built runs against libraries of the release that this machine runs: pkg-config is asked here, and must speak of the same versions.
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[[ -n $release ]] || die "/etc/os-release names no VERSION_CODENAME: which release's packages?"

# open_private_apt SUITE ARCH DIR: makes an apt in DIR and gets its lists. From then on apt-get and apt-cache here are that one.
open_private_apt() {
  local suite=$1 arch=$2 dir=$3 keyring=/usr/share/keyrings/debian-archive-keyring.gpg option=
  mkdir -p "$dir"/{lists,archives}/partial "$dir/nothing"
  : >"$dir/status"
  [[ -r $keyring ]] && option="[signed-by=$keyring] "
  # The release's main suite alone, not its updates: a half-mirrored update must not stop a build.
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$release" -v suite="$suite" -v option="$option" \
      '$2 == release && $3 == "main" { print "deb " option $1 " " suite " main" }' | sort -u >"$dir/sources.list"
  [[ -s $dir/sources.list ]] || die "no source of '$release main' in /etc/apt/sources.list or /etc/apt/sources.list.d"
  {
    apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv|Check-)' || true
    cat <<END
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Dir::State::lists "$dir/lists";
Dir::State::status "$dir/status";
Dir::State::extended_states "$dir/extended_states";
Dir::Cache "$dir";
Dir::Cache::archives "$dir/archives";
Dir::Etc::main "-";
Dir::Etc::parts "$dir/nothing";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::Log "$dir";
END
  } >"$dir/apt.conf"
  export APT_CONFIG=$dir/apt.conf DEBIAN_FRONTEND=noninteractive
  run_quietly apt-get -q update
}

# Its output matters only if it fails.
run_quietly() {
  local log
  log=$(mktemp)
  if ! "$@" </dev/null >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "failed: $*"
  fi
  rm -f "$log"
}
