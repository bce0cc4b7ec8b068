"""A shift kind at a time of day: the one place that turns what is set up into the minutes of a shift.

A kind's `pieces` are (start, length) from the shift's start; a shift's are (start, end) from the local midnight."""

from hotline.domains.workforce.models import ShiftKind
from hotline.domains.workforce.work_rule_checks import Break, Shift, paid_minutes

_BREAK_GRID_MIN = 5


def shape_of(kind: ShiftKind) -> Shift:
    """The kind as plain values."""
    return Shift(
        pieces=[(start, length) for start, length in kind.pieces],
        starts=kind.starts,
        starts_every_min=kind.starts_every_min,
        breaks=[Break(**{"is_paid": False, **one}) for one in kind.breaks],
        paid_min=kind.paid_min,
        serves_some=bool(kind.skill_ids),
        is_on_call=kind.is_on_call,
    )


def pieces_at(kind: ShiftKind, start_min: int) -> list[list[int]]:
    """The pieces of a shift of this kind that begins so many minutes after midnight."""
    return [[start_min + start, start_min + start + length] for start, length in kind.pieces]


def breaks_at(kind: ShiftKind, start_min: int) -> list[list[int]]:
    """Its breaks, each in the middle of the time that is allowed for it."""
    found = []
    for one in kind.breaks:
        middle = (one["earliest_min"] + one["latest_min"]) // 2
        begin = start_min + max(one["earliest_min"], middle - middle % _BREAK_GRID_MIN)
        found.append([begin, begin + one["length_min"]])
    return found


def paid_min_of(kind: ShiftKind) -> int:
    """Paid minutes of a shift of this kind."""
    return paid_minutes(shape_of(kind))
