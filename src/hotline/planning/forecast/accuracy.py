"""How far a forecast was from what came: WAPE, MASE, bias. Definitions: docs/planning.md#errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors over some intervals; None where the definition has nothing to divide by.

    wape: sum of absolute errors ÷ sum of actual. bias: (sum of forecast − sum of actual) ÷ sum of actual.
    mase: mean absolute error ÷ that of the week before's same interval within the history.
    day_wape: WAPE of the days' totals."""

    wape: float | None
    mase: float | None
    bias: float | None
    day_wape: float | None
    intervals: int
    calls: float


NOTHING = Accuracy(None, None, None, None, 0, 0.0)


def accuracy(actual: Floats, forecast: Floats, scale: float | None) -> Accuracy:
    """Errors of a forecast (days × intervals) whose naive error within the history is `scale` calls an interval."""
    if actual.size == 0:
        return NOTHING
    total, error = float(actual.sum()), forecast - actual
    missed = float(np.abs(error).sum())
    return Accuracy(
        wape=missed / total if total > 0 else None,
        mase=missed / error.size / scale if scale else None,
        bias=float(error.sum()) / total if total > 0 else None,
        day_wape=float(np.abs(error.sum(axis=1)).sum()) / total if total > 0 else None,
        intervals=actual.size,
        calls=total,
    )


def pooled(parts: Sequence[Accuracy]) -> Accuracy:
    """Errors of several series together: each weighs by its calls, in MASE by its intervals."""
    known = [part for part in parts if part.wape is not None]
    calls, intervals = sum(part.calls for part in known), sum(part.intervals for part in known)
    if not calls:
        return NOTHING
    scaled = [part for part in known if part.mase is not None]
    weight = sum(part.intervals for part in scaled)
    return Accuracy(
        wape=sum((part.wape or 0.0) * part.calls for part in known) / calls,
        mase=sum((part.mase or 0.0) * part.intervals for part in scaled) / weight if weight else None,
        bias=sum((part.bias or 0.0) * part.calls for part in known) / calls,
        day_wape=sum((part.day_wape or 0.0) * part.calls for part in known) / calls,
        intervals=intervals,
        calls=calls,
    )


def naive_scale(counts: Floats, weekdays: npt.NDArray[np.int64]) -> float | None:
    """Mean absolute difference, calls, between an interval and the one of the last same weekday; None without one."""
    last: dict[int, int] = {}
    differences = []
    for row, weekday in enumerate(weekdays.tolist()):
        if weekday in last:
            differences.append(np.abs(counts[row] - counts[last[weekday]]).mean())
        last[weekday] = row
    return float(np.mean(differences)) if differences else None
