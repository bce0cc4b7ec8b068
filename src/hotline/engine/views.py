"""What screens may know of the engine's state: plain frozen records with external ids, made when asked for."""

from typing import Literal

import msgspec

from hotline.messages.configuration import QueueConfiguration
from hotline.messages.routing import (
    AgentStateName,
    ContactQueued,
    MonitorMode,
    OfferKind,
    TargetKind,
    TransferKind,
)


class AgentView(msgspec.Struct, frozen=True, kw_only=True):
    """`requested_state` is what was asked for during work and is not yet so."""

    agent_id: str
    session_id: str | None
    is_connected: bool
    is_active: bool
    state: AgentStateName
    reason: str | None
    since_ms: int
    requested_state: AgentStateName | None
    requested_reason: str | None
    idle_since_ms: int
    offer_ids: tuple[str, ...]
    contact_ids: tuple[str, ...]  # in conversation, consulted about, or in wrap-up, in this order
    queue_ids: tuple[str, ...]  # those that the agent's skills serve


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    offer_id: str
    contact_id: str
    agent_id: str
    queue_id: str
    kind: OfferKind
    expires_at_ms: int
    interaction_id: str
    is_accepted: bool
    is_answered: bool
    transfer_id: str | None
    callback_number: str | None = None  # sealed: the customer is called when the agent has answered


class TransferView(msgspec.Struct, frozen=True, kw_only=True):
    """`target` is a queue id, an agent id or a sealed number. `is_merged`: a conference of all three."""

    transfer_id: str
    contact_id: str
    agent_id: str
    kind: TransferKind
    target_kind: TargetKind
    target: str
    offer_id: str | None
    target_agent_id: str | None
    is_answered: bool
    is_merged: bool = False


class InteractionView(msgspec.Struct, frozen=True, kw_only=True):
    """`paused_since_ms` is set while the customer does not hear the agent; `hold_ms` is what was before that.
    `ended_ms` and `wrap_until_ms` are set in wrap-up."""

    interaction_id: str
    contact_id: str
    agent_id: str
    queue_id: str
    connected_ms: int
    hold_ms: int
    paused_since_ms: int | None
    is_held: bool
    is_leg_lost: bool
    is_transferring: bool
    is_interrupted: bool  # the agent has something that cannot wait
    ended_ms: int | None
    wrap_until_ms: int | None


class ReturnView(msgspec.Struct, frozen=True, array_like=True):
    """The contact's last transfer failed at `at_ms`, and why: the cause of its TransferFailed. `agent_id` sent it."""

    agent_id: str
    cause: str
    at_ms: int


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """`stage`: waiting, proposed (an offer is open), talking, outside (transferred to a number), ended (in wrap-up),
    scheduled (a call-back that is due later). `kept_for_id` is the agent whom a waiting contact waits for.
    `details` is what the node said when the contact asked for a person; `queue_id` is where it is now; `is_front`: it
    was cut off and goes before everybody else. `returned` says why its last transfer failed, until the next one.
    `is_node_away`: its node is out of reach, so that it is offered to nobody."""

    contact_id: str
    queue_id: str
    stage: str
    asked_at_ms: int
    is_front: bool
    wait_ms: int | None
    offer_id: str | None
    interaction_id: str | None
    agent_id: str | None
    transfer_id: str | None
    details: ContactQueued
    ring: int = 0
    kept_for_id: str | None = None
    is_called_back: bool = False
    callback_due_ms: int | None = None
    callback_attempts: int = 0
    returned: ReturnView | None = None
    is_node_away: bool = False


class MetView(msgspec.Struct, frozen=True, kw_only=True):
    """A promised call-back whose customer talks with an agent in a contact of their own. `is_kept`: the agent has said
    that it stays."""

    contact_id: str
    queue_id: str
    asked_at_ms: int
    attempts: int
    is_kept: bool


class MonitoringView(msgspec.Struct, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_id: str
    agent_id: str
    contact_id: str
    mode: MonitorMode


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """`configuration` is the last one known of a removed queue that still serves those who wait."""

    queue_id: str
    is_removed: bool
    waiting_ids: tuple[str, ...]
    configuration: QueueConfiguration
    is_disaster: bool = False
    scheduled_ids: tuple[str, ...] = ()  # call-backs that are due later


class TierView(msgspec.Struct, frozen=True, kw_only=True):
    """A reserve team. `step` is None while it is not called; `until_ms`: when a called one begins to work."""

    ladder_id: str
    tier_id: str
    step: Literal["called", "started"] | None
    until_ms: int | None


STAGES = ("waiting", "proposed", "talking", "waiting", "outside", "ended", "scheduled", "waiting")
