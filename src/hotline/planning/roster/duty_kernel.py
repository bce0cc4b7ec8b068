"""Compiled parts of the large-team solver: worth of each interval, worth of each shift, one person's best line.

Demand and people on duty are kept as cuts: `cuts[t, X]` is the demand of the skills in X plus the people on duty who
know a skill outside X. The covered demand of an interval is the least cut (maximum flow = minimum cut)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

NOTHING = np.float32(-1e30)
_NEVER = np.float32(-1e29)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def interval_worth(
    cuts: NDArray[np.int32], total: NDArray[np.int32], mask: int, scarcity: float, worth: Floats
) -> None:
    """What one more person with the skills in `mask` covers per interval: 0, or 1 and more where much is missing."""
    slots, subsets = cuts.shape
    for t in range(slots):
        least, least_with = cuts[t, 0], np.int32(2_000_000_000)
        for x in range(subsets):
            value = cuts[t, x]
            if value < least:
                least = value
            if x & mask == mask and value < least_with:
                least_with = value
        useful = least_with - least
        if useful <= 0 or mask == 0:
            worth[t] = np.float32(0)
        else:
            worth[t] = np.float32(1.0 + scarcity * useful / max(1, total[t]))


@njit(cache=True, nogil=True, error_model="numpy")
def count(cuts: NDArray[np.int32], first: int, last: int, mask: int, by: int) -> None:
    """Count a person in (by 1) or out (by -1) of the intervals from `first` to before `last`."""
    slots, subsets = cuts.shape
    for t in range(max(0, first), min(slots, last)):
        for x in range(subsets):
            if x & mask != mask:
                cuts[t, x] += by


@njit(cache=True, nogil=True, error_model="numpy")
def shift_worth(
    sums: Floats,
    full: Ints,
    barred: NDArray[np.bool_],
    day_slots: int,
    pieces: Ints,
    breaks: Ints,
    group: Ints,
    extra: Floats,
    odd: Ints,
) -> tuple[Floats, Ints]:
    """`[day, option]` what a shift covers with its breaks placed best, and where each break begins.

    `sums[group, t]` are sums of the worth before t; `full[t]` counts intervals before t without a free seat,
    `odd[t]` those that a change of clocks makes longer or shorter: no break lies there;
    `pieces[option]` holds begin and end pairs, -1 beyond the last; `breaks[option]` length, earliest and latest."""
    days, options = barred.shape
    slots = sums.shape[1] - 1
    worth = np.full((days, options), NOTHING, np.float32)
    placed = np.full((days, options, breaks.shape[1]), -1, np.int64)
    for day in range(days):
        midnight = day * day_slots
        for o in range(options):
            if barred[day, o]:
                continue
            value = extra[day, o]
            is_full = False
            g = group[o]
            for p in range(pieces.shape[1]):
                if pieces[o, p, 0] >= 0:
                    a, b = min(slots, midnight + pieces[o, p, 0]), min(slots, midnight + pieces[o, p, 1])
                    value += sums[g, b] - sums[g, a]
                    is_full = is_full or full[b] > full[a]
            if is_full:
                continue
            free_from = 0
            for k in range(breaks.shape[1]):
                length = breaks[o, k, 0]
                if length <= 0:
                    continue
                least, where = np.float32(1e30), -1
                for begin in range(max(free_from, breaks[o, k, 1]), breaks[o, k, 2] + 1):
                    if odd[midnight + begin + length] > odd[midnight + begin]:
                        continue
                    a, b = min(slots, midnight + begin), min(slots, midnight + begin + length)
                    lost = sums[g, b] - sums[g, a]
                    if lost < least:
                        least, where = lost, begin
                value -= least
                placed[day, o, k] = where
                free_from = where + length
            worth[day, o] = max(value, NOTHING)
    return worth, placed


@njit(cache=True, nogil=True, error_model="numpy")
def best_line(
    worth: Floats,
    key_of: Ints,
    keys: Ints,
    following: NDArray[np.int32],
    table: Floats,
    low: Ints,
    high: Ints,
    today: int,
) -> tuple[float, Ints]:
    """The worth of the best legal line and its option per day, -1 for days off; NOTHING when no line is legal.

    Options with the same key (event, begin and next earliest begin, hours) compete by worth alone. Begins are places
    among the `today` begins of a day and those of the day after. `keys[key]` is event, begin, next earliest begin,
    hours. Hours worked before a day lie from `low[day]` to `high[day]`: less could not reach what is owed any more.
    `table[day, state, hours above low, begin]` is the best worth of everything before with a next shift allowed at
    `begin` or later."""
    days, options = worth.shape
    states, begins = following.shape[1], table.shape[3]
    number = keys.shape[0]
    top = np.full((days, number), NOTHING, np.float32)
    which = np.full((days, number), -1, np.int64)
    for day in range(days):
        for o in range(options):
            k = key_of[o]
            if worth[day, o] > top[day, k]:
                top[day, k] = worth[day, o]
                which[day, k] = o
    table[0] = NOTHING
    if low[0] <= 0:
        table[0, 0, -low[0], :] = np.float32(0)
    for day in range(days):
        table[day + 1] = NOTHING
        drop = low[day + 1] - low[day]
        width = high[day + 1] - low[day + 1]
        for s in range(states):
            for h in range(high[day] - low[day] + 1):
                if table[day, s, h, begins - 1] <= _NEVER:
                    continue
                off = following[day, s, 0]
                if off >= 0 and 0 <= h - drop <= width:
                    for b in range(begins - today):
                        value = table[day, s, h, today + b]
                        if value > table[day + 1, off, h - drop, b]:
                            table[day + 1, off, h - drop, b] = value
                for k in range(number):
                    gain = top[day, k]
                    after = following[day, s, keys[k, 0]]
                    h2 = h + keys[k, 3] - drop
                    if gain > _NEVER and after >= 0 and 0 <= h2 <= width:
                        value = table[day, s, h, keys[k, 1]] + gain
                        if value > table[day + 1, after, h2, keys[k, 2]]:
                            table[day + 1, after, h2, keys[k, 2]] = value
        for s in range(states):
            for h in range(width + 1):
                for b in range(1, begins):
                    if table[day + 1, s, h, b - 1] > table[day + 1, s, h, b]:
                        table[day + 1, s, h, b] = table[day + 1, s, h, b - 1]
    return _walk_back(top, which, keys, following, table, low, high, today)


@njit(cache=True, nogil=True, error_model="numpy")
def _walk_back(
    top: Floats,
    which: Ints,
    keys: Ints,
    following: NDArray[np.int32],
    table: Floats,
    low: Ints,
    high: Ints,
    today: int,
) -> tuple[float, Ints]:
    days, number = top.shape
    states, begins = following.shape[1], table.shape[3]
    line = np.full(days, -1, np.int64)
    best, s, h, b = NOTHING, -1, 0, begins - 1
    for state in range(states):
        for hour in range(high[days] - low[days] + 1):
            if table[days, state, hour, begins - 1] > best:
                best, s, h = table[days, state, hour, begins - 1], state, hour
    if s < 0 or best <= _NEVER:
        return float(NOTHING), line
    for day in range(days - 1, -1, -1):
        value = table[day + 1, s, h, b]
        width = high[day] - low[day]
        h += low[day + 1] - low[day]
        found = False
        for state in range(states):
            if found:
                break
            last = min(begins - 1, today + b)
            if following[day, state, 0] == s and 0 <= h <= width and table[day, state, h, last] == value:
                s, b, found = state, last, True
                break
            for k in range(number):
                h2 = h - keys[k, 3]
                if following[day, state, keys[k, 0]] != s or keys[k, 2] > b or not 0 <= h2 <= width:
                    continue
                if top[day, k] > _NEVER and table[day, state, h2, keys[k, 1]] + top[day, k] == value:
                    line[day] = which[day, k]
                    s, h, b, found = state, h2, keys[k, 1], True
                    break
    return float(best), line
