#!/usr/bin/env bash
# screenshots: take the pictures of docs/screenshots anew
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
TICKETSHOW_SCREENSHOTS=$ROOT/docs/screenshots "$ROOT/test" web-flows
