"""What the worker does to a planning run: takes it, tells how far it is, and leaves the answer or why there is none."""

from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.workforce.day_what_if import DAY_WHAT_IF
from hotline.domains.workforce.forecast_making import FORECASTING
from hotline.domains.workforce.models import PlanningRun
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.planning_runs import OPEN, enqueue, packed, unpacked
from hotline.domains.workforce.roster_solving import ROSTERING
from hotline.domains.workforce.staffing_making import STAFFING
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.failure import Failure
from hotline.kernel.ids import new_id

KINDS: Final[dict[str, Kind]] = {
    PlanningRun.Kind.ROSTER: ROSTERING,
    PlanningRun.Kind.FORECAST: FORECASTING,
    PlanningRun.Kind.WHAT_IF: DAY_WHAT_IF,
    PlanningRun.Kind.STAFFING: STAFFING,
}


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: the kind and its player's question."""

    kind: str
    question: dict[str, Any]


def kind_of(tenant_id: UUID, run_id: UUID) -> str | None:
    """The kind of an open run; None when it has ended or is gone."""
    with tenant_scope(tenant_id):
        return PlanningRun.objects.filter(pk=run_id, state__in=OPEN).values_list("kind", flat=True).first()


def take(tenant_id: UUID, run_id: UUID) -> Taken | None:
    """The run to be done, from its beginning; None when it was cancelled, has ended or is gone.

    Raises what its kind's `prepare` raises."""
    with tenant_scope(tenant_id):
        with transaction.atomic():
            run = PlanningRun.objects.select_for_update().filter(pk=run_id, state__in=OPEN).first()
            if run is None:
                return None
            run.state, run.steps_done, run.figures = PlanningRun.State.RUNNING, 0, {}
            run.save(update_fields=["state", "steps_done", "figures", "updated_at"])
        question = KINDS[run.kind].prepare(tenant_id, unpacked(run.question))
        return Taken(kind=run.kind, question=question)


def tell(tenant_id: UUID, run_id: UUID, news: dict[str, Any]) -> None:
    """Say how far it is: any of `steps`, `steps_done` and `figures` (of the best so far)."""
    known = {name: news[name] for name in ("steps", "steps_done", "figures") if name in news}
    if known:
        _change(tenant_id, run_id, **known)


def wish(tenant_id: UUID, run_id: UUID) -> Literal["on", "stop", "off"]:
    """What planners want of the running run: that it goes on, stops with its best so far, or is dropped."""
    with tenant_scope(tenant_id):
        running = PlanningRun.objects.filter(pk=run_id, state=PlanningRun.State.RUNNING)
        stop_asked = running.values_list("stop_asked", flat=True).first()
    if stop_asked is None:
        return "off"
    return "stop" if stop_asked else "on"


def finish(tenant_id: UUID, run_id: UUID, answer: dict[str, Any]) -> None:
    """Keep the answer as its kind does, then end the run; a run that was cancelled meanwhile keeps nothing.

    Raises what its kind's `store` raises."""
    with tenant_scope(tenant_id):
        run = PlanningRun.objects.filter(pk=run_id, state=PlanningRun.State.RUNNING).first()
        if run is None:
            return
        done = Done(
            tenant_id=tenant_id,
            run_id=run_id,
            asked_by=run.asked_by,
            question=unpacked(run.question),
            answer=answer,
        )
        result = KINDS[run.kind].store(done)
    _end(tenant_id, run_id, state=PlanningRun.State.DONE, result=packed(result))


def fail(tenant_id: UUID, run_id: UUID, failure: Failure) -> None:
    """Leave why there is no answer."""
    _end(tenant_id, run_id, state=PlanningRun.State.FAILED, failure=msgspec.to_builtins(failure))


def give_back(tenant_id: UUID, run_id: UUID, *, after_s: float = 0) -> None:
    """Let it be taken again, when this worker stops or has another in hand."""
    with tenant_scope(tenant_id), transaction.atomic():
        if PlanningRun.objects.filter(pk=run_id, state__in=OPEN).update(state=PlanningRun.State.WAITING):
            run_at = timezone.now() + timedelta(seconds=after_s)
            enqueue(run_id, tenant_id, key=f"{run_id}-{new_id()}", run_at=run_at)


def _end(tenant_id: UUID, run_id: UUID, **values: Any) -> None:
    _change(tenant_id, run_id, ended_at=timezone.now(), question=b"", **values)


def _change(tenant_id: UUID, run_id: UUID, **values: Any) -> None:
    with tenant_scope(tenant_id), transaction.atomic():
        PlanningRun.objects.filter(pk=run_id, state=PlanningRun.State.RUNNING).update(**values)
