"""The large-team solver: one person's best line after the other, in passes, each priced by what the others leave.

A new solution of a published roster starts from it and changes a person only for a worthwhile gain."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster import counted, duty_kernel
from hotline.planning.roster.cpu_budget import Budget
from hotline.planning.roster.duty import Horizon
from hotline.planning.roster.errors import NoLegalLineError
from hotline.planning.roster.staffing_plan import Plan, Planned

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_SCARCITY = (4.0, 1.0, 0.3)
_LEAST_PASSES, _MOST_PASSES, _LEAST_GAIN = 3, 12, 2e-5
_NIGHT_WORTH = 0.6
_LEAST_TRIES, _TRIES_EACH, _MOST_OUT, _LEAST_VALUE = 60, 6, 4, 1e-3
_STIRRED_PERSON_DAYS = 2_000
_CHANGE_WORTH = 6.0
_KEEP_WORTH = 3.0


@dataclass(slots=True)
class Line:
    """One person's options per day, -1 for days off, and where each break begins (slots from its day's midnight)."""

    options: Ints
    breaks: Ints


class Month:
    """Lines of all people, and the demand they leave."""

    def __init__(
        self, plan: Plan, budget: Budget, news: Callable[[float], None], seed: int, *, leaves_out: bool = False
    ) -> None:
        self.plan, self.budget, self._news, self._leaves_out = plan, budget, news, leaves_out
        self._chance = np.random.default_rng(seed)
        subsets = np.arange(1 << len(plan.bit))
        has = (subsets[:, None] >> np.arange(len(plan.bit))) & 1
        self.cuts = np.ascontiguousarray(plan.demand @ has.T.astype(np.int32), np.int32)
        self.total = np.ascontiguousarray(plan.demand.sum(axis=1), np.int32)
        self.on_shift = np.zeros(plan.slots, np.int64)
        self.lines: list[Line | None] = [None] * len(plan.people)
        self._table = np.empty(0, np.float32)
        self._why: dict[int, str] = {}  # why no line was found the last time, by place

    def covered(self) -> float:
        """Share of the demand that people on duty can cover."""
        wanted = int(self.total.sum())
        return float(self.cuts.min(axis=1).sum()) / wanted if wanted else 1.0

    def insert(self, place: int, scarcity: float, keep: Ints | None = None) -> tuple[float, Line]:
        """The best line for a person who is taken out, and its worth. Raises NoLegalLineError when none is legal."""
        planned = self.plan.people[place]
        found, barred = self._within_limits(planned, scarcity, keep, planned.barred)
        return self._fairer(planned, scarcity, keep, barred, found)

    def _within_limits(
        self, planned: Planned, scarcity: float, keep: Ints | None, barred: Bools
    ) -> tuple[tuple[float, Line], Bools]:
        """The best line that keeps the limits counted over the horizon, and what had to be barred for it."""
        value, line = self._insert(planned, scarcity, keep, barred)
        while (tighter := counted.barred_beyond(planned.counted, line.options, barred, self._chance)) is not None:
            barred = tighter
            value, line = self._insert(planned, scarcity, keep, barred)
        return (value, line), barred

    def _fairer(
        self, planned: Planned, scarcity: float, keep: Ints | None, barred: Bools, found: tuple[float, Line]
    ) -> tuple[float, Line]:
        """The line, with no more nights than are fair where that is legal."""
        nights = np.flatnonzero((found[1].options >= 0) & self.plan.is_night[found[1].options])
        if planned.fair_nights is None or len(nights) <= planned.fair_nights:
            return found
        other = np.setdiff1d(np.arange(len(barred)), self._chance.permutation(nights)[: planned.fair_nights])
        fewer = barred.copy()
        fewer[np.ix_(other, np.flatnonzero(self.plan.is_night))] = True
        try:
            return self._within_limits(planned, scarcity, keep, fewer)[0]
        except NoLegalLineError:
            return found

    def _insert(self, planned: Planned, scarcity: float, keep: Ints | None, barred: Bools) -> tuple[float, Line]:
        """The best line without the barred options."""
        plan = self.plan
        extra = planned.wishes + self._night_price(planned)
        if keep is not None:
            days = np.flatnonzero(keep >= 0)
            extra[days, keep[days]] += _KEEP_WORTH
        full = np.zeros(plan.slots + 1, np.int64)
        if plan.problem.seats is not None:
            full[1:] = np.cumsum(self.on_shift >= plan.problem.seats)
        worth, placed = duty_kernel.shift_worth(
            self._sums(planned.mask, scarcity),
            full,
            barred,
            plan.day_slots,
            plan.pieces,
            plan.breaks,
            plan.group,
            extra,
            plan.odd_before,
        )
        value, options = self._best(planned, worth)
        if value <= duty_kernel.NOTHING / 10:
            raise NoLegalLineError(person=planned.person.id, why="hours, runs, rest and barred times together")
        days = np.flatnonzero(options >= 0)
        breaks = np.full((len(options), plan.breaks.shape[1]), -1, np.int64)
        breaks[days] = placed[days, options[days]]
        return value, Line(options, breaks)

    def _best(self, planned: Planned, worth: NDArray[np.float32]) -> tuple[float, Ints]:
        key_of, keys, today, begins = planned.keys
        following = planned.automaton.following
        low, high = planned.low, planned.high
        if (high < low).any():
            return float(duty_kernel.NOTHING), np.full(len(worth), -1, np.int64)
        shape = (len(worth) + 1, following.shape[1], int((high - low).max()) + 1, begins)
        size = int(np.prod(shape))
        if size > len(self._table):
            self._table = np.empty(size, np.float32)
        table = self._table[:size].reshape(shape)
        value, options = duty_kernel.best_line(worth, key_of, keys, following, table, low, high, today)
        return float(value), options

    def _sums(self, mask: int, scarcity: float) -> NDArray[np.float32]:
        plan = self.plan
        sums = np.zeros((len(plan.groups), plan.slots + 1), np.float32)
        worth = np.empty(plan.slots, np.float32)
        for group, served in enumerate(plan.groups):
            duty_kernel.interval_worth(self.cuts, self.total, mask & served, scarcity, worth)
            np.cumsum(worth, out=sums[group, 1:])
        return sums

    def _night_price(self, planned: Planned) -> NDArray[np.float32]:
        """Nights cost a little, more for those who had many before: so they are shared out."""
        price = -_NIGHT_WORTH * (1 + 0.25 * planned.person.nights_before)
        return (self.plan.is_night * np.float32(price)).astype(np.float32)[None, :]

    def put(self, place: int, line: Line) -> None:
        """Give a person a line."""
        self._count(place, line, 1)
        self.lines[place] = line

    def take(self, place: int) -> Line | None:
        """Take a person's line out and return it."""
        line = self.lines[place]
        if line is not None:
            self._count(place, line, -1)
            self.lines[place] = None
        return line

    def _count(self, place: int, line: Line, by: int) -> None:
        plan = self.plan
        mask = plan.people[place].mask
        for day in np.flatnonzero(line.options >= 0):
            number, midnight = line.options[day], int(day) * plan.day_slots
            served = mask & plan.groups[plan.group[number]]
            for first, last in plan.options[number].pieces:
                duty_kernel.count(self.cuts, midnight + first, midnight + last, served, by)
                self.on_shift[max(0, midnight + first) : midnight + last] += by
            for begin, length in zip(line.breaks[day], plan.breaks[number, :, 0], strict=True):
                if begin >= 0:
                    duty_kernel.count(self.cuts, midnight + begin, midnight + begin + length, served, -by)

    def passes(self) -> None:
        """Everybody's line, the most bound people first; then again while time is left and something improves."""
        people = self.plan.people
        order = sorted(range(len(people)), key=lambda n: (int((~people[n].barred).sum()), people[n].mask.bit_count()))
        best, best_covered = list(self.lines), -1.0
        for round_number in range(_MOST_PASSES):
            scarcity = _SCARCITY[min(round_number, len(_SCARCITY) - 1)]
            for place in order:
                if round_number and self.budget.left_s() <= 0:
                    break
                self._replan(place, scarcity)
            covered = self.covered()
            self._news(covered)
            gain = covered - best_covered
            if gain > 0:
                best, best_covered = list(self.lines), covered
            if self.budget.left_s() <= 0 or (round_number >= _LEAST_PASSES and gain < _LEAST_GAIN):
                break
            self._chance.shuffle(order)
        self._restore(best)

    def _replan(self, place: int, scarcity: float, keep: Ints | None = None) -> None:
        """Give a person the best line there is now. Nobody's chance draw takes away a line that is legal.

        Raises NoLegalLineError when there is none, unless people may be left out."""
        old = self.take(place)
        try:
            self.put(place, self.insert(place, scarcity, keep)[1])
        except NoLegalLineError as error:
            if old is not None:
                self.put(place, old)
            elif not self._leaves_out:
                raise
            self._why[place] = str(error.data["why"])

    @property
    def left_out(self) -> dict[int, str]:
        """Who has no line, by place, and why."""
        return {place: self._why[place] for place, line in enumerate(self.lines) if line is None}

    def _restore(self, lines: list[Line | None]) -> None:
        for place, line in enumerate(lines):
            if self.lines[place] is not line:
                self.take(place)
                if line is not None:
                    self.put(place, line)

    def stir(self) -> None:
        """Take a few people out at once and put them back in another order, as long as that still helps.

        One person after the other ends where no single line can be better, though two together could."""
        number = len(self.plan.people)
        tries, value = 0, self._value()
        while number > 1 and tries < max(_LEAST_TRIES, _TRIES_EACH * number):
            if self.budget.left_s() <= 0 or self.covered() >= 1:
                break
            before = list(self.lines)
            size = int(self._chance.integers(2, min(number, _MOST_OUT) + 1))
            is_legal = self._exchange(self._chance.choice(number, size, replace=False))
            new = self._value() if is_legal else -np.inf
            tries = 0 if new > value + _LEAST_VALUE else tries + 1
            if new < value:
                self._restore(before)
            else:
                value = new
        self._news(self.covered())

    def _exchange(self, places: Ints) -> bool:
        """Take these people out and put them in again, one after the other; False where seats leave no legal line."""
        for place in places:
            self.take(int(place))
        scarcity = float(self._chance.choice((*_SCARCITY, 0.0)))
        try:
            for place in places:
                self.put(int(place), self.insert(int(place), scarcity)[1])
        except NoLegalLineError:
            return False
        return True

    def _value(self) -> float:
        """Covered intervals less what broken wishes and nights cost."""
        value = float(self.cuts.min(axis=1).sum())
        for planned, line in zip(self.plan.people, self.lines, strict=True):
            if line is not None:
                days = np.flatnonzero(line.options >= 0)
                extra = planned.wishes + self._night_price(planned)
                value += float(extra[days, line.options[days]].sum())
        return value

    def repair(self, kept: dict[int, Ints]) -> int:
        """Start from published lines and change as few people as possible; how many were changed."""
        changed = set()
        for place, options in kept.items():
            line = self._legal(place, options)
            if line is not None:
                self.put(place, line)
        for place in range(len(self.plan.people)):
            if self.lines[place] is None:
                self._replan(place, _SCARCITY[1], kept.get(place))
                changed.add(place)
        for place in self._chance.permutation(len(self.plan.people)):
            if self.budget.left_s() <= 0 or self.covered() >= 1:
                break
            if self._change(int(place), kept.get(int(place))):
                changed.add(int(place))
        self._news(self.covered())
        return len(changed)

    def _change(self, place: int, keep: Ints | None) -> bool:
        """Whether a new line covers enough more to be worth a changed person."""
        before = self.cuts.min(axis=1).sum()
        old = self.lines[place]
        self._replan(place, 0.0, keep)
        if old is None or self.cuts.min(axis=1).sum() - before >= _CHANGE_WORTH:
            return True
        self.take(place)
        self.put(place, old)
        return False

    def _legal(self, place: int, options: Ints) -> Line | None:
        """The published line with breaks placed anew, or None when it is not legal (any more)."""
        planned = self.plan.people[place]
        if counted.barred_beyond(planned.counted, options, planned.barred, self._chance) is not None:
            return None
        only = np.ones_like(planned.barred)
        days = np.flatnonzero(options >= 0)
        only[days, options[days]] = planned.barred[days, options[days]]
        extra = np.full(only.shape, 1000.0, np.float32)
        sums = self._sums(planned.mask, 0.0)
        full = np.zeros(self.plan.slots + 1, np.int64)
        plan = self.plan
        worth, placed = duty_kernel.shift_worth(
            sums, full, only, plan.day_slots, plan.pieces, plan.breaks, plan.group, extra, plan.odd_before
        )
        value, found = self._best(planned, worth)
        if value <= duty_kernel.NOTHING / 10 or not np.array_equal(found, options):
            return None
        breaks = np.full((len(options), plan.breaks.shape[1]), -1, np.int64)
        breaks[days] = placed[days, options[days]]
        return Line(options, breaks)


def solve(
    plan: Plan, budget: Budget, news: Callable[[float], None], seed: int = 1, *, leaves_out: bool = False
) -> Month:
    """Everybody's lines. Who has no legal line stands in `left_out`, where that is allowed.

    Raises NoLegalLineError naming the person whose rules contradict each other, where nobody may be left out."""
    month = Month(plan, budget, news, seed, leaves_out=leaves_out)
    if plan.problem.previous:
        month.repair(_published(plan))
    else:
        month.passes()
        if len(plan.people) * plan.problem.days <= _STIRRED_PERSON_DAYS:
            month.stir()
    return month


def _published(plan: Plan) -> dict[int, Ints]:
    """The options of the roster published before, by person; what no longer exists counts as a day off."""
    horizon = Horizon(plan.problem)
    place = {planned.person.id: n for n, planned in enumerate(plan.people)}
    known = {(o.kind.id, o.start, o.end, o.only): n for n, o in enumerate(plan.options)}
    lines = {n: np.full(plan.problem.days, -1, np.int64) for n in range(len(plan.people))}
    for number, given in enumerate(plan.problem.previous):
        start = horizon.floor(given.start, f"previous[{number}].start")
        day = start // plan.day_slots
        end = horizon.floor(given.end, f"previous[{number}].end") - day * plan.day_slots
        key = given.shift, start - day * plan.day_slots, end
        option = known.get((*key, day), known.get((*key, None), -1))
        if given.person in place and 0 <= day < plan.problem.days:
            lines[place[given.person]][day] = option
    return lines
