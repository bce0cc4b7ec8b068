"""What the configuration says, in integers: agents, reserve teams, everything together."""

from collections.abc import Iterable

from hotline.engine.codes import MOST_URGENT, TIER_OFF
from hotline.engine.records import Needs, Queue


class Tier:
    """A reserve team of a ladder, and where it stands."""

    __slots__ = (
        "call_up_ms",
        "hold_ms",
        "id",
        "keep_until_ms",
        "members",
        "since_ms",
        "skills",
        "stand_down",
        "stand_down_ms",
        "step",
        "threshold",
        "trigger",
        "until_ms",
    )

    def __init__(
        self,
        id: int,
        members: tuple[int, ...],
        trigger: int,
        threshold: int,
        hold_ms: int,
        stand_down: int,
        stand_down_ms: int,
        call_up_ms: int,
        skills: Needs,
    ) -> None:
        self.id = id
        self.members = members
        self.trigger = trigger
        self.threshold = threshold
        self.hold_ms = hold_ms
        self.stand_down = stand_down
        self.stand_down_ms = stand_down_ms
        self.call_up_ms = call_up_ms
        self.skills = skills
        self.step: int = TIER_OFF
        self.until_ms = 0  # called: when it begins to work
        self.keep_until_ms = 0  # called by hand: until then the ladder does not send it back
        self.since_ms = -1  # since when the figure asks for the next step; not kept over a restart


class Ladder:
    """Reserve tiers behind queues."""

    __slots__ = ("due_ms", "id", "queues", "tiers")

    def __init__(self, id: int, queues: tuple[int, ...], tiers: tuple[Tier, ...]) -> None:
        self.id = id
        self.queues = queues
        self.tiers = tiers
        self.due_ms = 0  # when it is looked at next; 0: not before somebody asks


class AgentSettings:
    """What the configuration says of one agent."""

    __slots__ = ("capacity", "ends", "groups", "id", "is_active", "site", "skills", "takes", "tenants", "weight")

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
        self.groups: tuple[int, ...] = ()  # those that some ring names
        self.takes: int = MOST_URGENT
        self.ends: tuple[tuple[int, int], ...] = ()
        self.site = 0  # the team's
        self.weight = 10


class Settings:
    """What the configuration says of everything, in integers."""

    __slots__ = (
        "agents",
        "away_reasons",
        "fair_after_ms",
        "interruptible",
        "ladders",
        "queues",
        "resume_grace_ms",
        "ring_sites",
        "seat_sites",
        "version",
    )

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
        self.ladders: tuple[Ladder, ...] = ()
        self.interruptible: tuple[int, ...] = ()
        self.fair_after_ms = 300_000
        self.ring_sites: dict[int, None] = {}  # those that some ring names
        self.seat_sites: dict[int, int] = {}  # by agent who sits at a seat, the site where that is
