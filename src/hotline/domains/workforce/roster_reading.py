"""Rosters as planners read them: the list, and one as a compact document for the grid.

The document is written as JSON once, from plain tuples: of a large site it has 50,000 shifts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import roster_schemas as schemas
from hotline.domains.workforce.judging import Horizon, Person
from hotline.domains.workforce.models import Roster, Rotation, ShiftKind, SkillBorrowing
from hotline.domains.workforce.planned_people import horizon, people_of, settings_of
from hotline.domains.workforce.roster_demand import demand_of
from hotline.domains.workforce.roster_works import ShiftRow, kinds_of, shifts_of
from hotline.domains.workforce.rosters import visible
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.shift_layout import Spans, starts_of
from hotline.domains.workforce.shift_times import paid_min_of
from hotline.domains.workforce.skill_sets import JOINT, filled_by, name_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of


def page(
    actor: Actor, filters: schemas.RosterFilter, cursor: str | None, limit: int
) -> tuple[list[schemas.RosterOut], str | None]:
    """One page of rosters, the latest days first, and the next page's cursor."""
    with scope_of(actor):
        rows = visible()
        if filters.state is not None:
            rows = rows.filter(state=filters.state)
        if filters.tenant_id is not None:
            rows = rows.filter(tenant_id=filters.tenant_id)
        if filters.from_day is not None:
            rows = rows.filter(last_day__gte=filters.from_day)
        rows = rows.defer("demand")
        found, following = cursor_page(rows, order=("-first_day", "-id"), cursor=cursor, limit=limit)
        return [schemas.RosterOut.from_orm(row) for row in found], following


def one(roster_id: UUID) -> Roster:
    """The roster; needs a scope. Raises NotFoundError."""
    found: Roster | None = visible().filter(pk=roster_id).first()
    if found is None:
        raise NotFoundError(object_type="roster", object_id=str(roster_id))
    return found


def shown(actor: Actor, roster_id: UUID) -> schemas.RosterOut:
    """The roster without its shifts. Raises NotFoundError."""
    with scope_of(actor):
        return schemas.RosterOut.from_orm(one(roster_id))


def document(actor: Actor, roster_id: UUID) -> bytes:
    """The whole roster as JSON; see `roster_schemas.RosterDocument`. Raises NotFoundError.

    A fixed number of queries, however many people and shifts there are."""
    with scope_of(actor):
        roster = one(roster_id)
        days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
        return msgspec.json.encode(_document(roster, days))


def _document(roster: Roster, days: Horizon) -> dict[str, Any]:
    tenant_id = roster.tenant_id
    agents = [one for one in people.planned_agents(timezone.now()) if one.tenant_id == str(tenant_id)]
    known = people_of(tenant_id, days, agents)
    settings = settings_of(tenant_id)
    kinds = kinds_of(tenant_id)
    skills = [skill for skill in people.skills_standing() if skill.tenant_id == str(tenant_id)]
    demand = demand_of(roster)
    sets = sorted(key for key in demand if JOINT in key)
    lent = borrowed_skills(tenant_id)
    skill_places = _places([*(skill.skill_id for skill in skills), *sets])
    teams = _teams(agents)
    rotations = list(Rotation.objects.filter(tenant_id=tenant_id).order_by("code").values_list("code", "name"))
    persons = _persons(agents, known, days, lent, skill_places, _places(teams), _places(code for code, _ in rotations))
    return {
        **msgspec.to_builtins(schemas.RosterOut.from_orm(roster).dict()),
        "days": (days.last - days.first).days + 1,
        "zone": days.zone.key,
        "holidays": sorted((day - days.first).days for day in days.holidays),
        "night": (minute_of(settings.night_from), minute_of(settings.night_to)),
        "night_min": settings.night_min,
        "kinds": [_kind(kind, skill_places) for kind in kinds.values()],
        "teams": [{"id": team_id, "name": name} for team_id, name in teams.items()],
        "rotations": [{"code": code, "name": name} for code, name in rotations],
        "skills": [*_skills(skills, skill_places, lent), *_sets(skills, sets)],
        "demand": [
            {"skill": skill_places[skill_id], "wanted": wanted}
            for skill_id, wanted in demand.items()
            if skill_id in skill_places
        ],
        "people": persons,
        "shifts": _shifts(shifts_of(roster.pk), _places(known), _places(kinds), days.first),
    }


def _places(keys: Iterable[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}


def _teams(agents: Iterable[people.PlannedAgent]) -> dict[str, dict[str, str]]:
    """The teams that somebody is in, by id."""
    used = {agent.team_id for agent in agents}
    return {team_id: name for team_id, name in people.team_names().items() if team_id in used}


def _kind(kind: ShiftKind, skill_places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": kind.pk,
        "code": kind.code,
        "short": kind.short,
        "name": kind.name,
        "pieces": kind.pieces,
        "starts": starts_of(kind),
        "paid_min": paid_min_of(kind),
        "skills": sorted(skill_places[key] for key in filled_by(kind.skill_ids, skill_places)),
        "is_on_call": kind.is_on_call,
        "is_active": kind.is_active,
    }


def _skills(
    skills: Sequence[people.SkillStanding], places: Mapping[str, int], lent: Mapping[str, set[str]]
) -> list[dict[str, Any]]:
    return [
        {
            "id": skill.skill_id,
            "name": skill.name,
            "is_brand": skill.kind == "brand",
            "serves": sorted(places[other] for other in lent.get(skill.skill_id, ()) if other in places),
        }
        for skill in skills
    ]


def _sets(skills: Sequence[people.SkillStanding], sets: Sequence[str]) -> list[dict[str, Any]]:
    """Sets of skills that the roster asks for, as if each were a skill."""
    names = {skill.skill_id: skill.name for skill in skills}
    return [{"id": key, "name": name_of(key, names), "is_brand": False, "serves": []} for key in sets]


def borrowed_skills(tenant_id: UUID) -> dict[str, set[str]]:
    """By skill the others that its holders may serve too; needs a scope."""
    lent: dict[str, set[str]] = {}
    for lender, borrower in SkillBorrowing.objects.filter(tenant_id=tenant_id).values_list("lender_id", "borrower_id"):
        lent.setdefault(str(lender), set()).add(str(borrower))
    return lent


def _persons(
    agents: Iterable[people.PlannedAgent],
    known: Mapping[str, Person],
    days: Horizon,
    lent: Mapping[str, set[str]],
    skills: Mapping[str, int],
    teams: Mapping[str, int],
    rotations: Mapping[str, int],
) -> list[dict[str, Any]]:
    found = []
    for agent in agents:
        person = known[agent.agent_id]
        low, high = person.limits.hours_min or (None, None)
        found.append(
            {
                "id": agent.agent_id,
                "name": agent.name,
                "number": agent.number,
                "team": teams.get(agent.team_id) if agent.team_id else None,
                "rotations": sorted({rotations[one.rotation] for one in person.promises if one.rotation in rotations}),
                "skills": sorted(_held(person.skill_ids, skills, lent)),
                "low_min": low,
                "high_min": high,
                "is_available": person.is_active and not person.holds,
            }
        )
    return found


def _held(own: frozenset[str], places: Mapping[str, int], lent: Mapping[str, set[str]]) -> set[int]:
    """Where the person's skills stand, and the sets that they fill with these or what they lend."""
    able = own.union(*(lent.get(skill, ()) for skill in own))
    return {place for key, place in places.items() if key in own or (JOINT in key and filled_by(able, [key]))}


def _shifts(
    rows: Iterable[ShiftRow], persons: Mapping[str, int], kinds: Mapping[str, int], first: date
) -> list[list[int]]:
    first_day = first.toordinal()
    return [
        [persons[row.agent_id], row.day.toordinal() - first_day, kinds[row.kind_id], *shift_times(row)]
        for row in rows
        if row.agent_id in persons
    ]


def shift_times(row: ShiftRow) -> list[int]:
    """Start, end, paid minutes, and the breaks as pairs, in the document's form."""
    return compact(row.pieces, row.breaks, row.paid_min)


def compact(pieces: Spans, breaks: Spans, paid_min: int) -> list[int]:
    """A shift's times in the document's form."""
    return [pieces[0][0], pieces[-1][1], paid_min, *(minute for span in breaks for minute in span)]


def kind_places(tenant_id: UUID) -> dict[str, int]:
    """Where each kind stands in the document; needs a scope."""
    return _places(kinds_of(tenant_id))
