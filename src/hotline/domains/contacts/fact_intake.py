"""Facts of the nodes into contacts, timeline, recordings and call-backs: in batches, each fact once.

A fact may come before or after the routing events of its contact. What routing has told of a contact is never touched:
a contact that asked for a person ends by the routing log alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction

from hotline.domains.channels.queries import owners_of_numbers
from hotline.domains.contacts.models import Contact, Recording, RefusedCall
from hotline.domains.contacts.projecting import store_call_backs, store_timeline
from hotline.domains.contacts.projection import CallBackRow, TimelineRow, arrival_of, timeline_id
from hotline.domains.customers import queries as customers
from hotline.domains.customers.numbers import number_index, read_number
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import is_id
from hotline.messages import facts

MAX_FACTS = 120  # of one transaction: about 180 rows and 40 ms, where DESIGN §3 allows 500 and 50

_ARRIVAL_COLUMNS = ("called_address", "caller", "caller_index", "flow_id", "flow_version")
_SHARED_COLUMNS = ("channel", "node_id", "entry_point_id", "language", "is_simulated", "arrived_at")
_ENDING_COLUMNS = ("stage", "ended_at", "outcome", "cause")
_OUTCOMES = {
    "contained": Contact.Outcome.CONTAINED,
    "transferred": Contact.Outcome.TRANSFERRED_OUT,
    "failed": Contact.Outcome.FAILED,
    "blocked": Contact.Outcome.BLOCKED,
}
_AFTER_QUEUE = (Contact.Outcome.BLOCKED, Contact.Outcome.TRANSFERRED_OUT)
_PERSONAL = (facts.ContactArrived, facts.FlowStepTaken)  # the caller's number, and what was keyed in
_CUT_SHORT = "platform_failure"  # such a flow did not fail: CallCutShort tells how the contact ended

log = structlog.get_logger()


def take_facts(batch: Sequence[facts.AnyFact]) -> list[str]:
    """Store facts, some hundred per transaction; answers the ids of all of them: none needs to be sent again."""
    for start in range(0, len(batch), MAX_FACTS):
        _take_chunk(batch[start : start + MAX_FACTS])
    return [fact.fact_id for fact in batch]


def _take_chunk(chunk: Sequence[facts.AnyFact]) -> None:
    tenant_ids = frozenset(Tenant.objects.values_list("id", flat=True))
    _store_refused([fact for fact in chunk if isinstance(fact, facts.CallRefused)], tenant_ids)
    kept = [fact for fact in chunk if not isinstance(fact, facts.CallRefused) and _is_ours(fact, tenant_ids)]
    if not kept:
        return
    with tenant_scope(*tenant_ids):
        arrivals = _arrival_rows([fact for fact in kept if isinstance(fact, facts.ContactArrived)])
    with tenant_scope(*tenant_ids), transaction.atomic():
        known = _known({UUID(fact.contact_id) for fact in kept})
        kept = [fact for fact in kept if not _is_forgotten(fact, known)]
        arrivals = [row for row in arrivals if not known.get(row.id, _UNKNOWN).is_anonymised]
        _store_contacts(kept, arrivals, known)
        store_timeline([_timeline_row(fact) for fact in kept])
        _store_recordings([fact for fact in kept if isinstance(fact, facts.RecordingStored)])
        store_call_backs([_call_back(fact) for fact in kept if isinstance(fact, facts.CallCutShort)])


def _is_ours(fact: facts.AnyFact, tenant_ids: frozenset[UUID]) -> bool:
    """Whether the tenant exists. It can only be missing when main was restored from before the tenant was made."""
    is_ours = is_id(fact.contact_id) and is_id(fact.tenant_id) and UUID(fact.tenant_id) in tenant_ids
    if not is_ours:
        log.warning(
            "fact of an unknown tenant or contact is not kept", fact_id=fact.fact_id, contact_id=fact.contact_id
        )
    return is_ours


def _store_contacts(kept: Sequence[facts.AnyFact], arrivals: Sequence[Contact], known: Mapping[UUID, "_Known"]) -> None:
    by_contact = {UUID(fact.contact_id): fact for fact in kept}
    _upsert((row for row in arrivals if known.get(row.id, _UNKNOWN).is_in_routing), _ARRIVAL_COLUMNS)
    _upsert(
        (row for row in arrivals if not known.get(row.id, _UNKNOWN).is_in_routing), _ARRIVAL_COLUMNS + _SHARED_COLUMNS
    )
    _upsert((row for row in arrivals if row.customer_id and _lacks_customer(known.get(row.id))), ("customer_id",))
    told = known.keys() | {row.id for row in arrivals}
    stubs = [_stub(fact) for contact_id, fact in by_contact.items() if contact_id not in told]
    Contact.objects.bulk_create(stubs, ignore_conflicts=True)
    endings = [row for row in map(_ending, kept) if row is not None]
    # The log knows only that a contact left its queue without an agent: how it went on is the node's to say.
    final = (row for row in endings if row.outcome in _AFTER_QUEUE or not known.get(row.id, _UNKNOWN).is_in_routing)
    _upsert(final, _ENDING_COLUMNS)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a contact already."""

    is_in_routing: bool
    has_customer: bool
    is_anonymised: bool


_UNKNOWN = _Known(is_in_routing=False, has_customer=False, is_anonymised=False)


def _is_forgotten(fact: facts.AnyFact, known: Mapping[UUID, _Known]) -> bool:
    """Whether it tells of somebody whose contact is anonymised: a node away for long tells late."""
    return isinstance(fact, _PERSONAL) and known.get(UUID(fact.contact_id), _UNKNOWN).is_anonymised


def _known(contact_ids: Collection[UUID]) -> dict[UUID, _Known]:
    """The stored ones of these contacts, locked: retention locks them too before it empties them."""
    stored = Contact.objects.select_for_update().filter(id__in=contact_ids).order_by("id")
    rows = stored.values_list("id", "asked_at", "customer_id", "anonymised_at")
    return {row_id: _Known(*(value is not None for value in told)) for row_id, *told in rows}


def _lacks_customer(known: _Known | None) -> bool:
    """Whether the row was there before, without a customer: what it has since is the agent's or the flow's to say."""
    return known is not None and not known.has_customer


def _upsert(rows: Iterable[Contact], columns: Sequence[str]) -> None:
    by_id = {row.id: row for row in rows}  # one statement may name a row once only
    if by_id:
        Contact.objects.bulk_create(
            by_id.values(), update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
        )


def _arrival_rows(arrived: Sequence[facts.ContactArrived]) -> list[Contact]:
    """Rows with everything that an arrival tells; the customer is found by the calling number, all in one query."""
    indexes = {fact.contact_id: number_index(_caller(fact.caller_address)) for fact in arrived}
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
            caller=_caller(fact.caller_address),
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
    if isinstance(fact, facts.ContactLeftFlow) and fact.how != "queued" and fact.cause != _CUT_SHORT:
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
            incomplete=_clean(fact.incomplete, 32),
        )
        for fact in stored
    ]
    Recording.objects.bulk_create(rows, ignore_conflicts=True)


def _store_refused(refused: Sequence[facts.CallRefused], tenant_ids: frozenset[UUID]) -> None:
    """A node that has no set-up yet does not know whose number was called; here it is known."""
    with tenant_scope(*tenant_ids):
        owners = owners_of_numbers({fact.called_address for fact in refused if not fact.tenant_id})
    rows = [
        RefusedCall(
            id=_row_id(fact),
            at=to_datetime(fact.at_ms),
            node_id=fact.node_id,
            tenant_id=_uuid(fact.tenant_id) or owners.get(fact.called_address),
            called_address=_clean(fact.called_address, 128),
            caller=_caller(fact.caller_address),
            caller_index=number_index(_caller(fact.caller_address)),
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


def _row_id(fact: facts.AnyFact) -> UUID:
    """The same id for the same fact. Nodes number their facts by UUIDv7, whose upper half grows as they are told."""
    order = UUID(fact.fact_id).int >> 64 if is_id(fact.fact_id) else 0
    return timeline_id(fact.fact_id, fact.at_ms, order)


def _timeline_row(fact: facts.AnyFact) -> TimelineRow:
    kind, detail = _told(fact)
    return TimelineRow(
        id=_row_id(fact),
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
            stored = {"recording_id": fact.recording_id, "duration_ms": fact.duration_ms}
            return "recording_stored", stored | ({"incomplete": _clean(fact.incomplete, 32)} if fact.incomplete else {})
        case facts.CallCutShort():
            return "cut_short", {"cause": _clean(fact.cause, 64)}
    raise AssertionError(f"{type(fact).__name__} has no timeline")


def _clean(text: str, length: int) -> str:
    """The text without NUL, which PostgreSQL refuses, and no longer than its column: callers send us anything."""
    return text.replace("\x00", "")[:length]


def _caller(address: str | None) -> str:
    """The calling number in its one form; empty when it is withheld."""
    return read_number(_clean(address or "", 128))


def _uuid(text: str | None) -> UUID | None:
    """The id, None when there is none or it is not one of ours: a fact is not lost for a detail of it."""
    return UUID(text) if text and is_id(text) else None
