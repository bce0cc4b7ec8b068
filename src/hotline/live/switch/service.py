"""The switch's loop: drain the inbox, decide, commit one batch, and only then answer and tell.

While a batch is being written the next one gathers in the inbox and is not decided yet: whatever the state holds when
listeners are called is durable. A commit that fails ends the process (`SwitchFailedError`): the state holds decisions
that nobody may hear of, and the log, from which the next process rebuilds, does not."""

import asyncio
import contextlib
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import msgspec
import structlog

from hotline.kernel.clock import Clock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.log_thread import LogThread
from hotline.live.switch.metrics import SwitchMetrics
from hotline.live.switch.pruning import Pruning
from hotline.live.switch.state import Follower, RoutingState, Told, caught_up, rebuild
from hotline.messages.conversations import ConversationNews, WrittenMessage
from hotline.messages.effects import AnyEffect, EffectFrame
from hotline.messages.routing import ReconcileNode, RoutingCommand, RoutingEvent

# A snapshot halts deciding for some 20 ms: in a rush it waits, until replaying would cost half a second.
SNAPSHOT_EACH_EVENTS = 10_000
_SNAPSHOT_PAUSE_MS = 10_000
_MOST_TO_REPLAY = 5 * SNAPSHOT_EACH_EVENTS
_LARGEST_BATCH = 500
_INBOX_LIMIT = 20_000
_SETTLING_MS = 2_000
_HELD_UP_MS, _CATCH_UP_MS = 1_000, 200
# A commit costs more than what it holds. Whatever makes nobody wait therefore waits for company: so long, or until so
# many have come, or something that cannot wait.
PATIENCE_MS = 40
_COMPANY = 16

Reply = Callable[[HotlineError | None], None]
log = structlog.get_logger()


class SwitchFailedError(HotlineError):
    code = "switch.failed"
    status = 500
    sentence = "The switch stops without acknowledging and is rebuilt from the log: {cause}"


class CommandFailedError(HotlineError):
    code = "switch.command_failed"
    status = 500
    sentence = "This could not be decided because of an error in the program. Nothing was changed; it has been logged."


class OverloadedError(HotlineError):
    code = "switch.overloaded"
    status = 503
    sentence = "The switch has too much to do at this moment. Try again in a few seconds."


class Request(msgspec.Struct, frozen=True):
    """A command and who waits for its answer: None when done, else the reason."""

    command: RoutingCommand
    reply: Reply | None = None


@dataclass(slots=True)
class Batch:
    """What one round has decided."""

    now_ms: int
    events: list[RoutingEvent] = field(default_factory=list)
    effects: list[tuple[str, EffectFrame]] = field(default_factory=list)
    verdicts: list[tuple[Request, HotlineError | None]] = field(default_factory=list)


class Listener(Protocol):
    """Told of every durable batch, in order, before those who asked get their answers. Must not block."""

    def committed(self, batch: Batch) -> None: ...

    def rebuilt(self) -> None:
        """The state object was replaced: forget what was derived from the old one."""
        ...


class Reader(Protocol):
    """Told of written messages, which are no part of the state, between two rounds. Must not block."""

    def written(self, messages: tuple[WrittenMessage, ...]) -> None: ...


class _PoisonError(Exception):
    """Deciding this request raised something that is no HotlineError."""

    def __init__(self, request: Request, undecided: list[Request]) -> None:
        self.request, self.undecided = request, undecided


def trace_of(error: BaseException | None) -> str:
    """The trace as text: a renderer that shows local variables would show whose call it was."""
    return "".join(traceback.format_exception(error))


class Switch:
    """The one that decides, for one staff pool. `follower` has come to the newest batch of the log, which is read
    when none is handed in; `thread` is the one in which the log is used."""

    def __init__(
        self,
        routing_log: RoutingLog,
        clock: Clock,
        metrics: SwitchMetrics,
        follower: Follower | None = None,
        thread: LogThread | None = None,
    ) -> None:
        self.log, self.clock, self.metrics = routing_log, clock, metrics
        follower = follower or caught_up(routing_log)
        self.state: RoutingState = follower.state
        self.listeners: list[Listener] = []
        self.readers: list[Reader] = []
        self.pruning = Pruning(routing_log, clock, metrics)
        self._inbox: deque[Request] = deque()
        self._news: list[WrittenMessage] = []
        self._wake = asyncio.Event()
        self._patience: asyncio.TimerHandle | None = None  # as long as only such commands have come as can be late
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_stopping = False
        self.is_running = False
        # What had to be replayed counts: a switch that dies again and again must not replay more each time.
        self._events_since_snapshot = follower.events
        self._snapshot_at_ms = 0
        # What fell due while there was no switch waits until nodes have told what became of it: an offer that was
        # answered meanwhile must not expire first.
        self._timers_from_ms = clock.now_ms() + _SETTLING_MS if self.state.next_due_ms() is not None else 0
        self._index = 0  # of the next effect that carries the present sequence number
        self._thread = thread or LogThread()
        self._commit_by = self._thread.call_local if routing_log.is_local else self._thread.call
        metrics.epoch.set(routing_log.epoch)
        # Asked for when somebody reads the figures: they change with every batch.
        metrics.seq.set_function(lambda: routing_log.seq)
        metrics.inbox.set_function(lambda: len(self._inbox))

    # --- intake ---

    def submit(self, command: RoutingCommand, reply: Reply | None = None, *, is_of_the_house: bool = False) -> None:
        """Put a command into the inbox; `reply` is called after its commit.

        Raises OverloadedError when the inbox is full; what the house itself has noticed is always taken."""
        inbox = self._inbox
        waiting = len(inbox)
        if waiting >= _INBOX_LIMIT:
            self._has_room.clear()
            if waiting >= 2 * _INBOX_LIMIT and not is_of_the_house:
                raise OverloadedError
        inbox.append(Request(command, reply))
        if waiting >= _COMPANY:
            return  # awake already
        if waiting < _COMPANY - 1 and self.is_running and self.state.can_be_late(command):
            self._wake_soon()
        else:
            self._wake.set()

    def _wake_soon(self) -> None:
        if self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE_MS / 1000, self._wake.set)

    def take_news(self, news: ConversationNews) -> None:
        """Tell the readers how far these conversations go, at the end of the round: what they show is durable then."""
        self._news += news.messages
        self._wake.set()

    async def room(self) -> None:
        """Return when the inbox may take more: senders that can wait (nodes) wait here."""
        await self._has_room.wait()

    # --- the loop ---

    async def run(self) -> None:
        """Work until `stop`. Raises SwitchFailedError when a batch could not be committed."""
        renewal = asyncio.create_task(self._keep_lease())
        pruning = asyncio.create_task(self.pruning.run(self._thread.call))
        self.is_running = True
        try:
            while not self._is_stopping:
                await self._wait_for_work()
                await self.step()
                if renewal.done():
                    renewal.result()
        finally:
            self.is_running = False
            renewal.cancel()
            pruning.cancel()

    def stop(self) -> None:
        """End `run` after the round in hand."""
        self._is_stopping = True
        self._wake.set()

    async def close(self) -> None:
        """After `run`: leave a fresh snapshot, so that the next start need not replay, and give up the lead."""
        self._save_snapshot()
        await self._thread.call(self.log.release_lease)
        self._thread.close()

    async def _wait_for_work(self) -> None:
        if self._wake.is_set():
            await asyncio.sleep(0)  # a commit may have taken no turn of the loop: the others have theirs
        else:
            due_ms = self.state.latest_due_ms(PATIENCE_MS)
            timer = None
            if due_ms is not None:
                delay_s = max(0.0, (max(due_ms, self._timers_from_ms) - self.clock.now_ms()) / 1000)
                timer = asyncio.get_running_loop().call_later(delay_s, self._wake.set)
            await self._wake.wait()
            if timer is not None:
                timer.cancel()
            self._look_whether_held_up(due_ms)
        self._wake.clear()
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _look_whether_held_up(self, due_ms: int | None) -> None:
        """The process, its machine or its disk stood still if this should have been done long ago: what the nodes have
        told meanwhile is read before anything expires."""
        now_ms = self.clock.now_ms()
        if due_ms is not None and now_ms - max(due_ms, self._timers_from_ms) > _HELD_UP_MS:
            self._timers_from_ms = now_ms + _CATCH_UP_MS

    async def step(self) -> None:
        """One round: decide what waits, commit it, tell of it."""
        try:
            batch = self._decide()
        except _PoisonError as poison:
            await self._recover(poison)
            return
        if batch.events:
            await self._commit(batch)
        self._publish(batch)

    def _decide(self) -> Batch:
        now_ms, told = self.clock.now_ms(), Told()
        decide = self.state.decide
        verdicts: list[tuple[Request, HotlineError | None]] = []
        taken = [self._inbox.popleft() for _ in range(min(len(self._inbox), _LARGEST_BATCH))]
        for request in taken:
            try:
                decide(request.command, now_ms, new_id, told)
                verdicts.append((request, None))
            except HotlineError as error:
                verdicts.append((request, error))
            except Exception as error:
                position = len(verdicts)
                raise _PoisonError(request, taken[:position] + taken[position + 1 :]) from error
        if now_ms >= self._timers_from_ms:
            self.state.advance(now_ms, new_id, told)
        if self._inbox:
            self._wake.set()  # more than fit into a batch
        if len(self._inbox) < _INBOX_LIMIT:
            self._has_room.set()
        seq = self.log.seq + 1
        framed = [(node_id, self._frame(seq, index, effect)) for index, (node_id, effect) in enumerate(told.effects)]
        return Batch(now_ms, told.events, framed, verdicts)

    def _frame(self, seq: int, index: int, effect: AnyEffect) -> EffectFrame:
        return EffectFrame(epoch=self.log.epoch, seq=seq, index=index, effect=effect)

    async def _commit(self, batch: Batch) -> None:
        started_s = time.monotonic()
        try:
            await self._commit_by(partial(self.log.append, tuple(batch.events)))
        except Exception as error:
            raise SwitchFailedError(cause=error) from error
        self.metrics.commit_seconds.note(time.monotonic() - started_s)
        self._index = len(batch.effects)
        self._events_since_snapshot += len(batch.events)
        if self._is_snapshot_due(batch.now_ms):
            self._save_snapshot()

    def _is_snapshot_due(self, now_ms: int) -> bool:
        since = self._events_since_snapshot
        if since < SNAPSHOT_EACH_EVENTS:
            return False
        return since >= _MOST_TO_REPLAY or now_ms - self._snapshot_at_ms >= _SNAPSHOT_PAUSE_MS

    def _publish(self, batch: Batch) -> None:
        for listener in self.listeners:
            self._tell(listener, batch)
        if self._news:
            self._tell_news()
        for request, error in batch.verdicts:
            if error is not None:
                self.metrics.refusals.labels(error.code).inc()
            if request.reply is not None:
                request.reply(error)
        self.metrics.count(batch.events, len(batch.effects))

    def _tell(self, listener: Listener, batch: Batch) -> None:
        """A defect in what is shown must not stop the calls: the listener starts afresh from the state."""
        try:
            listener.committed(batch)
        except Exception as error:
            log.error("a listener failed", listener=type(listener).__name__, trace=trace_of(error))
            self.metrics.listener_failures.inc()
            with contextlib.suppress(Exception):
                listener.rebuilt()

    def _tell_news(self) -> None:
        """A defect in what is shown must not stop the calls."""
        messages, self._news = tuple(self._news), []
        for reader in self.readers:
            try:
                reader.written(messages)
            except Exception as error:
                log.error("a reader failed", reader=type(reader).__name__, trace=trace_of(error))
                self.metrics.listener_failures.inc()

    # --- what is not an ordinary round ---

    async def _recover(self, poison: _PoisonError) -> None:
        """Refuse a command that broke the decision, and take the others up again from the durable state.

        Ending the process instead would not help: its sender would resend it to the next one, for ever."""
        kind = type(poison.request.command).__name__
        log.error("a command broke the decision", kind=kind, trace=trace_of(poison.__cause__))
        self.state = await self._thread.call(partial(rebuild, self.log))
        for listener in self.listeners:
            listener.rebuilt()
        self._inbox.extendleft(reversed(poison.undecided))
        self._wake.set()
        self.metrics.refusals.labels(CommandFailedError.code).inc()
        if poison.request.reply is not None:
            poison.request.reply(CommandFailedError())

    def frames_for_node(self, reconciled: ReconcileNode) -> list[EffectFrame]:
        """What a node that has just reconciled must do (again), numbered after all that it may have seen."""
        frames = [
            self._frame(self.log.seq, self._index + place, effect)
            for place, effect in enumerate(self.state.effects_for_node(reconciled))
        ]
        self._index += len(frames)
        return frames

    def _save_snapshot(self) -> None:
        """Written behind the batches in the log's own thread; a snapshot that fails costs only replay time."""
        body, seq = self.state.snapshot(), self.log.seq
        self._events_since_snapshot, self._snapshot_at_ms = 0, self.clock.now_ms()

        def save() -> None:
            try:
                self.log.save_snapshot(seq, body)
            except Exception as error:
                log.warning("the snapshot was not saved", seq=seq, cause=str(error))

        self._thread.start(save)

    async def _keep_lease(self) -> None:
        """Renew the lease where there is one; wakes the loop when it was lost."""
        pause_s = self.log.renew_each_s
        if pause_s is None:
            return
        try:
            while True:
                await asyncio.sleep(pause_s)
                await self._thread.call(self.log.renew_lease)
        except HotlineError as error:
            self._wake.set()
            raise SwitchFailedError(cause=error) from error
