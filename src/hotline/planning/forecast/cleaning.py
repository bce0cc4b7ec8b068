"""What of a history must not be learnt: gaps, outages, spikes are repaired or excluded, each with a mark."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.history import Bools, Floats, Mark, Series
from hotline.planning.forecast.openings import Openings, day_totals

_LEAST_EXPECTED = 12.0  # calls in an interval; below, chance alone may empty it
_OUTAGE_SHARE = 0.25
_SPIKE_SHARE = 3.0
_SIGMAS = 6.0
_OVERDISPERSION = 3.0
_MOST_REPAIRED = 0.5  # of a day's usual calls; beyond, the day is left out as a whole
_NEAR_WEEKS = 8
_LONG_TAIL = 2  # missing intervals at the end that make the last day a partial one


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Days that can be learnt from: `rows` of the series' dates, `counts` (repaired) of these, and what was marked."""

    rows: npt.NDArray[np.int64]
    counts: Floats
    marks: tuple[Mark, ...]


def partial_from(series: Series, known: Openings) -> int | None:
    """The interval at which the last day breaks off, when calls were still to be expected; None when it is whole."""
    counts = series.counts[-1]
    seen = np.flatnonzero(~np.isnan(counts) & (counts > 0))
    hours = np.flatnonzero(known.hours_on(series.dates[-1]))
    if not len(seen) or not len(hours):
        return None
    usual = _usual_profile(series, len(series.dates) - 1)
    late = usual[seen[-1] + 1 :]
    is_cut = late.sum() >= _LEAST_EXPECTED and (late > 0).sum() >= _LONG_TAIL
    return int(seen[-1]) + 1 if is_cut else None


def cleaned(series: Series, known: Openings, calendar: Calendar) -> Cleaned:
    """The open days of the history, repaired, without those of which nothing can be learnt."""
    totals = day_totals(series)
    marks: list[Mark] = []
    rows, counts = [], []
    last = len(series.dates) - (series.partial_from is not None)
    if series.partial_from is not None:
        marks.append(Mark(series.dates[-1], "partial", "excluded", note="the rest of that day is forecast"))
    for row in range(last):
        day, queue = series.dates[row], series.key.queue
        if not totals[row] > 0:
            if known.is_open(day, calendar, queue):
                marks.append(Mark(day, "gap" if np.isnan(totals[row]) else "closed", "excluded"))
        elif calendar.has(day, queue, "outage"):
            marks.append(Mark(day, "told", "excluded", note="an outage by the calendar"))
        else:
            repaired, mark = _repaired_day(series, row, known.hours_on(day))
            marks += [mark] if mark else []
            if mark is None or mark.treatment == "repaired":
                rows.append(row)
                counts.append(repaired)
    width = series.intervals_a_day
    table = np.array(counts) if counts else np.zeros((0, width))
    return Cleaned(np.array(rows, dtype=np.int64), table, tuple(marks))


def _repaired_day(series: Series, row: int, hours: Bools) -> tuple[Floats, Mark | None]:
    """The day with what is missing, far too low or far too high replaced by its usual share of the day."""
    counts = series.counts[row]
    usual = _usual_profile(series, row)
    is_missing = np.isnan(counts)
    is_skipped = _skipped(series, row) & is_missing
    seen = ~is_missing & (usual >= _LEAST_EXPECTED)
    if not is_missing.any() and not seen.any():
        return counts, None
    level = float(np.median(counts[seen] / usual[seen])) if seen.any() else 1.0
    expected = usual * (level if level > 0 else 1.0)
    spread = _SIGMAS * np.sqrt(_OVERDISPERSION * np.maximum(expected, 1.0))
    with np.errstate(invalid="ignore"):
        is_low = (expected >= _LEAST_EXPECTED) & (counts < _OUTAGE_SHARE * expected) & (expected - counts > spread)
        is_high = hours & (counts > _SPIKE_SHARE * expected) & (counts - expected > spread) & (expected > 0)
    bad = (is_missing & ~is_skipped) | is_low | is_high
    if not bad.any():
        return _filled(series, row, counts, expected, is_skipped)
    kind = "gap" if (is_missing & ~is_skipped).any() else "outage" if is_low.any() else "spike"
    is_lost = expected[bad].sum() > _MOST_REPAIRED * expected.sum() or not seen.any()
    places = tuple(np.flatnonzero(bad).tolist())
    mark = Mark(series.dates[row], kind, "excluded" if is_lost else "repaired", places)
    return np.where(bad | is_skipped, expected, counts), mark


def _skipped(series: Series, row: int) -> Bools:
    found = np.zeros(series.intervals_a_day, dtype=np.bool_)
    found[list(series.skipped.get(series.dates[row], ()))] = True
    return found


def _filled(
    series: Series, row: int, counts: Floats, expected: Floats, is_skipped: Bools
) -> tuple[Floats, Mark | None]:
    """The day with the usual calls of an hour that did not exist; marked where there are usually any."""
    places = tuple(np.flatnonzero(is_skipped & (expected > 0)).tolist())
    mark = Mark(series.dates[row], "clocks", "repaired", places) if places else None
    return np.where(is_skipped, expected, counts), mark


def _usual_profile(series: Series, row: int) -> Floats:
    """The median day of the same weekday within some weeks, calls by interval; without the day itself."""
    near = [
        other
        for step in range(-_NEAR_WEEKS, _NEAR_WEEKS + 1)
        if step and 0 <= (other := row + 7 * step) < len(series.dates)
    ]
    block = series.counts[near]
    block = block[np.nansum(block, axis=1) > 0] if len(near) else block
    if not len(block):
        return np.zeros(series.intervals_a_day)
    filled = np.isnan(block).all(axis=0)
    result = np.zeros(series.intervals_a_day)
    result[~filled] = np.nanmedian(block[:, ~filled], axis=0)
    return result
