# shellcheck shell=bash
# What all commands share: where things are, how to speak to the user, how to become root or PostgreSQL's user. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR=$ROOT/var
export ROOT VAR

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
  printf 'ticketshow: %s\n' "$*" >&2
  exit 1
}

# Runs a command as root: directly, or with sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root: run it as root, or install sudo ($*)"
  fi
}

# The release binary, or the one that TICKETSHOW_BINARY names: then ./run builds none and needs no compiler.
binary() { printf '%s' "${TICKETSHOW_BINARY:-$ROOT/build/release/ticketshow}"; }

# build PRESET [TARGET…]: configures once, then builds with progress; silent when nothing is to do.
build() {
  local preset=$1
  shift
  # A stale cache of another path (a moved clone) cannot be used.
  if [ -f "$ROOT/build/$preset/CMakeCache.txt" ] &&
    ! grep -Fxq "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$ROOT/build/$preset/CMakeCache.txt"; then
    rm -rf "${ROOT:?}/build/$preset"
  fi
  if [ ! -f "$ROOT/build/$preset/build.ninja" ]; then
    (cd "$ROOT" && cmake --preset "$preset" >"$VAR/log/cmake-$preset.log" 2>&1) || {
      tail -n 20 "$VAR/log/cmake-$preset.log" >&2
      fail "CMake could not configure the preset $preset; the whole output is in var/log/cmake-$preset.log"
    }
  fi
  if ninja -C "$ROOT/build/$preset" -n "$@" | grep -q 'no work to do'; then return; fi
  say "building ($preset)"
  (cd "$ROOT" && cmake --build --preset "$preset" ${1:+--target "$@"}) >&2 || fail "the preset $preset does not build"
}
