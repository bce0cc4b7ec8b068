"""The intervals of local days as they pass: 48 half-hours a day, or 46 and 50 where the clocks change.

Forecasts know how a day looks by the clock on the wall; here is which moments that clock shows: an hour that it jumps
over never comes, one that it shows twice comes twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from hotline.domains.workforce.wall_time import minute_at, moment_at
from hotline.planning.forecast.history import Bools, Floats, Integers

_DAY_S = 86_400


@dataclass(frozen=True, slots=True, eq=False)
class PassingDays:
    """The intervals of the local days from `first` to `last`, in their order.

    `starts`: the moments (UTC) at which they begin; `starts_s`: the same in seconds of the epoch. Of each interval,
    `day` is the number of its day from the first, and `place` the interval of a plain day that the clock on the wall
    shows. `firsts`: the first interval of each day."""

    first: date
    last: date
    interval_s: int
    zone: ZoneInfo
    starts: tuple[datetime, ...]
    starts_s: Integers
    day: Integers
    place: Integers
    firsts: Integers

    @property
    def days(self) -> list[date]:
        """The days themselves."""
        return [self.first + timedelta(days=number) for number in range(len(self.firsts))]

    @property
    def a_day(self) -> int:
        """How many intervals a plain day has."""
        return _DAY_S // self.interval_s

    def of_day(self, day: date) -> slice:
        """The intervals of one of the days."""
        number = (day - self.first).days
        end = int(self.firsts[number + 1]) if number + 1 < len(self.firsts) else len(self.starts)
        return slice(int(self.firsts[number]), end)

    def index(self, moment: datetime) -> int:
        """The interval in which the moment lies; −1 before the first day. Beyond the last day, its last interval."""
        return int(np.searchsorted(self.starts_s, int(moment.timestamp()), side="right")) - 1

    def totals(self, values: Floats) -> Floats:
        """The sum of each day."""
        return np.asarray(np.add.reduceat(values, self.firsts), dtype=np.float64)

    def times_shown(self) -> Integers:
        """How often each interval of a plain day comes (days × intervals): once, and not at all or twice on a day on
        which clocks change."""
        found = np.zeros((len(self.firsts), self.a_day), dtype=np.int64)
        np.add.at(found, (self.day, self.place), 1)
        return found

    def passed(self, table: Floats, days: Sequence[date]) -> Floats:
        """Values by the wall (some of the days × intervals) for each interval that passes; 0 on the other days."""
        whole = np.zeros((len(self.firsts), self.a_day))
        for row, day in enumerate(days):
            if self.first <= day <= self.last:
                whole[(day - self.first).days] = table[row]
        return np.asarray(whole[self.day, self.place], dtype=np.float64)

    def by_the_wall(self, values: Floats) -> Floats:
        """The mean of each interval that the clock on the wall shows (days × intervals); 0 where it never comes."""
        sums, shown = np.zeros((len(self.firsts), self.a_day)), self.times_shown()
        np.add.at(sums, (self.day, self.place), values)
        return np.divide(sums, shown, out=np.zeros_like(sums), where=shown > 0)

    def over(self, now: datetime) -> Bools:
        """Which intervals have ended."""
        return np.asarray(self.starts_s + self.interval_s <= now.timestamp(), dtype=np.bool_)

    def local_text(self, number: int) -> str:
        """The local time at which an interval begins; with its offset on a day on which clocks change."""
        at = self.of_day(self.first + timedelta(days=int(self.day[number])))
        local = self.starts[number].astimezone(self.zone)
        is_plain = at.stop - at.start == self.a_day
        return (local.replace(tzinfo=None) if is_plain else local).isoformat(timespec="minutes")

    def local_texts(self) -> list[str]:
        """The local time of each interval: all with their offsets where clocks change within the days, else none."""
        is_plain = len(self.starts) == len(self.firsts) * self.a_day
        local = [start.astimezone(self.zone) for start in self.starts]
        return [(one.replace(tzinfo=None) if is_plain else one).isoformat(timespec="minutes") for one in local]


@lru_cache(maxsize=32)
def passing_days(first: date, last: date, interval_s: int, zone: ZoneInfo) -> PassingDays:
    """The intervals of these days; the last one of a day is shorter where the day is no whole number of them."""
    starts_s: list[int] = []
    day_of: list[int] = []
    place: list[int] = []
    firsts = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        begins = int(moment_at(day, 0, zone).timestamp())
        ends = int(moment_at(day + timedelta(days=1), 0, zone).timestamp())
        own = range(begins, ends, interval_s)
        firsts.append(len(starts_s))
        starts_s += own
        day_of += [number] * len(own)
        place += range(len(own)) if ends - begins == _DAY_S else _places(day, own, interval_s, zone)
    return PassingDays(
        first=first,
        last=last,
        interval_s=interval_s,
        zone=zone,
        starts=tuple(datetime.fromtimestamp(one, UTC) for one in starts_s),
        starts_s=np.array(starts_s, dtype=np.int64),
        day=np.array(day_of, dtype=np.int64),
        place=np.array(place, dtype=np.int64),
        firsts=np.array(firsts, dtype=np.int64),
    )


def _places(day: date, starts_s: Sequence[int], interval_s: int, zone: ZoneInfo) -> list[int]:
    return [minute_at(day, datetime.fromtimestamp(one, UTC), zone) * 60 // interval_s for one in starts_s]
