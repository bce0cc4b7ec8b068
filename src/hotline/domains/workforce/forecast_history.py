"""What a forecast learns from: the tenant's own counts, and a history in CSV of the time before there were any."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from hotline.domains.contacts import interval_history
from hotline.domains.contacts.rules import day_begins
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce.passing_time import PassingDays, passing_days
from hotline.planning.forecast.forecasting import MOST_DAYS
from hotline.planning.forecast.history import Bools, Floats, Integers

_QUARTER_S = 900


@dataclass(slots=True)
class History:
    """Counts and handle times (seconds) per queue and brand: days from `first` to `last` × intervals; NaN: unknown."""

    first: date
    last: date
    interval_s: int
    counts: dict[tuple[str, str], Floats] = field(default_factory=dict)
    handle_s: dict[tuple[str, str], Floats] = field(default_factory=dict)
    is_simulated: bool = False
    skipped: dict[date, list[int]] = field(default_factory=dict)  # intervals of a day that the clocks jumped over

    def day(self, day: date) -> int:
        """The row of the day."""
        return (day - self.first).days

    def rows_of(self, key: tuple[str, str]) -> tuple[Floats, Floats]:
        """The series' own tables, made when it comes first."""
        shape = ((self.last - self.first).days + 1, 86_400 // self.interval_s)
        for tables in (self.counts, self.handle_s):
            tables.setdefault(key, np.full(shape, np.nan))
        return self.counts[key], self.handle_s[key]


def merged(tenant_id: UUID, series: Iterable[dict[str, Any]], last: date, zone: str, interval_s: int) -> History:
    """The uploaded series and after each its own counts, up to `last` or the last day that has any; needs a scope.

    Raises NoHistoryError when there is not one day."""
    uploads = [one for one in series if date.fromisoformat(one["first_day"]) <= last]
    began = interval_history.first_interval(tenant_id)
    own_first = began.astimezone(ZoneInfo(zone)).date() if began is not None else None
    firsts = [date.fromisoformat(one["first_day"]) for one in uploads]
    if own_first is not None:
        firsts.append(own_first)
    if not firsts or min(firsts) > last:
        raise errors.NoHistoryError(last=last)
    history = History(max(min(firsts), last - timedelta(days=MOST_DAYS - 1)), last, interval_s)
    covered = {(one["queue"], one["brand"]): _add_upload(history, one) for one in uploads}
    if own_first is not None and own_first <= last:
        _add_own(history, tenant_id, zone, max(own_first, history.first), covered)
    return _without_empty_end(history)


def brands_of_queues(tenant_id: UUID) -> dict[str, str]:
    """The brand that a queue is for, by queue id: one whose required skill stands for a single brand; needs a scope."""
    brands = {
        one.skill_id: one.values[0]
        for one in people.skills_standing()
        if one.kind == "brand" and len(one.values) == 1 and one.tenant_id == str(tenant_id)
    }
    return {
        queue.queue_id: brands[skill]
        for queue in routing.planned_queues(tenant_id)
        for skill in sorted(queue.levels)
        if skill in brands
    }


def queues_by_word(tenant_id: UUID) -> dict[str, str]:
    """The id of each queue by its names, code and id, in small letters; needs a scope."""
    found = {}
    for queue in routing.planned_queues(tenant_id):
        for word in (*queue.name.values(), queue.code, queue.queue_id):
            found[word.strip().lower()] = queue.queue_id
    if len(set(found.values())) == 1:
        found[""] = next(iter(found.values()))
    return found


def _add_upload(history: History, one: dict[str, Any]) -> date:
    """Take over the rows within the history's days; answers the first day after them."""
    first = date.fromisoformat(one["first_day"])
    counts, handle_s = history.rows_of((one["queue"], one["brand"]))
    end = first + timedelta(days=len(one["counts"]))
    begin, until = max(first, history.first), min(end, history.last + timedelta(days=1))
    if begin < until:
        source, place = slice((begin - first).days, (until - first).days), slice(history.day(begin), history.day(until))
        counts[place] = np.array(one["counts"][source], dtype=np.float64)
        if one["handle_s"] is not None:
            handle_s[place] = np.array(one["handle_s"][source], dtype=np.float64)
    return until


def _add_own(history: History, tenant_id: UUID, zone: str, first: date, covered: dict[tuple[str, str], date]) -> None:
    """Add the own counts of each queue from its first day on that no upload covers. A day without any row of any queue
    stays unknown: nothing ran. On the others no row means no call."""
    days = passing_days(history.first, history.last, history.interval_s, ZoneInfo(zone))
    covered_until: dict[str, date] = {}
    for (queue, _brand), day in covered.items():
        covered_until[queue] = max(day, covered_until.get(queue, day))
    own = _own_counts(history, tenant_id, day_begins(first, zone), days, covered_until)
    shown = days.times_shown()
    for queue, asked in own.asked.items():
        is_own = own.ran.copy()
        is_own[: history.day(max(covered_until.get(queue, first), first))] = False
        counts, handle_s = history.rows_of((queue, ""))
        counts[is_own] = _by_the_wall(asked, shown)[is_own]
        has_handle = is_own[:, None] & (own.answered[queue] > 0)
        handle_s[has_handle] = own.handled_s[queue][has_handle] / own.answered[queue][has_handle]
    history.skipped = {
        history.first + timedelta(days=row): np.flatnonzero(shown[row] == 0).tolist()
        for row in np.flatnonzero((shown == 0).any(axis=1) & own.ran).tolist()
    }


def _by_the_wall(sums: Floats, shown: Integers) -> Floats:
    """Counts as of a plain day: an hour that came twice counts as its mean, one that never came is unknown."""
    return np.divide(sums, shown, out=np.full_like(sums, np.nan), where=shown > 0)


@dataclass(slots=True)
class _OwnCounts:
    """Sums per queue by the wall (days × intervals), and the days on which anything ran."""

    ran: Bools
    asked: dict[str, Floats] = field(default_factory=dict)
    answered: dict[str, Floats] = field(default_factory=dict)
    handled_s: dict[str, Floats] = field(default_factory=dict)


def _own_counts(
    history: History, tenant_id: UUID, begins: datetime, days: PassingDays, covered_until: dict[str, date]
) -> _OwnCounts:
    known = {queue.queue_id for queue in routing.planned_queues(tenant_id)}
    shape = (len(days.firsts), days.a_day)
    own = _OwnCounts(ran=np.zeros(shape[0], dtype=np.bool_))
    for row in interval_history.interval_counts(tenant_id, begins, day_bounds_of(days)[1]):
        at = days.index(row.starts_at)
        place = (int(days.day[at]), int(days.place[at]))
        own.ran[place[0]] = True
        queue = str(row.queue_id)
        if queue not in known or place[0] < history.day(covered_until.get(queue, history.first)):
            continue
        history.is_simulated = history.is_simulated or row.is_simulated
        handled_s = row.handle_ms / 1000
        for tables, number in ((own.asked, row.asked), (own.answered, row.interactions), (own.handled_s, handled_s)):
            tables.setdefault(queue, np.zeros(shape))[place] += number
    return own


def _without_empty_end(history: History) -> History:
    """Ended on its last day with a known count. Raises NoHistoryError when there is none."""
    with_counts = [~np.isnan(counts).all(axis=1) for counts in history.counts.values()]
    known = np.flatnonzero(np.any(with_counts, axis=0)) if with_counts else np.array([], dtype=np.int64)
    if not len(known):
        raise errors.NoHistoryError(last=history.last)
    first, last = int(known[0]), int(known[-1])
    history.last = history.first + timedelta(days=last)
    history.first += timedelta(days=first)
    for tables in (history.counts, history.handle_s):
        for key, table in tables.items():
            tables[key] = table[first : last + 1]
    return history


def local_yesterday(now: datetime, zone: str) -> date:
    """The tenant's last whole day."""
    return now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def actual_counts(tenant_id: UUID, days: PassingDays) -> dict[str, Floats]:
    """Contacts that asked per queue, for each interval that passes; NaN from now on and where nothing ran. Needs a
    scope."""
    now = datetime.now(UTC)
    found: dict[str, Floats] = {}
    ran = np.zeros(len(days.firsts), dtype=np.bool_)
    begins, ends = day_bounds_of(days)
    for row in interval_history.interval_counts(tenant_id, begins, min(ends, now)):
        at = days.index(row.starts_at)
        ran[days.day[at]] = True
        found.setdefault(str(row.queue_id), np.zeros(len(days.starts)))[at] += row.asked
    is_known = days.over(now) & ran[days.day]
    for values in found.values():
        values[~is_known] = np.nan
    return found


def day_bounds_of(days: PassingDays) -> tuple[datetime, datetime]:
    """The moments at which the first day begins and the last one ends."""
    return days.starts[0], day_begins(days.last + timedelta(days=1), str(days.zone))
