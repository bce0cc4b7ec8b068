"""Offers to leave early as leaders see them: whom to ask, and what came of today's."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.setup_routes import Names
from hotline.domains.workforce import early_leave, leave_choice
from hotline.domains.workforce import leave_schemas as shown
from hotline.domains.workforce.models import LeaveOffer, ShiftRequest
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.team_day import KEEPING
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of


def candidates(actor: Actor, wanted: shown.LeaveQuery, now: datetime) -> shown.LeaveCandidatesOut:
    """Whose going at the moment keeps cover, in fair order. A fixed number of queries, however many people.

    Raises NotYourTenantError, TenantNeededError, LeaveTimeError, NoExpectationError."""
    keeper = actor.narrowed(KEEPING)
    tenant_id = keeper.tenant_or_only(wanted.tenant_id)
    with scope_of(keeper):
        found = leave_choice.choice(tenant_id, wanted.queue_id, wanted.leaves_at, now)
        settings = settings_of(tenant_id)
        begins = found.window.begins
        able = [
            one for one in found.leavers if early_leave.keeps_cover(found.queues, one.crew, wanted.leaves_at, begins)
        ]
        agents = [UUID(one.crew.agent_id) for one in able]
        rows = ShiftRequest.objects.filter(
            kind=ShiftRequest.Kind.EARLY_END, state=ShiftRequest.State.OPEN, agent_id__in=agents
        )
        waiting = set(rows.values_list("agent_id", flat=True))
        most = early_leave.most_together(found.queues, able, wanted.leaves_at, begins)
    return shown.LeaveCandidatesOut(
        leaves_at=wanted.leaves_at,
        expires_at=min(wanted.leaves_at, now + timedelta(minutes=settings.early_leave_answer_min)),
        is_paid=settings.early_leave_is_paid,
        most=most,
        needed=len(found.leavers) - len(able),
        people=[
            shown.LeaveCandidateOut(
                agent_id=agent_id,
                agent_name=one.name,
                shift_ends_at=one.ends,
                granted=one.granted,
                asked=agent_id in waiting,
            )
            for agent_id, one in zip(agents, able, strict=True)
        ],
    )


def offers(actor: Actor, tenant_id: UUID | None, now: datetime) -> shown.LeaveOffersOut:
    """Today's offers of the tenant. Raises NotYourTenantError, TenantNeededError."""
    keeper = actor.narrowed(KEEPING)
    tenant = keeper.tenant_or_only(tenant_id)
    with scope_of(keeper):
        day = now.astimezone(time_zone(tenant)).date()
        rows = list(LeaveOffer.objects.filter(tenant_id=tenant, day=day).order_by("-id"))
        return shown.LeaveOffersOut(offers=_shown(tenant, rows, now))


def offer(actor: Actor, offer_id: UUID, now: datetime) -> shown.LeaveOfferOut:
    """One offer."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper):
        row = LeaveOffer.objects.filter(pk=offer_id).first()
        if row is None:
            raise NotFoundError(object_type=LeaveOffer.object_type, object_id=str(offer_id))
        return _shown(row.tenant_id, [row], now)[0]


def _shown(tenant_id: UUID, rows: list[LeaveOffer], now: datetime) -> list[shown.LeaveOfferOut]:
    requests = list(ShiftRequest.objects.filter(leave_offer__in=[row.pk for row in rows]).order_by("pk"))
    names = people.agent_names(request.agent_id for request in requests)
    queues = {queue.queue_id: queue.name for queue in routing.planned_queues(tenant_id)}
    asked: dict[UUID, list[shown.LeaveAskedOut]] = defaultdict(list)
    for request in requests:
        state: Any = request.state
        assert request.leave_offer_id is not None
        asked[request.leave_offer_id].append(
            shown.LeaveAskedOut(agent_name=names.get(request.agent_id, ""), state=state)
        )
    nameless = {"zh": "–", "en": "–"}  # a queue that no longer takes part
    return [
        shown.LeaveOfferOut(
            id=row.pk,
            version=row.version,
            queue_id=row.queue_id,
            queue_name=Names(**queues.get(str(row.queue_id), nameless)),
            leaves_at=row.leaves_at,
            expires_at=row.expires_at,
            closed_at=row.closed_at,
            is_open=row.closed_at is None and row.expires_at > now,
            is_paid=row.is_paid,
            people=row.people,
            taken=sum(one.state == "done" for one in asked[row.pk]),
            made_by=row.made_by,
            asked=asked[row.pk],
        )
        for row in rows
    ]
