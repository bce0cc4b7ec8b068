"""A staffing plan's run in the worker: what its player is asked, and what is kept of the answer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import forecast_queries
from hotline.domains.workforce.forecast_content import by_the_wall
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.planning_runs import packed
from hotline.domains.workforce.staffing_plans import Asked
from hotline.planning.forecast.history import Floats

_WHOLE: Final = 10_000  # hundredths of a per cent
_USUAL_HANDLE_S: Final = 240.0  # where the history has no handle times
_ON_SITE: Final = ("breaks", "meeting", "training")
_NOT_ROSTERED: Final = ("leave", "breaks")  # the roster knows of leave, and places breaks itself


def prepare(tenant_id: UUID, question: dict[str, Any]) -> dict[str, Any]:
    """What the player is asked: contacts and handle time by queue and interval, targets, absence, people."""
    asked = msgspec.convert(question["asked"], Asked)
    plan = StaffingPlan.objects.get(pk=question["plan_id"])
    queues = [_queue(each, asked, plan) for each in _demand(tenant_id, asked)]
    if not queues:
        raise errors.NothingExpectedError(first=asked.first_day, last=asked.last_day)
    return {
        "first_day": asked.first_day,
        "zone": str(time_zone(tenant_id)),
        "interval_min": asked.interval_min,
        "queues": queues,
        "shrinkage": [
            {"reason": reason, "share": share / _WHOLE, "is_on_site": reason in _ON_SITE}
            for reason, share in plan.shrinkage.items()
            if share
        ],
        "seats": asked.seats,
        "hours": asked.hours,
        "growth": asked.growth / _WHOLE,
        "groups": _groups(tenant_id, {queue["skill"] for queue in queues}),
    }


class _Demand(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's, or a brand's part of it that a skill of its own answers."""

    id: str
    skill: str
    queue: routing.PlannedQueue
    calls: Floats
    handle_s: Floats


def _demand(tenant_id: UUID, asked: Asked) -> list[_Demand]:
    """Queues with contacts, their brands added up where no skill tells them apart."""
    found = forecast_queries.curves(asked.forecast_id)
    queues = {queue.queue_id: queue for queue in routing.planned_queues(tenant_id)}
    skills = _Skills(tenant_id)
    sums: dict[tuple[str, str], _Demand] = {}
    for each in found.curves:
        queue = queues.get(each.queue_id)
        skill = skills.of(queue, each.brand) if queue is not None else None
        if queue is None or skill is None:
            continue
        curve = by_the_wall(each.curve, found.days, asked.first_day, asked.last_day)
        handle_s = np.full(curve.calls.shape, _USUAL_HANDLE_S) if curve.handle_s is None else curve.handle_s
        one = _Demand(id=f"{queue.queue_id}/{skill}", skill=skill, queue=queue, calls=curve.calls, handle_s=handle_s)
        known = sums.get((queue.queue_id, skill))
        sums[queue.queue_id, skill] = one if known is None else _added(known, one)
    step = 60 * asked.interval_min
    return [_in_steps(one, found.interval_s, step) for one in sums.values() if one.calls.sum() > 0]


def _added(one: _Demand, other: _Demand) -> _Demand:
    calls = one.calls + other.calls
    work = one.calls * one.handle_s + other.calls * other.handle_s
    handle_s = np.divide(work, calls, out=np.full_like(calls, _USUAL_HANDLE_S), where=calls > 0)
    return msgspec.structs.replace(one, calls=calls, handle_s=handle_s)


def _in_steps(one: _Demand, interval_s: int, step_s: int) -> _Demand:
    """Days × intervals of the plan's length; longer ones of the forecast are shared evenly."""
    calls, work = one.calls, one.calls * one.handle_s
    if interval_s > step_s:
        parts = interval_s // step_s
        calls, work = (np.repeat(values / parts, parts, axis=1) for values in (calls, work))
    elif interval_s < step_s:
        parts = step_s // interval_s
        calls, work = (values.reshape(len(values), -1, parts).sum(axis=2) for values in (calls, work))
    handle_s = np.divide(work, calls, out=np.full_like(calls, _USUAL_HANDLE_S), where=calls > 0)
    return msgspec.structs.replace(one, calls=calls, handle_s=handle_s)


def _queue(one: _Demand, asked: Asked, plan: StaffingPlan) -> dict[str, Any]:
    targets = plan.targets
    abandoned = targets["abandoned"] if asked.abandoned is not None else one.queue.abandoned_limit
    level = one.queue.service_level_target if asked.service_level is None else asked.service_level
    return {
        "id": one.id,
        "skill": one.skill,
        "calls": np.round(one.calls, 4).ravel().tolist(),
        "aht_s": np.clip(np.round(one.handle_s, 2), 10.0, 21_600.0).ravel().tolist(),
        "patience_s": asked.patience_s,
        "targets": {
            "service_level": _share(level),
            "within_s": one.queue.service_level_s if asked.within_s is None else asked.within_s,
            "abandoned": _share(targets["abandoned"] if abandoned is None else abandoned),
            "occupancy": _share(targets["occupancy"]),
            "average_wait_s": asked.average_wait_s,
        },
    }


def _share(hundredths: int | None) -> float | None:
    """As planning reads it: none where it asks for nothing."""
    return hundredths / _WHOLE if hundredths and hundredths < _WHOLE else None


class _Skills:
    """The one skill that stands for a queue's set: what the roster plans people for."""

    def __init__(self, tenant_id: UUID) -> None:
        own = [one for one in people.skills_standing() if one.tenant_id == str(tenant_id)]
        self._kinds = {one.skill_id: one.kind for one in own}
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


def _groups(tenant_id: UUID, wanted: set[str]) -> list[dict[str, Any]]:
    """How many active people have which of the wanted skills."""
    counts: dict[frozenset[str], int] = {}
    for agent in people.planned_agents(timezone.now()):
        held = frozenset(skill for skill, _level, _until in agent.skills) & wanted
        if agent.tenant_id == str(tenant_id) and agent.is_active and held:
            counts[held] = counts.get(held, 0) + 1
    return [
        {"id": f"group {number}", "skills": sorted(held), "people": count}
        for number, (held, count) in enumerate(sorted(counts.items(), key=lambda item: sorted(item[0])), 1)
    ]


def store(done: Done) -> dict[str, Any]:
    """Keep people per skill for the roster, and what the plan comes to; again after a crash, the same."""
    answer = done.answer
    plan = StaffingPlan.objects.get(pk=done.question["plan_id"])
    asked = msgspec.convert(done.question["asked"], Asked)
    demand = _Rostered(plan.shrinkage).by_skill(answer["queues"])
    hours = asked.interval_min / 60
    agents = _sums([queue["agents"] for queue in answer["queues"].values()])
    whole = sum(plan.shrinkage.values()) / _WHOLE
    figures = {
        "agent_hours": round(sum(agents) * hours, 1),
        "paid_hours": round(sum(agents) * hours / (1 - whole), 1),
        "most_agents": max(agents, default=0),
        "most_people": max(_sums(list(demand.values())), default=0),
        "most_seats": max(answer["seats_taken"], default=0),
        "seats_short": len(answer["seats_short"]),
        "carried_over": answer["carried_over"],
    }
    with transaction.atomic():
        locked = StaffingPlan.objects.select_for_update().get(pk=plan.pk)
        locked.content, locked.figures = packed(demand), figures
        locked.version += 1
        locked.save()
    calls = {each.id: each for each in _demand(done.tenant_id, asked)}
    return {
        "plan_id": str(plan.pk),
        "queues": {
            id: told | {"calls": np.round(calls[id].calls, 2).ravel().tolist() if id in calls else []}
            for id, told in answer["queues"].items()
        },
        "seats_taken": answer["seats_taken"],
        "seats_short": answer["seats_short"],
        "headcount": answer["headcount"],
    }


class _Rostered:
    """From agents at work to people on the roster: without leave and breaks, which the roster sees to itself."""

    def __init__(self, shrinkage: Mapping[str, int]) -> None:
        absent = sum(share for reason, share in shrinkage.items() if reason not in _NOT_ROSTERED)
        self._there = 1 - absent / _WHOLE

    def by_skill(self, queues: Mapping[str, Mapping[str, Any]]) -> dict[str, list[int]]:
        """Whole people per skill and interval."""
        agents: dict[str, list[list[int]]] = {}
        for id, told in queues.items():
            agents.setdefault(id.rpartition("/")[2], []).append(told["agents"])
        return {skill: [self._people(one) for one in _sums(rows)] for skill, rows in sorted(agents.items())}

    def _people(self, agents: int) -> int:
        return int(np.ceil(agents / self._there - 1e-9))


def _sums(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


STAFFING: Final = Kind(prepare=prepare, store=store)
