"""What no roster can do, shown by counting: person-hours wanted against those that the rules allow at most.

Each person alone is given the best that days, hours, weeks, holidays, nights and barred times leave, as if nothing else
bound them. Where even that is less than what is wanted, nobody needs to search: the rest is missing in every roster."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.duty import Option
from hotline.planning.roster.problem import RuleSet
from hotline.planning.roster.staffing_plan import Plan, Planned, hours_of

Ints = NDArray[np.int64]
_ALL = "all skills"


@dataclass(frozen=True, slots=True)
class Shortage:
    """Person-hours wanted and the most that the rules allow, for a time in words and a skill (or all together)."""

    when: str
    skill: str
    people: int
    wanted_hours: float
    available_hours: float

    @property
    def missing_hours(self) -> float:
        """Person-hours that every roster leaves uncovered."""
        return self.wanted_hours - self.available_hours

    def text(self) -> str:
        """Why it is impossible, and about how many people more would make it possible."""
        begin = f"{self.when} {self.wanted_hours:,.1f} person-hours are wanted ({self.skill})"
        if not self.available_hours:
            return f"{begin}, but the rules let nobody work: train or hire somebody, or ask for less."
        more = -int(-self.missing_hours // (self.available_hours / self.people))
        return (
            f"{begin}, but the rules let {self.people} people cover at most {self.available_hours:,.1f}: at least "
            f"{self.missing_hours:,.1f} are missing. Find about {more} people more, ask for less or loosen a rule."
        )


class Count:
    """The most intervals that each person can cover on each day, for one skill or for all."""

    def __init__(self, plan: Plan, skill: int | None) -> None:
        self._plan = plan
        self._bits = (1 << len(plan.bit)) - 1 if skill is None else 1 << skill
        self._columns = list(range(len(plan.bit))) if skill is None else [skill]
        self.name = _ALL if skill is None else plan.problem.skills[skill]
        self._people = [planned for planned in plan.people if planned.mask & self._bits]
        shape = len(self._people), plan.problem.days
        self._today, self._after = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        today = np.array([_overlap(plan, o, 0, plan.day_slots) for o in plan.options])
        after = np.array([_overlap(plan, o, plan.day_slots, 10 * plan.day_slots) for o in plan.options])
        for row, planned in enumerate(self._people):
            may = ~planned.barred & self._serves(planned)
            self._today[row] = np.where(may, today, 0).max(axis=1)
            self._after[row] = np.where(may, after, 0).max(axis=1)
        self._wanted = plan.demand[:, self._columns].sum(axis=1).reshape(-1, plan.day_slots)

    def _serves(self, planned: Planned) -> NDArray[np.bool_]:
        masks = np.array(self._plan.groups)[self._plan.group]
        return (masks & planned.mask & self._bits) > 0

    def shortages(self) -> Iterator[tuple[str, Shortage]]:
        """(kind of count, shortage) of every week, of the whole horizon, of its holidays and of its nights."""
        if not self._people:
            yield from self._short("horizon", f"In all {len(self._wanted)} days", self._wanted.sum(), 0)
            return
        weeks = list(_weeks(self._plan))
        by_week = np.array([self._week(days) for days in weeks], np.int64).reshape(len(weeks), len(self._people)).T
        for number, days in enumerate(weeks):
            first = self._plan.problem.start + timedelta(days=days[0])
            until = f"In the {len(days)} days from {first}"
            yield from self._short("week", until, self._wanted[days].sum(), by_week[:, number].sum())
        caps = [self._horizon_cap(p, int(own.sum())) for p, own in zip(self._people, by_week, strict=True)]
        yield from self._short("horizon", f"In all {len(self._wanted)} days", self._wanted.sum(), sum(caps))
        yield from self._holidays()
        yield from self._nights()

    def _short(self, kind: str, when: str, wanted: int, available: int) -> Iterator[tuple[str, Shortage]]:
        hours = self._plan.problem.interval_min / 60
        if wanted > available:
            yield kind, Shortage(when, self.name, len(self._people), float(wanted) * hours, float(available) * hours)

    def _week(self, days: list[int]) -> list[int]:
        """The most intervals that each person covers in a week: its best days, and a shift that reaches in."""
        found = []
        for row, planned in enumerate(self._people):
            rules = _rules(self._plan, planned)
            best = np.sort(self._today[row, days] + self._after[row, days])[::-1]
            most = int(best[: _most_days(self._plan, planned, rules, len(days))].sum())
            if rules.most_week_hours is not None:
                most = min(most, self._covered_in(planned, rules.most_week_hours))
            found.append(most + (int(self._after[row, days[0] - 1]) if days[0] else 0))
        return found

    def _covered_in(self, planned: Planned, paid_hours: float) -> int:
        """The most intervals covered in so many paid hours; shifts without pay have no limit in hours."""
        may = ~planned.barred.all(axis=0) & self._serves(planned)
        options = [option for option, is_open in zip(self._plan.options, may, strict=True) if is_open]
        if any(option.paid_min <= 0 for option in options):
            return 10**9
        unit = self._plan.problem.interval_min
        ratio = max((_overlap(self._plan, o, 0, 10**6) * unit / o.paid_min for o in options), default=0.0)
        return int(paid_hours * 60 * ratio / unit + 1e-6)

    def _horizon_cap(self, planned: Planned, by_weeks: int) -> int:
        rules = _rules(self._plan, planned)
        rotation = next((r for r in self._plan.problem.rotations if r.id == planned.person.rotation), None)
        return min(by_weeks, self._covered_in(planned, hours_of(planned.person, rules, rotation)[1]))

    def _holidays(self) -> Iterator[tuple[str, Shortage]]:
        problem = self._plan.problem
        days = sorted({(day - problem.start).days for day in problem.holidays})
        days = [day for day in days if 0 <= day < problem.days]
        if not days:
            return
        available = 0
        for row, planned in enumerate(self._people):
            most = _rules(self._plan, planned).most_holidays
            available += int(np.sort(self._today[row, days])[::-1][:most].sum())
            available += sum(int(self._after[row, day - 1]) for day in days if day)
        yield from self._short("holidays", f"On the {len(days)} holidays", self._wanted[days].sum(), available)

    def _nights(self) -> Iterator[tuple[str, Shortage]]:
        """Night hours of the whole horizon, where everybody may have a number of nights only."""
        plan, available = self._plan, 0
        lengths = np.array([_night_slots(plan, option) for option in plan.options])
        is_night = np.array([option.is_night for option in plan.options])
        for planned in self._people:
            most = _rules(plan, planned).most_nights
            if most is None:
                return
            may = ~planned.barred & self._serves(planned)
            nights = np.sort(np.where(may & is_night, lengths, 0).max(axis=1))[::-1]
            edges = np.where(may & ~is_night, lengths, 0).max(axis=1)
            available += int(nights[:most].sum() + edges.sum())
        wanted = self._wanted[:, plan.night_slots].sum()
        yield from self._short("nights", "In the night hours of all days", wanted, available)


def _rules(plan: Plan, planned: Planned) -> RuleSet:
    return next(rules for rules in plan.problem.rules if rules.id == planned.person.rules)


def _most_days(plan: Plan, planned: Planned, rules: RuleSet, days: int) -> int:
    """The most days on duty in a week, or in the part of one that lies in the horizon."""
    rotation = next((r for r in plan.problem.rotations if r.id == planned.person.rotation), None)
    block = rotation.rest_block_days if rotation and days == 7 else 0
    running = rules.most_days_running
    return min(rules.most_days_week, days - block, days - days // (running + 1))


def _weeks(plan: Plan) -> Iterator[list[int]]:
    """Days of each ISO week, cut off at the ends of the horizon."""
    days = list(range(plan.problem.days))
    first = 7 - plan.problem.start.weekday()
    for begin in [0, *range(first, len(days), 7)]:
        yield days[begin : begin + 7] if begin else days[:first]


def _overlap(plan: Plan, option: Option, first: int, last: int) -> int:
    """Intervals that an option covers at most between two slots counted from its midnight."""
    inside = sum(max(0, min(b, last) - max(a, first)) for a, b in option.pieces)
    length = sum(b - a for a, b in option.pieces)
    breaks = sum(rest.length_min for rest in option.kind.breaks) // plan.problem.interval_min
    return min(inside, length - breaks)


def _night_slots(plan: Plan, option: Option) -> int:
    return sum(int(plan.night_slots[slot % plan.day_slots]) for a, b in option.pieces for slot in range(a, b))


def _telling(found: list[tuple[str, Shortage]], missing: dict[str, float], weeks: int) -> list[Shortage]:
    """Single weeks where few are short, else the whole horizon; the horizon beside weeks only where it says more."""
    short = sum(kind == "week" for kind, _ in found)
    is_by_week = 2 * short <= weeks
    says_more = not is_by_week or missing.get("horizon", 0.0) > missing.get("week", 0.0) + 1e-9
    return [s for kind, s in found if {"week": is_by_week, "horizon": says_more}.get(kind, True)]


def impossible(plan: Plan) -> dict[str, Any]:
    """`coverage_at_most`, above which no roster comes, and `impossible`: what is missing in every roster, in words."""
    least_missing, rows = 0.0, []
    wanted = float(plan.demand.sum()) * plan.problem.interval_min / 60
    for skill in [None, *range(len(plan.bit))] if len(plan.bit) > 1 else [None]:
        found = list(Count(plan, skill).shortages())
        by_kind = {kind: sum(s.missing_hours for k, s in found if k == kind) for kind, _ in found}
        least_missing = max([least_missing, *by_kind.values()])
        rows += _telling(found, by_kind, len(list(_weeks(plan))))
    return {
        "coverage_at_most": round(1 - least_missing / wanted, 6) if wanted else 1.0,
        "impossible": [
            {
                "when": row.when,
                "skill": row.skill,
                "wanted_hours": row.wanted_hours,
                "available_hours": row.available_hours,
                "why": row.text(),
            }
            for row in rows
        ],
    }
