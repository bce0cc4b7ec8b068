"""Timetables of lessons from text, a line each: weekday,starts,ends,valid_from,valid_to."""

import csv
from collections.abc import Iterator
from datetime import date, time
from typing import Final

from hotline.domains.workforce.errors import TimetableError
from hotline.domains.workforce.rules import LessonTime

_DAYS: Final = {
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{f"{prefix}{name}": number for number, name in enumerate("一二三四五六日") for prefix in ("周", "星期", "")},
    **{str(number + 1): number for number in range(7)},
}
_HEADER: Final = "weekday"


def lessons_of(text: str) -> list[LessonTime]:
    """The lessons in the lines. Weekdays are mon to sun, 1 to 7 (Monday is 1) or 周一 to 周日; a header and empty lines
    are passed over. Raises TimetableError, which names the line."""
    return [lesson for _, lesson in _numbered(text)]


def _numbered(text: str) -> Iterator[tuple[int, LessonTime]]:
    for number, line in enumerate(text.splitlines(), 1):
        fields = [field.strip() for field in next(csv.reader([line]), [])]
        if not any(fields) or fields[0].lower() == _HEADER:
            continue
        yield number, _lesson(number, line, fields)


def _lesson(number: int, line: str, fields: list[str]) -> LessonTime:
    try:
        weekday, starts, ends, first, last = fields
        found = LessonTime(
            weekday=_DAYS[weekday.lower()],
            starts=time.fromisoformat(starts),
            ends=time.fromisoformat(ends),
            valid_from=date.fromisoformat(first),
            valid_to=date.fromisoformat(last),
        )
    except (ValueError, KeyError):
        raise TimetableError(line=str(number), text=line[:80]) from None
    if found.starts.tzinfo or found.ends.tzinfo or found.ends <= found.starts or found.valid_to < found.valid_from:
        raise TimetableError(line=str(number), text=line[:80])
    return found
