"""The example tenant's first roster: asked for when the example is loaded, solved and published like any other.

A durable job walks the same steps as a planner: make the draft, have it solved, publish it. It does nothing where
there is a roster already."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.workforce import roster_solving, rosters
from hotline.domains.workforce.models import PlanningRun, Roster
from hotline.domains.workforce.planning_runs import OPEN
from hotline.domains.workforce.rules import minute_of
from hotline.foundation import jobs
from hotline.foundation.actors import Actor
from hotline.foundation.ids import new_uuid
from hotline.foundation.tenancy import tenant_scope

WEEKS: Final = 4
_INTERVAL_MIN: Final = 30
_LOOK_AGAIN: Final = timedelta(seconds=5)
_CPU_LIMIT_S: Final = 60.0
JOB: Final = jobs.declare("workforce.example_roster")


def enqueue(tenant_id: UUID, demand: Mapping[str, Sequence[tuple[str, int]]], name: str) -> None:
    """Ask for the roster in the caller's scope and transaction, unless the tenant has one.

    `demand`: by skill id the people wanted from a time of day on, the same each day."""
    if not Roster.objects.filter(tenant_id=tenant_id).exists():
        _again({"tenant_id": str(tenant_id), "name": name, "demand": {key: list(row) for key, row in demand.items()}})


def make(payload: dict[str, Any]) -> None:
    """Go on with the roster: make it, look again while it is being solved, publish it."""
    tenant_id = UUID(payload["tenant_id"])
    planner = Actor.system("example", [tenant_id])
    with tenant_scope(tenant_id):
        found = Roster.objects.filter(tenant_id=tenant_id).select_related("run").first()
        if found is None:
            _ask(planner, tenant_id, payload)
        elif found.run is not None and found.run.state in OPEN:
            pass
        elif _is_ours(found, payload):
            rosters.publish(planner, found.pk, found.version)
            return
        else:
            return
        with transaction.atomic():
            _again(payload, after=_LOOK_AGAIN)


def _is_ours(roster: Roster, payload: Mapping[str, Any]) -> bool:
    is_draft = roster.name == payload["name"] and roster.state == Roster.State.DRAFT
    return is_draft and roster.run is not None and roster.run.state == PlanningRun.State.DONE


def _ask(planner: Actor, tenant_id: UUID, payload: Mapping[str, Any]) -> None:
    today = catalogue.local_day(tenant_id, timezone.now())
    first = today - timedelta(days=today.weekday())
    wanted = rosters.NewRoster(
        name=payload["name"],
        first_day=first,
        last_day=first + timedelta(days=7 * WEEKS - 1),
        interval_min=_INTERVAL_MIN,
        demand={UUID(skill_id): _day_by_day(row) for skill_id, row in payload["demand"].items()},
    )
    roster_id = rosters.create(planner, wanted, tenant_id)
    version = Roster.objects.values_list("version", flat=True).get(pk=roster_id)
    roster_solving.ask(planner, roster_id, version, roster_solving.Wanted(cpu_limit_s=_CPU_LIMIT_S))


def _day_by_day(row: Sequence[Sequence[Any]]) -> list[int]:
    steps = [(minute_of(clock), int(people)) for clock, people in row]
    a_day = [
        next((people for since, people in reversed(steps) if since <= minute), 0)
        for minute in range(0, 24 * 60, _INTERVAL_MIN)
    ]
    return a_day * (7 * WEEKS)


def _again(payload: dict[str, Any], after: timedelta = timedelta()) -> None:
    key = f"{payload['tenant_id']}-{new_uuid()}"
    jobs.enqueue(JOB, payload, run_at=timezone.now() + after, key=key, tenant_id=UUID(payload["tenant_id"]))
