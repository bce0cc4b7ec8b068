"""Rolling-origin backtest: each model forecasts days it has not seen, and the better one is chosen for each horizon."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotline.planning.forecast.accuracy import NOTHING, Accuracy, accuracy, naive_scale
from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.models import Cut, Model

ORIGINS = 6
SINGLE_DAYS = 67
_LEARN_SHARE = 0.54  # of the known days come before the first origin
_LEAST_LEARNT = 10
_FORTNIGHT = 14
_DAYS_TRIED = 140


@dataclass(frozen=True, slots=True)
class Trial:
    """One model over the cuts of a backtest: its forecasts and its errors."""

    model: Model
    forecasts: tuple[Floats, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Backtest:
    """All models over the same cuts, best first; `horizon_days` is how far each cut reached."""

    horizon_days: int
    cuts: tuple[Cut, ...]
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial | None:
        """The model with the least WAPE; None when the history is too short to try any."""
        return self.trials[0] if self.trials else None


def single_days(table: DayTable) -> list[Cut]:
    """Up to 67 cuts of one day each, the last known days."""
    first = max(_first_origin(table.known), table.known - SINGLE_DAYS)
    return [(row, row + 1) for row in range(first, table.known)]


def long_cuts(table: DayTable, horizon_days: int) -> list[Cut]:
    """Cuts spread evenly, each with the days of a horizon of so many calendar days; none in a history too short.

    Six of them, or more where the horizon is less than two weeks, so that about as many days are tried."""
    ends = [_end(table, row, horizon_days) for row in range(table.known)]
    whole = [row for row in range(1, table.known) if ends[row] is not None]
    begin = _first_origin(table.known)
    usable = [row for row in whole if row >= begin]
    if not usable:
        return []
    chosen = sorted(
        {int(row) for row in np.linspace(usable[0], usable[-1], min(_origins(horizon_days), len(usable))).round()}
    )
    return [(row, end) for row in chosen if (end := ends[row]) is not None]


def _origins(horizon_days: int) -> int:
    return max(ORIGINS, min(SINGLE_DAYS, _DAYS_TRIED // horizon_days)) if horizon_days < _FORTNIGHT else ORIGINS


def _first_origin(known: int) -> int:
    return max(_LEAST_LEARNT, round(_LEARN_SHARE * known))


def _end(table: DayTable, row: int, horizon_days: int) -> int | None:
    """The row after the horizon of a forecast made when `row` days were known; None when it is not all known."""
    if row < 1:
        return None
    last_day = table.age_days[row - 1] + horizon_days
    ages = table.age_days[: table.known]
    rest_after_history = 2  # the weekend after the last known day belongs to the history
    if last_day > ages[-1] + rest_after_history:
        return None
    end = int(np.searchsorted(ages, last_day, side="right"))
    return end if end > row else None


def backtest(table: DayTable, models: Sequence[Model], horizon_days: int) -> Backtest:
    """Every model that the history is long enough for, over single days or the horizon, best first."""
    cuts: list[Cut] = []
    reach = horizon_days
    if horizon_days > 1:
        while not cuts and reach > 1:
            cuts = long_cuts(table, reach)
            reach = reach if cuts else reach // 2
    if not cuts:
        cuts, reach = single_days(table), 1
    if not cuts:
        return Backtest(reach, (), ())
    trials = [_trial(table, model, cuts) for model in models if model.least_days <= cuts[0][0]]
    trials = [trial for trial in trials if trial.accuracy.wape is not None]
    return Backtest(reach, tuple(cuts), tuple(sorted(trials, key=lambda trial: trial.accuracy.wape or 0.0)))


def _trial(table: DayTable, model: Model, cuts: Sequence[Cut]) -> Trial:
    forecasts = model.forecasts(table, cuts)
    return Trial(model, tuple(forecasts), errors(table, forecasts, cuts))


def errors(table: DayTable, forecasts: Sequence[Floats], cuts: Sequence[Cut]) -> Accuracy:
    """Errors over the cuts together; MASE by the naive error within the whole history."""
    if not cuts:
        return NOTHING
    actual = np.concatenate([table.counts[begin:end] for begin, end in cuts])
    answer = np.concatenate(list(forecasts))
    is_open = (actual.sum(axis=0) > 0) | (answer.sum(axis=0) > 0)
    scale = naive_scale(table.counts[:, is_open], table.weekday[: table.known])
    return accuracy(actual[:, is_open], answer[:, is_open], scale)


def by_reach(table: DayTable, trial: Trial, cuts: Sequence[Cut]) -> list[tuple[int, int, Accuracy]]:
    """Errors by how far ahead, in calendar days: (from, to, errors) of the bands 1, 2–7, 8–14, 15–28, ..."""
    bands = ((1, 1), (2, 7), (8, 14), (15, 28), (29, 91), (92, 400))
    found = []
    for low, high in bands:
        rows, answers = [], []
        for (begin, end), forecast in zip(cuts, trial.forecasts, strict=True):
            ahead = table.age_days[begin:end] - table.age_days[begin - 1]
            within = (ahead >= low) & (ahead <= high)
            rows.append(table.counts[begin:end][within])
            answers.append(forecast[within])
        actual, answer = np.concatenate(rows), np.concatenate(answers)
        if len(actual):
            scale = naive_scale(table.counts, table.weekday[: table.known])
            found.append((low, high, accuracy(actual, answer, scale)))
    return found
