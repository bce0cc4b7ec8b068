"""Parts of a series by kind of day and hour: they add up, follow the hours where these differ, and only there."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.forecasting import forecast
from hotline.planning.forecast.history import Floats, Series
from hotline.planning.forecast.parts import (
    HOURS,
    KINDS_OF_DAY,
    Shares,
    bounds_of_part,
    kind_of_day,
    learnt,
    part_of,
    shares,
    split,
)
from tests.unit.planning.forecast.centre import MONDAY, WEEKDAY, office

CHINA = Calendar().with_country("CN")
LEARNT_DAYS = 56
MORNING = np.where(np.arange(HOURS) < 12, 0.8, 0.3)  # one brand's share: it calls in the morning


@given(st.integers(0, 2**32), st.integers(1, 4), st.floats(0, 300))
def test_shares_of_all_parts_are_one_in_every_cell(seed: int, parts: int, calls: float) -> None:
    draw = np.random.default_rng(seed)
    uneven = draw.exponential(calls, (parts, KINDS_OF_DAY, HOURS)) * (draw.random((KINDS_OF_DAY, HOURS)) < 0.7)
    found = shares(draw.poisson(uneven).astype(float))
    assert found.sum(axis=0) == pytest.approx(np.ones((KINDS_OF_DAY, HOURS)))
    assert (found >= 0).all()


def test_a_kind_of_day_never_seen_has_the_shares_of_the_hours() -> None:
    counts = np.zeros((2, KINDS_OF_DAY, HOURS))
    counts[0, 0], counts[1, 0] = 10_000 * MORNING, 10_000 * (1 - MORNING)
    found = shares(counts)
    assert found[0, 0] == pytest.approx(MORNING, abs=0.01)
    assert found[0, 2] == pytest.approx(MORNING, abs=0.02)


def test_few_calls_are_drawn_to_the_whole_and_many_are_believed() -> None:
    rich = np.zeros((2, KINDS_OF_DAY, HOURS))
    rich[0, 0], rich[1, 0] = 10_000 * MORNING, 10_000 * (1 - MORNING)
    rich[:, 0, 23] = (3, 0)  # three calls in the last hour, all of one brand
    whole = rich[0].sum() / rich.sum()
    found = shares(rich)
    assert whole < found[0, 0, 23] < 0.95
    assert found[0, 0, 9] == pytest.approx(0.8, abs=0.005)


def test_where_hours_differ_by_chance_only_all_have_the_share_of_the_whole() -> None:
    draw = np.random.default_rng(3)
    flat, away = 0, []
    for _ in range(40):
        calls = draw.poisson(40.0, (KINDS_OF_DAY, HOURS))
        first = draw.binomial(calls, 0.3)
        counts = np.stack([first, calls - first]).astype(float)
        found = shares(counts)
        whole = first.sum() / calls.sum()
        flat += int(np.ptp(found[0]) < 1e-9)
        away.append(np.abs(found[0] - whole).mean())
    assert flat >= 20
    assert np.mean(away) < 0.005  # by themselves the hours lie 0.06 away


def test_kinds_of_days_know_holidays_and_make_up_workdays() -> None:
    days = {
        date(2026, 10, 1): 2,
        date(2026, 9, 20): 0,
        date(2026, 9, 19): 1,
        date(2026, 9, 27): 2,
        date(2026, 9, 21): 0,
    }
    assert {day: kind_of_day(CHINA, day) for day in days} == days


def _day_shares(by_hour: Floats) -> Floats:
    return np.repeat(by_hour, 2)


def _parted(whole: Series, by_hour: Floats, seed: int) -> Floats:
    """Counts of one brand: by chance, so many of each half-hour's calls."""
    draw = np.random.default_rng(seed)
    return draw.binomial(np.nan_to_num(whole.counts).astype(int), _day_shares(by_hour)).astype(float)


def _hours(counts: Floats) -> Floats:
    return counts.reshape(len(counts), HOURS, 2).sum(axis=2)


def _backtest(by_hour: Floats, a_day: float) -> tuple[float, float]:
    """Absolute errors of one brand's half-hours ÷ its calls, over six weeks from six origins, of a whole that is known:
    with shares by hour, and with the flat share of the last eight weeks."""
    whole = office(56 + 6 * 7, a_day=a_day, weekdays=WEEKDAY)
    own = _parted(whole, by_hour, seed=8)
    calls = np.nan_to_num(whole.counts)
    missed, missed_flat, came = 0.0, 0.0, 0.0
    for origin in range(LEARNT_DAYS, len(calls), 7):
        past, ahead = slice(origin - LEARNT_DAYS, origin), slice(origin, origin + 7)
        counts = np.stack([_hours(own[past]), _hours(calls[past] - own[past])])
        kinds = [kind_of_day(Calendar(), day) for day in whole.dates[past]]
        found = learnt(["a", "b"], counts, kinds, np.zeros(2), np.zeros(2))
        flat = own[past].sum() / calls[past].sum()
        cells = np.array([kind_of_day(Calendar(), day) for day in whole.dates[ahead]])
        expected = calls[ahead] * np.repeat(found.values[0][cells], 2, axis=1)
        missed += float(np.abs(expected - own[ahead]).sum())
        missed_flat += float(np.abs(calls[ahead] * flat - own[ahead]).sum())
        came += float(own[ahead].sum())
    return missed / came, missed_flat / came


@pytest.mark.parametrize(("a_day", "at_most"), [(2000.0, 0.4), (200.0, 0.75)])
def test_brands_that_call_at_different_hours_are_forecast_better_than_by_their_flat_share(
    a_day: float, at_most: float
) -> None:
    by_hour, flat = _backtest(MORNING, a_day)
    assert by_hour < at_most * flat


@pytest.mark.parametrize("a_day", [2000.0, 200.0, 40.0])
def test_brands_that_call_alike_are_forecast_no_worse_than_by_their_flat_share(a_day: float) -> None:
    by_hour, flat = _backtest(np.full(HOURS, 0.3), a_day)
    assert by_hour <= 1.005 * flat


def test_a_forecast_split_by_brands_adds_up_in_calls_and_work() -> None:
    whole = office(100, weekdays=WEEKDAY)
    whole = Series(whole.key, 1800, whole.dates, whole.counts, handle_s=np.full(whole.counts.shape, 200.0))
    own = _parted(whole, MORNING, seed=4)[-LEARNT_DAYS:]
    others = np.nan_to_num(whole.counts)[-LEARNT_DAYS:] - own
    counts = np.stack([_hours(own), _hours(others)])
    kinds = [kind_of_day(Calendar(), day) for day in whole.dates[-LEARNT_DAYS:]]
    handled = counts.sum(axis=(1, 2))
    found = learnt(["a", "b"], counts, kinds, handled, handled * np.array([300.0, 120.0]))
    ahead = forecast(whole, 14)
    parts = split(ahead, found, [kind_of_day(Calendar(), day) for day in ahead.dates])
    assert [part.key.brand for part in parts] == ["a", "b"]
    assert sum(part.calls for part in parts) == pytest.approx(ahead.calls)
    assert ahead.handle_s is not None
    work = sum(part.calls * part.handle_s for part in parts if part.handle_s is not None)
    assert work == pytest.approx(ahead.calls * ahead.handle_s)
    first, second = parts
    assert first.handle_s is not None
    assert second.handle_s is not None
    assert (first.handle_s / second.handle_s).max() == pytest.approx(2.5, rel=0.05)
    for part in parts:
        assert (part.low <= part.calls).all()
        assert (part.calls <= part.high).all()
    mornings = first.calls[:, :24].sum() / ahead.calls[:, :24].sum()
    assert mornings == pytest.approx(0.8, abs=0.02)


def test_bounds_of_a_part_hold_what_they_promise() -> None:
    draw = np.random.default_rng(2)
    expected, share, level_cv = 60.0, 0.3, 0.1
    came = draw.poisson(expected * np.maximum(draw.normal(1.0, level_cv, 20_000), 0))
    wide = 1.645 * np.sqrt(expected + (level_cv * expected) ** 2)
    one = np.ones(1)
    whole = MomentCurve(900, (), expected * one, (expected - wide) * one, (expected + wide) * one, None)
    part = part_of(whole, share * one, one, 0.9)
    mine = draw.binomial(came, share)
    assert float(np.mean((mine >= part.low[0]) & (mine <= part.high[0]))) == pytest.approx(0.9, abs=0.02)
    low, high = bounds_of_part(whole.calls, whole.low, whole.high, part.calls, 0.9)
    assert (low, high) == (pytest.approx(part.low), pytest.approx(part.high))


def test_handle_times_of_parts_that_few_took_up_stay_near_the_mean() -> None:
    counts = np.ones((2, 7, HOURS))
    kinds = [kind_of_day(Calendar(), MONDAY + timedelta(days=at)) for at in range(7)]
    thin = learnt(["a", "b"], counts, kinds, np.array([10_000.0, 5.0]), np.array([2_000_000.0, 5_000.0]))
    assert thin.handle[1] < 1.2  # five of a thousand seconds each, where 200 are usual
    none = learnt(["a", "b"], counts, kinds, np.zeros(2), np.zeros(2))
    assert none.handle.tolist() == [1.0, 1.0]
    assert isinstance(none, Shares)
