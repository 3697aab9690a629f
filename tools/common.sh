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

# The Node that is pinned in tools/node.
pinned_node() {
  local found
  found=$(find "$ROOT/tools/node/node_modules/" -maxdepth 3 -path '*/node-linux-*/bin/node' | head -n 1)
  printf '%s' "${found:-node}"
}

# Shows what a build says from its first real step on: nothing when it only looks; on a terminal the steps as one moving line.
show_build() {
  local preset=$1 line announced='' wide=''
  [ ! -t 2 ] || wide=100
  while IFS= read -r line; do
    case $line in
      *'Re-checking globbed directories'* | *'Re-running CMake'* | '-- '* | 'ninja: no work to do.' | 'ninja: Entering directory'*) continue ;;
    esac
    if [ -z "$announced" ]; then
      say "building ($preset)"
      announced=yes
    fi
    if [ -n "$wide" ] && [[ $line =~ ^\[[0-9]+/[0-9]+\] ]]; then
      printf '\r%-*.*s' $wide $wide "$line" >&2
    else
      [ -z "$wide" ] || printf '\r%-*s\r' $wide '' >&2
      printf '%s\n' "$line" >&2
    fi
  done
  if [ -n "$wide" ] && [ -n "$announced" ]; then printf '\r%-*s\r' $wide '' >&2; fi
}

# build PRESET [TARGET…]: configures once, then builds with progress; silent when nothing is to do. Only the build itself can tell
# whether something is: which files there are, CMake looks up each time.
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
  (cd "$ROOT" && cmake --build --preset "$preset" ${1:+--target "$@"}) 2>&1 | show_build "$preset" ||
    fail "the preset $preset does not build"
}

# on_pinned_node COMMAND [ARGUMENT…]: with the pinned Node as `node`, where it is there already.
on_pinned_node() {
  local found
  found=$(pinned_node)
  if [ "$found" != node ]; then PATH=$(dirname "$found"):$PATH "$@"; else "$@"; fi
}

# web_tool COMMAND [ARGUMENT…]: a tool of web/, e.g. vite, in web/.
web_tool() {
  local name=$1
  shift
  (cd "$ROOT/web" && on_pinned_node "node_modules/.bin/$name" "$@")
}

# Builds the web app into web/dist when a file of it changed since; not when TICKETSHOW_WEB_ROOT names one that is built.
build_web() {
  [ -z "${TICKETSHOW_WEB_ROOT:-}" ] || return 0
  local built=$ROOT/web/dist/index.html changed
  if [ -f "$built" ]; then
    changed=$(cd "$ROOT/web" && find . -mindepth 1 \( -name node_modules -o -name dist -o -name tests \) -prune -o -newer "$built" -print -quit)
    if [ -z "$changed" ]; then return; fi
  fi
  say "building the web app"
  web_tool vite build --logLevel warn >"$VAR/log/web.log" 2>&1 || {
    tail -n 20 "$VAR/log/web.log" >&2
    fail "the web app does not build; the whole output is in var/log/web.log"
  }
}
