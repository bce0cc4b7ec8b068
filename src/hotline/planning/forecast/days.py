"""The table that models learn from: one row for each day with calls, the known ones first, then those asked for."""

import calendar as month_calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.history import Floats, Integers

_ONE_DAY = timedelta(days=1)
_LONGEST_REST = 12
_FRIDAY = 4
_EVE_REACH = 4


@dataclass(frozen=True, slots=True)
class Effects:
    """A learnt kind of the calendar: its value on each day, 0 where it does not hold."""

    kind: str
    name: str
    values: Floats


@dataclass(frozen=True, slots=True)
class DayTable:
    """Days as rows. `counts` (known days × intervals) has fewer rows than the facts, which reach into the future.

    `place_in_month` and `working_place` count from the turn of the month: 0, 1, ... from the first day, −1, −2, ...
    back from the last. `rest_excess` is ln(1 + free days just before) beyond the weekday's usual; `second_excess`
    that of the working day after. `doubt` multiplies a known day's noise: 1 ordinary, large for outliers."""

    dates: tuple[date, ...]
    counts: Floats
    age_days: Floats
    weekday: Integers
    is_workday: Floats
    place_in_month: Integers
    working_place: Integers
    rest_excess: Floats
    second_excess: Floats
    is_eve: Floats
    holiday: tuple[str, ...]
    effects: tuple[Effects, ...]
    doubt: Floats

    @property
    def known(self) -> int:
        """How many days have counts."""
        return len(self.counts)

    def totals(self) -> Floats:
        """Calls of each known day."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.float64)


def day_table(
    known: Sequence[date], counts: Floats, future: Sequence[date], calendar: Calendar, queue: str
) -> DayTable:
    """The table of known days with their counts, and of future ones; both in order of time."""
    dates = (*known, *future)
    facts = _Facts(calendar, queue)
    rest = np.array([facts.rest_excess(day) for day in dates])
    second = np.array([facts.second_excess(day) for day in dates])
    first = dates[0] if dates else date(2000, 1, 1)
    return DayTable(
        dates=dates,
        counts=counts,
        age_days=np.array([(day - first).days for day in dates], dtype=np.float64),
        weekday=np.array([day.weekday() for day in dates], dtype=np.int64),
        is_workday=np.array([facts.is_workday(day) for day in dates], dtype=np.float64),
        place_in_month=np.array([_place_in_month(day) for day in dates], dtype=np.int64),
        working_place=np.array([facts.working_place(day) for day in dates], dtype=np.int64),
        rest_excess=rest,
        second_excess=second,
        is_eve=np.array([facts.is_eve(day) for day in dates], dtype=np.float64),
        holiday=tuple(calendar.holiday(day, queue) for day in dates),
        effects=_effects(dates, len(known), calendar, queue),
        doubt=np.ones(len(known)),
    )


def _place_in_month(day: date) -> int:
    left = month_calendar.monthrange(day.year, day.month)[1] - day.day
    return day.day - 1 if day.day - 1 <= left else -left - 1


def _effects(dates: Sequence[date], known: int, calendar: Calendar, queue: str) -> tuple[Effects, ...]:
    """The learnt kinds that occur; weather is centred on its mean and scaled, a day without a value counts as mean."""
    by_day = [calendar.effects(day, queue) for day in dates] if calendar.notes else []
    names = sorted({name for effects in by_day for name in effects})
    found = []
    for kind, name in names:
        is_given = np.array([(kind, name) in effects for effects in by_day])
        values = np.array([effects.get((kind, name), 0.0) for effects in by_day])
        if kind == "weather":
            learnt = values[:known][is_given[:known]]
            spread = float(learnt.std()) if len(learnt) else 0.0
            values = np.where(is_given, (values - learnt.mean()) / spread, 0.0) if spread > 0 else 0.0 * values
        found.append(Effects(kind, name, values))
    return tuple(found)


class _Facts:
    """Facts about single days, each worked out once."""

    def __init__(self, calendar: Calendar, queue: str) -> None:
        self._calendar, self._queue = calendar, queue
        self._workdays: dict[date, bool] = {}
        self._months: dict[tuple[int, int], list[date]] = {}

    def is_workday(self, day: date) -> bool:
        found = self._workdays.get(day)
        if found is None:
            is_closed = self._calendar.has(day, self._queue, "closed") if self._calendar.notes else False
            found = self._calendar.is_workday(day, self._queue) and not is_closed
            self._workdays[day] = found
        return found

    def working_place(self, day: date) -> int:
        """0, 1, ... for the month's first working days; −1, −2, ... for its last; free days as the day before."""
        workdays = self._months.get((day.year, day.month))
        if workdays is None:
            length = month_calendar.monthrange(day.year, day.month)[1]
            workdays = [d for d in (date(day.year, day.month, n + 1) for n in range(length)) if self.is_workday(d)]
            self._months[day.year, day.month] = workdays
        before = sum(d < day for d in workdays)
        left = len(workdays) - before - (1 if self.is_workday(day) else 0)
        return before if before <= left else -left - 1

    def rest_excess(self, day: date) -> float:
        if not self.is_workday(day):
            return 0.0
        usual = 2 if day.weekday() == 0 else 0
        return float(np.log1p(self._rest_before(day)) - np.log1p(usual))

    def second_excess(self, day: date) -> float:
        before = day - _ONE_DAY
        if not self.is_workday(day) or not self.is_workday(before):
            return 0.0
        return self.rest_excess(before)

    def is_eve(self, day: date) -> bool:
        """Whether a working day is the last before days that are free and usually would not be."""
        if not self.is_workday(day):
            return False
        after = day + _ONE_DAY
        if day.weekday() == _FRIDAY:
            after = day + (_EVE_REACH - 1) * _ONE_DAY
        return after.weekday() <= _FRIDAY and not self.is_workday(after)

    def _rest_before(self, day: date) -> int:
        number = 0
        while number < _LONGEST_REST and not self.is_workday(day - (number + 1) * _ONE_DAY):
            number += 1
        return number
