"""1,800 logged-in browsers and 40 calls/s through one switch: decision to push, and CPU per call.

Real parts: the switch as its own process on SQLite, 1,800 WebSocket clients in processes of their own that come by the
gateway's socket file, as they do through the front door of one machine, and ping each 2 s as browsers do, and a node on
the switch's socket whose phones are simulated. Stamps are taken in the clients, by the same clock. Compared with
Asterisk's own queue at 1,800 members and 40 calls/s (NUMBERS: 98 / 1,029 ms).

    .venv/bin/python benchmarks/live_1800.py [--agents 1800] [--rate 40] [--seconds 60] [--talk 28] [--by-port]"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import msgspec
from _load_node import LoadNode
from websockets.asyncio.client import ClientConnection, connect, unix_connect

from hotline.entrypoints.large_pages import environment_of
from hotline.kernel.ids import new_id
from hotline.kernel.signing import sign
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.live import Grant, LiveToken

TENANT = new_id()
QUEUES, PROFILES, SKILLS = 60, 150, 40
TARGET_P99_MS, TARGET_CPU_MS = 50.0, 1.0
PEER = "Asterisk app_queue, 1,800 members, 40 calls/s: queued -> rung 98 / 1029 ms; CPU 10-15 ms per call"
RING_S, TALK_S, WRAP_UP_S = 1.0, 28.0, 4
_IDLE_S = 15.0  # in which only heart-beats are counted: of five the figure of a call was a tenth of a millisecond off
PORT = int(os.environ.get("HOTLINE_BENCH_PORT", "18510"))
URL = f"ws://127.0.0.1:{PORT}/live"
FILE = "HOTLINE_BENCH_FILE"  # the variable that tells the browsers' processes of the gateway's socket file


def configuration(agents: int) -> RoutingConfiguration:
    """60 queues that ask for one or two of 40 skills; agents in 150 skill profiles."""
    chance = random.Random(7)
    skills = [f"skill-{number}" for number in range(SKILLS)]
    profiles = [tuple((skill, chance.randint(3, 9)) for skill in chance.sample(skills, 12)) for _ in range(PROFILES)]
    queues = [
        QueueConfiguration(
            queue_id=f"queue-{number}",
            tenant_id=TENANT,
            name_zh=f"队列{number}",
            name_en=f"Queue {number}",
            skills=((skills[number % SKILLS], 3),),
            wrap_up_s=WRAP_UP_S,
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
            team_id=f"team-{number % 60}",
            skills=profiles[number % PROFILES],
        )
        for number in range(agents)
    ]
    return RoutingConfiguration(version=1, queues=tuple(queues), agents=tuple(staff), away_reasons=("lunch",))


def token(key: bytes, number: int) -> str:
    live = LiveToken(
        user_id=f"user-{number}",
        session_id=f"login-{number}",
        expires_at_ms=int(time.time() * 1000) + 3_600_000,
        agent_id=f"agent-{number}",
        grants=(Grant(tenant_ids=(TENANT,), permissions=("desk.use",)),),
        name=f"Agent {number}",
    )
    return sign(msgspec.json.encode(live), key)


# --- browsers (their own processes) -----------------------------------------------------------------------------------


class Browsers:
    """Some of the agents' browsers. Records, for each offer that pops, how old it and its frame are."""

    def __init__(self, key: bytes, numbers: Sequence[int]) -> None:
        self._key, self._numbers = key, numbers
        self.offers: list[tuple[float, float, float]] = []  # arrival, since asked, since commit; milliseconds
        self.ready = 0

    async def one(self, number: int) -> None:
        async with _to_gateway() as socket:
            await socket.send(json.dumps({"type": "Hello", "token": token(self._key, number)}))
            signing_in = {"type": "Do", "id": "in", "name": "SignIn", "arguments": self.sign_in(number)}
            await socket.send(json.dumps(signing_in))
            await socket.send(
                json.dumps({"type": "Do", "id": "go", "name": "SetAgentState", "arguments": {"state": "available"}})
            )
            pinging = asyncio.create_task(self._ping(socket))
            try:
                async for text in socket:
                    self._read(str(text))
            finally:
                pinging.cancel()

    def sign_in(self, number: int) -> dict[str, Any]:
        """What is said beyond the name when this agent signs in."""
        return {}

    async def _ping(self, socket: ClientConnection) -> None:
        await asyncio.sleep(random.random() * 2)
        while True:
            await socket.send(json.dumps({"type": "Ping", "sent_ms": time.time() * 1000}))
            await asyncio.sleep(2)

    def _read(self, text: str) -> None:
        if '"type":"Failed"' in text:
            raise SystemExit(f"refused: {text}")
        if '"id":"go"' in text:
            self.ready += 1
        if '"type":"Changes"' not in text or '"offer/' not in text:
            return
        now_ms = time.time() * 1000
        frame = json.loads(text)
        for key, document in frame["put"].items():
            if key.startswith("offer/"):
                self.offers.append((now_ms, now_ms - document["asked_ms"], now_ms - frame["server_ms"]))

    async def run(self, pipe: Pipe) -> None:
        tasks = []
        for number in self._numbers:
            tasks.append(asyncio.create_task(self.one(number)))
            await asyncio.sleep(0.004)
        while self.ready < len(self._numbers):
            await asyncio.sleep(0.1)
            for task in tasks:
                if task.done():
                    task.result()
        pipe.send("ready")
        while not pipe.poll():
            await asyncio.sleep(0.2)
        pipe.send(self.offers)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _to_gateway() -> connect:
    """By the file, as the front door brings browsers on one machine, or by the port."""
    path = os.environ.get(FILE)
    options: dict[str, Any] = {"compression": None, "ping_interval": None, "open_timeout": 120}
    return unix_connect(path, URL, **options) if path else connect(URL, **options)


def browsers_process(pipe: Pipe, key: bytes, numbers: Sequence[int]) -> None:
    asyncio.run(Browsers(key, numbers).run(pipe))


# --- the run ----------------------------------------------------------------------------------------------------------


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


Measure = Callable[[argparse.Namespace, bytes, Path, int], Awaitable[bool]]


async def run(options: argparse.Namespace, measured: Measure | None = None) -> bool:
    """Whether what was measured, with a switch of its own, reaches its target."""
    key = os.urandom(32)
    with tempfile.TemporaryDirectory(prefix="live1800-") as directory:
        environment = {
            **environment_of("switch", os.environ),  # as the supervisor starts it
            "HOTLINE_DATA_DIR": directory,
            "HOTLINE_SWITCH_PORT": str(PORT),
            "HOTLINE_SECRET_LIVE_TOKEN": key.hex(),
            "HOTLINE_LOG_LEVEL": "WARNING",
        }
        if not options.by_port:
            os.environ[FILE] = str(Path(directory) / "run" / "live.sock")
        switch = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hotline.entrypoints", "role", "switch"), env=environment, stdin=subprocess.DEVNULL
        )
        try:
            return await (measured or measure)(options, key, Path(directory) / "run" / "switch.sock", switch.pid)
        finally:
            switch.terminate()
            await switch.wait()


async def log_in_browsers(
    options: argparse.Namespace, key: bytes, work: Callable[..., None]
) -> tuple[list[Pipe], list[SpawnProcess]]:
    """Pipes to the processes in which `work` plays the agents' browsers, and these, once everybody is available."""
    context = get_context("spawn")
    pipes: list[Pipe] = []
    processes: list[SpawnProcess] = []
    for share in range(options.processes):
        ours, theirs = context.Pipe()
        numbers = range(share, options.agents, options.processes)
        process = context.Process(target=work, args=(theirs, key, numbers), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        while not pipe.poll():
            await asyncio.sleep(0.1)
        pipe.recv()
    return pipes, processes


async def measure(options: argparse.Namespace, key: bytes, socket: Path, pid: int) -> bool:
    node = LoadNode(TENANT, [f"queue-{number}" for number in range(QUEUES)], RING_S, options.talk)
    await node.connect(socket)
    await node.apply(configuration(options.agents))
    pipes, processes = await log_in_browsers(options, key, browsers_process)
    print(f"{options.agents} browsers are logged in and available", flush=True)

    idle_from = cpu_s(pid)
    await asyncio.sleep(_IDLE_S)
    idle_share = (cpu_s(pid) - idle_from) / _IDLE_S

    calling = asyncio.create_task(node.call(options.rate, options.warm_up + options.seconds))
    await asyncio.sleep(options.warm_up)
    started_ms, cpu_from, calls_from = time.time() * 1000, cpu_s(pid), node.queued
    await asyncio.sleep(options.seconds)
    ended_ms, cpu, calls = time.time() * 1000, cpu_s(pid) - cpu_from, node.queued - calls_from
    await calling
    offers = []
    for pipe in pipes:
        pipe.send("stop")
        while not pipe.poll():
            await asyncio.sleep(0.1)
        offers += [offer for offer in pipe.recv() if started_ms <= offer[0] <= ended_ms]
    for process in processes:
        process.join(10)
    await node.close()
    return report(options, node, offers, cpu, calls, idle_share)


def report(
    options: argparse.Namespace,
    node: LoadNode,
    offers: list[tuple[float, float, float]],
    cpu: float,
    calls: int,
    idle_share: float,
) -> bool:
    asked, pushed = [offer[1] for offer in offers], [offer[2] for offer in offers]
    per_call_ms = 1000 * (cpu - idle_share * options.seconds) / max(1, calls)
    p99 = percentile(pushed, 0.99)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores (above the cores: trust only CPU figures)")
    print(f"calls {calls}, offers that popped {len(offers)}, refused commands {node.refused}, lost {node.missing()}")
    print(f"commit -> push in the browser  p50 {percentile(pushed, 0.5):6.1f} ms   p99 {p99:6.1f} ms   (p99 <= 50)")
    print(
        f"caller queued -> browser pops  p50 {percentile(asked, 0.5):6.1f} ms   p99 {percentile(asked, 0.99):6.1f} ms"
        "   (with commit; 5 / 50)"
    )
    print(f"switch CPU per call            {per_call_ms:6.2f} ms            (<= 1; heart-beats apart)")
    print(f"switch CPU for heart-beats     {100 * idle_share:6.1f} % of a core, {options.agents} pings each 2 s")
    print(
        f"switch CPU in all              {100 * cpu / options.seconds:6.1f} % of a core"
        f" at {calls / options.seconds:.0f} calls/s"
    )
    print(f"peer: {PEER}")
    return p99 <= TARGET_P99_MS and not node.refused and not node.missing()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=1800)
    parser.add_argument("--rate", type=float, default=40.0, help="calls per second")
    parser.add_argument("--seconds", type=float, default=60.0, help="measured, after the warm-up")
    parser.add_argument("--talk", type=float, default=TALK_S, help="seconds; shorter for runs with fewer agents")
    parser.add_argument("--warm-up", type=float, default=35.0, help="seconds until as many talk as will")
    parser.add_argument("--by-port", action="store_true", help="as from a front door on another machine")
    parser.add_argument("--processes", type=int, default=2, help="that hold the browsers")
    sys.exit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
