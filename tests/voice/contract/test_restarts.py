"""What outlives a node, and what is told after the platform died. In both worlds."""

from hotline.telephony.contract import (
    LegAnswered,
    LegArrived,
    PlatformConnected,
    PlatformLost,
    RecordingFinished,
)
from tests.voice.contract.worlds import World, answered_agent, answered_call, ended, fresh, tones_heard

CALLER_HZ, AGENT_HZ = 440, 880


async def test_restarted_node_finds_its_legs_with_tags_bridge_and_recording(world: World, agent: str) -> None:
    caller = await answered_call(world, "96150", caller="13912345678", voice_hz=CALLER_HZ)
    await world.device(agent, voice_hz=AGENT_HZ)
    await world.driver.ring_agent("kept-leg", agent, timeout_s=9, for_leg_id=caller, tags={"role": 'agent, "A"'})
    await world.log.until(LegAnswered, leg_id="kept-leg")
    await world.driver.tag_leg(caller, {"contact": "c-1"})
    await world.driver.tag_leg(caller, {"stage": "talking"})
    bridge = fresh("bridge")
    await world.driver.join(bridge, [caller, "kept-leg"])
    recording = fresh("recording")
    await world.driver.start_recording(recording, caller)

    await world.reopen()

    legs = {leg.leg_id: leg for leg in await world.driver.list_legs()}
    assert set(legs) == {caller, "kept-leg"}
    assert legs[caller].tags == {"contact": "c-1", "stage": "talking"}
    assert (legs[caller].purpose, legs[caller].called, legs[caller].caller) == ("caller", "96150", "13912345678")
    assert (legs[caller].bridge_id, legs[caller].recording_id) == (bridge, recording)
    kept = legs["kept-leg"]
    assert (kept.purpose, kept.sip_user, kept.tags) == ("agent", agent, {"role": 'agent, "A"'})
    assert kept.is_answered
    assert await tones_heard(world, "kept-leg", CALLER_HZ) == {CALLER_HZ: True}
    await world.driver.hang_up(caller)
    await ended(world, caller)
    assert (await world.log.until(RecordingFinished, recording_id=recording)).path is not None


async def test_recording_whose_call_ended_without_a_node_is_finished_by_the_next(world: World) -> None:
    caller = await answered_call(world, "96151", voice_hz=CALLER_HZ)
    recording = fresh("recording")
    await world.driver.start_recording(recording, caller)
    await world.driver.hang_up(caller)
    await world.reopen()
    assert (await world.log.until(RecordingFinished, recording_id=recording)).leg_id == caller


async def test_caller_without_a_node_waits_for_the_next_one(world: World) -> None:
    await world.shut()
    await world.call("96152")
    await world.open(world.new_driver())  # type: ignore[attr-defined]
    arrived = await world.log.until(LegArrived, called="96152")
    assert arrived.since_ms <= arrived.at_ms
    await world.driver.answer(arrived.leg_id)
    await world.log.until(LegAnswered, leg_id=arrived.leg_id)


async def test_platform_that_died_is_told_with_every_leg_and_works_again(world: World, agent: str) -> None:
    caller = await answered_call(world, "96153")
    await world.crash()
    await world.log.until(PlatformLost)
    await world.restore()
    over = await ended(world, caller)
    assert over.ended_by == "platform"
    await world.log.until(PlatformConnected, is_restarted=True)
    assert await world.driver.list_legs() == ()
    again = await answered_call(world, "96154")
    agent_leg = await answered_agent(world, agent, for_leg_id=again)
    await world.driver.join(fresh("bridge"), [again, agent_leg])
