"""Two switches, a database that may die, calls, desks behind a front door: what is done to them, and what it costs."""

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from hotline.kernel.settings import Settings
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.postgresql_store import ANSWERS_WITHIN_S, PostgresqlStore
from hotline.live.switch.stores import SqliteStore
from hotline.live.switch_address import SocketAddress
from tests.faults.failover.database import PrivatePostgresql
from tests.faults.failover.desks import Desks
from tests.faults.failover.judge import (
    POOL,
    LogView,
    differs_when_replayed,
    double_assigned,
    events_of,
    first_after,
    longest_gap_s,
    lost,
    lost_posts,
)
from tests.faults.failover.load import LoadNode
from tests.faults.failover.switches import KeptSwitch
from tests.front_door import opened_front_door
from tests.ports import free_ports

RATE = 200.0
_SETTLED_S = 0.5  # the database has gone on: whoever is fenced off by now has noticed
_WORKED_S = 1.0  # between two faults
_ON_STANDBY = ("standby killed", "standby frozen")  # these come on top: nobody has to bridge them


async def until(holds: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    deadline_s = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline_s, f"{what}: not within {seconds:g} s"
        await asyncio.sleep(0.02)


@dataclass(slots=True)
class Gaps:
    """What one fault has cost, in seconds: nothing was decided, nothing was decided although the fault was over (it is
    over at once when a process is killed), and the last desk was without its documents after the first answer."""

    whole_s: float
    after_s: float
    desks_s: float | None  # None: the lead did not change, and no desk had to come back


@dataclass(frozen=True, slots=True)
class Begun:
    """When a fault began, and which process led then."""

    at_s: float
    leader: asyncio.subprocess.Process | None


class Stage:
    """Two switches (one on SQLite), a loaded node, desks behind a front door, and what was done to them."""

    def __init__(self, directory: Path, database: PrivatePostgresql | None) -> None:
        self._directory, self.database = directory, database
        url = database.url if database else ""
        places = ("first", "second") if database else ("only",)
        self.switches = [KeptSwitch(directory / place, url) for place in places]
        self.node = LoadNode(directory, [SocketAddress(one.socket) for one in self.switches])
        self.gaps: dict[str, list[Gaps]] = {}
        self.problems: list[str] = []
        self._calling: asyncio.Task[None] | None = None
        self._opened = contextlib.AsyncExitStack()
        self._desks: Desks

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
        view = LogView(self._open_store)
        self._opened.callback(view.close)
        self._desks = Desks(self._open_door(), self.node, view.state)
        self._opened.push_async_callback(self._desks.close)
        await self._desks.open()
        self._calling = asyncio.create_task(self.node.call(RATE))
        await asyncio.sleep(_WORKED_S)

    def _open_door(self) -> str:
        """Where browsers come in: a door that knows every gateway."""
        front_port, web_port = free_ports(2)
        ports = {"front_port": front_port, "web_port": web_port}
        if self.database:
            gateways = tuple(f"127.0.0.1:{one.port}" for one in self.switches)
            settings = Settings(data_dir=self._directory / "door", gateway_addresses=gateways, **ports)
        else:
            only = self.switches[0]
            settings = Settings(data_dir=only.directory, switch_port=only.port, **ports)
        self._opened.enter_context(opened_front_door(settings))
        return f"wss://127.0.0.1:{front_port}/live"

    # --- faults

    async def fault(self, kind: str, do: Callable[[], object], deaths: int = 1) -> None:
        """Do it, and let the house find back to its work after so many switches have died."""
        begun = self._begin()
        deaths += self._deaths()
        await asyncio.to_thread(do)
        over_s = time.monotonic()
        await until(lambda: self._deaths() >= deaths, "the switches have noticed")
        await self._find_back(kind, begun, over_s)

    async def freeze_leader(self) -> None:
        """Frozen until another leads, then let go on: it must stop by itself, and say why."""
        await self._leave_frozen("leader frozen", lambda since_s: asyncio.sleep(random.uniform(0, 0.5)))

    async def leave_leader_frozen(self) -> None:
        """Its machine goes on taking connections in its name: the desks must be elsewhere before it goes on."""
        await self._leave_frozen("leader left frozen", self._desks_are_back)

    async def _leave_frozen(self, kind: str, while_frozen: Callable[[float], Awaitable[object]]) -> None:
        begun = self._begin()
        former, successor = self.leader, self.standby
        deaths = len(former.exit_codes)
        former.signal(signal.SIGSTOP)
        await until(lambda: successor.leads, "the standby leads")
        await while_frozen(begun.at_s)
        former.signal(signal.SIGCONT)
        await until(lambda: len(former.exit_codes) > deaths, "the fenced leader stops")
        assert former.exit_codes[-1] == 1
        await self._find_back(kind, begun, begun.at_s)

    def _begin(self) -> Begun:
        answered_at_s = self.node.link.answered_at_s
        answered_at_s[:] = answered_at_s[-1000:]
        return Begun(time.monotonic(), self.leader.process)

    async def _find_back(self, kind: str, begun: Begun, over_s: float) -> None:
        """Everybody works again, and every desk shows what the log says; what it has cost is noted."""
        answered_at_s, noticed_s = self.node.link.answered_at_s, time.monotonic()
        await until(lambda: answered_at_s[-1] > noticed_s, "the switch answers again")
        await asyncio.sleep(_SETTLED_S)
        await self.ready()
        desks_s = None
        if self.leader.process is not begun.leader:
            led_s = first_after(answered_at_s, over_s)
            desks_s = max(0.0, await self._desks_are_back(begun.at_s) - led_s)
        self.problems += await self._desks.disagreeing()
        whole_s = longest_gap_s(answered_at_s, begun.at_s, time.monotonic())
        after_s = first_after(answered_at_s, over_s) - over_s
        self.gaps.setdefault(kind, []).append(Gaps(whole_s, after_s, desks_s))
        await asyncio.sleep(_WORKED_S)

    async def _desks_are_back(self, since_s: float) -> float:
        """When the last of them had its documents from another switch."""
        await until(lambda: self._desks.last_resumed_s(since_s) is not None, "every desk is back")
        return self._desks.last_resumed_s(since_s) or 0.0

    def _deaths(self) -> int:
        return sum(len(one.exit_codes) for one in self.switches)

    async def kill_leader(self) -> None:
        await self.fault("leader killed", lambda: self.leader.signal(signal.SIGKILL))

    async def kill_standby(self) -> None:
        await self.fault("standby killed", lambda: self.standby.signal(signal.SIGKILL))

    async def freeze_standby(self) -> None:
        """For longer than a lease: it must not lead when it goes on."""
        standby = self.standby

        def freeze() -> None:
            standby.signal(signal.SIGSTOP)
            time.sleep(3)
            standby.signal(signal.SIGCONT)

        await self.fault("standby frozen", freeze, deaths=0)

    async def freeze_only_switch(self) -> None:
        """Nobody else may lead: it goes on where it stood."""
        only = self.leader

        def freeze() -> None:
            only.signal(signal.SIGSTOP)
            time.sleep(random.uniform(1, 6))
            only.signal(signal.SIGCONT)

        await self.fault("switch frozen", freeze, deaths=0)

    async def kill_database(self) -> None:
        await self._restart_database("database killed", self._database.kill)

    async def shut_down_database(self) -> None:
        await self._restart_database("database shut down", self._database.shut_down)

    async def _restart_database(self, kind: str, end: Callable[[], object]) -> None:
        def restart() -> None:
            end()
            self._database.start()

        await self.fault(kind, restart)

    async def kill_backend(self) -> None:
        """kill -9 of the leader's own backend: the server restarts, every connection breaks."""
        await self.fault("backend killed", lambda: self._database.kill_backend("INSERT INTO routing_log%"))

    async def freeze_database(self) -> None:
        """Shorter and longer than a lease: the leader goes on, or is fenced off."""
        await self._freeze_database("database frozen", random.uniform(0.5, 5), deaths=0)

    async def leave_database_frozen(self) -> None:
        """For as long as another would need to take its place: both switches give it up, and find it again."""
        await self._freeze_database("database left frozen", ANSWERS_WITHIN_S + 3, deaths=1)

    async def _freeze_database(self, kind: str, for_s: float, deaths: int) -> None:
        def freeze() -> None:
            self._database.freeze()
            time.sleep(for_s)
            self._database.thaw()

        await self.fault(kind, freeze, deaths)

    @property
    def _database(self) -> PrivatePostgresql:
        assert self.database is not None
        return self.database

    # --- the end

    async def verdict(self) -> list[str]:
        """Everything that must not be, after the calls have ended."""
        assert self._calling is not None
        self._calling.cancel()
        await self.node.drain()
        self.problems += await self._desks.disagreeing()
        for one in sorted(self.switches, key=lambda one: one.leads):  # the standby first: it must not take over
            await one.stop()
        await self._desks.close()  # not before: a switch would miss them
        log = RoutingLog(self._open_store(), POOL)
        try:
            events = events_of(log)
            wrong = [*self.problems, *self.node.problems, *self._desks.problems()]
            wrong += [*lost(events, self.node.asked), *double_assigned(events), *lost_posts(events)]
            return [*wrong, *([found] if (found := differs_when_replayed(log)) else [])]
        finally:
            log.close()

    def _open_store(self) -> PostgresqlStore | SqliteStore:
        if self.database:
            return PostgresqlStore(self.database.url)
        return SqliteStore(self._directory / "only" / "routing.sqlite3")

    def report(self) -> str:
        """Faults by kind, with the longest and the median gap of each."""
        hits = sum(len(gaps) for kind, gaps in self.gaps.items() if kind not in _ON_STANDBY)
        lines = [f"{len(self.node.asked)} calls, {hits} faults of leader, database or gateway"]
        for kind, gaps in self.gaps.items():
            lines.append(f"{kind}: {len(gaps)} times, nothing decided {_in_words([gap.whole_s for gap in gaps])}")
            if any(gap.after_s < gap.whole_s - 0.1 for gap in gaps):
                lines.append(f"  since the fault was over {_in_words([gap.after_s for gap in gaps])}")
            if desks_s := [gap.desks_s for gap in gaps if gap.desks_s is not None]:
                lines.append(f"  until the last desk was back as well {_in_words(desks_s)}")
        return "\n".join(lines)

    async def close(self) -> None:
        if self._calling is not None:
            self._calling.cancel()
        await self._opened.aclose()
        for one in self.switches:
            with contextlib.suppress(Exception):
                await one.stop()
        await self.node.close()


def _in_words(seconds: list[float]) -> str:
    return f"{max(seconds):.2f} s at most, median {sorted(seconds)[len(seconds) // 2]:.2f} s"
