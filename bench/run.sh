#!/usr/bin/env bash
# Called by ./run bench when PostgreSQL runs: TICKETSHOW_TEST_DATABASE_URL names a durable throw-away cluster, TICKETSHOW_BINARY the
# release build. Arguments go to bench.py.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 bench/bench.py "$@"
