"""Shifts that somebody is still sought for: opened by a planner, bid for by agents or offered to chosen ones.

`bids` says who gets them. All of it is judged when it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import added_hours, planned_people, shift_moves
from hotline.domains.workforce.models import OpenShift, Roster, RosterShift, ShiftKind, ShiftRequest
from hotline.domains.workforce.offered_breaks import Told, told
from hotline.domains.workforce.open_shift_takers import Takers
from hotline.domains.workforce.request_completion import UNDECIDED, close_others, locked_shifts, record, settle
from hotline.domains.workforce.request_errors import (
    AddedHoursError,
    NotPublishedError,
    OpenShiftEndedError,
    OpenShiftTimesError,
)
from hotline.domains.workforce.requests import DECIDING
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.shift_times import breaks_at, paid_min_of, pieces_at
from hotline.domains.workforce.wall_time import moments_of
from hotline.domains.workforce.work_rule_checks import GRID_MIN
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.ids import new_uuid
from hotline.foundation.tenancy import scope_of

MOST_ADDED_MIN: Final = 720
_DAY_MIN: Final = 1440
_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a planner opens, in the roster that is published for the day. `start` is a local time of day.

    Without a shift kind it is overtime from `start` to `end` (on the next day where that is not later) for people who
    have a shift beside it, and `offer_to` says whom it is offered to. With a kind, whoever is asked (`offer_to`) has no
    shift that day; where anybody is asked, nobody else bids."""

    day: date
    start: str
    closes_at: datetime | None  # none: only thought of
    shift_kind_id: UUID | None = None
    end: str | None = None
    tenant_id: UUID | None = None  # of hours without a kind; none: the planner's only one
    people: int = 1
    skill_id: UUID | None = None
    is_overtime: bool = False
    offer_to: tuple[UUID, ...] = field(default=())


def open_shift(actor: Actor, opening: Opening) -> UUID:
    """The id of a new open shift, offered to the chosen agents where there are any.

    Raises OpenShiftTimesError, AddedHoursError, NotPublishedError, and the error of a rule that stands against one of
    the chosen: then nothing is opened."""
    planner = actor.narrowed(DECIDING)
    with scope_of(planner), transaction.atomic():
        found = _new(planner, opening)
        if found.shift_kind_id is None and not opening.offer_to:
            raise AddedHoursError(field="offer_to")
        shift_moves.lock_rosters([found.roster_id])
        found.save(force_insert=True)
        _audit(actor, found, "opened", {"people": found.people, "offered_to": [str(one) for one in opening.offer_to]})
        _offer(actor, found, opening.offer_to)
        return found.pk


def able(actor: Actor, opening: Opening) -> dict[UUID, str]:
    """The agents who may lawfully work such an open shift, by name. Raises as `open_shift`."""
    planner = actor.narrowed(DECIDING)
    with scope_of(planner):
        takers = Takers(_new(planner, opening))
        lawful = [UUID(one) for one in takers.everybody if takers.is_lawful(one)]
        return dict(sorted(people.agent_names(lawful).items(), key=lambda one: one[1]))


def _new(planner: Actor, opening: Opening) -> OpenShift:
    kind = None if opening.shift_kind_id is None else _kind(opening.shift_kind_id)
    tenant_id = planner.tenant_or_only(opening.tenant_id) if kind is None else kind.tenant_id
    published = Roster.objects.filter(tenant_id=tenant_id, state=Roster.State.PUBLISHED)
    roster = published.filter(first_day__lte=opening.day, last_day__gte=opening.day).first()
    if roster is None:
        raise NotPublishedError
    if opening.skill_id is not None:
        people.require_skills(roster.tenant_id, [opening.skill_id], "skill_id")
    pieces = _hours(opening) if kind is None else pieces_at(kind, minute_of(opening.start))
    zone = planned_people.time_zone(roster.tenant_id)
    starts_at, ends_at = moments_of(opening.day, pieces, zone)
    if starts_at <= timezone.now():
        raise OpenShiftTimesError(field="day")
    closes_at = opening.closes_at or starts_at
    if not timezone.now() < closes_at <= starts_at:
        raise OpenShiftTimesError(field="closes_at")
    return OpenShift(
        tenant_id=roster.tenant_id,
        roster=roster,
        day=opening.day,
        shift_kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        pieces=pieces,
        skill_id=opening.skill_id,
        people=opening.people,
        is_overtime=opening.is_overtime,
        closes_at=closes_at,
        made_by=planner.name,
    )


def _kind(kind_id: UUID) -> ShiftKind:
    kind = ShiftKind.objects.filter(pk=kind_id, is_active=True).first()
    if kind is None:
        raise NotFoundError(object_type="shift_kind", object_id=str(kind_id))
    return kind


def _hours(opening: Opening) -> list[list[int]]:
    """Hours beside a shift. Raises AddedHoursError where they are none, off the grid, or no overtime."""
    if opening.end is None:
        raise AddedHoursError(field="end")
    if not opening.is_overtime:
        raise AddedHoursError(field="is_overtime")
    begin, end = minute_of(opening.start), minute_of(opening.end)
    if end <= begin:
        end += _DAY_MIN
    for field_name, minute in (("start", begin), ("end", end)):
        if minute % GRID_MIN or end - begin > MOST_ADDED_MIN:
            raise AddedHoursError(field=field_name)
    return [[begin, end]]


def _offer(actor: Actor, found: OpenShift, agent_ids: Sequence[UUID]) -> None:
    if not agent_ids:
        return
    people.require_agents(found.tenant_id, agent_ids, "offer_to")
    takers = Takers(found, agent_ids)
    for agent_id in dict.fromkeys(agent_ids):
        takers.require(agent_id)
        request = new_request(found, agent_id, _KIND.OVERTIME, further_breaks=takers.further_breaks(agent_id))
        record(actor, request, "asked", {"open_shift": str(found.pk)})


def close(actor: Actor, open_shift_id: UUID, version: int) -> None:
    """Nobody else gets it; undecided bids and offers end."""
    planner = actor.narrowed(DECIDING)
    with scope_of(planner), transaction.atomic():
        close_now(actor, opened(open_shift_id, version))


def places_left(found: OpenShift) -> int:
    """How many more people may get it."""
    return max(0, found.people - found.bids.filter(state=_STATE.DONE).count())


def close_when_full(actor: Actor, found: OpenShift) -> None:
    if places_left(found) == 0:
        close_now(actor, found)
        return
    found.version += 1
    found.save()


def close_now(actor: Actor, found: OpenShift) -> None:
    found.closed_at = timezone.now()
    found.version += 1
    found.save()
    for request in found.bids.select_for_update(of=("self",)).filter(state__in=UNDECIDED).order_by("pk"):
        settle(actor, request, _STATE.EXPIRED if request.kind == _KIND.OVERTIME else _STATE.REFUSED)
    _audit(actor, found, "closed", {"places_left": places_left(found)})


def grant(actor: Actor, found: OpenShift, request: ShiftRequest, words: str = "") -> None:
    request.shift = _added(actor, found, request) if found.shift_kind is not None else _longer(actor, found, request)
    settle(actor, request, _STATE.DONE, words)


def _added(actor: Actor, found: OpenShift, request: ShiftRequest) -> RosterShift:
    kind = found.shift_kind
    assert kind is not None
    paid_min = paid_min_of(kind)
    shift = RosterShift(
        id=new_uuid(),
        tenant_id=found.tenant_id,
        roster=found.roster,
        agent_id=request.agent_id,
        day=found.day,
        shift_kind=kind,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        pieces=found.pieces,
        breaks=breaks_at(kind, found.pieces[0][0]),
        skill_id=found.skill_id,
        paid_min=paid_min,
        overtime_min=paid_min if found.is_overtime else 0,
        source=RosterShift.Source.OVERTIME if found.is_overtime else RosterShift.Source.BID,
    )
    shift_moves.add(actor, shift)
    return shift


def _longer(actor: Actor, found: OpenShift, request: ShiftRequest) -> RosterShift:
    """The agent's own shift with the hours in it; what was asked of it as it was is over."""
    beside = added_hours.shifts_beside(found, [request.agent_id])[str(request.agent_id)]
    shift = locked_shifts([beside.pk])[beside.pk]
    rules = added_hours.break_rules(found.tenant_id, timezone.now())
    work, breaks, _ = added_hours.longer(found, shift, rules)
    request.terms = {**request.terms, "further_breaks": told(found, shift, rules)}
    close_others(actor, request, [shift.pk])
    shift_moves.lengthen(actor, shift, work, breaks)
    return shift


def new_request(
    found: OpenShift, agent_id: UUID, kind: str, words: str = "", further_breaks: Told | None = None
) -> ShiftRequest:
    request = ShiftRequest(
        tenant_id=found.tenant_id,
        kind=kind,
        agent_id=agent_id,
        open_shift=found,
        first_day=found.day,
        last_day=found.day,
        terms={"shift": terms_of(found), "further_breaks": further_breaks or []},
        expires_at=found.closes_at if kind == _KIND.OVERTIME else found.starts_at,
        words=words,
    )
    request.save(force_insert=True)
    return request


def terms_of(found: OpenShift) -> dict[str, Any]:
    """The open shift as requests remember it."""
    return {
        "agent_id": None,
        "day": found.day.isoformat(),
        "shift_kind_id": str(found.shift_kind_id) if found.shift_kind_id else None,
        "starts_at": found.starts_at.isoformat(),
        "ends_at": found.ends_at.isoformat(),
    }


def opened(open_shift_id: UUID, version: int | None = None) -> OpenShift:
    found = locked(open_shift_id)
    if version is not None and found.version != version:
        raise StaleVersionError(version=found.version)
    require_open(found)
    return found


def require_open(found: OpenShift) -> None:
    if found.closed_at is not None or found.closes_at <= timezone.now() or places_left(found) == 0:
        raise OpenShiftEndedError
    if found.roster.state != Roster.State.PUBLISHED:
        raise NotPublishedError


def locked(open_shift_id: UUID) -> OpenShift:
    rosters = OpenShift.objects.filter(pk=open_shift_id).values_list("roster_id", flat=True)
    shift_moves.lock_rosters(rosters)
    rows = OpenShift.objects.select_for_update(of=("self",)).select_related("roster", "shift_kind")
    found = rows.filter(pk=open_shift_id).first()
    if found is None:
        raise NotFoundError(object_type=OpenShift.object_type, object_id=str(open_shift_id))
    return found


def _audit(actor: Actor, found: OpenShift, what: str, details: dict[str, Any]) -> None:
    kind = found.object_type
    audit.record(actor, f"{kind}.{what}", kind, found.pk, found.tenant_id, {"day": found.day.isoformat(), **details})
