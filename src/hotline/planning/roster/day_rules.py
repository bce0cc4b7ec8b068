"""Labour rules as an automaton over days: which shift, or day off, may follow what was worked so far.

Only what the rules speak of becomes part of a state, so that common rules need few states. Counts over the whole
horizon (nights, weekends, holidays) would multiply the states and seldom bind: `counted` keeps them instead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.problem import Problem, Rotation, RuleSet

OFF = -1


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
    """`following[day, state, event]` is the next state or -1; event 0 is a day off. State 0 is the beginning."""

    events: list[Event]
    following: NDArray[np.int32]


def automaton(problem: Problem, rules: RuleSet, rotation: Rotation | None, events: list[Event]) -> Automaton:
    """The rules' automaton for the problem's days."""
    number: dict[Past, int] = {Past(): 0}
    layers: list[list[tuple[int, int, int]]] = []
    here = {Past()}
    for day in range(problem.days):
        there: set[Past] = set()
        arcs = []
        for past in sorted(here):
            for place, event in enumerate([None, *events]):
                after = _after(problem, rules, rotation, day, past, event)
                if after is not None:
                    there.add(after)
                    arcs.append((number[past], place, number.setdefault(after, len(number))))
        layers.append(arcs)
        here = there
    following = np.full((problem.days, len(number), len(events) + 1), -1, np.int32)
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
