#!/usr/bin/env bash
# stop: stop what a killed ./run or ./run stack left: the private PostgreSQL, the processes of the stack
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec 9>"$VAR/run.lock"
flock -n 9 || fail "./run is going in this folder; stop it there with Ctrl-C"
"$ROOT/tools/postgres.sh" stop "$VAR/postgres"
if [ -d "$VAR/stack/platform" ]; then
  exec 8>"$VAR/stack.lock"
  flock -n 8 || fail "./run stack is going in this folder; stop it there with Ctrl-C"
  cd "$ROOT"
  python3 -m tests.stack.run stop "$VAR/stack/platform"
fi
