"""What others may know of sites, departments and calendars: frozen structs, never models."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.enterprise import rules, schemas
from hotline.domains.enterprise.models import Department, OpeningCalendar, OpeningCalendarVersion, Seat, SeatUse, Site
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.setup_routes import Names, Reads
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.messages.configuration import (
    CalendarConfiguration,
    CalendarVersion,
    SeatConfiguration,
    SiteConfiguration,
)


def tenant_of_site(site_id: UUID) -> UUID | None:
    """Whose site it is, None when there is none; needs a scope."""
    return Site.objects.filter(pk=site_id).values_list("tenant_id", flat=True).first()


def require_sites(tenant_id: UUID, site_ids: Iterable[UUID], field: str) -> None:
    """Pass ids of the tenant's sites. Raises UnknownReferenceError for another; needs a scope."""
    wanted = {*site_ids}
    if wanted:
        found = set(Site.objects.filter(tenant_id=tenant_id, pk__in=wanted).values_list("pk", flat=True))
        for missing in sorted(wanted - found):
            raise UnknownReferenceError(field=field, value=str(missing))


def site_configurations() -> tuple[SiteConfiguration, ...]:
    """The scope's sites for the switch, ordered by id, with their seats by label; needs a scope."""
    seats: dict[UUID, list[SeatConfiguration]] = defaultdict(list)
    for seat in Seat.objects.order_by("site_id", "label", "pk"):
        is_reserve = seat.state == Seat.State.RESERVE
        seats[seat.site_id].append(SeatConfiguration(str(seat.pk), seat.label, seat.standing_fault, is_reserve))
    return tuple(
        SiteConfiguration(
            site_id=str(site.pk),
            tenant_id=str(site.tenant_id),
            name_zh=site.name["zh"],
            name_en=site.name["en"],
            seats=tuple(seats[site.pk]),
        )
        for site in Site.objects.order_by("pk")
    )


class DepartmentChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A department to which a ticket can go."""

    department_id: str
    code: str
    name: dict[str, str]
    mailbox: str


def departments(actor: Actor, tenant_id: UUID) -> list[DepartmentChoice]:
    """The tenant's departments in use, by code."""
    with scope_of(actor):
        rows = Department.objects.filter(tenant_id=tenant_id, is_active=True).order_by("code")
        return [
            DepartmentChoice(department_id=str(row.pk), code=row.code, name=dict(row.name), mailbox=row.mailbox)
            for row in rows
        ]


class DepartmentHours(msgspec.Struct, frozen=True, kw_only=True):
    """A department in use and whether it is open; one without a calendar always is. `opens_at`: when it opens next."""

    department_id: str
    tenant_id: str
    name: dict[str, str]
    is_open: bool
    opens_at: datetime | None


def department_hours(actor: Actor, moment: datetime) -> list[DepartmentHours]:
    """The departments in use of the actor's tenants at that moment, by code."""
    with scope_of(actor):
        rows = Department.objects.filter(is_active=True).select_related("calendar").order_by("code", "id")
        return [_hours(row, moment) for row in rows.prefetch_related("calendar__versions")]


def _hours(row: Department, moment: datetime) -> DepartmentHours:
    calendar = calendar_configuration(row.calendar) if row.calendar is not None else None
    is_open = calendar is None or rules.is_open(calendar, moment)
    return DepartmentHours(
        department_id=str(row.pk),
        tenant_id=str(row.tenant_id),
        name=dict(row.name),
        is_open=is_open,
        opens_at=None if calendar is None or is_open else rules.next_opening(calendar, moment),
    )


def calendar_configurations() -> tuple[CalendarConfiguration, ...]:
    """Every calendar of the scope with its versions, for the nodes, ordered by id."""
    rows = OpeningCalendar.objects.prefetch_related("versions").order_by("pk")
    return tuple(map(calendar_configuration, rows))


def public_holidays(tenant_id: UUID, first: date, last: date) -> frozenset[date]:
    """The days within these that one of the tenant's calendars calls a holiday; needs a scope."""
    rows = OpeningCalendarVersion.objects.filter(tenant_id=tenant_id).values_list("exceptions", flat=True)
    days = [day for exceptions in rows for day in msgspec.convert(exceptions, list[rules.CalendarDay])]
    found = {date.fromisoformat(day.day) for day in days if day.kind == "holiday"}
    return frozenset(day for day in found if first <= day <= last)


def exceptional_days(tenant_id: UUID, first: date, last: date) -> list[rules.CalendarDay]:
    """The dated exceptions within these days of all the tenant's calendars, each day and kind once, by day; needs a
    scope."""
    rows = OpeningCalendarVersion.objects.filter(tenant_id=tenant_id).order_by("valid_from", "number")
    found = {}
    for exceptions in rows.values_list("exceptions", flat=True):
        for day in msgspec.convert(exceptions, list[rules.CalendarDay]):
            if first.isoformat() <= day.day <= last.isoformat():
                found[day.day, day.kind] = day
    return [found[key] for key in sorted(found)]


def calendar_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's calendars; needs a scope."""
    return frozenset(map(str, OpeningCalendar.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)))


def is_calendar_open(actor: Actor, calendar_id: UUID, moment: datetime) -> bool:
    """Whether a calendar of the actor's tenants is open at that moment; an unknown one is not."""
    with scope_of(actor):
        row = OpeningCalendar.objects.prefetch_related("versions").filter(pk=calendar_id).first()
        return row is not None and rules.is_open(calendar_configuration(row), moment)


def calendar_hours(calendar_id: UUID | None, moment: datetime) -> tuple[bool, datetime | None]:
    """Whether the calendar is open at that moment, and when a closed one opens next, None for never; without a calendar
    it is always open. Needs a scope. Two queries."""
    rows = OpeningCalendar.objects.prefetch_related("versions")
    calendar = rows.filter(pk=calendar_id).first() if calendar_id is not None else None
    if calendar is None:
        return True, None
    known = calendar_configuration(calendar)
    if rules.is_open(known, moment):
        return True, None
    return False, rules.next_opening(known, moment)


def calendar_configuration(calendar: OpeningCalendar) -> CalendarConfiguration:
    """The calendar as switch and nodes read it."""
    return CalendarConfiguration(
        calendar_id=str(calendar.pk),
        time_zone=calendar.time_zone,
        versions=tuple(map(_version, calendar.versions.all())),
        name_zh=calendar.name["zh"],
        name_en=calendar.name["en"],
    )


def _version(version: OpeningCalendarVersion) -> CalendarVersion:
    days = msgspec.convert(version.exceptions, list[rules.CalendarDay])
    return rules.calendar_version(version.valid_from.isoformat(), version.weekly, days)


def _calendar_out(calendar: OpeningCalendar) -> schemas.CalendarOut:
    return schemas.CalendarOut(
        id=calendar.pk,
        tenant_id=calendar.tenant_id,
        version=calendar.version,
        updated_at=calendar.updated_at,
        code=calendar.code,
        name=Names(**calendar.name),
        time_zone=calendar.time_zone,
        versions=[schemas.CalendarVersionOut.from_orm(version) for version in calendar.versions.all()],
        is_open_now=rules.is_open(calendar_configuration(calendar), timezone.now()),
    )


site_records = Reads(Site, schemas.SiteOut.from_orm)
seat_records = Reads(Seat, schemas.SeatOut.from_orm, search=("label",), order=("label", "id"))
department_records = Reads(Department, schemas.DepartmentOut.from_orm)
calendar_records = Reads(OpeningCalendar, _calendar_out, related=("versions",))


class SeatStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as the registry has it, and who sits there as far as the routing log is read."""

    seat_id: UUID
    site_id: UUID
    label: str
    is_reserve: bool
    fault: str | None
    agent_id: UUID | None


def seats_standing() -> list[SeatStanding]:
    """Every seat of the scope with who sits there, by label; needs a scope."""
    taken = dict(SeatUse.objects.filter(ended_at=None).values_list("seat_id", "agent_id"))
    return [
        SeatStanding(
            seat_id=seat.pk,
            site_id=seat.site_id,
            label=seat.label,
            is_reserve=seat.state == Seat.State.RESERVE,
            fault=seat.standing_fault,
            agent_id=taken.get(seat.pk),
        )
        for seat in Seat.objects.order_by("label", "pk")
    ]


class SiteName(msgspec.Struct, frozen=True, kw_only=True):
    """A site and whose it is."""

    site_id: UUID
    tenant_id: UUID
    code: str
    name: dict[str, str]


def site_names() -> list[SiteName]:
    """The scope's sites by code; needs a scope."""
    rows = Site.objects.order_by("code", "pk")
    return [SiteName(site_id=site.pk, tenant_id=site.tenant_id, code=site.code, name=dict(site.name)) for site in rows]


def seat_uses(tenant_id: UUID, begins: datetime, ends: datetime) -> list[tuple[UUID, datetime, datetime | None]]:
    """Site, beginning and end (None: still there) of each use of a tenant's seats that touches the time between."""
    rows = SeatUse.objects.filter(tenant_id=tenant_id, began_at__lt=ends)
    return list(rows.exclude(ended_at__lte=begins).values_list("site_id", "began_at", "ended_at"))


class AgentSeat(NamedTuple):
    """An agent at a seat of a site, from when until when (None: still there)."""

    agent_id: UUID
    site_id: UUID
    began_at: datetime
    ended_at: datetime | None


def agent_seats(tenant_id: UUID, begins: datetime, ends: datetime) -> list[AgentSeat]:
    """Who sat at which site, of all uses of a tenant's seats that touch the time between, by time; needs a scope."""
    rows = SeatUse.objects.filter(tenant_id=tenant_id, began_at__lt=ends).exclude(ended_at__lte=begins)
    return [AgentSeat(*row) for row in rows.order_by("began_at").values_list(*AgentSeat._fields)]
