"""Histories: counts of each series as days × intervals, in the local time of the input."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What a series is of; empty where the input does not tell them apart."""

    queue: str = ""
    brand: str = ""
    channel: str = ""
    site: str = ""

    def label(self) -> str:
        """The parts that are given, for people."""
        return " / ".join(part for part in (self.queue, self.brand, self.channel, self.site) if part) or "all calls"


@dataclass(frozen=True, slots=True)
class TimeStyle:
    """How the input writes its times, so that the answer does alike."""

    separator: str = "T"
    timespec: str = "minutes"
    offset: str = ""

    def write(self, moment: datetime) -> str:
        """The moment in the input's style."""
        return moment.isoformat(self.separator, self.timespec) + self.offset


PLAIN_TIMES = TimeStyle()


@dataclass(frozen=True, slots=True)
class Series:
    """One series: `counts` and `handle_s` are dates × intervals of the day; NaN where the input says nothing.

    `dates` are consecutive. `handle_s` (mean seconds per call) is None when the input has no such column.
    `partial_from`: the interval at which the last day breaks off, None when it is whole. `is_whole`: intervals of the
    day that rows of the input ever covered whole (None: all); five minutes of a half-hour do not make it one.
    `skipped`: intervals that a date does not have, because the clocks jumped over them; their counts are NaN."""

    key: SeriesKey
    interval_s: int
    dates: tuple[date, ...]
    counts: Floats
    handle_s: Floats | None = None
    style: TimeStyle = PLAIN_TIMES
    partial_from: int | None = None
    is_whole: Bools | None = None
    skipped: Mapping[date, tuple[int, ...]] = field(default_factory=dict)

    @property
    def intervals_a_day(self) -> int:
        """How many intervals a day has."""
        return DAY_S // self.interval_s


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in the history that was not taken as it stood, and why.

    kind: gap (rows missing), outage (far too few), spike (far too many), outlier (a day unlike the calendar's
    others), closed (no calls on a day usually open), partial (the last day breaks off), told (the calendar says so),
    clocks (an hour that did not exist is filled in, so that the day can be compared with others).
    `treatment`: repaired (replaced by what was usual) or excluded (nothing is learnt from it)."""

    day: date
    kind: str
    treatment: str
    intervals: tuple[int, ...] = field(default=())
    note: str = ""
