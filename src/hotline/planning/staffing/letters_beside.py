"""Letters in what calls leave of a fixed headcount: calls first, letters by deadline, and what will be late.

The day is taken for one of many alike: what is left in the evening is there in the morning. Letters that the hours do
not suffice for stay undone each day, so that ever more are late; of several kinds those with the longest deadline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hotline.planning.staffing.pools import served
from hotline.planning.staffing.problem import Problem, Work
from hotline.planning.staffing.programs import Program, solve

_STRANGERS, _UNDONE, _LATE = 1e4, 1e2, 1.0  # an hour of each: what is worst first
_NOTHING = 1e-6

# Adds the calls to the program: by interval the columns of each group's agents, and of the strangers who are missing.
Calls = Callable[[Program], tuple[list[list[int]], list[int]]]


@dataclass(frozen=True, slots=True)
class Served:
    """One kind of letters on such a day, in hours of work: what comes, and what is done. `undone_h` stay every day;
    `late_h` are the most that are past their deadline at once although they are done."""

    needed_h: float
    done_h: float
    undone_h: float
    late_h: float
    undone: float  # letters

    @property
    def is_in_time(self) -> bool:
        """Whether nothing stays and nothing is late."""
        return not self.undone_h and not self.late_h


def letters_beside(problem: Problem, calls: Calls, available: Sequence[float], volume: float) -> dict[str, Served]:
    """What becomes of each kind of work, volumes multiplied, with these hours of each group."""
    program, hour = Program(), problem.interval_min / 60
    agents, strangers = calls(program)
    for column in strangers:
        program.cost[column] = _STRANGERS * hour
    skills = served(problem.groups, problem.borrowing)
    is_open = [any(queue.calls[n] for queue in problem.queues) or not problem.queues for n in range(problem.intervals)]
    beside: list[list[list[int]]] = [[[] for _ in problem.groups] for _ in is_open]
    kinds = []
    for work in problem.work:
        able = [g for g, held in enumerate(skills) if work.skill is None or work.skill in held]
        kinds.append(_add(program, problem, work, able, is_open, beside, volume))
    for n, of_groups in enumerate(beside):
        for g, columns in enumerate(of_groups):
            most = problem.groups[g].most
            if most is not None and columns:
                program.at_most({agents[n][g]: 1.0} | dict.fromkeys(columns, 1.0), most)
    for g, hours in enumerate(available):
        used = {agents[n][g]: hour for n in range(len(beside))}
        program.at_most(used | {column: hour for row in beside for column in row[g]}, hours)
    best = solve(program)
    if best is None:
        raise AssertionError("strangers and what stays undone make every program solvable")
    return {
        work.id: _told(work, volume, undone * hour, late * hour)
        for work, (undone, late) in zip(problem.work, [(best.values[u], best.values[d]) for u, d in kinds], strict=True)
    }


def _add(
    program: Program,
    problem: Problem,
    work: Work,
    able: Sequence[int],
    is_open: Sequence[bool],
    beside: list[list[list[int]]],
    volume: float,
) -> tuple[int, int]:
    """The columns of what stays undone and of what is late at once, in agent-intervals."""
    unit = volume * work.handle_s / problem.interval_s
    come = [unit * many for many in work.arrivals]
    so_far = list(accumulate(come))
    total = so_far[-1] or 1.0
    undone = program.column(_UNDONE * problem.interval_min / 60 * (1.0 + 1.0 / (1.0 + work.deadline_h)))
    late = program.column(_LATE * problem.interval_min / 60)
    stock = program.column(0.0)  # there in the morning, left in the evening
    before: int | None = None
    for n, open_now in enumerate(is_open):
        done = program.column(0.0)
        step: dict[int, float] = {done: 1.0} if before is None else {done: 1.0, before: -1.0}
        for g in able if open_now else ():
            column = program.column(0.0)
            beside[n][g].append(column)
            step[column] = -1.0
        program.at_most(step, 0.0)
        program.at_least(step, 0.0)
        due = so_far[n] - _may_wait(come, n, _patience(problem, work))
        # Letters that stay undone are laid aside as they come, an equal share all day: no others wait behind them.
        program.at_most({done: 1.0, stock: -1.0, undone: so_far[n] / total}, so_far[n])
        program.at_least({done: 1.0, late: 1.0, stock: -1.0, undone: due / total}, due)
        before = done
    if before is not None:
        program.at_least({before: 1.0, undone: 1.0}, so_far[-1])
        program.at_most({before: 1.0, undone: 1.0}, so_far[-1])
    return undone, late


def _patience(problem: Problem, work: Work) -> int:
    return int(work.deadline_h * 60 // problem.interval_min)


def _may_wait(come: Sequence[float], interval: int, patience: int) -> float:
    """What came within the deadline before the interval's end, on this day and those before, all alike."""
    days, rest = divmod(patience - 1, len(come))
    return days * sum(come) + sum(come[(interval - back) % len(come)] for back in range(rest))


def _told(work: Work, volume: float, undone_h: float, late_h: float) -> Served:
    needed_h = volume * sum(work.arrivals) * work.handle_s / 3600
    undone_h = undone_h if undone_h > _NOTHING else 0.0
    return Served(
        needed_h=needed_h,
        done_h=needed_h - undone_h,
        undone_h=undone_h,
        late_h=late_h if late_h > _NOTHING else 0.0,
        undone=undone_h * 3600 / work.handle_s,
    )


def document(letters: Mapping[str, Served]) -> dict[str, dict[str, float]]:
    """As it is written as JSON."""
    names = ("needed_h", "done_h", "undone_h", "late_h", "undone")
    return {id: {name: round(getattr(one, name), 3) for name in names} for id, one in letters.items()}
