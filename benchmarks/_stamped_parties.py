"""SIPp callers and telephones that write down when they asked, were rung and hung up, for voice benchmarks."""

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.ports import free_ports
from tests.voice.sipp.party import sipp_program
from tests.voice.sipp.scenario import (
    HangUp,
    Wait,
    authentication,
    caller_scenario,
    register_scenario,
    telephone_scenario,
)

RING_MS = 100
_REGISTRATIONS_PER_S, _TRIES = 150, 3
_ENOUGH = 0.9  # of the telephones: most whose answer got lost on a busy machine are registered all the same
_LEAST_WAIT_S = 0.5  # who asked later may be on the way to somebody who is free
_STAMP = r"\S+\s\S+\s(\d+\.\d+)"  # SIPp's [timestamp]: date, time of day, seconds since 1970


class Telephones(NamedTuple):
    """What the parties stamped of one round, in seconds."""

    asked: dict[str, float]  # caller -> INVITE sent
    rung: dict[str, float]  # caller -> first INVITE at a telephone
    next_rings_ms: list[float]  # from a telephone's BYE to its next INVITE
    rings: dict[str, list[float]]  # telephone -> its INVITEs, ascending


def user(number: int) -> str:
    return f"agent{number:04d}"


def _stamped(scenario: str, step: str, message: str, *, is_before: bool = False) -> str:
    """The scenario with a line for SIPp's log beside its first step of that kind."""
    assert step in scenario, f"the scenario has no {step}"
    line = f'<nop><action><log message="{message}"/></action></nop>'
    return scenario.replace(step, f"{line}{step}" if is_before else f"{step}{line}", 1)


def telephone(talk_ms: int) -> str:
    """Rings, answers, talks, hangs up; says when it was rung for whom, and when it hung up."""
    text = telephone_scenario(RING_MS, "", (Wait(talk_ms), HangUp()), None)
    search = '<ereg regexp=".*" search_in="hdr" header="{0}:" assign_to="{1}"/>'
    text = text.replace(
        search.format("From", "remote"), search.format("From", "remote") + search.format("To", "self"), 1
    )
    text = text.replace('variables="remote"', 'variables="remote,self"', 1)
    text = _stamped(text, "</action></recv>", "rung [timestamp] [$self] by [$remote]")
    return _stamped(text, f'<pause milliseconds="{talk_ms}"/>', "left [timestamp] [$self]")


def caller() -> str:
    """Asks and stays until the other side hangs up; says when it asked."""
    text = caller_scenario((), None, "9[call_number]")
    return _stamped(text, '<send retrans="500">', "asked [timestamp] 9[call_number] .", is_before=True)


class Parties:
    """SIPp's processes and what they wrote."""

    def __init__(self, directory: Path, sip_port: int, members: int) -> None:
        self._directory, self._sip_port, self._members = directory, sip_port, members
        self._port, self._callers_port = free_ports(2)
        self._round = 0
        self._started: list[asyncio.subprocess.Process] = []

    async def register(self) -> None:
        """All telephones, anew: a registration lasts two minutes at most.

        A busy Asterisk asks twice who they are: only the first time counts."""
        users = [user(number) for number in range(self._members)]
        names = self._directory / "users.csv"
        names.write_text("SEQUENTIAL\n" + "".join(f"{one};{authentication(one, 'pw-' + one)}\n" for one in users))
        scenario = register_scenario("[field0]", "[field1]", self._port, 3600).replace(
            '<recv response="200"/>', '<recv response="401" optional="true"/><recv response="200"/>'
        )
        options = [f"127.0.0.1:{self._sip_port}", "-inf", str(names), "-m", str(len(users)), "-p", str(self._port)]
        options += ["-r", str(_REGISTRATIONS_PER_S), "-recv_timeout", "8000"]
        for _ in range(_TRIES):
            process = await self._sipp("register", scenario, options)
            await process.wait()
            if self._successes("register") >= _ENOUGH * len(users):
                return
        raise SystemExit("telephones could not register:\n" + self._said("register"))

    def _successes(self, name: str) -> int:
        """By SIPp's ledger."""
        found = re.findall(r"Successful call\s*\|\s*\d+\s*\|\s*(\d+)", self._said(name))
        return int(found[-1]) if found else 0

    @contextlib.asynccontextmanager
    async def telephones(self, talk_ms: int) -> AsyncIterator[None]:
        """They listen meanwhile."""
        self._round += 1
        name = f"telephones{self._round}"
        process = await self._sipp(name, telephone(talk_ms), ["-p", str(self._port), "-l", "100000"])
        try:
            yield
        finally:
            process.kill()
            await process.wait()

    async def call(self, number: str, rate: int, calls: int) -> tuple[int, Telephones]:
        """How many calls failed by SIPp's ledger, and the stamps."""
        name = f"callers{self._round}"
        options = [
            *(f"127.0.0.1:{self._sip_port}", "-s", number, "-r", str(rate), "-m", str(calls)),
            *("-l", "100000", "-p", str(self._callers_port), "-timeout", "120"),
        ]
        process = await self._sipp(name, caller(), options)
        await process.wait()
        await asyncio.sleep(1)
        return calls - self._successes(name), self._read(name)

    def _read(self, name: str) -> Telephones:
        asked = {who: at for at, who in _stamps(self._directory, name, r"asked {0} (9\d+) \.")}
        pattern = r"(rung|left) {0} [^\n]*?sip:(agent\d+)@([^\n]*)"
        found = _lines(self._directory, f"telephones{self._round}", pattern)
        events = sorted((float(stamp), kind, who, rest) for kind, stamp, who, rest in found)
        rung: dict[str, float] = {}
        rings: dict[str, list[float]] = {}
        for at, kind, telephone, rest in events:
            if kind == "rung":
                rings.setdefault(telephone, []).append(at)
                called = re.search(r"sip:(9\d+)@", rest)
                if called is not None:
                    rung.setdefault(called[1], at)
        waits = [(at, rung[who]) for who, at in asked.items() if who in rung]
        return Telephones(asked, rung, _next_rings_ms(events, waits), rings)

    async def _sipp(self, name: str, scenario: str, options: list[str]) -> asyncio.subprocess.Process:
        (self._directory / f"{name}.xml").write_text(scenario)
        with (self._directory / f"{name}.out").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sipp_program(),
                *options,
                *("-sf", str(self._directory / f"{name}.xml"), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin"),
                *("-trace_logs", "-log_file", str(self._directory / f"{name}.log")),
                stdout=output,
                stderr=output,
                cwd=self._directory,
            )
        self._started.append(process)
        return process

    def close(self) -> None:
        """End whoever still runs."""
        for process in self._started:
            if process.returncode is None:
                process.kill()

    def _said(self, name: str) -> str:
        return (self._directory / f"{name}.out").read_text(errors="replace")[-4000:]


def _next_rings_ms(events: list[tuple[float, str, str, str]], waits: list[tuple[float, float]]) -> list[float]:
    """From each hanging up to the same telephone's next ring, where somebody waited when it hung up."""
    freed: dict[str, float] = {}
    found = []
    for at, kind, who, _ in events:
        if kind == "left":
            if any(asked + _LEAST_WAIT_S < at < rung for asked, rung in waits):
                freed[who] = at
        elif who in freed:
            found.append(1000 * (at - freed.pop(who)))
    return found


def _lines(directory: Path, name: str, pattern: str) -> list[tuple[str, ...]]:
    path = directory / f"{name}.log"
    text = path.read_text(errors="replace") if path.exists() else ""
    return re.findall(pattern.format(_STAMP), text)


def _stamps(directory: Path, name: str, pattern: str) -> list[tuple[float, str]]:
    return [(float(stamp), rest) for stamp, rest in _lines(directory, name, pattern)]
