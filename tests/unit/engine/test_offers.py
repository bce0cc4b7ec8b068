"""Offers that are not taken: expired, refused, failed, withdrawn."""

import pytest

from hotline.engine.errors import NotYourOfferError, OfferUnknownError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue


def test_expired_offer_returns_contact_to_its_place_and_goes_to_another_agent() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    centre.call("k2")
    centre.wait(10)
    centre.enter("bob")
    assert centre.offered_to("k2") == "bob"
    events = centre.wait(4.999)
    assert names(events) == ["OfferExpired", "AgentStateChanged", "ContactRequeued"]
    assert only(events, m.ContactRequeued).cause == "offer_expired"
    assert centre.state("ann") == ("away", "offer_expired")
    centre.enter("cai")
    assert centre.offered_to("k1") == "cai"
    assert centre.offered_to("k2") == "bob"


def test_expired_offer_is_offered_again_at_once_when_somebody_is_free() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    events = centre.wait(15)
    assert names(events) == [
        "OfferExpired",
        "AgentStateChanged",
        "ContactRequeued",
        "ContactOffered",
        "AgentStateChanged",
    ]
    assert centre.offered_to("k1") == "bob"


def test_an_offer_lasts_as_long_as_its_queue_says() -> None:
    centre = Centre([queue("water", offer_timeout_s=8)], [agent("ann")])
    centre.enter("ann")
    centre.call("k1")
    assert centre.wait(7.999) == ()
    assert names(centre.wait(0.001))[0] == "OfferExpired"


def test_refused_offer_sends_the_agent_away_and_the_contact_on() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    events = centre.do(m.RefuseOffer, agent_id="ann", offer_id=centre.offer_of("k1"), reason_id="language")
    assert only(events, m.OfferRefused).reason_id == "language"
    assert centre.state("ann") == ("away", "offer_refused")
    assert centre.offered_to("k1") == "bob"


def test_failed_offer_keeps_the_drivers_cause_and_sends_the_agent_away() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    events = centre.do(m.FailOffer, offer_id=centre.offer_of("k1"), cause="unreachable")
    assert only(events, m.OfferFailed).cause == "unreachable"
    assert centre.state("ann") == ("away", "offer_failed")
    assert centre.offered_to("k1") == "bob"


def test_an_agent_who_asked_for_lunch_while_ringing_goes_to_lunch() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    assert names(centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")) == ["AgentStateRequested"]
    centre.wait(15)
    assert centre.state("ann") == ("away", "lunch")


def test_a_caller_who_leaves_withdraws_the_offer_and_the_agent_keeps_their_place() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    centre.wait(2)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="cancelled")
    assert names(events) == ["OfferWithdrawn", "ContactEnded", "AgentStateChanged"]
    assert only(events, m.ContactEnded).outcome == "abandoned"
    assert only(events, m.ContactEnded).wait_ms == 2_000
    assert centre.state("ann") == ("available", None)
    centre.call("k2")
    assert centre.offered_to("k2") == "ann"


def test_an_agent_freed_by_a_withdrawn_offer_gets_who_waits() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    centre.call("k2")
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert centre.offered_to("k2") == "ann"


def test_answering_an_offer_that_is_over_is_refused() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    offer_id = centre.offer_of("k1")
    centre.wait(15)
    with pytest.raises(OfferUnknownError):
        centre.do(m.AnswerOffer, offer_id=offer_id)
    with pytest.raises(OfferUnknownError):
        centre.do(m.RefuseOffer, agent_id="ann", offer_id=offer_id)
    assert centre.do(m.FailOffer, offer_id=offer_id, cause="no_answer") == ()


def test_an_answer_that_beat_the_expiry_counts_when_it_comes_first() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    offer_id = centre.offer_of("k1")
    answered_ms = centre.now_ms + 14_900
    centre.now_ms += 15_100
    assert names(centre.do(m.AnswerOffer, offer_id=offer_id, at_ms=answered_ms))[0] == "ContactConnected"
    assert centre.wait(60) == ()


def test_somebody_elses_offer_is_refused() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    offer_id = centre.offer_of("k1")
    with pytest.raises(NotYourOfferError):
        centre.do(m.AcceptOffer, agent_id="bob", offer_id=offer_id)
    with pytest.raises(NotYourOfferError):
        centre.do(m.RefuseOffer, agent_id="bob", offer_id=offer_id)


def test_accepting_a_call_waits_for_the_leg_and_accepting_a_chat_does_not() -> None:
    centre = Centre([queue("water")], [agent("ann", capacity={"voice": 1, "chat": 2})])
    centre.enter("ann")
    centre.call("k1", channel="chat")
    events = centre.do(m.AcceptOffer, agent_id="ann", offer_id=centre.offer_of("k1"))
    assert names(events) == ["OfferAccepted", "ContactConnected", "AgentStateChanged"]
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    centre.call("k2")
    offer_id = centre.offer_of("k2")
    assert names(centre.do(m.AcceptOffer, agent_id="ann", offer_id=offer_id)) == ["OfferAccepted"]
    assert centre.do(m.AcceptOffer, agent_id="ann", offer_id=offer_id) == ()
    assert names(centre.answer("k2"))[0] == "ContactConnected"
    assert centre.do(m.AcceptOffer, agent_id="ann", offer_id=offer_id) == ()
