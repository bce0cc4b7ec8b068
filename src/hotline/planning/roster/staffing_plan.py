"""A problem made ready for the large-team solver: skills as bits, options as arrays, rules as automata."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster import counted, day_rules, duty
from hotline.planning.roster.errors import RosterProblemError
from hotline.planning.roster.problem import Person, Problem, Rotation, RuleSet

MOST_SKILLS = 12
SMALL_TEAM = 60
_COARSE_MIN = 120
_WISH_WORTH = 6.0


class Keys(NamedTuple):
    """Options that the rules cannot tell apart share a key: event, begin, next earliest begin, hours.

    Begins are places: `today` of them in a day, `begins` in all."""

    of_option: NDArray[np.int64]
    keys: NDArray[np.int64]
    today: int
    begins: int


class _Machine(NamedTuple):
    """What people with the same rules and rotation share; most units worked before each day, and possible after."""

    automaton: day_rules.Automaton
    keys: Keys
    worked: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(slots=True)
class Planned:
    """One person: what they may do, and the hours they may have worked before each day, in the plan's unit."""

    person: Person
    mask: int
    barred: NDArray[np.bool_]
    wishes: NDArray[np.float32]
    automaton: day_rules.Automaton
    keys: Keys
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    fair_nights: int | None
    counted: list[counted.Limit]


class Plan:
    """Everything the solver needs. Raises RosterProblemError naming the place of what contradicts itself."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.day_slots = problem.slots_a_day
        self.slots = problem.days * self.day_slots
        options = duty.options_of(problem)
        self.clock = duty.clock_of(problem, options)
        self.options = duty.with_changed_clocks(problem, options, self.clock)
        self.bit = {skill: 1 << n for n, skill in enumerate(problem.skills)}
        _check(problem, self.bit)
        self.night_slots = duty.night_slots(problem)
        self.demand = demand_of(problem)
        self.demand[self.clock.lengths[: self.slots] == 0] = 0
        self.odd_before = np.concatenate([[0], np.cumsum(self.clock.is_odd)]).astype(np.int64)
        self.events = sorted({day_rules.Event(o.paid_min, o.is_night) for o in self.options})
        self.hour_min = math.gcd(*(event.paid_min for event in self.events)) or 60
        self._arrays()
        self.is_night = np.array([option.is_night for option in self.options])
        self._automata: dict[tuple[str, str | None], _Machine] = {}
        self.people = [self._planned(person, f"people[{n}]") for n, person in enumerate(problem.people)]

    def _arrays(self) -> None:
        """Pieces, breaks and served skills of the options, for the compiled part."""
        wide = max(len(o.pieces) for o in self.options)
        rests = max(1, *(len(o.kind.breaks) for o in self.options))
        self.pieces = np.full((len(self.options), wide, 2), -1, np.int64)
        self.breaks = np.zeros((len(self.options), rests, 3), np.int64)
        served = [self._served(o.kind.serves) for o in self.options]
        self.groups = sorted(set(served))
        self.group = np.array([self.groups.index(mask) for mask in served], np.int64)
        unit = self.problem.interval_min
        for n, option in enumerate(self.options):
            self.pieces[n, : len(option.pieces)] = option.pieces
            for k, rest in enumerate(duty.break_windows(option.kind)):
                begin, last = option.start + rest.earliest_min // unit, option.start + rest.latest_min // unit
                self.breaks[n, k] = rest.length_min // unit, begin, last

    def _served(self, serves: list[str] | None) -> int:
        return (1 << len(self.bit)) - 1 if serves is None else sum(self.bit[skill] for skill in set(serves))

    def _planned(self, person: Person, where: str) -> Planned:
        rules = next(r for r in self.problem.rules if r.id == person.rules)
        rotation = next((r for r in self.problem.rotations if r.id == person.rotation), None)
        key = rules.id, rotation.id if rotation else None
        if key not in self._automata:
            made = day_rules.automaton(self.problem, rules, rotation, self.events)
            units = np.array([0] + [event.paid_min // self.hour_min for event in self.events])
            self._automata[key] = _Machine(made, self._keys(rules), *made.most_worked(units))
        machine = self._automata[key]
        least, most = (hours * 60 / self.hour_min for hours in hours_of(person, rules, rotation))
        return Planned(
            person,
            self._mask(person),
            duty.blocked(self.problem, self.options, person, where),
            self._wishes(person),
            machine.automaton,
            machine.keys,
            low=np.maximum(0, math.ceil(least - 1e-9) - machine.left),
            high=np.minimum(math.floor(most + 1e-9), machine.worked),
            fair_nights=rules.fair_nights,
            counted=counted.limits_of(self.problem, rules, self.is_night),
        )

    def _mask(self, person: Person) -> int:
        skills = set(person.skills)
        skills |= {b.borrower for b in self.problem.borrowing if b.lender in skills}
        return sum(self.bit[skill] for skill in skills)

    def _wishes(self, person: Person) -> NDArray[np.float32]:
        """What each option costs in wishes, in covered intervals."""
        cost = np.zeros((self.problem.days, len(self.options)), np.float32)
        for wish in person.wishes:
            day = (wish.day - self.problem.start).days
            if 0 <= day < self.problem.days:
                worth = _WISH_WORTH * wish.weight * (1 + 0.01 * person.seniority)
                for n, option in enumerate(self.options):
                    if breaks_wish(wish.kind, option.kind.id, option.is_night):
                        cost[day, n] -= worth
        return cost

    def _keys(self, rules: RuleSet) -> Keys:
        """Per option its key, per key (event, begin, next earliest begin, hours), and how many begins there are.

        Begins are places among the begins of a day and the day after: only moments at which a shift may begin count."""
        coarse = 1 if len(self.problem.people) <= SMALL_TEAM else max(1, _COARSE_MIN // self.problem.interval_min)
        day = -(-self.day_slots // coarse)
        today = sorted({o.start // coarse for o in self.options})
        begins = today + [begin + day for begin in today]
        number: dict[tuple[int, int, int, int], int] = {}
        of_option = []
        for option in self.options:
            free = -(-self._next_begin(option, rules.rest_min) // coarse)
            event = self.events.index(day_rules.Event(option.paid_min, option.is_night)) + 1
            place = today.index(option.start // coarse)
            key = event, place, bisect_left(begins, free), option.paid_min // self.hour_min
            of_option.append(number.setdefault(key, len(number)))
        keys = np.array(list(number), np.int64).reshape(-1, 4)
        return Keys(np.array(of_option, np.int64), keys, len(today), max(len(today), int(keys[:, 2].max())) + 1)

    def _next_begin(self, option: duty.Option, rest_min: int) -> int:
        """The slot of the day after, counted from its midnight, at which rest ends. Rest is real time."""
        if option.only is None:
            free = max(0, option.end + -(-rest_min // self.problem.interval_min) - self.day_slots)
        else:
            midnight = option.only * self.day_slots
            free = self.clock.earliest(midnight + option.end, rest_min, midnight + self.day_slots)
        if free > 2 * self.day_slots:
            raise RosterProblemError(
                where="shifts", problem=f"{option.kind.id} and the rest after it reach beyond two days."
            )
        return free


def breaks_wish(wish: str, kind: str, is_night: bool) -> bool:
    """Whether a shift is against a wish: off, no_night, or a kind of shift."""
    if wish == "off":
        return True
    return is_night if wish == "no_night" else kind != wish


def hours_of(person: Person, rules: RuleSet, rotation: Rotation | None) -> tuple[float, float]:
    """Least and most paid hours over the horizon; a rotation may narrow them around their middle."""
    least, most = person.hours or rules.hours
    if rotation is not None and rotation.hours_ratio is not None:
        middle = (least + most) / 2
        least, most = max(least, middle * (1 - rotation.hours_ratio)), min(most, middle * (1 + rotation.hours_ratio))
    return least, most


def demand_of(problem: Problem) -> NDArray[np.int32]:
    """`[slot, skill]` people wanted; a day or week of numbers repeats."""
    slots = problem.days * problem.slots_a_day
    wanted = np.zeros((slots, len(problem.skills)), np.int32)
    for demand in problem.demand:
        numbers = np.array(demand.wanted, np.int32)
        repeated = np.resize(numbers, slots) if len(numbers) != slots else numbers
        wanted[:, problem.skills.index(demand.skill)] += repeated
    return wanted


def _check(problem: Problem, bit: dict[str, int]) -> None:
    """Refuse what names something unknown or can never be kept."""
    _check_names(problem, bit)
    if len(problem.skills) > MOST_SKILLS:
        raise RosterProblemError(
            where="skills", problem=f"at most {MOST_SKILLS} skills can be planned together; split it."
        )
    day = problem.slots_a_day
    for n, demand in enumerate(problem.demand):
        if len(demand.wanted) not in (day, 7 * day, problem.days * day):
            sizes = f"{day} (a day), {7 * day} (a week) or {problem.days * day}"
            raise RosterProblemError(
                where=f"demand[{n}].wanted", problem=f"{len(demand.wanted)} numbers; give {sizes}."
            )
    rotations = {rotation.id: rotation for rotation in problem.rotations}
    for n, person in enumerate(problem.people):
        rotation = rotations.get(person.rotation or "")
        if rotation and rotation.has_home_time and person.latest_end is None and person.earliest_start is None:
            raise RosterProblemError(where=f"people[{n}]", problem=f"{rotation.id} needs latest_end or earliest_start.")
        if rotation and rotation.has_timetable and not person.lessons:
            raise RosterProblemError(where=f"people[{n}]", problem=f"{rotation.id} needs the timetable as lessons.")
        least, most = person.hours or next(r.hours for r in problem.rules if r.id == person.rules)
        if least > most or most > 24 * problem.days:
            problem_text = (
                f"{least:g} to {most:g} hours in {problem.days} days cannot be; hours are wanted, not minutes."
            )
            raise RosterProblemError(where=f"people[{n}].hours", problem=problem_text)


def _check_names(problem: Problem, bit: dict[str, int]) -> None:
    named = [(f"demand[{n}].skill", d.skill, bit) for n, d in enumerate(problem.demand)]
    rules, rotations = {r.id for r in problem.rules}, {r.id for r in problem.rotations}
    kinds = {k.id for k in problem.shifts}
    for n, person in enumerate(problem.people):
        named += [(f"people[{n}].skills", skill, bit) for skill in person.skills]
        named.append((f"people[{n}].rules", person.rules, dict.fromkeys(rules, 0)))
        if person.rotation is not None:
            named.append((f"people[{n}].rotation", person.rotation, dict.fromkeys(rotations, 0)))
        named += [(f"people[{n}].shifts", kind, dict.fromkeys(kinds, 0)) for kind in person.shifts or []]
    for n, borrowing in enumerate(problem.borrowing):
        named += [(f"borrowing[{n}]", skill, bit) for skill in (borrowing.lender, borrowing.borrower)]
    for n, kind in enumerate(problem.shifts):
        named += [(f"shifts[{n}].serves", skill, bit) for skill in kind.serves or []]
    for where, name, known in named:
        if name not in known:
            raise RosterProblemError(where=where, problem=f"{name!r} is not defined; define it or correct the name.")
    ids = [person.id for person in problem.people]
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise RosterProblemError(where="people", problem=f"{twice!r} is given twice.")
