"""What happens to a contact because it waits: rings, preferred skills, overflow, greatest wait and length, disaster
mode, work for quiet hours."""

from typing import Any

import pytest

from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, RingConfiguration, SkillConfiguration
from tests.unit.engine.centre import Centre, agent, names, only, queue


def finish(centre: Centre, agent_id: str, contact_id: str) -> None:
    centre.do(m.HangUpContact, agent_id=agent_id, contact_id=contact_id)
    centre.do(m.FinishWrapUp, agent_id=agent_id, contact_id=contact_id)


def rings(*given: RingConfiguration) -> dict[str, Any]:
    return {"rings": given}


def test_rings_open_one_after_the_other_and_stay_open() -> None:
    opened = rings(
        RingConfiguration(after_s=0, group_ids=("experts",)),
        RingConfiguration(after_s=20, group_ids=("night",)),
        RingConfiguration(after_s=40),
    )
    people = [agent("ann", team_id="night"), agent("bob"), agent("cai", group_ids=("experts",))]
    centre = Centre([queue("water", **opened)], people)
    centre.enter("ann", "bob")
    centre.call("k1")
    centre.call("k2")
    assert centre.wait(19) == ()
    widened = only(centre.wait(1)[:1], m.ContactWidened)
    assert (widened.contact_id, widened.ring, centre.offered_to("k1")) == ("k1", 1, "ann")
    centre.wait(14)
    centre.enter("cai")
    assert centre.offered_to("k2") == "cai"  # the first ring is still open


def test_the_last_ring_is_for_everybody() -> None:
    opened = rings(RingConfiguration(after_s=0, group_ids=("experts",)), RingConfiguration(after_s=30))
    centre = Centre([queue("water", offer_timeout_s=60, **opened)], [agent("bob")])
    centre.enter("bob")
    centre.call("k1")
    centre.wait(29)
    assert centre.offered_to("k1") is None
    centre.wait(1)
    assert centre.offered_to("k1") == "bob"


@pytest.mark.parametrize("is_restored", [False, True])
def test_a_ring_that_opened_while_a_call_back_was_not_due_is_open_when_it_is(is_restored: bool) -> None:
    opened = rings(RingConfiguration(after_s=0, group_ids=("experts",)), RingConfiguration(after_s=30))
    centre = Centre([queue("water", callback_attempts=2, **opened)], [agent("bob")])
    centre.call("k1")
    centre.do(m.RequestCallback, contact_id="k1", number="sealed", not_before_ms=centre.now_ms + 3_600_000)
    centre.wait(60)
    centre.enter("bob")
    if is_restored:
        centre.router = type(centre.router).restore(centre.router.snapshot())
    centre.wait(3_539)
    assert centre.offered_to("k1") is None
    centre.wait(1)
    assert centre.offered_to("k1") == "bob"


@pytest.mark.parametrize(("held", "relax", "is_able"), [(3, 1, False), (3, 2, True), (1, 9, True), (0, 9, False)])
def test_a_ring_relaxes_levels_but_never_asks_for_nothing(held: int, relax: int, is_able: bool) -> None:
    opened = rings(RingConfiguration(after_s=0), RingConfiguration(after_s=10, relax=relax))
    skills = (("leaks", held),) if held else ()
    centre = Centre([queue("water", ("leaks", 5), offer_timeout_s=60, **opened)], [agent("ann", *skills)])
    centre.enter("ann")
    centre.call("k1")
    centre.wait(10)
    assert (centre.offered_to("k1") == "ann") is is_able


def test_preferred_skills_are_looked_for_first_and_then_done_without() -> None:
    liked = {"preferred": (("english", 3),), "prefer_s": 15, "offer_timeout_s": 60}
    centre = Centre([queue("water", **liked)], [agent("ann"), agent("bob", ("english", 3))])
    centre.enter("ann", "bob")
    centre.call("k1")
    assert centre.offered_to("k1") == "bob"
    centre.call("k2")
    assert centre.offered_to("k2") is None
    centre.wait(15)
    assert centre.offered_to("k2") == "ann"


@pytest.mark.parametrize(
    ("insistence", "language", "at_once", "later"),
    [("required", "en", "bob", "bob"), ("preferred", "en", "bob", "bob"), ("required", "zh", "ann", "ann")],
)
def test_attributes_ask_for_the_skill_that_stands_for_them(
    insistence: str, language: str, at_once: str, later: str
) -> None:
    skills = (SkillConfiguration(skill_id="english", tenant_id="t1", kind="language", values=("en",)),)
    water = queue("water", attributes={"language": insistence}, prefer_s=5)
    centre = Centre([water], [agent("ann"), agent("bob", ("english", 1))], skills=skills)
    centre.enter("ann", "bob")
    centre.call("k1", language=language)
    assert centre.offered_to("k1") == at_once


def test_a_contact_without_preferred_skills_waits_for_none() -> None:
    centre = Centre([queue("water", attributes={"brand": "preferred"}, prefer_s=30)], [agent("ann")])
    centre.enter("ann")
    centre.call("k1")
    assert centre.offered_to("k1") == "ann"


def test_overflow_takes_the_wait_clock_along() -> None:
    queues = [
        queue("water", ("leaks", 1), overflows=(OverflowConfiguration(after_s=30, queue_id="all"),)),
        queue("all"),
    ]
    centre = Centre(queues, [agent("ann")])
    asked_ms = centre.now_ms
    centre.call("k1")
    happened = centre.wait(30)
    assert only(happened, m.ContactRequeued).cause == "overflow"
    centre.call("k2", "all")
    centre.enter("ann")
    assert centre.offered_to("k1") == "ann"
    centre.answer("k1")
    assert only(centre.log, m.ContactConnected).wait_ms == centre.now_ms - asked_ms


def test_the_greatest_wait_sends_the_contact_to_its_flow_and_it_may_ask_again() -> None:
    centre = Centre([queue("water", ("nobody", 1), max_wait_s=60), queue("all")], [agent("ann")])
    asked_ms = centre.now_ms
    centre.call("k1")
    diverted = only(centre.wait(60), m.ContactDiverted)
    assert (diverted.cause, diverted.wait_ms) == ("too_long", 60_000)
    assert centre.router.contact("k1") is None
    assert centre.router.exit_of("k1") == "too_long"
    centre.enter("ann")
    centre.call("k1", "all", asked_at_ms=asked_ms)
    assert centre.offered_to("k1") == "ann"
    assert centre.router.exit_of("k1") is None


def test_who_has_talked_to_an_agent_is_not_sent_back_to_a_machine() -> None:
    queues = [queue("water"), queue("expert", ("meters", 1), max_wait_s=20)]
    centre = Centre(queues, [agent("ann"), agent("bob", ("meters", 1), capacity={"voice": 1})])
    centre.enter("bob")
    assert centre.talk("k0", "expert") == "bob"
    centre.enter("ann")
    assert centre.talk("k1") == "ann"
    transfer = {"agent_id": "ann", "contact_id": "k1", "transfer_id": "t1", "kind": "blind"}
    centre.do(m.StartTransfer, **transfer, target_kind="queue", target="expert")
    centre.wait(60)
    assert centre.stage("k1") == "waiting"
    assert "ContactDiverted" not in names(centre.log)


@pytest.mark.parametrize(("most", "outcomes"), [(0, ["diverted"] * 3), (2, ["waiting", "waiting", "diverted"])])
def test_a_full_queue_takes_nobody_unless_somebody_is_idle(most: int, outcomes: list[str]) -> None:
    centre = Centre([queue("water", max_waiting=most)], [agent("ann")])
    centre.enter("ann")
    centre.call("served")
    assert centre.offered_to("served") == "ann"
    found = []
    for number in range(3):
        events = centre.call(f"k{number}")
        found.append("diverted" if "ContactDiverted" in names(events) else centre.stage(f"k{number}"))
    assert found == outcomes


def test_a_full_queue_sends_on_where_it_says_and_a_second_full_one_to_the_flow() -> None:
    queues = [queue("water", max_waiting=0, full_queue_id="second"), queue("second", max_waiting=1)]
    centre = Centre(queues, [agent("ann", ("english", 1))])
    first = centre.call("k1")
    assert only(first, m.ContactRequeued).queue_id == "second"
    assert only(centre.call("k2"), m.ContactDiverted).cause == "full"


def test_disaster_mode_sends_new_callers_away_and_keeps_those_who_wait() -> None:
    centre = Centre([queue("water")], [agent("ann")])
    centre.call("before")
    set_on = centre.do(m.SetDisasterMode, queue_id="water", is_on=True, supervisor_id="u-sue")
    assert only(set_on, m.DisasterModeSet).actor_id == "u-sue"
    assert centre.do(m.SetDisasterMode, queue_id="water", is_on=True, supervisor_id="u-sue") == ()
    assert only(centre.call("after"), m.ContactDiverted).cause == "disaster"
    centre.enter("ann")
    assert centre.offered_to("before") == "ann"
    centre.do(m.SetDisasterMode, queue_id="water", is_on=False, supervisor_id="u-sue")
    centre.call("again")
    assert centre.stage("again") == "waiting"


def test_disaster_mode_survives_a_new_configuration_and_a_snapshot() -> None:
    centre = Centre([queue("water")], [agent("ann")])
    centre.do(m.SetDisasterMode, queue_id="water", is_on=True, supervisor_id="u-sue")
    centre.configure([queue("water", rank=1)], [agent("ann")])
    centre.router = type(centre.router).restore(centre.router.snapshot())
    assert [view.is_disaster for view in centre.router.queues()] == [True]
    assert only(centre.call("k1"), m.ContactDiverted).cause == "disaster"


def test_work_for_quiet_hours_leaves_the_reserve_idle() -> None:
    letters = queue("letters", is_background=True, reserve=1, offer_timeout_s=600)
    centre = Centre([queue("water"), letters], [agent("ann"), agent("bob"), agent("cai")])
    centre.enter("ann")
    centre.call("letter", "letters")
    assert centre.offered_to("letter") is None
    centre.enter("bob")
    assert centre.offered_to("letter") == "ann"  # two are idle, one of them is the reserve; the longest idle gets it
    centre.call("letter-2", "letters")
    centre.call("call")
    assert (centre.offered_to("letter-2"), centre.offered_to("call")) == (None, "bob")
    centre.enter("cai")
    assert centre.offered_to("letter-2") is None


def test_work_for_quiet_hours_becomes_ordinary_after_its_time() -> None:
    letters = queue("letters", is_background=True, reserve=5, background_s=600, offer_timeout_s=60)
    centre = Centre([letters], [agent("ann")])
    centre.enter("ann")
    centre.call("letter", "letters")
    centre.wait(599)
    assert centre.offered_to("letter") is None
    centre.wait(1)
    assert centre.offered_to("letter") == "ann"


def test_work_that_can_wait_is_interrupted_by_a_call_and_goes_on_after_it() -> None:
    people = [agent("ann", capacity={"voice": 1, "email": 1})]
    centre = Centre([queue("water")], people, interruptible=("email",))
    centre.enter("ann")
    centre.call("mail", channel="email")
    centre.answer("mail")
    centre.call("call")
    assert centre.offered_to("call") == "ann"
    centre.call("mail-2", channel="email")
    assert centre.offered_to("mail-2") is None
    centre.wait(5)
    centre.answer("call")
    centre.wait(60)
    finish(centre, "ann", "call")
    centre.wait(10)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="mail")
    ended = {event.contact_id: event for event in centre.log if isinstance(event, m.InteractionEnded)}
    assert (ended["mail"].hold_ms, ended["mail"].talk_ms) == (60_000, 15_000)
    assert ended["call"].talk_ms == 60_000
