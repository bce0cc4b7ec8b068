"""The engine's state with the day's figures beside it, and how both come back from the log after a start."""

from collections.abc import Callable

import msgspec
import structlog

from hotline.engine import effects
from hotline.engine.boundary import Router
from hotline.engine.tally import Tally
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


class RoutingState:
    """What follows from all events so far."""

    def __init__(self, router: Router, tally: Tally) -> None:
        self.router = router
        self.tally = tally

    def decide(self, command: RoutingCommand, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        return self._counted(self.router.decide(command, now_ms, new_id))

    def advance(self, now_ms: int, new_id: Callable[[], str]) -> tuple[RoutingEvent, ...]:
        return self._counted(self.router.advance(now_ms, new_id))

    def _counted(self, events: tuple[RoutingEvent, ...]) -> tuple[RoutingEvent, ...]:
        for event in events:
            self.tally.apply(event)
        return events

    def apply(self, event: RoutingEvent) -> None:
        """Take in an event of the log."""
        self.router.apply(event)
        self.tally.apply(event)

    def next_due_ms(self) -> int | None:
        return self.router.next_due_ms()

    def effects_of(self, event: RoutingEvent) -> list[tuple[str, AnyEffect]]:
        """What nodes must do about an event that has just been decided."""
        return effects.effects_of(event, self.router)

    def effects_for_node(self, reconciled: ReconcileNode) -> list[AnyEffect]:
        """What a node that has just reconciled must do (again), and which contacts it must forget."""
        return [effect for _, effect in effects.effects_for_node(reconciled.node_id, self.router, reconciled.contacts)]

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(_Saved(self.router.snapshot(), self.tally.snapshot()))

    @classmethod
    def restore(cls, body: bytes) -> "RoutingState":
        """The state that a snapshot describes. Raises HotlineError or ValueError when it cannot be read."""
        saved = msgspec.msgpack.decode(body, type=_Saved)
        return cls(Router.restore(saved.router), Tally.restore(saved.tally))


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
    return RoutingState(Router(), Tally()), 0
