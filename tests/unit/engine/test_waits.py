"""What the expected wait is learnt from."""

from typing import Any

import pytest

from hotline.engine.waits import WaitFigures
from hotline.messages import routing as m


class Line:
    """A queue's events, one contact after the other."""

    def __init__(self) -> None:
        self.figures = WaitFigures()
        self.now_s = 0
        self._number = 0

    def take(self, kind: type[Any], /, **fields: Any) -> None:
        self.figures.apply(kind(at_ms=self.now_s * 1000, **fields))

    def queued(self, queue_id: str = "water") -> str:
        self._number += 1
        contact_id = f"c{self._number}"
        self.take(
            m.ContactQueued,
            contact_id=contact_id,
            tenant_id="t",
            queue_id=queue_id,
            node_id="n",
            asked_at_ms=0,
            arrived_at_ms=0,
            channel="voice",
            entry_point_id=None,
            language="zh",
            priority=0,
            customer_id=None,
            menu_path=(),
            needs=(),
            is_simulated=False,
        )
        return contact_id

    def connected(self, contact_id: str, wait_ms: int = 0) -> None:
        ids = {"contact_id": contact_id, "interaction_id": f"i-{contact_id}", "offer_id": "o", "agent_id": "ann"}
        self.take(m.ContactConnected, wait_ms=wait_ms, **ids)

    def answered(self, contact_id: str, queue_id: str, wait_s: int, cause: m.OfferCause = "agent_free") -> None:
        """Ann, who has become free or was so, takes it at once."""
        ids = {"offer_id": "o", "contact_id": contact_id, "agent_id": "ann", "queue_id": queue_id}
        self.take(m.ContactOffered, kind="queue", expires_at_ms=0, cause=cause, **ids)
        self.connected(contact_id, wait_s * 1000)

    def served(self, contact_id: str, talk_s: int, wrap_up_s: int) -> None:
        ids = {"contact_id": contact_id, "interaction_id": f"i-{contact_id}", "agent_id": "ann"}
        self.take(m.InteractionEnded, talk_ms=talk_s * 1000, hold_ms=0, ended_by="caller", **ids)
        self.take(m.WrappedUp, wrap_up_ms=wrap_up_s * 1000, **ids)

    def gave_up(self, contact_id: str, wait_s: int) -> None:
        self.take(
            m.ContactEnded,
            contact_id=contact_id,
            outcome="abandoned",
            ended_by="caller",
            cause="x",
            wait_ms=wait_s * 1000,
        )

    def at_work(self, agents: int, talk_s: int = 200, wrap_up_s: int = 40) -> None:
        """One contact was served, and so many agents talk now."""
        first = self.queued()
        self.connected(first)
        self.served(first, talk_s, wrap_up_s)
        for _ in range(agents):
            self.connected(self.queued())


def test_nobody_knows_before_anybody_was_served() -> None:
    line = Line()
    line.connected(line.queued())
    assert line.figures.expected_s("water", 1) is None
    assert line.figures.expected_s("gas", 1) is None


def test_nobody_knows_while_nobody_works() -> None:
    line = Line()
    line.at_work(0)
    assert line.figures.expected_s("water", 1) is None


@pytest.mark.parametrize(("agents", "position", "wait_s"), [(1, 1, 240), (4, 1, 60), (4, 8, 480)])
def test_wait_is_the_line_by_the_rate_of_service(agents: int, position: int, wait_s: int) -> None:
    line = Line()
    line.at_work(agents)
    assert line.figures.expected_s("water", position) == wait_s


def test_those_who_give_up_shorten_it() -> None:
    line = Line()
    line.at_work(4)
    patient = line.figures.expected_s("water", 8)
    line.gave_up(line.queued(), 60)
    shorter = line.figures.expected_s("water", 8)
    assert patient is not None
    assert shorter is not None
    assert shorter < patient / 2


def test_queues_are_learnt_apart_and_a_moved_contact_counts_where_it_is_served() -> None:
    line = Line()
    contact_id = line.queued("gas")
    line.take(m.ContactRequeued, contact_id=contact_id, queue_id="water", cause="overflow")
    line.connected(contact_id)
    line.served(contact_id, 100, 20)
    line.connected(line.queued())
    assert line.figures.expected_s("water", 1) == 120
    assert line.figures.expected_s("gas", 1) is None


def test_what_is_told_twice_or_of_unknown_conversations_changes_nothing() -> None:
    line = Line()
    line.at_work(2)
    line.served("never-heard-of", 9999, 0)
    line.connected("c2")
    assert line.figures.expected_s("water", 1) == 120


def test_a_line_moves_as_fast_as_it_was_seen_to_whoever_serves_it() -> None:
    """Agents serve another queue, too, and one of them takes somebody of this line every 30 seconds."""
    line = Line()
    waiting = [line.queued() for _ in range(3)]
    for _ in range(60):
        line.now_s += 30
        waiting.append(line.queued())
        line.answered(waiting.pop(0), "water", 90)
    # Whoever comes waits 90 seconds, as all have; who is first of four in the line has a quarter of that before them.
    assert [line.figures.expected_s("water", position) for position in (1, 4)] == [22, 90]
    assert line.figures.error_s("water") == 0


def test_who_finds_somebody_idle_tells_nothing_of_the_line() -> None:
    line = Line()
    for _ in range(20):
        line.now_s += 1
        line.answered(line.queued(), "water", 0, "arrival")
    assert line.figures.expected_s("water", 1) is None
    assert line.figures.error_s("water") is None


def test_a_small_queue_in_one_order_with_a_large_one_is_told_what_others_of_its_agents_wait() -> None:
    """Of the large queue everybody waits ten minutes. The small one's callers are few; each waits as long."""
    line = Line()
    line.at_work(1)
    for number in range(20):
        small = line.queued("small") if number % 2 else None
        for _ in range(10):
            line.now_s += 60
            line.answered(line.queued("large"), "large", 600)
        if small is not None:
            line.answered(small, "small", 600)
    assert line.figures.expected_s("small", 1) == pytest.approx(600, abs=60)
