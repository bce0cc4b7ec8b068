"""Opening hours: one rule for the flows that callers hear and the calendars that people edit.

`formulas` and `messages` are strangers, so a calendar is described here by the fields that are read of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MINUTES = 24 * 60
_SEARCH_DAYS = 400  # a calendar that stays closed for longer than a year has no next opening worth telling


class Version(Protocol):
    """Hours from one local date on, in minutes after local midnight, Monday first."""

    @property
    def valid_from(self) -> str: ...
    @property
    def weekly(self) -> Sequence[Sequence[tuple[int, int]]]: ...
    @property
    def exceptions(self) -> Mapping[str, Sequence[tuple[int, int]]]: ...


class Calendar(Protocol):
    """A calendar and its versions, oldest first."""

    @property
    def time_zone(self) -> str: ...
    @property
    def versions(self) -> Sequence[Version]: ...


def is_known_time_zone(name: str) -> bool:
    """Whether the name is in the time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def hours_on(calendar: Calendar, day: date) -> Sequence[tuple[int, int]]:
    """The open spans of a local day; none when it is closed or before the first version."""
    text = day.isoformat()
    current: Version | None = None
    for version in calendar.versions:
        if version.valid_from <= text:
            current = version
    if current is None:
        return ()
    exception = current.exceptions.get(text)
    return current.weekly[day.weekday()] if exception is None else exception


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """Whether the calendar is open at an aware moment, read in the calendar's own time zone.

    A span includes its first minute and excludes its last."""
    local = moment.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in hours_on(calendar, local.date()))


def next_closing(calendar: Calendar, moment: datetime) -> datetime:
    """When the span that is open at the moment ends; the moment itself while the calendar is closed."""
    local = moment.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [end for start, end in hours_on(calendar, local.date()) if start <= minute < end]
    return day + timedelta(minutes=ends[0]) if ends else moment


def next_opening(calendar: Calendar, moment: datetime) -> datetime | None:
    """When the calendar opens next (the moment itself while it is open); None when not within 400 days."""
    if is_open(calendar, moment):
        return moment
    zone = ZoneInfo(calendar.time_zone)
    local = moment.astimezone(zone)
    for offset in range(_SEARCH_DAYS):
        day = local.date() + timedelta(days=offset)
        for start, _ in sorted(hours_on(calendar, day)):
            opening = datetime(day.year, day.month, day.day, start // 60, start % 60, tzinfo=zone)
            if opening > local:
                return opening
    return None
