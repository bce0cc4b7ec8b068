"""Edits of a roster's cells: what is asked, laid out as it can be written, with the overtime that was agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from uuid import UUID

import msgspec

from hotline.domains.people import queries as people
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import roster_errors as errors
from hotline.domains.workforce.added_hours import BreakRules, break_rules
from hotline.domains.workforce.kept_overtime import added_hours, kept
from hotline.domains.workforce.models import Roster, ShiftKind
from hotline.domains.workforce.roster_works import ShiftRow, kinds_of, shifts_of
from hotline.domains.workforce.rules import clock_text
from hotline.domains.workforce.shift_layout import Layout, are_breaks_of, laid_out, starts_of


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody works on a day: a kind at a start, or nothing. Overtime that does not fit beside it goes only where
    the planner says so (`drops_overtime`)."""

    agent_id: UUID
    day: date
    shift_kind_id: UUID | None
    start: int | None = None
    breaks: tuple[tuple[int, int], ...] | None = None
    drops_overtime: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """An edit that can be written: the shift as it is laid out, none for a day off; `dropped_min` of overtime go."""

    agent_id: str
    day: date
    layout: Layout | None
    dropped_min: int = 0


def cells_of(roster: Roster, edits: Iterable[Edit]) -> list[Cell]:
    """The edits as they can be written, with the overtime that stays; needs a scope. Raises as `rosters.edit`."""
    edits = list(edits)
    people.require_agents(roster.tenant_id, {edit.agent_id for edit in edits}, "agent_id")
    kinds = kinds_of(roster.tenant_id)
    in_use = {key: kind for key, kind in kinds.items() if kind.is_active}
    longer = _with_overtime(roster, edits)
    rules = break_rules(roster.tenant_id, None)
    last: dict[tuple[UUID, date], Cell] = {}  # of two edits of a cell the later one
    unkept: list[ShiftRow] = []
    for one in edits:
        if not roster.first_day <= one.day <= roster.last_day:
            first, until = roster.first_day.isoformat(), roster.last_day.isoformat()
            raise errors.RosterDayError(day=one.day.isoformat(), first=first, last=until)
        before = longer.get((str(one.agent_id), one.day))
        if before is not None:
            alone = _of_shift_alone(one, before, kinds[before.kind_id], rules)
            cell = _cell(_with_own_breaks(alone, in_use), in_use)
        else:
            cell = _cell(one, in_use)
        if cell.layout is not None and before is not None:
            with_it = kept(cell.layout, before, kinds[before.kind_id], rules)
            if with_it is None and not one.drops_overtime:
                unkept.append(before)
            cell = replace(cell, layout=with_it or cell.layout, dropped_min=0 if with_it else before.overtime_min)
        elif before is not None:
            cell = replace(cell, dropped_min=before.overtime_min)
        last[one.agent_id, one.day] = cell
    if unkept:
        raise _unkept_error(unkept)
    return list(last.values())


def _with_overtime(roster: Roster, edits: Sequence[Edit]) -> dict[tuple[str, date], ShiftRow]:
    """The stored shifts with overtime that are edited, by agent and day."""
    rows = shifts_of(roster.pk, {edit.agent_id for edit in edits}, {edit.day for edit in edits})
    return {(row.agent_id, row.day): row for row in rows if row.overtime_min}


def _of_shift_alone(one: Edit, before: ShiftRow, kind: ShiftKind, rules: BreakRules) -> Edit:
    """The edit without the hours beside the shift: whoever read the longer day sends back when that begins."""
    if one.shift_kind_id != kind.pk or one.start != before.pieces[0][0]:
        return one
    alone = [start for start, _ in added_hours(before, kind, rules) if start in starts_of(kind)]
    return one if not alone or one.start in alone else msgspec.structs.replace(one, start=alone[0])


def _with_own_breaks(one: Edit, kinds: Mapping[str, ShiftKind]) -> Edit:
    """The edit without the breaks that came with the hours: of more than the kind has, those that fit it."""
    kind = kinds.get(str(one.shift_kind_id))
    if kind is None or one.breaks is None or len(one.breaks) <= len(kind.breaks):
        return one
    start = starts_of(kind)[0] if one.start is None else one.start
    own = (chosen for chosen in combinations(one.breaks, len(kind.breaks)) if are_breaks_of(kind, start, chosen))
    return msgspec.structs.replace(one, breaks=next(own, None))


def _unkept_error(rows: Sequence[ShiftRow]) -> errors.RosterOvertimeError:
    first = rows[0]
    name = people.agent_names([UUID(first.agent_id)])[UUID(first.agent_id)]
    return errors.RosterOvertimeError(
        name=name, day=first.day.isoformat(), minutes=first.overtime_min, shifts=len(rows)
    )


def _cell(one: Edit, kinds: Mapping[str, ShiftKind]) -> Cell:
    if one.shift_kind_id is None:
        return Cell(str(one.agent_id), one.day, None)
    kind = kinds.get(str(one.shift_kind_id))
    if kind is None:
        raise UnknownReferenceError(field="shift_kind_id", value=str(one.shift_kind_id))
    starts = starts_of(kind)
    start = starts[0] if one.start is None and starts else one.start
    if start is None or start not in starts:
        shown = ", ".join(clock_text(minute) for minute in starts[:12]) or "-"
        raise errors.ShiftStartError(kind=kind.short, start=clock_text(start or 0), starts=shown)
    layout = laid_out(kind, start)
    return Cell(str(one.agent_id), one.day, layout if one.breaks is None else _with_breaks(kind, layout, one.breaks))


def _with_breaks(kind: ShiftKind, layout: Layout, breaks: tuple[tuple[int, int], ...]) -> Layout:
    """Breaks that the solver or a planner placed, where the kind allows them."""
    if not are_breaks_of(kind, layout.start, breaks):
        raise errors.ShiftBreaksError(kind=kind.short)
    return replace(layout, breaks=breaks)
