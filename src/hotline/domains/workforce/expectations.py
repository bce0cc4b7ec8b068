"""What is expected of a tenant's day before it began, by queue and quarter of an hour: the accepted forecast, or what
came on the same weekday lately where there is none."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from hotline.domains.contacts.quarters import Quarter, quarters
from hotline.domains.contacts.rules import day_bounds
from hotline.domains.workforce.day_plan import Window, minute_at
from hotline.domains.workforce.intraday import QUARTER, handle_times

_WEEKS: Final = 4
_DAY_QUARTERS: Final = 96
Source = Literal["forecast", "history"]


@dataclass(frozen=True, slots=True)
class Expected:
    """Calls and handle time in seconds of each quarter of the day."""

    calls: list[float]
    handle_s: list[float]


def moments_of(window: Window) -> list[datetime]:
    """The begin of each quarter of an hour of the day, as they pass."""
    return [window.begins + QUARTER * at for at in range(round((window.ends - window.begins) / QUARTER))]


def of_day(window: Window) -> tuple[Source, dict[UUID, Expected]]:
    """What is expected by queue, and whence that is known; needs a scope."""
    return "history", _of_weekday(window)


def _of_weekday(window: Window) -> dict[UUID, Expected]:
    """The mean of the same weekday of the last four weeks, of those days on which anything came at all."""
    counts: dict[UUID, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    handled: dict[UUID, dict[int, tuple[int, int]]] = defaultdict(dict)
    days = 0
    for week in range(1, _WEEKS + 1):
        found = _rows_of(window, week)
        days += bool(found)
        for at, row in found:
            counts[row.queue_id][at] += row.asked
            ms, interactions = handled[row.queue_id].get(at, (0, 0))
            handled[row.queue_id][at] = ms + row.handle_ms, interactions + row.interactions
    places = _places(window)
    return {
        queue_id: Expected(
            [by_place[place] / max(1, days) for place in places], handle_times(handled[queue_id], len(places))
        )
        for queue_id, by_place in counts.items()
    }


def _rows_of(window: Window, weeks_ago: int) -> list[tuple[int, Quarter]]:
    day = window.day - timedelta(weeks=weeks_ago)
    begins, ends = day_bounds(day, window.zone.key)
    return [
        (_place(minute_at(day, row.starts_at, window.zone)), row) for row in quarters(window.tenant_id, begins, ends)
    ]


def _places(window: Window) -> list[int]:
    """Which quarter the clock on the wall shows in each that passes: of an hour that comes twice both are alike."""
    return [_place(minute_at(window.day, moment, window.zone)) for moment in moments_of(window)]


def _place(minute: int) -> int:
    return minute // 15 % _DAY_QUARTERS
