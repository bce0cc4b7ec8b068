"""Who did or saw what. Lines are only ever added, in the transaction of what they tell of.

The worker seals them into a chain of keyed digests (`audit_chain.py`), so that a changed or missing line is found."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from hotline.foundation import audit_chain
from hotline.foundation.actors import Actor
from hotline.foundation.ids import as_uuid
from hotline.foundation.models import AuditEntry


def record(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | str,
    tenant_id: UUID | str | None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line about a write. Raises TransactionManagementError outside the transaction of that write."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("audit.record needs the transaction of the write it tells of")
    _add(actor, action, object_type, object_id, tenant_id, details, is_read=False)


def record_read(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | str,
    tenant_id: UUID | str | None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line about a sensitive read, before the data is handed out."""
    _add(actor, action, object_type, object_id, tenant_id, details, is_read=True)


def _add(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | str,
    tenant_id: UUID | str | None,
    details: dict[str, Any] | None,
    *,
    is_read: bool,
) -> None:
    AuditEntry.objects.create(
        tenant_id=tenant_id and as_uuid(tenant_id),
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name,
        session_id=actor.session_id or "",
        address=actor.address or "",
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        details=details or {},
        is_read=is_read,
    )


def writers_since(tenant_id: UUID, moment: datetime | None, object_types: Collection[str]) -> list[str]:
    """The names of those who wrote to objects of these kinds since the moment, the latest first; of the newest 500
    lines, so that it costs the same however long the audit is."""
    lines = AuditEntry.objects.filter(tenant_id=tenant_id).order_by("-id")
    newest = lines.values_list("at", "actor_name", "object_type", "is_read")[:500]
    names = [
        name
        for at, name, object_type, is_read in newest
        if object_type in object_types and not is_read and (moment is None or at > moment)
    ]
    return list(dict.fromkeys(names))


def seal_audit() -> int:
    """Seal the lines that have no seal yet; answers how many."""
    return audit_chain.seal_audit()


def verify_audit() -> list[audit_chain.AuditProblem]:
    """Everything that does not fit between lines and seals; empty when the audit is whole."""
    return audit_chain.verify_audit()
