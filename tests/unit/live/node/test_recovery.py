"""Nothing is lost and nothing doubled when the node, the switch or the platform dies."""

import asyncio
import json

import pytest

from hotline.kernel.ids import new_id
from hotline.live.node.call.record import CallRecord
from hotline.messages.effects import NodeCondition, RetrieveCustomer
from hotline.messages.facts import CallCutShort, ContactArrived
from hotline.messages.routing import (
    AgentLegLost,
    ContactConnected,
    ContactEnded,
    ContactOffered,
    ContactQueued,
    HangUpContact,
    HoldContact,
    MergeTransfer,
    OfferFailed,
    RetrieveContact,
    StartTransfer,
)
from hotline.telephony.contract import Leg
from hotline.telephony.simulated import SimulatedDriver
from tests.unit.live.node.world import ANNA, BORIS, QUEUE, World

# --- the node dies ----------------------------------------------------------------------------------------------------


async def test_caller_in_the_flow_hears_it_again_from_a_restarted_node(world: World) -> None:
    caller = await world.call_in()
    await world.wait_ms(1000)
    await world.restart_node()
    await world.wait_ms(5000)
    world.platform.press(caller, "1")
    await world.settle()
    (queued,) = world.switch.of(ContactQueued)
    (arrived,) = world.facts_of(ContactArrived)
    assert queued.contact_id == arrived.contact_id


async def test_waiting_caller_keeps_place_and_clock_over_a_restart(world: World) -> None:
    caller = await world.reach_queue()
    (queued,) = world.switch.of(ContactQueued)
    await world.wait_ms(5000)
    await world.restart_node()
    assert world.leg(caller).has_music
    await world.sign_in(ANNA)
    await world.wait_ms(1000)
    world.platform.answer(world.leg_of(ANNA).leg_id)
    await world.settle()
    (connected,) = world.switch.of(ContactConnected)
    assert (connected.contact_id, connected.wait_ms) == (queued.contact_id, 6000)
    assert len(world.switch.of(ContactQueued)) == 1
    assert world.talk_together(caller, world.leg_of(ANNA).leg_id)


async def test_what_happens_while_living_calls_are_looked_for_is_brought_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.kill_node()
    told, list_legs = asyncio.Event(), SimulatedDriver.list_legs

    async def listed_late(driver: SimulatedDriver) -> tuple[Leg, ...]:
        legs = await list_legs(driver)
        await told.wait()
        return legs

    monkeypatch.setattr(SimulatedDriver, "list_legs", listed_late)
    await world.start_node()
    world.switch.set_connected(True)
    world.platform.hang_up(caller)  # the list that is under way still has this leg
    newcomer = await world.call_in(caller="13800000002")
    assert not world.node.calls
    told.set()
    await world.settle()
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("handled", "caller")
    assert world.leg(agent) is None
    assert [call.record.leg_id for call in world.node.calls.values()] == [newcomer]


async def test_a_list_that_fails_holds_nothing_up(
    world: World, expects_fault: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.kill_node()

    async def fails(driver: SimulatedDriver) -> tuple[Leg, ...]:
        raise RuntimeError("the list cannot be read")

    monkeypatch.setattr(SimulatedDriver, "list_legs", fails)
    await world.start_node()
    newcomer = await world.call_in()
    assert [call.record.leg_id for call in world.node.calls.values()] == [newcomer]


async def test_ringing_leg_goes_on_ringing_over_a_restart(world: World) -> None:
    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    leg = world.leg_of(ANNA).leg_id
    await world.restart_node()
    assert [one.leg_id for one in world.platform.legs.values() if one.purpose == "agent"] == [leg]
    world.platform.answer(leg)
    await world.settle()
    assert world.talk_together(caller, leg)


async def test_leg_answered_while_the_node_was_dead_is_connected_at_its_return(world: World) -> None:
    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    leg = world.leg_of(ANNA).leg_id
    await world.kill_node()
    world.platform.answer(leg)
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    assert world.talk_together(caller, leg)
    assert len(world.switch.of(ContactConnected)) == 1


async def test_conversation_survives_the_node(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.kill_node()
    assert world.talk_together(caller, agent)
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    assert world.talk_together(caller, agent)
    assert not world.switch.of(AgentLegLost)
    world.platform.hang_up(agent)
    await world.settle()
    assert world.leg(caller) is None
    assert len(world.switch.of(ContactEnded)) == 1


async def test_held_customer_stays_held_over_a_restart(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    contact_id = world.contact_id()
    await world.do(HoldContact, agent_id=ANNA, contact_id=contact_id)
    await world.restart_node()
    assert world.leg(caller).has_music
    await world.do(RetrieveContact, agent_id=ANNA, contact_id=contact_id)
    assert world.talk_together(caller, agent)


async def test_caller_who_left_while_the_node_was_dead_is_told_to_the_switch(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.kill_node()
    world.platform.hang_up(caller)
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("handled", "caller")
    assert world.leg(agent) is None


async def test_agent_who_left_while_the_node_was_dead_counts_as_lost(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.kill_node()
    world.platform.hang_up(agent)
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    assert world.leg(caller).has_music
    assert world.switch.of(AgentLegLost)


async def test_contact_ended_by_the_desk_while_the_node_was_dead_is_ended_at_its_return(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    contact_id = world.contact_id()
    await world.kill_node()
    await world.do(HangUpContact, agent_id=ANNA, contact_id=contact_id)
    assert world.platform.legs
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    assert not world.platform.legs


async def test_consultation_survives_the_node(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    await world.do(
        StartTransfer,
        transfer_id=new_id(),
        agent_id=ANNA,
        contact_id=world.contact_id(),
        kind="consult",
        target_kind="agent",
        target=BORIS,
    )
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    await world.restart_node()
    assert world.talk_together(sender, target)
    world.platform.hang_up(sender)
    await world.settle()
    assert world.talk_together(caller, target)


@pytest.mark.parametrize(("who", "is_target"), [(BORIS, True), (ANNA, False)])
async def test_consultation_that_ended_in_a_break_follows_the_switchs_word(
    world: World, who: str, is_target: bool
) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    fields = {"agent_id": ANNA, "contact_id": world.contact_id(), "kind": "consult", "target_kind": "agent"}
    await world.do(StartTransfer, transfer_id=new_id(), target=BORIS, **fields)
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    world.node.effect(RetrieveCustomer(contact_id=world.contact_id(), agent_id=who))
    await world.settle()
    assert world.talk_together(caller, target if is_target else sender)
    assert world.leg(sender if is_target else target) is None


@pytest.mark.parametrize("is_merged_meanwhile", [False, True])
async def test_conference_survives_the_node(world: World, is_merged_meanwhile: bool) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    fields = {"agent_id": ANNA, "contact_id": world.contact_id(), "kind": "consult", "target_kind": "agent"}
    transfer_id = new_id()
    await world.do(StartTransfer, transfer_id=transfer_id, target=BORIS, **fields)
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    if is_merged_meanwhile:
        await world.kill_node()
    await world.do(MergeTransfer, agent_id=ANNA, transfer_id=transfer_id)
    if is_merged_meanwhile:
        await world.start_node()
        world.switch.set_connected(True)
        await world.settle()
    else:
        await world.restart_node()
    assert world.talk_together(caller, sender)
    assert world.talk_together(caller, target)
    world.platform.hang_up(sender)
    await world.settle()
    assert world.talk_together(caller, target)


async def test_caller_who_came_while_no_node_was_there_goes_to_the_fallback_queue_with_that_clock(world: World) -> None:
    await world.kill_node()
    came_at = world.clock.now_ms()
    world.platform.place_call("962740", "13800000002")
    world.clock.advance_ms(4000)
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.queue_id, queued.asked_at_ms) == ("queue-billing", came_at)


# --- the switch dies --------------------------------------------------------------------------------------------------


async def test_asking_while_the_switch_is_away_arrives_when_it_is_back_with_its_clock(world: World) -> None:
    caller = await world.call_in()
    world.switch.set_connected(False)
    await world.wait_ms(5000)
    world.platform.press(caller, "1")
    await world.settle()
    asked_at = world.clock.now_ms()
    assert world.leg(caller).has_music
    await world.wait_ms(3000)
    world.switch.set_connected(True)
    await world.settle()
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.queue_id, queued.asked_at_ms) == (QUEUE, asked_at)


async def test_waiting_callers_are_told_when_the_switch_stays_away(world: World) -> None:
    caller = await world.reach_queue()
    world.switch.set_connected(False)
    await world.settle()
    await world.wait_ms(9500)
    assert not world.leg(caller).playbacks
    await world.wait_ms(1000)
    assert world.leg(caller).playbacks


async def test_switch_set_back_to_an_older_state_learns_of_the_waiting_again(world: World) -> None:
    await world.reach_queue()
    asked_at = world.switch.of(ContactQueued)[0].asked_at_ms
    former = world.switch
    world.switch.set_connected(False)
    world.switch.router = type(former)(world.clock).router
    world.switch.events.clear()
    await world.wait_ms(2000)
    world.switch.set_connected(True)
    await world.settle()
    (queued,) = world.switch.of(ContactQueued)
    assert queued.asked_at_ms == asked_at


async def test_caller_who_left_while_the_switch_was_away_is_an_abandonment_not_a_failure(world: World) -> None:
    caller = await world.reach_queue()
    world.switch.set_connected(False)
    world.platform.hang_up(caller)
    await world.settle()
    world.switch.set_connected(True)
    await world.settle()
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("abandoned", "caller")


async def test_conversation_that_ended_while_the_switch_was_away_has_lost_no_leg(world: World) -> None:
    await world.sign_in(ANNA)
    caller, _ = await world.talk()
    world.switch.set_connected(False)
    world.platform.hang_up(caller)
    await world.settle()
    world.switch.set_connected(True)
    await world.settle()
    assert [ended.outcome for ended in world.switch.of(ContactEnded)] == ["handled"]
    assert not world.switch.of(AgentLegLost)


async def test_answer_that_came_too_late_leaves_the_customer_waiting(world: World) -> None:
    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    agent = world.leg_of(ANNA).leg_id
    world.switch.is_connected = False
    world.platform.answer(agent)
    await world.settle()
    await world.wait_ms(16_000)  # the offer expires meanwhile
    world.switch.set_connected(True)
    await world.settle()
    assert world.leg(agent) is None
    assert world.leg(caller).has_music
    assert not world.switch.of(ContactConnected)


# --- the platform dies ------------------------------------------------------------------------------------------------


async def test_calls_end_as_platform_failure_and_are_listed_for_call_back(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    await world.call_in(caller="13800000002")
    asked_at = world.switch.of(ContactQueued)[0].asked_at_ms
    world.platform.crash()
    await world.settle()
    assert [ended.outcome for ended in world.switch.of(ContactEnded)] == ["platform_failure"]
    assert [fact.asked_at_ms for fact in world.facts_of(CallCutShort)] == [asked_at, None]
    assert not world.node.calls


async def test_new_calls_work_when_the_platform_is_back(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    world.platform.crash()
    await world.settle()
    world.platform.restore()
    await world.settle()
    await world.sign_in(BORIS)
    await world.reach_queue()
    assert len(world.switch.of(ContactOffered)) == 2


async def test_platform_and_node_dying_together_is_a_platform_failure(world: World) -> None:
    await world.reach_queue()
    await world.kill_node()
    world.platform.crash()
    world.platform.restore()
    await world.start_node()
    world.switch.set_connected(True)
    await world.settle()
    assert [ended.outcome for ended in world.switch.of(ContactEnded)] == ["platform_failure"]
    assert len(world.facts_of(CallCutShort)) == 1


async def test_leg_that_belongs_to_no_call_is_ended(world: World) -> None:
    await world.sign_in(ANNA)
    await world.reach_queue()
    await world.kill_node()
    (world.directory / "spool.sqlite3").unlink()
    await world.start_node()
    assert world.leg_of(ANNA) is None


async def test_caller_whose_arrival_was_not_on_disk_when_the_node_was_killed_is_met_anew(world: World) -> None:
    caller = await world.call_in()
    world.spool._waiting.clear()
    await world.restart_node()
    await world.wait_ms(1_100)
    assert world.leg(caller) is not None
    assert [call.record.leg_id for call in world.node.calls.values()] == [caller]


async def test_caller_is_marked_only_when_the_call_is_on_disk(world: World) -> None:
    await world.call_in()
    (leg,) = await world.driver.list_legs()
    if not leg.tags:  # else the disk was quicker than we
        assert world.spool.calls(CallRecord) == []
    await world.spool.settle()
    await world.settle()
    (leg,) = await world.driver.list_legs()
    assert leg.tags == {"contact": next(iter(world.node.calls))}
    assert [record.leg_id for record in world.spool.calls(CallRecord)] == [leg.leg_id]


@pytest.mark.parametrize("restarts", [1, 3])
async def test_restarts_in_a_row_double_nothing(world: World, restarts: int) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    for _ in range(restarts):
        await world.restart_node()
    assert world.talk_together(caller, agent)
    assert len(world.switch.of(ContactConnected)) == 1
    assert len(world.facts_of(ContactArrived)) == 1


async def test_lost_platform_is_told_in_a_sentence_until_it_is_back(world: World) -> None:
    assert world.condition.present == NodeCondition()
    world.platform.crash()
    await world.settle()
    assert "no calls are possible" in world.condition.present.voice_problem
    health = json.loads((world.directory / "node-1.health.json").read_text("utf-8"))
    assert health == {"is_ready": False, "problems": [world.condition.present.voice_problem]}
    world.platform.restore()
    await world.settle()
    assert world.condition.present == NodeCondition()


async def test_agent_whom_a_frozen_platform_could_not_ring_is_not_blamed_and_is_rung_when_it_wakes(
    world: World,
) -> None:
    caller = await world.reach_queue()
    world.platform.freeze()
    await world.sign_in(ANNA)
    await world.wait_ms(2000)
    assert [type(event) for event in world.switch.of(OfferFailed)] == []
    assert world.leg_of(ANNA) is None
    world.platform.restore()
    await world.settle()
    world.platform.answer(world.leg_of(ANNA).leg_id)
    await world.settle()
    assert world.talk_together(caller, world.leg_of(ANNA).leg_id)
    assert len(world.switch.of(ContactConnected)) == 1
