"""What a staffing plan is made for: contacts of an accepted forecast by queue, or by brand that has its own skill.

Intervals are real moments: an hour that the clocks jump over asks for nobody, one that comes twice is staffed twice."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from uuid import UUID

import msgspec
import numpy as np
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import forecast_queries
from hotline.domains.workforce.planned_people import time_zone
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.history import Floats, Integers
from hotline.planning.staffing.moments import moments

USUAL_HANDLE_S = 240.0  # where the history has no handle times


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's contacts, or a brand's part of them that a skill of its own answers: in each interval how many, and
    their handle time in seconds. Its people hold `levels`: the least level of each skill."""

    id: str
    skill: str
    queue: routing.PlannedQueue
    levels: dict[str, int]
    calls: Floats
    handle_s: Floats


def parts_of(tenant_id: UUID, forecast_id: UUID, first: date, last: date, interval_min: int) -> list[Part]:
    """Queues with contacts on these days, their brands added up where no skill tells them apart; needs a scope.

    Raises NotFoundError, ForecastNotReadyError."""
    forecast = forecast_queries.curves(forecast_id)
    queues = {queue.queue_id: queue for queue in routing.planned_queues(tenant_id)}
    skills = _Skills(tenant_id)
    zone = time_zone(tenant_id)
    starts_s = forecast.days.starts_s
    clock = Clock(moments(first, last, zone, interval_min), starts_s, forecast.interval_s, 60 * interval_min)
    found: dict[str, list[tuple[Floats, Floats]]] = {}
    known: dict[str, tuple[routing.PlannedQueue, str]] = {}
    for each in forecast.curves:
        queue = queues.get(each.queue_id)
        skill = skills.of(queue, each.brand) if queue is not None else None
        if queue is None or skill is None:
            continue
        id = f"{queue.queue_id}/{skill}"
        known[id] = queue, skill
        found.setdefault(id, []).append(clock.work(each.curve))
    parts = [_part(id, *known[id], rows) for id, rows in found.items()]
    return [one for one in parts if one.calls.sum() > 0]


def _part(id: str, queue: routing.PlannedQueue, skill: str, rows: Sequence[tuple[Floats, Floats]]) -> Part:
    calls = reduce(np.add, [calls for calls, _ in rows])
    work = reduce(np.add, [work for _, work in rows])
    handle_s = np.divide(work, calls, out=np.full_like(calls, USUAL_HANDLE_S), where=calls > 0)
    levels = {skill: 1} | queue.levels
    return Part(id=id, skill=skill, queue=queue, levels=levels, calls=calls, handle_s=handle_s)


class Clock:
    """Where a forecast's moments stand among the plan's: longer intervals are shared evenly, shorter ones added up."""

    def __init__(self, begins: Sequence[datetime], forecast_starts_s: Integers, forecast_s: int, step_s: int) -> None:
        piece_s = min(forecast_s, step_s)
        self._pieces = step_s // piece_s
        self._share = piece_s / forecast_s
        pieces_s = np.array([int(begin.timestamp()) for begin in begins])[:, None] + piece_s * np.arange(self._pieces)
        self._place = np.searchsorted(forecast_starts_s, pieces_s, side="right") - 1
        self._is_forecast = (self._place >= 0) & (pieces_s < forecast_starts_s[self._place] + forecast_s)

    def work(self, curve: MomentCurve) -> tuple[Floats, Floats]:
        """Contacts of each interval of the plan, and the seconds that they take."""
        handle_s = np.full(curve.calls.shape, USUAL_HANDLE_S) if curve.handle_s is None else curve.handle_s
        return self._taken(curve.calls), self._taken(curve.calls * np.nan_to_num(handle_s, nan=USUAL_HANDLE_S))

    def _taken(self, values: Floats) -> Floats:
        return np.asarray((values[self._place] * self._is_forecast).sum(axis=1) * self._share)


class _Skills:
    """The one skill that stands for a queue's set: what the roster plans people for."""

    def __init__(self, tenant_id: UUID) -> None:
        own = [one for one in people.skills_standing() if one.tenant_id == str(tenant_id)]
        self._brands = {value: one.skill_id for one in own if one.kind == "brand" for value in one.values}
        self._holders = _holders(tenant_id)

    def of(self, queue: routing.PlannedQueue, brand: str) -> str | None:
        """The brand's skill, or the queue's that fewest people have; None for a queue that asks for none."""
        of_brand = self._brands.get(brand)
        if of_brand is not None:
            return of_brand
        ranked = sorted(queue.levels, key=lambda skill: (self._holders.get(skill, 0), skill))
        return ranked[0] if ranked else None


def _holders(tenant_id: UUID) -> dict[str, int]:
    counts: dict[str, int] = {}
    for agent in people.planned_agents(timezone.now()):
        if agent.tenant_id == str(tenant_id) and agent.is_active:
            for skill, _level, _until in agent.skills:
                counts[skill] = counts.get(skill, 0) + 1
    return counts
