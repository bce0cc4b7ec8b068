"""The least paid time in which given kinds of shifts cover a curve of people at work.

Set cover after G. Dantzig (1954): a column for each kind, start and place of its breaks; whole numbers of people. What
kinds cost beside each other is then a comparison at equal cover."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from hotline.planning.roster.problem import ShiftKind, slot_of
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.programs import Program, solve

_GAP = 0.002
_MOST_PLACINGS = 200  # of the breaks of one shift
_DAY_MIN = 1440


@dataclass(frozen=True, slots=True)
class Turn:
    """So many people on this kind of shift: begin and breaks in intervals of the curve."""

    kind: str
    start: int
    breaks: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The turns, what they are paid, what no legal roster of these kinds can undercut, and people covered."""

    turns: list[Turn]
    paid_min: float
    least_paid_min: float
    covered: list[int]

    @property
    def paid_h(self) -> float:
        """Paid hours."""
        return self.paid_min / 60


@dataclass(frozen=True, slots=True)
class _Option:
    kind: ShiftKind
    start: int
    breaks: tuple[int, ...]
    covers: frozenset[int]
    paid_min: int


def least_paid(
    required: Sequence[int],
    kinds: Sequence[ShiftKind],
    begin: str = "00:00",
    interval_min: int = 30,
    most: Mapping[str, int] | None = None,
) -> Cover:
    """The cheapest turns found that cover the curve, at most 0.2 % dearer than the best.

    `required` begins at the local time `begin`; `most` people on some kinds. Shifts lie within the curve; where an
    interval is reached by no kind, or a length is no multiple of the interval, StaffingProblemError says which."""
    options = list(_all_options(kinds, slot_of(begin, interval_min, "start"), len(required), interval_min))
    program = Program(gap=_GAP)
    for option in options:
        program.column(float(option.paid_min), is_whole=True)
    for n, wanted in enumerate(required):
        covering = {place: 1.0 for place, option in enumerate(options) if n in option.covers}
        if wanted and not covering:
            raise StaffingProblemError(
                where=f"shifts, interval {n}", problem="no kind of shift covers it; add a start or a kind."
            )
        if wanted:
            program.at_least(covering, float(wanted))
    for id, people in (most or {}).items():
        program.at_most({place: 1.0 for place, option in enumerate(options) if option.kind.id == id}, float(people))
    best = solve(program)
    if best is None:
        raise StaffingProblemError(where="shifts", problem="do not cover the curve with so few people; raise 'most'.")
    return _cover(options, [round(value) for value in best.values], best.bound, len(required))


def _cover(options: Sequence[_Option], people: Sequence[int], bound: float, intervals: int) -> Cover:
    turns, covered = [], [0] * intervals
    for option, many in zip(options, people, strict=True):
        if many:
            turns.append(Turn(option.kind.id, option.start, option.breaks, many))
            for n in option.covers:
                covered[n] += many
    paid_min = sum(option.paid_min * many for option, many in zip(options, people, strict=True))
    return Cover(turns, float(paid_min), bound, covered)


def _all_options(kinds: Sequence[ShiftKind], begin: int, intervals: int, interval_min: int) -> Iterator[_Option]:
    """Every kind at every start within the curve, once for each place of its breaks that covers something else."""
    for number, kind in enumerate(kinds):
        where = f"kinds[{number}]"
        pieces = [(_slots(at, interval_min, where), _slots(length, interval_min, where)) for at, length in kind.pieces]
        last = max(at + length for at, length in pieces)
        for start in _starts(kind, begin, interval_min, where):
            if start >= 0 and start + last <= intervals:
                yield from _placed(kind, start, pieces, interval_min, where)


def _starts(kind: ShiftKind, begin: int, interval_min: int, where: str) -> list[int]:
    """In intervals from the curve's begin; times before it are the next day's."""
    if kind.starts_every_min:
        step = _slots(kind.starts_every_min, interval_min, where)
        return list(range((-begin) % step, _DAY_MIN // interval_min, step))
    day = _DAY_MIN // interval_min
    return sorted({(slot_of(clock, interval_min, where) - begin) % day for clock in kind.starts})


def _placed(
    kind: ShiftKind, start: int, pieces: Sequence[tuple[int, int]], interval_min: int, where: str
) -> Iterator[_Option]:
    at_work = {start + n for at, length in pieces for n in range(at, at + length)}
    unpaid = sum(rest.length_min for rest in kind.breaks if not rest.is_paid)
    paid = kind.paid_min if kind.paid_min is not None else sum(length for _, length in kind.pieces) - unpaid
    lengths = [-(-rest.length_min // interval_min) for rest in kind.breaks]
    windows = [
        range(_slots(rest.earliest_min, interval_min, where), rest.latest_min // interval_min + 1)
        for rest in kind.breaks
    ]
    seen: set[frozenset[int]] = set()
    for places in islice(product(*windows), _MOST_PLACINGS):
        resting = {start + place + n for place, length in zip(places, lengths, strict=True) for n in range(length)}
        covers = frozenset(at_work - resting)
        if len(resting) == sum(lengths) and covers not in seen:
            seen.add(covers)
            yield _Option(kind, start, tuple(start + place for place in places), covers, paid)


def _slots(minutes: int, interval_min: int, where: str) -> int:
    if minutes % interval_min:
        problem = f"{minutes} minutes are no multiple of the interval's {interval_min}; change one of them."
        raise StaffingProblemError(where=where, problem=problem)
    return minutes // interval_min
