"""Somebody is missing: who may lawfully take the rest of the shift, in which order they are asked, and what happens
when one of them says yes.

Candidates have a skill of the shift and pass the one judge. Those on call come first, then who works the least that
week. Somebody whose own shift touches the missing one is asked to work longer, all others to come in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors, day_schemas, notices, shift_moves
from hotline.domains.workforce.break_rule import break_minutes
from hotline.domains.workforce.judging import Breach, Horizon, Person, Work, judge
from hotline.domains.workforce.models import Roster, RosterShift, ShiftRequest, SkillBorrowing
from hotline.domains.workforce.planned_people import horizon, planned_people, work_of, works_around, works_of
from hotline.domains.workforce.request_completion import locked_shifts
from hotline.domains.workforce.request_errors import AnswerNotYoursError
from hotline.domains.workforce.roster_demand import skills_wanted
from hotline.domains.workforce.rule_errors import rule_error
from hotline.domains.workforce.team_day import KEEPING
from hotline.domains.workforce.wall_time import minute_at, moment_at
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.tenancy import scope_of

ANSWERING: Final = "desk.use"
MOST_SHOWN: Final = 30
_STEP_MIN: Final = 15
_GAP_MIN: Final = 30  # so far apart two shifts still are one longer day of work
_WEEK: Final = timedelta(days=7)
Pieces = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """The rest of a shift that somebody is sought for; minutes from the local midnight of its day."""

    shift: RosterShift
    days: Horizon
    pieces: Pieces
    skill_ids: frozenset[str]  # one of them is enough
    paid_min: int

    @property
    def moments(self) -> tuple[datetime, datetime]:
        begin, end = self.pieces[0][0], self.pieces[-1][1]
        return moment_at(self.shift.day, begin, self.days.zone), moment_at(self.shift.day, end, self.days.zone)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with a skill of the shift. `own`: their shift that becomes longer, or the call duty that ends."""

    person: Person
    own: RosterShift | None
    is_on_call: bool
    week_min: int
    shared: int


def replacements(actor: Actor, shift_id: UUID, now: datetime) -> day_schemas.ReplacementsOut:
    """Who could take the rest of the shift, whom to ask first at the top, and how many are barred by which rule.

    Raises NotFoundError, ShiftNotPublishedError, ShiftOverError."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper):
        vacancy, crew = _sought(shift_id, now)
        asked = {row.agent_id: row.state for row in _requests(shift_id)}
        names = people.agent_names([UUID(one.person.agent_id) for one in crew.candidates])
        barred: Counter[str] = Counter()
        shown: list[day_schemas.ReplacementOut] = []
        for one in crew.candidates:
            breaches = crew.breaches(one)
            if breaches:
                barred[breaches[0].rule] += 1
                continue
            agent_id = UUID(one.person.agent_id)
            shown.append(_replacement(one, names[agent_id], asked.get(agent_id)))
            if len(shown) == MOST_SHOWN:
                break
    begins_at, ends_at = vacancy.moments
    return day_schemas.ReplacementsOut(
        shift_id=shift_id, begins_at=begins_at, ends_at=ends_at, people=shown, barred=dict(sorted(barred.items()))
    )


def ask(actor: Actor, shift_id: UUID, agent_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """The ids of the requests put to these people; the first who says yes has the work. All are asked, or none.

    Raises SkillMissingError, NotFreeError, ReplacementAskedError, a rule's error for whoever may not take the work, and
    what `replacements` raises."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper), transaction.atomic():
        locked_shifts([shift_id])
        vacancy, crew = _sought(shift_id, now)
        open_ids = {row.agent_id for row in _requests(shift_id) if row.state == ShiftRequest.State.OPEN}
        requests = []
        for agent_id in dict.fromkeys(agent_ids):
            name = _name(agent_id)
            if agent_id in open_ids:
                raise day_errors.ReplacementAskedError(name=name)
            candidate = crew.require(str(agent_id), name)
            requests.append(_new_request(vacancy, candidate))
        for request in requests:
            request.save(force_insert=True)
            notices.asked(request)
            _audit(keeper, request, "asked")
    return [request.pk for request in requests]


def answer(actor: Actor, request_id: UUID, version: int, given: str, words: str = "") -> None:
    """What the agent who was asked says, yes or no; `words` are kept with a no.

    Raises AnswerNotYoursError for a withdrawal, and what `accept` and `refuse` raise."""
    if given == "accept":
        accept(actor, request_id, version, timezone.now())
    elif given == "refuse":
        refuse(actor, request_id, version, words)
    else:
        raise AnswerNotYoursError


def accept(actor: Actor, request_id: UUID, version: int, now: datetime) -> UUID:
    """The agent says yes: the id of their shift, which is in the roster at once; everybody else's request expires.

    Judged once more, because days may have changed since. Raises NotFoundError for somebody else's request,
    StaleVersionError, RequestAnsweredError, ShiftOverError, a rule's error."""
    answering = actor.narrowed(ANSWERING)
    with scope_of(answering), transaction.atomic():
        # Roster and shift before the request, as everywhere: of two who say yes the slower finds it answered.
        locked_shifts(ShiftRequest.objects.filter(pk=request_id).values_list("shift_id", flat=True))
        request = _own_open(answering, request_id, version)
        if request.shift_id is None:
            raise day_errors.RequestAnsweredError
        vacancy, crew = _sought(request.shift_id, now)
        candidate = crew.require(str(request.agent_id), _name(request.agent_id))
        shift = _written(vacancy, candidate)
        shift_moves.touch(shift.roster_id)
        _answer(answering, request, ShiftRequest.State.DONE)
        waiting = _requests(vacancy.shift.pk).select_for_update(of=("self",)).filter(state=ShiftRequest.State.OPEN)
        for other in waiting:
            _answer(answering, other, ShiftRequest.State.EXPIRED)
    return shift.pk


def refuse(actor: Actor, request_id: UUID, version: int, words: str = "") -> None:
    """The agent says no. Raises NotFoundError, StaleVersionError, RequestAnsweredError."""
    answering = actor.narrowed(ANSWERING)
    with scope_of(answering), transaction.atomic():
        request = _own_open(answering, request_id, version)
        request.answer_text = words.strip()
        _answer(answering, request, ShiftRequest.State.REFUSED)


class _Crew:
    """Everybody who has a skill of the vacancy and is free beside it, whom to ask first at the top."""

    def __init__(self, vacancy: Vacancy, now: datetime) -> None:
        self._vacancy = vacancy
        tenant_id, days = vacancy.shift.tenant_id, vacancy.days
        self._people = planned_people(tenant_id, days, now, wanted=skills_wanted(vacancy.shift.roster))
        shifts = RosterShift.objects.filter(tenant_id=tenant_id, roster__state="published")
        within = list(shifts.filter(day__gte=days.first, day__lte=days.last).select_related("shift_kind"))
        self._on_day = {str(one.agent_id): one for one in within if one.day == vacancy.shift.day}
        self._works = works_of(within)
        for agent_id, works in works_around(tenant_id, days.first, days.last).items():
            self._works.setdefault(agent_id, []).extend(works)
        lent = _lent(tenant_id)
        found = (self._candidate(person, lent) for person in self._people.values())
        self.candidates = sorted((one for one in found if one is not None), key=_first_asked)

    def breaches(self, one: Candidate) -> list[Breach]:
        """What the work would break that is not broken without it."""
        vacancy, day = self._vacancy, self._vacancy.shift.day
        works = self._works.get(one.person.agent_id, [])
        rest = [work for work in works if one.own is None or work != work_of(one.own)]
        touched = frozenset({day})
        before = {(breach.rule, breach.day) for breach in judge(one.person, works, vacancy.days, touched)}
        after = judge(one.person, [*rest, _work(vacancy, one)], vacancy.days, touched)
        return [breach for breach in after if (breach.rule, breach.day) not in before and not _is_too_little(breach)]

    def require(self, agent_id: str, name: str) -> Candidate:
        """The candidate. Raises what stands against them."""
        found = next((one for one in self.candidates if one.person.agent_id == agent_id), None)
        if found is None:
            person = self._people.get(agent_id)
            if person is None:
                raise NotFoundError(object_type="agent", object_id=agent_id)
            has_work = agent_id in self._on_day
            raise day_errors.NotFreeError(name=name) if has_work else day_errors.SkillMissingError(name=name)
        breaches = self.breaches(found)
        if breaches:
            raise rule_error(breaches[0], name, self._vacancy.shift.day)
        return found

    def _candidate(self, person: Person, lent: Sequence[tuple[str, str]]) -> Candidate | None:
        vacancy = self._vacancy
        served = person.skill_ids | {borrower for lender, borrower in lent if lender in person.skill_ids}
        shared = len(served & vacancy.skill_ids)
        own = self._on_day.get(person.agent_id)
        if person.agent_id == str(vacancy.shift.agent_id) or not shared or not person.is_active:
            return None
        is_on_call = own is not None and own.shift_kind.is_on_call
        if own is not None and not is_on_call and not _touches(own, vacancy.pieces):
            return None
        monday = vacancy.shift.day - timedelta(days=vacancy.shift.day.weekday())
        works = self._works.get(person.agent_id, [])
        week = sum(work.paid_min for work in works if monday <= work.day < monday + _WEEK)
        return Candidate(person=person, own=own, is_on_call=is_on_call, week_min=week, shared=shared)


def _sought(shift_id: UUID, now: datetime) -> tuple[Vacancy, _Crew]:
    shift = RosterShift.objects.select_related("roster", "shift_kind").filter(pk=shift_id).first()
    if shift is None:
        raise NotFoundError(object_type="roster_shift", object_id=str(shift_id))
    if shift.roster.state != Roster.State.PUBLISHED:
        raise day_errors.ShiftNotPublishedError
    days = horizon(shift.tenant_id, shift.roster.first_day, shift.roster.last_day)
    pieces = _rest_of(shift.pieces, minute_at(shift.day, now, days.zone))
    if not pieces:
        raise day_errors.ShiftOverError
    whole, rest = (sum(end - begin for begin, end in one) for one in (shift.pieces, pieces))
    served = {str(shift.skill_id)} if shift.skill_id else _skills_of(shift, now, days)
    vacancy = Vacancy(shift, days, pieces, frozenset(served), round(shift.paid_min * rest / whole))
    return vacancy, _Crew(vacancy, now)


def _skills_of(shift: RosterShift, now: datetime, days: Horizon) -> Iterable[str]:
    if shift.shift_kind.skill_ids:
        return [str(skill_id) for skill_id in shift.shift_kind.skill_ids]
    return planned_people(shift.tenant_id, days, now, [shift.agent_id])[str(shift.agent_id)].skill_ids


def _rest_of(pieces: Iterable[tuple[int, int]], minute: int) -> Pieces:
    """What of the pieces is still to come, from the next quarter of an hour on."""
    earliest = -(-minute // _STEP_MIN) * _STEP_MIN
    rest = ((max(begin, earliest), end) for begin, end in pieces)
    return tuple((begin, end) for begin, end in rest if end - begin >= _STEP_MIN)


def _lent(tenant_id: UUID) -> list[tuple[str, str]]:
    rows = SkillBorrowing.objects.filter(tenant_id=tenant_id).order_by("pk")
    return [(str(lender), str(borrower)) for lender, borrower in rows.values_list("lender_id", "borrower_id")]


def _touches(own: RosterShift, pieces: Pieces) -> bool:
    begins, ends = int(own.pieces[0][0]), int(own.pieces[-1][1])
    return 0 <= pieces[0][0] - ends <= _GAP_MIN or 0 <= begins - pieces[-1][1] <= _GAP_MIN


def _first_asked(one: Candidate) -> tuple[bool, int, int, str]:
    return not one.is_on_call, one.week_min, -one.shared, one.person.agent_id


def _is_too_little(breach: Breach) -> bool:
    """Work that is added cannot be to blame that it is not enough yet."""
    minutes, least = breach.data.get("minutes"), breach.data.get("least")
    return breach.rule == "hours" and isinstance(minutes, int) and isinstance(least, int) and minutes < least


def _longer(one: Candidate, vacancy: Vacancy) -> tuple[Pieces, int]:
    """The pieces and paid minutes of the day with the vacancy in it; call duty ends with the call."""
    if one.own is None or one.is_on_call:
        return vacancy.pieces, vacancy.paid_min
    joined: list[tuple[int, int]] = []
    for begin, end in sorted([*((a, b) for a, b in one.own.pieces), *vacancy.pieces]):
        if joined and joined[-1][1] == begin:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return tuple(joined), one.own.paid_min + vacancy.paid_min


def _work(vacancy: Vacancy, one: Candidate) -> Work:
    pieces, paid_min = _longer(one, vacancy)
    return Work(
        day=vacancy.shift.day,
        pieces=pieces,
        paid_min=paid_min,
        shift_kind_id=str(vacancy.shift.shift_kind_id),
        overtime_min=_overtime_min(vacancy, one),
        break_min=break_minutes(pieces, _breaks(vacancy, one, pieces)),
    )


def _breaks(vacancy: Vacancy, one: Candidate, pieces: Pieces) -> list[list[int]]:
    """Those of the day with the vacancy in it: one's own, or on a day off those of the vacancy that lie within."""
    if one.own is not None and not one.is_on_call:
        return [[begin, end] for begin, end in one.own.breaks]
    return [[begin, end] for begin, end in vacancy.shift.breaks if any(a < begin and end < b for a, b in pieces)]


def _overtime_min(vacancy: Vacancy, one: Candidate) -> int:
    """What of the day is overtime: a shift that becomes longer is, a call-in on a day off is work like any other."""
    return one.own.overtime_min + vacancy.paid_min if one.own is not None and not one.is_on_call else 0


def _requests(shift_id: UUID) -> QuerySet[ShiftRequest]:
    return ShiftRequest.objects.filter(shift_id=shift_id, kind=ShiftRequest.Kind.CALL_IN).order_by("pk")


def _new_request(vacancy: Vacancy, one: Candidate) -> ShiftRequest:
    shift, (begins_at, ends_at) = vacancy.shift, vacancy.moments
    terms = {
        "shift": {
            "agent_id": one.person.agent_id,
            "day": shift.day.isoformat(),
            "shift_kind_id": str(shift.shift_kind_id),
            "starts_at": begins_at.isoformat(),
            "ends_at": ends_at.isoformat(),
        }
    }
    return ShiftRequest(
        tenant_id=shift.tenant_id,
        kind=ShiftRequest.Kind.CALL_IN,
        agent_id=UUID(one.person.agent_id),
        shift=shift,
        other_shift=one.own,
        first_day=shift.day,
        last_day=shift.day,
        terms=terms,
        expires_at=ends_at - timedelta(minutes=_STEP_MIN),
    )


def _written(vacancy: Vacancy, one: Candidate) -> RosterShift:
    """The shift as the roster has it from now on."""
    shift, (pieces, paid_min) = vacancy.shift, _longer(one, vacancy)
    is_longer = one.own is not None and not one.is_on_call
    row = one.own or RosterShift(
        tenant_id=shift.tenant_id, roster=shift.roster, agent_id=UUID(one.person.agent_id), day=shift.day, version=0
    )
    if not is_longer:
        row.shift_kind, row.skill_id = shift.shift_kind, shift.skill_id
        row.breaks = _breaks(vacancy, one, pieces)
    row.overtime_min = _overtime_min(vacancy, one)
    row.pieces, row.paid_min = [list(piece) for piece in pieces], paid_min
    row.starts_at = moment_at(row.day, pieces[0][0], vacancy.days.zone)
    row.ends_at = moment_at(row.day, pieces[-1][1], vacancy.days.zone)
    row.source = RosterShift.Source.OVERTIME if is_longer else RosterShift.Source.CALL_IN
    row.version += 1
    row.save()
    return row


def _own_open(actor: Actor, request_id: UUID, version: int) -> ShiftRequest:
    agent = people.own_profile(actor.person_id)
    request = ShiftRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or agent is None or str(request.agent_id) != agent.agent_id:
        raise NotFoundError(object_type="shift_request", object_id=str(request_id))
    if request.version != version:
        raise StaleVersionError(version=request.version)
    if request.state != ShiftRequest.State.OPEN or request.kind != ShiftRequest.Kind.CALL_IN:
        raise day_errors.RequestAnsweredError
    return request


def _answer(actor: Actor, request: ShiftRequest, state: str) -> None:
    request.state = state
    request.decided_at, request.decided_by_id = timezone.now(), actor.user_id
    request.version += 1
    request.save()
    _audit(actor, request, state)


def _replacement(one: Candidate, name: str, asked: str | None) -> day_schemas.ReplacementOut:
    state: Any = asked if asked in ("open", "accepted", "refused") else None
    return day_schemas.ReplacementOut(
        agent_id=UUID(one.person.agent_id),
        agent_name=name,
        is_on_call=one.is_on_call,
        is_longer=one.own is not None and not one.is_on_call,
        week_hours=round(one.week_min / 60, 1),
        shared_skills=one.shared,
        asked=state,
    )


def _name(agent_id: UUID) -> str:
    return people.agent_names([agent_id]).get(agent_id, str(agent_id))


def _audit(actor: Actor, request: ShiftRequest, what: str) -> None:
    details: dict[str, Any] = {
        "kind": request.kind,
        "agent_id": str(request.agent_id),
        "shift_id": str(request.shift_id),
        "day": request.first_day.isoformat(),
    }
    audit.record(actor, f"shift_request.{what}", request.object_type, request.pk, request.tenant_id, details)
