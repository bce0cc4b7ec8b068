"""What routing events came to by queue, in a window: the same definition for what was recorded and what was played.

Asked, answered, in time, abandoned and waits are those of `engine.tally`, which boards and reports use too."""

from dataclasses import dataclass

from hotline.engine.tally import INTERVAL_MS, Figures, Tally
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
            "work_hours": (one.talk_ms + one.hold_ms + one.wrap_up_ms) / 3_600_000,
        }


class Measure:
    """A reducer: give it every event in order, then ask. The window's bounds are at quarters of an hour."""

    def __init__(self, begin_ms: int, end_ms: int) -> None:
        self.begin_ms, self.end_ms = begin_ms, end_ms
        self._tally = Tally()
        self._asked: dict[str, m.ContactQueued] = {}
        self._blocked: dict[str, int] = {}
        self._overflowed: dict[str, int] = {}
        self._refused: dict[str, int] = {}
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
            case m.ContactRequeued() if event.cause in _SENT_ON:
                self._count(self._overflowed, event.contact_id)
            case m.ContactDiverted():
                self._count(self._blocked, event.contact_id)
                self._asked.pop(event.contact_id, None)
            case m.ContactEnded():
                self._asked.pop(event.contact_id, None)
            case _:
                pass

    def refuse(self, asked: m.ContactQueued) -> None:
        """Somebody asked for a queue that takes nobody."""
        if self._is_counted(asked):
            self._queues[asked.queue_id] = None
            self._refused[asked.queue_id] = self._refused.get(asked.queue_id, 0) + 1

    def _is_counted(self, asked: m.ContactQueued) -> bool:
        return self.begin_ms <= asked.asked_at_ms < self.end_ms

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
        if begin_ms is not None:
            return QueueOutcome(self._tally.between(queue_id, begin_ms, begin_ms + INTERVAL_MS))
        refused = self._refused.get(queue_id, 0)
        figures = self._tally.between(queue_id, self.begin_ms, self.end_ms)
        figures.asked += refused
        return QueueOutcome(figures, self._blocked.get(queue_id, 0) + refused, self._overflowed.get(queue_id, 0))

    def of_all(self, begin_ms: int | None = None) -> QueueOutcome:
        """All queues together."""
        total = QueueOutcome(Figures())
        for queue_id in self._queues:
            one = self.of_queue(queue_id, begin_ms)
            total.figures.add(one.figures)
            total.blocked += one.blocked
            total.overflowed += one.overflowed
        return total

    def occupancy(self) -> float | None:
        """Time in conversation or wrap-up ÷ time on duty (signed in and not away); None when nobody was on duty."""
        for agent_id in list(self._states):
            state, _ = self._states[agent_id]
            self._change(agent_id, state, self.end_ms)
        return self._work_ms / self._duty_ms if self._duty_ms else None
