"""A stretch of time from the routing log, read only. Batches are numbered, not dated: the place is found by halving."""

from collections.abc import Iterator

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.live.switch.log import LogEntry, RoutingLog
from hotline.live.switch.state import RoutingState
from hotline.live.switch.stores import SqliteReadStore, Store
from hotline.messages.configuration import RoutingConfiguration
from hotline.messages.routing import ConfigurationApplied, RoutingEvent

_ROWS = 500
_PEEK = 20  # batches; fence records have no events, and there are few in a row


class NoHistoryError(HotlineError):
    code = "routing_log.no_history"
    status = 422
    sentence = (
        "There is no routing log of pool {pool} yet. Check HOTLINE_DATA_DIR or HOTLINE_DATABASE_URL and the pool."
    )


class History:
    """What a pool's log says about the past."""

    def __init__(self, log: RoutingLog) -> None:
        """Raises NoHistoryError when the pool has no batch."""
        self._log = log
        if not log.last_seq(log.pool):
            raise NoHistoryError(pool=log.pool)

    def close(self) -> None:
        self._log.close()

    def span(self) -> tuple[int, int]:
        """When the oldest and the newest event were, in UTC milliseconds; (0, 0) when there are none."""
        first = self._dated_after(0)
        if first is None:
            return 0, 0
        last_seq = self._log.last_seq(self._log.pool)
        step = _PEEK
        while True:
            entries = [one for one in self._log.read_after(self._log.pool, last_seq - step, step) if one.events]
            if entries:
                return first.events[0].at_ms, entries[-1].events[-1].at_ms
            step *= 2

    def between(self, begin_ms: int, end_ms: int) -> Iterator[RoutingEvent]:
        """Events in order, from the batch that holds `begin_ms` up to `end_ms`."""
        seq = self._seq_before(begin_ms)
        while entries := self._log.read_after(self._log.pool, seq, _ROWS):
            for entry in entries:
                for event in entry.events:
                    if event.at_ms >= end_ms:
                        return
                    yield event
            seq = entries[-1].seq

    def configuration_before(self, at_ms: int) -> RoutingConfiguration | None:
        """What was in force then: the last one logged before it, else that of the oldest snapshot that is kept, which
        may be later; None when neither is known."""
        seq = self._seq_before(at_ms)
        while seq > 0:
            after = max(0, seq - _ROWS)
            for entry in reversed(self._log.read_after(self._log.pool, after, seq - after)):
                for event in reversed(entry.events):
                    if isinstance(event, ConfigurationApplied):
                        return event.configuration
            seq = after
        return self._of_snapshot()

    def _of_snapshot(self) -> RoutingConfiguration | None:
        for snapshot in reversed(self._log.snapshots()):
            try:
                return RoutingState.restore(snapshot.body).router.configuration
            except (HotlineError, ValueError, msgspec.DecodeError):
                continue
        return None

    def _seq_before(self, at_ms: int) -> int:
        """A batch after which nothing older than `at_ms` follows."""
        low, high = 0, self._log.last_seq(self._log.pool)
        while low < high:
            middle = (low + high) // 2
            found = self._dated_after(middle)
            if found is None or found.events[-1].at_ms >= at_ms:
                high = middle
            else:
                low = found.seq
        return low

    def _dated_after(self, seq: int) -> LogEntry | None:
        """The first batch after that one that has events."""
        while entries := self._log.read_after(self._log.pool, seq, _PEEK):
            for entry in entries:
                if entry.events:
                    return entry
            seq = entries[-1].seq
        return None


def open_history(settings: Settings, pool: str) -> History:
    """The log of the settings' store. Raises NoHistoryError when there is none."""
    log = RoutingLog(_read_store(settings, pool), pool)
    try:
        return History(log)
    except NoHistoryError:
        log.close()
        raise


def _read_store(settings: Settings, pool: str) -> Store:
    if settings.is_postgresql:
        from hotline.live.switch.postgresql_store import PostgresqlReadStore  # noqa: PLC0415  # as in `log`

        found = PostgresqlReadStore(settings.database_url)
        if not found.has_log():
            found.close()
            raise NoHistoryError(pool=pool)
        return found
    path = settings.sqlite_path("routing")
    if not path.exists():
        raise NoHistoryError(pool=pool)
    return SqliteReadStore(path)
