"""The engine's state with the day's figures and the alarms beside it, and how all come back from the log."""

from collections.abc import Callable
from typing import Any, cast, get_args

import msgspec
import structlog

from hotline.engine import effects
from hotline.engine.alarms import AlarmCommand, AlarmEvent, Alarms
from hotline.engine.boundary import Router
from hotline.engine.marks import Marks
from hotline.engine.tally import Tally
from hotline.engine.waits import WaitFigures
from hotline.kernel.errors import HotlineError
from hotline.live.switch.log import LogPrunedError, RoutingLog
from hotline.messages.effects import AnyEffect
from hotline.messages.routing import AnswerOffer, EndContact, ReconcileNode, RoutingCommand, RoutingEvent

_REPLAY_ROWS = 1_000
_ALARM_COMMANDS = frozenset(get_args(AlarmCommand))
_ALARM_EVENTS = frozenset(get_args(AlarmEvent))
log = structlog.get_logger()


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    """The body of a snapshot."""

    router: bytes
    tally: bytes
    alarms: bytes = b""  # missing in snapshots of older releases, as are the marks
    marks: bytes = b""


class Told:
    """What decisions have brought: events, and what which nodes must do about them."""

    __slots__ = ("effects", "events")

    def __init__(self) -> None:
        self.events: list[RoutingEvent] = []
        self.effects: effects.Effects = []


class RoutingState:
    """What follows from all events so far."""

    def __init__(self, router: Router, tally: Tally, alarms: Alarms, marks: Marks | None = None) -> None:
        self.router = router
        self.tally = tally
        self.alarms = alarms
        self.waits = WaitFigures()
        self.marks = marks or Marks()
        # By type, once: most events concern neither figures nor alarms nor waits, and ask nothing of a node.
        parts = (tally.reducers, alarms.reducers, self.waits.reducers, self.marks.reducers)
        kinds = dict.fromkeys(kind for part in (*parts, effects.MAKERS) for kind in part)
        self._reducers: dict[type[Any], tuple[Callable[[Any], None], ...]] = {
            kind: tuple(part[kind] for part in parts if kind in part) for kind in kinds
        }
        self._told = Told()  # what the present decision adds to
        self._followers = {kind: self._who_follows(kind) for kind in kinds}
        router.follow(self._followers)

    def _who_follows(self, kind: type[Any]) -> tuple[Callable[[Any], None], ...]:
        """Whom an event of this type is told when it is decided: who counts, and who knows what nodes have to do."""
        maker = effects.MAKERS.get(kind)
        if maker is None:
            return self._reducers[kind]

        def add_effects(event: RoutingEvent) -> None:
            effects.add_made(self._told.effects, maker, event, self.router)

        return (*self._reducers[kind], add_effects)

    def decide(self, command: RoutingCommand, now_ms: int, new_id: Callable[[], str], told: Told) -> None:
        """Add to `told` what follows from the command. Raises a HotlineError when it cannot be carried out."""
        self._told = told
        if type(command) in _ALARM_COMMANDS:
            self._take_in(self.alarms.decide(cast(AlarmCommand, command)))
        else:
            told.events += self.router.decide(command, now_ms, new_id)

    def advance(self, now_ms: int, new_id: Callable[[], str], told: Told) -> None:
        """Add to `told` what follows from time having passed."""
        self._told = told
        told.events += self.router.advance(now_ms, new_id)
        self._take_in(self.alarms.due(now_ms, new_id))

    def _take_in(self, events: tuple[RoutingEvent, ...]) -> None:
        """Take in what the alarms have decided; the router tells by itself."""
        self._told.events += events
        for event in events:
            for follow in self._followers.get(type(event), ()):
                follow(event)

    def apply(self, event: RoutingEvent) -> None:
        """Take in an event of the log."""
        if type(event) not in _ALARM_EVENTS:
            self.router.apply(event)
        for reduce in self._reducers.get(type(event), ()):
            reduce(event)

    def next_due_ms(self) -> int | None:
        due = [at for at in (self.router.next_due_ms(), self.alarms.next_due_ms()) if at is not None]
        return min(due, default=None)

    def latest_due_ms(self, patience_ms: int) -> int | None:
        """When `advance` must be called: as `next_due_ms`, or later by so much where nobody is worse off."""
        due = [at for at in (self.router.latest_due_ms(patience_ms), self.alarms.next_due_ms()) if at is not None]
        return min(due, default=None)

    def can_be_late(self, command: RoutingCommand) -> bool:
        """Whether nobody is worse off when this is decided a blink later: it says what has happened already (a
        telephone was answered, a conversation is over), and nobody waits for the agent whom it frees."""
        kind = type(command)
        if kind is EndContact:
            return self.router.may_end_later(cast(EndContact, command).contact_id)
        return kind is AnswerOffer

    def effects_for_node(self, reconciled: ReconcileNode) -> list[AnyEffect]:
        """What a node that has just reconciled must do (again), and which contacts it must forget."""
        return [effect for _, effect in effects.effects_for_node(reconciled.node_id, self.router, reconciled.contacts)]

    def snapshot(self) -> bytes:
        parts = (self.router, self.tally, self.alarms, self.marks)
        return msgspec.msgpack.encode(_Saved(*(part.snapshot() for part in parts)))

    @classmethod
    def restore(cls, body: bytes) -> "RoutingState":
        """The state that a snapshot describes. Raises HotlineError or ValueError when it cannot be read."""
        saved = msgspec.msgpack.decode(body, type=_Saved)
        router = Router.restore(saved.router)
        queues = router.configuration.queues if router.configuration is not None else ()
        alarms = Alarms.restore(saved.alarms, queues)
        return cls(router, Tally.restore(saved.tally), alarms, Marks.restore(saved.marks))


class Follower:
    """A state that follows a log which this switch or another one writes. It starts at the newest snapshot that can be
    read; `seq` is the batch that it has come to, `events` are those since that snapshot."""

    def __init__(self, routing_log: RoutingLog) -> None:
        self._log = routing_log
        self.state, self.seq = _newest_snapshot(routing_log)
        self.events = 0

    def catch_up(self) -> int:
        """Take in all batches that were written since; how many those were.

        Begins anew from a snapshot when those in between were pruned. Raises LogPrunedError when none reaches."""
        taken = 0
        while entries := self._log.read_after(self._log.pool, self.seq, _REPLAY_ROWS):
            if entries[0].seq > self.seq + 1:
                self._begin_anew(entries[0].seq)
                continue
            for entry in entries:
                self.events += len(entry.events)
                for event in entry.events:
                    self.state.apply(event)
            self.seq = entries[-1].seq
            taken += len(entries)
        return taken

    def _begin_anew(self, first: int) -> None:
        state, seq = _newest_snapshot(self._log)
        if seq + 1 < first:
            raise LogPrunedError(pool=self._log.pool, first=first)
        log.info("following from a snapshot, the batches before it are pruned", seq=seq, former=self.seq)
        self.state, self.seq, self.events = state, seq, 0


def rebuild(routing_log: RoutingLog) -> RoutingState:
    """The state after the newest batch: the newest snapshot that can be read, and the batches since.

    Raises LogPrunedError when what lies between was removed."""
    return caught_up(routing_log).state


def caught_up(routing_log: RoutingLog) -> Follower:
    """A follower that has come to the newest batch. Raises LogPrunedError."""
    follower = Follower(routing_log)
    follower.catch_up()
    return follower


def _newest_snapshot(routing_log: RoutingLog) -> tuple[RoutingState, int]:
    for snapshot in routing_log.snapshots():
        try:
            return RoutingState.restore(snapshot.body), snapshot.seq
        except (HotlineError, ValueError) as error:
            log.warning("a snapshot cannot be read, using what is before it", seq=snapshot.seq, cause=str(error))
    return RoutingState(Router(), Tally(), Alarms()), 0
