#!/usr/bin/env bash
# stack: the same as processes of their own on PostgreSQL, Kafka, OpenSearch and S3; Ctrl-C stops it
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=tools/ports.sh
. "$ROOT/tools/ports.sh"
port=$(public_port)
exec 9>"$VAR/stack.lock"
flock -n 9 || fail "./run stack is going in this folder already (its logs are below var/stack/platform)"
"$ROOT/tools/setup.sh" run stack
[ -n "${TICKETSHOW_BINARY:-}" ] || build release ticketshow
build_web
cd "$ROOT"
python3 -m tests.stack.run stop "$VAR/stack/platform" # what a killed one left has the port
refuse_taken "$port" TICKETSHOW_HTTP_PORT
export no_proxy='*'
exec python3 -m tests.stack.run serve "$VAR/stack/platform" "$(binary)" "$port"
