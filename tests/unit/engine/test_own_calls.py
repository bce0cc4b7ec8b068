"""A customer to whom a call-back is promised calls meanwhile and reaches an agent: they are not called back for what is
done, and are called where the promise is to stay."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import NotYourContactError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue

CALLER = "ref-1"


def centre_with(*queues: str, after_talk: Any = "close", attempts: int = 3) -> Centre:
    """Ann talks with k0; k1 was promised a call-back from the first queue."""
    settings = {"callback_attempts": attempts, "callback_retry_s": 300, "offer_timeout_s": 600}
    made = [queue(name, callback_after_talk=after_talk, **settings) for name in queues or ("water",)]
    centre = Centre(made, [agent("ann"), agent("bob")])
    centre.enter("ann")
    centre.talk("k0")
    centre.call("k1", caller_ref=CALLER)
    centre.do(m.RequestCallback, contact_id="k1", number="sealed")
    return centre


def second_call(
    centre: Centre, contact_id: str = "k2", queue_id: str = "water", **who: Any
) -> tuple[m.RoutingEvent, ...]:
    """The caller of k1 calls again with a greater urgency, so that Bob, who comes, gets this call first."""
    given = {"caller_ref": CALLER, "priority": 100, **who}
    centre.call(contact_id, queue_id, **given)
    centre.enter("bob")
    assert centre.offered_to(contact_id) == "bob"
    return centre.answer(contact_id)


def hang_up(centre: Centre, contact_id: str = "k2") -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.EndContact, contact_id=contact_id, ended_by="caller", cause="x")


def replayed(centre: Centre) -> bytes:
    router = Router()
    for event in centre.log:
        router.apply(event)
    return router.snapshot()


def test_the_promise_is_offered_for_closing_and_nobody_is_called_meanwhile() -> None:
    centre = centre_with()
    met = only(second_call(centre), m.CallbackMet)
    assert (met.contact_id, met.by_contact_id, met.agent_id) == ("k1", "k2", "bob")
    (offered,) = centre.router.met_in("k2")
    assert (offered.contact_id, offered.queue_id, offered.attempts, offered.is_kept) == ("k1", "water", 0, False)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    centre.wait(3_600)
    assert (centre.state("ann")[0], centre.stage("k1")) == ("available", "scheduled")


def test_done_in_this_talk_closes_the_promise_at_once() -> None:
    centre = centre_with()
    second_call(centre)
    done = centre.do(m.SettleCallback, agent_id="bob", contact_id="k1", is_done=True)
    settled, ended = only(done, m.CallbackSettled), only(done, m.ContactEnded)
    assert (settled.choice, settled.agent_id, settled.by_contact_id) == ("close", "bob", "k2")
    assert (ended.contact_id, ended.outcome, ended.ended_by, ended.cause) == ("k1", "own_call", "agent", "own_call")
    assert centre.router.met_in("k2") == ()
    assert centre.do(m.SettleCallback, agent_id="bob", contact_id="k1", is_done=True) == ()
    assert "ContactEnded" in names(hang_up(centre))
    assert centre.stage("k1") is None


def test_kept_by_the_agent_it_is_called_after_the_talk_at_its_old_place() -> None:
    centre = centre_with()
    second_call(centre)
    kept = centre.do(m.SettleCallback, agent_id="bob", contact_id="k1", is_done=False)
    assert names(kept) == ["CallbackSettled"]
    assert centre.do(m.SettleCallback, agent_id="bob", contact_id="k1", is_done=False) == ()
    assert centre.router.met_in("k2")[0].is_kept
    centre.call("k3")
    over = hang_up(centre)
    assert only(over, m.CallbackResumed).contact_id == "k1"
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k2")
    assert (centre.offered_to("k1"), centre.offered_to("k3")) == ("bob", None)


@pytest.mark.parametrize(("rule", "stage"), [("close", None), ("keep", "waiting")])
def test_without_a_choice_the_queues_rule_decides(rule: str, stage: str | None) -> None:
    centre = centre_with(after_talk=rule)
    second_call(centre)
    settled = only(hang_up(centre), m.CallbackSettled)
    assert (settled.choice, settled.agent_id) == (rule, None)
    assert centre.stage("k1") == stage
    if rule == "close":
        ended = [event for event in centre.log if isinstance(event, m.ContactEnded) and event.contact_id == "k1"]
        assert [(event.outcome, event.ended_by) for event in ended] == [("own_call", "platform")]


def test_an_agent_who_is_about_to_call_is_free_again_without_blame() -> None:
    centre = centre_with()
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    assert centre.offered_to("k1") == "ann"
    events = second_call(centre)
    withdrawn = only(events, m.OfferWithdrawn)
    assert (withdrawn.contact_id, withdrawn.agent_id, withdrawn.cause) == ("k1", "ann", "own_call")
    assert centre.state("ann") == ("available", None)
    centre.call("k4")
    assert centre.offered_to("k4") == "ann"


def test_a_call_back_that_talks_already_goes_on() -> None:
    centre = centre_with()
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    centre.answer("k1")
    assert "CallbackMet" not in names(second_call(centre))
    hang_up(centre)
    assert centre.stage("k1") == "talking"


def test_a_retry_that_was_still_to_come_keeps_its_time() -> None:
    centre = centre_with(after_talk="keep")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    postponed = only(centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="busy"), m.CallbackPostponed)
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    second_call(centre)
    assert centre.router.met_in("k2")[0].attempts == 1
    centre.wait(60)
    assert only(hang_up(centre), m.CallbackResumed).due_ms == postponed.due_ms
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k2")
    assert centre.stage("k1") == "scheduled"
    centre.wait(240)
    assert centre.offered_to("k1") == "bob"


@pytest.mark.parametrize(
    "who",
    [
        {"caller_ref": None, "customer_id": None},
        {"caller_ref": "ref-2"},
        {"is_simulated": True},
        {"caller_ref": "ref-2", "queue_id": "bills", "pending_callback": "k1"},
        {"queue_id": "bills"},
    ],
)
def test_another_caller_or_another_queue_leaves_the_promise_alone(who: dict[str, Any]) -> None:
    centre = centre_with("water", "bills")
    assert "CallbackMet" not in names(second_call(centre, **who))


def test_a_caller_is_known_by_customer_or_because_the_node_names_the_promise() -> None:
    centre = centre_with()
    centre.call("k5", caller_ref="ref-9", customer_id="c1")
    centre.do(m.RequestCallback, contact_id="k5", number="sealed")
    met = second_call(centre, caller_ref=None, customer_id="c1", pending_callback="k1")
    assert {event.contact_id for event in met if isinstance(event, m.CallbackMet)} == {"k1", "k5"}


def test_the_queue_that_was_asked_for_counts_as_well_as_the_one_it_waits_in() -> None:
    centre = centre_with("water", "bills")
    second_call(centre, queue_id="bills")
    centre.do(m.SetAgentState, agent_id="bob", state="available")
    started = {"transfer_id": "t1", "kind": "blind", "target_kind": "queue", "target": "water"}
    centre.do(m.StartTransfer, agent_id="bob", contact_id="k2", **started)
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k2")
    while centre.offered_to("k2") is None:
        centre.do(m.FailCallback, offer_id=centre.offer_of("k1"), cause="busy")
    assert only(centre.answer("k2"), m.CallbackMet).contact_id == "k1"


@pytest.mark.parametrize("cut", ["platform", "line", "queue"])
def test_a_talk_that_broke_off_settles_nothing(cut: str) -> None:
    centre = centre_with("water", "bills")
    second_call(centre)
    if cut == "platform":
        over = centre.do(m.EndContact, contact_id="k2", ended_by="platform", cause="x")
    elif cut == "line":
        over = centre.do(m.EndContact, contact_id="k2", ended_by="caller", cause="lost")
    else:
        started = {"transfer_id": "t1", "kind": "blind", "target_kind": "queue", "target": "bills"}
        centre.do(m.StartTransfer, agent_id="bob", contact_id="k2", **started)
        over = hang_up(centre)
    assert only(over, m.CallbackSettled).choice == "keep"
    assert centre.stage("k1") == "waiting"


def test_only_who_has_the_customer_settles_the_promise() -> None:
    centre = centre_with()
    with pytest.raises(NotYourContactError):
        centre.do(m.SettleCallback, agent_id="ann", contact_id="k1", is_done=True)
    second_call(centre)
    with pytest.raises(NotYourContactError):
        centre.do(m.SettleCallback, agent_id="ann", contact_id="k1", is_done=True)


def test_a_supervisor_may_cancel_it_during_the_talk() -> None:
    centre = centre_with()
    second_call(centre)
    ended = only(centre.do(m.CancelCallback, contact_id="k1", supervisor_id="u-sue"), m.ContactEnded)
    assert ended.outcome == "callback_failed"
    assert centre.router.met_in("k2") == ()
    assert "CallbackSettled" not in names(hang_up(centre))


@pytest.mark.parametrize("is_done", [True, False, None])
def test_it_survives_a_snapshot_in_the_middle_and_a_replay_is_the_same_to_the_byte(is_done: bool | None) -> None:
    centre = centre_with()
    second_call(centre)
    assert replayed(centre) == centre.router.snapshot()
    centre.router = Router.restore(centre.router.snapshot())
    assert centre.wait(86_400) == ()
    if is_done is not None:
        centre.do(m.SettleCallback, agent_id="bob", contact_id="k1", is_done=is_done)
    hang_up(centre)
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k2")
    assert replayed(centre) == centre.router.snapshot()
    assert centre.offered_to("k1") == ("bob" if is_done is False else None)
