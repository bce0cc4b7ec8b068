"""Work that may wait, put where few call: done by its deadline, never at the price of a higher peak.

A program in agent-intervals with whole people: what comes at an interval's begin may be done from then on, and must be
done before its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from hotline.planning.staffing.problem import Problem, Work
from hotline.planning.staffing.programs import Program, solve

# What is worst first: late, a higher peak, left for another day, paid; at last, busy intervals rather than quiet ones.
_LATE, _PEAK, _LEFT, _PAID, _BUSY = 1e5, 5e3, 2.0, 1.0, 1e-2
_GAP = 1e-6
_VISIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Placed:
    """`people[n]` beside those who take calls; `hours` of each kind of work by interval; hours that are late at their
    deadline (as often as it is looked at: the greatest), and hours that may be left for another day."""

    people: list[int]
    hours: dict[str, list[float]]
    late_h: dict[str, float]
    left_h: dict[str, float]


def placed(problem: Problem, agents: Sequence[int], limits: Sequence[int | None]) -> Placed:
    """The work of the problem beside so many agents, never above `limits` with them; where nobody works it rests."""
    program = Program(gap=_GAP)
    span = range(problem.intervals)
    is_open = [any(queue.calls[n] for queue in problem.queues) or not problem.queues for n in span]
    most = max(agents, default=0)
    rooms = [_room(agents[n], limits[n]) if is_open[n] else 0 for n in span]
    people = [program.column(_PAID + _BUSY * agents[n] / max(1, most), rooms[n], is_whole=True) for n in span]
    peak = program.column(_PEAK)
    for n in span:
        program.at_least({peak: 1.0, people[n]: -1.0}, float(agents[n]))
    done, late, left = {}, {}, {}
    for work in problem.work:
        done[work.id], late[work.id], left[work.id] = _columns_of(program, problem, work)
    for n in span:
        program.at_most({people[n]: -1.0} | {columns[n]: 1.0 for columns in done.values()}, 0.0)
    best = solve(program)
    if best is None:
        raise AssertionError("what is late or left makes every program solvable")
    hour = problem.interval_min / 60
    return Placed(
        people=[round(best.values[column]) for column in people],
        hours={id: [round(best.values[c] * hour, 6) for c in columns] for id, columns in done.items()},
        late_h={id: _shown(best.values[column] * hour) for id, column in late.items()},
        left_h={id: _shown(best.values[column] * hour) for id, column in left.items()},
    )


def _room(agents: int, limit: int | None) -> float | None:
    return None if limit is None else float(max(0, limit - agents))


def _shown(hours: float) -> float:
    return round(hours, 6) if hours > _VISIBLE else 0.0


def _columns_of(program: Program, problem: Problem, work: Work) -> tuple[list[int], int, int]:
    """Agent-intervals done in each interval, the most that is late at once, and what is left at the end."""
    done = [program.column(0.0) for _ in work.arrivals]
    late, left = program.column(_LATE), program.column(_LEFT)
    come = [total * work.handle_s / problem.interval_s for total in accumulate(work.arrivals)]
    patience = int(work.deadline_h * 60 // problem.interval_min)
    for n in range(len(done)):
        so_far = dict.fromkeys(done[: n + 1], 1.0)
        program.at_most(so_far, come[n])
        due = n - patience + 1
        if due >= 0:
            program.at_least({late: 1.0} | so_far, come[due])
    program.at_least({left: 1.0} | dict.fromkeys(done, 1.0), come[-1])
    return done, late, left
