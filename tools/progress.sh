#!/usr/bin/env bash
# Shows a build's output as one moving line on a terminal, and every hundredth step elsewhere. Keeps nothing back of an error.
set -euo pipefail
if [ -t 2 ]; then
  awk '/^\[[0-9]+\/[0-9]+\]/ { printf "\r%-100.100s", $0 > "/dev/stderr"; next } { print > "/dev/stderr" }
       END { printf "\r%-100s\r", "" > "/dev/stderr" }'
else
  awk '/^\[[0-9]+\/[0-9]+\]/ { split($1, n, /[\[\/\]]/); if (n[2] % 20 == 0 || n[2] == n[3]) print > "/dev/stderr"; next }
       /error|FAILED|==>/ { print > "/dev/stderr" }'
fi
