"""The agent who has a conversation in hand: reads it, and answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from hotline.domains.conversations import errors, queries, rules, thread
from hotline.domains.conversations.models import Conversation, Message
from hotline.domains.conversations.views import ThreadMessage, ThreadView
from hotline.domains.people.queries import own_profile
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope

IN_HAND = register_escape(
    "conversations.in_hand",
    "An agent reads and answers the conversation in their hands, also another tenant's by a shared pool: whose it is is"
    " found by id and agent, and all that follows is done in that tenant's scope.",
)


def in_hand(actor: Actor, contact_id: UUID, after: int, language: str) -> ThreadView:
    """The conversation with its messages after number `after`. Raises NotInHandError."""
    with _holding(actor, contact_id) as agent_id:
        return queries.thread_view(contact_id, after, language, holder_id=agent_id)


def reply(actor: Actor, contact_id: UUID, client_id: str, text: str, language: str) -> ThreadMessage:
    """Answer the customer; the same id once.

    Raises NotInHandError, CustomerGoneError when the conversation is over or has gone on to somebody else,
    NoWayToAnswerError and ConversationFullError."""
    with _holding(actor, contact_id) as agent_id:
        message = thread.once(
            lambda: _sent_before(contact_id, agent_id, client_id),
            lambda: _append(actor, contact_id, agent_id, client_id, text),
        )
        return queries.message_views([message], language)[0]


@contextmanager
def _holding(actor: Actor, contact_id: UUID) -> Iterator[UUID]:
    """The scope of the tenant whose conversation this agent has in hand; gives the agent's id."""
    profile = own_profile(actor.person_id)
    if profile is None:
        raise errors.NotInHandError
    agent_id = UUID(profile.agent_id)
    with without_scope(IN_HAND):
        rows = Conversation.objects.filter(pk=contact_id, holder_id=agent_id, tenant__is_active=True)
        tenant_id = rows.values_list("tenant_id", flat=True).first()
    if tenant_id is None:
        raise errors.NotInHandError
    with tenant_scope(tenant_id):
        yield agent_id


def _sent_before(contact_id: UUID, agent_id: UUID, client_id: str) -> Message | None:
    return Message.objects.filter(
        origin_id=contact_id, side=Message.Side.AGENT, agent_id=agent_id, client_id=client_id
    ).first()


def _append(actor: Actor, contact_id: UUID, agent_id: UUID, client_id: str, text: str) -> Message:
    row = Conversation.objects.select_for_update().get(pk=contact_id)
    if row.state != Conversation.State.TALKING or row.holder_id != agent_id:
        raise errors.CustomerGoneError
    if not queries.has_way_to_answer(row):
        raise errors.NoWayToAnswerError
    message = thread.append(row, "agent", rules.clean_text(text), agent_id=agent_id, client_id=client_id)
    audit.record(actor, "conversation.replied", row.object_type, row.pk, row.tenant_id, {"seq": message.seq})
    return message
