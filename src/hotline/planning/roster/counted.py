"""Limits counted over the whole horizon: nights, weekends and holidays at most.

They seldom bind. A line that breaks one is found anew with only as many of its own nights, weekends or holidays left
as are allowed, drawn by chance; so the limit is kept for certain, at the price of a line that may be a little worse."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.problem import Problem, RuleSet

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many `groups` of days may hold options of `kind` (true: counts). `group` is -1 for days that do not
    count."""

    most: int
    group: Ints
    kind: Bools

    def spent(self, options: Ints) -> Ints:
        """The groups that a line works in, each once."""
        days = np.flatnonzero((options >= 0) & (self.group >= 0))
        return np.unique(self.group[days[self.kind[options[days]]]])


def limits_of(problem: Problem, rules: RuleSet, is_night: Bools) -> list[Limit]:
    """The limits that the rules have."""
    dates = [problem.start + timedelta(days=n) for n in range(problem.days)]
    every = np.ones(len(is_night), np.bool_)
    holidays = set(problem.holidays)
    known = (
        (rules.most_nights, list(range(problem.days)), is_night),
        (rules.most_weekends, [_week(day) if day.weekday() > 4 else -1 for day in dates], every),
        (rules.most_holidays, [n if day in holidays else -1 for n, day in enumerate(dates)], every),
    )
    return [Limit(most, np.array(group, np.int64), kind) for most, group, kind in known if most is not None]


def barred_beyond(limits: list[Limit], options: Ints, barred: Bools, chance: np.random.Generator) -> Bools | None:
    """`barred` with what the line has too much of barred too; None when every limit is kept."""
    found: Bools | None = None
    for limit in limits:
        spent = limit.spent(options)
        if len(spent) > limit.most:
            kept = chance.permutation(spent)[: limit.most]
            over = np.flatnonzero((limit.group >= 0) & ~np.isin(limit.group, kept))
            found = barred.copy() if found is None else found
            found[np.ix_(over, np.flatnonzero(limit.kind))] = True
    return found


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7
