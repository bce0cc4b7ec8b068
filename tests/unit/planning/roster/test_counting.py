"""What is impossible is said with numbers that can be counted by hand, and never said of what is possible."""

from datetime import date
from typing import Any

import msgspec
import pytest

from hotline.planning.roster.counting import impossible
from hotline.planning.roster.problem import Problem
from hotline.planning.roster.staffing_plan import Plan


def _problem(people: int, wanted: int, **rules: Any) -> dict[str, Any]:
    """Two whole weeks from a Monday, open from 8 to 16 o'clock, one kind of eight hours without a break."""
    return {
        "start": "2026-12-07",
        "days": 14,
        "zone": "Asia/Shanghai",
        "interval_min": 60,
        "skills": ["calls"],
        "shifts": [{"id": "day", "pieces": [[0, 480]], "starts": ["08:00"]}],
        "rules": [{"id": "r", "hours": [0, 200], "most_days_week": 5, **rules}],
        "people": [{"id": f"p{n}", "skills": ["calls"], "rules": "r"} for n in range(people)],
        "demand": [{"skill": "calls", "wanted": [0] * 8 + [wanted] * 8 + [0] * 8}],
        "holidays": ["2026-12-09", "2026-12-10"],
    }


def _told(given: dict[str, Any]) -> tuple[float, list[tuple[str, str, float, float]]]:
    found = impossible(Plan(msgspec.convert(given, Problem)))
    rows = found["impossible"]
    return found["coverage_at_most"], [(r["when"], r["skill"], r["wanted_hours"], r["available_hours"]) for r in rows]


def test_what_is_possible_is_not_called_impossible() -> None:
    assert _told(_problem(7, 5)) == (1.0, [])


@pytest.mark.parametrize(
    ("rules", "when", "wanted", "available"),
    [
        # 5 people on 14 days of 8 hours against 6 people who work 5 days a week, or fewer hours or days.
        ({}, "In all 14 days", 560, 480),
        ({"hours": [0, 60]}, "In all 14 days", 560, 360),
        ({"most_week_hours": 24}, "In all 14 days", 560, 288),
        ({"most_days_week": 7, "most_days_running": 3}, "In all 14 days", 560, 576),
        ({"most_days_week": 7, "most_holidays": 1}, "On the 2 holidays", 80, 48),
    ],
)
def test_hours_wanted_stand_beside_hours_that_the_rules_allow(
    rules: dict[str, Any], when: str, wanted: float, available: float
) -> None:
    at_most, rows = _told(_problem(6, 5, **rules))
    expected = [(when, "all skills", wanted, available)] if wanted > available else []
    assert rows == expected
    if when.startswith("In all"):
        assert at_most == pytest.approx(min(1, available / wanted), abs=1e-6)
    else:
        assert at_most == pytest.approx(1 - (wanted - available) / 560, abs=1e-6)


def test_a_week_of_leave_is_named_with_the_people_it_would_take() -> None:
    given = _problem(7, 5)
    for person in given["people"][:4]:
        person["unavailable"] = [{"start": "2026-12-14T00:00", "end": "2026-12-21T00:00"}]
    at_most, rows = _told(given)
    assert rows == [("In the 7 days from 2026-12-14", "all skills", 280, 120)]
    assert at_most == pytest.approx(1 - 160 / 560, abs=1e-6)
    why = impossible(Plan(msgspec.convert(given, Problem)))["impossible"][0]["why"]
    assert why == (
        "In the 7 days from 2026-12-14 280.0 person-hours are wanted (all skills), but the rules let 7 people cover "
        "at most 120.0: at least 160.0 are missing. Find about 10 people more, ask for less or loosen a rule."
    )


def test_nights_that_nobody_may_work_are_counted() -> None:
    given = _problem(7, 0, most_nights=1)
    given["shifts"].append({"id": "night", "pieces": [[0, 480]], "starts": ["22:00"]})
    given["demand"] = [{"skill": "calls", "wanted": [1] * 6 + [0] * 16 + [1] * 2}]
    assert ("In the night hours of all days", "all skills", 112, 56) in _told(given)[1]


def test_a_skill_that_nobody_has_and_one_that_one_person_has() -> None:
    given = _problem(7, 3) | {"skills": ["calls", "english", "french"]}
    given["people"][0]["skills"] = ["calls", "english"]
    day = [0] * 8 + [1] * 8 + [0] * 8
    given["demand"] += [{"skill": "english", "wanted": day}, {"skill": "french", "wanted": day}]
    at_most, rows = _told(given)
    assert rows == [
        ("In all 14 days", "english", 112, 80),
        ("In all 14 days", "french", 112, 0),
    ]
    assert at_most == pytest.approx(1 - 112 / (5 * 112), abs=1e-6)


def test_a_part_of_a_week_at_the_ends_of_the_horizon_counts_too() -> None:
    given = _problem(4, 5, hours=[0, 40]) | {"start": "2026-12-12", "days": 4}
    found = _told(given)[1]
    assert date(2026, 12, 12).weekday() == 5
    assert [row[0] for row in found] == ["In all 4 days"]
    given["people"] += [{"id": "x", "skills": ["calls"], "rules": "r"}]
    given["people"][0]["unavailable"] = [{"start": "2026-12-12T00:00", "end": "2026-12-13T00:00"}]
    assert _told(given)[1] == [("In the 2 days from 2026-12-12", "all skills", 80, 72)]
