"""What a demand costs in paid time: with every shift kind at every start, and with fixed shifts only. Pure.

The cheapest shifts that cover the demand, as a linear program: parts of a shift count as parts, and the people who work
them are not looked at. So both figures are lower bounds, by the same measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.duty import Option

Floats = NDArray[np.float64]
_WHOLE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ShiftCost:
    """Paid minutes of the shifts, the demand in people times intervals, and how much of it they cover."""

    paid_min: int
    wanted: int
    covered: int


def least_cost(options: Sequence[Option], demand: Sequence[int], day_slots: int, share: float) -> ShiftCost | None:
    """The cheapest shifts that cover at least this share of the demand, which repeats after its last day.

    `demand` is people wanted per interval of whole days. A shift's breaks cover as much less as they are long,
    spread over where they may begin. None where so much cannot be covered."""
    wanted = np.array(demand, float)
    days = len(wanted) // day_slots
    cover = _cover(options, days, day_slots)
    paid = np.tile([float(option.paid_min) for option in options], days)
    numbers = _solved(cover, paid, wanted, share)
    if numbers is None:
        return None
    there = cover @ numbers
    return ShiftCost(
        paid_min=round(float(paid @ numbers)),
        wanted=int(wanted.sum()),
        covered=int(np.minimum(there, wanted).sum() + _WHOLE),
    )


def _cover(options: Sequence[Option], days: int, day_slots: int) -> Floats:
    """`[slot, day * options + option]` how much of one person is there."""
    slots = days * day_slots
    cover = np.zeros((slots, days * len(options)))
    for number, option in enumerate(options):
        there = _of_day(option, day_slots)
        for day in range(days):
            at = (day * day_slots + np.arange(len(there))) % slots
            np.add.at(cover[:, day * len(options) + number], at, there)
    return cover


def _of_day(option: Option, day_slots: int) -> Floats:
    there = np.zeros(option.end)
    unit = 24 * 60 // day_slots
    for first, last in option.pieces:
        there[first:last] = 1
    for rest in option.kind.breaks:
        first = option.start + rest.earliest_min // unit
        last = option.start + (rest.latest_min + rest.length_min) // unit
        there[first:last] -= rest.length_min / unit / (last - first)
    return there


def _solved(cover: Floats, paid: Floats, wanted: Floats, share: float) -> Floats | None:
    """Numbers of shifts at least cost, with at most the rest of the demand missing; None where none are enough."""
    slots, columns = cover.shape
    program = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        program.setOptionValue(option, value)
    right = np.append(wanted, -(1 - share) * wanted.sum())
    most = np.full(slots + 1, highspy.kHighsInf)
    program.addRows(slots + 1, right, most, 0, np.zeros(slots + 1, np.int32), np.zeros(0, np.int32), np.zeros(0))
    # What is missing fills its interval and counts against what may be missing in all.
    matrix = np.vstack([np.hstack([cover, np.eye(slots)]), np.append(np.zeros(columns), -np.ones(slots))])
    cost = np.append(paid, np.zeros(slots))
    above = np.append(np.full(columns, highspy.kHighsInf), wanted)
    rows, places = np.nonzero(matrix.T)[1], np.flatnonzero(matrix.T)
    starts = np.concatenate([[0], np.cumsum((matrix != 0).sum(axis=0))[:-1]]).astype(np.int32)
    values = matrix.T.ravel()[places]
    program.addCols(len(cost), cost, np.zeros(len(cost)), above, len(values), starts, rows.astype(np.int32), values)
    program.run()
    if program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(program.getSolution().col_value[:columns])
