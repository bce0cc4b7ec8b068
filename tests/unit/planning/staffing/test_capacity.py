"""Seats and lines of a busy hour."""

import pytest

from hotline.formulas import erlang_b, erlang_c
from hotline.planning.staffing import capacity
from hotline.planning.staffing.problem import Capacity, Targets

_GOAL = Targets(service_level=0.85, within_s=15)


def test_sixteen_seats_carry_178_calls_an_hour_at_85_per_cent_within_15_s() -> None:
    found = capacity.carried(Capacity(aht_s=240, seats=16), _GOAL, 16)
    assert int(found.calls_per_h) == 178
    assert erlang_c.service_level(178 * 240 / 3600, 16, 240, 15) >= 0.85
    assert erlang_c.service_level(179 * 240 / 3600, 16, 240, 15) < 0.85


def test_178_calls_an_hour_need_16_seats_and_lines_for_all_who_talk_or_wait() -> None:
    found = capacity.wanted(Capacity(aht_s=240, calls_per_h=178), _GOAL, 178)
    assert found.seats == 16
    talking_and_waiting = 178 * (240 + erlang_c.average_wait_s(178 * 240 / 3600, 16, 240)) / 3600
    assert found.lines == erlang_b.fewest_lines(talking_and_waiting, 0.001)


@pytest.mark.parametrize(
    ("change", "is_met"),
    [
        ("as planned", True),
        ("seats -1", False),
        ("volume +10%", False),
        ("handle time +10%", False),
        ("volume -10%", True),
    ],
)
def test_the_table_tells_what_changes_do(change: str, is_met: bool) -> None:
    rows = capacity.document(Capacity(aht_s=240, seats=16, calls_per_h=178), _GOAL)["what_if"]
    assert next(row["is_met"] for row in rows if row["change"] == change) is is_met


def test_impatience_lets_seats_carry_more() -> None:
    patient = capacity.carried(Capacity(aht_s=240, seats=16), _GOAL, 16)
    hasty = capacity.carried(Capacity(aht_s=240, seats=16, patience_s=60), _GOAL, 16)
    assert hasty.calls_per_h > patient.calls_per_h


def test_what_one_asks_alone_is_answered_alone() -> None:
    found = capacity.document(Capacity(aht_s=240, seats=16), _GOAL)
    assert set(found) == {"carried", "what_if"}
