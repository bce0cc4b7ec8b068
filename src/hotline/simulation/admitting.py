"""What the live rules of admission make of a scenario's callers, in the engine's integers.

What a kind of caller brings at each asking is asked of the rules once, before the day begins; what depends on giving up
before (points for repeated calls, the old place) when somebody asks again."""

from hotline.engine.admission import Admission
from hotline.engine.configuration import needs_of
from hotline.engine.from_messages import wishes_in
from hotline.engine.missed import Missed
from hotline.engine.names import Names
from hotline.messages import routing as m
from hotline.messages.configuration import RoutingConfiguration
from hotline.simulation.scenario import CallerKind, Traffic

_CALLER = "caller"
_FORMER = "former"  # the contact before, any but the one that asks
_PLAIN = CallerKind(share=1.0)
Pairs = tuple[tuple[int, int], ...]


class Admitting:
    """The rules of one configuration for the kinds of a scenario's callers, by their number."""

    def __init__(self, routing: RoutingConfiguration, traffic: tuple[Traffic, ...], names: Names) -> None:
        self._names = names
        self._rules = Admission()
        self._rules.configure(routing)
        self._queues = {queue.queue_id: queue for queue in routing.queues}
        self._kinds = [(one, kind) for one in traffic for kind in one.kinds or (_PLAIN,)]
        queues = [self._queues[one.queue] for one in traffic if one.retry is not None]
        tenants = {rule.tenant_id for rule in routing.priorities if rule.kind == "repeat"}
        self.gives_again = any(queue.reclaim_s or queue.tenant_id in tenants for queue in queues)

    def first(self, kind: int) -> tuple[int, Pairs, Pairs]:
        """Priority, needs and preferred skills of a caller of that kind who has not asked before."""
        asked = self._admit(kind, 0)
        return asked.priority, self._levels(asked.needs), self._levels(asked.preferred)

    def elsewhere(self, kind: int) -> dict[int, tuple[int, ...]]:
        """By the engine's number of each queue of the caller's tenant, what a caller of that kind who is sent on needs
        and prefers there, as the engine's events say it. Nothing where no queue asks for attributes."""
        asked = self._admit(kind, 0)
        found = [queue for queue in self._queues.values() if queue.tenant_id == asked.tenant_id]
        if not any(queue.attributes for queue in found):
            return {}
        return {
            self._names.queues.id(queue.queue_id): wishes_in(*self._rules.wishes_in(asked, queue), self._names)
            for queue in found
        }

    def again(self, kind: int, place_ms: int, left_ms: int, at: int) -> tuple[int, int]:
        """Priority and place of one who had that place, left it, and asks now."""
        traffic, _ = self._kinds[kind]
        tenant_id = self._queues[traffic.queue].tenant_id
        missed = Missed(place_ms, left_ms, traffic.queue, _FORMER)
        self._rules.callers.note(f"{tenant_id} {_CALLER}", missed)
        asked = self._admit(kind, at)
        self._rules.callers.forget_all()
        return asked.priority, at if asked.place_ms is None else asked.place_ms

    def keep_ms(self, kind: int) -> int:
        """For how long an own agent is waited for."""
        traffic, _ = self._kinds[kind]
        return self._queues[traffic.queue].relationship_s * 1000

    def _admit(self, kind: int, at: int) -> m.ContactQueued:
        traffic, caller = self._kinds[kind]
        queue = self._queues[traffic.queue]
        brand = {"brand": caller.brand} if caller.brand else {}
        command = m.EnqueueContact(
            command_id="",
            at_ms=at,
            contact_id="",
            tenant_id=queue.tenant_id,
            queue_id=queue.queue_id,
            node_id="",
            asked_at_ms=at,
            arrived_at_ms=at,
            channel=traffic.channel,
            language=caller.language,
            priority=caller.priority,
            needs=tuple(m.SkillNeed(skill, level) for skill, level in caller.skills),
            attributes={**brand, **caller.attributes},
            caller_ref=_CALLER,
        )
        return self._rules.admit(command, queue, at)

    def _levels(self, needs: tuple[m.SkillNeed, ...]) -> Pairs:
        return needs_of(tuple((need.skill_id, need.level) for need in needs), self._names)
