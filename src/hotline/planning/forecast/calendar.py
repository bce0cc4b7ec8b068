"""What kind of day it is: public holidays with make-up workdays, billing days, campaigns, outages, weather.

Public holidays are those of the library `holidays` (MIT), which holds China's with their make-up workdays as the
State Council announced them and reckons lunar dates for later years (provisional until announced)."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from hotline.planning.forecast.errors import CalendarInvalidError, ForecastInvalidError

_KINDS = ("holiday", "workday", "closed", "open", "billing", "campaign", "outage", "weather", "event")
_LEARNT = ("billing", "campaign", "weather", "event")
_LONGEST_RUN_DAYS = 400
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Note:
    """A line of a calendar file: days from `day` to `until`, what they are, for which queue ("" is all).

    kind: holiday; workday (a make-up workday); closed; open (in spite of a holiday); outage (nothing is learnt from
    that day); billing, campaign, event (effects learnt under `name`, in proportion to `value`); weather (a measured
    value, its effect is learnt)."""

    day: date
    until: date
    kind: str
    name: str = ""
    queue: str = ""
    value: float = 1.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Kinds of days. `country` is the code of ISO 3166 whose public holidays count, "" for none."""

    country: str = ""
    notes: tuple[Note, ...] = ()
    _by_day: dict[date, tuple[Note, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for note in self.notes:
            for number in range((note.until - note.day).days + 1):
                day = note.day + timedelta(days=number)
                self._by_day[day] = (*self._by_day.get(day, ()), note)

    def with_country(self, country: str) -> "Calendar":
        """The same notes with a country's public holidays. Raises ForecastInvalidError for one that is not known."""
        public_holidays(country, 2026)
        return Calendar(country, self.notes)

    def notes_on(self, day: date, queue: str) -> tuple[Note, ...]:
        """What the calendar says of that day for that queue."""
        return tuple(note for note in self._by_day.get(day, ()) if note.queue in ("", queue))

    def has(self, day: date, queue: str, kind: str) -> bool:
        """Whether the calendar says that of the day."""
        return any(note.kind == kind for note in self.notes_on(day, queue))

    def holiday(self, day: date, queue: str = "") -> str:
        """The name of the day's public holiday, "" when it is none."""
        for note in self.notes_on(day, queue):
            if note.kind == "holiday":
                return note.name or "holiday"
        return public_holidays(self.country, day.year)[0].get(day, "") if self.country else ""

    def is_workday(self, day: date, queue: str = "") -> bool:
        """Whether people work: Monday to Friday and make-up workdays, without public holidays."""
        if self.has(day, queue, "workday"):
            return True
        if self.country and day in public_holidays(self.country, day.year)[1]:
            return True
        return day.weekday() < _SATURDAY and not self.holiday(day, queue)

    def effects(self, day: date, queue: str) -> Mapping[tuple[str, str], float]:
        """Values of that day's learnt kinds, by (kind, name)."""
        return {(note.kind, note.name): note.value for note in self.notes_on(day, queue) if note.kind in _LEARNT}


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Public holidays of the year by name, and its make-up workdays. Raises ForecastInvalidError: no such country."""
    if not country:
        return {}, frozenset()
    library = import_module("holidays")  # forty milliseconds that only calendars with a country need
    try:
        found = library.country_holidays(country, years=[year], language="en_US")
    except NotImplementedError as error:
        raise ForecastInvalidError(
            problem=f"no holidays of the country {country!r} are known; give a code such as CN, or a calendar file"
        ) from error
    names = {day: _plain(str(name)) for day, name in found.items() if day.year == year}
    made_up = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return names, made_up


def _plain(name: str) -> str:
    """The holiday's own name, the same each year: no remark that a date is estimated, observed or substituted."""
    first = name.split(";")[0].split(" (substituted")[0]
    return first.replace(" (observed)", "").replace(" (estimated)", "").strip()


def read_calendar(path: Path) -> Calendar:
    """The calendar in a CSV file with the columns date, kind and maybe until, name, queue, value.

    Raises CalendarInvalidError."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarInvalidError(problem=f"{path} cannot be read ({error}); give an existing UTF-8 file") from error
    return parse_calendar(text.splitlines())


def parse_calendar(lines: Iterable[str]) -> Calendar:
    """The calendar in the lines; see read_calendar."""
    reader = csv.reader(lines)
    header = [name.strip().lower() for name in next(reader, [])]
    if "date" not in header or "kind" not in header:
        raise CalendarInvalidError(
            problem="line 1 must name the columns date,kind and may name until,name,queue,value; correct it"
        )
    notes = []
    for values in reader:
        if any(value.strip() for value in values):
            row = dict(zip(header, (value.strip() for value in values), strict=False))
            notes.append(_note(row, reader.line_num))
    _refuse_contradictions(notes)
    return Calendar(notes=tuple(notes))


def _note(row: Mapping[str, str], line: int) -> Note:
    day = _day(row.get("date", ""), line)
    until = _day(row["until"], line) if row.get("until") else day
    if not 0 <= (until - day).days <= _LONGEST_RUN_DAYS:
        raise CalendarInvalidError(problem=f"line {line}: until lies before date or over a year after it; correct it")
    kind = row.get("kind", "")
    if kind not in _KINDS:
        raise CalendarInvalidError(problem=f"line {line}: there is no kind {kind!r}; choose from {', '.join(_KINDS)}")
    return Note(day, until, kind, row.get("name", ""), row.get("queue", ""), _value(row.get("value", ""), line))


def _day(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CalendarInvalidError(problem=f"line {line}: {text!r} is not a date; write it as 2026-10-01") from error


def _value(text: str, line: int) -> float:
    try:
        value = float(text) if text else 1.0
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CalendarInvalidError(problem=f"line {line}: value is {text!r}; give a number")
    return value


def _refuse_contradictions(notes: Sequence[Note]) -> None:
    against = {"closed": "open", "open": "closed", "holiday": "workday", "workday": "holiday"}
    said = {(note.day, note.queue, note.kind) for note in notes}
    for note in notes:
        if (note.day, note.queue, against.get(note.kind, "")) in said:
            raise CalendarInvalidError(
                problem=f"{note.day} is {note.kind} and {against[note.kind]} at once; keep one of the two lines"
            )
