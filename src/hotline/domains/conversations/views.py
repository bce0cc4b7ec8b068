"""What is shown of conversations: frozen structs, never models."""

from datetime import datetime
from uuid import UUID

import msgspec


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """A chat's or web form's page before anything is written. `opens_at`: when a closed one opens next."""

    name: dict[str, str]
    tenant_name: dict[str, str]
    language: str
    is_open: bool
    opens_at: datetime | None


class ReadMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the visitor sees it: a text, or what the house says by a code."""

    seq: int
    side: str
    text: str | None
    code: str | None
    at: datetime


class VisitorView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as its visitor sees it. `ended_by`: customer, agent, house, or empty."""

    state: str
    ended_by: str
    agent_name: str | None
    messages: list[ReadMessage]


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A chat that has begun, with the secret by which its visitor is known again."""

    conversation_id: UUID
    secret: str
    state: str
    messages: list[ReadMessage]


class ThreadMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the house sees it. `failure` says in words why a reply did not leave."""

    seq: int
    id: UUID
    side: str
    agent_id: UUID | None
    agent_name: str | None
    text: str | None
    code: str | None
    at: datetime
    delivery: str | None
    failure: str | None


class ThreadView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as the house sees it. `email` and `reference` are of web forms; `can_reply`: the reader has it in
    hand, it is going on, and there is a way to answer."""

    contact_id: UUID
    channel: str
    entry_name: dict[str, str]
    sender_name: str
    language: str
    reference: str
    email: str
    state: str
    can_reply: bool
    is_simulated: bool
    messages: list[ThreadMessage]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What a node would have told of a contact's arrival."""

    called_address: str
    sender: str
    sender_index: str


class Untaken(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a conversation that the switch has never taken."""

    tenant_id: UUID
    entry_point_id: UUID
    channel: str
    language: str
    is_simulated: bool
    customer_id: UUID | None
    arrived_at: datetime
