"""Histories from CSV text: `start,calls` and, where told apart, `queue,brand,channel,site,aht_s`.

Input that cannot be is refused with a sentence that names the line."""

import csv
import gzip
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from hotline.planning.forecast.errors import ForecastInvalidError, HistoryInvalidError
from hotline.planning.forecast.history import DAY_S, Floats, Series, SeriesKey, TimeStyle

_KEYS = ("queue", "brand", "channel", "site")
_KNOWN = {"start", "calls", "aht_s", *_KEYS}
_GRID_MIN = 5
_LONGEST_STEP_MIN = 60
_MOST_CALLS = 10_000_000
_LONGEST_HANDLE_S = 8 * 3600
_LONGEST_SPAN_DAYS = 15 * 366
_PLAUSIBLE_ZERO = 4.0  # an interval with fewer usual calls may well have none: no row means no call
_HALF = 0.5
_LEAST_TIMES = 3


@dataclass(slots=True)
class _Rows:
    """The rows of one series: calls and handle time by (day, minute of the day)."""

    calls: dict[tuple[date, int], float] = field(default_factory=dict)
    handle_s: dict[tuple[date, int], float] = field(default_factory=dict)
    lines: dict[tuple[date, int, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class _Offsets:
    """Whether times carry an offset from UTC, and which; one that changes back and forth is refused."""

    last: str | None = None
    line: int = 0


def read_history(path: Path, interval_s: int) -> list[Series]:
    """The series in the file (CSV, or that compressed by gzip), sorted by their keys, in intervals of that length.

    Raises HistoryInvalidError, ForecastInvalidError when the interval does not fit the rows."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise HistoryInvalidError(problem=f"{path} cannot be read ({error}); give an existing UTF-8 file") from error
    return parse_history(text.splitlines(), interval_s)


def parse_history(lines: Iterable[str], interval_s: int) -> list[Series]:
    """The series in the lines; see read_history."""
    check_interval(interval_s)
    found: dict[SeriesKey, _Rows] = {}
    offsets = _Offsets()
    has_handle, style = False, TimeStyle()
    for number, row in _rows(lines):
        if not found:
            style = _style(row["start"])
        moment = _moment(row["start"], number, offsets)
        key = SeriesKey(*(row.get(name, "") for name in _KEYS))
        rows = found.setdefault(key, _Rows())
        place = (moment.date(), moment.hour * 60 + moment.minute)
        _refuse_twice(rows, moment, offsets.last or "", number, key)
        calls = _number(row["calls"], "calls", number, _MOST_CALLS)
        repeated = place in rows.calls  # the hour that comes twice when clocks go back: its mean
        rows.calls[place] = (rows.calls[place] + calls) / 2 if repeated else calls
        if row.get("aht_s"):
            has_handle = True
            rows.handle_s[place] = _number(row["aht_s"], "aht_s", number, _LONGEST_HANDLE_S)
    if not found:
        raise HistoryInvalidError(problem="line 2: there are no rows; give at least one day of them")
    step_min = _step_min(found, interval_s // 60)
    if interval_s % (step_min * 60):
        raise ForecastInvalidError(
            problem=f"the history has rows of {step_min} minutes, which do not make intervals of {interval_s // 60} "
            f"minutes; ask for a multiple of {step_min}"
        )
    style = replace(style, offset=offsets.last or "")
    last = max(day for rows in found.values() for day, _minute in rows.calls)
    return [
        _series(key, rows, step_min, interval_s, last, style, has_handle=has_handle)
        for key, rows in sorted(found.items(), key=lambda item: item[0].label())
    ]


def check_interval(interval_s: int) -> None:
    """Nothing when the interval is 5 to 60 whole minutes and divides the hour; else raises ForecastInvalidError."""
    if interval_s < _GRID_MIN * 60 or interval_s > _LONGEST_STEP_MIN * 60 or 3600 % interval_s or interval_s % 300:
        raise ForecastInvalidError(problem="an interval is 5, 10, 15, 20, 30 or 60 minutes; give one of these")


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(header):
                raise HistoryInvalidError(
                    problem=f"line {reader.line_num} has {len(values)} fields where the first line names "
                    f"{len(header)}; correct that line"
                )
            yield reader.line_num, {name: value.strip() for name, value in zip(header, values, strict=True)}
    except csv.Error as error:
        raise HistoryInvalidError(problem=f"line {reader.line_num} is not CSV ({error}); correct it") from error


def _check_header(header: list[str]) -> None:
    if not header:
        raise HistoryInvalidError(problem="line 1: it is empty; begin with the line start,calls")
    missing = [name for name in ("start", "calls") if name not in header]
    if missing:
        raise HistoryInvalidError(
            problem=f"line 1 does not name the column {missing[0]}; begin with start,calls and, if there are, "
            "queue, brand, channel, site, aht_s"
        )
    twice = next((name for name in _KNOWN if header.count(name) > 1), None)
    if twice:
        raise HistoryInvalidError(problem=f"line 1 names the column {twice} twice; name it once")


def _moment(text: str, line: int, offsets: _Offsets) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise HistoryInvalidError(
            problem=f"line {line}: {text!r} is not a time; write it as 2026-03-02T09:30"
        ) from error
    if len(text) <= len("2026-03-02"):
        raise HistoryInvalidError(problem=f"line {line}: {text!r} has no time of day; write it as 2026-03-02T09:30")
    _check_offset(moment, line, offsets)
    if moment.second or moment.microsecond or moment.minute % _GRID_MIN:
        raise HistoryInvalidError(
            problem=f"line {line}: {text!r} does not begin an interval; rows begin at multiples of five minutes"
        )
    return moment.replace(tzinfo=None)


def _style(text: str) -> TimeStyle:
    has_seconds = text.count(":") - (1 if len(text) > 6 and text[-6] in "+-" else 0) > 1
    return TimeStyle(" " if " " in text else "T", "seconds" if has_seconds else "minutes")


def _check_offset(moment: datetime, line: int, offsets: _Offsets) -> None:
    """All times with an offset or none; it may change by an hour at most, as summer time does."""
    shift = moment.utcoffset()
    offset = "" if shift is None else moment.isoformat()[-6:]
    if offsets.last is None:
        offsets.last, offsets.line = offset, line
    if offset == offsets.last:
        return
    first = offsets.last
    if not offset or not first or abs(_minutes(offset) - _minutes(first)) > _LONGEST_STEP_MIN:
        names = [name or "none" for name in (offset, first)]
        raise HistoryInvalidError(
            problem=f"line {line}: time zones are mixed (offset {names[0]} here, {names[1]} on line {offsets.line}); "
            "write all times in the queue's local time"
        )
    offsets.last, offsets.line = offset, line


def _minutes(offset: str) -> int:
    sign = -1 if offset[0] == "-" else 1
    return sign * (int(offset[1:3]) * 60 + int(offset[4:6]))


def _refuse_twice(rows: _Rows, moment: datetime, offset: str, line: int, key: SeriesKey) -> None:
    mark = (moment.date(), moment.hour * 60 + moment.minute, offset)
    earlier = rows.lines.setdefault(mark, line)
    if earlier != line:
        raise HistoryInvalidError(
            problem=f"line {line} gives {moment:%Y-%m-%dT%H:%M} of {key.label()} again, after line {earlier}; "
            "keep one of the two"
        )


def _number(text: str, name: str, line: int, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise HistoryInvalidError(problem=f"line {line}: {name} is {text!r}; give a number from 0")
    if value > most:
        unit = "seconds" if name == "aht_s" else "calls in one interval"
        raise HistoryInvalidError(problem=f"line {line}: {name} is {text}, too much for {unit}; check its unit")
    return value


def _step_min(found: dict[SeriesKey, _Rows], interval_min: int) -> int:
    """The greatest step, in minutes, on which all rows begin; too few rows to tell have that of the intervals."""
    minutes = {minute for rows in found.values() for _day, minute in rows.calls}
    step = math.gcd(*minutes, _LONGEST_STEP_MIN)
    if minutes == {0} and any(len(rows.calls) > 1 for rows in found.values()):
        line = min(line for rows in found.values() for line in rows.lines.values())
        raise HistoryInvalidError(
            problem=f"line {line}: all rows begin at midnight, as day totals do; give counts per interval of at most "
            "60 minutes"
        )
    return step if len(minutes) >= _LEAST_TIMES else math.gcd(step, interval_min)


def _series(
    key: SeriesKey, rows: _Rows, step_min: int, interval_s: int, last: date, style: TimeStyle, *, has_handle: bool
) -> Series:
    """Rows on their grid to the file's last day, added up to intervals; NaN where usual rows are missing."""
    first = min(day for day, _minute in rows.calls)
    span = (last - first).days + 1
    if span > _LONGEST_SPAN_DAYS:
        line = next(n for (day, _m, _o), n in rows.lines.items() if day == first)
        raise HistoryInvalidError(
            problem=f"line {line}: {first} lies {span // 365} years before the last day; check that year"
        )
    steps = DAY_S // 60 // step_min
    fine, handle = np.full((span, steps), np.nan), np.full((span, steps), np.nan)
    for (day, minute), calls in rows.calls.items():
        fine[(day - first).days, minute // step_min] = calls
    for (day, minute), seconds in rows.handle_s.items():
        handle[(day - first).days, minute // step_min] = seconds
    each = interval_s // 60 // step_min
    is_whole = (~np.isnan(fine)).any(axis=0).reshape(-1, each).all(axis=1)
    _fill_plausible_zeros(fine, first)
    counts = fine.reshape(span, -1, each).sum(axis=2)
    return Series(
        key=key,
        interval_s=interval_s,
        dates=tuple(first + timedelta(days=number) for number in range(span)),
        counts=counts,
        handle_s=_mean_handle(handle, fine, each) if has_handle else None,
        style=style,
        is_whole=is_whole,
    )


def _fill_plausible_zeros(fine: Floats, first: date) -> None:
    """On days with rows: no row means no call, unless calls were usual then on such weekdays."""
    weekdays = (first.weekday() + np.arange(len(fine))) % 7
    for weekday in range(7):
        rows = np.flatnonzero((weekdays == weekday) & ~np.isnan(fine).all(axis=1))
        if not len(rows):
            continue
        block = fine[rows]
        seen = ~np.isnan(block)
        usual = np.where(seen, block, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
        is_usual = (seen.mean(axis=0) > _HALF) & (usual >= _PLAUSIBLE_ZERO)
        block[~seen & ~is_usual] = 0.0
        fine[rows] = block


def _mean_handle(handle: Floats, calls: Floats, each: int) -> Floats:
    """Mean handle time of each interval, weighted by calls; NaN where none was given or nobody called."""
    weight = np.where(np.isnan(handle) | np.isnan(calls), 0.0, calls).reshape(len(calls), -1, each)
    total = (np.nan_to_num(handle).reshape(weight.shape) * weight).sum(axis=2)
    number = weight.sum(axis=2)
    return np.where(number > 0, total / np.maximum(number, 1e-9), np.nan)
