"""Calls whose flow does more than lead to a queue: look-ups, transfers, messages, and flows that cannot run."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.messages.configuration import CalendarConfiguration, CalendarVersion
from hotline.messages.facts import ContactLeftFlow, FlowStepTaken, RecordingStored
from hotline.messages.routing import ContactEnded, ContactQueued
from hotline.telephony.simulated_platform import PartyScript
from tests.unit.live.node.world import ANNA, OTHER_QUEUE, QUEUE, World, node_configuration

OUTSIDE = "021555"
Start = Callable[..., Awaitable[World]]
END: dict[str, Any] = {"kind": "hang_up"}


def flow(first: str, **steps: dict[str, Any]) -> dict[str, Any]:
    return {"first_step": first, "steps": {**steps, "end": END}}


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a world with a flow of the test's own."""
    started: list[World] = []

    async def start_world(definition: dict[str, Any] | None = None, **changes: Any) -> World:
        world = World(tmp_path, node_configuration(flow=definition, **changes))
        started.append(world)
        await world.start_node()
        return world

    yield start_world
    for world in started:
        await world.close()


# --- opening hours ----------------------------------------------------------------------------------------------------

NEVER = CalendarConfiguration(
    calendar_id="never",
    time_zone="Asia/Shanghai",
    versions=(CalendarVersion(valid_from="2000-01-01", weekly=((),) * 7),),
)
CLOSED = flow(
    "hours",
    hours={"kind": "opening_hours", "calendar_id": "never", "if_open": "end", "if_closed": "sorry"},
    sorry={"kind": "say", "messages": [{"prompt": "closed"}], "next": "end"},
)


@pytest.mark.parametrize("hears_it_out", [True, False])
async def test_who_is_told_that_it_is_closed_ends_for_that_reason(start: Start, hears_it_out: bool) -> None:
    world = await start(CLOSED, calendars=(NEVER,))
    leg_id = await world.call_in()
    await world.wait_ms(60_000 if hears_it_out else 500)
    if not hears_it_out:
        world.platform.hang_up(leg_id)
        await world.settle()
    (left,) = world.facts_of(ContactLeftFlow)
    assert (left.how, left.cause) == ("contained", "closed")


async def test_who_leaves_a_message_out_of_hours_was_served(start: Start) -> None:
    message = {"kind": "message", "messages": [{"prompt": "leave_message"}], "next": "end"}
    steps = {**CLOSED["steps"], "sorry": message}
    world = await start({**CLOSED, "steps": steps}, calendars=(NEVER,))
    leg_id = await world.call_in()
    await world.wait_ms(20_000)
    world.platform.hang_up(leg_id)
    await world.settle()
    (left,) = world.facts_of(ContactLeftFlow)
    assert left.how == "contained"
    assert left.cause != "closed"


# --- look-ups ---------------------------------------------------------------------------------------------------------


async def test_what_web_knows_of_the_caller_goes_with_the_asking(start: Start) -> None:
    world = await start()
    world.look_ups.values = {"customer_id": "c-7", "priority": 30, "language": "en", "segment": "gold"}
    await world.reach_queue()
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.customer_id, queued.priority, queued.language) == ("c-7", 30, "en")
    assert world.look_ups.asked == [("customer", {})]


async def test_without_an_answer_the_entry_points_language_holds(start: Start) -> None:
    world = await start()
    await world.reach_queue()
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.customer_id, queued.priority, queued.language) == (None, 0, "zh")


async def test_flow_that_looks_the_caller_up_itself_asks_only_once(start: Start) -> None:
    look_up = {"kind": "look_up", "name": "customer", "arguments": {"phone": "caller"}, "next": "queue"}
    definition = {"first_step": "look", "steps": {"look": look_up, "queue": {"kind": "queue", "queue_id": QUEUE}}}
    world = await start(definition)
    world.look_ups.values = {"customer_id": "c-9", "priority": 2}
    await world.call_in(caller="138")
    assert world.look_ups.asked == [("customer", {"phone": "138"})]
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.customer_id, queued.priority) == ("c-9", 2)


async def test_secret_goes_to_the_look_up_and_nowhere_else(start: Start) -> None:
    definition = flow(
        "ask",
        ask={
            "kind": "collect",
            "name": "pin",
            "messages": [{"prompt": "menu"}],
            "max_length": 4,
            "is_secret": True,
            "next": "check",
            "if_failed": "end",
        },
        check={"kind": "look_up", "name": "verify", "arguments": {"pin": "value:pin"}, "next": "end"},
    )
    world = await start(definition)
    leg_id = await world.call_in()
    world.platform.press(leg_id, "7391")
    await world.settle()
    assert world.look_ups.asked[-1] == ("verify", {"pin": "7391"})
    assert "7391" not in str(world.facts)


# --- keys before the flow ---------------------------------------------------------------------------------------------


async def test_keys_during_the_notice_count_as_typed_ahead_and_the_notice_is_heard_to_its_end(start: Start) -> None:
    world = await start(recording="announced")
    caller = await world.call_in()
    await world.wait_ms(1000)
    world.platform.press(caller, "1")
    await world.settle()
    assert not world.facts_of(FlowStepTaken)  # the law wants the notice whole
    await world.wait_ms(5000)
    assert [queued.queue_id for queued in world.switch.of(ContactQueued)] == [QUEUE]
    assert [fact.step_id for fact in world.facts_of(FlowStepTaken)][:2] == ["greeting", "menu"]


def menu(**choices: str) -> dict[str, Any]:
    keys = {name.removeprefix("key_"): step for name, step in choices.items()}
    return {
        "kind": "menu",
        "messages": [{"prompt": "menu"}],
        "choices": keys,
        "if_invalid": "end",
        "if_no_input": "end",
    }


TWO_MENUS = flow(
    "matter",
    matter=menu(key_1="second", key_3="second"),
    second=menu(key_2="queue"),
    queue={"kind": "queue", "queue_id": QUEUE},
)


async def test_keys_typed_ahead_walk_through_several_menus(start: Start) -> None:
    world = await start(TWO_MENUS, recording="announced")
    caller = await world.call_in()
    world.platform.press(caller, "12")
    await world.wait_ms(6000)
    assert [queued.queue_id for queued in world.switch.of(ContactQueued)] == [QUEUE]


async def test_keys_behind_one_that_was_not_understood_are_forgotten(start: Start) -> None:
    world = await start(TWO_MENUS, recording="announced")
    caller = await world.call_in()
    world.platform.press(caller, "912")
    await world.wait_ms(6000)
    assert world.switch.of(ContactQueued) == []
    world.platform.press(caller, "1")
    await world.settle()
    assert [fact.step_id for fact in world.facts_of(FlowStepTaken)][-1] == "matter"


# --- transfers --------------------------------------------------------------------------------------------------------

TRANSFER = flow("out", out={"kind": "transfer", "number": OUTSIDE, "if_failed": "sorry"}, sorry={
    "kind": "say", "messages": [{"prompt": "transfer_failed"}], "next": "end"
})  # fmt: skip


async def test_flow_connects_the_caller_with_an_outside_number(start: Start) -> None:
    world = await start(TRANSFER)
    caller = await world.call_in()
    (outside,) = [leg for leg in world.platform.legs.values() if leg.purpose == "outside"]
    assert world.leg(caller).has_music
    world.platform.answer(outside.leg_id)
    await world.settle()
    assert world.talk_together(caller, outside.leg_id)
    assert [fact.how for fact in world.facts_of(ContactLeftFlow)] == ["transferred"]
    world.platform.hang_up(outside.leg_id)
    await world.settle()
    assert not world.platform.legs
    assert not world.switch.of(ContactQueued)


@pytest.mark.parametrize("number", [OUTSIDE, "0088123"])
async def test_number_that_is_busy_or_forbidden_leaves_the_caller_in_the_flow(start: Start, number: str) -> None:
    definition = {**TRANSFER, "steps": {**TRANSFER["steps"], "out": {**TRANSFER["steps"]["out"], "number": number}}}
    world = await start(definition)
    world.platform.set_script(OUTSIDE, PartyScript(refusal="busy"))
    await world.call_in()
    await world.wait_ms(500)
    steps = [fact.step_id for fact in world.facts_of(FlowStepTaken)]
    assert "sorry" in steps
    await world.wait_ms(5000)
    assert not world.node.calls


# --- messages ---------------------------------------------------------------------------------------------------------


async def test_message_left_is_recorded_until_a_key_and_stored(start: Start) -> None:
    leave = {"kind": "message", "messages": [{"prompt": "leave_message"}], "next": "end"}
    world = await start(flow("leave", leave=leave))
    leg_id = await world.call_in()
    await world.wait_ms(6000)
    world.platform.press(leg_id, "#")
    await world.settle()
    stored = await world.fact(RecordingStored)
    assert stored.duration_ms == pytest.approx(1500, abs=1500)
    assert [fact.step_id for fact in world.facts_of(FlowStepTaken)] == ["leave", "end"]


async def test_message_ends_after_its_longest_time(start: Start) -> None:
    leave = {"kind": "message", "messages": [{"prompt": "leave_message"}], "longest_s": 5, "next": "end"}
    world = await start(flow("leave", leave=leave))
    await world.call_in()
    await world.wait_ms(12_000)
    stored = await world.fact(RecordingStored)
    assert stored.duration_ms == pytest.approx(5000, abs=200)
    assert not world.node.calls


# --- flows that cannot run --------------------------------------------------------------------------------------------


async def test_broken_flow_leads_to_the_fallback_queue(start: Start) -> None:
    world = await start({"first_step": "nowhere", "steps": {}})
    await world.call_in()
    (queued,) = world.switch.of(ContactQueued)
    assert queued.queue_id == OTHER_QUEUE
    assert [fact.cause for fact in world.facts_of(ContactLeftFlow)] == ["fallback"]


async def test_broken_flow_without_fallback_apologises_and_ends(start: Start) -> None:
    world = await start({"first_step": "nowhere", "steps": {}}, fallback_queue_id=None)
    leg_id = await world.call_in()
    assert world.leg(leg_id).playbacks
    await world.wait_ms(8000)
    assert not world.platform.legs
    assert [fact.how for fact in world.facts_of(ContactLeftFlow)] == ["failed"]


async def test_queue_that_the_switch_does_not_know_is_replaced_by_the_fallback(start: Start) -> None:
    world = await start({"first_step": "q", "steps": {"q": {"kind": "queue", "queue_id": "gone"}}})
    await world.call_in()
    asked_at = world.clock.now_ms()
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.queue_id, queued.asked_at_ms) == (OTHER_QUEUE, asked_at)


async def test_without_any_queue_that_the_switch_knows_the_caller_is_told_and_let_go(start: Start) -> None:
    world = await start(
        {"first_step": "q", "steps": {"q": {"kind": "queue", "queue_id": "gone"}}}, fallback_queue_id=None
    )
    await world.call_in()
    await world.wait_ms(8000)
    assert not world.platform.legs


@pytest.mark.usefixtures("expects_fault")
async def test_fault_of_ours_in_a_flow_leads_to_a_person(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start()
    await world.sign_in(ANNA)
    monkeypatch.delattr(type(world.node._sounds), "media")
    await world.call_in()
    assert [queued.queue_id for queued in world.switch.of(ContactQueued)] == [OTHER_QUEUE]
    assert not world.switch.of(ContactEnded)
