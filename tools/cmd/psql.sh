#!/usr/bin/env bash
# psql: a psql session on the database of ./run, as owner or as the service named first; psql's options follow
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
role=ticketshow_owner
case ${1:--} in
  -*) ;; # psql's own options
  *) role=ticketshow_$1 && shift ;;
esac
exec psql "$("$ROOT/tools/postgres.sh" url "$VAR/postgres")&user=$role" "$@"
