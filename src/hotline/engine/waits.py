"""What a queue's waits are predicted from: how fast its line moves, how patient callers are, what others have waited.

Published predictors stand side by side, and each queue uses the one that erred least there lately: how many are ahead
by how fast the line moves, those who give up being counted too; what the first in the line has waited; what the last
had waited who was answered, in this queue or by one of its agents. The first is best for a queue with agents of its own
or before others, the last where agents serve several queues in one order.

How fast a line moves is counted while somebody waits in it. That holds whoever serves it, and whichever queue goes
first. Until enough have been counted, the agents who talk for the queue stand for it. A reducer like the tally; it is
not kept, a restarted switch learns anew within minutes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hotline.formulas.wait_prediction import (
    head_of_line,
    last_to_enter_service,
    mean_patience_s,
    queue_length,
    queue_length_with_abandonment,
)
from hotline.messages import routing as m

PREDICTORS = (
    "queue length with abandonment",
    "head of line",
    "last to enter service",
    "last to enter service with the same agents",
)
_SMOOTHING = 50  # so many conversations weigh on the mean of the service
_FORGET_AFTER = 400  # of so many who left the line, half of the weight is dropped
_MOVES_REMEMBERED = 60  # of so many who were answered out of the line likewise: it follows the day
_MOVES_ASSUMED = 4  # so many weigh what the agents who talk for the queue speak for
_JUDGED_BY = 30  # so many weigh on the mean error of a predictor
_JUDGED_FROM = 5  # fewer do not say which errs least


class _Place(NamedTuple):
    """What a queue showed to somebody who came: times in milliseconds, the rate per millisecond."""

    at_ms: int
    ahead: int
    rate: float
    head_ms: int  # how long the first in the line had waited
    last_ms: int  # how long the last had waited who was answered
    last_of_agents_ms: int  # the same, of whom an agent answered who serves this queue
    waited_ms: int
    abandoned: int

    def waits_s(self) -> tuple[float, ...]:
        """What each predictor says, in seconds."""
        by_length = _by_length(self.ahead, self.rate, self.waited_ms, self.abandoned)
        lasts = (last_to_enter_service(ms / 1000) for ms in (self.last_ms, self.last_of_agents_ms))
        return by_length, head_of_line(self.head_ms / 1000), *lasts


class _Service:
    """One queue."""

    __slots__ = (
        "abandoned",
        "busy",
        "errors_s",
        "handle_ms",
        "handled",
        "judged",
        "last_ms",
        "last_of_agents_ms",
        "left",
        "line",
        "line_ms",
        "moved",
        "seen_ms",
        "waited_ms",
    )

    def __init__(self) -> None:
        self.handle_ms = 0.0  # mean of talk, hold and wrap-up
        self.handled = 0
        self.busy = 0
        self.waited_ms = 0
        self.left = 0  # who is in `waited_ms`
        self.abandoned = 0
        self.line: dict[str, _Place] = {}  # who waits now, the longest first
        self.last_ms = 0  # what the last one had waited who was answered out of it
        self.last_of_agents_ms = 0  # the same, of whom one of its agents answered, in whatever queue
        self.seen_ms = 0  # up to when `line_ms` is counted
        self.line_ms = 0.0  # in which somebody waited
        self.moved = 0.0  # who was answered out of the line in that time
        self.errors_s = [0.0] * len(PREDICTORS)  # mean absolute error of each predictor lately
        self.judged = 0

    def pass_to(self, at_ms: int) -> None:
        """Count the time since the last change of the line."""
        if at_ms > self.seen_ms:
            if self.line:
                self.line_ms += at_ms - self.seen_ms
            self.seen_ms = at_ms

    def rate(self) -> float:
        """How many are answered out of the line in a millisecond; 0.0 while nobody knows."""
        assumed = self.busy / self.handle_ms if self.handled and self.handle_ms > 0 else 0.0
        if assumed <= 0:
            return self.moved / self.line_ms if self.moved >= 1 and self.line_ms > 0 else 0.0
        return (self.moved + _MOVES_ASSUMED) / (self.line_ms + _MOVES_ASSUMED / assumed)

    def place(self, at_ms: int) -> _Place:
        """What the queue shows to who comes now."""
        first = next(iter(self.line.values()), None)
        head_ms = 0 if first is None else max(0, at_ms - first.at_ms)
        lasts = (self.last_ms, self.last_of_agents_ms)
        return _Place(at_ms, len(self.line), self.rate(), head_ms, *lasts, self.waited_ms, self.abandoned)

    def best(self) -> int:
        """Which predictor erred least lately."""
        return self.errors_s.index(min(self.errors_s)) if self.judged >= _JUDGED_FROM else 0

    def answered(self, place: _Place, at_ms: int) -> None:
        """Somebody has come out of the line: it moves, and each predictor is judged by how long that took."""
        self.last_ms = max(0, at_ms - place.at_ms)
        self.moved += 1
        if self.moved >= _MOVES_REMEMBERED:
            self.moved /= 2
            self.line_ms /= 2
        if place.rate > 0:
            self.judged += 1
            weight = 1 / min(self.judged, _JUDGED_BY)
            for number, wait_s in enumerate(place.waits_s()):
                self.errors_s[number] += (abs(wait_s - self.last_ms / 1000) - self.errors_s[number]) * weight


class WaitFigures:
    """All queues of one switch. Give it every event in order."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._queue_of: dict[str, str] = {}  # of every contact that waits or talks
        self._waits: dict[str, _Service] = {}  # of every contact that waits
        self._talks: dict[str, tuple[str, int]] = {}  # interaction -> queue, and what it took so far
        self._served_by: dict[str, dict[str, _Service]] = {}  # agent -> the queues that they answered in
        self._now_ms = 0
        self.reducers: dict[type[Any], Callable[[Any], None]] = {
            m.ContactQueued: self._contact_queued,
            m.ContactRequeued: self._contact_requeued,
            m.ContactOffered: self._contact_offered,
            m.ContactConnected: self._contact_connected,
            m.InteractionEnded: self._interaction_ended,
            m.WrappedUp: self._wrapped_up,
            m.ContactDiverted: self._contact_diverted,
            m.ContactEnded: self._contact_ended,
        }

    def apply(self, event: m.RoutingEvent) -> None:
        """Take in what has happened."""
        reducer = self.reducers.get(type(event))
        if reducer is not None:
            reducer(event)

    def expected_s(self, queue_id: str, position: int) -> int | None:
        """Seconds until the contact at that position (from 1) is answered; None while nobody knows."""
        service = self._services.get(queue_id)
        if service is None or service.rate() <= 0:
            return None
        best = service.best()
        place = service.place(self._now_ms)
        if best == 0:
            return round(_by_length(max(0, position - 1), place.rate, place.waited_ms, place.abandoned))
        # What a whole way through the line takes; whoever is further on has as much less to go.
        return round(place.waits_s()[best] * min(1.0, position / (place.ahead + 1)))

    def error_s(self, queue_id: str) -> int | None:
        """By how many seconds what this queue was told lately was wrong in the mean; None while too few have waited to
        tell."""
        service = self._services.get(queue_id)
        if service is None or service.judged < _JUDGED_FROM:
            return None
        return round(service.errors_s[service.best()])

    # --- what has happened -------------------------------------------------------------------------------------------

    def _service(self, queue_id: str) -> _Service:
        service = self._services.get(queue_id)
        if service is None:
            service = self._services[queue_id] = _Service()
        return service

    def _contact_queued(self, event: m.ContactQueued) -> None:
        self._queue_of[event.contact_id] = event.queue_id
        self._join(event.contact_id, event.queue_id, event.at_ms)

    def _contact_requeued(self, event: m.ContactRequeued) -> None:
        self._leave(event.contact_id, event.at_ms)
        self._queue_of[event.contact_id] = event.queue_id
        self._join(event.contact_id, event.queue_id, event.at_ms)

    def _contact_offered(self, event: m.ContactOffered) -> None:
        service = self._waits.get(event.contact_id)
        place = self._leave(event.contact_id, event.at_ms)
        if service is not None and place is not None and event.cause != "arrival":
            service.answered(place, event.at_ms)  # who found somebody idle never stood in the line

    def _join(self, contact_id: str, queue_id: str, at_ms: int) -> None:
        service = self._waits[contact_id] = self._service(queue_id)
        service.pass_to(at_ms)
        service.line[contact_id] = service.place(at_ms)
        self._now_ms = max(self._now_ms, at_ms)

    def _leave(self, contact_id: str, at_ms: int) -> _Place | None:
        """Out of the line; what it showed to who comes, None for who was in none."""
        service = self._waits.pop(contact_id, None)
        if service is None:
            return None
        service.pass_to(at_ms)
        self._now_ms = max(self._now_ms, at_ms)
        return service.line.pop(contact_id)

    def _contact_connected(self, event: m.ContactConnected) -> None:
        self._leave(event.contact_id, event.at_ms)
        queue_id = self._queue_of.get(event.contact_id)
        if queue_id is not None and event.interaction_id not in self._talks:
            service = self._service(queue_id)
            service.busy += 1
            self._talks[event.interaction_id] = (queue_id, 0)
            _left(service, event.wait_ms)
            served = self._served_by.setdefault(event.agent_id, {})
            served[queue_id] = service
            for one in served.values():
                one.last_of_agents_ms = event.wait_ms

    def _interaction_ended(self, event: m.InteractionEnded) -> None:
        found = self._talks.get(event.interaction_id)
        if found is not None:
            self._talks[event.interaction_id] = (found[0], event.talk_ms + event.hold_ms)

    def _wrapped_up(self, event: m.WrappedUp) -> None:
        queue_id, took_ms = self._talks.pop(event.interaction_id, ("", 0))
        if queue_id:
            service = self._service(queue_id)
            service.busy -= 1
            service.handled += 1
            weight = 1 / min(service.handled, _SMOOTHING)
            service.handle_ms += (took_ms + event.wrap_up_ms - service.handle_ms) * weight

    def _contact_diverted(self, event: m.ContactDiverted) -> None:
        self._leave(event.contact_id, event.at_ms)
        self._queue_of.pop(event.contact_id, None)

    def _contact_ended(self, event: m.ContactEnded) -> None:
        self._leave(event.contact_id, event.at_ms)
        queue_id = self._queue_of.pop(event.contact_id, None)
        if queue_id is not None and event.outcome == "abandoned":
            service = self._service(queue_id)
            service.abandoned += 1
            _left(service, event.wait_ms)


def _by_length(ahead: int, rate: float, waited_ms: int, abandoned: int) -> float:
    """Queue length with abandonment at that rate per millisecond, in seconds; without while nobody gave up."""
    if rate <= 0:
        return 0.0
    each_s = 1 / (1000 * rate)
    patience_s = mean_patience_s(waited_ms / 1000, abandoned)
    if patience_s is None:
        return queue_length(ahead, each_s, 1)
    return queue_length_with_abandonment(ahead, each_s, 1, patience_s)


def _left(service: _Service, wait_ms: int) -> None:
    """Somebody has left the line after so long, one way or the other."""
    service.waited_ms += wait_ms
    service.left += 1
    if service.left >= _FORGET_AFTER:
        service.waited_ms, service.left, service.abandoned = (
            service.waited_ms // 2,
            service.left // 2,
            service.abandoned // 2,
        )
