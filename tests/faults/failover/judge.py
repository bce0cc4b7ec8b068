"""What the routing log itself says: nobody lost, nobody with two, and the same state however it is replayed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from hotline.live.switch.log import RoutingLog
from hotline.live.switch.state import Follower, RoutingState, rebuild
from hotline.live.switch.stores import Store, StoreFailedError
from hotline.messages import routing as m

POOL = "main"
_OVER = m.OfferExpired | m.OfferRefused | m.OfferFailed | m.OfferWithdrawn


def events_of(log: RoutingLog) -> list[m.RoutingEvent]:
    events: list[m.RoutingEvent] = []
    seq = 0
    while entries := log.read_after(POOL, seq, 1_000):
        assert [entry.seq for entry in entries] == list(range(seq + 1, seq + len(entries) + 1))
        events += [event for entry in entries for event in entry.events]
        seq = entries[-1].seq
    return events


def lost(events: Iterable[m.RoutingEvent], asked: Sequence[str]) -> list[str]:
    """Contacts that were not queued, offered and connected exactly once each, and ended as handled."""
    queued, offered, connected, handled = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for event in events:
        if isinstance(event, m.ContactQueued):
            queued[event.contact_id] += 1
        elif isinstance(event, m.ContactOffered):
            offered[event.contact_id] += 1
        elif isinstance(event, m.ContactConnected):
            connected[event.contact_id] += 1
        elif isinstance(event, m.ContactEnded):
            handled[event.contact_id] += 1 if event.outcome == "handled" else 1000
    once = dict.fromkeys(asked, 1)
    counted = (("queued", queued), ("offered", offered), ("connected", connected), ("handled", handled))
    return [
        f"{contact_id} {what} {counts[contact_id]} times"
        for what, counts in counted
        for contact_id in {**once, **counts}
        if counts[contact_id] != once.get(contact_id, 0)
    ]


def double_assigned(events: Iterable[m.RoutingEvent]) -> list[str]:
    """Moments in which an agent had two contacts, or a contact two agents, in offers and conversations."""
    contact_of: dict[str, str] = {}
    agent_of: dict[str, str] = {}
    wrong = []
    for event in events:
        if isinstance(event, m.ContactOffered):
            if event.agent_id in contact_of or event.contact_id in agent_of:
                wrong.append(f"{event.contact_id} to {event.agent_id}, who has {contact_of.get(event.agent_id)}")
            contact_of[event.agent_id], agent_of[event.contact_id] = event.contact_id, event.agent_id
        elif isinstance(event, _OVER | m.InteractionEnded):
            contact_of.pop(event.agent_id, None)
            agent_of.pop(event.contact_id, None)
        elif isinstance(event, m.ContactConnected) and agent_of.get(event.contact_id) != event.agent_id:
            wrong.append(f"{event.contact_id} was connected with {event.agent_id}, to whom it was not offered")
    return wrong


def lost_posts(events: Iterable[m.RoutingEvent]) -> list[str]:
    """Agents whose browser was called gone, or who are signed out: each came back in time, and nobody left."""
    return [
        f"{event.agent_id}: {type(event).__name__} at {event.at_ms}"
        for event in events
        if isinstance(event, m.AgentConnectionLost | m.AgentSignedOut)
    ]


class LogView:
    """What the log says at each moment, read by a third party; it takes up again after the death of the database."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._log = RoutingLog(open_store(), POOL)
        self._follower = Follower(self._log)

    def state(self) -> RoutingState:
        """The state after the newest batch."""
        try:
            self._follower.catch_up()
        except StoreFailedError:
            self._log.close()
            self._log = self._follower._log = RoutingLog(self._open_store(), POOL)
            self._follower.catch_up()
        return self._follower.state

    def close(self) -> None:
        self._log.close()


def differs_when_replayed(log: RoutingLog) -> str:
    """What differs between the leader's last snapshot and a replay of the whole log; empty when nothing does."""
    kept = log.snapshots()[0]
    if kept.seq != log.last_seq(POOL):
        return f"the last snapshot is of batch {kept.seq}, the log ends at {log.last_seq(POOL)}"
    log._store.execute("DELETE FROM routing_snapshot")
    return "" if rebuild(log).snapshot() == kept.body else "the states are not equal to the byte"


def longest_gap_s(answered_at_s: Sequence[float], from_s: float, to_s: float) -> float:
    """The longest time between two answers of the switch around a moment."""
    before = max((at for at in answered_at_s if at <= from_s), default=from_s)
    seen = [before, *(at for at in answered_at_s if from_s < at <= to_s)]
    return max(later - earlier for earlier, later in zip(seen, [*seen[1:], seen[-1]], strict=True))


def first_after(answered_at_s: Sequence[float], moment_s: float) -> float:
    """When the switch first answered after a moment."""
    return min(at for at in answered_at_s if at > moment_s)
