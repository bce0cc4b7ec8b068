"""The running day as planners see it: expected before and now, what came, required and present, and what could be
done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.setup_routes import Names
from hotline.domains.workforce import expectations, intraday_schemas, intraday_work
from hotline.domains.workforce.day_moves import activity_place, break_place
from hotline.domains.workforce.day_plan import PersonDay, Window, window_of
from hotline.domains.workforce.intraday import Crew, QueueDay
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.proposals import Means, Movable, Proposal, ShiftEnd, Tier, proposals
from hotline.domains.workforce.team_day import KEEPING
from hotline.domains.workforce.wall_time import minute_at, moment_at
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of


def intraday(actor: Actor, tenant_id: UUID | None, now: datetime) -> intraday_schemas.IntradayOut:
    """Today by queue, by the newest forecast; made on the spot where the worker has made none yet, and not kept.

    Raises NotYourTenantError, TenantNeededError."""
    keeper = actor.narrowed(KEEPING)
    tenant = keeper.tenant_or_only(tenant_id)
    with scope_of(keeper):
        window = window_of(tenant, now.astimezone(time_zone(tenant)).date())
        source, made_at, queues = intraday_work.days_now(window, now)
        plans, crews = intraday_work.staffed(window, queues, now)
        means = _means(window, plans, crews, now)
        found = proposals(queues, means, window.begins, now)
        names = {queue.queue_id: queue.name for queue in routing.planned_queues(tenant)}
        agents = people.agent_names(UUID(agent) for one in found for agent in _agents(one))
    return intraday_schemas.IntradayOut(
        tenant_id=tenant,
        day=window.day,
        time_zone=window.zone.key,
        as_of=now,
        made_at=made_at,
        source=source,
        interval_min=15,
        begins_at=expectations.moments_of(window),
        queues=[_queue(queue, names) for queue in queues if queue.queue_id in names],
        proposals=[_proposal(one, names, agents) for one in found if one.queue_id in names],
    )


def _means(window: Window, plans: dict[UUID, PersonDay], crews: Iterable[Crew], now: datetime) -> Means:
    served = {UUID(crew.agent_id): crew.queue_ids for crew in crews}
    activities, breaks, ends = [], [], []
    for agent_id, plan in plans.items():
        queue_ids = served.get(agent_id, frozenset())
        activities += list(_activities(window, plan, queue_ids, now))
        breaks += list(_breaks(window, plan, queue_ids, now))
        for shift in plan.shifts:
            if shift.ends_at > now:
                ends.append(ShiftEnd(str(agent_id), str(shift.pk), shift.ends_at, queue_ids))
    ends.sort(key=lambda one: (one.ends, one.agent_id))
    tiers = [
        Tier(str(tier.tier_id), tier.name, frozenset(map(str, tier.queue_ids)), tier.people)
        for tier in routing.reserve_tiers()
    ]
    return Means(activities, breaks, ends, tiers)


def _activities(window: Window, plan: PersonDay, queue_ids: frozenset[str], now: datetime) -> Iterable[Movable]:
    """Those that may be elsewhere in the shift."""
    for row in plan.activities:
        if row.is_movable and row.starts_at > now:
            own = minute_at(window.day, row.starts_at, window.zone)
            if any(begin != own for begin in activity_place(row, plan, window, now).starts()):
                yield Movable(str(row.agent_id), str(row.pk), row.version, row.starts_at, row.ends_at, queue_ids)


def _breaks(window: Window, plan: PersonDay, queue_ids: frozenset[str], now: datetime) -> Iterable[Movable]:
    for shift in plan.shifts:
        for index, (begin, end) in enumerate(shift.breaks):
            begins = moment_at(shift.day, begin, window.zone)
            if shift.day != window.day or begins <= now:
                continue
            if any(other != begin for other in break_place(shift, index, plan, window, now).starts()):
                ends = moment_at(shift.day, end, window.zone)
                yield Movable(str(shift.agent_id), str(shift.pk), shift.version, begins, ends, queue_ids, index)


def _queue(queue: QueueDay, names: dict[str, dict[str, str]]) -> intraday_schemas.IntradayQueueOut:
    return intraday_schemas.IntradayQueueOut(
        queue_id=UUID(queue.queue_id),
        name=Names(**names[queue.queue_id]),
        target=round(queue.targets.service_level * 10_000),
        threshold_s=round(queue.targets.threshold_s),
        level=round(queue.level, 4),
        known=queue.known,
        planned=queue.planned,
        calls=queue.calls,
        low=queue.low,
        high=queue.high,
        actual=queue.actual,
        handle_s=queue.handle_s,
        required=queue.required,
        present=queue.present,
    )


def _agents(one: Proposal) -> Iterable[str]:
    return [*one.agent_ids, *(movable.agent_id for movable in one.movables)]


def _proposal(one: Proposal, names: dict[str, dict[str, str]], agents: dict[UUID, str]) -> intraday_schemas.ProposalOut:
    moves: list[dict[str, Any]] = [
        {
            "agent_name": agents.get(UUID(movable.agent_id), ""),
            "object_id": movable.object_id,
            "version": movable.version,
            "index": movable.index,
            "begins_at": movable.begins,
            "ends_at": movable.ends,
        }
        for movable in one.movables
    ]
    return intraday_schemas.ProposalOut(
        kind=one.kind,
        queue_id=UUID(one.queue_id),
        queue_name=Names(**names[one.queue_id]),
        begins_at=one.begins,
        ends_at=one.ends,
        people=one.people,
        level_before=round(one.level_before * 10_000),
        level_after=round(one.level_after * 10_000),
        hours=round(one.hours, 2),
        agent_names=[agents.get(UUID(agent), "") for agent in one.agent_ids],
        tier_id=UUID(one.tier.tier_id) if one.tier else None,
        tier_name=Names(**one.tier.name) if one.tier else None,
        moves=[intraday_schemas.ProposedMove(**move) for move in moves],
    )
