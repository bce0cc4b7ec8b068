"""Asterisk as a unit of its own: adopted, restarted when it died, never stopped with calls up."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from hotline.telephony.asterisk_process import AsteriskProcess
from hotline.telephony.contract import LegArrived, PlatformConnected
from hotline.telephony.installation import Installation, VoiceUnavailableError
from tests.voice.bench import AsteriskBench
from tests.voice.contract.worlds import EventLog

pytestmark = pytest.mark.voice


@pytest.fixture
async def own(asterisk_installation: Installation, tmp_path: Path) -> AsyncIterator[AsteriskBench]:
    """An Asterisk for this test alone, not started yet."""
    bench = AsteriskBench(tmp_path, asterisk_installation)
    yield bench
    if bench.process.pid is not None:
        await bench.kill()
        bench.process.reap()


async def test_running_asterisk_is_adopted(own: AsteriskBench, asterisk_installation: Installation) -> None:
    assert await own.process.ensure_running()
    another = AsteriskProcess(own.options, asterisk_installation)
    assert not await another.ensure_running()
    assert another.pid == own.process.pid


async def test_asterisk_that_died_is_started_again(own: AsteriskBench) -> None:
    await own.process.ensure_running()
    former = own.process.pid
    watching = asyncio.create_task(own.process.watch(interval_s=0.1))
    await own.kill()
    async with asyncio.timeout(10):
        while own.process.pid in (None, former) or not await own.process.answers():
            await asyncio.sleep(0.1)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_asterisk_with_calls_is_neither_stopped_nor_restarted(
    own: AsteriskBench, asterisk_installation: Installation, tmp_path: Path
) -> None:
    await own.process.ensure_running()
    driver = own.driver()
    log = EventLog(driver)
    await driver.start()
    await log.until(PlatformConnected)
    parties = own.sipp(tmp_path)
    caller = await parties.call("96170")
    leg_id = (await log.until(LegArrived)).leg_id
    assert not await own.process.stop_when_idle()
    pid = own.process.pid
    changed = msgspec.structs.replace(own.options, static_queue_s=7)
    assert not await AsteriskProcess(changed, asterisk_installation).ensure_running()
    assert own.process.pid == pid is not None
    await driver.refuse(leg_id, "busy")
    await caller.ended()
    await driver.close()
    async with asyncio.timeout(5):
        while await own.process.count_calls():
            await asyncio.sleep(0.05)
    assert await own.process.stop_when_idle()
    assert own.process.pid is None


async def test_changed_configuration_restarts_an_idle_asterisk(
    own: AsteriskBench, asterisk_installation: Installation, tmp_path: Path
) -> None:
    await own.process.ensure_running()
    former = own.process.pid
    changed = AsteriskBench(tmp_path / "changed", asterisk_installation)
    changed.options = msgspec.structs.replace(own.options, static_queue_s=7)
    changed.process = AsteriskProcess(changed.options, asterisk_installation)
    assert await changed.process.ensure_running()
    assert changed.process.pid not in (None, former)
    own.process.reap()
    await changed.kill()
    changed.process.reap()


async def test_ports_that_a_former_one_is_still_letting_go_are_waited_for(own: AsteriskBench) -> None:
    await own.process.ensure_running()
    await own.kill()
    own.process.reap()
    with socket.create_server((own.options.http_address, own.options.http_port)):
        starting = asyncio.create_task(own.process.ensure_running())
        await asyncio.sleep(0.5)
        assert not starting.done()
    assert await starting


async def test_taken_port_is_named(own: AsteriskBench) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", own.options.sip_port))
        with pytest.raises(VoiceUnavailableError, match=f"UDP port {own.options.sip_port}"):
            await own.process.ensure_running()
