"""Which exchanges of shifts are lawful: everybody whose work changes is judged as if it had happened. Pure.

A swap is two moves, giving away is one, and a bid or overtime is one that nobody gives."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hotline.domains.workforce.judging import Breach, Horizon, Person, Work, judge

# Limits over days, which a roster may have passed before: then an exchange may not pass them further. All other rules
# are about the work that is taken, and hold without regard to what was.
_SUMS: Final = frozenset(
    {
        "days_running",
        "nights_running",
        "days_week",
        "week_hours",
        "rest_block",
        "hours",
        "nights",
        "weekends",
        "holidays",
    }
)
_FIGURES: Final = ("run", "days", "number", "minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One work goes from `giver` to `taker`; no giver: it is new; no taker: it is dropped. `skill_id` is what it serves
    most; none: anybody can."""

    work: Work
    giver: str | None = None
    taker: str | None = None
    skill_id: str | None = None
    is_overtime: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """Whose work would break what."""

    agent_id: str
    breach: Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who can be planned, what each of them works now, and the days that are judged."""

    people: Mapping[str, Person]
    works: Mapping[str, Sequence[Work]]
    horizon: Horizon


def swap(one: Move, other: Move) -> tuple[Move, Move]:
    """Both moves of a swap, from two works with their givers."""
    return replace(one, taker=other.giver), replace(other, taker=one.giver)


def works_after(works: Mapping[str, Sequence[Work]], moves: Iterable[Move]) -> dict[str, list[Work]]:
    """The works of everybody whom the moves touch, once they are done, by day."""
    wanted = list(moves)
    after: dict[str, list[Work]] = defaultdict(list)
    for agent_id in {agent for move in wanted for agent in (move.giver, move.taker) if agent is not None}:
        after[agent_id] = list(works.get(agent_id, ()))
    for move in wanted:
        if move.giver is not None:
            after[move.giver].remove(move.work)
    for move in wanted:
        if move.taker is not None:
            after[move.taker].append(move.work)
    return {agent_id: sorted(own, key=lambda work: (work.day, work.pieces)) for agent_id, own in after.items()}


def objections(moves: Sequence[Move], team: Team) -> list[Objection]:
    """What the moves would break, for all whose work changes; empty: they may be done.

    Whoever only loses work is judged too: hours have a lower bound. Overtime may pass the hours of the roster, and no
    other limit."""
    return [
        Objection(agent_id, breach)
        for agent_id, after in sorted(works_after(team.works, moves).items())
        for breach in _of_person(agent_id, after, moves, team)
    ]


def _of_person(agent_id: str, after: list[Work], moves: Sequence[Move], team: Team) -> list[Breach]:
    taken = [move for move in moves if move.taker == agent_id]
    person = team.people.get(agent_id)
    if person is None:
        return [Breach(move.work.day, "inactive") for move in taken]
    touched = frozenset(move.work.day for move in moves if agent_id in (move.giver, move.taker))
    found = [*_of_skills(person, taken), *_of_days(after, taken)]
    broken = judge(person, after, team.horizon, touched)
    if any(breach.rule in _SUMS for breach in broken):
        before = judge(person, team.works.get(agent_id, ()), team.horizon, touched)
        broken = [breach for breach in broken if not _was_as_bad(breach, before)]
    if any(move.is_overtime for move in taken):
        broken = [breach for breach in broken if not _is_overtime(breach)]
    return found + broken


def _of_skills(person: Person, taken: Iterable[Move]) -> list[Breach]:
    return [
        Breach(move.work.day, "skill")
        for move in taken
        if move.skill_id is not None and move.skill_id not in person.skill_ids
    ]


def _of_days(after: Sequence[Work], taken: Iterable[Move]) -> list[Breach]:
    """A roster has one shift of a person on a day."""
    days = [work.day for work in after]
    return [Breach(move.work.day, "second_shift") for move in taken if days.count(move.work.day) > 1]


def _was_as_bad(breach: Breach, before: Iterable[Breach]) -> bool:
    if breach.rule not in _SUMS:
        return False
    alike = [earlier for earlier in before if _what(earlier) == _what(breach)]
    return any(_excess(earlier) >= _excess(breach) for earlier in alike)


def _what(breach: Breach) -> tuple[object, ...]:
    return breach.day, breach.rule, breach.data.get("rotation")


def _excess(breach: Breach) -> int:
    """How far beyond its limit a figure lies."""
    figure = next(int(str(breach.data[name])) for name in _FIGURES if name in breach.data)
    over = figure - int(str(breach.data["most"])) if "most" in breach.data else 0
    under = int(str(breach.data["least"])) - figure if "least" in breach.data else 0
    return max(over, under)


def _is_overtime(breach: Breach) -> bool:
    return breach.rule == "hours" and int(str(breach.data["minutes"])) > int(str(breach.data["most"]))
