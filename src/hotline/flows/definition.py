"""A flow as it is stored: steps by id, each saying where it goes next.

The same definition serves calls, text messages and chat: nothing in it names a channel. `hotline.flows.read_flow` makes
one from plain JSON and checks it; `docs/flows.md` explains each step with an example."""

from typing import Annotated, Literal

import msgspec

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

StepId = Annotated[str, msgspec.Meta(pattern=r"^[\w-]{1,64}$", description="Id of a step of this flow.")]
Name = Annotated[
    str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Name of a value kept for later steps.")
]
SettableAttribute = Literal["product_line", "brand", "region", "service_language"]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]{1,4}$")]
OneKey = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Retries = Annotated[int, msgspec.Meta(ge=0, le=5)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=60)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A piece of a definition: unknown fields are refused, so that a misspelt one is not silently without effect."""


class Speech(_Part, frozen=True, kw_only=True):
    """One thing said: a prompt by its id, a text in both languages, or digits read one by one.

    With prompt and text the recording is played where there is one, else the text is spoken or written. `digits` are
    the digits themselves or `value:<name>` for a collected value."""

    prompt: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    zh: Text | None = None
    en: Text | None = None
    digits: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{1,40}|value:[a-z][a-z0-9_]{0,39})$")] | None = None


Speeches = tuple[Speech, ...]
QueueExit = Literal["full", "too_long", "disaster"]
_INVALID_KEY = (Speech(prompt="invalid_key"),)
_ALL_AGENTS_BUSY = (Speech(prompt="all_agents_busy"),)


class SayStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="say"):
    """Say something and go on. `can_skip`: a key ends it early and counts for the question that follows."""

    messages: Speeches
    next: StepId
    can_skip: bool = True


class OpeningHoursStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="opening_hours"):
    """Branch by a calendar of the tenant."""

    calendar_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    if_open: StepId
    if_closed: StepId


class MenuStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="menu"):
    """Ask for one of the keys. After `retries` further tries it goes where the last try failed: invalid or no input."""

    messages: Speeches
    choices: dict[Key, StepId]
    if_invalid: StepId
    if_no_input: StepId
    retries: Retries = 2
    timeout_s: Seconds = 6
    invalid_messages: Speeches = _INVALID_KEY
    no_input_messages: Speeches = ()


class CollectStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="collect"):
    """Ask for digits and keep them as `name`. A secret one (card, identity number, PIN) is never written anywhere."""

    messages: Speeches
    name: Name
    max_length: Annotated[int, msgspec.Meta(ge=1, le=40)]
    next: StepId
    if_failed: StepId
    min_length: Annotated[int, msgspec.Meta(ge=1, le=40)] = 1
    terminator: Literal["#", "*", ""] = "#"
    retries: Retries = 2
    timeout_s: Seconds = 10
    invalid_messages: Speeches = _INVALID_KEY
    is_secret: bool = False


Operator = Literal[
    "equals", "differs", "in", "not_in", "starts_with", "less", "at_most", "more", "at_least", "is_known"
]


class Comparison(_Part, frozen=True, kw_only=True):
    """`subject operator value`. Subjects: called, caller, language, channel, segment, customer_id, priority, weekday
    (1 Monday to 7), time ("HH:MM"), date ("YYYY-MM-DD"), value:<name>. `in` and `not_in` take a list, `is_known` true
    or false."""

    subject: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(called|caller|language|channel|segment|priority|weekday|time|date|customer_id"
            r"|value:[a-z][a-z0-9_]{0,39})$"
        ),
    ]
    operator: Operator
    value: str | int | bool | tuple[str | int, ...]


class Rule(_Part, frozen=True, kw_only=True):
    """All comparisons hold: go to `next`."""

    all: Annotated[tuple[Comparison, ...], msgspec.Meta(min_length=1, max_length=20)]
    next: StepId


class ConditionStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="condition"):
    """The first rule that holds decides, else `otherwise`."""

    rules: Annotated[tuple[Rule, ...], msgspec.Meta(min_length=1, max_length=50)]
    otherwise: StepId


class LookUpStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="look_up"):
    """Ask another system by name, at most `time_limit_ms`; without an answer `default` holds.

    `arguments` maps the look-up's argument to a subject as in Comparison. The answer's values can be compared and said;
    customer_id, segment, priority and language among them replace the caller's."""

    name: Name
    next: StepId
    arguments: dict[Name, str] = {}
    time_limit_ms: Annotated[int, msgspec.Meta(ge=50, le=3000)] = 300
    default: dict[Name, str | int] = {}


class SetLanguageStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="set_language"):
    language: Language
    next: StepId


class SetAttributeStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="set_attribute"):
    """Keep what the way through the flow says of the contact: what it is about, or in which language the agent should
    serve it. It replaces what was known of the caller; what is said to them stays in the language that it has."""

    name: SettableAttribute
    value: Annotated[str, msgspec.Meta(pattern=r"^[\w-]{1,32}$", description="A code of the tenant's lists.")]
    next: StepId


class Need(_Part, frozen=True, kw_only=True):
    """A skill needed beyond the queue's own."""

    skill_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    level: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1


class QueueStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="queue"):
    """Ask for a person. While waiting, `announcement` interrupts the music each `announce_every_s`, and who presses
    `callback_key` is called back instead of waiting, where the queue does that.

    Who comes out of the queue without an agent goes on at the exit of that name: the queue was full, the wait grew too
    long, the queue is in disaster mode. Without that exit the person hears that nobody can be reached.

    With `business` the person begins at the lowest level of the funnel that can solve that business, and each time a
    further step asks by it, one level higher; `queue_id` is for a business that has no level, or none left. `business`
    is a business module's id, or `value:<name>` where a step kept a module's id or code."""

    queue_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    business: Annotated[str, msgspec.Meta(pattern=r"^([\w-]{1,64}|value:[a-z][a-z0-9_]{0,39})$")] | None = None
    priority: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    needs: tuple[Need, ...] = ()
    announcement: Speeches = _ALL_AGENTS_BUSY
    announce_every_s: Annotated[int, msgspec.Meta(ge=10, le=600)] = 30
    callback_key: OneKey | None = None
    if_full: StepId | None = None
    if_too_long: StepId | None = None
    if_disaster: StepId | None = None

    def exit(self, name: "QueueExit") -> str | None:
        """The step at the exit of that name."""
        return {"full": self.if_full, "too_long": self.if_too_long, "disaster": self.if_disaster}[name]


class MessageStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """Let the person leave a message of at most `longest_s`, ended by a key or by silence."""

    messages: Speeches
    next: StepId
    longest_s: Annotated[int, msgspec.Meta(ge=5, le=600)] = 120


class TransferStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="transfer"):
    """Connect with an outside number of the allow-list."""

    number: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{3,20}$")]
    if_failed: StepId


class HangUpStep(_Part, frozen=True, kw_only=True, tag_field="kind", tag="hang_up"):
    """The end. `reason` is written down."""

    reason: Name = "finished"


Step = (
    SayStep
    | OpeningHoursStep
    | MenuStep
    | CollectStep
    | ConditionStep
    | LookUpStep
    | SetLanguageStep
    | SetAttributeStep
    | QueueStep
    | MessageStep
    | TransferStep
    | HangUpStep
)


class Flow(_Part, frozen=True, kw_only=True):
    """A whole dialogue. `time_zone` gives meaning to the subjects weekday, time and date."""

    first_step: StepId
    steps: dict[StepId, Step]
    schema_version: Literal[1] = 1
    time_zone: str = "Asia/Shanghai"
