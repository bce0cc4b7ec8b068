"""Overtime that was agreed stays when a planner lays the day out anew: at its own hours, or as a whole day of it.

Stored is the longer day, not where the hours lie in it: they are what is left beside a shift of the kind."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from uuid import UUID

from hotline.domains.workforce.added_hours import BreakRules, joined
from hotline.domains.workforce.further_breaks import Further
from hotline.domains.workforce.models import ShiftKind
from hotline.domains.workforce.roster_works import ShiftRow
from hotline.domains.workforce.shift_layout import Layout, Spans, are_breaks_of, spans
from hotline.domains.workforce.shift_times import pieces_at


def kept(layout: Layout, before: ShiftRow, kind: ShiftKind, rules: BreakRules) -> Layout | None:
    """The new shift with the overtime of the one before, which was of that kind, and with the breaks of the longer day.

    None where it cannot be said what the longer day would be: the hours overlap with the new shift, no longer touch it,
    or may have been others."""
    if before.overtime_min == 0:
        return layout
    if before.overtime_min >= before.paid_min:
        return replace(layout, overtime_min=layout.paid_min)
    days = [_beside(layout.pieces, added, before) for _, added in added_hours(before, kind, rules)]
    # As long as the day stays as it is, it does not matter which hours of it were added.
    pieces = before.pieces if before.pieces in days else days[0] if len(days) == 1 else None
    if pieces is None:
        return None
    further = rules.further(before.agent_id, before.day, UUID(layout.kind_id), pieces, layout.breaks)
    is_same = pieces == before.pieces and layout.kind_id == before.kind_id
    overtime_min = before.overtime_min if is_same else _worked(layout, pieces, further)
    return replace(
        layout,
        pieces=pieces,
        breaks=tuple(sorted([*layout.breaks, *((one.begin, one.end) for one in further)])),
        paid_min=layout.paid_min + overtime_min,
        overtime_min=overtime_min,
    )


def _worked(layout: Layout, pieces: Spans, further: Iterable[Further]) -> int:
    """What of the hours beside the shift is paid."""
    added = sum(end - begin for begin, end in pieces) - sum(end - begin for begin, end in layout.pieces)
    return max(0, added - sum(one.end - one.begin for one in further if not one.is_paid))


def added_hours(longer: ShiftRow, kind: ShiftKind, rules: BreakRules) -> list[tuple[int, Spans]]:
    """Each start at which a shift of the kind lies in the longer day, with the hours that are then the added ones.

    Where the breaks tell one from the other, only the starts from which they come about, or which at least allow them.
    """
    length = kind.pieces[-1][0] + kind.pieces[-1][1]
    starts = {begin for begin, _ in longer.pieces} | {end - length for _, end in longer.pieces}
    found = []
    for start in sorted(starts):
        own = spans(pieces_at(kind, start))
        is_within = all(any(a <= begin and end <= b for a, b in longer.pieces) for begin, end in own)
        if is_within and (added := _without(longer.pieces, own)):
            found.append((start, added))
    own_breaks = {start: _breaks_at(longer.breaks, kind, start) for start, _ in found}
    exact = [one for one in found if any(_comes_about(longer, own, rules) for own in own_breaks[one[0]])]
    return exact or [one for one in found if own_breaks[one[0]]] or found


def _beside(own: Spans, added: Spans, before: ShiftRow) -> Spans | None:
    if any(begin < end and since < until for since, end in own for begin, until in added):
        return None
    pieces = joined([*own, *added])
    return pieces if len(pieces) <= max(len(own), len(before.pieces)) else None


def _without(pieces: Spans, own: Spans) -> Spans:
    """What is left of the pieces beside the shift's own, each of which lies within one of them."""
    rest = list(pieces)
    for begin, end in own:
        rest = [
            part
            for a, b in rest
            for part in (((a, begin), (end, b)) if a <= begin and end <= b else ((a, b),))
            if part[0] < part[1]
        ]
    return tuple(rest)


def _breaks_at(breaks: Spans, kind: ShiftKind, start: int) -> list[Spans]:
    """Which of the day's breaks may be those of a shift of the kind at that start."""
    return [own for own in combinations(breaks, len(kind.breaks)) if are_breaks_of(kind, start, own)]


def _comes_about(longer: ShiftRow, own: Spans, rules: BreakRules) -> bool:
    """Whether the day has just the breaks that it gets when these are the shift's."""
    further = rules.further(longer.agent_id, longer.day, UUID(longer.kind_id), longer.pieces, own)
    return sorted(longer.breaks) == sorted([*own, *((one.begin, one.end) for one in further)])
