"""Whether somebody able is there in every open interval of a queue: sums over spans of time, day after day. Pure.

Times are minutes by the clock on the wall since the first day's midnight, so that a change of the clocks neither adds
nor takes an interval. A stretch of work counts in the intervals that it fills wholly; a break or an absence empties
every interval that it touches."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final, NamedTuple

INTERVAL_MIN: Final = 15
_DAY_MIN: Final = 24 * 60
DAY_INTERVALS: Final = _DAY_MIN // INTERVAL_MIN
_WEEK: Final = 7
Span = tuple[int, int]


class Gap(NamedTuple):
    """Open intervals in a row of one day with nobody there; minutes from that day's midnight."""

    day: int  # since the first
    begins: int
    ends: int


class Run(NamedTuple):
    """The same gap on many days: every day from the first to the last, or on these weekdays (0 is Monday) of it. An end
    beyond 1440 lies on the next day."""

    first: int  # days since the first of the calendar
    last: int
    weekdays: tuple[int, ...]  # empty: every day
    begins: int
    ends: int
    days: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one queue: open intervals, those with somebody there, the same for each day, and what is empty."""

    open_count: int
    covered_count: int
    days: list[tuple[int, int]]  # (open, covered)
    gaps: list[Gap]


class Presence:
    """How many people of one kind are there in each interval."""

    def __init__(self, days: int) -> None:
        self._size = days * DAY_INTERVALS
        self._steps = array("l", bytes(array("l").itemsize * (self._size + 1)))

    def add(self, pieces: Iterable[Span], away: Iterable[Span] = ()) -> None:
        """Somebody works in the pieces but for the times away."""
        gone = sorted((begin // INTERVAL_MIN, -(-end // INTERVAL_MIN)) for begin, end in away)
        for begin, end in pieces:
            first, last = -(-begin // INTERVAL_MIN), end // INTERVAL_MIN
            self._step(first, last, 1)
            for leaves, returns in gone:
                since, until = max(leaves, first), min(returns, last)
                if since < until:
                    self._step(since, until, -1)
                    first = until  # what two absences share is left once

    def _step(self, first: int, last: int, by: int) -> None:
        first, last = max(0, first), min(last, self._size)
        if first < last:
            self._steps[first] += by
            self._steps[last] -= by

    def counts(self) -> list[int]:
        """People per interval."""
        return list(accumulate(self._steps))[:-1]


def presence_of(kinds: Sequence[Presence], days: int) -> list[bool]:
    """Whether anybody of these kinds is there, per interval."""
    if not kinds:
        return [False] * (days * DAY_INTERVALS)
    return [any(people > 0 for people in here) for here in zip(*(kind.counts() for kind in kinds), strict=True)]


def opened(spans: Iterable[Span], days: int) -> list[bool]:
    """Whether a queue is open in each interval: where any minute of it is."""
    hours = Presence(days)
    hours.add((begin // INTERVAL_MIN * INTERVAL_MIN, -(-end // INTERVAL_MIN) * INTERVAL_MIN) for begin, end in spans)
    return [number > 0 for number in hours.counts()]


def coverage_of(is_open: Sequence[bool], is_there: Sequence[bool]) -> Coverage:
    """What is covered of the open intervals."""
    days, gaps = [], []
    for day in range(len(is_open) // DAY_INTERVALS):
        slots = range(day * DAY_INTERVALS, (day + 1) * DAY_INTERVALS)
        wanted = sum(is_open[slots.start : slots.stop])
        empty = [slot for slot in slots if is_open[slot] and not is_there[slot]]
        days.append((wanted, wanted - len(empty)))
        gaps += _joined(day, [slot - slots.start for slot in empty])
    return Coverage(sum(one for one, _ in days), sum(one for _, one in days), days, gaps)


def runs_of(gaps: Iterable[Gap], first_weekday: int) -> list[Run]:
    """The gaps with equal ones of many days as one, the earliest first; `first_weekday` is that of day 0.

    A week or more in a row is one run; what is left is one run as long as week after week lacks the same weekdays."""
    days: dict[tuple[int, int], list[int]] = {}
    for day, begins, ends in _over_midnight(gaps):
        days.setdefault((begins, ends), []).append(day)
    found: list[Run] = []
    for (begins, ends), on in days.items():
        rest: list[int] = []
        for first, last in _stretches(on):
            if last - first + 1 >= _WEEK:
                found.append(Run(first, last, (), begins, ends, last - first + 1))
            else:
                rest += range(first, last + 1)
        for first, last, weekdays, number in _weekly(rest, first_weekday):
            found.append(Run(first, last, weekdays, begins, ends, number))
    return sorted(found, key=lambda run: (run.first, run.begins, run.last))


def _over_midnight(gaps: Iterable[Gap]) -> list[Gap]:
    """A gap that ends at midnight and goes on in the morning is one; whole days stay by themselves."""
    found: list[Gap] = []
    for gap in gaps:
        before = found[-1] if found else None
        if (
            before is not None
            and before == (gap.day - 1, before.begins, _DAY_MIN)
            and before.begins > 0
            and gap.begins == 0
            and gap.ends < _DAY_MIN
        ):
            found[-1] = Gap(before.day, before.begins, _DAY_MIN + gap.ends)
        else:
            found.append(gap)
    return found


def _stretches(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, group in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        stretch = [day for _, day in group]
        yield stretch[0], stretch[-1]


def _weekly(days: Iterable[int], first_weekday: int) -> Iterator[tuple[int, int, tuple[int, ...], int]]:
    """(first day, last day, weekdays, how many days) of week after week in which the same weekdays are meant."""
    weeks: dict[int, list[int]] = {}
    for day in days:
        weeks.setdefault((day + first_weekday) // _WEEK, []).append(day)
    run: list[int] = []
    former: tuple[int, tuple[int, ...]] | None = None
    for week, own in sorted(weeks.items()):
        weekdays = tuple((day + first_weekday) % _WEEK for day in own)
        if former is not None and former != (week - 1, weekdays):
            yield run[0], run[-1], former[1], len(run)
            run = []
        run += own
        former = week, weekdays
    if former is not None:
        yield run[0], run[-1], former[1], len(run)


def _joined(day: int, empty: Sequence[int]) -> list[Gap]:
    found = []
    for _, group in groupby(enumerate(empty), lambda pair: pair[1] - pair[0]):
        slots = [slot for _, slot in group]
        found.append(Gap(day, slots[0] * INTERVAL_MIN, (slots[-1] + 1) * INTERVAL_MIN))
    return found
