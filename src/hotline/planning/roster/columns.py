"""Column generation: new lines until no legal line would improve the linear program, then a dive to whole lines."""

import itertools
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
_WHOLE = 0.999
_CLOSE = 0.02
_RISE = 0.1
_DISTURBANCE = 0.6


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
        self._fixed: dict[int, Ints] = {}

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

    def dive(
        self, budget: Budget, worthless_at: float, rounds: int = 20, chance: np.random.Generator | None = None
    ) -> dict[int, Ints] | None:
        """A line for each person: fix the largest share, price again, until all are fixed. None when not worth it.

        Each time lines are priced so many rounds, and on as long as an even part of the time is left: what is fixed on
        prices that are not settled costs more than any later step wins back. With `chance` the shares are disturbed,
        so that the same dive may be tried again."""
        floor = -math.inf
        while len(self._fixed) < len(self.master.people):
            self._fix_largest(chance)
            if len(self._fixed) == len(self.master.people):
                break
            left = budget.left_s()
            step_ends = left - left / (len(self.master.people) - len(self._fixed))
            prices = self.master.solve(budget, after_fixing=True)
            for number_of_round in itertools.count():
                if prices is None or prices.cost <= floor + _RISE:
                    break
                if number_of_round >= rounds and budget.left_s() < step_ends:
                    break
                number, gap = self._price_free(prices)
                if prices.cost - gap >= worthless_at - _GAIN:
                    return None
                if not number or gap < _RISE:
                    break
                prices = self.master.solve(budget)
            if prices is not None and prices.cost >= worthless_at - _GAIN:
                return None
            if prices is None or budget.left_s() <= 0:
                return self._complete()
            floor = max(floor, prices.cost)
        return self._fixed

    def _complete(self) -> dict[int, Ints]:
        """Time is over: who is not fixed takes the cheapest line for what the fixed ones leave."""
        team = self._team
        counts = team.wanted - self.master.missing
        for line in self._fixed.values():
            team.add(counts, line)
        for person in self.master.people:
            if person not in self._fixed:
                found = team.cheapest(person, team.one_more(counts))
                self._fixed[person] = found.line if found.is_found else self._known_line(person)
                team.add(counts, self._fixed[person])
        return self._fixed

    def _known_line(self, person: int) -> Ints:
        return next(line for owner, line in self.master.columns if owner == person)

    def _fix_largest(self, chance: np.random.Generator | None) -> None:
        shares = self.master.shares()
        if chance is not None:
            shares = shares + _DISTURBANCE * chance.random(len(shares))
        free = [n for n, (person, _) in enumerate(self.master.columns) if person not in self._fixed]
        free.sort(key=lambda n: -shares[n])
        for place, column in enumerate(free):
            if place and shares[column] < _WHOLE:
                break
            person, line = self.master.columns[column]
            if person not in self._fixed:
                self.master.fix(column)
                self._fixed[person] = line

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

    def _price_free(self, prices: Prices) -> tuple[int, float]:
        """How many new lines were found for those not fixed yet, and by how much at most they can lower the cost."""
        team = self._team
        true = np.clip(prices.of_cover, -team.over, team.under)
        people = [person for person in self.master.people if person not in self._fixed]
        lines = [(person, team.cheapest(person, -true)) for person in people]
        gap = sum(max(0.0, prices.of_person[self.master.people.index(p)] - found.bound) for p, found in lines)
        return self._keep([(p, f.line) for p, f in lines if f.is_found], prices, true), gap

    def _keep(self, lines: list[tuple[int, Ints]], prices: Prices, worth: Floats) -> int:
        better = []
        for person, line in lines:
            days = np.flatnonzero(line >= 0)
            reduced = self._team.line_cost(person, line) - worth[days, line[days]].sum()
            if reduced < prices.of_person[self.master.people.index(person)] - _GAIN:
                better.append((person, line))
                self._pool.add(person, line)
        return self.master.add(better)
