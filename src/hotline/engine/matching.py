"""Who is next: lines of waiting contacts, pools of idle agents, and which pool can serve which line.

Heaps with lazy deletion: an entry counts only while its ticket is the one its contact or agent holds. Whoever leaves a
heap takes the entries at its front along that no longer hold, so that its first entry always holds. Eligibility is
compiled once per (profile, line), so the cost of a match does not depend on how many skills or agents there are.

A line may be served by dozens of pools. What a choice asks of each, its first place and how many are in it, therefore
stands in two lists of the board, so that all of a line are read at once."""

from heapq import heapify, heappop, heappush
from operator import itemgetter

from hotline.engine.codes import (
    AVAILABLE,
    BEST_LEVEL,
    CHANNELS,
    EMERGENCY_BAND,
    FRONT_BAND,
    GREATEST_BOOST_MS,
    LEAST_OCCUPIED,
    LONGEST_IDLE,
    POINT_MS,
    ROUND_ROBIN,
    STRONGEST_SKILL,
    WEIGHTED,
    WHOLE,
)
from hotline.engine.records import (
    Agent,
    Contact,
    Idle,
    IdleBy,
    Line,
    Needs,
    Pick,
    Pool,
    Profile,
    ProfileKey,
    Queue,
    Waiting,
)

_MOST_SPARE_LINES = 512
_SCALE = 10_000  # of the figures by which agents are ordered
_SPAN = 1 << 48  # more than any time in milliseconds, and any number of contacts
_RATED_EACH_MS = 60_000
_NOBODY = _SPAN**3  # after every place

LineKey = tuple[int, int, Needs, Needs, int]


class Board:
    """All lines and pools of one staff pool."""

    __slots__ = (
        "candidates",
        "counts",
        "fair_after_ms",
        "firsts",
        "idle_count",
        "interruptible",
        "lines",
        "profiles",
        "spare_limit",
        "tickets",
        "waiting_count",
    )

    def __init__(self) -> None:
        self.lines: dict[LineKey, Line] = {}
        self.profiles: dict[ProfileKey, Profile] = {}
        self.firsts: list[int] = [_NOBODY]  # by pool, the place of who is idle longest; at 0 no pool
        self.counts: list[int] = [0]  # by pool, how many are idle
        self.waiting_count = 0
        self.idle_count = 0
        self.tickets = 0
        self.spare_limit: int = _MOST_SPARE_LINES
        self.interruptible: tuple[int, ...] = ()  # channels
        self.fair_after_ms = 0
        self.candidates = 0  # how many there were at the latest choice

    # --- compiled eligibility ----------------------------------------------------------------------------------------

    def profile(self, key: ProfileKey) -> Profile:
        """The profile of agents with these tenants, skills, capacity, groups, way to choose and site."""
        found = self.profiles.get(key)
        if found is None:
            found = self.profiles[key] = Profile(*key)
            for pool in found.pools:
                pool.number = len(self.counts)
                self.firsts.append(_NOBODY)
                self.counts.append(0)
            for line in self.lines.values():
                _connect(found, line)
        return found

    def line(self, queue: Queue, channel: int, needs: Needs, preferred: Needs = (), ring: int = 0) -> Line:
        """The line for contacts of this queue, channel, needs and ring."""
        key = (queue.id, channel, needs, preferred, ring)
        found = self.lines.get(key)
        if found is None:
            if len(self.lines) >= self.spare_limit:
                self._drop_empty_lines()
            found = self.lines[key] = Line(queue, channel, needs, preferred, ring)
            for profile in self.profiles.values():
                _connect(profile, found)
        return found

    def _drop_empty_lines(self) -> None:
        """Contacts may bring any mix of needs; lines that nobody waits in are forgotten."""
        for line in self.lines.values():
            line.queue.plain_lines = [None] * len(CHANNELS)
        self.lines = {key: line for key, line in self.lines.items() if line.count}
        self.spare_limit = max(_MOST_SPARE_LINES, 2 * len(self.lines))
        for profile in self.profiles.values():
            for pool in profile.pools:
                pool.lines = []
                pool.ranked = []
                pool.background = []
        for line in self.lines.values():
            line.pools = []
            line.pick = None
            line.groups = []
            for profile in self.profiles.values():
                _connect(profile, line)

    def clear(self) -> None:
        """Forget lines, profiles and places; whoever waits or idles must be placed again."""
        for line in self.lines.values():
            line.queue.plain_lines = [None] * len(CHANNELS)
        self.lines = {}
        self.profiles = {}
        self.firsts = [_NOBODY]
        self.counts = [0]
        self.waiting_count = 0
        self.idle_count = 0

    # --- places ------------------------------------------------------------------------------------------------------

    def line_for(self, contact: Contact) -> Line:
        """The line of its queue in which a contact waits."""
        queue = contact.queue
        if contact.needs or contact.preferred or contact.ring != queue.plain_ring:
            return self.line(queue, contact.channel, contact.needs, contact.preferred, contact.ring)
        plain = queue.plain_lines[contact.channel]
        if plain is None:
            plain = queue.plain_lines[contact.channel] = self.line(queue, contact.channel, (), (), queue.plain_ring)
        return plain

    def wait(self, contact: Contact) -> None:
        """Put a contact at its place in the line of its queue, unless its node is away."""
        if contact.is_stranded:
            return
        self.join(contact, self.line_for(contact))

    def join(self, contact: Contact, line: Line) -> None:
        """As `wait`, where the line is known."""
        contact.line = line
        self.tickets += 1
        contact.ticket = self.tickets
        heap = line.heap
        if len(heap) > 2 * line.count + 64:
            line.heap = heap = [entry for entry in heap if entry[4].ticket == entry[3]]
            heapify(heap)
        heappush(heap, place_of(contact))
        line.count += 1
        line.queue.waiting += 1
        self.waiting_count += 1

    def leave(self, contact: Contact) -> None:
        """Take a contact out of its line, if it is in one."""
        line = contact.line
        if line is not None:
            contact.line = None
            contact.ticket = 0
            line.count -= 1
            line.queue.waiting -= 1
            self.waiting_count -= 1
            heap = line.heap
            while heap and heap[0][4].ticket != heap[0][3]:
                heappop(heap)

    def place(self, agent: Agent) -> None:
        """Put an agent among the idle of every channel that they can take another contact of; or nowhere."""
        if agent.ticket:
            self.unplace(agent)
        if agent.desired != AVAILABLE or not agent.is_connected or agent.is_site_down:
            return
        pools = agent.profile.pools
        load = agent.load
        if load:
            if load >= WHOLE and not agent.soft_load:
                return
            pools = self._open_pools(agent)
            if not pools:
                return
        ticket = agent.ticket = self.tickets = self.tickets + 1
        entry = (idle_key(load, agent), ticket, agent)
        counts = self.counts
        for pool in pools:
            number = pool.number
            if len(pool.idle) > 2 * counts[number] + 64:
                _tidy(pool)
            idle = pool.idle
            heappush(idle, entry)
            counts[number] += 1
            self.firsts[number] = idle[0][0]
            if pool.others:
                _join_others(pool, agent)
        agent.pools = pools
        self.idle_count += 1

    def _open_pools(self, agent: Agent) -> tuple[Pool, ...]:
        """The channels of which an agent who has work can take another contact: what can be interrupted does not count
        for those that cannot."""
        load = agent.load
        if not agent.soft_load:
            return tuple([pool for pool in agent.profile.pools if load + pool.unit <= WHOLE])
        hard = load - agent.soft_load
        soft_channels = self.interruptible
        return tuple(
            [
                pool
                for pool in agent.profile.pools
                if (load if pool.channel in soft_channels else hard) + pool.unit <= WHOLE
            ]
        )

    def unplace(self, agent: Agent) -> None:
        """Take an agent out of the idle."""
        if agent.ticket:
            agent.ticket = 0
            for pool in agent.pools:
                number = pool.number
                self.counts[number] -= 1
                idle = pool.idle
                while idle:
                    place, ticket, holder = idle[0]
                    if holder.ticket == ticket:
                        break
                    heappop(idle)
                else:
                    place = _NOBODY
                self.firsts[number] = place
            agent.pools = ()
            self.idle_count -= 1

    # --- choices -----------------------------------------------------------------------------------------------------

    def best_contact(self, agent: Agent, now_ms: int) -> Contact | None:
        """The contact that this idle agent should have next, or None."""
        if not self.waiting_count:
            return None
        best: Waiting | None = None
        candidates = 0
        for pool in agent.pools:
            for line in pool.lines:
                if line.count:
                    candidates += line.count
                    entry = line.heap[0]
                    if best is None or entry < best:
                        best = entry
        if best is None:
            return self._background_contact(agent)
        self.candidates = candidates
        if agent.profile.takes and not self.is_overdue(best, now_ms):
            return _strongest(agent)
        return best[4]

    def is_overdue(self, entry: Waiting, now_ms: int) -> bool:
        """Whether somebody goes before all skills and before who is waited for: an emergency, who was cut off, who has
        waited too long."""
        fair_after_ms = self.fair_after_ms
        return entry[0] <= FRONT_BAND or not fair_after_ms or entry[1] + fair_after_ms <= now_ms

    def _background_contact(self, agent: Agent) -> Contact | None:
        """Work that waits for a quiet hour: while more agents are idle than its queue keeps in reserve."""
        best: Waiting | None = None
        for pool in agent.pools:
            for line in pool.background:
                if line.count and self.spare_of(line) > line.queue.reserve:
                    entry = line.heap[0]
                    if best is None or entry < best:
                        best = entry
        return None if best is None else best[4]

    def best_agent(self, line: Line, now_ms: int) -> Agent | None:
        """The agent who should have a contact of this line, by its queue's way to choose, or None."""
        if not self.idle_count:
            return None
        pools = line.pools
        if len(pools) == 1:
            first = 0
            candidates = self.counts[pools[0].number]
        else:
            pick = line.pick
            if pick is None:
                pick = line.pick = _pick_of(line)
            firsts = pick(self.firsts)
            first = firsts.index(min(firsts))
            candidates = sum(pick(self.counts))
        if not candidates or (line.is_background and candidates <= line.queue.reserve):
            return None
        self.candidates = candidates
        choice = line.choice
        if choice == LONGEST_IDLE:
            return pools[first].idle[0][2]
        if choice == BEST_LEVEL:
            for _, ranked in line.groups:
                found = _longest_idle(ranked)
                if found is not None:
                    return found
            return None
        return _first_by(pools, choice, now_ms)

    def spare_of(self, line: Line) -> int:
        """How many idle agents could take a contact of this line."""
        spare = 0
        for pool in line.pools:
            spare += self.counts[pool.number]
        return spare


def _pick_of(line: Line) -> Pick:
    """What reads the figures of all its pools out of a list by pool; two of no pool follow, for a tuple in any case."""
    return itemgetter(*[pool.number for pool in line.pools], 0, 0)


def idle_key(load: int, agent: Agent) -> int:
    """An idle agent's place in one figure, less is sooner: by work in hand, then by when they became idle."""
    return (load * _SPAN + agent.idle_since_ms) * _SPAN + agent.idle_order


def place_of(contact: Contact) -> Waiting:
    """Less is sooner: emergencies, then who was cut off, then who is due first, then who came first.

    Due is the place's time, plus what the queue's target allows, less a minute for each point of priority and rank; all
    points together count for two hours at most, so nobody is overtaken by those who ask much later."""
    queue = contact.queue
    band = queue.band
    if contact.is_emergency:
        band = EMERGENCY_BAND
    elif contact.is_front and band > FRONT_BAND:
        band = FRONT_BAND
    due = contact.place_ms + queue.allowance_ms
    points = contact.priority + queue.rank
    if points:
        due -= max(-GREATEST_BOOST_MS, min(GREATEST_BOOST_MS, points * POINT_MS))
    return (band, due, contact.order, contact.ticket, contact)


def _connect(profile: Profile, line: Line) -> None:
    for pool in profile.pools:
        if pool.channel == line.channel and profile.can_take(line):
            line.pools.append(pool)
            line.pick = None
            (pool.background if line.is_background else pool.lines).append(line)
            if profile.takes == STRONGEST_SKILL or line.choice == BEST_LEVEL:
                fit = profile.fit(line)
                _rank_pool(line.groups, fit, pool)
                if not line.is_background:
                    _rank_line(pool.ranked, fit, line)
            if line.choice > BEST_LEVEL and not any(order == line.choice for order, _ in pool.others):
                pool.others.append((line.choice, _entries(pool, line.choice)))


def _entries(pool: Pool, choice: int) -> list[IdleBy]:
    """The idle of a pool in another order."""
    entries = [entry_by(choice, entry[2], pool.rated_ms) for entry in pool.idle if entry[2].ticket == entry[1]]
    heapify(entries)
    return entries


def _rank_line(ranked: list[tuple[int, list[Line]]], fit: int, line: Line) -> None:
    for position, (known, lines) in enumerate(ranked):
        if known == fit:
            lines.append(line)
            return
        if known < fit:
            ranked.insert(position, (fit, [line]))
            return
    ranked.append((fit, [line]))


def _rank_pool(groups: list[tuple[int, list[Pool]]], fit: int, pool: Pool) -> None:
    for position, (known, pools) in enumerate(groups):
        if known == fit:
            pools.append(pool)
            return
        if known < fit:
            groups.insert(position, (fit, [pool]))
            return
    groups.append((fit, [pool]))


def _tidy(pool: Pool) -> None:
    """Forget the entries that no longer hold."""
    pool.idle = [old for old in pool.idle if old[2].ticket == old[1]]
    heapify(pool.idle)
    pool.others = [(choice, _entries(pool, choice)) for choice, _ in pool.others]


def _join_others(pool: Pool, agent: Agent) -> None:
    for choice, heap in pool.others:
        heappush(heap, entry_by(choice, agent, pool.rated_ms))


def entry_by(choice: int, agent: Agent, rated_ms: int) -> IdleBy:
    """An agent's place in a pool's other order, after work in hand by the figure of that order: less is sooner.
    Occupancy is that from the sign-in to `rated_ms`."""
    if choice == ROUND_ROBIN:
        return (agent.load, agent.last_offer_ms, agent.idle_order, agent.ticket, agent)
    if choice == WEIGHTED:
        return (agent.load, agent.served * _SCALE // agent.weight, agent.idle_order, agent.ticket, agent)
    present_ms = max(1, max(agent.idle_since_ms, rated_ms) - agent.signed_in_ms)
    return (agent.load, agent.busy_ms * _SCALE // present_ms, agent.idle_order, agent.ticket, agent)


def _longest_idle(pools: list[Pool]) -> Agent | None:
    best: Idle | None = None
    for pool in pools:
        if pool.idle:
            entry = pool.idle[0]
            if best is None or entry < best:
                best = entry
    return None if best is None else best[2]


def rated_at(now_ms: int) -> int:
    """The moment as of which occupancies are compared."""
    return now_ms - now_ms % _RATED_EACH_MS


def _rate_anew(pools: list[Pool], rated_ms: int) -> None:
    """Who idles becomes less occupied, and who signed in lately more so than others: once a minute all are compared as
    of that minute."""
    for pool in pools:
        if pool.rated_ms != rated_ms:
            pool.rated_ms = rated_ms
            pool.others = [(choice, _entries(pool, choice)) for choice, _ in pool.others]


def _first_by(pools: list[Pool], choice: int, now_ms: int) -> Agent | None:
    if choice == LEAST_OCCUPIED:
        _rate_anew(pools, rated_at(now_ms))
    best: IdleBy | None = None
    for pool in pools:
        if pool.idle:
            for order, heap in pool.others:
                if order == choice:
                    entry = _first_idle(heap)
                    if best is None or entry < best:
                        best = entry
    return None if best is None else best[4]


def _strongest(agent: Agent) -> Contact | None:
    """The most urgent contact of the skill that the agent holds best."""
    best_fit = -1
    best: Waiting | None = None
    for pool in agent.pools:
        for fit, lines in pool.ranked:
            if fit < best_fit:
                break
            first: Waiting | None = None
            for line in lines:
                if line.count:
                    entry = line.heap[0]
                    if first is None or entry < first:
                        first = entry
            if first is not None:
                if fit > best_fit or best is None or first < best:
                    best_fit, best = fit, first
                break
    return None if best is None else best[4]


def _first_idle(idle: list[IdleBy]) -> IdleBy:
    """The first entry that holds of an order other than the pool's own, in which there is one."""
    while True:
        entry = idle[0]
        if entry[4].ticket == entry[3]:
            return entry
        heappop(idle)
