"""Routes of rosters. Translates only."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from ninja import Query, Status

from hotline.domains.people import queries as people
from hotline.domains.workforce import (
    roster_cells,
    roster_checks,
    roster_choices,
    roster_demand_changes,
    roster_reading,
    rosters,
)
from hotline.domains.workforce import roster_schemas as schemas
from hotline.foundation.http import ActorRequest, Page, Router
from hotline.foundation.language import language_of

router = Router(tags=["workforce"])
_PERMISSION = "planning.edit"


@router.get("/rosters", permission=_PERMISSION, response=Page[schemas.RosterOut])
def list_rosters(
    request: ActorRequest,
    wanted: Annotated[schemas.RosterFilter, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Rosters, the latest days first."""
    items, following = roster_reading.page(request.actor, wanted, cursor, limit)
    return {"items": items, "next_cursor": following}


@router.post("/rosters", permission=_PERMISSION, response={201: schemas.RosterOut})
def create_roster(request: ActorRequest, payload: schemas.RosterCreate) -> Status[schemas.RosterOut]:
    """Make a draft: empty, for a staffing plan or for a demand, or as a copy of another roster."""
    wanted = rosters.NewRoster(**payload.dict(exclude={"tenant_id"}))
    roster_id = rosters.create(request.actor, wanted, payload.tenant_id)
    return Status(201, roster_reading.shown(request.actor, roster_id))


@router.get("/rosters/{uuid:roster_id}", permission=_PERMISSION, response=schemas.RosterDocument)
def read_roster(request: ActorRequest, roster_id: UUID) -> HttpResponse:
    """The whole roster as one compact document."""
    return HttpResponse(roster_reading.document(request.actor, roster_id), content_type="application/json")


@router.post("/rosters/{uuid:roster_id}/edits", permission=_PERMISSION, response=schemas.EditedOut)
def edit_roster(request: ActorRequest, roster_id: UUID, payload: schemas.RosterEdits) -> schemas.EditedOut:
    """Change what people work on days. A draft may break rules, which are answered; a published roster may not."""
    edits = [roster_cells.Edit(**{**one.dict(), "breaks": _spans(one.breaks)}) for one in payload.edits]
    edited = rosters.edit(request.actor, roster_id, payload.version, edits)
    roster = roster_reading.one(roster_id)
    names = people.agent_names({UUID(cell.agent_id) for cell in edited.cells})
    told = {str(agent_id): name for agent_id, name in names.items()}
    return schemas.EditedOut(
        version=edited.version,
        cells=[_cell(cell, roster_reading.kind_places(roster.tenant_id), roster.first_day) for cell in edited.cells],
        breaches=roster_checks.breaches_told(edited.breaches, told, roster.first_day, language_of(request)),
    )


@router.post("/rosters/{uuid:roster_id}/demand", permission=_PERMISSION, response=schemas.DemandChanged)
def change_demand(request: ActorRequest, roster_id: UUID, payload: schemas.DemandChange) -> schemas.DemandChanged:
    """Change how many people the roster asks for; its shifts stay. Lines hold in place of what was wanted then."""
    lines = [roster_demand_changes.Line(**line.dict()) for line in payload.lines]
    wanted = roster_demand_changes.Wanted(**{**payload.dict(exclude={"version"}), "lines": lines})
    changed = roster_demand_changes.change(request.actor, roster_id, payload.version, wanted)
    return schemas.DemandChanged(**msgspec.structs.asdict(changed))


@router.post("/rosters/{uuid:roster_id}/publish", permission=_PERMISSION, response=schemas.RosterOut)
def publish_roster(request: ActorRequest, roster_id: UUID, payload: schemas.RosterVersion) -> schemas.RosterOut:
    """Make it what agents work by, in place of those published for these days. Refused while a hard rule is broken."""
    rosters.publish(request.actor, roster_id, payload.version)
    return roster_reading.shown(request.actor, roster_id)


@router.post("/rosters/{uuid:roster_id}/remove", permission=_PERMISSION, response={204: None})
def remove_roster(request: ActorRequest, roster_id: UUID, payload: schemas.RosterVersion) -> Status[None]:
    """Delete a draft."""
    rosters.remove(request.actor, roster_id, payload.version)
    return Status(204, None)


@router.get("/rosters/{uuid:roster_id}/checks", permission=_PERMISSION, response=schemas.RosterChecks)
def check_roster(request: ActorRequest, roster_id: UUID) -> schemas.RosterChecks:
    """All that stands against the roster: broken rules, seats that run out, people who are missing and why."""
    return roster_checks.checks(request.actor, roster_id, language_of(request))


@router.get("/rosters/{uuid:roster_id}/lawful-shifts", permission=_PERMISSION, response=list[schemas.LawfulShift])
def list_lawful_shifts(request: ActorRequest, roster_id: UUID, agent_id: UUID, day: date) -> list[schemas.LawfulShift]:
    """What that person may work on that day without breaking a rule; no kind is a day off."""
    return roster_choices.lawful_shifts(request.actor, roster_id, agent_id, day)


@router.get("/rosters/{uuid:roster_id}/candidates", permission=_PERMISSION, response=list[schemas.Candidate])
def list_candidates(
    request: ActorRequest,
    roster_id: UUID,
    day: date,
    shift_kind_id: UUID,
    start: int,
    skill_id: schemas.SkillKey | None = None,
) -> list[schemas.Candidate]:
    """Who is off on that day and may work that shift, those with the fewest hours first."""
    return roster_choices.candidates(request.actor, roster_id, day, shift_kind_id, start, skill_id)


@router.get("/rosters/{uuid:roster_id}/comparison", permission=_PERMISSION, response=schemas.RosterComparison)
def compare_rosters(request: ActorRequest, roster_id: UUID, base: UUID) -> schemas.RosterComparison:
    """What this roster changes beside `base`: cells, hours, coverage, cost."""
    return roster_choices.compared(request.actor, base, roster_id)


def _spans(breaks: list[tuple[int, int]] | None) -> tuple[tuple[int, int], ...] | None:
    return None if breaks is None else tuple(breaks)


def _cell(cell: roster_cells.Cell, kinds: dict[str, int], first: date) -> tuple[UUID, date, list[int] | None]:
    if cell.layout is None:
        return UUID(cell.agent_id), cell.day, None
    times = roster_reading.compact(cell.layout.pieces, cell.layout.breaks, cell.layout.paid_min)
    return UUID(cell.agent_id), cell.day, [(cell.day - first).days, kinds[cell.layout.kind_id], *times]
