#!/usr/bin/env bash
# The suites on real parts, after `make check`. Starts private PostgreSQL servers on free ports and stops them by their
# own pids.
#   run_tests.sh standard|full
set -eu
cd "$(dirname "$0")/.."
kind=${1:-standard}
pytest=.venv/bin/pytest
work=$(mktemp -d)
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)")

as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
chmod 755 "$work"
server() { # server NAME: starts it and prints its address
  local data=$work/$1 port
  port=$(.venv/bin/python -c 'from tests.ports import free_ports; print(*free_ports(1))')  # no outgoing connection takes it
  mkdir "$data" && { [ "$(id -u)" != 0 ] || chown postgres "$data"; }
  as_server "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  as_server "$bin/pg_ctl" -D "$data" -w -s -l "$data/log" \
    -o "-p $port -k '' -c listen_addresses=127.0.0.1 -c fsync=off" start >/dev/null
  echo "postgresql://postgres@127.0.0.1:$port/postgres"
}
stop_server() { # stop_server NAME
  local pid_file=$work/$1/postmaster.pid
  [ ! -f "$pid_file" ] || kill -INT "$(head -n 1 "$pid_file")" 2>/dev/null || true
  for _ in $(seq 50); do [ -f "$pid_file" ] || break; sleep 0.1; done
}
patient= beside=
stop_all() {
  [ -z "$patient" ] || kill -TERM "$patient" 2>/dev/null || true
  [ -z "$beside" ] || pkill -TERM -P "$beside" 2>/dev/null || true
  stop_server patient
  stop_server lanes
  rm -rf "$work"
}
trap stop_all EXIT

# What only computes takes what the lanes below leave of two cores, and all of them when the lanes are done. A session of
# its own, because Linux may share out time between sessions first, whatever their processes' niceness.
patiently() {
  exec setsid nice -n 10 bash -c 'echo 10 2>/dev/null >/proc/self/autogroup || true; exec "$@"' patiently "$@"
}

if [ "$kind" = full ]; then
  echo "== slow suites without servers"
  $pytest tests/unit -m slow -n 2 --dist loadfile
fi

failed=0
echo "== database-sensitive suites on PostgreSQL (shown when done), and beside them what follows"
of_server=$(server patient)
if [ "$kind" = full ]; then
  HOTLINE_TEST_DATABASE_URL=$of_server $pytest tests/unit/foundation -m slow -n 2 --dist loadfile
fi
on_postgresql="not slow"
[ "$kind" = full ] || on_postgresql="not slow and not computes"
HOTLINE_TEST_DATABASE_URL=$of_server patiently \
  $pytest tests/unit/foundation tests/unit/domains tests/unit/desk tests/unit/live -m "$on_postgresql" -n 2 --dist loadfile \
    --ignore tests/unit/live/gateway --ignore tests/unit/live/node `# none of these knows the database` \
    --ignore tests/unit/foundation/test_openapi.py --ignore tests/unit/foundation/test_catalogue.py \
    -p no:cacheprovider >"$work/patient.log" 2>&1 &
patient=$!

marks=(-m "not slow")
[ "$kind" != full ] || marks=()
# Calls mostly wait: two lanes side by side, each with centres, ports and directories of its own.
of_server=$(server lanes)
lane() { # lane NUMBER SUITES...
  HOTLINE_TEST_SERVER_URL=$of_server \
    $pytest "${@:2}" "${marks[@]}" -p no:cacheprovider --basetemp "$work/lane$1" --durations 15
}
echo "== real Asterisk, killed processes (shown when done), and beside them real browsers"
apart=(tests/browser/test_{roster,retention,bad_input,staffing}.py)  # with centres of their own
lane 1 tests/voice tests/faults "${apart[@]}" >"$work/lane1.log" 2>&1 &
beside=$!
lane 0 tests/browser "${apart[@]/#/--ignore=}" || failed=1
wait "$beside" || failed=1
beside=
echo "== real Asterisk, real callers, killed processes"
cat "$work/lane1.log"
wait "$patient" || failed=1
patient=
echo "== database-sensitive suites on PostgreSQL"
cat "$work/patient.log"
exit "$failed"
