"""Which exchanges of shifts are lawful: everybody whose work changes is judged as if it had happened. Pure.

A swap is two moves, giving away is one, and a bid or overtime is one that nobody gives."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Objection:
    """Whose work would break what, in the roster that begins on `first`."""

    agent_id: str
    breach: Breach
    first: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Of one roster: who can be planned, what each of them works now, in it and around it, and the days that are
    judged. A swap over the border of two rosters has two teams."""

    people: Mapping[str, Person]
    works: Mapping[str, Sequence[Work]]
    horizon: Horizon

    def holds(self, move: Move) -> bool:
        """Whether the move is of a shift of this roster."""
        return self.horizon.first <= move.work.day <= self.horizon.last


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


def objections(moves: Sequence[Move], teams: Sequence[Team]) -> list[Objection]:
    """What the moves would break in any of the rosters, for all whose work changes; empty: they may be done.

    Whoever only loses work is judged too: hours have a lower bound."""
    found = [one for team in teams for one in _of_team(moves, team)]
    # A rest or a run of days over the border of two rosters is found in both.
    return list({_told_once(one): one for one in found}.values())


def _told_once(one: Objection) -> tuple[object, ...]:
    breach = one.breach
    return one.agent_id, breach.rule, str(breach.data.get("rotation")), breach.day or one.first


def _of_team(moves: Sequence[Move], team: Team) -> list[Objection]:
    return [
        Objection(agent_id, breach, team.horizon.first)
        for agent_id, after in sorted(works_after(team.works, moves).items())
        for breach in _of_person(agent_id, after, moves, team)
    ]


def _of_person(agent_id: str, after: list[Work], moves: Sequence[Move], team: Team) -> list[Breach]:
    own = [move for move in moves if agent_id in (move.giver, move.taker)]
    taken = [move for move in own if move.taker == agent_id and team.holds(move)]
    person = team.people.get(agent_id)
    if person is None:
        return [Breach(move.work.day, "inactive") for move in taken]
    touched = frozenset(move.work.day for move in own)
    found = [*_of_skills(person, taken), *_of_days(after, taken)]
    broken = judge(person, after, team.horizon, touched)
    if any(breach.rule in _SUMS for breach in broken):
        before = judge(person, team.works.get(agent_id, ()), team.horizon, touched)
        broken = [breach for breach in broken if not _was_as_bad(breach, before)]
    return found + broken


def _of_skills(person: Person, taken: Iterable[Move]) -> list[Breach]:
    return [
        Breach(move.work.day, "skill")
        for move in taken
        if move.skill_id is not None and not person.has_skill(move.skill_id, move.work.last_day)
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
