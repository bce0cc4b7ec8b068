"""A roster's demand changed afterwards, of a draft or of what is published: by lines, by a plan, or as a whole.

Shifts stay as they are. Curve, cover and checks read the demand anew, and so does the next solve, which changes as few
people as it can; figures of the last solve are marked as older."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from django.db import transaction

from hotline.domains.people import queries as people
from hotline.domains.workforce import roster_errors as errors
from hotline.domains.workforce.errors import DatesBackwardsError
from hotline.domains.workforce.forecast_errors import StaffingNotReadyError
from hotline.domains.workforce.models import Roster, StaffingPlan
from hotline.domains.workforce.planning_runs import packed
from hotline.domains.workforce.roster_demand import Demand, demand_of, demand_of_plan, wanted_min
from hotline.domains.workforce.rosters import PLANNING, locked
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.skill_sets import normal_key, skills_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of

Weekdays = Literal["all", "workdays", "weekend"]
_DAY_MIN: Final = 1440
_DAY: Final = timedelta(days=1)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """So many people with a skill (or with several, their ids joined by +) between two local times of these days; over
    midnight where the end is not later."""

    skill_id: UUID | str
    first_day: date
    last_day: date
    start: str
    end: str
    people: int
    weekdays: Weekdays = "all"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One of three: what lines say in place of what was wanted then, the requirement of a plan, or all of it anew."""

    lines: Sequence[Line] = ()
    staffing_plan_id: UUID | None = None
    demand: Mapping[UUID | str, Sequence[int]] | None = None
    interval_min: int | None = None  # of `demand`; none: the roster's own


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The roster's version, and the minutes of people that were and are wanted."""

    version: int
    before_min: int
    after_min: int


def change(actor: Actor, roster_id: UUID, version: int, wanted: Wanted) -> Changed:
    """The roster with the demand that is wanted; one that is as it was keeps its version.

    Raises NotFoundError, StaleVersionError, RosterReplacedError, DemandChangeError, DatesBackwardsError,
    RosterDayError, DemandGridError, DemandLengthError, PlanDaysError, StaffingNotReadyError, and UnknownReferenceError
    for a skill that the tenant does not have."""
    planner = actor.narrowed(PLANNING)
    with scope_of(planner), transaction.atomic():
        roster = locked(roster_id, version)
        if roster.state == Roster.State.REPLACED:
            raise errors.RosterReplacedError
        before, before_grid = demand_of(roster), roster.interval_min
        after = _demand(roster, wanted)
        roster.demand = packed(after)
        told = Changed(
            version=roster.version + 1,
            before_min=wanted_min(before, before_grid),
            after_min=wanted_min(demand_of(roster), roster.interval_min),
        )
        if demand_of(roster) == before and roster.interval_min == before_grid:
            return msgspec.structs.replace(told, version=roster.version)
        _save(planner, roster, wanted, told)
    return told


def _save(planner: Actor, roster: Roster, wanted: Wanted, told: Changed) -> None:
    roster.version = told.version
    if "coverage" in roster.figures:
        roster.figures = {**roster.figures, "is_demand_older": True}
    roster.save(update_fields=["demand", "interval_min", "staffing_plan", "figures", "version", "updated_at"])
    details: dict[str, Any] = {
        **msgspec.to_builtins(told),
        "lines": msgspec.to_builtins(list(wanted.lines)),
        "staffing_plan": str(wanted.staffing_plan_id or ""),
    }
    audit.record(planner, "roster.demand_changed", roster.object_type, roster.pk, roster.tenant_id, details)


def _demand(roster: Roster, wanted: Wanted) -> Demand:
    """The new demand; the roster takes its plan and interval."""
    if sum([bool(wanted.lines), wanted.staffing_plan_id is not None, wanted.demand is not None]) != 1:
        raise errors.DemandChangeError
    if wanted.staffing_plan_id is not None:
        return _of_plan(roster, wanted.staffing_plan_id)
    if wanted.demand is not None:
        return _as_whole(roster, wanted.demand, wanted.interval_min)
    people.require_skills(roster.tenant_id, skills_of(normal_key(line.skill_id) for line in wanted.lines), "skill_id")
    demand = {skill: list(row) for skill, row in demand_of(roster).items()}
    for line in wanted.lines:
        put(roster, demand, line)
    return demand


def _of_plan(roster: Roster, plan_id: UUID) -> Demand:
    plan = StaffingPlan.objects.filter(pk=plan_id, tenant_id=roster.tenant_id).first()
    if plan is None:
        raise NotFoundError(object_type="staffing_plan", object_id=str(plan_id))
    if not plan.content:
        raise StaffingNotReadyError
    if plan.first_day > roster.first_day or plan.last_day < roster.last_day:
        first, last = plan.first_day.isoformat(), plan.last_day.isoformat()
        raise errors.PlanDaysError(name=plan.name, first=first, last=last, **_days(roster))
    roster.staffing_plan, roster.interval_min = plan, plan.interval_min
    return demand_of_plan(plan, roster.first_day, roster.last_day)


def _as_whole(roster: Roster, demand: Mapping[UUID | str, Sequence[int]], interval_min: int | None) -> Demand:
    rows = {normal_key(key): list(row) for key, row in demand.items()}
    people.require_skills(roster.tenant_id, skills_of(rows), "demand")
    roster.interval_min = interval_min or roster.interval_min
    slots = ((roster.last_day - roster.first_day).days + 1) * _DAY_MIN // roster.interval_min
    for row in rows.values():
        if not 0 < len(row) <= slots:
            raise errors.DemandLengthError(length=len(row), most=slots)
    return rows


def put(roster: Roster, demand: Demand, line: Line) -> None:
    """Write the line into the demand. Raises DatesBackwardsError, RosterDayError, DemandGridError."""
    if line.last_day < line.first_day:
        raise DatesBackwardsError(first=line.first_day.isoformat(), last=line.last_day.isoformat())
    for day in (line.first_day, line.last_day):
        if not roster.first_day <= day <= roster.last_day:
            named = _days(roster)
            raise errors.RosterDayError(day=day.isoformat(), first=named["roster_first"], last=named["roster_last"])
    grid = roster.interval_min
    begin, end = _minute(line.start, grid), _minute(line.end, grid)
    length = (end - begin if end > begin else end + _DAY_MIN - begin) // grid
    slots = ((roster.last_day - roster.first_day).days + 1) * _DAY_MIN // grid
    row = demand.setdefault(normal_key(line.skill_id), [0] * slots)
    for day in _counted(line):
        first = ((day - roster.first_day).days * _DAY_MIN + begin) // grid
        for slot in range(first, min(first + length, slots)):
            row[slot] = line.people


def _minute(text: str, grid: int) -> int:
    minute = minute_of(text)
    if minute % grid:
        raise errors.DemandGridError(time=text, minutes=grid)
    return minute


def _counted(line: Line) -> Iterator[date]:
    day = line.first_day
    while day <= line.last_day:
        if line.weekdays == "all" or (line.weekdays == "weekend") == (day.weekday() > 4):
            yield day
        day += _DAY


def _days(roster: Roster) -> dict[str, str]:
    return {"roster_first": roster.first_day.isoformat(), "roster_last": roster.last_day.isoformat()}
