"""Asterisk's own app_queue and our node and switch, in turn on one Asterisk, with the same 1,800 telephones.

That Asterisk has all devices as members of an app_queue (strategy leastrecent, as our longest idle) and hands other
numbers to the node. SIPp plays the callers and the telephones, which ring 100 ms, talk and hang up. It stamps what it
sends and gets, so both sides are judged by one clock: a caller's INVITE to the INVITE at a telephone, and a telephone's
BYE to its next INVITE while others wait. From a contact's queueing, as the switch's log dates it, to the INVITE at the
telephone is ours alone: what is before it, Asterisk's answer and the flow, belongs to no queue. CPU is that of the
processes; what they use without calls (the devices are asked every five seconds whether they are there) is taken off.
No sound flows, nothing is recorded. In place of web a small server answers the node at once: it knows no caller and
takes every fact.

    .venv/bin/python benchmarks/beside_app_queue.py [--members 1800] [--rate 40] [--seconds 20] [--free 50]"""

import argparse
import asyncio
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402 - the tests' parties are found through the path above
from _load_node import LoadNode, now_ms  # noqa: E402
from _stamped_parties import Parties, user  # noqa: E402
from aiohttp import web  # noqa: E402

from hotline.entrypoints.large_pages import environment_of  # noqa: E402
from hotline.kernel.ids import new_id  # noqa: E402
from hotline.kernel.sealing import Keyring  # noqa: E402
from hotline.kernel.settings import load_settings  # noqa: E402
from hotline.live.node.configuration import keep_copy  # noqa: E402
from hotline.live.switch.log import open_reader  # noqa: E402
from hotline.messages.configuration import (  # noqa: E402
    AgentConfiguration,
    AgentDevice,
    EntryPointConfiguration,
    FlowConfiguration,
    NodeConfiguration,
    QueueConfiguration,
    RoutingConfiguration,
)
from hotline.messages.routing import ContactOffered, ContactQueued, SetAgentState, SignIn  # noqa: E402
from hotline.telephony.asterisk_configuration import FALLBACK_MEMBERS_FILE  # noqa: E402
from hotline.telephony.asterisk_process import AsteriskProcess  # noqa: E402
from hotline.telephony.opening import asterisk_options, find_installation  # noqa: E402
from tests.ports import PortRange, free_ports  # noqa: E402

TENANT, QUEUE = "tenant-1", "queue-1"
OURS, ALL, FEW = "96120", "96130", "96140"  # dialled: the node; app_queue with everybody; app_queue, most paused
TALK_MS, BACKLOG_TALK_MS = 1_500, 4_000
_SEEN_S = 8.0  # until every telephone was asked whether it is there
PEER = "measured before (load 5-15): app_queue 98 / 1029 ms at 1,800 and 40/s, freed agent to next caller about 510 ms"


class Round(NamedTuple):
    """What one side did with one load."""

    calls: int
    waits_ms: list[float]
    next_rings_ms: list[float]
    cpu_ms: dict[str, float]  # of a call, by process, without what is used when nobody calls
    failed: int
    queued_ms: list[float]  # from the queueing to the telephone's INVITE; empty for app_queue


async def _reload(session: aiohttp.ClientSession, module: str) -> None:
    """Let Asterisk read a module's settings anew; it refuses (409) while the node has it read others."""
    for attempt in range(20):
        async with session.put(f"/ari/asterisk/modules/{module}") as answer:
            if answer.status != 409 or attempt == 19:
                answer.raise_for_status()
                return
        await asyncio.sleep(0.5)


# --- the house --------------------------------------------------------------------------------------------------------


def node_configuration(members: int) -> NodeConfiguration:
    """One number that leads straight into the queue, and everybody's telephone."""
    flow = {"first_step": "queue", "steps": {"queue": {"kind": "queue", "queue_id": QUEUE}}}
    return NodeConfiguration(
        version=1,
        entry_points=(
            EntryPointConfiguration(
                entry_point_id="entry-1",
                tenant_id=TENANT,
                address=OURS,
                channel="voice",
                flow_id="flow-1",
                language="zh",
                recording="none",
                fallback_queue_id=QUEUE,
                is_simulated=False,
            ),
        ),
        flows=(FlowConfiguration(flow_id="flow-1", version=1, definition=flow),),
        devices=tuple(
            AgentDevice(
                user_id=user(number),
                agent_id=user(number),
                sip_user=user(number),
                sip_password=f"pw-{user(number)}",
                kind="sip_phone",
            )
            for number in range(members)
        ),
        prompts=(),
        queue_names={},
        outbound_allow=(),
        emergency_numbers=(),
    )


def routing_configuration(members: int) -> RoutingConfiguration:
    queue = QueueConfiguration(
        queue_id=QUEUE,
        tenant_id=TENANT,
        name_zh="队列",
        name_en="Queue",
        skills=(("skill", 1),),
        wrap_up_s=0,
        is_wrap_up_automatic=True,
    )
    agents = tuple(
        AgentConfiguration(
            agent_id=user(number),
            user_id=user(number),
            tenant_ids=(TENANT,),
            name=user(number),
            team_id=None,
            skills=(("skill", 5),),
        )
        for number in range(members)
    )
    return RoutingConfiguration(version=1, queues=(queue,), agents=agents, away_reasons=("lunch",))


class Web:
    """Answers the node's questions in web's place: whoever calls is unknown, each fact is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        application = web.Application()
        application.router.add_get("/internal/node-configuration", self._is_unchanged)
        application.router.add_post("/internal/lookup", self._know_nothing)
        application.router.add_post("/internal/facts", self._accept)
        self._runner = web.AppRunner(application, access_log=None)

    async def open(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _is_unchanged(self, _request: web.Request) -> web.Response:
        return web.Response(status=304)

    async def _know_nothing(self, _request: web.Request) -> web.Response:
        return web.json_response({})

    async def _accept(self, request: web.Request) -> web.Response:
        return web.json_response({"accepted": [fact["fact_id"] for fact in await request.json()]})


class House:
    """Switch, node and Asterisk in processes of their own, with everybody signed in."""

    def __init__(self, directory: Path, members: int) -> None:
        self.members = members
        self.switch_port, self.web_port, self.http_port, self.sip_port, tls = free_ports(5)
        self._media = PortRange(4_000)
        os.environ |= {
            "HOTLINE_DATA_DIR": str(directory / "house"),
            "HOTLINE_ASTERISK_DIR": str(ROOT / "var" / "asterisk"),
            "HOTLINE_SWITCH_PORT": str(self.switch_port),
            "HOTLINE_WEB_PORT": str(self.web_port),
            "HOTLINE_ASTERISK_HTTP_PORT": str(self.http_port),
            "HOTLINE_SIP_PORT": str(self.sip_port),
            "HOTLINE_SIP_TLS_PORT": str(tls),
            "HOTLINE_RTP_PORT_LOW": str(self._media.low),
            "HOTLINE_RTP_PORT_HIGH": str(self._media.high),
            "HOTLINE_LOG_LEVEL": "ERROR",
        }
        self.settings = load_settings()
        self._asterisk = AsteriskProcess(asterisk_options(self.settings), find_installation(self.settings))
        self._roles: list[subprocess.Popen[bytes]] = []
        self._desk = LoadNode(TENANT, [QUEUE], 0.0, 0.0)
        self._web = Web(self.web_port)

    async def open(self) -> None:
        settings = self.settings
        copy = settings.data_dir / "nodes" / settings.node_id / "configuration.sealed"
        keep_copy(copy, node_configuration(self.members), Keyring({"k1": settings.secret("keyring")}))
        await self._web.open()
        self._roles = [_started(role) for role in ("switch", "node")]
        await self._desk.connect(settings.switch_socket)
        await self._desk.apply(routing_configuration(self.members))
        await self._wait_for_devices()
        signing_in = (
            SignIn(command_id=new_id(), at_ms=now_ms(), agent_id=user(number), session_id=f"bench-{number}")
            for number in range(self.members)
        )
        await asyncio.gather(*(self._desk.send(command) for command in signing_in))

    async def _wait_for_devices(self) -> None:
        """Until Asterisk knows every telephone: the queue's members are written then."""
        path = asterisk_options(self.settings).etc_dir / FALLBACK_MEMBERS_FILE
        for _ in range(600):
            if path.exists() and path.read_text("ascii").count("member") == self.members:
                return
            await asyncio.sleep(0.2)
        raise SystemExit("Asterisk did not learn the devices within two minutes: look at the node's log above")

    async def add_app_queues(self, free: int) -> None:
        """Asterisk's own queues beside ours: one with everybody, one in which all but some are paused."""
        etc = asterisk_options(self.settings).etc_dir
        common = "strategy = leastrecent\ntimeout = 10\nretry = 1\nringinuse = no\nwrapuptime = 0\njoinempty = yes\n"
        paused = [",0,,,no,0,yes" if number >= free else "" for number in range(self.members)]
        few = "".join(f"member => PJSIP/{user(number)}{state}\n" for number, state in enumerate(paused))
        with (etc / "queues.conf").open("a") as file:
            file.write(f"[all]\n{common}#include {FALLBACK_MEMBERS_FILE}\n[few]\n{common}{few}")
        dialled = "".join(
            f"exten => {number},1,Answer(,i)\n same => n,Queue({name},,,,60)\n same => n,Hangup()\n"
            for number, name in ((ALL, "all"), (FEW, "few"))
        )
        path = etc / "extensions.conf"
        path.write_text(path.read_text().replace("[from-trunk]\n", f"[from-trunk]\n{dialled}"))
        options = asterisk_options(self.settings)
        headers = {"Authorization": aiohttp.encode_basic_auth(options.user, options.password)}
        async with aiohttp.ClientSession(options.base_url, headers=headers) as session:
            for module in ("app_queue.so", "pbx_config.so"):
                await _reload(session, module)

    async def set_free(self, free: int) -> None:
        """So many agents are available, the others away."""
        await asyncio.gather(*(self._set_state(number, number < free) for number in range(self.members)))

    async def _set_state(self, number: int, is_available: bool) -> None:
        state, reason_id = ("available", None) if is_available else ("away", "lunch")
        at_ms, agent_id = now_ms(), user(number)
        change: Any = {"state": state, "reason_id": reason_id}
        await self._desk.send(SetAgentState(command_id=new_id(), at_ms=at_ms, agent_id=agent_id, **change))

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds so far, by process."""
        switch, node = self._roles
        pids = {"Asterisk": self._asterisk.pid or 0, "node": node.pid, "switch": switch.pid}
        return {name: _cpu_s(pid) for name, pid in pids.items()}

    def queued_to_rung_ms(self, since_ms: int, rings: dict[str, list[float]]) -> list[float]:
        """How long it took to ring of those who were queued since then, the first offer of each, ascending."""
        reader = open_reader(self.settings)
        queued: dict[str, int] = {}
        found = []
        seq = 0
        while entries := reader.read_after(self.settings.pool, seq, 1000):
            seq = entries[-1].seq
            for event in (event for entry in entries for event in entry.events if event.at_ms >= since_ms):
                if isinstance(event, ContactQueued):
                    queued[event.contact_id] = event.at_ms
                elif isinstance(event, ContactOffered) and event.contact_id in queued:
                    at_ms = queued.pop(event.contact_id)
                    found += [1000 * at - at_ms for at in rings.get(event.agent_id, ()) if 1000 * at >= at_ms][:1]
        reader.close()
        return sorted(found)

    async def close(self) -> None:
        with contextlib.suppress(AttributeError):  # it may never have connected
            await self._desk.close()
        pid = self._asterisk.pid
        for role in reversed(self._roles):
            role.terminate()
            role.wait(20)
        await self._web.close()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def _started(role: str) -> "subprocess.Popen[bytes]":
    command = (sys.executable, "-m", "hotline.entrypoints", "role", role)
    return subprocess.Popen(command, env=environment_of(role, os.environ), stdin=subprocess.DEVNULL)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- the run ----------------------------------------------------------------------------------------------------------


async def play(house: House, parties: Parties, number: str, rate: int, calls: int, talk_ms: int) -> Round:
    """One load on one side."""
    await parties.register()
    async with parties.telephones(talk_ms):
        await asyncio.sleep(_SEEN_S)
        idle, idle_s = house.cpu_s(), time.monotonic()
        await asyncio.sleep(5)
        before, began_s, began_ms = house.cpu_s(), time.monotonic(), now_ms()
        idle_s = began_s - idle_s
        failed, stamps = await parties.call(number, rate, calls)
        after, seconds = house.cpu_s(), time.monotonic() - began_s
    waits = [1000 * (stamps.rung[one] - at) for one, at in stamps.asked.items() if one in stamps.rung]
    without = {name: (before[name] - idle[name]) / idle_s * seconds for name in idle}
    cpu = {name: 1000 * (after[name] - before[name] - without[name]) / calls for name in idle}
    queued = house.queued_to_rung_ms(began_ms, stamps.rings)
    return Round(calls, sorted(waits), sorted(stamps.next_rings_ms), cpu, failed, queued)


def _p(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def report(name: str, theirs: Round, ours: Round, what: str) -> None:
    """Two lines side by side, and how many times longer theirs takes."""
    for side, one in (("app_queue", theirs), ("node + switch", ours)):
        values = one.waits_ms if what == "waits" else one.next_rings_ms
        parts = ", ".join(f"{process} {ms:.1f}" for process, ms in one.cpu_ms.items())
        print(
            f"{name:34s} {side:14s} p50 {_p(values, 0.5):7.1f}  p99 {_p(values, 0.99):7.1f} ms  of {len(values):4d}"
            f"   CPU of a call {sum(one.cpu_ms.values()):5.1f} ms ({parts})   failed {one.failed} of {one.calls}"
        )
    a, b = (one.waits_ms if what == "waits" else one.next_rings_ms for one in (theirs, ours))
    if a and b:
        print(
            f"{'':34s} app_queue / ours: p50 {statistics.median(a) / statistics.median(b):.1f},"
            f" p99 {_p(a, 0.99) / _p(b, 0.99):.1f},"
            f" CPU {sum(theirs.cpu_ms.values()) / sum(ours.cpu_ms.values()):.2f}",
            flush=True,
        )


async def run(options: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="beside-") as text:
        directory = Path(text)
        house = House(directory, options.members)
        parties = Parties(directory, house.sip_port, options.members)
        try:
            await house.open()
            await house.add_app_queues(options.free)
            await house.set_free(options.members)
            return await measure(options, house, parties)
        finally:
            parties.close()
            await house.close()


async def measure(options: argparse.Namespace, house: House, parties: Parties) -> bool:
    calls = options.rate * options.seconds
    print(f"{options.members} telephones, {options.rate} calls/s for {options.seconds} s", flush=True)
    theirs = await play(house, parties, ALL, options.rate, calls, TALK_MS)
    ours = await play(house, parties, OURS, options.rate, calls, TALK_MS)
    report("caller asks -> free agent rings", theirs, ours, "waits")
    queued = ours.queued_ms
    p50, p99 = _p(queued, 0.5), _p(queued, 0.99)
    print(f"of that, queued -> free agent rings: p50 {p50:.1f}  p99 {p99:.1f} ms  of {len(queued)}", flush=True)
    await house.set_free(options.free)
    backlog, rate = 4 * options.free, max(1, 2 * options.free * 1000 // BACKLOG_TALK_MS)  # twice what they can take
    late_theirs = await play(house, parties, FEW, rate, backlog, BACKLOG_TALK_MS)
    late_ours = await play(house, parties, OURS, rate, backlog, BACKLOG_TALK_MS)
    report(f"agent hangs up -> next one rings ({options.free} free)", late_theirs, late_ours, "next")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores (above the cores: trust ratios and CPU)")
    print(f"peer, {PEER}")
    return not (ours.failed or late_ours.failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=1800)
    parser.add_argument("--rate", type=int, default=40, help="calls per second")
    parser.add_argument("--seconds", type=int, default=20, help="in which calls come, agents being free")
    parser.add_argument("--free", type=int, default=50, help="agents of the second load, in which callers wait")
    return 0 if asyncio.run(run(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
