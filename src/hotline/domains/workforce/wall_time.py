"""The clock on the wall and the moments it shows: shifts stand in local minutes, the database holds moments."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment_at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC, so that differences are time that passes) at which the clock on the wall shows so many minutes
    after the local midnight of `day`; one that the clocks jump over is that hour later, one that comes twice the first.
    """
    return (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=zone).astimezone(UTC)


def minute_at(day: date, moment: datetime, zone: ZoneInfo) -> int:
    """What the clock on the wall shows at that moment, in minutes from the local midnight of `day`."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    return int((local - datetime.combine(day, time())).total_seconds() // 60)


def moments_of(day: date, pieces: Iterable[Iterable[int]], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a day's work begins and ends."""
    minutes = [minute for piece in pieces for minute in piece]
    return moment_at(day, min(minutes), zone), moment_at(day, max(minutes), zone)
