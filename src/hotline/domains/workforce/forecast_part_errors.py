"""Forecasts by channel and by site beside what came: hour by hour, because so contacts are counted by part."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from hotline.domains.workforce import forecast_parts
from hotline.domains.workforce.forecast_content import Content, curves_of, days_of
from hotline.domains.workforce.forecast_cuts import CUTS, Cut, Cuts
from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.passing_time import PassingDays
from hotline.planning.forecast.history import Bools, Floats, Integers

_REACHES: Final = ((1, 1), (2, 7), (8, 14), (15, 28), (29, 10_000))  # days ahead, both included


@dataclass(frozen=True, slots=True)
class _Hours:
    """A forecast's days by local hours (days × 24), with what came in them of each part of a queue."""

    days: PassingDays
    hour: Integers  # of each interval
    came: dict[tuple[str, forecast_parts.Cut, str], Floats]
    is_known: Bools  # hours that are over, of days on which anything came

    def table(self, values: Floats) -> Floats:
        """Values of the intervals, added up by hour."""
        found = np.zeros(self.is_known.shape)
        np.add.at(found, (self.days.day, self.hour), values)
        return found

    def whole(self, of_intervals: Bools) -> Bools:
        """Hours all of whose intervals are chosen."""
        chosen = self.table(of_intervals.astype(np.float64))
        return np.asarray((chosen > 0) & (chosen == self.table(np.ones(len(of_intervals)))), dtype=np.bool_)


def accuracy(forecast: Forecast, content: Content) -> list[dict[str, Any]]:
    """Errors over the days gone by of each queue's channels and sites, and of those of all queues where there are
    several; by days ahead too. Only where contacts were counted by part; needs a scope."""
    days = days_of(forecast, content)
    hours = _hours_of(forecast, days)
    cuts = Cuts(content, curves_of(content, list(forecast.changes.order_by("pk")), days), days)
    learnt_to = forecast.history_to or forecast.first_day - timedelta(days=1)
    ahead = (days.first - learnt_to).days + np.arange(len(days.firsts))
    found: list[dict[str, Any]] = []
    together: dict[tuple[Cut, str], list[tuple[Floats, Floats]]] = defaultdict(list)
    queues = set()
    for queue_id, cut, name, expected, came in _parts_beside(content, cuts, hours):
        found.append(_row(queue_id, cut, name, expected, came, ahead))
        together[cut, name].append((expected, came))
        queues.add(queue_id)
    if len(queues) < 2:
        return found
    sums = (
        (key, np.sum([one for one, _ in own], axis=0), np.sum([one for _, one in own], axis=0))
        for key, own in together.items()
    )
    return [_row(None, *key, expected, came, ahead) for key, expected, came in sums] + found


def effects(
    made: ForecastChange, content: Content, earlier: Sequence[ForecastChange], days: PassingDays
) -> list[dict[str, Any]]:
    """Contacts that came, and those missed without and with the change, by channel and by site, over the whole hours of
    its time; `earlier` are the changes up to it, itself the last. Needs a scope."""
    hours = _hours_of(made.forecast, days)
    starts = np.array([made.begins_at <= start < made.ends_at for start in days.starts])
    during = hours.whole(starts)
    before, after = (Cuts(content, curves_of(content, changes, days), days) for changes in (earlier[:-1], earlier))
    sums: dict[tuple[Cut, str], Floats] = defaultdict(lambda: np.zeros(3))
    pairs = zip(_parts_beside(content, before, hours), _parts_beside(content, after, hours), strict=True)
    for (queue_id, cut, name, without, came), (*_, with_it, _came) in pairs:
        if made.queue_id is not None and str(made.queue_id) != queue_id:
            continue
        at = during & ~np.isnan(came)
        sums[cut, name] += [float(one[at].sum()) for one in (came, np.abs(without - came), np.abs(with_it - came))]
    heads = ("actual", "missed_before", "missed_after")
    return [
        {"by": cut, "name": name} | {head: round(float(value), 2) for head, value in zip(heads, values, strict=True)}
        for (cut, name), values in sums.items()
    ]


def _hours_of(forecast: Forecast, days: PassingDays) -> _Hours:
    now = datetime.now(UTC)
    came = forecast_parts.came(forecast.tenant_id, days.first, days.last, str(days.zone), now)
    ran = np.zeros(len(days.firsts), dtype=np.bool_)
    for (_, cut, _name), counts in came.items():
        if cut == "channel":
            ran |= counts.sum(axis=1) > 0
    hour = np.asarray(days.place * days.interval_s // 3600, dtype=np.int64)
    hours = _Hours(days, hour, came, np.zeros((len(days.firsts), 24), dtype=np.bool_))
    return _Hours(days, hour, came, hours.whole(days.over(now)) & ran[:, None])


def _parts_beside(content: Content, cuts: Cuts, hours: _Hours) -> Iterator[tuple[str, Cut, str, Floats, Floats]]:
    """Queue, cut and name of each part that has counts, what was expected of it by hour, and came; NaN: unknown."""
    told = {(one.queue, one.cut) for one in content.parts}
    counted = {(queue, cut) for (queue, cut, _), counts in hours.came.items() if counts[hours.is_known].sum() > 0}
    nothing = np.zeros(hours.is_known.shape)
    for cut in CUTS:
        expected = {(part.queue_id, part.name): hours.table(part.curve.calls) for part in cuts.of(cut)}
        names = {*expected, *((queue, name) for queue, other, name in hours.came if other == cut)}
        for queue_id, name in sorted(names):
            if {(queue_id, cut)} <= told & counted:
                came = hours.came.get((queue_id, cut, name), nothing)
                own = np.where(hours.is_known, came, np.nan)
                yield queue_id, cut, name, expected.get((queue_id, name), nothing), own


def _row(queue_id: str | None, cut: Cut, name: str, expected: Floats, came: Floats, ahead: Integers) -> dict[str, Any]:
    reaches = []
    for first, last in _REACHES:
        rows = (first <= ahead) & (ahead <= last)
        known = ~np.isnan(came[rows])
        if known.any():
            until = int(ahead[rows & ~np.isnan(came).all(axis=1)].max())
            reaches.append({"from_day": first, "to_day": until} | _errors(expected[rows], came[rows]))
    return {"queue_id": queue_id, "by": cut, "name": name, "by_days_ahead": reaches} | _errors(expected, came)


def _errors(expected: Floats, came: Floats) -> dict[str, Any]:
    known = ~np.isnan(came)
    # A day of which an hour is missing (not over, or leapt over by the clocks) is compared by the others.
    whole = known.sum(axis=1) >= 23
    days = [np.where(known, one, 0).sum(axis=1)[whole] for one in (expected, came)]
    actual = float(came[known].sum())
    return {
        "days": int(whole.sum()),
        "expected": round(float(expected[known].sum()), 1),
        "actual": round(actual, 1),
        "wape": _share(float(np.abs(expected - came)[known].sum()), actual),
        "day_wape": _share(float(np.abs(days[0] - days[1]).sum()), float(days[1].sum())),
        "bias": _share(float((expected - came)[known].sum()), actual),
    }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 5) if whole > 0 else None
