"""Paid hours of shift kinds at equal cover."""

from pathlib import Path

import pytest

from hotline.planning.roster.problem import Break, ShiftKind
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.problem import read
from hotline.planning.staffing.shift_cover import least_paid

_SAMPLE = Path(__file__).parents[4] / "scenarios" / "staffing_three_brands.json"
# People at work in the sample, as its plan came out (docs/staffing.md).
_CURVE = [21, 18, 23, 27, 28, 28, 24, 21, 23, 23, 26, 26, 25, 23, 24, 20, 20, 18, 16, 20, 16, 14, 14, 16]


def test_flexible_kinds_need_five_per_cent_fewer_paid_hours_for_the_same_cover() -> None:
    shifts = read(_SAMPLE).shifts
    assert shifts is not None
    fixed = least_paid(_CURVE, shifts.fixed, "08:00")
    flexible = least_paid(_CURVE, shifts.flexible, "08:00", most=shifts.most)
    for cover in (fixed, flexible):
        assert all(there >= wanted for there, wanted in zip(cover.covered, _CURVE, strict=True))
        assert cover.paid_min <= 1.003 * cover.least_paid_min
    assert {kind.pieces[0][1] for kind in shifts.fixed} == {480}
    assert flexible.paid_h <= 0.95 * fixed.paid_h
    for id, most in shifts.most.items():
        assert sum(turn.people for turn in flexible.turns if turn.kind == id) <= most


def test_a_flat_curve_of_one_shift_is_paid_exactly() -> None:
    kind = ShiftKind(id="day", pieces=[(0, 480)], starts=["08:00"])
    cover = least_paid([5] * 16, [kind], "08:00")
    assert (cover.paid_h, cover.covered) == (40.0, [5] * 16)


def test_breaks_are_spread_and_unpaid_ones_are_not_paid() -> None:
    meal = Break(length_min=30, earliest_min=120, latest_min=150)
    kind = ShiftKind(id="day", pieces=[(0, 300)], starts=["09:00"], breaks=[meal])
    cover = least_paid([2, 2, 2, 2, 1, 1, 2, 2, 2, 2], [kind], "09:00")
    assert cover.paid_h == 2 * 4.5
    assert sorted(turn.breaks[0] for turn in cover.turns) == [4, 5]


def test_a_curve_that_begins_late_goes_on_after_midnight() -> None:
    kind = ShiftKind(id="night", pieces=[(0, 240)], starts=["22:00", "02:00"])
    cover = least_paid([1] * 16, [kind], "22:00")
    assert [turn.start for turn in cover.turns] == [0, 8]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ShiftKind(id="late", pieces=[(0, 60)], starts=["09:00"]), "shifts, interval 0: no kind of shift covers it"),
        (ShiftKind(id="odd", pieces=[(0, 100)], starts=["08:00"]), "100 minutes are no multiple"),
    ],
)
def test_kinds_that_cannot_cover_are_refused(kind: ShiftKind, said: str) -> None:
    with pytest.raises(StaffingProblemError) as refused:
        least_paid([1, 1, 1, 1], [kind], "08:00")
    assert said in str(refused.value)


def test_too_few_people_on_the_only_kind_is_refused() -> None:
    kind = ShiftKind(id="day", pieces=[(0, 60)], starts=["08:00"])
    with pytest.raises(StaffingProblemError, match="raise 'most'"):
        least_paid([3, 3], [kind], "08:00", most={"day": 2})
