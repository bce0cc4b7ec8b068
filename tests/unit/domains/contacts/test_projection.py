"""How routing events become rows: tables of roads, and the fold that keeps no memory of its own."""

from copy import deepcopy
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.contacts.projection import Folding, contact_id_of, log_order, timeline_id
from hotline.kernel.clock import to_datetime
from hotline.messages import routing as events
from tests.factories.routing_log import ASKED_MS, Road, answered_call


def fold(*taken: events.RoutingEvent, chunk: int = 1000) -> Folding:
    """The rows after the events, taken `chunk` at a time with fresh foldings in between."""
    folding = Folding({}, {})
    for number, event in enumerate(taken):
        if number % chunk == 0:
            folding = Folding(folding.contacts, folding.interactions, folding.timeline, folding.call_backs)
        folding.take("main", number, 0, event)
    return folding


def only_contact(folding: Folding):
    (contact,) = folding.contacts.values()
    return contact


def test_answered_call_has_its_stamps_and_sums() -> None:
    folding = fold(*answered_call(Road(), wait_ms=11_000, talk_ms=180_000, hold_ms=20_000, wrap_up_ms=40_000))
    contact = only_contact(folding)
    assert contact.asked_at == to_datetime(ASKED_MS)
    assert contact.answered_at == to_datetime(ASKED_MS + 11_000)
    assert (contact.wait_ms, contact.talk_ms, contact.hold_ms, contact.wrap_up_ms) == (11_000, 180_000, 20_000, 40_000)
    assert (contact.outcome, contact.ended_by, contact.stage) == ("handled", "caller", "ended")
    (interaction,) = folding.interactions.values()
    assert (interaction.position, interaction.queue_id) == (1, contact.queue_id)
    assert interaction.wrapped_up_at is not None


def test_served_by_a_shared_pool_is_kept_with_the_interaction_in_the_owners_record() -> None:
    road, pool_id = Road(), str(uuid4())
    connected = msgspec.structs.replace(road.connected(), pool_id=pool_id)
    widened = events.ContactWidened(
        at_ms=ASKED_MS, contact_id=road.contact_id, queue_id=road.queue_id, ring=1, pool_id=pool_id
    )
    folding = fold(road.queued(), widened, road.offered(), connected)
    (interaction,) = folding.interactions.values()
    assert (interaction.pool_id, interaction.tenant_id) == (UUID(pool_id), only_contact(folding).tenant_id)
    assert [row.detail.get("pool_id") for row in folding.timeline] == [None, pool_id, None, pool_id]


def test_abandoned_contact_keeps_its_wait_and_has_no_interaction() -> None:
    road = Road()
    folding = fold(road.queued(), road.ended("abandoned", after_ms=7_000, wait_ms=7_000))
    contact = only_contact(folding)
    assert (contact.outcome, contact.wait_ms, contact.answered_at) == ("abandoned", 7_000, None)
    assert not folding.interactions


def test_expired_offer_brings_the_contact_back_to_waiting() -> None:
    road = Road()
    folding = fold(road.queued(), road.offered())
    assert only_contact(folding).stage == "offered"
    folding.take("main", 9, 0, events.OfferExpired(at_ms=1, **road.offer_fields()))
    assert only_contact(folding).stage == "waiting"


@pytest.mark.parametrize("who_leaves", ["sender", "consulted"])
def test_conference_counts_both_agents_and_shows_its_beginning_and_end(who_leaves: str) -> None:
    road = Road()
    second = road.next_agent(str(uuid4()))
    fields = {"at_ms": ASKED_MS + 60_000, "contact_id": road.contact_id, "transfer_id": str(uuid4())}
    parties = {"agent_id": road.agent_id, "target_agent_id": second.agent_id}
    folding = fold(
        road.queued(),
        road.offered(),
        road.connected(wait_ms=5_000),
        events.TransferMerged(**fields, **parties),
        second.connected(wait_ms=60_000),
    )
    assert only_contact(folding).stage == "conference"
    if who_leaves == "sender":
        folding.take("main", 7, 0, events.TransferCompleted(**fields, **parties, kind="consult"))
        folding.take("main", 8, 0, road.interaction_ended(talk_ms=90_000))
    else:
        failed = events.TransferFailed(**fields, cause="target_left", agent_id=road.agent_id, kind="consult")
        folding.take("main", 7, 0, failed)
        folding.take("main", 8, 0, second.interaction_ended(talk_ms=30_000))
    assert only_contact(folding).stage == "talking"
    left, stays = (road, second) if who_leaves == "sender" else (second, road)
    folding.take("main", 9, 0, stays.interaction_ended(talk_ms=40_000))
    contact = only_contact(folding)
    assert contact.interaction_count == 2
    assert contact.last_agent_id == UUID(stays.agent_id)
    assert {str(row.agent_id) for row in folding.interactions.values()} == {left.agent_id, stays.agent_id}
    told = [(step.kind, step.detail.get("cause")) for step in folding.timeline if step.kind.startswith("conference")]
    cause = "sender_left" if who_leaves == "sender" else "target_left"
    assert told == [("conference_started", None), ("conference_ended", cause)]


def test_transfer_adds_an_interaction_and_keeps_the_first_wait() -> None:
    road = Road()
    other_queue, second_agent = str(uuid4()), str(uuid4())
    second = road.next_agent(second_agent)
    folding = fold(
        road.queued(),
        road.offered(),
        road.connected(wait_ms=5_000),
        road.interaction_ended(talk_ms=60_000),
        events.ContactRequeued(
            at_ms=ASKED_MS + 66_000, contact_id=road.contact_id, queue_id=other_queue, cause="transfer"
        ),
        second.connected(wait_ms=80_000),
        second.interaction_ended(talk_ms=30_000),
    )
    contact = only_contact(folding)
    assert (contact.interaction_count, contact.wait_ms, contact.talk_ms) == (2, 5_000, 90_000)
    assert contact.asked_queue_id == UUID(road.queue_id)
    assert contact.queue_id == UUID(other_queue)
    assert contact.last_agent_id == UUID(second_agent)
    assert [row.position for row in folding.interactions.values()] == [1, 2]


def test_the_timeline_keeps_what_another_queue_asks_for() -> None:
    road = Road()
    skill, other_queue = str(uuid4()), str(uuid4())
    sent_on = {"contact_id": road.contact_id, "queue_id": other_queue, "cause": "overflow"}
    folding = fold(
        road.queued(),
        events.ContactRequeued(at_ms=ASKED_MS + 10_000, needs=(events.SkillNeed(skill),), **sent_on),
        events.ContactRequeued(at_ms=ASKED_MS + 20_000, **sent_on),
    )
    told = [step.detail for step in folding.timeline if step.kind == "requeued"]
    assert told == [{"cause": "overflow", "needs": [[skill, 1]], "preferred": []}, {"cause": "overflow"}]


def test_platform_failure_is_listed_with_the_original_wait_clock() -> None:
    road = Road()
    folding = fold(road.queued(), road.ended("platform_failure", after_ms=30_000, wait_ms=30_000))
    (call_back,) = folding.call_backs
    assert call_back.asked_at == to_datetime(ASKED_MS)
    assert call_back.queue_id == UUID(road.queue_id)


def test_sealed_number_of_a_transfer_never_reaches_the_timeline() -> None:
    road = Road()
    transfer = events.TransferStarted(
        at_ms=1,
        transfer_id=str(uuid4()),
        contact_id=road.contact_id,
        interaction_id=road.interaction_id,
        agent_id=road.agent_id,
        kind="blind",
        target_kind="number",
        target="sealed-text",
    )
    folding = fold(road.queued(), transfer)
    assert "sealed-text" not in repr(folding.timeline)


def test_event_of_an_unknown_contact_is_reported_not_invented() -> None:
    folding = Folding({}, {})
    assert not folding.take("main", 1, 0, Road().offered())
    assert not folding.contacts
    assert not folding.timeline


def test_events_of_agents_belong_to_no_contact() -> None:
    signed_in = events.AgentSignedIn(at_ms=1, agent_id=str(uuid4()), session_id=str(uuid4()))
    assert contact_id_of(signed_in) is None
    assert Folding({}, {}).take("main", 1, 0, signed_in)


def test_every_event_that_names_a_contact_has_a_step() -> None:
    named = [kind for kind in events.RoutingEvent.__args__ if "contact_id" in kind.__struct_fields__]
    folded = [kind for kind in named if contact_id_of(_any(kind)) is not None]
    assert named
    assert folded == named


def _any(kind: type) -> events.RoutingEvent:
    return kind(**dict.fromkeys(kind.__struct_fields__, "x"))


@given(st.integers(1, 6), st.integers(0, 4), st.integers(0, 10**7), st.integers(0, 10**7))
def test_chunks_and_replay_end_in_the_same_rows(chunk: int, calls: int, talk_ms: int, hold_ms: int) -> None:
    road_events = [e for _ in range(calls) for e in answered_call(Road(), talk_ms=talk_ms, hold_ms=hold_ms)]
    whole, pieces = fold(*road_events), fold(*road_events, chunk=chunk)
    assert whole == pieces
    again = deepcopy(whole)
    for number, event in enumerate(road_events):
        again.take("main", number, 0, event)
    assert (again.contacts, again.interactions) == (whole.contacts, whole.interactions)
    assert {row.id for row in again.timeline} == {row.id for row in whole.timeline}


@pytest.mark.parametrize("at_ms", [0, 1_772_000_000_000, (1 << 48) - 1])
def test_timeline_id_is_a_uuid7_of_its_moment(at_ms: int) -> None:
    made = timeline_id("main/7/3", at_ms, log_order(7, 3))
    assert made == timeline_id("main/7/3", at_ms, log_order(7, 3))
    assert made != timeline_id("other/7/3", at_ms, log_order(7, 3))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == at_ms


@given(st.lists(st.tuples(st.integers(0, 2**39), st.integers(0, 2**14 - 1)), unique=True))
def test_steps_of_one_millisecond_sort_as_they_stand_in_the_log(places: list[tuple[int, int]]) -> None:
    ids = {timeline_id(f"main/{seq}/{index}", 1, log_order(seq, index)): (seq, index) for seq, index in places}
    assert [ids[made] for made in sorted(ids)] == sorted(places)
