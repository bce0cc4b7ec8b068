"""A shift of a kind laid on a day: its pieces, its breaks, its paid minutes, and the moments it stands for. Pure.

Minutes count from the local midnight of the day, by the clock on the wall, and may pass 1440."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hotline.domains.workforce.rules import minute_of

DAY_MIN: Final = 1440
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTerms:
    """A break of a kind: its length, and between which minutes of the shift it may begin."""

    length_min: int
    earliest_min: int
    latest_min: int
    is_paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTerms:
    """What a shift kind says. `pieces` are (start, length) counted from the shift's start, `starts` minutes of the
    day; `skill_ids` empty: it serves every skill of a person."""

    kind_id: str
    code: str
    pieces: Spans
    starts: tuple[int, ...]
    breaks: tuple[BreakTerms, ...] = ()
    paid_min: int | None = None
    skill_ids: frozenset[str] = frozenset()
    is_on_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A shift of a kind at a start."""

    pieces: Spans
    breaks: Spans
    paid_min: int

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


def terms_of(
    *,
    kind_id: str,
    code: str,
    pieces: Sequence[Sequence[int]],
    starts: Sequence[str],
    starts_every_min: int,
    breaks: Iterable[dict[str, Any]],
    paid_min: int | None,
    skill_ids: Iterable[str],
    is_on_call: bool,
) -> KindTerms:
    """The terms of a stored kind; `starts_every_min` names every start of the day that lies on that grid."""
    every = range(0, DAY_MIN, starts_every_min) if starts_every_min else ()
    return KindTerms(
        kind_id=kind_id,
        code=code,
        pieces=tuple((begin, length) for begin, length in pieces),
        starts=tuple(every) or tuple(sorted(minute_of(clock) for clock in starts)),
        breaks=tuple(
            BreakTerms(
                length_min=one["length_min"],
                earliest_min=one["earliest_min"],
                latest_min=one["latest_min"],
                is_paid=one.get("is_paid", False),
            )
            for one in breaks
        ),
        paid_min=paid_min,
        skill_ids=frozenset(map(str, skill_ids)),
        is_on_call=is_on_call,
    )


def laid_out(kind: KindTerms, start: int) -> Layout:
    """The shift at that minute of the day; each break in the middle of when it may begin, none over another."""
    pieces = tuple((start + begin, start + begin + length) for begin, length in kind.pieces)
    breaks: list[tuple[int, int]] = []
    for one in kind.breaks:
        begin = start + (one.earliest_min + one.latest_min) // 2
        if breaks:
            begin = max(begin, breaks[-1][1])
        breaks.append((begin, begin + one.length_min))
    return Layout(pieces=pieces, breaks=tuple(breaks), paid_min=paid_minutes(kind))


def paid_minutes(kind: KindTerms) -> int:
    """As the kind says, else its pieces without unpaid breaks."""
    if kind.paid_min is not None:
        return kind.paid_min
    unpaid = sum(one.length_min for one in kind.breaks if not one.is_paid)
    return sum(length for _, length in kind.pieces) - unpaid
