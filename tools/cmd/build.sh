#!/usr/bin/env bash
# build: the release build and the web app, nothing started
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run
build release "$@"
build_web
