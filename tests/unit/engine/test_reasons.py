"""An offer says by which rule its agent, or its contact, came first, and the figure that decided."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import RingConfiguration
from tests.unit.engine.centre import START_MS, Centre, agent, only, queue
from tests.unit.engine.test_choice import handle


def reason(events: tuple[m.RoutingEvent, ...]) -> tuple[str, int | None]:
    offered = only(events, m.ContactOffered)
    return offered.chosen_by, offered.chosen_figure


def test_the_longest_idle_has_since_when() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.wait(10)
    centre.enter("bob")
    assert reason(centre.call("k1")) == ("longest_idle", START_MS)
    centre.answer("k1")
    centre.wait(60)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    free_since = centre.now_ms
    centre.do(m.SetAgentState, agent_id="bob", state="away", reason_id="lunch")
    centre.wait(5)
    assert reason(centre.call("k2")) == ("longest_idle", free_since)


def test_the_best_level_has_the_sum_of_levels_that_were_asked_for() -> None:
    people = [agent("ann", ("leaks", 3), ("english", 4)), agent("bob", ("leaks", 7), ("english", 1))]
    centre = Centre([queue("water", ("leaks", 1), choice="best_level")], people)
    centre.enter("ann", "bob")
    assert reason(centre.call("k1", needs=(m.SkillNeed("english", 1),))) == ("best_level", 8)


def test_where_no_skill_is_asked_for_the_best_level_is_the_longest_idle() -> None:
    centre = Centre([queue("water", choice="best_level")])
    centre.enter("ann")
    assert reason(centre.call("k1")) == ("longest_idle", START_MS)


def test_round_robin_has_the_moment_of_the_last_offer() -> None:
    centre = Centre([queue("water", choice="round_robin")], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    assert reason(centre.call("k1")) == ("round_robin", 0)
    first = centre.now_ms
    centre.answer("k1")
    centre.wait(60)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert handle(centre, "k2", 1) == "bob"
    assert reason(centre.call("k3")) == ("round_robin", first)


def test_weights_have_what_was_served_for_the_weight() -> None:
    centre = Centre([queue("water", choice="weighted")], [agent("ann", weight=30), agent("bob", weight=10)])
    centre.enter("ann", "bob")
    for number in range(4):
        handle(centre, f"k{number}", 1)
    assert reason(centre.call("k")) == ("weighted", 1_000)  # Ann served three at a weight of 30; Bob one at 10


def test_the_least_occupied_has_the_share_of_the_time_since_sign_in() -> None:
    centre = Centre([queue("water", choice="least_occupied")], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    handle(centre, "long", 100)
    handle(centre, "short", 5)
    name, share = reason(centre.call("next"))
    assert (name, share) == ("least_occupied", 5_000 * 10_000 // 105_001)


@pytest.mark.parametrize("choice", ["longest_idle", "round_robin", "weighted", "least_occupied"])
def test_who_has_least_in_hand_goes_before_the_queues_own_rule(choice: str) -> None:
    people = [agent("ann", capacity={"chat": 3}), agent("bob", capacity={"chat": 3})]
    centre = Centre([queue("water", choice=choice, offer_timeout_s=600)], people)
    centre.enter("ann", "bob")
    reasons = [reason(centre.call(f"k{number}", channel="chat")) for number in range(4)]
    assert [name for name, _ in reasons] == [choice, choice, "least_in_hand", "least_in_hand"]
    assert [figure for _, figure in reasons[2:]] == [1, 1]


def test_one_decision_that_brings_several_offers_counts_those_before() -> None:
    centre = Centre(agents=[agent("ann", capacity={"chat": 3})])
    for number in range(3):
        centre.call(f"k{number}", channel="chat")
    events = centre.do(m.SignIn, agent_id="ann", session_id="s-ann")
    events += centre.do(m.SetAgentState, agent_id="ann", state="available")
    offers = [event for event in events if isinstance(event, m.ContactOffered)]
    assert [(one.cause, one.candidates, one.chosen_by) for one in offers] == [
        ("agent_free", 3, "longest_idle"),
        ("agent_free", 2, "longest_idle"),
        ("agent_free", 1, "longest_idle"),
    ]


def test_among_contacts_that_wait_the_strongest_skill_is_told_unless_somebody_was_overdue() -> None:
    queues = [queue("bills", ("bills", 1), offer_timeout_s=600), queue("leaks", ("leaks", 1), offer_timeout_s=600)]
    people = [agent("ann", ("leaks", 9), ("bills", 2), takes="strongest_skill")]
    centre = Centre(queues, people, fair_after_s=120)
    centre.call("bill", "bills")
    centre.wait(30)
    centre.call("leak", "leaks")
    centre.do(m.SignIn, agent_id="ann", session_id="s-ann")
    assert reason(centre.do(m.SetAgentState, agent_id="ann", state="available")) == ("strongest_skill", 9)
    centre.answer("leak")
    centre.wait(121)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="leak")
    overdue = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="leak")
    assert only(overdue, m.ContactOffered).contact_id == "bill"
    assert reason(overdue) == ("longest_idle", None)


def test_whom_nobody_chose_has_no_figure() -> None:
    centre = Centre([queue("water", relationship_s=30)])
    centre.enter("ann", "bob")
    centre.talk("k0")
    centre.call("k1", wanted_agent_id="ann", wanted_cause="last_agent")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    kept = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    assert only(kept, m.ContactOffered).cause == "relationship"
    assert reason(kept) == ("longest_idle", None)


def test_a_ring_that_asks_for_less_says_by_how_much() -> None:
    rings = (RingConfiguration(after_s=0), RingConfiguration(after_s=20, relax=2))
    centre = Centre([queue("water", ("water", 5), rings=rings)], [agent("ann", ("water", 3))])
    centre.enter("ann")
    centre.call("k1")
    assert only(centre.wait(20), m.ContactWidened).relax == 2


def wire(event: m.RoutingEvent) -> dict[str, Any]:
    return dict(msgspec.json.decode(msgspec.json.encode(event)))


def test_the_usual_rule_takes_no_room_in_the_log_and_older_logs_are_read() -> None:
    centre = Centre()
    centre.enter("ann")
    offered = only(centre.call("k1"), m.ContactOffered)
    written = wire(offered)
    assert "chosen_by" not in written
    assert written["chosen_figure"] == START_MS
    del written["chosen_figure"]
    older = msgspec.convert(written, m.ContactOffered)
    assert (older.chosen_by, older.chosen_figure) == ("longest_idle", None)


def test_a_router_that_followed_the_log_tells_the_same_reasons() -> None:
    centre = Centre([queue("water", choice="round_robin")], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    for number in range(3):
        handle(centre, f"k{number}", 7)
    follower = Router()
    for event in centre.log:
        follower.apply(event)
    restored = Router.restore(centre.router.snapshot())
    told = []
    for router in (centre.router, follower, restored):
        centre.router = router
        told.append(reason(centre.call("k", asked_at_ms=centre.now_ms)))
    assert told == [told[0]] * 3
    assert told[0] == ("round_robin", START_MS + 7_002)  # k1 was the last that came to Bob; Ann had k2 after it
