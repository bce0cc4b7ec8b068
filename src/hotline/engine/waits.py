"""What a queue's waits are predicted from: how long service takes, how many serve it, how patient callers are.

A reducer like the tally; it is not kept, a restarted switch learns anew within minutes."""

from collections.abc import Callable
from typing import Any

from hotline.formulas.wait_prediction import mean_patience_s, queue_length, queue_length_with_abandonment
from hotline.messages import routing as m

_SMOOTHING = 50  # so many conversations weigh on the mean of the service
_FORGET_AFTER = 400  # of so many who left the line, half of the weight is dropped


class _Service:
    """One queue."""

    __slots__ = ("abandoned", "busy", "handle_ms", "handled", "left", "waited_ms")

    def __init__(self) -> None:
        self.handle_ms = 0.0  # mean of talk, hold and wrap-up
        self.handled = 0
        self.busy = 0
        self.waited_ms = 0
        self.left = 0  # who is in `waited_ms`
        self.abandoned = 0


class WaitFigures:
    """All queues of one switch. Give it every event in order."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._queue_of: dict[str, str] = {}  # of every contact that waits or talks
        self._talks: dict[str, tuple[str, int]] = {}  # interaction -> queue, and what it took so far
        self.reducers: dict[type[Any], Callable[[Any], None]] = {
            m.ContactQueued: self._contact_queued,
            m.ContactRequeued: self._contact_requeued,
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
        """Seconds until the contact at that position (from 1) is answered; None while nobody knows.

        By queue length with abandonment, which errs least of the published predictors (docs/performance.md)."""
        service = self._services.get(queue_id)
        if service is None or not service.handled or service.busy <= 0:
            return None
        ahead, mean_s = max(0, position - 1), service.handle_ms / 1000
        patience_s = mean_patience_s(service.waited_ms / 1000, service.abandoned)
        if patience_s is None:
            return round(queue_length(ahead, mean_s, service.busy))
        return round(queue_length_with_abandonment(ahead, mean_s, service.busy, patience_s))

    # --- what has happened -------------------------------------------------------------------------------------------

    def _service(self, queue_id: str) -> _Service:
        service = self._services.get(queue_id)
        if service is None:
            service = self._services[queue_id] = _Service()
        return service

    def _contact_queued(self, event: m.ContactQueued) -> None:
        self._queue_of[event.contact_id] = event.queue_id

    def _contact_requeued(self, event: m.ContactRequeued) -> None:
        self._queue_of[event.contact_id] = event.queue_id

    def _contact_connected(self, event: m.ContactConnected) -> None:
        queue_id = self._queue_of.get(event.contact_id)
        if queue_id is not None and event.interaction_id not in self._talks:
            service = self._service(queue_id)
            service.busy += 1
            self._talks[event.interaction_id] = (queue_id, 0)
            _left(service, event.wait_ms)

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
        self._queue_of.pop(event.contact_id, None)

    def _contact_ended(self, event: m.ContactEnded) -> None:
        queue_id = self._queue_of.pop(event.contact_id, None)
        if queue_id is not None and event.outcome == "abandoned":
            service = self._service(queue_id)
            service.abandoned += 1
            _left(service, event.wait_ms)


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
