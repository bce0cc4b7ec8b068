"""The road of a call through the node: arrival, menu, queue, ringing, conversation, end."""

from pathlib import Path

from hotline.live.node.condition import NO_SETUP_YET, Condition
from hotline.messages.facts import CallRefused, ContactArrived, ContactLeftFlow, FlowStepTaken
from hotline.messages.routing import (
    ContactConnected,
    ContactEnded,
    ContactQueued,
    OfferAccepted,
    OfferFailed,
    OfferWithdrawn,
)
from hotline.telephony.simulated_platform import PartyScript
from tests.unit.live.node.world import ANNA, BORIS, CALLER, HOTLINE, QUEUE, World, sip_user


async def test_call_is_answered_greeted_queued_and_connected_with_the_agent(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk(ANNA)
    assert world.talk_together(caller, agent)
    (queued,) = world.switch.of(ContactQueued)
    assert (queued.queue_id, queued.menu_path) == (QUEUE, ("1",))
    (connected,) = world.switch.of(ContactConnected)
    assert connected.agent_id == ANNA


async def test_contact_times_are_the_platforms_stamps(world: World) -> None:
    arrived_at = world.clock.now_ms()
    await world.reach_queue()
    asked_at = world.clock.now_ms()
    await world.wait_ms(7000)
    await world.sign_in(ANNA)
    await world.wait_ms(2000)
    world.platform.answer(world.leg_of(ANNA).leg_id)
    answered_at = world.clock.now_ms()
    await world.settle()
    (queued,) = world.switch.of(ContactQueued)
    (connected,) = world.switch.of(ContactConnected)
    assert (queued.arrived_at_ms, queued.asked_at_ms) == (arrived_at, asked_at)
    assert (connected.at_ms, connected.wait_ms) == (answered_at, 9000)


async def test_waiting_caller_hears_music_until_connected(world: World) -> None:
    caller = await world.reach_queue()
    assert world.leg(caller).has_music
    await world.sign_in(ANNA)
    world.platform.answer(world.leg_of(ANNA).leg_id)
    await world.settle()
    assert not world.leg(caller).has_music


async def test_caller_who_hangs_up_while_the_agent_rings_is_withdrawn_at_once(world: World) -> None:
    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    rang_at = world.clock.now_ms()
    world.platform.hang_up(caller)
    await world.settle()
    assert world.leg_of(ANNA) is None
    (withdrawn,) = world.switch.of(OfferWithdrawn)
    assert withdrawn.at_ms - rang_at <= 200
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("abandoned", "caller")


async def test_agent_hanging_up_ends_the_call(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.wait_ms(3000)
    world.platform.hang_up(agent)
    await world.settle()
    assert world.leg(caller) is None
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("handled", "agent")
    assert not world.node.calls


async def test_caller_hanging_up_ends_the_call(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    world.platform.hang_up(caller)
    await world.settle()
    assert world.leg(agent) is None
    (ended,) = world.switch.of(ContactEnded)
    assert (ended.outcome, ended.ended_by) == ("handled", "caller")


async def test_before_it_knows_its_numbers_a_node_says_that_it_takes_no_calls(tmp_path: Path) -> None:
    condition = Condition(tmp_path / "health.json")
    condition.set_voice("")
    assert condition.present.problems == [NO_SETUP_YET]
    assert not condition.present.takes_calls
    condition.set_setup("")
    assert condition.present.takes_calls


async def test_unknown_number_is_refused_and_written_down(world: World) -> None:
    leg_id = await world.call_in(called="999000")
    assert world.leg(leg_id) is None
    (refused,) = world.facts_of(CallRefused)
    assert (refused.called_address, refused.caller_address) == ("999000", CALLER)
    assert (refused.cause, refused.tenant_id) == ("unknown_number", "")
    assert not world.node.calls


async def test_number_is_known_with_separators_and_plus(world: World) -> None:
    leg_id = await world.call_in(called=f"+{HOTLINE[:3]}-{HOTLINE[3:]}")
    assert world.leg(leg_id).is_answered


async def test_arrival_and_steps_are_told_to_web(world: World) -> None:
    await world.reach_queue("1")
    (arrived,) = world.facts_of(ContactArrived)
    assert (arrived.called_address, arrived.flow_version, arrived.is_simulated) == (HOTLINE, 3, True)
    steps = [(fact.step_id, fact.detail) for fact in world.facts_of(FlowStepTaken)]
    assert steps == [("greeting", ""), ("menu", "1"), ("repair", "")]
    (left,) = world.facts_of(ContactLeftFlow)
    assert (left.how, left.queue_id) == ("queued", QUEUE)


async def test_key_during_greeting_skips_it_and_counts_for_the_menu(world: World) -> None:
    leg_id = await world.call_in()
    await world.wait_ms(500)
    world.platform.press(leg_id, "1")
    await world.settle()
    assert [queued.menu_path for queued in world.switch.of(ContactQueued)] == [("1",)]


async def test_silent_caller_is_asked_again_and_then_let_go(world: World) -> None:
    leg_id = await world.call_in()
    await world.wait_ms(60_000)
    assert world.leg(leg_id) is None
    (left,) = world.facts_of(ContactLeftFlow)
    assert (left.how, left.cause) == ("contained", "finished")
    details = [fact.detail for fact in world.facts_of(FlowStepTaken) if fact.kind == "menu"]
    assert details == ["no_input", "no_input"]


async def test_caller_leaving_in_the_menu_is_contained(world: World) -> None:
    leg_id = await world.call_in()
    await world.wait_ms(1000)
    world.platform.hang_up(leg_id)
    await world.settle()
    (left,) = world.facts_of(ContactLeftFlow)
    assert left.how == "contained"
    assert not world.switch.of(ContactQueued)


async def test_device_that_cannot_be_rung_fails_the_offer_and_the_next_agent_gets_the_call(world: World) -> None:
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=False))
    await world.sign_in(ANNA, BORIS)
    await world.reach_queue()
    (failed,) = world.switch.of(OfferFailed)
    assert (failed.agent_id, failed.cause) == (ANNA, "unreachable")
    assert world.leg_of(BORIS) is not None


async def test_device_that_rejects_fails_the_offer(world: World) -> None:
    world.platform.set_script(sip_user(ANNA), PartyScript(refusal="rejected"))
    await world.sign_in(ANNA)
    await world.reach_queue()
    await world.wait_ms(200)
    assert [failed.cause for failed in world.switch.of(OfferFailed)] == ["rejected"]


async def test_offer_not_answered_stops_ringing_and_rings_the_next_agent(world: World) -> None:
    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    await world.sign_in(BORIS)
    await world.wait_ms(16_000)
    assert world.leg_of(ANNA) is None
    assert world.leg_of(BORIS) is not None
    assert world.leg(caller).has_music


async def test_accepting_on_the_desk_answers_a_device_that_the_platform_can_answer(world: World) -> None:
    from hotline.messages.routing import AcceptOffer, ContactOffered

    await world.sign_in(ANNA)
    caller = await world.reach_queue()
    (offered,) = world.switch.of(ContactOffered)
    await world.do(AcceptOffer, agent_id=ANNA, offer_id=offered.offer_id)
    assert world.switch.of(OfferAccepted)
    assert world.talk_together(caller, world.leg_of(ANNA).leg_id)
