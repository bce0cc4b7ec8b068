"""What goes over the wire about contacts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints


class ContactBriefOut(Schema):
    id: UUID
    tenant_id: UUID
    channel: str
    stage: str
    outcome: str
    arrived_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    queue_id: UUID | None
    last_agent_id: UUID | None
    interaction_count: int
    caller: str = Field(examples=["139****0001"])
    customer_id: UUID | None
    wait_ms: int | None
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    is_simulated: bool
    has_recording: bool
    matters: list[dict[str, str]]


class InteractionOut(Schema):
    id: UUID
    position: int
    agent_id: UUID
    queue_id: UUID | None
    started_at: datetime
    ended_at: datetime | None
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    handle_ms: int
    ended_by: str
    pool_id: UUID | None = Field(None, description="The shared pool by which an agent of another tenant served it.")
    pool_name: dict[str, str] | None = None


class TimelineStepOut(Schema):
    id: UUID
    at: datetime
    source: str
    kind: str
    agent_id: UUID | None
    queue_id: UUID | None
    detail: dict[str, Any]
    explanation: dict[str, str] | None = Field(None, description="Why, in zh and en, where routing decided something.")


class DeskReasonOut(Schema):
    """One thing that routing decided, in zh and en."""

    id: UUID
    at: datetime
    explanation: dict[str, str]


class DeskReasonsOut(Schema):
    """Why the agent was offered the contact that they have; `waited_ms` from the first asking to that offer."""

    offered_at: datetime
    waited_ms: int
    steps: list[DeskReasonOut]


class MatterOut(Schema):
    id: UUID
    agent_id: UUID
    position: int
    disposition_id: UUID
    disposition_name: dict[str, str]
    outcome_id: UUID | None
    outcome_name: dict[str, str] | None
    note: str
    lender_name: dict[str, str] | None = Field(
        None, description="The company whose agent filed it by a shared pool; null for an own agent."
    )


class WrapUpOut(Schema):
    agent_id: UUID
    note: str
    filed_at: datetime
    lender_name: dict[str, str] | None = None


class RecordingOut(Schema):
    id: UUID
    started_at: datetime
    duration_ms: int
    size_bytes: int
    incomplete: str = Field(description="Why something is missing: disk_full, short; else empty.", examples=[""])
    erased_at: datetime | None
    erased_unit: str = Field(description="By which rule it was erased: days or months; else empty.", examples=[""])
    erased_after: int | None


class ContactOut(Schema):
    id: UUID
    tenant_id: UUID
    channel: str
    stage: str
    outcome: str
    ended_by: str
    cause: str
    arrived_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    entry_point_id: UUID | None
    called_address: str
    caller: str
    is_caller_known: bool
    language: str
    service_language: str = Field(
        examples=[""], description="In which an agent should serve it; empty: in that of the prompts."
    )
    product_line: str = Field(examples=["mobile"], description="With which it asked for an agent; empty: none.")
    priority: int
    menu_path: list[str]
    asked_queue_id: UUID | None
    queue_id: UUID | None
    last_agent_id: UUID | None
    customer_id: UUID | None
    wait_ms: int | None
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    is_simulated: bool
    preserved_at: datetime | None = Field(description="Since when nothing of it is erased.")
    preserved_reason: str
    anonymised_at: datetime | None = Field(description="When its personal data was erased.")
    anonymised_after: int | None = Field(description="After how many months, by the tenant's rule.")
    interactions: list[InteractionOut]
    timeline: list[TimelineStepOut]
    matters: list[MatterOut]
    wrap_ups: list[WrapUpOut]
    recordings: list[RecordingOut]


class RevealIn(Schema):
    reason: str = Field(min_length=3, max_length=200, examples=["call back after the line failed"])


class PreserveIn(Schema):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] = Field(
        examples=["complaint 2026-0042"]
    )


class RevealedCaller(Schema):
    number: str


class MatterIn(Schema):
    """`module_id` is the business module; `is_solved` false: it goes on elsewhere, and no funnel level solved it."""

    disposition_id: UUID
    outcome_id: UUID | None = None
    note: str = Field("", max_length=8000)
    module_id: UUID | None = None
    is_solved: bool = True


class WrapUpIn(Schema):
    matters: list[MatterIn] = Field(max_length=20)
    note: str = Field("", max_length=20000)


class LinkIn(Schema):
    """`takes_number`: the customer is new and gets the calling number, which the desk knows only masked."""

    customer_id: UUID
    takes_number: bool = False


class DraftIn(Schema):
    text: str


class DraftOut(Schema):
    field: str
    text: str
    saved_at: datetime


class DraftListOut(Schema):
    items: list[DraftOut]


class CallBackOut(Schema):
    id: UUID
    contact_id: UUID
    tenant_id: UUID
    cause: str
    failed_at: datetime
    asked_at: datetime | None
    queue_id: UUID | None
    caller: str
    customer_id: UUID | None
    is_simulated: bool
    done_at: datetime | None
    done_by_id: UUID | None
    done_note: str


class AlarmOut(Schema):
    """Counts are those of the 15 minutes before it was raised: of `counted` who asked, `answered_in_time` were that,
    or gave up (kind abandoned), or found no agent (kind blocked). `service_level` is their share in per cent, cut after
    two decimals, `target` in hundredths of a per cent. It has ended when there is a `cleared_at`."""

    id: UUID
    tenant_id: UUID
    queue_id: UUID
    kind: Literal["service_level", "abandoned", "blocked"]
    is_simulated: bool
    below_since_at: datetime
    raised_at: datetime
    answered_in_time: int
    counted: int
    service_level: str = Field(examples=["61.53"])
    target: int
    threshold_s: int
    owner_name: str
    acknowledged_at: datetime | None
    acknowledged_by_name: str
    silence_reason: Literal["", "known_cause", "planned_work", "false_alarm"]
    cleared_at: datetime | None
    cleared_cause: Literal["", "recovered", "quiet", "removed"]


class AlarmListOut(Schema):
    items: list[AlarmOut]


class RefusedCallOut(Schema):
    id: UUID
    at: datetime
    tenant_id: UUID | None
    node_id: str = Field(examples=["node-1"])
    called_address: str
    caller: str = Field(examples=["139****0001"])
    cause: str = Field(examples=["unknown_number"])


class CallBackDoneIn(Schema):
    note: str = Field("", max_length=500)


class FiguresOut(Schema):
    """Service level is answered in time ÷ counted, in per cent, cut after two decimals: 84.99 stays 84.99. Counted are
    all who asked for an agent, but for those who still wait and may yet be answered in time."""

    asked: int
    counted: int
    answered: int
    answered_in_time: int
    abandoned: int
    blocked: int = Field(description="came out of the queue without an agent, and went; within asked")
    interactions: int
    wait_ms: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    service_level: str = Field(examples=["84.99"])
    is_target_met: bool | None
    average_handle_s: int | None


class IntervalOut(FiguresOut):
    """15 minutes of a queue, or without `starts_at` the sum of a day's."""

    starts_at: datetime | None


class PeriodFiguresOut(FiguresOut):
    """A local day, month or year of a queue: its first day, and the moments at which it begins and ends."""

    starts_on: date
    begins_at: datetime
    ends_at: datetime


class QueueDayOut(Schema):
    tenant_id: UUID
    queue_id: UUID
    queue_name: dict[str, str]
    threshold_s: int | None
    target: int | None = Field(description="hundredths of a per cent")
    is_simulated: bool
    begins_at: datetime
    ends_at: datetime
    intervals: list[IntervalOut]
    total: IntervalOut


class DayReportOut(Schema):
    day: date
    as_of: datetime
    queues: list[QueueDayOut]


class QueuePeriodOut(Schema):
    """A month by days, or a year by months: those that have begun."""

    tenant_id: UUID
    queue_id: UUID
    queue_name: dict[str, str]
    threshold_s: int | None
    target: int | None = Field(description="hundredths of a per cent")
    is_simulated: bool
    rows: list[PeriodFiguresOut]
    total: PeriodFiguresOut


class PeriodReportOut(Schema):
    starts_on: date
    as_of: datetime
    queues: list[QueuePeriodOut]


class HandleTimeOut(Schema):
    """Handle time is talk, holds included, and wrap-up. The sum `talk_ms` is without holds; `average_talk_s` is with
    them. Averages are in whole seconds, halves up."""

    subject_id: UUID | None = Field(description="agent or reason; null for the total, and where no reason was filed")
    name: dict[str, str] | None
    is_simulated: bool
    interactions: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    average_talk_s: int | None = Field(examples=[180])
    average_hold_s: int | None
    average_wrap_up_s: int | None = Field(examples=[60])
    average_handle_s: int | None = Field(examples=[240])
    longest_s: int | None


class QueueChoiceOut(Schema):
    queue_id: UUID
    queue_name: dict[str, str]


class HandleTimeReportOut(Schema):
    first_day: date
    last_day: date
    as_of: datetime
    rows: list[HandleTimeOut]
    total: HandleTimeOut
    queues: list[QueueChoiceOut]


class AcceptedFacts(Schema):
    accepted: list[str]


class FunnelRowOut(Schema):
    """`solved` counts matters, on the self-service level contacts that never asked for a person. `share` is in
    hundredths of a per cent of what the tenant's levels solved."""

    tenant_id: UUID
    level: int
    name: dict[str, str]
    solved: int
    share: int


class FunnelBusinessOut(Schema):
    """The same for the matters of one business: `share` of what the levels solved of them. Who was served by the flow
    alone has told no business, and stands in none."""

    tenant_id: UUID
    module_id: UUID
    name: dict[str, str]
    rows: list[FunnelRowOut]
    unsolved: int


class FunnelReportOut(Schema):
    first_day: date
    last_day: date
    as_of: datetime
    rows: list[FunnelRowOut]
    businesses: list[FunnelBusinessOut]
    unsolved: int
    outside: int
    is_simulated: bool


AttributeKind = Literal["region", "product_line", "brand", "value_grade"]


class AttributeRowOut(Schema):
    """Contacts that asked for an agent with this value of the attribute; null: it is not known. `share` is in
    hundredths of a per cent of all of them, `rural` of those whose caller lives in the country."""

    value: str | None
    name: dict[str, str] | None
    asked: int
    answered: int
    abandoned: int
    rural: int
    average_wait_s: int | None
    share: int


class ReserveFiguresOut(Schema):
    """Of the ladder's queues at one moment: seconds that the longest waits, contacts waiting, shares of the last 15
    minutes in hundredths of a per cent (null: nobody asked)."""

    wait_s: int
    length: int
    service_level: int | None
    abandoned: int | None


class ReserveActivationOut(Schema):
    """A reserve team that was called. `after` and `stood_down_at` are null while it has not stood down; names are null
    once the team is deleted. `called_by`, `stood_down_by`: who did it by hand, null where the ladder did."""

    id: UUID
    tenant_id: UUID
    ladder_id: UUID
    ladder_name: dict[str, str] | None
    tier_id: UUID
    tier_name: dict[str, str] | None
    called_at: datetime
    started_at: datetime | None
    stood_down_at: datetime | None
    called_by: str | None
    stood_down_by: str | None
    before: ReserveFiguresOut
    after: ReserveFiguresOut | None
    is_simulated: bool


class ReserveReportOut(Schema):
    first_day: date
    last_day: date
    as_of: datetime
    rows: list[ReserveActivationOut]
    is_simulated: bool


class ProductLineRowOut(Schema):
    """Contacts of one product line. `compared`: asked with it and coded to any line; `agreement`: the share of those
    that were coded to this one, in hundredths of a per cent, null when there are none."""

    line: str
    name: dict[str, str]
    asked: int
    coded: int
    compared: int
    agreed: int
    agreement: int | None


class CodedElsewhereOut(Schema):
    asked: dict[str, str]
    coded: dict[str, str]
    contacts: int


class ProductLineReportOut(Schema):
    """The first matter of the wrap-up that was filed first codes a contact. Coded to no line are `without_line` (the
    root of the reason names none), `uncoded` (answered, nothing filed) and `unanswered`."""

    first_day: date
    last_day: date
    as_of: datetime
    rows: list[ProductLineRowOut]
    elsewhere: list[CodedElsewhereOut]
    contacts: int
    without_line: int
    uncoded: int
    unanswered: int
    is_simulated: bool


class AttributeReportOut(Schema):
    by: AttributeKind
    first_day: date
    last_day: date
    as_of: datetime
    rows: list[AttributeRowOut]
    is_simulated: bool
