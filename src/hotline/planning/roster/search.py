"""The benchmark solver: passes, column generation with a dive, then some people freed and solved again."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.board import Board, Team
from hotline.planning.roster.columns import Generation, Pool
from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.roster.curtois import Instance
from hotline.planning.roster.dive import Dive
from hotline.planning.roster.errors import NoLegalLineError

Ints = NDArray[np.int64]
_LEAST_FREED, _MOST_FREED, _SPREAD = 8, 18, 6
_TIDY_S = 0.3


@dataclass(frozen=True, slots=True)
class Solved:
    """The best set of lines and a lower bound on every roster's cost."""

    board: Board
    bound: float


def passes(team: Team, limit: int = 8) -> Board:
    """One line after the other, cheapest for what the others leave, until nothing improves (or so many passes)."""
    counts = team.empty_counts()
    lines: list[Ints] = []
    for person in range(len(team.names)):
        found = team.cheapest(person, team.one_more(counts))
        if not found.is_found:
            raise NoLegalLineError(person=team.names[person], why="hours, runs, weekends and days off together")
        team.add(counts, found.line)
        lines.append(found.line)
    board = Board(team, lines)
    for _ in range(limit):
        before = board.cost
        settle(board, range(len(team.names)))
        if board.cost >= before:
            break
    return board


def settle(board: Board, people: "range | list[int]") -> None:
    """Each of these people takes the line that is cheapest while all others keep theirs."""
    team = board.team
    for person in people:
        counts = board.without([person])
        found = team.cheapest(person, team.one_more(counts))
        if found.is_found:
            old, before = board.lines[person], board.cost
            board.put(person, found.line)
            if board.cost > before:
                board.put(person, old)


class Search:
    """One run: the best board so far, the bound, and the lines found on the way."""

    def __init__(self, team: Team, budget: Budget, seed: int, news: Callable[[float, float], None]) -> None:
        self.team, self.budget = team, budget
        self.chance = np.random.default_rng(seed)
        self.pool = Pool()
        self.bound = 0.0
        self._news = news
        self.best = passes(team)
        self._tell()

    def solve_all(self) -> None:
        """Column generation over everybody, then one dive."""
        people = list(range(len(self.team.names)))
        generation = Generation(self.team, people, self.team.wanted, self.pool)
        generation.start(dict(enumerate(self.best.lines)), pooled=0)
        prices = generation.converge(self.budget.part(self.budget.left_s() * 0.6), math.inf)
        self.bound = max(self.bound, _whole(generation.bound))
        if prices is not None:
            budget = self.budget.part(self.budget.left_s() * 0.8)
            self._take(Dive(self.team, generation.master, self.pool).lines(budget, math.inf))
        self._tell()

    def free(self, people: list[int]) -> tuple[bool, bool]:
        """Whether solving these people anew improved the board, and whether the bound proved that it cannot."""
        counts = self.best.without(people)
        missing = self.team.wanted - counts
        rest = sum(self.team.line_cost(p, line) for p, line in enumerate(self.best.lines) if p not in set(people))
        own = self.best.cost - rest
        generation = Generation(self.team, people, missing, self.pool)
        generation.start({person: self.best.lines[person] for person in people}, pooled=20)
        budget = self.budget.part(max(2.0, self.budget.left_s() / 4))
        if generation.converge(budget, own - 1 + 1e-3) is None:
            return False, generation.is_proved
        # A small team is freed as a whole each time: without chance every dive would end at the same lines.
        chance = self.chance if len(people) == len(self.team.names) else None
        was_better = self._take(Dive(self.team, generation.master, self.pool, chance).lines(budget, own + 0.5))
        if was_better:
            self._tell()
        return was_better, False

    def _take(self, lines: dict[int, Ints] | None) -> bool:
        if lines is None:
            return False
        board = self.best.copy()
        for person, line in lines.items():
            board.put(person, line)
        settle(board, list(lines))
        if board.cost > self.best.cost:
            return False
        is_better = board.cost < self.best.cost
        self.best = board
        return is_better

    def _tell(self) -> None:
        self._news(self.best.cost, self.bound)


def _no_news(cost: float, bound: float) -> None:
    """Nobody listens."""


def _whole(bound: float) -> float:
    return float(math.ceil(bound - 1e-4)) if math.isfinite(bound) else 0.0


def solve(instance: Instance, budget: Budget, seed: int = 1, news: Callable[[float, float], None] = _no_news) -> Solved:
    """The best roster found within the budget. Raises NoLegalLineError when somebody's rules contradict each other.

    News are the best cost and the bound so far."""
    return solve_team(Team(instance), budget, seed, news)


def solve_team(team: Team, budget: Budget, seed: int = 1, news: Callable[[float, float], None] = _no_news) -> Solved:
    """As `solve`, for any team that knows its lines and what they cost."""
    search = Search(team, budget, seed, news)
    search.solve_all()
    people = len(search.team.names)
    least, most = min(people, _LEAST_FREED), min(people, _MOST_FREED)
    while budget.left_s() > _TIDY_S and search.best.cost > search.bound:
        size = int(search.chance.integers(least, most + 1))
        _, is_proved = search.free(sorted(search.chance.choice(people, size, replace=False).tolist()))
        if is_proved:
            least = min(max(least, most - _SPREAD), least + 1)
            most = min(people, max(most, least + _SPREAD))
    return Solved(search.best, search.bound)
