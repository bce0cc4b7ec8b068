"""Small linear and integer programs by HiGHS: same input, same answer, bounded work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

_MOST_NODES = 2_000
_MOST_STALLS = 200


@dataclass(slots=True)
class Program:
    """Least cost of columns from 0 up, whose rows keep their bounds."""

    gap: float = 0.0  # relative; a whole-number answer may be dearer than the best by so much
    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)

    def column(self, cost: float, most: float | None = None, *, is_whole: bool = False) -> int:
        """The number of a new column."""
        self.cost.append(cost)
        self.most.append(highspy.kHighsInf if most is None else most)
        self.whole.append(is_whole)
        return len(self.cost) - 1

    def at_least(self, parts: Mapping[int, float], value: float) -> None:
        """A row: the sum is no less than the value."""
        self.rows.append((parts, value, highspy.kHighsInf))

    def at_most(self, parts: Mapping[int, float], value: float) -> None:
        """A row: the sum is no more than the value."""
        self.rows.append((parts, -highspy.kHighsInf, value))


@dataclass(frozen=True, slots=True)
class Optimum:
    """The columns' values; `bound`: no answer costs less."""

    values: Sequence[float]
    cost: float
    bound: float


def solve(program: Program) -> Optimum | None:
    """The cheapest answer found; None where there is none.

    Work is bounded by nodes, not by time, so that a busy machine gives the same answer."""
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", program.gap),
        ("mip_max_nodes", _MOST_NODES),
        ("mip_max_stall_nodes", _MOST_STALLS),
    ):
        solver.setOptionValue(option, value)
    _load(solver, program)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    has_answer = status == highspy.HighsModelStatus.kOptimal or (
        any(program.whole) and info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    if not has_answer:
        return None
    cost = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if any(program.whole) else cost
    return Optimum([float(value) for value in solver.getSolution().col_value], cost, bound)


def _load(solver: highspy.Highs, program: Program) -> None:
    many = len(program.cost)
    none = np.zeros(0, np.int32)
    solver.addCols(many, np.array(program.cost), np.zeros(many), np.array(program.most), 0, none, none, np.zeros(0))
    starts: list[int] = []
    places: list[int] = []
    values: list[float] = []
    for parts, _, _ in program.rows:
        starts.append(len(places))
        places.extend(parts)
        values.extend(parts.values())
    low = np.array([row[1] for row in program.rows])
    high = np.array([row[2] for row in program.rows])
    begins, columns = np.array(starts, np.int32), np.array(places, np.int32)
    solver.addRows(len(program.rows), low, high, len(places), begins, columns, np.array(values))
    whole = [n for n, is_whole in enumerate(program.whole) if is_whole]
    if whole:
        kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger), np.uint8)
        solver.changeColsIntegrality(len(whole), np.array(whole, np.int32), kinds)
