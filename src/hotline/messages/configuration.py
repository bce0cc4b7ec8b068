"""What switch and node are told of the tenants' set-up: compiled by web, versioned, kept locally by the reader."""

from typing import Any, Literal

import msgspec

from hotline.messages.base import Message

# --- for the switch (a logged event) --------------------------------------------------------------------------------


Choice = Literal["longest_idle", "best_level", "least_occupied", "round_robin", "weighted"]
Order = Literal["arrival", "service_level"]
Insistence = Literal["required", "preferred"]
AttributeKind = Literal["language", "brand", "product_line", "region"]
PriorityKind = Literal["value_grade", "brand", "product_line", "region", "language", "vip", "key_account", "repeat"]
AfterTalk = Literal["close", "keep"]
TriggerKind = Literal["wait", "length", "service_level", "abandoned"]


class RingConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Who may take a contact after it has waited `after_s`, in addition to all rings before: those who are in one of
    the teams `group_ids` (empty: in any) and work at one of `site_ids` (empty: anywhere). `relax` lowers every asked
    level by so much (never below 1); `is_preference_kept`: preferred skills are insisted on."""

    after_s: int
    group_ids: tuple[str, ...] = ()
    relax: int = 0
    is_preference_kept: bool = False
    site_ids: tuple[str, ...] = ()


class OverflowConfiguration(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a contact goes that has waited `after_s`; its wait clock goes with it. With `pool_id` in place of
    `queue_id` it stays in its queue, and the agents of that pool may take it too."""

    after_s: int
    queue_id: str | None = None
    pool_id: str | None = None


class PoolConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Agents whom a tenant lends to others: its own who hold `skills` and are in one of `group_ids` (none: in any).

    Contacts of `client_tenant_ids` alone may reach them, when their queue overflows to the pool: only tenants with whom
    both sides have agreed stand there. What the client's queue asks for are the client's skills, which nobody here
    holds: the pool answers for its people by its own."""

    pool_id: str
    tenant_id: str
    name_zh: str
    name_en: str
    group_ids: tuple[str, ...] = ()
    skills: tuple[tuple[str, int], ...] = ()
    client_tenant_ids: tuple[str, ...] = ()


class CalendarVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Opening hours from one local date on. Hours are (from, to) in minutes after local midnight, 0-1440."""

    valid_from: str  # ISO date
    weekly: tuple[tuple[tuple[int, int], ...], ...]  # seven days, Monday first; an empty day is closed
    exceptions: dict[str, tuple[tuple[int, int], ...]] = {}  # ISO date -> hours that replace the weekday's


class CalendarConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """An opening calendar with its versions, oldest first; `formulas.opening_hours.is_open` reads it."""

    calendar_id: str
    time_zone: str
    versions: tuple[CalendarVersion, ...]
    name_zh: str = ""
    name_en: str = ""


class QueueConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One queue. Skills as (id, least level). A point of `rank` is worth one minute of waiting, as a point of a
    contact's priority is; an emergency queue goes before all others whatever their points.

    `order` service_level: among queues that one agent serves, who is nearest to missing the target goes first, the
    threshold divided by `weight` / 10. `attributes` says which attributes of a contact ask for a skill of that kind.
    `max_waiting` and `max_wait_s`: what is beyond goes to the queue named beside it, or leaves for the flow's exit;
    with `full_pool_id` it stays, and that pool may take it at once. A background queue is served while more than
    `reserve` able agents are idle, and as any other after `background_s`.
    """

    queue_id: str
    tenant_id: str
    name_zh: str
    name_en: str
    skills: tuple[tuple[str, int], ...]
    rank: int = 0
    offer_timeout_s: int = 15
    wrap_up_s: int = 30
    is_wrap_up_automatic: bool = False  # False: at zero the desk warns and the agent finishes by hand
    service_level_s: int = 15
    service_level_target: int = 8500  # hundredths of a per cent; 85.00 %
    alarm_after_s: int = 60  # so long below the target before supervisors are alarmed, and above it before it ends
    alarm_min_contacts: int = 5  # with fewer of them in 15 minutes nobody is alarmed
    time_zone: str = "Asia/Shanghai"  # the tenant's: when its day begins on the boards
    preferred: tuple[tuple[str, int], ...] = ()  # skills that are looked for first
    prefer_s: int = 0  # for how long, when there are no rings
    choice: Choice = "longest_idle"
    order: Order = "arrival"
    weight: int = 10  # 1-100
    rings: tuple[RingConfiguration, ...] = ()
    overflows: tuple[OverflowConfiguration, ...] = ()
    max_waiting: int | None = None
    full_queue_id: str | None = None
    full_pool_id: str | None = None
    max_wait_s: int | None = None
    late_queue_id: str | None = None
    is_emergency: bool = False
    attributes: dict[AttributeKind, Insistence] = {}
    relationship_s: int = 0  # for how long the last agent or the account's manager is waited for
    is_background: bool = False
    reserve: int = 0
    background_s: int = 0  # 0: always background
    return_after_s: int = 0  # who was handed over to it and is taken by nobody goes back to the sender; 0: never
    reclaim_s: int = 0  # who was cut off and asks for it again within so long has the old place
    callback_attempts: int = 0  # 0: no call-backs from this queue
    callback_retry_s: int = 600
    callback_after_talk: AfterTalk = "close"  # a promise whose customer has called meanwhile and talked with an agent
    callback_calendar: CalendarConfiguration | None = None  # nobody is called back while it is closed
    callback_windows: tuple[
        tuple[int, int], ...
    ] = ()  # times of the day to choose: minutes after the tenant's midnight
    abandoned_limit: int | None = None  # hundredths of a per cent of the last 15 minutes before supervisors are alarmed
    announce_each_s: int = 0  # 0: position and expected wait are not announced


class SkillConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """A skill that stands for an attribute: contacts with one of `values` ask for it."""

    skill_id: str
    tenant_id: str
    kind: AttributeKind
    values: tuple[str, ...]


class PriorityConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Points for contacts of the tenant whose attribute `kind` has this value; a point is one minute of waiting.
    For `repeat`: who asked within the last `within_s` and was not answered, or cut off."""

    tenant_id: str
    kind: PriorityKind
    value: str = ""
    points: int
    within_s: int = 0


class TierConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """A reserve team of a ladder. It is called when the trigger's figure has been beyond `threshold` for `hold_s` and
    the tier before it works; it works after `call_up_s`, with the borrowed skills; it stands down when the figure has
    not been beyond `stand_down` for `stand_down_s`. Wait in seconds, length in contacts, the others in hundredths of
    a per cent of the last 15 minutes."""

    tier_id: str
    name_zh: str
    name_en: str
    agent_ids: tuple[str, ...]
    trigger: TriggerKind
    threshold: int
    hold_s: int
    stand_down: int
    stand_down_s: int
    call_up_s: int = 120
    skills: tuple[tuple[str, int], ...] = ()
    skill_names: tuple[tuple[str, str], ...] = ()  # of the borrowed skills, Chinese and English, for the desks


class LadderConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Reserve tiers behind queues, called in their order."""

    ladder_id: str
    tenant_id: str
    queue_ids: tuple[str, ...]
    tiers: tuple[TierConfiguration, ...]


class AgentConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One agent. Skills as (id, level 1-9). `capacity` by channel, for example {"voice": 1, "chat": 3}.

    `skill_ends`: from that instant (UTC milliseconds) the skill is no longer held. `takes` strongest_skill: the most
    urgent contact of the skill held best goes before those of other skills. `weight` is for weighted choice."""

    agent_id: str
    user_id: str
    tenant_ids: tuple[str, ...]
    name: str
    team_id: str | None
    skills: tuple[tuple[str, int], ...]
    capacity: dict[str, int] = msgspec.field(default_factory=lambda: {"voice": 1})
    device: Literal["browser", "sip_phone", "simulated"] = "browser"
    is_active: bool = True
    skill_ends: tuple[tuple[str, int], ...] = ()
    group_ids: tuple[str, ...] = ()  # beside the team, for rings
    site_id: str | None = None
    takes: Literal["most_urgent", "strongest_skill"] = "most_urgent"
    weight: int = 10  # 1-100


class SeatConfiguration(msgspec.Struct, frozen=True, array_like=True):
    """A seat of the registry. `fault`: why it is out of order, None when it is not. Written without field names,
    because a large site has a thousand of them."""

    seat_id: str
    label: str
    fault: str | None = None
    is_reserve: bool = False


class SiteConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """A site with its name and its seats; which agents belong to it stands with the agents."""

    site_id: str
    tenant_id: str
    name_zh: str
    name_en: str
    seats: tuple[SeatConfiguration, ...] = ()


class RoutingConfiguration(Message, frozen=True, kw_only=True):
    """Everything the engine needs to know; replaces the former one as a whole without dropping anyone.

    Fields that are missing in an older message have the values given here."""

    version: int
    queues: tuple[QueueConfiguration, ...]
    agents: tuple[AgentConfiguration, ...]
    away_reasons: tuple[str, ...] = ()
    resume_grace_s: int = 10
    skills: tuple[SkillConfiguration, ...] = ()
    priorities: tuple[PriorityConfiguration, ...] = ()
    ladders: tuple[LadderConfiguration, ...] = ()
    interruptible: tuple[str, ...] = ()  # channels whose work waits while something else is taken
    fair_after_s: int = 300  # who has waited so long goes before anybody's strongest skill and own callers
    sites: tuple[SiteConfiguration, ...] = ()
    pools: tuple[PoolConfiguration, ...] = ()


# --- for the node (polled from web's local socket, kept on disk) ----------------------------------------------------


class EntryPointConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """A called number. `recording` is the consent rule: none, announced (prompt, then record), always."""

    entry_point_id: str
    tenant_id: str
    address: str
    channel: Literal["voice", "sms", "chat", "email", "letter", "counter"]
    flow_id: str
    language: str
    recording: Literal["none", "announced", "always"]
    fallback_queue_id: str | None
    is_simulated: bool


class FlowConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """A published flow; `definition` is what `hotline.flows` validates and runs."""

    flow_id: str
    version: int
    definition: dict[str, Any]


class AgentDevice(msgspec.Struct, frozen=True, kw_only=True):
    """How to ring an agent or supervisor: the SIP user and password that the node pushes to Asterisk."""

    user_id: str
    agent_id: str | None
    sip_user: str
    sip_password: str
    kind: Literal["browser", "sip_phone", "simulated"]


class PromptFile(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded recording: fetched once by its hash."""

    prompt_id: str
    language: str
    sha256: str


class QueueMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Something said to those who wait: an uploaded prompt where it has a recording, else the text."""

    prompt_id: str | None = None
    zh: str | None = None
    en: str | None = None


class QueueSpeech(msgspec.Struct, frozen=True, kw_only=True):
    """What callers hear while they wait in the queue. 0 seconds: never. The messages take turns."""

    queue_id: str
    announce_each_s: int = 0  # position and expected wait
    message_each_s: int = 0
    messages: tuple[QueueMessage, ...] = ()
    takes_callbacks: bool = False
    callback_windows: tuple[tuple[int, int], ...] = ()  # to choose by key 1 to 9: minutes after the tenant's midnight


class BusinessConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Where contacts about a business begin: the queues of the funnel's levels that can solve it, lowest first."""

    module_id: str
    tenant_id: str
    code: str
    queue_ids: tuple[str, ...]


class NodeConfiguration(Message, frozen=True, kw_only=True):
    version: int
    entry_points: tuple[EntryPointConfiguration, ...]
    flows: tuple[FlowConfiguration, ...]
    devices: tuple[AgentDevice, ...]
    prompts: tuple[PromptFile, ...]
    queue_names: dict[str, dict[str, str]]  # queue id -> language -> spoken or shown name
    outbound_allow: tuple[str, ...]  # prefixes that outbound legs may dial
    emergency_numbers: tuple[str, ...]  # always pass
    calendars: tuple[CalendarConfiguration, ...] = ()  # for opening-hours steps of flows
    queue_speech: tuple[QueueSpeech, ...] = ()
    businesses: tuple[BusinessConfiguration, ...] = ()
