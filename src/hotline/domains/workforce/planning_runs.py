"""Long work of planners: asked for here, done by a player in the worker, read, stopped and cancelled here.

    with scope_of(planner), transaction.atomic():
        run_id = planning_runs.ask(planner, tenant, "roster", {"roster_id": str(roster.pk)})

What a kind of run reads for its player and keeps of the answer stands in `planning_kinds`."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from hotline.domains.workforce import errors
from hotline.domains.workforce.models import PlanningRun
from hotline.foundation import audit, jobs
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of, tenant_scope

JOB: Final = jobs.declare("workforce.planning")
OPEN: Final = (PlanningRun.State.WAITING, PlanningRun.State.RUNNING)
PERMISSION: Final = "planning.edit"
KEPT: Final = timedelta(days=100)
_OBJECT: Final = "planning_run"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is told. `steps` 0: not known how many. `figures` are of the best so far. `failure` is code, data
    and sentence of an error; `result` is what its kind keeps for readers, only where one run is read."""

    id: UUID
    tenant_id: UUID
    kind: str
    state: str
    steps: int
    steps_done: int
    figures: dict[str, Any]
    stop_asked: bool
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    failure: dict[str, Any] | None
    result: dict[str, Any] | None = None


def ask(planner: Actor, tenant_id: UUID, kind: str, question: Mapping[str, Any], *, steps: int = 0) -> UUID:
    """The id of a new run, which the worker will do; in the caller's scope and transaction.

    `question` is JSON: ids and choices, for what is large is read when the run begins. Raises PlanningRunOpenError
    when one of the kind is not over yet."""
    _refuse_second(tenant_id, kind)
    run = PlanningRun(tenant_id=tenant_id, kind=kind, question=packed(question), steps=steps, asked_by=planner.name)
    _save(run)
    audit.record(planner, "planning_run.asked", _OBJECT, run.pk, tenant_id, {"kind": kind})
    enqueue(run.pk, tenant_id, key=str(run.pk))
    return UUID(str(run.pk))


def forget_old(now: datetime, limit: int) -> int:
    """Delete at most `limit` runs that ended long ago and belong to nothing that is kept; answers how many."""
    gone = 0
    for tenant_id in Tenant.objects.order_by("pk").values_list("pk", flat=True):
        with tenant_scope(tenant_id), transaction.atomic():
            rows = PlanningRun.objects.filter(ended_at__lt=now - KEPT, forecast=None, staffing_plan=None, rosters=None)
            ids = list(rows.order_by("ended_at").values_list("pk", flat=True)[: limit - gone])
            gone += len(ids)
            if ids:
                PlanningRun.objects.filter(pk__in=ids).delete()
        if gone >= limit:
            break
    return gone


def enqueue(run_id: UUID, tenant_id: UUID, *, key: str, run_at: datetime | None = None) -> None:
    """Ask the worker to look at the run, in the caller's transaction."""
    jobs.enqueue(JOB, {"run_id": str(run_id), "tenant_id": str(tenant_id)}, run_at=run_at, key=key, tenant_id=tenant_id)


def cancel(actor: Actor, run_id: UUID) -> None:
    """Drop the run and what it has found; one that has ended stays as it is. Raises NotFoundError."""
    with _scoped(actor) as planner, transaction.atomic():
        run = _locked(run_id)
        if run.state in OPEN:
            run.state, run.ended_at, run.question = PlanningRun.State.CANCELLED, timezone.now(), b""
            run.save(update_fields=["state", "ended_at", "question", "updated_at"])
            audit.record(planner, "planning_run.cancelled", _OBJECT, run.pk, run.tenant_id, {"kind": run.kind})


def stop(actor: Actor, run_id: UUID) -> None:
    """Ask the run to end soon with the best it has found; one that has ended stays as it is. Raises NotFoundError."""
    with _scoped(actor) as planner, transaction.atomic():
        run = _locked(run_id)
        if run.state in OPEN and not run.stop_asked:
            run.stop_asked = True
            run.save(update_fields=["stop_asked", "updated_at"])
            audit.record(planner, "planning_run.stopped", _OBJECT, run.pk, run.tenant_id, {"kind": run.kind})


def page(
    actor: Actor, tenant_id: UUID | None, kind: str | None, cursor: str | None, limit: int
) -> tuple[list[Run], str | None]:
    """The tenant's runs, newest first, without their results."""
    with _scoped(actor) as planner:
        rows = PlanningRun.objects.filter(tenant_id=planner.tenant_or_only(tenant_id)).defer("question", "result")
        if kind is not None:
            rows = rows.filter(kind=kind)
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return [told(row) for row in found], following


def one(actor: Actor, run_id: UUID) -> Run:
    """The run with its result. Raises NotFoundError, also for another tenant's."""
    with _scoped(actor):
        row = _found(PlanningRun.objects.filter(pk=run_id).defer("question").first(), run_id)
        return msgspec.structs.replace(told(row), result=unpacked(row.result))


def told(row: PlanningRun) -> Run:
    """A stored run as it is told, without its result."""
    same = [name for name in Run.__struct_fields__ if name not in ("asked_at", "result")]
    return Run(asked_at=row.created_at, **{name: getattr(row, name) for name in same})


def packed(value: Any) -> bytes:
    """A JSON value as runs and plans keep it."""
    return zlib.compress(msgspec.json.encode(value))


def unpacked(kept: bytes | memoryview) -> Any:
    """The JSON value that was kept; None where nothing is."""
    return msgspec.json.decode(zlib.decompress(bytes(kept))) if kept else None


def _refuse_second(tenant: UUID, kind: str) -> None:
    found = PlanningRun.objects.filter(tenant_id=tenant, kind=kind, state__in=OPEN).first()
    if found is not None:
        raise errors.PlanningRunOpenError(asked_by=found.asked_by)


def _save(run: PlanningRun) -> None:
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # somebody else asked at the same moment
        raise errors.PlanningRunOpenError(asked_by="–") from error


def _locked(run_id: UUID) -> PlanningRun:
    return _found(PlanningRun.objects.select_for_update().filter(pk=run_id).first(), run_id)


def _found(run: PlanningRun | None, run_id: UUID) -> PlanningRun:
    if run is None:
        raise NotFoundError(object_type=_OBJECT, object_id=str(run_id))
    return run


@contextmanager
def _scoped(actor: Actor) -> Iterator[Actor]:
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner):
        yield planner
