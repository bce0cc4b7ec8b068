"""`hotline forecast`: arrivals and handle time ahead, from a history in CSV."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from hotline.planning.forecast.calendar import Calendar, read_calendar
from hotline.planning.forecast.errors import CalendarInvalidError, ForecastInvalidError, HistoryInvalidError
from hotline.planning.forecast.forecasting import Forecast
from hotline.planning.forecast.history import Series, SeriesKey
from hotline.planning.forecast.horizon import Horizon
from hotline.planning.forecast.reading import check_interval, read_history
from hotline.planning.forecast.report import document, table
from hotline.planning.forecast.several import Like, forecasts

_BAD_INPUT_EXIT = 2
_LENGTH = re.compile(r"(\d{1,4})\s*(?:min|m)?")
_HORIZON = re.compile(r"(\d{1,6})(d?)")
_LIKE = re.compile(r"(?P<new>[^=]+)=(?P<old>.+?)(?::(?P<share>[0-9.]+))?")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the input cannot be used. Standard output holds the forecast only."""
    try:
        interval_s = _interval_s(options.interval)
        calendar = _calendar(options)
        series = read_history(Path(options.history), interval_s)
        horizon = _horizon(options.horizon)
        if not 0.0 < options.coverage < 1.0:
            raise ForecastInvalidError(problem="--coverage must lie between 0 and 1; give 0.9")
        found = _forecasts(series, horizon, calendar, options)
    except (HistoryInvalidError, CalendarInvalidError, ForecastInvalidError) as error:
        sys.stderr.write(f"hotline: {error}\n")
        return _BAD_INPUT_EXIT
    if options.json or not sys.stdout.isatty():
        sys.stdout.write(json.dumps(document(found), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(found) + "\n")
    return 0


def _interval_s(text: str) -> int:
    found = _LENGTH.fullmatch(text.strip().lower())
    if not found:
        raise ForecastInvalidError(problem=f"--interval {text!r} is not a length; write it as 30min")
    seconds = int(found[1]) * 60
    check_interval(seconds)
    return seconds


def _horizon(text: str) -> Horizon:
    """Calendar days after the history's last, or intervals in which calls are to be expected."""
    found = _HORIZON.fullmatch(text.strip().lower())
    if not found or int(found[1]) < 1:
        raise ForecastInvalidError(problem=f"--horizon {text!r} is no horizon; write days as 28d or intervals as 96")
    return Horizon(days=int(found[1])) if found[2] else Horizon(intervals=int(found[1]))


def _calendar(options: argparse.Namespace) -> Calendar:
    calendar = read_calendar(Path(options.calendar)) if options.calendar else Calendar()
    return calendar.with_country(options.country.upper()) if options.country else calendar


def _forecasts(
    series: Sequence[Series], horizon: Horizon, calendar: Calendar, options: argparse.Namespace
) -> list[Forecast]:
    """One forecast a series; what has no call is said and left out."""
    for one in series:
        if not (one.counts > 0).any():
            sys.stderr.write(f"hotline: {one.key.label()} has no call in the history and is left out\n")
    by_queue = {one.key.queue: one.key for one in series if (one.counts > 0).any()}
    return forecasts(series, horizon, calendar, _likes(options.like, by_queue), coverage=options.coverage)


def _likes(wishes: Sequence[str], by_queue: dict[str, SeriesKey]) -> list[Like]:
    found = []
    for wish in wishes:
        match = _LIKE.fullmatch(wish)
        if not match or match["old"] not in by_queue or match["old"] == match["new"]:
            raise ForecastInvalidError(
                problem=f"--like {wish!r} does not name a queue of the history; write NEW=QUEUE or NEW=QUEUE:0.3"
            )
        new = by_queue.get(match["new"], SeriesKey(queue=match["new"]))
        found.append(Like(new, by_queue[match["old"]], _share(match["share"])))
    return found


def _share(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError as error:
        raise ForecastInvalidError(problem=f"--like: {text!r} is not a share; write it as 0.3") from error
