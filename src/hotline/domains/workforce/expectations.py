"""What is expected of a tenant's day before it began, by queue and quarter of an hour: the accepted forecast, or what
came on the same weekday lately where there is none."""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import numpy as np

from hotline.domains.contacts.interval_history import interval_counts
from hotline.domains.contacts.rules import day_bounds
from hotline.domains.workforce import forecast_queries
from hotline.domains.workforce.day_plan import Window
from hotline.domains.workforce.intraday import QUARTER, QUARTER_S, USUAL_HANDLE_S, handle_times
from hotline.domains.workforce.passing_time import PassingDays, passing_days

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
    accepted = forecast_queries.accepted(window.tenant_id, window.day)
    if accepted is None:
        return "history", _of_weekday(window)
    return "forecast", _of_forecast(window, accepted)


def _of_forecast(window: Window, accepted: forecast_queries.AcceptedForecast) -> dict[UUID, Expected]:
    """The brands of a queue added up; an interval that is longer than a quarter divided evenly."""
    places = [accepted.days.index(moment) for moment in moments_of(window)]
    parts = max(1, accepted.interval_s // QUARTER_S)
    calls: dict[UUID, list[float]] = {}
    work_s: dict[UUID, list[float]] = {}
    for one in accepted.curves:
        queue_id = UUID(one.queue_id)
        sums, works = (table.setdefault(queue_id, [0.0] * len(places)) for table in (calls, work_s))
        for at, place in enumerate(places):
            came = float(one.curve.calls[place]) / parts
            took_s = USUAL_HANDLE_S if one.curve.handle_s is None else float(one.curve.handle_s[place])
            sums[at] += came
            works[at] += came * (took_s if math.isfinite(took_s) else USUAL_HANDLE_S)
    return {
        queue_id: Expected(
            sums,
            [
                round(work / came, 1) if came else USUAL_HANDLE_S
                for work, came in zip(work_s[queue_id], sums, strict=True)
            ],
        )
        for queue_id, sums in calls.items()
        if any(sums)
    }


def _of_weekday(window: Window) -> dict[UUID, Expected]:
    """The mean of the same weekday of the last four weeks, of those days on which anything came at all."""
    counts: dict[UUID, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    handled: dict[UUID, dict[int, tuple[int, int]]] = defaultdict(dict)
    shown = np.zeros(_DAY_QUARTERS)
    for week in range(1, _WEEKS + 1):
        past = _day_of(window, week)
        found = list(interval_counts(window.tenant_id, *day_bounds(past.first, window.zone.key)))
        shown += past.times_shown()[0] * bool(found)
        for row in found:
            at = int(past.place[past.index(row.starts_at)])
            counts[row.queue_id][at] += row.asked
            ms, interactions = handled[row.queue_id].get(at, (0, 0))
            handled[row.queue_id][at] = ms + row.handle_ms, interactions + row.interactions
    places = _day_of(window).place.tolist()  # of an hour that comes twice both are alike
    return {
        queue_id: Expected(
            [by_place[place] / max(1.0, float(shown[place])) for place in places],
            handle_times(handled[queue_id], len(places)),
        )
        for queue_id, by_place in counts.items()
    }


def _day_of(window: Window, weeks_ago: int = 0) -> PassingDays:
    day = window.day - timedelta(weeks=weeks_ago)
    return passing_days(day, day, QUARTER_S, window.zone)
