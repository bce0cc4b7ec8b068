"""Staffing plans as planners read them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from hotline.domains.contacts.export import BYTE_ORDER_MARK, csv_line
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.forecast_errors import StaffingNotReadyError
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planning_runs import PERMISSION, unpacked
from hotline.domains.workforce.skill_sets import name_of, skills_in, skills_of
from hotline.domains.workforce.staffing_basis import (
    QueueWork,
    kept_groups,
    kept_ways,
    kept_work,
    usual_groups,
    usual_ways,
    usual_work,
)
from hotline.domains.workforce.staffing_demand import parts_of
from hotline.domains.workforce.staffing_plans import accepted_forecast
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of
from hotline.planning.staffing.moments import day_places, moments, wall_text

# Of plans whose queues share nobody, and of those made before letters were staffed.
_OF_POOLS: Final = ("separate_hours", "saved", "trials", "is_finished", "missed")
_UNTOLD: Final[dict[str, Any]] = dict.fromkeys(_OF_POOLS) | {"late_h": 0.0, "left_h": 0.0}


def demand(plan_id: UUID) -> dict[str, list[int]]:
    """People wanted on the roster per skill or set of skills, interval by interval from the plan's first day on; needs
    a scope.

    Raises NotFoundError, StaffingNotReadyError."""
    return _content(_found(plan_id))


def page(
    actor: Actor, tenant_id: UUID | None, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The tenant's plans, newest first."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner):
        rows = StaffingPlan.objects.filter(tenant_id=planner.tenant_or_only(tenant_id))
        rows = rows.select_related("run", "forecast").defer(
            "content", "forecast__content", "run__question", "run__result"
        )
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return [_brief(row) for row in found], following


def one(actor: Actor, plan_id: UUID) -> dict[str, Any]:
    """The plan with its queues, skills and figures. Raises NotFoundError, also for another tenant's."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(plan_id)
        result = _result(row)
        skills = {one.skill_id: one for one in people.skills_standing()}
        names = routing.spoken_names()
        work = kept_work(row)
        hours = row.interval_min / 60
        queues = [
            _called_part(id, skills, names) | _work(work.get(id.partition("/")[0])) | _amounts(told, hours)
            for id, told in result.get("queues", {}).items()
        ]
        return _brief(row) | {
            "targets": row.targets,
            "shrinkage": row.shrinkage,
            "is_pooled": bool(row.basis.get("groups")),
            "queues": queues,
            "groups": _groups(row, result, hours),
            "ways": msgspec.to_builtins(kept_ways(row)),
            "skills": [_skill(skill, rows, skills, hours) for skill, rows in (unpacked(row.content) or {}).items()],
            "headcount": _headcount(result.get("headcount")),
        }


def _headcount(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """As it was found; plans of old knew of no letters beside."""
    return None if told is None else {"letters": {}, "factor_in_time": told["factor"]} | told


def basis(actor: Actor, forecast_id: UUID, first: date, last: date, interval_min: int) -> dict[str, Any]:
    """What a plan of these days would be made with where nobody says otherwise: kinds of work, and groups of people.

    Raises NotFoundError, ForecastNotAcceptedError, StaffingDaysError."""
    with scope_of(actor.narrowed(PERMISSION)):
        tenant_id = accepted_forecast(forecast_id, first, last).tenant_id
        parts = parts_of(tenant_id, forecast_id, first, last, interval_min)
        work = usual_work(tenant_id, parts)
        skills = {one.skill_id: one for one in people.skills_standing()}
        names = routing.spoken_names()
        groups = usual_groups(tenant_id, parts, first)
        return {
            "queues": [
                _called_part(part.id, skills, names)
                | _work(work[part.queue.queue_id])
                | {"calls": round(float(part.calls.sum()), 1)}
                for part in parts
            ],
            "groups": msgspec.to_builtins(groups),
            "ways": msgspec.to_builtins(usual_ways(tenant_id, groups, parts, work)),
        }


def curve(actor: Actor, plan_id: UUID, queue: str | None, day: date | None) -> dict[str, Any]:
    """Agents by day and by interval of one day (the first), of a queue's part by its id or of all.

    Raises NotFoundError, StaffingNotReadyError."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = _found(plan_id)
        content, result = _content(row), _result(row)
        parts = {id: told for id, told in result["queues"].items() if queue in (None, id)}
        chosen = day or row.first_day
        if not row.first_day <= chosen <= row.last_day or not parts:
            raise NotFoundError(object_type="staffing_day", object_id=chosen.isoformat())
        return _Curve(row, parts, content, result).told(chosen)


def csv_lines(actor: Actor, plan_id: UUID) -> list[str]:
    """People wanted on the roster as a file: start,skill,people."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner):
        row = _found(plan_id)
        content = _content(row)
        names = people.skill_names(skills_of(content))
        audit.record_read(planner, "staffing_plan.exported", StaffingPlan.object_type, row.pk, row.tenant_id)
        begins = _Intervals(row).texts()
        lines = [BYTE_ORDER_MARK + csv_line(("start", "skill", "people"))]
        for skill, wanted in content.items():
            name = name_of(skill, names)["zh"]
            lines += [
                csv_line((begin, name, str(number_of)))
                for begin, number_of in zip(begins, wanted, strict=True)
                if number_of
            ]
        return lines


def _found(plan_id: UUID) -> StaffingPlan:
    rows = StaffingPlan.objects.filter(pk=plan_id).select_related("run", "forecast").defer("forecast__content")
    row = rows.first()
    if row is None:
        raise NotFoundError(object_type=StaffingPlan.object_type, object_id=str(plan_id))
    return row


def _content(row: StaffingPlan) -> dict[str, list[int]]:
    content: dict[str, list[int]] | None = unpacked(row.content)
    if content is None:
        raise StaffingNotReadyError
    return content


def _result(row: StaffingPlan) -> dict[str, Any]:
    result: dict[str, Any] | None = unpacked(row.run.result) if row.run is not None else None
    return result or {}


def _brief(row: StaffingPlan) -> dict[str, Any]:
    same = ("id", "tenant_id", "version", "name", "forecast_id", "first_day", "last_day", "interval_min")
    return {name: getattr(row, name) for name in same} | {
        "forecast_name": row.forecast.name,
        "is_ready": bool(row.figures),
        "figures": (_UNTOLD | row.figures) if row.figures else None,
        "run": planning_runs.told(row.run) if row.run is not None else None,
    }


def _called_part(
    id: str, skills: Mapping[str, people.SkillStanding], names: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    """A part of a plan by the names of its queue and skill."""
    queue_id, _, skill_id = id.rpartition("/")
    queue_name = names.get(queue_id, {"zh": queue_id, "en": queue_id})
    return {"id": id, "queue_id": queue_id, "queue_name": queue_name, **_called(skill_id, skills)}


def _work(work: QueueWork | None) -> dict[str, Any]:
    return msgspec.structs.asdict(work or QueueWork(kind="calls", channel="voice"))


def _amounts(told: Mapping[str, Any], hours: float) -> dict[str, Any]:
    separate = told.get("separate")  # plans of old did not tell
    return {
        "calls": round(sum(told["calls"]), 1),
        "agent_hours": round(sum(told["agents"]) * hours, 1),
        "most_agents": max(told["agents"], default=0),
        "separate_hours": None if separate is None else round(sum(separate) * hours, 1),
    }


def _groups(row: StaffingPlan, result: Mapping[str, Any], hours: float) -> list[dict[str, Any]]:
    """The groups with what is planned of them; the player knows them by their number."""
    found = []
    for number, group in enumerate(kept_groups(row)):
        sizes = result.get("groups", {}).get(str(number), [])
        amounts = {"agent_hours": round(sum(sizes) * hours, 1), "most_agents": max(sizes, default=0)}
        found.append(msgspec.to_builtins(group) | {"id": str(number)} | amounts)
    return found


def _skill(key: str, rows: list[int], skills: Mapping[str, people.SkillStanding], hours: float) -> dict[str, Any]:
    """A skill's people on the roster, or those who have to know several."""
    parts = [_called(skill_id, skills) for skill_id in skills_in(key)]
    return {
        "skill_id": key,
        "skill_name": name_of(key, {part["skill_id"]: part["skill_name"] for part in parts}),
        "brands": [brand for part in parts for brand in part["brands"]],
        "people_hours": round(sum(rows) * hours, 1),
        "most_people": max(rows, default=0),
    }


def _called(skill_id: str, skills: Mapping[str, people.SkillStanding]) -> dict[str, Any]:
    skill = skills.get(skill_id)
    return {
        "skill_id": skill_id,
        "skill_name": skill.name if skill else {"zh": skill_id, "en": skill_id},
        "brands": list(skill.values) if skill and skill.kind == "brand" else [],
    }


class _Intervals:
    """The plan's intervals by day: real moments of its zone; 24 hours a day where it was made without one."""

    def __init__(self, row: StaffingPlan) -> None:
        self._row = row
        self.days = [row.first_day + timedelta(days=n) for n in range((row.last_day - row.first_day).days + 1)]
        zone = row.basis.get("zone")
        if zone is None:
            a_day = 1440 // row.interval_min
            self.places = [slice(n * a_day, (n + 1) * a_day) for n in range(len(self.days))]
            return
        self._zone = ZoneInfo(zone)
        self._begins = moments(row.first_day, row.last_day, self._zone, row.interval_min)
        self.places = day_places(self._begins, self._zone)

    def texts(self) -> list[str]:
        """When each begins, local; with the offset where that hour comes twice."""
        if "zone" in self._row.basis:
            return [wall_text(begin, self._zone) for begin in self._begins]
        begin, step = datetime.combine(self._row.first_day, time()), timedelta(minutes=self._row.interval_min)
        return [f"{begin + step * n:%Y-%m-%dT%H:%M}" for n in range(self.places[-1].stop)]


class _Curve:
    """Some queues' parts of a plan added up."""

    def __init__(
        self, row: StaffingPlan, parts: dict[str, dict[str, Any]], content: dict[str, list[int]], result: dict[str, Any]
    ) -> None:
        self.row, self.result, self.parts = row, result, parts
        self.intervals = _Intervals(row)
        skills = {id.rpartition("/")[2] for id in parts}
        self.people = _sum([wanted for key, wanted in content.items() if skills.intersection(skills_in(key))])
        self.agents = self._line("agents")
        self.calls = self._line("calls")

    def told(self, day: date) -> dict[str, Any]:
        """All days, and the intervals of one."""
        place = self.intervals.places[(day - self.row.first_day).days]
        only = next(iter(self.parts.values())) if len(self.parts) == 1 else {}
        return {
            "days": self._days(),
            "day": day,
            "begins": self.intervals.texts()[place],
            "calls": [round(value, 2) for value in self.calls[place]],
            "required": self._line("required")[place],
            "agents": self.agents[place],
            "separate": self._line("separate")[place],
            "people": self.people[place],
            "seats_taken": self.result["seats_taken"][place],
            "service_level": self._shares("service_level")[place],
            "abandoned": self._shares("abandoned")[place],
            "low": only.get("low", [])[place],
            "high": only.get("high", [])[place],
            "groups": [
                {"id": id, "agents": sizes[place]} for id, sizes in self.result.get("groups", {}).items() if any(sizes)
            ],
        }

    def _line(self, name: str) -> list[Any]:
        """The sum of all parts; nothing where plans of old did not tell it."""
        rows = [told[name] for told in self.parts.values() if name in told]
        return _sum(rows)

    def _days(self) -> list[dict[str, Any]]:
        short = [one["interval"] for one in self.result["seats_short"]]
        hours = self.row.interval_min / 60
        found = []
        for day, place in zip(self.intervals.days, self.intervals.places, strict=True):
            agents = self.agents[place]
            found.append(
                {
                    "day": day,
                    "agent_hours": round(sum(agents) * hours, 1),
                    "most_agents": max(agents, default=0),
                    "seats_short": sum(place.start <= one < place.stop for one in short),
                }
            )
        return found

    def _shares(self, name: str) -> list[float | None]:
        """The share of all who ask, over the queues asked about."""
        found: list[float | None] = []
        rows = [told for told in self.parts.values() if name in told]
        for number, total in enumerate(self.calls):
            known = [(told[name][number], told["calls"][number]) for told in rows]
            served = [(share, weight) for share, weight in known if share is not None and weight > 0]
            is_told = total > 0 and bool(served)
            weight = sum(weight for _, weight in served)
            found.append(round(sum(share * part for share, part in served) / weight, 4) if is_told else None)
        return found


def _sum(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [sum(column) for column in zip(*rows, strict=True)]
