"""The roads of a ticket, as a table; its clock; its number."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.tickets.errors import StepNotAllowedError
from hotline.domains.tickets.rules import (
    STATES,
    State,
    Step,
    clock_of,
    number_of,
    number_text,
    state_after,
    steps_from,
)

ROADS = {
    "new": {"acknowledge": "acknowledged", "start": "in_progress", "answer": "answered"},
    "acknowledged": {"start": "in_progress", "answer": "answered"},
    "in_progress": {"answer": "answered"},
    "answered": {"confirm": "closed", "reopen": "in_progress"},
    "closed": {"reopen": "in_progress"},
}
OPENED = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("state", STATES)
def test_steps_are_those_of_the_table(state: State) -> None:
    assert {step: state_after(state, step) for step in steps_from(state)} == ROADS[state]


@pytest.mark.parametrize("state", [state for state in STATES if state != "answered"])
def test_nothing_but_an_answered_ticket_can_be_closed(state: State) -> None:
    if state == "closed":
        assert state_after(state, "confirm") == "closed"  # a double click
        return
    with pytest.raises(StepNotAllowedError, match="Possible"):
        state_after(state, "confirm")


@given(st.lists(st.sampled_from(get_args(Step))))
def test_no_road_closes_a_ticket_without_the_customers_word(steps: list[Step]) -> None:
    state: State = "new"
    has_confirmed = False
    for step in steps:
        try:
            state = state_after(state, step)
        except StepNotAllowedError:
            continue
        has_confirmed = has_confirmed or step == "confirm"
        assert state != "closed" or has_confirmed


@pytest.mark.parametrize(
    ("state", "after_h", "clock"),
    [
        ("new", 0, "in_time"),
        ("in_progress", 18, "in_time"),
        ("in_progress", 18.01, "soon"),
        ("in_progress", 24, "soon"),
        ("acknowledged", 24.01, "late"),
        ("answered", 99, "stopped"),
        ("closed", 99, "stopped"),
    ],
)
def test_clock_is_soon_under_a_quarter_left(state: State, after_h: float, clock: str) -> None:
    due_at = OPENED + timedelta(hours=24)
    assert clock_of(state, OPENED, due_at, OPENED + timedelta(hours=after_h)) == clock


@given(st.integers(1, 10**15 - 1))
def test_a_number_is_read_as_it_is_written(number: int) -> None:
    assert number_of(number_text(number)) == number
    assert number_of(f" t{number}") == number


@pytest.mark.parametrize("text", ["", "T-", "T-x", "leak", "T-٣", "T-" + "9" * 30])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text) is None
