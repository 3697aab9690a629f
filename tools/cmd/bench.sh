#!/usr/bin/env bash
# bench: measure beside pgbench and nginx (--help for its options)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run bench
build release ticketshow
build_web
cluster=$VAR/bench/postgres
trap '"$ROOT/tools/postgres.sh" stop "$cluster"' EXIT
"$ROOT/tools/postgres.sh" start "$cluster"
TICKETSHOW_TEST_DATABASE_URL="$("$ROOT/tools/postgres.sh" url "$cluster" postgres)&user=postgres"
export TICKETSHOW_TEST_DATABASE_URL
TICKETSHOW_BINARY=$(binary)
export TICKETSHOW_BINARY
"$ROOT/bench/run.sh" "$@"
