"""Which local days a report covers, and where its rows begin. Pure: no Django."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hotline.domains.contacts.errors import (
    ReportDaysReversedError,
    ReportDaysTooManyError,
    ReportDayUnreachableError,
    ReportPeriodError,
)
from hotline.domains.contacts.rules import day_begins

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
LONGEST_DAYS: Final = 31
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")


@dataclass(frozen=True, slots=True)
class Period:
    """A month by days or a year by months. `edges` are the first day of each row, and the day after the last row."""

    edges: tuple[date, ...]

    def moments(self, time_zone: str) -> tuple[datetime, ...]:
        """The UTC moment at which each edge's local day begins."""
        return tuple(day_begins(day, time_zone) for day in self.edges)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from first to last, both included."""

    first: date
    last: date

    def bounds(self, time_zone: str) -> tuple[datetime, datetime]:
        """The UTC moments at which the first day begins and the last one ends."""
        return day_begins(self.first, time_zone), day_begins(self.last + timedelta(days=1), time_zone)


def period_of(month: str | None, year: str | None) -> Period:
    """The month such as 2026-11, or the year such as 2026: exactly one is given. Raises ReportPeriodError."""
    if month and not year and (found := _MONTH.match(month)):
        return _days_of(int(found.group(1)), int(found.group(2)))
    if year and not month and _YEAR.match(year):
        return _months_of(int(year))
    raise _wrong_period()


def check_day(day: date) -> date:
    """Pass a day that reports can reach. Raises ReportDayUnreachableError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ReportDayUnreachableError(day=day, first=FIRST_DAY, last=LAST_DAY)
    return day


def days_of(first: date | None, last: date | None, today: date) -> Days:
    """The days asked for; one alone stands for itself, none for today.

    Raises ReportDayUnreachableError, ReportDaysReversedError or ReportDaysTooManyError."""
    first, last = first or last or today, last or first or today
    days = Days(check_day(first), check_day(last))
    count = (last - first).days + 1
    if count < 1:
        raise ReportDaysReversedError(first=first, last=last)
    if count > LONGEST_DAYS:
        raise ReportDaysTooManyError(days=count, limit=LONGEST_DAYS)
    return days


def rows_begun(moments: tuple[datetime, ...], now: datetime, with_figures: Mapping[int, object]) -> int:
    """How many rows to show: those that have begun, and any later one that has figures already."""
    begun = sum(moment <= now for moment in moments[:-1])
    return max(begun, max(with_figures, default=-1) + 1)


def _days_of(year: int, month: int) -> Period:
    if not 1 <= month <= 12:
        raise _wrong_period()
    first, after = _month_bounds(year, month)
    return Period(tuple(first + timedelta(days=number) for number in range((after - first).days + 1)))


def _months_of(year: int) -> Period:
    bounds = [_month_bounds(year, month) for month in range(1, 13)]
    return Period((*(first for first, _after in bounds), bounds[-1][1]))


def _month_bounds(year: int, month: int) -> tuple[date, date]:
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _wrong_period()
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _wrong_period() -> ReportPeriodError:
    return ReportPeriodError(first=FIRST_DAY.year, last=LAST_DAY.year)
