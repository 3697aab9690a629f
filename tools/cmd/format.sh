#!/usr/bin/env bash
# format: clang-format over the C++, biome over web/ (--check only looks)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run test
cd "$ROOT"
mode=(-i)
if [ "${1:-}" = --check ]; then mode=(--dry-run --Werror); fi
git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format-19 "${mode[@]}"

mode=(--write)
if [ "${1:-}" = --check ]; then mode=(); fi
web_tool biome check "${mode[@]}" .
