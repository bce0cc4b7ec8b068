"""Small invented histories: an office queue with a known calendar, so that tests know what is true."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.history import Floats, Series, SeriesKey

MONDAY = date(2025, 1, 6)
WEEKDAY = (1.3, 1.05, 1.0, 0.95, 1.0, 0.5, 0.4)
INTERVALS = 48
OPEN = slice(16, 36)  # 08:00 to 18:00


def profile(width: float = 5.0) -> Floats:
    """Shares of the half-hours of a day open from 08:00 to 18:00."""
    shares = np.zeros(INTERVALS)
    shares[OPEN] = 1.0 + 0.6 * np.sin(np.arange(20) / width)
    return shares / shares.sum()


def office(
    days: int,
    seed: int = 1,
    a_day: float = 2000.0,
    factor: Callable[[date], float] = lambda _day: 1.0,
    day_cv: float = 0.02,
    weekdays: Sequence[float] = (*WEEKDAY[:5], 0.0, 0.0),
    queue: str = "repair",
    country: str = "",
) -> Series:
    """A history of so many dates from Monday, 6 January 2025; closed on its country's public holidays."""
    draw = np.random.default_rng(seed)
    calendar = Calendar().with_country(country)
    dates = tuple(MONDAY + timedelta(days=number) for number in range(days))
    counts = np.full((days, INTERVALS), np.nan)
    for row, day in enumerate(dates):
        mean = a_day * weekdays[day.weekday()] * factor(day)
        if mean > 0 and not (country and calendar.holiday(day)):
            counts[row] = draw.poisson(mean * np.exp(draw.normal(0.0, day_cv)) * profile())
    return Series(SeriesKey(queue=queue), 1800, dates, counts)


def lines(series: Series, step: int = 1) -> list[str]:
    """The history as CSV lines, `start,queue,calls`; days without rows are left out."""
    found = ["start,queue,calls"]
    for row, day in enumerate(series.dates):
        for interval in range(0, INTERVALS, step):
            calls = series.counts[row, interval]
            if not np.isnan(calls):
                found.append(f"{day}T{interval // 2:02}:{interval % 2 * 30:02},{series.key.queue},{calls:.0f}")
    return found
