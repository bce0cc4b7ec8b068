"""The linear program over known lines: each person takes one, cover is priced; its duals price new lines.

Measured on the benchmark: presolve off, primal simplex after new columns, dual simplex after fixing."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.board import Team
from hotline.planning.roster.cpu_budget import Budget

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_DUAL, _PRIMAL = 1, 4
_SLICE, _MOST_SLICES = 2_000, 200


@dataclass(frozen=True, slots=True)
class Prices:
    """`cost` of the program; `of_person` and `of_cover[day, shift]` are what one more of each is worth."""

    cost: float
    of_person: Floats
    of_cover: Floats


class Master:
    """Columns are lines of `people`; `missing[day, shift]` is what everybody else leaves to them (may be negative)."""

    def __init__(self, team: Team, people: list[int], missing: Ints) -> None:
        self._team, self.people = team, people
        self._place = {person: row for row, person in enumerate(people)}
        self._cells = np.argwhere((team.under > 0) | (team.over > 0))
        self._row = np.full(missing.shape, -1, np.int64)
        self._row[tuple(self._cells.T)] = len(people) + np.arange(len(self._cells))
        self.missing = missing
        self.columns: list[tuple[int, Ints]] = []
        self._known: set[tuple[int, bytes]] = set()
        self._program = highspy.Highs()
        for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1), ("solver", "simplex")):
            self._program.setOptionValue(option, value)
        self._rows()
        self._first_line = 2 * len(self._cells)

    def _rows(self) -> None:
        people, cells = len(self.people), len(self._cells)
        wanted = self.missing[tuple(self._cells.T)].astype(float)
        right = np.concatenate([np.ones(people), wanted])
        none = np.zeros(people + cells, np.int32)
        self._program.addRows(people + cells, right, right, 0, none, np.zeros(0, np.int32), np.zeros(0))
        at = tuple(self._cells.T)
        cost = np.concatenate([self._team.under[at], self._team.over[at]])
        rows = np.tile(people + np.arange(cells), 2).astype(np.int32)
        signs = np.concatenate([np.ones(cells), -np.ones(cells)])
        starts = np.arange(2 * cells, dtype=np.int32)
        zeros, most = np.zeros(2 * cells), np.full(2 * cells, highspy.kHighsInf)
        self._program.addCols(2 * cells, cost, zeros, most, 2 * cells, starts, rows, signs)

    def add(self, lines: list[tuple[int, Ints]]) -> int:
        """How many of these lines were new; they are columns now."""
        fresh = []
        for person, line in lines:
            key = person, line.tobytes()
            if key not in self._known:
                self._known.add(key)
                fresh.append((person, line))
        if fresh:
            self._append(fresh)
        return len(fresh)

    def _append(self, lines: list[tuple[int, Ints]]) -> None:
        starts: list[int] = []
        rows: list[int] = []
        cost: list[float] = []
        for person, line in lines:
            starts.append(len(rows))
            days = np.flatnonzero(line >= 0)
            cells = self._row[days, line[days]]
            rows.append(self._place[person])
            rows.extend(cells[cells >= 0].tolist())
            cost.append(self._team.line_cost(person, line))
        number = len(lines)
        self._program.addCols(
            number, np.array(cost), np.zeros(number), np.full(number, highspy.kHighsInf), len(rows),
            np.array(starts, np.int32), np.array(rows, np.int32), np.ones(len(rows)),
        )  # fmt: skip
        self.columns += lines

    def solve(self, budget: Budget, *, after_fixing: bool = False) -> Prices | None:
        """Duals at the optimum, or None when the budget ended first.

        HiGHS measures its own limit in wall time, which says nothing on a busy machine: so it works in slices of
        iterations, and CPU time is looked at between them."""
        self._program.setOptionValue("simplex_strategy", _DUAL if after_fixing else _PRIMAL)
        for slices in range(1, _MOST_SLICES):
            self._program.setOptionValue("simplex_iteration_limit", _SLICE)
            self._program.run()
            if self._program.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return self._prices()
            if budget.left_s() <= 0:
                return None
            if slices % 4 == 0:
                # The primal simplex may stall on degenerate programs; the dual one takes over.
                self._program.setOptionValue("simplex_strategy", _DUAL)
        return None

    def _prices(self) -> Prices:
        duals = np.array(self._program.getSolution().row_dual)
        cover = np.zeros(self.missing.shape)
        people = len(self.people)
        cover[tuple(self._cells.T)] = duals[people:]
        return Prices(self._program.getInfo().objective_function_value, duals[:people], cover)

    def shares(self) -> Floats:
        """How far each column is taken, 0 to 1."""
        return np.array(self._program.getSolution().col_value)[self._first_line :]

    def close(self, columns: Ints) -> None:
        """These columns leave the program."""
        if len(columns):
            none = np.zeros(len(columns))
            self._program.changeColsBounds(len(columns), (self._first_line + columns).astype(np.int32), none, none)
