#!/usr/bin/env bash
# check: read the database and report each invariant as kept or broken
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
TICKETSHOW_DATABASE_URL=${TICKETSHOW_DATABASE_URL:-$("$ROOT/tools/postgres.sh" url "$VAR/postgres")}
export TICKETSHOW_DATABASE_URL
exec "$(binary)" check "$@"
