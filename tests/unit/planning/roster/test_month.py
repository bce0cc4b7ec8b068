"""Our own roster problems: no hard rule broken, by an independent checker; rotations obeyed; gaps with a reason."""

import copy
import itertools
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.planning.roster import month
from hotline.planning.roster.answer import document
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.errors import NoLegalLineError, RosterProblemError
from hotline.planning.roster.month_check import check
from hotline.planning.roster.problem import Problem
from hotline.planning.roster.spreading import spread
from hotline.planning.roster.staffing_plan import Plan

_DAY = [0] * 16 + [1] * 20 + [0] * 12


def _problem(**changes: Any) -> dict[str, Any]:
    """Two weeks, four people, one skill, wanted by day; 8-hour shifts with a meal, started at 8 or at 10."""
    given = {
        "start": "2026-12-07",
        "days": 14,
        "zone": "Asia/Shanghai",
        "skills": ["calls"],
        "shifts": [
            {
                "id": "day",
                "pieces": [[0, 480]],
                "starts": ["08:00", "10:00"],
                "breaks": [{"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": True}],
            }
        ],
        "rules": [{"id": "r", "most_days_week": 5, "hours": [64, 80]}],
        "people": [{"id": f"p{n}", "skills": ["calls"], "rules": "r"} for n in range(4)],
        "demand": [{"skill": "calls", "wanted": _DAY}],
    }
    return given | changes


def _solve(given: dict[str, Any], seconds: float = 1.0) -> dict[str, Any]:
    plan = Plan(msgspec.convert(given, Problem))
    return document(plan, month.solve(plan, Budget(seconds, start_s=cpu_seconds()), lambda ratio: None), 0.0)


def _changed(person: int, **changes: Any) -> dict[str, Any]:
    given = _problem()
    given["people"][person] |= changes
    return given


def test_a_plain_roster_keeps_all_rules_and_the_checker_counts_the_same_coverage() -> None:
    given = _problem()
    found = _solve(given)
    report = check(given, found)
    assert report.breaches == ()
    assert report.coverage_ratio == pytest.approx(found["coverage_ratio"], abs=1e-6)
    assert found["coverage_ratio"] > 0.95
    assert report.wishes_broken == found["wishes_broken"] == 0


@pytest.mark.parametrize(
    ("rotation", "personal", "is_kept"),
    [
        ({"id": "x", "rest_block_days": 2, "hours_ratio": 0.2}, {}, lambda a: True),
        ({"id": "x", "has_home_time": True}, {"latest_end": "17:00"}, lambda a: a["end"][11:] <= "17:00"),
        ({"id": "x", "has_home_time": True}, {"earliest_start": "09:00"}, lambda a: a["start"][11:] >= "09:00"),
        ({"id": "x", "forbidden": [["17:00", "08:00"]]}, {}, lambda a: a["end"][11:] <= "17:00"),
        (
            {"id": "x", "has_timetable": True},
            {"lessons": [{"start": "2026-12-08T16:15", "end": "2026-12-08T17:00"}], "travel_min": 30},
            lambda a: a["start"] != "2026-12-08T08:00",
        ),
    ],
)
def test_rotations_are_obeyed_and_a_breach_is_seen(rotation: Any, personal: Any, is_kept: Any) -> None:
    given = _changed(0, rotation="x", **personal) | {"rotations": [rotation]}
    found = _solve(given)
    assert check(given, found).breaches == ()
    own = [a for a in found["assignments"] if a["person"] == "p0"]
    assert own
    assert all(is_kept(a) for a in own)


def _assignments(*days: str, start: str = "08:00", end: str = "16:00", meal: str = "12:00") -> list[dict[str, Any]]:
    return [
        {
            "person": "p0",
            "start": f"{day}T{start}",
            "end": f"{day}T{end}",
            "shift": "day",
            "breaks": [{"start": f"{day}T{meal}", "end": f"{day}T{meal[:3]}30"}],
        }
        for day in days
    ]


@pytest.mark.parametrize(
    ("personal", "given", "part"),
    [
        ({}, _assignments("2026-12-07", end="15:00"), "neither starts nor ends"),
        ({}, _assignments("2026-12-07", start="09:00", end="17:00"), "neither starts nor ends"),
        ({}, _assignments("2026-12-07", meal="09:00"), "too early"),
        ({}, _assignments(*(f"2026-12-{d:02d}" for d in range(7, 14))), "days running"),
        ({}, _assignments(*(f"2026-12-{d:02d}" for d in range(7, 13))), "6 days in week"),
        ({}, _assignments("2026-12-07"), "hours, wanted"),
        ({}, _assignments("2026-12-07", "2026-12-07"), "minutes of rest"),
        ({"latest_end": "15:30"}, _assignments("2026-12-07"), "ends after"),
        (
            {"unavailable": [{"start": "2026-12-07T15:00", "end": "2026-12-07T15:30"}]},
            _assignments("2026-12-07"),
            "unavail",
        ),
        ({"shifts": []}, _assignments("2026-12-07"), "not hers"),
        ({"rotation": "x"}, _assignments("2026-12-07"), "against the rotation"),
        ({"rotation": "y"}, _assignments("2026-12-07", "2026-12-09", "2026-12-11", "2026-12-13"), "whole days off"),
    ],
)
def test_the_checker_names_each_broken_rule(personal: Any, given: Any, part: str) -> None:
    rotations = [{"id": "x", "forbidden": [["15:00", "16:00"]]}, {"id": "y", "rest_block_days": 2}]
    report = check(_changed(0, **personal) | {"rotations": rotations}, {"assignments": given})
    assert any(part in breach for breach in report.breaches if breach.startswith("p0")), report.breaches


def test_a_gap_is_named_with_its_reason() -> None:
    given = _problem(skills=["calls", "english"])
    given["demand"].append({"skill": "english", "wanted": _DAY})
    gaps = [gap for gap in _solve(given)["unfilled"] if gap["skill"] == "english"]
    assert len(gaps) == 14 * 20
    assert all(gap["missing"] == 1 and "Nobody has the skill english" in gap["why"] for gap in gaps)


def test_a_gap_says_where_those_are_who_could_serve() -> None:
    given = _problem(demand=[{"skill": "calls", "wanted": [3 * n for n in _DAY]}])
    for person in given["people"]:
        person["unavailable"] = [{"start": "2026-12-07T00:00", "end": "2026-12-08T00:00"}]
    gap = _solve(given)["unfilled"][0]
    assert gap["start"] == "2026-12-07T08:00"
    assert "4 may not work then" in gap["why"]


def test_lent_skills_cover_what_they_are_lent_to() -> None:
    given = _problem(skills=["calls", "mall"], borrowing=[{"lender": "calls", "borrower": "mall"}])
    given["demand"] = [{"skill": "mall", "wanted": _DAY}]
    assert _solve(given)["coverage_ratio"] > 0.95


def test_there_are_never_more_people_than_seats() -> None:
    given = _problem(seats=1, rules=[{"id": "r", "most_days_week": 5, "hours": [0, 80]}])
    given["demand"] = [{"skill": "calls", "wanted": [2 * n for n in _DAY]}]
    found = _solve(given)
    assert check(given, found).breaches == ()
    assert 0 < found["coverage_ratio"] <= 0.5


def test_a_wished_day_off_is_given_when_others_can_work() -> None:
    given = _changed(0, wishes=[{"day": "2026-12-09"}])
    found = _solve(given)
    assert found["wishes_broken"] == 0
    assert not [a for a in found["assignments"] if a["person"] == "p0" and a["start"].startswith("2026-12-09")]


def test_a_published_roster_changes_for_the_absent_person_only() -> None:
    given = _problem()
    published = [
        {key: a[key] for key in ("person", "start", "end", "shift", "skill")} for a in _solve(given)["assignments"]
    ]
    away = copy.deepcopy(given) | {"previous": published}
    day = next(a["start"][:10] for a in published if a["person"] == "p0")
    away["people"][0]["unavailable"] = [{"start": f"{day}T00:00", "end": f"{day}T23:59"}]
    found = _solve(away)
    assert check(away, found).breaches == ()

    def lines(rows: list[dict[str, Any]], name: str) -> list[tuple[str, str]]:
        return [(a["start"], a["end"]) for a in rows if a["person"] == name]

    changed = [f"p{n}" for n in range(4) if lines(published, f"p{n}") != lines(found["assignments"], f"p{n}")]
    assert "p0" in changed
    assert len(changed) <= 2


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"demand": [{"skill": "mall", "wanted": _DAY}]}, "demand[0].skill"),
        ({"demand": [{"skill": "calls", "wanted": [1, 2]}]}, "demand[0].wanted"),
        ({"people": [{"id": "a", "skills": ["x"], "rules": "r"}]}, "people[0].skills"),
        ({"people": [{"id": "a", "skills": [], "rules": "q"}]}, "people[0].rules"),
        ({"people": [{"id": "a", "skills": [], "rules": "r", "hours": [9600, 9600]}]}, "people[0].hours"),
        ({"people": [{"id": "a", "skills": [], "rules": "r"}] * 2}, "people"),
        ({"shifts": [{"id": "d", "pieces": [[0, 45]], "starts": ["08:00"]}]}, "shifts[0]"),
        ({"shifts": [{"id": "d", "pieces": [[0, 60]], "starts": ["08:10"]}]}, "shifts[0].starts"),
        (
            {
                "people": [
                    {
                        "id": "a",
                        "skills": [],
                        "rules": "r",
                        "unavailable": [{"start": "2026-12-07T08:00+08:00", "end": "2026-12-07T09:00"}],
                    }
                ]
            },
            "people[0].unavailable[0]",
        ),
    ],
)
def test_impossible_input_is_refused_with_its_place(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(RosterProblemError) as refused:
        _solve(_problem(**changes))
    assert refused.value.data["where"] == where


def test_rules_that_contradict_each_other_name_the_person() -> None:
    with pytest.raises(NoLegalLineError, match="p1"):
        _solve(_changed(1, hours=[100, 110]))


def test_who_has_no_legal_line_is_left_out_and_named_where_that_is_allowed() -> None:
    given = _changed(1, hours=[100, 110])
    plan = Plan(msgspec.convert(given, Problem))
    found = document(
        plan, month.solve(plan, Budget(1.0, start_s=cpu_seconds()), lambda ratio: None, leaves_out=True), 0.0
    )
    assert [one["person"] for one in found["left_out"]] == ["p1"]
    assert {one["person"] for one in found["assignments"]} == {"p0", "p2", "p3"}


@pytest.mark.parametrize("limit", [{"most_nights": 2}, {"most_weekends": 1}, {"most_holidays": 1}])
def test_nights_weekends_and_holidays_are_kept_within_their_limits(limit: dict[str, int]) -> None:
    night = {"id": "night", "pieces": [[0, 480]], "starts": ["22:00"]}
    given = _problem(demand=[{"skill": "calls", "wanted": [3] * 48}], holidays=["2026-12-09", "2026-12-16"])
    given["shifts"] = [*given["shifts"], night]
    given["rules"][0] |= limit | {"hours": [40, 80]}
    assert check(given, _solve(given)).breaches == ()


@settings(max_examples=30)
@given(
    st.dictionaries(st.integers(1, 7), st.integers(1, 4), max_size=5),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
)
def test_people_spread_over_skills_cover_as_much_as_the_least_cut(groups: dict[int, int], wanted: list[int]) -> None:
    flow = spread(Counter(groups), wanted)
    cuts = [
        sum(wanted[s] for s in range(3) if x >> s & 1) + sum(n for mask, n in groups.items() if mask & ~x)
        for x in range(8)
    ]
    assert sum(flow.values()) == min(cuts)
    for mask, number in groups.items():
        assert sum(flow.get((mask, skill), 0) for skill in range(3)) <= number
    for skill in range(3):
        assert sum(people for (_, s), people in flow.items() if s == skill) <= wanted[skill]
    assert all(people >= 0 and mask >> skill & 1 for (mask, skill), people in flow.items() if people)


@settings(max_examples=8)
@given(st.data())
def test_one_persons_line_is_the_best_of_all_and_legal(data: st.DataObject) -> None:
    given = _problem(days=5, rules=[{"id": "r", "most_days_running": data.draw(st.integers(1, 4)), "hours": [8, 32]}])
    given["people"] = given["people"][:1]
    given["shifts"][0]["breaks"] = []
    slots = data.draw(st.lists(st.sampled_from([0, 1]), min_size=5, max_size=5))
    given["demand"] = [{"skill": "calls", "wanted": [n * keep for keep in slots for n in _DAY]}]
    found = _solve(given)
    assert check(given, found).breaches == ()
    best = 0.0
    for line in itertools.product((None, "08:00", "10:00"), repeat=5):
        rows = [
            {
                "person": "p0",
                "shift": "day",
                "start": f"2026-12-{7 + d:02d}T{s}",
                "end": f"2026-12-{7 + d:02d}T{int(s[:2]) + 8}:00",
            }
            for d, s in enumerate(line)
            if s
        ]
        report = check(given, {"assignments": rows})
        if not report.breaches:
            best = max(best, report.coverage_ratio)
    assert found["coverage_ratio"] == pytest.approx(best, abs=1e-6)


def test_who_knows_two_skills_is_counted_once() -> None:
    demand = [{"skill": skill, "wanted": _DAY} for skill in ("calls", "chats")]
    people = [{"id": "both", "skills": ["calls", "chats"], "rules": "r"}]
    given = _problem(skills=["calls", "chats"], people=people, demand=demand)
    found = _solve(given)
    worked = sum(15 for _ in found["assignments"])  # half-hours of eight without half an hour's break
    assert found["coverage_ratio"] == pytest.approx(worked / (14 * 40))
    assert check(given, found).coverage_ratio == pytest.approx(found["coverage_ratio"])
