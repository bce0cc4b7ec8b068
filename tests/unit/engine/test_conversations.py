"""Inside a conversation and after it: hold, lost legs, hanging up, wrap-up."""

import pytest

from hotline.engine.errors import (
    AgentUnknownError,
    CommandInvalidError,
    ContactUnknownError,
    NotYourContactError,
    WrongStateError,
)
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue


@pytest.fixture
def centre() -> Centre:
    """Ann talks with k1."""
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    return centre


def test_talk_excludes_hold(centre: Centre) -> None:
    centre.wait(20)
    assert names(centre.do(m.HoldContact, agent_id="ann", contact_id="k1")) == ["ContactHeld"]
    centre.wait(7)
    assert names(centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1")) == ["ContactRetrieved"]
    centre.wait(13)
    ended = only(centre.do(m.HangUpContact, agent_id="ann", contact_id="k1"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms, ended.ended_by) == (33_000, 7_000, "agent")


def test_a_conversation_that_ends_on_hold_counts_the_hold(centre: Centre) -> None:
    centre.wait(5)
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    centre.wait(9)
    ended = only(centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms) == (5_000, 9_000)


def test_second_clicks_do_nothing(centre: Centre) -> None:
    assert centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1") == ()
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    assert centre.do(m.HoldContact, agent_id="ann", contact_id="k1") == ()
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.do(m.HangUpContact, agent_id="ann", contact_id="k1") == ()
    assert centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x") == ()
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1") == ()
    assert centre.do(m.HangUpContact, agent_id="ann", contact_id="k1") == ()
    assert centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x") == ()


def test_nobody_acts_on_somebody_elses_contact(centre: Centre) -> None:
    centre.enter("bob")
    before = centre.router.snapshot()
    for command in (m.HoldContact, m.RetrieveContact, m.HangUpContact, m.FinishWrapUp, m.ResumeAgentLeg):
        with pytest.raises(NotYourContactError):
            centre.do(command, agent_id="bob", contact_id="k1")
        with pytest.raises(AgentUnknownError):
            centre.do(command, agent_id="eve", contact_id="k1")
        with pytest.raises(ContactUnknownError):
            centre.do(command, agent_id="ann", contact_id="never")
    assert centre.router.snapshot() == before


def test_wrap_up_cannot_be_finished_while_talking(centre: Centre) -> None:
    with pytest.raises(WrongStateError, match="hang up first"):
        centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")


def test_wrap_up_leads_to_what_was_asked_for_meanwhile(centre: Centre) -> None:
    requested = centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    assert names(requested) == ["AgentStateRequested"]
    view = centre.router.agent("ann")
    assert view is not None
    assert (view.requested_state, view.requested_reason) == ("away", "lunch")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.state("ann") == ("wrap_up", None)
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert centre.state("ann") == ("away", "lunch")


def test_a_wish_can_be_taken_back(centre: Centre) -> None:
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    centre.do(m.SetAgentState, agent_id="ann", state="available")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert centre.state("ann") == ("available", None)


def test_extending_moves_the_end_of_an_automatic_wrap_up() -> None:
    centre = Centre([queue("water", is_wrap_up_automatic=True, wrap_up_s=10)], [agent("ann")])
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    extended = only(centre.do(m.ExtendWrapUp, agent_id="ann", contact_id="k1", extend_s=20), m.WrapUpExtended)
    assert extended.until_ms == centre.now_ms + 30_000
    assert centre.wait(29.999) == ()
    assert names(centre.wait(0.001))[0] == "WrappedUp"


@pytest.mark.parametrize("extend_s", [0, -5, 3601])
def test_extensions_have_bounds(centre: Centre, extend_s: int) -> None:
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    with pytest.raises(CommandInvalidError, match="1 to 3600"):
        centre.do(m.ExtendWrapUp, agent_id="ann", contact_id="k1", extend_s=extend_s)


@pytest.mark.parametrize(
    ("ended_by", "outcome"), [("caller", "handled"), ("agent", "handled"), ("platform", "platform_failure")]
)
def test_outcome_of_a_conversation(centre: Centre, ended_by: str, outcome: str) -> None:
    events = centre.do(m.EndContact, contact_id="k1", ended_by=ended_by, cause="x")
    assert only(events, m.ContactEnded).outcome == outcome
    assert centre.state("ann") == ("wrap_up", None)


@pytest.mark.parametrize(
    ("ended_by", "outcome"), [("caller", "abandoned"), ("flow", "abandoned"), ("platform", "platform_failure")]
)
def test_outcome_of_waiting(ended_by: str, outcome: str) -> None:
    centre = Centre()
    centre.call("k1")
    assert (
        only(centre.do(m.EndContact, contact_id="k1", ended_by=ended_by, cause="x"), m.ContactEnded).outcome == outcome
    )


# --- a leg is lost ----------------------------------------------------------------------------------------------------


def test_a_resumed_leg_goes_on_and_the_gap_is_hold(centre: Centre) -> None:
    centre.wait(10)
    assert names(centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")) == ["AgentLegLost"]
    assert centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1") == ()
    centre.wait(4)
    assert names(centre.do(m.ResumeAgentLeg, agent_id="ann", contact_id="k1")) == ["AgentLegResumed"]
    assert centre.do(m.ResumeAgentLeg, agent_id="ann", contact_id="k1") == ()
    assert centre.wait(60) == ()
    ended = only(centre.do(m.HangUpContact, agent_id="ann", contact_id="k1"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms) == (70_000, 4_000)


def test_a_leg_that_stays_lost_puts_the_customer_before_everybody_else(centre: Centre) -> None:
    centre.wait(1)
    centre.call("k2", priority=9)
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    assert centre.wait(9.999) == ()
    events = centre.wait(0.001)
    assert only(events, m.InteractionEnded).ended_by == "platform"
    assert only(events, m.WrappedUp).wrap_up_ms == 0
    assert only(events, m.AgentSignedOut).cause == "connection_lost"
    assert centre.state("ann") == ("signed_out", "connection_lost")
    centre.enter("bob")
    assert centre.offered_to("k1") == "bob"
    assert centre.stage("k2") == "waiting"


def test_who_was_put_first_and_then_served_stands_in_line_again_when_sent_on(centre: Centre) -> None:
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    centre.wait(10)
    centre.enter("bob")
    centre.answer("k1")
    centre.call("k2", priority=9)
    transfer = {"agent_id": "bob", "contact_id": "k1", "transfer_id": "t1", "kind": "blind"}
    centre.do(m.StartTransfer, **transfer, target_kind="queue", target="water")
    centre.enter("cai")
    assert (centre.offered_to("k2"), centre.stage("k1")) == ("cai", "waiting")


def test_a_caller_may_leave_while_the_leg_is_lost(centre: Centre) -> None:
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(events, m.ContactEnded).outcome == "handled"
    assert centre.wait(60) == ()
    assert centre.state("ann") == ("wrap_up", None)
