"""One conversation's row under lock: its next message, its end, and the news of it. For this domain's own use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from hotline.domains.conversations import rules
from hotline.domains.conversations.errors import ConversationFullError
from hotline.domains.conversations.models import Conversation, Message
from hotline.foundation import outbox
from hotline.kernel.clock import to_ms
from hotline.messages.conversations import COMMAND_TOPIC, NEWS_TOPIC, WrittenMessage
from hotline.messages.routing import EndContact, EnqueueContact

_TRIES: Final = 3
Made = TypeVar("Made")


def once(find: Callable[[], Made | None], make: Callable[[], Made]) -> Made:
    """What `find` finds, else what `make` makes in one transaction.

    Two of the same may come at once: the slower one's work is undone, and it looks again."""
    for tries_left in reversed(range(_TRIES)):
        found = find()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try raises or answers")


def append(
    row: Conversation,
    side: Literal["customer", "agent", "house"],
    text: str = "",
    *,
    code: str = "",
    agent_id: UUID | None = None,
    client_id: str = "",
    origin_id: UUID | None = None,
    at: datetime | None = None,
) -> Message:
    """Add a message to a locked conversation, and tell the switch that there is one. Raises ConversationFullError."""
    if row.last_seq >= rules.MOST_MESSAGES and side != "house":
        raise ConversationFullError(most=rules.MOST_MESSAGES)
    now = timezone.now()
    leaves = bool(rules.leaves_by(row.channel, side, code))
    row.last_seq += 1
    message = Message.objects.create(
        tenant_id=row.tenant_id,
        conversation=row,
        seq=row.last_seq,
        side=side,
        agent_id=agent_id,
        text=text,
        code=code,
        at=at or now,
        origin_id=origin_id or row.pk,
        client_id=client_id,
        delivery=Message.Delivery.PENDING if leaves else Message.Delivery.NONE,
        due_at=now if leaves else None,
        expires_at=now + rules.WORTH_SENDING if leaves else None,
    )
    row.save(update_fields=["last_seq", "updated_at"])
    _emit(NEWS_TOPIC, WrittenMessage(contact_id=str(row.pk), seq=row.last_seq), row)
    return message


def order(row: Conversation, command: EnqueueContact | EndContact) -> None:
    """Leave a command about this conversation for the switch."""
    _emit(COMMAND_TOPIC, command, row)


def end(row: Conversation, ended_by: Literal["customer", "house"], code: str, cause: str) -> None:
    """End a locked conversation that the switch does not know to be over, and have it end there."""
    close(row, ended_by)
    append(row, "house", code=code)
    command = EndContact(
        command_id=f"end-{row.pk}",
        at_ms=to_ms(timezone.now()),
        contact_id=str(row.pk),
        ended_by="caller" if ended_by == "customer" else "flow",
        cause=cause,
    )
    order(row, command)


def close(row: Conversation, ended_by: str, at: datetime | None = None) -> None:
    """Note at a locked conversation that it is over."""
    row.state, row.ended_by, row.ended_at = Conversation.State.ENDED, ended_by, at or timezone.now()
    row.save(update_fields=["state", "ended_by", "ended_at", "updated_at"])


def _emit(topic: str, message: msgspec.Struct, row: Conversation) -> None:
    payload: dict[str, Any] = msgspec.to_builtins(message)
    outbox.emit(topic, payload, row.tenant_id)
