"""The engine's state and `apply`, the only code that changes it. Deterministic: same events, same state."""

from collections.abc import Callable
from heapq import heappush

from hotline.engine import codes as c
from hotline.engine.gauges import gauge_asked, gauge_ended, gauge_talking
from hotline.engine.matching import Board
from hotline.engine.records import Agent, Contact, Gauge, Interaction, Monitoring, Offer, Queue, Transfer
from hotline.engine.settings import Ladder

Event = tuple[int, ...]
LOOK_EACH_MS = 1_000


class World:
    """Everything the engine knows. Read freely; change it only by `apply` and `configuring.configure`."""

    __slots__ = (
        "_appliers",
        "agents",
        "answered",
        "away_reasons",
        "board",
        "contacts",
        "disasters",
        "gauges",
        "interactions",
        "interruptible",
        "ladders",
        "monitorings",
        "offers",
        "order",
        "queues",
        "released",
        "resume_grace_ms",
        "sites_down",
        "timers",
        "transfers",
        "version",
    )

    def __init__(self) -> None:
        self.version = -1
        self.resume_grace_ms = 10_000
        self.away_reasons: tuple[int, ...] = ()
        self.board = Board()
        self.queues: dict[int, Queue] = {}
        self.agents: dict[int, Agent] = {}
        self.contacts: dict[int, Contact] = {}
        self.offers: dict[int, Offer] = {}
        self.answered: dict[int, int] = {}  # answered offer -> its interaction, until that is wrapped up
        self.interactions: dict[int, Interaction] = {}
        self.transfers: dict[int, Transfer] = {}
        self.ladders: dict[int, Ladder] = {}
        self.gauges: dict[int, Gauge] = {}  # of the queues that ladders watch
        self.sites_down: dict[int, None] = {}
        self.disasters: dict[int, None] = {}  # queues in disaster mode
        self.interruptible: tuple[int, ...] = ()  # channels
        self.monitorings: dict[int, Monitoring] = {}
        self.order = 0  # of arrivals and of ends of work: breaks ties of equal stamps
        self.timers: list[tuple[int, int, int]] = []  # (due, timer, id), with entries that no longer hold
        self.released: list[tuple[int, int]] = []  # (family, id) that nothing here refers to any more
        self._appliers: list[Callable[[Event], None]] = [self._apply_unknown] * c.EVENT_KINDS
        self._register()

    def _register(self) -> None:
        appliers = self._appliers
        appliers[c.AGENT_SIGNED_IN] = self._agent_signed_in
        appliers[c.AGENT_SIGNED_OUT] = self._agent_signed_out
        appliers[c.AGENT_STATE_CHANGED] = self._agent_state_changed
        appliers[c.AGENT_STATE_REQUESTED] = self._agent_state_requested
        appliers[c.AGENT_CONNECTION_LOST] = self._agent_connection_lost
        appliers[c.AGENT_CONNECTION_RESTORED] = self._agent_connection_restored
        appliers[c.CONTACT_QUEUED] = self._contact_queued
        appliers[c.CONTACT_OFFERED] = self._contact_offered
        appliers[c.OFFER_EXPIRED] = self._offer_closed
        appliers[c.OFFER_REFUSED] = self._offer_closed
        appliers[c.OFFER_FAILED] = self._offer_closed
        appliers[c.OFFER_WITHDRAWN] = self._offer_closed
        appliers[c.OFFER_ACCEPTED] = self._offer_accepted
        appliers[c.CONTACT_CONNECTED] = self._contact_connected
        appliers[c.CONTACT_REQUEUED] = self._contact_requeued
        appliers[c.CONTACT_HELD] = self._contact_held
        appliers[c.CONTACT_RETRIEVED] = self._contact_retrieved
        appliers[c.AGENT_LEG_LOST] = self._agent_leg_lost
        appliers[c.AGENT_LEG_RESUMED] = self._agent_leg_resumed
        appliers[c.TRANSFER_STARTED] = self._transfer_started
        appliers[c.TRANSFER_ANSWERED] = self._transfer_answered
        appliers[c.TRANSFER_COMPLETED] = self._transfer_completed
        appliers[c.TRANSFER_FAILED] = self._transfer_failed
        appliers[c.INTERACTION_ENDED] = self._interaction_ended
        appliers[c.WRAP_UP_STARTED] = self._wrap_up_started
        appliers[c.WRAP_UP_EXTENDED] = self._wrap_up_extended
        appliers[c.WRAPPED_UP] = self._wrapped_up
        appliers[c.CONTACT_ENDED] = self._contact_ended
        appliers[c.TRANSFER_MERGED] = self._transfer_merged
        appliers[c.MONITORING_STARTED] = self._monitoring_started
        appliers[c.MONITORING_CHANGED] = self._monitoring_changed
        appliers[c.MONITORING_STOPPED] = self._monitoring_stopped
        appliers[c.CONTACT_WIDENED] = self._contact_widened
        appliers[c.CONTACT_RELEASED] = self._contact_released
        appliers[c.CONTACT_DIVERTED] = self._contact_diverted
        appliers[c.CALLBACK_PROMISED] = self._callback_promised
        appliers[c.CALLBACK_POSTPONED] = self._callback_postponed
        appliers[c.CALLBACK_DUE] = self._callback_due
        appliers[c.AGENT_SKILL_LAPSED] = self._agent_skill_lapsed
        appliers[c.SITE_MARKED] = self._site_marked
        appliers[c.DISASTER_MODE_SET] = self._disaster_mode_set
        appliers[c.TIER_MOVED] = self._tier_moved

    def apply(self, event: Event) -> None:
        """Change the state as the event says."""
        self._appliers[event[0]](event)

    def _apply_unknown(self, event: Event) -> None:
        raise ValueError(f"the engine does not know events of kind {event[0]}")

    # --- agents ------------------------------------------------------------------------------------------------------

    def _agent_signed_in(self, event: Event) -> None:
        _, at, agent_id, session = event
        agent = self.agents[agent_id]
        if agent.session:
            self.released.append((c.SESSIONS, agent.session))
        if agent.state == c.SIGNED_OUT:
            self._start_idle_clock(agent, at)
            agent.signed_in_ms = at
            agent.busy_ms = agent.served = 0
        agent.session = session
        agent.is_connected = True
        self.board.place(agent)

    def _agent_signed_out(self, event: Event) -> None:
        agent = self.agents[event[2]]
        if agent.session:
            self.released.append((c.SESSIONS, agent.session))
        agent.session = 0
        agent.is_connected = False
        agent.desired = c.SIGNED_OUT
        self.board.place(agent)

    def _agent_state_changed(self, event: Event) -> None:
        self.agent_state_changed(event, self.agents[event[2]])

    def agent_state_changed(self, event: Event, agent: Agent) -> None:
        """Apply the event; the agent is the one that it names."""
        state = agent.state = event[3]
        reason = agent.reason = event[4]
        agent.since_ms = event[1]
        if c.AVAILABLE < state < c.AWAY:  # offered, busy, wrap-up: the wish stays
            return
        if state == c.AVAILABLE:
            agent.desired_reason = c.NO_REASON
            agent.desired_actor = 0
            if agent.desired != c.AVAILABLE:
                agent.desired = c.AVAILABLE
                self.board.place(agent)
        elif (state == c.AWAY and reason != c.CONNECTION_LOST_REASON) or state == c.SIGNED_OUT:
            agent.desired = state
            agent.desired_reason = reason
            agent.desired_actor = 0
            self.board.unplace(agent)

    def _agent_state_requested(self, event: Event) -> None:
        agent = self.agents[event[2]]
        agent.desired = event[3]
        agent.desired_reason = event[4]
        agent.desired_actor = event[5]
        self.board.place(agent)

    def _agent_connection_lost(self, event: Event) -> None:
        agent = self.agents[event[2]]
        agent.is_connected = False
        self.board.unplace(agent)

    def _agent_connection_restored(self, event: Event) -> None:
        agent = self.agents[event[2]]
        agent.is_connected = True
        self.board.place(agent)

    def _start_idle_clock(self, agent: Agent, at: int) -> None:
        self.order += 1
        agent.idle_since_ms = at
        agent.idle_order = self.order

    # --- queue and offers --------------------------------------------------------------------------------------------

    def _contact_queued(self, event: Event) -> None:
        contact = self.contact_queued(event, self.queues[event[3]])
        if contact.stage == c.WAITING:
            self.board.wait(contact)

    def contact_queued(self, event: Event, queue: Queue) -> Contact:
        """Apply the event but for the contact's place in a line: who finds somebody able idle never takes it."""
        self.order += 1
        contact = Contact(event[2], queue, event[4], event[5], event[6], self.order, ())
        contact.entered_ms = event[1]
        contact.ring = queue.plain_ring
        if len(event) > 7:
            self._read_wishes(contact, event)
        self.contacts[contact.id] = contact
        if queue.gauge is not None:
            contact.gauge = queue.gauge
            gauge_asked(queue.gauge, contact)
        if contact.wanted:
            self._keep(contact)
        else:
            contact.stage = c.WAITING
        if queue.steps:
            self._watch_steps(contact)
        if queue.ladders:
            self._watch_ladders(queue, event[1])
        return contact

    def _watch_ladders(self, queue: Queue, now_ms: int) -> None:
        """Somebody asks: the ladders behind the queue are looked at each second from now on."""
        for id in queue.ladders:
            ladder = self.ladders[id]
            if not ladder.due_ms:
                self.set_look(ladder, now_ms)

    def set_look(self, ladder: Ladder, now_ms: int) -> None:
        """Look at the ladder at the next full second."""
        ladder.due_ms = now_ms - now_ms % LOOK_EACH_MS + LOOK_EACH_MS
        heappush(self.timers, (ladder.due_ms, c.LADDER_TIMER, ladder.id))

    def _read_wishes(self, contact: Contact, event: Event) -> None:
        """What follows the asking time: place, wanted agent, needs and preferred skills."""
        contact.place_ms = event[7]
        contact.wanted = event[8]
        contact.wanted_until_ms = event[9]
        first = 11 + 2 * event[10]
        contact.needs = tuple([(event[i], event[i + 1]) for i in range(11, first, 2)])
        contact.preferred = tuple([(event[i], event[i + 1]) for i in range(first, len(event), 2)])
        if contact.preferred:
            contact.ring = 0

    def _keep(self, contact: Contact) -> None:
        """Let a contact wait for one agent only."""
        contact.stage = c.KEPT
        contact.queue.waiting += 1
        self.agents[contact.wanted].kept.append(contact)
        heappush(self.timers, (contact.wanted_until_ms, c.WANTED_TIMER, contact.id))

    def _no_longer_kept(self, contact: Contact) -> None:
        self.agents[contact.wanted].kept.remove(contact)
        contact.queue.waiting -= 1
        contact.wanted = 0

    def _watch_steps(self, contact: Contact) -> None:
        """Set the timer of what happens next to a contact because it waits."""
        steps = contact.steps()
        if contact.step < len(steps):
            heappush(self.timers, (contact.entered_ms + steps[contact.step][0], c.STEP_TIMER, contact.id))

    def _contact_offered(self, event: Event) -> None:
        self.contact_offered(event, self.contacts[event[3]], self.agents[event[4]])

    def contact_offered(self, event: Event, contact: Contact, agent: Agent) -> None:
        """Apply the event; contact and agent are those that it names."""
        offer_id = event[2]
        kind = event[6]
        transfer_id = 0
        if kind != c.BY_QUEUE and contact.transfer:
            transfer_id = contact.transfer
            self.transfers[transfer_id].offer = offer_id
        self.offers[offer_id] = Offer(offer_id, contact, agent, kind, event[7], event[8], transfer_id)
        if kind != c.BY_CONSULT:
            if contact.stage == c.KEPT:
                self._no_longer_kept(contact)
            elif contact.line is not None:
                self.board.leave(contact)
            contact.stage = c.PROPOSED
            contact.offer = offer_id
        agent.offers.append(offer_id)
        self.order += 1
        agent.last_offer = self.order
        agent.load += agent.profile.units.get(contact.channel, c.WHOLE)
        if self.interruptible and contact.channel in self.interruptible:
            agent.soft_load += agent.profile.unit(contact.channel)
        if agent.load < c.WHOLE or agent.soft_load:
            self.board.place(agent)
        else:
            self.board.unplace(agent)
        heappush(self.timers, (event[7], c.OFFER_TIMER, offer_id))

    def _offer_closed(self, event: Event) -> None:
        offer = self.offers.pop(event[2])
        agent = offer.agent
        contact = offer.contact
        agent.offers.remove(offer.id)
        self._load(agent, contact.channel, -1)
        if offer.transfer:
            self.transfers[offer.transfer].offer = 0
        if offer.kind != c.BY_CONSULT:
            contact.offer = 0
            contact.stage = c.BETWEEN
        self.released.append((c.OFFERS, offer.id))
        self.released.append((c.INTERACTIONS, offer.interaction))
        self.board.place(agent)

    def _load(self, agent: Agent, channel: int, sign: int) -> None:
        """Add or take away the share of the agent's attention that one contact of the channel takes."""
        unit = sign * agent.profile.units.get(channel, c.WHOLE)
        agent.load += unit
        if self.interruptible and channel in self.interruptible:
            agent.soft_load += unit

    def _offer_accepted(self, event: Event) -> None:
        self.offers[event[2]].is_accepted = True

    def _contact_requeued(self, event: Event) -> None:
        _, _, contact_id, queue_id, cause = event
        contact = self.contacts[contact_id]
        self.board.leave(contact)
        if contact.stage == c.KEPT:
            self._no_longer_kept(contact)
        if queue_id != contact.queue.id:
            queue = contact.queue = self.queues[queue_id]
            contact.entered_ms = event[1]
            contact.step = 0
            contact.ring = 0 if contact.preferred else queue.plain_ring
        contact.stage = c.WAITING
        if cause == c.C_AGENT_LOST or cause == c.C_TRANSFER_FAILED:
            contact.is_front = True
        self.board.wait(contact)
        if contact.queue.steps:
            self._watch_steps(contact)

    def _contact_widened(self, event: Event) -> None:
        contact = self.contacts[event[2]]
        contact.ring = event[4]
        contact.step += event[5]
        if contact.line is not None:
            self.board.leave(contact)
            self.board.wait(contact)
        self._watch_steps(contact)

    def _contact_released(self, event: Event) -> None:
        contact = self.contacts[event[2]]
        self._no_longer_kept(contact)
        contact.stage = c.WAITING
        self.board.wait(contact)

    def _contact_diverted(self, event: Event) -> None:
        contact = self.contacts.pop(event[2])
        if contact.stage == c.KEPT:
            self._no_longer_kept(contact)
        self.board.leave(contact)
        if contact.gauge is not None:
            gauge_ended(contact.gauge, contact)
        self.released.append((c.DIVERTED, contact.id))

    # --- call-backs --------------------------------------------------------------------------------------------------

    def _callback_promised(self, event: Event) -> None:
        contact = self.contacts[event[2]]
        contact.is_called_back = True
        if event[3] > event[1]:
            self._schedule(contact, event[3])

    def _schedule(self, contact: Contact, due_ms: int) -> None:
        """Out of the line until then."""
        if contact.stage == c.KEPT:
            self._no_longer_kept(contact)
        self.board.leave(contact)
        contact.stage = c.SCHEDULED
        contact.due_ms = due_ms
        heappush(self.timers, (due_ms, c.CALLBACK_TIMER, contact.id))

    def _callback_postponed(self, event: Event) -> None:
        contact = self.contacts[event[2]]
        contact.attempts = event[4]
        self._schedule(contact, event[5])

    def _callback_due(self, event: Event) -> None:
        contact = self.contacts[event[2]]
        contact.stage = c.WAITING
        contact.due_ms = 0
        self.board.wait(contact)

    # --- who can take what changes -----------------------------------------------------------------------------------

    def _agent_skill_lapsed(self, event: Event) -> None:
        agent = self.agents[event[2]]
        if event[3] not in agent.lapsed:  # older logs say it again after each configuration
            agent.lapsed.append(event[3])
        self.profile_anew(agent)

    def profile_anew(self, agent: Agent) -> None:
        """Give the agent the profile of the configuration without lapsed skills and with those borrowed for ladders."""
        tenants, skills, capacity, groups, takes = agent.standing.key
        levels = dict(skills)
        for skill in agent.lapsed:
            levels.pop(skill, None)
        for ladder in self.ladders.values():
            for tier in ladder.tiers:
                if tier.step == c.TIER_STARTED and agent.id in tier.members:
                    for skill, level in tier.skills:
                        levels[skill] = max(level, levels.get(skill, 0))
        was_idle = bool(agent.ticket)
        self.board.unplace(agent)
        agent.profile = self.board.profile((tenants, tuple(sorted(levels.items())), capacity, groups, takes))
        if was_idle:
            self.board.place(agent)

    def _site_marked(self, event: Event) -> None:
        _, _, site, is_down, _ = event
        if is_down:
            self.sites_down[site] = None
        else:
            self.sites_down.pop(site, None)
        for agent in self.agents.values():
            if agent.site == site:
                agent.is_site_down = bool(is_down)
                if is_down:
                    self.board.unplace(agent)
                else:
                    self.board.place(agent)

    def _disaster_mode_set(self, event: Event) -> None:
        _, _, queue, is_on, _ = event
        if is_on:
            self.disasters[queue] = None
        else:
            self.disasters.pop(queue, None)
        self.queues[queue].is_disaster = bool(is_on)

    def _tier_moved(self, event: Event) -> None:
        ladder = self.ladders.get(event[2])
        if ladder is None:
            return
        for tier in ladder.tiers:
            if tier.id == event[3]:
                step = event[4]
                tier.step = step if step in (c.TIER_CALLED, c.TIER_STARTED) else c.TIER_OFF
                tier.until_ms = event[9] if step == c.TIER_CALLED else 0
                tier.since_ms = -1
                if step != c.TIER_CALLED:
                    for id in tier.members:
                        member = self.agents.get(id)
                        if member is not None:
                            self.profile_anew(member)

    # --- conversation ------------------------------------------------------------------------------------------------

    def _contact_connected(self, event: Event) -> None:
        self.contact_connected(event, self.contacts[event[2]], self.agents[event[5]])

    def contact_connected(self, event: Event, contact: Contact, agent: Agent) -> None:
        """Apply the event; contact and agent are those that it names."""
        offer_id = event[3]
        interaction_id = event[4]
        offer = self.offers.pop(offer_id)
        if offer.is_answered:
            agent.consults.remove(offer.transfer)
        else:
            agent.offers.remove(offer_id)
        self.answered[offer_id] = interaction_id
        self.interactions[interaction_id] = Interaction(interaction_id, contact, agent, event[1], offer_id)
        agent.talks.append(interaction_id)
        contact.stage = c.TALKING
        contact.offer = 0
        contact.is_front = False
        if contact.interaction:
            # A conference: the sender keeps the contact until one of the two agents leaves.
            transfer = self.transfers[contact.transfer]
            transfer.joined = interaction_id
            transfer.offer = 0
        else:
            contact.interaction = interaction_id
        if contact.wait_ms < 0:
            contact.wait_ms = event[6]
            if contact.gauge is not None:
                gauge_talking(contact.gauge, contact, event[6])
        agent.served += 1
        if agent.soft_load and contact.channel not in self.interruptible:
            self._interrupt(agent, event[1])

    def _interrupt(self, agent: Agent, at: int) -> None:
        """What can wait does, while the agent is taken up by what cannot."""
        for id in agent.talks:
            talk = self.interactions[id]
            if talk.contact.channel in self.interruptible:
                talk.pause(c.INTERRUPTED, at)

    def _go_on(self, agent: Agent, at: int) -> None:
        """Nothing is left for which the rest had to wait."""
        for id in agent.talks:
            self.interactions[id].resume(c.INTERRUPTED, at)

    def _contact_held(self, event: Event) -> None:
        self.interactions[event[3]].pause(c.HELD, event[1])

    def _contact_retrieved(self, event: Event) -> None:
        self.interactions[event[3]].resume(c.HELD, event[1])

    def _agent_leg_lost(self, event: Event) -> None:
        interaction = self.interactions[event[3]]
        interaction.pause(c.LEG_LOST, event[1])
        interaction.lost_until_ms = event[1] + self.resume_grace_ms
        heappush(self.timers, (interaction.lost_until_ms, c.LEG_TIMER, interaction.id))

    def _agent_leg_resumed(self, event: Event) -> None:
        interaction = self.interactions[event[3]]
        interaction.resume(c.LEG_LOST, event[1])
        interaction.lost_until_ms = 0

    def _interaction_ended(self, event: Event) -> None:
        self.interaction_ended(event, self.interactions[event[2]])

    def interaction_ended(self, event: Event, interaction: Interaction) -> None:
        """Apply the event; the interaction is the one that it names."""
        id = event[2]
        interaction.ended_ms = event[1]
        interaction.hold_ms = event[6]
        interaction.paused = 0
        interaction.lost_until_ms = 0
        agent = interaction.agent
        agent.talks.remove(id)
        agent.wraps.append(id)
        contact = interaction.contact
        contact.wraps += 1
        if contact.interaction == id:
            contact.interaction = 0
            if contact.stage == c.TALKING:
                contact.stage = c.BETWEEN

    def _wrap_up_started(self, event: Event) -> None:
        self.wrap_up_started(event, self.interactions[event[2]])

    def wrap_up_started(self, event: Event, interaction: Interaction) -> None:
        """Apply the event; the interaction is the one that it names."""
        interaction.until_ms = event[5]
        if interaction.queue.is_automatic:
            interaction.is_automatic = True
            if event[5] > event[1]:  # one of no length is over in the same decision
                self._watch_wrap_up(interaction)

    def _wrap_up_extended(self, event: Event) -> None:
        interaction = self.interactions[event[2]]
        interaction.until_ms = event[5]
        self._watch_wrap_up(interaction)

    def _watch_wrap_up(self, interaction: Interaction) -> None:
        if interaction.is_automatic:
            heappush(self.timers, (interaction.until_ms, c.WRAP_UP_TIMER, interaction.id))

    def _wrapped_up(self, event: Event) -> None:
        self.wrapped_up(event, self.interactions[event[2]])

    def wrapped_up(self, event: Event, interaction: Interaction) -> None:
        """Apply the event; the interaction is the one that it names."""
        at = event[1]
        id = event[2]
        agent = interaction.agent
        contact = interaction.contact
        del self.interactions[id]
        agent.wraps.remove(id)
        agent.load -= agent.profile.units.get(contact.channel, c.WHOLE)
        if agent.soft_load:
            if contact.channel in self.interruptible:
                agent.soft_load -= agent.profile.unit(contact.channel)
            if agent.soft_load and agent.load == agent.soft_load:
                self._go_on(agent, at)
        if at > interaction.connected_ms:
            agent.busy_ms += at - interaction.connected_ms
        del self.answered[interaction.offer]
        self.released.append((c.INTERACTIONS, id))
        self.released.append((c.OFFERS, interaction.offer))
        contact.wraps -= 1
        if contact.stage == c.ENDED:
            self._forget_when_done(contact)
        agent.last_contact = contact.id
        self.order += 1
        agent.idle_since_ms = at
        agent.idle_order = self.order
        self.board.place(agent)

    def _contact_ended(self, event: Event) -> None:
        self.contact_ended(event, self.contacts[event[2]])

    def contact_ended(self, event: Event, contact: Contact) -> None:
        """Apply the event; the contact is the one that it names."""
        if contact.stage == c.KEPT:
            self._no_longer_kept(contact)
        elif contact.line is not None:
            self.board.leave(contact)
        if contact.wait_ms < 0 and contact.gauge is not None:
            gauge_ended(contact.gauge, contact)
        contact.stage = c.ENDED
        if contact.transfer:
            self._drop_transfer(self.transfers[contact.transfer])
        if not contact.wraps:
            self._forget_when_done(contact)

    def _forget_when_done(self, contact: Contact) -> None:
        if not contact.wraps:
            del self.contacts[contact.id]
            self.released.append((c.CONTACTS, contact.id))

    # --- transfers ---------------------------------------------------------------------------------------------------

    def _transfer_started(self, event: Event) -> None:
        _, at, transfer_id, contact_id, interaction_id, agent_id, kind, target_kind, target = event
        contact = self.contacts[contact_id]
        agent = self.agents[agent_id]
        self.transfers[transfer_id] = Transfer(transfer_id, contact, interaction_id, agent, kind, target_kind, target)
        contact.transfer = transfer_id
        if kind == c.CONSULT:
            self.interactions[interaction_id].pause(c.TRANSFERRING, at)
        elif target_kind == c.TO_NUMBER:
            contact.stage = c.OUTSIDE

    def _transfer_answered(self, event: Event) -> None:
        transfer = self.transfers[event[2]]
        transfer.is_answered = True
        transfer.target_agent = event[4]
        if transfer.offer:
            offer = self.offers[transfer.offer]
            offer.is_answered = True
            offer.agent.offers.remove(offer.id)
            offer.agent.consults.append(transfer.id)

    def _transfer_completed(self, event: Event) -> None:
        transfer = self.transfers[event[2]]
        if transfer.target_kind == c.TO_NUMBER:
            # The outside leg still belongs to this contact: both are kept until it ends.
            transfer.is_answered = True
            transfer.is_merged = False
            transfer.contact.stage = c.OUTSIDE
            return
        if transfer.joined:
            transfer.contact.interaction = transfer.joined
        self._drop_transfer(transfer)

    def _transfer_merged(self, event: Event) -> None:
        transfer = self.transfers[event[2]]
        transfer.is_merged = True
        interaction = self.interactions[transfer.interaction]
        interaction.resume(c.TRANSFERRING, event[1])
        interaction.resume(c.HELD, event[1])

    def _transfer_failed(self, event: Event) -> None:
        transfer = self.transfers[event[2]]
        at = event[1]
        if transfer.is_answered and transfer.offer:
            offer = self.offers.pop(transfer.offer)
            agent = offer.agent
            agent.consults.remove(transfer.id)
            self._load(agent, transfer.contact.channel, -1)
            self.released.append((c.OFFERS, offer.id))
            self.released.append((c.INTERACTIONS, offer.interaction))
            self._start_idle_clock(agent, at)
            self.board.place(agent)
        interaction = self.interactions.get(transfer.interaction)
        if interaction is not None and interaction.ended_ms < 0:
            interaction.resume(c.TRANSFERRING, at)
            interaction.resume(c.HELD, at)
        if transfer.contact.stage == c.OUTSIDE:
            transfer.contact.stage = c.BETWEEN
        self._drop_transfer(transfer)

    def _drop_transfer(self, transfer: Transfer) -> None:
        del self.transfers[transfer.id]
        transfer.contact.transfer = 0
        self.released.append((c.TRANSFERS, transfer.id))

    # --- monitoring --------------------------------------------------------------------------------------------------

    def _monitoring_started(self, event: Event) -> None:
        _, _, monitoring, supervisor, agent, contact, mode = event
        self.monitorings[monitoring] = Monitoring(monitoring, supervisor, agent, contact, mode)

    def _monitoring_changed(self, event: Event) -> None:
        self.monitorings[event[2]].mode = event[3]

    def _monitoring_stopped(self, event: Event) -> None:
        del self.monitorings[event[2]]
        self.released.append((c.MONITORINGS, event[2]))
