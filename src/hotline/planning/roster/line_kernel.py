"""Compiled dynamic program: one person's cheapest legal line of shifts for given prices.

State of a day: days running with the class of the last shift, or days off up to the least rest; weekends worked so far;
shifts of closely limited types so far; hours (or shifts) so far. Costs are kept per state and the line is found by
walking back, so the inner loops are plain minima over an axis that lies together in memory."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

INFINITE = np.float32(1e30)
_FORBIDDEN = np.float32(1e29)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@njit(cache=True, nogil=True, error_model="numpy")
def class_prices(price: Floats, class_of: Ints, classes: int) -> tuple[Floats, Ints]:
    """Per day and class the lowest price of its shifts, and which shift that is."""
    days, shifts = price.shape
    lowest = np.full((days, classes), INFINITE, np.float32)
    which = np.zeros((days, classes), np.int64)
    for day in range(days):
        for shift in range(shifts):
            c = class_of[shift]
            if c >= 0 and price[day, shift] < lowest[day, c]:
                lowest[day, c] = price[day, shift]
                which[day, c] = shift
    return lowest, which


@njit(cache=True, nogil=True, error_model="numpy")
def _lower(target: Floats, source: Floats, first: int, last: int, shift: int, price: np.float32) -> None:
    for u in range(first, last + 1):
        value = source[u - shift] + price
        if value < target[u]:
            target[u] = value


@njit(cache=True, nogil=True, error_model="numpy")
def fill_states(
    cost: Floats,
    table: Floats,
    rules: Ints,
    units: Ints,
    steps: Ints,
    allowed: Flags,
    follows: Flags,
    low: Ints,
    high: Ints,
) -> None:
    """Fill `table[day, state, weekends, counts, units]` with the cheapest cost of reaching each state."""
    days, classes = cost.shape
    _, _, weeks, counts, _ = table.shape
    most, least, rest = rules[0], rules[1], rules[2]
    for day in range(days):
        table[day, :, :, :, low[day] : high[day] + 1] = INFINITE
        weekday = day % 7
        for c in range(classes):
            price = cost[day, c]
            if price >= _FORBIDDEN:
                continue
            if day == 0:
                table[0, rest + c, 0, steps[c], units[c]] = price
                continue
            first = max(low[day], low[day - 1] + units[c])
            last = min(high[day], high[day - 1] + units[c])
            for n in range(steps[c], counts):
                if not allowed[c, n - steps[c]]:
                    continue
                for w in range(weeks):
                    fresh = w - 1 if weekday >= 5 else w
                    if fresh >= 0:
                        _lower(
                            table[day, rest + c, w, n],
                            table[day - 1, rest - 1, fresh, n - steps[c]],
                            first,
                            last,
                            units[c],
                            price,
                        )
                    running = w - 1 if weekday == 5 else w
                    if running < 0:
                        continue
                    for k in range(1, most):
                        target = table[day, rest + k * classes + c, w, n]
                        for b in range(classes):
                            if follows[b, c]:
                                source = table[day - 1, rest + (k - 1) * classes + b, running, n - steps[c]]
                                _lower(target, source, first, last, units[c], price)
        if day == 0:
            table[0, rest - 1, 0, 0, 0] = np.float32(0)
            continue
        first, last = max(low[day], low[day - 1]), min(high[day], high[day - 1])
        for w in range(weeks):
            for n in range(counts):
                _lower(table[day, rest - 1, w, n], table[day - 1, rest - 1, w, n], first, last, 0, np.float32(0))
                for j in range(1, rest):
                    _lower(table[day, j, w, n], table[day - 1, j - 1, w, n], first, last, 0, np.float32(0))
                for k in range(1, most + 1):
                    if k >= least or k == day:
                        for b in range(classes):
                            source = table[day - 1, rest + (k - 1) * classes + b, w, n]
                            _lower(table[day, 0, w, n], source, first, last, 0, np.float32(0))


@njit(cache=True, nogil=True, error_model="numpy")
def walk_back(
    cost: Floats,
    table: Floats,
    rules: Ints,
    units: Ints,
    steps: Ints,
    allowed: Flags,
    follows: Flags,
    low: Ints,
    high: Ints,
    ends: Flags,
) -> tuple[float, Ints]:
    """The lowest cost of a whole line and its class per day, -1 for days off; infinite when there is none."""
    days, classes = cost.shape
    _, states, weeks, counts, _ = table.shape
    most, least, rest = rules[0], rules[1], rules[2]
    line = np.full(days, -1, np.int64)
    best, s, w, n, u = INFINITE, -1, 0, 0, 0
    for state in range(states):
        for a in range(weeks):
            for b in range(counts):
                for c in range(low[days - 1], high[days - 1] + 1):
                    if ends[b, c] and table[days - 1, state, a, b, c] < best:
                        best, s, w, n, u = table[days - 1, state, a, b, c], state, a, b, c
    if s < 0 or best >= _FORBIDDEN:
        return float(INFINITE), line
    for day in range(days - 1, 0, -1):
        value = table[day, s, w, n, u]
        before = day - 1
        found = -1
        if s < rest:
            if low[before] <= u <= high[before]:
                if s == rest - 1 and table[before, s, w, n, u] == value:
                    found = s
                elif s > 0 and table[before, s - 1, w, n, u] == value:
                    found = s - 1
                elif s == 0:
                    for k in range(1, most + 1):
                        if k >= least or k == day:
                            for b in range(classes):
                                if found < 0 and table[before, rest + (k - 1) * classes + b, w, n, u] == value:
                                    found = rest + (k - 1) * classes + b
        else:
            c = (s - rest) % classes
            k = (s - rest) // classes
            line[day] = c
            price = cost[day, c]
            u -= units[c]
            n -= steps[c]
            weekday = day % 7
            if k == 0:
                w -= 1 if weekday >= 5 else 0
                found = rest - 1
            else:
                w -= 1 if weekday == 5 else 0
                for b in range(classes):
                    if follows[b, c] and found < 0:
                        state = rest + (k - 1) * classes + b
                        if table[before, state, w, n, u] + price == value:
                            found = state
        s = found
    if s >= rest:
        line[0] = (s - rest) % classes
    return float(best), line


@njit(cache=True, nogil=True, error_model="numpy")
def cheapest_line(
    price: Floats,
    class_of: Ints,
    limits: Ints,
    table: Floats,
    rules: Ints,
    units: Ints,
    steps: Ints,
    allowed: Flags,
    follows: Flags,
    low: Ints,
    high: Ints,
    ends: Flags,
    tries: int,
) -> tuple[float, bool, Ints]:
    """A bound, whether a legal line was found, and the cheapest legal line found: one shift a day, -1 for days off.

    The first program ignores limits that are not in its state; its cost is a valid lower bound. When its line breaks
    one, that shift becomes dearer until the line keeps it."""
    days, shifts = price.shape
    prices = price.copy()
    rise = np.zeros(shifts, np.float32)
    bound, best, is_found = float(INFINITE), float(INFINITE), False
    kept = np.full(days, -1, np.int64)
    for trial in range(tries):
        lowest, which = class_prices(prices, class_of, units.shape[0])
        fill_states(lowest, table, rules, units, steps, allowed, follows, low, high)
        value, classes = walk_back(lowest, table, rules, units, steps, allowed, follows, low, high, ends)
        if trial == 0:
            bound = value
        if value >= _FORBIDDEN:
            break
        used = np.zeros(shifts, np.int64)
        total = 0.0
        for day in range(days):
            if classes[day] >= 0:
                classes[day] = which[day, classes[day]]
                used[classes[day]] += 1
                total += price[day, classes[day]]
        is_legal = True
        for shift in range(shifts):
            if used[shift] > limits[shift]:
                is_legal = False
                rise[shift] = rise[shift] * 2 if rise[shift] > 0 else np.float32(0.5)
                prices[:, shift] = price[:, shift] + rise[shift]
        if is_legal:
            if total < best:
                best, is_found = total, True
                kept[:] = classes
            break
    return bound, is_found, kept
