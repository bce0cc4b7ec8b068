"""Whoever knows the customer is waited for, for a while: the account's manager, the last agent."""

from typing import Any

import pytest

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, only, queue

OWN = {"wanted_agent_id": "bob", "wanted_cause": "key_account"}


def centre_of(*people: Any, **settings: Any) -> Centre:
    return Centre([queue("water", relationship_s=30, offer_timeout_s=600, **settings)], people)


def test_an_idle_manager_gets_the_account_though_another_has_idled_longer() -> None:
    centre = centre_of(agent("ann"), agent("bob"))
    centre.enter("ann", "bob")
    offered = only(centre.call("k1", **OWN), m.ContactOffered)
    assert (offered.agent_id, offered.cause) == ("bob", "relationship")


def test_a_busy_manager_is_waited_for_and_takes_it_before_others() -> None:
    centre = centre_of(agent("ann"), agent("bob"))
    centre.enter("bob")
    assert centre.talk("k0") == "bob"
    centre.enter("ann")
    centre.call("k1", **OWN)
    contact = centre.router.contact("k1")
    assert contact is not None
    assert (contact.stage, contact.kept_for_id, centre.offered_to("k1")) == ("waiting", "bob", None)
    centre.wait(10)
    centre.do(m.HangUpContact, agent_id="bob", contact_id="k0")
    finished = centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k0")
    assert only(finished, m.ContactOffered).cause == "relationship"


def test_after_its_time_anybody_may_take_it() -> None:
    centre = centre_of(agent("ann"), agent("bob"))
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.call("k1", **OWN)
    happened = centre.wait(30)
    assert only(happened, m.ContactReleased).cause == "time_over"
    assert centre.offered_to("k1") == "ann"


def free(centre: Centre, contact_id: str = "k0") -> None:
    """Bob has finished with that contact."""
    centre.do(m.HangUpContact, agent_id="bob", contact_id=contact_id)
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id=contact_id)


def test_an_emergency_goes_before_who_is_waited_for() -> None:
    centre = Centre([queue("water", relationship_s=300), queue("burst", is_emergency=True)], [agent("bob")])
    centre.enter("bob")
    centre.talk("k0")
    centre.call("k1", **OWN)
    centre.call("burst", "burst")
    free(centre)
    assert centre.offered_to("burst") == "bob"
    centre.answer("burst")
    free(centre, "burst")
    assert centre.offered_to("k1") == "bob"


def test_who_was_cut_off_goes_before_who_is_waited_for() -> None:
    centre = centre_of(agent("ann"), agent("bob"))
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.talk("cut")
    centre.call("k1", **OWN)
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="cut")
    centre.wait(11)
    assert (centre.stage("cut"), centre.state("ann")[0]) == ("waiting", "signed_out")
    free(centre)
    assert centre.offered_to("cut") == "bob"


def test_nobody_starves_behind_those_who_are_waited_for() -> None:
    centre = Centre([queue("water", relationship_s=300)], [agent("bob")], fair_after_s=600)
    centre.enter("bob")
    centre.talk("k0")
    centre.call("plain")
    asked_ms, latest = centre.now_ms, "k0"
    for number in range(1, 10):
        centre.call(f"k{number}", **OWN)
        centre.wait(180)
        free(centre, latest)
        if centre.offered_to("plain"):
            break
        latest = f"k{number}"
        assert centre.offered_to(latest) == "bob"
        centre.answer(latest)
    assert centre.offered_to("plain") == "bob"
    assert 600_000 <= centre.now_ms - asked_ms < 800_000


def test_with_no_time_of_fairness_the_better_place_goes_before_who_is_waited_for() -> None:
    centre = Centre([queue("water", relationship_s=300)], [agent("bob")], fair_after_s=0)
    centre.enter("bob")
    centre.talk("k0")
    centre.call("plain")
    centre.wait(1)
    centre.call("k1", **OWN)
    free(centre)
    assert centre.offered_to("plain") == "bob"


def test_who_is_waited_for_keeps_the_better_place_before_the_overdue() -> None:
    centre = Centre([queue("water", relationship_s=900)], [agent("bob")], fair_after_s=60)
    centre.enter("bob")
    centre.talk("k0")
    centre.call("k1", **OWN)
    centre.wait(1)
    centre.call("plain")
    centre.wait(120)
    free(centre)
    assert centre.offered_to("k1") == "bob"


def test_a_new_configuration_serves_overdue_kept_and_others_in_this_order() -> None:
    def people(capacity: int) -> list[Any]:
        return [agent("bob", capacity={"chat": capacity})]

    queues = [queue("water", relationship_s=300, offer_timeout_s=600)]
    centre = Centre(queues, people(1), fair_after_s=60)
    centre.enter("bob")
    centre.talk("k0", channel="chat")
    centre.call("late", channel="chat")
    centre.wait(61)
    centre.call("plain", channel="chat")
    centre.call("k1", channel="chat", **OWN)
    centre.call("later", channel="chat")
    centre.configure(queues, people(3), fair_after_s=60)
    assert [k for k in ("late", "plain", "k1", "later") if centre.offered_to(k)] == ["late", "k1"]


@pytest.mark.parametrize("leaving", ["away", "sign_out", "connection"])
def test_a_manager_who_leaves_is_not_waited_for(leaving: str) -> None:
    centre = centre_of(agent("ann"), agent("bob"))
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.call("k1", **OWN)
    if leaving == "away":
        centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    elif leaving == "sign_out":
        centre.do(m.SignOut, agent_id="bob")
    else:
        centre.do(m.LoseAgentConnection, agent_id="bob", session_id="s-bob")
    assert centre.offered_to("k1") == "ann"


@pytest.mark.parametrize(
    "manager",
    [
        agent("bob", tenant_ids=("t2",)),
        agent("bob", capacity={"chat": 1}),
        agent("bob", is_active=False),
    ],
)
def test_nobody_waits_for_a_manager_who_cannot_take_it(manager: Any) -> None:
    centre = centre_of(agent("ann"), manager)
    centre.enter("ann")
    centre.call("k1", **OWN)
    assert centre.offered_to("k1") == "ann"


def test_a_manager_without_the_certificate_does_not_get_the_work() -> None:
    water = queue("water", ("certified", 1), relationship_s=30)
    centre = Centre([water], [agent("ann", ("certified", 1)), agent("bob")])
    centre.enter("ann", "bob")
    centre.call("k1", **OWN)
    assert centre.offered_to("k1") == "ann"


def test_a_queue_without_relationship_waits_for_nobody() -> None:
    centre = Centre([queue("water")], [agent("ann"), agent("bob")])
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.call("k1", **OWN)
    assert centre.offered_to("k1") == "ann"


def test_a_caller_who_gives_up_is_no_longer_kept() -> None:
    centre = centre_of(agent("bob"))
    centre.enter("bob")
    centre.talk("k0")
    centre.call("k1", **OWN)
    ended = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(ended, m.ContactEnded).outcome == "abandoned"
    centre.do(m.HangUpContact, agent_id="bob", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="bob", contact_id="k0")
    assert centre.state("bob") == ("available", None)
