"""What the API shows of coverage."""

from datetime import date
from uuid import UUID

from ninja import Schema

from hotline.domains.setup_routes import Names


class CoverageFilter(Schema):
    """Both days are included; at most 400 of them."""

    first_day: date
    last_day: date
    tenant_id: UUID | None = None


class CoverageGap(Schema):
    """Open time of one day with nobody able there; minutes from its midnight by the clock on the wall."""

    day: date
    begins_min: int
    ends_min: int
    is_holiday: bool


class QueueCoverage(Schema):
    """Shares are hundredths of a per cent of the open intervals, none where the queue is closed: of all days, and of
    each day from the first on. `gaps` are the first 400 of `gap_count`."""

    queue_id: UUID
    name: Names
    is_always_open: bool
    open_intervals: int
    covered_intervals: int
    share: int | None
    days: list[int | None]
    gap_count: int
    gaps: list[CoverageGap]


class CoverageOut(Schema):
    """By the published rosters, without those who are absent. `holidays` are the public ones of these days."""

    tenant_id: UUID
    first_day: date
    last_day: date
    interval_min: int
    holidays: list[date]
    queues: list[QueueCoverage]
