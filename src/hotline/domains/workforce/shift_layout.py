"""A shift of a kind laid on a day: its pieces, its breaks, its paid minutes; and the minutes at which it may start.

Minutes count from the local midnight of the day, by the clock on the wall, and may pass 1440."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hotline.domains.workforce.models import ShiftKind
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.shift_times import breaks_at, paid_min_of, pieces_at

DAY_MIN: Final = 1440
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A shift of a kind at a start; `overtime_min` of its paid minutes are overtime that was agreed, `excused_min` more
    were let off without pay."""

    kind_id: str
    pieces: Spans
    breaks: Spans
    paid_min: int
    overtime_min: int = 0
    excused_min: int = 0

    @property
    def start(self) -> int:
        return self.pieces[0][0]


def starts_of(kind: ShiftKind) -> tuple[int, ...]:
    """The minutes of the day at which a shift of the kind may start, earliest first."""
    if kind.starts_every_min:
        return tuple(range(0, DAY_MIN, kind.starts_every_min))
    return tuple(sorted(minute_of(clock) for clock in kind.starts))


def laid_out(kind: ShiftKind, start: int) -> Layout:
    """The shift at that minute of the day, each break in the middle of when it may begin."""
    return Layout(
        kind_id=str(kind.pk),
        pieces=spans(pieces_at(kind, start)),
        breaks=spans(breaks_at(kind, start)),
        paid_min=paid_min_of(kind),
    )


def are_breaks_of(kind: ShiftKind, start: int, breaks: Sequence[tuple[int, int]]) -> bool:
    """Whether these are all the breaks of a shift of the kind at that start, each where it may lie."""
    return len(breaks) == len(kind.breaks) and all(
        end - begin == one["length_min"] and one["earliest_min"] <= begin - start <= one["latest_min"]
        for one, (begin, end) in zip(kind.breaks, breaks, strict=True)
    )


def spans(pairs: list[list[int]]) -> Spans:
    """Lists of pairs, as they are stored, as tuples."""
    return tuple((begin, end) for begin, end in pairs)
