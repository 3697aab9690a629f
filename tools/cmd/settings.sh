#!/usr/bin/env bash
# settings: write docs/configuration.md anew from the declared settings
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run
build release ticketshow
"$(binary)" settings >"$ROOT/docs/configuration.md"
