"""What the API takes and shows of entry points, flows, prompts, outbound lists and softphones."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, NaiveDatetime

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut
from hotline.flows.validation import MOST_STEPS

Language = Literal["zh", "en"]
Channel = Literal["voice", "sms", "chat", "email", "letter", "counter", "form"]
RecordingRule = Literal["none", "announced", "always"]
Coordinate = Annotated[int, Field(ge=-100_000, le=100_000, description="Pixels at full size.")]
Definition = Annotated[dict[str, Any], Field(description="What hotline.flows validates and runs; see docs/flows.md.")]


class EntryPointIn(Schema):
    """`recording` is the consent rule: none; announced (a notice is played, then recorded); always.

    Chats, web forms and short messages have no `flow_id`, need `fallback_queue_id` as the queue that they wait in, and
    may have a `calendar_id`: outside its hours no chat begins, forms and short messages wait. `address` of chats and
    forms is the key in the address of their page."""

    name: Names
    address: Annotated[str, Field(min_length=1, max_length=128, examples=["962740"])]
    channel: Channel = "voice"
    language: Language = "zh"
    flow_id: UUID | None = None
    recording: RecordingRule = "announced"
    fallback_queue_id: UUID | None = None
    calendar_id: UUID | None = None
    is_simulated: bool = False
    is_active: bool = True


class EntryPointOut(RecordOut):
    name: Names
    address: str
    channel: Channel
    language: str
    flow_id: UUID | None
    recording: RecordingRule
    fallback_queue_id: UUID | None
    calendar_id: UUID | None
    has_secret: bool
    is_simulated: bool
    is_active: bool


class EntryPointSecretOut(Schema):
    """Shown once: only its hash is kept. The gateway sends it as `Authorization: Bearer …`."""

    secret: str


class EntryPointFilter(ListFilter):
    channel: Channel | None = None
    flow_id: UUID | None = None
    is_active: bool | None = None


class FlowIn(Schema):
    """A definition given here becomes the draft."""

    code: Code
    name: Names
    definition: Definition | None = None


class FlowVersionLine(Schema):
    number: int
    state: Literal["draft", "published", "retired"]
    note: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    published_by_id: UUID | None


class FlowOut(RecordOut):
    code: str
    name: Names
    versions: list[FlowVersionLine]
    published_number: int | None
    draft_number: int | None


class ProblemOut(Schema):
    """One thing to mend before publishing; `code` is a key of the message catalogue."""

    code: str
    step_id: str | None
    sentence: str
    data: dict[str, Any]


class StepPosition(Schema):
    x: Coordinate
    y: Coordinate


Layout = Annotated[dict[str, StepPosition], Field(max_length=MOST_STEPS)]


class FlowVersionOut(FlowVersionLine):
    definition: dict[str, Any]
    layout: dict[str, StepPosition]
    problems: list[ProblemOut]


class FlowDraftIn(Schema):
    """`layout` holds the steps that were moved by hand; without it the draft's former one stays."""

    version: Annotated[int, Field(ge=1, description="The flow's version that was read.")]
    definition: Definition
    layout: Layout | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class CheckIn(Schema):
    definition: Definition


Keys = Annotated[str, Field(pattern=r"^[0-9*#]{0,40}$")]
# Far enough from the calendar's own ends that no time zone and no long call leads beyond them.
TrialMoment = Annotated[NaiveDatetime, Field(ge=datetime(1970, 1, 2), lt=datetime(2200, 1, 1))]  # noqa: DTZ001


class TrialCallIn(Schema):
    """A call to try out. Each answer is what the caller keys when a question has been heard; "" is silence.

    `local_moment` is when the call begins, in the flow's time zone; without it the call begins now."""

    definition: Definition
    answers: Annotated[list[Keys], Field(max_length=100, examples=[["1"]])] = []
    caller: Annotated[str, Field(pattern=r"^\+?[0-9]{0,20}$", examples=["13900005521"])] = ""
    called: Annotated[str, Field(max_length=20)] = ""
    language: Language = "zh"
    segment: Annotated[str, Field(max_length=64)] = ""
    local_moment: TrialMoment | None = None


class SaidOut(Schema):
    """What the caller hears: a text, or the name of a recording; digits are read one by one."""

    language: Language
    text: str
    prompt_id: str | None
    digits: str | None


class TrialLineOut(Schema):
    """`kind` is said, asked, keyed, silent, or the kind of step that decided; `detail` is a key or a result."""

    at_ms: int
    step_id: str
    kind: str
    detail: str
    said: list[SaidOut]


class QuestionOut(Schema):
    options: list[str]
    max_length: int
    terminator: str
    timeout_s: int


class TrialCallOut(Schema):
    """How far the call came; `question` is what it waits for, `queue_id` where it asked for a person."""

    began_at: datetime
    time_zone: str
    lines: list[TrialLineOut]
    outcome: Literal["waits", "queued", "transferred", "ended"]
    step_id: str
    end_reason: str
    question: QuestionOut | None
    queue_id: str | None
    priority: int | None


class ChooseVersionIn(Schema):
    version: Annotated[int, Field(ge=1, description="The flow's version that was read.")]
    number: Annotated[int, Field(ge=1, description="Which of its versions.")]


class StepChangeOut(Schema):
    step_id: str
    fields: dict[str, list[Any]]


class FlowDifferenceOut(Schema):
    """Each field that differs as [before, after]; `whole` holds those outside the steps."""

    added: list[str]
    removed: list[str]
    changed: list[StepChangeOut]
    whole: dict[str, list[Any]]


class PromptIn(Schema):
    code: Code
    name: Names


class PromptRecordingOut(Schema):
    language: str
    duration_ms: int
    sha256: str
    original_name: str


class PromptOut(RecordOut):
    code: str
    name: Names
    recordings: list[PromptRecordingOut]


class QueueMessageIn(Schema):
    """Said to those who wait in the queue; the shortest `every_s` of a queue's messages is their common pace."""

    code: Code
    text: Names
    queue_id: UUID
    prompt_id: UUID | None = None
    every_s: Annotated[int, Field(ge=10, le=3600)] = 60
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    is_active: bool = True


class QueueMessageOut(RecordOut):
    code: str
    text: Names
    queue_id: UUID
    prompt_id: UUID | None
    every_s: int
    position: int
    is_active: bool


class QueueMessageFilter(ListFilter):
    queue_id: UUID | None = None


class OutboundPrefixIn(Schema):
    """The beginning of numbers that may be dialled."""

    prefix: Annotated[str, Field(min_length=1, max_length=20, examples=["021"])]
    note: Annotated[str, Field(max_length=120)] = ""


class OutboundPrefixOut(RecordOut):
    prefix: str
    note: str


class DepartmentLineIn(Schema):
    """Where calls go that agents hand on to a department: either a queue, or a number on the outbound list."""

    department_id: UUID
    queue_id: UUID | None = None
    phone: Annotated[str, Field(max_length=40, examples=["021 6300 0000"])] = ""


class DepartmentLineOut(RecordOut):
    department_id: UUID
    queue_id: UUID | None
    phone: str


class DepartmentTargetOut(Schema):
    """A department that an agent can transfer to. `opens_at`: when a closed one opens next."""

    department_id: UUID
    tenant_id: UUID
    name: Names
    target_kind: Literal["queue", "number"]
    is_open: bool
    opens_at: datetime | None


class DepartmentTargets(Schema):
    departments: list[DepartmentTargetOut]


class TransferTargetOut(Schema):
    """What StartTransfer names: a queue's id, or a sealed number."""

    target_kind: Literal["queue", "number"]
    target: str


class EmergencyNumberIn(Schema):
    """A number that always passes, beyond those built in (110, 112, 119, 120, 122)."""

    number: Annotated[str, Field(min_length=2, max_length=20, examples=["96110"])]
    name: Names


class EmergencyNumberOut(RecordOut):
    number: str
    name: Names


class SoftphoneOut(Schema):
    """How one's own telephone registers. `ws_path` is on the host that served the page."""

    ws_path: str
    sip_uri: str
    sip_user: str
    sip_password: str
    resume_target: str
    kind: Literal["browser", "sip_phone", "simulated"]
    has_voice: bool


class SealIn(Schema):
    number: Annotated[str, Field(min_length=1, max_length=40, examples=["021 6300 0000"])]
    tenant_id: UUID | None = None


class SealedOut(Schema):
    """`sealed` is the target of a transfer to a number."""

    sealed: str
