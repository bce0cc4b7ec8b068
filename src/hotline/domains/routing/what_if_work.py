"""What the worker does to a what-if: takes it, tells how far it is, and leaves the answer or why there is none."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.routing.models import WhatIfRun
from hotline.domains.routing.queries import with_agents
from hotline.domains.routing.what_ifs import JOB, OPEN
from hotline.foundation import jobs
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.failure import Failure
from hotline.kernel.ids import new_id
from hotline.messages.configuration import RoutingConfiguration


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be played."""

    begins_at: datetime
    ends_at: datetime
    time_zone: str
    replays: int
    changed: RoutingConfiguration
    moves: list[tuple[str, str, str]]  # business, queue, the queue in its place


def take(tenant_id: UUID, run_id: UUID) -> Work | None:
    """The run to be played, from its beginning; None when it was cancelled, has ended or is gone."""
    with tenant_scope(tenant_id):
        with transaction.atomic():
            run = WhatIfRun.objects.select_for_update().filter(pk=run_id, state__in=OPEN).first()
            if run is None:
                return None
            run.state, run.steps_done = WhatIfRun.State.RUNNING, 0
            run.save(update_fields=["state", "steps_done", "updated_at"])
        settings = msgspec.msgpack.decode(zlib.decompress(bytes(run.content)), type=RoutingConfiguration)
        return Work(
            begins_at=run.begins_at,
            ends_at=run.ends_at,
            time_zone=Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant_id),
            replays=run.replays,
            changed=with_agents(settings, timezone.now()),
            moves=[(business, queue, other) for business, queue, other in run.moves],
        )


def tell(tenant_id: UUID, run_id: UUID, steps_done: int) -> None:
    """Say how far it is."""
    _change(tenant_id, run_id, steps_done=steps_done)


def is_wanted(tenant_id: UUID, run_id: UUID) -> bool:
    """Whether it is still to be played: nobody has cancelled it."""
    with tenant_scope(tenant_id):
        return WhatIfRun.objects.filter(pk=run_id, state=WhatIfRun.State.RUNNING).exists()


def finish(tenant_id: UUID, run_id: UUID, result: dict[str, Any]) -> None:
    """Leave the answer; a run that was cancelled meanwhile stays so."""
    _end(tenant_id, run_id, state=WhatIfRun.State.DONE, result=result)


def fail(tenant_id: UUID, run_id: UUID, failure: Failure) -> None:
    """Leave why there is no answer."""
    _end(tenant_id, run_id, state=WhatIfRun.State.FAILED, failure=msgspec.to_builtins(failure))


def give_back(tenant_id: UUID, run_id: UUID, *, after_s: float = 0) -> None:
    """Let it be taken again, when this worker stops or has another in hand."""
    with tenant_scope(tenant_id), transaction.atomic():
        if WhatIfRun.objects.filter(pk=run_id, state__in=OPEN).update(state=WhatIfRun.State.WAITING):
            payload = {"run_id": str(run_id), "tenant_id": str(tenant_id)}
            run_at = datetime.fromtimestamp(timezone.now().timestamp() + after_s, timezone.now().tzinfo)
            jobs.enqueue(JOB, payload, run_at=run_at, key=f"{run_id}-{new_id()}", tenant_id=tenant_id)


def _end(tenant_id: UUID, run_id: UUID, **values: Any) -> None:
    _change(tenant_id, run_id, ended_at=timezone.now(), content=b"", **values)


def _change(tenant_id: UUID, run_id: UUID, **values: Any) -> None:
    with tenant_scope(tenant_id), transaction.atomic():
        WhatIfRun.objects.filter(pk=run_id, state=WhatIfRun.State.RUNNING).update(**values)
