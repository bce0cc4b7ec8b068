"""Reading conversations for the house."""

from collections.abc import Collection, Iterable
from uuid import UUID

from hotline.domains.channels.queries import entry_point_name
from hotline.domains.conversations import rules
from hotline.domains.conversations.models import Conversation, Message
from hotline.domains.conversations.views import Arrival, ThreadMessage, ThreadView
from hotline.domains.people.queries import agent_names
from hotline.domains.staff_messages.wording import reason
from hotline.foundation.errors import NotFoundError


def record(contact_id: UUID, language: str) -> ThreadView:
    """The whole conversation of a contact that the reader may see; needs a scope. Raises NotFoundError for a contact
    without any."""
    return thread_view(contact_id, 0, language)


def thread_view(contact_id: UUID, after: int, language: str, holder_id: UUID | None = None) -> ThreadView:
    """The conversation with its messages after number `after`, for its holder or to look up; needs a scope. Four
    queries. Raises NotFoundError."""
    row = Conversation.objects.filter(pk=contact_id).first()
    if row is None:
        raise NotFoundError(object_type=Conversation.object_type, object_id=str(contact_id))
    messages = Message.objects.filter(conversation=row, seq__gt=after).order_by("seq")
    is_held = holder_id is not None and row.holder_id == holder_id and row.state == Conversation.State.TALKING
    return ThreadView(
        contact_id=row.pk,
        channel=row.channel,
        entry_name=entry_point_name(row.entry_point_id) or {"zh": row.called_address, "en": row.called_address},
        sender_name=row.sender_name,
        language=row.language,
        reference=rules.reference_of(row.pk),
        email=row.email,
        state=row.state,
        can_reply=is_held and has_way_to_answer(row),
        is_simulated=row.is_simulated,
        messages=message_views(messages, language),
    )


def message_views(messages: Iterable[Message], language: str) -> list[ThreadMessage]:
    """Messages as the house sees them, with the names of who wrote them: one query more."""
    found = list(messages)
    names = agent_names({message.agent_id for message in found if message.agent_id})
    return [
        ThreadMessage(
            seq=message.seq,
            id=message.pk,
            side=message.side,
            agent_id=message.agent_id,
            agent_name=names.get(message.agent_id) if message.agent_id else None,
            text=message.text or None,
            code=message.code or None,
            at=message.at,
            delivery=message.delivery or None,
            failure=reason(message.error_code, message.error_status, language) or None,
        )
        for message in found
    ]


def has_way_to_answer(row: Conversation) -> bool:
    """Whether an agent's message can reach the customer at all."""
    return row.channel != "form" or bool(row.email)


def arrivals(contact_ids: Collection[UUID]) -> dict[UUID, Arrival]:
    """What a node would have told of the arrival of these contacts; needs a scope. One query, none without ids."""
    if not contact_ids:
        return {}
    rows = Conversation.objects.filter(pk__in=contact_ids)
    return {
        row.pk: Arrival(called_address=row.called_address, sender=row.sender, sender_index=row.sender_index)
        for row in rows
    }
