"""What stands against a roster: broken rules, seats that run out, and where people are missing and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import roster_schemas as schemas
from hotline.domains.workforce import rules
from hotline.domains.workforce.judging import Breach, Horizon, Person
from hotline.domains.workforce.models import Roster
from hotline.domains.workforce.planned_people import horizon, people_of
from hotline.domains.workforce.roster_coverage import (
    Coverage,
    Gap,
    Presence,
    coverage,
    mask_of,
    seats_overrun,
    shifted,
)
from hotline.domains.workforce.roster_demand import demand_of, skills_wanted
from hotline.domains.workforce.roster_judging import person_breaches, seated, slots_of
from hotline.domains.workforce.roster_reading import borrowed_skills, one
from hotline.domains.workforce.roster_works import ShiftRow, kinds_of, shifts_of, works_of_roster
from hotline.domains.workforce.rule_errors import rule_error
from hotline.domains.workforce.shift_layout import DAY_MIN
from hotline.domains.workforce.skill_sets import filled_by
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.foundation.text import sentence_of

MOST_GAPS: Final = 200  # the largest ones; a roster without people has one for each skill and day


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a roster as they are read for checks: who they are, by what they are judged, what they serve."""

    roster: Roster
    days: Horizon
    known: dict[str, Person]
    names: dict[str, str]
    able: dict[str, frozenset[str]]  # skills by agent id, with the borrowed ones
    lent: dict[str, set[str]]  # by skill the others that its holders serve too

    @classmethod
    def of(cls, roster: Roster) -> "Team":
        """Everybody of the roster's tenant; needs a scope."""
        days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
        tenant_id = str(roster.tenant_id)
        agents = [agent for agent in people.planned_agents(timezone.now()) if agent.tenant_id == tenant_id]
        known = people_of(roster.tenant_id, days, agents, wanted=skills_wanted(roster))
        lent = borrowed_skills(roster.tenant_id)
        able = {
            agent_id: person.skill_ids.union(*(lent.get(skill, ()) for skill in person.skill_ids))
            for agent_id, person in known.items()
        }
        return cls(roster, days, known, {agent.agent_id: agent.name for agent in agents}, able, lent)

    def able_on(self, agent_id: str, day: date) -> frozenset[str]:
        """What the person serves on that day: skills that have lapsed by then are left out."""
        person = self.known.get(agent_id)
        if person is None or not person.skill_ends:
            return self.able.get(agent_id, frozenset())
        held = person.skills_on(day)
        return held.union(*(self.lent.get(skill, ()) for skill in held))


def checks(actor: Actor, roster_id: UUID, language: str) -> schemas.RosterChecks:
    """All that stands against the roster, sentences in that language. Raises NotFoundError."""
    with scope_of(actor):
        team = Team.of(one(roster_id))
        roster = team.roster
        rows = list(shifts_of(roster.pk))
        works = works_of_roster(roster)
        broken = {
            agent_id: person_breaches(person, works.get(agent_id, ()), team.days)
            for agent_id, person in team.known.items()
        }
        cover = roster_coverage(team, rows)
        return schemas.RosterChecks(
            version=roster.version,
            breaches=breaches_told(broken, team.names, roster.first_day, language),
            seats=_seats(roster, rows),
            unfilled=_unfilled(team, rows, cover),
            coverage=cover.share,
            paid_min=sum(row.paid_min for row in rows),
            overtime_min=sum(row.overtime_min for row in rows),
            shifts=len(rows),
        )


def breaches_told(
    broken: Mapping[str, Iterable[Breach]], names: Mapping[str, str], first: date, language: str
) -> list[schemas.BreachOut]:
    """The breaches by agent id, each with its sentence."""
    return [
        schemas.BreachOut.model_construct(
            agent_id=UUID(agent_id),
            rule=breach.rule,
            day=breach.day,
            data={name: value for name, value in breach.data.items() if isinstance(value, int | str)},
            sentence=sentence_of(rule_error(breach, names[agent_id], first), language),
        )
        for agent_id, breaches in broken.items()
        for breach in breaches
    ]


def roster_coverage(team: Team, rows: Iterable[ShiftRow]) -> Coverage:
    """How much of the roster's demand the shifts cover; needs a scope."""
    roster = team.roster
    demand = demand_of(roster)
    places = {skill: place for place, skill in enumerate(demand)}
    present = _presences(team, rows, places)
    return coverage(present, list(demand.values()), roster.interval_min, slots_of(roster))


def _presences(team: Team, rows: Iterable[ShiftRow], places: Mapping[str, int]) -> list[Presence]:
    served = {key: frozenset(map(str, kind.skill_ids)) for key, kind in kinds_of(team.roster.tenant_id).items()}
    masks: dict[tuple[str, str, date | None], int] = {}
    lapsing = {agent_id for agent_id, person in team.known.items() if person.skill_ends}
    first = team.roster.first_day.toordinal()
    found = []
    for row in rows:
        key = row.agent_id, row.kind_id, row.day if row.agent_id in lapsing else None
        if key not in masks:
            masks[key] = mask_of(team.able_on(row.agent_id, row.day), served[row.kind_id], places)
        day = row.day.toordinal() - first
        found.append(Presence(mask=masks[key], pieces=shifted(row.pieces, day), breaks=shifted(row.breaks, day)))
    return found


def _seats(roster: Roster, rows: Iterable[ShiftRow]) -> list[schemas.SeatsOverrunOut]:
    if roster.seats is None:
        return []
    over = seats_overrun(seated(roster, rows), roster.seats, roster.interval_min, slots_of(roster))
    return [
        schemas.SeatsOverrunOut(
            day=roster.first_day + timedelta(days=gap.from_min // DAY_MIN),
            **_of_its_day(gap),
            people=gap.missing + roster.seats,
        )
        for gap in over[:MOST_GAPS]
    ]


def _of_its_day(gap: Gap) -> dict[str, int]:
    day = gap.from_min // DAY_MIN * DAY_MIN
    return {"from_min": gap.from_min - day, "to_min": gap.to_min - day}


def _unfilled(team: Team, rows: Sequence[ShiftRow], cover: Coverage) -> list[schemas.UnfilledOut]:
    largest = sorted(cover.gaps, key=lambda gap: -gap.missing * (gap.to_min - gap.from_min))[:MOST_GAPS]
    if not largest:
        return []
    skills = list(demand_of(team.roster))
    there = _By(rows, team.roster.first_day)
    return [_gap_told(team, there, gap, skills[gap.skill or 0]) for gap in sorted(largest, key=lambda g: g.from_min)]


class _By:
    """Shifts by their day's number: pieces and breaks by agent id, in minutes of that day."""

    def __init__(self, rows: Iterable[ShiftRow], first: date) -> None:
        self._days: dict[int, dict[str, ShiftRow]] = defaultdict(dict)
        for row in rows:
            self._days[row.day.toordinal() - first.toordinal()][row.agent_id] = row

    def state(self, agent_id: str, minute: int) -> str:
        """on_duty, at_break or off, at that minute of the roster's time line."""
        day = minute // DAY_MIN
        for back in (0, 1):
            row = self._days.get(day - back, {}).get(agent_id)
            at = minute - (day - back) * DAY_MIN
            if row is None or not any(begin <= at < end for begin, end in row.pieces):
                continue
            return "at_break" if any(begin <= at < end for begin, end in row.breaks) else "on_duty"
        return "off"


def _gap_told(team: Team, there: _By, gap: Gap, skill: str) -> schemas.UnfilledOut:
    """Where everybody is at the stretch's beginning who could serve it."""
    begin = datetime.combine(team.roster.first_day, time()) + timedelta(minutes=gap.from_min)
    able = [agent_id for agent_id in team.able if filled_by(team.able_on(agent_id, begin.date()), [skill])]
    counts = dict.fromkeys(("on_duty", "at_break", "absent", "barred", "resting"), 0)
    part = begin, begin + timedelta(minutes=team.roster.interval_min)
    for agent_id in able:
        state = there.state(agent_id, gap.from_min)
        counts[_where(team.known[agent_id], part) if state == "off" else state] += 1
    return schemas.UnfilledOut(
        skill_id=skill,
        day=begin.date(),
        **_of_its_day(gap),
        missing=gap.missing,
        able=len(able),
        **counts,
    )


def _where(person: Person, part: tuple[datetime, datetime]) -> str:
    """Why somebody is off: not to be had at all, not allowed at this time by a rotation, or resting."""
    since, until = person.employed
    day = part[0].date()
    is_gone = not person.is_active or person.holds or (since and day < since) or (until and day > until)
    if is_gone or any(begin < part[1] and part[0] < end for begin, end in person.away):
        return "absent"
    return "barred" if rules.broken_by(person.promises, [part]) else "resting"
