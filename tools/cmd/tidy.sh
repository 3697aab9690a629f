#!/usr/bin/env bash
# tidy: clang-tidy over the sources (arguments: regular expressions of paths)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run test
build dev precompiled
cd "$ROOT"
mapfile -t files < <(git ls-files 'src/*.cpp' | grep -E "${1:-.}")
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/dev --quiet 2> >(grep -vE 'warnings (generated|treated)|Suppressed|Use -header-filter' >&2)
