#!/usr/bin/env bash
# The suites on real parts, after `make check`. Starts a private PostgreSQL on a free port and stops it by its own pid.
#   run_tests.sh standard|full
set -eu
cd "$(dirname "$0")/.."
kind=${1:-standard}
pytest=.venv/bin/pytest
work=$(mktemp -d)
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)")
port=$(.venv/bin/python -c 'from tests.ports import free_ports; print(*free_ports(1))')  # no outgoing connection takes it

as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
beside=
stop_all() {
  [ -z "$beside" ] || pkill -TERM -P "$beside" 2>/dev/null || true
  [ ! -f "$work/data/postmaster.pid" ] || kill -INT "$(head -n 1 "$work/data/postmaster.pid")" 2>/dev/null || true
  for _ in $(seq 50); do [ -f "$work/data/postmaster.pid" ] || break; sleep 0.1; done
  rm -rf "$work"
}
trap stop_all EXIT

chmod 755 "$work" && mkdir "$work/data" && { [ "$(id -u)" != 0 ] || chown postgres "$work/data"; }
as_server "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
as_server "$bin/pg_ctl" -D "$work/data" -w -s -o "-p $port -k '' -c listen_addresses=127.0.0.1 -c fsync=off" start >/dev/null

if [ "$kind" = full ]; then
  echo "== slow suites without servers"
  $pytest tests/unit -m slow -n 2 --dist loadfile
fi

echo "== database-sensitive suites on PostgreSQL"
HOTLINE_TEST_DATABASE_URL="postgresql://postgres@127.0.0.1:$port/postgres" \
  $pytest tests/unit/foundation tests/unit/domains tests/unit/desk tests/unit/live -m "not slow" -n 2 --dist loadfile \
    --ignore tests/unit/live/gateway --ignore tests/unit/live/node  # neither knows the database
if [ "$kind" = full ]; then
  HOTLINE_TEST_DATABASE_URL="postgresql://postgres@127.0.0.1:$port/postgres" \
    $pytest tests/unit/foundation -m slow -n 2 --dist loadfile
fi

marks=(-m "not slow")
[ "$kind" != full ] || marks=()
# Calls mostly wait: two lanes side by side, each with centres, ports and directories of its own, keep two cores busy.
lane() { # lane NUMBER SUITES...
  HOTLINE_TEST_SERVER_URL="postgresql://postgres@127.0.0.1:$port/postgres" \
    $pytest "${@:2}" "${marks[@]}" -p no:cacheprovider --basetemp "$work/lane$1" --durations 15
}
failed=0
echo "== real Asterisk, killed processes (shown when done), and beside them real browsers"
apart=(tests/browser/test_roster.py tests/browser/test_retention.py tests/browser/test_bad_input.py)  # with centres of their own
lane 1 tests/voice tests/faults "${apart[@]}" >"$work/lane1.log" 2>&1 &
beside=$!
lane 0 tests/browser "${apart[@]/#/--ignore=}" || failed=1
wait "$beside" || failed=1
beside=
echo "== real Asterisk, real callers, killed processes"
cat "$work/lane1.log"
exit "$failed"
