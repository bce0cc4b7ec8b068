"""What the routing log itself says: nobody lost, nobody with two, and the same state however it is replayed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hotline.live.switch.log import RoutingLog
from hotline.live.switch.state import rebuild
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
    """Contacts that were not queued exactly once, connected once, and ended as handled."""
    queued, connected, handled = Counter[str](), Counter[str](), Counter[str]()
    for event in events:
        if isinstance(event, m.ContactQueued):
            queued[event.contact_id] += 1
        elif isinstance(event, m.ContactConnected):
            connected[event.contact_id] += 1
        elif isinstance(event, m.ContactEnded):
            handled[event.contact_id] += 1 if event.outcome == "handled" else 1000
    once = dict.fromkeys(asked, 1)
    counted = (("queued", queued), ("connected", connected), ("handled", handled))
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
