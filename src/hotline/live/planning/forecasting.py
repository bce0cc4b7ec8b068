"""The forecast asked for by planners. No Django here: it runs in the player's process."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any, Literal

import msgspec
import numpy as np

from hotline.live.player_process import Worker
from hotline.planning.forecast.calendar import Calendar, Note
from hotline.planning.forecast.forecasting import COVERAGE, Forecast
from hotline.planning.forecast.history import Floats, Series, SeriesKey
from hotline.planning.forecast.parts import kind_of_day, learnt, split
from hotline.planning.forecast.report import series_document
from hotline.planning.forecast.several import Like, forecasts

Rows = list[list[float | None]]
PAST_DAYS = 56  # of the history, shown before the forecast
_BORROWED_CV = 0.1  # of the level of a day that is a share of another series


class SeriesQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A history: `counts` and `handle_s` (seconds) are days from `first_day` × intervals of the day by the wall; null:
    unknown. `skipped`: intervals of a day that the clocks jumped over."""

    queue: str
    brand: str
    first_day: date
    counts: Rows
    handle_s: Rows | None = None
    skipped: dict[date, tuple[int, ...]] = {}


class LikeQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A queue to come that is like another one."""

    queue: str
    other: str
    share: float | None


class PartQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts of a queue that were of one brand, channel or site: by day (from `first_day` on) and hour; of those
    that agents took up, how many and the seconds that they took. All parts of a cut have the same days."""

    queue: str
    cut: Literal["brand", "channel", "site"]
    name: str
    first_day: date
    counts: list[list[float]]
    handled: float
    handle_s: float


class ForecastQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be forecast: the days from `first_day` to `last_day`, of histories that all end on `history_to`."""

    interval_s: int
    history_from: date
    history_to: date
    is_simulated: bool
    first_day: date
    last_day: date
    country: str
    notes: list[Note]
    series: list[SeriesQuestion]
    likes: list[LikeQuestion] = []
    parts: list[PartQuestion] = []
    coverage: float = COVERAGE


def answer(question: ForecastQuestion, worker: Worker) -> dict[str, Any]:
    """The curves of each series with how they were found; news are the series done.

    Raises HistoryInvalidError and ForecastInvalidError."""
    steps = len(question.series)
    worker.tell(steps=steps, steps_done=0)
    found = forecasts(
        [_series(one, question.interval_s) for one in question.series],
        (question.last_day - question.history_to).days,
        Calendar(question.country, tuple(question.notes)),
        [Like(SeriesKey(one.queue), SeriesKey(one.other), one.share) for one in question.likes],
        coverage=question.coverage,
        told=lambda done: worker.tell(steps_done=min(done, steps)),
    )
    calendars = {one.key.queue: Calendar(question.country or one.country, tuple(question.notes)) for one in found}
    learnt_parts = [_Parts(parts, question, calendars) for parts in _by_cut(question.parts)]
    by_queue = {each.queue: each for each in learnt_parts if each.cut == "brand"}
    by_brand = [one for whole in found for one in _of_brands(whole, by_queue.get(whole.key.queue))]
    past = {(one.queue, one.brand): _past(one) for one in question.series}
    return {
        "series": [_document(one, question, past) for one in by_brand],
        "parts": [each.document() for each in learnt_parts if each.cut != "brand" and each.queue in calendars],
        "history_from": question.history_from,
        "history_to": question.history_to,
        "is_simulated": question.is_simulated,
    }


def _series(one: SeriesQuestion, interval_s: int) -> Series:
    return Series(
        key=SeriesKey(queue=one.queue, brand=one.brand),
        interval_s=interval_s,
        dates=tuple(one.first_day + timedelta(days=number) for number in range(len(one.counts))),
        counts=np.array(one.counts, dtype=np.float64),
        handle_s=None if one.handle_s is None else np.array(one.handle_s, dtype=np.float64),
        skipped=one.skipped,
    )


def _by_cut(parts: list[PartQuestion]) -> list[list[PartQuestion]]:
    """The parts that make one queue together."""
    found: dict[tuple[str, str], list[PartQuestion]] = {}
    for one in parts:
        found.setdefault((one.queue, one.cut), []).append(one)
    return list(found.values())


class _Parts:
    """The parts of a queue by one cut, with their shares."""

    def __init__(
        self, parts: list[PartQuestion], question: ForecastQuestion, calendars: Mapping[str, Calendar]
    ) -> None:
        self.queue, self.cut = parts[0].queue, parts[0].cut
        self._question = question
        self._calendar = calendars.get(self.queue, Calendar(question.country, tuple(question.notes)))
        counts = np.array([one.counts for one in parts], dtype=np.float64)
        self._first = parts[0].first_day
        kinds = self.kinds([self._first + timedelta(days=number) for number in range(counts.shape[1])])
        handled, handle_s = (np.array(values) for values in zip(*((p.handled, p.handle_s) for p in parts), strict=True))
        names = [one.name for one in parts]
        self.shares = learnt(names, counts, kinds, handled.astype(np.float64), handle_s.astype(np.float64))
        self._past = counts.sum(axis=2).round(1).tolist()

    def kinds(self, days: Sequence[date]) -> list[int]:
        """The kind of each day."""
        return [kind_of_day(self._calendar, day, self.queue) for day in days]

    def document(self) -> dict[str, Any]:
        """As the domain keeps them."""
        number = (self._question.last_day - self._question.first_day).days + 1
        return {
            "queue": self.queue,
            "cut": self.cut,
            "names": list(self.shares.names),
            "shares": np.round(self.shares.values, 6).tolist(),
            "handle": np.round(self.shares.handle, 5).tolist(),
            "kinds": self.kinds([self._question.first_day + timedelta(days=at) for at in range(number)]),
            "past_from": self._first,
            "past": self._past,
        }


def _of_brands(whole: Forecast, parts: _Parts | None) -> list[Forecast]:
    """The queue's forecast by brand, each with bounds of its own; itself where brands are not told apart."""
    if whole.key.brand or parts is None:
        return [whole]
    return split(whole, parts.shares, parts.kinds(whole.dates))


def _past(one: SeriesQuestion) -> list[float | None]:
    """Totals of the history's last eight weeks, day by day; nothing for days that are not known whole."""
    days = [None if None in counts else sum(count or 0.0 for count in counts) for counts in one.counts[-PAST_DAYS:]]
    return [None] * (PAST_DAYS - len(days)) + days


def _document(
    one: Forecast, question: ForecastQuestion, pasts: dict[tuple[str, str], list[float | None]]
) -> dict[str, Any]:
    rows = [row for row, day in enumerate(one.dates) if question.first_day <= day <= question.last_day]
    day_low, day_high = _day_bounds(one)

    def told(values: Floats, digits: int = 3) -> Any:
        return np.round(values[rows], digits).tolist()

    found = series_document(one)
    is_of_brand = one.lender is not None and one.lender.queue == one.key.queue
    past = pasts.get((one.key.queue, "" if is_of_brand else one.key.brand), [None] * PAST_DAYS)
    part = one.share if is_of_brand else 1.0
    return {
        "queue": one.key.queue,
        "brand": one.key.brand,
        "days": [one.dates[row] for row in rows],
        "calls": told(one.calls),
        "low": told(one.low),
        "high": told(one.high),
        "handle_s": None if one.handle_s is None else told(one.handle_s, 1),
        "day_low": told(day_low),
        "day_high": told(day_high),
        "model": one.model,
        "borrowed_from": one.lender.queue if one.lender is not None and not is_of_brand else "",
        "share": round(one.share, 5),
        "past": [None if total is None else round(total * part, 2) for total in past],
        "holidays_of": one.country,
        "horizons": found["horizons"],
        "marks": found["marks"],
    }


def _day_bounds(one: Forecast) -> tuple[Floats, Floats]:
    """Bounds of the days' totals: the chance of each call, and the error of the day's level in the backtest.

    A day's intervals miss in the same direction, so that their own bounds cannot be added up."""
    totals = one.calls.sum(axis=1)
    level_cv = np.full(len(totals), one.later.level_cv)
    level_cv[:1] = one.next_day.level_cv
    if one.lender is not None:
        level_cv = np.hypot(level_cv, _BORROWED_CV)
    wide = NormalDist().inv_cdf((1 + one.coverage) / 2) * np.sqrt(totals + (level_cv * totals) ** 2)
    return np.maximum(totals - wide, 0.0), totals + wide
