"""Column generation: new lines until no legal line would improve the linear program."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.board import Team
from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.roster.master import Master, Prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_GAIN = 1e-6
_CLOSE = 0.02


@dataclass(slots=True)
class Pool:
    """Lines found so far for each person, newest last."""

    lines: dict[int, list[Ints]] = field(default_factory=dict)

    def add(self, person: int, line: Ints) -> None:
        """Keep a line."""
        self.lines.setdefault(person, []).append(line)

    def newest(self, person: int, number: int) -> list[Ints]:
        """The newest lines of a person."""
        return self.lines.get(person, [])[-number:]


class Generation:
    """Column generation for some people while everybody else keeps their lines."""

    def __init__(self, team: Team, people: list[int], missing: Ints, pool: Pool) -> None:
        self._team, self._pool = team, pool
        self.master = Master(team, people, missing)
        self.bound = -math.inf
        self.is_proved = False
        self._centre: Floats | None = None

    def start(self, lines: dict[int, Ints], pooled: int) -> None:
        """Columns to begin with: one line for each person, and the newest of the pool."""
        known = [(person, line) for person in self.master.people for line in self._pool.newest(person, pooled)]
        self.master.add([*lines.items(), *known])

    def converge(self, budget: Budget, worthless_at: float, inertia: float = 0.5) -> Prices | None:
        """Prices at the end; None when no time is left or the bound shows that `worthless_at` cannot be beaten."""
        while budget.left_s() > 0:
            prices = self.master.solve(budget)
            if prices is None:
                return None
            number = self._price(prices, inertia)
            if self.bound >= worthless_at:
                self.is_proved = True
                return None
            if not number or prices.cost - self.bound < _CLOSE:
                return prices
        return None

    def _price(self, prices: Prices, inertia: float) -> int:
        """Add improving lines at prices drawn to the best known centre, or, where they mislead, at the true ones."""
        team = self._team
        true = np.clip(prices.of_cover, -team.over, team.under)
        drawn = true if self._centre is None else inertia * self._centre + (1 - inertia) * true
        for used in (drawn, true) if self._centre is not None else (true,):
            lines = [(person, team.cheapest(person, -used)) for person in self.master.people]
            bound = float((used * self.master.missing).sum()) + sum(found.bound for _, found in lines)
            if bound > self.bound:
                self.bound, self._centre = bound, used
            number = self._keep([(p, f.line) for p, f in lines if f.is_found], prices, true)
            if number:
                return number
        return 0

    def _keep(self, lines: list[tuple[int, Ints]], prices: Prices, worth: Floats) -> int:
        better = []
        for person, line in lines:
            days = np.flatnonzero(line >= 0)
            reduced = self._team.line_cost(person, line) - worth[days, line[days]].sum()
            if reduced < prices.of_person[self.master.people.index(person)] - _GAIN:
                better.append((person, line))
                self._pool.add(person, line)
        return self.master.add(better)
