#!/usr/bin/env bash
# web: the web app's development server, in front of a ./run that is going
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run
export TICKETSHOW_SERVER=${TICKETSHOW_SERVER:-http://127.0.0.1:${TICKETSHOW_HTTP_PORT:-8000}}
say "pages come from web/src as it is, everything else from $TICKETSHOW_SERVER"
web_tool vite "$@"
