#!/usr/bin/env bash
# Installs what is missing. Usage: tools/setup.sh GROUP… with the groups of tools/packages.txt. Takes a tenth of a second when
# everything is there.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/common.sh"

missing_packages() {
  local group package rest
  while read -r group package rest; do
    case " $* " in *" $group "*) printf '%s\n' "$package" ;; esac
  done <"$ROOT/tools/packages.txt" | sort -u |
    while read -r package; do
      # Node may be there from elsewhere, under Debian's command names but not as Debian's packages.
      command -v "$package" >/dev/null ||
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# Debian starts a PostgreSQL and an nginx of its own when their packages are installed; we want neither.
install_packages() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "only root can install what is missing: $*; do it, or run this once as root"
  fi
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    made=yes
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT # should it be interrupted
  fi
  say "installing $# Debian packages: $*"
  local log=$VAR/log/apt.log outcome=0
  { as_root apt-get update -q &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      -o Dpkg::Options::=--force-confold "$@"; } 2>&1 | tee "$log" | awk '/^(Unpacking|Setting up)/ {
        printf "\r%-78.78s", $0 > "/dev/stderr" } END { printf "\r%-78s\r", "" > "/dev/stderr" }' || outcome=1
  if [ -n "$made" ]; then
    as_root rm -f $policy
    trap - EXIT
  fi
  if [ $outcome != 0 ]; then
    tail -n 15 "$log" >&2
    fail "the packages could not be installed; the whole output is in var/log/apt.log"
  fi
}

# install_node_packages PLACE WHAT: what PLACE/package-lock.json pins, from npm. No package's install script runs.
install_node_packages() {
  local place=$ROOT/$1 what=$2
  local stamp=$place/node_modules/.installed
  cmp -s "$place/package-lock.json" "$stamp" && return
  say "installing $what from npm into $1"
  if ! (cd "$place" && on_pinned_node npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
    >"$VAR/log/npm.log" 2>&1; then
    tail -n 15 "$VAR/log/npm.log" >&2
    fail "npm could not install $1; the whole output is in var/log/npm.log"
  fi
  cp "$place/package-lock.json" "$stamp"
}

mkdir -p "$VAR/log"
if ! grep -q '^VERSION_ID="12"' /etc/os-release 2>/dev/null; then
  say "this is not Debian 12; the packages may have other names here"
fi
mapfile -t missing < <(missing_packages "$@")
if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi
install_node_packages tools/node "Node and Swagger UI"
install_node_packages web "what the web app is made of"
