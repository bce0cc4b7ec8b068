"""Overtime beside a shift that somebody has already: before it, after it or, where the rules allow, apart from it.

The longer day goes before the judge as a whole, with the breaks of a shift of that length; paid minutes and overtime
grow by what is added of work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.workforce import planned_people, swaps
from hotline.domains.workforce.break_rule import Step, break_minutes
from hotline.domains.workforce.further_breaks import LONG_AGO, Further, breaks_due, further_breaks
from hotline.domains.workforce.judging import Person, Work
from hotline.domains.workforce.models import Contract, LabourRules, OpenShift, Roster, RosterShift, ShiftKind
from hotline.domains.workforce.request_errors import HoursTakenError, SplitNotAllowedError
from hotline.domains.workforce.shift_times import shape_of
from hotline.domains.workforce.wall_time import minute_at
from hotline.domains.workforce.work_rule_checks import GRID_MIN, Shift

_DAY_MIN: Final = 1440
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BreakRules:
    """By what the breaks of a longer day are placed: the steps of each agent's labour rules (`usual`: of whoever has no
    contract), where there are none the kinds of shift, which of them are in use, and from when on (none: also earlier
    today)."""

    kinds: Mapping[UUID, Shift]
    in_use: frozenset[UUID]
    now: datetime | None
    zone: ZoneInfo
    usual: tuple[Step, ...] = ()
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def further(
        self, agent_id: str, day: date, kind_id: UUID, pieces: Sequence[Span], breaks: Iterable[Span]
    ) -> list[Further]:
        """What the agent's longer day of these pieces and breaks lacks, which was a shift of the kind."""
        minute = LONG_AGO if self.now is None else minute_at(day, self.now, self.zone)
        earliest = -(-minute // GRID_MIN) * GRID_MIN
        own, steps = self.kinds[kind_id], self.steps.get(agent_id, self.usual)
        if steps and not own.is_on_call:
            return breaks_due(pieces, breaks, steps, earliest)
        in_use = [kind for key, kind in self.kinds.items() if key in self.in_use]
        return further_breaks(pieces, breaks, own, in_use, earliest)


def break_rules(tenant_id: UUID, now: datetime | None) -> BreakRules:
    """Those of the tenant; needs a scope."""
    rows = list(ShiftKind.objects.filter(tenant_id=tenant_id).order_by("code", "pk"))
    usual = LabourRules.objects.filter(tenant_id=tenant_id, is_default=True).first()
    contracts = Contract.objects.filter(tenant_id=tenant_id).select_related("labour_rules")
    return BreakRules(
        {row.pk: shape_of(row) for row in rows},
        frozenset(row.pk for row in rows if row.is_active),
        now,
        planned_people.time_zone(tenant_id),
        () if usual is None else planned_people.break_steps_of(usual),
        {str(row.agent_id): planned_people.break_steps_of(row.labour_rules) for row in contracts},
    )


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


def longer(found: OpenShift, shift: RosterShift, rules: BreakRules) -> tuple[Work, list[Span], list[Further]]:
    """The day's work of the shift with the hours in it, all its breaks, and those of them that the hours bring.

    Raises HoursTakenError where the hours overlap with it."""
    own = planned_people.work_of(shift)
    begin, end = _span(found, shift)
    if any(begin < until and since < end for since, until in own.pieces):
        raise HoursTakenError(day=shift.day.isoformat())
    pieces = joined([*own.pieces, (begin, end)])
    breaks = [(a, b) for a, b in shift.breaks]
    further = rules.further(str(shift.agent_id), shift.day, shift.shift_kind_id, pieces, breaks)
    added = max(0, end - begin - sum(one.end - one.begin for one in further if not one.is_paid))
    whole = sorted([*breaks, *((one.begin, one.end) for one in further)])
    work = replace(
        own,
        pieces=pieces,
        paid_min=own.paid_min + added,
        overtime_min=own.overtime_min + added,
        break_min=break_minutes(pieces, whole),
    )
    return work, whole, further


def moves_of(found: OpenShift, shift: RosterShift, rules: BreakRules) -> tuple[swaps.Move, swaps.Move]:
    """The agent's day goes, and comes back longer."""
    own, agent_id = planned_people.work_of(shift), str(shift.agent_id)
    skill_id = str(found.skill_id) if found.skill_id else None
    return (
        swaps.Move(work=own, giver=agent_id),
        swaps.Move(work=longer(found, shift, rules)[0], taker=agent_id, skill_id=skill_id),
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
