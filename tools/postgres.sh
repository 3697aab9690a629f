#!/usr/bin/env bash
# A private PostgreSQL cluster in a directory. Usage:
#   tools/postgres.sh start DIRECTORY [SETTING=VALUE…]   makes it when it is not there; prints nothing when it runs already
#   tools/postgres.sh stop DIRECTORY
#   tools/postgres.sh remove DIRECTORY                   stops it and deletes all it holds
#   tools/postgres.sh status DIRECTORY                   exit code 0 when it answers
#   tools/postgres.sh url DIRECTORY [DATABASE]           how libpq reaches it: a Unix socket that only this user and root may use
# PostgreSQL refuses to run as root: then it runs as the user postgres.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/common.sh"

umask 022 # PostgreSQL's user has to get to what root makes

SERVER=$(echo /usr/lib/postgresql/*/bin | tr ' ' '\n' | sort -V | tail -n 1)
OWNER=$(id -un)
if [ "$(id -u)" = 0 ]; then OWNER=postgres; fi

command=${1:-help}
directory=${2:-}
[ -n "$directory" ] || fail "usage: tools/postgres.sh start|stop|remove|status|url DIRECTORY"
shift 2
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
hash=$(printf '%s' "$directory" | cksum | cut -d ' ' -f 1)

as_owner() {
  if [ "$OWNER" = "$(id -un)" ]; then
    (cd / && "$@")
  else
    (cd / && setpriv --reuid="$OWNER" --regid="$OWNER" --init-groups -- env HOME=/ PATH="$PATH" "$@")
  fi
}

# Where the data is: in the directory itself, or, when its user cannot get there (a clone below /root), in /var/lib.
data_directory() {
  if [ -L "$directory/data" ]; then
    readlink "$directory/data"
  elif as_owner test -x "$directory"; then
    printf '%s' "$directory/data"
  else
    printf '/var/lib/ticketshow-%s/data' "$hash"
  fi
}

# Where the socket is. Its path may have 107 bytes at most, connection strings name it, and its directory must be this
# cluster's alone.
socket_directory() {
  local near
  near=$(dirname "$data")/run
  if [ ${#near} -le 80 ] && [[ $near =~ ^[A-Za-z0-9/._-]+$ ]]; then
    printf '%s' "$near"
  else
    printf '/tmp/ticketshow-%s-%s' "$(id -u)" "$hash"
  fi
}

data=$(data_directory)
socket=$(socket_directory)

# The process id of the postmaster that runs here; nothing when none does. After a crash postmaster.pid is still there,
# and the process id in it may be anybody's by now.
postmaster() {
  local pid
  pid=$(as_owner head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 0
  if as_owner test "/proc/$pid/cwd" -ef "$data"; then printf '%s' "$pid"; fi
}

answers() { "$SERVER/pg_isready" -q -h "$socket"; }

# Waits up to a minute for a condition.
wait_until() {
  local _
  for _ in $(seq 600); do
    if "$@"; then return; fi
    sleep 0.1
  done
  return 1
}

# A directory in /tmp that somebody else made before us is not to be trusted.
make_private() {
  local place=$1
  mkdir -p "$place"
  if [ "$(id -u)" = 0 ] && [ ! -L "$place" ] && [ "$(stat -c %u "$place")" = 0 ]; then chown "$OWNER:" "$place"; fi
  if [ -L "$place" ] || [ "$(stat -c %U "$place")" != "$OWNER" ]; then fail "$place belongs to somebody else; remove it"; fi
  chmod 700 "$place"
}

# Made under another name, so that one that was interrupted is not taken for a cluster.
create() {
  local making=$data.making
  say "making a PostgreSQL cluster in ${directory#"$ROOT"/}"
  mkdir -p "$(dirname "$data")" "$VAR/log"
  rm -rf "$making"
  make_private "$making"
  local log=$VAR/log/initdb.log
  if ! as_owner "$SERVER/initdb" -D "$making" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null 2>"$log"; then
    tail -n 15 "$log" >&2 || true
    fail "initdb failed; the whole output is in var/log/initdb.log"
  fi
  as_owner tee -a "$making/postgresql.conf" <"$ROOT/tools/postgresql.conf" >/dev/null
  mv -T "$making" "$data" || fail "$data is there, but is no PostgreSQL cluster; remove it"
  [ "$data" = "$directory/data" ] || ln -sfn "$data" "$directory/data"
}

nobody_in_data() {
  # shellcheck disable=SC2016 # for the inner shell
  ! as_owner sh -c 'for each in /proc/[0-9]*/cwd; do [ "$each" -ef "$1" ] && exit; done; exit 1' sh "$data" 2>/dev/null
}

# After a crash: PostgreSQL's processes notice one after another that their postmaster is gone. Then nobody holds the lock
# files, which would keep the next one from starting if their process id is somebody else's by now.
clear_locks() {
  if ! as_owner test -e "$data/postmaster.pid" && ! as_owner test -e "$socket/.s.PGSQL.5432.lock"; then return; fi
  wait_until nobody_in_data || fail "processes of an earlier PostgreSQL still work in $data; end them first"
  as_owner rm -f "$data/postmaster.pid" "$socket/.s.PGSQL.5432.lock"
}

start() {
  local belongs_to=$OWNER
  if [ -e "$data" ]; then belongs_to=$(stat -c %U "$data"); fi
  [ "$belongs_to" = "$OWNER" ] || fail "$data belongs to $belongs_to; run as that user, or begin anew with ./run reset"
  make_private "$socket"
  as_owner test -f "$data/PG_VERSION" || create
  if [ -z "$(postmaster)" ]; then
    clear_locks
    local options="-c unix_socket_directories='$socket'" setting
    for setting in "$@"; do options+=" -c $setting"; done
    # A Ctrl-C waits until it can be stopped again.
    if ! (trap '' INT && as_owner "$SERVER/pg_ctl" start -s -w -t 60 -D "$data" -l "$data/server.log" -o "$options") \
      >/dev/null 2>&1; then
      as_owner tail -n 15 "$data/server.log" >&2 || true
      fail "PostgreSQL did not start; its log is $data/server.log"
    fi
  elif ! wait_until answers; then
    fail "PostgreSQL runs (process $(postmaster)) but does not answer; its log is $data/server.log"
  fi
  # The role that owns the platform's schemas, and its database.
  psql "postgresql:///postgres?host=$socket&user=postgres" -Xq -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
SELECT 'CREATE ROLE ticketshow_owner LOGIN CREATEROLE'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ticketshow_owner') \gexec
SELECT 'CREATE DATABASE ticketshow OWNER ticketshow_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ticketshow') \gexec
SQL
}

stop() {
  if [ -n "$(postmaster)" ]; then
    as_owner "$SERVER/pg_ctl" stop -s -m fast -w -t 60 -D "$data" >/dev/null 2>&1 || [ -z "$(postmaster)" ] ||
      fail "PostgreSQL (process $(postmaster)) did not stop within a minute; its log is $data/server.log"
  fi
  case $socket in /tmp/ticketshow-*) rmdir "$socket" 2>/dev/null || true ;; esac
}

remove() {
  stop
  rm -rf "$data" "$data.making" "$socket"
  [ "$data" = "$directory/data" ] || rmdir "$(dirname "$data")"
  rm -rf "$directory"
}

case $command in
  start) start "$@" ;;
  stop) stop ;;
  remove) remove ;;
  status) [ -n "$(postmaster)" ] && answers ;;
  url) printf 'postgresql:///%s?host=%s\n' "${1:-ticketshow}" "$socket" ;;
  *) fail "usage: tools/postgres.sh start|stop|remove|status|url DIRECTORY" ;;
esac
