"""Who could go home earlier today, read from the roster, the day's forecast and what was granted in the year."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors, intraday_work
from hotline.domains.workforce.day_plan import PersonDay, Window, window_of
from hotline.domains.workforce.early_leave import LEAST_LEFT, Leaver, fair_order
from hotline.domains.workforce.intraday import QueueDay
from hotline.domains.workforce.models import RosterShift, ShiftRequest
from hotline.domains.workforce.planned_people import time_zone

LEAST_NOTICE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Choice:
    """The day with everybody who is on shift at the moment and could leave then, whom to ask first at the top."""

    window: Window
    queues: list[QueueDay]
    leavers: list[Leaver]
    shifts: dict[str, RosterShift]  # by agent id


def choice(tenant_id: UUID, queue_id: UUID, leaves_at: datetime, now: datetime) -> Choice:
    """Those of the queue who could leave at the moment, whether or not cover keeps. Needs a scope.

    Raises LeaveTimeError for a moment of another day or too near, NoExpectationError."""
    day_ends = window_of(tenant_id, now.astimezone(time_zone(tenant_id)).date()).ends
    if not now + LEAST_NOTICE <= leaves_at < day_ends:
        raise day_errors.LeaveTimeError(minutes=int(LEAST_NOTICE.total_seconds() // 60))
    return choice_at(tenant_id, queue_id, leaves_at, now)


def choice_at(tenant_id: UUID, queue_id: UUID, leaves_at: datetime, now: datetime) -> Choice:
    """The same without asking how near the moment is. Needs a scope. Raises NoExpectationError."""
    window = window_of(tenant_id, now.astimezone(time_zone(tenant_id)).date())
    _, _, queues = intraday_work.days_now(window, now)
    if not any(queue.queue_id == str(queue_id) for queue in queues):
        raise day_errors.NoExpectationError
    plans, crews = intraday_work.staffed(window, queues, now)
    shifts = {
        str(agent_id): shift
        for agent_id, plan in plans.items()
        if (shift := shift_to_leave(plan, leaves_at)) is not None
    }
    able = [crew for crew in crews if str(queue_id) in crew.queue_ids and crew.agent_id in shifts]
    able = [crew for crew in able if any(one.kind == "work" and one.ends > leaves_at for one in crew.segments)]
    agents = [UUID(crew.agent_id) for crew in able]
    names, granted = people.agent_names(agents), granted_in_year(tenant_id, window.day.year, agents)
    found = [
        Leaver(crew, shifts[crew.agent_id].ends_at, granted[agent], names.get(agent, ""))
        for crew, agent in zip(able, agents, strict=True)
    ]
    return Choice(window, queues, fair_order(found), shifts)


def shift_to_leave(plan: PersonDay, leaves_at: datetime) -> RosterShift | None:
    """The shift that has begun by then and lasts half an hour longer; none where something is planned for the rest."""
    if any(row.ends_at > leaves_at for row in plan.activities):
        return None
    return next(
        (one for one in plan.shifts if one.starts_at < leaves_at and leaves_at + LEAST_LEFT <= one.ends_at), None
    )


def granted_in_year(tenant_id: UUID, year: int, agents: Iterable[UUID]) -> Counter[UUID]:
    """How often each of them left early on an offer in the year."""
    rows = ShiftRequest.objects.filter(
        tenant_id=tenant_id,
        kind=ShiftRequest.Kind.EARLY_END,
        state=ShiftRequest.State.DONE,
        first_day__year=year,
        agent_id__in=list(agents),
    )
    return Counter(rows.values_list("agent_id", flat=True))
