"""A forecast as a document for programs and as a table for people."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from hotline.planning.forecast.accuracy import NOTHING, Accuracy, pooled
from hotline.planning.forecast.forecasting import BASELINE, Choice, Forecast
from hotline.planning.forecast.history import Mark

_PLACES = ("brand", "channel", "site")


def document(found: Sequence[Forecast]) -> dict[str, Any]:
    """The forecasts as JSON would hold them."""
    names = sorted({one.model for one in found})
    return {
        "interval_s": found[0].interval_s,
        "model": names[0] if len(names) == 1 else "by series",
        "backtest": _errors(pooled([one.accuracy for one in found])),
        "coverage": found[0].coverage,
        "series": [series_document(one) for one in found],
        "forecast": [row for one in found for row in _rows(one)],
    }


def table(found: Sequence[Forecast]) -> str:
    """Day totals of each series with their errors, as lines of text."""
    lines = []
    for one in found:
        lines.append(f"{one.key.label()}: {one.model}{_said(one.accuracy)}")
        for row, day in enumerate(one.dates):
            lines.append(f"  {day:%Y-%m-%d %a} {one.calls[row].sum():10.0f} calls")
        lines += [f"  not taken as it stood: {_mark(mark)}" for mark in one.marks]
    return "\n".join(lines)


def _said(errors: Accuracy) -> str:
    if errors.wape is None:
        return " (history too short for a backtest)"
    return f", backtest: WAPE {errors.wape:.4f}, bias {errors.bias:+.4f}"


def _mark(mark: Mark) -> str:
    return f"{mark.day} {mark.kind}, {mark.treatment}" + (f" ({mark.note})" if mark.note else "")


def series_document(one: Forecast) -> dict[str, Any]:
    """How the forecast of a series was found: models tried with their errors, by horizon, and marks."""
    horizons = {"next_day": one.next_day} if one.horizon_days <= 1 else {"next_day": one.next_day, "later": one.later}
    return {
        "queue": one.key.queue,
        **{name: value for name in _PLACES if (value := getattr(one.key, name))},
        "model": one.model,
        "backtest": _errors(one.accuracy),
        "holidays_of": one.country,
        "horizons": {name: _choice(choice) for name, choice in horizons.items()},
        "marks": [_mark_document(mark, one.interval_s) for mark in one.marks],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    trials = choice.trials
    best = trials.best
    baseline = next((trial.accuracy for trial in trials.trials if trial.model is BASELINE), NOTHING)
    return {
        "model": choice.model.name,
        "days": trials.horizon_days,
        "origins": len(trials.cuts),
        "baseline": {"model": BASELINE.name, **_errors(baseline)},
        "tried": [{"model": trial.model.name, **_errors(trial.accuracy)} for trial in trials.trials],
        "by_days_ahead": _by_reach(choice) if best else [],
    }


def _by_reach(choice: Choice) -> list[dict[str, Any]]:
    return [{"from": low, "to": high, **_errors(errors)} for low, high, errors in choice.by_reach]


def _errors(errors: Accuracy) -> dict[str, float | None]:
    values = {"wape": errors.wape, "mase": errors.mase, "bias": errors.bias, "day_wape": errors.day_wape}
    return {name: None if value is None else round(value, 5) for name, value in values.items()}


def _mark_document(mark: Mark, interval_s: int) -> dict[str, Any]:
    begin = datetime.combine(mark.day, datetime.min.time())
    starts = [f"{begin + timedelta(seconds=number * interval_s):%H:%M}" for number in mark.intervals]
    return {
        "day": mark.day.isoformat(), "kind": mark.kind, "treatment": mark.treatment, "intervals": starts,
        "note": mark.note,
    }  # fmt: skip


def _rows(one: Forecast) -> Iterator[dict[str, Any]]:
    for row in range(len(one.dates)):
        intervals = np.flatnonzero(one.calls[row] > 0)
        for interval in intervals.tolist():
            start = one.start(row, interval)
            is_past = row == 0 and interval < one.first_interval
            if is_past:
                continue
            yield {
                "start": one.style.write(start),
                "queue": one.key.queue,
                **{name: value for name in _PLACES if (value := getattr(one.key, name))},
                "calls": round(float(one.calls[row, interval]), 3),
                "low": round(float(one.low[row, interval]), 3),
                "high": round(float(one.high[row, interval]), 3),
                **({} if one.handle_s is None else {"aht_s": round(float(one.handle_s[row, interval]), 1)}),
            }
