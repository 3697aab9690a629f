#!/usr/bin/env bash
# sim: simulate customers against the running ./run (--users N --seconds S --seed N), then check
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run sim
url=http://localhost:${TICKETSHOW_HTTP_PORT:-8000}
case " $* " in
  *' -h '* | *' --help '*) ;;
  *)
    curl -fs --noproxy '*' -o /dev/null "$url/health/ready" ||
      fail "no platform is ready at $url; start ./run in another terminal first"
    ;;
esac
TICKETSHOW_DATABASE_URL=${TICKETSHOW_DATABASE_URL:-$("$ROOT/tools/postgres.sh" url "$VAR/postgres")}
export TICKETSHOW_DATABASE_URL
export TICKETSHOW_DATA_DIR=${TICKETSHOW_DATA_DIR:-$VAR/data}
export TICKETSHOW_LOG_LEVEL=warning # of the commands it runs
export no_proxy='*'
exec python3 "$ROOT/tools/sim.py" --url "$url" --binary "$(binary)" "$@"
