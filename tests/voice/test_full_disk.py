"""A disk that takes no more of a recording: a limit of Asterisk's file sizes stands for it."""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.telephony.contract import RecordingFinished
from hotline.telephony.installation import Installation
from tests.voice.bench import AsteriskBench
from tests.voice.contract.worlds import AsteriskWorld, answered_agent, answered_call, ended, fresh

pytestmark = pytest.mark.voice

LIMIT_BYTES = 32_000  # two seconds of one direction


@pytest.fixture
async def own(asterisk_installation: Installation, tmp_path: Path) -> AsyncIterator[AsteriskBench]:
    """An Asterisk for this test alone: its limit would be everybody's."""
    bench = AsteriskBench(tmp_path, asterisk_installation)
    await bench.process.ensure_running()
    yield bench
    await bench.kill()
    bench.process.reap()


@contextmanager
def file_limit(bench: AsteriskBench) -> Iterator[None]:
    """No file of that Asterisk grows beyond the limit."""
    pid = bench.process.pid
    assert pid is not None
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (LIMIT_BYTES, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def test_recording_that_the_disk_cut_off_is_told_as_short_and_the_call_goes_on(
    own: AsteriskBench, tmp_path: Path
) -> None:
    parties = own.sipp(tmp_path)
    world = AsteriskWorld(own, parties, [fresh("dev").replace("-", "")])
    await world.open(world.new_driver())
    caller = await answered_call(world, "96190", voice_hz=440)
    agent = await answered_agent(world, world.devices[0].sip_user, for_leg_id=caller, voice_hz=880)
    await world.driver.join(fresh("bridge"), [caller, agent])
    with file_limit(own):
        await world.driver.start_recording("cut", caller)
        await asyncio.sleep(6)
        await world.driver.stop_recording("cut")
        cut = await world.log.until(RecordingFinished, recording_id="cut")
    assert cut.failure == "short"
    assert cut.path is not None
    assert cut.duration_ms == pytest.approx(2000, abs=100)
    assert {leg.leg_id for leg in await world.driver.list_legs()} == {caller, agent}
    await world.driver.start_recording("whole", caller)
    await asyncio.sleep(3)
    await world.driver.hang_up(caller)
    await ended(world, caller)
    whole = await world.log.until(RecordingFinished, recording_id="whole")
    assert (whole.failure, whole.duration_ms > 2500) == ("", True)
    await world.end_everything()
    await world.shut()
