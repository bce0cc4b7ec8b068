"""What goes into the interpreter and what comes out: context and inputs in, state and actions out."""

from typing import Any, ClassVar, Literal, NamedTuple

import msgspec

from hotline.flows.definition import Language, QueueExit
from hotline.formulas.opening_hours import Calendar

Stage = Literal["speaking", "asking", "looking_up", "taking_message", "transferring", "queued", "closing", "ended"]

# What is kept of a caller under these names goes with the asking for a person: it steers whom they come to.
ATTRIBUTES = ("brand", "product_line", "region", "value_grade", "vip", "rural", "key_account", "service_language")
# The business by which the person was asked for goes with it too: what-ifs look where it would lead.
BUSINESS = "business"


class Secret(str):
    """A collected value that must not be written: its representation hides it, comparing and sending do not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)

    def reveal(self) -> str:
        """The value, for the one system that has to see it."""
        return "".join(self)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is known before the first step. `calendars` by id; `values` are kept as if steps had found them;
    `business_queues` are the queues that can solve a business, lowest level first, by its id and by its code."""

    called: str
    caller: str | None
    language: Language
    channel: str = "voice"
    segment: str | None = None
    customer_id: str | None = None
    priority: int = 0
    calendars: dict[str, Calendar] = {}
    values: dict[str, str] = {}
    business_queues: dict[str, tuple[str, ...]] = {}


class FlowState(msgspec.Struct, frozen=True, kw_only=True):
    """Where a dialogue is. Made by `start` and `advance` only."""

    context: Context
    step_id: str
    stage: Stage
    language: Language
    segment: str | None
    customer_id: str | None
    priority: int
    attempts: int = 0
    steps_taken: int = 0
    end_reason: str = ""
    values: dict[str, str] = {}
    menu_path: tuple[str, ...] = ()
    left_queues: tuple[str, ...] = ()  # out of which the person came without an agent

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is to be heard of it, unless the queue is left by one of its exits."""
        return self.stage in ("queued", "ended")


# --- actions ----------------------------------------------------------------------------------------------------------


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to say in one language: a recording by id, else the text; or digits one by one."""

    language: Language
    prompt_id: str | None = None
    text: str | None = None
    digits: str | None = None


class Say(msgspec.Struct, frozen=True, kw_only=True):
    """Say all, then send SpeechFinished. `can_skip`: a key ends it and belongs to the next Ask."""

    utterances: tuple[Utterance, ...]
    can_skip: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Say all (a key ends it) and take an answer of at most `max_length`; then send Answered or TimedOut.

    With `options` the answer is complete as soon as no longer option can come of it."""

    utterances: tuple[Utterance, ...]
    max_length: int
    timeout_s: int
    terminator: str = ""
    options: tuple[str, ...] = ()
    is_secret: bool = False


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """Ask by name, then send LookedUp; None when nothing came within the limit."""

    name: str
    arguments: dict[str, str]
    time_limit_ms: int


class TakeMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Say all, keep what the person leaves, then send MessageTaken."""

    utterances: tuple[Utterance, ...]
    longest_s: int


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """The person wants a person: the flow is over, unless LeftQueue comes. Skills as (id, least level)."""

    queue_id: str
    priority: int
    needs: tuple[tuple[str, int], ...]
    announcement: tuple[Utterance, ...]
    announce_every_s: int
    callback_key: str | None = None
    attributes: dict[str, str] = {}


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Connect with an outside number; send TransferFailed when that cannot be."""

    number: str


class End(msgspec.Struct, frozen=True, kw_only=True):
    """The flow is over; end the contact."""

    reason: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Write down that a step was taken. `detail` is a key, a length or a result code, never what was keyed in."""

    step_id: str
    kind: str
    detail: str


Action = Say | Ask | LookUp | TakeMessage | Queue | Transfer | End | Note


class Turn(NamedTuple):
    """What to do next. At most the last action waits for an input; Notes may come before it."""

    state: FlowState
    actions: tuple[Action, ...]


# --- inputs -----------------------------------------------------------------------------------------------------------


class SpeechFinished(msgspec.Struct, frozen=True):
    """All of a Say was heard, or was skipped."""


class Answered(msgspec.Struct, frozen=True):
    """The answer to an Ask: digits, or the text of a message."""

    text: str


class TimedOut(msgspec.Struct, frozen=True):
    """Nothing came for `timeout_s`; `partial` is what had come before."""

    partial: str = ""


class LookedUp(msgspec.Struct, frozen=True):
    values: dict[str, Any] | None


class MessageTaken(msgspec.Struct, frozen=True):
    duration_ms: int


class TransferFailed(msgspec.Struct, frozen=True):
    cause: str


class LeftQueue(msgspec.Struct, frozen=True):
    """The person is out of the queue, and no agent has taken them."""

    exit: QueueExit


class CallerGone(msgspec.Struct, frozen=True):
    """The person has left."""

    end_reason: ClassVar[str] = "caller_gone"


Input = SpeechFinished | Answered | TimedOut | LookedUp | MessageTaken | TransferFailed | LeftQueue | CallerGone
