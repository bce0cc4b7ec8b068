"""The visitor of a chat: reads, writes, leaves, or has not been heard of for too long.

A visitor is known by a secret that follows from the conversation's id and our own keys, so that it is stored nowhere
and a beginning that is sent again is answered alike."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.conversations import errors, limits, rules, thread
from hotline.domains.conversations.models import Conversation, Message
from hotline.domains.conversations.views import Begun, ReadMessage, VisitorView
from hotline.domains.people.queries import agent_names
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.fields import blind_index
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope

VISITOR = register_escape(
    "conversations.visitor",
    "A visitor of a chat has no log-in and shows the secret of one conversation: whose it is is found by its id, and"
    " all that follows is done in that tenant's scope.",
)
SILENT = register_escape(
    "conversations.silent_visitors",
    "Visitors who wait and were not heard of for two minutes have given up, in every tenant alike.",
)
_PURPOSE = "conversation-secret"


def visitor(tenant_id: UUID, address: str = "") -> Actor:
    """Who writes from outside, for the audit."""
    return replace(Actor.system("visitor", [tenant_id]), address=address)


def begun(row: Conversation) -> Begun:
    """What the visitor is told of a chat that has begun; needs a scope."""
    standing = _standing(row, 0)
    return Begun(conversation_id=row.pk, secret=_secret(row.pk), state=standing.state, messages=standing.messages)


def read(conversation_id: UUID, secret: str, after: int, address: str) -> VisitorView:
    """The conversation with its messages after number `after`. Raises UnknownConversationError."""
    with _known(conversation_id, secret, address):
        row = Conversation.objects.get(pk=conversation_id)
        _note_seen(row)
        return _standing(row, after)


def write(conversation_id: UUID, secret: str, client_id: str, text: str, address: str) -> ReadMessage:
    """Add the visitor's message; the same id once. Raises UnknownConversationError, ConversationEndedError,
    ConversationFullError and RateLimitedError."""
    with _known(conversation_id, secret, address):
        limits.count_message(str(conversation_id), address)
        message = thread.once(
            lambda: _sent_before(conversation_id, client_id), lambda: _append(conversation_id, client_id, text)
        )
        return _read_message(message)


def leave(conversation_id: UUID, secret: str, address: str) -> VisitorView:
    """End the conversation as its visitor; ended twice it is ended once. Raises UnknownConversationError."""
    with _known(conversation_id, secret, address):
        with transaction.atomic():
            row = Conversation.objects.select_for_update().get(pk=conversation_id)
            if row.state != Conversation.State.ENDED:
                thread.end(row, "customer", rules.CUSTOMER_LEFT, "left")
                _tell_ended(row, "left", address)
        return _standing(row, 0)


def give_up_silent(now: datetime, limit: int, since: datetime) -> int:
    """End at most `limit` chats whose visitor waits and has not asked for two minutes; answers how many.

    `since` is when the centre came up: before, nobody could ask."""
    if now - since < rules.SILENT_AFTER:
        return 0
    with without_scope(SILENT):
        silent = Conversation.objects.filter(
            channel="chat", state=Conversation.State.WAITING, seen_at__lt=now - rules.SILENT_AFTER
        )
        found = list(silent.order_by("seen_at").values_list("pk", "tenant_id")[:limit])
    return sum(_give_up(conversation_id, tenant_id, now) for conversation_id, tenant_id in found)


def _give_up(conversation_id: UUID, tenant_id: UUID, now: datetime) -> bool:
    with tenant_scope(tenant_id), transaction.atomic():
        row = Conversation.objects.select_for_update().get(pk=conversation_id)
        # Locked, and looked at again: the visitor may have asked, or an agent may have taken it, since.
        is_silent = row.seen_at is not None and row.seen_at < now - rules.SILENT_AFTER
        if row.state != Conversation.State.WAITING or not is_silent:
            return False
        thread.end(row, "customer", rules.CUSTOMER_SILENT, "gave_up")
        _tell_ended(row, "gave_up")
    return True


def _tell_ended(row: Conversation, cause: str, address: str = "") -> None:
    actor = visitor(row.tenant_id, address)
    audit.record(actor, "conversation.left", row.object_type, row.pk, row.tenant_id, {"cause": cause})


def _secret(conversation_id: UUID) -> str:
    return blind_index(str(conversation_id), _PURPOSE)


@contextmanager
def _known(conversation_id: UUID, secret: str, address: str) -> Iterator[None]:
    """The scope of the conversation's tenant, for who knows its secret. A wrong one costs no query but its count."""
    tenant_id = None
    if hmac.compare_digest(secret.encode(), _secret(conversation_id).encode()):
        with without_scope(VISITOR):
            rows = Conversation.objects.filter(pk=conversation_id, channel="chat", tenant__is_active=True)
            tenant_id = rows.values_list("tenant_id", flat=True).first()
    if tenant_id is None:
        limits.count_refusal(address)
        raise errors.UnknownConversationError
    with tenant_scope(tenant_id):
        yield


def _note_seen(row: Conversation) -> None:
    now = timezone.now()
    if row.state == Conversation.State.ENDED or (row.seen_at is not None and now - row.seen_at < rules.SEEN_EACH):
        return
    Conversation.objects.filter(pk=row.pk).update(seen_at=now)


def _sent_before(conversation_id: UUID, client_id: str) -> Message | None:
    return Message.objects.filter(origin_id=conversation_id, side=Message.Side.CUSTOMER, client_id=client_id).first()


def _append(conversation_id: UUID, client_id: str, text: str) -> Message:
    row = Conversation.objects.select_for_update().get(pk=conversation_id)
    if row.state == Conversation.State.ENDED:
        raise errors.ConversationEndedError
    return thread.append(row, "customer", rules.clean_text(text), client_id=client_id)


def _standing(row: Conversation, after: int) -> VisitorView:
    is_talking = row.state == Conversation.State.TALKING and row.holder_id is not None
    names = agent_names([row.holder_id]) if is_talking and row.holder_id else {}
    messages = Message.objects.filter(conversation=row, seq__gt=after).order_by("seq")
    return VisitorView(
        state=row.state,
        ended_by=row.ended_by,
        agent_name=names.get(row.holder_id) if row.holder_id else None,
        messages=[_read_message(message) for message in messages],
    )


def _read_message(message: Message) -> ReadMessage:
    return ReadMessage(
        seq=message.seq,
        side=message.side,
        text=message.text or None,
        code=message.code or None,
        at=message.at,
    )
