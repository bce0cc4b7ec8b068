"""Overflow to agents whom another tenant lends: who gets what, never without both tenants' word, and what is told."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.boundary import Router
from hotline.engine.errors import ConfigurationInvalidError
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, PoolConfiguration, RingConfiguration
from tests.unit.engine.centre import Centre, agent, only, queue


def to_pool(after_s: int, pool_id: str = "spare") -> OverflowConfiguration:
    return OverflowConfiguration(after_s=after_s, pool_id=pool_id)


def pool(*client_tenant_ids: str, **settings: Any) -> PoolConfiguration:
    """The outsourcer's pool (tenant t2), for those tenants."""
    given = {"pool_id": "spare", "tenant_id": "t2", "name_zh": "机动组", "name_en": "Spare team", **settings}
    return PoolConfiguration(client_tenant_ids=client_tenant_ids, **given)


def outsourced(*pools: PoolConfiguration, others: tuple[Any, ...] = (), **settings: Any) -> Centre:
    """Queue water of t1 with agent ann; zoe and the queue phone are of t2."""
    asked = {"overflows": (to_pool(30),), "offer_timeout_s": 600, **settings}
    queues = [queue("water", ("leaks", 2), **asked), queue("phone", tenant_id="t2", offer_timeout_s=600)]
    people = [agent("ann", ("leaks", 3)), agent("zoe", tenant_ids=("t2",), team_id="evening"), *others]
    return Centre(queues, people, pools=pools)


def test_after_the_wait_an_agent_of_the_pool_gets_it_and_the_queue_stays_its_own() -> None:
    centre = outsourced(pool("t1"))
    centre.enter("zoe")
    centre.call("k1")
    assert centre.wait(29) == ()
    widened, offered = centre.wait(1)[:2]
    assert isinstance(widened, m.ContactWidened)
    assert (widened.pool_id, widened.cause) == ("spare", "waited")
    assert isinstance(offered, m.ContactOffered)
    assert (offered.agent_id, offered.queue_id, offered.pool_id) == ("zoe", "water", "spare")
    assert only(centre.answer("k1"), m.ContactConnected).pool_id == "spare"
    found = centre.router.contact("k1")
    assert found is not None
    assert (found.queue_id, found.details.tenant_id) == ("water", "t1")
    assert centre.router.pool_between("k1", "zoe") == "spare"


def test_own_agents_go_on_taking_it_and_are_no_pool() -> None:
    centre = outsourced(pool("t1"))
    centre.call("k1")
    centre.wait(40)
    centre.enter("ann")
    assert centre.offered_to("k1") == "ann"
    assert only(centre.answer("k1"), m.ContactConnected).pool_id is None


@pytest.mark.parametrize("shared", [(), (pool(),), (pool("t3"),), (pool("t1", pool_id="another"),)])
def test_without_the_word_of_both_nobody_of_another_tenant_gets_it(shared: tuple[PoolConfiguration, ...]) -> None:
    centre = outsourced(*shared)
    centre.enter("zoe")
    centre.call("k1")
    centre.wait(600)
    assert centre.stage("k1") == "waiting"


def test_a_pool_that_is_taken_back_gets_nothing_more_and_ends_what_it_has() -> None:
    centre = outsourced(pool("t1"))
    centre.enter("zoe")
    centre.call("k1")
    centre.wait(30)
    centre.answer("k1")
    asked = [queue("water", ("leaks", 2), overflows=(to_pool(30),)), queue("phone", tenant_id="t2")]
    people = [agent("ann", ("leaks", 3)), agent("zoe", tenant_ids=("t2",), team_id="evening")]
    centre.configure(asked, people)
    centre.call("k2")
    centre.do(m.HangUpContact, agent_id="zoe", contact_id="k1")
    centre.do(m.FinishWrapUp, agent_id="zoe", contact_id="k1")
    centre.wait(600)
    assert (centre.stage("k1"), centre.stage("k2")) == (None, "waiting")


def test_a_full_queue_opens_the_pool_at_once() -> None:
    centre = outsourced(pool("t1"), max_waiting=1, full_pool_id="spare", overflows=())
    centre.call("k1")
    centre.enter("zoe")
    assert centre.stage("k1") == "waiting"
    events = centre.call("k2")
    widened = only(events, m.ContactWidened)
    assert (widened.contact_id, widened.pool_id, widened.cause) == ("k2", "spare", "full")
    assert centre.offered_to("k2") == "zoe"


def test_what_a_full_queue_opened_stays_open_when_the_next_ring_opens() -> None:
    rings = (RingConfiguration(after_s=0), RingConfiguration(after_s=20, relax=1))
    centre = outsourced(pool("t1"), max_waiting=0, full_pool_id="spare", overflows=(), rings=rings)
    centre.call("k1")
    centre.wait(25)
    centre.enter("zoe")
    assert centre.offered_to("k1") == "zoe"


def test_a_queue_without_people_of_its_own_may_open_its_pool_at_once() -> None:
    """So a flow's closing step names a night queue, and the pool answers for it."""
    centre = outsourced(pool("t1"), overflows=(to_pool(0),))
    centre.enter("zoe")
    centre.call("k1")
    centre.wait(0)
    assert centre.offered_to("k1") == "zoe"


def test_then_it_goes_on_to_its_next_queue_and_the_pool_closes() -> None:
    both = (to_pool(30), OverflowConfiguration(after_s=60, queue_id="bills"))
    centre = Centre(
        [queue("water", overflows=both), queue("bills")],
        [agent("bob", ("x", 1)), agent("zoe", tenant_ids=("t2",))],
        pools=(pool("t1"),),
    )
    centre.call("k1")
    centre.wait(60)
    centre.enter("zoe")
    found = centre.router.contact("k1")
    assert found is not None
    assert (found.queue_id, found.stage) == ("bills", "waiting")


def test_pools_open_in_the_order_of_their_times_between_the_rings() -> None:
    rings = (RingConfiguration(after_s=0, group_ids=("north",)), RingConfiguration(after_s=60))
    centre = outsourced(pool("t1"), rings=rings, overflows=(to_pool(30),), others=(agent("bob", ("leaks", 9)),))
    centre.enter("bob")
    centre.call("k1")
    centre.wait(30)
    assert centre.stage("k1") == "waiting"  # bob's ring opens later
    centre.enter("zoe")
    assert centre.offered_to("k1") == "zoe"


def test_preferred_skills_are_looked_for_before_any_pool() -> None:
    centre = outsourced(pool("t1"), preferred=(("english", 1),), prefer_s=60, overflows=(to_pool(10),))
    centre.enter("zoe")
    centre.call("k1")
    centre.wait(59)
    assert centre.stage("k1") == "waiting"
    centre.wait(1)
    assert centre.offered_to("k1") == "zoe"


def test_an_agent_who_served_it_by_a_pool_is_not_waited_for_as_the_last_agent() -> None:
    centre = outsourced(pool("t1"), relationship_s=60)
    centre.enter("zoe")
    asked = only(centre.call("k1", wanted_agent_id="zoe", wanted_cause="last_agent"), m.ContactQueued)
    assert asked.wanted_agent_id is None


def test_tenants_may_lend_to_each_other_and_no_contact_goes_round() -> None:
    back = PoolConfiguration(
        pool_id="back", tenant_id="t1", name_zh="回", name_en="Back", skills=(("leaks", 1),), client_tenant_ids=("t2",)
    )
    centre = Centre(
        [
            queue("water", ("leaks", 2), overflows=(to_pool(30),)),
            queue("phone", tenant_id="t2", overflows=(to_pool(30, "back"),)),
        ],
        [agent("ann", ("leaks", 3)), agent("zoe", tenant_ids=("t2",))],
        pools=(pool("t1"), back),
    )
    centre.call("k1")
    centre.call("k2", "phone", tenant_id="t2")
    events = centre.wait(3600)
    assert [type(event) for event in events] == [m.ContactWidened, m.ContactWidened]
    centre.enter("ann", "zoe")
    assert {centre.offered_to("k1"), centre.offered_to("k2")} == {"ann", "zoe"}


def test_replay_and_snapshot_know_the_pools() -> None:
    centre = outsourced(pool("t1"), max_waiting=1, full_pool_id="spare")
    centre.call("k1")
    centre.call("k2")
    centre.wait(31)
    centre.enter("zoe")
    centre.answer("k1")
    batch = msgspec.msgpack.encode(m.LogBatch(schema_version=m.SCHEMA_VERSION, events=tuple(centre.log)))
    replica = Router()
    for event in msgspec.msgpack.decode(batch, type=m.LogBatch).events:
        replica.apply(event)
    restored = Router.restore(centre.router.snapshot())
    assert replica.snapshot() == restored.snapshot() == centre.router.snapshot()
    assert restored.pool_between("k1", "zoe") == "spare"


@given(
    clients=st.sets(st.sampled_from(["t1", "t3"])),
    groups=st.sets(st.sampled_from(["evening", "night"])),
    level=st.integers(0, 3),
    held=st.integers(0, 3),
)
def test_only_the_pools_people_with_its_skills_and_for_its_clients(
    clients: set[str], groups: set[str], level: int, held: int
) -> None:
    shared = pool(*sorted(clients), group_ids=tuple(sorted(groups)), skills=(("phones", level),) if level else ())
    zoe = agent("zoe", *((("phones", held),) if held else ()), tenant_ids=("t2",), team_id="evening")
    centre = Centre([queue("water", ("leaks", 2), overflows=(to_pool(30),))], [zoe], pools=(shared,))
    centre.enter("zoe")
    centre.call("k1")
    centre.wait(30)
    is_able = "t1" in clients and (not groups or "evening" in groups) and held >= level
    assert (centre.offered_to("k1") == "zoe") is is_able


@pytest.mark.parametrize(
    "settings",
    [
        {"overflows": (OverflowConfiguration(after_s=30),)},
        {"overflows": (OverflowConfiguration(after_s=30, queue_id="phone", pool_id="spare"),)},
        {"is_background": True},
        {"is_background": True, "overflows": (), "full_pool_id": "spare"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_that_names_the_queue(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationInvalidError, match="queue water"):
        outsourced(pool("t1"), **settings)
