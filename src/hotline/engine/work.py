"""What agents have in hand: offers, interactions, transfers, call-backs that their customers meet, who listens to them,
and nodes that carry none of it for now. Integers only."""

from hotline.engine.codes import NODE_SILENT
from hotline.engine.records import Agent, Contact


class Offer:
    """A contact proposed to an agent. An answered consultation keeps its offer until the transfer is over."""

    __slots__ = (
        "agent",
        "contact",
        "expires_ms",
        "id",
        "interaction",
        "is_accepted",
        "is_answered",
        "kind",
        "transfer",
    )

    def __init__(
        self, id: int, contact: Contact, agent: Agent, kind: int, expires_ms: int, interaction: int, transfer: int
    ) -> None:
        self.id = id
        self.contact = contact
        self.agent = agent
        self.kind = kind
        self.expires_ms = expires_ms
        self.interaction = interaction
        self.transfer = transfer
        self.is_accepted = False
        self.is_answered = False


class Interaction:
    """One agent's part of a contact, from the first word to the end of wrap-up."""

    __slots__ = (
        "agent",
        "connected_ms",
        "contact",
        "ended_ms",
        "hold_ms",
        "id",
        "is_automatic",
        "lost_until_ms",
        "offer",
        "paused",
        "paused_since_ms",
        "queue",
        "until_ms",
    )

    def __init__(self, id: int, contact: Contact, agent: Agent, connected_ms: int, offer: int) -> None:
        self.id = id
        self.contact = contact
        self.agent = agent
        self.queue = contact.queue
        self.connected_ms = connected_ms
        self.offer = offer
        self.hold_ms = 0
        self.paused = 0  # bits of codes.HELD, LEG_LOST, TRANSFERRING
        self.paused_since_ms = 0
        self.lost_until_ms = 0
        self.ended_ms = -1
        self.until_ms = 0
        self.is_automatic = False

    def pause(self, why: int, at: int) -> None:
        """The customer no longer hears the agent: from now on it is hold, not talk."""
        if not self.paused:
            self.paused_since_ms = at
        self.paused |= why

    def resume(self, why: int, at: int) -> None:
        """One cause of the pause is over; talk goes on when it was the last."""
        if not self.paused & why:
            return
        self.paused &= ~why
        if not self.paused:
            self.hold_ms += max(0, at - self.paused_since_ms)

    def hold_until(self, at: int) -> int:
        """Milliseconds on hold so far."""
        return self.hold_ms + (max(0, at - self.paused_since_ms) if self.paused else 0)


class Transfer:
    """A transfer under way. `offer` rings or, answered, holds the consulted agent; in a conference (`is_merged`) the
    consulted agent has an interaction of their own, `joined`, in place of it. A blind one to a queue that sends back
    what nobody takes is under way until somebody has answered; from `returns_ms` on it is `is_unanswered`."""

    __slots__ = (
        "agent",
        "contact",
        "id",
        "interaction",
        "is_answered",
        "is_merged",
        "is_unanswered",
        "joined",
        "kind",
        "offer",
        "returns_ms",
        "target",
        "target_agent",
        "target_kind",
    )

    def __init__(
        self, id: int, contact: Contact, interaction: int, agent: Agent, kind: int, target_kind: int, target: int
    ) -> None:
        self.id = id
        self.contact = contact
        self.interaction = interaction
        self.agent = agent
        self.kind = kind
        self.target_kind = target_kind
        self.target = target
        self.offer = 0
        self.target_agent = 0
        self.is_answered = False
        self.is_merged = False
        self.joined = 0
        self.returns_ms = 0  # 0: never
        self.is_unanswered = False  # its sender may have the contact back


class Met:
    """A promised call-back whose customer talks with an agent in a contact of their own, `talk`. `due_ms` is when the
    next attempt was due, 0 for in its turn; `choice` is what was said of the promise so far."""

    __slots__ = ("choice", "due_ms", "promise", "talk")

    def __init__(self, promise: int, talk: int, due_ms: int, choice: int) -> None:
        self.promise = promise
        self.talk = talk
        self.due_ms = due_ms
        self.choice = choice


class Absence:
    """A node that has no connection with the switch. `step` is one of codes.NODE_*; the next one comes at the time in
    its place among `times`."""

    __slots__ = ("node", "step", "times")

    def __init__(self, node: int, times: tuple[int, int, int]) -> None:
        self.node = node
        self.step: int = NODE_SILENT
        self.times = times

    def due_ms(self) -> int:
        """When the next step is due, 0 when none is left."""
        following = self.step + 1
        return self.times[following] if following < len(self.times) else 0


class Monitoring:
    """A supervisor listening to, whispering into or joining a conversation."""

    __slots__ = ("agent", "contact", "id", "mode", "supervisor")

    def __init__(self, id: int, supervisor: int, agent: int, contact: int, mode: int) -> None:
        self.id = id
        self.supervisor = supervisor
        self.agent = agent
        self.contact = contact
        self.mode = mode
