#!/usr/bin/env bash
# tidy: clang-tidy over the sources and tests (arguments: regular expressions of paths)
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
"$ROOT/tools/setup.sh" run test
build release
cd "$ROOT"
chosen=(-e .)
if [ $# -gt 0 ]; then chosen=("${@/#/-e}"); fi
mapfile -t files < <(git ls-files 'src/*.cpp' 'tests/*.cpp' | grep -E "${chosen[@]}")
[ ${#files[@]} -gt 0 ] || fail "no source file has a path like that"
exec python3 tools/tidy.py "${files[@]}"
