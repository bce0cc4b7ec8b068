"""Models learn what is in a history, never look ahead, and the backtest chooses the better one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from hotline.planning.forecast.backtest import backtest, long_cuts, single_days
from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.days import DayTable, day_table
from hotline.planning.forecast.forecasting import BASELINE, FEW_DAYS, MODELS
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.models import Cut, Model
from hotline.planning.forecast.process import with_doubt
from tests.unit.planning.forecast.centre import office


def table_of(days: int, month_turn: float = 0.25, seed: int = 1, day_cv: float = 0.02) -> DayTable:
    """Open days of an office queue with more calls on each month's first five days."""
    series = office(days, seed, factor=lambda day: 1.0 + month_turn * (day.day <= 5), day_cv=day_cv)
    rows = [row for row in range(days) if not np.isnan(series.counts[row]).all()]
    return day_table([series.dates[row] for row in rows], series.counts[rows], [], Calendar(), "repair")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_model_looks_ahead(model: Model) -> None:
    """Whatever comes at or after a cut, the forecast from there is the same."""
    table = table_of(160)
    changed = table.counts.copy()
    changed[90:] *= np.random.default_rng(3).uniform(0.2, 5.0, changed[90:].shape)
    cuts = [(80, 85), (90, 100)]
    for before, after in zip(
        model.forecasts(table, cuts), model.forecasts(replace(table, counts=changed), cuts), strict=True
    ):
        assert after == pytest.approx(before, rel=1e-9)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_cuts_are_forecast_as_if_each_were_the_end_of_the_history(model: Model) -> None:
    table = table_of(160)
    together = model.forecasts(table, [(100, 102), (110, 111)])
    alone = model.forecasts(table, [(110, 111)])
    assert together[1] == pytest.approx(alone[0], rel=0.02)
    assert [len(found) for found in together] == [2, 1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_steady_queue_is_forecast_right(model: Model) -> None:
    table = table_of(200, month_turn=0.0, day_cv=0.0)
    (found,) = model.forecasts(table, [(130, 140)])
    assert found.sum() == pytest.approx(table.counts[130:140].sum(), rel=0.03)


def test_the_baseline_is_last_weeks_same_weekday_and_the_mean_is_of_four() -> None:
    table = table_of(60)
    assert (BASELINE.forecasts(table, [(30, 31)])[0][0] == table.counts[25]).all()
    four = FEW_DAYS.forecasts(table, [(30, 31)])[0][0]
    assert four == pytest.approx(table.counts[[25, 20, 15, 10]].mean(axis=0))


def test_the_calendar_beats_the_baseline_where_the_month_matters() -> None:
    found = backtest(table_of(220), MODELS, 28)
    best, baseline = found.trials[0], next(trial for trial in found.trials if trial.model is BASELINE)
    assert "calendar" in best.model.name
    assert best.accuracy.wape is not None
    assert baseline.accuracy.wape is not None
    assert best.accuracy.wape < 0.75 * baseline.accuracy.wape
    assert len(found.cuts) == 6


def test_the_better_of_two_models_is_chosen() -> None:
    class Wrong:
        name, least_days = "always seven", 1

        def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
            return [np.full((end - begin, table.counts.shape[1]), 7.0) for begin, end in cuts]

    found = backtest(table_of(120), [Wrong(), FEW_DAYS], 1)
    assert [trial.model.name for trial in found.trials] == [FEW_DAYS.name, "always seven"]


def test_cuts_stay_within_the_history_and_leave_enough_to_learn() -> None:
    table = table_of(203)  # 145 working days
    assert table.known == 145
    assert single_days(table) == [(row, row + 1) for row in range(78, 145)]
    cuts = long_cuts(table, 28)
    assert cuts[0][0] == 78
    assert cuts[-1][1] == 145
    assert all(end - begin == 20 for begin, end in cuts)
    assert long_cuts(table, 300) == []


def test_a_long_horizon_is_tried_as_far_as_the_history_goes() -> None:
    assert backtest(table_of(203), MODELS, 390).horizon_days == 48  # 390, halved until it fits
    assert backtest(table_of(9), MODELS, 28).best is None


def test_days_unlike_all_others_are_doubted() -> None:
    table = table_of(160)
    counts = table.counts.copy()
    counts[60] *= 0.5
    doubted = with_doubt(replace(table, counts=counts)).doubt
    assert doubted[60] > 1
    assert (np.delete(doubted, 60) == 1).mean() > 0.97


def test_a_campaign_is_learnt_and_expected_again() -> None:
    rows = ["date,until,kind,name", "2025-03-10,2025-03-14,campaign,spring", "2025-06-02,2025-06-03,campaign,spring"]
    from hotline.planning.forecast.calendar import parse_calendar

    calendar = parse_calendar(rows)
    raised = [date(2025, 3, number) for number in range(10, 15)]
    series = office(140, factor=lambda day: 1.5 if day in raised else 1.0)
    known = [row for row in range(140) if not np.isnan(series.counts[row]).all()]
    future = [date(2025, 6, number) for number in (2, 3, 4, 5)]
    table = day_table([series.dates[row] for row in known], series.counts[known], future, calendar, "repair")
    (found,) = MODELS[0].forecasts(table, [(table.known, table.known + 4)])
    plain = np.array([2000 * 1.3, 2000 * 1.05, 2000 * 1.0, 2000 * 0.95])
    ratio = found.sum(axis=1) / plain
    assert ratio[:2] == pytest.approx(1.5, rel=0.08)
    assert ratio[2:] == pytest.approx(1.0, rel=0.06)
