"""Writes a call history that looks like a mobile operator's, by brand, for trials and tests of the forecast.

    python scenarios/make_call_history.py [--days 420] [--seed 1] [--interval-min 30] > history.csv

Invented, and the same for the same seed: three brands around the clock, weekdays, China's public holidays with
make-up workdays, bills on the first days of the month, a level that wanders, chance beyond Poisson, a campaign, and
an outage of three hours. What was put in is in SHAPES and below; nothing is taken from a real centre."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from hotline.planning.forecast.calendar import Calendar

FIRST_DAY = date(2025, 9, 1)
CAMPAIGN = (date(2026, 6, 8), date(2026, 6, 14))
OUTAGE = date(2026, 3, 18)
_OUTAGE_HOURS = (14, 17)
_LEVEL_STEP, _LEVEL_MEMORY, _DAY_CV, _INTERVAL_CV = 0.015, 0.97, 0.02, 0.04


@dataclass(frozen=True, slots=True)
class Shape:
    """One brand: calls of an ordinary working day, factors of Saturday and Sunday, of holidays and of billing days."""

    brand: str
    calls: float
    weekend: float
    holiday: float
    billing: float
    evening: float
    handle_s: float


SHAPES = (
    Shape("business", 9000.0, 0.62, 0.55, 1.12, 0.25, 210.0),
    Shape("youth", 6000.0, 1.08, 0.95, 1.05, 0.75, 165.0),
    Shape("prepaid", 12000.0, 0.85, 0.80, 1.22, 0.45, 150.0),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Calls and mean handle time, seconds, of one brand in one interval."""

    start: datetime
    brand: str
    calls: int
    handle_s: float


def rows(days: int, seed: int, interval_min: int = 30) -> Iterator[Row]:
    """The history: so many days from 1 September 2025, brand by brand."""
    calendar = Calendar().with_country("CN")
    for number, shape in enumerate(SHAPES):
        draw = np.random.default_rng([seed, number])
        level = 0.0
        for offset in range(days):
            day = FIRST_DAY + timedelta(days=offset)
            level = _LEVEL_MEMORY * level + float(draw.normal(0.0, _LEVEL_STEP))
            mean = shape.calls * _factor(shape, day, calendar) * float(np.exp(level + draw.normal(0.0, _DAY_CV)))
            expected = mean * _profile(shape, interval_min)
            noisy = expected * draw.gamma(1 / _INTERVAL_CV**2, _INTERVAL_CV**2, len(expected))
            yield from _day(shape, day, draw.poisson(noisy), interval_min, draw)


def _factor(shape: Shape, day: date, calendar: Calendar) -> float:
    factor = (1.18, 1.04, 1.0, 0.99, 1.02, 1.0, 1.0)[day.weekday()] if calendar.is_workday(day) else shape.weekend
    if calendar.holiday(day):
        factor = shape.holiday
    if day.day <= 5:
        factor *= 1.0 + (shape.billing - 1.0) * (6 - day.day) / 5
    return factor * (1.15 if CAMPAIGN[0] <= day <= CAMPAIGN[1] else 1.0)


def _profile(shape: Shape, interval_min: int) -> np.ndarray:
    hour = (np.arange(24 * 60 // interval_min) + 0.5) * interval_min / 60
    morning = np.exp(-0.5 * ((hour - 10.5) / 1.9) ** 2)
    afternoon = 0.85 * np.exp(-0.5 * ((hour - 15.5) / 2.1) ** 2)
    evening = shape.evening * np.exp(-0.5 * ((hour - 20.3) / 1.6) ** 2)
    total = morning + afternoon + evening + 0.03
    return np.asarray(total / total.sum())


def _day(shape: Shape, day: date, calls: np.ndarray, interval_min: int, draw: np.random.Generator) -> Iterator[Row]:
    begin = datetime.combine(day, datetime.min.time())
    for interval, number in enumerate(calls.tolist()):
        start = begin + timedelta(minutes=interval * interval_min)
        is_out = day == OUTAGE and _OUTAGE_HOURS[0] <= start.hour < _OUTAGE_HOURS[1]
        spread = 0.5 / max(number, 1) ** 0.5
        handle_s = shape.handle_s * (1.06 if start.hour >= 18 else 1.0) * float(np.exp(draw.normal(0.0, spread)))
        yield Row(start, shape.brand, 0 if is_out else number, handle_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=420)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--interval-min", type=int, default=30)
    options = parser.parse_args()
    sys.stdout.write("start,brand,calls,aht_s\n")
    for row in rows(options.days, options.seed, options.interval_min):
        sys.stdout.write(f"{row.start:%Y-%m-%dT%H:%M},{row.brand},{row.calls},{row.handle_s:.1f}\n")


if __name__ == "__main__":
    main()
