"""Notices to agents about their work, written in the transaction of what they tell of, kept until they are old.

They carry no words of anybody: what was said is read where the request is. Whoever wants them by message gets them so,
too (`notice_messages`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from hotline.domains.workforce import notice_messages
from hotline.domains.workforce.models import RosterNotice, ShiftRequest
from hotline.domains.workforce.own_agent import own_reading, own_write
from hotline.domains.workforce.request_schemas import NoticeOut, NoticesOut
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope

KEPT: Final = timedelta(days=100)
_SHOWN: Final = 50
_BATCH: Final = 500
_KIND = RosterNotice.Kind
_REQUEST = ShiftRequest.Kind
# Whom a request is put to says yes or no themselves: they need not be told what came of it.
_ANSWERED_BY_AGENT: Final = frozenset({_REQUEST.OVERTIME, _REQUEST.CALL_IN, _REQUEST.EARLY_END})
_TOLD: Final = {
    ShiftRequest.State.DONE: _KIND.DONE,
    ShiftRequest.State.REFUSED: _KIND.REFUSED,
    ShiftRequest.State.EXPIRED: _KIND.EXPIRED,
}


def published(tenant_id: UUID, agent_ids: Iterable[UUID], first: date, last: date) -> None:
    """Tell these agents that the roster of these days is there."""
    _write(tenant_id, _KIND.PUBLISHED, dict.fromkeys(agent_ids, (first, last)))


def changed(tenant_id: UUID, days: Mapping[UUID, Iterable[date]]) -> None:
    """Tell each of these agents on which days their published shifts were changed."""
    spans = {agent_id: sorted(own) for agent_id, own in days.items()}
    _write(tenant_id, _KIND.CHANGED, {agent_id: (own[0], own[-1]) for agent_id, own in spans.items()})


def asked(request: ShiftRequest) -> None:
    """Tell whoever the request is put to."""
    target = request.agent_id if request.kind in _ANSWERED_BY_AGENT else request.other_agent_id
    if target is not None:
        span = {target: (request.first_day, request.last_day)}
        breaks = request.terms.get("further_breaks", [])
        _write(request.tenant_id, _KIND.ASKED, span, request.kind, until=request.expires_at, breaks=breaks)


def ended(request: ShiftRequest) -> None:
    """Tell those whom it concerns what came of the request; nobody of one that is not over, or was withdrawn."""
    kind = _TOLD.get(ShiftRequest.State(request.state))
    if kind is None or request.kind in _ANSWERED_BY_AGENT:
        return
    concerned = [request.agent_id]
    if kind == _KIND.DONE and request.other_agent_id is not None:
        concerned.append(request.other_agent_id)
    span = request.first_day, request.last_day
    _write(request.tenant_id, kind, dict.fromkeys(concerned, span), request.kind)


def own(actor: Actor) -> NoticesOut:
    """The agent's latest notices, newest first, and how many are not read."""
    with own_reading(actor) as me:
        rows = RosterNotice.objects.filter(agent_id=me.agent_id)
        return NoticesOut(
            unread=rows.filter(read_at=None).count(),
            notices=[NoticeOut.from_orm(row) for row in rows.order_by("-id")[:_SHOWN]],
        )


def read(actor: Actor, up_to: UUID) -> None:
    """Note that the agent has read this notice and those before it."""
    with own_write(actor) as me:
        rows = RosterNotice.objects.filter(agent_id=me.agent_id, read_at=None, pk__lte=up_to)
        rows.update(read_at=timezone.now())


def forget_old(now: datetime, limit: int) -> int:
    """Delete at most `limit` notices that are old; answers how many."""
    gone = 0
    for tenant_id in Tenant.objects.order_by("pk").values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            rows = RosterNotice.objects.filter(created_at__lt=now - KEPT).order_by("pk")
            ids = list(rows.values_list("pk", flat=True)[: limit - gone])
            if ids:
                RosterNotice.objects.filter(pk__in=ids).delete()
            gone += len(ids)
        if gone >= limit:
            break
    return gone


def _write(
    tenant_id: UUID,
    kind: str,
    spans: Mapping[UUID, tuple[date, date]],
    request_kind: str = "",
    until: datetime | None = None,
    breaks: Sequence[Mapping[str, Any]] = (),
) -> None:
    rows = [
        RosterNotice(
            tenant_id=tenant_id,
            agent_id=agent_id,
            kind=kind,
            request_kind=request_kind,
            first_day=first,
            last_day=last,
            further_breaks=list(breaks),
        )
        for agent_id, (first, last) in spans.items()
    ]
    RosterNotice.objects.bulk_create(rows, batch_size=_BATCH)
    notice_messages.tell(tenant_id, rows, until)
