"""All lines of a benchmark instance together: who is there when, what it costs, what one more person is worth."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.curtois import Instance, Roster
from hotline.planning.roster.line_program import Found, LineProgram, Space

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_OFF = -1


class Team:
    """The instance as arrays: wishes per worker, cover per day and shift, and a line program for each worker."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.names = list(instance.workers)
        self.shifts = list(instance.minutes_of)
        self.days = instance.days
        number = {name: n for n, name in enumerate(self.shifts)}
        place = {name: n for n, name in enumerate(self.names)}
        shape = (instance.days, len(self.shifts))
        self.wanted = np.zeros(shape, np.int64)
        self.under, self.over = np.zeros(shape), np.zeros(shape)
        for cover in instance.cover:
            at = cover.day, number[cover.shift]
            self.wanted[at], self.under[at], self.over[at] = cover.wanted, cover.price_under, cover.price_over
        self.wish = np.zeros((len(self.names), *shape))
        self.wish_floor = np.zeros(len(self.names))
        for name, day, shift, price in instance.wishes_on:
            self.wish[place[name], day, number[shift]] -= price
            self.wish_floor[place[name]] += price
        for name, day, shift, price in instance.wishes_off:
            self.wish[place[name], day, number[shift]] += price
        space = Space()
        self._programs = [LineProgram(instance, worker, space) for worker in instance.workers.values()]

    def cheapest(self, person: int, price: Floats) -> Found:
        """The person's cheapest legal line for wishes plus `price[day, shift]`; the constant of wishes is added."""
        found = self._programs[person].cheapest(self.wish[person] + price)
        return Found(found.bound + float(self.wish_floor[person]), found.is_found, found.line)

    def line_cost(self, person: int, line: Ints) -> float:
        """What the person's unkept wishes cost."""
        days = np.flatnonzero(line >= 0)
        return float(self.wish_floor[person] + self.wish[person, days, line[days]].sum())

    def cover_cost(self, counts: Ints) -> float:
        """What people missing and people too many cost."""
        missing = self.wanted - counts
        return float((self.under * np.maximum(missing, 0) + self.over * np.maximum(-missing, 0)).sum())

    def one_more(self, counts: Ints) -> Floats:
        """What one more person costs (below 0: saves) on each day and shift."""
        return np.where(counts < self.wanted, -self.under, self.over)

    def add(self, counts: Ints, line: Ints, by: int = 1) -> None:
        """Count a line in (or, by -1, out) of `counts[day, shift]`."""
        days = np.flatnonzero(line >= 0)
        counts[days, line[days]] += by

    def empty_counts(self) -> Ints:
        """Nobody there on any day and shift."""
        return np.zeros((self.days, len(self.shifts)), np.int64)


class Board:
    """A complete set of lines and its cost."""

    def __init__(self, team: Team, lines: Sequence[Ints]) -> None:
        self.team = team
        self.lines = [line.copy() for line in lines]
        self.counts = team.empty_counts()
        for line in self.lines:
            team.add(self.counts, line)
        self.cost = self._cost()

    def copy(self) -> "Board":
        """Another board with the same lines."""
        return Board(self.team, self.lines)

    def put(self, person: int, line: Ints) -> None:
        """Replace one line."""
        self.team.add(self.counts, self.lines[person], -1)
        self.team.add(self.counts, line)
        self.lines[person] = line.copy()
        self.cost = self._cost()

    def without(self, people: Sequence[int]) -> Ints:
        """Counts of everybody else."""
        counts = self.counts.copy()
        for person in people:
            self.team.add(counts, self.lines[person], -1)
        return counts

    def roster(self) -> Roster:
        """Names instead of numbers."""
        shifts = [*self.team.shifts, ""]
        return {
            name: [shifts[number] for number in line] for name, line in zip(self.team.names, self.lines, strict=True)
        }

    def _cost(self) -> float:
        lines = sum(self.team.line_cost(person, line) for person, line in enumerate(self.lines))
        return lines + self.team.cover_cost(self.counts)
