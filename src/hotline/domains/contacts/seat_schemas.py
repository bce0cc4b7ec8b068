"""What the API shows of seats per site."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema


class SeatPeakOut(Schema):
    """The most seats in use at once on a local day, and when that was first so (null: nobody sat anywhere)."""

    day: date
    in_use: int
    at: datetime | None


class SiteSeatsOut(Schema):
    """A site's seats as they are now, each counted once: one that is out of order is broken, whoever sits there;
    `reserve` are those among the free that are kept in reserve."""

    site_id: UUID
    tenant_id: UUID
    site_name: dict[str, str]
    seats: int
    free: int
    in_use: int
    broken: int
    reserve: int
    peaks: list[SeatPeakOut]


class SeatReportOut(Schema):
    first_day: date
    last_day: date
    as_of: datetime
    sites: list[SiteSeatsOut]
