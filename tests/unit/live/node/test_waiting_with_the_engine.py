"""Waiting and call-backs with the real rules: what the engine decides, the node does, and tells back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.kernel.clock import FakeClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.messages.callbacks import CallbackOrder, seal_order
from hotline.messages.configuration import CalendarConfiguration, CalendarVersion, QueueSpeech
from hotline.messages.facts import ContactLeftFlow
from hotline.messages.routing import (
    ApplyConfiguration,
    CallbackMet,
    CallbackPostponed,
    CallbackPromised,
    ContactConnected,
    ContactDiverted,
    ContactEnded,
    ContactQueued,
    EnqueueContact,
    SetDisasterMode,
    SettleCallback,
)
from hotline.telephony.simulated_platform import PartyScript
from tests.unit.live.node.test_waiting import heard
from tests.unit.live.node.world import (
    ANNA,
    BORIS,
    OTHER_QUEUE,
    QUEUE,
    TENANT,
    World,
    node_configuration,
    routing_configuration,
    sip_user,
)

Start = Callable[..., Awaitable[World]]
NUMBER = "02163000001"
FLOW: dict[str, Any] = {
    "first_step": "queue",
    "steps": {
        "queue": {"kind": "queue", "queue_id": QUEUE, "callback_key": "1", "if_full": "other", "if_too_long": "bye"},
        "other": {"kind": "queue", "queue_id": OTHER_QUEUE},
        "bye": {"kind": "say", "messages": [{"prompt": "goodbye"}], "next": "end"},
        "end": {"kind": "hang_up"},
    },
}


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    started: list[World] = []

    async def start_world(**rules: Any) -> World:
        speech = (QueueSpeech(queue_id=QUEUE, takes_callbacks=True),)
        world = World(tmp_path, node_configuration(flow=FLOW, queue_speech=speech))
        started.append(world)
        configuration = routing_configuration()
        first, *others = configuration.queues
        queues = (msgspec.structs.replace(first, **rules), *others)
        changed = msgspec.structs.replace(configuration, version=2, queues=queues)
        world.switch.carry_out(ApplyConfiguration(configuration=changed, **world.switch.stamp()))
        await world.start_node()
        return world

    yield start_world
    for world in started:
        await world.close()


async def promised(world: World) -> None:
    """A caller has chosen to be called back and is gone."""
    leg_id = await world.call_in(caller=NUMBER)
    await world.wait_ms(1_000)
    world.platform.press(leg_id, "1")
    await world.wait_ms(15_000)
    assert world.leg(leg_id) is None
    assert len(world.switch.of(CallbackPromised)) == 1


def outside(world: World) -> Any:
    legs = [leg for leg in world.platform.legs.values() if leg.purpose == "outside"]
    return legs[-1] if legs else None


# --- call-backs -------------------------------------------------------------------------------------------------------


async def test_who_is_called_back_keeps_the_place(start: Start) -> None:
    world = await start(callback_attempts=2)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=2_000, voice_hz=700))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    await promised(world)
    later = await world.call_in(caller="02163000002")
    await world.wait_ms(1_000)
    await world.sign_in(ANNA)
    await world.wait_ms(4_000)
    (connected,) = world.switch.of(ContactConnected)
    first, second = world.switch.of(ContactQueued)
    assert connected.contact_id == first.contact_id
    assert connected.wait_ms >= 15_000, "the wait clock goes on until the customer has answered"
    assert world.talk_together(world.leg_of(ANNA).leg_id, outside(world).leg_id)
    assert world.leg(later) is not None
    assert second.contact_id in world.node.calls


async def test_who_does_not_answer_is_tried_again_and_then_given_up(start: Start) -> None:
    world = await start(callback_attempts=2, callback_retry_s=30)
    world.platform.set_script(NUMBER, PartyScript(refusal="busy"))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    await promised(world)
    await world.sign_in(ANNA)
    await world.wait_ms(5_000)
    (postponed,) = world.switch.of(CallbackPostponed)
    assert (postponed.attempt, postponed.cause) == (1, "busy")
    assert world.switch.router.agent(ANNA).state == "available"  # type: ignore[union-attr]
    await world.wait_ms(40_000)
    (ended,) = world.switch.of(ContactEnded)
    assert ended.outcome == "callback_failed"
    assert world.node.calls == {}
    assert world.platform.legs == {}


async def test_who_calls_again_and_reaches_an_agent_is_not_called_back(start: Start) -> None:
    world = await start(callback_attempts=2)
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=3_000, voice_hz=500))
    world.platform.set_script(sip_user(BORIS), PartyScript(answer_after_ms=500, voice_hz=600))
    await promised(world)
    (first,) = world.switch.of(ContactQueued)
    await world.sign_in(ANNA)
    await world.wait_ms(500)
    assert world.leg_of(ANNA) is not None, "the call-back rings at an agent"
    await world.sign_in(BORIS)
    again = await world.call_in(caller=NUMBER)
    await world.wait_ms(1_500)
    _, second = world.switch.of(ContactQueued)
    (met,) = world.switch.of(CallbackMet)
    assert (met.contact_id, met.by_contact_id, met.agent_id) == (first.contact_id, second.contact_id, BORIS)
    assert world.talk_together(world.leg_of(BORIS).leg_id, again)
    assert world.leg_of(ANNA) is None, "the attempt is taken back"
    assert outside(world) is None
    await world.wait_ms(120_000)
    assert outside(world) is None
    world.platform.hang_up(again)
    await world.wait_ms(120_000)
    assert outside(world) is None, "nobody is called back"
    ended = {event.contact_id: event.outcome for event in world.switch.of(ContactEnded)}
    assert ended == {first.contact_id: "own_call", second.contact_id: "handled"}
    assert world.node.calls == {}


async def test_a_promise_that_the_agent_keeps_is_called_after_the_talk(start: Start) -> None:
    world = await start(callback_attempts=2)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=1_000, voice_hz=700))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=3_000, voice_hz=500))
    world.platform.set_script(sip_user(BORIS), PartyScript(answer_after_ms=500, voice_hz=600))
    await promised(world)
    (first,) = world.switch.of(ContactQueued)
    await world.sign_in(ANNA, BORIS)
    again = await world.call_in(caller=NUMBER)
    await world.wait_ms(1_500)
    settle = SettleCallback(agent_id=BORIS, contact_id=first.contact_id, is_done=False, **world.switch.stamp())
    world.switch.carry_out(settle)
    await world.wait_ms(60_000)
    assert outside(world) is None, "not while they talk"
    world.platform.hang_up(again)
    await world.wait_ms(6_000)
    assert world.talk_together(world.leg_of(ANNA).leg_id, outside(world).leg_id)
    assert world.switch.of(ContactConnected)[-1].contact_id == first.contact_id


async def test_nobody_is_called_back_while_the_queues_calendar_is_closed(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = FakeClock().now_ms() // 60_000 % 1_440
    hours = ((now + 10, now + 20),)
    calendar = CalendarConfiguration(
        calendar_id="c", time_zone="UTC", versions=(CalendarVersion(valid_from="2000-01-01", weekly=(hours,) * 7),)
    )
    world = await start(callback_attempts=2, callback_retry_s=900, callback_calendar=calendar)
    world.platform.set_script(NUMBER, PartyScript(refusal="busy"))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    sounds = heard(world, monkeypatch)
    await promised(world)
    assert sounds[-1] == "callback_promised_opening"
    await world.sign_in(ANNA)
    await world.wait_ms(5 * 60_000)
    assert outside(world) is None, "an agent is free, but the calendar is closed"
    await world.wait_ms(6 * 60_000)
    (postponed,) = world.switch.of(CallbackPostponed)
    opened_ms = world.clock.now_ms() // 86_400_000 * 86_400_000 + (now + 10) * 60_000
    assert opened_ms <= postponed.at_ms < opened_ms + 60_000
    assert postponed.due_ms == opened_ms + 24 * 3_600_000, "a quarter of an hour later it is closed again"


async def test_second_attempt_may_succeed(start: Start) -> None:
    world = await start(callback_attempts=3, callback_retry_s=30)
    world.platform.set_script(NUMBER, PartyScript(refusal="busy"))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    await promised(world)
    await world.sign_in(ANNA)
    await world.wait_ms(5_000)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=1_000))
    await world.wait_ms(40_000)
    assert len(world.switch.of(ContactConnected)) == 1


async def test_queue_that_calls_nobody_back_refuses_and_the_caller_waits_on(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "1")
    await world.wait_ms(20_000)
    assert world.leg(leg_id) is not None
    assert world.switch.of(CallbackPromised) == []


async def test_restarted_node_still_calls_back(start: Start) -> None:
    world = await start(callback_attempts=2)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=1_000))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    await promised(world)
    await world.restart_node()
    await world.sign_in(ANNA)
    await world.wait_ms(4_000)
    assert len(world.switch.of(ContactConnected)) == 1
    assert world.switch.of(ContactEnded) == []


def ordered(world: World) -> EnqueueContact:
    """A call-back that a supervisor has ordered."""
    order = CallbackOrder(number=NUMBER, tenant_id=TENANT, entry_point_id="entry-1", queue_id=QUEUE, language="zh")
    now_ms = world.clock.now_ms()
    return EnqueueContact(
        contact_id=new_id(),
        tenant_id=TENANT,
        queue_id=QUEUE,
        node_id="node-1",
        asked_at_ms=now_ms,
        arrived_at_ms=now_ms,
        callback=seal_order(order, world.keyring),
        **world.switch.stamp(),
    )


async def test_ordered_call_back_is_made_even_when_somebody_is_idle_at_once(start: Start) -> None:
    world = await start(callback_attempts=2)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=1_000))
    world.platform.set_script(sip_user(ANNA), PartyScript(answer_after_ms=500))
    await world.sign_in(ANNA)
    world.switch.carry_out(ordered(world))
    await world.wait_ms(3_000)
    assert len(world.switch.of(ContactConnected)) == 1
    assert world.talk_together(world.leg_of(ANNA).leg_id, outside(world).leg_id)


@pytest.mark.parametrize("is_disaster", [False, True])
async def test_ordered_call_back_is_refused_where_nobody_is_called_back(start: Start, is_disaster: bool) -> None:
    world = await start(callback_attempts=2 if is_disaster else 0)
    if is_disaster:
        await world.do(SetDisasterMode, queue_id=QUEUE, is_on=True, supervisor_id="s")
    with pytest.raises(HotlineError, match="call"):
        world.switch.carry_out(ordered(world))
    assert world.switch.of(ContactQueued) == []


# --- out of the queue -------------------------------------------------------------------------------------------------


async def test_full_queue_sends_the_caller_to_the_flows_exit_and_the_clock_goes_on(start: Start) -> None:
    world = await start(max_waiting=1)
    await world.call_in()
    await world.wait_ms(1_000)
    second = await world.call_in(caller="13800000002")
    await world.wait_ms(1_000)
    (diverted,) = world.switch.of(ContactDiverted)
    assert (diverted.queue_id, diverted.cause) == (QUEUE, "full")
    queued = world.switch.of(ContactQueued)
    assert [event.queue_id for event in queued] == [QUEUE, QUEUE, OTHER_QUEUE]
    assert queued[1].asked_at_ms == queued[2].asked_at_ms
    assert world.leg(second) is not None


async def test_greatest_wait_lets_the_caller_out_and_counts_as_blocked(start: Start) -> None:
    world = await start(max_wait_s=60)
    leg_id = await world.call_in()
    await world.wait_ms(70_000)
    assert world.leg(leg_id) is None
    assert [event.cause for event in world.switch.of(ContactDiverted)] == ["too_long"]
    assert [(fact.how, fact.cause) for fact in world.facts_of(ContactLeftFlow)] == [
        ("queued", ""),
        ("blocked", "too_long"),
    ]


async def test_disaster_mode_without_an_exit_turns_callers_away(start: Start) -> None:
    world = await start()
    await world.do(SetDisasterMode, queue_id=QUEUE, is_on=True, supervisor_id="s")
    leg_id = await world.call_in()
    await world.wait_ms(15_000)
    assert world.leg(leg_id) is None
    assert world.facts_of(ContactLeftFlow)[-1].cause == "disaster"
    assert world.node.calls == {}
