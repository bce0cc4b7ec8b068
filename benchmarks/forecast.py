"""Forecast errors and CPU seconds beside last week's same weekday, statsforecast and LightGBM, in one run.

    python benchmarks/forecast.py [--history FILE.csv.gz] [--days N] [--peers-from DIRECTORY]

Half-hours of a bank's calls, which this project does not ship: the file is looked for in HOTLINE_BENCH_DATA or beside
the project in ../shared/data, and without it the benchmark says so and ends. All forecast the same hidden days of that
file: four weeks in one go, from six days spread over its second half, and one day ahead on each of its last days (67,
or --days). Ours chooses nothing here: the model is the first of its list; what the whole choice costs is said apart.
Peers are measured where they can be imported (pip install --target DIRECTORY statsforecast lightgbm); they are no
dependencies. Ends with 1 when a target is missed."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hotline.planning.forecast import cleaning
from hotline.planning.forecast.backtest import SINGLE_DAYS, errors, long_cuts, single_days
from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.days import DayTable, day_table
from hotline.planning.forecast.forecasting import BASELINE, MODELS, forecast
from hotline.planning.forecast.history import Floats, Series
from hotline.planning.forecast.models import Cut, Model
from hotline.planning.forecast.openings import openings, recognised_country
from hotline.planning.forecast.process import with_doubt
from hotline.planning.forecast.reading import read_history

NAME = "bank_calls_5min_train.csv.gz"
TARGET_LONG, TARGET_DAY, TARGET_CPU_S = 0.0510, 0.0467, 1.0
SATURDAY = 5
WEEK = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--history", type=Path, default=None)
    parser.add_argument("--days", type=int, default=SINGLE_DAYS, help="single days for the others; ours has all, too")
    parser.add_argument("--peers-from", type=Path, default=None, metavar="DIRECTORY")
    options = parser.parse_args()
    path = options.history or Path(os.environ.get("HOTLINE_BENCH_DATA", "../shared/data")) / NAME
    if not path.exists():
        print(f"SKIPPED: there is no {path}; set HOTLINE_BENCH_DATA to the folder that has {NAME}")
        return 0
    if options.peers_from is not None:
        sys.path.append(str(options.peers_from))
    (series,) = read_history(path, 1800)
    table = table_of(series)
    long, single = long_cuts(table, 28), single_days(table)
    ours = [report("ours", MODELS[0], table, cuts) for cuts in (long, single)]
    if options.days < len(single):
        report("ours", MODELS[0], table, single[-options.days :])
    for cuts in (long, single[-options.days :]):
        report("same weekday last week", BASELINE, table, cuts)
    for name, model in (("statsforecast MSTL + AutoETS", Statsforecast()), ("LightGBM", LightGbm())):
        for cuts in (long, single[-options.days :]):
            peer(name, model, table, cuts)
    for days in (1, 28):
        held(series, table, days)
    seconds = cpu(lambda: forecast(series, 28))
    print(f"whole choice, fit and forecast of four weeks, ours: {seconds:.2f} CPU s (target {TARGET_CPU_S})")
    missed = [ours[0] > TARGET_LONG, ours[1] > TARGET_DAY, seconds > TARGET_CPU_S]
    for is_missed, what in zip(missed, ("four weeks", "one day ahead", "CPU seconds"), strict=True):
        if is_missed:
            print(f"MISSED: {what}")
    return 1 if any(missed) else 0


def table_of(series: Series) -> DayTable:
    """The cleaned days of the history."""
    calendar = Calendar().with_country(recognised_country(series))
    clean = cleaning.cleaned(series, openings(series, calendar), calendar)
    return with_doubt(day_table([series.dates[row] for row in clean.rows], clean.counts, [], calendar, ""))


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def report(name: str, model: Model, table: DayTable, cuts: Sequence[Cut]) -> float:
    """Prints the errors; the WAPE."""
    answers: list[Floats] = []
    seconds = cpu(lambda: answers.extend(model.forecasts(table, cuts)))
    found = errors(table, answers, cuts)
    days = sum(end - begin for begin, end in cuts)
    print(
        f"{name}, {len(cuts)} times, {days} days: WAPE {found.wape:.4f}, MASE {found.mase:.3f}, bias "
        f"{found.bias:+.4f}, day WAPE {found.day_wape:.4f}, {seconds:.2f} CPU s",
        flush=True,
    )
    return found.wape or 0.0


def held(series: Series, table: DayTable, days: int) -> None:
    """Prints how many counts lay within the bounds of forecasts made from what came before them alone."""
    cuts = long_cuts(table, 28) if days > 1 else single_days(table)[::4]
    inside, total = 0, 0
    for begin, end in cuts:
        last = (table.dates[begin - 1] - series.dates[0]).days + 1
        earlier = replace(series, dates=series.dates[:last], counts=series.counts[:last])
        found = forecast(earlier, days)
        rows = [row for row in range(begin, end) if table.dates[row] in found.dates]
        places = [found.dates.index(table.dates[row]) for row in rows]
        is_asked = found.calls[places] > 0
        came = table.counts[rows]
        inside += int(((came >= found.low[places]) & (came <= found.high[places]) & is_asked).sum())
        total += int(is_asked.sum())
    print(f"bounds of 90 %, {days} days ahead, {len(cuts)} times: {inside / total:.1%} of {total} counts within")


def peer(name: str, model: Model, table: DayTable, cuts: Sequence[Cut]) -> None:
    try:
        report(name, model, table, cuts)
    except ImportError as error:
        print(f"{name}: not measured, it cannot be imported here ({error})")


def regular(table: DayTable, begin: int) -> tuple[Floats, list[date]]:
    """Known days before a cut on a grid of all weekdays: those without calls have the week before's."""
    first, last = table.dates[0], table.dates[begin - 1]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() < SATURDAY]
    rows = {day: row for row, day in enumerate(table.dates[:begin])}
    grid: list[Floats] = []
    for number, day in enumerate(days):
        grid.append(table.counts[rows[day]] if day in rows else grid[max(number - WEEK, 0)])
    return np.stack(grid), days


def is_open(table: DayTable) -> np.typing.NDArray[np.bool_]:
    return np.asarray(table.counts.sum(axis=0) > 0)


class Peer:
    """Forecasts on the regular grid; the rows of the cut are picked from it."""

    least_days = 30

    def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
        hours = is_open(table)
        answers = []
        for begin, end in cuts:
            known, days = regular(table, begin)
            ahead = [days[-1] + timedelta(days=number) for number in range(1, 60)]
            ahead = [day for day in ahead if day.weekday() < SATURDAY and day <= table.dates[end - 1]]
            found = self.grid(known[:, hours], days, ahead)
            answer = np.zeros((end - begin, table.counts.shape[1]))
            answer[:, hours] = found[[ahead.index(day) for day in table.dates[begin:end]]]
            answers.append(answer)
        return answers

    def grid(self, known: Floats, days: list[date], ahead: list[date]) -> Floats:
        raise NotImplementedError


class Statsforecast(Peer):
    """MSTL with seasons of a day and a week, the trend by AutoETS."""

    name = "statsforecast"

    def grid(self, known: Floats, days: list[date], ahead: list[date]) -> Floats:
        from statsforecast.models import MSTL, AutoETS

        season = known.shape[1]
        model = MSTL(season_length=[season, WEEK * season], trend_forecaster=AutoETS(model="ZZN"))
        found = model.fit(known.ravel()).predict(h=len(ahead) * season)["mean"]
        return np.asarray(found).reshape(len(ahead), season)


class LightGbm(Peer):
    """Boosted trees on weekday, half-hour, place in the month, the last same weekdays; a day ahead the last days."""

    name = "lightgbm"

    def grid(self, known: Floats, days: list[date], ahead: list[date]) -> Floats:
        import lightgbm

        lag = WEEK if len(ahead) == 1 else -(-len(ahead) // WEEK) * WEEK
        values = np.vstack([known, np.full((len(ahead), known.shape[1]), np.nan)])
        dates = [*days, *ahead]
        first = lag + 4 * WEEK
        learn = np.vstack([self._features(row, values, dates, lag, len(ahead)) for row in range(first, len(days))])
        settings = {
            "objective": "poisson", "learning_rate": 0.03, "num_leaves": 31, "min_data_in_leaf": 40,
            "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "verbose": -1, "num_threads": 1,
            "seed": 1,
        }  # fmt: skip
        model = lightgbm.train(settings, lightgbm.Dataset(learn, known[first:].ravel()), 300)
        rows = range(len(days), len(dates))
        asked = np.vstack([self._features(row, values, dates, lag, len(ahead)) for row in rows])
        return np.asarray(model.predict(asked)).reshape(len(ahead), known.shape[1])

    def _features(self, row: int, values: Floats, dates: list[date], lag: int, ahead: int) -> Floats:
        width, day = values.shape[1], dates[row]
        left = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - day).days - 1
        columns = [values[row - back] for back in range(1, 6)] if ahead == 1 else []
        columns += [values[row - lag - WEEK * week] for week in range(4)]
        columns += [np.arange(width), values[row - lag - 4 : row - lag + 1].mean(axis=0)]
        columns += [np.full(width, value) for value in (day.weekday(), day.day, min(day.day, left))]
        return np.stack(columns, axis=1).astype(np.float64)


if __name__ == "__main__":
    sys.exit(main())
