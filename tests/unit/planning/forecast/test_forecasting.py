"""From a history to its forecast: what users see of it."""

from datetime import date

import numpy as np
import pytest

from hotline.planning.forecast.accuracy import accuracy, naive_scale
from hotline.planning.forecast.calendar import parse_calendar
from hotline.planning.forecast.errors import ForecastInvalidError
from hotline.planning.forecast.forecasting import forecast
from hotline.planning.forecast.history import Series
from hotline.planning.forecast.horizon import Horizon
from hotline.planning.forecast.overrides import Override, effects, overridden
from hotline.planning.forecast.reading import parse_history
from scenarios import make_call_history
from tests.unit.planning.forecast.centre import MONDAY, OPEN, office


def up_to(series: Series, days: int) -> Series:
    """The same history, ended earlier."""
    return Series(series.key, series.interval_s, series.dates[:days], series.counts[:days])


def test_errors_are_as_defined() -> None:
    found = accuracy(np.array([[10.0, 30.0], [20.0, 40.0]]), np.array([[12.0, 27.0], [20.0, 45.0]]), 5.0)
    assert found.wape == pytest.approx(10 / 100)
    assert found.bias == pytest.approx(4 / 100)
    assert found.mase == pytest.approx(10 / 4 / 5.0)
    assert found.day_wape == pytest.approx((1 + 5) / 100)
    assert naive_scale(np.array([[1.0], [5.0], [4.0]]), np.array([0, 1, 0])) == 3.0


def test_closed_hours_and_days_have_no_calls() -> None:
    found = forecast(office(120), 14)
    assert all(day.weekday() < 5 for day in found.dates)
    assert len(found.dates) == 10
    is_open = np.zeros(48, dtype=bool)
    is_open[OPEN] = True
    assert (found.calls[:, is_open] > 0).all()
    assert (found.calls[:, ~is_open] == 0).all()
    assert (found.high[:, ~is_open] == 0).all()


def test_days_to_come_are_forecast_within_their_bounds_as_often_as_promised() -> None:
    """Simulated data: known truth, many histories."""
    inside, total = 0, 0
    for seed in range(8):
        series = office(228, seed, factor=lambda day: 1.0 + 0.2 * (day.day <= 4))
        found = forecast(up_to(series, 200), 28)
        came = series.counts[[series.dates.index(day) for day in found.dates]][:, OPEN]
        within = (came >= found.low[:, OPEN]) & (came <= found.high[:, OPEN])
        inside, total = inside + int(within.sum()), total + within.size
    assert 0.86 <= inside / total <= 0.94


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
def test_bounds_widen_with_the_coverage_asked_for(coverage: float) -> None:
    series = office(200)
    wide, narrow = forecast(series, 7, coverage=0.99), forecast(series, 7, coverage=coverage)
    assert (wide.high >= narrow.high).all()
    assert (wide.low <= narrow.low).all()
    assert (narrow.low <= narrow.calls).all()
    assert (narrow.calls <= narrow.high).all()


def test_the_example_history_is_forecast_within_the_limits_and_better_than_last_week() -> None:
    """CQ-26 on held-out data, brand by brand: day WAPE <= 10 %, interval <= 15 %, ahead of the baseline."""
    lines = ["start,brand,calls,aht_s"]
    for row in make_call_history.rows(328, seed=5):
        lines.append(f"{row.start:%Y-%m-%dT%H:%M},{row.brand},{row.calls},{row.handle_s:.1f}")
    for series in parse_history(lines, 1800):
        found = forecast(up_to(series, 300), 28)
        came = series.counts[300:328]
        last_week = series.counts[293 + np.arange(28) % 7]
        errors = accuracy(came, found.calls, None)
        assert errors.wape is not None
        assert errors.day_wape is not None
        assert errors.wape <= 0.15
        assert errors.day_wape <= 0.10
        baseline = accuracy(came, last_week, None).wape
        assert baseline is not None
        assert errors.wape < baseline


def test_outages_gaps_and_told_days_are_marked_and_not_learnt() -> None:
    series = office(150)
    counts = series.counts.copy()
    counts[49, 20:26] = 0.0  # three hours without a call on a Monday
    counts[70, 22] = 4000.0
    counts[84] = np.nan
    calendar = parse_calendar(["date,kind", f"{series.dates[91]},outage"])
    found = forecast(Series(series.key, 1800, series.dates, counts), 7, calendar)
    kinds = {(mark.day, mark.kind): mark for mark in found.marks}
    assert kinds[series.dates[49], "outage"].intervals == tuple(range(20, 26))
    assert kinds[series.dates[49], "outage"].treatment == "repaired"
    assert kinds[series.dates[70], "spike"].intervals == (22,)
    assert kinds[series.dates[84], "gap"].treatment == "excluded"
    assert kinds[series.dates[91], "told"].treatment == "excluded"
    clean = forecast(series, 7)
    assert found.calls.sum() == pytest.approx(clean.calls.sum(), rel=0.01)


def test_a_day_that_breaks_off_is_not_learnt_and_its_rest_follows_its_counts() -> None:
    series = office(120)  # ends on a Sunday
    whole = forecast(up_to(series, 113), 1)  # Monday as seen on the Sunday before
    counts = series.counts[:114].copy()
    counts[113, 16:26] = np.round(counts[113, 16:26] * 1.3)
    counts[113, 26:] = np.nan
    found = forecast(Series(series.key, 1800, series.dates[:114], counts), 3)
    assert found.dates[0] == series.dates[113]
    assert found.first_interval == 26
    assert [mark.kind for mark in found.marks if mark.day == series.dates[113]] == ["partial"]
    ratio = found.calls[0, 26:36].sum() / whole.calls[0, 26:36].sum()
    assert 1.05 < ratio < 1.3


@pytest.mark.parametrize("days", [1, 3, 8, 20])
def test_short_histories_are_forecast_all_the_same(days: int) -> None:
    found = forecast(office(days), 7)
    assert found.dates
    assert found.calls.sum() > 0
    assert np.isfinite(found.calls).all()


def test_weekdays_that_a_short_history_cannot_show_are_open_as_the_others() -> None:
    found = forecast(office(3), 7)
    assert [day.weekday() for day in found.dates] == [3, 4, 0, 1, 2]
    assert (found.calls[:, OPEN] > 0).all()


def test_thirteen_months_ahead() -> None:
    found = forecast(office(200, country="CN"), 395)
    assert 250 <= len(found.dates) <= 285
    assert found.country == "CN"
    assert date(2025, 10, 1) not in found.dates
    assert np.isfinite(found.calls).all()
    assert 0.8 < found.calls[-20:].sum(axis=1).mean() / 2000 / 1.06 < 1.2


def test_intervals_are_counted_where_calls_come() -> None:
    found = forecast(office(120), Horizon(intervals=25))
    assert [int((day > 0).sum()) for day in found.calls] == [20, 5]


def test_when_nothing_is_open_so_soon_the_next_open_day_is_given() -> None:
    friday = up_to(office(120), 117)
    assert friday.dates[-1].weekday() == 4
    assert [day.weekday() for day in forecast(friday, 1).dates] == [0]


@pytest.mark.parametrize("horizon", [0, 401])
def test_horizons_beyond_reason_are_refused(horizon: int) -> None:
    with pytest.raises(ForecastInvalidError, match="1 to 400"):
        forecast(office(60), horizon)


def test_a_quiet_queue_is_forecast_without_bias() -> None:
    series = office(228, a_day=12.0)
    found = forecast(up_to(series, 200), 28)
    came = np.nansum(series.counts[200:228])
    assert found.calls.sum() == pytest.approx(came, rel=0.12)


def test_handle_time_follows_the_last_weeks_and_the_hour() -> None:
    series = office(150)
    handle = np.where(np.isnan(series.counts), np.nan, 200.0)
    handle[:, 30:] *= 1.2
    handle[100:] *= 1.1
    found = forecast(Series(series.key, 1800, series.dates, series.counts, handle), 7)
    assert found.handle_s is not None
    assert found.handle_s[0, 20] == pytest.approx(220.0, rel=0.02)
    assert found.handle_s[0, 32] == pytest.approx(264.0, rel=0.02)


def test_overrides_are_applied_with_their_reason_and_judged_later() -> None:
    found = forecast(office(120), 7)
    start, end = found.start(0, 20), found.start(0, 30)
    change = Override(start, end, "bills sent late", "planner", factor=1.5)
    changed = overridden(found, [change])
    assert changed.calls[0, 20:30] == pytest.approx(found.calls[0, 20:30] * 1.5)
    assert (changed.calls[1:] == found.calls[1:]).all()
    (effect,) = effects(found, [change], found.calls * 1.4)
    assert effect.intervals == 10
    assert effect.missed_before == pytest.approx(0.4 * found.calls[0, 20:30].sum())
    assert effect.saved == pytest.approx(0.3 * found.calls[0, 20:30].sum())
    (worse,) = effects(found, [change], found.calls)
    assert worse.saved < 0


def test_overrides_without_reason_or_place_are_refused() -> None:
    found = forecast(office(60), 7)
    start = found.start(0, 20)
    for wrong in (
        lambda: Override(start, found.start(0, 22), " ", "planner", factor=1.2),
        lambda: Override(start, start, "late", "planner", factor=1.2),
        lambda: Override(start, found.start(0, 22), "late", "planner"),
        lambda: Override(start, found.start(0, 22), "late", "planner", factor=1.2, calls=4),
        lambda: overridden(found, [Override(start.replace(year=2020), start.replace(year=2021), "x", "y", calls=3)]),
    ):
        with pytest.raises(ForecastInvalidError):
            wrong()


def test_dates_are_those_after_the_history() -> None:
    found = forecast(office(14), 7)
    assert found.dates[0] == MONDAY.replace(day=20)
