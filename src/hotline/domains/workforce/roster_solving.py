"""A roster solved: asked for by a planner, put to the solver by the worker, and its answer kept as shifts.

The solver starts from the rules as they are when the run begins. A roster that somebody has edited meanwhile keeps the
edits: the run then ends without an answer."""

from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import planning_runs, roster_question, roster_storing
from hotline.domains.workforce.models import PlanningRun, Roster, RosterShift
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.roster_demand import demand_of
from hotline.domains.workforce.roster_solving_errors import RosterWithoutDemandError, SolveDraftOnlyError
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.ids import as_uuid
from hotline.foundation.tenancy import scope_of

PERMISSION: Final = "planning.edit"
_BATCH: Final = 500


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How a roster is to be solved: within so many CPU seconds, and with its present shifts kept as far as can be."""

    cpu_limit_s: float = 120.0
    is_incremental: bool = False


def ask(actor: Actor, roster_id: UUID, version: int, wanted: Wanted) -> UUID:
    """The id of the run that will solve the draft.

    Raises NotFoundError, StaleVersionError, SolveDraftOnlyError, RosterWithoutDemandError, PlanningRunOpenError."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        roster = _locked(roster_id, version)
        if roster.state != Roster.State.DRAFT:
            raise SolveDraftOnlyError
        if not any(any(row) for row in demand_of(roster).values()):
            raise RosterWithoutDemandError
        question = {"roster_id": str(roster.pk), "version": version, **msgspec.to_builtins(wanted)}
        run_id = planning_runs.ask(planner, roster.tenant_id, PlanningRun.Kind.ROSTER, question)
        roster.run_id = run_id
        roster.save(update_fields=["run", "updated_at"])
        details = {"run_id": str(run_id), **msgspec.to_builtins(wanted)}
        audit.record(planner, "roster.solve_asked", Roster.object_type, roster.pk, roster.tenant_id, details)
        return run_id


def prepare(tenant_id: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """The solver's question. Raises NotFoundError when the roster is gone, StaleVersionError when it was edited."""
    roster = _unlocked(as_uuid(asked["roster_id"]), asked["version"])
    found = roster_question.question_of(roster, timezone.now(), is_incremental=asked["is_incremental"])
    problem = msgspec.to_builtins(found.problem)
    return {"problem": problem, "not_planned": found.left_out, "cpu_limit_s": asked["cpu_limit_s"]}


def store(done: Done) -> dict[str, Any]:
    """The figures of the roster, after the answer has become its shifts in one transaction.

    Kept once: a roster whose shifts already come from this run stays as it is. Raises StaleVersionError when it was
    edited meanwhile."""
    roster_id = as_uuid(done.question["roster_id"])
    roster = Roster.objects.filter(pk=roster_id).first()
    if roster is None:
        raise NotFoundError(object_type=Roster.object_type, object_id=str(roster_id))
    if roster.figures.get("run_id") == str(done.run_id):
        return {"roster_id": str(roster.pk), "figures": roster.figures}
    names = people.agent_names(roster_storing.person_ids(done.answer))
    rows = roster_storing.shifts_of(roster, done.answer, time_zone(roster.tenant_id))
    told = {str(agent_id): name for agent_id, name in names.items()}
    figures = roster_storing.figures_of(done.answer, told, rows) | {"run_id": str(done.run_id)}
    _keep(done, roster_id, rows, figures)
    return {"roster_id": str(roster_id), "figures": figures}


def _keep(done: Done, roster_id: UUID, rows: list[RosterShift], figures: dict[str, Any]) -> None:
    solver = Actor.system("roster", [done.tenant_id])
    with transaction.atomic():
        roster = _locked(roster_id, done.question["version"])
        RosterShift.objects.filter(roster=roster).delete()
        RosterShift.objects.bulk_create(rows, batch_size=_BATCH)
        roster.figures, roster.version = figures, roster.version + 1
        roster.save(update_fields=["figures", "version", "updated_at"])
        details = {"run_id": str(done.run_id), "asked_by": done.asked_by, "shifts": len(rows)}
        audit.record(solver, "roster.solved", Roster.object_type, roster.pk, roster.tenant_id, details)


def _locked(roster_id: UUID, version: int) -> Roster:
    return _of_version(Roster.objects.select_for_update().filter(pk=roster_id).first(), roster_id, version)


def _unlocked(roster_id: UUID, version: int) -> Roster:
    return _of_version(Roster.objects.filter(pk=roster_id).first(), roster_id, version)


def _of_version(roster: Roster | None, roster_id: UUID, version: int) -> Roster:
    if roster is None:
        raise NotFoundError(object_type=Roster.object_type, object_id=str(roster_id))
    if roster.version != version:
        raise StaleVersionError(version=roster.version)
    return roster


ROSTERING: Final = Kind(prepare=prepare, store=store)
