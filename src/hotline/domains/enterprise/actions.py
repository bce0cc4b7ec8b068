"""Writes to sites, seats, calendars and departments. Each is one transaction with its audit line."""

from datetime import date
from typing import Any, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from hotline.domains.enterprise import errors, rules
from hotline.domains.enterprise.announcements import NODE, ROUTING, announce
from hotline.domains.enterprise.models import Department, OpeningCalendar, OpeningCalendarVersion, Seat, Site
from hotline.domains.setup_records import Writes, add, locked, remove, revise, setup_write
from hotline.foundation import audit
from hotline.foundation.actors import Actor

MOST_SEATS_AT_ONCE = 500  # one transaction


def _announce_seats(tenant_id: UUID) -> None:
    announce(tenant_id, ROUTING)


sites = Writes(Site, announce=_announce_seats)
seats = Writes(Seat, check=Seat.settle, announce=_announce_seats)
departments = Writes(Department)

_SCHEDULE = ("valid_from", "weekly", "exceptions", "is_provisional")


class SeatsAdded(msgspec.Struct, frozen=True, kw_only=True):
    """How many seats of a row were made, and how many were there already and stay as they are."""

    created: int
    existing: int


def add_seats(actor: Actor, site_id: UUID, first: str, last: str, state: str = Seat.State.USABLE) -> SeatsAdded:
    """Make a row of seats such as A001 to A040 at a site; those that exist are left alone.

    Raises SeatRangeError, and NotFoundError for a site that the actor may not configure."""
    labels = rules.seat_labels(first, last, MOST_SEATS_AT_ONCE)
    with setup_write(actor) as admin:
        site = locked(Site, site_id)  # two rows at once are made one after the other
        known = set(Seat.objects.filter(site=site, label__in=labels).values_list("label", flat=True))
        made = [Seat(tenant_id=site.tenant_id, site=site, label=label, state=state) for label in labels]
        made = [seat for seat in made if seat.label not in known]
        for seat in made:
            seat.settle()
        Seat.objects.bulk_create(made)
        details = {"first": first, "last": last, "state": state, "created": len(made), "existing": len(known)}
        audit.record(admin, "seat.row_created", "site", site.pk, site.tenant_id, details)
        _announce_seats(site.tenant_id)
    return SeatsAdded(created=len(made), existing=len(known))


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
            announce(calendar.tenant_id, NODE, ROUTING)

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
