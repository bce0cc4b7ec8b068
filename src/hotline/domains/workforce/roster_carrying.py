"""What was worked just before a roster, and is published just after it, as times in which somebody must not work.

The solver begins with nothing remembered; rest, days and nights running and the limits of a week that is cut by the
roster's first or last day are kept by barring whole days. Where that bars a little more than the rules would, the
roster is still legal. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from hotline.domains.workforce.judging import Horizon, Limits, Work, is_night

Span = tuple[datetime, datetime]
_DAY = timedelta(days=1)


def barred_by(limits: Limits, around: Sequence[Work], days: Horizon, longest_paid_min: int) -> list[Span]:
    """The local times that works before and after the days bar, in no order.

    `longest_paid_min` is the paid time of the longest shift that may be given."""
    before = sorted((work for work in around if work.day < days.first), key=lambda work: work.day)
    after = sorted((work for work in around if work.day > days.last), key=lambda work: work.day)
    return [
        *_rests(limits, before, after, days),
        *_runs(limits, before, after, days),
        *_weeks(limits, before, after, days, longest_paid_min),
    ]


def _rests(limits: Limits, before: Sequence[Work], after: Sequence[Work], days: Horizon) -> Iterator[Span]:
    rest = timedelta(minutes=limits.rest_min)
    begin, end = _midnight(days.first), _midnight(days.last + _DAY)
    if before and before[-1].parts[-1][1] + rest > begin:
        yield begin, before[-1].parts[-1][1] + rest
    # A shift of the last day may end on the day after: nothing may reach into the rest before what comes then.
    if after and after[0].parts[0][0] - rest < end + _DAY:
        yield after[0].parts[0][0] - rest, end + _DAY


def _runs(limits: Limits, before: Sequence[Work], after: Sequence[Work], days: Horizon) -> Iterator[Span]:
    worked = {work.day for work in (*before, *after)}
    nights = {work.day for work in (*before, *after) if is_night(limits, work)}
    for run, most, is_whole in (
        (worked, limits.most_days_running, True),
        (nights, limits.most_nights_running, False),
    ):
        if most is None:
            continue
        for edge, step in ((days.first, _DAY), (days.last, -_DAY)):
            length = _length(run, edge - step, -step)
            day = edge + step * max(0, most - length)
            if length and days.first <= day <= days.last:
                yield _whole(day) if is_whole else _night(limits, day)


def _length(days: set[date], day: date, step: timedelta) -> int:
    number = 0
    while day in days:
        number, day = number + 1, day + step
    return number


def _weeks(
    limits: Limits, before: Sequence[Work], after: Sequence[Work], days: Horizon, longest_paid_min: int
) -> Iterator[Span]:
    """In a week that is cut, the days beyond those that are left to work."""
    monday, sunday = days.first - _DAY * days.first.weekday(), days.last + _DAY * (6 - days.last.weekday())
    for worked, cut in (
        ([work for work in before if work.day >= monday], [days.first + _DAY * n for n in range(7)]),
        ([work for work in after if work.day <= sunday], [days.last - _DAY * n for n in range(7)]),
    ):
        if not worked:
            continue
        week = [day for day in cut if _is_same_week(day, worked[0].day) and days.first <= day <= days.last]
        yield from map(_whole, week[_days_left(limits, worked, longest_paid_min) :])


def _days_left(limits: Limits, worked: Sequence[Work], longest_paid_min: int) -> int:
    left = 7 if limits.most_days_week is None else limits.most_days_week - len(worked)
    if limits.most_week_min is not None and longest_paid_min:
        minutes = limits.most_week_min - sum(work.paid_min for work in worked)
        left = min(left, minutes // longest_paid_min)
    return max(0, left)


def _is_same_week(one: date, other: date) -> bool:
    return one.isocalendar()[:2] == other.isocalendar()[:2]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _whole(day: date) -> Span:
    return _midnight(day), _midnight(day + _DAY)


def _night(limits: Limits, day: date) -> Span:
    """The night that begins on the day."""
    begin, end = limits.night
    over = _DAY if end <= begin else timedelta()
    midnight = _midnight(day)
    return midnight + timedelta(minutes=begin), midnight + over + timedelta(minutes=end)
