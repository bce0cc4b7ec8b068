"""What the core remembers: queues, agents, contacts, offers, interactions, transfers, monitorings. Integers only."""

from collections.abc import Iterable

from hotline.engine.codes import (
    BETWEEN,
    NO_REASON,
    SIGNED_OUT,
    WHOLE,
)

Needs = tuple[tuple[int, int], ...]  # (skill, least level), sorted by skill


class Queue:
    """One queue under one policy. A removed one serves those who still wait and takes nobody new."""

    __slots__ = ("id", "is_automatic", "is_removed", "needs", "offer_ms", "rank", "tenant", "wrap_up_ms")

    def __init__(
        self,
        id: int,
        tenant: int,
        needs: Needs,
        rank: int = 0,
        offer_ms: int = 15_000,
        wrap_up_ms: int = 30_000,
        is_automatic: bool = False,
    ) -> None:
        self.id = id
        self.tenant = tenant
        self.needs = needs
        self.rank = rank
        self.offer_ms = offer_ms
        self.wrap_up_ms = wrap_up_ms
        self.is_automatic = is_automatic
        self.is_removed = False


class Line:
    """Those who wait in one queue on one channel with the same needs: who can take one of them can take all."""

    __slots__ = ("channel", "count", "heap", "needs", "pools", "queue")

    def __init__(self, queue: Queue, channel: int, needs: Needs) -> None:
        self.queue = queue
        self.channel = channel
        self.needs = needs
        self.pools: list[Pool] = []
        self.heap: list[Waiting] = []
        self.count = 0


class Profile:
    """Agents with the same tenants, skills and capacity can take the same contacts."""

    __slots__ = ("key", "levels", "pools", "row", "tenants", "units")

    def __init__(self, tenants: tuple[int, ...], skills: Needs, capacity: tuple[tuple[int, int], ...]) -> None:
        self.key = (tenants, skills, capacity)
        pairs = [number for pair in skills + capacity for number in pair]
        self.row: list[int] = [len(tenants), len(skills), *tenants, *pairs]  # the key as a snapshot keeps it
        self.tenants = tenants
        self.levels: dict[int, int] = dict(skills)
        self.units: dict[int, int] = {channel: WHOLE // most for channel, most in capacity}
        self.pools: tuple[Pool, ...] = tuple(Pool(self, channel, WHOLE // most) for channel, most in capacity)

    def unit(self, channel: int) -> int:
        """The share of an agent's attention that one contact of the channel takes."""
        return self.units.get(channel, WHOLE)

    def can_take(self, line: Line) -> bool:
        """Whether agents of this profile have the tenant and the skills that the line asks for."""
        return line.queue.tenant in self.tenants and self.has(line.queue.needs) and self.has(line.needs)

    def has(self, needs: Needs) -> bool:
        """Whether every needed skill is held at the needed level."""
        return all(self.levels.get(skill, 0) >= level for skill, level in needs)


class Pool:
    """Idle agents of one profile who can take another contact of one channel, the longest idle first."""

    __slots__ = ("channel", "count", "idle", "lines", "profile", "unit")

    def __init__(self, profile: Profile, channel: int, unit: int) -> None:
        self.profile = profile
        self.channel = channel
        self.unit = unit
        self.lines: list[Line] = []
        self.idle: list[Idle] = []
        self.count = 0


class Agent:
    """One agent's presence, work and place among the idle."""

    __slots__ = (
        "consults",
        "desired",
        "desired_actor",
        "desired_reason",
        "id",
        "idle_order",
        "idle_since_ms",
        "is_active",
        "is_connected",
        "last_contact",
        "load",
        "offers",
        "pools",
        "profile",
        "reason",
        "session",
        "since_ms",
        "state",
        "talks",
        "ticket",
        "wraps",
    )

    def __init__(self, id: int, profile: Profile) -> None:
        self.id = id
        self.profile = profile
        self.is_active = True
        self.session = 0
        self.is_connected = False
        self.state: int = SIGNED_OUT
        self.reason: int = NO_REASON
        self.since_ms = 0
        self.desired: int = SIGNED_OUT  # what the state becomes when no work is left
        self.desired_reason: int = NO_REASON
        self.desired_actor = 0
        self.idle_since_ms = 0
        self.idle_order = 0
        self.load = 0
        self.offers: list[int] = []
        self.talks: list[int] = []  # interactions in conversation
        self.consults: list[int] = []  # transfers in which another agent consults this one
        self.wraps: list[int] = []  # interactions in wrap-up
        self.last_contact = 0  # the one last wrapped up: a second click on its buttons does nothing
        self.ticket = 0  # that of the valid entry in each pool; 0 when not idle
        self.pools: tuple[Pool, ...] = ()

    def has_work(self) -> bool:
        """Whether an offer, a conversation or a wrap-up is open."""
        return bool(self.offers or self.talks or self.consults or self.wraps)


class Contact:
    """One request of a customer for a person."""

    __slots__ = (
        "asked_ms",
        "channel",
        "id",
        "interaction",
        "is_front",
        "line",
        "needs",
        "offer",
        "order",
        "priority",
        "queue",
        "stage",
        "ticket",
        "transfer",
        "wait_ms",
        "wraps",
    )

    def __init__(
        self, id: int, queue: Queue, channel: int, priority: int, asked_ms: int, order: int, needs: Needs
    ) -> None:
        self.id = id
        self.queue = queue
        self.channel = channel
        self.priority = priority
        self.asked_ms = asked_ms
        self.order = order
        self.needs = needs
        self.is_front = False  # cut off through no fault of theirs: before everybody else
        self.stage: int = BETWEEN
        self.line: Line | None = None
        self.ticket = 0  # that of the valid entry in the line's heap; 0 when not waiting
        self.offer = 0
        self.interaction = 0
        self.transfer = 0
        self.wait_ms = -1  # from asking to the first conversation; -1 before it
        self.wraps = 0  # interactions of this contact that are still being wrapped up


Waiting = tuple[int, int, int, int, int, int, Contact]
Idle = tuple[int, int, int, int, Agent]


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
    consulted agent has an interaction of their own, `joined`, in place of it."""

    __slots__ = (
        "agent",
        "contact",
        "id",
        "interaction",
        "is_answered",
        "is_merged",
        "joined",
        "kind",
        "offer",
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


class Monitoring:
    """A supervisor listening to, whispering into or joining a conversation."""

    __slots__ = ("agent", "contact", "id", "mode", "supervisor")

    def __init__(self, id: int, supervisor: int, agent: int, contact: int, mode: int) -> None:
        self.id = id
        self.supervisor = supervisor
        self.agent = agent
        self.contact = contact
        self.mode = mode


class AgentSettings:
    """What the configuration says of one agent."""

    __slots__ = ("capacity", "id", "is_active", "skills", "tenants")

    def __init__(
        self,
        id: int,
        tenants: tuple[int, ...],
        skills: Needs,
        capacity: tuple[tuple[int, int], ...],
        is_active: bool = True,
    ) -> None:
        self.id = id
        self.tenants = tenants
        self.skills = skills
        self.capacity = capacity
        self.is_active = is_active


class Settings:
    """What the configuration says of everything, in integers."""

    __slots__ = ("agents", "away_reasons", "queues", "resume_grace_ms", "version")

    def __init__(
        self,
        version: int,
        queues: Iterable[Queue],
        agents: Iterable[AgentSettings],
        away_reasons: tuple[int, ...] = (),
        resume_grace_ms: int = 10_000,
    ) -> None:
        self.version = version
        self.queues = tuple(queues)
        self.agents = tuple(agents)
        self.away_reasons = away_reasons
        self.resume_grace_ms = resume_grace_ms
