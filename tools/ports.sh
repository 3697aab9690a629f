# shellcheck shell=bash
# The ports that a command of ./run listens on. Sourced, after common.sh.

# The one that people come to.
public_port() {
  local port=${TICKETSHOW_HTTP_PORT:-8000}
  if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt 65535 ]; then
    fail "TICKETSHOW_HTTP_PORT must be a port, a number from 1 to 65535, not \"$port\""
  fi
  printf '%s' "$port"
}

# Who has a port: " by NAME (process N)", or nothing. Of other users' processes only root is told; nobody has to give a
# password for that.
holder() {
  local line
  line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1) || true
  case $line in
    *users:*) ;;
    *) line=$(sudo -n ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1) || true ;;
  esac
  sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ by \1 (process \2)/p' <<<"$line"
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# The first free port from this one on.
free_port() {
  local port=$1
  while taken "$port"; do port=$((port % 65535 + 1)); done
  printf '%s' "$port"
}
# refuse_taken PORT VARIABLE: ends with a sentence when somebody has the port that the variable chooses. A process that was
# just killed may have it for some moments more, when none is named any longer.
refuse_taken() {
  local moments=20 again=./run
  case $0 in */start.sh) ;; *) again+=" $(basename "$0" .sh)" ;; esac
  while taken "$1" && [ -z "$(holder "$1")" ] && [ $((moments -= 1)) -gt 0 ]; do sleep 0.1; done
  if taken "$1"; then fail "port $1 is taken$(holder "$1"); choose another with $2=$(free_port $(($1 % 65535 + 1))) $again"; fi
}
