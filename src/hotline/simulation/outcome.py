"""What routing events came to by queue, in a window: the same definition for what was recorded and what was played.

Asked, answered, in time, abandoned and waits are those of `engine.tally`, which boards and reports use too."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.engine.figures import Figures
from hotline.engine.tally import Tally, interval_start_ms
from hotline.messages import routing as m

_SENT_ON = ("overflow", "full", "too_long")
_WORKING = ("busy", "wrap_up")
_OFF = ("signed_out", "away")


@dataclass(slots=True)
class QueueOutcome:
    """Sums only. `blocked`: sent away by the rules, or refused since the queue is gone; `overflowed`: sent to another
    queue by overflow, full queue or greatest wait."""

    figures: Figures
    blocked: int = 0
    overflowed: int = 0
    waits_ms: list[int] = field(default_factory=list)  # of the answered

    def metrics(self) -> dict[str, float | None]:
        """Counts, shares of one and seconds; None where nobody asked or was answered."""
        one = self.figures
        return {
            "asked": one.asked,
            "answered": one.answered,
            "abandoned": one.abandoned,
            "blocked": self.blocked,
            "overflowed": self.overflowed,
            "service_level": one.answered_in_time / one.asked if one.asked else None,
            "abandon_probability": one.abandoned / one.asked if one.asked else None,
            "average_wait_s": one.wait_ms / one.answered / 1000 if one.answered else None,
            "wait_percentile95_s": percentile_s(self.waits_ms, 0.95),
            "work_hours": (one.talk_ms + one.hold_ms + one.wrap_up_ms) / 3_600_000,
        }


def percentile_s(waits_ms: Iterable[int], share: float) -> float | None:
    """The least wait, in seconds, that so large a share of all does not exceed (nearest rank); None without waits."""
    ordered = sorted(waits_ms)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] / 1000 if ordered else None


class Measure:
    """A reducer: give it every event in order, then ask. The window's bounds are at quarters of an hour.

    With `tenant_id` only what was asked of that tenant's queues is counted, and no occupancy: agents may serve others
    too."""

    def __init__(self, begin_ms: int, end_ms: int, tenant_id: str | None = None) -> None:
        self.begin_ms, self.end_ms, self.tenant_id = begin_ms, end_ms, tenant_id
        self._tally = Tally()
        self._asked: dict[str, m.ContactQueued] = {}
        self._blocked: dict[str, int] = {}
        self._overflowed: dict[str, int] = {}
        self._refused: dict[str, int] = {}
        self._waits: dict[str, dict[int, list[int]]] = {}  # queue -> quarter of asking -> waits of the answered
        self._answered_once: dict[str, None] = {}
        self._queues: dict[str, None] = {}
        self._states: dict[str, tuple[str, int]] = {}  # agent -> state, since when
        self._duty_ms = 0
        self._work_ms = 0

    def apply(self, event: m.RoutingEvent) -> None:
        """Count what the event says."""
        self._tally.apply(event)
        match event:
            case m.AgentStateChanged():
                self._change(event.agent_id, event.state, event.at_ms)
            case m.AgentSignedOut():
                self._change(event.agent_id, "signed_out", event.at_ms)
            case m.ContactQueued():
                self._asked[event.contact_id] = event
                if self._is_counted(event):
                    self._queues[event.queue_id] = None
            case m.ContactConnected():
                self._answered(event)
            case m.ContactRequeued() if event.cause in _SENT_ON:
                self._count(self._overflowed, event.contact_id)
            case m.ContactDiverted():
                self._count(self._blocked, event.contact_id)
                self._asked.pop(event.contact_id, None)
            case m.ContactEnded():
                self._asked.pop(event.contact_id, None)
                self._answered_once.pop(event.contact_id, None)
            case _:
                pass

    def refuse(self, asked: m.ContactQueued) -> None:
        """Somebody asked for a queue that takes nobody."""
        if self._is_counted(asked):
            self._queues[asked.queue_id] = None
            self._refused[asked.queue_id] = self._refused.get(asked.queue_id, 0) + 1

    def _answered(self, event: m.ContactConnected) -> None:
        asked = self._asked.get(event.contact_id)
        if asked is not None and self._is_counted(asked) and event.contact_id not in self._answered_once:
            self._answered_once[event.contact_id] = None
            quarters = self._waits.setdefault(asked.queue_id, {})
            quarters.setdefault(interval_start_ms(asked.asked_at_ms), []).append(event.wait_ms)

    def _is_counted(self, asked: m.ContactQueued) -> bool:
        is_own = self.tenant_id is None or asked.tenant_id == self.tenant_id
        return is_own and self.begin_ms <= asked.asked_at_ms < self.end_ms

    def _count(self, into: dict[str, int], contact_id: str) -> None:
        asked = self._asked.get(contact_id)
        if asked is not None and self._is_counted(asked):
            into[asked.queue_id] = into.get(asked.queue_id, 0) + 1

    def _change(self, agent_id: str, state: str, at: int) -> None:
        self._add_time(agent_id, at)
        self._states[agent_id] = (state, at)

    def _add_time(self, agent_id: str, at: int) -> None:
        state, since = self._states.get(agent_id, ("signed_out", at))
        length = max(0, min(at, self.end_ms) - max(since, self.begin_ms))
        if state not in _OFF:
            self._duty_ms += length
        if state in _WORKING:
            self._work_ms += length

    # --- asking ------------------------------------------------------------------------------------------------------

    def queue_ids(self) -> list[str]:
        """Those that somebody asked for in the window, in the order of asking."""
        return list(self._queues)

    def of_queue(self, queue_id: str, begin_ms: int | None = None) -> QueueOutcome:
        """Of the whole window, or of the quarter that begins then (blocked and overflowed only of the whole)."""
        waits = self._waits.get(queue_id, {})
        if begin_ms is not None:
            return QueueOutcome(self._tally.interval(queue_id, begin_ms), waits_ms=waits.get(begin_ms, []))
        refused = self._refused.get(queue_id, 0)
        figures = self._tally.between(queue_id, self.begin_ms, self.end_ms)
        figures.asked += refused
        all_waits = [wait for some in waits.values() for wait in some]
        blocked = self._blocked.get(queue_id, 0) + refused
        return QueueOutcome(figures, blocked, self._overflowed.get(queue_id, 0), all_waits)

    def of_all(self, begin_ms: int | None = None) -> QueueOutcome:
        """All queues together."""
        total = QueueOutcome(Figures())
        for queue_id in self._queues:
            one = self.of_queue(queue_id, begin_ms)
            total.figures.add(one.figures)
            total.blocked += one.blocked
            total.overflowed += one.overflowed
            total.waits_ms += one.waits_ms
        return total

    def occupancy(self) -> float | None:
        """Time in conversation or wrap-up ÷ time on duty (signed in and not away); None when nobody was on duty."""
        for agent_id in list(self._states):
            state, _ = self._states[agent_id]
            self._change(agent_id, state, self.end_ms)
        return self._work_ms / self._duty_ms if self._duty_ms else None
