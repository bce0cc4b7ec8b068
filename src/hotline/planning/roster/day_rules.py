"""Labour rules as an automaton over days: which shift, or day off, may follow what was worked so far.

Only what the rules speak of becomes part of a state, so that common rules need few states. Counts over the whole
horizon (nights, weekends, holidays) would multiply the states and seldom bind: `counted` keeps them instead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.problem import Problem, Rotation, RuleSet

_NEVER = -(10**9)


class Past(NamedTuple):
    """What the rules remember. `block` counts days off together in this week, and stays at the wanted number."""

    running: int = 0
    nights_running: int = 0
    week_days: int = 0
    week_min: int = 0
    block: int = 0


class Event(NamedTuple):
    """What a day brings: paid minutes, and whether it is a night; a day off has no minutes and is not work."""

    paid_min: int
    is_night: bool


@dataclass(frozen=True, slots=True)
class Automaton:
    """`following[day, state, event]` is the state on the next day or -1; event 0 is a day off. It begins with state 0.

    Each day numbers its own states, so that a long horizon needs no more of them than its fullest day."""

    events: list[Event]
    following: NDArray[np.int32]

    def most_worked(self, units: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The most that anybody can have worked before each day, and can still work from it on.

        `units[event]` are an event's hours. Both have one entry more than there are days."""
        days, states, events = self.following.shape
        before = np.full((days + 1, states), _NEVER, np.int64)
        left = np.full((days + 1, states), _NEVER, np.int64)
        before[0, 0], left[days] = 0, 0
        for day in range(days):
            for event in range(events):
                here = np.flatnonzero(self.following[day, :, event] >= 0)
                np.maximum.at(before[day + 1], self.following[day, here, event], before[day, here] + units[event])
        for day in range(days - 1, -1, -1):
            after = self.following[day]
            left[day] = np.where(after >= 0, left[day + 1][after] + units, _NEVER).max(axis=1)
        return before.max(axis=1), np.where(before >= 0, left, _NEVER).max(axis=1)


def automaton(problem: Problem, rules: RuleSet, rotation: Rotation | None, events: list[Event]) -> Automaton:
    """The rules' automaton for the problem's days."""
    layers: list[list[tuple[int, int, int]]] = []
    here, most = {Past(): 0}, 1
    for day in range(problem.days):
        there: dict[Past, int] = {}
        arcs = []
        for past, state in here.items():
            for place, event in enumerate([None, *events]):
                after = _after(problem, rules, rotation, day, past, event)
                if after is not None:
                    arcs.append((state, place, there.setdefault(after, len(there))))
        layers.append(arcs)
        here, most = there, max(most, len(there))
    following = np.full((problem.days, most, len(events) + 1), -1, np.int32)
    for day, arcs in enumerate(layers):
        for state, place, after_state in arcs:
            following[day, state, place] = after_state
    return Automaton(events, following)


def _after(
    problem: Problem, rules: RuleSet, rotation: Rotation | None, day: int, past: Past, event: Event | None
) -> Past | None:
    """What is remembered after this day, or None where a rule forbids it."""
    weekday = (problem.start + timedelta(days=day)).weekday()
    wanted_block = rotation.rest_block_days if rotation else 0
    if weekday == 0 or day == 0:
        past = past._replace(week_days=0, week_min=0, block=0)
    new = _after_off(past, wanted_block) if event is None else _after_work(rules, past, event, wanted_block)
    if new is None:
        return None
    is_whole_week = weekday == 6 and day >= 6
    if is_whole_week and new.block < wanted_block:
        return None
    return new


def _after_off(past: Past, wanted_block: int) -> Past:
    return past._replace(running=0, nights_running=0, block=min(wanted_block, past.block + 1))


def _after_work(rules: RuleSet, past: Past, event: Event, wanted_block: int) -> Past | None:
    new = Past(
        running=past.running + 1,
        nights_running=past.nights_running + 1 if event.is_night and rules.most_nights_running is not None else 0,
        week_days=past.week_days + 1,
        week_min=past.week_min + (event.paid_min if rules.most_week_hours is not None else 0),
        block=wanted_block if past.block >= wanted_block else 0,
    )
    return new if _is_kept(rules, new) else None


def _is_kept(rules: RuleSet, past: Past) -> bool:
    limits = (
        (past.running, rules.most_days_running),
        (past.week_days, rules.most_days_week),
        (past.week_min / 60, rules.most_week_hours),
        (past.nights_running, rules.most_nights_running),
    )
    return all(most is None or value <= most for value, most in limits)
