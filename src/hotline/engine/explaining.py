"""Why a contact still waits: who could take it now, who later, and what it waits for.

Made when somebody asks: each agent is looked at once, so it costs as much as the pool is large."""

from typing import Any, Literal, cast

import msgspec

from hotline.engine import codes as c
from hotline.engine.matching import place_of
from hotline.engine.names import Names
from hotline.engine.records import Agent, Contact, Line, Profile
from hotline.engine.views import ContactView
from hotline.engine.world import World

AgentCondition = Literal["idle", "offered", "busy", "wrap_up", "away", "disconnected", "site_down", "full"]
StepKind = Literal["ring", "foreground", "overflow", "leave"]
NAMED = 12  # agents who are named, those who can take it soonest first
_ORDER = ("idle", "offered", "wrap_up", "full", "busy", "away", "disconnected", "site_down")


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to it because it waits: `ring` more agents may take it, `foreground` it waits for no quiet hour any
    more, `overflow` and `leave` it has waited long enough and goes to `queue_id`, or on in its flow where there is
    none. `agents` are those whom a ring adds and who are signed in."""

    kind: StepKind
    due_ms: int
    ring: int | None = None
    queue_id: str | None = None
    agents: int = 0


class AbleAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who may take it now, and what keeps them: nothing if idle."""

    agent_id: str
    condition: AgentCondition
    since_ms: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Why a contact waits. `ahead`: how many of its queue go before it. `needs` and `preferred`: skills with the least
    level, queue's and contact's own. `able`: signed-in agents who may take it now, by condition; `later`: those of a
    later ring; `unable`: signed-in agents of the tenant who never may; `absent`: able ones who are not signed in."""

    contact_id: str
    queue_id: str
    tenant_id: str
    stage: str
    asked_ms: int
    is_front: bool
    is_called_back: bool
    callback_due_ms: int | None
    offered_agent_id: str | None
    kept_for_id: str | None
    kept_until_ms: int | None
    ahead: int
    ring: int
    rings: int
    needs: tuple[tuple[str, int], ...]
    preferred: tuple[tuple[str, int], ...]
    able: dict[str, int]
    later: int
    unable: int
    absent: int
    agents: tuple[AbleAgent, ...]
    next_step: NextStep | None
    reserve: int | None  # of background work: more agents than this must be idle
    sent_by_id: str | None = None  # who has handed it over to this queue, and when it goes back if nobody takes it
    returns_at_ms: int | None = None
    is_unanswered: bool = False  # that time is over: the sender has it back as soon as they have room
    is_node_away: bool = False  # its node is out of reach: it keeps its place, and nobody is offered it till then


class _Looked:
    """Everybody who serves the tenant, sorted by what they are to one contact, which the next ring widens to `ring`."""

    def __init__(self, world: World, contact: Contact, ring: int) -> None:
        self.able: list[tuple[AgentCondition, Agent]] = []
        self.later = self.unable = self.absent = self.added = 0
        queue = contact.queue
        rings = (contact.ring, ring, len(queue.rings))
        lines = tuple(Line(queue, contact.channel, contact.needs, contact.preferred, one) for one in rings)
        known: dict[Profile, int] = {}
        for agent in world.agents.values():
            profile = agent.profile
            if queue.tenant not in profile.tenants or not agent.is_active:
                continue
            stand = known.get(profile)
            if stand is None:
                stand = known[profile] = _stand(profile, contact.channel, lines)
            self._count(agent, stand, contact.channel)

    def _count(self, agent: Agent, stand: int, channel: int) -> None:
        """`stand`: 0 may take it now, 1 with the next ring, 2 in a later one, 3 never."""
        if agent.state == c.SIGNED_OUT:
            self.absent += stand < 3
        elif stand == 0:
            self.able.append((_condition(agent, channel), agent))
        elif stand == 3:
            self.unable += 1
        else:
            self.later += 1
            self.added += stand == 1


def _stand(profile: Profile, channel: int, lines: tuple[Line, ...]) -> int:
    if channel not in profile.units:
        return len(lines)
    return next((place for place, line in enumerate(lines) if profile.can_take(line)), len(lines))


def _condition(agent: Agent, channel: int) -> AgentCondition:
    if agent.is_site_down:
        return "site_down"
    if not agent.is_connected:
        return "disconnected"
    if any(pool.channel == channel for pool in agent.pools):
        return "idle"
    state = c.AGENT_STATES[agent.state]
    return cast(Any, state) if state in ("offered", "busy", "wrap_up", "away") else "full"


def why_waiting(world: World, names: Names, view: ContactView) -> Waiting:
    """The reasons as they are now, of a contact that waits, rings or is called back later."""
    contact = world.contacts[names.families[c.CONTACTS].known(view.contact_id)]
    queue, step = contact.queue, _next_step(world, contact)
    looked = _Looked(world, contact, step[2] if step is not None and step[1] == c.WIDEN else contact.ring)
    looked.able.sort(key=lambda one: (_ORDER.index(one[0]), one[1].since_ms))
    offer = world.offers.get(contact.offer)
    is_kept = contact.stage == c.KEPT
    transfer = world.transfers.get(contact.transfer) if contact.transfer else None
    if transfer is not None and not transfer.returns_ms:
        transfer = None
    return Waiting(
        contact_id=view.contact_id,
        queue_id=view.queue_id,
        tenant_id=view.details.tenant_id,
        stage=view.stage,
        asked_ms=view.asked_at_ms,
        is_front=view.is_front,
        is_called_back=view.is_called_back,
        callback_due_ms=view.callback_due_ms,
        offered_agent_id=names.agents.text(offer.agent.id) if offer is not None else None,
        kept_for_id=view.kept_for_id if is_kept else None,
        kept_until_ms=contact.wanted_until_ms if is_kept else None,
        ahead=_ahead(world, contact),
        ring=contact.ring,
        rings=len(queue.rings),
        needs=_skills(names, queue.needs + contact.needs),
        preferred=_skills(names, queue.preferred + contact.preferred),
        able=_counted(looked.able),
        later=looked.later,
        unable=looked.unable,
        absent=looked.absent,
        agents=tuple(
            AbleAgent(agent_id=names.agents.text(agent.id), condition=condition, since_ms=agent.since_ms)
            for condition, agent in looked.able[:NAMED]
        ),
        next_step=_told(names, contact, step, looked.added),
        reserve=queue.reserve if queue.is_background and contact.ring < len(queue.rings) else None,
        sent_by_id=names.agents.text(transfer.agent.id) if transfer is not None else None,
        returns_at_ms=transfer.returns_ms if transfer is not None else None,
        is_unanswered=transfer is not None and transfer.is_unanswered,
        is_node_away=contact.is_stranded,
    )


def _counted(able: list[tuple[AgentCondition, Agent]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for condition, _ in able:
        found[condition] = found.get(condition, 0) + 1
    return found


def _ahead(world: World, contact: Contact) -> int:
    place = place_of(contact)[:3]
    return sum(
        other.queue is contact.queue and other.stage in (c.WAITING, c.KEPT) and place_of(other)[:3] < place
        for other in world.contacts.values()
    )


def _skills(names: Names, needs: tuple[tuple[int, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple((names.skills.text(skill), level) for skill, level in needs)


def _next_step(world: World, contact: Contact) -> tuple[int, int, int] | None:
    """The first of the queue's steps to come that this contact will take, as in `steps`."""
    if contact.stage not in (c.WAITING, c.KEPT) or contact.is_stranded:
        return None
    for step in contact.steps()[contact.step :]:
        target = world.queues.get(step[2]) if step[1] != c.WIDEN else None
        has_target = target is not None and not target.is_removed
        if has_target or step[1] == c.WIDEN or (step[1] == c.LEAVE and contact.may_leave()):
            return step
    return None


def _told(names: Names, contact: Contact, step: tuple[int, int, int] | None, added: int) -> NextStep | None:
    if step is None:
        return None
    after_ms, kind, argument = step
    due_ms = contact.entered_ms + after_ms
    if kind == c.WIDEN:
        is_last = argument >= len(contact.queue.rings)
        return NextStep(kind="foreground" if is_last else "ring", due_ms=due_ms, ring=argument, agents=added)
    queue_id = names.queues.text(argument) if argument else None
    return NextStep(kind="overflow" if kind == c.OVERFLOW else "leave", due_ms=due_ms, queue_id=queue_id)
