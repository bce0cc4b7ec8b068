"""The busy hour: what seats carry, how many seats and lines calls need, and what if volume or handle time change.

The figures are those of `hotline.formulas`, which `hotline calc` shows too."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from hotline.formulas import what_if
from hotline.planning.staffing.problem import Capacity, Targets
from hotline.planning.staffing.requirement import formula_targets


@dataclass(frozen=True, slots=True)
class Carried:
    """The most calls per hour within the targets, with so many seats, and the lines that these calls take."""

    seats: int
    calls_per_h: float
    lines: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fewest seats for so many calls per hour, and the lines that go with them."""

    calls_per_h: float
    seats: int
    lines: int | None


def carried(capacity: Capacity, targets: Targets, seats: int) -> Carried:
    """What the seats carry. Raises InvalidParameterError where no load is too much for the targets."""
    plan = _plan(capacity, targets, 1.0)
    calls_per_h = what_if.carried_calls_per_h(plan, seats)
    return Carried(seats, calls_per_h, _lines(replace(plan, calls_per_h=calls_per_h), seats) if calls_per_h else 0)


def wanted(capacity: Capacity, targets: Targets, calls_per_h: float) -> Wanted:
    """What the calls need. Raises UnreachableTargetError."""
    plan = _plan(capacity, targets, calls_per_h)
    seats = what_if.seats_needed(plan)
    return Wanted(calls_per_h, seats, _lines(plan, seats))


def document(capacity: Capacity, targets: Targets) -> dict[str, Any]:
    """All answers as they are written as JSON; the table of changes needs both seats and calls (those that the seats
    carry, or that need the seats, where one is not given)."""
    found: dict[str, Any] = {}
    seats, calls_per_h = capacity.seats, capacity.calls_per_h
    if seats is not None:
        found["carried"] = asdict(carried(capacity, targets, seats))
    if calls_per_h is not None:
        found["wanted"] = asdict(wanted(capacity, targets, calls_per_h))
    calls = calls_per_h if calls_per_h is not None else found["carried"]["calls_per_h"]
    there = seats if seats is not None else found["wanted"]["seats"]
    found["what_if"] = [asdict(row) for row in what_if.table(_plan(capacity, targets, calls), there)] if calls else []
    return found


def _plan(capacity: Capacity, targets: Targets, calls_per_h: float) -> what_if.Plan:
    return what_if.Plan(
        calls_per_h=calls_per_h,
        handle_time_s=capacity.aht_s,
        targets=formula_targets(targets),
        patience_mean_s=math.inf if capacity.patience_s is None else capacity.patience_s,
        wrap_up_s=capacity.wrap_up_s,
        line_blocking=capacity.line_blocking,
    )


def _lines(plan: what_if.Plan, seats: int) -> int | None:
    """Of the plan as it is; None where the queue would grow without end."""
    return what_if.table(plan, seats)[0].lines
