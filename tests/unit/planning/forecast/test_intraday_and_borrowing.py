"""Within the day, and for queues without a history of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.planning.forecast.borrowing import borrowed, observed_share
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.forecasting import forecast
from hotline.planning.forecast.history import Series, SeriesKey
from hotline.planning.forecast.intervals import Spread
from hotline.planning.forecast.intraday import level_factor, rest_of_day
from tests.unit.planning.forecast.centre import OPEN, office, profile

SPREAD = Spread(0.08, -1.6, 1.6)
DAY = 2000.0 * profile()


def test_nothing_known_changes_nothing() -> None:
    calls, low, high = rest_of_day(DAY, np.zeros(0), SPREAD, 0.05)
    assert calls == pytest.approx(DAY)
    assert (low <= calls).all()
    assert (calls <= high).all()


def test_what_was_counted_stays_and_the_rest_moves_towards_it() -> None:
    so_far = DAY[:26] * 1.2
    calls, low, high = rest_of_day(DAY, so_far, SPREAD, 0.05)
    assert calls[:26] == pytest.approx(so_far)
    assert low[:26] == pytest.approx(so_far)
    assert 1.05 < calls[26:].sum() / DAY[26:].sum() < 1.2
    assert (high[DAY <= 0] == 0).all()


@given(st.floats(0.5, 2.0), st.integers(17, 35))
def test_the_level_lies_between_forecast_and_counts_and_nearer_these_as_the_day_goes_on(
    ratio: float, known: int
) -> None:
    expected = float(DAY[:known].sum())
    earlier, before = level_factor(float(DAY[:16].sum()), ratio * float(DAY[:16].sum()), 0.05)
    factor, left = level_factor(expected, ratio * expected, 0.05)
    assert min(1.0, ratio) - 1e-9 <= factor <= max(1.0, ratio) + 1e-9
    assert abs(factor - ratio) <= abs(earlier - ratio) + 1e-9
    assert left <= before


def test_re_forecasts_of_simulated_days_come_nearer_than_the_forecast() -> None:
    draw = np.random.default_rng(4)
    missed_before, missed_after = 0.0, 0.0
    for _day in range(200):
        came = draw.poisson(DAY * np.exp(draw.normal(0.0, 0.1)))
        calls, _low, _high = rest_of_day(DAY, came[:26].astype(float), SPREAD, 0.1)
        missed_before += float(np.abs(DAY[26:] - came[26:]).sum())
        missed_after += float(np.abs(calls[26:] - came[26:]).sum())
    assert missed_after < 0.8 * missed_before


@pytest.mark.parametrize("so_far", [np.ones(49), np.array([3.0, -1.0]), np.array([np.nan])])
def test_counts_that_cannot_be_are_refused(so_far: np.ndarray) -> None:
    with pytest.raises(ForecastInvalidError):
        rest_of_day(DAY, so_far, SPREAD, 0.05)


def test_a_new_queue_has_the_others_profile_at_its_own_level() -> None:
    old, new = office(200), office(5, seed=9, a_day=600.0, queue="new")
    late = Series(new.key, 1800, old.dates[-7:-2], new.counts)
    share = observed_share(late, old)
    assert share == pytest.approx(0.3, rel=0.06)
    lender = forecast(old, 14)
    found = borrowed(lender, late.key, share, days=5)
    assert found.calls == pytest.approx(lender.calls * share)
    assert "repair" in found.model
    width = (found.high - found.low)[:, OPEN] / found.calls[:, OPEN]
    assert (width > ((lender.high - lender.low) / np.maximum(lender.calls, 1e-9))[:, OPEN]).all()


def test_without_anything_in_common_or_a_share_it_is_refused() -> None:
    old = office(30)
    stranger = Series(SeriesKey("new"), 1800, tuple(day.replace(year=2031) for day in old.dates), old.counts)
    with pytest.raises(ForecastInvalidError, match="no interval in common"):
        observed_share(stranger, old)
    with pytest.raises(ForecastInvalidError, match="above 0"):
        borrowed(forecast(old, 7), SeriesKey("new"), 0.0)
