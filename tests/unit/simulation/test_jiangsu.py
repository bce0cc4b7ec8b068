"""The largest centre: its busy hour (acceptance story C1, steps 7 and 8) and a site that fails (step 9)."""

import pytest

from hotline.simulation.counters import Counters
from hotline.simulation.loading import load
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate
from tests.unit.simulation.centre import ROOT


def hour_of(name: str) -> Counters:
    return replicate(Prepared(load(ROOT / "scenarios" / name)), 1, 0).counters


def test_a_busy_hour_of_466_667_calls_leaves_42_000_for_agents_who_answer_in_time() -> None:
    sums = hour_of("jiangsu_busy_hour.json")
    hour = slice(3, 15)  # after the quarter of an hour in which the house fills
    assert sums.entered[hour].sum() == pytest.approx(466_667, rel=0.01)
    assert sums.contained[hour].sum() / sums.entered[hour].sum() == pytest.approx(0.91, abs=0.002)
    assert sums.offered[hour].sum() == pytest.approx(42_000, rel=0.02)
    assert (sums.offered == sums.answered + sums.abandoned).all()  # nobody lost
    assert sums.in_time[hour].sum() / sums.offered[hour].sum() >= 0.85
    work_erlangs = sums.time_integral(sums.working)[hour].sum() / 3_600_000
    assert work_erlangs == pytest.approx(1750, rel=0.03)


def test_when_huaian_fails_nanjing_takes_everything_and_nobody_is_lost() -> None:
    sums = hour_of("jiangsu_site_failure.json")
    assert (sums.offered == sums.answered + sums.abandoned).all()
    agents = sums.time_integral(sums.on_duty) / 300_000
    assert agents[7:12] == pytest.approx([900] * 5, abs=1)
    assert agents[[2, 17]] == pytest.approx([1800, 1800], abs=2)
    failing = slice(6, 12)
    assert sums.in_time[failing].sum() / sums.offered[failing].sum() >= 0.85
