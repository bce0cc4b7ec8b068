"""What may be decided a blink later, so that several decisions share a commit: only what makes nobody wait."""

import pytest

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, queue

LATE_MS = 40


def wrapping_up() -> Centre:
    """Ann wraps up by herself, for ten seconds from now; a telephone rings as long."""
    water = queue("water", is_wrap_up_automatic=True, wrap_up_s=10, offer_timeout_s=10, relationship_s=60)
    centre = Centre([water], [agent("ann"), agent("bob")])
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    return centre


def test_a_wrap_up_for_which_nobody_waits_may_end_later() -> None:
    centre = wrapping_up()
    due = centre.now_ms + 10_000
    assert centre.router.next_due_ms() == due
    assert centre.router.latest_due_ms(LATE_MS) == due + LATE_MS


def test_without_timers_nothing_is_due() -> None:
    assert Centre().router.latest_due_ms(LATE_MS) is None


def test_a_wrap_up_ends_on_time_when_somebody_waits_in_a_queue() -> None:
    centre = wrapping_up()
    due = centre.now_ms + 10_000
    centre.call("k2")
    assert centre.router.latest_due_ms(LATE_MS) == due


def test_a_wrap_up_ends_on_time_when_somebody_waits_for_that_very_agent() -> None:
    centre = wrapping_up()
    due = centre.now_ms + 10_000
    centre.enter("bob")
    centre.call("k2", wanted_agent_id="ann")
    contact = centre.router.contact("k2")
    assert contact is not None
    assert contact.kept_for_id == "ann"
    assert centre.router.latest_due_ms(LATE_MS) == due


@pytest.mark.parametrize("after_ms", [-20, 0, 20])
def test_what_is_due_beside_a_wrap_up_is_not_late(after_ms: int) -> None:
    centre = wrapping_up()
    due = centre.now_ms + 10_000
    centre.now_ms += after_ms
    centre.enter("bob")
    centre.now_ms -= 1  # entering took a millisecond
    centre.call("k2")  # rings at Bob's for as long as Ann wraps up
    assert centre.router.latest_due_ms(LATE_MS) == min(due + LATE_MS, due + after_ms)


def test_only_a_conversation_whose_agent_nobody_waits_for_may_end_later() -> None:
    centre = Centre(agents=[agent("ann"), agent("bob")])
    centre.enter("ann")
    assert not centre.router.may_end_later("never")
    centre.call("k1")
    assert not centre.router.may_end_later("k1"), "it rings: the telephone must fall silent"
    centre.do(m.AnswerOffer, offer_id=centre.offer_of("k1"))
    assert centre.router.may_end_later("k1")
    centre.call("k2")
    assert not centre.router.may_end_later("k1"), "somebody waits"
    assert not centre.router.may_end_later("k2")
