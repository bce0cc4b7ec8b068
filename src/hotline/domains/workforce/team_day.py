"""A team's day: everybody's plan beside what they did, with the figures of both."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hotline.domains.people import queries as people
from hotline.domains.setup_routes import Names
from hotline.domains.workforce import adherence, day_schemas
from hotline.domains.workforce.day_plan import PersonDay, Told, Window, done_of, plans_of, window_of
from hotline.domains.workforce.models import Roster, WorkforceSettings
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.wall_time import moment_at
from hotline.formulas.service_level import in_hundredths
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of

KEEPING = "planning.day"


def team_day(actor: Actor, wanted: day_schemas.DayFilter, now: datetime) -> day_schemas.TeamDayOut:
    """The day of everybody who is rostered or worked, by name. A fixed number of queries, however many people.

    Raises NotYourTenantError, TenantNeededError."""
    keeper = actor.narrowed(KEEPING)
    tenant_id = keeper.tenant_or_only(wanted.tenant_id)
    with scope_of(keeper):
        day = wanted.day or now.astimezone(time_zone(tenant_id)).date()
        window = window_of(tenant_id, day)
        plans, done = plans_of(window), done_of(window)
        staff = {
            UUID(agent.agent_id): agent for agent in people.planned_agents(now) if agent.tenant_id == str(tenant_id)
        }
        settings = settings_of(tenant_id)
        late_min = settings.late_min
        is_published, teams = _is_published(tenant_id, day), people.team_names()
    shown = [
        _person(window, plans.get(agent_id) or PersonDay(agent_id), done.get(agent_id, []), now, late_min)
        for agent_id in staff
        if agent_id in plans or agent_id in done
    ]
    for one in shown:
        _name(one, staff[one.agent_id], teams)
    if wanted.team_id is not None:
        shown = [one for one in shown if one.team_id == wanted.team_id]
    shown.sort(key=lambda one: (one.agent_name, one.agent_id))
    whole = _whole(window, now, late_min, is_published, shown)
    whole.flags_not_rostered = settings.not_rostered != WorkforceSettings.NotRostered.ALLOW
    return whole


def _name(shown: day_schemas.PersonDayOut, agent: people.PlannedAgent, teams: dict[str, dict[str, str]]) -> None:
    shown.agent_name = agent.name
    if agent.team_id is not None:
        shown.team_id, shown.team_name = UUID(agent.team_id), Names(**teams[agent.team_id])


def _whole(
    window: Window, now: datetime, late_min: int, is_published: bool, shown: Sequence[day_schemas.PersonDayOut]
) -> day_schemas.TeamDayOut:
    rostered = [one.figures for one in shown if one.is_rostered]
    planned_s, kept_s = sum(one.planned_s for one in rostered), sum(one.kept_s for one in rostered)
    work_s, worked_s = sum(one.planned_work_s for one in rostered), sum(one.worked_s for one in rostered)
    return day_schemas.TeamDayOut(
        tenant_id=window.tenant_id,
        day=window.day,
        time_zone=window.zone.key,
        begins_at=window.begins,
        ends_at=window.ends,
        as_of=now,
        late_min=late_min,
        is_published=is_published,
        flags_not_rostered=False,
        people=list(shown),
        adherence=in_hundredths(kept_s, planned_s),
        conformance=_conformance(worked_s, work_s),
    )


def _conformance(worked_s: int, planned_s: int) -> int | None:
    """Worked ÷ planned in hundredths of a per cent, cut off; more than planned is more than a whole."""
    return worked_s * 10_000 // planned_s if planned_s else None


def _is_published(tenant_id: UUID, day: date) -> bool:
    rosters = Roster.objects.filter(tenant_id=tenant_id, state="published", first_day__lte=day, last_day__gte=day)
    return rosters.exists()


def _person(
    window: Window, plan: PersonDay, done: Sequence[Told], now: datetime, late_min: int
) -> day_schemas.PersonDayOut:
    segments = plan.segments(window)
    figures = adherence.figures(segments, [one.stretch for one in done], min(now, window.ends), late_min)
    return day_schemas.PersonDayOut(
        agent_id=plan.agent_id,
        agent_name="",
        team_id=None,
        team_name=None,
        is_rostered=bool(plan.shifts),
        shifts=[_shift(shift) for shift in plan.shifts],
        plan=[day_schemas.SegmentOut(kind=one.kind, begins_at=one.begins, ends_at=one.ends) for one in segments],
        done=[
            day_schemas.StretchOut(
                doing=one.stretch.doing,
                reason_id=one.reason_id,
                begins_at=one.stretch.begins,
                ends_at=one.stretch.ends,
            )
            for one in done
        ],
        breaks=list(_breaks(window, plan)),
        activities=[_activity(row) for row in plan.activities],
        absences=[_absence(row) for row in plan.absences],
        figures=_figures(figures),
    )


def _figures(found: adherence.Figures) -> day_schemas.DayFiguresOut:
    return day_schemas.DayFiguresOut(
        planned_s=found.planned_s,
        kept_s=found.kept_s,
        adherence=in_hundredths(found.kept_s, found.planned_s),
        planned_work_s=found.planned_work_s,
        worked_s=found.worked_s,
        conformance=_conformance(found.worked_s, found.planned_work_s),
        late_s=found.late_s,
        early_leave_s=found.early_leave_s,
        long_break_s=found.long_break_s,
        is_absent=found.is_absent,
        out_of_plan_at=found.out_of_plan_at,
    )


def _shift(shift: Any) -> day_schemas.ShiftOfDayOut:
    return day_schemas.ShiftOfDayOut(
        id=shift.pk,
        version=shift.version,
        name=Names(**shift.shift_kind.name),
        short=shift.shift_kind.short,
        begins_at=shift.starts_at,
        ends_at=shift.ends_at,
        source=shift.source,
    )


def _breaks(window: Window, plan: PersonDay) -> Iterable[day_schemas.BreakOut]:
    for shift in plan.shifts:
        for index, (begin, end) in enumerate(shift.breaks):
            yield day_schemas.BreakOut(
                shift_id=shift.pk,
                shift_version=shift.version,
                index=index,
                begins_at=moment_at(shift.day, begin, window.zone),
                ends_at=moment_at(shift.day, end, window.zone),
            )


def _activity(row: Any) -> day_schemas.ActivityOut:
    return day_schemas.ActivityOut(
        id=row.pk,
        version=row.version,
        kind=row.kind,
        name=row.name,
        begins_at=row.starts_at,
        ends_at=row.ends_at,
        is_movable=row.is_movable,
    )


def _absence(row: Any) -> day_schemas.AbsenceOut:
    return day_schemas.AbsenceOut(
        id=row.pk, version=row.version, kind=row.kind, begins_at=row.starts_at, ends_at=row.ends_at
    )
