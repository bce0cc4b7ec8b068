"""Decisions per second of the switch with its durable log, closed loop, 1,800 agents and 60 queues.

In one process: commands go into the inbox as fast as the switch takes them, every batch is committed to SQLite (WAL,
FULL) before it is answered, exactly as in service. Two loops: *matches* are what the peer counts, a caller asks and is
given an agent, and the agent is free again (two commands, six events); *whole contacts* pay for the life of that
contact: four commands (ask, answer, end, finish wrap-up) and eleven events, decided, logged and told. Making the
commands is the callers' work and is told apart. With --peer matching in the database (FOR UPDATE SKIP LOCKED, see
_skip_locked.py) is measured before and after them; without, its figure is one of a like machine.

Then an open loop, 200 calls a second: from the asking to the moment in which the offer is durable and on its way.

    .venv/bin/python benchmarks/switch_throughput.py [--calls 20000] [--seconds 20] [--peer]"""

import argparse
import asyncio
import gc
import random
import sys
import tempfile
import time
from pathlib import Path

from _load_node import now_ms
from _skip_locked import Matched, measure_peer
from live_1800 import QUEUES, TENANT, configuration

from hotline.entrypoints.switch import GARBAGE_THRESHOLDS
from hotline.kernel.clock import SystemClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.metrics import SwitchMetrics
from hotline.live.switch.service import Batch, Switch
from hotline.live.switch.stores import SqliteStore
from hotline.messages import routing
from hotline.messages.effects import RingAgent

TARGET_PER_S = 20_000  # of matches
PEER = "SKIP LOCKED matching in PostgreSQL: 487-565 matches/s"
RATE, TARGET_P99_MS = 200.0, 15.0
_AT_ONCE = 1_000  # contacts under way
_PEER_S = 5.0  # of each of the peer's two rounds
_TALK_S = 1.0


class ClosedLoop:
    """A listener that answers each ring at once, ends the talk at once, and then sends the next caller."""

    unit, commands = "whole contacts", 4

    def __init__(self, switch: Switch, calls: int) -> None:
        self._switch, self._left, self._chance = switch, calls, random.Random(5)
        self.rung = self.ended = self.refused = self.answered = 0
        self.own_cpu_s = 0.0
        self.finished = asyncio.Event()
        self._calls = calls
        switch.listeners.append(self)

    def start(self) -> None:
        for _ in range(min(_AT_ONCE, self._calls)):
            self._ask()

    def _give(self, kind: type, **fields: object) -> None:
        self._switch.submit(kind(command_id=new_id(), at_ms=now_ms(), **fields), self._answered)

    def _answered(self, error: HotlineError | None) -> None:
        self.answered += 1
        self.refused += error is not None

    def _ask(self) -> None:
        if self._left == 0:
            return
        self._left -= 1
        at_ms, contact_id = now_ms(), new_id()
        self._asks(contact_id)
        self._give(
            routing.EnqueueContact,
            contact_id=contact_id,
            tenant_id=TENANT,
            queue_id=f"queue-{self._chance.randrange(QUEUES)}",
            node_id="node-1",
            asked_at_ms=at_ms,
            arrived_at_ms=at_ms,
        )

    def _asks(self, contact_id: str) -> None:
        """For those who note when it was."""

    def committed(self, batch: Batch) -> None:
        started_s = time.thread_time()
        self._go_on(batch)
        self.own_cpu_s += time.thread_time() - started_s

    def _go_on(self, batch: Batch) -> None:
        for _, frame in batch.effects:
            if isinstance(frame.effect, RingAgent):
                self.rung += 1
                self._give(routing.AnswerOffer, offer_id=frame.effect.offer_id)
        for event in batch.events:
            if isinstance(event, routing.ContactConnected):
                self._end(event.contact_id)
            elif isinstance(event, routing.WrapUpStarted):
                self._give(routing.FinishWrapUp, agent_id=event.agent_id, contact_id=event.contact_id)
            elif isinstance(event, routing.WrappedUp):
                self.ended += 1
                self._ask()
                if self.ended == self._calls:
                    self.finished.set()

    def _end(self, contact_id: str) -> None:
        self._give(routing.EndContact, contact_id=contact_id, ended_by="caller", cause="normal_clearing")

    def rebuilt(self) -> None:
        raise SystemExit("a command broke the engine")


class Matches(ClosedLoop):
    """Nobody answers: as soon as an agent is found the caller has what they came for, and sends the next."""

    unit, commands = "matches", 2

    def _go_on(self, batch: Batch) -> None:
        for _, frame in batch.effects:
            if isinstance(frame.effect, RingAgent):
                self.rung += 1
                self._end(frame.effect.contact_id)
        for event in batch.events:
            if isinstance(event, routing.ContactEnded):
                self.ended += 1
                self._ask()
                if self.ended == self._calls:
                    self.finished.set()


class OpenLoop(ClosedLoop):
    """Callers who come as they please: Poisson arrivals; talks last a second."""

    def __init__(self, switch: Switch, calls: int) -> None:
        super().__init__(switch, calls)
        self._asked_s: dict[str, float] = {}
        self.waits_ms: list[float] = []

    async def call(self) -> None:
        due_s = time.perf_counter()
        for _ in range(self._calls):
            due_s += self._chance.expovariate(RATE)
            await asyncio.sleep(due_s - time.perf_counter())
            self._ask()
        await self.finished.wait()

    def _asks(self, contact_id: str) -> None:
        self._asked_s[contact_id] = time.perf_counter()

    def _go_on(self, batch: Batch) -> None:
        now_s = time.perf_counter()
        later = asyncio.get_running_loop().call_later
        for _, frame in batch.effects:
            effect = frame.effect
            if isinstance(effect, RingAgent):
                self.rung += 1
                self.waits_ms.append(1000 * (now_s - self._asked_s.pop(effect.contact_id)))
                self._give(routing.AnswerOffer, offer_id=effect.offer_id)
                later(_TALK_S, self._end, effect.contact_id)
        for event in batch.events:
            if isinstance(event, routing.WrapUpStarted):
                self._give(routing.FinishWrapUp, agent_id=event.agent_id, contact_id=event.contact_id)
            elif isinstance(event, routing.WrappedUp):
                self.ended += 1
                if self.ended == self._calls:
                    self.finished.set()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def set_up(
    directory: Path, kind: type[ClosedLoop], calls: int
) -> tuple[Switch, "asyncio.Task[None]", ClosedLoop]:
    """A running switch with everybody signed in, which is decided and done when this returns."""
    log = RoutingLog(SqliteStore(directory / "routing.sqlite3"), "main")
    log.take_lead()
    switch = Switch(log, SystemClock(), SwitchMetrics())
    running = asyncio.create_task(switch.run())
    loop = kind(switch, calls)
    staff = configuration(1800)
    loop._give(routing.ApplyConfiguration, configuration=staff)
    for agent in staff.agents:
        loop._give(routing.SignIn, agent_id=agent.agent_id, session_id=f"bench-{agent.agent_id}")
        loop._give(routing.SetAgentState, agent_id=agent.agent_id, state="available")
    while loop.answered < 1 + 2 * len(staff.agents):
        await asyncio.sleep(0.01)
    loop.own_cpu_s = 0.0
    return switch, running, loop


async def measure_waits(seconds: float, directory: Path) -> bool:
    calls = int(RATE * seconds)
    switch, running, loop = await set_up(directory, OpenLoop, calls)
    assert isinstance(loop, OpenLoop)
    await asyncio.sleep(1)
    cpu = time.process_time()
    await loop.call()
    cpu = time.process_time() - cpu
    switch.stop()
    await running
    await switch.close()
    p99 = percentile(loop.waits_ms, 0.99)
    print(
        f"asked -> offer durable at {RATE:.0f} calls/s  p50 {percentile(loop.waits_ms, 0.5):.1f} ms, p99 {p99:.1f} ms,"
        f" worst {max(loop.waits_ms):.1f} ms  (p99 <= {TARGET_P99_MS:.0f}); {1000 * cpu / calls:.2f} ms of CPU per call"
    )
    return p99 <= TARGET_P99_MS and not loop.refused


async def measure(kind: type[ClosedLoop], calls: int, directory: Path) -> tuple[bool, float, float]:
    """Whether all is well, and how many a second of wall clock and of CPU."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    switch, running, loop = await set_up(directory, kind, calls)
    log = switch.log
    before = log.seq
    started, cpu = time.perf_counter(), time.process_time()
    loop.start()
    await loop.finished.wait()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    batches = log.seq - before
    switch.stop()
    await running
    await switch.close()
    started = time.perf_counter()
    rebuilt = Switch(log, SystemClock(), SwitchMetrics())
    rebuild_s = time.perf_counter() - started
    same = rebuilt.state.snapshot() == switch.state.snapshot()
    print(f"{loop.rung} {kind.unit} in {batches} batches, refused {loop.refused}, rebuilt equal: {same}")
    own_share = f"{100 * loop.own_cpu_s / cpu:.0f} % are theirs"
    for what, number in (
        (f"{kind.unit} per second", f"{loop.rung / seconds:8.0f} wall, {loop.rung / cpu:8.0f} per CPU second"),
        ("without the callers' own work", f"{loop.rung / (cpu - loop.own_cpu_s):8.0f} per CPU second ({own_share})"),
        ("commands per second", f"{kind.commands * loop.rung / seconds:8.0f} wall"),
        ("CPU each", f"{1e6 * cpu / loop.rung:8.0f} us;  rebuild from the snapshot {rebuild_s:.2f} s"),
    ):
        print(f"{what:30s}{number}")
    return same and not loop.refused, loop.rung / seconds, loop.rung / cpu


def compare(rounds: list[Matched], wall: float, cpu: float) -> None:
    """Say what the peer reached in this run, and how many times ours that is."""
    for one in rounds:
        peer_wall, peer_cpu = one.decisions / one.wall_s, one.decisions / one.cpu_s
        print(
            f"SKIP LOCKED in PostgreSQL      {peer_wall:8.0f} wall, {peer_cpu:8.0f} per CPU second;"
            f"  our matches {wall / peer_wall:.0f} and {cpu / peer_cpu:.0f} times that"
        )
    if not rounds:
        print(f"peer: {PEER}")


def peer_round(wanted: bool, directory: Path) -> list[Matched]:
    """One round of the peer, where it is wanted."""
    if not wanted:
        return []
    directory.mkdir()
    return [measure_peer(directory, _PEER_S)]


def run_closed(kind: type[ClosedLoop], calls: int, place: Path) -> tuple[bool, float, float]:
    gc.collect()
    directory = place / kind.__name__
    directory.mkdir()
    return asyncio.run(measure(kind, calls, directory))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000, help="of the closed loop")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the open loop")
    parser.add_argument(
        "--peer", action="store_true", help="measure matching in PostgreSQL too, in a server of its own"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="switch-throughput-") as directory:
        place = Path(directory)
        place.chmod(0o755)
        rounds = peer_round(options.peer, place / "before")
        is_good, wall, cpu = run_closed(Matches, options.calls, place)
        is_good &= run_closed(ClosedLoop, options.calls, place)[0]
        print(f"wanted: {TARGET_PER_S} matches per second")
        compare([*rounds, *peer_round(options.peer, place / "after")], wall, cpu)
        (place / "open").mkdir()
        gc.collect()
        is_good &= asyncio.run(measure_waits(options.seconds, place / "open"))
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
