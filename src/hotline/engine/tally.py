"""Figures by queue and quarter of an hour, from routing events. The only definition: boards and reports both use it.

A contact counts in the quarter in which it first asked, for the queue that it asked for; talk, hold and wrap-up count
in that quarter too, for the queue that the conversation came from. Times are UTC milliseconds. Memory is bounded:
quarters older than `KEPT_MS` are forgotten once all their contacts are wrapped up."""

from collections.abc import Callable
from typing import Any

import msgspec

from hotline.engine.figures import Figures, OpenContact, SavedTally
from hotline.formulas.service_level import is_in_time
from hotline.messages import routing as m

INTERVAL_MS = 900_000
KEPT_MS = 2 * 86_400_000
_THRESHOLD_S = 15


class _Open:
    """A contact that may still change figures; `figures` are those of the quarter in which it asked, for the queue that
    it asked for, `key` says which those are, and `talks` are its interactions until wrapped up, with their queues."""

    __slots__ = (
        "asked_ms",
        "asked_queue",
        "figures",
        "is_answered",
        "is_ended",
        "is_simulated",
        "key",
        "queue",
        "talks",
        "threshold_s",
    )

    def __init__(self, queue_id: str, asked_ms: int, threshold_s: int, is_simulated: bool, figures: Figures) -> None:
        self.asked_queue = queue_id
        self.queue = queue_id
        self.asked_ms = asked_ms
        self.threshold_s = threshold_s
        self.is_simulated = is_simulated
        self.figures = figures
        self.key = (queue_id, asked_ms - asked_ms % INTERVAL_MS)
        self.is_answered = False
        self.is_ended = False
        self.talks: dict[str, str] = {}


_VERSION = 1


class Tally:
    """A reducer: give it every event in order, then ask."""

    def __init__(self) -> None:
        self._intervals: dict[str, dict[int, Figures]] = {}
        self._open: dict[str, _Open] = {}
        self._waiting: dict[str, dict[str, int]] = {}  # queue -> unanswered contact -> when it asked
        self._thresholds: dict[str, int] = {}
        self._tenants: dict[str, str] = {}
        self._changed: dict[tuple[str, int], None] = {}
        self._newest_ms = 0
        self.reducers: dict[type[Any], Callable[[Any], None]] = {  # by type of event
            m.ConfigurationApplied: self._configuration_applied,
            m.ContactQueued: self._contact_queued,
            m.ContactConnected: self._contact_connected,
            m.ContactRequeued: self._contact_requeued,
            m.InteractionEnded: self._interaction_ended,
            m.WrappedUp: self._wrapped_up,
            m.ContactDiverted: self._contact_diverted,
            m.ContactEnded: self._contact_ended,
        }

    def apply(self, event: m.RoutingEvent) -> None:
        """Count what the event says."""
        reducer = self.reducers.get(type(event))
        if reducer is not None:
            reducer(event)

    # --- asking ------------------------------------------------------------------------------------------------------

    def take_changed(self) -> tuple[tuple[str, int], ...]:
        """(queue, start of the quarter) of all figures that have changed since the last call."""
        changed = tuple(self._changed)
        self._changed.clear()
        return changed

    def interval(self, queue_id: str, start_ms: int) -> Figures:
        """The figures of one quarter; zeros when nothing happened."""
        return self._intervals.get(queue_id, {}).get(start_ms) or Figures()

    def between(self, queue_id: str, start_ms: int, end_ms: int) -> Figures:
        """The sums of all quarters that begin in [start, end): a day is the range from `day_start_ms` on."""
        total = Figures()
        for at, figures in self._intervals.get(queue_id, {}).items():
            if start_ms <= at < end_ms:
                total.add(figures)
        return total

    def service_level(self, queue_id: str, start_ms: int, end_ms: int, now_ms: int) -> tuple[int, int]:
        """(answered in time, counted) of those who asked in [start, end), both bounds at quarters: those who still
        wait within the threshold are not counted yet."""
        total = self.between(queue_id, start_ms, end_ms)
        return total.answered_in_time, total.asked - self.not_counted_yet(queue_id, start_ms, end_ms, now_ms)

    def not_counted_yet(self, queue_id: str, start_ms: int, end_ms: int, now_ms: int) -> int:
        """How many of those who asked in [start, end) still wait and may yet be answered in time."""
        pending = 0
        for contact_id, asked_ms in self._waiting.get(queue_id, {}).items():
            threshold_s = self._open[contact_id].threshold_s
            pending += start_ms <= interval_start_ms(asked_ms) < end_ms and is_in_time(now_ms - asked_ms, threshold_s)
        return pending

    def tenant_of(self, queue_id: str) -> str | None:
        """Whose queue it is, None when it was never heard of."""
        return self._tenants.get(queue_id)

    # --- counting ----------------------------------------------------------------------------------------------------

    def _figures(self, queue_id: str, contact: _Open) -> Figures:
        """Those that the contact counts in for this queue, which from now on have changed."""
        if queue_id == contact.asked_queue:
            self._changed[contact.key] = None
            return contact.figures
        return self._figures_of(queue_id, contact.asked_ms, contact.is_simulated)

    def _figures_of(self, queue_id: str, asked_ms: int, is_simulated: bool) -> Figures:
        start_ms = asked_ms - asked_ms % INTERVAL_MS
        intervals = self._intervals.get(queue_id)
        found = intervals.get(start_ms) if intervals is not None else None
        if found is None:
            self._forget_old(start_ms)
            found = self._intervals.setdefault(queue_id, {}).setdefault(start_ms, Figures())
        if is_simulated:
            found.is_simulated = True
        self._changed[queue_id, start_ms] = None
        return found

    def _forget_old(self, start_ms: int) -> None:
        """Drop what is older than two days before a quarter that has just begun, unless a contact of it is open."""
        if start_ms <= self._newest_ms:
            return
        self._newest_ms = start_ms
        needed = {interval_start_ms(contact.asked_ms): None for contact in self._open.values()}
        for queue_id, intervals in self._intervals.items():
            self._intervals[queue_id] = {
                at: figures for at, figures in intervals.items() if at >= start_ms - KEPT_MS or at in needed
            }

    def _configuration_applied(self, event: m.ConfigurationApplied) -> None:
        for queue in event.configuration.queues:
            self._thresholds[queue.queue_id] = queue.service_level_s
            self._tenants[queue.queue_id] = queue.tenant_id

    def _contact_queued(self, event: m.ContactQueued) -> None:
        queue_id, contact_id, asked_ms = event.queue_id, event.contact_id, event.asked_at_ms
        figures = self._figures_of(queue_id, asked_ms, event.is_simulated)
        figures.asked += 1
        threshold_s = self._thresholds.get(queue_id, _THRESHOLD_S)
        self._open[contact_id] = _Open(queue_id, asked_ms, threshold_s, event.is_simulated, figures)
        self._tenants[queue_id] = event.tenant_id
        waiting = self._waiting.get(queue_id)
        if waiting is None:
            waiting = self._waiting[queue_id] = {}
        waiting[contact_id] = asked_ms

    def _contact_connected(self, event: m.ContactConnected) -> None:
        contact = self._open.get(event.contact_id)
        if contact is None:
            return
        contact.talks[event.interaction_id] = contact.queue
        if contact.is_answered:
            return
        contact.is_answered = True
        self._waiting[contact.asked_queue].pop(event.contact_id, None)
        figures = self._figures(contact.asked_queue, contact)
        figures.answered += 1
        figures.wait_ms += event.wait_ms
        figures.answered_in_time += is_in_time(event.wait_ms, contact.threshold_s)

    def _contact_requeued(self, event: m.ContactRequeued) -> None:
        contact = self._open.get(event.contact_id)
        if contact is not None:
            contact.queue = event.queue_id

    def _interaction_ended(self, event: m.InteractionEnded) -> None:
        contact = self._open.get(event.contact_id)
        if contact is not None:
            figures = self._figures(contact.talks[event.interaction_id], contact)
            figures.interactions += 1
            figures.talk_ms += event.talk_ms
            figures.hold_ms += event.hold_ms

    def _wrapped_up(self, event: m.WrappedUp) -> None:
        contact = self._open.get(event.contact_id)
        if contact is not None:
            self._figures(contact.talks.pop(event.interaction_id), contact).wrap_up_ms += event.wrap_up_ms
            self._close_when_done(event.contact_id, contact)

    def _contact_diverted(self, event: m.ContactDiverted) -> None:
        """Out of the queue unanswered, and not by the customer's will: asked, and neither answered nor abandoned."""
        contact = self._open.pop(event.contact_id, None)
        if contact is not None:
            self._waiting[contact.asked_queue].pop(event.contact_id, None)

    def _contact_ended(self, event: m.ContactEnded) -> None:
        contact = self._open.get(event.contact_id)
        if contact is None:
            return
        contact.is_ended = True
        self._waiting[contact.asked_queue].pop(event.contact_id, None)
        if event.outcome == "abandoned" and not contact.is_answered:
            self._figures(contact.asked_queue, contact).abandoned += 1
        self._close_when_done(event.contact_id, contact)

    def _close_when_done(self, contact_id: str, contact: _Open) -> None:
        if contact.is_ended and not contact.talks:
            del self._open[contact_id]

    # --- keeping -----------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Everything counted so far and everything still open."""
        rows = [(queue, at, one) for queue, intervals in self._intervals.items() for at, one in intervals.items()]
        contacts = {contact_id: _kept(contact) for contact_id, contact in self._open.items()}
        return msgspec.msgpack.encode(SavedTally(_VERSION, rows, contacts, self._thresholds, self._tenants))

    @classmethod
    def restore(cls, data: bytes) -> "Tally":
        """The tally that a snapshot describes; an empty one for no bytes. Raises msgspec.DecodeError or ValueError."""
        tally = cls()
        if not data:
            return tally
        saved = msgspec.msgpack.decode(data, type=SavedTally)
        if saved.version != _VERSION:
            raise ValueError("the tally was kept by another version; count again from the log's beginning")
        for queue, at, figures in saved.intervals:
            tally._intervals.setdefault(queue, {})[at] = figures
            tally._newest_ms = max(tally._newest_ms, at)
        tally._thresholds, tally._tenants = saved.thresholds, saved.tenants
        for contact_id, kept in saved.open.items():
            tally._open[contact_id] = tally._opened(kept)
            waiting = tally._waiting.setdefault(kept.asked_queue, {})  # also where nobody waits: the end asks for it
            if not kept.is_answered and not kept.is_ended:
                waiting[contact_id] = kept.asked_ms
        tally._changed.clear()
        return tally

    def _opened(self, kept: OpenContact) -> _Open:
        """A contact as it was when it was kept."""
        figures = self._figures_of(kept.asked_queue, kept.asked_ms, kept.is_simulated)
        contact = _Open(kept.asked_queue, kept.asked_ms, kept.threshold_s, kept.is_simulated, figures)
        contact.queue, contact.talks = kept.queue, kept.talks
        contact.is_answered, contact.is_ended = kept.is_answered, kept.is_ended
        return contact


def _kept(contact: _Open) -> OpenContact:
    return OpenContact(
        contact.asked_queue,
        contact.queue,
        contact.asked_ms,
        contact.threshold_s,
        contact.is_simulated,
        contact.is_answered,
        contact.is_ended,
        contact.talks,
    )


def interval_start_ms(at_ms: int) -> int:
    """The beginning of the quarter of an hour that holds the moment."""
    return at_ms - at_ms % INTERVAL_MS


def day_start_ms(at_ms: int, offset_minutes: int) -> int:
    """The beginning of the local day that holds the moment, for a zone that is so many minutes ahead of UTC."""
    offset_ms = offset_minutes * 60_000
    local_ms = at_ms + offset_ms
    return local_ms - local_ms % 86_400_000 - offset_ms
