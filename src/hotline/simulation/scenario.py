"""A scenario: the routing configuration as the switch gets it, and who calls, works and fails when. Times are seconds
from the begin of the simulated day unless a name says otherwise. `docs/simulation.md` explains each field."""

from typing import Any, Literal

import msgspec

from hotline.messages.configuration import RoutingConfiguration

Channel = Literal["voice", "sms", "chat", "email", "letter", "counter", "form"]


class Plain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a scenario; a misspelt field is refused, not ignored."""


# --- lengths of time ------------------------------------------------------------------------------------------------


class Fixed(Plain, frozen=True, tag="fixed", tag_field="kind"):
    """Always the same."""

    value_s: float


class Exponential(Plain, frozen=True, tag="exponential", tag_field="kind"):
    """Without memory."""

    mean_s: float


class Uniform(Plain, frozen=True, tag="uniform", tag_field="kind"):
    """Anything between two values."""

    low_s: float
    high_s: float


class Lognormal(Plain, frozen=True, tag="lognormal", tag_field="kind"):
    """By its mean and coefficient of variation (standard deviation ÷ mean)."""

    mean_s: float
    cv: float


class Hyperexponential(Plain, frozen=True, tag="hyperexponential", tag_field="kind"):
    """A mixture: with each probability an exponential length of that mean."""

    probabilities: tuple[float, ...]
    means_s: tuple[float, ...]


class Empirical(Plain, frozen=True, tag="empirical", tag_field="kind"):
    """Drawn from observed values, each as likely as the others."""

    values_s: tuple[float, ...]


Distribution = Fixed | Exponential | Uniform | Lognormal | Hyperexponential | Empirical


# --- callers --------------------------------------------------------------------------------------------------------


class Arrivals(Plain, frozen=True):
    """How many come: `per_hour`, or `counts` expected in each `interval_s`; or exact `stamps` (with `talks_s`, one
    each), written here or read from the columns at_s and talk_s of a CSV `file` beside the scenario."""

    per_hour: float | None = None
    counts: tuple[float, ...] = ()
    interval_s: int = 900
    interval_cv: float = 0.0  # of the gamma level that each interval has beside chance; 0: Poisson
    stamps: tuple[float, ...] = ()
    talks_s: tuple[float, ...] = ()
    file: str | None = None


class Ivr(Plain, frozen=True):
    """What callers meet before they ask for an agent."""

    stay: Distribution
    containment: float = 0.0  # share that is settled there


class OwnAgent(Plain, frozen=True):
    """That share of the callers asks with an agent of their own, any of the group: the account's manager or whoever
    served them last. Who waits for that agent, and how long, is for the queue's `relationship_s` to say."""

    share: float
    group: str


class CallerKind(Plain, frozen=True):
    """A share of the callers, with what they bring: a priority and skills needed beside the queue's, attributes from
    which the routing's own rules make points and skills, a language, an agent of their own. Results tell a kind with a
    `name` apart. `brand` is short for that attribute."""

    share: float
    name: str = ""
    brand: str = ""
    priority: int = 0
    skills: tuple[tuple[str, int], ...] = ()
    attributes: dict[str, str] = {}
    language: str = "zh"
    own_agent: OwnAgent | None = None


class Retry(Plain, frozen=True):
    """Who was blocked or gave up asks again with this probability after this time; how often has no limit."""

    probability: float
    after: Distribution


class CallBack(Plain, frozen=True):
    """Who still waits after a while accepts a call-back with this probability, and is reached with that at each
    attempt. The queue's `callback_attempts` must be above 0."""

    after: Distribution
    acceptance: float
    reach: float = 1.0


class Traffic(Plain, frozen=True):
    """The callers of one queue. `patience` null: endless. `wrap_up` is for queues that do not end it by themselves."""

    queue: str
    arrivals: Arrivals
    talk: Distribution
    channel: Channel = "voice"
    wrap_up: Distribution | None = None
    ring: Distribution | None = None
    patience: Distribution | None = None
    ivr: Ivr | None = None
    kinds: tuple[CallerKind, ...] = ()
    retry: Retry | None = None
    call_back: CallBack | None = None


# --- agents ---------------------------------------------------------------------------------------------------------


class Pause(Plain, frozen=True):
    """A break of every agent of a group; the agents begin it one after the other within `spread_s`."""

    at_s: float
    length_s: float
    spread_s: float = 0.0


class Group(Plain, frozen=True):
    """Agents alike. `shifts` from, to; none: always there. `settings` are further fields of AgentConfiguration."""

    id: str
    count: int
    skills: tuple[tuple[str, int], ...]
    site: str = ""
    tenant_ids: tuple[str, ...] = ()  # none: those of all queues
    capacity: dict[str, int] = msgspec.field(default_factory=lambda: {"voice": 1})
    shifts: tuple[tuple[float, float], ...] = ()
    pauses: tuple[Pause, ...] = ()
    settings: dict[str, Any] = {}


# --- what goes wrong ------------------------------------------------------------------------------------------------


class SiteFailure(Plain, frozen=True):
    """All agents of a site are cut off at one time and back at another."""

    site: str
    from_s: float
    to_s: float


class Surge(Plain, frozen=True):
    """So many times the usual callers, of some queues or (none named) all."""

    factor: float
    from_s: float
    to_s: float
    queues: tuple[str, ...] = ()


class Scenario(Plain, frozen=True):
    """One day, or any other length of time, of one centre."""

    routing: RoutingConfiguration
    traffic: tuple[Traffic, ...]
    groups: tuple[Group, ...]
    horizon_s: float
    name: str = ""
    about: str = ""
    interval_s: float = 900.0
    warm_up_s: float = 0.0  # left out of the totals
    day_cv: float = 0.0  # of the gamma level that the whole day has, the same for all queues
    lines: int = 0  # so many callers at most wait, ring or talk; 0: no limit
    waiting_places: int | None = None  # so many at most wait in all queues together; null: no limit
    back_after_s: float = 60.0  # an agent who missed an offer is available again
    failures: tuple[SiteFailure, ...] = ()
    surges: tuple[Surge, ...] = ()
    replications: int = 10
    seed: int = 1
