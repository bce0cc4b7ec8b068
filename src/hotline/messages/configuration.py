"""What switch and node are told of the tenants' set-up: compiled by web, versioned, kept locally by the reader."""

from typing import Any, Literal

import msgspec

from hotline.messages.base import Message

# --- for the switch (a logged event) --------------------------------------------------------------------------------


class QueueConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One queue. `rank` orders queues that one agent serves (higher first). Skills as (id, least level)."""

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


class AgentConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One agent. Skills as (id, level 1-9). `capacity` by channel, for example {"voice": 1, "chat": 3}."""

    agent_id: str
    user_id: str
    tenant_ids: tuple[str, ...]
    name: str
    team_id: str | None
    skills: tuple[tuple[str, int], ...]
    capacity: dict[str, int] = msgspec.field(default_factory=lambda: {"voice": 1})
    device: Literal["browser", "sip_phone", "simulated"] = "browser"
    is_active: bool = True


class RoutingConfiguration(Message, frozen=True, kw_only=True):
    """Everything the engine needs to know; replaces the former one as a whole without dropping anyone."""

    version: int
    queues: tuple[QueueConfiguration, ...]
    agents: tuple[AgentConfiguration, ...]
    away_reasons: tuple[str, ...] = ()
    resume_grace_s: int = 10


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
