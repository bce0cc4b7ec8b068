"""The competition's contracts as weighted automata, and one nurse's cheapest line for given prices.

Every rule is soft. What a contract remembers of a line becomes a state: days running or free, unwanted patterns begun,
weekends running, and the weekend under way. Assignments are counted beside the state, and priced at the end."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotline.planning.roster.inrc1 import ANY, NONE, Contract, Instance, Nurse, Rule
from hotline.planning.roster.line_program import Found

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NEVER = 1e15
HARD = 500.0  # the price of what may not be; nothing soft outweighs it


class Memory(NamedTuple):
    """What a line leaves behind: days running (or free, the other is 0), patterns begun, weekends running, the
    shifts of the weekend under way."""

    running: int = 0
    free: int = 0
    begun: tuple[tuple[str, int], ...] = ()
    weekends: int = 0
    weekend: tuple[str, ...] = ()


class ContractLines:
    """The automaton of one contract: `following[day, state, symbol]`, `cost` likewise; symbol 0 is a day off."""

    def __init__(self, instance: Instance, contract: Contract) -> None:
        self._instance, self._contract = instance, contract
        self._shifts = ["", *instance.minutes_of]
        self._weekend_of = {d: (a, b) for a, b in instance.weekends(contract) for d in range(a, b + 1)}
        layers: list[list[tuple[int, int, int, float]]] = []
        here, most = {Memory(): 0}, 1
        for day in range(instance.days):
            there: dict[Memory, int] = {}
            arcs = []
            for memory, state in here.items():
                for symbol, shift in enumerate(self._shifts):
                    after, cost = self._step(day, memory, shift)
                    arcs.append((state, symbol, there.setdefault(after, len(there)), cost))
            layers.append(arcs)
            here, most = there, max(most, len(there))
        self.following = np.full((instance.days, most, len(self._shifts)), -1, np.int32)
        self.cost = np.zeros(self.following.shape)
        for day, arcs in enumerate(layers):
            for state, symbol, after_state, cost in arcs:
                self.following[day, state, symbol], self.cost[day, state, symbol] = after_state, cost
        self.end = self._ends(here, most)

    def _ends(self, last: dict[Memory, int], states: int) -> Floats:
        """`[state, assignments]` what the end costs: short runs, and too many or too few assignments."""
        contract = self._contract
        end = np.zeros((states, self._instance.days + 1))
        for memory, state in last.items():
            end[state] = (
                _short(contract.least_running, memory.running)
                + _short(contract.least_free, memory.free)
                + _short(contract.least_weekends_running, memory.weekends)
            )
        number = np.arange(self._instance.days + 1)
        end += contract.most.weight * np.maximum(0, number - contract.most.value)
        end += contract.least.weight * np.maximum(0, contract.least.value - number)
        return end

    def _step(self, day: int, memory: Memory, shift: str) -> tuple[Memory, float]:
        contract, cost = self._contract, 0.0
        if shift:
            cost += _short(contract.least_free, memory.free)
            running, step = _longer(contract.most_running, contract.least_running, memory.running)
            free = 0
        else:
            cost += _short(contract.least_running, memory.running)
            free, step = _longer(contract.most_free, contract.least_free, memory.free)
            running = 0
        begun, matched = self._patterns(day, memory, shift)
        weekends, weekend, price = self._weekend(day, memory, shift)
        return Memory(running, free, begun, weekends, weekend), cost + step + matched + price

    def _patterns(self, day: int, memory: Memory, shift: str) -> tuple[tuple[tuple[str, int], ...], float]:
        """The patterns begun after this day, and what those cost that it completes."""
        begun, cost = set(), 0.0
        fresh = [
            (name, 0)
            for name in self._contract.patterns
            if self._instance.patterns[name].weekday in {-1, self._instance.weekday(day)}
        ]
        for name, place in [*memory.begun, *fresh]:
            pattern = self._instance.patterns[name]
            entry = pattern.entries[place]
            if not (bool(shift) if entry == ANY else not shift if entry == NONE else entry == shift):
                continue
            if place + 1 == len(pattern.entries):
                cost += pattern.weight
            else:
                begun.add((name, place + 1))
        return tuple(sorted(begun)), cost

    def _weekend(self, day: int, memory: Memory, shift: str) -> tuple[int, tuple[str, ...], float]:
        """Weekends running and the weekend under way after this day, and what a weekend costs that ends with it."""
        if day not in self._weekend_of:
            return memory.weekends, (), 0.0
        first, last = self._weekend_of[day]
        days = (*(memory.weekend if day > first else ()), shift)
        if day < last:
            return memory.weekends, days, 0.0
        contract, cost = self._contract, 0.0
        if any(days):
            rules = contract.most_weekends_running, contract.least_weekends_running
            weekends, cost = _longer(*rules, memory.weekends)
        else:
            weekends, cost = 0, _short(contract.least_weekends_running, memory.weekends)
        return weekends, (), cost + (self._whole(days) if len(days) > 1 else 0.0)

    def _whole(self, days: tuple[str, ...]) -> float:
        worked = [bool(shift) for shift in days]
        if not any(worked):
            return 0.0
        if all(worked):
            return self._contract.identical_weekends * float(sum(len(days) - days.count(s) for s in set(days)))
        pieces = sum(w and not before for w, before in zip(worked, [False, *worked], strict=False))
        return self._contract.complete_weekends * float(worked.count(False) + (len(days) if pieces > 1 else 0))


def _short(least: Rule, length: int) -> float:
    """What a run of this length costs by being too short; none is no run."""
    return float(least.weight * max(0, least.value - length)) if length else 0.0


def _longer(most: Rule, least: Rule, length: int) -> tuple[int, float]:
    """A run one longer, counted no further than rules look, and what that costs."""
    bound = max(most.value + 1 if most.weight else 1, least.value if least.weight else 1)
    return min(length + 1, bound), float(most.weight) if most.weight and length >= most.value else 0.0


class ContestLine:
    """One nurse: the contract's automaton and what requests and missing skills cost on each day and symbol."""

    def __init__(self, instance: Instance, nurse: Nurse, lines: ContractLines) -> None:
        self._lines = lines
        shifts = ["", *instance.minutes_of]
        contract = instance.contracts[nurse.contract]
        self._wish = np.zeros((instance.days, len(shifts)))
        for symbol, shift in enumerate(shifts):
            if shift:
                price = HARD if contract.alternative_skill is None else contract.alternative_skill
                self._wish[:, symbol] += price * bool(instance.skills_of[shift] - nurse.skills)
        for day, asked, weight in nurse.off:
            self._wish[day, [bool(s) and asked in {ANY, s} for s in shifts]] += weight
        for day, asked, weight in nurse.on:
            self._wish[day, [not s or asked not in {ANY, s} for s in shifts]] += weight

    def cheapest(self, price: Floats) -> Found:
        """The cheapest line for `price[day, shift]`; every line is legal, so its cost is the bound."""
        priced = self._wish.copy()
        priced[:, 1:] += price
        value, line = _cheapest(priced, self._lines.following, self._lines.cost, self._lines.end)
        return Found(value, True, line - 1)

    def cost(self, line: Ints) -> float:
        """What a line costs (one shift number a day, -1 for days off)."""
        return float(_cost(self._wish, self._lines.following, self._lines.cost, self._lines.end, line + 1))


@njit(cache=True, nogil=True, error_model="numpy")
def _cheapest(priced: Floats, following: NDArray[np.int32], cost: Floats, end: Floats) -> tuple[float, Ints]:
    days, states, symbols = following.shape
    table = np.full((days + 1, states, days + 1), _NEVER)
    table[0, 0, 0] = 0.0
    for day in range(days):
        for s in range(states):
            for a in range(symbols):
                after = following[day, s, a]
                if after < 0:
                    continue
                step = priced[day, a] + cost[day, s, a]
                more = 1 if a else 0
                for n in range(day + 1):
                    value = table[day, s, n] + step
                    if value < table[day + 1, after, n + more]:
                        table[day + 1, after, n + more] = value
    best, state, number = _NEVER, 0, 0
    for s in range(states):
        for n in range(days + 1):
            if table[days, s, n] + end[s, n] < best:
                best, state, number = table[days, s, n] + end[s, n], s, n
    line = np.zeros(days, np.int64)
    for day in range(days - 1, -1, -1):
        value, found = table[day + 1, state, number], False
        for s in range(states):
            for a in range(symbols):
                before = number - (1 if a else 0)
                if found or following[day, s, a] != state or before < 0:
                    continue
                if table[day, s, before] + (priced[day, a] + cost[day, s, a]) == value:
                    line[day], state, number, found = a, s, before, True
            if found:
                break
    return best, line


@njit(cache=True, nogil=True, error_model="numpy")
def _cost(wish: Floats, following: NDArray[np.int32], cost: Floats, end: Floats, line: Ints) -> float:
    state, number, total = 0, 0, 0.0
    for day in range(len(line)):
        a = line[day]
        total += wish[day, a] + cost[day, state, a]
        state = following[day, state, a]
        number += 1 if a else 0
    return float(total + end[state, number])
