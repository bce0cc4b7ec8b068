"""Call-backs keep the place: the customer hangs up, an agent answers when it is their turn, the customer is called."""

import pytest

from hotline.engine.errors import CallbackRefusedError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue


def busy_centre(attempts: int = 2) -> Centre:
    water = queue("water", callback_attempts=attempts, callback_retry_s=300, offer_timeout_s=600)
    centre = Centre([water], [agent("ann"), agent("bob")])
    centre.enter("ann")
    centre.talk("k0")
    return centre


def ready(centre: Centre, contact_id: str) -> None:
    centre.do(m.HangUpContact, agent_id="ann", contact_id=contact_id)
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id=contact_id)


def test_the_place_is_kept_and_the_hang_up_does_not_end_the_contact() -> None:
    centre = busy_centre()
    asked_ms = centre.now_ms
    centre.call("k1")
    promised = centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    assert names(promised) == ["CallbackPromised"]
    assert centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x") == ()
    centre.wait(60)
    centre.call("k2")
    ready(centre, "k0")
    assert (centre.offered_to("k1"), centre.offered_to("k2")) == ("ann", None)
    offered = [event for event in centre.log if isinstance(event, m.ContactOffered)][-1]
    assert offered.callback_number == "sealed"
    centre.answer("k1")
    assert [event.wait_ms for event in centre.log if isinstance(event, m.ContactConnected)][-1] == (
        centre.now_ms - asked_ms
    )
    ended = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(ended, m.ContactEnded).outcome == "handled"


def test_who_is_not_reached_is_tried_again_and_the_agent_is_not_to_blame() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    ready(centre, "k0")
    failed = centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="no_answer")
    postponed = only(failed, m.CallbackPostponed)
    assert (postponed.attempt, postponed.due_ms, postponed.cause) == (1, centre.now_ms + 300_000, "no_answer")
    assert (centre.state("ann"), centre.stage("k1")) == (("available", None), "scheduled")
    assert centre.wait(299) == ()
    assert "CallbackDue" in names(centre.wait(1))
    assert centre.offered_to("k1") == "ann"
    over = centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="busy")
    assert only(over, m.ContactEnded).outcome == "callback_failed"
    assert centre.state("ann") == ("available", None)


def test_a_call_back_at_a_chosen_time_waits_for_it() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed", not_before_ms=centre.now_ms + 3_600_000)
    ready(centre, "k0")
    assert (centre.stage("k1"), centre.offered_to("k1")) == ("scheduled", None)
    centre.wait(3_600)
    assert centre.offered_to("k1") == "ann"


def test_a_promise_survives_a_snapshot_and_the_nodes_reconnection() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    centre.router = type(centre.router).restore(centre.router.snapshot())
    centre.do(m.ReconcileNode, node_id="n1", contacts=(m.NodeContact("k0", ("ann",)),))
    assert centre.stage("k1") == "waiting"
    ready(centre, "k0")
    assert [event for event in centre.log if isinstance(event, m.ContactOffered)][-1].callback_number == "sealed"


def test_a_cancelled_call_back_is_over() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    ended = centre.do(m.CancelCallback, contact_id="k1", supervisor_id="u-sue")
    event = only(ended, m.ContactEnded)
    assert (event.cause, event.ended_by, event.actor_id) == ("cancelled", "supervisor", "u-sue")
    ready(centre, "k0")
    assert centre.state("ann") == ("available", None)


@pytest.mark.parametrize(("attempts", "is_idle"), [(0, False), (2, True)])
def test_it_is_refused_where_no_call_back_is_offered_and_when_an_agent_rings_already(
    attempts: int, is_idle: bool
) -> None:
    centre = busy_centre(attempts)
    if is_idle:
        centre.enter("bob")
    centre.call("k1")
    with pytest.raises(CallbackRefusedError):
        centre.do(m.RequestCallback, contact_id="k1", number="sealed")


def test_asking_twice_promises_once() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    assert centre.do(m.RequestCallback, contact_id="k1", number="sealed") == ()


def test_without_a_supervisor_it_was_the_customer_who_called_it_off() -> None:
    centre = busy_centre()
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    event = only(centre.do(m.CancelCallback, contact_id="k1"), m.ContactEnded)
    assert (event.cause, event.ended_by, event.actor_id) == ("cancelled", "caller", None)
