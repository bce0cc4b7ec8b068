"""The coverage calendar: whether the published rosters have somebody able in every open quarter of an hour."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.people import queries as people
from hotline.domains.people.queries import PlannedAgent
from hotline.domains.routing import queries as routing
from hotline.domains.routing.queries import PlannedQueue
from hotline.domains.setup_routes import Names
from hotline.domains.workforce import coverage_schemas as schemas
from hotline.domains.workforce import coverage_spans as spans
from hotline.domains.workforce.coverage_errors import CoverageDaysError
from hotline.domains.workforce.errors import DatesBackwardsError
from hotline.domains.workforce.models import Absence, RosterShift, ShiftKind
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.wall_time import moment_at
from hotline.formulas.opening_hours import hours_on
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.messages.configuration import CalendarConfiguration

MOST_DAYS: Final = 400
MOST_GAPS: Final = 400  # of one queue, and runs of gaps; their number is told in any case
_WHOLE: Final = 10_000
_DAY_MIN: Final = 24 * 60
_DAY: Final = timedelta(days=1)
Queues = frozenset[str]


@dataclass(slots=True)
class _Span:
    """The days asked for, and who is there on them by the set of queues that they can serve."""

    tenant_id: UUID
    first: date
    last: date
    zone: ZoneInfo
    present: dict[Queues, spans.Presence] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def minute(self, moment: datetime) -> int:
        """An aware moment as minutes on the wall since the first midnight."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return int((local - datetime.combine(self.first, time())).total_seconds() // 60)


def calendar(actor: Actor, first: date, last: date, tenant_id: UUID | None = None) -> schemas.CoverageOut:
    """Every queue's coverage by the published rosters, day by day. A fixed number of queries.

    Raises DatesBackwardsError, CoverageDaysError."""
    if last < first:
        raise DatesBackwardsError(first=first.isoformat(), last=last.isoformat())
    if (last - first).days >= MOST_DAYS:
        raise CoverageDaysError(most=str(MOST_DAYS))
    planner = actor.narrowed("planning.edit")
    with scope_of(planner):
        tenant = planner.tenant_or_only(tenant_id)
        asked = _Span(tenant, first, last, time_zone(tenant))
        queues = routing.planned_queues(tenant)
        _read_shifts(asked, queues)
        hours = _hours(tenant)
        holidays = enterprise.public_holidays(tenant, first, last)
        skills = people.skill_names({skill for queue in queues for skill in queue.levels})
        return schemas.CoverageOut(
            tenant_id=tenant,
            first_day=first,
            last_day=last,
            interval_min=spans.INTERVAL_MIN,
            holidays=sorted(holidays),
            queues=[_queue(asked, queue, hours.get(queue.queue_id), holidays, skills) for queue in queues],
        )


def _hours(tenant_id: UUID) -> dict[str, CalendarConfiguration]:
    """The opening calendars of the queues that have one, by queue id."""
    known = {one.calendar_id: one for one in enterprise.calendar_configurations()}
    wanted = settings_of(tenant_id).queue_calendars
    return {queue: known[calendar_id] for queue, calendar_id in wanted.items() if calendar_id in known}


def _queue(
    asked: _Span,
    queue: PlannedQueue,
    hours: CalendarConfiguration | None,
    holidays: frozenset[date],
    skills: Mapping[str, dict[str, str]],
) -> schemas.QueueCoverage:
    is_open = spans.opened(_open_spans(asked, hours), asked.days)
    able = [kind for served, kind in asked.present.items() if queue.queue_id in served]
    found = spans.coverage_of(is_open, spans.presence_of(able, asked.days))
    runs = spans.runs_of(found.gaps, asked.first.weekday())
    return schemas.QueueCoverage(
        queue_id=UUID(queue.queue_id),
        name=Names(**queue.name),
        is_always_open=hours is None,
        open_intervals=found.open_count,
        covered_intervals=found.covered_count,
        share=_share(found.open_count, found.covered_count),
        days=[_share(wanted, covered) for wanted, covered in found.days],
        gap_count=len(found.gaps),
        gaps=[_gap(asked, gap, holidays) for gap in found.gaps[:MOST_GAPS]],
        run_count=len(runs),
        runs=[_run(asked, run, holidays) for run in runs[:MOST_GAPS]],
        skills=[Names(**skills[skill]) for skill in sorted(queue.levels) if skill in skills],
    )


def _share(wanted: int, covered: int) -> int | None:
    """Hundredths of a per cent, rounded down so that only what is whole shows as whole; None without open time."""
    return covered * _WHOLE // wanted if wanted else None


def _gap(asked: _Span, gap: spans.Gap, holidays: frozenset[date]) -> schemas.CoverageGap:
    day = asked.first + _DAY * gap.day
    return schemas.CoverageGap(day=day, begins_min=gap.begins, ends_min=gap.ends, is_holiday=day in holidays)


def _run(asked: _Span, run: spans.Run, holidays: frozenset[date]) -> schemas.CoverageRun:
    first, last = asked.first + _DAY * run.first, asked.first + _DAY * run.last
    return schemas.CoverageRun(
        first_day=first,
        last_day=last,
        weekdays=list(run.weekdays),
        begins_min=run.begins,
        ends_min=run.ends,
        days=run.days,
        holidays=sum(first <= day <= last and (not run.weekdays or day.weekday() in run.weekdays) for day in holidays),
    )


def _open_spans(asked: _Span, hours: CalendarConfiguration | None) -> Iterable[spans.Span]:
    if hours is None:
        return [(0, asked.days * _DAY_MIN)]
    # A calendar of another zone may be open on the day before or after, seen from here.
    own = ZoneInfo(hours.time_zone)
    days = [asked.first + _DAY * n for n in range(-1, asked.days + 1)]
    found = [(day, begin, end) for day in days for begin, end in hours_on(hours, day)]
    if hours.time_zone == str(asked.zone):
        midnights = ((day - asked.first).days * _DAY_MIN for day, _, _ in found)
        return [(midnight + begin, midnight + end) for midnight, (_, begin, end) in zip(midnights, found, strict=True)]
    return [
        (asked.minute(moment_at(day, begin, own)), asked.minute(moment_at(day, end, own))) for day, begin, end in found
    ]


def _read_shifts(asked: _Span, queues: list[PlannedQueue]) -> None:
    served = _Served(asked.tenant_id, queues)
    away = _absences(asked)
    rows = RosterShift.objects.filter(
        tenant_id=asked.tenant_id, roster__state="published", day__gte=asked.first - _DAY, day__lte=asked.last
    )
    columns = rows.values_list("agent_id", "day", "shift_kind_id", "pieces", "breaks").order_by()
    for agent_id, day, kind_id, pieces, breaks in columns.iterator(chunk_size=5000):
        able = served.by(agent_id, kind_id, day)
        if not able:
            continue
        midnight = (day - asked.first).days * _DAY_MIN
        worked = [(midnight + begin, midnight + end) for begin, end in pieces]
        gone = [(midnight + begin, midnight + end) for begin, end in breaks] + away.get(agent_id, [])
        kind = asked.present.get(able)
        if kind is None:
            kind = asked.present[able] = spans.Presence(asked.days)
        kind.add(worked, gone)


def _absences(asked: _Span) -> Mapping[UUID, list[spans.Span]]:
    begin, end = (datetime.combine(day, time(), asked.zone) for day in (asked.first, asked.last + _DAY))
    rows = Absence.objects.filter(tenant_id=asked.tenant_id, cancelled_at=None, starts_at__lt=end, ends_at__gt=begin)
    found: dict[UUID, list[spans.Span]] = defaultdict(list)
    for agent_id, starts_at, ends_at in rows.values_list("agent_id", "starts_at", "ends_at"):
        found[agent_id].append((asked.minute(starts_at), asked.minute(ends_at)))
    return found


class _Served:
    """Which queues somebody can serve on a day in a shift of a kind. Most answers are known from another day."""

    def __init__(self, tenant_id: UUID, queues: list[PlannedQueue]) -> None:
        self._queues = queues
        self._agents: dict[str, PlannedAgent] = {
            agent.agent_id: agent for agent in people.planned_agents(timezone.now()) if agent.is_active
        }
        kinds = ShiftKind.objects.filter(tenant_id=tenant_id).values_list("pk", "skill_ids")
        self._serves: dict[UUID, frozenset[str]] = {kind_id: frozenset(skills) for kind_id, skills in kinds}
        self._known: dict[tuple[UUID, UUID, date | None], Queues] = {}
        self._ends = {key: any(end for _, _, end in agent.skills) for key, agent in self._agents.items()}

    def by(self, agent_id: UUID, kind_id: UUID, day: date) -> Queues:
        """The ids of the queues; none for somebody who has left."""
        key = agent_id, kind_id, day if self._ends.get(str(agent_id)) else None
        if key not in self._known:
            self._known[key] = self._find(str(agent_id), kind_id, day)
        return self._known[key]

    def _find(self, agent_id: str, kind_id: UUID, day: date) -> Queues:
        agent = self._agents.get(agent_id)
        if agent is None:
            return frozenset()
        only = self._serves.get(kind_id, frozenset())
        held = {
            skill: level
            for skill, level, valid_to in agent.skills
            if (valid_to is None or valid_to >= day) and (not only or skill in only)
        }
        return frozenset(
            queue.queue_id
            for queue in self._queues
            if all(held.get(skill, 0) >= level for skill, level in queue.levels.items())
        )
