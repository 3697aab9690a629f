#!/usr/bin/env bash
# Says what is where when all is ready: tools/table.sh ADDRESS. On standard input come lines NAME<tab>WHERE for what is there besides,
# and those of `ticketshow seed`.
set -euo pipefail
awk -F '\t' -v address="$1" '
  function row(name, where) { printf "  %-18s %s\n", name, where }
  BEGIN {
    print "\n  Ticket Show is ready.\n"
    row("application", address "/")
    row("API documentation", address "/docs")
    row("OpenAPI document", address "/openapi.json")
    row("health", address "/health/ready")
  }
  $1 == "account" { accounts = accounts sprintf("    %-16s %-30s %s\n", tolower($2), $3, $4) }
  $1 != "account" && $1 != "sample data" { row($1, $2) }
  END {
    printf "\n  sample accounts    e-mail address                 password\n%s", accounts
    print "\n  Ctrl-C stops everything; all data stays in var/.\n"
  }'
