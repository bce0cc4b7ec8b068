"""Shift kinds and demand of a roster as the solver reads them, on one grid of intervals."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from hotline.domains.workforce.models import Roster, ShiftKind
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.skill_sets import filled_by, skills_in
from hotline.planning.roster import problem as roster_problem

_FINEST_MIN: Final = 5


def kinds_in_use(tenant_id: UUID, wanted: frozenset[str]) -> list[ShiftKind]:
    """The kinds in use that serve something that is wanted."""
    rows = ShiftKind.objects.filter(tenant_id=tenant_id, is_active=True).order_by("code", "pk")
    return [kind for kind in rows if not kind.skill_ids or wanted & set(kind.skill_ids)]


def interval_of(roster: Roster, kinds: Iterable[ShiftKind], night: tuple[int, int]) -> int:
    """The roster's interval, or a finer one on which every shift kind lies, minutes."""
    grid = roster.interval_min
    for kind in kinds:
        numbers = [number for piece in kind.pieces for number in piece] + [minute_of(clock) for clock in kind.starts]
        numbers += [rest[name] for rest in kind.breaks for name in ("length_min", "earliest_min", "latest_min")]
        grid = math.gcd(grid, kind.starts_every_min, *numbers)
    return max(_FINEST_MIN, math.gcd(grid, *night))


def solver_kind(kind: ShiftKind, wanted: frozenset[str]) -> roster_problem.ShiftKind:
    """The kind as the solver reads it; `wanted` are the skills that are planned, and sets of them."""
    return roster_problem.ShiftKind(
        id=str(kind.pk),
        pieces=[(start, length) for start, length in kind.pieces],
        starts=list(kind.starts),
        starts_every_min=kind.starts_every_min,
        breaks=[roster_problem.Break(**one) for one in kind.breaks],
        paid_min=kind.paid_min,
        serves=sorted(filled_by(kind.skill_ids, wanted)) if kind.skill_ids else None,
    )


def wanted_people(roster: Roster, row: Sequence[int], interval_min: int) -> list[int]:
    """People wanted per interval of the solver over all days. `row` is of the roster's own intervals."""
    return [people for people in row for _ in range(roster.interval_min // interval_min)]


def without_those_there(
    wanted: Mapping[str, list[int]], there: Mapping[str, Sequence[tuple[int, int]]], interval_min: int
) -> None:
    """Take off those who are there anyhow: spans of minutes from the first midnight by the skill served. Who is not
    wanted for that skill alone counts for a set that has it."""
    for skill, spans in there.items():
        lines = [wanted[key] for key in sorted(wanted, key=lambda key: (key != skill, key)) if skill in skills_in(key)]
        for begin, end in spans:
            for slot in range(-(-begin // interval_min), end // interval_min):
                line = next((row for row in lines if slot < len(row) and row[slot] > 0), None)
                if line is not None:
                    line[slot] -= 1
