"""Why a contact still waits, in figures: who could take it, what keeps them, what happens next."""

from typing import Any

import pytest

from hotline.engine.explaining import Waiting
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, QueueConfiguration, RingConfiguration
from tests.unit.engine.centre import Centre, agent, queue

_NORTH = agent("ann", ("water", 5), group_ids=("north",))
_SOUTH = agent("bob", ("water", 3), group_ids=("south",))


def rings(*configured: RingConfiguration, **settings: Any) -> QueueConfiguration:
    return queue("water", ("water", 3), rings=configured, **settings)


def why(centre: Centre, contact_id: str = "k1") -> Waiting:
    found = centre.router.why_waiting(contact_id)
    assert found is not None
    return found


def test_nobody_has_the_skill() -> None:
    centre = Centre([queue("water", ("water", 3))], [agent("ann"), agent("bob", ("water", 2))])
    centre.enter("ann", "bob")
    centre.call("k1", needs=(m.SkillNeed("english", 2),))
    found = why(centre)
    assert (found.able, found.later, found.unable, found.absent) == ({}, 0, 2, 0)
    assert found.needs == (("water", 3), ("english", 2))
    assert (found.stage, found.ahead, found.next_step, found.reserve) == ("waiting", 0, None, None)


def test_those_who_could_are_told_by_what_keeps_them() -> None:
    able = [agent(name, ("water", 3)) for name in ("ann", "bob", "cai", "dan", "eva", "fay")]
    centre = Centre([queue("water", ("water", 3))], [*able, agent("gil", ("water", 3), tenant_ids=("t2",))])
    centre.enter("ann", "bob", "cai", "dan")
    centre.talk("a")
    centre.talk("b")
    centre.do(m.EndContact, contact_id="b", ended_by="caller", cause="")
    centre.call("c")
    centre.do(m.SetAgentState, agent_id="dan", state="away", reason_id="lunch")
    centre.do(m.SignIn, agent_id="eva", session_id="s-eva")
    centre.do(m.LoseAgentConnection, agent_id="eva", session_id="s-eva")
    centre.call("k1")
    found = why(centre)
    assert found.able == {"offered": 1, "wrap_up": 1, "busy": 1, "away": 1, "disconnected": 1}
    assert [(one.agent_id, one.condition) for one in found.agents] == [
        ("cai", "offered"),
        ("bob", "wrap_up"),
        ("ann", "busy"),
        ("dan", "away"),
        ("eva", "disconnected"),
    ]
    assert (found.absent, found.unable, found.later) == (1, 0, 0)  # fay; gil serves another tenant


def test_the_next_ring_says_when_it_comes_and_whom_it_brings() -> None:
    ringed = rings(
        RingConfiguration(after_s=0, group_ids=("north",)),
        RingConfiguration(after_s=20, group_ids=("south",)),
        RingConfiguration(after_s=60, relax=2),
    )
    centre = Centre([ringed], [_NORTH, _SOUTH, agent("cai", ("water", 1)), agent("dan")])
    centre.enter("ann", "bob", "cai", "dan")
    centre.talk("a")
    centre.call("k1")
    found = why(centre)
    assert (found.ring, found.rings, found.able, found.later, found.unable) == (0, 3, {"busy": 1}, 2, 1)
    assert found.next_step is not None
    assert (found.next_step.kind, found.next_step.due_ms - found.asked_ms) == ("ring", 20_000)
    assert (found.next_step.ring, found.next_step.agents) == (1, 1)
    centre.wait(20)
    assert centre.offered_to("k1") == "bob"
    assert (why(centre).offered_agent_id, why(centre).stage) == ("bob", "proposed")


@pytest.mark.parametrize(
    ("settings", "kind", "after_ms", "queue_id"),
    [
        ({"overflows": (OverflowConfiguration(after_s=45, queue_id="leaks"),)}, "overflow", 45_000, "leaks"),
        ({"max_wait_s": 90}, "leave", 90_000, None),
        ({"max_wait_s": 90, "late_queue_id": "leaks"}, "leave", 90_000, "leaks"),
        ({"is_background": True, "background_s": 300, "reserve": 2}, "foreground", 300_000, None),
        ({}, None, 0, None),
    ],
)
def test_what_happens_because_it_waits(
    settings: dict[str, Any], kind: str | None, after_ms: int, queue_id: str | None
) -> None:
    centre = Centre([queue("water", **settings), queue("leaks")], [agent("ann")])
    centre.call("k1")
    step = why(centre).next_step
    told = (step.kind, step.due_ms - centre.now_ms, step.queue_id) if step is not None else (None, 0, None)
    assert told == (kind, after_ms, queue_id)


def test_background_work_waits_for_a_reserve_of_idle_agents() -> None:
    centre = Centre([queue("water", is_background=True, reserve=2)], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    centre.call("k1")
    found = why(centre)
    assert (found.reserve, found.able) == (2, {"idle": 2})


def test_who_goes_first_is_counted_in_the_own_queue() -> None:
    centre = Centre([queue("water"), queue("leaks")], [agent("ann")])
    centre.call("first")
    centre.wait(1)
    centre.call("other", "leaks")
    centre.call("k1")
    centre.wait(1)
    centre.call("gold", priority=5)
    centre.call("late")
    assert [why(centre, one).ahead for one in ("gold", "first", "k1", "late")] == [0, 1, 2, 3]


def test_waiting_for_one_agent_says_for_whom_and_how_long() -> None:
    centre = Centre([queue("water", relationship_s=30)], [agent("ann"), agent("bob")])
    centre.enter("ann")
    centre.talk("a")
    centre.enter("bob")
    centre.call("k1", wanted_agent_id="ann", wanted_cause="last_agent")
    found = why(centre)
    assert found.kept_until_ms is not None
    assert (found.kept_for_id, found.kept_until_ms - found.asked_ms) == ("ann", 30_000)


def test_who_waits_no_more_has_no_reasons() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    assert centre.router.why_waiting("k1") is None
    assert centre.router.why_waiting("nobody") is None


def test_asking_changes_nothing() -> None:
    centre = Centre([rings(RingConfiguration(after_s=0, group_ids=("north",)), RingConfiguration(after_s=9))], [_SOUTH])
    centre.enter("bob")
    centre.call("k1")
    before = centre.router.snapshot()
    why(centre)
    assert centre.router.snapshot() == before
    centre.wait(9)
    assert centre.offered_to("k1") == "bob"
