"""Agents by interval: published numbers, all targets together, and nobody forgotten who still waits."""

import math

import pytest

from hotline.planning.staffing.carry_over import Rates
from hotline.planning.staffing.problem import Retrial, Targets
from hotline.planning.staffing.requirement import Demand, courses, demand_of, is_met, needs
from tests.unit.planning.staffing.day import problem, queue

_GOAL = Targets(service_level=0.8, within_s=20)


def _demand(calls: list[float], targets: Targets = _GOAL, patience_s: float = math.inf, **more: object) -> Demand:
    rates = tuple(Rates(n / 1800, 240.0, patience_s) if n else None for n in calls)
    return Demand(rates, targets, 1800.0, **more)  # type: ignore[arg-type]


def test_a_quiet_queue_gets_the_numbers_of_the_erlang_tables() -> None:
    # 13.33 erlangs, 240 s, 80 % within 20 s: 17 agents; 178 calls an hour at 85 % within 15 s: 16 (SB-55).
    assert needs(_demand([100.0]))[0].required == 17
    assert needs(_demand([89.0], Targets(service_level=0.85, within_s=15)))[0].required == 16


def test_the_interval_after_an_overload_needs_more_than_the_table_says() -> None:
    calls = [80.0, 120.0, 120.0, 80.0]
    usual = needs(_demand(calls))
    after = needs(_demand(calls), [None, 12, None, None])
    assert after[1].agents == 12
    assert after[1].course is not None
    assert after[1].course.waiting > 10
    assert after[2].stationary == usual[2].stationary
    assert after[2].required > usual[2].required


def test_every_interval_keeps_every_target() -> None:
    goal = Targets(service_level=0.8, within_s=20, abandoned=0.03, occupancy=0.85, average_wait_s=8)
    for need in needs(_demand([20.0, 90.0, 240.0, 60.0], goal, 120.0)):
        assert need.course is not None
        assert is_met(need.course, goal)
        assert need.course.occupancy <= 0.85 + 1e-9


@pytest.mark.parametrize(
    "more", [{"abandoned": 0.005}, {"occupancy": 0.7}, {"average_wait_s": 1.0}, {"service_level": 0.99}]
)
def test_a_target_more_never_needs_fewer(more: dict[str, float]) -> None:
    calls = [30.0, 90.0, 60.0]
    with_more = Targets(**({"service_level": 0.8, "within_s": 20} | more))
    few = [need.required for need in needs(_demand(calls, _GOAL, 180.0))]
    many = [need.required for need in needs(_demand(calls, with_more, 180.0))]
    assert all(a <= b for a, b in zip(few, many, strict=True))
    assert sum(many) > sum(few)


def test_closed_intervals_need_nobody_and_begin_anew() -> None:
    found = needs(_demand([80.0, 0.0, 80.0]), [3, None, None])
    assert (found[1].required, found[1].course) == (0, None)
    assert found[2].required == needs(_demand([80.0]))[0].required


def test_one_who_holds_three_chats_does_the_work_of_three_places() -> None:
    chats = needs(_demand([90.0], concurrency=3))[0]
    calls = needs(_demand([90.0]))[0]
    assert chats.required == math.ceil(calls.required / 3)


def test_who_gives_up_and_asks_again_is_counted_again() -> None:
    calls, there = [120.0, 120.0, 60.0], [10, 14, 8]
    once = courses(_demand(calls, _GOAL, 60.0), there)
    again = courses(_demand(calls, _GOAL, 60.0, retrial=Retrial(probability=0.7, after_s=900)), there)
    assert once[2] is not None
    assert again[2] is not None
    assert again[2].abandoned > once[2].abandoned
    assert again[2].given_up > once[2].given_up


def test_handle_time_may_change_by_interval() -> None:
    given = problem(queues=[queue("calls", calls=[60, 60], aht_s=[180, 360])])
    few, many = needs(demand_of(given, given.queues[0]))
    assert many.required > few.required
