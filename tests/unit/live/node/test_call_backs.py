"""Callers who would rather be called back: the request, the promise, the call, and everything that can fail in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hotline.kernel.ids import new_id
from hotline.live.node.window_words import window_texts
from hotline.messages.callbacks import CallbackOrder, open_order, seal_order
from hotline.messages.configuration import QueueSpeech
from hotline.messages.effects import ForgetContact, HangUp, Refused, ReleaseCustomer, RingAgent, StopRinging
from hotline.messages.facts import FlowStepTaken
from hotline.messages.routing import (
    AnswerOffer,
    ApplyConfiguration,
    CancelCallback,
    ContactQueued,
    EndContact,
    FailCallback,
    FailOffer,
    RequestCallback,
)
from hotline.telephony.simulated_platform import PartyScript
from tests.unit.live.node.test_waiting import heard
from tests.unit.live.node.world import (
    ANNA,
    BORIS,
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
    "steps": {"queue": {"kind": "queue", "queue_id": QUEUE, "callback_key": "1", "announce_every_s": 10}},
}
SPEECH = (QueueSpeech(queue_id=QUEUE, takes_callbacks=True),)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    started: list[World] = []

    async def start_world(**changes: Any) -> World:
        world = World(tmp_path, node_configuration(flow=FLOW, **{"queue_speech": SPEECH, **changes}))
        world.switch.by_hand = (RequestCallback, FailCallback, AnswerOffer, FailOffer)
        started.append(world)
        await world.start_node()
        return world

    yield start_world
    for world in started:
        await world.close()


def sent(world: World, kind: type[Any]) -> list[Any]:
    return [command for command in world.switch.commands if isinstance(command, kind)]


async def promised(world: World, caller: str | None = NUMBER) -> str:
    """The contact of a caller who has pressed the key and been let go."""
    leg_id = await world.call_in(caller=caller)
    contact_id = world.contact_id()
    world.platform.press(leg_id, "1")
    await world.settle()
    await world.told(ReleaseCustomer(contact_id=contact_id))
    await world.wait_ms(20_000)
    assert world.leg(leg_id) is None
    return contact_id


def ring(world: World, contact_id: str, offer_id: str = "offer-1", agent_id: str = ANNA) -> RingAgent:
    (request,) = sent(world, RequestCallback)
    return RingAgent(
        contact_id=contact_id,
        offer_id=offer_id,
        agent_id=agent_id,
        timeout_s=15,
        interaction_id=new_id(),
        callback_number=request.number,
    )


async def agent_answers(world: World, agent_id: str = ANNA) -> str:
    leg = world.leg_of(agent_id)
    assert leg is not None, "the agent's device does not ring"
    world.platform.answer(leg.leg_id)
    await world.settle()
    return str(leg.leg_id)


def customer_leg(world: World) -> Any:
    legs = [leg for leg in world.platform.legs.values() if leg.purpose == "outside"]
    return legs[-1] if legs else None


# --- the request ------------------------------------------------------------------------------------------------------


async def test_offer_is_heard_where_the_queue_takes_call_backs(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start()
    await world.call_in(caller=NUMBER)
    sounds = heard(world, monkeypatch)
    await world.wait_ms(12_000)
    assert sounds == ["all_agents_busy", "callback_offer", "digit_1"]


async def test_key_asks_to_be_called_at_ones_own_number(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "15")  # a second key is nothing
    await world.settle()
    (request,) = sent(world, RequestCallback)
    assert NUMBER not in request.number
    order = open_order(request.number, world.keyring)
    assert (order.number, order.tenant_id, order.queue_id, order.language) == (NUMBER, TENANT, QUEUE, "zh")


async def test_withheld_number_is_asked_for(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start()
    leg_id = await world.call_in(caller=None)
    sounds = heard(world, monkeypatch)
    world.platform.press(leg_id, "1")
    await world.wait_ms(1_000)
    assert sounds == ["callback_ask_number"]
    for key in f"{NUMBER}#":
        world.platform.press(leg_id, key)
        await world.settle()
    (request,) = sent(world, RequestCallback)
    assert open_order(request.number, world.keyring).number == NUMBER


async def test_number_without_closing_key_counts_when_no_more_comes(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in(caller=None)
    world.platform.press(leg_id, "1")
    await world.wait_ms(1_000)
    world.platform.press(leg_id, NUMBER)
    await world.wait_ms(11_000)
    assert len(sent(world, RequestCallback)) == 1


@pytest.mark.parametrize("number", ["110", "00442071234567", ""])
async def test_nobody_sends_us_to_numbers_that_may_not_be_dialled(
    start: Start, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start()
    leg_id = await world.call_in(caller="0044207000000")  # not allowed either: it is asked for another
    sounds = heard(world, monkeypatch)
    world.platform.press(leg_id, f"1{number}#")
    await world.settle()
    assert sent(world, RequestCallback) == []
    assert sounds[-1] == "callback_wrong_number"
    await world.wait_ms(15_000)
    assert world.leg(leg_id) is not None
    assert "all_agents_busy" in sounds


async def test_without_call_backs_the_key_does_nothing(start: Start) -> None:
    world = await start(queue_speech=())
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "1")
    await world.settle()
    assert sent(world, RequestCallback) == []


async def test_refused_request_lets_the_caller_wait_on(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start()
    leg_id = await world.call_in(caller=NUMBER)
    sounds = heard(world, monkeypatch)
    world.platform.press(leg_id, "1")
    await world.settle()
    (request,) = sent(world, RequestCallback)
    world.node.refused(request, Refused(command_id=request.command_id, code="x", sentence="No."))
    await world.wait_ms(20_000)
    assert sounds[0] == "callback_refused"
    assert "all_agents_busy" in sounds
    world.platform.hang_up(leg_id)
    await world.settle()
    assert [command.ended_by for command in sent(world, EndContact)] == ["caller"]


# --- the time of the day ----------------------------------------------------------------------------------------------

CHOICE = (QueueSpeech(queue_id=QUEUE, takes_callbacks=True, callback_windows=((540, 720), (840, 1020))),)


async def test_caller_chooses_the_time_of_the_call(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start(queue_speech=CHOICE)
    leg_id = await world.call_in(caller=NUMBER)
    sounds = heard(world, monkeypatch)
    world.platform.press(leg_id, "1")
    await world.settle()
    assert sent(world, RequestCallback) == []
    assert sounds[:2] == ["callback_when", "digit_0"]
    world.platform.press(leg_id, "7")  # nothing has that key: it is asked again
    await world.settle()
    world.platform.press(leg_id, "2")
    await world.settle()
    (request,) = sent(world, RequestCallback)
    assert request.window == (840, 1020)
    await world.told(ReleaseCustomer(contact_id=world.contact_id(), due="window"))
    assert sounds[-1] == "callback_promised_window"


@pytest.mark.parametrize("is_silent", [True, False])
async def test_caller_who_chooses_no_time_is_called_when_it_is_their_turn(start: Start, is_silent: bool) -> None:
    world = await start(queue_speech=CHOICE)
    leg_id = await world.call_in(caller=None)
    world.platform.press(leg_id, "1")
    await world.wait_ms(1_000)
    world.platform.press(leg_id, f"{NUMBER}#")
    await world.settle()
    if is_silent:
        await world.wait_ms(30_000)
    else:
        world.platform.press(leg_id, "0")
        await world.settle()
    (request,) = sent(world, RequestCallback)
    assert request.window == (0, 0)
    assert open_order(request.number, world.keyring).number == NUMBER


async def test_refused_time_lets_the_caller_choose_again(start: Start) -> None:
    world = await start(queue_speech=CHOICE)
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "11")
    await world.settle()
    (request,) = sent(world, RequestCallback)
    world.node.refused(request, Refused(command_id=request.command_id, code="x", sentence="No."))
    await world.settle()
    world.platform.press(leg_id, "12")
    await world.settle()
    assert [request.window for request in sent(world, RequestCallback)] == [(540, 720), (840, 1020)]


async def test_promise_outside_the_hours_does_not_speak_of_a_turn(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start()
    world.switch.expected = (3, 600)
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "1")
    await world.settle()
    sounds = heard(world, monkeypatch)
    await world.told(ReleaseCustomer(contact_id=world.contact_id(), due="opening"))
    await world.wait_ms(20_000)
    assert sounds == ["callback_promised_opening"]
    assert world.leg(leg_id) is None


@pytest.mark.parametrize(
    ("window", "zh", "en"),
    [
        ((540, 720), "如需在9点到12点之间接到回电，请按 1。", "To be called between 9 a.m. and noon, press 1."),
        (
            (570, 1_110),
            "如需在9点30分到18点30分之间接到回电，请按 1。",
            "To be called between 9:30 a.m. and 6:30 p.m., press 1.",
        ),
        (
            (1_200, 1_440),
            "如需在20点到24点之间接到回电，请按 1。",
            "To be called between 8 p.m. and midnight, press 1.",
        ),
    ],
)
def test_windows_are_said_in_words(window: tuple[int, int], zh: str, en: str) -> None:
    speech = QueueSpeech(queue_id=QUEUE, callback_windows=(window,))
    assert window_texts(speech, "zh") == [zh]
    assert window_texts(speech, "en") == [en]


# --- the promise ------------------------------------------------------------------------------------------------------


async def test_promise_says_how_long_it_will_take(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await start()
    world.switch.expected = (3, 600)
    sounds = heard(world, monkeypatch)
    await promised(world)
    assert sounds == [
        "position_before", "number_pair", "position_after",
        "wait_before", "number_10", "wait_minutes", "callback_promised",
    ]  # fmt: skip
    assert sent(world, EndContact) == []


async def test_who_hangs_up_before_the_switch_has_answered_is_called_back(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in(caller=NUMBER)
    contact_id = world.contact_id()
    world.platform.press(leg_id, "1")
    await world.settle()
    world.platform.hang_up(leg_id)
    await world.settle()
    assert sent(world, EndContact) == []
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    assert customer_leg(world) is not None


async def test_who_hung_up_and_is_refused_has_given_up(start: Start) -> None:
    world = await start()
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "1")
    await world.settle()
    world.platform.hang_up(leg_id)
    await world.settle()
    (request,) = sent(world, RequestCallback)
    world.node.refused(request, Refused(command_id=request.command_id, code="x", sentence="No."))
    await world.settle()
    assert [(command.ended_by, command.cause) for command in sent(world, EndContact)] == [
        ("caller", "callback_refused")
    ]
    assert world.node.calls == {}


# --- the call ---------------------------------------------------------------------------------------------------------


async def test_agent_first_then_the_customer_and_both_hear_each_other(start: Start) -> None:
    world = await start()
    world.voice_of(ANNA, 500)
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=4_000, voice_hz=700))
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    assert customer_leg(world) is None, "nobody is called before the agent has answered"
    agent = await agent_answers(world)
    assert sent(world, AnswerOffer) == []
    assert world.leg(agent).has_music
    await world.wait_ms(5_000)
    (answer,) = sent(world, AnswerOffer)
    assert answer.offer_id == "offer-1"
    assert world.talk_together(agent, customer_leg(world).leg_id)
    assert world.platform.voices_heard(agent) == {700}
    world.platform.hang_up(customer_leg(world).leg_id)
    await world.settle()
    assert [(command.contact_id, command.ended_by) for command in sent(world, EndContact)] == [(contact_id, "caller")]


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (PartyScript(refusal="busy"), "busy"),
        (PartyScript(), "no_answer"),
        (PartyScript(refusal="unknown_number"), "failed"),
    ],
)
async def test_customer_who_is_not_reached_is_told_and_the_agent_let_go(
    start: Start, script: PartyScript, cause: str
) -> None:
    world = await start()
    world.platform.set_script(NUMBER, script)
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    await world.wait_ms(50_000)
    (failure,) = sent(world, FailCallback)
    assert (failure.offer_id, failure.cause) == ("offer-1", cause)
    assert world.platform.legs == {}
    assert sent(world, AnswerOffer) == []
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=100))
    await world.told(ring(world, contact_id, "offer-2", BORIS))  # the next attempt
    await agent_answers(world, BORIS)
    await world.wait_ms(1_000)
    assert [answer.offer_id for answer in sent(world, AnswerOffer)] == ["offer-2"]


async def test_number_that_is_no_longer_allowed_fails_the_call_back(start: Start) -> None:
    world = await start()
    contact_id = await promised(world)
    await world.driver.set_dialable((), ())
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    assert [failure.cause for failure in sent(world, FailCallback)] == ["failed"]
    assert world.platform.legs == {}


async def test_agent_who_does_not_answer_or_hangs_up_fails_the_offer(start: Start) -> None:
    world = await start()
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    world.platform.hang_up(world.leg_of(ANNA).leg_id, "rejected")
    await world.settle()
    await world.told(ring(world, contact_id, "offer-2"))
    agent = await agent_answers(world)
    world.platform.hang_up(agent)
    await world.settle()
    assert [failure.offer_id for failure in sent(world, FailOffer)] == ["offer-1", "offer-2"]
    assert world.platform.legs == {}, "the customer is not left ringing for nobody"


@pytest.mark.parametrize("offer_id", ["offer-1", ""])
@pytest.mark.parametrize("is_calling", [False, True])
async def test_withdrawn_offer_ends_both_legs_and_the_place_is_kept(
    start: Start, is_calling: bool, offer_id: str
) -> None:
    """Also one that was withdrawn while the node was away, of which it hears no more than that none is open."""
    world = await start()
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    if is_calling:
        await agent_answers(world)
    await world.told(StopRinging(contact_id=contact_id, offer_id=offer_id))
    assert world.platform.legs == {}
    assert contact_id in world.node.calls


@pytest.mark.parametrize("effect", [HangUp, ForgetContact])
async def test_cancelled_call_back_is_over(start: Start, effect: type[Any]) -> None:
    world = await start()
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    fields = {"cause": "cancelled"} if effect is HangUp else {}
    await world.told(effect(contact_id=contact_id, **fields))
    assert world.platform.legs == {}
    assert world.node.calls == {}


async def test_call_back_that_web_asked_for_needs_no_call_before(start: Start) -> None:
    world = await start()
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=100))
    order = CallbackOrder(number=NUMBER, tenant_id=TENANT, entry_point_id="entry-1", queue_id=QUEUE, language="en")
    contact_id = new_id()
    sealed = seal_order(order, world.keyring)
    await world.told(
        RingAgent(
            contact_id=contact_id,
            offer_id="offer-9",
            agent_id=ANNA,
            timeout_s=15,
            interaction_id=new_id(),
            callback_number=sealed,
        )
    )
    agent = await agent_answers(world)
    await world.wait_ms(1_000)
    assert [answer.offer_id for answer in sent(world, AnswerOffer)] == ["offer-9"]
    assert world.talk_together(agent, customer_leg(world).leg_id)
    assert customer_leg(world).caller == world.configuration.entry_points[0].address
    assert world.node.held_contacts()[0].contact_id == contact_id


# --- when something of ours dies --------------------------------------------------------------------------------------


async def test_killed_node_keeps_its_promises(start: Start) -> None:
    world = await start()
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=100))
    contact_id = await promised(world)
    await world.kill_node()
    await world.start_node()
    assert [one.contact_id for one in world.node.held_contacts()] == [contact_id]
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    await world.wait_ms(1_000)
    assert len(sent(world, AnswerOffer)) == 1


async def test_killed_node_goes_on_calling(start: Start) -> None:
    world = await start()
    world.platform.set_script(NUMBER, PartyScript(answer_after_ms=5_000))
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    agent = await agent_answers(world)
    await world.kill_node()
    await world.wait_ms(6_000)
    await world.start_node()
    world.switch.is_connected = True
    assert world.talk_together(agent, customer_leg(world).leg_id)
    assert len(sent(world, AnswerOffer)) == 1


async def test_platform_that_dies_costs_nobody_the_promise(start: Start) -> None:
    world = await start()
    contact_id = await promised(world)
    await world.told(ring(world, contact_id))
    await agent_answers(world)
    world.platform.crash()
    await world.settle()
    world.platform.restore()
    await world.settle()
    assert contact_id in world.node.calls
    assert sent(world, EndContact) == []
    assert world.platform.script_of(sip_user(ANNA)).is_reachable
    await world.told(ring(world, contact_id, "offer-2"))
    await agent_answers(world)
    assert customer_leg(world) is not None


# --- calling again while a call-back is promised ----------------------------------------------------------------------


async def calls_again(world: World, contact_id: str) -> str:
    """The same caller comes anew; web knows of the promise."""
    world.look_ups.values = {"pending_callback": contact_id}
    leg_id = await world.call_in(caller=NUMBER)
    await world.wait_ms(200)
    return leg_id


def steps_of(world: World, contact_id: str) -> list[str]:
    steps = [fact for fact in world.facts_of(FlowStepTaken) if fact.contact_id == contact_id]
    return [step.detail for step in steps if step.kind == "callback"]


async def test_who_calls_again_is_told_of_the_promise_and_cancels_it_by_a_key(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start()
    contact_id = await promised_by_engine(world)
    names = heard(world, monkeypatch)
    leg_id = await calls_again(world, contact_id)
    assert names == ["callback_pending", "digit_9", "callback_keep"]
    world.platform.press(leg_id, "9")
    await world.settle()
    (cancelled,) = sent(world, CancelCallback)
    assert (cancelled.contact_id, cancelled.supervisor_id) == (contact_id, None)
    assert world.switch.router.contact(contact_id) is None
    assert names[-1] == "callback_cancelled"
    await world.wait_ms(20_000)
    assert [queued.contact_id for queued in world.switch.of(ContactQueued)][-1] != contact_id
    assert steps_of(world, world.switch.of(ContactQueued)[-1].contact_id) == ["cancelled"]


@pytest.mark.parametrize("key", ["", "4"])
async def test_another_key_or_none_keeps_the_call_back_and_the_flow_goes_on(start: Start, key: str) -> None:
    world = await start()
    contact_id = await promised_by_engine(world)
    leg_id = await calls_again(world, contact_id)
    if key:
        world.platform.press(leg_id, key)
    await world.wait_ms(20_000)
    assert sent(world, CancelCallback) == []
    kept = world.switch.router.contact(contact_id)
    assert kept is not None
    assert kept.is_called_back
    assert steps_of(world, world.switch.of(ContactQueued)[-1].contact_id) == ["kept"]
    assert world.switch.of(ContactQueued)[-1].pending_callback == contact_id, "the switch is told of the promise"


async def test_a_flow_that_looks_the_caller_up_itself_goes_on_after_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = {"kind": "look_up", "name": "customer", "arguments": {"phone": "caller"}, "next": "queue"}
    steps = {"look": look_up, **FLOW["steps"]}
    world = World(tmp_path, node_configuration(flow={"first_step": "look", "steps": steps}))
    await world.start_node()
    names = heard(world, monkeypatch)
    await calls_again(world, new_id())
    assert names[-1] == "callback_keep"
    assert world.switch.of(ContactQueued) == []
    await world.wait_ms(20_000)
    assert len(world.switch.of(ContactQueued)) == 1
    assert world.look_ups.asked == [("customer", {"phone": NUMBER})]
    await world.close()


async def test_keys_pressed_during_the_recording_notice_cancel_nothing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start(recording="announced")
    names = heard(world, monkeypatch)
    world.look_ups.values = {"pending_callback": new_id()}
    leg_id = await world.call_in(caller=NUMBER)
    world.platform.press(leg_id, "9")
    await world.wait_ms(30_000)
    assert "callback_pending" in names
    assert sent(world, CancelCallback) == []


async def promised_by_engine(world: World) -> str:
    """As `promised`, but the engine itself makes the promise."""
    queues = [replace(queue, callback_attempts=2) for queue in routing_configuration().queues]
    configuration = replace(routing_configuration(), version=2, queues=tuple(queues))
    world.switch.carry_out(ApplyConfiguration(configuration=configuration, **world.switch.stamp()))
    world.switch.by_hand = ()
    leg_id = await world.call_in(caller=NUMBER)
    contact_id = world.contact_id()
    world.platform.press(leg_id, "1")
    await world.wait_ms(20_000)
    assert world.leg(leg_id) is None
    found = world.switch.router.contact(contact_id)
    assert found is not None
    assert found.is_called_back
    return contact_id
