"""What agents ask of the published roster, and how colleagues and planners answer. Each is one transaction.

open --colleague accepts--> accepted --planner approves--> done. Where the tenant's swaps need no approval, the
colleague's yes does it. Leave is open until a planner decides."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from hotline.domains.people import queries as people
from hotline.domains.workforce import shift_moves, swaps
from hotline.domains.workforce.errors import DecisionTextNeededError, OwnDecisionError
from hotline.domains.workforce.models import RosterShift, ShiftRequest
from hotline.domains.workforce.own_agent import OwnAgent, own_write
from hotline.domains.workforce.request_completion import (
    UNDECIDED,
    complete,
    judge_again,
    locked_request,
    locked_shifts,
    record,
    settle,
)
from hotline.domains.workforce.request_errors import (
    AlreadyAskedError,
    AnswerNotYoursError,
    LeaveDaysError,
    NotPublishedError,
    NotYourShiftError,
    OwnShiftError,
    RequestEndedError,
    RequestTooLateError,
)
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of, tenant_scope

DECIDING = "planning.edit"
LONGEST_LEAVE_DAYS = 366
Answer = Literal["accept", "refuse", "withdraw"]
Decision = Literal["approve", "refuse"]
_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State


def ask_swap(actor: Actor, shift_id: UUID, other_shift_id: UUID, words: str = "") -> UUID:
    """The id of a request to work the other shift while its owner works this one; the owner answers next.

    Raises what stands against it: NotYourShiftError, RequestTooLateError, a rule's own error, AlreadyAskedError."""
    with own_write(actor) as me:
        shifts = locked_shifts([shift_id, other_shift_id])
        one, other = _own(me, shifts, shift_id), _known(shifts, other_shift_id)
        if other.agent_id == me.agent_id:
            raise OwnShiftError
        _require_in_time(me, other)
        _require_not_asked(me, kind=_KIND.SWAP, shift_id=one.pk, other_shift_id=other.pk)
        teams = shift_moves.teams_of([one.roster, other.roster], [one.agent_id, other.agent_id])
        moves = swaps.swap(shift_moves.move_of(one), shift_moves.move_of(other))
        shift_moves.require_lawful(moves, teams, me.agent_id)
        return _add(
            actor,
            me,
            kind=_KIND.SWAP,
            shift=one,
            other_shift=other,
            other_agent_id=other.agent_id,
            first_day=min(one.day, other.day),
            last_day=max(one.day, other.day),
            terms={"shift": shift_moves.terms_of(one), "other_shift": shift_moves.terms_of(other)},
            expires_at=_expiry(me, min(one.starts_at, other.starts_at)),
            words=words,
        )


def ask_give_away(actor: Actor, shift_id: UUID, taker_id: UUID, words: str = "") -> UUID:
    """The id of a request that the taker works the shift instead; the taker answers next. Raises as `ask_swap`."""
    with own_write(actor) as me:
        shift = _own(me, locked_shifts([shift_id]), shift_id)
        if taker_id == me.agent_id:
            raise OwnShiftError
        people.require_agents(me.tenant_id, [taker_id], "agent_id")
        _require_not_asked(me, kind=_KIND.GIVE_AWAY, shift_id=shift.pk, other_agent_id=taker_id)
        team = shift_moves.team_of(shift.roster, [shift.agent_id, taker_id])
        shift_moves.require_lawful([shift_moves.move_of(shift, taker_id)], [team], me.agent_id)
        return _add(
            actor,
            me,
            kind=_KIND.GIVE_AWAY,
            shift=shift,
            other_agent_id=taker_id,
            first_day=shift.day,
            last_day=shift.day,
            terms={"shift": shift_moves.terms_of(shift)},
            expires_at=_expiry(me, shift.starts_at),
            words=words,
        )


def ask_leave(actor: Actor, first_day: date, last_day: date, words: str = "") -> UUID:
    """The id of a request for leave, which a planner decides on. Raises LeaveDaysError, AlreadyAskedError."""
    with own_write(actor) as me:
        days = (last_day - first_day).days + 1
        if first_day < me.today or not 1 <= days <= LONGEST_LEAVE_DAYS:
            raise LeaveDaysError(most=str(LONGEST_LEAVE_DAYS))
        _require_not_asked(me, kind=_KIND.LEAVE, first_day__lte=last_day, last_day__gte=first_day)
        return _add(
            actor,
            me,
            kind=_KIND.LEAVE,
            first_day=first_day,
            last_day=last_day,
            expires_at=datetime.combine(last_day + timedelta(days=1), time(), me.zone),
            words=words,
        )


def answer(actor: Actor, request_id: UUID, version: int, given: Answer, words: str = "") -> None:
    """Accept or refuse what a colleague asks, or withdraw what one has asked oneself.

    Raises AnswerNotYoursError, RequestEndedError, ShiftChangedError, and the error of a rule that now stands against
    it."""
    with own_write(actor) as me:
        request, shifts = locked_request(request_id, version)
        _require_party(me, request, given)
        if given == "withdraw":
            settle(actor, request, _STATE.WITHDRAWN)
        elif given == "refuse":
            settle(actor, request, _STATE.REFUSED, words)
        else:
            _accept(actor, me, request, shifts, words)


def _accept(actor: Actor, me: OwnAgent, request: ShiftRequest, shifts: dict[UUID, RosterShift], words: str) -> None:
    if request.state != _STATE.OPEN:
        raise RequestEndedError(state=request.state)
    if request.expires_at is not None and request.expires_at <= me.now:
        raise RequestTooLateError(hours=str(me.settings.request_hours))
    if me.settings.swaps_need_approval:
        judge_again(request, shifts, me.agent_id)
        settle(actor, request, _STATE.ACCEPTED, words)
        return
    complete(actor, request, shifts, me.agent_id)
    settle(actor, request, _STATE.DONE, words)


def decide(actor: Actor, request_id: UUID, version: int, decision: Decision, words: str = "") -> None:
    """Approve or refuse a swap or a shift given away that the colleague has accepted, or leave.

    Raises DecisionTextNeededError, OwnDecisionError, RequestEndedError, StaleVersionError, ShiftChangedError, and the
    error of the rule that stands against it."""
    planner = actor.narrowed(DECIDING)
    if decision == "refuse" and not words.strip():
        raise DecisionTextNeededError
    with scope_of(planner), transaction.atomic():
        request, shifts = locked_request(request_id, version)
        _require_others(planner, request)
        if decision == "refuse":
            settle(actor, request, _STATE.REFUSED, words.strip())
            return
        if request.kind not in (_KIND.SWAP, _KIND.GIVE_AWAY, _KIND.LEAVE):
            raise AnswerNotYoursError
        if request.state == _STATE.OPEN and request.kind != _KIND.LEAVE:
            raise AnswerNotYoursError  # the colleague has not said yes
        complete(actor, request, shifts)
        settle(actor, request, _STATE.DONE, words.strip())


def expire(now: datetime, limit: int) -> int:
    """Close undecided requests whose time is over, at most `limit`; answers how many."""
    ended = 0
    for tenant_id in Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True):
        ended += _expire_of(tenant_id, now, limit - ended)
        if ended >= limit:
            break
    return ended


def _expire_of(tenant_id: UUID, now: datetime, limit: int) -> int:
    clock = Actor.system("shift-requests", [tenant_id])
    with tenant_scope(tenant_id), transaction.atomic():
        # Whoever answers one holds its roster first; waiting for them while holding other requests could lock both.
        rows = ShiftRequest.objects.select_for_update(of=("self",), skip_locked=True)
        over = rows.filter(state__in=UNDECIDED, expires_at__lte=now)
        found = list(over.order_by("expires_at", "pk")[: max(0, limit)])
        for request in found:
            settle(clock, request, _STATE.EXPIRED)
    return len(found)


def _require_party(me: OwnAgent, request: ShiftRequest, given: Answer) -> None:
    # Overtime is offered by the house to `agent`; open shifts answer for it.
    answers = request.other_agent_id if request.kind in (_KIND.SWAP, _KIND.GIVE_AWAY) else None
    asked_by = None if request.kind in (_KIND.OVERTIME, _KIND.CALL_IN, _KIND.EARLY_END) else request.agent_id
    if me.agent_id not in (request.agent_id, request.other_agent_id):
        raise NotFoundError(object_type=request.object_type, object_id=str(request.pk))
    if me.agent_id != (asked_by if given == "withdraw" else answers):
        raise AnswerNotYoursError


def _require_others(planner: Actor, request: ShiftRequest) -> None:
    agents = [agent for agent in (request.agent_id, request.other_agent_id) if agent is not None]
    if planner.user_id in {user.user_id for user in people.agent_users(agents).values()}:
        raise OwnDecisionError


def _own(me: OwnAgent, shifts: dict[UUID, RosterShift], shift_id: UUID) -> RosterShift:
    found = _known(shifts, shift_id)
    if found.agent_id != me.agent_id:
        raise NotYourShiftError
    _require_in_time(me, found)
    return found


def _known(shifts: dict[UUID, RosterShift], shift_id: UUID) -> RosterShift:
    found = shifts.get(shift_id)
    if found is None:
        raise NotFoundError(object_type=RosterShift.object_type, object_id=str(shift_id))
    if found.roster.state != "published":
        raise NotPublishedError
    return found


def _require_in_time(me: OwnAgent, shift: RosterShift) -> None:
    if shift.starts_at < me.earliest_start:
        raise RequestTooLateError(hours=str(me.settings.request_hours))


def _require_not_asked(me: OwnAgent, **what: Any) -> None:
    if ShiftRequest.objects.filter(agent_id=me.agent_id, state__in=UNDECIDED, **what).exists():
        raise AlreadyAskedError


def _expiry(me: OwnAgent, starts_at: datetime) -> datetime:
    return starts_at - timedelta(hours=me.settings.request_hours)


def _add(actor: Actor, me: OwnAgent, **values: Any) -> UUID:
    request = ShiftRequest(tenant_id=me.tenant_id, agent_id=me.agent_id, **values)
    request.words = request.words.strip()
    request.save(force_insert=True)
    record(actor, request, "asked", {"has_words": bool(request.words)})
    return request.pk
