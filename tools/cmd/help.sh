#!/usr/bin/env bash
# help: this list
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"

# The second line of each command's file says what it does.
printf 'Usage: ./run [COMMAND]\n\n'
for file in "$ROOT"/tools/cmd/*.sh; do
  line=$(sed -n '2s/^# //p' "$file")
  printf '  %-12s %s\n' "${line%%:*}" "${line#*: }"
done
printf '\n  ./test       set up and run every suite; ./test --list names them\n'
