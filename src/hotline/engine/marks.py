"""What supervisors have marked and which reserve teams are called, with since when: beside the router's state, which
holds only whether it is so. A reducer like the tally; kept in snapshots."""

from collections.abc import Callable
from typing import Any

import msgspec

from hotline.messages import routing as m


class SteeringMark(msgspec.Struct, frozen=True, array_like=True):
    """A site that is down, or a queue in disaster mode: since when, and who said so."""

    since_ms: int
    actor_id: str


class TierMark(msgspec.Struct, frozen=True, array_like=True):
    """A reserve team's last step. The figures are those of the moment when it was called, as in TierMoved.
    `actor_id`: who called it by hand, to be kept until `keep_until_ms`."""

    step: m.TierStep
    since_ms: int
    called_ms: int
    wait_s: int
    length: int
    service_level: int
    abandoned: int
    actor_id: str | None = None
    keep_until_ms: int = 0


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    """The body of a snapshot."""

    sites: dict[str, SteeringMark] = {}
    queues: dict[str, SteeringMark] = {}
    tiers: dict[str, TierMark] = {}


class Marks:
    """All marks of one switch. Give it every event in order."""

    def __init__(self, saved: _Saved | None = None) -> None:
        kept = saved or _Saved()
        self.sites = dict(kept.sites)
        self.queues = dict(kept.queues)
        self.tiers = dict(kept.tiers)
        self.reducers: dict[type[Any], Callable[[Any], None]] = {
            m.SiteMarked: self._site_marked,
            m.DisasterModeSet: self._disaster_mode_set,
            m.TierMoved: self._tier_moved,
            m.ConfigurationApplied: self._configured,
        }

    def snapshot(self) -> bytes:
        """All marks, for `restore`."""
        return msgspec.msgpack.encode(_Saved(self.sites, self.queues, self.tiers))

    @classmethod
    def restore(cls, body: bytes) -> "Marks":
        """The marks of a snapshot; none of an empty one, which older releases wrote."""
        return cls(msgspec.msgpack.decode(body, type=_Saved) if body else None)

    def _site_marked(self, event: m.SiteMarked) -> None:
        _mark(self.sites, event.site_id, event.is_down, SteeringMark(event.at_ms, event.actor_id))

    def _disaster_mode_set(self, event: m.DisasterModeSet) -> None:
        _mark(self.queues, event.queue_id, event.is_on, SteeringMark(event.at_ms, event.actor_id))

    def _tier_moved(self, event: m.TierMoved) -> None:
        former = self.tiers.get(event.tier_id)
        if former is not None and former.step == "called" and event.step == "started":
            # The figures that called the team stay beside it while it works.
            self.tiers[event.tier_id] = msgspec.structs.replace(former, step=event.step, since_ms=event.at_ms)
            return
        figures = (event.wait_s, event.length, event.service_level, event.abandoned)
        self.tiers[event.tier_id] = TierMark(
            event.step, event.at_ms, event.at_ms, *figures, event.actor_id, event.keep_until_ms
        )

    def _configured(self, event: m.ConfigurationApplied) -> None:
        """Forget teams and queues that no longer exist. Sites stay marked, as the router keeps them."""
        tiers = {tier.tier_id for ladder in event.configuration.ladders for tier in ladder.tiers}
        queues = {queue.queue_id for queue in event.configuration.queues}
        self.tiers = {tier_id: mark for tier_id, mark in self.tiers.items() if tier_id in tiers}
        self.queues = {queue_id: mark for queue_id, mark in self.queues.items() if queue_id in queues}


def _mark(marks: dict[str, SteeringMark], id_: str, is_set: bool, mark: SteeringMark) -> None:
    if is_set:
        marks[id_] = mark
    else:
        marks.pop(id_, None)
