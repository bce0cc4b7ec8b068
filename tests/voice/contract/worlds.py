"""Two worlds in which the same contract tests run: the simulated platform, and a real Asterisk with SIPp parties."""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hotline.kernel.clock import SystemClock
from hotline.messages.configuration import AgentDevice
from hotline.telephony.contract import (
    EndCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    PlatformConnected,
    RecordingFinished,
    VoiceDriver,
    VoiceEvent,
)
from hotline.telephony.simulated import SimulatedDriver
from hotline.telephony.simulated_platform import PartyScript, SimulatedPlatform
from hotline.telephony.simulated_recording import SimulatedRecordings
from hotline.telephony.timers import LoopTimers
from tests.ports import free_ports
from tests.tones import read_channels, steady_level
from tests.voice.bench import AsteriskBench
from tests.voice.sipp.party import SippBench
from tests.voice.sipp.scenario import HangUp, Press, Step, Wait

E = TypeVar("E")
LIMIT_S = 25.0
_SIP_REFUSALS: dict[EndCause, str] = {"busy": "486 Busy Here", "rejected": "603 Decline"}
_ids = itertools.count(1)


def fresh(name: str) -> str:
    """A name that no other test has used."""
    return f"{name}-{next(_ids)}"


class EventLog:
    """What a driver has told, in order."""

    def __init__(self, driver: VoiceDriver) -> None:
        self.events: list[VoiceEvent] = []
        self._news = asyncio.Event()
        driver.deliver(self._hear)

    def _hear(self, event: VoiceEvent) -> None:
        self.events.append(event)
        self._news.set()

    async def until(self, kind: type[E], seconds: float = LIMIT_S, **fields: object) -> E:
        """The first event of this kind with these fields, past or to come."""

        def found() -> E | None:
            return next((event for event in self.events if isinstance(event, kind) and _has(event, fields)), None)

        try:
            async with asyncio.timeout(seconds):
                while found() is None:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} with {fields} within {seconds:g} s, but {self.events}") from None
        event = found()
        assert event is not None
        return event

    def of_leg(self, leg_id: str) -> list[VoiceEvent]:
        return [event for event in self.events if getattr(event, "leg_id", None) == leg_id]


def _has(event: object, fields: dict[str, object]) -> bool:
    return all(getattr(event, name, None) == value for name, value in fields.items())


class World(Protocol):
    """What a contract test may ask of the parties at the far ends."""

    driver: VoiceDriver
    log: EventLog

    async def call(
        self, called: str, *steps: Step, caller: str = "13800000001", voice_hz: int | None = None
    ) -> None: ...

    async def device(
        self,
        sip_user: str,
        *steps: Step,
        answer_after_ms: int | None = 100,
        refusal: EndCause | None = None,
        voice_hz: int | None = None,
        first_packet: int | None = None,
    ) -> None:
        """A connected device that takes calls so; its last step may be to hang up. The packets of its voice, where
        there are packets, are numbered from `first_packet`."""
        ...

    async def carrier(self, number: str, answer_after_ms: int, voice_hz: int | None = None) -> None:
        """The outside number answers."""
        ...

    async def resume(self, sip_user: str) -> None:
        """The device dials `resume`."""
        ...

    async def disconnect(self, sip_user: str) -> None:
        """The device is gone: it takes back its registration."""
        ...

    async def reopen(self) -> None:
        """The node's process is ended and another started: a new driver, the same platform."""
        ...

    async def shut(self) -> None:
        """The node's process is ended."""
        ...

    async def crash(self) -> None: ...

    async def restore(self) -> None: ...


class _Common:
    driver: VoiceDriver
    log: EventLog

    def __init__(self, devices: list[str]) -> None:
        self.devices = [
            AgentDevice(user_id=user, agent_id=user, sip_user=user, sip_password="pw-" + user, kind="sip_phone")
            for user in devices
        ]

    async def open(self, driver: VoiceDriver) -> None:
        self.driver = driver
        self.log = EventLog(driver)
        await driver.start()
        await self.log.until(PlatformConnected)
        await driver.set_devices(self.devices)
        await driver.set_dialable(("0532", "139"), ("110", "120"))

    async def shut(self) -> None:
        await self.driver.close()


class SimulatedWorld(_Common):
    def __init__(self, directory: Path, devices: list[str]) -> None:
        super().__init__(devices)
        self.platform = SimulatedPlatform(SystemClock(), LoopTimers())
        self._recordings = SimulatedRecordings(self.platform, directory)
        self._steps: dict[str, tuple[Step, ...]] = {}
        self.platform.observe(self._begin_steps)
        for device in devices:
            self.platform.set_script(device, PartyScript(is_reachable=False))

    def new_driver(self) -> VoiceDriver:
        return SimulatedDriver(self.platform, self._recordings)

    async def reopen(self) -> None:
        await self.shut()
        await self.open(self.new_driver())

    async def call(self, called: str, *steps: Step, caller: str = "13800000001", voice_hz: int | None = None) -> None:
        shown = None if caller == "anonymous" else caller
        leg_id = self.platform.place_call(called, shown, voice_hz=voice_hz)
        self._steps[leg_id] = steps

    async def device(
        self,
        sip_user: str,
        *steps: Step,
        answer_after_ms: int | None = 100,
        refusal: EndCause | None = None,
        voice_hz: int | None = None,
        first_packet: int | None = None,
    ) -> None:
        hang_up_after_ms = (
            sum(step.duration_ms for step in steps if isinstance(step, Wait)) if HangUp() in steps else None
        )
        script = PartyScript(
            answer_after_ms=answer_after_ms, refusal=refusal, hang_up_after_ms=hang_up_after_ms, voice_hz=voice_hz
        )
        self.platform.set_script(sip_user, script)

    async def carrier(self, number: str, answer_after_ms: int, voice_hz: int | None = None) -> None:
        self.platform.set_script(number, PartyScript(answer_after_ms=answer_after_ms, voice_hz=voice_hz))

    async def resume(self, sip_user: str) -> None:
        self.platform.call_resume(sip_user)

    async def disconnect(self, sip_user: str) -> None:
        self.platform.set_script(sip_user, PartyScript(is_reachable=False))

    async def crash(self) -> None:
        self.platform.crash()

    async def restore(self) -> None:
        self.platform.restore()

    async def end_everything(self) -> None:
        """The platform ends with the test."""

    def _begin_steps(self, event: VoiceEvent) -> None:
        if not isinstance(event, LegAnswered):
            return
        delay_ms = 0
        for step in self._steps.pop(event.leg_id, ()):
            delay_ms += step.duration_ms if isinstance(step, Wait) else 0
            if not isinstance(step, Wait):
                self.platform.timers.after(delay_ms, self._act(event.leg_id, step))

    def _act(self, leg_id: str, step: Step) -> Callable[[], None]:
        if isinstance(step, Press):
            return lambda: self.platform.press(leg_id, step.keys)
        return lambda: self.platform.hang_up(leg_id)


class AsteriskWorld(_Common):
    def __init__(self, bench: AsteriskBench, sipp: SippBench, devices: list[str]) -> None:
        super().__init__(devices)
        self._bench = bench
        self._sipp = sipp
        self._ports = dict(zip(devices, free_ports(len(devices)), strict=True))

    def new_driver(self) -> VoiceDriver:
        return self._bench.driver()

    async def reopen(self) -> None:
        await self.shut()
        await self.open(self.new_driver())

    async def call(self, called: str, *steps: Step, caller: str = "13800000001", voice_hz: int | None = None) -> None:
        await self._sipp.call(called, *steps, caller=caller, tone_hz=voice_hz)

    async def device(
        self,
        sip_user: str,
        *steps: Step,
        answer_after_ms: int | None = 100,
        refusal: EndCause | None = None,
        voice_hz: int | None = None,
        first_packet: int | None = None,
    ) -> None:
        port, line = self._ports[sip_user], None
        if voice_hz is not None and first_packet is not None:
            line = await self._sipp.line(voice_hz, first_sequence=first_packet)
        await self._sipp.register(sip_user, "pw-" + sip_user, port)
        await self._sipp.telephone(
            port,
            *steps,
            answer_after_ms=answer_after_ms,
            refusal=_SIP_REFUSALS[refusal] if refusal else "",
            tone_hz=None if line else voice_hz,
            media_port=line.port if line else None,
        )

    async def carrier(self, number: str, answer_after_ms: int, voice_hz: int | None = None) -> None:
        await self._sipp.telephone(self._bench.carrier_port, answer_after_ms=answer_after_ms, tone_hz=voice_hz)

    async def resume(self, sip_user: str) -> None:
        await self._sipp.call("resume", as_device=(sip_user, "pw-" + sip_user))

    async def disconnect(self, sip_user: str) -> None:
        (port,) = free_ports(1)
        await self._sipp.register(sip_user, "pw-" + sip_user, port, expires_s=0)

    async def crash(self) -> None:
        await self._bench.kill()

    async def restore(self) -> None:
        await self._bench.process.ensure_running()

    async def end_everything(self) -> None:
        await self._sipp.close()
        for leg in await self.driver.list_legs():
            await self.driver.hang_up(leg.leg_id)


AnyWorld = SimulatedWorld | AsteriskWorld


# --- what many tests do -----------------------------------------------------------------------------------------------


async def answered_call(world: World, called: str, *steps: Step, **options: Any) -> str:
    """The leg of a caller whom we have answered."""
    await world.call(called, *steps, **options)
    leg_id = (await world.log.until(LegArrived, called=called)).leg_id
    await world.driver.answer(leg_id)
    await world.log.until(LegAnswered, leg_id=leg_id)
    return leg_id


async def answered_agent(
    world: World, sip_user: str, *steps: Step, for_leg_id: str | None = None, **options: Any
) -> str:
    """The leg of a device that has answered."""
    await world.device(sip_user, *steps, **options)
    leg_id = fresh("agent-leg")
    await world.driver.ring_agent(leg_id, sip_user, timeout_s=10, for_leg_id=for_leg_id)
    await world.log.until(LegAnswered, leg_id=leg_id)
    return leg_id


async def tones_heard(world: World, leg_id: str, *tones: int, seconds: float = 1.0) -> dict[int, bool]:
    """Which of the tones the leg hears during the next second: its recording's right channel tells."""
    recording_id = fresh("ear")
    await world.driver.start_recording(recording_id, leg_id)
    await asyncio.sleep(seconds)
    await world.driver.stop_recording(recording_id)
    finished = await world.log.until(RecordingFinished, recording_id=recording_id)
    assert finished.path is not None, finished.failure
    rate, (_, heard) = read_channels(finished.path)
    return {tone: steady_level(heard, rate, tone) > 0.02 for tone in tones}


async def ended(world: World, leg_id: str) -> LegEnded:
    return await world.log.until(LegEnded, leg_id=leg_id)
