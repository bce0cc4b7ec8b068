"""Agents and loads for several targets together, what-if, and what menus must contain."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.formulas import what_if
from hotline.formulas.containment import carried_in_hours, containment_ratio, needed_containment
from hotline.formulas.errors import InvalidParameterError
from hotline.formulas.staffing import Targets, are_met, fewest_agents, largest_load

LOAD = 800 / 15
LOADS = st.floats(0.5, 400.0)
SOME_TARGETS = st.builds(
    Targets,
    service_level=st.floats(0.5, 0.95),
    abandon_probability=st.none() | st.floats(0.01, 0.3),
    average_wait_s=st.none() | st.floats(1.0, 60.0),
    occupancy=st.none() | st.floats(0.5, 0.95),
)


@given(LOADS, SOME_TARGETS, st.sampled_from([math.inf, 120.0, 600.0]))
@settings(max_examples=60)
def test_fewest_agents_meet_every_target_and_one_less_misses_one(
    load: float, targets: Targets, patience_s: float
) -> None:
    agents = fewest_agents(load, 240.0, targets, patience_s)
    assert are_met(load, agents, 240.0, targets, patience_s)
    assert agents == 1 or not are_met(load, agents - 1, 240.0, targets, patience_s)


def test_each_target_counts() -> None:
    level = Targets(service_level=0.8)
    alone = fewest_agents(LOAD, 240.0, level, 120.0)
    for further in ({"abandon_probability": 0.01}, {"average_wait_s": 1.0}, {"occupancy": 0.8}):
        assert fewest_agents(LOAD, 240.0, replace(level, **further), 120.0) > alone


@given(st.integers(1, 300), SOME_TARGETS, st.sampled_from([math.inf, 120.0]))
@settings(max_examples=40)
def test_largest_load_is_met_and_a_little_more_is_not(agents: int, targets: Targets, patience_s: float) -> None:
    load = largest_load(agents, 240.0, targets, patience_s)
    assert not are_met(load * (1 + 1e-9) + 1e-12, agents, 240.0, targets, patience_s)
    assert load == 0.0 or are_met(load, agents, 240.0, targets, patience_s)


def test_twelve_thousand_erlangs_are_staffed() -> None:
    agents = fewest_agents(12_000.0, 240.0, Targets(service_level=0.8, occupancy=0.99))
    assert agents == math.ceil(12_000 / 0.99)


def test_no_target_is_refused() -> None:
    with pytest.raises(InvalidParameterError, match="targets"):
        Targets()


SHIBEI = what_if.Plan(calls_per_h=178.0, handle_time_s=240.0, targets=Targets(service_level=0.85, threshold_s=15.0))


def test_sixteen_seats_carry_178_calls_an_hour_at_85_per_cent_within_15_seconds() -> None:
    assert what_if.seats_needed(SHIBEI) == 16
    assert int(what_if.carried_calls_per_h(SHIBEI, 16)) == 178
    as_planned = what_if.table(SHIBEI, 16)[0]
    assert (as_planned.is_met, as_planned.seats_needed) == (True, 16)


def test_changes_move_the_figures_the_way_they_must() -> None:
    rows = {row.change: row for row in what_if.table(SHIBEI, 16)}
    levels = [rows[name].service_level or 0.0 for name in ("seats -1", "as planned", "seats +1")]
    assert levels == sorted(levels)
    assert rows["volume +20%"].seats_needed > 16 > rows["volume -20%"].seats_needed
    assert rows["handle time +20%"].lines is not None
    assert rows["handle time +20%"].lines > (rows["as planned"].lines or 0)
    assert not rows["seats -1"].is_met


def test_a_queue_without_end_has_no_figures_but_a_need() -> None:
    rows = {row.change: row for row in what_if.table(SHIBEI, 11)}
    assert (rows["as planned"].service_level, rows["as planned"].lines) == (None, None)
    assert rows["as planned"].seats_needed == 16
    assert rows["seats -2"].seats == 9


def test_wrap_up_needs_agents_but_no_lines() -> None:
    with_wrap_up = what_if.table(replace(SHIBEI, wrap_up_s=60.0), 16)[0]
    without = what_if.table(SHIBEI, 16)[0]
    assert with_wrap_up.seats_needed == without.seats_needed
    assert (with_wrap_up.lines or 0) < (without.lines or 0)


def test_jiangsu_must_contain_what_1800_seats_cannot_carry() -> None:
    seats = largest_load(1800, 150.0, Targets(service_level=0.85, threshold_s=15.0)) * 3600 / 150
    assert needed_containment(466_667, seats) == pytest.approx(0.908, abs=0.0005)
    month = carried_in_hours(1800 * 7 * 22, 150.0, 0.8)
    assert needed_containment(140e6, month) == pytest.approx(0.96, abs=0.005)


@pytest.mark.parametrize(("ended", "entered", "share"), [(9, 10, 0.9), (0, 7, 0.0), (7, 7, 1.0), (0, 0, None)])
def test_containment_counts_calls_that_end_without_an_agent(ended: int, entered: int, share: float | None) -> None:
    assert containment_ratio(ended, entered) == share


@pytest.mark.parametrize(("ended", "entered"), [(8, 7), (-1, 7)])
def test_impossible_counts_of_contained_calls_are_refused(ended: int, entered: int) -> None:
    with pytest.raises(InvalidParameterError):
        containment_ratio(ended, entered)


def test_agents_who_carry_all_need_no_containment() -> None:
    assert needed_containment(100.0, 120.0) == 0.0
