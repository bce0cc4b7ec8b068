"""Leader, standby and database killed and frozen under 200 calls a second: nobody lost, nobody with two.

Judged by the routing log and by the ledger of the node that carried the calls. The slow runs print the gaps in which
nothing was decided, and hold them to the promise; the short ones do not: they share the machine with other suites."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest

from hotline.live.switch.log import RoutingLog
from hotline.live.switch.postgresql_store import PostgresqlStore
from hotline.live.switch.stores import SqliteStore
from hotline.live.switch_address import SocketAddress
from tests.faults.failover.database import PrivatePostgresql
from tests.faults.failover.judge import POOL, differs_when_replayed, double_assigned, events_of, longest_gap_s, lost
from tests.faults.failover.load import LoadNode
from tests.faults.failover.switches import KeptSwitch

RATE = 200.0
GAP_S = 2.5
_WORKED_S = 1.0  # between two faults


async def until(holds: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    deadline_s = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline_s, f"{what}: not within {seconds:g} s"
        await asyncio.sleep(0.02)


class Stage:
    """Two switches (one on SQLite), a loaded node, and what was done to them."""

    def __init__(self, directory: Path, database: PrivatePostgresql | None) -> None:
        self._directory, self.database = directory, database
        url = database.url if database else ""
        places = ("first", "second") if database else ("only",)
        self.switches = [KeptSwitch(directory / place, url) for place in places]
        self.node = LoadNode(directory, [SocketAddress(one.socket) for one in self.switches])
        self.gaps_s: dict[str, list[float]] = {}
        self._calling: asyncio.Task[None] | None = None

    @property
    def leader(self) -> KeptSwitch:
        (leader,) = [one for one in self.switches if one.leads]
        return leader

    @property
    def standby(self) -> KeptSwitch:
        (standby,) = [one for one in self.switches if not one.leads]
        return standby

    async def ready(self) -> None:
        """One leads, the other one stands by, and calls are decided."""
        wanted = [False, True] if len(self.switches) == 2 else [True]
        await until(
            lambda: (
                sorted(one.leads for one in self.switches) == wanted
                and all(one.leads or one.stands_by for one in self.switches)
            ),
            "one leads, the others stand by",
        )

    async def begin(self) -> None:
        await self.ready()
        await self.node.set_up()
        self._calling = asyncio.create_task(self.node.call(RATE))
        await asyncio.sleep(_WORKED_S)

    async def fault(self, kind: str, do: Callable[[], object], deaths: int = 1) -> None:
        """Do it, and let the house find back to its work after so many switches have died; the gap is noted."""
        answered_at_s = self.node.link.answered_at_s
        answered_at_s[:] = answered_at_s[-1000:]
        deaths += self._deaths()
        done_s = time.monotonic()
        await asyncio.to_thread(do)
        await until(lambda: self._deaths() >= deaths, "the switches have noticed")
        noticed_s = time.monotonic()
        await until(lambda: answered_at_s[-1] > noticed_s, "the switch answers again")
        await asyncio.sleep(0.2)
        await self.ready()
        await asyncio.sleep(_WORKED_S)
        self.gaps_s.setdefault(kind, []).append(longest_gap_s(answered_at_s, done_s, time.monotonic()))

    def _deaths(self) -> int:
        return sum(len(one.exit_codes) for one in self.switches)

    async def kill_leader(self) -> None:
        await self.fault("leader killed", lambda: self.leader.signal(signal.SIGKILL))

    async def kill_standby(self) -> None:
        await self.fault("standby killed", lambda: self.standby.signal(signal.SIGKILL))

    async def freeze_leader(self) -> None:
        """Frozen until another leads, then let go on: it must stop by itself, and say why."""
        former = self.leader
        deaths = len(former.exit_codes)
        done_s = time.monotonic()
        former.signal(signal.SIGSTOP)
        successor = next(one for one in self.switches if one is not former)
        await until(lambda: successor.leads, "the standby leads")
        await asyncio.sleep(random.uniform(0, 0.5))
        former.signal(signal.SIGCONT)
        await until(lambda: len(former.exit_codes) > deaths, "the fenced leader stops")
        assert former.exit_codes[-1] == 1
        await self.ready()
        self.gaps_s.setdefault("leader frozen", []).append(
            longest_gap_s(self.node.link.answered_at_s, done_s, time.monotonic())
        )
        await asyncio.sleep(_WORKED_S)

    async def kill_database(self) -> None:
        assert self.database is not None
        database = self.database

        def restart() -> None:
            database.kill()
            database.start()

        await self.fault("database killed", restart, deaths=2)

    async def kill_backend(self) -> None:
        """kill -9 of the leader's own backend: the server restarts, every connection breaks."""
        assert self.database is not None
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT INTO routing_log%' LIMIT 1"
            ).fetchone()
        assert found is not None
        await self.fault("backend killed", lambda: os.kill(found[0], signal.SIGKILL), deaths=2)

    async def verdict(self) -> list[str]:
        """Everything that must not be, after the calls have ended."""
        assert self._calling is not None
        self._calling.cancel()
        await self.node.drain()
        for one in sorted(self.switches, key=lambda one: one.leads):  # the standby first: it must not take over
            await one.stop()
        log = RoutingLog(self._open_store(), POOL)
        try:
            events = events_of(log)
            wrong = [*self.node.problems, *lost(events, self.node.asked), *double_assigned(events)]
            return [*wrong, *([found] if (found := differs_when_replayed(log)) else [])]
        finally:
            log.close()

    def _open_store(self) -> PostgresqlStore | SqliteStore:
        if self.database:
            return PostgresqlStore(self.database.url)
        return SqliteStore(self._directory / "only" / "routing.sqlite3")

    def report(self) -> str:
        lines = [
            f"{kind}: {len(gaps)} times, longest gap {max(gaps):.2f} s, median {sorted(gaps)[len(gaps) // 2]:.2f} s"
            for kind, gaps in self.gaps_s.items()
        ]
        return "\n".join([f"{len(self.node.asked)} calls", *lines])

    async def close(self) -> None:
        if self._calling is not None:
            self._calling.cancel()
        for one in self.switches:
            with contextlib.suppress(Exception):
                await one.stop()
        await self.node.close()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    database = PrivatePostgresql()
    made = Stage(tmp_path, database)
    yield made
    await made.close()
    database.stop()


@pytest.fixture
async def one_machine(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path, None)
    yield made
    await made.close()


def too_long(stage: Stage) -> dict[str, list[float]]:
    """Gaps over the promise, of faults that a standby has to bridge."""
    bridged = ("leader killed", "leader frozen", "standby killed")
    return {kind: found for kind in bridged if (found := [gap for gap in stage.gaps_s.get(kind, []) if gap > GAP_S])}


async def test_a_few_faults_under_load(stage: Stage) -> None:
    await stage.begin()
    await stage.kill_leader()
    await stage.freeze_leader()
    await stage.kill_database()
    await stage.kill_leader()
    assert await stage.verdict() == []


async def test_a_few_kills_on_one_machine(one_machine: Stage) -> None:
    await one_machine.begin()
    for _ in range(2):
        await one_machine.kill_leader()
    assert await one_machine.verdict() == []


@pytest.mark.slow
async def test_a_hundred_faults_under_load(stage: Stage) -> None:
    await stage.begin()
    chance = random.Random(17)
    faults = [stage.kill_leader] * 60 + [stage.freeze_leader] * 20 + [stage.kill_standby] * 8
    faults += [stage.kill_database] * 6 + [stage.kill_backend] * 6
    chance.shuffle(faults)
    for fault in faults:
        await fault()
    assert await stage.verdict() == []
    print(stage.report())
    assert too_long(stage) == {}


@pytest.mark.slow
async def test_thirty_kills_on_one_machine(one_machine: Stage) -> None:
    await one_machine.begin()
    for _ in range(30):
        await one_machine.kill_leader()
    assert await one_machine.verdict() == []
    print(one_machine.report())
    assert too_long(one_machine) == {}
