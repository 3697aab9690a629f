#!/usr/bin/env bash
# (none): install what is missing, build, start everything; Ctrl-C stops it
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/../common.sh"
# shellcheck source=tools/ports.sh
. "$ROOT/tools/ports.sh"

port=$(public_port)
log=$VAR/log/ticketshow.log
address=http://localhost:$port

# Only one at a time in this folder.
exec 9>"$VAR/run.lock"
flock -n 9 || fail "./run is going in this folder already (its log is var/log/ticketshow.log)"

refuse_taken "$port" TICKETSHOW_HTTP_PORT

# The local mailbox, unless the settings name a mail server.
mailbox_port=
if [ -z "${TICKETSHOW_MAIL_SMTP_URL:-}" ]; then
  smtp_port=$(free_port 1025)
  if [ -n "${TICKETSHOW_MAILBOX_PORT:-}" ]; then refuse_taken "$TICKETSHOW_MAILBOX_PORT" TICKETSHOW_MAILBOX_PORT; fi
  mailbox_port=${TICKETSHOW_MAILBOX_PORT:-$(free_port 1080)}
fi

# The card sandbox, unless the settings name an account at Dodo Payments.
sandbox_port=
if [ -z "${TICKETSHOW_DODO_API_KEY:-}" ]; then
  if [ -n "${TICKETSHOW_SANDBOX_PORT:-}" ]; then refuse_taken "$TICKETSHOW_SANDBOX_PORT" TICKETSHOW_SANDBOX_PORT; fi
  sandbox_port=${TICKETSHOW_SANDBOX_PORT:-$(free_port 8090)}
fi
unset TICKETSHOW_MAILBOX_PORT TICKETSHOW_SANDBOX_PORT # they are no settings of the platform

"$ROOT/tools/setup.sh" run
[ -n "${TICKETSHOW_BINARY:-}" ] || build release ticketshow
build_web

server=
mailbox=
sandbox=
postgres=
# stop_helper PID: ends what only the platform needs; nothing to do when there is none.
stop_helper() {
  if [ -n "$1" ] && kill -0 "$1" 2>/dev/null; then
    kill -TERM "$1" 2>/dev/null
    wait "$1"
  fi
}
finish() {
  trap - EXIT
  trap '' INT TERM HUP PIPE
  set +e # whatever happens, e.g. nobody reads what we say any more: all of it is stopped
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
    say "stopping: requests in work may end"
    kill -TERM "$server" 2>/dev/null
    wait "$server"
  fi
  stop_helper "$sandbox"
  stop_helper "$mailbox"
  if [ -n "$postgres" ]; then "$ROOT/tools/postgres.sh" stop "$VAR/postgres" 9>&-; fi
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# await NAME PID ADDRESS: until it answers. Its log is var/log/NAME.log.
await() {
  local name=$1 pid=$2 address=$3 _
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || { tail -n 5 "$VAR/log/$name.log" >&2 && fail "the $name ended right after its start; see var/log/$name.log"; }
    curl -fs --noproxy '*' -o /dev/null "$address" && return
    sleep 0.1
  done
  fail "the $name does not answer after 30 s; see var/log/$name.log"
}

# Both start while the database does.
mailbox_line="none of ours: mail goes to ${TICKETSHOW_MAIL_SMTP_URL:-}"
if [ -n "$mailbox_port" ]; then
  set -m
  setpriv --pdeathsig TERM -- "$ROOT/tools/mailbox.sh" "$smtp_port" "$mailbox_port" "$VAR/mail" >"$VAR/log/mailbox.log" 2>&1 9>&- &
  mailbox=$!
  set +m
  export TICKETSHOW_MAIL_SMTP_URL=smtp://127.0.0.1:$smtp_port TICKETSHOW_MAIL_TLS=none
  mailbox_line=http://localhost:$mailbox_port/
fi
sandbox_line="none of ours: cards go to ${TICKETSHOW_DODO_URL:-Dodo Payments}"
if [ -n "$sandbox_port" ]; then
  set -m
  setpriv --pdeathsig TERM -- "$ROOT/tools/sandbox.sh" --directory "$VAR/sandbox" --port "$sandbox_port" \
    --public-url "http://localhost:$sandbox_port" --webhook-url "http://127.0.0.1:$port/api/v1/payments/webhook" \
    >"$VAR/log/sandbox.log" 2>&1 9>&- &
  sandbox=$!
  set +m
  sandbox_line=http://localhost:$sandbox_port/
fi
export TICKETSHOW_MAIL_PUBLIC_URL=${TICKETSHOW_MAIL_PUBLIC_URL:-$address}

# One that a killed ./run left is taken over.
postgres=started
"$ROOT/tools/postgres.sh" start "$VAR/postgres" 9>&-

TICKETSHOW_DATABASE_URL=${TICKETSHOW_DATABASE_URL:-$("$ROOT/tools/postgres.sh" url "$VAR/postgres")}
export TICKETSHOW_DATABASE_URL
export TICKETSHOW_DATA_DIR=${TICKETSHOW_DATA_DIR:-$VAR/data}
export TICKETSHOW_DOCS_ASSETS=${TICKETSHOW_DOCS_ASSETS:-$ROOT/tools/node/node_modules/swagger-ui-dist}
export TICKETSHOW_HTTP_PORT=$port
export TICKETSHOW_WEB_ROOT=${TICKETSHOW_WEB_ROOT:-$ROOT/web/dist}

"$(binary)" migrate >"$VAR/log/migrate.log" 2>&1 || { tail -n 5 "$VAR/log/migrate.log" >&2 && fail "the database could not be brought up to date"; }
accounts=$("$(binary)" seed 2>"$VAR/log/seed.log") || { tail -n 5 "$VAR/log/seed.log" >&2 && fail "the sample data could not be loaded"; }

# The platform looks at its product there. The sandbox says how it is reached, and keeps the secrets.
if [ -n "$sandbox" ]; then
  await sandbox "$sandbox" "http://127.0.0.1:$sandbox_port/sandbox/health"
  set -a
  # shellcheck source=/dev/null
  . "$VAR/sandbox/platform.env"
  set +a
fi

# It only grows while the platform runs; the one before is kept.
if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt $((16 << 20)) ]; then mv -f "$log" "$log.1"; fi
log_began=$(stat -c %s "$log" 2>/dev/null || echo 0)
# Why it ended: the sentences that this run left among its log's lines, or else its last lines.
reason() {
  local said
  said=$(tail -c "+$((log_began + 1))" "$log")
  grep -v '^{' <<<"$said" | tail -n 5 | grep . || tail -n 5 <<<"$said"
}

# In a process group of its own, so that Ctrl-C reaches this script first and the platform drains. It drains too when this
# script is killed.
set -m
setpriv --pdeathsig TERM -- "$(binary)" serve >>"$log" 2>&1 9>&- &
server=$!
set +m
for _ in $(seq 300); do
  kill -0 "$server" 2>/dev/null || { reason >&2 && fail "the platform ended right after its start; see var/log/ticketshow.log"; }
  curl -fs --noproxy '*' -o /dev/null "http://127.0.0.1:$port/health/ready" && break
  sleep 0.1
done
curl -fs --noproxy '*' -o /dev/null "http://127.0.0.1:$port/health/ready" ||
  fail "the platform is not ready after 30 s; see var/log/ticketshow.log"
# Nobody needs it before there is mail.
if [ -n "$mailbox" ]; then await mailbox "$mailbox" "http://127.0.0.1:$mailbox_port/api/healthz"; fi

{
  printf '%s\t%s\n' metrics "$address/metrics" mailbox "$mailbox_line" 'card sandbox' "$sandbox_line" log var/log/ticketshow.log
  printf '%s\n' "$accounts"
} | "$ROOT/tools/table.sh" "$address"
code=0
wait "$server" || code=$?
server=
[ $code = 0 ] || { reason >&2 && fail "the platform ended with code $code; see var/log/ticketshow.log"; }
