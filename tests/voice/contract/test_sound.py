"""What parties hear: prompts, music, each other, supervisors; and what recordings hold. In both worlds."""

import asyncio
from pathlib import Path

import pytest

from hotline.messages.routing import MonitorMode
from hotline.telephony.contract import (
    DigitReceived,
    LegAnswered,
    PlaybackFinished,
    RecordingFinished,
    Silence,
    SoundFile,
    Tone,
    VoiceError,
)
from hotline.telephony.sounds import write_tone
from tests.tones import longest_gap, read_channels, seconds_of_tone, steady_level
from tests.voice.contract.worlds import AnyWorld, World, answered_agent, answered_call, ended, fresh, tones_heard
from tests.voice.sipp.scenario import HangUp, Wait

CALLER_HZ, AGENT_HZ, THIRD_HZ = 440, 880, 1320


async def test_playback_is_told_when_all_of_it_was_heard(world: World, tmp_path: Path) -> None:
    leg_id = await answered_call(world, "96130")
    prompt = tmp_path / "prompt.wav"
    write_tone(prompt, (700,), 300)
    began = await world.log.until(LegAnswered, leg_id=leg_id)
    await world.driver.play(leg_id, [SoundFile(prompt), Silence(100), Tone((500, 600), 200)], "whole")
    finished = await world.log.until(PlaybackFinished, playback_id="whole")
    assert finished.is_complete
    assert 550 <= finished.at_ms - began.at_ms <= 2000


async def test_stopped_playback_is_told_as_incomplete(world: World) -> None:
    leg_id = await answered_call(world, "96131")
    await world.driver.play(leg_id, [Tone((700,), 20_000)], "cut")
    await world.driver.stop_playback(leg_id, "cut")
    assert not (await world.log.until(PlaybackFinished, playback_id="cut")).is_complete


async def test_missing_prompt_is_told_as_incomplete(world: World, tmp_path: Path) -> None:
    leg_id = await answered_call(world, "96132")
    await world.driver.play(leg_id, [SoundFile(tmp_path / "nothing.wav")], "missing")
    assert not (await world.log.until(PlaybackFinished, playback_id="missing")).is_complete


async def test_playback_of_a_caller_who_hangs_up_is_told_before_the_end(world: World) -> None:
    leg_id = await answered_call(world, "96133", Wait(300), HangUp())
    await world.driver.play(leg_id, [Tone((700,), 20_000)], "alone")
    await ended(world, leg_id)
    assert not (await world.log.until(PlaybackFinished, playback_id="alone")).is_complete


async def test_caller_and_agent_hear_each_other(world: World, agent: str) -> None:
    caller = await answered_call(world, "96134", voice_hz=CALLER_HZ)
    agent_leg = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    await world.driver.start_music(caller)
    await world.driver.join(fresh("bridge"), [caller, agent_leg])
    assert await tones_heard(world, caller, CALLER_HZ, AGENT_HZ) == {CALLER_HZ: False, AGENT_HZ: True}
    assert await tones_heard(world, agent_leg, CALLER_HZ, AGENT_HZ) == {CALLER_HZ: True, AGENT_HZ: False}


async def test_caller_on_hold_does_not_hear_the_agent_until_retrieved(world: World, agent: str) -> None:
    bridge = fresh("bridge")
    caller = await answered_call(world, "96135", voice_hz=CALLER_HZ)
    agent_leg = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    await world.driver.join(bridge, [caller, agent_leg])
    await world.driver.leave(bridge, caller)
    await world.driver.start_music(caller)
    assert await tones_heard(world, caller, AGENT_HZ) == {AGENT_HZ: False}
    assert await tones_heard(world, agent_leg, CALLER_HZ) == {CALLER_HZ: False}
    await world.driver.join(bridge, [caller])
    assert await tones_heard(world, caller, AGENT_HZ) == {AGENT_HZ: True}


async def test_consultation_moves_legs_between_bridges(world: World, agent: str, second_agent: str) -> None:
    main, aside = fresh("bridge"), fresh("bridge")
    caller = await answered_call(world, "96136", voice_hz=CALLER_HZ)
    first = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    await world.driver.join(main, [caller, first])
    await world.driver.leave(main, caller)
    await world.driver.start_music(caller)
    second = await answered_agent(world, second_agent, voice_hz=THIRD_HZ)
    await world.driver.join(aside, [first, second])
    assert await tones_heard(world, first, CALLER_HZ, THIRD_HZ) == {CALLER_HZ: False, THIRD_HZ: True}
    await world.driver.join(main, [caller, second])
    await world.driver.hang_up(first)
    await ended(world, first)
    assert await tones_heard(world, caller, AGENT_HZ, THIRD_HZ) == {AGENT_HZ: False, THIRD_HZ: True}


async def test_three_parties_of_one_bridge_hear_each_other(world: World, agent: str, second_agent: str) -> None:
    """A conference: the customer comes to the two who consult; then the first leaves, the others talk on."""
    bridge = fresh("bridge")
    caller = await answered_call(world, "96143", voice_hz=CALLER_HZ)
    first = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    second = await answered_agent(world, second_agent, voice_hz=THIRD_HZ)
    await world.driver.start_music(caller)
    await world.driver.join(bridge, [first, second])
    await world.driver.join(bridge, [caller])
    voices = {caller: CALLER_HZ, first: AGENT_HZ, second: THIRD_HZ}
    for listener, own_hz in voices.items():
        heard = await tones_heard(world, listener, *voices.values())
        assert heard == {hz: hz != own_hz for hz in voices.values()}
    await world.driver.hang_up(first)
    await ended(world, first)
    assert await tones_heard(world, caller, AGENT_HZ, THIRD_HZ) == {AGENT_HZ: False, THIRD_HZ: True}


async def test_supervisor_listens_whispers_and_barges_in(world: World, agent: str, second_agent: str) -> None:
    caller = await answered_call(world, "96137", voice_hz=CALLER_HZ)
    agent_leg = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    await world.driver.join(fresh("bridge"), [caller, agent_leg])
    supervisor = await answered_agent(world, second_agent, voice_hz=THIRD_HZ)
    monitor = fresh("monitor")
    await world.driver.monitor(monitor, supervisor, agent_leg, "listen")
    assert await tones_heard(world, supervisor, CALLER_HZ, AGENT_HZ) == {CALLER_HZ: True, AGENT_HZ: True}
    assert await tones_heard(world, agent_leg, THIRD_HZ) == {THIRD_HZ: False}
    await world.driver.monitor(monitor, supervisor, agent_leg, "whisper")
    assert await tones_heard(world, caller, THIRD_HZ) == {THIRD_HZ: False}
    assert await tones_heard(world, supervisor, CALLER_HZ) == {CALLER_HZ: True}
    await world.driver.monitor(monitor, supervisor, agent_leg, "barge")
    assert await tones_heard(world, caller, THIRD_HZ, AGENT_HZ) == {THIRD_HZ: True, AGENT_HZ: True}
    await world.driver.stop_monitor(monitor)
    assert await tones_heard(world, supervisor, CALLER_HZ) == {CALLER_HZ: False}
    assert await tones_heard(world, caller, AGENT_HZ, THIRD_HZ) == {AGENT_HZ: True, THIRD_HZ: False}


@pytest.mark.parametrize("mode", ["listen", pytest.param("whisper", marks=pytest.mark.slow)])
async def test_supervisor_hears_whomever_the_agent_talks_with_next(
    world: AnyWorld, agent: str, second_agent: str, mode: MonitorMode
) -> None:
    caller = await answered_call(world, "96144", voice_hz=CALLER_HZ)
    agent_leg = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    bridge = fresh("bridge")
    await world.driver.join(bridge, [caller, agent_leg])
    supervisor = await answered_agent(world, second_agent)
    monitor = fresh("monitor")
    await world.driver.monitor(monitor, supervisor, agent_leg, mode)
    assert await tones_heard(world, supervisor, CALLER_HZ, AGENT_HZ) == {CALLER_HZ: True, AGENT_HZ: True}
    colleague = await answered_agent(world, world.devices[2].sip_user, voice_hz=THIRD_HZ, first_packet=60_000)
    await world.driver.leave(bridge, caller)
    await world.driver.join(bridge, [colleague])
    await asyncio.sleep(0.5)
    assert await tones_heard(world, supervisor, THIRD_HZ, AGENT_HZ, CALLER_HZ) == {
        THIRD_HZ: True,
        AGENT_HZ: True,
        CALLER_HZ: False,
    }
    await world.driver.hang_up(colleague)
    await world.driver.join(bridge, [caller])
    await asyncio.sleep(0.5)
    assert await tones_heard(world, supervisor, CALLER_HZ, AGENT_HZ) == {CALLER_HZ: True, AGENT_HZ: True}
    await world.driver.stop_monitor(monitor)


async def test_recording_holds_one_voice_per_channel_and_pauses_are_silent(world: World, agent: str) -> None:
    caller = await answered_call(world, "96138", voice_hz=CALLER_HZ)
    recording = fresh("recording")
    await world.driver.start_recording(recording, caller)
    agent_leg = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ)
    await world.driver.join(fresh("bridge"), [caller, agent_leg])
    await asyncio.sleep(1.2)
    await world.driver.pause_recording(recording)
    await asyncio.sleep(1.2)
    await world.driver.resume_recording(recording)
    await asyncio.sleep(1.2)
    await world.driver.hang_up(caller)
    finished = await world.log.until(RecordingFinished, recording_id=recording)
    assert finished.path is not None
    rate, (left, right) = read_channels(finished.path)
    duration_s = len(left) / rate
    assert abs(finished.duration_ms / 1000 - duration_s) < 0.01
    assert 3.4 <= duration_s <= 6
    spoken = seconds_of_tone(left, rate, CALLER_HZ)
    assert duration_s - 2.0 <= spoken <= duration_s - 0.9
    assert 1.8 <= seconds_of_tone(right, rate, AGENT_HZ) <= 3.0
    began, over = longest_gap(left, rate, CALLER_HZ)
    assert 1.0 <= over - began <= 1.6
    assert seconds_of_tone(right[int((began + 0.2) * rate) : int((over - 0.2) * rate)], rate, AGENT_HZ) == 0
    for moment in (began - 0.6, over + 0.2):  # both channels run on one clock: the pause is at the same place
        assert seconds_of_tone(right[int(moment * rate) : int((moment + 0.4) * rate)], rate, AGENT_HZ) >= 0.3
    assert steady_level(left, rate, AGENT_HZ) < 0.02
    assert steady_level(right, rate, CALLER_HZ) < 0.02


@pytest.mark.parametrize("way", ["music between", "one after the other", "all three together"])
async def test_recording_holds_whoever_comes_later(world: World, agent: str, second_agent: str, way: str) -> None:
    """Also when the packets of the later voice have lower numbers, as with every other pair of telephones."""
    caller = await answered_call(world, "96142", voice_hz=CALLER_HZ)
    first = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ, first_packet=20_000)
    bridge, recording = fresh("bridge"), fresh("recording")
    await world.driver.join(bridge, [caller, first])
    await world.driver.start_recording(recording, caller)
    await asyncio.sleep(1)
    later = await answered_agent(world, second_agent, for_leg_id=caller, voice_hz=THIRD_HZ, first_packet=1)
    if way == "music between":
        await world.driver.leave(bridge, caller)
        await world.driver.start_music(caller)
        await asyncio.sleep(0.3)
    if way == "all three together":
        await world.driver.join(bridge, [later])
        await asyncio.sleep(0.3)
    await world.driver.hang_up(first)
    if way != "all three together":
        await world.driver.join(bridge, [caller, later])
    await asyncio.sleep(2)
    await world.driver.hang_up(caller)
    finished = await world.log.until(RecordingFinished, recording_id=recording)
    assert finished.path is not None
    assert not finished.failure
    rate, (left, right) = read_channels(finished.path)
    assert seconds_of_tone(right, rate, AGENT_HZ) > 0.8
    assert seconds_of_tone(right[-int(1.5 * rate) :], rate, THIRD_HZ) > 1.2
    assert seconds_of_tone(left, rate, CALLER_HZ) > 2.5


async def test_paused_recording_holds_whoever_comes_later_and_nothing_of_the_pause(
    world: World, agent: str, second_agent: str
) -> None:
    caller = await answered_call(world, "96143", voice_hz=CALLER_HZ)
    first = await answered_agent(world, agent, for_leg_id=caller, voice_hz=AGENT_HZ, first_packet=20_000)
    bridge, recording = fresh("bridge"), fresh("recording")
    await world.driver.join(bridge, [caller, first])
    await world.driver.start_recording(recording, caller)
    await asyncio.sleep(1)
    await world.driver.pause_recording(recording)
    await world.driver.hang_up(first)
    later = await answered_agent(world, second_agent, for_leg_id=caller, voice_hz=THIRD_HZ, first_packet=1)
    await world.driver.join(bridge, [caller, later])
    await asyncio.sleep(1.5)
    await world.driver.resume_recording(recording)
    await asyncio.sleep(1.5)
    await world.driver.hang_up(caller)
    finished = await world.log.until(RecordingFinished, recording_id=recording)
    assert finished.path is not None
    rate, (left, right) = read_channels(finished.path)
    assert seconds_of_tone(right, rate, AGENT_HZ) > 0.8
    assert 1.0 < seconds_of_tone(right, rate, THIRD_HZ) < 1.8
    began, over = longest_gap(left, rate, CALLER_HZ)
    assert over - began > 1.3
    assert longest_gap(right, rate, THIRD_HZ)[1] >= over - 0.2, "what was said in the pause"


async def test_recording_can_be_stopped_while_the_call_goes_on(world: World) -> None:
    caller = await answered_call(world, "96139", voice_hz=CALLER_HZ)
    await world.driver.start_recording("short", caller)
    with pytest.raises(VoiceError, match="already"):
        await world.driver.start_recording("second", caller)
    await asyncio.sleep(0.6)
    await world.driver.stop_recording("short")
    finished = await world.log.until(RecordingFinished, recording_id="short")
    assert finished.path is not None
    assert 400 <= finished.duration_ms <= 1500
    assert [leg.recording_id for leg in await world.driver.list_legs()] == [None]


async def test_keys_are_heard_in_a_bridge_too(world: World, agent: str) -> None:
    caller = await answered_call(world, "96140")
    agent_leg = await answered_agent(world, agent, for_leg_id=caller)
    await world.driver.join(fresh("bridge"), [caller, agent_leg])
    with pytest.raises(AssertionError):
        await world.log.until(DigitReceived, seconds=0.3)
    await world.driver.send_digits(caller, "5")
