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


class CoverageRun(Schema):
    """The same gap on `days` days: every day from the first to the last, or on these weekdays (0 is Monday) of it.
    Minutes from midnight; an end beyond 1440 lies on the next day."""

    first_day: date
    last_day: date
    weekdays: list[int]
    begins_min: int
    ends_min: int
    days: int
    holidays: int


class QueueCoverage(Schema):
    """Shares are hundredths of a per cent of the open intervals, none where the queue is closed: of all days, and of
    each day from the first on. `gaps` are the first 400 of `gap_count`, `runs` the first 400 of `run_count`, into
    which equal gaps of many days are joined. `skills` are those that the queue asks for."""

    queue_id: UUID
    name: Names
    is_always_open: bool
    open_intervals: int
    covered_intervals: int
    share: int | None
    days: list[int | None]
    gap_count: int
    gaps: list[CoverageGap]
    run_count: int
    runs: list[CoverageRun]
    skills: list[Names]


class CoverageOut(Schema):
    """By the published rosters, without those who are absent. `holidays` are the public ones of these days."""

    tenant_id: UUID
    first_day: date
    last_day: date
    interval_min: int
    holidays: list[date]
    queues: list[QueueCoverage]
