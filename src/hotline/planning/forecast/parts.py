"""Parts of a series: which share of its calls is of each brand, channel or site, by kind of day and hour.

A share is drawn towards what is known of more calls, the fewer calls its own hour has: the hour of that kind of day
towards the hour of all days and the kind of day, and these towards the whole. How far follows from the counts
themselves: where hours differ no more than chance explains, all have the share of the whole. Source:
docs/planning.md#parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist

import numpy as np

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.forecasting import Forecast
from hotline.planning.forecast.history import Floats, SeriesKey

HOURS = 24
KINDS_OF_DAY = 3  # working days; free Saturdays; Sundays and holidays
_WORKDAY, _SATURDAY, _FREE = range(KINDS_OF_DAY)
_WEEKDAY_SATURDAY = 5
_TRUST_CALLS = 200.0  # handled, before a part's own handle time counts for half
_MOST_SCATTER = 0.999
_LEVEL_DOUBT = 0.1  # of a part, as a share, when it has been seen for one day


@dataclass(frozen=True, slots=True)
class Shares:
    """Of each part (its name in `names`) the share of calls: parts × kinds of day × hours, one in sum. `handle` is each
    part's handle time as a multiple of the whole's. `days`: seen on so many."""

    names: tuple[str, ...]
    values: Floats
    handle: Floats
    days: int

    def handle_factors(self) -> Floats:
        """By what the whole's handle time is multiplied in each cell: the parts' work adds up to the whole's."""
        relative = self.handle[:, None, None]
        mean = (self.values * relative).sum(axis=0)
        return np.asarray(relative / np.maximum(mean, 1e-9), dtype=np.float64)


def kind_of_day(calendar: Calendar, day: date, queue: str = "") -> int:
    """0 when people work, 1 on a free Saturday, 2 on a Sunday or a holiday."""
    if calendar.is_workday(day, queue):
        return _WORKDAY
    return _SATURDAY if day.weekday() == _WEEKDAY_SATURDAY and not calendar.holiday(day, queue) else _FREE


def learnt(names: Sequence[str], counts: Floats, kinds: Sequence[int], handled: Floats, handle_s: Floats) -> Shares:
    """The shares of parts from their counts (parts × days × hours), the kind of each day, and of each part how many
    calls were handled and the seconds that these took in all."""
    table = np.zeros((len(names), KINDS_OF_DAY, HOURS))
    for kind in range(KINDS_OF_DAY):
        table[:, kind] = counts[:, np.asarray(kinds) == kind].sum(axis=1)
    return Shares(tuple(names), shares(table), _relative(handled, handle_s), counts.shape[1])


def shares(counts: Floats) -> Floats:
    """Share of each part in each cell, from counts (parts × kinds of day × hours); one in sum over parts. Where nobody
    ever called, that of the whole; all alike without a single call."""
    total = float(counts.sum())
    if total <= 0:
        return np.full_like(counts, 1.0 / len(counts))
    whole = counts.sum(axis=(1, 2)) / total
    by_kind, kinds_learnt = _drawn(counts.sum(axis=2), whole[:, None], 1.0)
    by_hour, hours_learnt = _drawn(counts.sum(axis=1), whole[:, None], 1.0)
    known = np.maximum(whole, 1e-12)[:, None, None]
    expected = by_kind[:, :, None] * by_hour[:, None, :] / known
    expected /= expected.sum(axis=0)
    return _drawn(counts, expected, 1.0 + kinds_learnt + hours_learnt)[0]


def _drawn(counts: Floats, expected: Floats, known: float) -> tuple[Floats, float]:
    """Observed shares, each drawn towards the expected one by the cells' own scatter; and of how many cells the share
    was thereby learnt, when that of `known` cells was learnt from the same counts before.

    Counts of a cell are taken to be Dirichlet-multinomial; the concentration is found from Pearson's statistic beyond
    its mean and one standard deviation, so that chance alone draws all the way."""
    calls = counts.sum(axis=0)
    expected = np.broadcast_to(expected, counts.shape)
    parts = int((expected.reshape(len(counts), -1).sum(axis=1) > 0).sum())
    freedom = float((calls > 0).sum()) - known
    pairs = float(np.maximum(calls - 1, 0).sum())
    if parts < 2 or freedom < 1 or pairs <= 0:
        return np.array(expected), 0.0
    mean = expected * calls
    squares = np.divide((counts - mean) ** 2, mean, out=np.zeros_like(counts), where=mean > 0)
    beyond = float(squares.sum()) / (parts - 1) - freedom - float(np.sqrt(2 * freedom / (parts - 1)))
    scatter = min(max(beyond / pairs, 0.0), _MOST_SCATTER)
    if scatter == 0:
        return np.array(expected), 0.0
    weight = (1 - scatter) / scatter
    found = (counts + weight * expected) / (calls + weight)
    return found, float((calls / (calls + weight)).sum())


def _relative(handled: Floats, handle_s: Floats) -> Floats:
    """Handle time of each part ÷ that of all, drawn towards one where few were handled."""
    if handled.sum() <= 0 or handle_s.sum() <= 0:
        return np.ones(len(handled))
    mean = float(handle_s.sum() / handled.sum())
    return np.asarray((handle_s + _TRUST_CALLS * mean) / (handled + _TRUST_CALLS) / mean, dtype=np.float64)


def split(whole: Forecast, found: Shares, kinds: Sequence[int]) -> list[Forecast]:
    """The forecast of each part that is a brand: the whole's times its share of the day's kind and hour, with bounds of
    its own. `kinds` are those of the whole's days."""
    hours = np.arange(whole.calls.shape[1]) * whole.interval_s // 3600
    cells = np.ix_(np.asarray(kinds, dtype=np.int64), hours)
    factors = found.handle_factors()
    parts = []
    for number, name in enumerate(found.names):
        calls = whole.calls * found.values[number][cells]
        low, high = _own_bounds(whole, calls, found.days)
        parts.append(
            replace(
                whole,
                key=SeriesKey(whole.key.queue, name),
                calls=calls,
                low=low,
                high=high,
                handle_s=None if whole.handle_s is None else whole.handle_s * factors[number][cells],
                lender=whole.key,
                share=float(calls.sum() / max(float(whole.calls.sum()), 1e-9)),
            )
        )
    return parts


def _own_bounds(whole: Forecast, calls: Floats, days: int) -> tuple[Floats, Floats]:
    doubt = _LEVEL_DOUBT / float(np.sqrt(max(days, 1)))
    bounds = []
    for choice, rows in ((whole.next_day, slice(0, 1)), (whole.later, slice(1, len(calls)))):
        wider = replace(choice.spread, cv=float(np.hypot(choice.spread.cv, doubt)))
        bounds.append(wider.bounds(calls[rows]))
    low, high = (np.where(calls > 0, np.concatenate(side), 0.0) for side in zip(*bounds, strict=True))
    return low, high


def part_of(whole: MomentCurve, share: Floats, handle: Floats, coverage: float) -> MomentCurve:
    """The part of a curve with this share and handle time (a multiple of the whole's) in each interval.

    Which of the calls are the part's is chance: n·p·(1 − p) is added to the variance that it has of the whole's."""
    calls = whole.calls * share
    wide = NormalDist().inv_cdf((1 + coverage) / 2)
    chance = wide**2 * whole.calls * share * (1 - share)
    below, above = (
        np.sqrt((share * side) ** 2 + chance) for side in (whole.calls - whole.low, whole.high - whole.calls)
    )
    return replace(
        whole,
        calls=calls,
        low=np.maximum(calls - below, 0.0),
        high=calls + above,
        handle_s=None if whole.handle_s is None else whole.handle_s * handle,
    )


def bounds_of_part(total: Floats, low: Floats, high: Floats, part: Floats, coverage: float) -> tuple[Floats, Floats]:
    """Bounds of a part's totals from those of the whole's totals, as in `part_of`."""
    share = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    wide = NormalDist().inv_cdf((1 + coverage) / 2)
    chance = wide**2 * part * (1 - share)
    below, above = (np.sqrt((share * side) ** 2 + chance) for side in (total - low, high - total))
    return np.maximum(part - below, 0.0), part + above
