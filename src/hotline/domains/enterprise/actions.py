"""Writes to sites, seats, calendars and departments. Each is one transaction with its audit line."""

from datetime import date
from typing import Any, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from hotline.domains.enterprise import errors, rules
from hotline.domains.enterprise.announcements import NODE, announce
from hotline.domains.enterprise.models import Department, OpeningCalendar, OpeningCalendarVersion, Seat, Site
from hotline.domains.setup_records import Writes, add, locked, remove, revise, setup_write
from hotline.foundation import audit
from hotline.foundation.actors import Actor

sites = Writes(Site)
seats = Writes(Seat)
departments = Writes(Department)

_SCHEDULE = ("valid_from", "weekly", "exceptions", "is_provisional")


class CalendarValues(TypedDict, total=False):
    """The schedule (`weekly`, `exceptions`, `valid_from`, `is_provisional`) becomes a version of its own."""

    code: str
    name: dict[str, str]
    time_zone: str
    valid_from: date | None
    weekly: list[list[list[str]]]
    exceptions: list[dict[str, Any]]
    is_provisional: bool


class CalendarWrites:
    """Create, change and remove for calendars, whose schedules are kept as versions."""

    def create(self, actor: Actor, values: CalendarValues, tenant_id: UUID | None = None) -> UUID:
        """The id of the new calendar, which has its first version."""
        with setup_write(actor) as admin:
            calendar = OpeningCalendar(tenant_id=admin.tenant_or_only(tenant_id), **_plain(values))
            _require_time_zone(calendar)
            add(admin, calendar)
            _add_version(admin, calendar, values)
            announce(calendar.tenant_id, NODE)
            return calendar.pk

    def change(self, actor: Actor, calendar_id: UUID | str, version: int, values: CalendarValues) -> None:
        """Rename it or move its zone at once; a changed schedule follows the earlier ones as a new version."""
        with setup_write(actor) as admin:
            calendar = locked(OpeningCalendar, calendar_id, version)
            revise(admin, calendar, _plain(values), check=_require_time_zone)
            if any(name in values for name in _SCHEDULE):
                _add_version(admin, calendar, values)
            announce(calendar.tenant_id, NODE)

    def remove(self, actor: Actor, calendar_id: UUID | str, version: int) -> None:
        with setup_write(actor) as admin:
            calendar = locked(OpeningCalendar, calendar_id, version)
            remove(admin, calendar)
            announce(calendar.tenant_id, NODE)


calendars = CalendarWrites()


def _add_version(admin: Actor, calendar: OpeningCalendar, values: CalendarValues) -> None:
    """Append a version; what is not given is taken from the one before."""
    last = OpeningCalendarVersion.objects.filter(calendar=calendar).last()
    today = timezone.now().astimezone(ZoneInfo(calendar.time_zone)).date()
    version = OpeningCalendarVersion(
        tenant_id=calendar.tenant_id,
        calendar=calendar,
        number=last.number + 1 if last else 1,
        valid_from=values.get("valid_from") or today,
        weekly=values["weekly"] if "weekly" in values or last is None else last.weekly,
        exceptions=values.get("exceptions", last.exceptions if last else []),
        is_provisional=values.get("is_provisional", False),
    )
    if last is not None and version.valid_from < last.valid_from:
        raise errors.CalendarVersionOrderError(valid_from=last.valid_from.isoformat())
    valid_from = version.valid_from.isoformat()
    rules.calendar_version(valid_from, version.weekly, msgspec.convert(version.exceptions, list[rules.CalendarDay]))
    version.save()
    details = {"number": version.number, "valid_from": valid_from, "weekly": version.weekly}
    details["exceptions"] = version.exceptions
    audit.record(admin, "calendar.version_added", "calendar", calendar.pk, calendar.tenant_id, details)


def _plain(values: CalendarValues) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _SCHEDULE}


def _require_time_zone(calendar: OpeningCalendar) -> None:
    if not rules.is_known_time_zone(calendar.time_zone):
        raise errors.TimeZoneUnknownError(time_zone=calendar.time_zone)
