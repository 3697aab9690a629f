#!/usr/bin/env bash
# reset: delete all data under var/ (--yes does not ask)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec 9>"$VAR/run.lock"
flock -n 9 || fail "./run is going in this folder; stop it first with Ctrl-C"
exec 8>"$VAR/stack.lock"
flock -n 8 || fail "./run stack is going in this folder; stop it first with Ctrl-C"
if [ "${1:-}" != --yes ]; then
  read -r -p "Delete every account, booking and payment under $VAR? Type yes: " answer
  [ "$answer" = yes ] || fail "nothing was deleted"
fi
"$ROOT/tools/postgres.sh" remove "$VAR/postgres"
[ ! -d "$VAR/stack/platform" ] || "$ROOT/tools/postgres.sh" remove "$VAR/stack/platform/postgres"
rm -rf "${VAR:?}/data" "${VAR:?}/sandbox" "${VAR:?}/stack/platform"
say "all data is gone; ./run begins anew"
