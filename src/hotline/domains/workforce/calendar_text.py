"""An agent's shifts as an iCalendar text (RFC 5545). Pure.

A day of an agent keeps one UID whatever happens to its shift. Each change of the day raises SEQUENCE, which is made
from the moment of the change, so that nothing has to be counted. A day whose shift is gone is a cancelled event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

_PRODUCT: Final = "-//Hotline//Roster//EN"
_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)  # SEQUENCE is a 32-bit number: seconds from here last until 2088


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day's shift of the agent, or what is left of it."""

    key: str  # of agent and day, in the UID
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    description: str = ""
    is_cancelled: bool = False


def calendar_text(name: str, days: Iterable[CalendarDay], zone: ZoneInfo) -> bytes:
    """The days as a calendar in UTF-8, times in the zone, whose changes of the clocks the text describes itself."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    for day in days:
        calendar.add_component(_event(day, zone))
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _event(day: CalendarDay, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"{day.key}@hotline")
    event.add("dtstamp", day.changed_at.astimezone(UTC))
    event.add("last-modified", day.changed_at.astimezone(UTC))
    event.add("sequence", int((day.changed_at - _SINCE).total_seconds()))
    event.add("dtstart", day.starts_at.astimezone(zone))
    event.add("dtend", day.ends_at.astimezone(zone))
    event.add("summary", day.title)
    if day.description:
        event.add("description", day.description)
    event.add("status", "CANCELLED" if day.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if day.is_cancelled else "OPAQUE")
    return event
