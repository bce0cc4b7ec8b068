"""Passing a customer on, blind and after consultation, and everything that can go wrong on the way."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import (
    AgentUnknownError,
    AtCapacityError,
    CommandInvalidError,
    NobodyFreeError,
    NobodyThereError,
    NotYourTransferError,
    OtherTenantError,
    QueueUnknownError,
    TransferUnknownError,
    WrongStateError,
)
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue


@pytest.fixture
def centre() -> Centre:
    """Ann talks with k1; bob and cai are free, dan serves another enterprise."""
    centre = Centre(
        [queue("water"), queue("bills", ("bills", 1)), queue("gas", tenant_id="t2")],
        [agent("ann"), agent("bob", ("bills", 2)), agent("cai"), agent("dan", tenant_ids=("t2",))],
    )
    centre.enter("ann")
    centre.talk("k1")
    centre.enter("bob", "cai", "dan")
    centre.wait(10)
    return centre


def transfer(centre: Centre, kind: str, target_kind: str, target: str, id: str = "x1") -> tuple[m.RoutingEvent, ...]:
    to: dict[str, Any] = {"kind": kind, "target_kind": target_kind, "target": target}
    return centre.do(m.StartTransfer, transfer_id=id, agent_id="ann", contact_id="k1", **to)


def holder(centre: Centre) -> str | None:
    contact = centre.router.contact("k1")
    assert contact is not None
    return contact.agent_id


# --- blind ------------------------------------------------------------------------------------------------------------


def test_blind_to_a_queue_frees_the_sender_and_keeps_the_wait_clock(centre: Centre) -> None:
    asked = centre.router.contact("k1")
    events = transfer(centre, "blind", "queue", "bills")
    assert names(events) == [
        "TransferStarted",
        "TransferCompleted",
        "InteractionEnded",
        "WrapUpStarted",
        "ContactRequeued",
        "AgentStateChanged",
        "ContactOffered",
        "AgentStateChanged",
    ]
    assert centre.state("ann") == ("wrap_up", None)
    assert centre.offered_to("k1") == "bob"
    moved = centre.router.contact("k1")
    assert moved is not None
    assert asked is not None
    assert (moved.queue_id, moved.asked_at_ms) == ("bills", asked.asked_at_ms)
    centre.wait(2)
    connected = only(centre.answer("k1"), m.ContactConnected)
    assert (connected.agent_id, connected.wait_ms) == ("bob", centre.now_ms - asked.asked_at_ms)


def test_blind_to_a_queue_that_nobody_is_there_to_serve_leaves_the_customer_with_the_sender(centre: Centre) -> None:
    centre.do(m.SignOut, agent_id="bob")
    with pytest.raises(NobodyThereError):
        transfer(centre, "blind", "queue", "bills")
    assert holder(centre) == "ann"
    centre.enter("bob")
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    transfer(centre, "blind", "queue", "bills")  # somebody away for a moment comes back
    assert centre.stage("k1") == "waiting"


def test_why_a_transfer_came_back_is_known_until_the_next_one(centre: Centre) -> None:
    transfer(centre, "blind", "agent", "cai")
    at_ms = centre.now_ms + 15_000
    centre.wait(20)
    assert returned(centre.router) == ("ann", "offer_expired", at_ms)
    assert returned(Router.restore(centre.router.snapshot())) == ("ann", "offer_expired", at_ms)
    centre.answer("k1")
    transfer(centre, "consult", "number", "sealed-number", id="x2")
    assert returned(centre.router) is None
    centre.do(m.ReportTransferLeg, transfer_id="x2", outcome="failed", cause="busy")
    assert returned(centre.router) == ("ann", "busy", centre.now_ms)


def returned(router: Router) -> tuple[str, str, int] | None:
    contact = router.contact("k1")
    assert contact is not None
    one = contact.returned
    return (one.agent_id, one.cause, one.at_ms) if one is not None else None


def test_blind_to_a_queue_waits_before_those_who_asked_later(centre: Centre) -> None:
    centre.talk("k2", "bills")
    centre.call("k3", "bills")
    transfer(centre, "blind", "queue", "bills")
    centre.do(m.HangUpContact, agent_id="bob", contact_id="k2")
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k2")
    assert centre.offered_to("k1") == "bob"
    assert centre.stage("k3") == "waiting"


def test_blind_to_an_agent_is_reserved_for_them(centre: Centre) -> None:
    events = transfer(centre, "blind", "agent", "cai")
    offered = only(events, m.ContactOffered)
    assert (offered.agent_id, offered.kind) == ("cai", "transfer")
    events = centre.answer("k1")
    assert names(events) == ["TransferCompleted", "ContactConnected", "AgentStateChanged"]
    assert holder(centre) == "cai"


@pytest.mark.parametrize("miss", ["expired", "refused", "failed", "browser gone"])
def test_blind_to_an_agent_who_does_not_take_it_returns_to_the_sender(centre: Centre, miss: str) -> None:
    transfer(centre, "blind", "agent", "cai")
    offer_id = centre.offer_of("k1")
    if miss == "expired":
        events = centre.wait(15)
    elif miss == "refused":
        events = centre.do(m.RefuseOffer, agent_id="cai", offer_id=offer_id)
    elif miss == "failed":
        events = centre.do(m.FailOffer, offer_id=offer_id, cause="busy")
    else:
        events = centre.do(m.LoseAgentConnection, agent_id="cai", session_id="s-cai")
    assert only(events, m.TransferFailed).agent_id == "ann"
    assert only(events, m.WrappedUp).agent_id == "ann"
    assert centre.offered_to("k1") == "ann"
    centre.answer("k1")
    assert holder(centre) == "ann"


def test_a_returned_transfer_that_the_sender_misses_goes_to_the_front_of_the_queue(centre: Centre) -> None:
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    transfer(centre, "blind", "agent", "cai")
    centre.wait(15)
    assert centre.offered_to("k1") == "ann"
    centre.call("k2", priority=9)
    centre.wait(15)
    assert centre.state("ann") == ("away", "offer_expired")
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    assert centre.offered_to("k1") == "bob"


def test_a_sender_who_is_busy_again_does_not_get_it_back(centre: Centre) -> None:
    transfer(centre, "blind", "agent", "cai")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    assert centre.talk("k2") == "ann"
    centre.wait(15)
    assert centre.stage("k1") == "waiting"
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    assert centre.offered_to("k1") == "bob"


def test_a_sender_who_asked_for_lunch_does_not_get_it_back(centre: Centre) -> None:
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    transfer(centre, "blind", "agent", "cai")
    centre.wait(15)
    assert centre.offered_to("k1") == "bob"


def test_a_caller_may_leave_during_a_blind_transfer(centre: Centre) -> None:
    transfer(centre, "blind", "agent", "cai")
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert names(events)[:3] == ["OfferWithdrawn", "TransferFailed", "ContactEnded"]
    assert centre.state("cai") == ("available", None)


def test_blind_to_a_number_ends_as_transferred_out_when_that_leg_ends(centre: Centre) -> None:
    events = transfer(centre, "blind", "number", "sealed-number")
    assert only(events, m.TransferStarted).target == "sealed-number"
    assert centre.state("ann") == ("wrap_up", None)
    assert centre.stage("k1") == "outside"
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="answered")
    assert names(events) == ["TransferCompleted"]
    assert centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="answered") == ()
    centre.wait(40)
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="ended", cause="normal_clearing")
    ended = only(events, m.ContactEnded)
    assert (ended.outcome, ended.cause) == ("transferred_out", "normal_clearing")
    assert centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="ended") == ()


def test_blind_to_a_number_that_fails_returns_to_the_sender(centre: Centre) -> None:
    transfer(centre, "blind", "number", "sealed-number")
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="failed", cause="busy")
    assert only(events, m.TransferFailed).cause == "busy"
    assert centre.offered_to("k1") == "ann"


def test_blind_to_a_number_that_fails_without_a_sender_goes_to_the_front(centre: Centre) -> None:
    transfer(centre, "blind", "number", "sealed-number")
    centre.do(m.SignOut, agent_id="ann")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="failed", cause="busy")
    assert centre.offered_to("k1") == "bob"


# --- consult ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target_kind", "target", "consulted"), [("agent", "cai", "cai"), ("queue", "bills", "bob")])
def test_consult_and_complete(centre: Centre, target_kind: str, target: str, consulted: str) -> None:
    events = transfer(centre, "consult", target_kind, target)
    offered = only(events, m.ContactOffered)
    assert (offered.agent_id, offered.kind) == (consulted, "consult")
    assert holder(centre) == "ann"
    centre.wait(3)
    events = centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    assert names(events) == ["TransferAnswered", "AgentStateChanged"]
    assert centre.do(m.AnswerOffer, offer_id=offered.offer_id) == ()
    assert centre.state(consulted) == ("busy", None)
    centre.wait(4)
    events = centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    assert names(events) == [
        "TransferCompleted",
        "InteractionEnded",
        "ContactConnected",
        "WrapUpStarted",
        "AgentStateChanged",
    ]
    ended, connected = only(events, m.InteractionEnded), only(events, m.ContactConnected)
    assert (ended.talk_ms, ended.hold_ms) == (10_003, 7_000)
    assert (connected.agent_id, connected.interaction_id) == (consulted, offered.interaction_id)
    assert holder(centre) == consulted
    assert centre.state("ann") == ("wrap_up", None)
    centre.wait(9)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(events, m.InteractionEnded).talk_ms == 9_000


def test_consult_and_cancel_gives_the_customer_back(centre: Centre) -> None:
    offered = only(transfer(centre, "consult", "agent", "cai"), m.ContactOffered)
    centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    centre.wait(6)
    events = centre.do(m.CancelTransfer, agent_id="ann", transfer_id="x1")
    assert names(events) == ["TransferFailed", "AgentStateChanged"]
    assert centre.state("cai") == ("available", None)
    assert holder(centre) == "ann"
    centre.wait(5)
    ended = only(centre.do(m.HangUpContact, agent_id="ann", contact_id="k1"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms) == (15_003, 6_000)


def test_cancel_while_ringing_stops_the_ringing(centre: Centre) -> None:
    transfer(centre, "consult", "agent", "cai")
    events = centre.do(m.CancelTransfer, agent_id="ann", transfer_id="x1")
    assert names(events) == ["OfferWithdrawn", "TransferFailed", "AgentStateChanged"]
    with pytest.raises(TransferUnknownError):
        centre.do(m.CancelTransfer, agent_id="ann", transfer_id="x1")


def test_a_consulted_agent_who_does_not_answer_leaves_the_customer_with_the_sender(centre: Centre) -> None:
    transfer(centre, "consult", "agent", "cai")
    events = centre.wait(15)
    assert names(events) == ["OfferExpired", "AgentStateChanged", "TransferFailed"]
    assert centre.state("cai") == ("away", "offer_expired")
    assert holder(centre) == "ann"


def test_consulting_a_queue_asks_the_next_agent_when_one_does_not_answer(centre: Centre) -> None:
    transfer(centre, "consult", "queue", "water")
    events = centre.wait(15)
    assert only(events, m.ContactOffered).agent_id == "cai"
    events = centre.wait(15)
    assert names(events)[-1] == "TransferFailed"
    assert holder(centre) == "ann"


@pytest.mark.parametrize("command", [m.HangUpContact, m.LoseAgentLeg])
def test_the_consulted_agent_leaving_gives_the_customer_back(centre: Centre, command: type[Any]) -> None:
    offered = only(transfer(centre, "consult", "agent", "cai"), m.ContactOffered)
    centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    events = centre.do(command, agent_id="cai", contact_id="k1")
    assert only(events, m.TransferFailed).cause == "target_left"
    assert centre.state("cai") == ("available", None)
    assert holder(centre) == "ann"


def test_the_sender_hanging_up_in_a_consultation_completes_it(centre: Centre) -> None:
    offered = only(transfer(centre, "consult", "agent", "cai"), m.ContactOffered)
    centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert holder(centre) == "cai"


def test_the_sender_vanishing_in_a_consultation_leaves_the_customer_to_the_consulted(centre: Centre) -> None:
    offered = only(transfer(centre, "consult", "agent", "cai"), m.ContactOffered)
    centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    centre.wait(10)
    assert holder(centre) == "cai"
    assert centre.state("ann") == ("signed_out", "connection_lost")


def test_the_sender_vanishing_while_it_rings_puts_the_customer_to_the_front(centre: Centre) -> None:
    transfer(centre, "consult", "agent", "cai")
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    events = centre.wait(10)
    assert only(events, m.TransferFailed).cause == "sender_left"
    assert centre.offered_to("k1") == "bob"
    assert centre.state("cai") == ("available", None)


@pytest.mark.parametrize("is_answered", [True, False])
def test_the_caller_leaving_in_a_consultation_ends_it_for_all(centre: Centre, is_answered: bool) -> None:
    offered = only(transfer(centre, "consult", "agent", "cai"), m.ContactOffered)
    if is_answered:
        centre.do(m.AnswerOffer, offer_id=offered.offer_id)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert ("OfferWithdrawn" in names(events)) is not is_answered
    assert only(events, m.TransferFailed).cause == "caller_gone"
    assert only(events, m.ContactEnded).outcome == "handled"
    assert centre.state("cai") == ("available", None)
    assert centre.state("ann") == ("wrap_up", None)


def test_consult_a_number_and_complete(centre: Centre) -> None:
    transfer(centre, "consult", "number", "sealed-number")
    with pytest.raises(WrongStateError, match="not answered yet"):
        centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    assert names(centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="answered")) == ["TransferAnswered"]
    centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    assert centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1") == ()
    assert centre.stage("k1") == "outside"
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(events, m.ContactEnded).outcome == "transferred_out"


@pytest.mark.parametrize("outcome", ["failed", "ended"])
def test_a_consulted_number_that_fails_or_leaves_gives_the_customer_back(centre: Centre, outcome: str) -> None:
    transfer(centre, "consult", "number", "sealed-number")
    if outcome == "ended":
        centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="answered")
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome=outcome, cause="gone")
    assert only(events, m.TransferFailed).cause == "gone"
    assert holder(centre) == "ann"


# --- what cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "target_kind", "target", "error"),
    [
        ("blind", "agent", "eve", AgentUnknownError),
        ("blind", "agent", "ann", CommandInvalidError),
        ("blind", "agent", "dan", OtherTenantError),
        ("consult", "agent", "dan", OtherTenantError),
        ("blind", "queue", "nowhere", QueueUnknownError),
        ("blind", "queue", "gas", OtherTenantError),
        ("consult", "queue", "gas", OtherTenantError),
        ("blind", "number", "", CommandInvalidError),
    ],
)
def test_wrong_targets_are_refused(
    centre: Centre, kind: str, target_kind: str, target: str, error: type[HotlineError]
) -> None:
    before = centre.router.snapshot()
    with pytest.raises(error):
        transfer(centre, kind, target_kind, target)
    assert centre.router.snapshot() == before


@pytest.mark.parametrize("kind", ["blind", "consult"])
def test_a_busy_agent_is_no_target(centre: Centre, kind: str) -> None:
    centre.call("k2")
    assert centre.offered_to("k2") == "bob"
    with pytest.raises(AtCapacityError):
        transfer(centre, kind, "agent", "bob")


def test_nobody_to_consult_in_the_queue(centre: Centre) -> None:
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    before = centre.router.snapshot()
    with pytest.raises(NobodyFreeError):
        transfer(centre, "consult", "queue", "bills")
    assert centre.router.snapshot() == before


def test_one_transfer_at_a_time_and_no_hold_beside_it(centre: Centre) -> None:
    transfer(centre, "consult", "agent", "cai")
    assert transfer(centre, "consult", "agent", "cai") == ()
    with pytest.raises(WrongStateError):
        transfer(centre, "blind", "queue", "bills", id="x2")
    for command in (m.HoldContact, m.RetrieveContact):
        with pytest.raises(WrongStateError):
            centre.do(command, agent_id="ann", contact_id="k1")


def test_only_the_sender_completes_or_cancels(centre: Centre) -> None:
    transfer(centre, "consult", "agent", "cai")
    for command in (m.CompleteTransfer, m.CancelTransfer):
        with pytest.raises(NotYourTransferError):
            centre.do(command, agent_id="cai", transfer_id="x1")


def test_a_lost_leg_cannot_transfer(centre: Centre) -> None:
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    with pytest.raises(WrongStateError, match="connection"):
        transfer(centre, "blind", "queue", "bills")


def test_a_blind_transfer_cannot_be_taken_back(centre: Centre) -> None:
    transfer(centre, "blind", "number", "sealed-number")
    with pytest.raises(WrongStateError):
        centre.do(m.CancelTransfer, agent_id="ann", transfer_id="x1")
    with pytest.raises(WrongStateError):
        centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")


def test_the_wait_of_a_contact_is_that_before_its_first_conversation(centre: Centre) -> None:
    centre.talk("k2")
    centre.wait(30)
    to = {"kind": "blind", "target_kind": "agent", "target": "cai"}
    centre.do(m.StartTransfer, transfer_id="x2", agent_id="bob", contact_id="k2", **to)
    centre.wait(5)
    assert only(centre.answer("k2"), m.ContactConnected).wait_ms == 35_000
    ended = only(centre.do(m.EndContact, contact_id="k2", ended_by="caller", cause="x"), m.ContactEnded)
    assert ended.wait_ms == 0


def test_two_agents_freed_at_once_get_those_who_wait_in_order() -> None:
    centre = Centre(
        [queue("water"), queue("leaks", ("leaks", 1)), queue("bills", ("bills", 1))],
        [agent("ann", ("leaks", 1)), agent("bob", ("bills", 1), ("leaks", 1))],
    )
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.enter("bob")
    centre.call("ringing", "bills")
    centre.call("late", "bills")
    centre.call("urgent", "leaks", priority=5)
    centre.do(m.EndContact, contact_id="ringing", ended_by="caller", cause="x")
    assert (centre.offered_to("urgent"), centre.stage("late")) == ("bob", "waiting")
