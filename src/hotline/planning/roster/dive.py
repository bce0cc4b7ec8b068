"""From fractions to one line for each person: a dive that fixes people's days, not whole lines.

A whole line that is fixed too early leaves to the others what they can fill dearly or not at all. So single cells are
fixed, a person's shift or day off on one day, those taken most first, and lines are priced again in between."""

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.board import Team
from hotline.planning.roster.columns import Pool
from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.roster.master import Master, Prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_FORBIDDEN = 1e6  # more than any line may cost
_HOLDS = 8.0  # times the dearest cover: leaving a fixed shift pays for nothing
_WHOLE = 0.999
_CLEAR = 0.75  # a cell taken by so much is fixed along with the largest
_PART = 0.06  # of the free days at most at once
_ROUNDS = 30
_STEP = 0.05  # of the time left for one step
_GAIN = 1e-6
_SETTLED = 0.05
_DISTURBANCE = 0.6


class Dive:
    """One dive in a converged `master`; symbol 0 is a day off, symbol s + 1 shift s.

    With `chance` one cell is fixed beforehand, whatever its share, and shares are disturbed, so that the same dive may
    be tried again."""

    def __init__(self, team: Team, master: Master, pool: Pool, chance: np.random.Generator | None = None) -> None:
        self._team, self._master, self._pool, self._chance = team, master, pool, chance
        self._place = {person: row for row, person in enumerate(master.people)}
        self._days = np.arange(team.days)
        shape = len(master.people), team.days, len(team.shifts)
        self._open: Flags = np.ones((*shape[:2], shape[2] + 1), bool)
        # Prices that make a line keep to the open cells; one that does costs `_floor[row]` too little. What is added up
        # along a line stays small: line programs count in single precision.
        self._masks, self._floor = np.zeros(shape), np.zeros(shape[0])
        self._hold = _HOLDS * float(max(team.under.max(), team.over.max()))
        self._rows = np.zeros(0, np.int64)
        self._symbols = np.zeros((0, team.days), np.int64)
        self._in_use: Flags = np.zeros(0, bool)

    def lines(self, budget: Budget, worthless_at: float) -> dict[int, Ints] | None:
        """A line for each person, completed in haste when time ends. None when none can cost less than that."""
        if self._chance is not None:
            self._learn_columns()
            self._fix_anything(self._chance)
        while budget.left_s() > 0:
            prices = self._priced(budget)
            if prices is None:
                break
            if prices.cost >= worthless_at - _GAIN:
                return None
            self._learn_columns()
            shares = self._master.shares()
            taken = np.flatnonzero(shares > _WHOLE)
            if len(taken) == len(self._place):
                return {self._master.people[self._rows[n]]: self._symbols[n] - 1 for n in taken}
            self._fix(shares)
        return self._completed()

    def _completed(self) -> dict[int, Ints]:
        """Each in turn takes the cheapest line for what those before leave, keeping to the open cells."""
        team = self._team
        counts = team.wanted - self._master.missing
        lines = {}
        for row, person in enumerate(self._master.people):
            found = team.cheapest(person, self._masks[row] + team.one_more(counts))
            lines[person] = found.line if found.is_found else self._known_line(person)
            team.add(counts, lines[person])
        return lines

    def _known_line(self, person: int) -> Ints:
        return next(line for owner, line in self._master.columns if owner == person)

    def _learn_columns(self) -> None:
        fresh = self._master.columns[len(self._rows) :]
        if fresh:
            self._rows = np.append(self._rows, [self._place[person] for person, _ in fresh])
            self._symbols = np.concatenate([self._symbols, [line + 1 for _, line in fresh]])
            self._in_use = np.append(self._in_use, np.ones(len(fresh), bool))

    def _fix(self, shares: Floats) -> None:
        """Close what contradicts the cells taken most: all that are taken whole, and some that are taken clearly."""
        taken = self._taken(shares)
        is_free = self._open.sum(axis=2) > 1
        value = np.where(is_free[:, :, None] & self._open, taken, -1.0)
        if self._chance is not None:
            value += np.where(value >= 0, _DISTURBANCE * self._chance.random(value.shape), 0.0)
        symbol, best = value.argmax(axis=2), value.max(axis=2)
        most, fixed = max(1, int(_PART * is_free.sum())), 0
        for at in np.argsort(-best, axis=None)[: int(is_free.sum())]:
            row, day = np.unravel_index(at, best.shape)
            share = taken[row, day, symbol[row, day]]
            if share < _WHOLE and fixed and (share < _CLEAR or fixed >= most):
                break
            self._close_others(int(row), int(day), int(symbol[row, day]))
            fixed += share < _WHOLE
        self._close_columns()

    def _fix_anything(self, chance: np.random.Generator) -> None:
        row, day, symbol = (int(chance.integers(length)) for length in self._open.shape)
        self._close_others(row, day, symbol)
        self._close_columns()

    def _close_columns(self) -> None:
        fits = self._open[self._rows[:, None], self._days, self._symbols].all(axis=1)
        self._master.close(np.flatnonzero(self._in_use & ~fits))
        self._in_use &= fits

    def _taken(self, shares: Floats) -> Floats:
        """How far each cell is taken, `[row, day, symbol]`."""
        taken = np.zeros(self._open.shape)
        for n in np.flatnonzero(shares > _GAIN):
            taken[self._rows[n], self._days, self._symbols[n]] += shares[n]
        return taken

    def _close_others(self, row: int, day: int, symbol: int) -> None:
        self._open[row, day] = False
        self._open[row, day, symbol] = True
        self._masks[row, day] = _FORBIDDEN
        if symbol:
            self._masks[row, day, symbol - 1] = -self._hold
            self._floor[row] += self._hold

    def _priced(self, budget: Budget) -> Prices | None:
        """Prices after new lines were added until none improves, or so many rounds; None when the time ended.

        Every other round is priced half-way to the prices before, which keeps them from swinging."""
        prices, before = self._master.solve(budget, after_fixing=True), None
        ends = budget.left_s() * (1 - _STEP)
        for number_of_round in range(_ROUNDS):
            if prices is None or (number_of_round and budget.left_s() <= ends):
                break
            true = np.clip(prices.of_cover, -self._team.over, self._team.under)
            is_true = before is None
            used, before = (true, true) if before is None else ((true + before) / 2, None)
            number, gap = self._price(prices, used, true)
            if is_true and (not number or gap < _SETTLED):
                break
            if number:
                prices = self._master.solve(budget)
        return prices

    def _price(self, prices: Prices, used: Floats, true: Floats) -> tuple[int, float]:
        """How many new lines improve at true prices, and by how much lines priced like that can lower the cost."""
        better: list[tuple[int, Ints]] = []
        gap = 0.0
        for row, person in enumerate(self._master.people):
            found = self._team.cheapest(person, self._masks[row] - used)
            gap += max(0.0, prices.of_person[row] - found.bound - self._floor[row])
            if not found.is_found or not self._open[row, self._days, found.line + 1].all():
                continue
            days = np.flatnonzero(found.line >= 0)
            reduced = self._team.line_cost(person, found.line) - true[days, found.line[days]].sum()
            if reduced < prices.of_person[row] - _GAIN:
                better.append((person, found.line))
                self._pool.add(person, found.line)
        return self._master.add(better), gap
