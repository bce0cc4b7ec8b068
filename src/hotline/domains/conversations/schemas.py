"""What the API takes and shows of conversations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from hotline.domains.conversations.rules import MOST_TEXT, clean_text
from hotline.domains.setup_routes import Names


def _readable(text: str) -> str:
    if not clean_text(text):
        raise ValueError("write something that can be read")
    return text


Text = Annotated[str, Field(min_length=1, max_length=MOST_TEXT), AfterValidator(_readable)]
ClientId = Annotated[
    str,
    Field(
        min_length=16,
        max_length=64,
        pattern=r"^[A-Za-z0-9._:-]+$",
        examples=["0193b7a6-2c51-7a40-9d0e-3f6f2b8c1a55"],
        description="Made anew by the sender for each message; the same one sent again is done once.",
    ),
]
GatewayId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._:-]+$",
        description="The gateway's own id of the message; the same one sent again is done once.",
    ),
]
Phone = Annotated[str, Field(max_length=40, examples=["139 0000 5521"])]
Language = Literal["zh", "en"]
ChannelName = Literal["chat", "sms", "form"]
State = Literal["waiting", "talking", "ended"]
Side = Literal["customer", "agent", "house"]
HouseCode = Literal[
    "agent_joined",
    "passed_on",
    "customer_left",
    "customer_silent",
    "not_taken",
    "queue_full",
    "waited_too_long",
    "out_of_order",
]


class _Body(Schema):
    """Unknown fields are refused, so that a misspelt one is not silently without effect."""

    model_config = ConfigDict(extra="forbid")


class PageOut(Schema):
    """A chat's or web form's page. `opens_at`: when a closed one opens next; closed forms are taken and wait."""

    name: Names
    tenant_name: Names
    language: str
    is_open: bool
    opens_at: datetime | None


class BeginChatIn(_Body):
    id: ClientId
    name: Annotated[str, Field(max_length=60)] = ""
    phone: Phone = ""
    language: Language
    text: Text


class FormIn(_Body):
    """One of `phone` and `email` is needed to answer."""

    id: ClientId
    name: Annotated[str, Field(max_length=60)] = ""
    phone: Phone = ""
    email: Annotated[str, Field(max_length=254, pattern=r"^([^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+)?$")] = ""
    language: Language
    text: Text


class SmsIn(Schema):
    """A short message as the gateway hands it in."""

    id: GatewayId
    sender: Annotated[str, Field(alias="from", max_length=40, pattern=r"\S", examples=["+8613900005521"])]
    text: Text


class WriteIn(_Body):
    id: ClientId
    text: Text


class VisitorMessageOut(Schema):
    """`text` is None where the house says something by a `code`."""

    seq: int
    side: Side
    text: str | None
    code: HouseCode | None
    at: datetime


class BegunOut(Schema):
    """`secret` goes into the header X-Conversation-Secret of what follows."""

    conversation_id: UUID
    secret: str
    state: State
    messages: list[VisitorMessageOut]


class ConversationOut(Schema):
    """`agent_name` is who talks at the moment."""

    state: State
    ended_by: Literal["", "customer", "agent", "house"]
    agent_name: str | None
    messages: list[VisitorMessageOut]


class FormTakenOut(Schema):
    """By this reference the customer may ask for it."""

    reference: str


class SmsTakenOut(Schema):
    """The message is kept and is not to be sent again."""

    id: str


class ThreadMessageOut(Schema):
    """`delivery` is of replies that leave by short message or e-mail; `failure` says why one did not."""

    seq: int
    id: UUID
    side: Side
    agent_id: UUID | None
    agent_name: str | None
    text: str | None
    code: HouseCode | None
    at: datetime
    delivery: Literal["pending", "sent", "failed"] | None
    failure: str | None


class ThreadOut(Schema):
    """A conversation for the desk and the contact's record. A text is None when the tenant's time for it is over.

    `can_reply`: the reader has it in hand, it is going on, and there is a way to answer."""

    contact_id: UUID
    channel: ChannelName
    entry_name: Names
    sender_name: str
    language: str
    reference: str
    email: str
    state: State
    can_reply: bool
    is_simulated: bool
    messages: list[ThreadMessageOut]
