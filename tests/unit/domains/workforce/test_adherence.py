"""Adherence by hand: a table of days, and what must hold of any of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.workforce.adherence import Doing, Figures, Planned, Segment, Stretch, doing, figures, layered

MINUTE = timedelta(minutes=1)
EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return EIGHT.replace(hour=int(hour), minute=int(minute))


def plan(*parts: tuple[Planned, str, str]) -> list[Segment]:
    return [Segment(kind, at(begins), at(ends)) for kind, begins, ends in parts]


def did(*parts: tuple[Doing, str, str | None]) -> list[Stretch]:
    return [Stretch(what, at(begins), at(ends) if ends else None) for what, begins, ends in parts]


DAY = plan(("work", "8:00", "12:00"), ("break", "12:00", "12:30"), ("work", "12:30", "16:00"))


def of(done: list[Stretch], now: str = "18:00", planned: list[Segment] | None = None) -> Figures:
    return figures(planned or DAY, done, at(now), tolerance_min=5)


def test_kept_day_is_whole() -> None:
    found = of(did(("work", "8:00", "12:00"), ("away", "12:00", "12:30"), ("work", "12:30", "16:00")))
    assert (found.planned_s, found.kept_s) == (480 * 60, 480 * 60)
    assert (found.planned_work_s, found.worked_s) == (450 * 60, 450 * 60)
    assert (found.late_s, found.early_leave_s, found.long_break_s, found.is_absent) == (0, 0, 0, False)


# Each line: what was done, minutes of 480 kept, minutes worked, late, left early, break too long (all in minutes).
DAYS: list[tuple[str, list[Stretch], int, int, int, int, int]] = [
    (
        "comes 20 minutes late",
        did(("work", "8:20", "12:00"), ("away", "12:00", "12:30"), ("work", "12:30", "16:00")),
        460,
        430,
        20,
        0,
        0,
    ),
    (
        "comes 5 minutes late, which is within the tolerance",
        did(("work", "8:05", "12:00"), ("away", "12:00", "12:30"), ("work", "12:30", "16:00")),
        480,
        445,
        0,
        0,
        0,
    ),
    (
        "takes the break a quarter of an hour later",
        did(("work", "8:00", "12:15"), ("away", "12:15", "12:45"), ("work", "12:45", "16:00")),
        450,
        450,
        0,
        0,
        0,
    ),
    (
        "comes back from the break 12 minutes late",
        did(("work", "8:00", "12:00"), ("away", "12:00", "12:42"), ("work", "12:42", "16:00")),
        468,
        438,
        0,
        0,
        12,
    ),
    (
        "signs out for the break, and leaves an hour early",
        did(("work", "8:00", "12:00"), ("work", "12:30", "15:00")),
        420,
        390,
        0,
        60,
        0,
    ),
    (
        "works through the break",
        did(("work", "8:00", "16:00")),
        450,
        480,
        0,
        0,
        0,
    ),
    (
        "is away for 3 minutes in the middle of work, which no planned change explains",
        did(
            ("work", "8:00", "10:00"),
            ("away", "10:00", "10:03"),
            ("work", "10:03", "12:00"),
            ("away", "12:00", "12:30"),
            ("work", "12:30", "16:00"),
        ),
        477,
        447,
        0,
        0,
        0,
    ),
]


@pytest.mark.parametrize(("what", "done", "kept", "worked", "late", "early", "long"), DAYS, ids=[d[0] for d in DAYS])
def test_days_by_hand(what: str, done: list[Stretch], kept: int, worked: int, late: int, early: int, long: int) -> None:
    found = of(done)
    assert (found.kept_s, found.worked_s) == (kept * 60, worked * 60)
    assert (found.late_s, found.early_leave_s, found.long_break_s) == (late * 60, early * 60, long * 60)
    assert (found.planned_s, found.is_absent) == (480 * 60, False)


def test_nobody_there_is_absent_and_not_merely_late() -> None:
    assert of([], "8:05").is_absent is False
    found = of([], "8:06")
    assert (found.is_absent, found.late_s, found.kept_s, found.planned_s) == (True, 0, 0, 6 * 60)
    assert of([], "18:00").early_leave_s == 0


def test_absence_takes_its_time_out_of_the_plan() -> None:
    planned = layered([DAY, plan(("absence", "8:00", "14:00"))])
    found = of(did(("work", "14:00", "16:00")), planned=planned)
    assert (found.planned_s, found.kept_s, found.late_s, found.is_absent) == (120 * 60, 120 * 60, 0, False)


def test_training_beside_a_break_makes_no_long_break() -> None:
    planned = layered([DAY, plan(("training", "12:30", "13:30"))])
    done = did(("work", "8:00", "12:00"), ("away", "12:00", "13:30"), ("work", "13:30", "16:00"))
    assert (of(done, planned=planned).long_break_s, of(done, planned=planned).kept_s) == (0, 480 * 60)


@pytest.mark.parametrize(
    ("now", "done", "since"),
    [
        ("10:00", did(("work", "8:00", None)), None),
        ("10:00", did(("work", "8:00", "9:40"), ("away", "9:40", None)), "9:40"),
        ("10:00", did(("work", "8:00", "9:40")), "9:40"),  # signed out
        ("12:20", did(("work", "8:00", None)), "12:00"),  # works through the break since it began
        ("12:50", did(("work", "8:00", "12:00"), ("away", "12:00", None)), "12:30"),
        ("7:00", [], None),
        ("17:00", [], None),
    ],
)
def test_since_when_the_plan_is_not_kept(now: str, done: list[Stretch], since: str | None) -> None:
    assert of(done, now).out_of_plan_at == (at(since) if since else None)


@pytest.mark.parametrize(
    ("state", "what"),
    [
        *[(state, "work") for state in ("available", "offered", "busy", "wrap_up")],
        ("away", "away"),
        ("signed_out", "out"),
        (None, "out"),
    ],
)
def test_states_as_kinds_of_doing(state: str | None, what: str) -> None:
    assert doing(state) == what


def test_a_break_outside_of_the_shift_is_none() -> None:
    assert layered([DAY, plan(("break", "6:00", "8:30"))])[0] == Segment("break", at("8:00"), at("8:30"))
    assert layered([[], plan(("break", "6:00", "8:30"))]) == []


stretches = st.lists(st.tuples(st.sampled_from(["work", "away", "out"]), st.integers(1, 200)), min_size=0, max_size=12)


@given(stretches, st.integers(0, 700), st.integers(0, 30))
def test_kept_time_never_exceeds_planned_time(lengths: list[tuple[Doing, int]], until: int, tolerance: int) -> None:
    done, begins = [], EIGHT - 30 * MINUTE
    for what, minutes in lengths:
        done.append(Stretch(what, begins, begins + minutes * MINUTE))
        begins += minutes * MINUTE
    found = figures(DAY, done, EIGHT + until * MINUTE, tolerance)
    assert 0 <= found.kept_s <= found.planned_s <= 480 * 60
    strict = figures(DAY, done, EIGHT + until * MINUTE, 0)
    assert strict.kept_s <= found.kept_s
