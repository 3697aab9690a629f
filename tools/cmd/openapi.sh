#!/usr/bin/env bash
# openapi: write docs/openapi.json and the web app's client anew from the declared endpoints
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run
build release ticketshow
"$(binary)" openapi >"$ROOT/docs/openapi.json"
web_tool openapi-typescript ../docs/openapi.json -o src/api/schema.d.ts >/dev/null
