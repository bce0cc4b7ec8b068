"""The effect of rotations: satisfaction, absence and people leaving, before and after joining, of the same people.

Sides are whole months before and after the month of joining, up to the last month that is over: a figure does not
change from day to day, so that nobody can be told by who joined between two readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import ExtractMonth, ExtractYear

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.people import queries as people
from hotline.domains.setup_routes import Names
from hotline.domains.workforce import effect_schemas as schemas
from hotline.domains.workforce.effect_figures import Change, Effect, Side, effects_of, share_of
from hotline.domains.workforce.models import (
    Absence,
    Contract,
    MoodAnswer,
    RosterShift,
    Rotation,
    RotationMembership,
)
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of

_WHOLE = 10_000
Month = int  # months since the year 0
Counts = Mapping[tuple[UUID, Month], int]


@dataclass(frozen=True, slots=True)
class _Joining:
    """Somebody's first term in a rotation."""

    agent_id: UUID
    rotation_id: UUID
    first: date


def rotation_effects(
    actor: Actor, months: int, moment: datetime, tenant_id: UUID | None = None
) -> schemas.RotationEffectsOut:
    """Each rotation's effect over so many months on each side, and that of all; few queries, however many members."""
    planner = actor.narrowed("planning.edit")
    with scope_of(planner):
        tenant = planner.tenant_or_only(tenant_id)
        until = catalogue.local_day(tenant, moment).replace(day=1)
        joined = _joinings(tenant, until)
        complete = [one for one in joined if _month(one.first) + months < _month(until)]
        rotations = list(Rotation.objects.filter(tenant_id=tenant).order_by("code", "pk"))
        moods = _told(rotations, complete, _moods(tenant, complete), months)
        absences = _told(rotations, complete, _absences(tenant, complete), months)
        leaving = _leaving(tenant, joined, complete, months, until)
        rows = [
            schemas.RotationEffect(
                rotation_id=rotation.pk,
                name=Names(**rotation.name),
                satisfaction=_mean(moods[0][str(rotation.pk)]),
                absence=_share(absences[0][str(rotation.pk)]),
                leaving=_left(leaving[str(rotation.pk)]),
            )
            for rotation in rotations
        ]
        return schemas.RotationEffectsOut(
            months=months,
            until=until,
            rotations=rows,
            all_satisfaction=_mean(moods[1]),
            all_absence=_share(absences[1]),
            others_leaving=_left(leaving[""]),
        )


def _joinings(tenant_id: UUID, until: date) -> list[_Joining]:
    rows = RotationMembership.objects.filter(
        tenant_id=tenant_id, state__in=("approved", "ended"), valid_from__lt=until, valid_to__gte=F("valid_from")
    ).order_by("valid_from", "pk")
    first: dict[tuple[UUID, UUID], _Joining] = {}
    for agent_id, rotation_id, valid_from in rows.values_list("agent_id", "rotation_id", "valid_from"):
        first.setdefault((agent_id, rotation_id), _Joining(agent_id, rotation_id, valid_from))
    return list(first.values())


def _told(
    rotations: Iterable[Rotation], joined: Iterable[_Joining], counted: tuple[Counts, Counts], months: int
) -> tuple[dict[str, Effect], Effect]:
    """The figures of sums and counts by person and month."""
    groups: dict[str, list[Change]] = {str(rotation.pk): [] for rotation in rotations}
    for one in joined:
        month = _month(one.first)
        before, after = range(month - months, month), range(month + 1, month + 1 + months)
        change = Change(str(one.agent_id), _side(counted, one.agent_id, before), _side(counted, one.agent_id, after))
        groups[str(one.rotation_id)].append(change)
    return effects_of(groups)


def _side(counted: tuple[Counts, Counts], agent_id: UUID, months: range) -> Side:
    sums, counts = counted
    return Side(
        sum(sums.get((agent_id, month), 0) for month in months),
        sum(counts.get((agent_id, month), 0) for month in months),
    )


def _moods(tenant_id: UUID, joined: Iterable[_Joining]) -> tuple[Counts, Counts]:
    rows = MoodAnswer.objects.filter(tenant_id=tenant_id, agent_id__in={one.agent_id for one in joined})
    found = {(agent, _month(month)): score for agent, month, score in rows.values_list("agent_id", "month", "score")}
    return found, dict.fromkeys(found, 1)


def _absences(tenant_id: UUID, joined: Iterable[_Joining]) -> tuple[Counts, Counts]:
    """Rostered days on which somebody was ill, and rostered days."""
    rows: Any = RosterShift.objects.filter(
        tenant_id=tenant_id, roster__state="published", agent_id__in={one.agent_id for one in joined}
    )
    ill = Absence.objects.filter(
        tenant_id=tenant_id,
        agent_id=OuterRef("agent_id"),
        kind=Absence.Kind.SICK,
        cancelled_at=None,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    return _by_month(rows.filter(Exists(ill))), _by_month(rows)


def _by_month(rows: Any) -> Counts:
    parts = rows.annotate(y=ExtractYear("day"), m=ExtractMonth("day")).order_by().values_list("agent_id", "y", "m")
    return {(agent, year * 12 + month): number for agent, year, month, number in parts.annotate(n=Count("pk"))}


def _leaving(
    tenant_id: UUID, joined: Iterable[_Joining], complete: Iterable[_Joining], months: int, until: date
) -> dict[str, Side | None]:
    """Who left within so many months of joining, by rotation; and under "" those in no rotation who left within as many
    months before `until`."""
    rows = Contract.objects.filter(tenant_id=tenant_id, employed_to__lt=until)
    ends = {agent: last for agent, last in rows.values_list("agent_id", "employed_to") if last is not None}
    groups: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for one in complete:
        left = ends.get(one.agent_id)
        has_left = left is not None and _month(left) <= _month(one.first) + months
        groups[str(one.rotation_id)].append((str(one.agent_id), has_left))
    members = {one.agent_id for one in joined}
    since = _month(until) - months
    for agent_id in people.agent_ids(tenant_id):
        left = ends.get(agent_id)
        if agent_id not in members and (left is None or _month(left) >= since):
            groups[""].append((str(agent_id), left is not None))
    return defaultdict(lambda: None, {name: share_of(group) for name, group in groups.items()})


def _month(day: date) -> Month:
    return day.year * 12 + day.month


def _mean(effect: Effect) -> schemas.EffectFigure:
    """Hundredths of a point of the scale 1 to 10."""
    return _figure(effect, 100)


def _share(effect: Effect) -> schemas.EffectFigure:
    """Hundredths of a per cent."""
    return _figure(effect, _WHOLE)


def _figure(effect: Effect, unit: int) -> schemas.EffectFigure:
    if effect.people is None or effect.before is None or effect.after is None:
        return schemas.EffectFigure(people=None, before=None, after=None)
    before, after = (round(side.total * unit / side.number) for side in (effect.before, effect.after))
    return schemas.EffectFigure(people=effect.people, before=before, after=after)


def _left(side: Side | None) -> schemas.LeavingFigure:
    if side is None:
        return schemas.LeavingFigure(people=None, share=None)
    return schemas.LeavingFigure(people=side.number, share=round(side.total * _WHOLE / side.number))
