"""The road of a contact: asked, offered, answered, ended, wrapped up."""

import pytest

from hotline.engine.errors import QueueUnknownError
from hotline.messages import routing as m
from tests.unit.engine.centre import START_MS, Centre, agent, names, only, queue


def test_a_call_is_offered_answered_ended_and_wrapped_up() -> None:
    centre = Centre()
    centre.enter("ann")

    events = centre.call("k1")
    assert names(events) == ["ContactQueued", "ContactOffered", "AgentStateChanged"]
    offered = only(events, m.ContactOffered)
    assert (offered.agent_id, offered.queue_id, offered.kind) == ("ann", "water", "queue")
    assert offered.expires_at_ms == centre.now_ms + 15_000

    centre.wait(3)
    events = centre.answer("k1")
    assert names(events) == ["ContactConnected", "AgentStateChanged"]
    connected = only(events, m.ContactConnected)
    assert connected.wait_ms == 3_000
    assert connected.interaction_id == offered.interaction_id
    assert centre.state("ann") == ("busy", None)

    centre.wait(60)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="normal_clearing")
    assert names(events) == ["InteractionEnded", "ContactEnded", "WrapUpStarted", "AgentStateChanged"]
    assert only(events, m.InteractionEnded).talk_ms == 60_000
    ended = only(events, m.ContactEnded)
    assert (ended.outcome, ended.ended_by, ended.cause, ended.wait_ms) == (
        "handled",
        "caller",
        "normal_clearing",
        3_000,
    )
    assert only(events, m.WrapUpStarted).until_ms == centre.now_ms + 30_000

    centre.wait(40)
    assert centre.state("ann") == ("wrap_up", None)
    events = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert names(events) == ["WrappedUp", "AgentStateChanged"]
    assert only(events, m.WrappedUp).wrap_up_ms == 40_000
    assert centre.state("ann") == ("available", None)
    assert centre.router.contact("k1") is None


def test_the_first_event_carries_the_command_and_only_the_first() -> None:
    centre = Centre()
    centre.enter("ann")
    events = centre.call("k1")
    assert events[0].command_id is not None
    assert [event.command_id for event in events[1:]] == [None, None]


def test_stamps_of_facts_are_those_of_the_command() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1", asked_at_ms=START_MS - 400)
    events = centre.do(m.AnswerOffer, offer_id=centre.offer_of("k1"), at_ms=centre.now_ms - 120)
    connected = only(events, m.ContactConnected)
    assert connected.at_ms == centre.now_ms - 120
    assert connected.wait_ms == connected.at_ms - (START_MS - 400)


def test_a_stamp_from_the_future_counts_as_now() -> None:
    centre = Centre()
    centre.enter("ann")
    events = centre.call("k1", at_ms=centre.now_ms + 3_600_000)
    assert events[0].at_ms == centre.now_ms


def test_waiting_contacts_are_served_when_somebody_is_free() -> None:
    centre = Centre()
    centre.call("k1")
    centre.wait(1)
    centre.call("k2")
    assert (centre.stage("k1"), centre.stage("k2")) == ("waiting", "waiting")
    centre.enter("ann")
    assert centre.offered_to("k1") == "ann"
    assert centre.stage("k2") == "waiting"


def test_automatic_wrap_up_ends_by_itself() -> None:
    centre = Centre([queue("water", is_wrap_up_automatic=True, wrap_up_s=20)], [agent("ann")])
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.wait(19.9) == ()
    assert names(centre.wait(0.1)) == ["WrappedUp", "AgentStateChanged"]


def test_automatic_wrap_up_of_no_length_frees_the_agent_at_once() -> None:
    centre = Centre([queue("water", is_wrap_up_automatic=True, wrap_up_s=0)], [agent("ann")])
    centre.enter("ann")
    centre.talk("k1")
    centre.call("k2")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.offered_to("k2") == "ann"


def test_manual_wrap_up_waits_for_the_agent() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.wait(3600) == ()
    assert centre.state("ann") == ("wrap_up", None)


def test_an_unknown_queue_is_refused_with_a_sentence() -> None:
    centre = Centre()
    before = centre.router.snapshot()
    with pytest.raises(QueueUnknownError, match="Choose another queue"):
        centre.call("k1", "nowhere")
    assert centre.router.snapshot() == before
