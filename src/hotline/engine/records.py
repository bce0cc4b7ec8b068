"""What the core remembers: queues and their lines, agents and their pools, contacts. Integers only."""

from collections.abc import Callable

from hotline.engine.call_hours import ANY_TIME, CallHours, Window
from hotline.engine.codes import (
    BETWEEN,
    CHANNELS,
    GAUGE_MINUTES,
    LEAVE,
    LONGEST_IDLE,
    MOST_URGENT,
    NO_REASON,
    ORDINARY_BAND,
    SIGNED_OUT,
    VOICE,
    WHOLE,
)

Needs = tuple[tuple[int, int], ...]  # (skill, least level), sorted by skill

Steps = tuple[tuple[int, int, int], ...]  # (after_ms, WIDEN, OVERFLOW or LEAVE, argument), by time


class Ring:
    """Who may take a contact from a certain wait on, beside those of the rings before. A ring of a shared pool (its
    number from 1) is for agents of the pool's tenant with the pool's own needs, whatever the queue asks for."""

    __slots__ = ("after_ms", "groups", "is_preference_kept", "needs", "pool", "relax", "tenant")

    def __init__(self, after_ms: int, groups: tuple[int, ...], relax: int, is_preference_kept: bool) -> None:
        self.after_ms = after_ms
        self.groups = groups
        self.relax = relax
        self.is_preference_kept = is_preference_kept
        self.pool = 0
        self.tenant = 0
        self.needs: Needs = ()


EVERYBODY = (Ring(0, (), 0, False),)


class Queue:
    """One queue under one policy. A removed one serves those who still wait and takes nobody new."""

    __slots__ = (
        "allowance_ms",
        "band",
        "callback_attempts",
        "callback_retry_ms",
        "choice",
        "closes_ms",
        "full_queue",
        "full_ring",
        "gauge",
        "hours",
        "id",
        "is_automatic",
        "is_background",
        "is_disaster",
        "is_removed",
        "ladders",
        "max_waiting",
        "needs",
        "offer_ms",
        "plain_lines",
        "plain_ring",
        "plain_steps",
        "preferred",
        "rank",
        "reserve",
        "rings",
        "steps",
        "target_ms",
        "tenant",
        "waiting",
        "wrap_up_ms",
    )

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
        self.preferred: Needs = ()
        self.choice: int = LONGEST_IDLE
        self.band: int = ORDINARY_BAND
        self.target_ms = 15_000  # the service level's threshold
        self.allowance_ms = 0  # how much later than by arrival its contacts are due: the target over the weight
        self.rings: tuple[Ring, ...] = EVERYBODY
        self.plain_ring = 0  # where contacts without preferred skills begin: rings before differ in those only
        self.steps: Steps = ()
        self.plain_steps: Steps = ()  # for contacts that begin in the plain ring
        self.max_waiting = -1  # -1: no limit
        self.full_queue = 0  # 0: the flow's exit
        self.full_ring = 0  # the shared pool's ring that opens when the queue is full; 0: none
        self.is_background = False
        self.reserve = 0
        self.callback_attempts = 0
        self.callback_retry_ms = 600_000
        self.hours: CallHours | None = None  # in which customers are called back; None: at any time
        self.closes_ms = 0  # when the hours may be over for those who wait for a call; 0: nobody does
        self.is_disaster = False
        self.waiting = 0  # of its contacts, those in a line, kept or offered: not those who are called back later
        self.gauge: Gauge | None = None  # of queues that a ladder watches
        self.ladders: tuple[int, ...] = ()
        self.plain_lines: list[Line | None] = [None] * len(CHANNELS)  # by channel, of contacts without needs


class Line:
    """Those who wait in one queue on one channel with the same needs and in the same ring: who can take one of them can
    take all."""

    __slots__ = (
        "channel",
        "choice",
        "count",
        "groups",
        "heap",
        "is_background",
        "needs",
        "pick",
        "pools",
        "preferred",
        "queue",
        "ring",
    )

    def __init__(self, queue: Queue, channel: int, needs: Needs, preferred: Needs, ring: int) -> None:
        self.queue = queue
        self.channel = channel
        self.needs = needs
        self.preferred = preferred
        self.ring = ring
        self.choice = queue.choice
        self.is_background = queue.is_background and ring < len(queue.rings)
        self.pools: list[Pool] = []
        self.pick: Pick | None = None  # the places of its pools in a list by pool; made when first asked for
        self.groups: list[tuple[int, list[Pool]]] = []  # by fit, the best first; for choice by level
        self.heap: list[Waiting] = []
        self.count = 0


ProfileKey = tuple[tuple[int, ...], Needs, tuple[tuple[int, int], ...], tuple[int, ...], int]


class Profile:
    """Agents with the same tenants, skills, capacity, groups and way to choose can take the same contacts."""

    __slots__ = ("groups", "key", "levels", "pools", "takes", "tenants", "units")

    def __init__(
        self,
        tenants: tuple[int, ...],
        skills: Needs,
        capacity: tuple[tuple[int, int], ...],
        groups: tuple[int, ...] = (),
        takes: int = MOST_URGENT,
    ) -> None:
        self.key: ProfileKey = (tenants, skills, capacity, groups, takes)
        self.tenants = tenants
        self.groups = groups
        self.takes = takes
        self.levels: dict[int, int] = dict(skills)
        self.units: dict[int, int] = {channel: WHOLE // most for channel, most in capacity}
        self.pools: tuple[Pool, ...] = tuple(Pool(self, channel, WHOLE // most) for channel, most in capacity)

    def unit(self, channel: int) -> int:
        """The share of an agent's attention that one contact of the channel takes."""
        return self.units.get(channel, WHOLE)

    def can_take(self, line: Line) -> bool:
        """Whether agents of this profile are in one of the line's rings."""
        is_own = line.queue.tenant in self.tenants
        for ring in line.queue.rings[: line.ring + 1]:
            if self.is_lent(ring) if ring.pool else is_own and self._is_in(ring, line):
                return True
        return False

    def could_take(self, queue: Queue, needs: Needs) -> bool:
        """Whether agents of this profile could take a contact of the queue in its widest ring, whatever their group."""
        relax = max([ring.relax for ring in queue.rings])
        return queue.tenant in self.tenants and self.has(queue.needs, relax) and self.has(needs, relax)

    def may_serve(self, queue: Queue, needs: Needs) -> bool:
        """As `could_take`, or by a shared pool."""
        return self.could_take(queue, needs) or self.pool_for(queue, len(queue.rings)) > 0

    def pool_for(self, queue: Queue, ring: int) -> int:
        """The shared pool through which agents of this profile, of another tenant, reach contacts of the queue that are
        in that ring; 0 for the queue's own agents and for who cannot."""
        if queue.tenant in self.tenants:
            return 0
        for one in queue.rings[: ring + 1]:
            if one.pool and self.is_lent(one):
                return one.pool
        return 0

    def is_lent(self, ring: Ring) -> bool:
        """Whether agents of this profile are in the shared pool of that ring."""
        return ring.tenant in self.tenants and self._is_in_groups(ring) and self.has(ring.needs)

    def _is_in_groups(self, ring: Ring) -> bool:
        return not ring.groups or any(group in self.groups for group in ring.groups)

    def _is_in(self, ring: Ring, line: Line) -> bool:
        if not self._is_in_groups(ring):
            return False
        if not (self.has(line.queue.needs, ring.relax) and self.has(line.needs, ring.relax)):
            return False
        return not ring.is_preference_kept or (self.has(line.queue.preferred) and self.has(line.preferred))

    def has(self, needs: Needs, relax: int = 0) -> bool:
        """Whether every needed skill is held, at its level less `relax` but at least at 1."""
        levels = self.levels
        for skill, level in needs:
            held = levels.get(skill, 0)
            if held < 1 or held < level - relax:
                return False
        return True

    def fit(self, line: Line) -> int:
        """The sum of the levels held of all skills that the line asks for or prefers."""
        levels = self.levels
        queue = line.queue
        total = 0
        for wanted in (queue.needs, line.needs, queue.preferred, line.preferred):
            for skill, _ in wanted:
                total += levels.get(skill, 0)
        return total


class Pool:
    """Idle agents of one profile who can take another contact of one channel, the longest idle first; `others` has
    them in other orders, where a queue that they serve chooses by one. `number` is its place in the board's lists."""

    __slots__ = ("background", "channel", "idle", "lines", "number", "others", "profile", "ranked", "rated_ms", "unit")

    def __init__(self, profile: Profile, channel: int, unit: int) -> None:
        self.profile = profile
        self.channel = channel
        self.unit = unit
        self.lines: list[Line] = []
        self.ranked: list[tuple[int, list[Line]]] = []  # by fit, the best first; for those who take by skill
        self.background: list[Line] = []
        self.idle: list[Idle] = []
        self.others: list[tuple[int, list[IdleBy]]] = []
        self.rated_ms = 0  # the moment for which the order by occupancy stands
        self.number = 0


class Gauge:
    """What a ladder measures of a queue: counts by minute of asking for the last 15 minutes, and who waits."""

    __slots__ = ("abandoned", "answered", "asked", "id", "in_time", "minutes", "waiting")

    def __init__(self, id: int) -> None:
        self.id = id  # of the queue
        self.minutes = [-1] * GAUGE_MINUTES
        self.asked = [0] * GAUGE_MINUTES
        self.answered = [0] * GAUGE_MINUTES
        self.in_time = [0] * GAUGE_MINUTES
        self.abandoned = [0] * GAUGE_MINUTES
        self.waiting: list[Contact] = []  # with some who no longer wait

    def slot(self, asked_ms: int) -> int:
        """Where the minute is counted; it begins anew where an older one was. Source of the window: the last 15
        minutes by whole minutes, as alarms have it."""
        minute = asked_ms // 60_000
        slot = minute % GAUGE_MINUTES
        if self.minutes[slot] < minute:
            self.minutes[slot] = minute
            self.asked[slot] = self.answered[slot] = self.in_time[slot] = self.abandoned[slot] = 0
        return slot if self.minutes[slot] == minute else -1


class Agent:
    """One agent's presence, work and place among the idle."""

    __slots__ = (
        "busy_ms",
        "consults",
        "desired",
        "desired_actor",
        "desired_reason",
        "ends",
        "id",
        "idle_order",
        "idle_since_ms",
        "is_active",
        "is_connected",
        "is_site_down",
        "kept",
        "lapsed",
        "last_contact",
        "last_offer_ms",
        "load",
        "offers",
        "pools",
        "profile",
        "reason",
        "served",
        "session",
        "signed_in_ms",
        "since_ms",
        "site",
        "soft_load",
        "standing",
        "state",
        "talks",
        "team_site",
        "ticket",
        "weight",
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
        # What is in hand is nearly always nothing or one, and tuples of that are read from places that are read anyway.
        self.offers: tuple[int, ...] = ()
        self.talks: tuple[int, ...] = ()  # interactions in conversation
        self.consults: tuple[int, ...] = ()  # transfers in which another agent consults this one
        self.wraps: tuple[int, ...] = ()  # interactions in wrap-up
        self.last_contact = 0  # the one last wrapped up: a second click on its buttons does nothing
        self.ticket = 0  # that of the valid entry in each pool; 0 when not idle
        self.pools: tuple[Pool, ...] = ()
        self.standing: Profile = profile  # what the configuration gives; `profile` has lapsed and borrowed skills in it
        self.ends: tuple[tuple[int, int], ...] = ()  # (skill, when it lapses)
        self.lapsed: list[int] = []
        self.team_site = 0
        self.site = 0  # where they work: that of the seat, without one the team's
        self.is_site_down = False
        self.weight = 10
        self.soft_load = 0  # the part of the load that waits while something else is taken
        self.kept: tuple[Contact, ...] = ()  # contacts that wait for this very agent
        self.signed_in_ms = 0
        self.busy_ms = 0  # handled since the sign-in
        self.served = 0  # conversations since the sign-in
        self.last_offer_ms = 0  # when the latest offer was made; older snapshots have its order there

    def has_lost(self, contact: "Contact") -> bool:
        """Whether a skill that the contact or its queue asks for was theirs and has lapsed."""
        if not self.lapsed:
            return False
        return any(skill in self.lapsed for skill, _ in contact.queue.needs + contact.needs)

    def has_work(self) -> bool:
        """Whether an offer, a conversation or a wrap-up is open."""
        return bool(self.offers or self.talks or self.consults or self.wraps)


def without(held: tuple[int, ...], id: int) -> tuple[int, ...]:
    """What is held but for this one, which is among it."""
    return () if len(held) == 1 else tuple([one for one in held if one != id])


def pairs_of(event: tuple[int, ...], start: int = 0) -> tuple[Needs, Needs]:
    """Needs and preferred skills, from where an event says how many needs there are to its end."""
    first = start + 1 + 2 * event[start]
    needs = tuple([(event[i], event[i + 1]) for i in range(start + 1, first, 2)])
    return needs, tuple([(event[i], event[i + 1]) for i in range(first, len(event), 2)])


class Contact:
    """One request of a customer for a person."""

    __slots__ = (
        "asked_ms",
        "attempts",
        "channel",
        "due_ms",
        "entered_ms",
        "gauge",
        "id",
        "interaction",
        "is_called_back",
        "is_emergency",
        "is_front",
        "is_stranded",
        "line",
        "needs",
        "node",
        "offer",
        "order",
        "place_ms",
        "preferred",
        "priority",
        "queue",
        "ring",
        "stage",
        "step",
        "ticket",
        "transfer",
        "wait_ms",
        "wanted",
        "wanted_until_ms",
        "window",
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
        self.is_emergency = False  # sent on from a queue for emergencies: one wherever it waits
        self.is_front = False  # cut off through no fault of theirs: before everybody else
        self.stage: int = BETWEEN
        self.line: Line | None = None
        self.ticket = 0  # that of the valid entry in the line's heap; 0 when not waiting
        self.offer = 0
        self.interaction = 0
        self.transfer = 0
        self.wait_ms = -1  # from asking to the first conversation; -1 before it
        self.wraps = 0  # interactions of this contact that are still being wrapped up
        self.gauge: Gauge | None = None  # of the queue that was asked for
        self.preferred: Needs = ()
        self.place_ms = asked_ms  # from when its place counts; earlier than the asking for who was cut off before
        self.entered_ms = asked_ms  # the present queue
        self.ring = 0
        self.step = 0  # of the queue's steps, the next one
        self.wanted = 0  # the agent who is waited for, 0 for nobody
        self.wanted_until_ms = 0
        self.is_called_back = False  # the customer has hung up and is called when it is their turn
        self.attempts = 0  # calls back that were in vain
        self.due_ms = 0  # of a call-back that is postponed
        self.node = 0  # the one that holds the customer's call
        self.is_stranded = False  # that node is away: nobody can be rung for it, and it is in no line
        self.window: Window = ANY_TIME  # the part of the day in which the customer wants to be called

    def is_call(self) -> bool:
        """Whether agents take part by a leg that a node brings up; in all else by their browser alone."""
        return self.channel == VOICE

    def may_leave(self) -> bool:
        """Whether the flow may get it back: not one who is called back, nor one who has talked to an agent."""
        return not self.is_called_back and self.wait_ms < 0

    def steps(self) -> Steps:
        """What happens to it because it waits in its queue. Nobody leaves before the step that says so: whoever may no
        longer leave has all steps before it at the same places, and those after it follow at once."""
        queue = self.queue
        steps = queue.steps if self.preferred or not queue.plain_ring else queue.plain_steps
        if self.may_leave():
            return steps
        return tuple([step for step in steps if step[1] != LEAVE or step[2]])


Waiting = tuple[int, int, int, int, Contact]  # band, due, order, ticket
Idle = tuple[int, int, Agent]  # the place in one figure (`matching.idle_key`), ticket
IdleBy = tuple[int, int, int, int, Agent]  # load, two figures of the order, ticket
Pick = Callable[[list[int]], tuple[int, ...]]
