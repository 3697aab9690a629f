#!/usr/bin/env bash
# image: prove in an empty Debian 12 root that the container image lacks nothing, by running in it what compose.yaml does
# Needs root and debootstrap; takes some minutes, the first time a quarter of an hour. The root is /var/tmp/ticketshow-image, kept for
# the next time unless --new is given.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=tools/debian_root.sh
. "$ROOT/tools/debian_root.sh"

root=/var/tmp/ticketshow-image
case ${1:-} in
  '') ;;
  --new) rm -rf --one-file-system "$root" ;;
  *) fail "usage: ./run image [--new]" ;;
esac
"$ROOT/tools/setup.sh" run test
[ -n "${TICKETSHOW_BINARY:-}" ] || build release ticketshow
build_web
make_debian_root "$root"

cd "$ROOT"
TICKETSHOW_BINARY=$(binary)
export TICKETSHOW_BINARY
say "what deploy/Dockerfile says, in $root"
python3 -m tests.deploy.image "$root" >"$VAR/log/image.log" 2>&1 || { tail -n 15 "$VAR/log/image.log" >&2 && fail "the image's instructions fail; see var/log/image.log"; }
say "what deploy/compose.yaml runs, in it"
python3 -m tests.deploy.rehearsal --fetch
# All processes end with this one, and its ports are nobody else's: the servers have those that compose.yaml names.
unshare --mount --net --pid --fork --kill-child --mount-proc python3 -m tests.deploy.rehearsal "$root"
say "the image lacks nothing"
