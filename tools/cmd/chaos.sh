#!/usr/bin/env bash
# chaos: hundreds of users while everything fails, then a check of every promise (--minutes N --seed S)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
exec 9>"$VAR/chaos.lock"
flock -n 9 || fail "./run chaos is going in this folder already"
"$ROOT/tools/setup.sh" run stack
[ -n "${TICKETSHOW_BINARY:-}" ] || build release ticketshow
TICKETSHOW_BINARY=$(binary)
export TICKETSHOW_BINARY no_proxy='*'
cd "$ROOT"
exec python3 -m tests.chaos.run "$@"
