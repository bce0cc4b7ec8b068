"""What if: a recorded day under a changed set-up, asked for here, played in the worker, read and applied here.

A change is tried by making it, compiling what comes of it, and taking it back within one transaction: what is refused
is refused as by saving it, and nothing is left behind."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from hotline.domains.enterprise.announcements import ROUTING, current_version
from hotline.domains.people.queries import agent_names
from hotline.domains.routing import drafts, errors, funnel, funnel_rules, queries, versions
from hotline.domains.routing.beside import names_for, parts_beside
from hotline.domains.routing.drafts import Draft
from hotline.domains.routing.models import WhatIfRun
from hotline.domains.routing.version_rules import Change, changes_between, part_of
from hotline.domains.routing.version_words import Text
from hotline.foundation import audit, jobs
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of
from hotline.messages.configuration import RoutingConfiguration

JOB: Final = jobs.declare("routing.what_if")
OPEN: Final = (WhatIfRun.State.WAITING, WhatIfRun.State.RUNNING)
KEPT: Final = 100  # runs of a tenant; older ones go when a new one is asked for
_QUARTER_S: Final = 900
_PERMISSION: Final = "admin.configure"
_OBJECT: Final = "what_if"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """About which day (none: yesterday), and either which version or which change."""

    day: date | None
    replays: int
    number: int | None = None
    draft: Draft | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is told; `result` only where one run is read. `failure` is code, data and sentence of an error."""

    id: UUID
    tenant_id: UUID
    day: date
    begins_at: datetime
    ends_at: datetime
    replays: int
    number: int | None
    object_type: str | None
    basis: int
    changes: list[dict[str, Any]]
    state: str
    steps: int
    steps_done: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    applied_at: datetime | None
    failure: dict[str, Any] | None
    result: dict[str, Any] | None = None


# --- asking ----------------------------------------------------------------------------------------------------------


def ask(actor: Actor, tenant_id: UUID | None, question: Question) -> UUID:
    """The id of the run, which the worker plays.

    Raises WhatIfDayError, WhatIfBasisError, WhatIfOpenError, and whatever making the change for good would raise."""
    if (question.number is None) == (question.draft is None):
        raise errors.WhatIfBasisError
    with _scoped(actor) as admin:
        tenant = admin.tenant_or_only(tenant_id)
        begins_at, ends_at = window(question.day, _time_zone(tenant), timezone.now())
        tried = _tried(admin, tenant, question)
        _refuse_second(tenant)
        with transaction.atomic():
            run = WhatIfRun(
                tenant_id=tenant,
                day=begins_at.astimezone(_time_zone(tenant)).date(),
                begins_at=begins_at,
                ends_at=ends_at,
                replays=question.replays,
                number=question.number,
                draft=msgspec.to_builtins(question.draft),
                basis=current_version(ROUTING),
                changes=msgspec.to_builtins(tried.changes),
                moves=tried.moves,
                content=zlib.compress(msgspec.msgpack.encode(tried.changed)),
                steps=2 * question.replays + 1,
                asked_by=admin.name,
            )
            _save(run)
            audit.record(admin, "what_if.asked", _OBJECT, run.pk, tenant, _audited(run))
            jobs.enqueue(JOB, {"run_id": str(run.pk), "tenant_id": str(tenant)}, key=str(run.pk), tenant_id=tenant)
            _forget_old(tenant)
    return UUID(str(run.pk))


def window(day: date | None, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """When the local day begins, and when it ends or its last whole quarter of an hour has ended.

    Raises WhatIfDayError for a day of which none is over."""
    today = now.astimezone(zone).date()
    asked = day or today - timedelta(days=1)
    day = min(asked, today + timedelta(days=1))
    begins_at, after = (datetime.combine(one, time.min, zone) for one in (day, day + timedelta(days=1)))
    last_quarter = now.timestamp() // _QUARTER_S * _QUARTER_S
    ends_at = datetime.fromtimestamp(min(after.timestamp(), last_quarter), zone)
    if ends_at <= begins_at:
        raise errors.WhatIfDayError(day=asked, last=today if day > today else today - timedelta(days=1))
    return begins_at, ends_at


def _time_zone(tenant: UUID) -> ZoneInfo:
    return ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant))


def _refuse_second(tenant: UUID) -> None:
    found = WhatIfRun.objects.filter(tenant_id=tenant, state__in=OPEN).first()
    if found is not None:
        raise errors.WhatIfOpenError(asked_by=found.asked_by)


def _save(run: WhatIfRun) -> None:
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # somebody else asked at the same moment
        raise errors.WhatIfOpenError(asked_by="–") from error


def _forget_old(tenant: UUID) -> None:
    rows = WhatIfRun.objects.filter(tenant_id=tenant)
    old = list(rows.order_by("-id").values_list("pk", flat=True)[KEPT : KEPT + 10])
    if old:
        rows.filter(pk__in=old).delete()


def _audited(run: WhatIfRun) -> dict[str, Any]:
    draft = run.draft or {}
    return {
        "day": run.day.isoformat(),
        "number": run.number,
        "object_type": draft.get("object_type"),
        "record_id": draft.get("record_id"),
        "values": draft.get("values"),
    }


# --- trying a change -------------------------------------------------------------------------------------------------


class _Tried(msgspec.Struct, frozen=True):
    """The whole set-up with the change made, of the agents only those whom it touches; where the funnel then leads
    those who ask by a business; and what is other for the tenant, in words."""

    changed: RoutingConfiguration
    moves: list[tuple[str, str, str]]
    changes: list[Change]


def _tried(admin: Actor, tenant: UUID, question: Question) -> _Tried:
    version = current_version(ROUTING)
    about = drafts.touched(question.draft) if question.draft is not None else set()
    before, beside, ways = queries.compiled_settings(version, about), parts_beside(tenant), funnel.ways_up(tenant)
    with transaction.atomic():
        about = _make(admin, tenant, question)
        after = queries.compiled_settings(version, about)
        moves = funnel_rules.moves(ways, funnel.ways_up(tenant))
        parts = part_of(before, str(tenant), beside), part_of(after, str(tenant), parts_beside(tenant))
        changes = changes_between(*parts, names_for(*parts) | _member_names(before, after))
        transaction.set_rollback(True)
    return _Tried(after, moves, changes)


def _make(admin: Actor, tenant: UUID, question: Question) -> set[str]:
    """The ids of the agents whom it touches."""
    if question.number is not None:
        versions.go_back(admin, tenant, question.number)
        return set()
    assert question.draft is not None  # one of both was asked about
    return drafts.save(admin, tenant, question.draft)


def _member_names(*settings: RoutingConfiguration) -> dict[str, Text]:
    """What the agents of the reserve teams are called."""
    tiers = [tier for one in settings for ladder in one.ladders for tier in ladder.tiers]
    members = {UUID(agent_id) for tier in tiers for agent_id in tier.agent_ids}
    return {str(key): {"zh": name, "en": name} for key, name in agent_names(members).items()}


# --- afterwards ------------------------------------------------------------------------------------------------------


def cancel(actor: Actor, run_id: UUID) -> None:
    """Stop the run where it is; one that has ended stays as it is. Raises NotFoundError."""
    with _scoped(actor) as admin, transaction.atomic():
        run = _locked(run_id)
        if run.state in OPEN:
            run.state, run.ended_at, run.content = WhatIfRun.State.CANCELLED, timezone.now(), b""
            run.save(update_fields=["state", "ended_at", "content", "updated_at"])
            audit.record(admin, "what_if.cancelled", _OBJECT, run.pk, run.tenant_id, {"day": run.day.isoformat()})


def apply(actor: Actor, run_id: UUID) -> None:
    """Make for good what was asked about.

    Raises NotFoundError, WhatIfNotReadyError, StaleVersionError when somebody has changed the record since, and what
    saving it raises."""
    with _scoped(actor) as admin, transaction.atomic():
        run = _locked(run_id)
        if run.state != WhatIfRun.State.DONE or run.applied_at is not None:
            raise errors.WhatIfNotReadyError
        if run.number is not None:
            versions.go_back(admin, run.tenant_id, run.number)
        else:
            drafts.save(admin, run.tenant_id, msgspec.convert(run.draft, Draft))
        run.applied_at = timezone.now()
        run.save(update_fields=["applied_at", "updated_at"])
        audit.record(admin, "what_if.applied", _OBJECT, run.pk, run.tenant_id, _audited(run))


def page(actor: Actor, tenant_id: UUID | None, cursor: str | None, limit: int) -> tuple[list[Run], str | None]:
    """The tenant's runs, newest first, without their results."""
    with _scoped(actor) as admin:
        rows = WhatIfRun.objects.filter(tenant_id=admin.tenant_or_only(tenant_id)).defer("content", "result")
        found, following = cursor_page(rows, order=("-id",), cursor=cursor, limit=limit)
        return [_run(row) for row in found], following


def one(actor: Actor, run_id: UUID) -> Run:
    """The run with its result. Raises NotFoundError, also for another tenant's."""
    with _scoped(actor):
        row = _found(WhatIfRun.objects.filter(pk=run_id).defer("content").first(), run_id)
        return msgspec.structs.replace(_run(row), result=row.result)


def _run(row: WhatIfRun) -> Run:
    told: dict[str, Any] = {"object_type": (row.draft or {}).get("object_type"), "asked_at": row.created_at}
    same = [name for name in Run.__struct_fields__ if name not in told and name != "result"]
    return Run(**told, **{name: getattr(row, name) for name in same})


def _locked(run_id: UUID) -> WhatIfRun:
    return _found(WhatIfRun.objects.select_for_update().filter(pk=run_id).first(), run_id)


def _found(run: WhatIfRun | None, run_id: UUID) -> WhatIfRun:
    if run is None:
        raise NotFoundError(object_type=_OBJECT, object_id=str(run_id))
    return run


@contextmanager
def _scoped(actor: Actor) -> Iterator[Actor]:
    admin = actor.narrowed(_PERMISSION)
    with scope_of(admin):
        yield admin
