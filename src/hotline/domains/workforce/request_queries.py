"""Requests and open shifts as their readers see them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from hotline.domains.people import queries as people
from hotline.domains.workforce import bids, coverage_effect, offered_breaks, planned_people, shift_moves, swaps
from hotline.domains.workforce import request_schemas as shown
from hotline.domains.workforce.models import OpenShift, RosterShift, ShiftKind, ShiftRequest
from hotline.domains.workforce.open_shift_takers import Takers
from hotline.domains.workforce.own_agent import OwnAgent, own_reading
from hotline.domains.workforce.request_completion import UNDECIDED, leave_shifts, moves_of
from hotline.domains.workforce.roster_demand import demand_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of
from hotline.foundation.text import sentence_of
from hotline.kernel.errors import HotlineError

_KIND, _STATE = ShiftRequest.Kind, ShiftRequest.State
_OF_THE_HOUSE = (_KIND.OVERTIME, _KIND.CALL_IN, _KIND.EARLY_END)  # put to `agent`, who answers


def kind_shown(kind: ShiftKind) -> shown.ShiftKindShownOut:
    """The kind as rosters show it."""
    name: Any = kind.name
    return shown.ShiftKindShownOut(id=kind.pk, name=name, short=kind.short)


def kinds_shown(tenant_id: UUID | None = None) -> dict[str, shown.ShiftKindShownOut]:
    """The kinds of the tenant, or of the whole scope, by id; those out of use too."""
    rows = ShiftKind.objects.all() if tenant_id is None else ShiftKind.objects.filter(tenant_id=tenant_id)
    return {str(kind.pk): kind_shown(kind) for kind in rows}


def own_requests(actor: Actor) -> list[shown.RequestOut]:
    """What the agent has asked or is asked, the newest first."""
    with own_reading(actor) as me:
        rows = ShiftRequest.objects.filter(_of_party(me)).select_related("open_shift").order_by("-id")
        return requests_shown(list(rows[:200]), me.agent_id)


def waiting_for(me: OwnAgent) -> list[UUID]:
    """The undecided requests that wait for the agent's answer."""
    mine = Q(other_agent_id=me.agent_id, kind__in=[_KIND.SWAP, _KIND.GIVE_AWAY]) | Q(
        agent_id=me.agent_id, kind__in=_OF_THE_HOUSE
    )
    rows = ShiftRequest.objects.filter(mine, state=_STATE.OPEN, expires_at__gt=me.now)
    return list(rows.values_list("pk", flat=True))


def own_request(actor: Actor, request_id: UUID) -> shown.RequestOut:
    """One request that the agent is party to."""
    with own_reading(actor) as me:
        return requests_shown([_one(request_id, _of_party(me))], me.agent_id)[0]


def own_words(actor: Actor, request_id: UUID) -> shown.RequestWordsOut:
    """What was said with a request that the agent is party to."""
    with own_reading(actor) as me:
        return shown.RequestWordsOut.from_orm(_one(request_id, _of_party(me)))


def _of_party(me: OwnAgent) -> Q:
    return Q(agent_id=me.agent_id) | Q(other_agent_id=me.agent_id)


def requests(
    actor: Actor, filters: shown.RequestFilter, cursor: str | None, limit: int
) -> tuple[list[shown.RequestOut], str | None]:
    """One page of everybody's requests, the newest first, and the next page's cursor."""
    with scope_of(actor):
        equal = filters.dict(exclude={"awaits_planner"}, exclude_none=True)
        rows = ShiftRequest.objects.filter(**equal)
        if filters.awaits_planner:
            rows = rows.filter(Q(state=_STATE.ACCEPTED) | Q(state=_STATE.OPEN, kind=_KIND.LEAVE))
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return requests_shown(found), following


def request(actor: Actor, request_id: UUID) -> shown.RequestOut:
    """One request of the planner's tenants."""
    with scope_of(actor):
        return requests_shown([_one(request_id)])[0]


def words(actor: Actor, request_id: UUID) -> shown.RequestWordsOut:
    """What was said with a request; written into the audit first, because it may tell of somebody's life."""
    with scope_of(actor):
        found = _one(request_id)
        kind = found.object_type
        audit.record_read(actor, f"{kind}.words_read", kind, found.pk, found.tenant_id)
        return shown.RequestWordsOut.from_orm(found)


def effect_of(actor: Actor, request_id: UUID, language: str) -> shown.RequestEffectOut:
    """The rule's answer to an undecided request as things stand, and the cover that it changes."""
    with scope_of(actor):
        found = _one(request_id)
        if found.state not in UNDECIDED or found.kind not in (_KIND.SWAP, _KIND.GIVE_AWAY, _KIND.LEAVE):
            return shown.RequestEffectOut(objections=[], coverage=[], has_demand=False)
        shifts = _shifts_of(found)
        try:
            moves = moves_of(found, shifts)
        except HotlineError as error:
            return shown.RequestEffectOut(objections=said([error], language), coverage=[], has_demand=False)
        if not shifts:
            return shown.RequestEffectOut(objections=[], coverage=[], has_demand=True)
        return _effect(found, shifts, moves, language)


def _shifts_of(found: ShiftRequest) -> dict[UUID, RosterShift]:
    if found.kind == _KIND.LEAVE:
        rows = leave_shifts(found)
    else:
        rows = RosterShift.objects.filter(pk__in=[one for one in (found.shift_id, found.other_shift_id) if one])
    return {row.pk: row for row in rows.select_related("roster", "shift_kind").order_by("pk")}


def _effect(
    found: ShiftRequest, shifts: dict[UUID, RosterShift], moves: Sequence[swaps.Move], language: str
) -> shown.RequestEffectOut:
    rosters = {shift.roster_id: shift.roster for shift in shifts.values()}
    teams = shift_moves.teams_of(rosters.values())
    objections = [] if found.kind == _KIND.LEAVE else shift_moves.errors_of(moves, teams)
    coverage: list[shown.CoverChangeOut] = []
    for roster, team in zip(rosters.values(), teams, strict=True):
        here = [move for move in moves if roster.first_day <= move.work.day <= roster.last_day]
        coverage += _coverage(roster, shifts, here, team)
    has_demand = any(bytes(roster.demand) for roster in rosters.values())
    return shown.RequestEffectOut(objections=said(objections, language), coverage=coverage, has_demand=has_demand)


def _coverage(
    roster: Any, shifts: dict[UUID, RosterShift], moves: Sequence[swaps.Move], team: swaps.Team
) -> list[shown.CoverChangeOut]:
    """The intervals whose cover changes. People who work at the same time on the days of the moves count."""
    demand = demand_of(roster)
    if not demand:
        return []
    days = {move.work.day for move in moves}
    around = {day + timedelta(days=n) for day in days for n in (-1, 0, 1)}
    rows = list(RosterShift.objects.filter(roster=roster, day__in=around).select_related("shift_kind"))
    before = [(row.pk, _duty(row, roster, team, str(row.agent_id))) for row in rows]
    after = [duty for key, duty in before if key not in shifts]
    by_id = {row.pk: row for row in rows}
    for move in moves:
        row = next((one for one in shifts.values() if shift_moves.move_of(one).work == move.work), None)
        if move.taker is not None and row is not None:
            after.append(_duty(by_id.get(row.pk, row), roster, team, move.taker))
    midnight = datetime.combine(roster.first_day, time())
    return [
        shown.CoverChangeOut(
            starts_at=(midnight + timedelta(minutes=one.interval * roster.interval_min)).replace(
                tzinfo=team.horizon.zone
            ),
            wanted=one.wanted,
            before=one.before,
            after=one.after,
        )
        for one in coverage_effect.effect(demand, roster.interval_min, [duty for _, duty in before], after)
    ]


def _duty(row: RosterShift, roster: Any, team: swaps.Team, agent_id: str) -> coverage_effect.Duty:
    offset = (row.day - roster.first_day).days * 1440
    person = team.people.get(agent_id)
    able = person.skill_ids if person is not None else frozenset()
    served = frozenset(row.shift_kind.skill_ids)
    return coverage_effect.Duty(
        pieces=tuple((offset + begin, offset + end) for begin, end in row.pieces),
        breaks=tuple((offset + begin, offset + end) for begin, end in row.breaks),
        skill_ids=able & served if served else able,
    )


def said(errors: Iterable[HotlineError], language: str) -> list[shown.ObjectionOut]:
    """Errors as lines of text in the reader's language."""
    return [shown.ObjectionOut(code=error.code, sentence=sentence_of(error, language)) for error in errors]


def requests_shown(rows: Sequence[ShiftRequest], reader: UUID | None = None) -> list[shown.RequestOut]:
    """The requests, with the steps that are open to the reading agent; a fixed number of queries, and one for
    each offer of hours that waits for that agent."""
    agents = {agent for row in rows for agent in (row.agent_id, row.other_agent_id) if agent is not None}
    names = {str(key): name for key, name in people.agent_names(agents).items()}
    kinds = kinds_shown()
    now = offered_breaks.as_things_stand(row for row in rows if row.agent_id == reader)
    return [_request(row, names, kinds, reader, now.get(row.pk)) for row in rows]


def _request(
    row: ShiftRequest,
    names: dict[str, str],
    kinds: dict[str, shown.ShiftKindShownOut],
    reader: UUID | None,
    breaks: offered_breaks.Told | None,
) -> shown.RequestOut:
    kind: Any = row.kind
    state: Any = row.state
    return shown.RequestOut(
        id=row.pk,
        tenant_id=row.tenant_id,
        version=row.version,
        kind=kind,
        state=state,
        agent_id=row.agent_id,
        agent_name=names[str(row.agent_id)],
        other_agent_id=row.other_agent_id,
        other_agent_name=names[str(row.other_agent_id)] if row.other_agent_id else None,
        first_day=row.first_day,
        last_day=row.last_day,
        shift=_terms(row.terms.get("shift"), names, kinds),
        other_shift=_terms(row.terms.get("other_shift"), names, kinds),
        open_shift_id=row.open_shift_id,
        leaves_at=row.terms.get("leaves_at"),
        is_paid=row.terms.get("is_paid"),
        further_breaks=[
            shown.FurtherBreakOut(**one) for one in (row.terms.get("further_breaks", []) if breaks is None else breaks)
        ],
        asked_at=row.created_at,
        expires_at=row.expires_at,
        decided_at=row.decided_at,
        has_words=bool(row.words or row.answer_text),
        may=_steps(row, reader),
    )


def _terms(
    terms: dict[str, Any] | None, names: dict[str, str], kinds: dict[str, shown.ShiftKindShownOut]
) -> shown.RequestShiftOut | None:
    if terms is None:
        return None
    return shown.RequestShiftOut(
        day=terms["day"],
        starts_at=terms["starts_at"],
        ends_at=terms["ends_at"],
        shift_kind=kinds.get(terms["shift_kind_id"]),
        agent_name=names.get(str(terms["agent_id"]), ""),
    )


def _steps(row: ShiftRequest, reader: UUID | None) -> list[shown.Step]:
    if reader is None or row.state not in UNDECIDED:
        return []
    if row.kind in _OF_THE_HOUSE:
        return ["accept", "refuse"]
    if row.agent_id == reader:
        return ["withdraw"]
    return ["accept", "refuse"] if row.state == _STATE.OPEN else []


def open_shifts_of(
    actor: Actor, is_open: bool, cursor: str | None, limit: int
) -> tuple[list[shown.OpenShiftOut], str | None]:
    """One page of open shifts, or of those that are closed, the latest first."""
    with scope_of(actor):
        rows = OpenShift.objects.filter(closed_at__isnull=is_open).select_related("roster", "shift_kind")
        found, following = cursor_page(rows, order=("-starts_at", "-id"), cursor=cursor, limit=limit)
        return open_shifts_shown(found), following


def open_shift(actor: Actor, open_shift_id: UUID) -> shown.OpenShiftOut:
    """One open shift."""
    with scope_of(actor):
        return open_shifts_shown([_open_shift(open_shift_id)])[0]


def _open_shift(open_shift_id: UUID) -> OpenShift:
    found = OpenShift.objects.filter(pk=open_shift_id).select_related("roster", "shift_kind").first()
    if found is None:
        raise NotFoundError(object_type=OpenShift.object_type, object_id=str(open_shift_id))
    return found


def open_shifts_shown(rows: Sequence[OpenShift]) -> list[shown.OpenShiftOut]:
    """The open shifts with names, holidays and places left."""
    skills = people.skill_names(str(row.skill_id) for row in rows if row.skill_id)
    taken: dict[UUID, int] = {}
    done = ShiftRequest.objects.filter(open_shift__in=[row.pk for row in rows], state=_STATE.DONE)
    for key in done.values_list("open_shift_id", flat=True):
        taken[key] = taken.get(key, 0) + 1
    holidays = _holidays(rows)
    return [_open_shift_out(row, skills, row.people - taken.get(row.pk, 0), holidays) for row in rows]


def _holidays(rows: Sequence[OpenShift]) -> set[tuple[UUID, Any]]:
    found = set()
    for tenant_id in {row.tenant_id for row in rows}:
        days = [row.day for row in rows if row.tenant_id == tenant_id]
        horizon = planned_people.horizon(tenant_id, min(days), max(days))
        found |= {(tenant_id, day) for day in horizon.holidays}
    return found


def _open_shift_out(
    row: OpenShift, skills: dict[str, dict[str, str]], left: int, holidays: set[tuple[UUID, Any]]
) -> shown.OpenShiftOut:
    skill: Any = skills.get(str(row.skill_id))
    return shown.OpenShiftOut(
        id=row.pk,
        tenant_id=row.tenant_id,
        version=row.version,
        roster_id=row.roster_id,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        shift_kind=kind_shown(row.shift_kind) if row.shift_kind else None,
        skill_name=skill,
        is_overtime=row.is_overtime,
        is_holiday=(row.tenant_id, row.day) in holidays,
        people=row.people,
        places_left=max(0, left),
        closes_at=row.closes_at,
        closed_at=row.closed_at,
    )


def bids_of(actor: Actor, open_shift_id: UUID, language: str) -> list[shown.BidOut]:
    """The bids for an open shift, in the order in which the rule would grant them, then offers and those decided."""
    with scope_of(actor):
        found = _open_shift(open_shift_id)
        rows = list(found.bids.order_by("pk"))
        takers = Takers(found, [row.agent_id for row in rows])
        standing = {bid.bid_id: (place, bid) for place, bid in enumerate(bids.in_order(found, rows))}
        ordered = sorted(rows, key=lambda row: (row.state not in UNDECIDED, standing[str(row.pk)][0]))
        return [
            shown.BidOut(
                request=request_shown,
                granted_this_year=standing[str(row.pk)][1].granted_this_year,
                employed_from=standing[str(row.pk)][1].employed_from,
                objections=_bid_objections(row, takers, language),
            )
            for row, request_shown in zip(ordered, requests_shown(ordered), strict=True)
        ]


def _bid_objections(row: ShiftRequest, takers: Takers, language: str) -> list[shown.ObjectionOut]:
    if row.state not in UNDECIDED:
        return []
    return said(takers.errors(row.agent_id), language)


def _one(request_id: UUID, of_party: Q | None = None) -> ShiftRequest:
    rows = ShiftRequest.objects.filter(pk=request_id)
    found = (rows if of_party is None else rows.filter(of_party)).first()
    if found is None:
        raise NotFoundError(object_type=ShiftRequest.object_type, object_id=str(request_id))
    return found
