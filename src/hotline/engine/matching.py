"""Who is next: lines of waiting contacts, pools of idle agents, and which pool can serve which line.

Heaps with lazy deletion: an entry counts only while its ticket is the one its contact or agent holds. Eligibility is
compiled once per (profile, line), so the cost of a match does not depend on how many skills or agents there are."""

from heapq import heapify, heappop, heappush

from hotline.engine.codes import AVAILABLE, WHOLE
from hotline.engine.records import Agent, Contact, Idle, Line, Needs, Pool, Profile, Queue, Waiting

_MOST_SPARE_LINES = 512


class Board:
    """All lines and pools of one staff pool."""

    __slots__ = ("idle_count", "lines", "profiles", "spare_limit", "tickets", "waiting_count")

    def __init__(self) -> None:
        self.lines: dict[tuple[int, int, Needs], Line] = {}
        self.profiles: dict[tuple[tuple[int, ...], Needs, tuple[tuple[int, int], ...]], Profile] = {}
        self.waiting_count = 0
        self.idle_count = 0
        self.tickets = 0
        self.spare_limit: int = _MOST_SPARE_LINES

    # --- compiled eligibility ----------------------------------------------------------------------------------------

    def profile(self, tenants: tuple[int, ...], skills: Needs, capacity: tuple[tuple[int, int], ...]) -> Profile:
        """The profile of agents with these tenants, skills and capacity."""
        key = (tenants, skills, capacity)
        found = self.profiles.get(key)
        if found is None:
            found = self.profiles[key] = Profile(tenants, skills, capacity)
            for line in self.lines.values():
                _connect(found, line)
        return found

    def line(self, queue: Queue, channel: int, needs: Needs) -> Line:
        """The line for contacts of this queue, channel and needs."""
        key = (queue.id, channel, needs)
        found = self.lines.get(key)
        if found is None:
            if len(self.lines) >= self.spare_limit:
                self._drop_empty_lines()
            found = self.lines[key] = Line(queue, channel, needs)
            for profile in self.profiles.values():
                _connect(profile, found)
        return found

    def _drop_empty_lines(self) -> None:
        """Contacts may bring any mix of needs; lines that nobody waits in are forgotten."""
        self.lines = {key: line for key, line in self.lines.items() if line.count}
        self.spare_limit = max(_MOST_SPARE_LINES, 2 * len(self.lines))
        for profile in self.profiles.values():
            for pool in profile.pools:
                pool.lines = []
        for line in self.lines.values():
            line.pools = []
            for profile in self.profiles.values():
                _connect(profile, line)

    def clear(self) -> None:
        """Forget lines, profiles and places; whoever waits or idles must be placed again."""
        self.lines = {}
        self.profiles = {}
        self.waiting_count = 0
        self.idle_count = 0

    # --- places ------------------------------------------------------------------------------------------------------

    def wait(self, contact: Contact) -> None:
        """Put a contact at its place in the line of its queue."""
        line = contact.line = self.line(contact.queue, contact.channel, contact.needs)
        self.tickets += 1
        contact.ticket = self.tickets
        heap = line.heap
        if len(heap) > 2 * line.count + 64:
            line.heap = heap = [entry for entry in heap if entry[6].ticket == entry[5]]
            heapify(heap)
        heappush(heap, place_of(contact))
        line.count += 1
        self.waiting_count += 1

    def leave(self, contact: Contact) -> None:
        """Take a contact out of its line, if it is in one."""
        line = contact.line
        if line is not None:
            contact.line = None
            contact.ticket = 0
            line.count -= 1
            self.waiting_count -= 1

    def place(self, agent: Agent) -> None:
        """Put an agent among the idle of every channel that they can take another contact of; or nowhere."""
        if agent.ticket:
            self.unplace(agent)
        if agent.desired != AVAILABLE or not agent.is_connected:
            return
        load = agent.load
        if load >= WHOLE:
            return
        pools = agent.profile.pools
        if load:
            pools = tuple([pool for pool in pools if load + pool.unit <= WHOLE])
            if not pools:
                return
        self.tickets += 1
        ticket = agent.ticket = self.tickets
        entry = (load, agent.idle_since_ms, agent.idle_order, ticket, agent)
        for pool in pools:
            _join(pool, entry)
        agent.pools = pools
        self.idle_count += 1

    def unplace(self, agent: Agent) -> None:
        """Take an agent out of the idle."""
        if agent.ticket:
            agent.ticket = 0
            for pool in agent.pools:
                pool.count -= 1
            agent.pools = ()
            self.idle_count -= 1

    # --- choices -----------------------------------------------------------------------------------------------------

    def best_contact(self, agent: Agent) -> Contact | None:
        """The contact that this idle agent should have next, or None."""
        if not self.waiting_count:
            return None
        best: Waiting | None = None
        for pool in agent.pools:
            for line in pool.lines:
                if line.count:
                    entry = line.heap[0]
                    if entry[6].ticket != entry[5]:
                        entry = _first_waiting(line)
                    if best is None or entry < best:
                        best = entry
        return None if best is None else best[6]

    def best_agent(self, line: Line) -> Agent | None:
        """The longest idle agent who can take a contact of this line, or None."""
        if not self.idle_count:
            return None
        best: Idle | None = None
        for pool in line.pools:
            if pool.count:
                entry = pool.idle[0]
                if entry[4].ticket != entry[3]:
                    entry = _first_idle(pool)
                if best is None or entry < best:
                    best = entry
        return None if best is None else best[4]


def place_of(contact: Contact) -> Waiting:
    """Less is sooner: cut off first, then priority, then the queue's rank, then who asked first."""
    return (
        0 if contact.is_front else 1,
        -contact.priority,
        -contact.queue.rank,
        contact.asked_ms,
        contact.order,
        contact.ticket,
        contact,
    )


def _connect(profile: Profile, line: Line) -> None:
    for pool in profile.pools:
        if pool.channel == line.channel and profile.can_take(line):
            pool.lines.append(line)
            line.pools.append(pool)


def _join(pool: Pool, entry: Idle) -> None:
    idle = pool.idle
    if len(idle) > 2 * pool.count + 64:
        pool.idle = idle = [old for old in idle if old[4].ticket == old[3]]
        heapify(idle)
    heappush(idle, entry)
    pool.count += 1


def _first_waiting(line: Line) -> Waiting:
    """The first valid entry of a line that is not empty."""
    heap = line.heap
    while True:
        entry = heap[0]
        if entry[6].ticket == entry[5]:
            return entry
        heappop(heap)


def _first_idle(pool: Pool) -> Idle:
    """The first valid entry of a pool that is not empty."""
    idle = pool.idle
    while True:
        entry = idle[0]
        if entry[4].ticket == entry[3]:
            return entry
        heappop(idle)
