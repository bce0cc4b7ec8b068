"""Callers who gave up waiting: who, how long, how often, whether they called again, and what was done about it (QH-05).

The list is made of contacts; only what people decide is kept besides. Each look at it is in the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.errors import (
    AbandonedSettledError,
    CallBackMomentWrongError,
    CallerUnknownError,
    ContactAnonymisedError,
    QueueCallsNobodyBackError,
    ReasonMissingError,
)
from hotline.domains.contacts.look_ups import look_up
from hotline.domains.contacts.models import AbandonedSettlement, Contact, TimelineEvent
from hotline.domains.routing import queries as routing
from hotline.foundation import audit, outbox
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import keyring, mask_phone
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of
from hotline.kernel.clock import to_ms
from hotline.kernel.ids import new_id
from hotline.messages.callbacks import CallbackOrder, seal_order
from hotline.messages.routing import EnqueueContact

CALL_BACK_TOPIC = "call_back.command"
LISTED = timedelta(days=31)  # who gave up longer ago is not listed any more
ORDERED_AHEAD = timedelta(days=31)  # the latest moment for which a call-back may be ordered
_LATENCY = timedelta(minutes=5)  # so long may a form stay open after its moment was chosen
COUNTED = timedelta(days=1)  # "how often": within so long before and including this one
Decision = Literal["done", "ignored"]
_PERMISSION = "contacts.view_all"


class AbandonedCaller(msgspec.Struct, frozen=True, kw_only=True):
    """One who hung up waiting. `times` counts this and the day before it; `called_again_at` is the first contact of the
    same number since, `is_answered_since` whether any of those was answered. A withheld number has neither."""

    contact_id: UUID
    tenant_id: UUID
    queue_id: UUID | None
    asked_at: datetime | None
    gave_up_at: datetime | None
    wait_ms: int | None
    caller: str  # masked
    can_be_called: bool
    customer_id: UUID | None
    is_simulated: bool
    times: int
    called_again_at: datetime | None
    is_answered_since: bool
    decision: str  # done, ignored, called_back; empty while nobody has seen to it
    reason: str
    settled_at: datetime | None
    settled_by_id: UUID | None
    call_back_contact_id: UUID | None
    failure: str


@dataclass(frozen=True, slots=True)
class _Since:
    """What else is known of a number: when it gave up, and its contacts of the listed time."""

    gave_up: list[datetime]
    contacts: list[tuple[datetime, bool]]  # arrival, and whether it was answered


def page(actor: Actor, *, is_settled: bool, cursor: str | None, limit: int) -> tuple[list[AbandonedCaller], str | None]:
    """Those whom nobody has seen to, or those who were, newest first. Four queries. Who looked is in the audit."""
    seeing = actor.narrowed(_PERMISSION)
    with scope_of(seeing):
        rows, following = cursor_page(_listed(is_settled=is_settled), order=["-id"], cursor=cursor, limit=limit)
        settled = {
            row.contact_id: row for row in AbandonedSettlement.objects.filter(contact_id__in=[r.id for r in rows])
        }
        since = _since(rows)
        shown = [_view(row, settled.get(row.id), since.get((row.tenant_id, row.caller_index))) for row in rows]
        with transaction.atomic():
            for tenant_id in sorted(seeing.tenant_ids):
                details = {"is_settled": is_settled, "shown": sum(one.tenant_id == tenant_id for one in shown)}
                audit.record_read(actor, "abandoned.listed", "tenant", tenant_id, tenant_id, details)
    return shown, following


def _listed(*, is_settled: bool) -> QuerySet[Contact]:
    since = timezone.now() - LISTED
    settlement = AbandonedSettlement.objects.filter(contact_id=OuterRef("pk"))
    rows = Contact.objects.filter(outcome=Contact.Outcome.ABANDONED, id__gte=rules.lowest_id(since))
    return rows.filter(Exists(settlement) if is_settled else ~Exists(settlement))


def _since(rows: Iterable[Contact]) -> dict[tuple[UUID, str], _Since]:
    """By tenant and number, what else is known of those who are shown: one query."""
    shown = list(rows)
    indexes = {row.caller_index for row in shown if row.caller_index}
    if not indexes:
        return {}
    oldest = min(row.arrived_at for row in shown) - COUNTED
    others = Contact.objects.filter(caller_index__in=indexes, id__gte=rules.lowest_id(oldest)).order_by("id")
    found: dict[tuple[UUID, str], _Since] = {}
    columns = ("tenant_id", "caller_index", "arrived_at", "answered_at", "outcome")
    told: Iterable[Any] = others.values_list(*columns)
    for tenant_id, index, arrived_at, answered_at, outcome in told:
        known = found.setdefault((tenant_id, index), _Since([], []))
        known.contacts.append((arrived_at, answered_at is not None))
        if outcome == Contact.Outcome.ABANDONED:
            known.gave_up.append(arrived_at)
    return found


def _view(row: Contact, settled: AbandonedSettlement | None, since: _Since | None) -> AbandonedCaller:
    later = [one for one in since.contacts if one[0] > row.arrived_at] if since else []
    before = row.arrived_at - COUNTED
    return AbandonedCaller(
        contact_id=row.id,
        tenant_id=row.tenant_id,
        queue_id=row.queue_id,
        asked_at=row.asked_at,
        gave_up_at=row.ended_at,
        wait_ms=row.wait_ms,
        caller=mask_phone(row.caller) if row.caller else "",
        can_be_called=bool(row.caller) and row.anonymised_at is None,
        customer_id=row.customer_id,
        is_simulated=row.is_simulated,
        times=sum(before < at <= row.arrived_at for at in since.gave_up) if since else 1,
        called_again_at=later[0][0] if later else None,
        is_answered_since=any(is_answered for _, is_answered in later),
        decision=settled.decision if settled else "",
        reason=settled.reason if settled else "",
        settled_at=settled.settled_at if settled else None,
        settled_by_id=settled.settled_by_id if settled else None,
        call_back_contact_id=settled.call_back_contact_id if settled else None,
        failure=settled.failure if settled else "",
    )


# --- what is done about it ------------------------------------------------------------------------------------------


def settle(actor: Actor, contact_id: UUID, decision: Decision, reason: str) -> None:
    """Take the caller off the list, for a stated reason. Raises NotFoundError, AbandonedSettledError, and
    ReasonMissingError when one is ignored without any."""
    if decision == "ignored" and not reason.strip():
        raise ReasonMissingError
    with scope_of(actor.narrowed(_PERMISSION)), transaction.atomic():
        row = _locked(contact_id)
        _settle(actor, row, decision, reason)


def call_back(actor: Actor, contact_id: UUID, not_before: datetime | None = None) -> UUID:
    """Put a call-back to this caller into the queue that they gave up in, due at that moment or as soon as may be; the
    id of the new contact.

    Raises NotFoundError, AbandonedSettledError, CallerUnknownError (withheld), ContactAnonymisedError,
    QueueCallsNobodyBackError, and CallBackMomentWrongError."""
    _check_moment(not_before)
    with scope_of(actor.narrowed(_PERMISSION)), transaction.atomic():
        row = _locked(contact_id)
        if row.anonymised_at is not None:
            raise ContactAnonymisedError
        if not row.caller:
            raise CallerUnknownError
        _check_queue(row.queue_id)
        made = _new_contact(row)
        made.save(force_insert=True)
        _settle(actor, row, "called_back", "", made.id, not_before)
        outbox.emit(CALL_BACK_TOPIC, _order(row, made, not_before), row.tenant_id)
        return made.id


def refused(contact_id: UUID, code: str) -> None:
    """The switch does not call this customer back: the list shows why. Called by the relay, for every tenant."""
    AbandonedSettlement.objects.filter(call_back_contact_id=contact_id).update(failure=code[:64])
    Contact.objects.filter(pk=contact_id).update(
        stage=Contact.Stage.ENDED, outcome=Contact.Outcome.FAILED, cause=code[:64], ended_at=timezone.now()
    )


def _locked(contact_id: UUID) -> Contact:
    row: Contact | None = (
        Contact.objects.select_for_update().filter(pk=contact_id, outcome=Contact.Outcome.ABANDONED).first()
    )
    if row is None:
        raise NotFoundError(object_type="abandoned contact", object_id=str(contact_id))
    return row


def _check_moment(not_before: datetime | None) -> None:
    now = timezone.now()
    if not_before is not None and not now - _LATENCY <= not_before <= now + ORDERED_AHEAD:
        raise CallBackMomentWrongError(days=ORDERED_AHEAD.days)


def _settle(
    actor: Actor,
    row: Contact,
    decision: str,
    reason: str,
    call_back_id: UUID | None = None,
    not_before: datetime | None = None,
) -> None:
    if AbandonedSettlement.objects.filter(contact=row).exists():
        raise AbandonedSettledError
    AbandonedSettlement.objects.create(
        tenant_id=row.tenant_id,
        contact=row,
        decision=decision,
        reason=reason.strip()[:500],
        settled_at=timezone.now(),
        settled_by_id=actor.user_id,
        call_back_contact_id=call_back_id,
    )
    details = {"decision": decision} | ({"call_back_contact_id": str(call_back_id)} if call_back_id else {})
    if not_before is not None:
        details["not_before"] = not_before.isoformat()
    audit.record(actor, "abandoned.settled", "contact", row.id, row.tenant_id, details)


def _check_queue(queue_id: UUID | None) -> None:
    queues = {queue.queue_id: queue for queue in routing.waiting_rules()}
    queue = queues.get(str(queue_id))
    if queue is None or not queue.callback_attempts:
        raise QueueCallsNobodyBackError


def _new_contact(row: Contact) -> Contact:
    """The contact of the call-back, with what its node would have told of an arrival."""
    return Contact(
        id=UUID(new_id()),
        tenant_id=row.tenant_id,
        channel=row.channel,
        node_id=row.node_id,
        entry_point_id=row.entry_point_id,
        language=row.language,
        is_simulated=row.is_simulated,
        arrived_at=timezone.now(),
        called_address=row.called_address,
        caller=row.caller,
        caller_index=row.caller_index,
        customer_id=row.customer_id,
    )


def _order(row: Contact, made: Contact, not_before: datetime | None) -> dict[str, Any]:
    """The command for the switch, as the outbox keeps it. The number is in it sealed only. The customer is worth as
    much as when they asked, needs the same, and is waited for by who knows them."""
    now_ms = to_ms(made.arrived_at)
    known = look_up(row.tenant_id, row.caller)
    order = CallbackOrder(
        number=row.caller,
        tenant_id=str(row.tenant_id),
        entry_point_id=str(row.entry_point_id or ""),
        queue_id=str(row.queue_id),
        language=row.language,
        customer_id=str(row.customer_id) if row.customer_id else None,
        is_simulated=row.is_simulated,
    )
    command = EnqueueContact(
        command_id=f"call-back-{made.id}",
        at_ms=now_ms,
        contact_id=str(made.id),
        tenant_id=order.tenant_id,
        queue_id=order.queue_id,
        node_id=row.node_id,
        asked_at_ms=now_ms,
        arrived_at_ms=now_ms,
        entry_point_id=order.entry_point_id or None,
        language=row.language,
        priority=row.priority - _points_of_rules(row),
        customer_id=order.customer_id,
        attributes=row.attributes,
        wanted_agent_id=known.wanted_agent_id or None,
        wanted_cause="key_account" if known.wanted_cause == "key_account" else "last_agent",
        is_simulated=row.is_simulated,
        callback=seal_order(order, keyring()),
        callback_not_before_ms=to_ms(not_before) if not_before is not None else 0,
    )
    built: dict[str, Any] = msgspec.to_builtins(command)
    return built


def _points_of_rules(row: Contact) -> int:
    """What the rules had added to the priority when it was asked; the switch adds them again by today's rules."""
    asked = TimelineEvent.objects.filter(contact=row, kind="queued").order_by("at").values_list("detail", flat=True)
    return sum(((asked.first() or {}).get("points") or {}).values())
