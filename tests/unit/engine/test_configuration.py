"""A new configuration replaces the former one without dropping anybody."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import (
    AgentUnknownError,
    CommandInvalidError,
    ConfigurationInvalidError,
    OtherTenantError,
    QueueUnknownError,
)
from hotline.messages import routing as m
from hotline.messages.configuration import (
    OverflowConfiguration,
    PoolConfiguration,
    RingConfiguration,
    RoutingConfiguration,
)
from tests.unit.engine.centre import Centre, agent, names, only, queue


def test_a_removed_queue_serves_those_who_wait_and_takes_nobody_new() -> None:
    centre = Centre([queue("water"), queue("old")], [agent("ann")])
    centre.call("k1", "old")
    centre.configure([queue("water")], [agent("ann")])
    with pytest.raises(QueueUnknownError):
        centre.call("k2", "old")
    centre.enter("ann")
    assert centre.offered_to("k1") == "ann"
    assert [view.is_removed for view in centre.router.queues()] == [False, True]
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.configure([queue("water")], [agent("ann")])
    assert [view.queue_id for view in centre.router.queues()] == ["water"]


def test_a_queue_that_comes_back_takes_contacts_again() -> None:
    centre = Centre([queue("water"), queue("old")], [agent("ann")])
    centre.call("k1", "old")
    centre.configure([queue("water")], [agent("ann")])
    centre.configure([queue("water"), queue("old")], [agent("ann")])
    assert names(centre.call("k2", "old")) == ["ContactQueued"]


def over(after_s: int, queue_id: str) -> OverflowConfiguration:
    return OverflowConfiguration(after_s=after_s, queue_id=queue_id)


def replayed(centre: Centre) -> None:
    """The log and the snapshot lead to the state there is, byte for byte, also for what comes after."""
    router, restored = Router(), Router.restore(centre.router.snapshot())
    for event in centre.log:
        router.apply(event)
    assert router.snapshot() == restored.snapshot() == centre.router.snapshot()
    assert router.next_due_ms() == restored.next_due_ms() == centre.router.next_due_ms()


def test_who_waits_in_a_removed_queue_still_leaves_it_after_the_greatest_wait() -> None:
    centre = Centre([queue("water"), queue("old", max_wait_s=60)], [])
    centre.call("k1", "old")
    centre.wait(1)
    centre.configure([queue("water")], [])
    replayed(centre)
    assert centre.wait(58.9) == ()
    left = only(centre.wait(0.1), m.ContactDiverted)
    assert (left.contact_id, left.cause) == ("k1", "too_long")
    replayed(centre)


def test_a_removed_queue_overflows_to_what_there_still_is_and_passes_over_what_is_gone() -> None:
    ways = (over(20, "gone"), over(30, "water"))
    centre = Centre([queue("water"), queue("gone"), queue("old", overflows=ways, max_wait_s=60)], [])
    centre.call("k1", "old")
    centre.configure([queue("water")], [])
    assert centre.wait(29) == ()
    assert only(centre.wait(1), m.ContactRequeued).queue_id == "water"
    replayed(centre)


@pytest.mark.parametrize("is_late_queue_kept", [True, False])
def test_the_greatest_wait_of_a_removed_queue_leads_to_its_late_queue_or_out(is_late_queue_kept: bool) -> None:
    old = queue("old", overflows=(over(20, "gone"),), max_wait_s=60, late_queue_id="late")
    centre = Centre([queue("water"), queue("gone"), queue("late"), old], [])
    centre.call("k1", "old")
    centre.configure([queue("water"), *([queue("late")] if is_late_queue_kept else [])], [])
    replayed(centre)
    events = centre.wait(60)
    assert names(events) == ["ContactRequeued" if is_late_queue_kept else "ContactDiverted"]


def test_the_rings_of_a_removed_queue_go_on_opening_to_its_teams() -> None:
    rings = (RingConfiguration(after_s=0, group_ids=("north",)), RingConfiguration(after_s=30, group_ids=("south",)))
    people = [agent("ann", team_id="west"), agent("bob", team_id="south")]
    centre = Centre([queue("water"), queue("old", rings=rings)], people)
    centre.enter("ann", "bob")
    centre.call("k1", "old")
    centre.configure([queue("water")], people)
    replayed(centre)
    assert centre.stage("k1") == "waiting"
    centre.wait(30)
    assert centre.offered_to("k1") == "bob"
    replayed(centre)


def test_a_removed_queue_keeps_what_it_had_through_further_configurations() -> None:
    centre = Centre([queue("water"), queue("old", overflows=(over(30, "water"),), max_wait_s=60)], [])
    centre.call("k1", "old")
    centre.configure([queue("leaks")], [])
    centre.configure([queue("leaks"), queue("water")], [])
    replayed(centre)
    assert only(centre.wait(30), m.ContactRequeued).queue_id == "water"
    centre.configure([queue("leaks"), queue("water")], [])
    assert [view.queue_id for view in centre.router.queues()] == ["leaks", "water"]
    replayed(centre)


def test_a_shared_pool_goes_on_helping_a_removed_queue_while_it_is_shared() -> None:
    pools = [
        PoolConfiguration(pool_id=name, tenant_id="t2", name_zh="", name_en="", client_tenant_ids=("t1",))
        for name in ("first", "second")
    ]
    lent = [agent("ann", tenant_ids=("t2",))]
    way = OverflowConfiguration(after_s=30, pool_id="second")
    centre = Centre([queue("water"), queue("old", overflows=(way,))], lent, pools=tuple(pools))
    centre.enter("ann")
    centre.call("k1", "old")
    centre.configure([queue("water")], lent, pools=(pools[1],))
    replayed(centre)
    centre.wait(30)
    assert centre.offered_to("k1") == "ann"
    replayed(centre)


@pytest.mark.parametrize("is_listed", [True, False])
def test_an_agent_who_is_no_longer_one_leaves_after_work(is_listed: bool) -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    rest = [agent("ann", is_active=False)] if is_listed else []
    events = centre.configure([queue("water")], [agent("bob"), *rest])
    assert names(events) == ["ConfigurationApplied", "AgentStateRequested"]
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    events = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert only(events, m.AgentSignedOut).cause == "deactivated"
    with pytest.raises(AgentUnknownError):
        centre.do(m.SignIn, agent_id="ann", session_id="s9")


def test_an_idle_or_ringing_agent_who_is_no_longer_one_leaves_at_once() -> None:
    centre = Centre()
    centre.enter("ann", "bob", "cai")
    centre.call("k1")
    assert centre.offered_to("k1") == "ann"
    centre.configure([queue("water")], [agent("cai")])
    assert centre.offered_to("k1") == "cai"
    assert (centre.state("ann")[0], centre.state("bob")[0]) == ("signed_out", "signed_out")


def test_a_new_skill_takes_effect_at_once() -> None:
    centre = Centre([queue("water", ("leaks", 3))], [agent("ann")])
    centre.enter("ann")
    centre.call("k1")
    assert centre.stage("k1") == "waiting"
    centre.configure([queue("water", ("leaks", 3))], [agent("ann", ("leaks", 3))])
    assert centre.offered_to("k1") == "ann"


def test_a_lost_skill_takes_effect_at_once() -> None:
    centre = Centre([queue("water", ("leaks", 3))], [agent("ann", ("leaks", 3))])
    centre.enter("ann")
    centre.configure([queue("water", ("leaks", 3))], [agent("ann", ("leaks", 2))])
    centre.call("k1")
    assert centre.stage("k1") == "waiting"


def test_those_who_wait_are_matched_in_order_under_the_new_rules() -> None:
    skilled = [queue("water", ("leaks", 1)), queue("bills", ("leaks", 1))]
    centre = Centre(skilled, [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    centre.call("k1")
    centre.call("k2", "bills")
    centre.call("k3", priority=3)
    centre.configure([queue("water"), queue("bills", rank=1)], [agent("ann"), agent("bob")])
    assert (centre.offered_to("k3"), centre.offered_to("k2"), centre.offered_to("k1")) == ("ann", "bob", None)


def test_less_capacity_keeps_the_work_and_adds_none() -> None:
    centre = Centre([queue("water")], [agent("ann", capacity={"chat": 3})])
    centre.enter("ann")
    for number in range(2):
        centre.talk(f"k{number}", channel="chat")
    centre.configure([queue("water")], [agent("ann", capacity={"chat": 2})])
    centre.call("k3", channel="chat")
    assert centre.stage("k3") == "waiting"
    assert [centre.stage(f"k{number}") for number in range(2)] == ["talking", "talking"]


@pytest.mark.parametrize("version", [-1, 0, 3])
def test_an_old_or_equal_version_is_nothing(version: int) -> None:
    centre = Centre()
    centre.configure([queue("water")], [], version=3)
    assert centre.configure([queue("other")], [], version=version) == ()


@pytest.mark.parametrize(
    ("queues", "agents", "problem"),
    [
        ([queue("water"), queue("water")], [], "queue water is listed twice"),
        ([], [agent("ann"), agent("ann")], "agent ann is listed twice"),
        ([queue("water", offer_timeout_s=0)], [], "offer time"),
        ([queue("water", wrap_up_s=-1)], [], "wrap-up time"),
        ([queue("water", service_level_s=-1)], [], "threshold"),
        ([queue("water", service_level_target=10_001)], [], "target"),
        ([queue("water", ("leaks", 0))], [], "level 0 of skill leaks"),
        ([], [agent("ann", ("leaks", 10))], "level 10 of skill leaks"),
        ([], [agent("ann", capacity={"pigeon": 1})], "unknown channel pigeon"),
        ([], [agent("ann", capacity={"chat": 100})], "capacities of 0 to 99"),
    ],
)
def test_an_impossible_configuration_is_refused_with_its_culprit(
    queues: list[Any], agents: list[Any], problem: str
) -> None:
    centre = Centre()
    before = centre.router.snapshot()
    with pytest.raises(ConfigurationInvalidError, match=problem):
        centre.configure(queues, agents)
    assert centre.router.snapshot() == before


def test_an_impossible_grace_time_is_refused() -> None:
    centre = Centre()
    configuration = RoutingConfiguration(version=9, queues=(), agents=(), resume_grace_s=301)
    with pytest.raises(ConfigurationInvalidError, match="grace time"):
        centre.do(m.ApplyConfiguration, configuration=configuration)


def test_the_grace_time_is_configured() -> None:
    centre = Centre()
    configuration = RoutingConfiguration(version=9, queues=(queue("water"),), agents=(agent("ann"),), resume_grace_s=3)
    centre.do(m.ApplyConfiguration, configuration=configuration)
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    assert centre.wait(2.999) == ()
    assert "ContactRequeued" in names(centre.wait(0.001))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"tenant_id": "t2"}, OtherTenantError),
        ({"priority": 2_000_000}, CommandInvalidError),
        ({"needs": (m.SkillNeed("leaks", 0),)}, CommandInvalidError),
    ],
)
def test_impossible_contacts_are_refused(fields: dict[str, Any], error: type[Exception]) -> None:
    centre = Centre()
    before = centre.router.snapshot()
    with pytest.raises(error):
        centre.call("k1", **fields)
    assert centre.router.snapshot() == before


def test_forgotten_reasons_and_persons_leave_no_trace() -> None:
    centre = Centre()
    for number in range(50):
        centre.enter("ann")
        fields = {"supervisor_id": f"u{number}", "reason": f"reason {number}"}
        centre.do(m.ForceAgentState, agent_id="ann", state="away", **fields)
    centre.configure([queue("water")], [agent("ann")])
    assert len(centre.router._names.reasons.ids()) <= 4
    assert centre.router._names.persons.ids() == []
    assert centre.state("ann") == ("away", "reason 49")


def test_what_rang_at_a_former_agent_is_not_matched_before_those_who_go_first() -> None:
    skilled = [queue("water"), queue("leaks", ("leaks", 1), rank=5)]
    centre = Centre(skilled, [agent("ann"), agent("bob", ("bills", 1))])
    centre.enter("ann")
    centre.call("k1")
    centre.enter("bob")
    centre.call("k2", "leaks")
    assert (centre.offered_to("k1"), centre.offered_to("k2")) == ("ann", None)
    centre.configure(skilled, [agent("ann", is_active=False), agent("bob", ("leaks", 1))])
    assert (centre.offered_to("k2"), centre.offered_to("k1")) == ("bob", None)
