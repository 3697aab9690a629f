#!/usr/bin/env bash
# The suites of ./test: what they run, how their cases are counted.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "$0")/common.sh"

SUITES=(format scripts sandbox web unit-release unit-asan unit-tsan setup deploy e2e stack chaos web-flows tidy)
# The end-to-end tests that the suite stack runs too, on many processes. The others look into one process, or have platforms of their own.
STACK_E2E=(tests/e2e/test_{administration,card_story,cards,defects,live_seats,mail,playing,tickets}.py)
describe() {
  case $1 in
    format) echo "clang-format and biome have nothing to change" ;;
    scripts) echo "shellcheck finds nothing in the scripts" ;;
    sandbox) echo "the card sandbox against the official SDK" ;;
    web) echo "the web app: types, units, its client as generated" ;;
    unit-release) echo "the C++ tests and the structure, release build" ;;
    unit-asan) echo "the C++ tests under the address and undefined behaviour sanitizers" ;;
    unit-tsan) echo "the C++ tests under the thread sanitizer" ;;
    setup) echo "the scripts: start, stop, bad surroundings" ;;
    deploy) echo "containers, alerts, dashboard, back-up: as they say" ;;
    e2e) echo "the real binary over HTTP: flows, defects, security, crashes" ;;
    stack) echo "every service a process of its own on real servers: flows, replicas that come and go, roles" ;;
    chaos) echo "three minutes in which everything fails, and no promise is broken" ;;
    web-flows) echo "the web app in Chromium against the real binary" ;;
    tidy) echo "clang-tidy finds nothing" ;;
  esac
}

passed=0
failed=0
skipped=0
failures=()

# A suite that is one case.
one_case() {
  local name=$1
  shift
  if "$@" >"$VAR/test/$name.log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$name")
    tail -n 30 "$VAR/test/$name.log" >&2
  fi
}

# Adds up the cases of a JUnit file and names what failed or was skipped. A suite that left none counts as failed.
count_junit() {
  local name=$1 file=$2 counts
  if ! counts=$(python3 "$ROOT/tools/junit.py" "$file"); then
    failed=$((failed + 1))
    failures+=("$name: the suite did not run; see var/test/$name.log")
    tail -n 30 "$VAR/test/$name.log" >&2
    return
  fi
  local p f s line
  read -r p f s < <(head -n 1 <<<"$counts")
  passed=$((passed + p))
  failed=$((failed + f))
  skipped=$((skipped + s))
  while read -r line; do
    [ -z "$line" ] || failures+=("$name: $line")
  done < <(tail -n +2 <<<"$counts")
}

unit() {
  local preset=$1 name=unit-$1 file=$VAR/test/unit-$1.xml
  rm -f "$file"
  if ! build "$preset" 2>&1 | tee "$VAR/test/$name-build.log" | tools/progress.sh; then
    failed=$((failed + 1))
    failures+=("$name: it does not build")
    grep -E 'error|FAILED' "$VAR/test/$name-build.log" | head -n 30 >&2
    return
  fi
  (cd "$ROOT" && ctest --test-dir "build/$preset" -j "$(nproc)" --output-junit "$file" --output-on-failure) \
    >"$VAR/test/$name.log" 2>&1 || true
  count_junit "$name" "$file"
}

# pytest_suite NAME [FILE…]: what is in tests/NAME, and these.
pytest_suite() {
  local name=$1 file=$VAR/test/$1.xml
  shift
  rm -f "$file"
  (cd "$ROOT" && python3 -m pytest -q -p no:cacheprovider "tests/$name" "$@" --junitxml "$file") >"$VAR/test/$name.log" 2>&1 || true
  count_junit "$name" "$file"
}

node_suite() {
  local name=$1 file=$VAR/test/$1.xml
  rm -f "$file"
  timeout 300 "$(pinned_node)" --test --test-reporter=junit --test-reporter-destination="$file" \
    --test-reporter=spec --test-reporter-destination=stdout "$ROOT/tests/$name"/*.test.ts >"$VAR/test/$name.log" 2>&1 || true
  count_junit "$name" "$file"
}

# The client that is generated from the API's document is committed; here it is made again.
web_client_is_current() {
  web_tool openapi-typescript ../docs/openapi.json -o "$VAR/test/schema.d.ts" && diff "$ROOT/web/src/api/schema.d.ts" "$VAR/test/schema.d.ts"
}

# vitest_suite NAME [ARGUMENT…]
vitest_suite() {
  local name=$1 file=$VAR/test/$1.xml
  shift
  rm -f "$file"
  web_tool vitest run "$@" --reporter=default --reporter=junit --outputFile="$file" >"$VAR/test/$name.log" 2>&1 || true
  count_junit "$name" "$file"
}

web_suite() {
  one_case web-types web_tool tsc --noEmit
  one_case web-client web_client_is_current
  vitest_suite web
}

# The checker against planted violations, then a run of a fresh seed.
chaos_suite() {
  local seed=$((RANDOM * 32768 + RANDOM))
  pytest_suite chaos
  say "chaos: seed $seed"
  one_case chaos-run python3 -m tests.chaos.run --minutes 3 --seed "$seed" --directory "$VAR/test/chaos"
  grep -E '^(all|seed) ' "$VAR/test/chaos-run.log" || true
}

run_suite() {
  case $1 in
    format) one_case format "$ROOT/tools/cmd/format.sh" --check ;;
    scripts) one_case scripts shellcheck -x -P "$ROOT/tools" "$ROOT/run" "$ROOT/test" "$ROOT/.ci/run" "$ROOT"/tools/*.sh "$ROOT"/tools/cmd/*.sh "$ROOT/bench/run.sh" "$ROOT/deploy/postgres/databases.sh" ;;
    sandbox) node_suite sandbox ;;
    web) web_suite ;;
    unit-*) unit "${1#unit-}" ;;
    setup | deploy | e2e | stack | chaos | web-flows)
      if (build release ticketshow && build_web); then
        case $1 in
          web-flows) vitest_suite web-flows --config vitest.flows.config.ts ;;
          stack) TICKETSHOW_TEST_ON=stack pytest_suite stack "${STACK_E2E[@]}" ;;
          chaos) chaos_suite ;;
          *) pytest_suite "$1" ;;
        esac
      else
        failed=$((failed + 1))
        failures+=("$1: the binary or the web app does not build")
      fi
      ;;
    tidy) one_case tidy "$ROOT/tools/cmd/tidy.sh" ;;
  esac
}

chosen=()
for argument in "$@"; do
  case $argument in
    --list)
      for suite in "${SUITES[@]}"; do printf '  %-13s %s\n' "$suite" "$(describe "$suite")"; done
      exit 0
      ;;
    -*) fail "usage: ./test [--list] [SUITE…]" ;;
    *)
      [ -n "$(describe "$argument")" ] || fail "there is no suite $argument; ./test --list names them"
      chosen+=("$argument")
      ;;
  esac
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${SUITES[@]}")

"$ROOT/tools/setup.sh" run test stack
cd "$ROOT"

# A throw-away cluster for all suites. It forgets nothing while it runs, and a power cut is not among the tests: no fsync.
cluster=$VAR/test/postgres
servers=()
stop_servers() {
  local name
  for name in "${servers[@]}"; do python3 -m tests.stack stop "$name" "$VAR/test/$name"; done
  "$ROOT/tools/postgres.sh" stop "$cluster"
}
trap stop_servers EXIT
"$ROOT/tools/postgres.sh" start "$cluster" fsync=off max_connections=400
TICKETSHOW_TEST_DATABASE_URL="$("$ROOT/tools/postgres.sh" url "$cluster" postgres)&user=postgres"
export TICKETSHOW_TEST_DATABASE_URL
# What tests that were stopped have left, and templates of migrations as they once were.
psql -X -q -t "$TICKETSHOW_TEST_DATABASE_URL" >/dev/null <<<"SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
  FROM pg_database WHERE datname ~ '^(ts_test|ts_template|e2e)_' \gexec"
TICKETSHOW_BINARY=$(binary)
export TICKETSHOW_BINARY
export TICKETSHOW_DOCS_ASSETS=$ROOT/tools/node/node_modules/swagger-ui-dist

# start_server NAME VARIABLE: one of tests/stack, with no data from an earlier run; its address goes into the variable.
start_server() {
  local name=$1 variable=$2 address
  python3 -m tests.stack stop "$name" "$VAR/test/$name"
  rm -rf "${VAR:?}/test/$name"
  servers+=("$name")
  if address=$(python3 -m tests.stack start "$name" "$VAR/test/$name"); then
    export "$variable=$address"
  else
    failed=$((failed + 1))
    failures+=("$name did not start; what needs it fails too")
  fi
}
case " ${chosen[*]} " in
  *" unit-"* | *" deploy "* | *" e2e "* | *" web-flows "*)
    start_server kafka TICKETSHOW_TEST_KAFKA
    start_server mailbox TICKETSHOW_TEST_MAILBOX
    TICKETSHOW_TEST_MAILBOX_HTTP=$(python3 -m tests.stack web mailbox "$VAR/test/mailbox")
    start_server relay TICKETSHOW_TEST_RELAY
    TICKETSHOW_TEST_RELAY_CERTIFICATE=$VAR/test/relay/cert.pem
    export TICKETSHOW_TEST_MAILBOX_HTTP TICKETSHOW_TEST_RELAY_CERTIFICATE
    start_server opensearch TICKETSHOW_TEST_OPENSEARCH
    start_server sandbox TICKETSHOW_TEST_SANDBOX
    start_server s3 TICKETSHOW_TEST_S3
    start_server s3-second TICKETSHOW_TEST_S3_SECOND
    ;;
esac

for suite in "${chosen[@]}"; do
  began=$SECONDS before=$((passed + failed))
  say "$suite: $(describe "$suite")"
  run_suite "$suite"
  say "$suite: $((passed + failed - before)) cases in $((SECONDS - began)) s"
done

for line in "${failures[@]}"; do printf 'FAILED or skipped: %s\n' "$line"; done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
