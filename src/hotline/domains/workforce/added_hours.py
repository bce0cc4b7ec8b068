"""Overtime beside a shift that somebody has already: before it, after it or, where the rules allow, apart from it.

The longer day goes before the judge as a whole; paid minutes and overtime grow by what is added."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from hotline.domains.workforce import planned_people, swaps
from hotline.domains.workforce.judging import Person, Work
from hotline.domains.workforce.models import OpenShift, Roster, RosterShift, ShiftKind
from hotline.domains.workforce.request_errors import HoursTakenError, SplitNotAllowedError

_DAY_MIN: Final = 1440
Span = tuple[int, int]


def shifts_beside(found: OpenShift, agent_ids: Collection[UUID] | None = None) -> dict[str, RosterShift]:
    """The shift of each of these agents (none: of everybody) that the hours would lengthen; needs a scope.

    That of the same day, or one of the day before that ends as the hours begin. Rosters come without their demand."""
    days = (found.day - timedelta(days=1), found.day)
    rows = RosterShift.objects.filter(
        tenant_id=found.tenant_id, roster__state=Roster.State.PUBLISHED, day__in=days
    ).select_related("roster")
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=agent_ids)
    beside: dict[str, RosterShift] = {}
    for row in rows.order_by("day"):
        begins, ends = _span(found, row)
        touches = row.pieces[-1][1] == begins if row.day < found.day else row.pieces[0][0] == ends
        if touches or (row.day == found.day and str(row.agent_id) not in beside):
            beside[str(row.agent_id)] = row
    return beside


def longer(found: OpenShift, shift: RosterShift) -> Work:
    """The day's work of the shift with the hours in it. Raises HoursTakenError where they overlap with it."""
    own = planned_people.work_of(shift)
    begin, end = _span(found, shift)
    if any(begin < until and since < end for since, until in own.pieces):
        raise HoursTakenError(day=shift.day.isoformat())
    added = end - begin
    return replace(
        own,
        pieces=joined([*own.pieces, (begin, end)]),
        paid_min=own.paid_min + added,
        overtime_min=own.overtime_min + added,
    )


def moves_of(found: OpenShift, shift: RosterShift) -> tuple[swaps.Move, swaps.Move]:
    """The agent's day goes, and comes back longer."""
    own, agent_id = planned_people.work_of(shift), str(shift.agent_id)
    skill_id = str(found.skill_id) if found.skill_id else None
    return (
        swaps.Move(work=own, giver=agent_id),
        swaps.Move(work=longer(found, shift), taker=agent_id, skill_id=skill_id),
    )


def require_split(work: Work, before: int, person: Person, split_kind_ids: Collection[str], name: str) -> None:
    """Pass a day of no more pieces than it had, or of a person who works split shifts anyhow.

    Raises SplitNotAllowedError: somebody whose kinds of shift are all in one piece is not called back later."""
    allowed = person.shift_kind_ids
    if len(work.pieces) > before and not (set(split_kind_ids) & allowed if allowed else split_kind_ids):
        raise SplitNotAllowedError(name=name, day=work.day.isoformat())


def split_kinds(tenant_id: UUID) -> frozenset[str]:
    """The kinds in use that have more than one piece; needs a scope."""
    kinds = ShiftKind.objects.filter(tenant_id=tenant_id, is_active=True).values_list("pk", "pieces")
    return frozenset(str(pk) for pk, pieces in kinds if len(pieces) > 1)


def _span(found: OpenShift, shift: RosterShift) -> Span:
    """The hours in minutes of the shift's own day."""
    begin, end = found.pieces[0]
    moved = (found.day - shift.day).days * _DAY_MIN
    return begin + moved, end + moved


def joined(pieces: Collection[Span]) -> tuple[Span, ...]:
    """The pieces by time, those that touch as one."""
    found: list[Span] = []
    for begin, end in sorted(pieces):
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple(found)
