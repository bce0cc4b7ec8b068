"""No more people, more customers: what can be served, and what to change first.

People's hours are placed freely over the day (what a roster reaches at best); every interval keeps the pooling cuts. A
program tells how many hours are missing; letters are done in what calls leave, and what will be late is told. The
options are then tried one by one: what self-service would take over, a skill more for a group, a group that keeps to
fewer skills and is quicker at them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from hotline.planning.staffing import pools
from hotline.planning.staffing.absence import absence_of
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.letters_beside import Served, letters_beside
from hotline.planning.staffing.letters_beside import document as letters_document
from hotline.planning.staffing.problem import Group, Headcount, Problem, Queue, Reason, Specialisation
from hotline.planning.staffing.programs import Program, solve

_MOST_FACTOR = 16.0
_STEPS = 12
_NOTHING = 1e-6
_NUMBERS = ("hours_saved", "missing_h", "factor", "calls_moved", "late_h")


@dataclass(frozen=True, slots=True)
class Hours:
    """Agent hours that the calls need at least, and those that are missing with the people there are; what becomes of
    letters beside."""

    needed: float
    missing: float
    letters: Mapping[str, Served] = field(default_factory=dict)

    @property
    def late(self) -> float:
        """Hours of letters that stay undone a day, or are late at once."""
        return math.fsum(one.undone_h + one.late_h for one in self.letters.values())

    @property
    def is_enough(self) -> bool:
        """Whether all calls are served at target and all letters in time."""
        return self.missing < _NOTHING and self.late < _NOTHING


@dataclass(frozen=True, slots=True)
class Ask:
    """The question. `stretch`: agents found by simulation ÷ agents of the cuts, by which the cuts are too hopeful."""

    headcount: Headcount
    stretch: float = 1.0
    grown: Hours = Hours(0.0, 0.0)

    @property
    def volume(self) -> float:
        """So many times today's."""
        return 1.0 + self.headcount.growth


@dataclass(frozen=True, slots=True)
class Option:
    """A change. `key` says its kind; `hours_saved` of work a day, `missing_h` and hours of letters not in time
    (`late_h`, NaN without letters) afterwards; `factor`: so many times today's volume can be served with it."""

    key: str
    names: Mapping[str, str]
    hours_saved: float
    missing_h: float
    factor: float
    calls_moved: float = 0.0
    late_h: float = math.nan

    @property
    def is_enough(self) -> bool:
        """Whether nothing is missing or late with it."""
        return self.missing_h < _NOTHING and not self.late_h > _NOTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """`factor`: the most of today's volume that the people serve at target; `factor_in_time`: with all letters in time.
    `grown`: hours at the growth asked for. `options` each alone, the best first; `steps` what self-service takes over,
    one after the other, until all fits."""

    factor: float
    calls: Mapping[str, float]
    grown: Hours
    options: list[Option]
    steps: list[Option]
    factor_in_time: float

    @property
    def fits(self) -> bool:
        """Whether the growth can be served, letters in time, with what self-service takes over, if anything."""
        return self.steps[-1].is_enough if self.steps else self.grown.is_enough


def answered(problem: Problem, stretch: float = 1.0) -> Answer:
    """What the headcount serves. `stretch` is the number of agents that simulation found ÷ that of the cuts.

    Raises StaffingProblemError where the problem has no headcount."""
    if problem.headcount is None:
        raise StaffingProblemError(where="headcount", problem="is missing; give hours and growth.")
    ask = Ask(problem.headcount, stretch)
    factor = _factor(problem, ask)
    grown = hours_of(problem, ask, ask.volume, with_letters=True)
    ask = replace(ask, grown=grown)
    options = [
        *_self_service(problem, ask),
        *_cross_training(problem, ask),
        *_specialising(problem, ask),
    ]
    options.sort(
        key=lambda one: (
            one.missing_h,
            _or_none(one.late_h),
            -one.factor,
            -one.hours_saved,
            one.key,
            sorted(one.names.items()),
        )
    )
    calls = {queue.id: factor * sum(queue.calls) for queue in problem.queues}
    in_time = _factor(problem, ask, with_letters=True) if problem.work else factor
    return Answer(factor, calls, grown, options, _steps(problem, ask), in_time)


def _or_none(hours: float) -> float:
    return 0.0 if math.isnan(hours) else hours


def hours_of(problem: Problem, ask: Ask, volume: float, *, with_letters: bool = False) -> Hours:
    """Hours that so many times today's volume needs, and those missing; of letters where they are asked for."""
    skills = pools.reached(problem)
    cuts = pools.cuts_of(problem, skills)
    rows = [
        [ask.stretch * required for required in row]
        for row in pools.required_of_cuts(problem, cuts, {queue.id: volume for queue in problem.queues})
    ]
    available = _available(problem, ask.headcount)
    letters: dict[str, Served] = {}
    if with_letters and problem.work:
        letters = letters_beside(problem, lambda program: _calls(program, problem, cuts, rows), available, volume)
    missing = _least(problem, cuts, rows, available)
    return Hours(needed=_least(problem, cuts, rows, None), missing=missing, letters=letters)


def _available(problem: Problem, headcount: Headcount) -> list[float]:
    """Hours at work of each group."""
    at_work = headcount.hours * (1.0 - absence_of(problem.shrinkage).total)
    return [(group.people or 0) * at_work for group in problem.groups]


def _least(
    problem: Problem, cuts: Sequence[pools.Cut], rows: Sequence[Sequence[float]], available: Sequence[float] | None
) -> float:
    """Agent hours in all, or (with what is available) those of strangers who must help."""
    program, hour = Program(), problem.interval_min / 60
    agents, strangers = _calls(program, problem, cuts, rows)
    paid = strangers if available is not None else [*strangers, *(column for columns in agents for column in columns)]
    for column in paid:
        program.cost[column] = hour
    for group, hours in enumerate(available or ()):
        program.at_most({columns[group]: hour for columns in agents}, hours)
    best = solve(program)
    if best is None:
        raise AssertionError("strangers make every program solvable")
    return best.cost if best.cost > _NOTHING else 0.0


def _calls(
    program: Program, problem: Problem, cuts: Sequence[pools.Cut], rows: Sequence[Sequence[float]]
) -> tuple[list[list[int]], list[int]]:
    """The cuts of all intervals in the program: the columns of each group's agents, and of strangers who help where a
    group's `most` or hours end."""
    agents, strangers = [], []
    for row in rows:
        missing = program.column(0.0)
        columns = [program.column(0.0, group.most) for group in problem.groups]
        for cut, required in zip(cuts, row, strict=True):
            program.at_least({columns[g]: 1.0 for g in sorted(cut.groups)} | {missing: 1.0}, required)
        agents.append(columns)
        strangers.append(missing)
    return agents, strangers


def _factor(problem: Problem, ask: Ask, *, with_letters: bool = False) -> float:
    """The greatest multiple of today's volume with no hour missing (and no letter late), to 0.1 % or better, 16 at the
    most."""

    def is_enough(volume: float) -> bool:
        return hours_of(problem, ask, volume, with_letters=with_letters).is_enough

    low, high = 0.0, 1.0
    while is_enough(high):
        low, high = high, 2 * high
        if high > _MOST_FACTOR:
            return low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if is_enough(middle):
            low = middle
        else:
            high = middle
    return low


def _option(key: str, names: Mapping[str, str], changed: Problem, ask: Ask, moved: float = 0.0) -> Option:
    hours = hours_of(changed, ask, ask.volume, with_letters=ask.grown.late > _NOTHING)
    return Option(
        key, names, ask.grown.needed - hours.needed, hours.missing, _factor(changed, ask), moved, _late(changed, hours)
    )


def _late(problem: Problem, hours: Hours) -> float:
    return hours.late if problem.work else math.nan


# --- self-service ---------------------------------------------------------------------------------------------------


def _self_service(problem: Problem, ask: Ask) -> Iterator[Option]:
    for number, queue in enumerate(problem.queues):
        for reason in queue.reasons:
            if reason.self_service_share:
                names = {"queue": queue.id, "reason": reason.id}
                moved = ask.volume * sum(queue.calls) * reason.share * reason.self_service_share
                changed = _with_queue(problem, number, without(queue, reason))
                yield _option("staffing.self_service", names, changed, ask, moved)


def _steps(problem: Problem, ask: Ask) -> list[Option]:
    """What self-service takes over, each time what saves most of the hours still missing or late, until none is."""
    found: list[Option] = []
    rest = [(n, reason.id) for n, q in enumerate(problem.queues) for reason in q.reasons if reason.self_service_share]
    missing = ask.grown
    while not missing.is_enough and rest:
        tried = []
        for number, id in rest:
            queue = problem.queues[number]
            reason = next(one for one in queue.reasons if one.id == id)
            changed = _with_queue(problem, number, without(queue, reason))
            hours = hours_of(changed, ask, ask.volume, with_letters=missing.late > _NOTHING)
            tried.append((hours, number, id, changed, reason, queue))
        hours, number, id, changed, reason, queue = min(
            tried, key=lambda one: (one[0].missing, one[0].late, one[0].needed)
        )
        if hours.missing + hours.late > missing.missing + missing.late - _NOTHING:
            break  # what is left would relieve those who are not short
        problem = changed
        moved = ask.volume * sum(queue.calls) * reason.share * reason.self_service_share
        saved = missing.needed - hours.needed
        names = {"queue": queue.id, "reason": id}
        factor = _factor(problem, ask)
        late_h = _late(problem, hours)
        found.append(Option("staffing.self_service", names, saved, hours.missing, factor, moved, late_h))
        rest.remove((number, id))
        missing = hours
    return found


def without(queue: Queue, reason: Reason) -> Queue:
    """The queue when self-service has taken over what it can of the reason; the other reasons' shares grow.

    Raises StaffingProblemError where the reasons' handle times contradict the queue's."""
    gone = reason.share * reason.self_service_share
    ahts = [queue.aht_in(n) - gone * reason.aht_s for n in range(len(queue.calls))]
    if gone >= 1.0 or min(ahts) <= 0.0:
        said = (
            f"the reason {reason.id!r} takes more time than the whole queue; correct share, aht_s or the queue's aht_s."
        )
        raise StaffingProblemError(where=f"the queue {queue.id!r}", problem=said)
    reasons = [_left(one, reason, gone) for one in queue.reasons]
    return msgspec.structs.replace(
        queue,
        calls=[calls * (1.0 - gone) for calls in queue.calls],
        aht_s=[aht / (1.0 - gone) for aht in ahts],
        reasons=reasons,
    )


def _left(one: Reason, moved: Reason, gone: float) -> Reason:
    if one.id == moved.id:
        return msgspec.structs.replace(one, share=(one.share - gone) / (1.0 - gone), self_service_share=0.0)
    return msgspec.structs.replace(one, share=one.share / (1.0 - gone))


def _with_queue(problem: Problem, number: int, queue: Queue) -> Problem:
    queues = [queue if n == number else one for n, one in enumerate(problem.queues)]
    return msgspec.structs.replace(problem, queues=queues)


# --- skills ---------------------------------------------------------------------------------------------------------


def _cross_training(problem: Problem, ask: Ask) -> Iterator[Option]:
    late = {
        work.skill
        for work in problem.work
        if work.id in ask.grown.letters and not ask.grown.letters[work.id].is_in_time
    }
    skills = [*(queue.needs for queue in problem.queues), *(work.skill for work in problem.work if work.skill in late)]
    needed = [skill for skill in dict.fromkeys(skills) if skill is not None]
    for number, (group, held) in enumerate(
        zip(problem.groups, pools.served(problem.groups, problem.borrowing), strict=True)
    ):
        for skill in needed:
            if skill not in held and group.people:
                wider = msgspec.structs.replace(group, skills=[*group.skills, skill])
                names = {"group": group.id, "skill": skill}
                changed = _with_group(problem, number, wider)
                yield _option("staffing.cross_training", names, changed, ask)


def _specialising(problem: Problem, ask: Ask) -> Iterator[Option]:
    for one in ask.headcount.specialisations:
        number = next(n for n, group in enumerate(problem.groups) if group.id == one.group)
        names = {"group": one.group, "skills": ", ".join(one.skills)}
        changed = specialised(problem, number, one)
        yield _option("staffing.specialise", names, changed, ask)


def specialised(problem: Problem, number: int, one: Specialisation) -> Problem:
    """The problem when the group keeps to fewer skills. Customers of these become quicker by the group's part of the
    people who know the skill."""
    group = problem.groups[number]
    found = _with_group(problem, number, msgspec.structs.replace(group, skills=list(one.skills)))
    queues = []
    for queue in found.queues:
        people = sum((each.people or 0 for each in found.groups if queue.needs in each.skills), 0)
        part = (group.people or 0) / people if queue.needs in one.skills and people else 0.0
        ratio = 1.0 - part * (1.0 - one.aht_ratio)
        aht_s = [aht * ratio for aht in queue.aht_s] if isinstance(queue.aht_s, list) else queue.aht_s * ratio
        queues.append(msgspec.structs.replace(queue, aht_s=aht_s))
    return msgspec.structs.replace(found, queues=queues)


def _with_group(problem: Problem, number: int, group: Group) -> Problem:
    groups = [group if n == number else one for n, one in enumerate(problem.groups)]
    return msgspec.structs.replace(problem, groups=groups)


def document(found: Answer) -> dict[str, Any]:
    """As it is written as JSON."""
    letters = {"letters": letters_document(found.grown.letters)} if found.grown.letters else {}
    return letters | {
        "factor": round(found.factor, 4),
        "factor_in_time": round(found.factor_in_time, 4),
        "calls": {id: round(calls, 1) for id, calls in found.calls.items()},
        "needed_h": round(found.grown.needed, 3),
        "missing_h": round(found.grown.missing, 3),
        "fits": found.fits,
        "options": [_written(one) for one in found.options],
        "steps": [_written(one) for one in found.steps],
    }


def _written(one: Option) -> dict[str, Any]:
    numbers = {name: round(getattr(one, name), 4) for name in _NUMBERS}
    return {"key": one.key, **one.names, **{name: value for name, value in numbers.items() if not math.isnan(value)}}
