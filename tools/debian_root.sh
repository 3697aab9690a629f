# shellcheck shell=bash
# An empty Debian 12 root. Sourced after common.sh.

MIRROR=${TICKETSHOW_DEBIAN_MIRROR:-$(sed -nE 's/^(URIs:|deb(-src)?) (https?:[^ ]*debian) ?.*/\3/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)}

# make_debian_root ROOT: makes it when it is not there, and shows it this machine's ways out: mirrors, name service, certificates.
make_debian_root() {
  local root=$1
  [ "$(id -u)" = 0 ] || fail "a root of its own is made by root"
  command -v debootstrap >/dev/null || as_root apt-get install -y -q debootstrap
  if [ ! -e "$root/etc/debian_version" ]; then
    say "an empty Debian 12 in $root"
    debootstrap --variant=minbase bookworm "$root" "$MIRROR" >"$VAR/log/debootstrap.log"
  fi
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$root/etc/apt/"
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
}
