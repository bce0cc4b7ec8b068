"""What a request does to the roster once everybody has agreed: locked, compared, judged again, and only then written.

Locks are always taken in the same order: rosters, shifts, then the request, so that of two requests for one shift
the slower finds it changed instead of both waiting for each other."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from hotline.domains.workforce import notices, planned_people, shift_moves, swaps
from hotline.domains.workforce.models import Absence, RosterShift, ShiftRequest
from hotline.domains.workforce.request_errors import NotPublishedError, RequestEndedError, ShiftChangedError
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError

UNDECIDED = (ShiftRequest.State.OPEN, ShiftRequest.State.ACCEPTED)
_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State


def locked_shifts(ids: Iterable[UUID | None]) -> dict[UUID, RosterShift]:
    """These shifts with their rosters, locked in the order of their ids."""
    wanted = [one for one in ids if one is not None]
    shift_moves.lock_rosters(RosterShift.objects.filter(pk__in=wanted).values_list("roster_id", flat=True))
    rows = RosterShift.objects.select_for_update(of=("self",)).select_related("roster", "shift_kind")
    return {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}


def locked_request(request_id: UUID, version: int) -> tuple[ShiftRequest, dict[UUID, RosterShift]]:
    """An undecided request and the shifts that it is about, all locked.

    Raises NotFoundError, StaleVersionError, RequestEndedError."""
    seen = ShiftRequest.objects.filter(pk=request_id).first()
    if seen is None:
        raise NotFoundError(object_type=ShiftRequest.object_type, object_id=str(request_id))
    shifts = _locked_leave(seen) if seen.kind == _KIND.LEAVE else locked_shifts([seen.shift_id, seen.other_shift_id])
    return locked_undecided(request_id, version), shifts


def locked_undecided(request_id: UUID, version: int) -> ShiftRequest:
    """An undecided request that is there, locked. Raises StaleVersionError, RequestEndedError."""
    found = ShiftRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if found.state not in UNDECIDED:
        raise RequestEndedError(state=found.state)
    if found.version != version:
        raise StaleVersionError(version=found.version)
    return found


def _locked_leave(request: ShiftRequest) -> dict[UUID, RosterShift]:
    """The shifts of these days, found once nobody else can give or take one: a colleague may just have had one."""
    shift_moves.lock_published(request.tenant_id, request.first_day, request.last_day)
    rows = leave_shifts(request).select_for_update(of=("self",)).select_related("roster", "shift_kind")
    return {row.pk: row for row in rows.order_by("pk")}


def leave_shifts(request: ShiftRequest) -> QuerySet[RosterShift]:
    """The published shifts within the days of leave."""
    return RosterShift.objects.filter(
        agent_id=request.agent_id,
        roster__state="published",
        day__gte=request.first_day,
        day__lte=request.last_day,
    )


def moves_of(request: ShiftRequest, shifts: dict[UUID, RosterShift]) -> tuple[swaps.Move, ...]:
    """What the request would do. Raises ShiftChangedError when a shift is no longer as it was when it was asked."""
    if request.kind == _KIND.LEAVE:
        return tuple(shift_moves.move_of(shift) for shift in shifts.values())
    one = _unchanged(request, shifts, "shift")
    if request.kind == _KIND.GIVE_AWAY:
        return (shift_moves.move_of(one, request.other_agent_id),)
    other = _unchanged(request, shifts, "other_shift")
    return swaps.swap(shift_moves.move_of(one), shift_moves.move_of(other))


def _unchanged(request: ShiftRequest, shifts: dict[UUID, RosterShift], name: str) -> RosterShift:
    terms = request.terms[name]
    shift_id = request.shift_id if name == "shift" else request.other_shift_id
    found = shifts.get(shift_id) if shift_id is not None else None
    if found is None or shift_moves.terms_of(found) != terms:
        raise ShiftChangedError(day=terms["day"])
    if found.roster.state != "published":
        raise NotPublishedError
    return found


def judge_again(request: ShiftRequest, shifts: dict[UUID, RosterShift], asking: UUID | None = None) -> None:
    """Pass a request that may still be kept. Raises the error of the rule that stands against it; `asking` reads it."""
    moves = moves_of(request, shifts)
    agents = {agent for move in moves for agent in (move.giver, move.taker) if agent is not None}
    teams = shift_moves.teams_of([shift.roster for shift in shifts.values()], agents)
    shift_moves.require_lawful(moves, teams, asking)


def complete(actor: Actor, request: ShiftRequest, shifts: dict[UUID, RosterShift], asking: UUID | None = None) -> None:
    """What was asked is in the roster, and other requests about the shifts are over.

    Raises what stands against it; then nothing is changed."""
    if request.kind == _KIND.LEAVE:
        _grant_leave(actor, request, shifts)
        return
    judge_again(request, shifts, asking)
    one = _first_shift(request, shifts)
    close_others(actor, request, shifts)
    if request.kind == _KIND.SWAP:
        assert request.other_shift_id is not None
        shift_moves.exchange(actor, one, shifts[request.other_shift_id])
    else:
        assert request.other_agent_id is not None
        shift_moves.hand_over(actor, one, request.other_agent_id)


def _first_shift(request: ShiftRequest, shifts: dict[UUID, RosterShift]) -> RosterShift:
    assert request.shift_id is not None
    return shifts[request.shift_id]


def _grant_leave(actor: Actor, request: ShiftRequest, shifts: dict[UUID, RosterShift]) -> None:
    zone = planned_people.time_zone(request.tenant_id)
    absence = Absence(
        tenant_id=request.tenant_id,
        agent_id=request.agent_id,
        kind=Absence.Kind.LEAVE,
        starts_at=datetime.combine(request.first_day, time(), zone),
        ends_at=datetime.combine(request.last_day + timedelta(days=1), time(), zone),
        reported_by=actor.name,
    )
    absence.save(force_insert=True)
    kind = absence.object_type
    audit.record(actor, f"{kind}.granted", kind, absence.pk, absence.tenant_id, {"request": str(request.pk)})
    request.terms = {**request.terms, "shifts": [shift_moves.terms_of(shift) for shift in shifts.values()]}
    close_others(actor, request, shifts)
    for shift in shifts.values():
        shift_moves.drop(actor, shift, "leave")


def close_others(actor: Actor, done: ShiftRequest, shifts: Iterable[UUID]) -> None:
    """Other requests about these shifts can no longer be kept: they expire."""
    ids = list(shifts)
    if not ids:
        return
    others = ShiftRequest.objects.select_for_update(of=("self",)).filter(
        Q(shift_id__in=ids) | Q(other_shift_id__in=ids), state__in=UNDECIDED
    )
    for other in others.exclude(pk=done.pk).order_by("pk"):
        settle(actor, other, _STATE.EXPIRED)


def settle(actor: Actor, request: ShiftRequest, state: str, answer_text: str = "") -> None:
    """Save the request in its new state, with its audit line."""
    before, request.state = request.state, state
    if answer_text:
        request.answer_text = answer_text
    if state not in UNDECIDED:
        request.decided_at, request.decided_by_id = timezone.now(), actor.user_id
    request.version += 1
    request.save()
    notices.ended(request)
    record(actor, request, state, {"before": before})


def record(actor: Actor, request: ShiftRequest, what: str, details: dict[str, object]) -> None:
    """The audit line of a request; never its words. Whoever it is put to is told."""
    if what == "asked":
        notices.asked(request)
    kind = request.object_type
    parts = {"kind": request.kind, "first_day": request.first_day.isoformat(), "last_day": request.last_day.isoformat()}
    audit.record(actor, f"{kind}.{what}", kind, request.pk, request.tenant_id, {**parts, **details})
