"""Local wall-clock intervals beside real time: when clocks change, intervals vanish or last longer.

A local time that comes twice means the first time; one that does not exist means the moment of the change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

_MINUTE = timedelta(minutes=1)


class WallClock:
    """Real time of every interval of some days from a date on. `real_min[slot]` is minutes since the first midnight."""

    def __init__(self, zone: str, start: date, days: int, interval_min: int) -> None:
        self.day_slots = 1440 // interval_min
        self._zone, self._first = ZoneInfo(zone), datetime.combine(start, datetime.min.time())
        self.real_min = np.arange(days * self.day_slots + 1, dtype=np.int64) * interval_min
        for day in range(days):
            self._measure(day, interval_min)
        # Times inside a gap are read with the old offset, which lies behind the change: they are the change itself.
        self.real_min = np.minimum.accumulate(self.real_min[::-1])[::-1]
        self.lengths = np.diff(self.real_min)
        self.is_odd = self.lengths != interval_min
        self.odd_days = sorted(set((np.flatnonzero(self.is_odd) // self.day_slots).tolist()))

    def _measure(self, day: int, interval_min: int) -> None:
        """Set the real time of a day's boundaries; a day without a change is measured at its ends only."""
        first, last = day * self.day_slots, (day + 1) * self.day_slots
        begin, end = self._since(first * interval_min), self._since(last * interval_min)
        if end - begin == 1440:
            self.real_min[first : last + 1] = begin + np.arange(self.day_slots + 1) * interval_min
        else:
            self.real_min[first : last + 1] = [self._since(s * interval_min) for s in range(first, last + 1)]

    def _since(self, local_min: int) -> int:
        moment = (self._first + local_min * _MINUTE).replace(tzinfo=self._zone).astimezone(UTC)
        return (moment - self._first.replace(tzinfo=self._zone).astimezone(UTC)) // _MINUTE

    def elapsed_min(self, first: int, last: int) -> int:
        """Real minutes from the begin of one slot to the begin of another."""
        return int(self.real_min[last] - self.real_min[first])

    def is_in_gap(self, slot: int) -> bool:
        """Whether a slot begins at a time that the clocks leap over; the very moment of the leap does exist."""
        return slot > 0 and self.lengths[slot - 1] == 0

    def earliest(self, end: int, rest_min: int, midnight: int) -> int:
        """The first slot, counted from a midnight, that begins at least so many real minutes after another slot."""
        found = int(np.searchsorted(self.real_min, self.real_min[end] + rest_min))
        return max(0, found - midnight)
