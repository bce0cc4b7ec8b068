"""Legs: arriving, answering, ringing, ending, in both worlds."""

import time

import pytest

from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnavailableError,
    DeviceUnreachable,
    DigitReceived,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegGoneError,
    LegRinging,
    NumberNotAllowedError,
)
from tests.voice.contract.worlds import World, answered_agent, answered_call, ended, fresh
from tests.voice.sipp.scenario import HangUp, Press, Wait


async def test_arrival_tells_who_called_which_number_and_when(world: World) -> None:
    before_ms = time.time_ns() // 1_000_000
    await world.call("96120", caller="13912345678")
    arrived = await world.log.until(LegArrived, called="96120")
    assert (arrived.purpose, arrived.caller, arrived.has_waited) == ("caller", "13912345678", False)
    assert before_ms <= arrived.since_ms <= arrived.at_ms <= time.time_ns() // 1_000_000


@pytest.mark.parametrize("called", ["+8653296120", "hotline", "0", "h2o", "*97#"])
async def test_any_dialled_text_arrives_as_it_was_dialled(world: World, called: str) -> None:
    await world.call(called)
    assert (await world.log.until(LegArrived)).called == called


async def test_withheld_number_is_none(world: World) -> None:
    await world.call("96121", caller="anonymous")
    assert (await world.log.until(LegArrived, called="96121")).caller is None


async def test_refused_leg_ends_by_us_and_was_never_answered(world: World) -> None:
    await world.call("99999")
    leg_id = (await world.log.until(LegArrived, called="99999")).leg_id
    await world.driver.refuse(leg_id, "unknown_number")
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == ("unknown_number", "us")
    assert not any(isinstance(event, LegAnswered) for event in world.log.of_leg(leg_id))


async def test_keys_come_in_order(world: World) -> None:
    leg_id = await answered_call(world, "96122", Wait(200), Press("1*9#"))
    await world.log.until(DigitReceived, leg_id=leg_id, digit="#")
    keys = [event.digit for event in world.log.of_leg(leg_id) if isinstance(event, DigitReceived)]
    assert keys == ["1", "*", "9", "#"]


async def test_caller_who_hangs_up_ends_the_leg_once(world: World) -> None:
    leg_id = await answered_call(world, "96123", Wait(200), HangUp())
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == ("normal", "party")
    with pytest.raises(LegGoneError):
        await world.driver.start_music(leg_id)
    await world.driver.hang_up(leg_id)
    assert sum(isinstance(event, LegEnded) for event in world.log.of_leg(leg_id)) == 1
    assert world.log.of_leg(leg_id)[-1] == over


async def test_our_hang_up_is_told_as_ours(world: World) -> None:
    leg_id = await answered_call(world, "96124")
    await world.driver.hang_up(leg_id)
    assert (await ended(world, leg_id)).ended_by == "us"


async def test_device_rings_then_answers_with_rising_stamps(world: World, agent: str) -> None:
    leg_id = await answered_agent(world, agent)
    ringing = await world.log.until(LegRinging, leg_id=leg_id)
    answered = await world.log.until(LegAnswered, leg_id=leg_id)
    assert ringing.at_ms <= answered.at_ms <= ringing.at_ms + 2000


async def test_device_that_does_not_answer_ends_as_no_answer(world: World, agent: str) -> None:
    await world.device(agent, answer_after_ms=None)
    leg_id = fresh("leg")
    await world.driver.ring_agent(leg_id, agent, timeout_s=1)
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == ("no_answer", "us")


async def test_ringing_can_be_stopped(world: World, agent: str) -> None:
    await world.device(agent, answer_after_ms=None)
    leg_id = fresh("leg")
    await world.driver.ring_agent(leg_id, agent, timeout_s=20)
    await world.log.until(LegRinging, leg_id=leg_id)
    await world.driver.hang_up(leg_id)
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == ("normal", "us")


@pytest.mark.parametrize("refusal", ["busy", "rejected"])
async def test_device_that_refuses_tells_why(world: World, agent: str, refusal: str) -> None:
    await world.device(agent, refusal=refusal)  # type: ignore[arg-type]
    leg_id = fresh("leg")
    await world.driver.ring_agent(leg_id, agent, timeout_s=5)
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == (refusal, "party")


async def test_device_that_is_not_connected_cannot_be_rung(world: World, agent: str) -> None:
    leg_id = fresh("leg")
    with pytest.raises(DeviceUnavailableError):
        await world.driver.ring_agent(leg_id, agent, timeout_s=5)
    assert world.log.of_leg(leg_id) == []


async def test_unknown_device_cannot_be_rung(world: World) -> None:
    with pytest.raises(DeviceUnavailableError):
        await world.driver.ring_agent(fresh("leg"), "nobody", timeout_s=5)


async def test_agent_who_hangs_up_leaves_the_caller(world: World, agent: str) -> None:
    caller = await answered_call(world, "96125")
    leg_id = await answered_agent(world, agent, Wait(300), HangUp(), for_leg_id=caller)
    over = await ended(world, leg_id)
    assert (over.cause, over.ended_by) == ("normal", "party")
    assert [leg.leg_id for leg in await world.driver.list_legs()] == [caller]


async def test_device_comes_and_goes(world: World, agent: str) -> None:
    await world.device(agent)
    await world.log.until(DeviceReachable, sip_user=agent)
    await world.disconnect(agent)
    await world.log.until(DeviceUnreachable, sip_user=agent)


async def test_reloaded_device_asks_for_its_call(world: World, agent: str) -> None:
    await world.device(agent)
    await world.resume(agent)
    arrived = await world.log.until(LegArrived, purpose="resume")
    assert arrived.sip_user == agent
    await world.driver.answer(arrived.leg_id)
    await world.log.until(LegAnswered, leg_id=arrived.leg_id)


async def test_outside_number_is_rung_when_allowed(world: World) -> None:
    await world.carrier("053288880000", answer_after_ms=100)
    leg_id = fresh("outside")
    await world.driver.ring_outside(leg_id, "0532 8888 0000", timeout_s=5, caller="96120")
    await world.log.until(LegAnswered, leg_id=leg_id)


async def test_emergency_number_is_rung_though_no_prefix_allows_it(world: World) -> None:
    await world.driver.set_dialable((), ("110",))
    await world.carrier("110", answer_after_ms=100)
    leg_id = fresh("outside")
    await world.driver.ring_outside(leg_id, "110", timeout_s=5, caller="96120")
    await world.log.until(LegAnswered, leg_id=leg_id)


@pytest.mark.parametrize("number", ["0099123456", "1100", "053288880000@evil.example", "", "sip:110"])
async def test_other_outside_numbers_are_not_rung(world: World, number: str) -> None:
    leg_id = fresh("outside")
    with pytest.raises(NumberNotAllowedError):
        await world.driver.ring_outside(leg_id, number, timeout_s=5, caller="96120")
    assert world.log.of_leg(leg_id) == []
