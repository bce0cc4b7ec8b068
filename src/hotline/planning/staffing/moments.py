"""The intervals of local days as real moments: a day on which the clocks change has fewer or more of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moments(first: date, last: date, zone: ZoneInfo, interval_min: int) -> list[datetime]:
    """When each interval of the days begins (UTC), from the first day's local midnight to that after the last day.

    A midnight that the clocks jump over is the moment at which they do."""
    begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    step = timedelta(minutes=interval_min)
    return [begin + number * step for number in range((end - begin) // step)]


def day_places(begins: Sequence[datetime], zone: ZoneInfo) -> list[slice]:
    """For each local day in turn, the places of its intervals."""
    days = [begin.astimezone(zone).date() for begin in begins]
    edges = [n for n, day in enumerate(days) if n == 0 or day != days[n - 1]]
    return [slice(edge, after) for edge, after in zip(edges, [*edges[1:], len(days)], strict=True)]


def wall_text(begin: datetime, zone: ZoneInfo) -> str:
    """The local time as 2026-12-07T08:00; with its offset where the clock on the wall shows it twice."""
    local = begin.astimezone(zone)
    text = local.strftime("%Y-%m-%dT%H:%M")
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    offset = local.isoformat(timespec="minutes")[len(text) :]
    return text + offset if is_twice else text
