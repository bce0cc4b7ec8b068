"""Leaving early on offer: a leader offers it to chosen people, the first who say yes go, as many as were wanted.

Locks are taken as for other requests, and the offer's before the request's: rosters, shifts, the offer, requests. So of
two who want the last place, the slower finds it taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors, early_leave, leave_choice, shift_moves
from hotline.domains.workforce.errors import OwnDecisionError
from hotline.domains.workforce.leave_schemas import LeaveOfferIn
from hotline.domains.workforce.models import LeaveOffer, RosterShift, ShiftRequest
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.request_completion import (
    UNDECIDED,
    close_others,
    locked_shifts,
    locked_undecided,
    record,
    settle,
)
from hotline.domains.workforce.request_errors import AnswerNotYoursError, ShiftChangedError
from hotline.domains.workforce.team_day import KEEPING
from hotline.domains.workforce.wall_time import minute_at
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.tenancy import scope_of

ANSWERING: Final = "desk.use"
_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State


def offer(actor: Actor, asked: LeaveOfferIn, now: datetime) -> UUID:
    """The id of the offer; everybody named is asked, or nobody.

    Raises LeaveTimeError, NoExpectationError, LeaveNotSpareError for more places than can be spared, LeaveCannotError,
    ReplacementAskedError for whoever is asked already, OwnDecisionError for an offer to oneself."""
    keeper = actor.narrowed(KEEPING)
    tenant_id = keeper.tenant_or_only(asked.tenant_id)
    agents = list(dict.fromkeys(asked.agent_ids))
    with scope_of(keeper), transaction.atomic():
        today = now.astimezone(time_zone(tenant_id)).date()
        shift_moves.lock_published(tenant_id, today, today)
        found = leave_choice.choice(tenant_id, asked.queue_id, asked.leaves_at, now)
        shifts = locked_shifts(found.shifts[str(one)].pk for one in agents if str(one) in found.shifts)
        by_agent = {shift.agent_id: shift for shift in shifts.values()}
        _require_able(keeper, found, agents, asked.leaves_at)
        most = early_leave.most_together(found.queues, found.leavers, asked.leaves_at, found.window.begins)
        if asked.people > most:
            raise day_errors.LeaveNotSpareError(most=most)
        settings = settings_of(tenant_id)
        made = LeaveOffer.objects.create(
            tenant_id=tenant_id,
            queue_id=asked.queue_id,
            day=found.window.day,
            leaves_at=asked.leaves_at,
            people=min(asked.people, len(agents)),
            is_paid=settings.early_leave_is_paid,
            expires_at=min(asked.leaves_at, now + timedelta(minutes=settings.early_leave_answer_min)),
            made_by=keeper.name,
        )
        _audit(keeper, made, "made", {"people": made.people, "asked": len(agents)})
        for agent_id in agents:
            request = _request(made, by_agent[agent_id])
            request.save(force_insert=True)
            record(keeper, request, "asked", {"leave_offer": str(made.pk)})
    return made.pk


def close(actor: Actor, offer_id: UUID, version: int, now: datetime) -> None:
    """Nobody else may go; those who have not answered are no longer asked.

    Raises NotFoundError, StaleVersionError, LeaveTakenError."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper), transaction.atomic():
        made = _locked(offer_id)
        if made.version != version:
            raise StaleVersionError(version=made.version)
        if made.closed_at is not None:
            raise day_errors.LeaveTakenError
        _close(keeper, made, now)


def answer(actor: Actor, request_id: UUID, version: int, given: str, words: str, now: datetime) -> None:
    """What the agent says who was asked. After a yes their shift ends then, and so does their plan of the day.

    Raises AnswerNotYoursError for a withdrawal, NotFoundError, StaleVersionError, RequestEndedError, LeaveTakenError,
    ShiftChangedError, and LeaveNeededError where cover no longer keeps."""
    if given not in ("accept", "refuse"):
        raise AnswerNotYoursError
    answering = actor.narrowed(ANSWERING)
    with scope_of(answering), transaction.atomic():
        seen = _own(answering, request_id)
        shifts = locked_shifts([seen.shift_id])
        assert seen.leave_offer_id is not None
        made = _locked(seen.leave_offer_id)
        request = locked_undecided(request_id, version)
        if given == "refuse":
            settle(answering, request, _STATE.REFUSED, words.strip())
        else:
            _accept(answering, made, request, shifts, now)


def _accept(
    actor: Actor, made: LeaveOffer, request: ShiftRequest, shifts: dict[UUID, RosterShift], now: datetime
) -> None:
    taken = made.requests.filter(state=_STATE.DONE).count()
    if made.closed_at is not None or made.expires_at <= now or taken >= made.people:
        raise day_errors.LeaveTakenError
    shift = shifts.get(request.shift_id) if request.shift_id is not None else None
    if shift is None or shift_moves.terms_of(shift) != request.terms["shift"] or shift.roster.state != "published":
        raise ShiftChangedError(day=request.first_day.isoformat())
    _require_spare(made, request.agent_id, now)
    _shorten(actor, made, shift)
    close_others(actor, request, [shift.pk])
    settle(actor, request, _STATE.DONE)
    if taken + 1 >= made.people:
        _close(actor, made, now)


def _require_able(keeper: Actor, found: leave_choice.Choice, agents: Sequence[UUID], leaves_at: datetime) -> None:
    known = {one.crew.agent_id: one for one in found.leavers}
    users, names = people.agent_users(agents), people.agent_names(agents)
    if any(user.user_id == keeper.user_id for user in users.values()):
        raise OwnDecisionError
    open_to = ShiftRequest.objects.filter(kind=_KIND.EARLY_END, state=_STATE.OPEN, agent_id__in=agents)
    waiting = set(open_to.values_list("agent_id", flat=True))
    for agent_id in agents:
        one, name = known.get(str(agent_id)), names.get(agent_id, str(agent_id))
        if agent_id in waiting:
            raise day_errors.ReplacementAskedError(name=name)
        if one is None or not early_leave.keeps_cover(found.queues, one.crew, leaves_at, found.window.begins):
            raise day_errors.LeaveCannotError(name=name)


def _require_spare(made: LeaveOffer, agent_id: UUID, now: datetime) -> None:
    """By the newest forecast, and with everybody counted out who has said yes before."""
    found = leave_choice.choice_at(made.tenant_id, made.queue_id, made.leaves_at, now)
    one = next((one for one in found.leavers if one.crew.agent_id == str(agent_id)), None)
    if one is None or not early_leave.keeps_cover(found.queues, one.crew, made.leaves_at, found.window.begins):
        raise day_errors.LeaveNeededError


def _shorten(actor: Actor, made: LeaveOffer, shift: RosterShift) -> None:
    """Write the shift that ends earlier. Less work breaks no rule of work: hours that are let off are not owed."""
    before = {**shift_moves.terms_of(shift), "paid_min": shift.paid_min}
    minute = minute_at(shift.day, made.leaves_at, time_zone(shift.tenant_id))
    left = early_leave.shortened(shift.pieces, shift.breaks, shift.paid_min, minute, is_paid=made.is_paid)
    shift.pieces, shift.breaks = [list(one) for one in left.pieces], [list(one) for one in left.breaks]
    shift.paid_min, shift.excused_min = left.paid_min, shift.excused_min + left.excused_min
    shift.ends_at = made.leaves_at
    shift.version += 1
    shift.save()
    after = {**shift_moves.terms_of(shift), "paid_min": shift.paid_min}
    details = {"leave_offer": str(made.pk), "before": before, "after": after}
    audit.record(actor, "roster_shift.left_early", shift.object_type, shift.pk, shift.tenant_id, details)
    shift_moves.touch(shift.roster_id)


def _request(made: LeaveOffer, shift: RosterShift) -> ShiftRequest:
    return ShiftRequest(
        tenant_id=made.tenant_id,
        kind=_KIND.EARLY_END,
        agent_id=shift.agent_id,
        shift=shift,
        leave_offer=made,
        first_day=shift.day,
        last_day=shift.day,
        terms={
            "shift": shift_moves.terms_of(shift),
            "leaves_at": made.leaves_at.isoformat(),
            "is_paid": made.is_paid,
        },
        expires_at=made.expires_at,
    )


def _own(actor: Actor, request_id: UUID) -> ShiftRequest:
    agent = people.own_profile(actor.person_id)
    request = ShiftRequest.objects.filter(pk=request_id, kind=_KIND.EARLY_END).first()
    if request is None or agent is None or str(request.agent_id) != agent.agent_id:
        raise NotFoundError(object_type=ShiftRequest.object_type, object_id=str(request_id))
    return request


def _locked(offer_id: UUID) -> LeaveOffer:
    made = LeaveOffer.objects.select_for_update(of=("self",)).filter(pk=offer_id).first()
    if made is None:
        raise NotFoundError(object_type=LeaveOffer.object_type, object_id=str(offer_id))
    return made


def _close(actor: Actor, made: LeaveOffer, now: datetime) -> None:
    made.closed_at = now
    made.version += 1
    made.save()
    waiting = made.requests.select_for_update(of=("self",)).filter(state__in=UNDECIDED)
    for request in waiting.order_by("pk"):
        settle(actor, request, _STATE.EXPIRED)
    _audit(actor, made, "closed", {})


def _audit(actor: Actor, made: LeaveOffer, what: str, details: dict[str, object]) -> None:
    parts = {"queue_id": str(made.queue_id), "leaves_at": made.leaves_at.isoformat(), **details}
    audit.record(actor, f"leave_offer.{what}", made.object_type, made.pk, made.tenant_id, parts)
