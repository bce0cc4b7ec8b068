"""Far ends that vanish without a word, and an Asterisk that lives and says nothing."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnreachable,
    LegArrived,
    LegEnded,
    PlatformConnected,
    PlatformLost,
)
from hotline.telephony.installation import Installation
from tests.ports import free_ports
from tests.voice.bench import AsteriskBench
from tests.voice.contract.worlds import AsteriskWorld, answered_agent, answered_call, ended, fresh
from tests.voice.sipp.party import SippBench

pytestmark = pytest.mark.voice

MEDIA_TIMEOUT_S, HUNG_AFTER_S = 3, 5
NOTICED_S = 10.0  # a device that is gone; the platform itself notices, the node waits its grace on top


@pytest.fixture
async def own(asterisk_installation: Installation, tmp_path: Path) -> AsyncIterator[AsteriskBench]:
    """An Asterisk for this test alone that loses its patience soon."""
    bench = AsteriskBench(
        tmp_path, asterisk_installation, trunk_media_timeout_s=MEDIA_TIMEOUT_S, hung_after_s=HUNG_AFTER_S
    )
    await bench.process.ensure_running()
    yield bench
    if bench.process.pid is not None:
        await bench.kill()
    bench.process.reap()


@pytest.fixture
async def parties(own: AsteriskBench, tmp_path: Path) -> AsyncIterator[SippBench]:
    bench = own.sipp(tmp_path)
    yield bench
    await bench.close()


@pytest.fixture
async def world(own: AsteriskBench, parties: SippBench) -> AsyncIterator[AsteriskWorld]:
    """A driver of that Asterisk with one known device."""
    opened = AsteriskWorld(own, parties, [fresh("dev").replace("-", "")])
    await opened.open(opened.new_driver())
    yield opened
    await opened.shut()


async def test_caller_who_vanishes_while_waiting_or_talking_is_lost(world: AsteriskWorld, parties: SippBench) -> None:
    """No BYE and no voice: the leg ends with a cause of its own within the setting, the other side stays."""
    waiting = await parties.call("96180", tone_hz=440)
    waiter = (await world.log.until(LegArrived, called="96180")).leg_id
    talking = await parties.call("96181", tone_hz=440)
    talker = (await world.log.until(LegArrived, called="96181")).leg_id
    for leg_id in (waiter, talker):
        await world.driver.answer(leg_id)
    await world.driver.start_music(waiter)
    agent_leg = await answered_agent(world, world.devices[0].sip_user, for_leg_id=talker, voice_hz=880)
    await world.driver.join(fresh("bridge"), [talker, agent_leg])
    await asyncio.sleep(MEDIA_TIMEOUT_S + 1)  # they are heard: nobody is cut off
    assert {leg.leg_id for leg in await world.driver.list_legs()} == {waiter, talker, agent_leg}
    for caller in (waiting, talking):
        await caller.vanish()
    for leg_id in (waiter, talker):
        over = await world.log.until(LegEnded, seconds=MEDIA_TIMEOUT_S + 5, leg_id=leg_id)
        assert (over.cause, over.ended_by) == ("lost", "party")
    assert [leg.leg_id for leg in await world.driver.list_legs()] == [agent_leg]


async def test_call_that_was_answered_carries_a_session_timer(world: AsteriskWorld, parties: SippBench) -> None:
    """Also with a far end that asked for none: then it is we who ask it whether it is still there."""
    caller = await parties.call("96182", tone_hz=440)
    await world.driver.answer((await world.log.until(LegArrived, called="96182")).leg_id)
    async with asyncio.timeout(5):
        while not (answers := [one for one in caller.messages() if one.first_line == "SIP/2.0 200 OK"]):
            await asyncio.sleep(0.05)
    assert "Session-Expires: 600;refresher=uas" in answers[0].text


async def test_telephone_on_a_broken_line_is_noticed_in_ten_seconds(world: AsteriskWorld, parties: SippBench) -> None:
    user, (port,) = world.devices[0].sip_user, free_ports(1)
    await parties.register(user, "pw-" + user, port)
    telephone = await parties.telephone(port)
    await world.log.until(DeviceReachable, sip_user=user)
    async with asyncio.timeout(10):  # until it has been asked and has answered: so it is between two questions
        while not any("OPTIONS" in one.text and one.is_sent for one in telephone.messages()):
            await asyncio.sleep(0.05)
    telephone.freeze()
    gone = time.monotonic()
    await world.log.until(DeviceUnreachable, seconds=NOTICED_S, sip_user=user)
    print(f"telephone gone, noticed after {time.monotonic() - gone:.1f} s")


async def test_hung_asterisk_is_started_anew_and_takes_calls(own: AsteriskBench, world: AsteriskWorld) -> None:
    watching = asyncio.create_task(own.process.watch(interval_s=0.2))
    caller = await answered_call(world, "96183", voice_hz=440)
    hung = own.process.pid
    own.freeze()
    await world.log.until(PlatformLost, seconds=15)
    await world.log.until(PlatformConnected, seconds=HUNG_AFTER_S + 25, is_restarted=True)
    assert own.process.pid not in (None, hung)
    over = await ended(world, caller)
    assert over.ended_by == "platform"
    await answered_call(world, "96184")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_somebody_elses_hung_asterisk_is_reported_and_left_alone(
    own: AsteriskBench, world: AsteriskWorld
) -> None:
    """The driver alone, as with HOTLINE_ARI_URL: nobody watches the process, and calls work again once it wakes."""
    pid = own.process.pid
    assert pid is not None
    own.freeze()
    lost = await world.log.until(PlatformLost, seconds=15)
    assert "has not answered pings" in lost.cause
    await asyncio.sleep(HUNG_AFTER_S)
    os.kill(pid, 0)
    own.thaw()
    async with asyncio.timeout(15):
        while len([event for event in world.log.events if isinstance(event, PlatformConnected)]) < 2:
            await asyncio.sleep(0.05)
    assert own.process.pid == pid
    await answered_call(world, "96185")
