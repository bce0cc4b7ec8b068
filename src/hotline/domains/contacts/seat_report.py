"""Seats per site (row JS-03): free, in use, broken now, and how many were in use at once on each day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.export import BYTE_ORDER_MARK, csv_line
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.enterprise import queries as enterprise
from hotline.foundation.models import Tenant
from hotline.foundation.text import in_language

HEADERS: Final = {
    "en": ("site", "seats", "free", "in use", "broken", "of the free in reserve", "day", "peak in use", "peak at"),
    "zh": ("场地", "坐席位数", "空闲", "使用中", "故障", "空闲中备用", "日期", "峰值使用数", "峰值时刻"),
}
Use = tuple[datetime, datetime | None]


class SeatPeak(msgspec.Struct, frozen=True, kw_only=True):
    """The most seats in use at once on a local day, and when that was first so; None when nobody sat anywhere."""

    day: date
    in_use: int
    at: datetime | None


class SiteSeats(msgspec.Struct, frozen=True, kw_only=True):
    """A site's seats as they are now, each counted once: one that is out of order is broken, whoever sits there."""

    site_id: UUID
    tenant_id: UUID
    site_name: dict[str, str]
    seats: int
    free: int
    in_use: int
    broken: int
    reserve: int  # of the free ones
    peaks: tuple[SeatPeak, ...]


class SeatReport(msgspec.Struct, frozen=True, kw_only=True):
    """Every site of the scope that has or had seats in use, by code."""

    first_day: date
    last_day: date
    as_of: datetime
    sites: tuple[SiteSeats, ...]


def seat_report(first_day: date | None, last_day: date | None) -> SeatReport:
    """Seats now, and the peaks of these local days of their tenants; without days, today's.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    tenants = {tenant.pk: tenant for tenant in tenants_in_scope()}
    days = {
        tenant.pk: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants.values()
    }
    uses = {tenant_id: _uses(tenant, days[tenant_id]) for tenant_id, tenant in tenants.items()}
    standing: dict[UUID, list[enterprise.SeatStanding]] = defaultdict(list)
    for seat in enterprise.seats_standing():
        standing[seat.site_id].append(seat)
    sites = [
        _site(site, standing[site.site_id], tenants[site.tenant_id], days[site.tenant_id], uses[site.tenant_id], now)
        for site in enterprise.site_names()
        if site.tenant_id in tenants and (standing[site.site_id] or site.site_id in uses[site.tenant_id])
    ]
    return SeatReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        sites=tuple(sites),
    )


def seat_lines(report: SeatReport, language: str) -> Iterator[str]:
    """The report as CSV: a line for each site and day, the present counts on each."""
    yield BYTE_ORDER_MARK + csv_line(HEADERS[language])
    for site in report.sites:
        now = (site.seats, site.free, site.in_use, site.broken, site.reserve)
        for peak in site.peaks:
            at = peak.at.isoformat(timespec="seconds") if peak.at is not None else ""
            cells = (in_language(site.site_name, language), *now, peak.day.isoformat(), peak.in_use, at)
            yield csv_line(tuple(map(str, cells)))


def _uses(tenant: Tenant, days: Days) -> dict[UUID, list[Use]]:
    found: dict[UUID, list[Use]] = defaultdict(list)
    for site_id, began_at, ended_at in enterprise.seat_uses(tenant.pk, *days.bounds(tenant.time_zone)):
        found[site_id].append((began_at, ended_at))
    return found


def _site(
    site: enterprise.SiteName,
    seats: list[enterprise.SeatStanding],
    tenant: Tenant,
    days: Days,
    uses: dict[UUID, list[Use]],
    now: datetime,
) -> SiteSeats:
    broken = sum(seat.fault is not None for seat in seats)
    in_use = sum(seat.fault is None and seat.agent_id is not None for seat in seats)
    count = (days.last - days.first).days + 1
    each = [days.first + timedelta(days=number) for number in range(count)]
    own = uses.get(site.site_id, [])
    return SiteSeats(
        site_id=site.site_id,
        tenant_id=site.tenant_id,
        site_name=site.name,
        seats=len(seats),
        free=len(seats) - broken - in_use,
        in_use=in_use,
        broken=broken,
        reserve=sum(seat.is_reserve and seat.fault is None and seat.agent_id is None for seat in seats),
        peaks=tuple(_peak(day, *Days(day, day).bounds(tenant.time_zone), own, now) for day in each),
    )


def _peak(day: date, begins: datetime, ends: datetime, uses: Iterable[Use], now: datetime) -> SeatPeak:
    most, at = peak_of(uses, begins, min(ends, now)) if begins < now else (0, None)
    return SeatPeak(day=day, in_use=most, at=at)


def peak_of(uses: Iterable[Use], begins: datetime, ends: datetime) -> tuple[int, datetime | None]:
    """The most uses at once within the time, and when that was first so; who leaves makes room for who comes."""
    turns: list[tuple[datetime, int]] = []
    for began_at, ended_at in uses:
        if began_at < ends and (ended_at is None or ended_at > begins):
            turns.append((max(began_at, begins), +1))
            if ended_at is not None and ended_at < ends:
                turns.append((ended_at, -1))
    present = most = 0
    at = None
    for moment, by in sorted(turns):
        present += by
        if present > most:
            most, at = present, moment
    return most, at
