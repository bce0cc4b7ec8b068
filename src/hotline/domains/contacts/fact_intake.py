"""Facts of the nodes into contacts, timeline, recordings and call-backs: in batches, each fact once.

A fact may come before or after the routing events of its contact. What routing has told of a contact is never touched:
a contact that asked for a person ends by the routing log alone."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import structlog
from django.db import transaction

from hotline.domains.contacts.models import Contact, Recording, RefusedCall
from hotline.domains.contacts.projecting import store_call_backs, store_timeline
from hotline.domains.contacts.projection import CallBackRow, TimelineRow, arrival_of, timeline_id
from hotline.domains.customers import queries as customers
from hotline.domains.customers.numbers import number_index, read_number
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.messages import facts

MAX_FACTS = 500  # of one transaction; DESIGN §3 allows no more rows

_ARRIVAL_COLUMNS = ("called_address", "caller", "caller_index", "flow_id", "flow_version")
_SHARED_COLUMNS = ("channel", "node_id", "entry_point_id", "language", "is_simulated", "arrived_at")
_ENDING_COLUMNS = ("stage", "ended_at", "outcome", "cause")
_OUTCOMES = {
    "contained": Contact.Outcome.CONTAINED,
    "transferred": Contact.Outcome.TRANSFERRED_OUT,
    "failed": Contact.Outcome.FAILED,
}

log = structlog.get_logger()


def take_facts(batch: Sequence[facts.AnyFact]) -> list[str]:
    """Store facts, at most 500 per transaction; answers the ids of all of them: none needs to be sent again."""
    for start in range(0, len(batch), MAX_FACTS):
        _take_chunk(batch[start : start + MAX_FACTS])
    return [fact.fact_id for fact in batch]


def _take_chunk(chunk: Sequence[facts.AnyFact]) -> None:
    tenant_ids = frozenset(Tenant.objects.values_list("id", flat=True))
    _store_refused([fact for fact in chunk if isinstance(fact, facts.CallRefused)])
    kept = [fact for fact in chunk if not isinstance(fact, facts.CallRefused) and _is_ours(fact, tenant_ids)]
    if not kept:
        return
    with tenant_scope(*tenant_ids), transaction.atomic():
        _store_contacts(kept)
        store_timeline([_timeline_row(fact) for fact in kept])
        _store_recordings([fact for fact in kept if isinstance(fact, facts.RecordingStored)])
        store_call_backs([_call_back(fact) for fact in kept if isinstance(fact, facts.CallCutShort)])


def _is_ours(fact: facts.AnyFact, tenant_ids: frozenset[UUID]) -> bool:
    """Whether the tenant exists. It can only be missing when main was restored from before the tenant was made."""
    is_ours = bool(fact.tenant_id) and UUID(fact.tenant_id) in tenant_ids
    if not is_ours:
        log.warning("fact of an unknown tenant is not kept", fact_id=fact.fact_id, contact_id=fact.contact_id)
    return is_ours


def _store_contacts(kept: Sequence[facts.AnyFact]) -> None:
    contact_ids = {UUID(fact.contact_id) for fact in kept}
    stored = Contact.objects.select_for_update().filter(id__in=contact_ids).order_by("id")
    asked = {row_id: asked_at is not None for row_id, asked_at in stored.values_list("id", "asked_at")}
    arrivals = [fact for fact in kept if isinstance(fact, facts.ContactArrived)]
    in_routing = {contact_id for contact_id, has_asked in asked.items() if has_asked}
    _upsert(_arrival_rows(f for f in arrivals if UUID(f.contact_id) in in_routing), _ARRIVAL_COLUMNS)
    newcomers = [f for f in arrivals if UUID(f.contact_id) not in in_routing]
    _upsert(_arrival_rows(newcomers), _ARRIVAL_COLUMNS + _SHARED_COLUMNS)
    told = {UUID(fact.contact_id) for fact in arrivals}
    stubs = {UUID(f.contact_id): f for f in kept if UUID(f.contact_id) not in told and UUID(f.contact_id) not in asked}
    Contact.objects.bulk_create([_stub(fact) for fact in stubs.values()], ignore_conflicts=True)
    endings = {UUID(f.contact_id): row for f in kept if (row := _ending(f)) and UUID(f.contact_id) not in in_routing}
    _upsert(endings.values(), _ENDING_COLUMNS)


def _upsert(rows: Iterable[Contact], columns: Sequence[str]) -> None:
    by_id = {row.id: row for row in rows}  # one statement may name a row once only
    if by_id:
        Contact.objects.bulk_create(
            by_id.values(), update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
        )


def _arrival_rows(arrivals: Iterable[facts.ContactArrived]) -> list[Contact]:
    """Rows with everything that an arrival tells; the customer is found by the calling number, all in one query."""
    arrived = list(arrivals)
    indexes = {fact.contact_id: number_index(fact.caller_address or "") for fact in arrived}
    found = customers.sole_customers_by_index({index for index in indexes.values() if index})
    return [
        Contact(
            id=UUID(fact.contact_id),
            tenant_id=UUID(fact.tenant_id),
            channel=fact.channel,
            node_id=fact.node_id,
            entry_point_id=_uuid(fact.entry_point_id),
            language=fact.language,
            is_simulated=fact.is_simulated,
            arrived_at=to_datetime(fact.at_ms),
            called_address=_clean(fact.called_address, 128),
            caller=read_number(fact.caller_address or ""),
            caller_index=indexes[fact.contact_id],
            flow_id=_uuid(fact.flow_id),
            flow_version=fact.flow_version,
            customer_id=found.get((UUID(fact.tenant_id), indexes[fact.contact_id])),
        )
        for fact in arrived
    ]


def _stub(fact: facts.AnyFact) -> Contact:
    """A contact whose arrival has not been told yet; its id says when it came."""
    contact_id = UUID(fact.contact_id)
    return Contact(
        id=contact_id, tenant_id=UUID(fact.tenant_id), node_id=fact.node_id, arrived_at=arrival_of(contact_id)
    )


def _ending(fact: facts.AnyFact) -> Contact | None:
    """The end of a contact that never asked for a person, None when the fact is no such end."""
    if isinstance(fact, facts.ContactLeftFlow) and fact.how != "queued":
        outcome = _OUTCOMES[fact.how]
    elif isinstance(fact, facts.CallCutShort) and fact.asked_at_ms is None:
        outcome = Contact.Outcome.PLATFORM_FAILURE
    else:
        return None
    row = _stub(fact)
    row.stage, row.ended_at = Contact.Stage.ENDED, to_datetime(fact.at_ms)
    row.outcome, row.cause = outcome, _clean(fact.cause, 64)
    return row


def _store_recordings(stored: Sequence[facts.RecordingStored]) -> None:
    rows = [
        Recording(
            id=UUID(fact.recording_id),
            tenant_id=UUID(fact.tenant_id),
            contact_id=UUID(fact.contact_id),
            path=fact.path,
            started_at=to_datetime(fact.started_at_ms),
            duration_ms=fact.duration_ms,
            size_bytes=fact.size_bytes,
            sha256=fact.sha256,
            key_id=fact.key_id,
        )
        for fact in stored
    ]
    Recording.objects.bulk_create(rows, ignore_conflicts=True)


def _store_refused(refused: Sequence[facts.CallRefused]) -> None:
    rows = [
        RefusedCall(
            id=timeline_id(fact.fact_id, fact.at_ms),
            at=to_datetime(fact.at_ms),
            node_id=fact.node_id,
            tenant_id=_uuid(fact.tenant_id),
            called_address=_clean(fact.called_address, 128),
            caller=read_number(fact.caller_address or ""),
            caller_index=number_index(fact.caller_address or ""),
            cause=_clean(fact.cause, 64),
        )
        for fact in refused
    ]
    RefusedCall.objects.bulk_create(rows, ignore_conflicts=True)


def _call_back(fact: facts.CallCutShort) -> CallBackRow:
    return CallBackRow(
        contact_id=UUID(fact.contact_id),
        tenant_id=UUID(fact.tenant_id),
        cause=_clean(fact.cause, 64),
        failed_at=to_datetime(fact.at_ms),
        asked_at=None if fact.asked_at_ms is None else to_datetime(fact.asked_at_ms),
        queue_id=_uuid(fact.queue_id),
    )


def _timeline_row(fact: facts.AnyFact) -> TimelineRow:
    kind, detail = _told(fact)
    return TimelineRow(
        id=timeline_id(fact.fact_id, fact.at_ms),
        tenant_id=UUID(fact.tenant_id),
        contact_id=UUID(fact.contact_id),
        at=to_datetime(fact.at_ms),
        source="flow",
        kind=kind,
        queue_id=_uuid(getattr(fact, "queue_id", None)),
        detail=detail,
    )


def _told(fact: facts.AnyFact) -> tuple[str, dict[str, object]]:
    match fact:
        case facts.ContactArrived():
            return "arrived", {"called_address": _clean(fact.called_address, 128)}
        case facts.FlowStepTaken():
            detail = {"step_id": fact.step_id, "step_kind": fact.kind, "detail": _clean(fact.detail, 240)}
            return "flow_step", {name: _clean(value, 240) for name, value in detail.items()}
        case facts.ContactLeftFlow():
            return "left_flow", {"how": fact.how, "cause": _clean(fact.cause, 64)}
        case facts.RecordingStored():
            return "recording_stored", {"recording_id": fact.recording_id, "duration_ms": fact.duration_ms}
        case facts.CallCutShort():
            return "cut_short", {"cause": _clean(fact.cause, 64)}
    raise AssertionError(f"{type(fact).__name__} has no timeline")


def _clean(text: str, length: int) -> str:
    """The text without NUL, which PostgreSQL refuses, and no longer than its column: callers send us anything."""
    return text.replace("\x00", "")[:length]


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
