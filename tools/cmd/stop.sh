#!/usr/bin/env bash
# stop: stop the private PostgreSQL, should a killed ./run have left it
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec 9>"$VAR/run.lock"
flock -n 9 || fail "./run is going in this folder; stop it there with Ctrl-C"
"$ROOT/tools/postgres.sh" stop "$VAR/postgres"
