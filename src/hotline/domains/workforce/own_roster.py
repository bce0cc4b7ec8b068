"""What an agent sees of their own work: shifts, wishes, whom they may lawfully exchange with, and open shifts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from hotline.domains.people import queries as people
from hotline.domains.workforce import request_queries, shift_moves, swaps
from hotline.domains.workforce import request_schemas as shown
from hotline.domains.workforce.models import (
    Absence,
    Activity,
    MoodAnswer,
    OpenShift,
    Roster,
    RosterShift,
    ShiftKind,
    ShiftRequest,
    Wish,
)
from hotline.domains.workforce.open_shift_takers import new_work
from hotline.domains.workforce.own_agent import OwnAgent, own_reading
from hotline.domains.workforce.request_completion import UNDECIDED
from hotline.domains.workforce.request_errors import NotYourShiftError, RequestTooLateError
from hotline.domains.workforce.wishes import MOST_WISHES_A_MONTH
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError

DAYS_BACK: Final = 7
DAYS_AHEAD: Final = 60
_MOST_OFFERS: Final = 100
_MOST_JUDGED: Final = 2000
_AT_ONCE: Final = 500
_ONE_DAY: Final = timedelta(days=1)


def own_roster(actor: Actor, first: date | None = None, last: date | None = None) -> shown.OwnRosterOut:
    """The agent's published shifts from a week ago to 60 days ahead, or within the given days of that."""
    with own_reading(actor) as me:
        earliest, latest = me.today - timedelta(days=DAYS_BACK), me.today + timedelta(days=DAYS_AHEAD)
        begin, end = max(first or earliest, earliest), min(last or latest, latest)
        kinds = request_queries.kinds_shown(me.tenant_id)
        return shown.OwnRosterOut(
            first=begin,
            last=end,
            today=me.today,
            time_zone=me.zone.key,
            request_hours=me.settings.request_hours,
            most_wishes_a_month=MOST_WISHES_A_MONTH,
            shifts=_shifts(me, begin, end),
            activities=[shown.OwnActivityOut.from_orm(row) for row in _within(me, Activity, begin, end)],
            absences=[shown.OwnAbsenceOut.from_orm(row) for row in _within(me, Absence, begin, end, cancelled_at=None)],
            wishes=_wishes(me, begin, end, kinds),
            published_days=_published_days(me, begin, end),
            shift_kinds=_in_use(me.tenant_id),
            waiting=len(request_queries.waiting_for(me)),
        )


def published_shifts(agent_id: UUID, first: date, last: date) -> QuerySet[RosterShift]:
    """The published shifts of an agent that begin on these days, by day; needs a scope."""
    return (
        RosterShift.objects.filter(agent_id=agent_id, roster__state="published", day__gte=first, day__lte=last)
        .select_related("shift_kind")
        .order_by("day")
    )


def _shifts(me: OwnAgent, first: date, last: date) -> list[shown.OwnShiftOut]:
    rows = list(published_shifts(me.agent_id, first, last))
    skills = people.skill_names(str(row.skill_id) for row in rows if row.skill_id)
    return [_shift(me, row, skills) for row in rows]


def _shift(me: OwnAgent, row: RosterShift, skills: dict[str, dict[str, str]]) -> shown.OwnShiftOut:
    source: Any = row.source
    skill: Any = skills.get(str(row.skill_id))
    return shown.OwnShiftOut(
        id=row.pk,
        version=row.version,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        pieces=row.pieces,
        breaks=row.breaks,
        shift_kind=request_queries.kind_shown(row.shift_kind),
        skill_name=skill,
        paid_min=row.paid_min,
        overtime_min=row.overtime_min,
        source=source,
        is_on_call=row.shift_kind.is_on_call,
        may_ask=row.starts_at >= me.earliest_start,
    )


def _within(me: OwnAgent, model: type[Activity | Absence], first: date, last: date, **more: Any) -> Iterable[Any]:
    begin = datetime.combine(first, time(), me.zone)
    end = datetime.combine(last + _ONE_DAY, time(), me.zone)
    rows = model.objects.filter(agent_id=me.agent_id, starts_at__lt=end, ends_at__gt=begin, **more)
    return rows.order_by("starts_at")


def _wishes(me: OwnAgent, first: date, last: date, kinds: dict[str, shown.ShiftKindShownOut]) -> list[shown.WishOut]:
    rows = Wish.objects.filter(agent_id=me.agent_id, day__gte=first, day__lte=last).order_by("day")
    return [wish_shown(row, kinds) for row in rows]


def wish_shown(row: Wish, kinds: dict[str, shown.ShiftKindShownOut]) -> shown.WishOut:
    """The wish as its owner sees it."""
    kind: Any = row.kind
    return shown.WishOut(
        id=row.pk,
        day=row.day,
        kind=kind,
        shift_kind=kinds.get(str(row.shift_kind_id)),
        weight=row.weight,
        is_granted=row.is_granted,
    )


def own_wish(actor: Actor, wish_id: UUID) -> shown.WishOut:
    """One wish of the agent's own."""
    with own_reading(actor) as me:
        row = Wish.objects.filter(pk=wish_id, agent_id=me.agent_id).first()
        if row is None:
            raise NotFoundError(object_type=Wish.object_type, object_id=str(wish_id))
        return wish_shown(row, request_queries.kinds_shown(me.tenant_id))


def _published_days(me: OwnAgent, first: date, last: date) -> list[date]:
    rosters = Roster.objects.filter(
        tenant_id=me.tenant_id, state=Roster.State.PUBLISHED, first_day__lte=last, last_day__gte=first
    )
    days: set[date] = set()
    for begin, end in rosters.values_list("first_day", "last_day"):
        day = max(begin, first)
        while day <= min(end, last):
            days.add(day)
            day += _ONE_DAY
    return sorted(days)


def _in_use(tenant_id: UUID) -> list[shown.ShiftKindShownOut]:
    rows = ShiftKind.objects.filter(tenant_id=tenant_id, is_active=True).order_by("code")
    return [request_queries.kind_shown(row) for row in rows]


def swap_offers(actor: Actor, shift_id: UUID, day: date | None = None) -> shown.SwapOffersOut:
    """The colleagues' published shifts, of this roster and of those beside it, for which the agent's own may lawfully
    be exchanged, nearest first.

    At most a hundred; with `day` those of that day only. Raises NotYourShiftError, RequestTooLateError."""
    with own_reading(actor) as me:
        own = _asked_about(me, shift_id)
        candidates = _candidates(me, own, day)
        agents = {own.agent_id, *(row.agent_id for row in candidates)}
        rosters = {row.roster_id: row.roster for row in (*candidates, own)}
        teams = dict(zip(rosters, shift_moves.teams_of(rosters.values(), agents), strict=True))
        found = list(_limited(_lawful_swaps(own, candidates, teams)))
        names = people.agent_names(row.agent_id for row in found)
        offers = [
            shown.SwapOfferOut(
                shift_id=row.pk,
                agent_name=names[row.agent_id],
                day=row.day,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                shift_kind=request_queries.kind_shown(row.shift_kind),
            )
            for row in found[:_MOST_OFFERS]
        ]
        return shown.SwapOffersOut(offers=offers, has_more=len(found) > _MOST_OFFERS or len(candidates) >= _MOST_JUDGED)


class _Seen(NamedTuple):
    """What of a shift says whether it comes into question; a month of a large site has 50,000."""

    pk: UUID
    agent_id: UUID
    day: date
    starts_at: datetime
    pieces: list[list[int]]


def _candidates(me: OwnAgent, own: RosterShift, day: date | None) -> list[RosterShift]:
    """Colleagues' shifts that could come into question, before anybody is judged; nearest first."""
    latest = me.today + timedelta(days=DAYS_AHEAD)
    published = RosterShift.objects.filter(roster__state=Roster.State.PUBLISHED, tenant_id=me.tenant_id)
    rows = published.filter(starts_at__gte=me.earliest_start, day__lte=latest).exclude(agent_id=me.agent_id)
    if day is not None:
        rows = rows.filter(day=day)
    own_days = {shift.day for shift in published_shifts(me.agent_id, me.today, latest)}
    # Whoever works on the other's day already can only exchange on that same day.
    busy = set(published.filter(day=own.day).values_list("agent_id", flat=True))
    seen = map(_Seen._make, rows.order_by().values_list(*_Seen._fields))
    wanted = [
        one
        for one in seen
        if (one.day == own.day or (one.day not in own_days and one.agent_id not in busy))
        and (one.day, one.pieces) != (own.day, own.pieces)
    ]
    wanted.sort(key=lambda one: (abs((one.day - own.day).days), one.starts_at, one.pk))
    nearest = [one.pk for one in wanted[:_MOST_JUDGED]]
    whole = RosterShift.objects.select_related("roster", "shift_kind").defer("roster__demand", "roster__figures")
    found = {row.pk: row for some in _some(nearest) for row in whole.filter(pk__in=some)}
    return [found[pk] for pk in nearest]


def _some(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """So few that a database takes them as parameters of one query."""
    return (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))


def _lawful_swaps(
    own: RosterShift, candidates: Iterable[RosterShift], teams: Mapping[UUID, swaps.Team]
) -> Iterator[RosterShift]:
    """One's own side is judged once for all shifts that are alike to the judge; a swap with another roster in both."""
    given = shift_moves.move_of(own)
    mine: dict[swaps.Move, bool] = {}
    for row in candidates:
        both = [teams[roster_id] for roster_id in dict.fromkeys((own.roster_id, row.roster_id))]
        taken = shift_moves.move_of(row)
        one, other = swaps.swap(given, taken)
        alike = replace(other, giver=None)
        if alike not in mine:
            mine[alike] = not swaps.objections([replace(one, taker=None), alike], both)
        if mine[alike] and not swaps.objections([replace(other, taker=None), replace(one, giver=None)], both):
            yield row


def _limited(rows: Iterable[RosterShift]) -> Iterator[RosterShift]:
    for number, row in enumerate(rows):
        if number > _MOST_OFFERS:
            return
        yield row


def takers(actor: Actor, shift_id: UUID) -> shown.TakersOut:
    """The colleagues who may lawfully take the agent's shift, by name, at most a hundred."""
    with own_reading(actor) as me:
        own = _asked_about(me, shift_id)
        team = shift_moves.team_of(own.roster)
        able = [
            agent_id
            for agent_id in team.people
            if agent_id != str(me.agent_id) and not swaps.objections([_handed(own, agent_id)], [team])
        ]
        is_lawful_for_me = not swaps.objections([shift_moves.move_of(own)], [team])
        names = people.agent_names(map(UUID, able if is_lawful_for_me else []))
        listed = sorted((name, agent_id) for agent_id, name in names.items())
        return shown.TakersOut(
            takers=[shown.TakerOut(agent_id=agent_id, agent_name=name) for name, agent_id in listed[:_MOST_OFFERS]],
            has_more=len(listed) > _MOST_OFFERS,
        )


def _handed(own: RosterShift, agent_id: str) -> swaps.Move:
    return replace(shift_moves.move_of(own, agent_id), giver=None)


def _asked_about(me: OwnAgent, shift_id: UUID) -> RosterShift:
    rows = RosterShift.objects.select_related("roster", "shift_kind").filter(roster__state="published")
    found = rows.filter(pk=shift_id, tenant_id=me.tenant_id).first()
    if found is None:
        raise NotFoundError(object_type=RosterShift.object_type, object_id=str(shift_id))
    if found.agent_id != me.agent_id:
        raise NotYourShiftError
    if found.starts_at < me.earliest_start:
        raise RequestTooLateError(hours=str(me.settings.request_hours))
    return found


def own_open_shifts(actor: Actor, language: str) -> list[shown.OwnOpenShiftOut]:
    """The shifts that agents may bid for now, by day, each with what stands against the agent's own bid."""
    with own_reading(actor) as me:
        wanted = OpenShift.objects.filter(
            tenant_id=me.tenant_id,
            closed_at=None,
            closes_at__gt=me.now,
            roster__state="published",
            shift_kind__isnull=False,  # hours beside a shift are offered only
        ).exclude(bids__kind=ShiftRequest.Kind.OVERTIME)
        rows = list(wanted.select_related("roster", "shift_kind").order_by("starts_at", "pk")[:200])
        bids = ShiftRequest.objects.filter(agent_id=me.agent_id, open_shift__in=rows, state__in=UNDECIDED)
        asked = set(bids.values_list("open_shift_id", flat=True))
        rosters = {row.roster_id: row.roster for row in rows}
        judged = {key: shift_moves.team_of(roster, [me.agent_id]) for key, roster in rosters.items()}
        return [
            shown.OwnOpenShiftOut(
                **common.dict(),
                has_bid=row.pk in asked,
                objections=_objections(row, me, judged[row.roster_id], language),
            )
            for row, common in zip(rows, request_queries.open_shifts_shown(rows), strict=True)
        ]


def _objections(row: OpenShift, me: OwnAgent, team: swaps.Team, language: str) -> list[shown.ObjectionOut]:
    return request_queries.said(shift_moves.errors_of([new_work(row, str(me.agent_id))], [team]), language)


def own_mood(actor: Actor) -> shown.MoodOut:
    """The agent's own answer of this month."""
    with own_reading(actor) as me:
        month = me.today.replace(day=1)
        score = MoodAnswer.objects.filter(agent_id=me.agent_id, month=month).values_list("score", flat=True).first()
        return shown.MoodOut(month=month, score=score)
