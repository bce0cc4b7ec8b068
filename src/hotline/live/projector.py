"""The projector: reads the routing log after its cursor and keeps contacts, interactions and figures up to date.

Runs in the worker, in a thread of its own. One reader per pool: a second one is refused by the cursor's place. The
running tally is the engine's, so that reports and live boards count alike; it is kept each few thousand events, and a
start counts what lies between it and the cursor once more."""

from collections.abc import Iterator
from uuid import UUID

import structlog

from hotline.domains.contacts import projecting
from hotline.domains.contacts.projecting import Chunk, IntervalRow, PlacedEvent, Position
from hotline.domains.workforce import state_spans
from hotline.engine.tally import Tally
from hotline.kernel.clock import to_datetime
from hotline.kernel.errors import HotlineError
from hotline.live.switch.log import LogEntry, LogReader

CHUNK_EVENTS = 150  # about 200 rows and 40 ms per transaction, where DESIGN §3 allows 500 and 50
KEEP_TALLY_EVERY = 5_000  # events; a start reads at most so many again
_BATCHES_AT_ONCE = 200

log = structlog.get_logger()


class CursorBeyondLogError(HotlineError):
    code = "projector.cursor_beyond_log"
    status = 500
    sentence = (
        "Main was projected up to batch {cursor} of pool {pool}, but the routing log ends at {last}: the two do not "
        "belong together. Restore both from the same backup with `hotline restore`."
    )


class Projector:
    """One pool's projection. `step` takes what is there; call it again for what comes after.

    After an error make a new one: this one's tally may have counted what was not stored."""

    def __init__(self, reader: LogReader, pool: str, chunk_events: int = CHUNK_EVENTS) -> None:
        """Raises CursorBeyondLogError when the log is shorter than what was projected."""
        self._reader = reader
        self._pool = pool
        self._chunk_events = chunk_events
        cursor = projecting.cursor_of(pool)
        self._position = cursor.position
        self._check_within_log()
        self._uncounted = 0
        self._tally = self._tally_at(cursor)

    @property
    def position(self) -> Position:
        """How far the log is projected."""
        return self._position

    def close(self) -> None:
        """Let go of the log."""
        self._reader.close()

    def step(self) -> int:
        """Project what the log has now, at most some hundred batches; answers how many events that were."""
        entries = self._reader.read_after(self._pool, self._position.seq, _BATCHES_AT_ONCE)
        taken = 0
        for after, events in self._chunks(entries):
            self._project(after, events)
            taken += len(events)
        return taken

    def _check_within_log(self) -> None:
        last = self._reader.last_seq(self._pool)
        reached = self._position.seq + (1 if self._position.offset else 0)
        if reached > last:
            raise CursorBeyondLogError(pool=self._pool, cursor=reached, last=last)

    def _tally_at(self, cursor: projecting.Cursor) -> Tally:
        """The tally at the cursor: what was kept, and the events since then counted again."""
        tally = Tally.restore(cursor.tally)
        at = cursor.tally_position
        while at != cursor.position:
            entry = self._reader.read_after(self._pool, at.seq, 1)[0]
            is_last = entry.seq > cursor.position.seq
            end = cursor.position.offset if is_last else len(entry.events)
            for event in entry.events[at.offset : end]:
                tally.apply(event)
                self._uncounted += 1
            at = cursor.position if is_last else Position(entry.seq)
        tally.take_changed()
        return tally

    def _chunks(self, entries: list[LogEntry]) -> Iterator[tuple[Position, list[PlacedEvent]]]:
        """The new events in pieces of at most `chunk_events`, each with the position after it."""
        piece: list[PlacedEvent] = []
        after = self._position
        for entry in entries:
            first = self._position.offset if entry.seq == self._position.seq + 1 else 0
            for index in range(first, len(entry.events)):
                piece.append(PlacedEvent(entry.seq, index, entry.events[index]))
                is_end = index + 1 == len(entry.events)
                after = Position(entry.seq) if is_end else Position(entry.seq - 1, index + 1)
                if len(piece) == self._chunk_events:
                    yield after, piece
                    piece = []
            after = Position(entry.seq)  # a fence record has no events, and is passed all the same
        if piece or after != self._position:
            yield after, piece

    def _project(self, after: Position, events: list[PlacedEvent]) -> None:
        for placed in events:
            self._tally.apply(placed.event)
        self._uncounted += len(events)
        keeps_tally = self._uncounted >= KEEP_TALLY_EVERY
        chunk = Chunk(
            pool=self._pool,
            before=self._position,
            after=after,
            events=events,
            intervals=self._changed_intervals(),
            tally=self._tally.snapshot() if keeps_tally else None,
        )
        projecting.project(chunk, state_spans.store)
        self._position = after
        if keeps_tally:
            self._uncounted = 0

    def _changed_intervals(self) -> list[IntervalRow]:
        rows = []
        for queue_id, start_ms in self._tally.take_changed():
            tenant_id = self._tally.tenant_of(queue_id)
            figures = self._tally.interval(queue_id, start_ms)
            if tenant_id is None:
                log.warning("figures of a queue without tenant are not kept", queue_id=queue_id)
                continue
            rows.append(
                IntervalRow(
                    tenant_id=UUID(tenant_id),
                    queue_id=UUID(queue_id),
                    starts_at=to_datetime(start_ms),
                    is_simulated=figures.is_simulated,
                    asked=figures.asked,
                    answered=figures.answered,
                    answered_in_time=figures.answered_in_time,
                    abandoned=figures.abandoned,
                    interactions=figures.interactions,
                    wait_ms=figures.wait_ms,
                    talk_ms=figures.talk_ms,
                    hold_ms=figures.hold_ms,
                    wrap_up_ms=figures.wrap_up_ms,
                )
            )
        return rows
