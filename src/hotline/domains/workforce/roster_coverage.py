"""How much of a roster's demand its people cover, where they are missing, and where seats run out. Pure.

Coverage of an interval is the maximum flow from people on duty to the skills that are wanted, as the solver counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotline.domains.workforce.shift_layout import DAY_MIN, Spans
from hotline.domains.workforce.skill_sets import filled_by
from hotline.planning.roster.spreading import spread


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of intervals, in minutes from the roster's first midnight, in which `missing` people (or, of seats,
    `missing` too many) are counted at the most. `skill` is a place in the list of skills, none for seats."""

    from_min: int
    to_min: int
    missing: int
    skill: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A shift on the time line: minutes from the roster's first midnight, and the skills that it serves as a mask."""

    mask: int
    pieces: Spans
    breaks: Spans = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """People wanted and of these covered, summed over intervals, and the stretches in which somebody is missing."""

    wanted: int
    covered: int
    gaps: tuple[Gap, ...]

    @property
    def share(self) -> int | None:
        """In hundredths of a per cent, cut; none where nobody is wanted."""
        return None if self.wanted == 0 else self.covered * 10_000 // self.wanted


def mask_of(able: Iterable[str], served: frozenset[str], places: Mapping[str, int]) -> int:
    """What a person with these skills fills in a kind of shift, of skills and sets of them, as a mask; `served` empty:
    the kind serves every skill."""
    held = frozenset(able)
    return sum(1 << places[key] for key in filled_by(held & served if served else held, places))


def coverage(present: Iterable[Presence], demand: Sequence[Sequence[int]], interval_min: int, slots: int) -> Coverage:
    """Of demand per skill and interval; lists that are shorter than the roster repeat."""
    here = on_duty(present, interval_min, slots)
    missing: list[list[int]] = [[0] * slots for _ in demand]
    wanted_in_all = covered = 0
    known: dict[tuple[frozenset[tuple[int, int]], tuple[int, ...]], tuple[int, ...]] = {}
    for slot in range(slots):
        wanted = tuple(row[slot % len(row)] if row else 0 for row in demand)
        total = sum(wanted)
        if not total:
            continue
        key = (frozenset(here[slot].items()), wanted)
        if key not in known:
            flow = spread(here[slot], wanted)
            served = Counter[int]()
            for (_, skill), people in flow.items():
                served[skill] += people
            known[key] = tuple(want - served[skill] for skill, want in enumerate(wanted))
        wanted_in_all += total
        covered += total - sum(known[key])
        for skill, lack in enumerate(known[key]):
            missing[skill][slot] = lack
    gaps = [gap for skill, row in enumerate(missing) for gap in _stretches(row, interval_min, skill)]
    return Coverage(wanted=wanted_in_all, covered=covered, gaps=tuple(sorted(gaps, key=lambda gap: gap.from_min)))


def on_duty(present: Iterable[Presence], interval_min: int, slots: int) -> list[Counter[int]]:
    """Per interval the people who work and have no break, counted by the skills that they serve."""
    steps: dict[int, list[int]] = defaultdict(lambda: [0] * (slots + 1))
    for one in present:
        row = steps[one.mask]
        for begin, end in one.pieces:
            _add(row, begin // interval_min, end // interval_min, 1)
        for begin, end in one.breaks:
            _add(row, begin // interval_min, end // interval_min, -1)
    here: list[Counter[int]] = [Counter() for _ in range(slots)]
    for mask, row in steps.items():
        people = 0
        for slot in range(slots):
            people += row[slot]
            if people > 0 and mask:
                here[slot][mask] = people
    return here


def seats_overrun(present: Iterable[Presence], seats: int, interval_min: int, slots: int) -> list[Gap]:
    """The stretches in which more people are on shift, breaks included, than there are seats."""
    row = [0] * (slots + 1)
    for one in present:
        for begin, end in one.pieces:
            _add(row, begin // interval_min, -(-end // interval_min), 1)
    people, over = 0, []
    for slot in range(slots):
        people += row[slot]
        over.append(max(0, people - seats))
    return list(_stretches(over, interval_min, None))


def shifted(spans: Spans, day: int) -> Spans:
    """Spans of a day's minutes on the roster's time line."""
    return tuple((begin + day * DAY_MIN, end + day * DAY_MIN) for begin, end in spans)


def _add(row: list[int], first: int, last: int, people: int) -> None:
    first, last = max(0, first), min(len(row) - 1, last)
    if first < last:
        row[first] += people
        row[last] -= people


def _stretches(row: Sequence[int], interval_min: int, skill: int | None) -> Iterable[Gap]:
    """Runs of intervals with something missing, broken at midnights so that each belongs to a day."""
    begin: int | None = None
    a_day = DAY_MIN // interval_min
    for slot in range(len(row) + 1):
        lack = row[slot] if slot < len(row) else 0
        if begin is not None and (not lack or slot % a_day == 0):
            yield Gap(begin * interval_min, slot * interval_min, max(row[begin:slot]), skill)
            begin = None
        if lack and begin is None:
            begin = slot
