"""Staffing plans as planners read them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hotline.domains.contacts.export import BYTE_ORDER_MARK, csv_line
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.forecast_errors import StaffingNotReadyError
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planning_runs import PERMISSION, unpacked
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of


def demand(plan_id: UUID) -> dict[str, list[int]]:
    """People wanted on the roster per skill, interval by interval from the plan's first day on. Needs a scope.

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
        hours = row.interval_min / 60
        return _brief(row) | {
            "targets": row.targets,
            "shrinkage": row.shrinkage,
            "queues": [_queue(id, told, skills, hours) for id, told in result.get("queues", {}).items()],
            "skills": [_skill(skill, rows, skills, hours) for skill, rows in (unpacked(row.content) or {}).items()],
            "headcount": result.get("headcount"),
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
        names = people.skill_names(content)
        audit.record_read(planner, "staffing_plan.exported", StaffingPlan.object_type, row.pk, row.tenant_id)
        begin, step = datetime.combine(row.first_day, time()), timedelta(minutes=row.interval_min)
        lines = [BYTE_ORDER_MARK + csv_line(("start", "skill", "people"))]
        for skill, wanted in content.items():
            name = names.get(skill, {}).get("zh", skill)
            lines += [
                csv_line((f"{begin + step * number:%Y-%m-%dT%H:%M}", name, str(number_of)))
                for number, number_of in enumerate(wanted)
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
        "figures": row.figures or None,
        "run": planning_runs.told(row.run) if row.run is not None else None,
    }


def _queue(id: str, told: dict[str, Any], skills: dict[str, people.SkillStanding], hours: float) -> dict[str, Any]:
    queue_id, _, skill_id = id.rpartition("/")
    names = routing.spoken_names()
    return {
        "id": id,
        "queue_id": queue_id,
        "queue_name": names.get(queue_id, {"zh": queue_id, "en": queue_id}),
        **_called(skill_id, skills),
        "calls": round(sum(told["calls"]), 1),
        "agent_hours": round(sum(told["agents"]) * hours, 1),
        "most_agents": max(told["agents"], default=0),
    }


def _skill(skill_id: str, rows: list[int], skills: dict[str, people.SkillStanding], hours: float) -> dict[str, Any]:
    return {
        **_called(skill_id, skills),
        "people_hours": round(sum(rows) * hours, 1),
        "most_people": max(rows, default=0),
    }


def _called(skill_id: str, skills: dict[str, people.SkillStanding]) -> dict[str, Any]:
    skill = skills.get(skill_id)
    return {
        "skill_id": skill_id,
        "skill_name": skill.name if skill else {"zh": skill_id, "en": skill_id},
        "brands": list(skill.values) if skill and skill.kind == "brand" else [],
    }


class _Curve:
    """Some queues' parts of a plan added up."""

    def __init__(
        self, row: StaffingPlan, parts: dict[str, dict[str, Any]], content: dict[str, list[int]], result: dict[str, Any]
    ) -> None:
        self.row, self.result, self.parts = row, result, parts
        self.a_day = 1440 // row.interval_min
        skills = {id.rpartition("/")[2] for id in parts}
        self.people = _sum([wanted for skill, wanted in content.items() if skill in skills])
        self.agents = _sum([told["agents"] for told in parts.values()])

    def told(self, day: date) -> dict[str, Any]:
        """All days, and the intervals of one."""
        at = (day - self.row.first_day).days
        place = slice(at * self.a_day, (at + 1) * self.a_day)
        begin, step = datetime.combine(day, time()), timedelta(minutes=self.row.interval_min)
        calls = _sum([told["calls"] for told in self.parts.values()])
        return {
            "days": self._days(),
            "day": day,
            "begins": [f"{begin + step * number:%Y-%m-%dT%H:%M}" for number in range(self.a_day)],
            "calls": [round(value, 2) for value in calls[place]],
            "required": _sum([told["required"] for told in self.parts.values()])[place],
            "agents": self.agents[place],
            "people": self.people[place],
            "seats_taken": self.result["seats_taken"][place],
            "service_level": self._levels(calls)[place],
        }

    def _days(self) -> list[dict[str, Any]]:
        short = [one["interval"] // self.a_day for one in self.result["seats_short"]]
        days = (self.row.last_day - self.row.first_day).days + 1
        hours = self.row.interval_min / 60
        found = []
        for number in range(days):
            agents = self.agents[number * self.a_day : (number + 1) * self.a_day]
            found.append(
                {
                    "day": self.row.first_day + timedelta(days=number),
                    "agent_hours": round(sum(agents) * hours, 1),
                    "most_agents": max(agents, default=0),
                    "seats_short": short.count(number),
                }
            )
        return found

    def _levels(self, calls: Sequence[float]) -> list[float | None]:
        """The share answered in time of all who ask, over the queues asked about."""
        found: list[float | None] = []
        for number, total in enumerate(calls):
            known = [(told["service_level"][number], told["calls"][number]) for told in self.parts.values()]
            served = [(level, weight) for level, weight in known if level is not None and weight > 0]
            is_told = total > 0 and bool(served)
            weight = sum(weight for _, weight in served)
            found.append(round(sum(level * part for level, part in served) / weight, 4) if is_told else None)
        return found


def _sum(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [sum(column) for column in zip(*rows, strict=True)]
