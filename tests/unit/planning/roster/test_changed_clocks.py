"""Rosters over a change of clocks in Berlin: 29 March 2026 leaps from 02:00 to 03:00, 25 October shows 02:00 twice."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from hotline.planning.roster.month_check import check
from hotline.planning.roster.wall_clock import WallClock

from .test_random_months import solved

_SPRING, _AUTUMN = "2026-03-28", "2026-10-24"
_LATE = {"id": "late", "pieces": [[0, 480]], "starts": ["14:00"]}
_NIGHT = {"id": "night", "pieces": [[0, 480]], "starts": ["22:00"]}


def _weekend(start: str, shifts: list[dict[str, Any]], wanted: list[int], **rules: Any) -> dict[str, Any]:
    """One person from a Saturday on, two days."""
    return {
        "start": start,
        "days": 2,
        "zone": "Europe/Berlin",
        "interval_min": 60,
        "skills": ["calls"],
        "shifts": shifts,
        "rules": [{"id": "r", "hours": [0, 48], **rules}],
        "people": [{"id": "p0", "skills": ["calls"], "rules": "r"}],
        "demand": [{"skill": "calls", "wanted": wanted}],
    }


def _starts(answer: dict[str, Any]) -> list[str]:
    return [assignment["start"][5:] for assignment in answer["assignments"]]


def test_an_interval_that_the_clocks_leap_over_has_no_length_and_one_behind_a_repeat_is_longer() -> None:
    spring = WallClock("Europe/Berlin", date(2026, 3, 28), 2, 30)
    assert [slot for slot in range(96) if spring.lengths[slot] != 30] == [52, 53]
    assert spring.lengths[52] == spring.lengths[53] == 0
    autumn = WallClock("Europe/Berlin", date(2026, 10, 24), 2, 30)
    assert {slot: int(n) for slot, n in enumerate(autumn.lengths) if n != 30} == {53: 90}
    assert (spring.elapsed_min(0, 96), autumn.elapsed_min(0, 96)) == (47 * 60, 49 * 60)


def test_a_zone_without_a_change_is_plain() -> None:
    clock = WallClock("Asia/Shanghai", date(2026, 3, 28), 30, 15)
    assert np.array_equal(clock.real_min, np.arange(30 * 96 + 1) * 15)


@pytest.mark.parametrize(("start", "earliest"), [(_SPRING, "10:00"), (_AUTUMN, "08:00"), ("2026-04-11", "09:00")])
def test_rest_over_the_night_of_the_change_is_real_time(start: str, earliest: str) -> None:
    """Eleven real hours after 22:00 end at 10:00 in spring and at 08:00 in autumn."""
    sunday = str(date.fromisoformat(start) + timedelta(days=1))
    early = {"id": "early", "pieces": [[0, 300]], "starts": ["08:00", "09:00", "10:00"]}
    given = _weekend(start, [early, _LATE], [0] * 8 + [1] * 14 + [0] * 2, rest_min=660)
    given["people"][0]["unavailable"] = [{"start": f"{sunday}T15:00", "end": f"{sunday}T23:00"}]
    answer = solved(given)
    assert check(given, answer).breaches == ()
    assert _starts(answer) == [f"{start[5:]}T14:00", f"{sunday[5:]}T{earliest}"]


def test_the_checker_sees_a_rest_that_only_the_wall_clock_keeps() -> None:
    early = {"id": "early", "pieces": [[0, 300]], "starts": ["09:00"]}
    given = _weekend(_SPRING, [early, _LATE], [0] * 24, rest_min=660)
    rows = [
        {"person": "p0", "shift": "late", "start": "2026-03-28T14:00", "end": "2026-03-28T22:00"},
        {"person": "p0", "shift": "early", "start": "2026-03-29T09:00", "end": "2026-03-29T14:00"},
    ]
    assert [b for b in check(given, {"assignments": rows}).breaches if "only 600 minutes of rest" in b]
    assert check(given | {"zone": "Asia/Shanghai"}, {"assignments": rows}).breaches == ()


@pytest.mark.parametrize(("start", "hours"), [(_SPRING, 7), (_AUTUMN, 9), ("2026-04-11", 8)])
def test_a_night_shift_is_paid_by_real_hours(start: str, hours: int) -> None:
    given = _weekend(start, [_NIGHT], [1] * 24, most_days_running=1, hours=[hours, hours])
    given["people"][0]["unavailable"] = [{"start": f"{start[:8]}{int(start[8:]) + 1}T12:00", "end": "2026-12-31T00:00"}]
    answer = solved(given)
    assert check(given, answer).breaches == ()
    assert _starts(answer) == [f"{start[5:]}T22:00"]


def test_what_is_wanted_at_a_time_that_does_not_exist_is_not_missing() -> None:
    given = _weekend(_SPRING, [_LATE], [0, 0, 1] + [0] * 21)
    answer = solved(given)
    assert [gap["start"] for gap in answer["unfilled"]] == ["2026-03-28T02:00"]
    assert check(given, answer).coverage_ratio == answer["coverage_ratio"] == 0


def test_no_shift_begins_at_a_time_that_does_not_exist_and_no_break_lies_there() -> None:
    dawn = {"id": "dawn", "pieces": [[0, 240]], "starts": ["02:30"]}
    given = _weekend(_SPRING, [dawn], [1] * 48, rest_min=0) | {"interval_min": 30}
    assert _starts(solved(given)) == ["03-28T02:30"]
    night = _NIGHT | {"breaks": [{"length_min": 60, "earliest_min": 180, "latest_min": 300}]}
    given = _weekend(_SPRING, [night], [1] * 24)
    answer = solved(given)
    assert check(given, answer).breaches == ()
    breaks = [b for a in answer["assignments"] if a["start"].startswith(_SPRING) for b in a["breaks"]]
    assert breaks
    assert breaks[0]["start"] != "2026-03-29T02:00"


def test_a_published_roster_over_the_change_stays() -> None:
    given = _weekend(_AUTUMN, [_NIGHT], [1] * 24)
    answer = solved(given)
    keys = ("person", "start", "end", "shift")
    published = [{key: row[key] for key in keys} for row in answer["assignments"]]
    again = solved(given | {"previous": published})
    assert published
    assert [{key: row[key] for key in keys} for row in again["assignments"]] == published
