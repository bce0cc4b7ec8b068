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
