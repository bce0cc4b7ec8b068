"""Twenty calls per second through real Asterisk to SIPp agents, nothing lost: SIPp's own ledger is the judge.

    python benchmarks/asterisk_20cps.py [--rate 20] [--seconds 60] [--agents 200] [--talk-ms 4000]

Callers dial, are answered, hear music, are brought to the agent who has been idle longest, talk, and hang up. The
driver is the product's; only the choice of the agent is this script's. Needs the packages that `make test` installs."""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Coroutine
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hotline.kernel.ids import new_id  # noqa: E402 - the tests' parties are found through the path above
from hotline.messages.configuration import AgentDevice  # noqa: E402
from hotline.telephony.asterisk import AsteriskDriver  # noqa: E402
from hotline.telephony.contract import (  # noqa: E402
    DeviceUnavailableError,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegGoneError,
    LegRinging,
    PlatformConnected,
    VoiceEvent,
)
from hotline.telephony.provision import provide_installation  # noqa: E402
from tests.voice.bench import AsteriskBench  # noqa: E402
from tests.voice.sipp.party import sipp_program  # noqa: E402
from tests.voice.sipp.scenario import (  # noqa: E402
    HangUp,
    Wait,
    authentication,
    caller_scenario,
    register_scenario,
    telephone_scenario,
)

AGENTS_PORT = 15075
PEER = "prototype at 20 calls/s: 4 ms p50, 8 ms p99 from the caller's INVITE to the agent's, 0.18 cores (no recording)"


class Floor:
    """The agents, the callers who wait, and who talks with whom."""

    def __init__(self, driver: AsteriskDriver, users: list[str]) -> None:
        self._driver = driver
        self._idle = deque(users)
        self._waiting: deque[str] = deque()
        self._caller_of: dict[str, str] = {}  # agent's leg -> caller's leg
        self._leg_of: dict[str, str] = {}  # caller's leg -> agent's leg
        self._user_of: dict[str, str] = {}  # agent's leg -> SIP user
        self._arrived_ms: dict[str, int] = {}
        self.to_ring_ms: list[int] = []
        self.connected = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, event: VoiceEvent) -> None:
        match event:
            case LegArrived(leg_id=leg_id, at_ms=at_ms):
                self._arrived_ms[leg_id] = at_ms
                self._do(self._take(leg_id))
            case LegRinging(leg_id=leg_id, at_ms=at_ms):
                caller = self._caller_of.get(leg_id)
                if caller in self._arrived_ms:
                    self.to_ring_ms.append(at_ms - self._arrived_ms[caller])
            case LegAnswered(leg_id=leg_id) if leg_id in self._caller_of:
                self._do(self._join(leg_id))
            case LegEnded(leg_id=leg_id):
                self._do(self._end(leg_id))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, caller: str) -> None:
        await self._driver.answer(caller)
        await self._driver.start_music(caller)
        self._waiting.append(caller)
        await self._match()

    async def _match(self) -> None:
        while self._waiting and self._idle:
            caller, user, leg = self._waiting.popleft(), self._idle.popleft(), new_id()
            self._caller_of[leg], self._leg_of[caller], self._user_of[leg] = caller, leg, user
            try:
                await self._driver.ring_agent(leg, user, timeout_s=10, for_leg_id=caller)
            except (DeviceUnavailableError, LegGoneError):
                await self._end(leg)

    async def _join(self, leg: str) -> None:
        with contextlib.suppress(LegGoneError):
            await self._driver.join(f"b-{leg}", [self._caller_of[leg], leg])
            self.connected += 1

    async def _end(self, leg: str) -> None:
        other = self._leg_of.pop(leg, None)
        if other is not None:
            await self._driver.hang_up(other)
        if leg in self._user_of:
            self._idle.append(self._user_of.pop(leg))
            self._leg_of.pop(self._caller_of.pop(leg), None)
            await self._match()


async def measure(arguments: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as text:
        directory = Path(text)
        bench = AsteriskBench(directory, provide_installation(ROOT / "var/asterisk", print), rtp_ports=(20000, 23999))
        await bench.process.ensure_running()
        try:
            return await _measure(arguments, bench, directory)
        finally:
            os.kill(bench.process.pid or 0, signal.SIGKILL)


async def _measure(arguments: argparse.Namespace, bench: AsteriskBench, directory: Path) -> bool:
    users = [f"agent{number:04d}" for number in range(arguments.agents)]
    driver = bench.driver()
    await driver.start()
    floor = Floor(driver, users)
    is_connected = asyncio.Event()

    def hear(event: VoiceEvent) -> None:
        if isinstance(event, PlatformConnected):
            is_connected.set()
        floor.hear(event)

    driver.deliver(hear)
    await is_connected.wait()
    began = time.monotonic()
    await driver.set_devices([_device(user) for user in users])
    print(f"{len(users)} devices pushed in {time.monotonic() - began:.1f} s")
    await _register(users, bench, directory)
    agents = await _sipp(directory, "agents", telephone_scenario(100, "", (), None), ["-p", str(AGENTS_PORT)])
    total = arguments.rate * arguments.seconds
    scenario = caller_scenario((Wait(arguments.talk_ms), HangUp()), None, "13800000001")
    target = f"127.0.0.1:{bench.options.sip_port}"
    options = [target, "-s", "96120", "-r", str(arguments.rate), "-m", str(total), "-l", "100000"]
    before = _cpu_s(bench.process.pid or 0), time.process_time(), time.monotonic()
    callers = await _sipp(directory, "callers", scenario, options)
    status = await callers.wait()
    after = _cpu_s(bench.process.pid or 0), time.process_time(), time.monotonic()
    agents.kill()
    await agents.wait()
    await driver.close()
    return _report(floor, total, status, directory, [late - early for early, late in zip(before, after, strict=True)])


def _report(floor: Floor, total: int, status: int, directory: Path, used: list[float]) -> bool:
    ledger = re.findall(r"(Successful|Failed) call\s*\|\s*\d+\s*\|\s*(\d+)", (directory / "callers.out").read_text())
    counts = {name: int(count) for name, count in ledger}
    times = sorted(floor.to_ring_ms)
    p50, p99 = statistics.median(times), times[len(times) * 99 // 100]
    asterisk_s, ours_s, wall_s = used
    print(f"SIPp's ledger: {counts} of {total}; connected to an agent: {floor.connected}")
    print(f"caller's arrival to agent's ringing: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {times[-1]} ms")
    print(f"CPU: Asterisk {asterisk_s / wall_s:.2f} cores, driver {ours_s / wall_s:.2f} cores")
    print(f"target: nothing lost; peer: {PEER}")
    return status == 0 and counts == {"Successful": total, "Failed": 0} and floor.connected == total


async def _register(users: list[str], bench: AsteriskBench, directory: Path) -> None:
    """All within a second: Asterisk asks a new device for 2 s whether it is there, and they listen only afterwards."""
    names = directory / "users.csv"
    names.write_text("SEQUENTIAL\n" + "".join(f"{user};{authentication(user, 'pw-' + user)}\n" for user in users))
    scenario = register_scenario("[field0]", "[field1]", AGENTS_PORT, 3600)
    options = ["-inf", str(names), "-r", str(len(users)), "-m", str(len(users)), "-p", str(AGENTS_PORT)]
    process = await _sipp(directory, "register", scenario, [f"127.0.0.1:{bench.options.sip_port}", *options])
    if await process.wait() != 0:
        raise SystemExit("agents could not register:\n" + (directory / "register.out").read_text()[-2000:])


async def _sipp(directory: Path, name: str, scenario: str, options: list[str]) -> asyncio.subprocess.Process:
    (directory / f"{name}.xml").write_text(scenario)
    with (directory / f"{name}.out").open("wb") as output:
        return await asyncio.create_subprocess_exec(
            sipp_program(),
            *options,
            *("-sf", str(directory / f"{name}.xml"), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin"),
            stdout=output,
            stderr=output,
            cwd=directory,
        )


def _device(user: str) -> AgentDevice:
    return AgentDevice(user_id=user, agent_id=user, sip_user=user, sip_password=f"pw-{user}", kind="sip_phone")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--talk-ms", type=int, default=4000)
    return 0 if asyncio.run(measure(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
