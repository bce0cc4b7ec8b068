"""What the engine promises, checked against everything it does: a replica follows the log event by event, and a second,
plain statement of the rules judges each choice and each state."""

from collections.abc import Iterable
from fractions import Fraction

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_of
from hotline.engine.tally import Tally
from hotline.engine.views import AgentView, ContactView
from hotline.messages import routing as m
from hotline.messages.configuration import RingConfiguration

Wishes = tuple[dict[str, int], dict[str, int]]  # levels of skills that are needed, and of those that are preferred


class Promises:
    """Give it every decision's events right after the decision, then ask for `check`."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.replica = Router()
        self.restored: Router | None = None
        self.tally = Tally()
        self.open: dict[str, None] = {}
        self.ever: dict[str, None] = {}
        self.rules = Rules()
        self.let_go: set[tuple[str, int]] = set()  # agents of whose work something ends at that moment
        self.passed_over_ms = 0  # so long had somebody been due at the most who was left for somebody due later

    def follow(self, events: tuple[m.RoutingEvent, ...]) -> None:
        """Judge each choice at the moment before it."""
        ends = (m.OfferExpired, m.OfferRefused, m.OfferFailed, m.OfferWithdrawn, m.WrappedUp)
        self.let_go = {(event.agent_id, event.at_ms) for event in events if isinstance(event, ends)}
        for event in events:
            asked_of_nodes = effects_of(event, self.router)
            assert m.HOUSE_NODE not in [node_id for node_id, _ in asked_of_nodes]
            if isinstance(event, m.ContactOffered):
                assert self.router.node_of(event.contact_id) not in self.rules.nodes_held
                if event.kind == "queue":
                    self.check_choice(event)
            if isinstance(event, m.OfferExpired):
                assert self.router.node_of(event.contact_id) not in self.rules.nodes_silent
            if isinstance(event, m.ContactQueued):
                assert event.contact_id not in self.open
                self.ever[event.contact_id] = self.open[event.contact_id] = None
            if isinstance(event, m.ContactEnded | m.ContactDiverted):
                del self.open[event.contact_id]
            if isinstance(event, m.ContactRequeued):
                self.check_needs(event)
                self.rules.sent_on(self.replica, event)
            self.rules.follow(event)
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
        self.nobody_rings_for_what_they_have_no_skill_for()
        self.states_say_what_is_so()
        self.everybody_works_where_they_sit()
        self.nothing_rings_that_nobody_carries()
        self.what_is_written_has_its_agent_while_their_browser_is_there()
        self.figures_add_up()

    def check_choice(self, event: m.ContactOffered) -> None:
        """The replica is just before the offer: it was the best contact for this agent and the best agent for it."""
        router, rules = self.replica, self.rules
        mine = router.contact(event.contact_id)
        taker = router.agent(event.agent_id)
        assert mine is not None
        assert taker is not None
        assert rules.can_take(router, taker, mine)
        assert (event.cause == "relationship") == (mine.kept_for_id is not None)
        if mine.kept_for_id is not None:
            self.check_nobody_overdue_is_before(mine, taker, event.at_ms)
            return
        is_quiet = rules.is_background(router, mine)
        for other in router.contacts():
            if other.kept_for_id == taker.agent_id and rules.can_take(router, taker, other):
                assert rules.is_overdue(router, mine, event.at_ms)
                assert rules.place(router, mine) <= rules.place(router, other)
            if other.stage == "waiting" and not other.kept_for_id and rules.can_take(router, taker, other):
                if not rules.is_background(router, other):
                    assert not is_quiet
                    assert rules.turn_of_contact(router, taker, mine, event.at_ms) <= rules.turn_of_contact(
                        router, taker, other, event.at_ms
                    )
                elif is_quiet and self.has_spare(other):
                    assert rules.place(router, mine) <= rules.place(router, other)
        self.nobody_is_passed_over_for_long(event, mine, taker)
        able = [idle for idle in router.agents() if rules.can_take(router, idle, mine)]
        assert event.cause != "arrival" or event.candidates == len(able)
        assert not is_quiet or len(able) > router.queue_configurations()[mine.queue_id].reserve
        for idle in able:
            assert rules.turn_of_agent(router, taker, mine) <= rules.turn_of_agent(router, idle, mine)
        # It is told as things stand after the decision.
        if event.chosen_figure is not None and (event.agent_id, event.at_ms) not in self.let_go:
            self.check_reason(event, taker, mine)

    def check_reason(self, event: m.ContactOffered, taker: AgentView, mine: ContactView) -> None:
        """The figure that is told is the one before the offer, by the rule that is in force."""
        router, rules = self.replica, self.rules
        in_hand = len(taker.contact_ids) + len(taker.offer_ids)
        if event.chosen_by == "strongest_skill":
            assert event.cause == "agent_free"
            assert router.agent_configurations()[taker.agent_id].takes == "strongest_skill"
        else:
            choice = router.queue_configurations()[mine.queue_id].choice
            assert event.cause in ("arrival", "reform")
            assert event.chosen_by in (choice, "least_in_hand", "longest_idle")
            assert (event.chosen_by == "least_in_hand") == (in_hand > 0 and event.chosen_by != "best_level")
        figures = {
            "longest_idle": taker.idle_since_ms,
            "least_in_hand": in_hand,
            "best_level": rules.fit(router, taker.agent_id, mine),
            "strongest_skill": rules.fit(router, taker.agent_id, mine),
        }
        assert event.chosen_figure == figures.get(event.chosen_by, event.chosen_figure)

    def check_nobody_overdue_is_before(self, mine: ContactView, taker: AgentView, at_ms: int) -> None:
        """Who waits for this very agent goes before all but those."""
        router, rules = self.replica, self.rules
        for other in router.contacts():
            if other.kept_for_id is None and rules.is_overdue(router, other, at_ms):
                is_before = rules.place(router, other) < rules.place(router, mine)
                assert not (is_before and rules.can_take(router, taker, other))

    def check_needs(self, event: m.ContactRequeued) -> None:
        """Another queue asks anew for what it makes of the attributes, not for what a former one made of them."""
        contact = self.replica.contact(event.contact_id)
        assert contact is not None
        known = self.rules.wishes[event.contact_id]
        wanted = known
        if event.queue_id != contact.queue_id:
            wanted = self.rules.wishes_in(self.replica, contact.details, event.queue_id)
        told = known if event.needs is None else (levels_of(event.needs), levels_of(event.preferred))
        assert told == wanted

    def nobody_is_passed_over_for_long(self, event: m.ContactOffered, mine: ContactView, taker: AgentView) -> None:
        """Whoever an agent could have taken and left for somebody who is due later is not due for `fair_after_s` yet,
        and nobody gets ahead of who asked four hours and the greatest allowance before them."""
        router, rules = self.replica, self.rules
        configuration = router.configuration
        assert configuration is not None
        for other in router.contacts():
            is_left = other.stage == "waiting" and not other.kept_for_id and rules.can_take(router, taker, other)
            if not is_left or rules.is_background(router, other) or rules.is_background(router, mine):
                continue
            due, mine_due = rules.place(router, other), rules.place(router, mine)
            if due < mine_due:
                assert due[0] == 2
                assert event.at_ms - due[1] < configuration.fair_after_s * 1000
                self.passed_over_ms = max(self.passed_over_ms, event.at_ms - due[1])
            elif mine_due[0] == due[0]:
                greatest_ms = max(q.service_level_s for q in configuration.queues) * 10_000 + 4 * 3_600_000
                assert mine.asked_at_ms - other.asked_at_ms <= greatest_ms

    def replay_gives_the_same_bytes(self) -> None:
        live = self.router.snapshot()
        assert self.replica.snapshot() == live
        fresh = Router.restore(live)
        assert fresh.snapshot() == live
        sites = sites_of(self.router)
        assert (sites_of(self.replica), sites_of(fresh)) == (sites, sites)
        if self.restored is not None:
            assert self.restored.snapshot() == live
            assert sites_of(self.restored) == sites
            # Ladders and call-back hours are looked at as soon as somebody has configured or restored them.
            due = {self.restored.next_due_ms(), self.router.next_due_ms()}
            assert len(due) == 1 or 1 in due

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
            is_placed = (
                found.stage in ("waiting", "scheduled"),
                bool(ringing),
                bool(holders),
                found.stage == "outside",
            )
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
            soft = router.configuration.interruptible if router.configuration else ()
            hard = [channel for channel in channels if channel not in soft]
            assert sum(Fraction(1, capacity[channel]) for channel in hard) <= 1
            assert sum(Fraction(1, capacity[channel]) for channel in channels if channel in soft) <= 1

    def was_reconfigured(self, router: Router) -> bool:
        """After a smaller capacity was configured, running work may exceed it; new work must not be added."""
        return router.version > 0

    def no_able_agent_idles_while_somebody_waits(self) -> None:
        """But for those whom a rule keeps: for one agent, for a quiet hour."""
        router, rules = self.router, self.rules
        waiting = [one for one in router.contacts() if one.stage == "waiting"]
        for contact in waiting:
            able = [one for one in router.agents() if rules.can_take(router, one, contact)]
            if contact.kept_for_id is not None:
                assert contact.kept_for_id not in [one.agent_id for one in able]
            elif rules.is_background(router, contact):
                assert len(able) <= router.queue_configurations()[contact.queue_id].reserve
            else:
                assert not able, (able[0], contact)
            self.explanation_names_the_rule(contact, len(able))

    def has_spare(self, contact: ContactView) -> bool:
        """Before the event. Whether more are idle for this work of quiet hours than its queue keeps in reserve."""
        router, rules = self.replica, self.rules
        able = [one for one in router.agents() if rules.can_take(router, one, contact)]
        return len(able) > router.queue_configurations()[contact.queue_id].reserve

    def explanation_names_the_rule(self, contact: ContactView, free: int) -> None:
        """Where idle agents who could take it are kept from it, whoever asks is told by which rule; else nobody is idle
        in the explanation either."""
        why = self.router.why_waiting(contact.contact_id)
        assert why is not None
        assert why.kept_for_id == contact.kept_for_id
        assert (why.kept_until_ms is None) == (contact.kept_for_id is None)
        is_quiet = self.rules.is_background(self.router, contact)
        reserve = self.router.queue_configurations()[contact.queue_id].reserve
        assert why.reserve == (reserve if is_quiet else None)
        idle = why.able.get("idle", 0)
        assert why.is_node_away == (contact.details.node_id in self.rules.nodes_held)
        if why.is_node_away:
            return
        if contact.kept_for_id is not None:
            named = {one.agent_id: one.condition for one in why.agents}
            assert named.get(contact.kept_for_id) != "idle"
        else:
            assert idle == free

    def nobody_rings_for_what_they_have_no_skill_for(self) -> None:
        """Nor waits for such an agent. Whom a colleague has chosen may lack a skill, but for one that has lapsed."""
        router, rules = self.router, self.rules
        for contact in router.contacts():
            offer = router.offer(contact.offer_id) if contact.offer_id else None
            agent_id = offer.agent_id if offer else contact.kept_for_id
            if agent_id is not None and (offer is None or offer.kind == "queue"):
                assert rules.may_serve(router, agent_id, contact)
            elif agent_id is not None:
                assert not rules.lapsed.get(agent_id, set()) & rules.needs(router, contact).keys()

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

    def everybody_works_where_they_sit(self) -> None:
        """And nothing rings at a site that is down."""
        router, rules = self.router, self.rules
        for one in router.agents():
            assert router.seating.seat_of(one.agent_id) == rules.seats.get(one.agent_id)
            site_id = rules.site(router, one.agent_id)
            assert router.site_of(one.agent_id) == site_id
            if site_id in rules.sites_down:
                assert not one.offer_ids, (one, site_id)

    def nothing_rings_that_nobody_carries(self) -> None:
        for contact in self.router.contacts():
            if contact.details.node_id in self.rules.nodes_held:
                assert contact.stage != "proposed"

    def what_is_written_has_its_agent_while_their_browser_is_there(self) -> None:
        """And no call is in the hands of web."""
        for one in self.router.agents():
            for talk in self.router.interactions_of(one.agent_id):
                found = self.router.contact(talk.contact_id)
                assert found is not None
                if found.details.channel == "voice":
                    assert found.details.node_id != m.HOUSE_NODE
                elif talk.ended_ms is None:
                    assert talk.is_leg_lost == (not one.is_connected)

    def figures_add_up(self) -> None:
        for q in self.router.queue_configurations():
            total = self.tally.between(q, 0, 2**62)
            assert total.answered_in_time <= total.answered
            assert total.answered + total.abandoned <= total.asked


class Rules:
    """Who may take whom and who comes first, said again without the engine's structures: from configuration and log."""

    def __init__(self) -> None:
        self.lapsed: dict[str, set[str]] = {}
        self.ends: set[tuple[str, str, int]] = set()  # listed: agent, skill, when it lapses
        self.at_work: set[tuple[str, str]] = set()  # ladder and tier
        self.sites_down: set[str] = set()
        self.places: dict[str, str] = {}  # seat -> site
        self.seats: dict[str, str] = {}  # agent -> seat
        self.emergencies: set[str] = set()  # contacts that an emergency's queue has sent on
        self.wishes: dict[str, Wishes] = {}  # what each contact needs and prefers beside what its queue asks for
        self.nodes_held: set[str] = set()
        self.nodes_silent: set[str] = set()

    def follow(self, event: m.RoutingEvent) -> None:
        if isinstance(event, m.ConfigurationApplied):
            ends = {(agent.agent_id, *end) for agent in event.configuration.agents for end in agent.skill_ends}
            kept = {(agent_id, skill) for agent_id, skill, _ in ends & self.ends}
            self.lapsed = {
                agent_id: {skill for skill in skills if (agent_id, skill) in kept}
                for agent_id, skills in self.lapsed.items()
            }
            self.ends = ends
            self.places = {seat.seat_id: site.site_id for site in event.configuration.sites for seat in site.seats}
            self.seats = {agent_id: seat for agent_id, seat in self.seats.items() if seat in self.places}
        elif isinstance(event, m.AgentSignedIn | m.AgentMovedSeat):
            self.seats.pop(event.agent_id, None)
            if event.seat_id is not None:
                self.seats[event.agent_id] = event.seat_id
        elif isinstance(event, m.AgentSignedOut):
            self.seats.pop(event.agent_id, None)
        elif isinstance(event, m.AgentSkillLapsed):
            self.lapsed.setdefault(event.agent_id, set()).add(event.skill_id)
        elif isinstance(event, m.TierMoved):
            self.at_work.discard((event.ladder_id, event.tier_id))
            if event.step == "started":
                self.at_work.add((event.ladder_id, event.tier_id))
        elif isinstance(event, m.SiteMarked):
            (self.sites_down.add if event.is_down else self.sites_down.discard)(event.site_id)
        elif isinstance(event, m.ContactQueued | m.ContactRequeued) and event.needs is not None:
            self.wishes[event.contact_id] = levels_of(event.needs), levels_of(event.preferred)
        elif isinstance(event, m.NodeConnectionLost):
            self.nodes_silent.add(event.node_id)
        elif isinstance(event, m.NodeAbsent):
            self.nodes_held.add(event.node_id)
        elif isinstance(event, m.NodeConnectionRestored):
            self.nodes_silent.discard(event.node_id)
            self.nodes_held.discard(event.node_id)

    def sent_on(self, router: Router, event: m.ContactRequeued) -> None:
        """Before the event. Who asked in an emergency stays one wherever they are sent."""
        contact = router.contact(event.contact_id)
        assert contact is not None
        if event.queue_id != contact.queue_id and router.queue_configurations()[contact.queue_id].is_emergency:
            self.emergencies.add(event.contact_id)

    def wishes_in(self, router: Router, asked: m.ContactQueued, queue_id: str) -> Wishes:
        needs = [*asked.needs[: len(asked.needs) - asked.by_attributes]]
        preferred: list[m.SkillNeed] = []
        for skill in router.configuration.skills if router.configuration else ():
            value = asked.language if skill.kind == "language" else asked.attributes.get(skill.kind)
            insistence = router.queue_configurations()[queue_id].attributes.get(skill.kind)
            if insistence and skill.tenant_id == asked.tenant_id and value in skill.values:
                (needs if insistence == "required" else preferred).append(m.SkillNeed(skill.skill_id))
        return levels_of(needs), levels_of(preferred)

    def site(self, router: Router, agent_id: str) -> str | None:
        """That of the seat, without one that of the team."""
        seat = self.seats.get(agent_id)
        return router.agent_configurations()[agent_id].site_id if seat is None else self.places[seat]

    def levels(self, router: Router, agent_id: str) -> dict[str, int]:
        given = router.agent_configurations()[agent_id]
        gone = self.lapsed.get(agent_id, set())  # and nobody lends it to them
        levels = {skill: level for skill, level in given.skills if skill not in gone}
        for ladder in router.configuration.ladders if router.configuration else ():
            for tier in ladder.tiers:
                if (ladder.ladder_id, tier.tier_id) in self.at_work and agent_id in tier.agent_ids:
                    for skill, level in [one for one in tier.skills if one[0] not in gone]:
                        levels[skill] = max(level, levels.get(skill, 0))
        return levels

    def can_take(self, router: Router, one: AgentView, contact: ContactView) -> bool:
        """Presence, tenant, skills of one of the rings, and room for one more of the channel."""
        if contact.stage != "waiting" or one.state in ("signed_out", "away") or not one.is_connected:
            return False
        if one.requested_state is not None or contact.details.node_id in self.nodes_held:
            return False
        given = router.agent_configurations()[one.agent_id]
        wanted = router.queue_configurations()[contact.queue_id]
        if self.site(router, one.agent_id) in self.sites_down or wanted.tenant_id not in given.tenant_ids:
            return False
        if contact.kept_for_id is not None:
            is_mine = contact.kept_for_id == one.agent_id
        else:
            is_mine = self.is_in_a_ring(router, one.agent_id, contact)
        return is_mine and self.has_room(router, one, contact.details.channel)

    def needs(self, router: Router, contact: ContactView) -> dict[str, int]:
        queue = router.queue_configurations()[contact.queue_id]
        listed = [m.SkillNeed(*pair) for pair in (*queue.skills, *self.wishes[contact.contact_id][0].items())]
        return levels_of(listed)

    def may_serve(self, router: Router, agent_id: str, contact: ContactView) -> bool:
        """In the widest ring, whatever group it is for."""
        relax = max((ring.relax for ring in router.queue_configurations()[contact.queue_id].rings), default=0)
        levels, needs = self.levels(router, agent_id), self.needs(router, contact)
        return all(levels.get(skill, 0) >= max(1, level - relax) for skill, level in needs.items())

    def is_in_a_ring(self, router: Router, agent_id: str, contact: ContactView) -> bool:
        given = router.agent_configurations()[agent_id]
        queue = router.queue_configurations()[contact.queue_id]
        levels = self.levels(router, agent_id)
        own_needs, own_liked = self.wishes[contact.contact_id]
        needs = [*queue.skills, *own_needs.items()]
        liked = [*queue.preferred, *own_liked.items()]
        rings = queue.rings or (
            (RingConfiguration(after_s=0, is_preference_kept=True), RingConfiguration(after_s=queue.prefer_s))
            if queue.prefer_s
            else (RingConfiguration(after_s=0),)
        )
        for ring in rings[: contact.ring + 1]:
            is_group = not ring.group_ids or {given.team_id, *given.group_ids} & set(ring.group_ids)
            asked = [(skill, max(1, level - ring.relax)) for skill, level in needs]
            asked += liked if ring.is_preference_kept else []
            if is_group and all(levels.get(skill, 0) >= level for skill, level in asked):
                return True
        return False

    def has_room(self, router: Router, one: AgentView, channel: str) -> bool:
        """What can be interrupted leaves room for what cannot."""
        capacity = router.agent_configurations()[one.agent_id].capacity
        if channel not in capacity:
            return False
        soft = router.configuration.interruptible if router.configuration else ()
        counted = [busy for busy in channels_of(router, one) if channel in soft or busy not in soft]
        taken = sum((Fraction(1, capacity.get(busy, 1)) for busy in counted), Fraction(0))
        return taken + Fraction(1, capacity[channel]) <= 1

    def is_background(self, router: Router, contact: ContactView) -> bool:
        queue = router.queue_configurations()[contact.queue_id]
        return queue.is_background and contact.ring < max(1, len(queue.rings))

    def fit(self, router: Router, agent_id: str, contact: ContactView) -> int:
        levels = self.levels(router, agent_id)
        queue = router.queue_configurations()[contact.queue_id]
        skills = [skill for skill, _ in (*queue.skills, *queue.preferred)]
        # Each skill counts once in each of the four lists in which it stands.
        for own in self.wishes[contact.contact_id]:
            skills += own
        return sum(levels.get(skill, 0) for skill in skills)

    def place(self, router: Router, contact: ContactView) -> tuple[int, int]:
        queue, details = router.queue_configurations()[contact.queue_id], contact.details
        points = max(-120, min(120, details.priority + queue.rank))
        place_ms = contact.asked_at_ms if details.place_ms is None else details.place_ms
        allowed_ms = queue.service_level_s * 10_000 // queue.weight if queue.order == "service_level" else 0
        is_emergency = queue.is_emergency or contact.contact_id in self.emergencies
        band = 0 if is_emergency else 1 if contact.is_front else 2
        return band, place_ms + allowed_ms - points * 60_000

    def is_overdue(self, router: Router, contact: ContactView, now_ms: int) -> bool:
        """An emergency, who was cut off, who has waited for too long; not what waits for a quiet hour."""
        if router.configuration is None or self.is_background(router, contact):
            return False
        band, due_ms = self.place(router, contact)
        fair_ms = router.configuration.fair_after_s * 1000
        return band < 2 or fair_ms == 0 or due_ms + fair_ms <= now_ms

    def turn_of_contact(
        self, router: Router, taker: AgentView, contact: ContactView, now_ms: int
    ) -> tuple[int, int, tuple[int, int]]:
        """Less is sooner for this agent: who is overdue, then the strongest skill where the agent takes by skill."""
        place = self.place(router, contact)
        configuration = router.configuration
        if configuration is None or router.agent_configurations()[taker.agent_id].takes == "most_urgent":
            return 0, 0, place
        if self.is_overdue(router, contact, now_ms):
            return 0, 0, place
        return 1, -self.fit(router, taker.agent_id, contact), place

    def turn_of_agent(self, router: Router, one: AgentView, contact: ContactView) -> tuple[Fraction, ...]:
        """Less is sooner for this contact. Round robin, weights and occupancy have tests of their own."""
        choice = router.queue_configurations()[contact.queue_id].choice
        busy = load(router, one)
        if choice == "best_level":
            return Fraction(-self.fit(router, one.agent_id, contact)), busy, Fraction(one.idle_since_ms)
        return (busy, Fraction(one.idle_since_ms)) if choice == "longest_idle" else (busy,)


def sites_of(router: Router) -> list[str | None]:
    """Where each agent works: it follows from the state, and is not in the snapshot."""
    return [router.site_of(one.agent_id) for one in router.agents()]


def levels_of(needs: Iterable[m.SkillNeed]) -> dict[str, int]:
    """Each skill once, with its highest level."""
    levels: dict[str, int] = {}
    for need in needs:
        levels[need.skill_id] = max(need.level, levels.get(need.skill_id, 0))
    return levels


def channels_of(router: Router, one: AgentView) -> list[str]:
    """The channels of everything that the agent has in hand."""
    work = list(one.contact_ids) + [offer.contact_id for id in one.offer_ids if (offer := router.offer(id))]
    return [found.details.channel for k in work if (found := router.contact(k))]


def load(router: Router, one: AgentView) -> Fraction:
    capacity = router.agent_configurations()[one.agent_id].capacity
    return sum((Fraction(1, capacity.get(channel, 1)) for channel in channels_of(router, one)), Fraction(0))
