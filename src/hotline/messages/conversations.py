"""What web tells the switch of conversations in writing, by way of the outbox and the relay.

Such a contact is held by web and not by a node (`routing.HOUSE_NODE`). The texts never leave web: the switch hears that
there are messages, not what they say."""

import msgspec

from hotline.messages.base import Message

COMMAND_TOPIC = "conversations.command"  # payload: EnqueueContact or EndContact as builtins with their tag
NEWS_TOPIC = "conversations.news"  # payload: a WrittenMessage as builtins


class WrittenMessage(msgspec.Struct, frozen=True):
    """The conversation of this contact has messages up to number `seq`."""

    contact_id: str
    seq: int


class ConversationNews(Message, frozen=True, kw_only=True):
    """Relay -> switch, answered as a command is and not logged: agents who have one of these contacts in hand are told
    how far its messages go. A switch that has restarted knows nothing of it until the next message."""

    command_id: str
    messages: tuple[WrittenMessage, ...]
