"""Who was cut off, gave up or was sent away and calls again soon: the old place in that queue, and the agent with whom
the line was lost."""

from typing import Any

import pytest

from hotline.engine import callers
from hotline.engine.boundary import Router
from hotline.engine.missed import Missed
from hotline.messages import routing as m
from hotline.messages.configuration import PriorityConfiguration
from tests.unit.engine.centre import Centre, agent, only, queue

WINDOW_S = 300


def centre(**settings: Any) -> Centre:
    """Two queues, of which ann serves both and bob serves gas; nobody is there yet."""
    given: dict[str, Any] = {"reclaim_s": WINDOW_S, **settings}
    queues = [queue("water", ("w", 1), **given), queue("gas", reclaim_s=WINDOW_S, relationship_s=30)]
    people = [agent("ann", ("w", 1)), agent("amy", ("w", 1)), agent("bob")]
    rules = (PriorityConfiguration(tenant_id="t1", kind="repeat", points=2, within_s=600),)
    return Centre(queues, people, priorities=rules)


def gives_up(made: Centre) -> None:
    made.call("first", caller_ref="c")
    made.wait(40)
    made.do(m.EndContact, contact_id="first", ended_by="caller", cause="normal")


def is_lost_in_the_queue(made: Centre) -> None:
    made.call("first", caller_ref="c")
    made.wait(40)
    made.do(m.EndContact, contact_id="first", ended_by="caller", cause="lost")


def talks(made: Centre) -> None:
    made.enter("ann")
    made.talk("first", caller_ref="c")
    made.wait(40)


def is_lost_in_conversation(made: Centre) -> None:
    talks(made)
    made.do(m.EndContact, contact_id="first", ended_by="caller", cause="lost")


def is_lost_while_the_agent_consults(made: Centre) -> None:
    talks(made)
    made.enter("bob")
    to = {"transfer_id": "t", "agent_id": "ann", "contact_id": "first", "kind": "consult"}
    made.do(m.StartTransfer, target_kind="agent", target="bob", **to)
    made.do(m.EndContact, contact_id="first", ended_by="caller", cause="lost")


def is_cut_off_by_the_platform(made: Centre) -> None:
    talks(made)
    made.do(m.EndContact, contact_id="first", ended_by="platform", cause="platform_failure")


def is_missing_after_the_node_came_back(made: Centre) -> None:
    talks(made)
    made.do(m.ReconcileNode, node_id="n1", contacts=())


def hangs_up(made: Centre) -> None:
    talks(made)
    made.do(m.EndContact, contact_id="first", ended_by="caller", cause="normal")


def is_hung_up_on(made: Centre) -> None:
    talks(made)
    made.do(m.HangUpContact, agent_id="ann", contact_id="first")


def waits_too_long(made: Centre) -> None:
    made.call("first", caller_ref="c")
    made.wait(60)


def finds_it_full(made: Centre) -> None:
    made.call("other", caller_ref="o")
    made.call("first", caller_ref="c")


def comes_in_a_disaster(made: Centre) -> None:
    made.do(m.SetDisasterMode, queue_id="water", is_on=True, supervisor_id="u-sue")
    made.call("first", caller_ref="c")
    made.do(m.SetDisasterMode, queue_id="water", is_on=False, supervisor_id="u-sue")


WAYS = [
    (gives_up, {}, True, None),
    (is_lost_in_the_queue, {}, True, None),
    (is_lost_in_conversation, {}, True, "ann"),
    (is_lost_in_conversation, {"wrap_up_s": 0, "is_wrap_up_automatic": True}, True, "ann"),
    (is_lost_while_the_agent_consults, {}, True, "ann"),
    (is_cut_off_by_the_platform, {}, True, "ann"),
    (is_missing_after_the_node_came_back, {}, True, "ann"),
    (hangs_up, {}, False, None),
    (is_hung_up_on, {}, False, None),
    (waits_too_long, {"max_wait_s": 60}, True, None),
    (finds_it_full, {"max_waiting": 1}, True, None),
    (comes_in_a_disaster, {}, False, None),
]


def asked(made: Centre, contact_id: str = "again", queue_id: str = "water", **fields: Any) -> m.ContactQueued:
    fields.setdefault("caller_ref", "c")
    found: m.ContactQueued = only(made.call(contact_id, queue_id, **fields), m.ContactQueued)
    return found


@pytest.mark.parametrize("life", ["live", "restored", "replayed"])
@pytest.mark.parametrize(("comes", "settings", "has_place", "agent_id"), WAYS)
def test_who_calls_again_goes_on_where_the_line_broke(
    comes: Any, settings: dict[str, Any], has_place: bool, agent_id: str | None, life: str
) -> None:
    made = centre(relationship_s=20, **settings)
    first_ms = made.now_ms
    comes(made)
    made.wait(WINDOW_S)
    if life == "restored":
        made.router = Router.restore(made.router.snapshot())
    elif life == "replayed":
        replica = Router()
        for event in made.log:
            replica.apply(event)
        assert replica.snapshot() == made.router.snapshot()
        made.router = replica
    again = asked(made)
    assert (again.place_ms is not None, again.points.get("repeat", 0) > 0) == (has_place, has_place)
    assert again.place_ms is None or first_ms <= again.place_ms <= first_ms + 10
    assert again.wanted_agent_id == agent_id


def test_the_outcome_of_a_conversation_whose_line_was_lost_stays_what_it_is() -> None:
    made = centre()
    is_lost_in_conversation(made)
    ended = only(made.log, m.ContactEnded)
    assert (ended.outcome, ended.ended_by, ended.cause) == ("handled", "caller", "lost")
    assert ended.cut_off_agent_id == "ann"


def test_the_agent_is_waited_for_and_takes_it_after_the_wrap_up() -> None:
    made = centre(relationship_s=20)
    is_lost_in_conversation(made)
    made.enter("amy")
    made.do(m.SetAgentState, agent_id="amy", state="available")
    asked(made)
    contact = made.router.contact("again")
    assert contact is not None
    assert contact.kept_for_id == "ann"
    made.do(m.FinishWrapUp, agent_id="ann", contact_id="first")
    assert made.offered_to("again") == "ann"


@pytest.mark.parametrize(
    ("relationship_s", "asks", "wanted"),
    [
        (0, {}, None),  # the queue waits for nobody
        (20, {"wanted_agent_id": "amy", "wanted_cause": "key_account"}, "amy"),
        (20, {"wanted_agent_id": "amy", "wanted_cause": "last_agent"}, "ann"),
    ],
)
def test_the_account_manager_goes_before_the_agent_of_the_lost_line(
    relationship_s: int, asks: dict[str, str], wanted: str | None
) -> None:
    made = centre(relationship_s=relationship_s)
    is_lost_in_conversation(made)
    made.enter("amy")
    assert asked(made, **asks).wanted_agent_id == wanted


def test_an_agent_who_has_gone_is_not_waited_for() -> None:
    made = centre(relationship_s=20)
    is_lost_in_conversation(made)
    made.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    again = asked(made)
    assert again.wanted_agent_id is None
    assert again.place_ms is not None


@pytest.mark.parametrize("comes", [gives_up, is_lost_in_conversation])
def test_the_old_place_is_of_the_queue_that_was_asked_for(comes: Any) -> None:
    made = centre()
    comes(made)
    other = asked(made, "other", "gas")
    assert (other.place_ms, other.wanted_agent_id, other.points) == (None, None, {"repeat": 2})
    made = centre()
    comes(made)
    assert asked(made, "other", "gas", caller_ref="somebody else").points == {}
    assert asked(made).place_ms is not None


def test_after_the_window_there_is_neither_place_nor_agent() -> None:
    made = centre(relationship_s=20)
    is_lost_in_conversation(made)
    made.wait(WINDOW_S + 1)
    again = asked(made)
    assert (again.place_ms, again.wanted_agent_id) == (None, None)


def test_who_was_served_at_last_begins_anew() -> None:
    made = centre()
    is_lost_in_conversation(made)
    made.do(m.FinishWrapUp, agent_id="ann", contact_id="first")
    asked(made)
    made.answer("again")
    made.do(m.EndContact, contact_id="again", ended_by="caller", cause="normal")
    assert asked(made, "third").place_ms is None


def test_the_first_place_lasts_through_several_lost_lines() -> None:
    made = centre(max_wait_s=60)
    first_ms = made.now_ms
    gives_up(made)
    made.wait(100)
    asked(made)
    made.wait(60)  # too long: sent away
    made.wait(100)
    assert asked(made, "third").place_ms == first_ms


def test_a_flow_that_asks_again_in_the_same_call_keeps_the_place_and_gets_no_points_for_calling_again() -> None:
    made = centre(max_wait_s=60)
    first_ms = made.now_ms
    waits_too_long(made)
    made.wait(10)
    again = asked(made, "first")
    assert (again.place_ms, again.points) == (first_ms, {})


def test_those_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "MOST_CALLERS", 3)
    made = centre(max_waiting=0)
    for number in range(6):
        made.call(f"full-{number}", caller_ref=f"c{number}")
    remembered = [made.router._admission.callers.find(f"t1 c{number}") is not None for number in range(6)]
    assert remembered == [False, False, False, True, True, True]


def test_everybody_is_remembered_for_as_long_as_some_rule_looks_back() -> None:
    """More than 16,384, as many as a large centre has in a day; the week of the rule of repeated calls is over then."""
    rule = PriorityConfiguration(tenant_id="t1", kind="repeat", points=2, within_s=7 * 86_400)
    made = Centre([queue("water", max_waiting=0)], priorities=(rule,))
    known = made.router._admission.callers
    for number in range(20_000):
        known.note(f"t1 c{number}", Missed(made.now_ms, made.now_ms, "water", f"k{number}"))
    made.wait(6 * 86_400)
    queued = [event for event in made.call("again", caller_ref="c0") if isinstance(event, m.ContactQueued)]
    assert queued[0].points == {"repeat": 2}
    made.wait(2 * 86_400)
    made.call("other", caller_ref="c-other")
    assert len(known) == 2


def test_nobody_is_remembered_where_no_rule_looks_back() -> None:
    made = Centre([queue("water", max_waiting=0, reclaim_s=60)])
    made.call("first", caller_ref="c1")
    assert len(made.router._admission.callers) == 1
    made.configure([queue("water", max_waiting=0)], [agent("ann")])
    made.call("second", caller_ref="c2")
    assert len(made.router._admission.callers) == 0
