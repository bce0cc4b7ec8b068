"""Service level of the present quarter and day, from the engine's tally: the one definition that reports use too."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from hotline.engine.figures import Figures
from hotline.engine.tally import INTERVAL_MS, Tally, day_start_ms, interval_start_ms
from hotline.kernel.clock import to_datetime
from hotline.messages.configuration import QueueConfiguration

log = structlog.get_logger()


class Level(NamedTuple):
    """`asked` leaves out those who still wait within the threshold; `everybody` does not."""

    answered_in_time: int
    asked: int
    everybody: int
    abandoned: int


class Levels:
    """Sums by queue; a queue's day is added up again only after it changed or another quarter began."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._days: dict[str, tuple[int, Figures]] = {}  # queue -> quarter of the sum, sum since the day began
        self._day_starts: dict[str, int] = {}  # by time zone, for the quarter looked at
        self._quarter_ms = 0

    def of(self, queues: Iterable[QueueConfiguration], now_ms: int) -> tuple[Level, Level]:
        """The present quarter's and the present day's, summed over the queues."""
        self._refresh(now_ms)
        interval, today = Level(0, 0, 0, 0), Level(0, 0, 0, 0)
        for queue in queues:
            end_ms = self._quarter_ms + INTERVAL_MS
            quarter = self._tally.interval(queue.queue_id, self._quarter_ms)
            interval = self._plus(interval, queue, quarter, self._quarter_ms, end_ms, now_ms)
            start_ms = self._day_start_ms(queue.time_zone)
            today = self._plus(today, queue, self._day(queue, start_ms, end_ms), start_ms, end_ms, now_ms)
        return interval, today

    def _refresh(self, now_ms: int) -> None:
        for queue_id, _ in self._tally.take_changed():
            self._days.pop(queue_id, None)
        quarter_ms = interval_start_ms(now_ms)
        if quarter_ms != self._quarter_ms:
            self._quarter_ms = quarter_ms
            self._day_starts.clear()

    def _day(self, queue: QueueConfiguration, start_ms: int, end_ms: int) -> Figures:
        kept = self._days.get(queue.queue_id)
        if kept is None or kept[0] != self._quarter_ms:
            kept = (self._quarter_ms, self._tally.between(queue.queue_id, start_ms, end_ms))
            self._days[queue.queue_id] = kept
        return kept[1]

    def _plus(
        self, level: Level, queue: QueueConfiguration, figures: Figures, start_ms: int, end_ms: int, now_ms: int
    ) -> Level:
        pending = self._tally.not_counted_yet(queue.queue_id, start_ms, end_ms, now_ms)
        return Level(
            level.answered_in_time + figures.answered_in_time,
            level.asked + figures.asked - pending,
            level.everybody + figures.asked,
            level.abandoned + figures.abandoned,
        )

    def _day_start_ms(self, zone: str) -> int:
        found = self._day_starts.get(zone)
        if found is None:
            found = self._day_starts[zone] = day_start_ms(self._quarter_ms, _offset_minutes(zone, self._quarter_ms))
        return found


def _offset_minutes(zone: str, at_ms: int) -> int:
    try:
        offset = to_datetime(at_ms).astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("no such time zone, the day begins at midnight UTC", time_zone=zone)
        offset = datetime.fromtimestamp(0, UTC).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0
