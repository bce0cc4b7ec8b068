"""1,800 agents signed in at 1,800 seats of two sites: are the counts right, and how soon does the floor see a change?

The switch, the browsers and the calls are those of live_1800.py; beside them supervisors watch the floor. Measured in
the watchers' own sockets, by the same clock: from asking to mark a seat until each watcher holds the seat as out of
order (and as usable again), and from an agent's change of state, as stamped by the switch, until it is on the floor.
The requirement (JS-03) is 1 s.

    .venv/bin/python benchmarks/seats_1800.py [--agents 1800] [--rate 20] [--marks 40] [--watchers 3]"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import live_1800
import msgspec
from _load_node import LoadNode
from live_1800 import QUEUES, RING_S, TENANT, URL, Browsers, cpu_s, log_in_browsers, percentile
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect

from hotline.kernel.signing import sign
from hotline.messages.configuration import RoutingConfiguration, SeatConfiguration, SiteConfiguration
from hotline.messages.live import Grant, LiveToken

SITES = ("nanjing", "huaian")
VISIBLE_MS = 1_000.0


def seat_id(number: int) -> str:
    return f"seat-{number}"


def configuration(agents: int) -> RoutingConfiguration:
    """That of live_1800 with a seat for each agent, every third at the second site, and ten more at each."""
    spare = {
        site: [SeatConfiguration(f"spare-{site}-{n}", f"R{n:03d}", None, True) for n in range(10)] for site in SITES
    }
    for number in range(agents):
        spare[SITES[number % 3 == 0]].append(SeatConfiguration(seat_id(number), f"A{number:04d}"))
    sites = tuple(
        SiteConfiguration(site_id=site, tenant_id=TENANT, name_zh=site, name_en=site, seats=tuple(spare[site]))
        for site in SITES
    )
    return replace(live_1800.configuration(agents), sites=sites)


class SeatedBrowsers(Browsers):
    """Agents who sign in at their seat."""

    def sign_in(self, number: int) -> dict[str, Any]:
        return {"seat_id": seat_id(number)}


def browsers_process(pipe: Pipe, key: bytes, numbers: Sequence[int]) -> None:
    asyncio.run(SeatedBrowsers(key, numbers).run(pipe))


class Watcher:
    """A supervisor before the floor: the store, when each seat last changed in it, and how old states were."""

    def __init__(self, key: bytes, number: int) -> None:
        live = LiveToken(
            user_id=f"sue-{number}",
            session_id="login",
            expires_at_ms=int(time.time() * 1000) + 3_600_000,
            agent_id=None,
            grants=(Grant(tenant_ids=(TENANT,), permissions=("floor.view", "floor.steer")),),
            name="Sue",
        )
        self._token = sign(msgspec.json.encode(live), key)
        self.store: dict[str, Any] = {}
        self.state_age_ms: list[float] = []
        self.refused = 0
        self.changed = asyncio.Event()
        self.socket: ClientConnection

    async def run(self) -> None:
        async with connect(URL, compression=None, ping_interval=None, max_size=None) as self.socket:
            await self.socket.send(json.dumps({"type": "Hello", "token": self._token, "boards": ["floor"]}))
            pinging = asyncio.create_task(self._ping())
            try:
                async for text in self.socket:
                    self._take(json.loads(text), time.time() * 1000)
            finally:
                pinging.cancel()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(2)
            await self.socket.send(json.dumps({"type": "Ping", "sent_ms": time.time() * 1000}))

    def _take(self, frame: dict[str, Any], now_ms: float) -> None:
        if frame["type"] == "Snapshot":
            self.store = frame["documents"]
        elif frame["type"] == "Changes":
            for key, document in frame["put"].items():
                former = self.store.get(key)
                if key.startswith("agent/") and former and former["since_ms"] != document["since_ms"]:
                    self.state_age_ms.append(now_ms - document["since_ms"])
                self.store[key] = document
            for key in frame["drop"]:
                self.store.pop(key, None)
        self.refused += frame["type"] == "Failed"
        self.changed.set()

    async def mark(self, seat: str, *, is_broken: bool) -> None:
        arguments = {"seat_id": seat, "is_broken": is_broken, "reason": "headset"}
        request = {"type": "Do", "id": f"{seat}-{is_broken}-{time.time_ns()}", "name": "MarkSeat"}
        await self.socket.send(json.dumps({**request, "arguments": arguments}))

    async def until_marked(self, seat: str, *, is_broken: bool) -> float:
        """When this watcher holds it so, in milliseconds."""
        while (self.store[f"seat/{seat}"]["fault"] is not None) != is_broken:
            self.changed.clear()
            await self.changed.wait()
        return time.time() * 1000

    def counts(self) -> dict[str, int]:
        """The seats of both sites as the floor counts them."""
        sites = [self.store[f"site/{site}"]["seats"] for site in SITES]
        return {name: sum(site[name] for site in sites) for name in ("free", "in_use", "broken")}


async def marked_and_told(watchers: list[Watcher], marks: int) -> list[float]:
    """Milliseconds from asking until each watcher sees it, for seats marked and made usable again in turn."""
    told: list[float] = []
    for number in range(marks):
        for is_broken in (True, False):
            asked_ms = time.time() * 1000
            await watchers[number % len(watchers)].mark(seat_id(number), is_broken=is_broken)
            waits = [watcher.until_marked(seat_id(number), is_broken=is_broken) for watcher in watchers]
            told += [seen - asked_ms for seen in await asyncio.wait_for(asyncio.gather(*waits), 30)]
            await asyncio.sleep(0.25)
    return told


async def measure(options: argparse.Namespace, key: bytes, socket: Path, pid: int) -> bool:
    node = LoadNode(TENANT, [f"queue-{number}" for number in range(QUEUES)], RING_S, options.talk)
    await node.connect(socket)
    await node.apply(configuration(options.agents))
    pipes, processes = await log_in_browsers(options, key, browsers_process)
    watchers = [Watcher(key, number) for number in range(options.watchers)]
    watching = [asyncio.create_task(watcher.run()) for watcher in watchers]
    while not all(watcher.store for watcher in watchers):
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    counts = [watcher.counts() for watcher in watchers]
    seconds = options.marks * 0.6 + 10
    calling = asyncio.create_task(node.call(options.rate, seconds))
    await asyncio.sleep(5)
    cpu_from, from_s = cpu_s(pid), time.time()
    told = await marked_and_told(watchers, options.marks)
    share = (cpu_s(pid) - cpu_from) / (time.time() - from_s)
    await calling
    after = [watcher.counts() for watcher in watchers]
    for pipe in pipes:
        pipe.send("stop")
        while not pipe.poll():
            await asyncio.sleep(0.1)
        pipe.recv()
    for process in processes:
        process.join(10)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    await node.close()
    right = {"free": 20, "in_use": options.agents, "broken": 0}
    is_right = all(count == right for count in (*counts, *after))
    return report(options, watchers, told, share, is_right)


def report(
    options: argparse.Namespace, watchers: list[Watcher], told: list[float], share: float, is_right: bool
) -> bool:
    ages = [age for watcher in watchers for age in watcher.state_age_ms]
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores (above the cores: trust only CPU figures)")
    verdict = "right" if is_right else "WRONG"
    print(f"{options.agents} agents at their seats; free, in use and broken, before and after the marks: {verdict}")
    for what, values in (("mark asked -> each watcher has it", told), ("agent's state -> floor", ages)):
        print(
            f"{what:34} p50 {percentile(values, 0.5):6.1f} ms   p99 {percentile(values, 0.99):6.1f} ms   "
            f"longest {max(values, default=float('nan')):6.1f} ms   of {len(values)}   (<= {VISIBLE_MS:.0f})"
        )
    print(f"switch CPU in all                  {100 * share:6.1f} % of a core at {options.rate:.0f} calls/s")
    refused = sum(watcher.refused for watcher in watchers)
    return is_right and not refused and bool(ages) and max(max(told), percentile(ages, 0.99)) <= VISIBLE_MS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=1800)
    parser.add_argument("--rate", type=float, default=20.0, help="calls per second")
    parser.add_argument("--marks", type=int, default=40, help="seats marked, and made usable again")
    parser.add_argument("--watchers", type=int, default=3, help="supervisors before the floor")
    parser.add_argument("--talk", type=float, default=28.0, help="seconds")
    parser.set_defaults(by_port=False)
    parser.add_argument("--processes", type=int, default=2, help="that hold the browsers")
    sys.exit(0 if asyncio.run(live_1800.run(parser.parse_args(), measure)) else 1)


if __name__ == "__main__":
    main()
