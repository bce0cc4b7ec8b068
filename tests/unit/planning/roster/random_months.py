"""Small random problems of our own: rules, rotations, split and on-call shifts, breaks, seats, wishes, absences."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

_SKILLS = ["calls", "mall", "english"]
_KINDS: list[dict[str, Any]] = [
    {"id": "day", "pieces": [[0, 480]], "starts": ["08:00", "10:00", "15:00"]},
    {"id": "night", "pieces": [[0, 600]], "starts": ["21:00"], "paid_min": 540},
    {"id": "split", "pieces": [[0, 180], [360, 240]], "starts": ["09:00", "11:00"]},
    {"id": "on_call", "pieces": [[0, 720]], "starts": ["18:00"], "serves": ["mall"], "paid_min": 120},
    {"id": "short", "pieces": [[0, 300]], "starts_every_min": 360},
]
_BREAKS: list[list[dict[str, Any]]] = [
    [],
    [{"length_min": 60, "earliest_min": 60, "latest_min": 120}],
    [
        {"length_min": 60, "earliest_min": 60, "latest_min": 120, "is_paid": True},
        {"length_min": 60, "earliest_min": 60, "latest_min": 120},
    ],
]


# A week without a change of clocks, and weeks with one: at night, at midnight, by half an hour.
_WEEKS = [
    ("Asia/Shanghai", date(2026, 12, 7)),
    ("Europe/Berlin", date(2027, 3, 22)),
    ("Europe/Berlin", date(2026, 10, 19)),
    ("America/Santiago", date(2026, 8, 31)),
    ("Australia/Lord_Howe", date(2026, 9, 28)),
]


def _maybe(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high)


@st.composite
def _rules(draw: st.DrawFn, name: str, days: int) -> dict[str, Any]:
    most = draw(st.integers(10, 6 * days))
    return {
        "id": name,
        "rest_min": draw(st.sampled_from([0, 480, 660, 700, 840])),
        "most_days_running": draw(st.integers(2, 6)),
        "most_days_week": draw(st.integers(3, 6)),
        "most_week_hours": draw(_maybe(16, 48)),
        "hours": [draw(st.integers(0, 8)), most],
        "most_nights_running": draw(_maybe(1, 3)),
        "most_nights": draw(_maybe(0, 4)),
        "fair_nights": draw(_maybe(1, 2)),
        "most_weekends": draw(_maybe(0, 2)),
        "most_holidays": draw(_maybe(0, 1)),
    }


@st.composite
def _rotation(draw: st.DrawFn) -> dict[str, Any]:
    return draw(
        st.sampled_from(
            [
                {"id": "x", "rest_block_days": 2, "hours_ratio": 0.6},
                {"id": "x", "has_home_time": True, "forbids_split": True},
                {"id": "x", "forbidden": [["19:00", "08:00"]]},
                {"id": "x", "has_timetable": True},
            ]
        )
    )


@st.composite
def _person(draw: st.DrawFn, number: int, start: date, days: int, skills: list[str]) -> dict[str, Any]:
    some_day = st.integers(0, days - 1).map(lambda n: start + timedelta(days=n))
    person: dict[str, Any] = {
        "id": f"p{number}",
        "skills": draw(st.lists(st.sampled_from(skills), unique=True, max_size=2)),
        "rules": draw(st.sampled_from(["r", "s"])),
    }
    if draw(st.integers(0, 2)) == 0:
        person |= {"rotation": "x", "latest_end": "20:00", "travel_min": 30}
        day = draw(some_day)
        person["lessons"] = [{"start": f"{day}T16:15", "end": f"{day}T17:45"}]
    if draw(st.booleans()):
        day = draw(some_day)
        person["unavailable"] = [{"start": f"{day}T12:00", "end": f"{day + timedelta(days=1)}T09:30"}]
    wishes = draw(st.lists(st.tuples(some_day, st.sampled_from(["off", "no_night", "day"])), max_size=2))
    person["wishes"] = [{"day": str(day), "kind": kind} for day, kind in wishes]
    return person


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """A problem of one to five people and three to fourteen days as JSON would give it."""
    days = draw(st.integers(3, 14))
    zone, monday = draw(st.sampled_from(_WEEKS))
    start = monday + timedelta(days=draw(st.integers(0, 6)))
    skills = _SKILLS[: draw(st.integers(1, 3))]
    kinds = [dict(kind) for kind in draw(st.lists(st.sampled_from(_KINDS), unique_by=lambda k: k["id"], min_size=1))]
    kinds = [kind for kind in kinds if set(kind.get("serves", [])) <= set(skills)] or [dict(_KINDS[0])]
    for kind in kinds:
        if kind["id"] in {"day", "night"}:
            kind["breaks"] = draw(st.sampled_from(_BREAKS))
    levels = st.lists(st.integers(0, 2), min_size=8, max_size=8)
    wanted = levels.map(lambda level: [level[hour // 3] for hour in range(24)])
    return {
        "start": str(start),
        "days": days,
        "zone": zone,
        "interval_min": 60,
        "skills": skills,
        "shifts": kinds,
        "rules": [draw(_rules("r", days)), draw(_rules("s", days))],
        "rotations": [draw(_rotation())],
        "people": [draw(_person(n, start, days, skills)) for n in range(draw(st.integers(1, 5)))],
        "borrowing": [{"lender": "calls", "borrower": "mall"}] if len(skills) > 1 and draw(st.booleans()) else [],
        "demand": [{"skill": skill, "wanted": draw(wanted)} for skill in skills],
        "holidays": [str(start + timedelta(days=2))] if draw(st.booleans()) else [],
        "seats": draw(_maybe(1, 3)),
    }
