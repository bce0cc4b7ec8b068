"""Forecasts as planners and other rooms read them: curves with changes, what came, errors."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts.export import BYTE_ORDER_MARK, csv_line
from hotline.domains.enterprise import queries as enterprise
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import forecast_effects, forecast_history, forecast_part_errors, planning_runs
from hotline.domains.workforce.forecast_content import (
    Content,
    QueueCurve,
    added_up,
    content_of,
    curves_of,
    days_of,
    plain_curve,
)
from hotline.domains.workforce.forecast_cuts import CUTS, Cut, Cuts, past_totals, sums_of
from hotline.domains.workforce.forecast_errors import ForecastCutError, ForecastNotReadyError
from hotline.domains.workforce.models import Forecast, ForecastChange
from hotline.domains.workforce.passing_time import PassingDays, passing_days
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.parts import bounds_of_part

_HISTORY_DAYS = 56  # shown before the forecast


class AcceptedForecast(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted forecast's curves by the moments of its `days`, planners' changes included."""

    forecast_id: UUID
    first_day: date
    last_day: date
    interval_s: int
    is_simulated: bool
    days: PassingDays
    curves: list[QueueCurve]


def accepted(tenant_id: UUID, day: date) -> AcceptedForecast | None:
    """The forecast accepted last among those that have the day; None when there is none. Needs a scope."""
    rows = Forecast.objects.filter(tenant_id=tenant_id, first_day__lte=day, last_day__gte=day)
    found = rows.exclude(accepted_at=None).order_by("-accepted_at").first()
    return None if found is None else curves(found.pk)


def curves(forecast_id: UUID) -> AcceptedForecast:
    """A forecast's curves. Raises NotFoundError, ForecastNotReadyError. Needs a scope."""
    row = _found(forecast_id)
    content = _content(row)
    days = days_of(row, content)
    return AcceptedForecast(
        forecast_id=row.pk,
        first_day=row.first_day,
        last_day=row.last_day,
        interval_s=content.interval_s,
        is_simulated=content.is_simulated,
        days=days,
        curves=curves_of(content, list(row.changes.order_by("pk")), days),
    )


def page(
    actor: Actor, tenant_id: UUID | None, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The tenant's forecasts, newest first."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner):
        rows = Forecast.objects.filter(tenant_id=planner.tenant_or_only(tenant_id)).select_related("run")
        rows = rows.defer("content", "run__question", "run__result")
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return [_brief(row) for row in found], following


def one(actor: Actor, forecast_id: UUID) -> dict[str, Any]:
    """The forecast with what is known of its series. Raises NotFoundError, also for another tenant's."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(forecast_id)
        content = content_of(row)
        changes = list(row.changes.order_by("pk"))
        sites = _site_names()
        return _brief(row) | {
            "coverage": content.coverage if content else None,
            "is_simulated": bool(content and content.is_simulated),
            "series": _series(row, content, changes) if content else [],
            "errors": [_error(line) for line in row.errors],
            "changes": [_change(change, sites) for change in changes],
            "parts": _parts(row, content, changes) if content else [],
            "left_out": content.left_out if content else [],
        }


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts are looked at: a queue's or all, and of them one brand's, one channel's or one site's. A name is
    empty for those of which that is not known."""

    queue_id: UUID | None = None
    brand: str | None = None
    channel: str | None = None
    site: str | None = None

    def part(self) -> tuple[Cut, str] | None:
        """The channel or site. Raises ForecastCutError when contacts are cut twice."""
        chosen: list[tuple[Cut, str]] = [
            (cut, name) for cut in CUTS if (name := self.channel if cut == "channel" else self.site) is not None
        ]
        if len(chosen) + (self.brand is not None) > 1:
            raise ForecastCutError
        return chosen[0] if chosen else None


def curve(actor: Actor, forecast_id: UUID, choice: Choice, day: date | None) -> dict[str, Any]:
    """Expected and actual contacts of the choice: by day with eight weeks of history, or of one `day` by interval.

    Raises NotFoundError, ForecastNotReadyError, ForecastCutError."""
    part = choice.part()
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(forecast_id)
        chart = _Chart(row, _content(row), choice, part)
        return chart.of_day(day) if day is not None else chart.by_day()


def accuracy(actor: Actor, forecast_id: UUID) -> list[dict[str, Any]]:
    """Errors of the days gone by: all queues first, then each. Raises NotFoundError, ForecastNotReadyError."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(forecast_id)
        return forecast_effects.accuracy(row, _content(row))


def part_accuracy(actor: Actor, forecast_id: UUID) -> list[dict[str, Any]]:
    """The same of the channels and sites that have counts of their own. Raises as `accuracy`."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(forecast_id)
        rows = forecast_part_errors.accuracy(row, _content(row))
        sites = _site_names()
        return [one | {"site_name": _site_name(sites, one)} for one in rows]


def _site_names() -> dict[str, dict[str, str]]:
    return {str(site.site_id): site.name for site in enterprise.site_names()}


def _site_name(sites: dict[str, dict[str, str]], part: dict[str, Any]) -> dict[str, str] | None:
    return sites.get(part["name"]) if part["by"] == "site" else None


def csv_lines(actor: Actor, forecast_id: UUID, cut: Cut | None = None) -> list[str]:
    """The forecast as `hotline forecast` would read it again, with bounds: start,queue,brand,calls,low,high,aht_s; by
    channel or site with that instead of the brand."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner):
        found = curves(forecast_id)
        row = _found(forecast_id)
        codes = {queue.queue_id: queue.code for queue in routing.planned_queues(row.tenant_id)}
        told_by = {"by": cut} if cut else None
        audit.record_read(planner, "forecast.exported", Forecast.object_type, row.pk, row.tenant_id, told_by)
        heads = ("start", "queue", cut or "brand", "calls", "low", "high", "aht_s", "simulated")
        told = "yes" if found.is_simulated else ""
        times = found.days.local_texts()
        lines = [BYTE_ORDER_MARK + csv_line(heads)]
        for queue_id, name, each in _lines(row, found, cut):
            key = (codes.get(queue_id, queue_id), name)
            lines += [csv_line((*cells, told)) for cells in _csv_cells(each, key, times)]
        return lines


def _lines(row: Forecast, found: AcceptedForecast, cut: Cut | None) -> Iterator[tuple[str, str, MomentCurve]]:
    """Queue, name of the part, and curve; sites by their codes."""
    if cut is None:
        yield from ((each.queue_id, each.brand, each.curve) for each in found.curves)
        return
    codes = {str(site.site_id): site.code for site in enterprise.site_names()} if cut == "site" else {}
    for part in Cuts(_content(row), found.curves, found.days).of(cut):
        yield part.queue_id, codes.get(part.name, part.name), part.curve


def _csv_cells(curve: MomentCurve, key: tuple[str, str], times: list[str]) -> Iterator[tuple[str, ...]]:
    for at in np.flatnonzero(curve.calls > 0).tolist():
        values = (curve.calls[at], curve.low[at], curve.high[at])
        handle = "" if curve.handle_s is None else f"{curve.handle_s[at]:.1f}"
        yield (times[at], *key, *(f"{value:.3f}" for value in values), handle)


def _found(forecast_id: UUID) -> Forecast:
    row = Forecast.objects.filter(pk=forecast_id).select_related("run").first()
    if row is None:
        raise NotFoundError(object_type=Forecast.object_type, object_id=str(forecast_id))
    return row


def _content(row: Forecast) -> Content:
    content = content_of(row)
    if content is None:
        raise ForecastNotReadyError
    return content


def _brief(row: Forecast) -> dict[str, Any]:
    same = ("id", "tenant_id", "version", "name", "first_day", "last_day", "interval_min", "history_from", "history_to")
    return {name: getattr(row, name) for name in same} | {
        "is_ready": row.history_to is not None,
        "accepted_at": row.accepted_at,
        "accepted_by": row.accepted_by,
        "run": planning_runs.told(row.run) if row.run is not None else None,
    }


def _series(row: Forecast, content: Content, changes: list[ForecastChange]) -> list[dict[str, Any]]:
    names = routing.spoken_names()
    brands = catalogue.attribute_names()
    changed = {(each.queue_id, each.brand): each.curve for each in curves_of(content, changes, days_of(row, content))}
    found = []
    for one in content.series:
        curve = changed[one.queue, one.brand]
        calls = float(curve.calls.sum())
        work = float((curve.calls * curve.handle_s).sum()) if curve.handle_s is not None else None
        found.append(
            {
                "queue_id": one.queue,
                "queue_name": names.get(one.queue, {"zh": one.queue, "en": one.queue}),
                "brand": one.brand,
                "brand_name": brands.get(("brand", one.brand), {"zh": one.brand, "en": one.brand}),
                "model": one.model,
                "borrowed_from": one.borrowed_from or None,
                "share": one.share,
                "holidays_of": one.holidays_of,
                "calls": round(calls, 1),
                "calls_as_forecast": round(sum(map(sum, one.calls)), 1),
                "handle_s": round(work / calls, 1) if work is not None and calls > 0 else None,
                "marks": one.marks,
            }
        )
    return found


def _parts(row: Forecast, content: Content, changes: list[ForecastChange]) -> list[dict[str, Any]]:
    """What is expected by channel and by site, where these are told apart."""
    names = routing.spoken_names()
    sites = _site_names()
    days = days_of(row, content)
    cuts = Cuts(content, curves_of(content, changes, days), days)
    known = {(one.queue, one.cut) for one in content.parts}
    found = []
    for part in (each for cut in CUTS for each in cuts.of(cut) if (each.queue_id, cut) in known):
        calls, handle_s = sums_of(part.curve)
        whole, _handle = sums_of(part.whole)
        found.append(
            {
                "queue_id": part.queue_id,
                "queue_name": names.get(part.queue_id, {"zh": part.queue_id, "en": part.queue_id}),
                "by": part.cut,
                "name": part.name,
                "site_name": sites.get(part.name) if part.cut == "site" else None,
                "calls": round(calls, 1),
                "share": round(calls / whole, 5) if whole > 0 else 0.0,
                "handle_s": None if handle_s is None else round(handle_s, 1),
            }
        )
    return found


def _error(line: dict[str, Any]) -> dict[str, Any]:
    reaches = [
        {"from_day": each["from"], "to_day": each["to"]} | {name: each[name] for name in _ERRORS}
        for each in line["by_days_ahead"]
    ]
    return line | {"queue_id": line["queue"], "by_days_ahead": reaches}


_ERRORS = ("wape", "mase", "bias", "day_wape")


def _change(change: ForecastChange, sites: dict[str, dict[str, str]]) -> dict[str, Any]:
    same = ("id", "queue_id", "begins_at", "ends_at", "factor", "calls", "reason", "made_by")
    effect = change.effect
    if effect is not None:  # one that was noted earlier has no parts
        parts = [part | {"site_name": _site_name(sites, part)} for part in effect.get("parts", [])]
        effect = effect | {"parts": parts}
    return {name: getattr(change, name) for name in same} | {"made_at": change.created_at, "effect": effect}


class _Chart:
    """The lines of a forecast's chart, of what was chosen of it added up."""

    def __init__(self, row: Forecast, content: Content, choice: Choice, part: tuple[Cut, str] | None) -> None:
        self.row, self.content = row, content
        self.days = days_of(row, content)
        self.choice, self.part = choice, part
        self.series = [one for one in content.series if self._is_chosen(one.queue, one.brand)]
        self.plain = self._sum(curves_of(content, [], self.days))
        self.changed = self._sum(curves_of(content, list(row.changes.order_by("pk")), self.days))

    def _is_chosen(self, queue: str, brand: str) -> bool:
        is_queue = self.choice.queue_id is None or queue == str(self.choice.queue_id)
        return is_queue and (self.choice.brand is None or brand == self.choice.brand)

    def _sum(self, curves: list[QueueCurve]) -> MomentCurve:
        chosen = [each for each in curves if self._is_chosen(each.queue_id, each.brand)]
        if self.part is None:
            return added_up([each.curve for each in chosen], self.days)
        cut, name = self.part
        parts = Cuts(self.content, chosen, self.days).of(cut)
        return added_up([each.curve for each in parts if each.name == name], self.days)

    def of_day(self, day: date) -> dict[str, Any]:
        """The intervals of one day, as they pass."""
        if not self.days.first <= day <= self.days.last:
            raise NotFoundError(object_type="forecast_day", object_id=day.isoformat())
        at = self.days.of_day(day)
        handle = self.changed.handle_s
        return {
            "by": "interval",
            "begins": [self.days.local_text(number) for number in range(at.start, at.stop)],
            "expected": _values(self.changed.calls[at]),
            "low": _values(self.changed.low[at]),
            "high": _values(self.changed.high[at]),
            "as_forecast": _values(self.plain.calls[at]),
            "handle_s": [] if handle is None else _values(handle[at]),
            "actual": _values(self._actual(passing_days(day, day, self.days.interval_s, self.days.zone))),
        }

    def by_day(self) -> dict[str, Any]:
        """Day totals, with eight weeks before the first."""
        first = self.row.first_day - timedelta(days=_HISTORY_DAYS)
        shown = passing_days(first, self.row.last_day, self.days.interval_s, self.days.zone)
        totals = [None if np.isnan(total) else round(float(total), 1) for total in shown.totals(self._actual(shown))]
        totals = [learnt if own is None else own for own, learnt in zip(totals, self._past(first), strict=True)]
        before: list[float | None] = [None] * _HISTORY_DAYS
        expected, plain = self.days.totals(self.changed.calls), self.days.totals(self.plain.calls)
        low, high = self._day_bounds(expected, plain)
        return {
            "by": "day",
            "begins": [(first + timedelta(days=number)).isoformat() for number in range(len(totals))],
            "expected": before + _values(expected),
            "low": before + _values(low),
            "high": before + _values(high),
            "as_forecast": before + _values(plain),
            "handle_s": before + self._day_handle(expected),
            "actual": totals,
        }

    def _past(self, first: date) -> list[float | None]:
        """Day totals of what was learnt from, where the centre itself has none: a file, or counts of a part."""
        number = (self.row.last_day - first).days + 1
        if self.part is not None:
            return past_totals(self.content, *self.part, self.choice.queue_id, first, number)
        learnt_to = self.row.history_to or self.row.first_day
        totals: list[float | None] = [None] * number
        for one in self.series:
            begin = learnt_to - timedelta(days=len(one.past) - 1)
            for at, total in enumerate(one.past):
                place = (begin - first).days + at
                if total is not None and 0 <= place < len(totals):
                    totals[place] = round((totals[place] or 0.0) + total, 1)
        return totals

    def _day_bounds(self, expected: Floats, plain: Floats) -> tuple[Floats, Floats]:
        """Of several series as if they missed independently; in proportion where planners have changed the day, or the
        clocks; of a part as its share of the whole allows."""
        whole, below, above = np.zeros((3, len(plain)))
        for one in self.series:
            rows = [(day - self.row.first_day).days for day in one.days]
            by_wall = np.array([sum(calls) for calls in one.calls])
            real = self.days.totals(plain_curve(one, self.days).calls)[rows]
            ratio = np.divide(real, by_wall, out=np.ones_like(real), where=by_wall > 0)
            whole[rows] += real
            below[rows] += ((by_wall - np.array(one.day_low)) * ratio) ** 2
            above[rows] += ((np.array(one.day_high) - by_wall) * ratio) ** 2
        low, high = np.maximum(whole - np.sqrt(below), 0), whole + np.sqrt(above)
        if self.part is not None:
            low, high = bounds_of_part(whole, low, high, plain, self.content.coverage)
        ratio = np.divide(expected, plain, out=np.ones_like(plain), where=plain > 0)
        return low * ratio, high * ratio

    def _day_handle(self, expected: Floats) -> list[float | None]:
        if self.changed.handle_s is None:
            return [None] * len(expected)
        work = self.days.totals(self.changed.calls * self.changed.handle_s)
        return [round(float(w / n), 1) if n > 0 else None for w, n in zip(work, expected, strict=True)]

    def _actual(self, days: PassingDays) -> Floats:
        unknown = np.full(len(days.starts), np.nan)
        if self.choice.brand is not None or self.part is not None:
            return unknown  # counts of the running centre do not tell these apart
        queues = {one.queue for one in self.series}
        counted = forecast_history.actual_counts(self.row.tenant_id, days)
        found = [values for queue, values in counted.items() if queue in queues]
        return np.asarray(np.sum(found, axis=0)) if found else unknown


def _values(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 2) for value in values]
