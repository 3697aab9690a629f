#!/usr/bin/env bash
# on-stack: a command of ticketshow on what ./run stack runs, such as check or wallet credit; psql SERVICE is a session on its database
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=tools/ports.sh
. "$ROOT/tools/ports.sh"
port=$(public_port)
cd "$ROOT"
exec python3 -m tests.stack.run on "$VAR/stack/platform" "$(binary)" "$port" "$@"
