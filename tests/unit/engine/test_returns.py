"""A contact that was handed to a queue and that nobody takes goes back to who sent it, after the time of that queue."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration
from tests.unit.engine.centre import Centre, agent, names, only, queue

WAITS: dict[str, Any] = {"return_after_s": 60}
CHATS = {"voice": 1, "chat": 2}


@pytest.fixture
def centre() -> Centre:
    """Ann talks with k1; bob alone serves bills, and is away for a moment."""
    centre = Centre(
        [queue("water"), queue("bills", ("bills", 1), **WAITS), queue("night", ("bills", 1))],
        [agent("ann", capacity=CHATS), agent("bob", ("bills", 2)), agent("cai")],
    )
    centre.enter("ann")
    centre.talk("k1")
    centre.enter("bob")
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    centre.wait(10)
    return centre


def hand_over(centre: Centre, contact_id: str = "k1", queue_id: str = "bills") -> tuple[m.RoutingEvent, ...]:
    to: dict[str, Any] = {"kind": "blind", "target_kind": "queue", "target": queue_id}
    return centre.do(m.StartTransfer, transfer_id=f"x-{contact_id}", agent_id="ann", contact_id=contact_id, **to)


def finish(centre: Centre, contact_id: str = "k1") -> None:
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id=contact_id)


def returned(router: Router, contact_id: str = "k1") -> tuple[str, str] | None:
    contact = router.contact(contact_id)
    assert contact is not None
    return (contact.returned.agent_id, contact.returned.cause) if contact.returned is not None else None


@pytest.mark.parametrize("is_wrapping_up", [True, False])
def test_whom_nobody_takes_rings_at_the_sender_again(centre: Centre, is_wrapping_up: bool) -> None:
    asked = centre.router.contact("k1")
    started = only(hand_over(centre), m.TransferStarted)
    assert started.returns_at_ms == centre.now_ms + 60_000
    if not is_wrapping_up:
        finish(centre)
    assert centre.wait(59.9) == ()
    events = centre.wait(0.1)
    kinds = ["TransferUnanswered", "WrappedUp", "TransferFailed", "ContactOffered", "AgentStateChanged"]
    assert names(events) == [kind for kind in kinds if is_wrapping_up or kind != "WrappedUp"]
    assert only(events, m.TransferFailed).cause == "nobody_answered"
    offered = only(events, m.ContactOffered)
    assert (offered.agent_id, offered.kind) == ("ann", "transfer")
    assert returned(centre.router) == ("ann", "nobody_answered")
    centre.wait(2)
    connected = only(centre.answer("k1"), m.ContactConnected)
    assert asked is not None
    assert (connected.agent_id, connected.wait_ms) == ("ann", centre.now_ms - asked.asked_at_ms)
    assert centre.router.transfer("x-k1") is None


def test_a_queue_that_does_not_say_so_sends_nobody_back(centre: Centre) -> None:
    events = hand_over(centre, queue_id="night")
    assert only(events, m.TransferStarted).returns_at_ms == 0
    assert only(events, m.TransferCompleted).target_agent_id is None
    centre.wait(3_600)
    assert centre.stage("k1") == "waiting"


def test_whoever_takes_it_in_time_completes_the_transfer(centre: Centre) -> None:
    assert "TransferCompleted" not in names(hand_over(centre))
    finish(centre)
    centre.wait(50)
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    completed = only(centre.answer("k1"), m.TransferCompleted)
    assert (completed.target_agent_id, completed.agent_id, completed.kind) == ("bob", "ann", "blind")
    centre.wait(3_600)
    assert centre.state("bob") == ("busy", None)


def test_a_ring_goes_on_over_the_time_and_then_it_is_the_senders(centre: Centre) -> None:
    """Manual wrap-up all the while: bob rings at the moment, and does not answer."""
    hand_over(centre)
    centre.wait(50)
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    assert names(centre.wait(10)) == ["TransferUnanswered"]
    assert centre.offered_to("k1") == "bob"
    centre.wait(5)
    assert centre.offered_to("k1") == "ann"


def test_a_sender_who_talks_again_has_it_as_soon_as_they_are_free(centre: Centre) -> None:
    hand_over(centre)
    finish(centre)
    centre.talk("k2")
    centre.call("k3")
    centre.wait(60)
    assert centre.stage("k1") == "waiting"
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k2")
    finish(centre, "k2")
    assert centre.offered_to("k1") == "ann"
    assert centre.stage("k3") == "waiting"


@pytest.mark.parametrize("absence", ["away", "signed out", "disconnected"])
def test_a_sender_who_is_not_there_has_it_when_they_are_back(centre: Centre, absence: str) -> None:
    hand_over(centre)
    finish(centre)
    if absence == "away":
        centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    elif absence == "signed out":
        centre.do(m.SignOut, agent_id="ann")
    else:
        centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
    centre.wait(90)
    assert centre.stage("k1") == "waiting"
    if absence == "away":
        centre.do(m.SetAgentState, agent_id="ann", state="available")
    elif absence == "signed out":
        centre.enter("ann")
    else:
        centre.do(m.RestoreAgentConnection, agent_id="ann", session_id="s-ann")
    assert centre.offered_to("k1") == "ann"


def test_meanwhile_it_stays_with_those_who_serve_the_queue(centre: Centre) -> None:
    hand_over(centre)
    centre.do(m.SignOut, agent_id="ann")
    finish(centre)
    centre.wait(90)
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    assert centre.offered_to("k1") == "bob"
    centre.answer("k1")
    assert returned(centre.router) is None


def test_a_sender_with_a_chat_has_room_for_another(centre: Centre) -> None:
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    finish(centre)
    centre.talk("c1", channel="chat")
    centre.talk("c2", channel="chat")
    centre.configure(
        [queue("water"), queue("bills", ("bills", 1), **WAITS)],
        [agent("ann", capacity=CHATS), agent("bob", ("bills", 2), capacity=CHATS)],
    )
    hand_over(centre, "c1")
    centre.wait(60)
    assert centre.offered_to("c1") == "ann"
    offer_id = centre.offer_of("c1")
    assert "ContactConnected" in names(centre.do(m.AcceptOffer, agent_id="ann", offer_id=offer_id))


def test_the_time_goes_on_in_the_queue_that_it_overflows_to(centre: Centre) -> None:
    way = (OverflowConfiguration(after_s=20, queue_id="night"),)
    centre.configure(
        [queue("water"), queue("bills", ("bills", 1), overflows=way, **WAITS), queue("night", ("bills", 1))],
        [agent("ann"), agent("bob", ("bills", 2))],
    )
    hand_over(centre)
    finish(centre)
    assert only(centre.wait(20), m.ContactRequeued).queue_id == "night"
    centre.wait(40)
    assert centre.offered_to("k1") == "ann"


def test_a_sender_who_misses_it_too_leaves_it_at_the_very_front(centre: Centre) -> None:
    hand_over(centre)
    finish(centre)
    centre.wait(75)
    assert centre.state("ann") == ("away", "offer_expired")
    found = centre.router.contact("k1")
    assert found is not None
    assert (found.stage, found.queue_id, found.is_front) == ("waiting", "bills", True)


def test_a_customer_who_gives_up_meanwhile_has_been_lost(centre: Centre) -> None:
    hand_over(centre)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert names(events) == ["TransferFailed", "ContactEnded"]
    assert only(events, m.TransferFailed).cause == "caller_gone"
    finish(centre)
    centre.wait(90)
    assert centre.state("ann") == ("available", None)


def test_a_sender_of_the_past_is_not_rung(centre: Centre) -> None:
    hand_over(centre)
    finish(centre)
    centre.configure(
        [queue("water"), queue("bills", ("bills", 1), **WAITS)], [agent("bob", ("bills", 2)), agent("cai")]
    )
    centre.wait(90)
    assert centre.stage("k1") == "waiting"
    assert Router.restore(centre.router.snapshot()).snapshot() == centre.router.snapshot()


def test_a_sender_who_takes_no_calls_any_more_goes_on_wrapping_up(centre: Centre) -> None:
    hand_over(centre)
    centre.configure(
        [queue("water"), queue("bills", ("bills", 1), **WAITS)],
        [agent("ann", capacity={"chat": 2}), agent("bob", ("bills", 2)), agent("cai")],
    )
    centre.wait(60)
    assert (centre.stage("k1"), centre.state("ann")) == ("waiting", ("wrap_up", None))
    finish(centre)
    assert (centre.stage("k1"), centre.state("ann")) == ("waiting", ("available", None))


def test_a_node_that_is_away_holds_it_and_then_it_is_the_senders(centre: Centre) -> None:
    hand_over(centre)
    finish(centre)
    centre.do(m.LoseNodeConnection, node_id="n1", hold_after_ms=5_000, give_up_after_ms=900_000, clear_after_ms=950_000)
    centre.wait(90)
    assert centre.stage("k1") == "waiting"
    events = centre.do(m.ReconcileNode, node_id="n1", contacts=(m.NodeContact("k1", ()),))
    assert only(events, m.ContactOffered).agent_id == "ann"


@pytest.mark.parametrize("wait_s", [0, 30, 70])
def test_a_restarted_switch_sends_it_back_too(centre: Centre, wait_s: int) -> None:
    hand_over(centre)
    finish(centre)
    centre.talk("k2")
    centre.wait(wait_s)
    centre.router = Router.restore(centre.router.snapshot())
    centre.wait(70 - wait_s)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k2")
    finish(centre, "k2")
    assert centre.offered_to("k1") == "ann"


def test_whoever_asks_is_told_to_whom_it_goes_back(centre: Centre) -> None:
    hand_over(centre)
    finish(centre)
    why = centre.router.why_waiting("k1")
    assert why is not None
    assert (why.sent_by_id, why.returns_at_ms, why.is_unanswered) == ("ann", centre.now_ms + 60_000, False)
    centre.call("k2", "bills")
    other = centre.router.why_waiting("k2")
    assert other is not None
    assert (other.sent_by_id, other.returns_at_ms, other.is_unanswered) == (None, None, False)
    centre.do(m.SignOut, agent_id="ann")
    centre.wait(60)
    why = centre.router.why_waiting("k1")
    assert why is not None
    assert why.is_unanswered
