"""What the API takes and shows of queues, priorities, ladders, the pool, and the whole set-up's findings."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hotline.domains.setup_routes import Code, ListFilter, Names, RecordOut
from hotline.messages.configuration import (
    AfterTalk,
    AttributeKind,
    Choice,
    Insistence,
    Order,
    PriorityKind,
    TriggerKind,
)
from hotline.messages.routing import Channel

Seconds = Annotated[int, Field(ge=0, le=86_400)]
WrittenChannel = Literal["sms", "chat", "email", "letter", "form"]
Share = Annotated[int, Field(ge=0, le=10_000)]
Level = Annotated[int, Field(ge=1, le=9)]
# The first and the last minute of a part of the day.
CallBackWindow = Annotated[
    list[Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]], Field(min_length=2, max_length=2)
]


class QueueSkillIn(Schema):
    skill_id: UUID
    level: Level = 1


class RingIn(Schema):
    """Who may take a contact after it has waited `after_s`, beside all rings before: agents of these teams, or of any
    when none is named, who work at these sites (that of the seat, without one the team's), or anywhere. `relax` lowers
    every asked level by so much, never below 1; `is_preference_kept` insists on what is preferred."""

    after_s: Seconds
    team_ids: Annotated[list[UUID], Field(max_length=100)] = []
    site_ids: Annotated[list[UUID], Field(max_length=100)] = []
    relax: Annotated[int, Field(ge=0, le=8)] = 0
    is_preference_kept: bool = False


class OverflowIn(Schema):
    """After `after_s` the contact goes to that queue, and its wait clock with it; or it stays, and the agents of the
    shared pool that `pool_use_id` has accepted may take it too. One of the two."""

    after_s: Seconds
    queue_id: UUID | None = None
    pool_use_id: UUID | None = None


class QueueIn(Schema):
    """A point of `rank` is worth one minute of waiting; an emergency queue goes before all others.
    `service_level_target` is in hundredths of a per cent: 8500 is 85 %. When the level of the last 15 minutes stays
    below it for `alarm_after_s` seconds, of at least `alarm_min_contacts` who asked, supervisors are alarmed, and
    likewise when more than `abandoned_limit` hundredths of a per cent abandon; a target of 0, or no limit, alarms
    nobody.

    `preferred` skills are looked for first, for `prefer_s` or as the rings say. `order` service_level: who is nearest
    to missing the target goes first, the threshold divided by `weight` / 10. `attributes` says which attributes of a
    contact ask for a skill of that kind. `max_waiting` and `max_wait_s`: what is beyond goes to the queue named beside
    it, or leaves for the flow's exit; with `full_pool_use_id` that shared pool may take it too. A background queue is
    served while more than `reserve` able agents are idle, and as any other after `background_s` (0: never).
    `relationship_s` is for how long the last agent or the account's manager is waited for. Who was handed over to this
    queue and has been taken by nobody after `return_after_s` goes back to the sender (0: never). `reclaim_s`: who gave
    up, was sent away or was cut off and asks for this queue again within so long has the old place.
    `callback_attempts` 0: no call-backs; `callback_after_talk`: whether a promise is closed or kept when its customer
    has called meanwhile and talked with an agent, who said nothing of it. Nobody is called back while the calendar
    `callback_calendar_id` is closed; `callback_windows` are times of the tenant's day that the customer may choose by
    the keys 1 to 9.
    `announce_each_s` 0: position and expected wait are not announced."""

    code: Code
    name: Names
    rank: Annotated[int, Field(ge=-1000, le=1000)] = 0
    offer_timeout_s: Annotated[int, Field(ge=5, le=120)] = 15
    wrap_up_s: Annotated[int, Field(ge=0, le=3600)] = 30
    is_wrap_up_automatic: bool = False
    service_level_s: Annotated[int, Field(ge=1, le=3600)] = 15
    service_level_target: Annotated[int, Field(ge=0, le=10_000, examples=[8500])] = 8500
    alarm_after_s: Annotated[int, Field(ge=0, le=3600)] = 60
    alarm_min_contacts: Annotated[int, Field(ge=1, le=10_000)] = 5
    abandoned_limit: Share | None = 500
    is_active: bool = True
    skills: Annotated[list[QueueSkillIn], Field(max_length=50)] = []
    preferred: Annotated[list[QueueSkillIn], Field(max_length=50)] = []
    prefer_s: Seconds = 0
    choice: Choice = "longest_idle"
    order: Order = "arrival"
    weight: Annotated[int, Field(ge=1, le=100)] = 10
    rings: Annotated[list[RingIn], Field(max_length=20)] = []
    overflows: Annotated[list[OverflowIn], Field(max_length=20)] = []
    max_waiting: Annotated[int | None, Field(ge=0, le=100_000)] = None
    full_queue_id: UUID | None = None
    full_pool_use_id: UUID | None = None
    max_wait_s: Annotated[int | None, Field(ge=1, le=86_400)] = None
    late_queue_id: UUID | None = None
    is_emergency: bool = False
    attributes: Annotated[dict[AttributeKind, Insistence], Field(examples=[{"language": "required"}])] = {}
    relationship_s: Seconds = 0
    is_background: bool = False
    reserve: Annotated[int, Field(ge=0, le=10_000)] = 0
    background_s: Seconds = 0
    return_after_s: Seconds = 60
    reclaim_s: Seconds = 0
    callback_attempts: Annotated[int, Field(ge=0, le=20)] = 0
    callback_retry_s: Annotated[int, Field(ge=10, le=86_400)] = 600
    callback_after_talk: AfterTalk = "close"
    callback_calendar_id: UUID | None = None
    callback_windows: Annotated[list[CallBackWindow], Field(max_length=9, examples=[[["09:00", "12:00"]]])] = []
    announce_each_s: Annotated[int, Field(ge=0, le=3600)] = 0


class QueueOut(RecordOut):
    code: str
    name: Names
    rank: int
    offer_timeout_s: int
    wrap_up_s: int
    is_wrap_up_automatic: bool
    service_level_s: int
    service_level_target: int
    alarm_after_s: int
    alarm_min_contacts: int
    abandoned_limit: int | None
    is_active: bool
    skills: list[QueueSkillIn]
    preferred: list[QueueSkillIn]
    prefer_s: int
    choice: Choice
    order: Order
    weight: int
    rings: list[RingIn]
    overflows: list[OverflowIn]
    max_waiting: int | None
    full_queue_id: UUID | None
    full_pool_use_id: UUID | None
    max_wait_s: int | None
    late_queue_id: UUID | None
    is_emergency: bool
    attributes: dict[AttributeKind, Insistence]
    relationship_s: int
    is_background: bool
    reserve: int
    background_s: int
    return_after_s: int
    reclaim_s: int
    callback_attempts: int
    callback_retry_s: int
    callback_after_talk: AfterTalk
    callback_calendar_id: UUID | None
    callback_windows: list[CallBackWindow]
    announce_each_s: int


class QueueFilter(ListFilter):
    is_active: bool | None = None


class PriorityRuleIn(Schema):
    """Points for contacts whose attribute has that value; a point is worth one minute of waiting. `vip` and `repeat`
    take no value; `repeat` is for who asked within the last `within_s` seconds and was not answered, or cut
    off."""

    kind: PriorityKind
    value: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$", max_length=32, examples=["gold"])] = ""
    points: Annotated[int, Field(ge=-1000, le=1000)]
    within_s: Annotated[int, Field(ge=0, le=604_800)] = 0
    is_active: bool = True


class PriorityRuleOut(RecordOut):
    kind: PriorityKind
    value: str
    points: int
    within_s: int
    is_active: bool


class PriorityRuleFilter(ListFilter):
    kind: PriorityKind | None = None
    is_active: bool | None = None


class TierIn(Schema):
    """A reserve team. It is called when the trigger's figure has been beyond `threshold` for `hold_s` and the tier
    before it works; it works `call_up_s` later, with the skills it borrows; it stands down when the figure has been
    better than `stand_down` for `stand_down_s`. Wait in seconds, length in contacts, service level and abandoned in
    hundredths of a per cent of the last 15 minutes. Send the `id` back, so that a tier at work is not called anew."""

    id: UUID | None = None
    name: Names
    trigger: TriggerKind
    threshold: Annotated[int, Field(ge=0, le=86_400)]
    hold_s: Annotated[int, Field(ge=0, le=3600)] = 60
    stand_down: Annotated[int, Field(ge=0, le=86_400)]
    stand_down_s: Annotated[int, Field(ge=0, le=7200)] = 300
    call_up_s: Annotated[int, Field(ge=0, le=3600)] = 120
    agent_ids: Annotated[list[UUID], Field(max_length=2000)]
    skills: Annotated[list[QueueSkillIn], Field(max_length=50)] = []


class LadderIn(Schema):
    """Reserve teams behind queues, called in the order of the list."""

    code: Code
    name: Names
    queue_ids: Annotated[list[UUID], Field(max_length=200)]
    tiers: Annotated[list[TierIn], Field(max_length=10)]
    is_active: bool = True


class LadderOut(RecordOut):
    code: str
    name: Names
    queue_ids: list[UUID]
    tiers: list[TierIn]
    is_active: bool


class LadderFilter(ListFilter):
    is_active: bool | None = None


class PoolTimes(Schema):
    """What holds for all tenants that share the staff pool: who has waited `fair_after_s` goes before anybody's
    strongest skill and before those who wait for one agent; a lost leg may come back for `resume_grace_s`."""

    fair_after_s: Annotated[int, Field(ge=0, le=86_400)] = 300
    resume_grace_s: Annotated[int, Field(ge=0, le=120)] = 10


class PoolChange(PoolTimes):
    """`interruptible` are the channels whose work waits while something else is taken: only written work can wait,
    since who speaks with an agent is not left standing."""

    interruptible: Annotated[list[WrittenChannel], Field(max_length=5)] = []
    version: Annotated[int, Field(ge=1)]


class PoolOut(PoolTimes):
    interruptible: list[Channel]
    version: int


class SharedPoolIn(Schema):
    """Agents whom the tenant lends: those of `team_ids` (none: of any team) with the skills that `queue_id` needs; at
    least one of the two. `client_tenant_ids` are the tenants to whom it is offered: each has to accept it."""

    code: Code
    name: Names
    queue_id: UUID | None = None
    team_ids: Annotated[list[UUID], Field(max_length=100)] = []
    client_tenant_ids: Annotated[list[UUID], Field(max_length=200)] = []
    is_active: bool = True


class SharedPoolOut(RecordOut):
    code: str
    name: Names
    queue_id: UUID | None
    team_ids: list[UUID]
    client_tenant_ids: list[UUID]
    is_active: bool


class SharedPoolFilter(ListFilter):
    is_active: bool | None = None


class PoolUseIn(Schema):
    """The pool to accept, and what its agents may do for the tenant while one of its contacts is in their hands: file
    reasons and notes, open tickets, see the customer's open tickets (number, kind and clock)."""

    pool_id: UUID
    allows_notes: bool = True
    allows_tickets: bool = False
    shows_tickets: bool = False


class PoolUseOut(RecordOut):
    """A pool that the tenant has accepted, with what its agents may do; `name` as it was then."""

    pool_id: UUID
    lender_id: UUID
    name: Names
    allows_notes: bool
    allows_tickets: bool
    shows_tickets: bool


class OfferedPoolOut(Schema):
    """A pool that `lender_id` offers to the tenant; `pool_use_id` when it is accepted."""

    tenant_id: UUID
    pool_id: UUID
    name: Names
    lender_id: UUID
    lender_name: Names
    pool_use_id: UUID | None


class FunnelLevelIn(Schema):
    """`queue_id` is where the level's contacts wait; self-service has none."""

    number: Level
    name: Names
    queue_id: UUID | None = None


class FunnelLevelOut(RecordOut):
    number: int
    name: Names
    queue_id: UUID | None


class FunnelLevelChoice(Schema):
    """A level, and the queue to which what it cannot solve goes."""

    tenant_id: UUID
    number: int
    name: Names
    queue_id: UUID | None
    next_queue_id: UUID | None


class FunnelModuleChoice(Schema):
    """A module that a matter can be filed under, and the queue in which its contacts begin."""

    module_id: UUID
    tenant_id: UUID
    name: Names
    grade: int
    starts_in_queue_id: UUID | None


class FunnelOut(Schema):
    levels: list[FunnelLevelChoice]
    modules: list[FunnelModuleChoice]


class RoutingFieldChange(Schema):
    field: str
    before: dict[str, str]
    after: dict[str, str]


class RoutingChangeOut(Schema):
    """Something of the set-up that is new, other or gone. `stays`, where going back to a version would not touch it,
    says whose business it is: the staff's own records, places, the catalogue, an agreement of two tenants, the whole
    installation."""

    object_type: str
    object_id: str
    name: dict[str, str]
    what: Literal["added", "changed", "removed"]
    fields: list[RoutingFieldChange]
    stays: Literal["people", "places", "catalogue", "agreement", "installation"] | None = None


class RoutingVersionOut(Schema):
    """A set-up that the switch was given; `changes` since the version before, none for the first."""

    number: int
    made_at: datetime
    made_by: list[str]
    changes: list[RoutingChangeOut]


class FindingOut(Schema):
    code: str
    severity: Literal["error", "warning"]
    object_type: Literal["queue", "agent", "ladder"]
    object_id: UUID
    tenant_id: UUID
    sentence: dict[str, str]


class QueueChoice(Schema):
    queue_id: UUID
    tenant_id: UUID
    name: Names


class AgentChoice(Schema):
    agent_id: UUID
    name: str
    number: str
    team_id: UUID | None


class TransferTargets(Schema):
    """Whom an agent can transfer to. Outside numbers are sealed first, by /desk/numbers/seal."""

    queues: list[QueueChoice]
    agents: list[AgentChoice]
