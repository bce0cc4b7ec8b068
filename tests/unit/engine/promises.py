"""What the engine promises, checked against everything it does: a replica follows the log event by event, and a second,
plain statement of the rules judges each choice and each state."""

from fractions import Fraction

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_of
from hotline.engine.tally import Tally
from hotline.engine.views import AgentView, ContactView
from hotline.messages import routing as m


class Promises:
    """Give it every decision's events right after the decision, then ask for `check`."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.replica = Router()
        self.restored: Router | None = None
        self.tally = Tally()
        self.open: dict[str, None] = {}
        self.ever: dict[str, None] = {}

    def follow(self, events: tuple[m.RoutingEvent, ...]) -> None:
        """Judge each choice at the moment before it."""
        for event in events:
            effects_of(event, self.router)
            if isinstance(event, m.ContactOffered) and event.kind == "queue":
                self.check_choice(event)
            if isinstance(event, m.ContactQueued):
                assert event.contact_id not in self.ever
                self.ever[event.contact_id] = self.open[event.contact_id] = None
            if isinstance(event, m.ContactEnded):
                del self.open[event.contact_id]
            self.replica.apply(event)
            self.tally.apply(event)
            if self.restored is not None:
                self.restored.apply(event)

    def take_snapshot(self) -> None:
        """From now on a router restored from a snapshot follows too."""
        self.restored = Router.restore(self.router.snapshot())

    def check(self) -> None:
        """All promises about the present state, and that the log leads to it."""
        self.replay_gives_the_same_bytes()
        self.check_state()

    def check_state(self) -> None:
        """All promises about the present state."""
        self.nobody_is_lost_or_doubled()
        self.nobody_is_above_capacity()
        self.no_able_agent_idles_while_somebody_waits()
        self.states_say_what_is_so()
        self.figures_add_up()

    def check_choice(self, event: m.ContactOffered) -> None:
        """The replica is just before the offer: it was the best contact for this agent and the best agent for it."""
        router = self.replica
        mine = router.contact(event.contact_id)
        taker = router.agent(event.agent_id)
        assert mine is not None
        assert taker is not None
        assert can_take(router, taker, mine)
        for other in router.contacts():
            if other.stage == "waiting" and can_take(router, taker, other):
                assert place(router, mine) <= place(router, other)
        for idle in router.agents():
            if can_take(router, idle, mine):
                assert turn(router, taker) <= turn(router, idle)

    def replay_gives_the_same_bytes(self) -> None:
        live = self.router.snapshot()
        assert self.replica.snapshot() == live
        assert Router.restore(live).snapshot() == live
        if self.restored is not None:
            assert self.restored.snapshot() == live
            assert self.restored.next_due_ms() == self.router.next_due_ms()

    def nobody_is_lost_or_doubled(self) -> None:
        router = self.router
        for k in self.open:
            found = router.contact(k)
            assert found is not None
            holders = [
                one
                for one in router.agents()
                if any(t.contact_id == k and t.ended_ms is None for t in router.interactions_of(one.agent_id))
            ]
            transfer = router.transfer(found.transfer_id) if found.transfer_id else None
            is_joined = transfer is not None and transfer.is_merged and transfer.target_agent_id is not None
            assert len(holders) == (2 if is_joined else 1 if found.agent_id else 0)
            ringing = [o for one in router.agents() for o in one.offer_ids if self.is_plain_offer_of(o, k)]
            is_placed = (found.stage == "waiting", bool(ringing), bool(holders), found.stage == "outside")
            if found.stage == "waiting" and found.transfer_id:
                assert is_placed == (True, False, False, False)
            assert sum(is_placed) == 1, (k, found, is_placed)

    def is_plain_offer_of(self, offer_id: str, k: str) -> bool:
        offer = self.router.offer(offer_id)
        return offer is not None and offer.contact_id == k and offer.kind != "consult"

    def nobody_is_above_capacity(self) -> None:
        router = self.router
        for one in router.agents():
            capacity = router.agent_configurations()[one.agent_id].capacity
            work = list(one.contact_ids)
            work += [offer.contact_id for id in one.offer_ids if (offer := router.offer(id))]
            channels = [found.details.channel for k in work if (found := router.contact(k))]
            if any(channel not in capacity for channel in channels) or self.was_reconfigured(router):
                continue
            assert sum(Fraction(1, capacity[channel]) for channel in channels) <= 1

    def was_reconfigured(self, router: Router) -> bool:
        """After a smaller capacity was configured, running work may exceed it; new work must not be added."""
        return router.version > 0

    def no_able_agent_idles_while_somebody_waits(self) -> None:
        router = self.router
        waiting = [one for one in router.contacts() if one.stage == "waiting"]
        for one in router.agents():
            for contact in waiting:
                assert not can_take(router, one, contact), (one, contact)

    def states_say_what_is_so(self) -> None:
        router = self.router
        for one in router.agents():
            talks = [t for t in router.interactions_of(one.agent_id) if t.ended_ms is None]
            assert not (talks and one.state != "busy")
            if one.state == "available":
                assert one.session_id is not None
                assert one.is_connected
                assert not one.contact_ids
                assert not one.offer_ids
            if one.state == "signed_out":
                assert one.session_id is None
                assert not one.contact_ids

    def figures_add_up(self) -> None:
        for q in self.router.queue_configurations():
            total = self.tally.between(q, 0, 2**62)
            assert total.answered_in_time <= total.answered
            assert total.answered + total.abandoned <= total.asked


def can_take(router: Router, one: AgentView, contact: ContactView) -> bool:
    """Said again without the engine's structures: presence, tenant, skills, and room for one more of the channel."""
    if contact.stage != "waiting" or one.state in ("signed_out", "away") or not one.is_connected:
        return False
    if one.requested_state is not None:
        return False
    given = router.agent_configurations()[one.agent_id]
    wanted = router.queue_configurations()[contact.queue_id]
    details = contact.details
    levels = dict(given.skills)
    needs = list(wanted.skills) + [(need.skill_id, need.level) for need in details.needs]
    if wanted.tenant_id not in given.tenant_ids or any(levels.get(skill, 0) < level for skill, level in needs):
        return False
    if details.channel not in given.capacity:
        return False
    return load(router, one) + Fraction(1, given.capacity[details.channel]) <= 1


def load(router: Router, one: AgentView) -> Fraction:
    capacity = router.agent_configurations()[one.agent_id].capacity
    work = list(one.contact_ids) + [offer.contact_id for id in one.offer_ids if (offer := router.offer(id))]
    channels = [found.details.channel for k in work if (found := router.contact(k))]
    return sum((Fraction(1, capacity.get(channel, 1)) for channel in channels), Fraction(0))


def place(router: Router, contact: ContactView) -> tuple[int, int, int, int]:
    rank = router.queue_configurations()[contact.queue_id].rank
    return (0 if contact.is_front else 1, -contact.details.priority, -rank, contact.asked_at_ms)


def turn(router: Router, one: AgentView) -> tuple[Fraction, int]:
    return (load(router, one), one.idle_since_ms)
