"""When a series takes calls: weekdays, hours, closed holidays; and whose public holidays it keeps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from hotline.planning.forecast.calendar import Calendar, public_holidays
from hotline.planning.forecast.history import Bools, Floats, Series

# Asked in this order when a history's closed days must tell the country.
_COUNTRIES = (
    "CN",
    "US",
    "CA",
    "GB",
    "DE",
    "FR",
    "AU",
    "JP",
    "KR",
    "IN",
    "BR",
    "MX",
    "ES",
    "IT",
    "NL",
    "HK",
    "SG",
    "IL",
)
_LEAST_HOLIDAYS = 2
_MOSTLY = 0.8
_OFTEN = 0.3
_HALF = 0.5
_SATURDAY = 5
_AROUND_THE_CLOCK_H = 18.0
_QUIET = 0.7  # of the usual calls: fewer make a day look like a holiday


@dataclass(frozen=True, slots=True)
class Openings:
    """Hours by weekday (7 × intervals of the day), and whether the series rests on public holidays."""

    hours: Bools
    weekdays: tuple[bool, ...]
    made_up_hours: Bools
    rests_by_holiday: dict[str, bool]
    rests_on_holidays: bool

    def is_open(self, day: date, calendar: Calendar, queue: str) -> bool:
        """Whether calls are to be expected that day."""
        if calendar.has(day, queue, "closed"):
            return False
        if calendar.has(day, queue, "open"):
            return True
        if calendar.is_workday(day, queue) and day.weekday() >= _SATURDAY:
            return True
        if not self.weekdays[day.weekday()]:
            return False
        holiday = calendar.holiday(day, queue)
        return not (holiday and self.rests_by_holiday.get(holiday, self.rests_on_holidays))

    def hours_on(self, day: date) -> Bools:
        """Which intervals of that day had calls ever on such a weekday."""
        own = self.hours[day.weekday()]
        return own if self.weekdays[day.weekday()] and own.any() else self.made_up_hours


def day_totals(series: Series) -> Floats:
    """Calls of each date; NaN on a day without any rows."""
    is_empty = np.isnan(series.counts).all(axis=1)
    return np.where(is_empty, np.nan, np.nansum(series.counts, axis=1))


def weekdays_of(series: Series) -> tuple[bool, ...]:
    """Which weekdays usually have calls; those that the history is too short to show are taken to be as the others."""
    totals = np.nan_to_num(day_totals(series))
    weekdays = _weekdays(series)
    hours_a_day = float((np.nan_to_num(series.counts) > 0).any(axis=0).mean()) * 24
    is_unseen_open = [day < _SATURDAY or hours_a_day >= _AROUND_THE_CLOCK_H for day in range(7)]
    return tuple(
        bool((totals[weekdays == day] > 0).mean() >= _OFTEN) if (weekdays == day).any() else is_unseen_open[day]
        for day in range(7)
    )


def openings(series: Series, calendar: Calendar) -> Openings:
    """When the series takes calls, as its history shows."""
    weekdays, usual = _weekdays(series), weekdays_of(series)
    counts = np.nan_to_num(series.counts)
    hours = np.stack([(counts[weekdays == weekday] > 0).any(axis=0) for weekday in range(7)])
    work = [weekday for weekday in range(_SATURDAY) if usual[weekday] and hours[weekday].any()]
    made_up = np.asarray(hours[work or list(range(7))].any(axis=0), dtype=np.bool_)
    rests = _rests(series, calendar, usual)
    keeps_office_days = not any(usual[_SATURDAY:])
    known = [rest for values in rests.values() for rest in values]
    return Openings(
        hours=hours,
        weekdays=usual,
        made_up_hours=made_up,
        rests_by_holiday={name: sum(values) * 2 > len(values) for name, values in rests.items()},
        rests_on_holidays=float(np.mean(known)) > _HALF if len(known) >= _LEAST_HOLIDAYS else keeps_office_days,
    )


def _rests(series: Series, calendar: Calendar, usual: tuple[bool, ...]) -> dict[str, list[bool]]:
    """For each public holiday on a day usually open: whether there were no calls."""
    totals = np.nan_to_num(day_totals(series))
    found: dict[str, list[bool]] = {}
    for day, total in zip(series.dates, totals, strict=True):
        holiday = calendar.holiday(day, series.key.queue)
        if holiday and usual[day.weekday()]:
            found.setdefault(holiday, []).append(total == 0)
    return found


def shared_country(series: Sequence[Series]) -> str:
    """The country that most of the series keep, of those that keep any; "" when none does."""
    found = Counter(country for one in series if (country := recognised_country(one)))
    return found.most_common(1)[0][0] if found else ""


def recognised_country(series: Series) -> str:
    """The country whose public holidays the history keeps; "" when none fits.

    It fits when at least two of its holidays fell on days usually open, four in five of them were closed or much
    quieter than usual, and nothing explains more such days."""
    looks = _holiday_looks(series)
    if sum(looks.values()) < _LEAST_HOLIDAYS:
        return ""
    best, most = "", 0.0
    for country in _COUNTRIES:
        kept = [looks[day] for day in _public(country, series) if day in looks]
        if len(kept) >= _LEAST_HOLIDAYS and np.mean(kept) >= _MOSTLY and sum(kept) > most:
            best, most = country, float(sum(kept))
    return best


def _public(country: str, series: Series) -> list[date]:
    years = range(series.dates[0].year, series.dates[-1].year + 1)
    return [day for year in years for day in public_holidays(country, year)[0]]


def _holiday_looks(series: Series) -> dict[date, bool]:
    """For each date usually open, Monday to Friday: whether it had no calls or far fewer than usual."""
    totals, usual, weekdays = np.nan_to_num(day_totals(series)), weekdays_of(series), _weekdays(series)
    last = len(series.dates) - (1 if series.partial_from is not None else 0)
    found = {}
    for number, day in enumerate(series.dates[:last]):
        if usual[day.weekday()] and day.weekday() < _SATURDAY:
            near = (np.abs(np.arange(len(totals)) - number) <= 28) & (weekdays == day.weekday()) & (totals > 0)
            found[day] = bool(totals[number] < _QUIET * np.median(totals[near])) if near.any() else False
    return found


def _weekdays(series: Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return (series.dates[0].weekday() + np.arange(len(series.dates))) % 7
