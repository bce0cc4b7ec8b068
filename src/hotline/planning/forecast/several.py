"""The forecasts of several series: those to come borrow from those that have a history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotline.planning.forecast.borrowing import LEAST_DAYS, borrowed, days_with_calls, observed_share
from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.errors import ForecastInvalidError, HistoryInvalidError
from hotline.planning.forecast.forecasting import COVERAGE, Forecast, forecast
from hotline.planning.forecast.history import Series, SeriesKey
from hotline.planning.forecast.horizon import Horizon
from hotline.planning.forecast.openings import shared_country


@dataclass(frozen=True, slots=True)
class Like:
    """A series to come that is like another one, at a share of it; None: the share seen so far."""

    new: SeriesKey
    other: SeriesKey
    share: float | None = None


def forecasts(
    series: Sequence[Series],
    horizon: Horizon | int,
    calendar: Calendar,
    likes: Sequence[Like] = (),
    *,
    coverage: float = COVERAGE,
    told: Callable[[int], None] = lambda done: None,
) -> list[Forecast]:
    """One forecast a series with calls; `told` is called with how many are done.

    A series of fewer than ten days borrows from the largest one unless a Like names another. Without a country in the
    calendar, the one whose public holidays most of the series keep counts. Raises HistoryInvalidError when there is no
    call at all, ForecastInvalidError when a Like names what is not there."""
    series = [one for one in series if (one.counts > 0).any()]
    if not calendar.country:
        calendar = calendar.with_country(shared_country(series))
    known = {one.key: one for one in series}
    wished = {like.new for like in likes}
    largest = _largest(series)
    found: dict[SeriesKey, Forecast] = {}

    def ask(one: Series) -> Forecast:
        return forecast(one, horizon, calendar, coverage=coverage)

    for one in series:
        is_new = days_with_calls(one) < LEAST_DAYS and largest is not None
        if one.key not in wished and not is_new:
            found[one.key] = ask(one)
            told(len(found))
    for one in series:
        if one.key not in found and one.key not in wished and largest is not None:
            lender = found.get(largest.key) or ask(largest)
            found[one.key] = borrowed(lender, one.key, observed_share(one, largest), days_with_calls(one))
    for like in likes:
        found[like.new] = _borrowing(like, known, found, ask)
    told(len(found))
    if not found:
        raise HistoryInvalidError(problem="there is no call in it; give a history with calls")
    return list(found.values())


def _largest(series: Sequence[Series]) -> Series | None:
    grown = [one for one in series if days_with_calls(one) >= LEAST_DAYS]
    return max(grown, key=lambda one: float(one.counts[one.counts > 0].sum()), default=None)


def _borrowing(
    like: Like, known: dict[SeriesKey, Series], found: dict[SeriesKey, Forecast], ask: Callable[[Series], Forecast]
) -> Forecast:
    other, new = known.get(like.other), known.get(like.new)
    if other is None:
        raise ForecastInvalidError(problem=f"{like.other.label()} has no calls to borrow from; choose another")
    share = like.share
    if share is None and new is not None:
        share = observed_share(new, other)
    if share is None:
        raise ForecastInvalidError(problem=f"{like.new.label()} has no history; add what share of the other to expect")
    return borrowed(found.get(other.key) or ask(other), like.new, share, days_with_calls(new) if new else 0)
