"""Which exchanges of shifts are lawful: everybody whose work changes is judged as if it had happened. Pure.

A swap is two moves, giving away is one, and a bid or overtime is one that nobody gives."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hotline.domains.workforce.judging import Breach, Person, Work, judge


@dataclass(frozen=True, slots=True)
class Move:
    """One work goes from `giver` to `taker`; no giver: it is new; no taker: it is dropped. `skill_id` is what it serves
    most, and `shift_kind_id` its kind."""

    work: Work
    giver: str | None
    taker: str | None
    skill_id: str | None = None
    shift_kind_id: str | None = None
    is_overtime: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The roster's days, both included, its public holidays, and the zone whose clock its minutes follow."""

    first: date
    last: date
    holidays: frozenset[date]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Objection:
    """Whose work would break what."""

    agent_id: str
    breach: Breach


Works = Mapping[str, Sequence[Work]]


def swap(one: Move, other: Move) -> tuple[Move, Move]:
    """Both moves of a swap, from two works with their givers."""
    return _taken_by(one, other.giver), _taken_by(other, one.giver)


def _taken_by(move: Move, taker: str | None) -> Move:
    return Move(move.work, move.giver, taker, move.skill_id, move.shift_kind_id, move.is_overtime)


def works_after(works: Works, moves: Iterable[Move]) -> dict[str, list[Work]]:
    """The works of everybody whom the moves touch, once they are done, by day."""
    after: dict[str, list[Work]] = defaultdict(list)
    wanted = list(moves)
    for agent_id in {agent for move in wanted for agent in (move.giver, move.taker) if agent is not None}:
        after[agent_id] = list(works.get(agent_id, ()))
    for move in wanted:
        if move.giver is not None:
            after[move.giver].remove(move.work)
    for move in wanted:
        if move.taker is not None:
            after[move.taker].append(move.work)
    return {agent_id: sorted(own, key=lambda work: (work.day, work.pieces)) for agent_id, own in after.items()}


def objections(moves: Sequence[Move], people: Mapping[str, Person], works: Works, frame: Frame) -> list[Objection]:
    """What the moves would break, for all whose work changes; empty: they may be done.

    Whoever only loses work is judged too: hours have a lower bound. Somebody who is no longer planned may take nothing.
    Overtime may pass the hours of the roster, and no other limit."""
    found: list[Objection] = []
    for agent_id, after in sorted(works_after(works, moves).items()):
        taken = [move for move in moves if move.taker == agent_id]
        person = people.get(agent_id)
        if person is None:
            found += [Objection(agent_id, Breach("inactive", move.work.day, {})) for move in taken]
            continue
        found += [Objection(agent_id, breach) for breach in _of_kinds(person, taken)]
        found += [Objection(agent_id, breach) for breach in _of_days(after, taken)]
        touched = frozenset(move.work.day for move in moves if agent_id in (move.giver, move.taker))
        breaches = judge(
            person, after, first=frame.first, last=frame.last, holidays=frame.holidays, zone=frame.zone, days=touched
        )
        is_overtime = any(move.is_overtime for move in taken)
        found += [Objection(agent_id, breach) for breach in breaches if not (is_overtime and breach.rule == "hours")]
    return found


def _of_kinds(person: Person, taken: Iterable[Move]) -> list[Breach]:
    allowed = person.shift_kind_ids
    found = []
    for move in taken:
        if move.skill_id is not None and move.skill_id not in person.skills:
            found.append(Breach("skill", move.work.day, {}))
        if allowed and move.shift_kind_id is not None and move.shift_kind_id not in allowed:
            found.append(Breach("shift_kind_not_allowed", move.work.day, {}))
    return found


def _of_days(after: Sequence[Work], taken: Iterable[Move]) -> list[Breach]:
    """A roster has one shift of a person on a day."""
    days = [work.day for work in after]
    return [Breach("second_shift", move.work.day, {}) for move in taken if days.count(move.work.day) > 1]
