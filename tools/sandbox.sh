#!/usr/bin/env bash
# The card sandbox, in the foreground: tools/sandbox.sh --directory DIRECTORY [--port PORT] [--webhook-url URL]…, explained in
# sandbox/README.md. It runs on the Node of tools/node.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/common.sh"
exec "$(pinned_node)" --disable-warning=ExperimentalWarning "$ROOT/sandbox/main.ts" "$@"
