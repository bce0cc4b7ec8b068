"""What a planner may do about a cell: lawful shifts for this person, lawful people for this shift; and two versions of
a roster side by side."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import roster_schemas as schemas
from hotline.domains.workforce.break_rule import break_minutes
from hotline.domains.workforce.judging import Horizon, Person, Work
from hotline.domains.workforce.models import Roster, ShiftKind
from hotline.domains.workforce.planned_people import horizon, planned_people
from hotline.domains.workforce.roster_checks import Team, roster_coverage
from hotline.domains.workforce.roster_demand import Demand, demand_of, skills_wanted, wanted_min
from hotline.domains.workforce.roster_errors import RosterDayError, RosterPairError
from hotline.domains.workforce.roster_judging import is_too_few_hours, person_breaches
from hotline.domains.workforce.roster_reading import one
from hotline.domains.workforce.roster_works import kinds_of, shifts_of, works_of_roster
from hotline.domains.workforce.shift_layout import laid_out, starts_of
from hotline.domains.workforce.skill_sets import filled_by
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of

MOST_CANDIDATES: Final = 50
MOST_STARTS: Final = 12
MOST_CELLS: Final = 2_000


def lawful_shifts(actor: Actor, roster_id: UUID, agent_id: UUID, day: date) -> list[schemas.LawfulShift]:
    """The shifts of every kind in use, and a day off, that break nothing for that person on that day, in order of
    kind and start; of each kind the first twelve starts. Raises NotFoundError, RosterDayError."""
    with scope_of(actor):
        roster = one(roster_id)
        _require_day(roster, day)
        people.require_agents(roster.tenant_id, [agent_id], "agent_id")
        days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
        wanted = skills_wanted(roster)
        person = planned_people(roster.tenant_id, days, timezone.now(), [agent_id], wanted)[str(agent_id)]
        others = [work for work in works_of_roster(roster, [agent_id]).get(str(agent_id), []) if work.day != day]
        kinds = [kind for kind in kinds_of(roster.tenant_id).values() if kind.is_active]
        found = [schemas.LawfulShift(shift_kind_id=None, start=None)] if _is_lawful(person, others, days, day) else []
        for kind in kinds:
            works = ((start, [*others, _work(kind, day, start)]) for start in starts_of(kind))
            lawful = (start for start, own in works if _is_lawful(person, own, days, day))
            found += [schemas.LawfulShift(shift_kind_id=kind.pk, start=start) for start in islice(lawful, MOST_STARTS)]
        return found


def candidates(
    actor: Actor, roster_id: UUID, day: date, shift_kind_id: UUID, start: int, skill: str | None = None
) -> list[schemas.Candidate]:
    """Who is off on that day and may work the shift (with a skill, or a set of them), those with the fewest hours
    first; at most fifty.

    Raises NotFoundError, RosterDayError, UnknownReferenceError for a kind that the tenant does not have."""
    with scope_of(actor):
        roster = one(roster_id)
        _require_day(roster, day)
        stored = kinds_of(roster.tenant_id).get(str(shift_kind_id))
        if stored is None:
            raise UnknownReferenceError(field="shift_kind_id", value=str(shift_kind_id))
        work = _work(stored, day, start)
        team = Team.of(roster)
        works = works_of_roster(roster)
        found = []
        for agent_id, person in team.known.items():
            own = works.get(agent_id, [])
            if (skill and not filled_by(team.able[agent_id], [skill])) or any(other.day == day for other in own):
                continue
            if team.able[agent_id] and _is_lawful(person, [*own, work], team.days, day):
                found.append(_candidate(person, own, team))
    return sorted(found, key=lambda one: (one.paid_min, one.name))[:MOST_CANDIDATES]


def compared(actor: Actor, before_id: UUID, after_id: UUID) -> schemas.RosterComparison:
    """What changed from one roster to another of the same tenant. Raises NotFoundError, RosterPairError."""
    with scope_of(actor):
        before, after = one(before_id), one(after_id)
        if before.tenant_id != after.tenant_id:
            raise RosterPairError(first=before.name, second=after.name)
        former, figures_before = _figures(before)
        later, figures_after = _figures(after)
        cells = sorted(key for key in former.keys() | later.keys() if former.get(key) != later.get(key))
        names = people.agent_names({UUID(agent_id) for _, agent_id in cells})
        return schemas.RosterComparison(
            before=figures_before,
            after=figures_after,
            is_same_demand=_is_same_demand(before, after),
            people=len({agent_id for _, agent_id in cells}),
            cells=len(cells),
            changed=[
                schemas.ChangedCell(
                    agent_id=UUID(agent_id),
                    name=names[UUID(agent_id)],
                    day=day,
                    before=_shift(former.get((day, agent_id))),
                    after=_shift(later.get((day, agent_id))),
                )
                for day, agent_id in cells[:MOST_CELLS]
            ],
        )


_Cells = dict[tuple[date, str], tuple[str, int]]


def _figures(roster: Roster) -> tuple[_Cells, schemas.RosterFigures]:
    rows = list(shifts_of(roster.pk))
    figures = schemas.RosterFigures(
        roster=schemas.RosterOut.from_orm(roster),
        shifts=len(rows),
        people=len({row.agent_id for row in rows}),
        paid_min=sum(row.paid_min for row in rows),
        overtime_min=sum(row.overtime_min for row in rows),
        wanted_min=wanted_min(demand_of(roster), roster.interval_min),
        coverage=roster_coverage(Team.of(roster), rows).share,
    )
    return {(row.day, row.agent_id): (row.kind_id, row.pieces[0][0]) for row in rows}, figures


def _is_same_demand(before: Roster, after: Roster) -> bool:
    """Whether both ask for the same people, by the time since their first day; however they are kept."""
    days = (before.last_day - before.first_day, after.last_day - after.first_day)
    is_alike = days[0] == days[1] and before.interval_min == after.interval_min
    return is_alike and _asked(before) == _asked(after)


def _asked(roster: Roster) -> Demand:
    return {skill: row for skill, row in demand_of(roster).items() if any(row)}


def _shift(cell: tuple[str, int] | None) -> schemas.LawfulShift | None:
    return None if cell is None else schemas.LawfulShift(shift_kind_id=UUID(cell[0]), start=cell[1])


def _require_day(roster: Roster, day: date) -> None:
    first, last = roster.first_day, roster.last_day
    if not first <= day <= last:
        raise RosterDayError(day=day.isoformat(), first=first.isoformat(), last=last.isoformat())


def _work(kind: ShiftKind, day: date, start: int) -> Work:
    layout = laid_out(kind, start)
    return Work(
        day=day,
        pieces=layout.pieces,
        paid_min=layout.paid_min,
        shift_kind_id=layout.kind_id,
        break_min=break_minutes(layout.pieces, layout.breaks),
    )


def _is_lawful(person: Person, works: Iterable[Work], days: Horizon, day: date) -> bool:
    """Whether nothing that touches the day is broken; too few hours in all are another matter."""
    return all(map(is_too_few_hours, person_breaches(person, works, days, frozenset({day}))))


def _candidate(person: Person, own: Iterable[Work], team: Team) -> schemas.Candidate:
    first, last = team.days.first, team.days.last
    return schemas.Candidate(
        agent_id=UUID(person.agent_id),
        name=team.names[person.agent_id],
        paid_min=sum(work.paid_min for work in own if first <= work.day <= last),
        high_min=person.limits.hours_min[1] if person.limits.hours_min else None,
    )
