"""Breaks of a day that became longer: those that the labour rules ask for after so much work; where these say nothing,
as many, and as they may lie, as in a shift of that length. Pure.

That length is told by the longest kind of shift that is not longer than the day. Where the day is longer still, nobody
works on without a break for longer than that kind ever lets them. Breaks that are there stay where they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from hotline.domains.workforce.break_rule import Step, break_minutes, lacking
from hotline.domains.workforce.work_rule_checks import GRID_MIN, Break, Shift

Span = tuple[int, int]
LONG_AGO: Final = -(10**6)


@dataclass(frozen=True, slots=True)
class Further:
    """A break that is added; minutes of the shift's own day."""

    begin: int
    end: int
    is_paid: bool


def further_breaks(
    pieces: Sequence[Span], breaks: Iterable[Span], own: Shift, kinds: Iterable[Shift], earliest: int = LONG_AGO
) -> list[Further]:
    """What the day of these pieces and breaks lacks, in the order of time, none of it before `earliest`.

    `own` is the kind of the shift that became longer; of several kinds of a length it comes first."""
    like = _like(pieces, own, kinds)
    there, found = sorted(breaks), list[Further]()
    if len(pieces) == len(like.pieces) == 1:
        for rule in _lacking(pieces[0][0], there, like.breaks):
            lies = pieces[0][0] + rule.earliest_min, pieces[0][0] + rule.latest_min
            if one := _placed(rule, lies, pieces, _taken(there, found), earliest):
                found.append(one)
    if like.breaks:
        found += _within_stretches(pieces, there, found, like, earliest)
    return sorted(found, key=lambda one: one.begin)


def breaks_due(
    pieces: Sequence[Span], breaks: Iterable[Span], steps: Sequence[Step], earliest: int = LONG_AGO
) -> list[Further]:
    """What the day of these pieces and breaks lacks by the law's steps: one break, in the middle of the longest work on
    end, none of it before `earliest`. None where there is no room for it."""
    there = sorted(breaks)
    minutes, step = lacking(steps, pieces, break_minutes(pieces, there))
    if step is None:
        return []
    length = -(-minutes // GRID_MIN) * GRID_MIN
    spans = [(max(begin, earliest), end) for begin, end in _stretches(pieces, there) if end - max(begin, earliest) > 0]
    for begin, end in sorted(spans, key=lambda one: one[0] - one[1]):
        middle = begin + (end - begin - length) // 2
        if one := _placed(Break(length, 0, 0, step.is_paid), (middle, middle), [(begin, end)], there, earliest):
            return [one]
    return []


def _like(pieces: Sequence[Span], own: Shift, kinds: Iterable[Shift]) -> Shift:
    most = sum(end - begin for begin, end in pieces)
    fitting = [own, *(kind for kind in kinds if len(kind.pieces) == 1 and not kind.is_on_call)]
    return max((kind for kind in fitting if _length(kind) <= most or kind is own), key=_length)


def _length(kind: Shift) -> int:
    return sum(length for _, length in kind.pieces)


def _lacking(start: int, there: Sequence[Span], rules: Sequence[Break]) -> list[Break]:
    """The rules that no break is there for: those that are there stand for the ones that they are nearest to."""
    if len(there) >= len(rules):
        return []

    def distance(chosen: tuple[int, ...]) -> int:
        pairs = zip(chosen, there, strict=True)
        return sum(_distance(begin - start, rules[at]) for at, (begin, _) in pairs)

    met = min(combinations(range(len(rules)), len(there)), key=distance)
    return [rule for at, rule in enumerate(rules) if at not in met]


def _distance(offset: int, rule: Break) -> int:
    return max(rule.earliest_min - offset, offset - rule.latest_min, 0)


def _placed(rule: Break, lies: Span, pieces: Sequence[Span], taken: Sequence[Span], earliest: int) -> Further | None:
    """The break as near to the middle of when it may begin as there is room; outside of that time rather than never."""
    middle = sum(lies) // 2
    begins = [
        minute
        for first, last in pieces
        for minute in range(first, last - rule.length_min + 1, GRID_MIN)
        if minute >= earliest and all(minute + rule.length_min <= begin or end <= minute for begin, end in taken)
    ]
    if not begins:
        return None
    begin = min(begins, key=lambda one: (not lies[0] <= one <= lies[1], abs(one - middle)))
    return Further(begin, begin + rule.length_min, rule.is_paid)


def _within_stretches(
    pieces: Sequence[Span], there: Sequence[Span], found: Sequence[Further], like: Shift, earliest: int
) -> Iterator[Further]:
    most, rule = longest_stretch(like), like.breaks[-1]
    taken = list(_taken(there, found))
    while True:
        for begin, end in _stretches(pieces, taken):
            if end - begin <= most or end <= earliest:
                continue
            since = max(begin, earliest)
            middle = since + (end - since - rule.length_min) // 2
            one = _placed(rule, (middle, middle), [(since, end)], taken, earliest) if since < end else None
            if one is not None:
                yield one
                taken.append((one.begin, one.end))
                break
        else:
            return


def longest_stretch(kind: Shift) -> int:
    """The most minutes on end that somebody may have to work in a shift of the kind, wherever its breaks are put."""
    most = 0
    for start, length in kind.pieces:
        within = [one for one in kind.breaks if start <= one.earliest_min < start + length]
        edges = [(start, start), *((one.earliest_min + one.length_min, one.latest_min) for one in within)]
        for (freed, _), (_, latest) in pairwise([*edges, (0, start + length)]):
            most = max(most, latest - freed)
    return most


def _stretches(pieces: Sequence[Span], taken: Iterable[Span]) -> Iterator[Span]:
    ordered = sorted(taken)
    for first, last in pieces:
        since = first
        for begin, end in ordered:
            if first <= begin < last:
                yield since, begin
                since = max(since, end)
        yield since, last


def _taken(there: Iterable[Span], found: Iterable[Further]) -> list[Span]:
    return [*((begin, end) for begin, end in there), *((one.begin, one.end) for one in found)]
