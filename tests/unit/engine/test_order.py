"""Who is next: the order of contacts, the choice of agent, skills and capacity."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, PriorityConfiguration
from tests.unit.engine.centre import START_MS, Centre, agent, queue


def served(centre: Centre, *contact_ids: str, agent_id: str = "ann") -> list[str]:
    """The order in which one agent, who enters now, serves these contacts."""
    order = []
    centre.enter(agent_id)
    for _ in contact_ids:
        (contact_id,) = [k for k in contact_ids if centre.offered_to(k)]
        order.append(contact_id)
        centre.answer(contact_id)
        centre.do(m.HangUpContact, agent_id=agent_id, contact_id=contact_id)
        centre.do(m.FinishWrapUp, agent_id=agent_id, contact_id=contact_id)
    return order


def test_a_point_of_priority_or_rank_is_worth_a_minute_of_waiting() -> None:
    centre = Centre([queue("water"), queue("leaks", rank=5)], [agent("ann")])
    centre.call("old")
    centre.wait(61)
    centre.call("one-point", priority=1)
    centre.wait(1)
    centre.call("two-points", priority=2)
    centre.wait(1)
    centre.call("ranked", "leaks")
    assert served(centre, "old", "one-point", "two-points", "ranked") == ["ranked", "two-points", "old", "one-point"]


@pytest.mark.parametrize("way", ["overflow", "full", "too_long"])
def test_an_emergency_stays_one_wherever_it_is_sent(way: str) -> None:
    ways: dict[str, dict[str, Any]] = {
        "overflow": {"overflows": (OverflowConfiguration(after_s=10, queue_id="water"),)},
        "full": {"max_waiting": 0, "full_queue_id": "water"},
        "too_long": {"max_wait_s": 10, "late_queue_id": "water"},
    }
    queues = [queue("water"), queue("burst", ("pipes", 1), is_emergency=True, **ways[way])]
    centre = Centre(queues, [agent("ann")])
    centre.call("plain", priority=100)
    centre.wait(60)
    centre.call("burst", "burst")
    centre.wait(11)
    replica = Router()
    for event in centre.log:
        replica.apply(event)
    assert replica.snapshot() == centre.router.snapshot()
    centre.router = Router.restore(centre.router.snapshot())
    assert served(centre, "plain", "burst") == ["burst", "plain"]


def test_an_emergency_that_an_agent_sends_on_waits_as_one() -> None:
    queues = [queue("water"), queue("burst", ("pipes", 1), is_emergency=True, is_wrap_up_automatic=True, wrap_up_s=0)]
    centre = Centre(queues, [agent("ann"), agent("pia", ("pipes", 1))])
    centre.enter("ann", "pia")
    centre.talk("k0")
    centre.talk("burst", "burst")
    centre.call("plain", priority=100)
    assert centre.offered_to("plain") is None
    transfer = {"agent_id": "pia", "contact_id": "burst", "transfer_id": "t1", "kind": "blind"}
    centre.do(m.SetAgentState, agent_id="pia", state="away", reason_id="lunch")
    centre.do(m.StartTransfer, **transfer, target_kind="queue", target="water")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    assert centre.offered_to("burst") == "ann"


def test_of_contacts_that_come_loose_together_the_first_in_order_gets_who_is_free() -> None:
    """Two chats ring at an agent whose browser breaks off; the only other agent can take one of them."""
    chats = [agent("ann", capacity={"chat": 3}), agent("bob", capacity={"chat": 1})]
    for later, expected in (({"priority": 5}, "k2"), ({"asked_at_ms": START_MS - 60_000}, "k2"), ({}, "k1")):
        centre = Centre([queue("water")], chats)
        centre.enter("ann")
        centre.call("k1", channel="chat")
        centre.call("k2", channel="chat", **later)
        centre.enter("bob")
        centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
        assert [contact for contact in ("k1", "k2") if centre.offered_to(contact) == "bob"] == [expected]


def test_a_contact_sent_on_goes_behind_whom_its_agent_should_serve_first() -> None:
    """A blind transfer to a queue that its sender serves too: sender and contact come loose in one step."""
    centre = Centre([queue("water", wrap_up_s=0, is_wrap_up_automatic=True), queue("meter")], [agent("ann")])
    centre.enter("ann")
    centre.talk("k1")
    centre.call("k2", priority=5)
    transfer = {"agent_id": "ann", "contact_id": "k1", "transfer_id": "t1", "kind": "blind"}
    centre.do(m.StartTransfer, **transfer, target_kind="queue", target="meter")
    assert (centre.offered_to("k2"), centre.stage("k1")) == ("ann", "waiting")


def test_who_asked_first_is_served_first_whatever_the_order_of_arrival_at_the_switch() -> None:
    centre = Centre()
    asked_ms = centre.now_ms
    centre.wait(5)
    centre.call("late", asked_at_ms=asked_ms + 1_000)
    centre.call("early", asked_at_ms=asked_ms)
    centre.enter("ann")
    assert centre.offered_to("early") == "ann"


def test_the_longest_idle_agent_is_chosen() -> None:
    centre = Centre()
    centre.enter("bob", "ann", "cai")
    centre.call("k1")
    centre.call("k2")
    assert (centre.offered_to("k1"), centre.offered_to("k2")) == ("bob", "ann")


def test_the_idle_clock_starts_when_work_ends() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.talk("k1")
    centre.wait(10)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    centre.enter("cai")
    centre.call("k2")
    centre.call("k3")
    centre.call("k4")
    assert [centre.offered_to(k) for k in ("k2", "k3", "k4")] == ["bob", "ann", "cai"]


def test_a_pause_neither_wins_nor_loses_a_place_among_the_idle() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    centre.wait(60)
    centre.do(m.SetAgentState, agent_id="ann", state="available")
    centre.call("k1")
    assert centre.offered_to("k1") == "ann"


@pytest.mark.parametrize(
    ("queue_skills", "needs", "agent_skills", "is_able"),
    [
        ((), (), (), True),
        ((("leaks", 3),), (), (("leaks", 3),), True),
        ((("leaks", 3),), (), (("leaks", 2),), False),
        ((("leaks", 1), ("english", 5)), (), (("leaks", 9),), False),
        ((("leaks", 1), ("english", 5)), (), (("leaks", 9), ("english", 5)), True),
        ((), (m.SkillNeed("english", 4),), (("english", 4),), True),
        ((), (m.SkillNeed("english", 4),), (("english", 3),), False),
        ((("english", 2),), (m.SkillNeed("english", 4),), (("english", 3),), False),
    ],
)
def test_skills_and_levels_decide_who_is_able(
    queue_skills: tuple[tuple[str, int], ...],
    needs: tuple[m.SkillNeed, ...],
    agent_skills: tuple[tuple[str, int], ...],
    is_able: bool,
) -> None:
    centre = Centre([queue("water", *queue_skills)], [agent("ann", *agent_skills)])
    centre.enter("ann")
    centre.call("k1", needs=needs)
    assert (centre.offered_to("k1") == "ann") is is_able


def test_an_agent_serves_only_their_tenants() -> None:
    centre = Centre([queue("water", tenant_id="t2")], [agent("ann"), agent("bob", tenant_ids=("t1", "t2"))])
    centre.enter("ann", "bob")
    centre.call("k1", tenant_id="t2")
    assert centre.offered_to("k1") == "bob"


@pytest.mark.parametrize(
    ("channels", "offered"),
    [
        (("voice", "voice"), 1),
        (("chat", "chat", "chat", "chat"), 3),
        (("voice", "chat"), 1),
        (("chat", "voice"), 1),
        (("chat", "sms", "sms", "sms"), 3),
        (("sms",) * 4, 3),
        (("email",), 0),
    ],
)
def test_one_call_or_three_chats_or_a_chat_and_two_messages(channels: tuple[str, ...], offered: int) -> None:
    centre = Centre([queue("water")], [agent("ann", capacity={"voice": 1, "chat": 3, "sms": 3})])
    centre.enter("ann")
    for number, channel in enumerate(channels):
        centre.call(f"k{number}", channel=channel)
        if centre.offered_to(f"k{number}"):
            centre.answer(f"k{number}")
    talking = [number for number in range(len(channels)) if centre.stage(f"k{number}") == "talking"]
    assert len(talking) == offered


def test_the_least_busy_of_several_able_agents_gets_the_next_chat() -> None:
    chatty = {"voice": 1, "chat": 3}
    centre = Centre([queue("water")], [agent("ann", capacity=chatty), agent("bob", capacity=chatty)])
    centre.enter("ann", "bob")
    for number in range(4):
        centre.call(f"k{number}", channel="chat")
    assert [centre.offered_to(f"k{number}") for number in range(4)] == ["ann", "bob", "ann", "bob"]


def test_many_mixes_of_needs_do_not_pile_up() -> None:
    centre = Centre()
    for number in range(1_200):
        centre.call(f"k{number}", needs=(m.SkillNeed(f"skill-{number}", 1),))
        centre.do(m.EndContact, contact_id=f"k{number}", ended_by="caller", cause="x")
    assert len(centre.router._engine.board.lines) <= 513
    centre.call("k", needs=())
    centre.enter("ann")
    assert centre.offered_to("k") == "ann"


def test_agents_toggling_all_day_do_not_pile_up() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    for _ in range(500):
        centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
        centre.do(m.SetAgentState, agent_id="ann", state="available")
    pools = [pool for profile in centre.router._engine.board.profiles.values() for pool in profile.pools]
    assert sum(len(pool.idle) for pool in pools) <= 80


def test_who_was_cut_off_and_asks_again_soon_has_the_old_place() -> None:
    centre = Centre([queue("water", reclaim_s=300)], [agent("ann")])
    centre.call("first", caller_ref="caller-1")
    centre.wait(20)
    centre.call("second", caller_ref="caller-2")
    centre.do(m.EndContact, contact_id="first", ended_by="caller", cause="x")
    centre.wait(299)
    centre.call("again", caller_ref="caller-1")
    assert served(centre, "second", "again") == ["again", "second"]


def test_after_its_time_the_old_place_is_gone_and_so_it_is_for_who_was_served() -> None:
    centre = Centre([queue("water", reclaim_s=300)], [agent("ann")])
    centre.call("first", caller_ref="caller-1")
    centre.do(m.EndContact, contact_id="first", ended_by="caller", cause="x")
    centre.wait(290)
    centre.call("second", caller_ref="caller-2")
    centre.wait(11)
    centre.call("late", caller_ref="caller-1")
    assert served(centre, "second", "late") == ["second", "late"]
    centre.wait(1)
    centre.do(m.SignOut, agent_id="ann")
    centre.call("other", caller_ref="caller-3")
    centre.wait(1)
    centre.call("served-before", caller_ref="caller-1")
    assert served(centre, "other", "served-before") == ["other", "served-before"]


def test_the_wait_counts_from_the_new_asking_for_who_has_an_old_place() -> None:
    centre = Centre([queue("water", reclaim_s=300)], [agent("ann")])
    centre.call("first", caller_ref="caller-1")
    centre.do(m.EndContact, contact_id="first", ended_by="caller", cause="x")
    centre.wait(100)
    centre.call("again", caller_ref="caller-1")
    centre.wait(7)
    centre.enter("ann")
    centre.answer("again")
    assert [event.wait_ms for event in centre.log if isinstance(event, m.ContactConnected)] == [7_001]


def test_who_calls_again_unanswered_gets_the_points_of_the_rule() -> None:
    rules = (PriorityConfiguration(tenant_id="t1", kind="repeat", points=4, within_s=600),)
    centre = Centre([queue("water")], [agent("ann")], priorities=rules)
    centre.call("first", caller_ref="caller-1")
    centre.do(m.EndContact, contact_id="first", ended_by="caller", cause="x")
    centre.call("plain", caller_ref="caller-2")
    centre.wait(120)
    centre.call("again", caller_ref="caller-1")
    contact = centre.router.contact("again")
    assert contact is not None
    assert (contact.details.points, contact.details.priority) == ({"repeat": 4}, 4)
    assert served(centre, "plain", "again") == ["again", "plain"]
