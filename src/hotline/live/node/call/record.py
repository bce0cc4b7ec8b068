"""What is kept of a call, so that a node killed at any moment goes on with it.

What is as it always is at first is left out: a record stays small enough to lie on one page of the spool."""

from typing import Literal

import msgspec

from hotline.flows.definition import Language, QueueExit
from hotline.flows.state import Utterance
from hotline.messages.routing import MonitorMode, SkillNeed, TargetKind, TransferKind, WantedCause

Stage = Literal[
    "flow",
    "waiting",
    "promised",
    "calling_back",
    "talking",
    "agent_lost",
    "consulting",
    "conference",
    "sending_out",
    "sent_out",
]


class Ring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent's leg that rings for this contact."""

    offer_id: str
    agent_id: str
    leg_id: str
    sip_user: str
    transfer_id: str | None = None  # set: the agent is to be consulted, not to take the customer
    callback_number: str | None = None  # sealed: whom to call once the agent has answered


class AgentLeg(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent's answered leg. `command_id` is that of the AnswerOffer which told the switch."""

    agent_id: str
    offer_id: str
    leg_id: str
    sip_user: str
    command_id: str


class Consultation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A transfer under way. `target` is set once an agent has answered, `outside_leg_id` while a number is dialled."""

    transfer_id: str
    agent_id: str
    kind: TransferKind
    target_kind: TargetKind
    target: AgentLeg | None = None
    outside_leg_id: str | None = None
    is_outside_answered: bool = False


class Monitor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A supervisor's leg."""

    monitoring_id: str
    agent_id: str
    leg_id: str
    mode: MonitorMode
    is_answered: bool = False


class QueueAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the customer asked for; `asked_at_ms` is the wait clock."""

    queue_id: str
    asked_at_ms: int
    command_id: str
    priority: int = 0
    needs: tuple[SkillNeed, ...] = ()
    menu_path: tuple[str, ...] = ()
    announcement: tuple[Utterance, ...] = ()
    announce_every_s: int = 30
    callback_key: str | None = None
    attributes: dict[str, str] = {}


class FlowPlace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the flow asked for a person, to go on from there; secret values are not kept."""

    step_id: str
    steps_taken: int
    segment: str | None
    priority: int
    values: dict[str, str]
    menu_path: tuple[str, ...]
    left_queues: tuple[str, ...] = ()


class CallRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The durable part of a call; the caller's leg carries the contact's id as a tag besides. `leg_id` is empty while
    the customer waits to be called back."""

    contact_id: str
    tenant_id: str
    entry_point_id: str
    leg_id: str
    called: str
    caller: str | None
    language: Language
    arrived_at_ms: int
    recording_rule: Literal["none", "announced", "always"]
    fallback_queue_id: str | None
    is_simulated: bool
    flow_id: str
    flow_version: int
    stage: Stage = "flow"
    customer_id: str | None = None
    priority: int = 0
    asked: QueueAsked | None = None
    queue_id: str | None = None  # where it waits now; a transfer may have changed it
    attributes: dict[str, str] = {}  # what web knows of the caller that steers whom they come to
    wanted_agent_id: str | None = None
    wanted_cause: WantedCause = "last_agent"
    first_asked_at_ms: int | None = None  # the wait clock: it goes on when the flow asks again
    place: FlowPlace | None = None
    left_by: QueueExit | None = None  # the exit by which the queue was left, until the flow asks again
    callback: str | None = None  # the sealed order, once the customer has asked to be called back
    callback_command_id: str | None = None
    pending_callback: str | None = None  # the contact of a call-back promised before; until the caller has been asked
    kept_callback: str | None = None  # the same, once they have said that it stays
    bridge_id: str | None = None
    is_joined: bool = False  # the caller is in the bridge
    is_held: bool = False
    ring: Ring | None = None
    agent: AgentLeg | None = None
    is_agent_leg_gone: bool = False
    consultation: Consultation | None = None
    outside_leg_id: str | None = None
    outside_transfer_id: str | None = None
    recording_id: str | None = None
    monitors: dict[str, Monitor] = {}

    def leg_ids(self) -> list[str]:
        """Every leg of the call, the caller's first."""
        found = [self.leg_id, self.outside_leg_id]
        found += [leg.leg_id for leg in (self.ring, self.agent) if leg is not None]
        if self.consultation is not None:
            target = self.consultation.target
            found += [self.consultation.outside_leg_id, target.leg_id if target else None]
        found += [monitor.leg_id for monitor in self.monitors.values()]
        return [leg_id for leg_id in found if leg_id]

    def leg_of_agent(self, agent_id: str) -> str | None:
        """The answered leg of this agent, who has the customer or is being consulted."""
        target = self.consultation.target if self.consultation else None
        found = (leg.leg_id for leg in (self.agent, target) if leg is not None and leg.agent_id == agent_id)
        return next(found, None)

    def agent_ids(self) -> tuple[str, ...]:
        """Agents whose answered legs are part of the call."""
        target = self.consultation.target if self.consultation else None
        return tuple(leg.agent_id for leg in (self.agent, target) if leg is not None)
