"""What a sound shift kind and sound labour rules are. Pure: no database, no clock."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from hotline.domains.workforce import work_rule_errors as errors
from hotline.domains.workforce.break_rule import Step
from hotline.domains.workforce.rules import minute_of

GRID_MIN: Final = 5  # the finest interval of rosters
_DAY_MIN: Final = 24 * 60
_WHOLE: Final = 10_000  # hundredths of a per cent


class Break(NamedTuple):
    """A break that may begin between two minutes counted from the shift's start."""

    length_min: int
    earliest_min: int
    latest_min: int
    is_paid: bool


class Shift(NamedTuple):
    """A shift kind. `pieces` are (start, length) in minutes from the shift's start."""

    pieces: Sequence[tuple[int, int]]
    starts: Sequence[str]
    starts_every_min: int
    breaks: Sequence[Break]
    paid_min: int | None
    serves_some: bool
    is_on_call: bool


def check_shift(shift: Shift) -> None:
    """Pass a shift that can be worked and planned. Raises the first thing that is wrong with it."""
    _check_pieces(shift.pieces)
    _check_starts(shift)
    _check_breaks(shift)
    if paid_minutes(shift) <= 0 and not shift.is_on_call:
        raise errors.PaidTimeError
    if shift.is_on_call and not shift.serves_some:
        raise errors.OnCallSkillsError


def paid_minutes(shift: Shift) -> int:
    """Paid minutes: as stated, else the pieces without their unpaid breaks."""
    if shift.paid_min is not None:
        return shift.paid_min
    unpaid = sum(one.length_min for one in shift.breaks if not one.is_paid)
    return sum(length for _, length in shift.pieces) - unpaid


def _check_pieces(pieces: Sequence[tuple[int, int]]) -> None:
    ends = 0
    for number, (start, length) in enumerate(pieces, 1):
        if (start != 0 if number == 1 else start < ends) or length < 1:
            raise errors.ShiftPiecesError(number=str(number))
        _require_grid(start, "pieces")
        _require_grid(length, "pieces")
        ends = start + length
    if not pieces:
        raise errors.ShiftPiecesError(number="1")
    if ends > _DAY_MIN:
        raise errors.ShiftTooLongError(minutes=str(ends))


def _check_starts(shift: Shift) -> None:
    if bool(shift.starts) == bool(shift.starts_every_min):
        raise errors.ShiftStartsError
    for text in shift.starts:
        minute = minute_of(text)
        if minute % GRID_MIN or minute == _DAY_MIN:
            raise errors.ShiftGridError(text=text, field="starts", grid=str(GRID_MIN))
    if shift.starts_every_min and _DAY_MIN % shift.starts_every_min:
        raise errors.ShiftGridError(text=str(shift.starts_every_min), field="starts_every_min", grid=str(GRID_MIN))
    _require_grid(shift.starts_every_min, "starts_every_min")


def _check_breaks(shift: Shift) -> None:
    for number, one in enumerate(shift.breaks, 1):
        for minutes in one[:3]:
            _require_grid(minutes, "breaks")
        # Wherever the break is put, it lies within one piece: else it would shorten nothing.
        holds = any(
            start <= one.earliest_min and one.latest_min + one.length_min <= start + length
            for start, length in shift.pieces
        )
        if one.length_min < 1 or one.latest_min < one.earliest_min or not holds:
            raise errors.ShiftBreakError(number=str(number))
    for number, (before, after) in enumerate(pairwise(shift.breaks), 2):
        if before.latest_min + before.length_min > after.earliest_min:
            raise errors.ShiftBreakError(number=str(number))


def _require_grid(minutes: int, field: str) -> None:
    if minutes % GRID_MIN:
        raise errors.ShiftGridError(text=str(minutes), field=field, grid=str(GRID_MIN))


def check_week(week_min: int, most_week_min: int | None) -> None:
    """Pass usual weekly hours that the most in a week allows. Raises LimitsContradictError."""
    if most_week_min is not None and week_min > most_week_min:
        raise errors.LimitsContradictError(most="most_week_min", usual="week_min")


def check_breaks(steps: Sequence[Step]) -> None:
    """Pass steps, by how much work they begin, of which each later one asks for more. Raises BreakStepsError."""
    for number, (before, after) in enumerate(pairwise(steps), 2):
        if after.after_min <= before.after_min or after.break_min <= before.break_min:
            raise errors.BreakStepsError(number=str(number))


def check_shrinkage(shares: Mapping[str, int]) -> None:
    """Pass shares of paid time, hundredths of a per cent, that leave some time for work. Raises ShrinkageError."""
    if sum(shares.values()) >= _WHOLE:
        raise errors.ShrinkageError
