"""What a contact needs in another queue than the one it asked for: its attributes are asked anew there."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import NobodyThereError
from hotline.messages import routing as m
from hotline.messages.configuration import OverflowConfiguration, SkillConfiguration
from tests.unit.engine.centre import Centre, agent, only, queue

ENGLISH = SkillConfiguration(skill_id="english", tenant_id="t1", kind="language", values=("en",))
GOLD = SkillConfiguration(skill_id="gold", tenant_id="t1", kind="brand", values=("gold",))
AFTER_10_S = (OverflowConfiguration(after_s=10, queue_id="next"),)
WAYS: dict[str, dict[str, Any]] = {
    "overflow": {"overflows": AFTER_10_S},
    "full": {"max_waiting": 0, "full_queue_id": "next"},
    "too_long": {"max_wait_s": 10, "late_queue_id": "next"},
    "transfer": {},
}
PEOPLE = (agent("ann", ("first", 1)), agent("bob"), agent("eve", ("english", 5)))


def sent_on(way: str, following: dict[str, Any], first: dict[str, Any] | None = None, **asking: Any) -> Centre:
    """A contact k1 that comes to the queue `next` on that way; bob has been idle for longer than eve."""
    queues = [queue("first", ("first", 1), **WAYS[way], **(first or {})), queue("next", **following)]
    centre = Centre(queues, PEOPLE, skills=(ENGLISH, GOLD))
    if way == "transfer":
        centre.enter("ann")
        centre.talk("k1", "first", **asking)
    centre.enter("bob", "eve")
    if way == "transfer":
        transfer(centre)
    else:
        centre.call("k1", "first", **asking)
        centre.wait(11)
    return centre


def transfer(centre: Centre) -> None:
    who = {"agent_id": "ann", "contact_id": "k1", "transfer_id": "x1"}
    centre.do(m.StartTransfer, kind="blind", target_kind="queue", target="next", **who)


def replayed(centre: Centre) -> Router:
    """A router that has read the log as it was written."""
    router = Router()
    for event in msgspec.msgpack.decode(msgspec.msgpack.encode(centre.log), type=list[m.RoutingEvent]):
        router.apply(event)
    return router


@pytest.mark.parametrize("way", WAYS)
def test_the_next_queue_asks_for_the_language(way: str) -> None:
    centre = sent_on(way, {"attributes": {"language": "required"}}, language="en")
    assert centre.offered_to("k1") == "eve"
    assert only(centre.log, m.ContactRequeued).needs == (m.SkillNeed("english"),)
    assert replayed(centre).snapshot() == centre.router.snapshot()


@pytest.mark.parametrize("way", WAYS)
def test_the_next_queue_may_prefer_it_only(way: str) -> None:
    following = {"attributes": {"language": "preferred"}, "prefer_s": 20}
    centre = sent_on(way, following, language="en")
    assert centre.offered_to("k1") == "eve"
    centre.do(m.SignOut, agent_id="eve")
    assert centre.offered_to("k1") is None
    assert Router.restore(centre.router.snapshot()).snapshot() == centre.router.snapshot()
    centre.wait(20)
    assert centre.offered_to("k1") == "bob"
    assert replayed(centre).snapshot() == centre.router.snapshot()


def test_what_only_the_first_queue_asked_for_is_not_needed_in_the_next() -> None:
    first = {"attributes": {"language": "required", "brand": "preferred"}}
    centre = sent_on("overflow", {}, first, language="en", attributes={"brand": "gold"})
    assert centre.offered_to("k1") == "bob"
    requeued = only(centre.log, m.ContactRequeued)
    assert (requeued.needs, requeued.preferred) == ((), ())


def test_what_the_flow_needs_is_needed_everywhere() -> None:
    first = {"attributes": {"language": "required"}}
    centre = sent_on("overflow", {}, first, language="en", needs=(m.SkillNeed("english", 4),))
    assert centre.offered_to("k1") == "eve"


def test_the_log_says_nothing_of_needs_where_they_stay() -> None:
    both = {"attributes": {"language": "required"}}
    centre = sent_on("overflow", both, both, language="en")
    assert centre.offered_to("k1") == "eve"
    assert only(centre.log, m.ContactRequeued).needs is None


def test_a_chain_of_queues_asks_each_for_its_own() -> None:
    queues = [
        queue("first", ("x", 1), attributes={"language": "required"}, overflows=AFTER_10_S),
        queue("next", ("x", 1), overflows=(OverflowConfiguration(after_s=10, queue_id="last"),)),
        queue("last", attributes={"language": "required", "brand": "required"}),
    ]
    centre = Centre(
        queues, [agent("bob", ("english", 1)), agent("eve", ("english", 1), ("gold", 1))], skills=(ENGLISH, GOLD)
    )
    centre.enter("bob", "eve")
    centre.call("k1", "first", language="en", attributes={"brand": "gold"})
    centre.wait(21)
    assert centre.offered_to("k1") == "eve"
    assert replayed(centre).snapshot() == centre.router.snapshot()


def test_nobody_is_transferred_to_a_queue_where_nobody_there_has_what_it_asks_for() -> None:
    queues = [queue("first", ("first", 1)), queue("next", attributes={"language": "required"})]
    centre = Centre(queues, PEOPLE, skills=(ENGLISH,))
    centre.enter("ann")
    centre.talk("k1", "first", language="en")
    centre.enter("bob")
    before = centre.router.snapshot()
    with pytest.raises(NobodyThereError):
        transfer(centre)
    assert centre.router.snapshot() == before
    centre.enter("eve")
    transfer(centre)
    assert centre.offered_to("k1") == "eve"


def test_who_asked_before_the_log_told_what_came_of_attributes_keeps_all_needs() -> None:
    queues = [queue("first", ("x", 1), attributes={"language": "required"}, overflows=AFTER_10_S), queue("next")]
    centre = Centre(queues, PEOPLE, skills=(ENGLISH,))
    centre.call("k1", "first", language="en")
    router = Router()
    for logged in centre.log:
        is_asking = isinstance(logged, m.ContactQueued)
        router.apply(msgspec.structs.replace(logged, by_attributes=0) if is_asking else logged)
    centre.router = router
    centre.enter("bob", "eve")
    centre.wait(11)
    assert centre.offered_to("k1") == "eve"
