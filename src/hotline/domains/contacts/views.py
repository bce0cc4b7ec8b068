"""What others may know of contacts: frozen structs. Numbers leave here masked."""

from datetime import date, datetime
from uuid import UUID

import msgspec


class ContactBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A contact in a list."""

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
    caller: str  # masked
    customer_id: UUID | None
    wait_ms: int | None
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    is_simulated: bool
    has_recording: bool
    matters: tuple[dict[str, str], ...]  # the reasons' names, zh and en


class InteractionView(msgspec.Struct, frozen=True, kw_only=True):
    """`handle_ms` is talk + hold + wrap-up."""

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
    pool_id: UUID | None = None  # the shared pool by which an agent of another tenant served it
    pool_name: dict[str, str] | None = None


class TimelineStep(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    at: datetime
    source: str
    kind: str
    agent_id: UUID | None
    queue_id: UUID | None
    detail: dict[str, object]
    explanation: dict[str, str] | None = None  # why, in zh and en, where routing decided something


class DeskReason(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that routing decided, in zh and en."""

    id: UUID
    at: datetime
    explanation: dict[str, str]


class DeskReasons(msgspec.Struct, frozen=True, kw_only=True):
    """Why an agent was offered the contact that they have: how long it had waited then, and what was decided."""

    offered_at: datetime
    waited_ms: int
    steps: tuple[DeskReason, ...]


class MatterView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    agent_id: UUID
    position: int
    disposition_id: UUID
    disposition_name: dict[str, str]
    outcome_id: UUID | None
    outcome_name: dict[str, str] | None
    note: str
    lender_name: dict[str, str] | None = None  # of the tenant whose agent filed it by a shared pool


class WrapUpView(msgspec.Struct, frozen=True, kw_only=True):
    agent_id: UUID
    note: str
    filed_at: datetime
    lender_name: dict[str, str] | None = None


class RecordingView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    started_at: datetime
    duration_ms: int
    size_bytes: int
    incomplete: str  # why something is missing, empty when nothing is
    erased_at: datetime | None
    erased_unit: str  # days or months: of which rule, empty while it is there
    erased_after: int | None


class ContactDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A contact with everything that can be looked up afterwards."""

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
    service_language: str  # in which an agent should serve it; empty: in `language`
    product_line: str  # with which it asked for an agent
    priority: int
    menu_path: tuple[str, ...]
    asked_queue_id: UUID | None
    queue_id: UUID | None
    last_agent_id: UUID | None
    customer_id: UUID | None
    wait_ms: int | None
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    is_simulated: bool
    preserved_at: datetime | None
    preserved_reason: str
    anonymised_at: datetime | None
    anonymised_after: int | None
    interactions: tuple[InteractionView, ...]
    timeline: tuple[TimelineStep, ...]
    matters: tuple[MatterView, ...]
    wrap_ups: tuple[WrapUpView, ...]
    recordings: tuple[RecordingView, ...]


class DeskContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as its agent needs it while it rings. `caller_number` is whole and stays on the server."""

    id: UUID
    tenant_id: UUID
    channel: str
    stage: str
    arrived_at: datetime
    asked_at: datetime | None
    called_address: str
    caller: str
    caller_number: str
    language: str
    service_language: str  # in which an agent should serve it; empty: in `language`
    product_line: str  # with which it asked for an agent
    priority: int
    menu_path: tuple[str, ...]
    queue_id: UUID | None
    customer_id: UUID | None
    is_simulated: bool


class ContactOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """What other domains take over from a contact."""

    id: UUID
    tenant_id: UUID
    customer_id: UUID | None
    is_simulated: bool


class CallBackView(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to be called back. `asked_at` is the original wait clock."""

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


class AlarmView(msgspec.Struct, frozen=True, kw_only=True):
    """A queue that was below its target, with the counts of when it was raised and who saw to it."""

    id: UUID
    tenant_id: UUID
    queue_id: UUID
    kind: str
    is_simulated: bool
    below_since_at: datetime
    raised_at: datetime
    answered_in_time: int
    counted: int
    service_level: str  # per cent, cut after two decimals
    target: int  # hundredths of a per cent
    threshold_s: int
    owner_name: str
    acknowledged_at: datetime | None
    acknowledged_by_name: str
    silence_reason: str
    cleared_at: datetime | None
    cleared_cause: str


class RefusedCallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was not taken. Without a tenant: nobody owns the number that was dialled."""

    id: UUID
    at: datetime
    tenant_id: UUID | None
    node_id: str
    called_address: str
    caller: str  # masked
    cause: str


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    text: str
    saved_at: datetime


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What one queue did in a stretch of time: sums, and the ratios that follow from them last."""

    asked: int
    counted: int  # those who asked, but for those who still wait and may yet be answered in time
    answered: int
    answered_in_time: int
    abandoned: int
    blocked: int  # came out of the queue without an agent, and went
    interactions: int
    wait_ms: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    service_level: str  # answered in time ÷ counted, in per cent with two decimals, cut not rounded; may be empty
    is_target_met: bool | None
    average_handle_s: int | None


class IntervalFigures(Figures, frozen=True, kw_only=True):
    """15 minutes of one queue, or their sum when `starts_at` is None."""

    starts_at: datetime | None


class PeriodFigures(Figures, frozen=True, kw_only=True):
    """A local day, month or year of one queue: its first day, and the moments at which it begins and ends."""

    starts_on: date
    begins_at: datetime
    ends_at: datetime


class QueueDay(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's day: its intervals and their total, and when that day begins and ends."""

    tenant_id: UUID
    queue_id: UUID
    queue_name: dict[str, str]
    threshold_s: int | None
    target: int | None  # hundredths of a per cent
    is_simulated: bool
    begins_at: datetime
    ends_at: datetime
    intervals: tuple[IntervalFigures, ...]
    total: IntervalFigures


class DayReport(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    as_of: datetime
    queues: tuple[QueueDay, ...]


class QueuePeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's month by days or year by months, and the total of it."""

    tenant_id: UUID
    queue_id: UUID
    queue_name: dict[str, str]
    threshold_s: int | None
    target: int | None  # hundredths of a per cent
    is_simulated: bool
    rows: tuple[PeriodFigures, ...]
    total: PeriodFigures


class PeriodReport(msgspec.Struct, frozen=True, kw_only=True):
    starts_on: date
    as_of: datetime
    queues: tuple[QueuePeriod, ...]


class HandleTime(msgspec.Struct, frozen=True, kw_only=True):
    """What conversations cost: those of one agent or of one reason, or all of them. Averages in whole seconds."""

    subject_id: UUID | None  # None for the total, and where no reason was filed
    name: dict[str, str] | None
    is_simulated: bool
    interactions: int
    talk_ms: int  # without holds
    hold_ms: int
    wrap_up_ms: int
    average_talk_s: int | None  # holds inside
    average_hold_s: int | None
    average_wrap_up_s: int | None
    average_handle_s: int | None
    longest_s: int | None


class QueueChoice(msgspec.Struct, frozen=True, kw_only=True):
    queue_id: UUID
    queue_name: dict[str, str]


class HandleTimeReport(msgspec.Struct, frozen=True, kw_only=True):
    """Handle time in local days, `queues` being those that can be asked for."""

    first_day: date
    last_day: date
    as_of: datetime
    rows: tuple[HandleTime, ...]
    total: HandleTime
    queues: tuple[QueueChoice, ...]


class FunnelRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a level of a tenant's funnel solved."""

    tenant_id: UUID
    level: int
    name: dict[str, str]
    solved: int
    share: int


class FunnelBusiness(msgspec.Struct, frozen=True, kw_only=True):
    """What each level solved of the matters filed under a business; `unsolved` were passed on."""

    tenant_id: UUID
    module_id: UUID
    name: dict[str, str]
    rows: tuple[FunnelRow, ...]
    unsolved: int


class FunnelReport(msgspec.Struct, frozen=True, kw_only=True):
    """Matters by the level that solved them. `unsolved` were passed on, `outside` were solved in a queue that
    is no level of the funnel."""

    first_day: date
    last_day: date
    as_of: datetime
    rows: tuple[FunnelRow, ...]
    businesses: tuple[FunnelBusiness, ...]
    unsolved: int
    outside: int
    is_simulated: bool


class AttributeRow(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts with one value of an attribute."""

    value: str | None
    name: dict[str, str] | None
    asked: int
    answered: int
    abandoned: int
    rural: int
    average_wait_s: int | None
    share: int


class ProductLineRow(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts of one product line. `compared`: asked with it and coded to any line; `agreement`: the share of those
    that were coded to this one, in hundredths of a per cent."""

    line: str
    name: dict[str, str]
    asked: int
    coded: int
    compared: int
    agreed: int
    agreement: int | None


class CodedElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts that asked with one line and were coded to another; the lines by their names."""

    asked: dict[str, str]
    coded: dict[str, str]
    contacts: int


class ReserveFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a ladder's queues at one moment; shares of the last 15 minutes in hundredths of a per cent."""

    wait_s: int  # of who waits longest
    length: int
    service_level: int | None
    abandoned: int | None


class ReserveActivationView(msgspec.Struct, frozen=True, kw_only=True):
    """A reserve team that was called. Names are None once the team is deleted. `called_by`, `stood_down_by`: who did it
    by hand, None where the ladder did."""

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
    before: ReserveFigures
    after: ReserveFigures | None
    is_simulated: bool


class ReserveReport(msgspec.Struct, frozen=True, kw_only=True):
    """Reserve teams that were called, newest first."""

    first_day: date
    last_day: date
    as_of: datetime
    rows: tuple[ReserveActivationView, ...]
    is_simulated: bool


class AccessRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of those who wanted a person in a quarter of an hour (`starts_at`) or on a local day (None)."""

    day: date
    starts_at: datetime | None
    wanted: int  # asked, refused and closed
    asked: int
    answered: int
    abandoned: int
    turned_away: int  # came out of a queue without an agent, and went
    refused: int  # before a flow took them
    closed: int  # heard that the centre is closed
    blocked: int  # turned away, refused and closed
    blocked_share: str  # of the wanted, in per cent with two decimals, rounded up; empty when nobody came
    abandoned_share: str  # of those who asked
    is_blocked_within: bool | None
    is_abandoned_within: bool | None


class AccessReport(msgspec.Struct, frozen=True, kw_only=True):
    """How reachable the centre was; limits in hundredths of a per cent."""

    by: str
    first_day: date
    last_day: date
    as_of: datetime
    blocked_limit: int
    abandoned_limit: int
    rows: tuple[AccessRow, ...]
    total: AccessRow
    is_simulated: bool


class ProductLineReport(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts that asked for an agent, by the line asked for and the line coded. Not in `coded` of any row:
    `without_line`, filed under a reason whose root names none; `uncoded`, answered, nothing filed; `unanswered`."""

    first_day: date
    last_day: date
    as_of: datetime
    rows: tuple[ProductLineRow, ...]
    elsewhere: tuple[CodedElsewhere, ...]
    contacts: int
    without_line: int
    uncoded: int
    unanswered: int
    is_simulated: bool


class AttributeReport(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts that asked for an agent, by an attribute."""

    by: str
    first_day: date
    last_day: date
    as_of: datetime
    rows: tuple[AttributeRow, ...]
    is_simulated: bool
