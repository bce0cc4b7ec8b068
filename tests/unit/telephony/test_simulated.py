"""The simulated platform under a stepped clock: every run is the same."""

from pathlib import Path

import pytest

from hotline.kernel.clock import FakeClock
from hotline.messages.configuration import AgentDevice
from hotline.telephony.contract import (
    DeviceUnavailableError,
    LegArrived,
    LegEnded,
    LegGoneError,
    PlatformDownError,
    PlaybackFinished,
    Tone,
    VoiceEvent,
)
from hotline.telephony.simulated import SimulatedDriver
from hotline.telephony.simulated_platform import PartyScript, SimulatedPlatform
from hotline.telephony.simulated_recording import SimulatedRecordings
from hotline.telephony.timers import SteppedTimers

START_MS = 1_772_000_000_000


class Bench:
    def __init__(self, directory: Path) -> None:
        self.clock = FakeClock(START_MS)
        self.timers = SteppedTimers(self.clock)
        self.platform = SimulatedPlatform(self.clock, self.timers)
        self.recordings = SimulatedRecordings(self.platform, directory)
        self.driver = SimulatedDriver(self.platform, self.recordings)
        self.told: list[VoiceEvent] = []
        self.platform.observe(self.told.append)

    async def open(self) -> None:
        await self.driver.start()
        device = AgentDevice(user_id="u", agent_id="a", sip_user="dev", sip_password="p", kind="simulated")
        await self.driver.set_devices([device])


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    await made.open()
    return made


async def one_run(directory: Path) -> list[VoiceEvent]:
    bench = Bench(directory)
    await bench.open()
    bench.platform.set_script("dev", PartyScript(answer_after_ms=1500, hang_up_after_ms=4000))
    caller = bench.platform.place_call("96120", "139")
    await bench.driver.answer(caller)
    await bench.driver.play(caller, [Tone((400,), 700)], "p")
    await bench.driver.ring_agent("agent", "dev", timeout_s=20)
    bench.timers.advance(2000)
    await bench.driver.join("b", [caller, "agent"])
    bench.timers.advance(10_000)
    return bench.told


async def test_two_runs_are_equal(tmp_path: Path) -> None:
    first, second = await one_run(tmp_path), await one_run(tmp_path)
    assert first == second
    assert [type(event).__name__ for event in first] == [
        "PlatformConnected",
        "LegArrived",
        "LegAnswered",
        "LegRinging",
        "PlaybackFinished",
        "LegAnswered",
        "LegEnded",
    ]
    assert [event.at_ms - START_MS for event in first] == [0, 0, 0, 0, 700, 1500, 5500]


async def test_device_without_a_script_waits_for_the_desk(bench: Bench) -> None:
    await bench.driver.ring_agent("agent", "dev", timeout_s=15)
    bench.timers.advance(5000)
    await bench.driver.answer_device("agent")
    bench.timers.advance(60_000)
    assert [leg.leg_id for leg in await bench.driver.list_legs()] == ["agent"]


async def test_unanswered_device_ends_at_the_ring_time(bench: Bench) -> None:
    await bench.driver.ring_agent("agent", "dev", timeout_s=15)
    bench.timers.advance(15_000)
    assert bench.told[-1] == LegEnded(at_ms=START_MS + 15_000, leg_id="agent", cause="no_answer", ended_by="us")


async def test_unreachable_device_is_refused_at_once(bench: Bench) -> None:
    bench.platform.set_script("dev", PartyScript(is_reachable=False))
    with pytest.raises(DeviceUnavailableError):
        await bench.driver.ring_agent("agent", "dev", timeout_s=15)


async def test_nothing_comes_of_a_leg_after_its_end(bench: Bench) -> None:
    caller = bench.platform.place_call("96120", None)
    await bench.driver.answer(caller)
    await bench.driver.play(caller, [Tone((400,), 5000)], "p")
    bench.platform.hang_up(caller)
    bench.platform.press(caller, "1")
    bench.timers.advance(60_000)
    assert [type(event) for event in bench.told[-2:]] == [PlaybackFinished, LegEnded]
    with pytest.raises(LegGoneError):
        await bench.driver.start_music(caller)


async def test_platform_that_is_down_says_so(bench: Bench) -> None:
    caller = bench.platform.place_call("96120", None)
    bench.platform.crash()
    with pytest.raises(PlatformDownError):
        await bench.driver.answer(caller)


async def test_what_was_told_before_somebody_listens_comes_first_and_nothing_after_the_close(bench: Bench) -> None:
    told: list[VoiceEvent] = []
    first = bench.platform.place_call("96120", None)
    bench.driver.deliver(told.append)
    second = bench.platform.place_call("96120", None)
    assert [event.leg_id for event in told if isinstance(event, LegArrived)] == [first, second]
    before = list(told)
    await bench.driver.close()
    bench.platform.hang_up(first)
    assert told == before


def test_cancelled_timer_does_not_run() -> None:
    clock, ran = FakeClock(0), list[int]()
    timers = SteppedTimers(clock)
    cancel = timers.after(10, lambda: ran.append(10))
    timers.after(20, lambda: ran.append(clock.now_ms()))

    def again() -> None:
        timers.after(5, lambda: ran.append(clock.now_ms()))

    timers.after(20, again)
    cancel()
    timers.advance(30)
    assert ran == [20, 25]
    assert clock.now_ms() == 30
