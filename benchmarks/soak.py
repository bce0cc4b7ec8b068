"""100,000 calls through one real switch process with its durable log: memory stays flat and nothing is left over.

Callers ask as fast as they are served (closed loop, `--at-once` of them), phones are answered and hung up at once, and
wrap-ups take no time. Printed: resident memory at each fifth of the calls, CPU per call, and what the engine still
holds when all have gone, read from the snapshot that the switch leaves.

    .venv/bin/python benchmarks/soak.py [--calls 100000] [--agents 300] [--at-once 200]"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from _load_node import now_ms
from live_1800 import cpu_s

from hotline.entrypoints.large_pages import environment_of
from hotline.kernel.ids import new_id
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.state import RoutingState
from hotline.live.switch.stores import SqliteStore
from hotline.messages import routing
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.effects import (
    CommandFrame,
    EffectFrame,
    HangUp,
    NodeHello,
    Refused,
    RingAgent,
    SwitchToNode,
    encode_frame,
)

QUEUES, NODE, TENANT = 20, "soak-node", "tenant-soak"
FLAT_RATIO = 1.10  # memory at the end to that at a fifth of the calls
_decode = msgspec.msgpack.Decoder(SwitchToNode).decode


def configuration(agents: int) -> RoutingConfiguration:
    queues = [
        QueueConfiguration(
            queue_id=f"queue-{number}",
            tenant_id=TENANT,
            name_zh=f"队列{number}",
            name_en=f"Queue {number}",
            skills=(),
            wrap_up_s=0,
            is_wrap_up_automatic=True,
        )
        for number in range(QUEUES)
    ]
    staff = [
        AgentConfiguration(
            agent_id=f"agent-{number}",
            user_id=f"user-{number}",
            tenant_ids=(TENANT,),
            name=f"Agent {number}",
            team_id="team",
            skills=(),
            device="simulated",
        )
        for number in range(agents)
    ]
    return RoutingConfiguration(version=1, queues=tuple(queues), agents=tuple(staff))


class Callers:
    """A node whose callers come one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, calls: int) -> None:
        self._reader, self._writer = reader, writer
        self._calls, self.asked, self.ended, self.refused = calls, 0, 0, 0
        self._unanswered: dict[str, asyncio.Future[None]] = {}
        self._reading = asyncio.create_task(self._read())

    def give(self, kind: type[Any], **fields: Any) -> str:
        command = kind(command_id=new_id(), at_ms=now_ms(), **fields)
        self._writer.write(encode_frame(CommandFrame(command=command)))
        return str(command.command_id)

    async def must(self, kind: type[Any], **fields: Any) -> None:
        """Return when it is answered."""
        answered = asyncio.get_running_loop().create_future()
        self._unanswered[self.give(kind, **fields)] = answered
        await answered

    async def greet(self) -> None:
        self._writer.write(encode_frame(NodeHello(node_id=NODE, seen_epoch=0, seen_seq=0)))
        await self.must(routing.ReconcileNode, node_id=NODE, contacts=())

    def ask(self) -> None:
        if self.asked == self._calls:
            return
        self.asked += 1
        at_ms = now_ms()
        self.give(
            routing.EnqueueContact,
            contact_id=new_id(),
            tenant_id=TENANT,
            queue_id=f"queue-{self.asked % QUEUES}",
            node_id=NODE,
            asked_at_ms=at_ms,
            arrived_at_ms=at_ms,
            is_simulated=True,
        )

    async def _read(self) -> None:
        while True:
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            message = _decode(await self._reader.readexactly(size))
            if isinstance(message, EffectFrame):
                self._obey(message.effect)
                continue
            self.refused += isinstance(message, Refused)
            answered = self._unanswered.pop(getattr(message, "command_id", ""), None)
            if answered is not None:
                answered.set_result(None)

    def _obey(self, effect: Any) -> None:
        if isinstance(effect, RingAgent):
            self.give(routing.AnswerOffer, offer_id=effect.offer_id)
            ended = {"ended_by": "caller", "cause": "normal_clearing"}
            self.give(routing.EndContact, contact_id=effect.contact_id, **ended)
        elif isinstance(effect, HangUp):  # follows the end of every contact
            self.ended += 1
            self.ask()

    async def close(self) -> None:
        self._reading.cancel()
        self._writer.close()


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


async def open_link(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_unix_connection(str(path))
        except OSError:
            await asyncio.sleep(0.05)


async def soak(options: argparse.Namespace, callers: Callers, pid: int) -> list[float]:
    """Resident megabytes at each fifth of the calls."""
    await callers.greet()
    staff = configuration(options.agents)
    await callers.must(routing.ApplyConfiguration, configuration=staff)
    for agent in staff.agents:
        callers.give(routing.SignIn, agent_id=agent.agent_id, session_id=f"simulated-{agent.agent_id}")
        await callers.must(routing.SetAgentState, agent_id=agent.agent_id, state="available")
    memory_mb: list[float] = []
    cpu_from = cpu_s(pid)
    for _ in range(min(options.at_once, options.calls)):
        callers.ask()
    while callers.ended < options.calls:
        await asyncio.sleep(0.05)
        if callers.ended * 5 >= options.calls * (len(memory_mb) + 1):
            memory_mb.append(resident_mb(pid))
            print(f"{callers.ended:8d} calls  {memory_mb[-1]:7.1f} MB resident", flush=True)
    print(f"switch CPU per call {1000 * (cpu_s(pid) - cpu_from) / options.calls:.3f} ms, refused {callers.refused}")
    return memory_mb


def left_over(path: Path) -> dict[str, int]:
    """What the engine still holds, by the snapshot that the switch left; agents and queues apart."""
    log = RoutingLog(SqliteStore(path), "main")
    state = RoutingState.restore(log.snapshots()[0].body)
    log.close()
    engine, names = state.router._engine, state.router._names
    sizes = {
        name: len(getattr(engine, name)) for name in ("contacts", "offers", "answered", "interactions", "transfers")
    }
    for number, family in enumerate(names.families):
        sizes[f"names of family {number}"] = len(family.ids())
    sizes["open in the tally"] = len(state.tally._open)
    sizes["waiting in the alarms"] = len(state.alarms._queue_of)
    return sizes


async def run(options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="soak-") as directory:
        environment = {
            **os.environ,
            "HOTLINE_DATA_DIR": directory,
            "HOTLINE_SWITCH_PORT": os.environ.get("HOTLINE_BENCH_PORT", "18511"),
            "HOTLINE_SECRET_LIVE_TOKEN": "00" * 32,
            "HOTLINE_LOG_LEVEL": "ERROR",
            "HOTLINE_DATABASE_URL": "",
        }
        switch = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hotline.entrypoints", "role", "switch"),
            env=environment_of("switch", environment),
            stdin=subprocess.DEVNULL,
        )
        try:
            callers = Callers(*await open_link(Path(directory) / "run" / "switch.sock"), options.calls)
            memory_mb = await soak(options, callers, switch.pid)
            await callers.close()
        finally:
            switch.terminate()
            await switch.wait()
        log_path = Path(directory) / "routing.sqlite3"
        sizes = left_over(log_path)
        print(f"log {log_path.stat().st_size / options.calls:.0f} bytes per call")
    ratio = memory_mb[-1] / memory_mb[0]
    print("left in the engine:", ", ".join(f"{name} {size}" for name, size in sizes.items()))
    print(f"memory at the end to that at a fifth: {ratio:.3f}  (<= {FLAT_RATIO})")
    # One session per agent who is still signed in is all that may be left.
    left = {name: size for name, size in sizes.items() if size not in (0, options.agents)}
    return ratio <= FLAT_RATIO and not left and not callers.refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=200, help="callers under way")
    sys.exit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
