#!/usr/bin/env bash
# The local mailbox, in the foreground: tools/mailbox.sh SMTP_PORT WEB_PORT DIRECTORY. Every mail sent to it is kept, up to some
# thousand, and none goes further. It runs on the Node of tools/node.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/common.sh"
modules=$ROOT/tools/node/node_modules
mkdir -p "$3"
exec "$(pinned_node)" "$modules/maildev/dist/bin/maildev.js" --ip 127.0.0.1 --smtp "$1" --web-ip 127.0.0.1 --web "$2" \
  --mail-directory "$3" --max-emails 5000 --silent
