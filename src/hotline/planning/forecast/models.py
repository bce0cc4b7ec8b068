"""The one interface of all models, and the plain ones: last week's same weekday, the mean of the last four."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from hotline.planning.forecast.days import DayTable
from hotline.planning.forecast.history import Floats

Cut = tuple[int, int]
"""Known rows come before the first number; the rows from it to the second are forecast."""


class Model(Protocol):
    """A way to forecast days from the days before them.

    `forecasts` answers each cut with calls expected (days of the cut × intervals). It must not use counts at or
    after the cut's begin: the backtest trusts that. `least_days` are needed before a cut."""

    name: str
    least_days: int

    def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
        """Calls expected, for each cut."""
        ...


class LastSameWeekdays:
    """The mean of the last so many days of the same weekday; one of them is the baseline of the trade."""

    def __init__(self, name: str, weeks: int) -> None:
        self.name, self.weeks = name, weeks
        self.least_days = 1

    def forecasts(self, table: DayTable, cuts: Sequence[Cut]) -> list[Floats]:
        """Calls expected, for each cut; a weekday never seen is forecast as the mean of the last days."""
        return [np.stack([self._one(table, begin, row) for row in range(begin, end)]) for begin, end in cuts]

    def _one(self, table: DayTable, begin: int, row: int) -> Floats:
        rows = np.flatnonzero(table.weekday[:begin] == table.weekday[row])[-self.weeks :]
        chosen = rows if len(rows) else np.arange(max(0, begin - 5), begin)
        return np.asarray(table.counts[chosen].mean(axis=0), dtype=np.float64)
