"""What the API takes and answers about messages to staff."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, EmailStr, Field

Way = Literal["email", "sms"]
Driver = Literal["smtp", "webhook", "smpp", "simulated"]
Encryption = Literal["tls", "starttls", "none"]
State = Literal["waiting", "sending", "sent", "failed", "dropped"]
Topic = Literal["roster", "requests", "urgent", "code", "trial"]
Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$", examples=["21:00"])]


class _Body(Schema):
    model_config = ConfigDict(extra="forbid")


class MessageAccountIn(_Body):
    """`version` is the one that was read, 0 for a way that has no account yet. Without a secret that one stays."""

    version: Annotated[int, Field(ge=0)]
    driver: Driver
    address: Annotated[str, Field(max_length=300)] = ""
    encryption: Encryption = "tls"
    username: Annotated[str, Field(max_length=200)] = ""
    secret: Annotated[str | None, Field(max_length=500)] = None
    sender: Annotated[str, Field(max_length=200)] = ""
    keep_days: Annotated[int, Field(ge=1, le=366)] = 30
    is_active: bool = True


class MessageAccountOut(Schema):
    """An account as it is set up; its secret is never shown. `waiting` counts what has not gone out yet."""

    way: Way
    tenant_id: UUID
    version: int
    driver: Driver
    address: str
    encryption: Encryption
    username: str
    has_secret: bool
    sender: str
    keep_days: int
    is_active: bool
    waiting: int


class MessageTrialIn(_Body):
    """Where the trial message goes."""

    to: Annotated[str, Field(min_length=3, max_length=200)]


class MessageTrialOut(Schema):
    """What became of a trial; `error` says in words why it did not go out, or why it has not yet."""

    id: UUID
    way: Way
    state: State
    attempts: int
    error: str
    is_simulated: bool


class StaffMessageFilter(Schema):
    """Each that is given must be equal."""

    state: State | None = None
    way: Way | None = None
    agent_id: UUID | None = None


class StaffMessageOut(Schema):
    """A message of the outbox, without address and text."""

    id: UUID
    tenant_id: UUID
    created_at: datetime
    agent_id: UUID | None
    agent_name: str
    way: Way
    topic: Topic
    subject: str
    state: State
    attempts: int
    due_at: datetime
    ended_at: datetime | None
    error: str
    is_simulated: bool


class StaffMessageWordsOut(Schema):
    """Where a message goes and what it says, without links that are secrets. Reading it is written into the audit."""

    to: str
    subject: str
    text: str


class StaffMessageCountsOut(Schema):
    """How many messages there are in each state."""

    waiting: int
    sending: int
    sent: int
    failed: int
    dropped: int


class OwnAddressOut(Schema):
    """One way of mine. `is_offered`: my centre sends by it. `code_until`: a code was sent and counts until then."""

    way: Way
    is_offered: bool
    address: str
    is_confirmed: bool
    code_until: datetime | None


class TopicWays(_Body):
    """By which ways each kind of notice reaches me; an empty list means not at all."""

    roster: list[Way]
    requests: list[Way]
    urgent: list[Way]


class OwnMessagesOut(Schema):
    """Where and when I get messages."""

    version: int
    addresses: list[OwnAddressOut]
    ways: TopicWays
    quiet_from: str
    quiet_to: str
    urgent_breaks_quiet: bool
    has_calendar: bool


class OwnChoicesIn(_Body):
    """What I want to be told, and when not. `version` is the one that was read."""

    version: Annotated[int, Field(ge=0)]
    ways: TopicWays
    quiet_from: Clock
    quiet_to: Clock
    urgent_breaks_quiet: bool


class OwnMailIn(_Body):
    """My mail address."""

    address: Annotated[EmailStr, Field(max_length=200)]


class OwnNumberIn(_Body):
    """My mobile number."""

    address: Annotated[str, Field(min_length=3, max_length=40)]


class OwnCodeIn(_Body):
    """The code that was sent to me."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]


class OwnConfirmationOut(Schema):
    """Whether the code was right. `too_old`: have a new one sent."""

    result: Literal["confirmed", "wrong", "too_old"]
    tries_left: int
