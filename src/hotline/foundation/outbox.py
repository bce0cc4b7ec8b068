"""Messages that leave a transaction only when it is committed: rows first, then a datagram that wakes the relay."""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from hotline.foundation.ids import as_uuid
from hotline.foundation.models import OutboxRow


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One row for the relay. `id` grows in the order of writing; the same row may be seen again until it is done."""

    id: int
    topic: str
    payload: dict[str, Any]
    tenant_id: UUID | None


def emit(topic: str, payload: dict[str, Any], tenant_id: UUID | str | None = None) -> int:
    """Leave a message in the caller's transaction; answers its id. Raises TransactionManagementError outside one."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("outbox.emit needs the transaction of the action it belongs to")
    row = OutboxRow.objects.create(topic=topic, payload=payload, tenant_id=tenant_id and as_uuid(tenant_id))
    transaction.on_commit(partial(_wake_relay, str(settings.HOTLINE.relay_wake_socket)))
    return row.pk


def pending(topic_prefix: str = "", limit: int = 500) -> list[OutboxMessage]:
    """The oldest messages that are not done, of topics that start so."""
    rows = OutboxRow.objects.filter(done_at=None)
    if topic_prefix:
        rows = rows.filter(topic__startswith=topic_prefix)
    return [OutboxMessage(row.pk, row.topic, row.payload, row.tenant_id) for row in rows.order_by("id")[:limit]]


def mark_done(ids: Iterable[int]) -> int:
    """Close these messages; answers how many were still open."""
    return OutboxRow.objects.filter(pk__in=list(ids), done_at=None).update(done_at=timezone.now())


def forget_done(before: Any, limit: int = 500) -> int:
    """Delete closed messages older than `before`, at most `limit` of them; answers how many."""
    old: Sequence[int] = list(
        OutboxRow.objects.filter(done_at__lt=before).order_by("id").values_list("pk", flat=True)[:limit]
    )
    return OutboxRow.objects.filter(pk__in=old).delete()[0]


def _wake_relay(path: str) -> None:
    """Tell the relay to look now. When nobody listens, its one-second poll finds the row."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wake:
        wake.setblocking(False)
        try:
            wake.sendto(b"1", path)
        except OSError:
            return
