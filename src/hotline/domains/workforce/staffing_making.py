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
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.planning_runs import packed
from hotline.domains.workforce.skill_sets import MOST_LINES, few_enough, key_of, skills_in, skills_of
from hotline.domains.workforce.staffing_basis import (
    QueueWork,
    StaffGroup,
    kept_groups,
    kept_ways,
    kept_work,
    live_parts,
    played_channel,
    usual_work,
    zone_of,
)
from hotline.domains.workforce.staffing_demand import Part, parts_of
from hotline.domains.workforce.staffing_plans import Asked
from hotline.domains.workforce.staffing_rings import Way
from hotline.formulas.shares import shares
from hotline.planning.staffing.apart import components

_WHOLE: Final = 10_000  # hundredths of a per cent
_ON_SITE: Final = ("breaks", "meeting", "training")
_NOT_ROSTERED: Final = ("leave", "breaks")  # the roster knows of leave, and places breaks itself
_LEAST_HANDLE_S, _MOST_HANDLE_S = 10.0, 21_600.0
# What of a queue's live rules says whom it takes and who goes first; rings and what leads out of it are the basis's.
_PLAYED: Final = (
    "rank",
    "choice",
    "order",
    "weight",
    "is_emergency",
    "is_background",
    "reserve",
    "background_s",
    "service_level_s",
    "service_level_target",
)


def prepare(tenant_id: UUID, question: dict[str, Any]) -> dict[str, Any]:
    """What the player is asked: work by queue and interval, targets, absence, people and groups."""
    asked = msgspec.convert(question["asked"], Asked)
    plan = StaffingPlan.objects.get(pk=question["plan_id"])
    parts = _parts(tenant_id, asked)
    if not parts:
        raise errors.NothingExpectedError(first=asked.first_day, last=asked.last_day)
    work = usual_work(tenant_id, parts) | kept_work(plan)
    live = live_parts(parts, work)
    ids = {part.id for part in live}
    rules = _rules(tenant_id) if plan.basis.get("groups") else {}
    full = {rule.queue_id: rule.max_waiting for rule in routing.waiting_rules()}
    return {
        "first_day": asked.first_day,
        "last_day": asked.last_day,
        "zone": zone_of(plan),
        "interval_min": asked.interval_min,
        "queues": [
            _queue(each, asked, plan, work[each.queue.queue_id], rules) | _ways(each.id, kept_ways(plan), full)
            for each in live
        ],
        "letters": [_letters(each, work[each.queue.queue_id]) for each in parts if each.id not in ids],
        "shrinkage": [
            {"reason": reason, "share": share / _WHOLE, "is_on_site": reason in _ON_SITE}
            for reason, share in plan.shrinkage.items()
            if share
        ],
        "seats": asked.seats,
        "hours": asked.hours,
        "growth": asked.growth / _WHOLE,
        "groups": _groups(tenant_id, {part.skill for part in parts}),
        "pools": _pools(kept_groups(plan), ids, plan),
        "borrowing": [
            {"group": str(number), "skill": id, "after_s": after_s}
            for number, group in enumerate(kept_groups(plan))
            for id, after_s in group.later.items()
            if id in ids
        ],
        "cpu_limit_s": asked.cpu_limit_s,
    }


def _parts(tenant_id: UUID, asked: Asked) -> list[Part]:
    return parts_of(tenant_id, asked.forecast_id, asked.first_day, asked.last_day, asked.interval_min)


def _queue(
    one: Part, asked: Asked, plan: StaffingPlan, work: QueueWork, rules: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    targets = plan.targets
    abandoned = targets["abandoned"] if asked.abandoned is not None else one.queue.abandoned_limit
    level = one.queue.service_level_target if asked.service_level is None else asked.service_level
    return {
        "id": one.id,
        "skill": one.skill,
        "calls": np.round(one.calls, 4).tolist(),
        "aht_s": np.clip(np.round(one.handle_s, 2), _LEAST_HANDLE_S, _MOST_HANDLE_S).tolist(),
        "patience_s": asked.patience_s,
        "targets": {
            "service_level": _share(level),
            "within_s": one.queue.service_level_s if asked.within_s is None else asked.within_s,
            "abandoned": _share(targets["abandoned"] if abandoned is None else abandoned),
            "occupancy": _share(targets["occupancy"]),
            "average_wait_s": asked.average_wait_s,
        },
        "channel": played_channel(work),
        "concurrency": work.concurrency,
        "settings": rules.get(one.queue.queue_id, {}),
    }


def _ways(id: str, ways: Sequence[Way], full: Mapping[str, int | None]) -> dict[str, Any]:
    """Where customers of the part go when they have waited too long, or found the line full."""
    own = [way for way in ways if way.part == id]
    target = next((way.to for way in own if way.after_s is None), None)
    return {
        "overflows": [{"queue": way.to, "after_s": way.after_s} for way in own if way.after_s is not None],
        "most_waiting": None if target is None else full.get(id.partition("/")[0]),
        "full_queue": target,
    }


def _letters(one: Part, work: QueueWork) -> dict[str, Any]:
    handle_s = float(np.average(one.handle_s, weights=one.calls))
    return {
        "id": one.id,
        "skill": one.skill,
        "arrivals": np.round(one.calls, 4).tolist(),
        "handle_s": min(max(round(handle_s, 2), _LEAST_HANDLE_S), _MOST_HANDLE_S),
        "deadline_h": work.deadline_h,
    }


def _share(hundredths: int | None) -> float | None:
    """As planning reads it: none where it asks for nothing."""
    return hundredths / _WHOLE if hundredths and hundredths < _WHOLE else None


def _rules(tenant_id: UUID) -> dict[str, dict[str, Any]]:
    """The live settings that the simulation plays, by queue."""
    return {
        rule.queue_id: {name: getattr(rule, name) for name in _PLAYED}
        for rule in routing.waiting_rules()
        if rule.tenant_id == str(tenant_id)
    }


def _pools(groups: Sequence[StaffGroup], live: set[str], plan: StaffingPlan) -> list[dict[str, Any]]:
    """The groups as the player reads them; of so many people fewer are at work at once."""
    there = 1 - sum(plan.shrinkage.values()) / _WHOLE
    return [
        {
            "id": str(number),
            "skills": [id for id in group.parts if id in live],
            "people": group.people,
            "most": None if group.most is None else int(group.most * there + 1e-9),
        }
        for number, group in enumerate(groups)
        if live.intersection([*group.parts, *group.later])
    ]


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
    """Keep people per skill or set of skills for the roster, and what the plan comes to; again after a crash, the
    same."""
    answer = done.answer
    plan = StaffingPlan.objects.get(pk=done.question["plan_id"])
    asked = msgspec.convert(done.question["asked"], Asked)
    demand = Rostered(plan.shrinkage).demand(answer, kept_groups(plan))
    with transaction.atomic():
        locked = StaffingPlan.objects.select_for_update().get(pk=plan.pk)
        locked.content, locked.figures = packed(demand), _figures(answer, demand, plan, asked.interval_min / 60)
        locked.basis = {"zone": zone_of(plan)} | locked.basis
        locked.version += 1
        locked.save()
    calls = {each.id: np.round(each.calls, 2).tolist() for each in _parts(done.tenant_id, asked)}
    same = ("groups", "seats_taken", "seats_short", "headcount", "late_h", "left_h")
    return (
        {"plan_id": str(plan.pk)}
        | {name: answer[name] for name in same}
        | {"queues": {id: told | {"calls": calls.get(id, [])} for id, told in answer["queues"].items()}}
    )


def _figures(
    answer: Mapping[str, Any], demand: Mapping[str, list[int]], plan: StaffingPlan, hours: float
) -> dict[str, Any]:
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
        "late_h": round(max(answer["late_h"].values(), default=0.0), 1),
        "left_h": round(sum(answer["left_h"].values()), 1),
    }
    if not answer["groups"]:
        return figures
    lines = [queue for id, queue in answer["queues"].items() if id not in answer["late_h"]]
    wanted = sum(sum(queue["required"]) for queue in lines)
    separate = sum(sum(queue["separate"]) for queue in lines)
    return figures | {
        "separate_hours": round(separate * hours, 1),
        "saved": round(_WHOLE * (1 - wanted / separate)) if separate else 0,
        "trials": answer["trials"],
        "is_finished": answer["is_finished"],
        "missed": answer["missed"],
    }


class Rostered:
    """From agents at work to people on the roster: without leave and breaks, which the roster sees to itself."""

    def __init__(self, shrinkage: Mapping[str, int]) -> None:
        absent = sum(share for reason, share in shrinkage.items() if reason not in _NOT_ROSTERED)
        self._there = 1 - absent / _WHOLE

    def demand(self, answer: Mapping[str, Any], groups: Sequence[StaffGroup]) -> dict[str, list[int]]:
        """Whole people per skill and interval; of people whom several queues share, per set of skills that they hold.

        Who serves several skills counts once, and a pool is rounded up as a whole: as many as simulation found."""
        agents = _agents_by_line(answer, groups)
        found: dict[str, list[int]] = {}
        for pool in components([frozenset(skills_in(key)) for key in agents]):
            keys = [key for key in sorted(agents) if pool.issuperset(skills_in(key))]
            columns = zip(*(agents[key] for key in keys), strict=True)
            rows = [shares(column, self._people(sum(column))) for column in columns]
            found |= {key: list(row) for key, row in zip(keys, zip(*rows, strict=True), strict=True)}
        return few_enough(dict(sorted(found.items())), MOST_LINES - len(skills_of(found)))

    def _people(self, agents: int) -> int:
        return int(np.ceil(agents / self._there - 1e-9))


def _agents_by_line(answer: Mapping[str, Any], groups: Sequence[StaffGroup]) -> dict[str, list[int]]:
    """Agents by what they have to know: a group's by its skills together, other queues' by the queue's skill."""
    shared = {id for group in groups for id in (*group.parts, *group.later) if id not in answer["late_h"]}
    rows: dict[str, list[list[int]]] = {}
    for number, group in enumerate(groups):
        sizes, live = answer["groups"].get(str(number)), shared.intersection([*group.parts, *group.later])
        if sizes is not None and live:
            rows.setdefault(key_of(map(_skill_of, live)), []).append(sizes)
    for id, told in answer["queues"].items():
        if id not in shared:
            rows.setdefault(_skill_of(id), []).append(told["agents"])
    return {key: _sums(of_key) for key, of_key in rows.items()}


def _skill_of(part_id: str) -> str:
    return part_id.rpartition("/")[2]


def _sums(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


STAFFING: Final = Kind(prepare=prepare, store=store)
