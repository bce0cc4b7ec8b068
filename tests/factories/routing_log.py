"""Routing events of whole calls, as the switch would have logged them. No Django here."""

from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import uuid4

from hotline.kernel.ids import new_id
from hotline.messages import routing as events

ASKED_MS = 1_772_000_000_000


@dataclass
class Road:
    """One contact on its road from queue to end; each method gives the event of one step."""

    contact_id: str = field(default_factory=new_id)
    tenant_id: str = field(default_factory=new_id)
    queue_id: str = field(default_factory=new_id)
    agent_id: str = field(default_factory=new_id)
    offer_id: str = field(default_factory=new_id)
    interaction_id: str = field(default_factory=new_id)
    customer_id: str | None = None
    entry_point_id: str | None = None
    asked_ms: int = ASKED_MS
    is_simulated: bool = False

    def next_agent(self, agent_id: str) -> "Road":
        """The same contact, now offered to another agent."""
        return replace(self, agent_id=agent_id, offer_id=new_id(), interaction_id=new_id())

    def queued(self) -> events.ContactQueued:
        return events.ContactQueued(
            at_ms=self.asked_ms,
            contact_id=self.contact_id,
            tenant_id=self.tenant_id,
            queue_id=self.queue_id,
            node_id="node-1",
            asked_at_ms=self.asked_ms,
            arrived_at_ms=self.asked_ms - 9_000,
            channel="voice",
            entry_point_id=self.entry_point_id,
            language="zh",
            priority=0,
            customer_id=self.customer_id,
            menu_path=("1", "2"),
            needs=(),
            is_simulated=self.is_simulated,
        )

    def offer_fields(self) -> dict[str, str]:
        return {"offer_id": self.offer_id, "contact_id": self.contact_id, "agent_id": self.agent_id}

    def offered(self, after_ms: int = 100, kind: events.OfferKind = "queue") -> events.ContactOffered:
        return events.ContactOffered(
            at_ms=self.asked_ms + after_ms,
            **self.offer_fields(),
            queue_id=self.queue_id,
            kind=kind,
            expires_at_ms=self.asked_ms + after_ms + 15_000,
        )

    def connected(self, wait_ms: int = 11_000) -> events.ContactConnected:
        return events.ContactConnected(
            at_ms=self.asked_ms + wait_ms, **self.offer_fields(), interaction_id=self.interaction_id, wait_ms=wait_ms
        )

    def interaction_fields(self) -> dict[str, str]:
        return {"interaction_id": self.interaction_id, "contact_id": self.contact_id, "agent_id": self.agent_id}

    def interaction_ended(
        self, talk_ms: int = 60_000, hold_ms: int = 0, wait_ms: int = 11_000
    ) -> events.InteractionEnded:
        return events.InteractionEnded(
            at_ms=self.asked_ms + wait_ms + talk_ms + hold_ms,
            **self.interaction_fields(),
            talk_ms=talk_ms,
            hold_ms=hold_ms,
            ended_by="caller",
        )

    def ended(
        self,
        outcome: events.Outcome,
        after_ms: int,
        wait_ms: int,
        ended_by: Literal["caller", "agent", "platform"] = "caller",
    ) -> events.ContactEnded:
        return events.ContactEnded(
            at_ms=self.asked_ms + after_ms,
            contact_id=self.contact_id,
            outcome=outcome,
            ended_by=ended_by,
            cause="normal",
            wait_ms=wait_ms,
        )

    def wrapped_up(self, after_ms: int, wrap_up_ms: int) -> tuple[events.WrapUpStarted, events.WrappedUp]:
        start_ms = self.asked_ms + after_ms
        return (
            events.WrapUpStarted(at_ms=start_ms, **self.interaction_fields(), until_ms=start_ms + 30_000),
            events.WrappedUp(at_ms=start_ms + wrap_up_ms, **self.interaction_fields(), wrap_up_ms=wrap_up_ms),
        )


def answered_call(
    road: Road, wait_ms: int = 11_000, talk_ms: int = 60_000, hold_ms: int = 0, wrap_up_ms: int = 20_000
) -> list[events.RoutingEvent]:
    """Everything the log holds of a call that one agent took."""
    after_ms = wait_ms + talk_ms + hold_ms
    held = events.ContactHeld(
        at_ms=road.asked_ms + wait_ms, contact_id=road.contact_id, interaction_id=road.interaction_id
    )
    retrieved = events.ContactRetrieved(
        at_ms=road.asked_ms + wait_ms + hold_ms, contact_id=road.contact_id, interaction_id=road.interaction_id
    )
    started, finished = road.wrapped_up(after_ms, wrap_up_ms)
    return [
        road.queued(),
        road.offered(),
        road.connected(wait_ms),
        *([held, retrieved] if hold_ms else []),
        road.interaction_ended(talk_ms, hold_ms, wait_ms),
        road.ended("handled", after_ms, wait_ms),
        started,
        finished,
    ]


def agent_noise(count: int) -> list[events.RoutingEvent]:
    """Events of agents that concern no contact."""
    return [events.AgentSignedIn(at_ms=ASKED_MS, agent_id=str(uuid4()), session_id=str(uuid4())) for _ in range(count)]
