"""Exchanges without a database: whatever is accepted leaves everybody's work lawful."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domains.workforce import swaps
from hotline.domains.workforce.coverage_effect import Duty, covered, effect
from hotline.domains.workforce.judging import Horizon, Limits, Person, Work, judge
from hotline.domains.workforce.rules import LessonTime, Promise

MONDAY = date(2026, 3, 2)
DAYS = 14
HORIZON = Horizon(
    first=MONDAY,
    last=MONDAY + timedelta(days=DAYS - 1),
    zone=ZoneInfo("Europe/Berlin"),
    holidays=frozenset({MONDAY + timedelta(days=4)}),
)
TERM: dict[str, Any] = {"valid_from": MONDAY, "valid_to": HORIZON.last}
LESSON = LessonTime(weekday=2, starts=time(18), ends=time(20), **TERM)
PROMISES = (
    (),
    (Promise(rotation="hope", closed_hours=(("18:00", "08:00"),), **TERM),),
    (Promise(rotation="family", latest_end=time(17), allows_split=False, **TERM),),
    (Promise(rotation="happy", rest_block_days=2, **TERM),),
    (Promise(rotation="learning", lessons=(LESSON,), travel_minutes=45, **TERM),),
)
KINDS = {
    "early": ((480, 960),),
    "late": ((840, 1320),),
    "night": ((1320, 1800),),
    "split": ((480, 720), (960, 1200)),
}
LIMITS = Limits(
    most_days_running=4,
    most_days_week=5,
    most_week_min=2400,
    hours_min=(0, 8 * 480),
    most_nights_running=2,
    most_nights=4,
    most_weekends=1,
    most_holidays=1,
)


def work(day: int, kind: str) -> Work:
    return Work(day=MONDAY + timedelta(days=day), pieces=KINDS[kind], paid_min=480, shift_kind_id=kind)


def person(number: int, **values: Any) -> Person:
    whole = {"limits": LIMITS, "promises": PROMISES[number % len(PROMISES)], **values}
    return Person(agent_id=str(number), **whole)


def lawful_start(wanted: list[tuple[int, int, str]], people: dict[str, Person]) -> dict[str, list[Work]]:
    """As many of the wanted works as are lawful, one of a person on a day."""
    works: dict[str, list[Work]] = {agent_id: [] for agent_id in people}
    for agent, day, kind in wanted:
        own = works[str(agent)]
        tried = [*own, work(day, kind)]
        if all(one.day != tried[-1].day for one in own) and not judge(people[str(agent)], tried, HORIZON):
            works[str(agent)] = tried
    return works


SHIFTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, DAYS - 1), st.sampled_from(sorted(KINDS))), min_size=10, max_size=60
)
CHOICES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans()), max_size=40)


@settings(max_examples=150)
@given(SHIFTS, CHOICES)
def test_any_chain_of_accepted_exchanges_leaves_every_roster_lawful(
    wanted: list[tuple[int, int, str]], choices: list[tuple[int, int, bool]]
) -> None:
    people = {str(n): person(n) for n in range(5)}
    works = lawful_start(wanted, people)
    total = sorted(one.pieces for own in works.values() for one in own)
    for one, other, is_swap in choices:
        held = [(agent, own) for agent, all_own in sorted(works.items()) for own in all_own]
        if not held:
            break
        giver, given_work = held[one % len(held)]
        taker, taken_work = held[other % len(held)]
        if giver == taker:
            continue
        given_away = swaps.Move(work=given_work, giver=giver, taker=taker)
        moves = swaps.swap(given_away, swaps.Move(work=taken_work, giver=taker)) if is_swap else (given_away,)
        team = swaps.Team(people=people, works=works, horizon=HORIZON)
        if not swaps.objections(moves, [team]):
            works = {**works, **swaps.works_after(works, moves)}
    for agent_id, own in works.items():
        assert judge(people[agent_id], own, HORIZON) == []
        assert len({one.day for one in own}) == len(own)
    assert sorted(one.pieces for own in works.values() for one in own) == total


def objections(moves: list[swaps.Move], works: dict[str, list[Work]], *people: Person) -> list[tuple[str, str]]:
    team = swaps.Team(people={one.agent_id: one for one in people}, works=works, horizon=HORIZON)
    return [(found.agent_id, found.breach.rule) for found in swaps.objections(moves, [team])]


ONE, OTHER = replace(person(0), agent_id="one"), replace(person(0), agent_id="other")


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ({"taker": "one"}, []),
        ({"taker": "stranger"}, [("stranger", "inactive")]),
        ({"taker": "one", "skill_id": "german"}, [("one", "skill")]),
        ({"taker": "other"}, [("other", "second_shift")]),
    ],
)
def test_who_may_take_a_shift(move: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    wanted = swaps.Move(work=work(0, "early"), **move)
    found = objections([wanted], {"other": [work(0, "early")]}, ONE, OTHER)
    assert [one for one in found if one[1] != "overlap"] == expected


def test_roster_that_passed_a_limit_before_may_still_be_exchanged_but_not_made_worse() -> None:
    few = replace(ONE, limits=replace(LIMITS, hours_min=(5 * 480, 8 * 480)))
    works = {"one": [work(0, "early"), work(4, "early")], "other": [work(2, "early")]}
    swap = swaps.swap(swaps.Move(work=works["one"][0], giver="one"), swaps.Move(work=works["other"][0], giver="other"))
    assert objections(list(swap), works, few, OTHER) == []
    given_away = swaps.Move(work=works["one"][0], giver="one", taker="other")
    assert objections([given_away], works, few, OTHER) == [("one", "hours")]


def test_overtime_passes_the_hours_and_nothing_else() -> None:
    full = replace(ONE, limits=replace(LIMITS, hours_min=(0, 480)))
    works = {"one": [work(0, "early")]}
    assert objections([swaps.Move(work=work(2, "early"), taker="one")], works, full) == [("one", "hours")]
    overtime = replace(work(2, "early"), overtime_min=480)
    assert objections([swaps.Move(work=overtime, taker="one")], works, full) == []
    late = swaps.Move(work=replace(work(-1, "night"), overtime_min=480), taker="one")
    assert ("one", "overlap") in objections([late], {"one": [replace(work(0, "early"), pieces=((300, 780),))]}, full)


# --- cover ------------------------------------------------------------------------------------------------------------

BILL, REPAIR = frozenset({"bill"}), frozenset({"repair"})


@pytest.mark.parametrize(
    ("wanted", "here", "expected"),
    [
        ({}, [BILL], 0),
        ({"bill": 2}, [], 0),
        ({"bill": 2}, [BILL, REPAIR], 1),
        ({"bill": 1, "repair": 1}, [BILL | REPAIR], 1),
        ({"bill": 1, "repair": 1}, [BILL | REPAIR, BILL], 2),
        ({"bill": 1, "repair": 2}, [BILL | REPAIR, BILL, BILL], 2),
        ({str(n): 1 for n in range(12)}, [frozenset({"0"}), frozenset({"x"})], 1),
    ],
)
def test_covered_is_the_largest_flow_of_people_to_demand(
    wanted: dict[str, int], here: list[frozenset[str]], expected: int
) -> None:
    assert covered(wanted, here) == expected


def _duty(begin: int, end: int, *breaks: tuple[int, int]) -> Duty:
    return Duty(pieces=((begin, end),), breaks=breaks, skill_ids=BILL)


def test_effect_names_the_intervals_in_which_cover_changes() -> None:
    """Two people wanted all day; one of two leaves, whose break from 9:00 to 9:30 left one on duty anyway."""
    stays, leaves = _duty(480, 600), _duty(480, 600, (540, 570))
    found = effect({"bill": [2] * 48}, 30, [stays, leaves], [stays])
    assert [(one.interval, one.wanted, one.before, one.after) for one in found] == [
        (16, 2, 2, 1),
        (17, 2, 2, 1),
        (19, 2, 2, 1),
    ]
    assert effect({"bill": [1] * 48}, 30, [stays, leaves], [stays]) == []
