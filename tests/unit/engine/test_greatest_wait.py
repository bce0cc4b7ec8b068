"""The greatest wait for those who may not leave for the flow: who has talked to an agent, and who is called back."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, RingConfiguration
from tests.unit.engine.centre import Centre, agent, names, queue

OVERFLOW = {"overflows": (OverflowConfiguration(after_s=120, queue_id="gas"),)}
RINGS = {"rings": (RingConfiguration(after_s=0, group_ids=("north",)), RingConfiguration(after_s=90))}
WAYS = [
    ({"late_queue_id": "gas"}, ("leave", 60, "gas"), "gas"),
    ({"late_queue_id": "gas", **OVERFLOW}, ("leave", 60, "gas"), "gas"),
    (OVERFLOW, ("overflow", 120, "gas"), "gas"),
    (RINGS, ("ring", 90, None), "dept"),
    ({}, None, "dept"),
]


def centre(settings: dict[str, Any]) -> Centre:
    """Nobody is free in `dept`, whose greatest wait is a minute, and somebody is in `gas`."""
    dept = queue("dept", ("d", 1), max_wait_s=60, callback_attempts=2, **settings)
    queues = [queue("water", ("w", 1)), dept, queue("gas", ("g", 1), callback_attempts=2)]
    people = [agent("ann", ("w", 1)), agent("bob", ("d", 1), team_id="north"), agent("gus", ("g", 1), ("d", 1))]
    made = Centre(queues, people)
    made.enter("ann", "bob")
    made.talk("busy", "dept")
    return made


def transferred(made: Centre) -> None:
    made.talk("k1")
    transfer = {"agent_id": "ann", "contact_id": "k1", "transfer_id": "t1", "kind": "blind"}
    made.do(m.StartTransfer, **transfer, target_kind="queue", target="dept")


def called_back(made: Centre) -> None:
    made.call("k1", "dept")
    made.do(m.RequestCallback, contact_id="k1", number="sealed")


def called_back_from_the_start(made: Centre) -> None:
    made.call("k1", "dept", callback="sealed")


@pytest.mark.parametrize("is_restored", [False, True])
@pytest.mark.parametrize(("settings", "step", "queue_id"), WAYS)
@pytest.mark.parametrize("comes", [transferred, called_back, called_back_from_the_start])
def test_who_may_not_leave_takes_every_other_step(
    comes: Any, settings: dict[str, Any], step: tuple[str, int, str | None] | None, queue_id: str, is_restored: bool
) -> None:
    made = centre(settings)
    comes(made)
    entered_ms = made.now_ms
    if is_restored:
        made.router = Router.restore(made.router.snapshot())
    waiting = made.router.why_waiting("k1")
    assert waiting is not None
    told = waiting.next_step
    assert (told and (told.kind, (told.due_ms - entered_ms) // 1000, told.queue_id)) == step
    made.wait(step[1] - 1 if step else 600)
    before = made.router.contact("k1")
    assert before is not None
    assert (before.queue_id, before.ring) == ("dept", 0)
    made.wait(1)
    after = made.router.contact("k1")
    assert after is not None
    assert (after.queue_id, after.ring) == (queue_id, int(step is not None and step[0] == "ring"))
    assert "ContactDiverted" not in names(made.log)
    made.enter("gus")
    assert made.offered_to("k1") == "gus"
    assert made.router.snapshot() == replayed(made).snapshot()


def replayed(made: Centre) -> Router:
    replica = Router()
    for event in made.log:
        replica.apply(event)
    return replica


def test_a_promise_in_the_last_second_before_the_greatest_wait_is_not_stuck() -> None:
    made = centre(OVERFLOW)
    made.call("k1", "dept")
    made.wait(59)
    made.do(m.RequestCallback, contact_id="k1", number="sealed")
    assert made.router.next_due_ms() == Router.restore(made.router.snapshot()).next_due_ms()
    made.wait(61)
    contact = made.router.contact("k1")
    assert contact is not None
    assert contact.queue_id == "gas"


def test_who_has_not_talked_leaves_at_the_greatest_wait_as_before() -> None:
    made = centre({**OVERFLOW, **RINGS})
    made.call("k1", "dept")
    waiting = made.router.why_waiting("k1")
    assert waiting is not None
    assert waiting.next_step is not None
    assert waiting.next_step.kind == "leave"
    made.wait(60)
    assert names(made.log)[-1] == "ContactDiverted"


@pytest.mark.parametrize("is_restored", [False, True])
@pytest.mark.parametrize("settings", [{"late_queue_id": "gas"}, {"overflows": OVERFLOW["overflows"]}])
def test_a_long_talk_is_no_waiting_for_who_comes_back_to_the_queue(settings: dict[str, Any], is_restored: bool) -> None:
    made = centre(settings)
    made.wait(300)
    made.enter("ann")
    made.do(m.LoseAgentLeg, agent_id="bob", contact_id="busy")
    made.wait(10)  # bob does not come back
    if is_restored:
        made.router = Router.restore(made.router.snapshot())
    seconds = 60 if "late_queue_id" in settings else 120
    made.wait(seconds - 1)
    before = made.router.contact("busy")
    assert before is not None
    assert (before.queue_id, before.is_front) == ("dept", True)
    made.wait(1)
    after = made.router.contact("busy")
    assert after is not None
    assert (after.queue_id, after.is_front) == ("gas", True)
    assert made.router.snapshot() == replayed(made).snapshot()


def test_a_log_of_a_former_release_says_nothing_of_waiting_anew() -> None:
    made = centre(OVERFLOW)
    made.wait(300)
    made.do(m.LoseAgentLeg, agent_id="bob", contact_id="busy")
    made.wait(10)
    replica = Router()
    for event in made.log:
        replica.apply(msgspec.structs.replace(event, is_anew=False) if isinstance(event, m.ContactRequeued) else event)
    due_ms = replica.next_due_ms()
    assert due_ms is not None
    assert due_ms < made.now_ms  # from before the talk, as that release counted
