"""What rotations promise, as the solver is told it: times without work, a home time, and whole days of rest. Pure.

The solver knows of no dates at which a promise begins or ends. Times of day become spans on the days on which a
promise counts; rest in whole days and hours within a tolerance are kept over the whole roster when the promise counts
on all of it, or on a whole week of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.domains.workforce.judging import Horizon
from hotline.domains.workforce.rules import LessonTime, Promise, minute_of

Span = tuple[datetime, datetime]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What holds over the whole roster: days off together in each week, hours within a share, no split shifts."""

    rest_block_days: int = 0
    hours_ratio: float | None = None
    forbids_split: bool = False


def pattern_of(promises: Sequence[Promise], days: Horizon) -> Pattern | None:
    """What the person's promises together ask of a roster; None when that is nothing."""
    here = [promise for promise in promises if promise.valid_from <= days.last and promise.valid_to >= days.first]
    blocks = [promise.rest_block_days or 0 for promise in here if _has_whole_week(promise, days)]
    ratios = [
        promise.hours_tolerance_percent / 100
        for promise in here
        if promise.hours_tolerance_percent is not None and _is_whole(promise, days)
    ]
    found = Pattern(
        rest_block_days=max(blocks, default=0),
        hours_ratio=min(ratios, default=None),
        forbids_split=any(not promise.allows_split for promise in here),
    )
    return None if found == Pattern() else found


def home_times(promises: Sequence[Promise], days: Horizon) -> tuple[int | None, int | None]:
    """Earliest start and latest end of every day, minutes after midnight, where they hold over the whole roster."""
    whole = [promise for promise in promises if _is_whole(promise, days)]
    starts = [_minute(promise.earliest_start) for promise in whole if promise.earliest_start is not None]
    ends = [_minute(promise.latest_end) for promise in whole if promise.latest_end is not None]
    return max(starts, default=None), min(ends, default=None)


def barred_by(promises: Iterable[Promise], days: Horizon) -> list[Span]:
    """The local times in which the promises allow no work, in no order."""
    return [span for promise in promises for span in _barred(promise, days)]


def _barred(promise: Promise, days: Horizon) -> Iterator[Span]:
    first, last = max(promise.valid_from, days.first), min(promise.valid_to, days.last)
    since = _midnight(first)
    # What begins on the day before may reach into the first day; a shift of the last day may reach into the next.
    for day in (first - _DAY + _DAY * n for n in range((last - first).days + 3)):
        spans = [*_closed(promise, day), *_away(promise, day)]
        if first <= day <= last and not _is_whole(promise, days):
            spans += _home(promise, day)
        yield from ((max(begin, since), end) for begin, end in spans if end > since)


def _closed(promise: Promise, day: date) -> Iterator[Span]:
    for begin, end in promise.closed_hours:
        first, last = minute_of(begin), minute_of(end)
        over = _DAY if last <= first else timedelta()
        yield _midnight(day) + timedelta(minutes=first), _midnight(day) + over + timedelta(minutes=last)


def _away(promise: Promise, day: date) -> Iterator[Span]:
    travel = timedelta(minutes=promise.travel_minutes)
    for lesson in promise.lessons:
        if _is_on(lesson, day):
            yield datetime.combine(day, lesson.starts) - travel, datetime.combine(day, lesson.ends) + travel


def _is_on(lesson: LessonTime, day: date) -> bool:
    return lesson.weekday == day.weekday() and lesson.valid_from <= day <= lesson.valid_to


def _home(promise: Promise, day: date) -> Iterator[Span]:
    if promise.earliest_start is not None and promise.earliest_start > time():
        yield _midnight(day), datetime.combine(day, promise.earliest_start)
    if promise.latest_end is not None:
        yield datetime.combine(day, promise.latest_end), _midnight(day + _DAY)


def _is_whole(promise: Promise, days: Horizon) -> bool:
    return promise.valid_from <= days.first and promise.valid_to >= days.last


def _has_whole_week(promise: Promise, days: Horizon) -> bool:
    first, last = max(promise.valid_from, days.first), min(promise.valid_to, days.last)
    monday = first + _DAY * (-first.weekday() % 7)
    return monday + _DAY * 6 <= last


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
