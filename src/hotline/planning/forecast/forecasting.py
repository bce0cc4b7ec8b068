"""From a history to its forecast: clean, choose by backtest for each horizon, forecast, give bounds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hotline.planning.forecast import backtest as bt
from hotline.planning.forecast import cleaning, intraday
from hotline.planning.forecast.accuracy import NOTHING, Accuracy
from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.curve import Curve
from hotline.planning.forecast.days import DayTable, day_table
from hotline.planning.forecast.errors import HistoryInvalidError
from hotline.planning.forecast.handle_time import handle_times
from hotline.planning.forecast.history import PLAIN_TIMES, Floats, Mark, Series, SeriesKey, TimeStyle
from hotline.planning.forecast.horizon import Horizon, days_ahead, first_intervals
from hotline.planning.forecast.intervals import Spread, level_cv, spread
from hotline.planning.forecast.models import LastSameWeekdays, Model
from hotline.planning.forecast.openings import Openings, openings, recognised_country
from hotline.planning.forecast.process import BY_DATE, BY_WORKING_DAY, CalendarProcess, with_doubt
from hotline.planning.forecast.regression import TwoCalendars

BASELINE = LastSameWeekdays("same weekday last week", 1)
FEW_DAYS = LastSameWeekdays("mean of last four same weekdays", 4)
MODELS: tuple[Model, ...] = (
    CalendarProcess("calendar process by working days", BY_WORKING_DAY),
    CalendarProcess("calendar process by dates", BY_DATE),
    TwoCalendars("two calendars, steady level", 0.2),
    TwoCalendars("two calendars, quick level", 0.5),
    FEW_DAYS,
    BASELINE,
)
COVERAGE = 0.9
MOST_DAYS = 800  # the last ones are learnt from: two seasons, in less than a second


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for some of the days ahead: the model, the backtest that chose it, the spread of its errors."""

    model: Model
    trials: bt.Backtest
    spread: Spread
    level_cv: float
    by_reach: tuple[tuple[int, int, Accuracy], ...]


@dataclass(frozen=True, slots=True)
class Forecast(Curve):
    """The curve of a series, and how it was found.

    `next_day` chose for the first open day, `later` for all after it. `bounds` hold `coverage` of what comes.
    `first_interval` is where the first day's forecast begins, after the counts that are known of it."""

    key: SeriesKey
    next_day: Choice
    later: Choice
    horizon_days: int
    coverage: float
    marks: tuple[Mark, ...]
    country: str
    style: TimeStyle = PLAIN_TIMES
    first_interval: int = 0
    borrowed_from: str = ""
    lender: SeriesKey | None = None  # whose profile it is, times `share`
    share: float = 1.0

    @property
    def model(self) -> str:
        """The model's name; both where the next day has another one."""
        if self.borrowed_from:
            return self.borrowed_from
        first, later = self.next_day.model.name, self.later.model.name
        if self.horizon_days <= 1 or first == later:
            return first if self.horizon_days <= 1 else later
        return f"{later}; next day: {first}"

    @property
    def accuracy(self) -> Accuracy:
        """Errors of the chosen model in the backtest at this horizon."""
        best = (self.next_day if self.horizon_days <= 1 else self.later).trials.best
        return best.accuracy if best else NOTHING


def forecast(
    series: Series,
    horizon: Horizon | int = 28,
    calendar: Calendar | None = None,
    *,
    models: Sequence[Model] = MODELS,
    coverage: float = COVERAGE,
) -> Forecast:
    """The forecast of so many calendar days after the history's last, and of the rest of that one; or, by a Horizon,
    of so many intervals in which calls are to be expected. Where nothing is open so soon, the next open day is given.
    Without a country in the calendar, the one whose public holidays the history keeps
    counts. Raises HistoryInvalidError when no day has calls, ForecastInvalidError when the horizon is not 1 to 400
    days."""
    known_calendar = calendar or Calendar()
    if not known_calendar.country and (country := recognised_country(series)):
        known_calendar = known_calendar.with_country(country)
    hours = openings(series, known_calendar)
    series = replace(series, partial_from=cleaning.partial_from(series, hours))
    clean = cleaning.cleaned(series, hours, known_calendar)
    if not len(clean.rows):
        raise HistoryInvalidError(problem=f"{series.key.label()} has no whole day with calls; give at least one")
    asked = Horizon(days=horizon) if isinstance(horizon, int) else horizon
    future = days_ahead(asked, series, hours, known_calendar)
    horizon_days = 1 if len(future) == 1 else asked.days or (future[-1] - series.dates[-1]).days
    rows, counts = clean.rows[-MOST_DAYS:], clean.counts[-MOST_DAYS:]
    known = [series.dates[row] for row in rows]
    table = with_doubt(day_table(known, counts, future, known_calendar, series.key.queue))
    next_day, later = _choices(table, models, horizon_days, coverage)
    calls, low, high = _answers(table, hours, next_day, later)
    answer = Forecast(
        key=series.key, interval_s=series.interval_s, dates=tuple(future), calls=calls, low=low, high=high,
        handle_s=handle_times(series, table, rows), next_day=next_day, later=later, horizon_days=horizon_days,
        coverage=coverage, marks=(*clean.marks, *_outliers(table)), country=known_calendar.country,
        style=series.style,
    )  # fmt: skip
    answer = _rest_of_today(answer, series)
    return answer if asked.intervals is None else _first_intervals(answer, series, asked.intervals)


def _first_intervals(answer: Forecast, series: Series, number: int) -> Forecast:
    is_within = first_intervals(answer.calls > 0, series, answer.first_interval, number)
    calls, low, high = (np.where(is_within, values, 0.0) for values in (answer.calls, answer.low, answer.high))
    return replace(answer, calls=calls, low=low, high=high)


def _choices(table: DayTable, models: Sequence[Model], horizon_days: int, coverage: float) -> tuple[Choice, Choice]:
    next_day = _choice(table, models, 1, coverage)
    return next_day, next_day if horizon_days <= 1 else _choice(table, models, horizon_days, coverage)


def _choice(table: DayTable, models: Sequence[Model], horizon_days: int, coverage: float) -> Choice:
    trials = bt.backtest(table, models, horizon_days)
    if trials.best is None:
        possible = [model for model in models if model.least_days <= table.known]
        model = next((model for model in possible if model is FEW_DAYS), BASELINE)
        return Choice(model, trials, spread((), (), coverage), level_cv((), ()), ())
    actual = [table.counts[begin:end] for begin, end in trials.cuts]
    found = trials.best.forecasts
    by_reach = tuple(bt.by_reach(table, trials.best, trials.cuts))
    return Choice(trials.best.model, trials, spread(actual, found, coverage), level_cv(actual, found), by_reach)


def _answers(table: DayTable, hours: Openings, next_day: Choice, later: Choice) -> tuple[Floats, Floats, Floats]:
    """Calls and bounds of the days asked for; hours that never had a call have none."""
    ahead = len(table.dates) - table.known
    shape = (ahead, table.counts.shape[1])
    calls, low, high = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for chosen, rows in ((next_day, slice(0, 1)), (later, slice(1, ahead))):
        begin, end = table.known + rows.start, table.known + min(rows.stop, ahead)
        if end <= begin:
            continue
        found = chosen.model.forecasts(table, [(table.known, end)])[0][rows.start :]
        is_open = np.stack([hours.hours_on(day) for day in table.dates[begin:end]])
        calls[rows] = np.where(is_open, np.maximum(found, 0.0), 0.0)
        bounds = chosen.spread.bounds(calls[rows])
        low[rows], high[rows] = np.where(is_open, bounds[0], 0.0), np.where(is_open, bounds[1], 0.0)
    return calls, low, high


def _outliers(table: DayTable) -> list[Mark]:
    rows = np.flatnonzero(table.doubt > 1)
    return [Mark(table.dates[row], "outlier", "excluded", note="unlike what the other days say of it") for row in rows]


def _rest_of_today(answer: Forecast, series: Series) -> Forecast:
    """The first day, when some of its counts are known, follows them; what is known already is not forecast."""
    begin = series.partial_from
    if begin is None or not answer.dates or answer.dates[0] != series.dates[-1]:
        return answer
    bounds = intraday.rest_of_day(
        answer.calls[0], np.nan_to_num(series.counts[-1][:begin]), answer.next_day.spread, answer.next_day.level_cv
    )
    calls, low, high = answer.calls.copy(), answer.low.copy(), answer.high.copy()
    calls[0], low[0], high[0] = bounds
    return replace(answer, calls=calls, low=low, high=high, first_interval=begin)
