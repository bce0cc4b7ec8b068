"""The peer of `switch_throughput`: matching in PostgreSQL with FOR UPDATE SKIP LOCKED, without a leader or an engine.

The same agents and queues in tables of a private server that keeps its promises (fsync on, as our log does). Workers
with a connection each do the least that a decision needs: a contact takes the agent of its queue who is idle longest,
an agent who is free takes the contact that waits longest. No talk, no wrap-up, no log of events, no skill levels."""

import os
import queue
import random
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from live_1800 import configuration

from hotline.messages.configuration import RoutingConfiguration

_WORKERS = 8
_UNDER_WAY = 64
_START_S = 30.0
_TABLES = """
CREATE TABLE agent (id integer PRIMARY KEY, idle_since timestamptz) WITH (fillfactor = 50);
CREATE TABLE serves (queue integer, agent integer, PRIMARY KEY (queue, agent));
CREATE INDEX ON serves (agent);
CREATE TABLE contact (id bigint PRIMARY KEY, queue integer NOT NULL, asked_at timestamptz NOT NULL, agent integer);
CREATE INDEX ON contact (queue, asked_at) WHERE agent IS NULL;
CREATE FUNCTION ask(new_contact bigint, of_queue integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE found integer;
BEGIN
  SELECT a.id INTO found FROM agent a JOIN serves s ON s.agent = a.id
   WHERE s.queue = of_queue AND a.idle_since IS NOT NULL ORDER BY a.idle_since LIMIT 1 FOR UPDATE OF a SKIP LOCKED;
  IF found IS NOT NULL THEN UPDATE agent SET idle_since = NULL WHERE id = found; END IF;
  INSERT INTO contact VALUES (new_contact, of_queue, clock_timestamp(), found);
  RETURN found;
END $$;
CREATE FUNCTION free(the_agent integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
  SELECT c.id INTO found FROM contact c JOIN serves s ON s.queue = c.queue AND s.agent = the_agent
   WHERE c.agent IS NULL ORDER BY c.asked_at LIMIT 1 FOR UPDATE OF c SKIP LOCKED;
  IF found IS NULL THEN UPDATE agent SET idle_since = clock_timestamp() WHERE id = the_agent;
  ELSE UPDATE contact SET agent = the_agent WHERE id = found; END IF;
  RETURN found;
END $$;
"""


class Matched(NamedTuple):
    """Decisions in so many seconds of wall clock and of CPU, that of the server and of its clients."""

    decisions: int
    wall_s: float
    cpu_s: float


def measure_peer(directory: Path, seconds: float) -> Matched:
    """Decisions of a closed loop with as many workers as serve it best on two cores."""
    staff = configuration(1800)
    used_s = -_cpu_s()
    with _server(directory) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            _fill(connection, staff)
        loop = _Loop(url, len(staff.queues))
        decisions, wall_s = loop.run(seconds)
    return Matched(decisions, wall_s, used_s + _cpu_s())


def _cpu_s() -> float:
    """Of this process and of the children that have ended."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def _fill(connection: psycopg.Connection[Any], staff: RoutingConfiguration) -> None:
    connection.execute(_TABLES)
    with connection.cursor() as cursor, cursor.copy("COPY serves FROM STDIN") as copy:
        for number, one in enumerate(staff.agents):
            levels = dict(one.skills)
            for place, line in enumerate(staff.queues):
                if all(levels.get(skill, 0) >= level for skill, level in line.skills):
                    copy.write_row((place, number))
    connection.execute("INSERT INTO agent SELECT g, clock_timestamp() FROM generate_series(0, %s) g", [1799])
    connection.execute("ANALYZE")


class _Loop:
    """Contacts that are over as soon as they are matched: their agent is free again, and the next contact asks."""

    def __init__(self, url: str, queues: int) -> None:
        self._url, self._queues = url, queues
        self._work: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self._chance = random.Random(5)
        self._asked = self._matched = 0
        self._lock = threading.Lock()

    def run(self, seconds: float) -> tuple[int, float]:
        threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(_WORKERS)]
        for _ in range(_UNDER_WAY):
            self._ask()
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        matched, wall_s = self._matched, time.perf_counter() - started
        for _ in threads:
            self._work.put(None)
        for thread in threads:
            thread.join()
        return matched, wall_s

    def _ask(self) -> None:
        self._asked += 1
        self._work.put(("ask", self._asked))

    def _serve(self) -> None:
        with psycopg.connect(self._url, autocommit=True, prepare_threshold=1) as connection:
            while (work := self._work.get()) is not None:
                self._do(connection, *work)

    def _do(self, connection: psycopg.Connection[Any], what: str, number: int) -> None:
        if what == "ask":
            place = self._chance.randrange(self._queues)
            found = connection.execute("SELECT ask(%s, %s)", (number, place)).fetchone()
        else:
            found = connection.execute("SELECT free(%s)", (number,)).fetchone()
        if found is not None and found[0] is not None:
            agent = found[0] if what == "ask" else number
            with self._lock:
                self._matched += 1
                self._work.put(("free", agent))
                self._ask()


@contextmanager
def _server(directory: Path) -> Iterator[str]:
    """The address of a private PostgreSQL, which is stopped in the end."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("PostgreSQL is missing (apt-get install postgresql); leave --peer away to measure without it.")
    programs, data = found[-1].parent, directory / "peer"
    data.mkdir()
    rights: dict[str, Any] = {}
    if os.getuid() == 0:  # which PostgreSQL refuses
        rights = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(data, "postgres", "postgres")
        directory.chmod(0o755)
    given = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([str(programs / "initdb"), *given], check=True, stdout=subprocess.DEVNULL, cwd=data, **rights)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "logging_collector=off"]
    with (directory / "peer.log").open("w") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *options], stderr=log, cwd=data, **rights
        )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url)
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast: without waiting for its clients
        server.wait()


def _wait_for(url: str) -> None:
    until_s = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.1)
