"""Edits of a roster's cells: what is asked, laid out as it can be written, with the overtime that was agreed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from uuid import UUID

import msgspec

from hotline.domains.people import queries as people
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import roster_errors as errors
from hotline.domains.workforce.added_hours import BreakRules, break_rules
from hotline.domains.workforce.kept_leave import leaving_kept
from hotline.domains.workforce.kept_overtime import added_hours, kept
from hotline.domains.workforce.models import Roster, ShiftKind
from hotline.domains.workforce.roster_works import ShiftRow, kinds_of, shifts_of
from hotline.domains.workforce.rules import clock_text
from hotline.domains.workforce.shift_layout import Layout, are_breaks_of, laid_out, starts_of
from hotline.kernel.errors import HotlineError


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody works on a day: a kind at a start, or nothing. Agreed overtime that does not fit beside it goes
    only where the planner says so (`drops_overtime`), and so does leaving early without pay (`drops_leave`)."""

    agent_id: UUID
    day: date
    shift_kind_id: UUID | None
    start: int | None = None
    breaks: tuple[tuple[int, int], ...] | None = None
    drops_overtime: bool = False
    drops_leave: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """An edit that can be written: the shift as it is laid out, none for a day off; `dropped_min` of overtime go, and
    `excused_dropped_min` that were let off are owed again."""

    agent_id: str
    day: date
    layout: Layout | None
    dropped_min: int = 0
    excused_dropped_min: int = 0


def cells_of(roster: Roster, edits: Iterable[Edit]) -> list[Cell]:
    """The edits as they can be written, with what was agreed and stays; needs a scope. Raises as `rosters.edit`."""
    edits = list(edits)
    people.require_agents(roster.tenant_id, {edit.agent_id for edit in edits}, "agent_id")
    kinds = kinds_of(roster.tenant_id)
    in_use = {key: kind for key, kind in kinds.items() if kind.is_active}
    agreed = _with_something_agreed(roster, edits)
    rules = break_rules(roster.tenant_id, None)
    last: dict[tuple[UUID, date], Cell] = {}  # of two edits of a cell the later one
    unasked: list[tuple[type[HotlineError], Cell, int]] = []  # what goes of which cell, in minutes
    for one in edits:
        if not roster.first_day <= one.day <= roster.last_day:
            first, until = roster.first_day.isoformat(), roster.last_day.isoformat()
            raise errors.RosterDayError(day=one.day.isoformat(), first=first, last=until)
        before = agreed.get((str(one.agent_id), one.day))
        if before is None:
            cell = _cell(one, in_use)
        else:
            cell = _cell_after(one, before, kinds[before.kind_id], in_use, rules)
            unasked += _lost(one, cell)
        last[one.agent_id, one.day] = cell
    _require_asked(unasked)
    return list(last.values())


def _with_something_agreed(roster: Roster, edits: Sequence[Edit]) -> dict[tuple[str, date], ShiftRow]:
    """The stored shifts with overtime or an earlier end that are edited, by agent and day."""
    rows = shifts_of(roster.pk, {edit.agent_id for edit in edits}, {edit.day for edit in edits})
    return {(row.agent_id, row.day): row for row in rows if row.overtime_min or row.excused_min}


def _cell_after(
    one: Edit, before: ShiftRow, kind: ShiftKind, in_use: Mapping[str, ShiftKind], rules: BreakRules
) -> Cell:
    """The edit of a shift, which was of that kind, with what was agreed about it as far as it can stay."""
    alone = _of_shift_alone(one, before, kind, rules)
    cell = _cell(_with_own_breaks(alone, in_use, is_shorter=before.excused_min > 0), in_use)
    if cell.layout is None:
        return replace(cell, dropped_min=before.overtime_min, excused_dropped_min=before.excused_min)
    longer = kept(cell.layout, before, kind, rules)
    layout = longer or cell.layout
    shorter = leaving_kept(layout, before)
    return replace(
        cell,
        layout=shorter or layout,
        dropped_min=0 if longer else before.overtime_min,
        excused_dropped_min=0 if shorter else before.excused_min,
    )


def _of_shift_alone(one: Edit, before: ShiftRow, kind: ShiftKind, rules: BreakRules) -> Edit:
    """The edit without the hours beside the shift: whoever read the longer day sends back when that begins."""
    if before.overtime_min == 0 or one.shift_kind_id != kind.pk or one.start != before.pieces[0][0]:
        return one
    alone = [start for start, _ in added_hours(before, kind, rules) if start in starts_of(kind)]
    return one if not alone or one.start in alone else msgspec.structs.replace(one, start=alone[0])


def _with_own_breaks(one: Edit, kinds: Mapping[str, ShiftKind], *, is_shorter: bool) -> Edit:
    """The edit without the breaks that came with the hours: of more than the kind has, those that fit it. Those of a
    day that `is_shorter` than its kind are placed anew where some of the kind's are missing or cut off."""
    kind = kinds.get(str(one.shift_kind_id))
    if kind is None or one.breaks is None or (len(one.breaks) <= len(kind.breaks) and not is_shorter):
        return one
    start = starts_of(kind)[0] if one.start is None else one.start
    own = (chosen for chosen in combinations(one.breaks, len(kind.breaks)) if are_breaks_of(kind, start, chosen))
    return msgspec.structs.replace(one, breaks=next(own, None))


def _lost(one: Edit, cell: Cell) -> Iterator[tuple[type[HotlineError], Cell, int]]:
    """What the edit takes away without saying so."""
    if cell.dropped_min and not one.drops_overtime:
        is_off = cell.layout is None
        yield errors.OvertimeTakenOffError if is_off else errors.RosterOvertimeError, cell, cell.dropped_min
    if cell.excused_dropped_min and not one.drops_leave:
        yield errors.RosterLeaveError, cell, cell.excused_dropped_min


def _require_asked(unasked: Sequence[tuple[type[HotlineError], Cell, int]]) -> None:
    """Pass edits that take nothing away unasked; else raise the error of the first, with how many there are like it."""
    if not unasked:
        return
    error, cell, minutes = unasked[0]
    agent_id = UUID(cell.agent_id)
    like = {(other.agent_id, other.day) for kind, other, _ in unasked if kind is error}
    name = people.agent_names([agent_id])[agent_id]
    raise error(name=name, day=cell.day.isoformat(), minutes=minutes, shifts=len(like))


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
