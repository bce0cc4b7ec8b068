"""Bids for open shifts and offered overtime: who asks, who answers, and who gets it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import bidding, open_shifts
from hotline.domains.workforce.errors import OwnDecisionError
from hotline.domains.workforce.models import Contract, OpenShift, ShiftRequest
from hotline.domains.workforce.open_shift_takers import Takers
from hotline.domains.workforce.own_agent import own_write
from hotline.domains.workforce.request_completion import UNDECIDED, locked_undecided, record, settle
from hotline.domains.workforce.request_errors import (
    AlreadyAskedError,
    AnswerNotYoursError,
    NobodyBidsError,
    RequestEndedError,
    TooManyChosenError,
)
from hotline.domains.workforce.requests import DECIDING
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.ids import as_uuid
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of, tenant_scope

_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State


def bid(actor: Actor, open_shift_id: UUID, words: str = "") -> UUID:
    """The id of the agent's own bid. Raises OpenShiftEndedError, AlreadyAskedError, and the error of the rule that
    stands against it."""
    with own_write(actor) as me:
        found = open_shifts.opened(open_shift_id)
        if found.tenant_id != me.tenant_id or found.bids.filter(kind=_KIND.OVERTIME).exists():
            raise NotFoundError(object_type=OpenShift.object_type, object_id=str(open_shift_id))
        if found.bids.filter(agent_id=me.agent_id, state__in=UNDECIDED).exists():
            raise AlreadyAskedError
        Takers(found, [me.agent_id]).require(me.agent_id)
        request = open_shifts.new_request(found, me.agent_id, _KIND.BID, words.strip())
        record(actor, request, "asked", {"open_shift": str(found.pk)})
        return request.pk


def answer_offer(
    actor: Actor, request_id: UUID, version: int, given: Literal["accept", "refuse", "withdraw"], words: str = ""
) -> None:
    """Accept or refuse overtime that is offered to the agent, or withdraw one's own bid.

    Raises OpenShiftEndedError when all places are taken, and the error of the rule that stands against it."""
    with own_write(actor) as me:
        seen = ShiftRequest.objects.filter(pk=request_id, agent_id=me.agent_id).exclude(open_shift=None).first()
        if seen is None:
            raise NotFoundError(object_type=ShiftRequest.object_type, object_id=str(request_id))
        if (given == "withdraw") != (seen.kind == _KIND.BID):
            raise AnswerNotYoursError
        found = open_shifts.locked(as_uuid(seen.open_shift_id or ""))
        request = locked_undecided(request_id, version)
        if given == "accept":
            open_shifts.require_open(found)
            Takers(found, [me.agent_id]).require(me.agent_id)
            open_shifts.grant(actor, found, request, words)
            open_shifts.close_when_full(actor, found)
        else:
            settle(actor, request, _STATE.WITHDRAWN if given == "withdraw" else _STATE.REFUSED, words)


def award(actor: Actor, open_shift_id: UUID, version: int, bid_ids: Iterable[UUID] = ()) -> list[UUID]:
    """Grant the chosen bids or, where none is chosen, those that the rule chooses; answers the agents who got it.

    Chosen ones are granted all or none, and the first rule of work that one would break is raised. The rule that
    chooses passes over those who would break one. Raises TooManyChosenError, NobodyBidsError, OwnDecisionError."""
    planner = actor.narrowed(DECIDING)
    with scope_of(planner), transaction.atomic():
        found = open_shifts.opened(open_shift_id, version)
        chosen = list(dict.fromkeys(bid_ids))
        if not chosen:
            granted = _award_by_rule(actor, found)
            if not granted:
                raise NobodyBidsError
            return granted
        if len(chosen) > open_shifts.places_left(found):
            raise TooManyChosenError(people=str(open_shifts.places_left(found)))
        granted = [_award_one(planner, found, bid_id) for bid_id in chosen]
        open_shifts.close_when_full(actor, found)
        return granted


def _award_one(planner: Actor, found: OpenShift, bid_id: UUID) -> UUID:
    request = found.bids.select_for_update(of=("self",)).filter(pk=bid_id, kind=_KIND.BID).first()
    if request is None:
        raise NotFoundError(object_type=ShiftRequest.object_type, object_id=str(bid_id))
    if request.state not in UNDECIDED:
        raise RequestEndedError(state=request.state)
    if people.agent_users([request.agent_id])[request.agent_id].user_id == planner.user_id:
        raise OwnDecisionError
    Takers(found, [request.agent_id]).require(request.agent_id)
    open_shifts.grant(planner, found, request)
    return request.agent_id


def _award_by_rule(actor: Actor, found: OpenShift) -> list[UUID]:
    requests = {
        str(row.pk): row
        for row in found.bids.select_for_update(of=("self",)).filter(kind=_KIND.BID, state__in=UNDECIDED)
    }
    left = open_shifts.places_left(found)
    granted: list[UUID] = []
    takers = Takers(found, [row.agent_id for row in requests.values()])
    for one in in_order(found, requests.values()):
        if len(granted) == left:
            break
        request = requests[one.bid_id]
        if not takers.is_lawful(request.agent_id):
            continue
        open_shifts.grant(actor, found, request)
        granted.append(request.agent_id)
    open_shifts.close_when_full(actor, found)
    return granted


def in_order(found: OpenShift, requests: Iterable[ShiftRequest]) -> list[bidding.Bid]:
    """Bids for the open shift with what decides between them, the one to be granted first at the front."""
    rows = list(requests)
    agents = [row.agent_id for row in rows]
    year = found.day.year
    before = ShiftRequest.objects.filter(
        tenant_id=found.tenant_id, kind=_KIND.BID, state=_STATE.DONE, agent_id__in=agents, first_day__year=year
    )
    granted = Counter(before.values_list("agent_id", flat=True))
    since = dict(Contract.objects.filter(agent_id__in=agents).values_list("agent_id", "employed_from"))
    return bidding.ranked(
        bidding.Bid(
            bid_id=str(row.pk),
            agent_id=str(row.agent_id),
            granted_this_year=granted[row.agent_id],
            employed_from=since.get(row.agent_id),
            asked_at=row.created_at,
        )
        for row in rows
    )


def close_what_is_due(now: datetime, limit: int) -> int:
    """Grant bids by the rule where bidding is over, and close those shifts, at most `limit`; answers how many."""
    closed = 0
    for tenant_id in Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True):
        clock = Actor.system("open-shifts", [tenant_id])
        with tenant_scope(tenant_id):
            due = OpenShift.objects.filter(closed_at=None, closes_at__lte=now).order_by("closes_at", "pk")
            ids = list(due.values_list("pk", flat=True)[: max(0, limit - closed)])
            for open_shift_id in ids:
                with transaction.atomic():
                    closed += _close_due(clock, open_shift_id)
        if closed >= limit:
            break
    return closed


def _close_due(clock: Actor, open_shift_id: UUID) -> int:
    found = open_shifts.locked(open_shift_id)
    if found.closed_at is not None:
        return 0
    if found.starts_at > timezone.now():
        _award_by_rule(clock, found)
    if found.closed_at is None:
        open_shifts.close_now(clock, found)
    return 1
