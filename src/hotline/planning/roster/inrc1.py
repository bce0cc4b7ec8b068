"""The First International Nurse Rostering Competition (2010): its instances, in the text form and in XML.

Days count from 0. Everything but cover and one shift a day is soft; a `Rule` carries its weight."""

from dataclasses import dataclass, field
from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ANY, NONE = "Any", "None"


# A contract's limits in the order of the text form.
LIMITS = (
    "most",
    "least",
    "most_running",
    "least_running",
    "most_free",
    "least_free",
    "most_weekends_running",
    "least_weekends_running",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit and what each unit beyond costs; weight 0 when the rule is off."""

    weight: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """An unwanted sequence: a shift, `Any` shift or `None` a day; `weekday` binds its first day (-1: any)."""

    weight: int
    entries: tuple[str, ...]
    weekday: int


@dataclass(slots=True)
class Contract:
    """Soft rules of a contract; `weekend` are weekdays in order, `patterns` names.

    `alternative_skill` is what a shift without its skill costs; None: it may not be."""

    most: Rule
    least: Rule
    most_running: Rule
    least_running: Rule
    most_free: Rule
    least_free: Rule
    most_weekends_running: Rule
    least_weekends_running: Rule
    weekend: tuple[int, ...]
    complete_weekends: int
    identical_weekends: int
    alternative_skill: int | None
    patterns: list[str]


@dataclass(slots=True)
class Nurse:
    """One person: contract, skills, and requests as (day, shift, weight); shift `Any` is the whole day."""

    contract: str
    skills: set[str]
    off: list[tuple[int, str, int]] = field(default_factory=list)
    on: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Instance:
    """One instance. `minutes_of` names the shifts, `skills_of` what each needs; `wanted[day, shift]` is exact."""

    start: date
    days: int
    minutes_of: dict[str, int] = field(default_factory=dict)
    skills_of: dict[str, set[str]] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    workers: dict[str, Nurse] = field(default_factory=dict)
    wanted: dict[tuple[int, str], int] = field(default_factory=dict)

    def weekday(self, day: int) -> int:
        """0 for a Monday."""
        return (self.start + timedelta(days=day)).weekday()

    def weekends(self, contract: Contract) -> list[tuple[int, int]]:
        """First and last day of each weekend that begins in the horizon; its end may be cut off."""
        length = len(contract.weekend)
        begins = [day for day in range(self.days) if self.weekday(day) == contract.weekend[0]]
        return [(day, min(day + length, self.days) - 1) for day in begins]

    def day_of(self, text: str) -> int:
        """The day of a date. Raises ValueError outside the horizon."""
        day = (date.fromisoformat(text) - self.start).days
        if not 0 <= day < self.days:
            raise ValueError(f"{text} lies outside the horizon")
        return day


def weekend_days(text: str) -> tuple[int, ...]:
    """The weekdays of a definition such as SaturdaySunday, in its order. Raises ValueError for none."""
    found = sorted((text.find(name), n) for n, name in enumerate(WEEKDAYS) if name in text)
    if not found:
        raise ValueError(f"{text!r} is no weekend")
    return tuple(n for _, n in found)


def set_cover(instance: Instance, weekly: dict[tuple[int, str], int], dated: dict[tuple[int, str], int]) -> None:
    """Cover of every day: its weekday's, or its date's own."""
    for day in range(instance.days):
        for shift in instance.minutes_of:
            usual = weekly.get((instance.weekday(day), shift), 0)
            instance.wanted[day, shift] = dated.get((day, shift), usual)
