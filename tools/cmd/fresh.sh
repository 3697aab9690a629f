#!/usr/bin/env bash
# fresh: prove in an empty Debian 12 root that a clone needs nothing but the README's two commands (--test runs ./test too)
# Needs root and debootstrap; takes a quarter of an hour, with --test an hour. The root is /var/tmp/ticketshow-fresh, or the argument
# of --root; it is kept for the next time with the packages in it unless --new is given.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=tools/debian_root.sh
. "$ROOT/tools/debian_root.sh"

root=/var/tmp/ticketshow-fresh
with_tests=
while [ $# -gt 0 ]; do
  case $1 in
    --test) with_tests=yes ;;
    --new) rm -rf --one-file-system "$root" ;;
    --root) shift && root=$1 ;;
    *) fail "usage: ./run fresh [--root FOLDER] [--new] [--test]" ;;
  esac
  shift
done
make_debian_root "$root"

rm -rf "$root/srv/ticketshow"
git clone -q "$ROOT" "$root/srv/ticketshow"

# All processes end with this one: they are in a process namespace of their own.
inside() { unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb bash -ec "$1"; }
mount_devices='mkdir -p /dev/shm && { mountpoint -q /dev/shm || mount -t tmpfs shm /dev/shm; }'

say "./run in it, then the README's booking"
# shellcheck disable=SC2016
inside "$mount_devices"'
set -m
cd /srv/ticketshow
TICKETSHOW_HTTP_PORT=8017 ./run >/srv/run.out 2>&1 &
for i in $(seq 1800); do grep -q "is ready" /srv/run.out && break; kill -0 $! || break; sleep 1; done
cat /srv/run.out
grep -q "is ready" /srv/run.out
apt-get install -y -q jq >/dev/null
sed -n "/^API=/,/^\`\`\`/p" README.md | sed "/^\`\`\`/d; s/:8000/:8017/" >/srv/booking.sh
bash -e /srv/booking.sh | tee /srv/booking.out
grep -q CONFIRMED /srv/booking.out && grep -q CANCELLED /srv/booking.out && grep -q REFUND /srv/booking.out
kill -TERM %1
wait %1 || true
echo "stopped; a second start:"
TICKETSHOW_HTTP_PORT=8017 timeout -s TERM 8 ./run >/srv/second.out 2>&1 || true
grep "is ready" /srv/second.out
'
if [ -n "$with_tests" ]; then
  say "./test in it"
  inside "$mount_devices; cd /srv/ticketshow; ./test"
fi
say "a clone needs nothing but its two commands"
