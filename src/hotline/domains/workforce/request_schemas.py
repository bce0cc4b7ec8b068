"""What the API takes and shows of one's own roster, requests, open shifts and calendars."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Names
from hotline.domains.workforce.schemas import TimeOfDay, Words

RequestKind = Literal["swap", "give_away", "bid", "leave", "overtime", "call_in", "early_end"]
RequestState = Literal["open", "accepted", "done", "refused", "withdrawn", "expired"]
Step = Literal["accept", "refuse", "withdraw"]
ShiftSource = Literal["solver", "hand", "swap", "give_away", "bid", "overtime", "call_in"]
Span = Annotated[list[int], Field(min_length=2, max_length=2)]


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class ShiftKindShownOut(Schema):
    """A kind of shift as rosters show it."""

    id: UUID
    name: Names
    short: str


class OwnShiftOut(Schema):
    """One's own shift. Minutes of `pieces` and `breaks` count from the local midnight of `day`. `may_ask`: it can still
    be swapped or given away."""

    id: UUID
    version: int
    day: date
    starts_at: datetime
    ends_at: datetime
    pieces: list[Span]
    breaks: list[Span]
    shift_kind: ShiftKindShownOut
    skill_name: Names | None
    paid_min: int
    overtime_min: int
    source: ShiftSource
    is_on_call: bool
    may_ask: bool


class OwnActivityOut(Schema):
    """Training, a meeting or coaching of one's own."""

    id: UUID
    kind: Literal["training", "meeting", "coaching"]
    name: str
    starts_at: datetime
    ends_at: datetime


class OwnAbsenceOut(Schema):
    """A time of absence of one's own."""

    id: UUID
    kind: Literal["sick", "leave", "unexcused", "other"]
    starts_at: datetime
    ends_at: datetime


class WishOut(Schema):
    """A wish for a day; `is_granted` is known once the day's roster is published."""

    id: UUID
    day: date
    kind: Literal["off", "no_night", "shift_kind"]
    shift_kind: ShiftKindShownOut | None
    weight: int
    is_granted: bool | None


class OwnRosterOut(Schema):
    """Published shifts and what lies beside them, from `first` to `last`. `published_days`: days whose roster is
    published (no wishes any more). `waiting`: requests that wait for one's own answer."""

    first: date
    last: date
    today: date
    time_zone: str
    request_hours: int
    most_wishes_a_month: int
    shifts: list[OwnShiftOut]
    activities: list[OwnActivityOut]
    absences: list[OwnAbsenceOut]
    wishes: list[WishOut]
    published_days: list[date]
    shift_kinds: list[ShiftKindShownOut]
    waiting: int


class WishIn(_In):
    """A wish for a day. `weight` 1 to 5: how much it matters beside one's other wishes."""

    day: date
    kind: Literal["off", "no_night", "shift_kind"]
    shift_kind_id: UUID | None = None
    weight: Annotated[int, Field(ge=1, le=5)] = 1


class SwapOfferOut(Schema):
    """A colleague's shift for which one's own may lawfully be exchanged."""

    shift_id: UUID
    agent_name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    shift_kind: ShiftKindShownOut


class SwapOffersOut(Schema):
    """`has_more`: there are more; name a day to see those of it."""

    offers: list[SwapOfferOut]
    has_more: bool


class TakerOut(Schema):
    """A colleague who may lawfully take one's shift."""

    agent_id: UUID
    agent_name: str


class TakersOut(Schema):
    takers: list[TakerOut]
    has_more: bool


class SwapIn(_In):
    other_shift_id: UUID
    words: Words = ""


class GiveAwayIn(_In):
    agent_id: UUID
    words: Words = ""


class LeaveIn(_In):
    """Whole days, both included."""

    first_day: date
    last_day: date
    words: Words = ""


class BidIn(_In):
    words: Words = ""


class AnswerIn(_In):
    """`version` is that of the request as it was read."""

    version: Annotated[int, Field(ge=1)]
    answer: Step
    words: Words = ""


class RequestShiftOut(Schema):
    """A shift as it was when it was asked about."""

    day: date
    starts_at: datetime
    ends_at: datetime
    shift_kind: ShiftKindShownOut | None
    agent_name: str


class FurtherBreakOut(Schema):
    """A break that offered hours bring, because the day becomes so long."""

    starts_at: datetime
    ends_at: datetime
    is_paid: bool


class RequestOut(Schema):
    """A request. Its words are another request, and reading them is audited. `may`: the steps open to whoever asks.
    `further_breaks`: what offered hours bring; while they are offered, to their agent as things stand.
    `leaves_at`, `is_paid`: of an offer to leave early, when, and whether the rest of the shift is paid."""

    id: UUID
    tenant_id: UUID
    version: int
    kind: RequestKind
    state: RequestState
    agent_id: UUID
    agent_name: str
    other_agent_id: UUID | None
    other_agent_name: str | None
    first_day: date
    last_day: date
    shift: RequestShiftOut | None
    other_shift: RequestShiftOut | None
    open_shift_id: UUID | None
    leaves_at: datetime | None = None
    is_paid: bool | None = None
    further_breaks: list[FurtherBreakOut] = []
    asked_at: datetime
    expires_at: datetime | None
    decided_at: datetime | None
    has_words: bool
    may: list[Step]


class RequestWordsOut(Schema):
    """What was said with a request, and with its answer."""

    words: str
    answer_text: str


class ObjectionOut(Schema):
    """A rule that stands against a request, in words."""

    code: str
    sentence: str


class CoverChangeOut(Schema):
    """An interval whose cover a request changes: people wanted, and covered of them before and after."""

    starts_at: datetime
    wanted: int
    before: int
    after: int


class RequestEffectOut(Schema):
    """The rule's answer to a request as things stand, and what it does to the cover of its intervals."""

    objections: list[ObjectionOut]
    coverage: list[CoverChangeOut]
    has_demand: bool


class DecisionOnRequestIn(_In):
    """`text` is what those who asked read; a refusal needs one."""

    version: Annotated[int, Field(ge=1)]
    decision: Literal["approve", "refuse"]
    text: Words = ""


class RequestFilter(Schema):
    state: RequestState | None = None
    kind: RequestKind | None = None
    agent_id: UUID | None = None
    awaits_planner: bool | None = None


class OpenShiftIn(_In):
    """`start` is a local time of day. With `offer_to` it is offered to these agents and nobody else bids.

    Without `shift_kind_id` it is overtime from `start` to `end` beside a shift that the asked agents have; `tenant_id`
    says whose, where the planner serves several."""

    tenant_id: UUID | None = None
    day: date
    shift_kind_id: UUID | None = None
    start: TimeOfDay
    end: TimeOfDay | None = None
    closes_at: datetime
    people: Annotated[int, Field(ge=1, le=500)] = 1
    skill_id: UUID | None = None
    is_overtime: bool = False
    offer_to: Annotated[list[UUID], Field(max_length=200)] = []


class AbleQuery(Schema):
    """An open shift that is thought of; see `OpenShiftIn`."""

    tenant_id: UUID | None = None
    day: date
    shift_kind_id: UUID | None = None
    start: TimeOfDay
    end: TimeOfDay | None = None
    is_overtime: bool = False


class OpenShiftOut(Schema):
    """An open shift; `places_left` of `people`. Without a kind: overtime beside a shift."""

    id: UUID
    tenant_id: UUID
    version: int
    roster_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime
    shift_kind: ShiftKindShownOut | None
    skill_name: Names | None
    is_overtime: bool
    is_holiday: bool
    people: int
    places_left: int
    closes_at: datetime
    closed_at: datetime | None


class OwnOpenShiftOut(OpenShiftOut):
    """One that the caller may bid for; `objections` say why not."""

    has_bid: bool
    objections: list[ObjectionOut]


class BidOut(Schema):
    """A bid or offer for an open shift, in the order in which the rule would grant bids."""

    request: RequestOut
    granted_this_year: int
    employed_from: date | None
    objections: list[ObjectionOut]


class AwardIn(_In):
    """Without bids the rule chooses."""

    version: Annotated[int, Field(ge=1)]
    bid_ids: Annotated[list[UUID], Field(max_length=500)] = []


class CloseIn(_In):
    version: Annotated[int, Field(ge=1)]


class FeedOut(Schema):
    """Whether there is a calendar address, and since when."""

    is_on: bool
    since: datetime | None


class NewFeedOut(Schema):
    """The address, shown this once: only its hash is kept."""

    path: str


class MoodOut(Schema):
    """One's own answer of this month, or none."""

    month: date
    score: int | None


class MoodIn(_In):
    score: Annotated[int, Field(ge=1, le=10)]


class NoticeOut(Schema):
    """What an agent is told. `request_kind` is that of a request, else empty; `further_breaks` are those that offered
    hours bring; `read_at` none: not read yet."""

    id: UUID
    kind: Literal["published", "changed", "asked", "done", "refused", "expired"]
    request_kind: Literal["", "swap", "give_away", "bid", "leave", "overtime", "call_in", "early_end"]
    first_day: date
    last_day: date
    further_breaks: list[FurtherBreakOut]
    created_at: datetime
    read_at: datetime | None


class NoticesOut(Schema):
    """The latest notices, newest first."""

    unread: int
    notices: list[NoticeOut]


class NoticesReadIn(Schema):
    """Everything up to this notice has been read."""

    model_config = ConfigDict(extra="forbid")

    up_to: UUID
