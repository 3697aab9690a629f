#!/usr/bin/env bash
# reset: delete all data under var/ (--yes does not ask)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec 9>"$VAR/run.lock"
flock -n 9 || fail "./run is going in this folder; stop it first with Ctrl-C"
if [ "${1:-}" != --yes ]; then
  read -r -p "Delete every account, booking and payment under $VAR? Type yes: " answer
  [ "$answer" = yes ] || fail "nothing was deleted"
fi
"$ROOT/tools/postgres.sh" remove "$VAR/postgres"
rm -rf "${VAR:?}/data" "${VAR:?}/sandbox"
say "all data is gone; ./run begins anew"
