#!/usr/bin/env bash
# logs: follow the platform's log
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec tail -n 50 -F "$VAR/log/ticketshow.log"
