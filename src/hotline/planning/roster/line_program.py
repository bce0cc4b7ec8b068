"""One worker's rules made ready for the compiled line program, and the program called."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster import line_kernel
from hotline.planning.roster.curtois import Instance, Worker

_MOST_COUNTS = 24
_LOOSE = 0.7
_TRIES = 12

Line = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """`bound` is below every legal line's price; `line` holds one shift number a day, -1 for days off."""

    bound: float
    is_found: bool
    line: Line


class LineProgram:
    """Finds a worker's cheapest legal line for prices per day and shift."""

    def __init__(self, instance: Instance, worker: Worker, space: "Space") -> None:
        self._shifts = list(instance.minutes_of)
        self._limits = np.array([worker.most_of_shift[s] for s in self._shifts], np.int64)
        self._space = space
        days = instance.days
        limited = self._closely_limited(instance, worker)
        self._count(limited)
        self._classify(instance, limited)
        self._measure(instance, worker, limited)
        self._rules = np.array([worker.most_days_running, worker.least_days_running, max(1, worker.least_days_off)])
        weeks = min(worker.most_weekends, (days + 1) // 7) + 1
        states = int(self._rules[2]) + worker.most_days_running * len(self._units)
        self._shape = (days, states, weeks, self._counts, self._ends.shape[1])
        self.blocked = np.zeros((days, len(self._shifts)), np.float32)
        self.blocked[sorted(worker.days_off)] = line_kernel.INFINITE
        self.blocked[:, self._limits == 0] = line_kernel.INFINITE

    def cheapest(self, price: NDArray[np.float64]) -> Found:
        """The cheapest legal line for `price[day, shift]`."""
        table = self._space.table(self._shape)
        bound, is_found, line = line_kernel.cheapest_line(
            (price + self.blocked).astype(np.float32), self._class_of, self._limits, table, self._rules, self._units,
            self._steps, self._allowed, self._follows, self._low, self._high, self._ends, _TRIES,
        )  # fmt: skip
        return Found(bound, is_found, line)

    def _closely_limited(self, instance: Instance, worker: Worker) -> list[int]:
        """Shifts whose limits go into the state, tightest first, while the state stays small."""
        chosen: list[int] = []
        size = 1
        for shift in sorted(range(len(self._shifts)), key=lambda s: self._limits[s]):
            limit = int(self._limits[shift])
            most = worker.most_minutes // instance.minutes_of[self._shifts[shift]]
            if limit and limit < _LOOSE * most and size * (limit + 1) <= _MOST_COUNTS:
                chosen.append(shift)
                size *= limit + 1
        return chosen

    def _count(self, limited: list[int]) -> None:
        """Numbers of limited shifts as one index: each type has its step."""
        self._step_of, self._counts = {}, 1
        for shift in limited:
            self._step_of[shift] = self._counts
            self._counts *= int(self._limits[shift]) + 1

    def _classify(self, instance: Instance, limited: list[int]) -> None:
        """Shifts that differ in nothing but their prices share a class."""
        names, forbidden = self._shifts, instance.not_after
        keys: dict[tuple[object, ...], int] = {}
        class_of = np.full(len(names), -1, np.int64)
        first: list[int] = []
        for shift, name in enumerate(names):
            if not self._limits[shift]:
                continue
            before = frozenset(other for other in names if name in forbidden[other])
            own = shift if shift in limited else -1
            key = (frozenset(forbidden[name]), before, instance.minutes_of[name], own)
            class_of[shift] = keys.setdefault(key, len(keys))
            if class_of[shift] == len(first):
                first.append(shift)
        self._class_of, self._first = class_of, first
        self._follows = np.array([[names[b] not in forbidden[names[a]] for b in first] for a in first], np.bool_)
        self._follows = self._follows.reshape(len(first), len(first))
        self._steps = np.array([self._step_of.get(shift, 0) for shift in first], np.int64)
        self._allowed = np.ones((len(first), self._counts), np.bool_)
        for c, shift in enumerate(first):
            if shift in self._step_of:
                held = np.arange(self._counts) // self._step_of[shift] % (self._limits[shift] + 1)
                self._allowed[c] = held < self._limits[shift]

    def _measure(self, instance: Instance, worker: Worker, limited: list[int]) -> None:
        """Time as a number of shifts where that tells the minutes, else in the lengths' common divisor."""
        minutes = [instance.minutes_of[self._shifts[shift]] for shift in self._first]
        plain = {m for m, shift in zip(minutes, self._first, strict=True) if shift not in limited} or set(minutes[:1])
        held = np.zeros(self._counts, np.int64)
        if len(plain) == 1:
            unit, self._units = plain.pop(), np.ones(len(minutes), np.int64)
            for shift in limited:
                number = np.arange(self._counts) // self._step_of[shift] % (self._limits[shift] + 1)
                held += number * (instance.minutes_of[self._shifts[shift]] - unit)
        else:
            unit = math.gcd(*minutes)
            self._units = np.array(minutes, np.int64) // unit
        widest = min(worker.most_minutes // min(minutes, default=1) + 1, instance.days) * int(
            max(self._units, default=1)
        )
        total = held[:, None] + np.arange(widest + 1)[None, :] * unit
        self._ends = (total >= worker.least_minutes) & (total <= worker.most_minutes)
        self._bound_units(instance.days, worker)

    def _bound_units(self, days: int, worker: Worker) -> None:
        reached = np.flatnonzero(self._ends.any(axis=0))
        least, most = (int(reached[0]), int(reached[-1])) if len(reached) else (0, 0)
        longest = int(max(self._units, default=1))
        full = worker.most_days_running
        cycle = full + max(1, worker.least_days_off)
        working = [day // cycle * full + min(full, day % cycle) for day in range(days + 1)]
        self._high = np.array([min(most, working[day + 1] * longest) for day in range(days)], np.int64)
        self._low = np.array([max(0, least - working[days - 1 - day] * longest) for day in range(days)], np.int64)
        self._ends = np.ascontiguousarray(self._ends[:, : most + longest + 1])


class Space:
    """One block of memory that all programs of a process use in turn."""

    def __init__(self) -> None:
        self._block = np.empty(0, np.float32)

    def table(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """An uninitialised table of this shape."""
        size = math.prod(shape)
        if size > len(self._block):
            self._block = np.empty(size, np.float32)
        return self._block[:size].reshape(shape)
