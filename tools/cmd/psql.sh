#!/usr/bin/env bash
# psql: a psql session on the database of ./run, with the owner's role or that of the service named
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
role=ticketshow_${1:-owner}
[ $# -eq 0 ] || shift
exec psql "$("$ROOT/tools/postgres.sh" url "$VAR/postgres")&user=$role" "$@"
