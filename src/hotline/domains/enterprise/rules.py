"""What an opening calendar may look like, and how it reads. Pure: no Django, no clock."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec

from hotline.domains.enterprise import errors
from hotline.formulas.opening_hours import hours_on, is_known_time_zone, is_open, next_opening
from hotline.messages.configuration import CalendarVersion

__all__ = ["CalendarDay", "calendar_version", "clock_text", "hours_on", "is_known_time_zone", "is_open", "next_opening"]

WEEKDAYS = ("Mon 周一", "Tue 周二", "Wed 周三", "Thu 周四", "Fri 周五", "Sat 周六", "Sun 周日")
MAX_EXCEPTIONS = 2000
_LABEL = re.compile(r"(.*?)([0-9]{1,9})")
_CLOCK = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d))|(24:00)")

DayKind = Literal["holiday", "workday", "special"]
Spans = Sequence[Sequence[str]]
Minutes = tuple[tuple[int, int], ...]


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True):
    """A dated exception: a public holiday, a make-up workday, or special hours. No hours: closed all day."""

    day: str
    kind: DayKind
    name: dict[str, str]
    hours: tuple[tuple[str, str], ...] = ()


def calendar_version(valid_from: str, weekly: Sequence[Spans], exceptions: Iterable[CalendarDay]) -> CalendarVersion:
    """The version as node and rules read it. Raises the error that names the day that is wrong."""
    require_date(valid_from)
    if len(weekly) != len(WEEKDAYS):
        raise errors.CalendarWeekIncompleteError(given=len(weekly))
    days = tuple(_spans(spans, WEEKDAYS[index]) for index, spans in enumerate(weekly))
    return CalendarVersion(valid_from=valid_from, weekly=days, exceptions=_exceptions(exceptions))


def clock_text(minutes: int) -> str:
    """Minutes after midnight as HH:MM, 24:00 included."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day_minutes(text: str) -> int:
    """Minutes after midnight of HH:MM, 24:00 included; the text must be one."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def require_date(text: str) -> None:
    """Accept YYYY-MM-DD only: other ISO forms would not sort as text."""
    try:
        is_plain = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_plain = False
    if not is_plain:
        raise errors.CalendarDateWrongError(text=text)


def seat_labels(first: str, last: str, limit: int) -> list[str]:
    """The labels of a row of seats, such as A001 to A040: the same letters, then a number as wide as the first's.

    Raises SeatRangeError when the two are no such row, or one of more than `limit` seats."""
    begins, ends = _LABEL.fullmatch(first), _LABEL.fullmatch(last)
    if begins is None or ends is None or begins[1] != ends[1]:
        raise errors.SeatRangeError(first=first, last=last, limit=limit)
    low, high, width = int(begins[2]), int(ends[2]), len(begins[2])
    if not low <= high < low + limit or f"{high:0{width}d}" != ends[2]:
        raise errors.SeatRangeError(first=first, last=last, limit=limit)
    return [f"{begins[1]}{number:0{width}d}" for number in range(low, high + 1)]


def _exceptions(exceptions: Iterable[CalendarDay]) -> dict[str, Minutes]:
    dated: dict[str, Minutes] = {}
    for exception in exceptions:
        require_date(exception.day)
        if exception.day in dated:
            raise errors.CalendarDayTwiceError(day=exception.day)
        if exception.kind == "workday" and not exception.hours:
            raise errors.CalendarWorkdayClosedError(day=exception.day)
        dated[exception.day] = _spans(exception.hours, exception.day)
    if len(dated) > MAX_EXCEPTIONS:
        raise errors.CalendarTooLongError(limit=MAX_EXCEPTIONS)
    return dated


def _spans(spans: Spans, day: str) -> Minutes:
    found = sorted(_span(span, day) for span in spans)
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise errors.CalendarSpansOverlapError(day=day, time=clock_text(start))
    return tuple(found)


def _span(span: Sequence[str], day: str) -> tuple[int, int]:
    if len(span) != 2:
        raise errors.CalendarSpanWrongError(day=day)
    start, end = _minutes(span[0], day), _minutes(span[1], day)
    if start >= end:
        raise errors.CalendarSpanWrongError(day=day)
    return start, end


def _minutes(text: str, day: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise errors.CalendarTimeWrongError(day=day, text=text)
    return 24 * 60 if match[3] else int(match[1]) * 60 + int(match[2])
