"""The routing log: what the switch decided, committed before anybody hears of it.

One row is one batch. The primary key (pool, seq) fences: a switch that was paused while another took the lead finds
its next number taken, and must stop. The same statements run on SQLite and PostgreSQL (`stores`). All calls block: the
switch runs them in one thread of its own; the projector calls `LogReader` as it is. No Django here."""

import time
from collections.abc import Callable

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.live.switch.stores import KeyTakenError, SqliteStore, Store
from hotline.messages.routing import SCHEMA_VERSION, LogBatch, RoutingEvent
from hotline.messages.upcast import read_batch

SNAPSHOTS_KEPT = 2
KEPT_DAYS = 30
PRUNED_AT_ONCE = 200  # batches: a few milliseconds, for which the next commit may have to wait
_LEASE_POLL_S = 0.1

_encode = msgspec.msgpack.Encoder().encode


class FencedError(HotlineError):
    code = "routing_log.fenced"
    status = 500
    sentence = "Another switch has taken the lead of pool {pool}: this one stops without acknowledging."


class LeaseHeldError(HotlineError):
    code = "routing_log.lease_held"
    status = 503
    sentence = "Another switch leads pool {pool}. Stop it first, or give this one a pool of its own (HOTLINE_POOL)."


class LogPrunedError(HotlineError):
    code = "routing_log.pruned"
    status = 500
    sentence = (
        "The routing log of pool {pool} begins at batch {first}, and no snapshot before it can be read. Start the "
        "release that wrote it, or restore a backup with `hotline restore`."
    )


class LogEntry(msgspec.Struct, frozen=True):
    """One committed batch; a fence record has no events."""

    seq: int
    epoch: int
    events: tuple[RoutingEvent, ...]


class StoredSnapshot(msgspec.Struct, frozen=True):
    """The state after batch `seq`."""

    seq: int
    body: bytes


class _Dated(msgspec.Struct, frozen=True):
    """Of an event, whatever its kind and version, only when it was."""

    at_ms: int


class _DatedBatch(msgspec.Struct, frozen=True):
    events: tuple[_Dated, ...]


_decode_dates = msgspec.msgpack.Decoder(_DatedBatch).decode


class LogReader:
    """Read access, for the projector and for rebuilding."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.create_tables()

    def last_seq(self, pool: str) -> int:
        """The number of the newest batch, 0 when there is none."""
        rows = self._store.fetch("SELECT coalesce(max(seq), 0) FROM routing_log WHERE pool = ?", pool)
        return int(rows[0][0])

    def read_after(self, pool: str, seq: int, limit: int) -> list[LogEntry]:
        """Up to `limit` batches after `seq`, in order, upcast to today's events."""
        rows = self._store.fetch(
            "SELECT seq, epoch, schema_version, events FROM routing_log"
            " WHERE pool = ? AND seq > ? ORDER BY seq LIMIT ?",
            pool,
            seq,
            limit,
        )
        return [LogEntry(row[0], row[1], read_batch(bytes(row[3]), row[2])) for row in rows]

    def close(self) -> None:
        self._store.close()


class RoutingLog(LogReader):
    """Write access of the one switch that leads a pool. Call `take_lead` first."""

    def __init__(self, store: Store, pool: str, kept_days: int = KEPT_DAYS) -> None:
        super().__init__(store)
        self.pool = pool
        self.kept_ms = kept_days * 86_400_000
        self.epoch = 0
        self.seq = 0

    def reopen(self) -> None:
        """Connect again with a database that was away. Raises StoreFailedError while it is."""
        self._store.reopen()

    @property
    def renew_each_s(self) -> float | None:
        """How often `renew_lease` is due; None when the lease needs no renewal (one machine, SQLite)."""
        return self._store.lease_ms / 4000 or None

    @property
    def is_local(self) -> bool:
        """Whether it is a file of this machine: then nothing but its disk can hold up a commit."""
        return not self._store.lease_ms

    def take_lead(self, patience_s: float = 5.0, pause: Callable[[float], None] = time.sleep) -> None:
        """Raise the epoch and write the fence record, so that whoever led before is refused from now on.

        Waits for a lease that is still running out. Raises LeaseHeldError when it is renewed all the while."""
        tries = int(patience_s / _LEASE_POLL_S) + 1
        for _ in range(tries):
            if self.try_to_lead():
                return
            pause(_LEASE_POLL_S)
        raise LeaseHeldError(pool=self.pool)

    def try_to_lead(self) -> bool:
        """Whether this switch leads now: the lease had run out, the epoch is raised, the fence record written.

        Whoever led before is refused from then on. A standby asks this ten times a second."""
        store = self._store
        if not self._is_lease_free():
            return False
        try:
            with store.transaction():
                store.execute(
                    "INSERT INTO routing_lease (pool, epoch, expires_at) VALUES (?, 0, 0) ON CONFLICT DO NOTHING",
                    self.pool,
                )
                taken = store.execute(
                    f"UPDATE routing_lease SET epoch = epoch + 1, expires_at = {store.now_ms} + ?"  # noqa: S608 - a constant of the store
                    f" WHERE pool = ? AND expires_at <= {store.now_ms}",
                    store.lease_ms,
                    self.pool,
                )
                if not taken:
                    return False
                epoch = store.fetch("SELECT epoch FROM routing_lease WHERE pool = ?", self.pool)[0][0]
                seq = self.last_seq(self.pool) + 1
                self._insert(seq, epoch, ())
        except KeyTakenError:
            return False  # the former leader wrote at this very moment: look again
        self.epoch, self.seq = epoch, seq
        return True

    def _is_lease_free(self) -> bool:
        """By the database's clock; reading it leaves nothing behind, unlike trying in vain."""
        rows = self._store.fetch(
            f"SELECT expires_at <= {self._store.now_ms} FROM routing_lease WHERE pool = ?",  # noqa: S608 - a constant of the store
            self.pool,
        )
        return not rows or bool(rows[0][0])

    def append(self, events: tuple[RoutingEvent, ...]) -> int:
        """The number of the batch, which is durable when this returns. Raises FencedError when another leads."""
        try:
            self._insert(self.seq + 1, self.epoch, events)
        except KeyTakenError as error:
            raise FencedError(pool=self.pool) from error
        self.seq += 1
        return self.seq

    def _insert(self, seq: int, epoch: int, events: tuple[RoutingEvent, ...]) -> None:
        self._store.execute(
            "INSERT INTO routing_log (pool, seq, epoch, schema_version, events) VALUES (?, ?, ?, ?, ?)",
            self.pool,
            seq,
            epoch,
            SCHEMA_VERSION,
            _encode(LogBatch(schema_version=SCHEMA_VERSION, events=events)),
        )

    def renew_lease(self) -> None:
        """Keep the lead for another lease time. Raises FencedError when another has taken it."""
        renewed = self._store.execute(
            f"UPDATE routing_lease SET expires_at = {self._store.now_ms} + ? WHERE pool = ? AND epoch = ?",  # noqa: S608
            self._store.lease_ms,
            self.pool,
            self.epoch,
        )
        if not renewed:
            raise FencedError(pool=self.pool)

    def release_lease(self) -> None:
        """Let the next switch lead without waiting; for a clean stop."""
        self._store.execute(
            "UPDATE routing_lease SET expires_at = 0 WHERE pool = ? AND epoch = ?", self.pool, self.epoch
        )

    def save_snapshot(self, seq: int, body: bytes) -> None:
        """Keep the state after batch `seq`, and only the newest two."""
        store = self._store
        with store.transaction():
            store.execute(
                "INSERT INTO routing_snapshot (pool, seq, epoch, schema_version, body) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (pool, seq) DO NOTHING",
                self.pool,
                seq,
                self.epoch,
                SCHEMA_VERSION,
                body,
            )
            store.execute(
                "DELETE FROM routing_snapshot WHERE pool = ? AND seq NOT IN"
                " (SELECT seq FROM routing_snapshot WHERE pool = ? ORDER BY seq DESC LIMIT ?)",
                self.pool,
                self.pool,
                SNAPSHOTS_KEPT,
            )

    def snapshots(self) -> list[StoredSnapshot]:
        """What is kept, newest first; those of another schema version are left out, replay serves for them."""
        rows = self._store.fetch(
            "SELECT seq, body FROM routing_snapshot WHERE pool = ? AND schema_version = ? ORDER BY seq DESC",
            self.pool,
            SCHEMA_VERSION,
        )
        return [StoredSnapshot(row[0], bytes(row[1])) for row in rows]

    def first_seq(self) -> int:
        """The number of the oldest batch that is kept, 0 when there is none."""
        return int(self._store.fetch("SELECT coalesce(min(seq), 0) FROM routing_log WHERE pool = ?", self.pool)[0][0])

    def prune(self, projected_seq: int, now_ms: int) -> int:
        """Remove the oldest batches that nobody needs any more, at most PRUNED_AT_ONCE; answers how many.

        Those go that are older than the days kept, projected (up to `projected_seq`), and not after the older of two
        snapshots: a start that finds the newest one damaged can still be made from the other."""
        kept = self._store.fetch("SELECT seq FROM routing_snapshot WHERE pool = ? ORDER BY seq DESC", self.pool)
        if len(kept) < SNAPSHOTS_KEPT:
            return 0
        rows = self._store.fetch(
            "SELECT seq, events FROM routing_log WHERE pool = ? AND seq <= ? ORDER BY seq LIMIT ?",
            self.pool,
            min(projected_seq, int(kept[-1][0])),
            PRUNED_AT_ONCE,
        )
        old = _older_than(rows, now_ms - self.kept_ms)
        if old:
            self._store.execute("DELETE FROM routing_log WHERE pool = ? AND seq <= ?", self.pool, old[-1])
        return len(old)


def _older_than(rows: list[tuple[int, bytes]], moment_ms: int) -> list[int]:
    """The numbers before the first batch with an event since then; fence records, which have none, go with those before
    which they stand."""
    old: list[int] = []
    fences: list[int] = []
    for seq, body in rows:
        dates = [event.at_ms for event in _decode_dates(bytes(body)).events]
        if any(at_ms >= moment_ms for at_ms in dates):
            break
        if not dates:
            fences.append(seq)
            continue
        old += [*fences, seq]
        fences = []
    return old


def open_store(settings: Settings) -> Store:
    """The store that the settings name: the routing file, or the `routing` schema."""
    if settings.is_postgresql:
        from hotline.live.switch.postgresql_store import PostgresqlStore  # noqa: PLC0415  # see there

        return PostgresqlStore(settings.database_url)
    return SqliteStore(settings.sqlite_path("routing"))


def open_log(settings: Settings) -> RoutingLog:
    """For the switch: the log to write to."""
    return RoutingLog(open_store(settings), settings.pool, settings.routing_log_days)


def open_reader(settings: Settings) -> LogReader:
    """For the projector: the log to read from."""
    return LogReader(open_store(settings))
