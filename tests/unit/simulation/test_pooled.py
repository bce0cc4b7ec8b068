"""The pool that is played beside a system of skills: who waits how long there, and that chance alone moves it."""

from typing import Any

import numpy as np
import pytest

from hotline.entrypoints.calc_check import SEED
from hotline.formulas.cases import Case
from hotline.simulation import callers
from hotline.simulation.checking import check
from hotline.simulation.pooled import PlayedPool, Pool
from hotline.simulation.preparing import Prepared
from hotline.simulation.systems import System, system_of

LAYOUT = {
    "queues": 3,
    "arrivals_per_h_each": 120.0,
    "handle_time_s": 60.0,
    "agents": 9,
    "waiting_places": 5,
    "skills_per_agent": 3,
}


def skilled(effort: float) -> System:
    system = system_of("balanced_skills", {**LAYOUT, "threshold_s": 5.0}, effort)
    assert system is not None
    return system


def test_first_come_first_served_with_one_agent_and_one_waiting_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comes (talks): 0 (10), 3 (5) waits 7, 4 is turned away, 12 (1) waits 3, 30 (1) finds the agent free."""
    scenario = skilled(0.01).scenario
    monkeypatch.setattr(callers, "asks", lambda *_: iter([([0, 3, 4, 12, 30], [0, 1, 2, 0, 1], [])]))
    monkeypatch.setattr("hotline.simulation.draws.in_units", lambda _: [10, 5, 9, 1, 1])
    pool = Pool(agents=1, waiting_places=1, load_erlangs=0.5, handle_ms=5.0, threshold_ms=3.0)
    played = PlayedPool(pool, interval=10, intervals=4)
    ((stamps, kinds, talks),) = played.asks(scenario, 1, 0, Prepared(scenario).counters())
    assert (stamps[1], kinds[1], talks[1]) == (3, 1, 5)
    asked, accepted = np.array([3, 1, 0, 1]), np.array([2, 1, 0, 1])
    expected = (
        np.array([1, 0, 0, 0]) - pool.blocking_probability() * asked,
        np.array([7, 3, 0, 0]) - pool.average_wait_ms() * accepted,
        np.array([1, 1, 0, 1]) - pool.service_level() * accepted,
    )
    assert played.controls(slice(0, 4)) == pytest.approx(np.stack(expected, axis=1))


def test_the_controls_have_mean_nought() -> None:
    system = skilled(1.0)
    prepared = Prepared(system.scenario)
    assert system.pool is not None
    pool = PlayedPool(system.pool, prepared.interval, prepared.intervals)
    for _ in pool.asks(system.scenario, 7, 0, prepared.counters()):
        pass
    found = pool.controls(slice(system.warm_up_batches, prepared.intervals))
    error = found.std(axis=0, ddof=1) / len(found) ** 0.5
    assert (np.abs(found.mean(axis=0)) < 4 * error).all()


def test_a_pool_beside_narrows_chance_and_leaves_the_truth_inside() -> None:
    """Agents with all skills: averages are those of the pool, though the engine chooses by skill."""
    rows = [
        Case(id=metric, model="balanced_skills", params=LAYOUT, metric=metric, value=value, tolerance=0.01, **ABSOLUTE)
        for metric, value in (("blocking_probability", 0.01), ("average_wait_s", 2.0))
    ]
    for verdict in check(rows, SEED, 1, 0.2):
        assert verdict.formula is not None
        assert verdict.got is not None
        assert verdict.got == pytest.approx(verdict.formula, rel=0.05)
        low, high = verdict.intervals[1]
        assert low < verdict.formula < high


ABSOLUTE: dict[str, Any] = {"tolerance_kind": "abs"}
