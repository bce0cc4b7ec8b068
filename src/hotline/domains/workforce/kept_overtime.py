"""Overtime that was agreed stays when a planner lays the day out anew: at its own hours, or as a whole day of it.

Stored is the longer day, not where the hours lie in it: they are what is left beside a shift of the kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hotline.domains.workforce.added_hours import joined
from hotline.domains.workforce.models import ShiftKind
from hotline.domains.workforce.roster_works import ShiftRow
from hotline.domains.workforce.shift_layout import Layout, Spans, spans
from hotline.domains.workforce.shift_times import pieces_at


def kept(layout: Layout, before: ShiftRow, kind: ShiftKind) -> Layout | None:
    """The new shift with the overtime of the one before, which was of that kind.

    None where it cannot be said what the longer day would be: the hours overlap with the new shift, no longer touch it,
    or may have been others."""
    if before.overtime_min == 0:
        return layout
    if before.overtime_min >= before.paid_min:
        return replace(layout, overtime_min=layout.paid_min)
    days = [_beside(layout.pieces, added, before) for _, added in added_hours(before, kind)]
    # As long as the day stays as it is, it does not matter which hours of it were added.
    pieces = before.pieces if before.pieces in days else days[0] if len(days) == 1 else None
    if pieces is None:
        return None
    return replace(
        layout,
        pieces=pieces,
        paid_min=layout.paid_min + before.overtime_min,
        overtime_min=before.overtime_min,
    )


def added_hours(longer: ShiftRow, kind: ShiftKind) -> list[tuple[int, Spans]]:
    """Each start at which a shift of the kind lies in the longer day, with the hours that are then the added ones.

    Where its breaks tell one from the other, only the starts that they allow."""
    length = kind.pieces[-1][0] + kind.pieces[-1][1]
    starts = {begin for begin, _ in longer.pieces} | {end - length for _, end in longer.pieces}
    found = []
    for start in sorted(starts):
        own = spans(pieces_at(kind, start))
        is_within = all(any(a <= begin and end <= b for a, b in longer.pieces) for begin, end in own)
        if is_within and (added := _without(longer.pieces, own)):
            found.append((start, added))
    return [one for one in found if _has_breaks(longer.breaks, kind, one[0])] or found


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


def _has_breaks(breaks: Iterable[Sequence[int]], kind: ShiftKind, start: int) -> bool:
    there = list(breaks)
    return all(
        any(
            one["earliest_min"] <= begin - start <= one["latest_min"] and end - begin == one["length_min"]
            for begin, end in there
        )
        for one in kind.breaks
    )
