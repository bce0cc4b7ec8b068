"""What-if: how the figures move when seats, volume or handle time do, and how many lines go with it.

Times in seconds, shares 0–1. Seats hold agents; lines hold the calls of those who wait and those who talk."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.formulas import erlang_b, staffing
from hotline.formulas.errors import InvalidParameterError, require_count, require_inner_ratio, require_positive
from hotline.formulas.staffing import Targets

_STEPS = (-0.2, -0.1, 0.1, 0.2)
_SEAT_STEPS = (-2, -1, 1, 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """A busy hour and what is asked of it. Wrap-up is a part of the handle time that keeps the agent, not the line.

    Raises InvalidParameterError when made of impossible values."""

    calls_per_h: float
    handle_time_s: float
    targets: Targets
    patience_mean_s: float = math.inf
    wrap_up_s: float = 0.0
    line_blocking: float = 0.001

    def __post_init__(self) -> None:
        require_positive("calls_per_h", self.calls_per_h)
        require_positive("handle_time_s", self.handle_time_s)
        require_inner_ratio("line_blocking", self.line_blocking)
        if not 0.0 <= self.wrap_up_s < self.handle_time_s:
            raise InvalidParameterError(
                name="wrap_up_s", value=self.wrap_up_s, rule="less than the handle time, 0 or more"
            )

    @property
    def load_erlangs(self) -> float:
        """Erlangs offered to the agents."""
        return self.calls_per_h * self.handle_time_s / 3600.0


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: its volume and handle time, what the seats give, and what the targets need.

    Service level, wait, occupancy and lines are None where the queue would grow without end."""

    change: str
    calls_per_h: float
    handle_time_s: float
    seats: int
    service_level: float | None
    average_wait_s: float | None
    abandon_probability: float | None
    occupancy: float | None
    is_met: bool
    seats_needed: int
    lines: int | None


def seats_needed(plan: Plan) -> int:
    """The fewest seats that reach the plan's targets. Raises UnreachableTargetError."""
    return staffing.fewest_agents(plan.load_erlangs, plan.handle_time_s, plan.targets, plan.patience_mean_s)


def carried_calls_per_h(plan: Plan, seats: int) -> float:
    """The most calls per hour that so many manned seats carry within the targets. Raises InvalidParameterError."""
    load = staffing.largest_load(seats, plan.handle_time_s, plan.targets, plan.patience_mean_s)
    return load * 3600.0 / plan.handle_time_s


def table(plan: Plan, seats: int) -> list[Row]:
    """The plan as it is, then with other seats, volumes and handle times, one change a row.

    Raises InvalidParameterError, UnreachableTargetError."""
    require_count("seats", seats)
    return [_row(change, variant, count) for change, variant, count in _variants(plan, seats)]


def _variants(plan: Plan, seats: int) -> Iterator[tuple[str, Plan, int]]:
    yield "as planned", plan, seats
    for step in _SEAT_STEPS:
        if seats + step >= 1:
            yield f"seats {step:+d}", plan, seats + step
    for share in _STEPS:
        yield f"volume {share:+.0%}", replace(plan, calls_per_h=plan.calls_per_h * (1 + share)), seats
    for share in _STEPS:
        # Talk and wrap-up become longer or shorter alike.
        yield (
            f"handle time {share:+.0%}",
            replace(plan, handle_time_s=plan.handle_time_s * (1 + share), wrap_up_s=plan.wrap_up_s * (1 + share)),
            seats,
        )


def _row(change: str, plan: Plan, seats: int) -> Row:
    load, handle_time_s, patience_s = plan.load_erlangs, plan.handle_time_s, plan.patience_mean_s
    is_endless = patience_s == math.inf and load >= seats
    found = None if is_endless else staffing.figures(load, seats, handle_time_s, plan.targets.threshold_s, patience_s)
    return Row(
        change=change,
        calls_per_h=plan.calls_per_h,
        handle_time_s=handle_time_s,
        seats=seats,
        service_level=found.service_level if found else None,
        average_wait_s=found.average_wait_s if found else None,
        abandon_probability=found.abandon_probability if found else None,
        occupancy=found.occupancy if found else None,
        is_met=staffing.are_met(load, seats, handle_time_s, plan.targets, patience_s),
        seats_needed=seats_needed(plan),
        lines=_lines(plan, found.average_wait_s, found.abandon_probability) if found else None,
    )


def _lines(plan: Plan, average_wait_s: float, abandon_probability: float) -> int:
    """Lines busy with waiting and talking callers, treated as Poisson calls that hold a line for their mean time."""
    talking_s = (plan.handle_time_s - plan.wrap_up_s) * (1.0 - abandon_probability)
    return erlang_b.fewest_lines(plan.calls_per_h * (average_wait_s + talking_s) / 3600.0, plan.line_blocking)
