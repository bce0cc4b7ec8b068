"""SIPp processes as callers and telephones. Each is its own process; `stop` ends exactly it."""

import asyncio
import contextlib
import functools
import shutil
import signal
from pathlib import Path

from tests.ports import PortRange, free_ports
from tests.voice.line import Line
from tests.voice.sipp.scenario import (
    Step,
    Transport,
    authentication,
    caller_scenario,
    device_call_scenario,
    register_scenario,
    telephone_scenario,
    write_tone_alaw,
)
from tests.voice.sipp.trace import SipMessage, read_trace

_PORTS_OF_A_PARTY = 8
_ENDS_WITHIN_S = 2.0
_TRANSPORTS: dict[Transport, list[str]] = {"udp": ["-t", "u1"], "tcp": ["-t", "t1"]}


def sipp_program() -> str:
    """Where SIPp is. Tests fail without it: the calls they promise could not be placed."""
    program = shutil.which("sipp")
    assert program is not None, "SIPp is missing: install the package sip-tester"
    return program


@functools.cache
def _media_ports() -> PortRange:
    """Of all parties of this process, one after the other: two that start together never meet."""
    return PortRange(800)


class Party:
    """One running SIPp."""

    def __init__(self, process: asyncio.subprocess.Process, directory: Path, name: str) -> None:
        self._process = process
        self._directory = directory
        self._name = name

    async def ended(self, seconds: float = 20.0) -> int:
        """SIPp's exit status when its call is over: 0 all as in the scenario, 1 a call failed."""
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def stop(self) -> None:
        """End the process. Its calls end without a word: SIPp 3.6 neither says goodbye nor ends when it is asked to
        during a call (SIGUSR1, once or often). Who needs a goodbye gives the scenario a `HangUp`."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _ENDS_WITHIN_S)
        await self.vanish()

    async def vanish(self) -> None:
        """End without a word, as a telephone whose power is cut."""
        self._signal(signal.SIGKILL)
        await self._process.wait()

    def freeze(self) -> None:
        """From now on it neither answers nor sends, and no port says that nobody is there: a broken line."""
        self._signal(signal.SIGSTOP)

    def messages(self) -> list[SipMessage]:
        """What it has sent and received, with SIPp's stamps."""
        path = self._directory / f"{self._name}.msg"
        return read_trace(path.read_text(errors="replace")) if path.exists() else []

    def _signal(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def said(self) -> str:
        """What SIPp printed and logged, to tell why a test failed."""
        files = sorted(self._directory.glob(f"{self._name}*"))
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')[-2000:]}" for file in files)


class SippBench:
    """Starts SIPp parties against one SIP port of this machine."""

    def __init__(self, directory: Path, sip_port: int) -> None:
        self._directory = directory
        self._sip_port = sip_port
        self._count = 0
        self._parties: list[Party] = []
        self._lines: list[Line] = []

    async def call(
        self,
        called: str,
        *steps: Step,
        caller: str = "13800000001",
        tone_hz: int | None = None,
        transport: Transport = "udp",
        port: int | None = None,
        as_device: tuple[str, str] | None = None,
        from_address: str = "127.0.0.1",
        media_port: int | None = None,
    ) -> Party:
        """A caller from the trunk dials `called` and does the steps once the call is up; or an agent's device (SIP user
        and password) dials it. With `media_port` another socket (`tests.voice.line`) speaks and hears."""
        name = self._name("caller")
        scenario = caller_scenario(steps, self._tone(tone_hz), caller, media_port)
        if as_device is not None:
            scenario = device_call_scenario(steps, *as_device)
        options = ["-s", called, "-m", "1", "-recv_timeout", "120000", *_TRANSPORTS[transport]]
        return await self._run(name, scenario, [f"127.0.0.1:{self._sip_port}", *options], port, from_address)

    async def line(self, tone_hz: int, keys: str = "", first_sequence: int = 1) -> Line:
        """Ear and mouth of one party: give its port to `call` or `telephone`."""
        line = await Line.open(self._directory, tone_hz, keys, first_sequence=first_sequence)
        self._lines.append(line)
        return line

    async def telephone(
        self,
        port: int,
        *steps: Step,
        answer_after_ms: int | None = 100,
        refusal: str = "",
        tone_hz: int | None = None,
        media_port: int | None = None,
    ) -> Party:
        """A telephone (or a carrier) that takes calls at the port, until it is stopped. Sound as with `call`."""
        name = self._name("telephone")
        scenario = telephone_scenario(answer_after_ms, refusal, steps, self._tone(tone_hz), media_port)
        return await self._run(name, scenario, [], port)

    async def register(self, user: str, password: str, contact_port: int, expires_s: int = 120) -> None:
        """From the telephone's own port, before it listens there: Asterisk answers to where it came from."""
        name = self._name("register")
        scenario = register_scenario(user, authentication(user, password), contact_port, expires_s)
        party = await self._run(name, scenario, [f"127.0.0.1:{self._sip_port}", "-m", "1"], contact_port)
        assert await party.ended() == 0, f"{user} could not register:\n{party.said()}"

    async def close(self) -> None:
        await asyncio.gather(*(party.stop() for party in self._parties))
        for line in self._lines:
            line.close()

    async def _run(
        self, name: str, scenario: str, options: list[str], port: int | None, address: str = "127.0.0.1"
    ) -> Party:
        path = self._directory / f"{name}.xml"
        path.write_text(scenario)
        media = _media_ports().take(_PORTS_OF_A_PARTY)
        with (self._directory / f"{name}.out").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sipp_program(),
                *options,
                *("-sf", str(path), "-i", address, "-mi", address, "-mp", str(media), "-nostdin"),
                *("-trace_err", "-error_file", str(self._directory / f"{name}.err")),
                *("-trace_msg", "-message_file", str(self._directory / f"{name}.msg")),
                *("-p", str(port or free_ports(1)[0])),
                stdout=output,
                stderr=output,
                cwd=self._directory,
            )
        party = Party(process, self._directory, name)
        self._parties.append(party)
        return party

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    def _tone(self, frequency: int | None) -> Path | None:
        if frequency is None:
            return None
        path = self._directory / f"tone-{frequency}.alaw"
        return path if path.exists() else write_tone_alaw(path, frequency)
