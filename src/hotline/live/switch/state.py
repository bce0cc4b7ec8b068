"""The engine's state with the day's figures and the alarms beside it, and how all come back from the log."""

from collections.abc import Callable

import msgspec
import structlog

from hotline.engine import effects
from hotline.engine.alarms import AlarmCommand, AlarmEvent, Alarms
from hotline.engine.boundary import Router
from hotline.engine.tally import Tally
from hotline.engine.waits import WaitFigures
from hotline.kernel.errors import HotlineError
from hotline.live.switch.log import LogPrunedError, RoutingLog
from hotline.messages.effects import AnyEffect
from hotline.messages.routing import ReconcileNode, RoutingCommand, RoutingEvent

_REPLAY_ROWS = 1_000
log = structlog.get_logger()


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    """The body of a snapshot."""

    router: bytes
    tally: bytes
    alarms: bytes = b""  # missing in snapshots of older releases


class RoutingState:
    """What follows from all events so far."""

    def __init__(self, router: Router, tally: Tally, alarms: Alarms) -> None:
        self.router = router
        self.tally = tally
        self.alarms = alarms
        self.waits = WaitFigures()

    def decide(self, command: RoutingCommand, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        if isinstance(command, AlarmCommand):
            return self._counted(self.alarms.decide(command))
        return self._counted(self.router.decide(command, now_ms, new_id))

    def advance(self, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        events = self._counted(self.router.advance(now_ms, new_id))
        return events + self._counted(self.alarms.due(now_ms, new_id))

    def _counted(self, events: tuple[RoutingEvent, ...]) -> tuple[RoutingEvent, ...]:
        for event in events:
            self.tally.apply(event)
            self.alarms.apply(event)
            self.waits.apply(event)
        return events

    def apply(self, event: RoutingEvent) -> None:
        """Take in an event of the log."""
        if not isinstance(event, AlarmEvent):
            self.router.apply(event)
        self._counted((event,))

    def next_due_ms(self) -> int | None:
        due = [at for at in (self.router.next_due_ms(), self.alarms.next_due_ms()) if at is not None]
        return min(due, default=None)

    def effects_of(self, event: RoutingEvent) -> list[tuple[str, AnyEffect]]:
        """What nodes must do about an event that has just been decided."""
        return effects.effects_of(event, self.router)

    def effects_for_node(self, reconciled: ReconcileNode) -> list[AnyEffect]:
        """What a node that has just reconciled must do (again), and which contacts it must forget."""
        return [effect for _, effect in effects.effects_for_node(reconciled.node_id, self.router, reconciled.contacts)]

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(_Saved(self.router.snapshot(), self.tally.snapshot(), self.alarms.snapshot()))

    @classmethod
    def restore(cls, body: bytes) -> "RoutingState":
        """The state that a snapshot describes. Raises HotlineError or ValueError when it cannot be read."""
        saved = msgspec.msgpack.decode(body, type=_Saved)
        router = Router.restore(saved.router)
        queues = router.configuration.queues if router.configuration is not None else ()
        return cls(router, Tally.restore(saved.tally), Alarms.restore(saved.alarms, queues))


def rebuild(routing_log: RoutingLog) -> RoutingState:
    """The state after the newest batch: the newest snapshot that can be read, and the batches since.

    Raises LogPrunedError when what lies between was removed."""
    state, seq = _newest_snapshot(routing_log)
    if (first := routing_log.first_seq()) > seq + 1:
        raise LogPrunedError(pool=routing_log.pool, first=first)
    while entries := routing_log.read_after(routing_log.pool, seq, _REPLAY_ROWS):
        for entry in entries:
            for event in entry.events:
                state.apply(event)
        seq = entries[-1].seq
    return state


def _newest_snapshot(routing_log: RoutingLog) -> tuple[RoutingState, int]:
    for snapshot in routing_log.snapshots():
        try:
            return RoutingState.restore(snapshot.body), snapshot.seq
        except (HotlineError, ValueError) as error:
            log.warning("a snapshot cannot be read, using what is before it", seq=snapshot.seq, cause=str(error))
    return RoutingState(Router(), Tally(), Alarms()), 0
