"""A curve: what is expected in each interval of some days, with its bounds; by the clock on the wall, or by moments."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from hotline.planning.forecast.history import Bools, Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """Calls expected in each interval of each open day ahead; days without calls are left out.

    `calls`, `low`, `high` (and `handle_s`, seconds, where the history has it) are days × intervals of the day."""

    interval_s: int
    dates: Sequence[date]
    calls: Floats
    low: Floats
    high: Floats
    handle_s: Floats | None

    def start(self, row: int, interval: int) -> datetime:
        """The local time at which an interval begins."""
        begin = datetime.combine(self.dates[row], datetime.min.time())
        return begin + timedelta(seconds=interval * self.interval_s)

    def between(self, begin: datetime, end: datetime) -> Bools:
        """Which intervals begin from `begin` up to, not including, `end`, both local (days × intervals)."""
        rows, intervals = range(len(self.dates)), range(self.calls.shape[1])
        found = [[begin <= self.start(row, interval) < end for interval in intervals] for row in rows]
        return np.array(found, dtype=np.bool_).reshape(self.calls.shape)


@dataclass(frozen=True, slots=True)
class MomentCurve:
    """Calls expected in each interval that passes, by the moment at which it begins: a day may have any number of them.

    `starts` are aware and in order; the arrays are as long as they are. `handle_s` in seconds, None where it is not
    known."""

    interval_s: int
    starts: Sequence[datetime]
    calls: Floats
    low: Floats
    high: Floats
    handle_s: Floats | None

    def between(self, begin: datetime, end: datetime) -> Bools:
        """Which intervals begin from `begin` up to, not including, `end`, both aware."""
        found = np.zeros(len(self.starts), dtype=np.bool_)
        found[bisect_left(self.starts, begin) : bisect_left(self.starts, end)] = True
        return found
