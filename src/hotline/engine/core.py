"""The deciding half of the engine: what every rule stands on.

A rule is a function `rule(engine, at, ...)` in one of the modules beside this one. It first checks everything and
raises an error of `errors` (then nothing has changed), and only then emits events. `emit` applies an event at once, so
each later step sees the state that the former made; the events of one decision are what `take` returns, and applying
them to the state before gives the state after. Times are handed in: `at` is when the command's fact happened, `now_ms`
when it is decided."""

from collections.abc import Callable

from hotline.engine import codes as c
from hotline.engine.apply import APPLIERS
from hotline.engine.apply_contacts import contact_offered
from hotline.engine.codes import (
    AGENT_STATE_CHANGED,
    AVAILABLE,
    BUSY,
    BY_ARRIVAL,
    BY_CONSULT,
    BY_CONSULTING,
    BY_FREED,
    BY_QUEUE,
    CONTACT_OFFERED,
    INTERACTIONS,
    NO_REASON,
    OFFERED,
    OFFERS,
    WRAP_UP,
)
from hotline.engine.matching import place_of
from hotline.engine.records import Agent, Contact, Queue, Waiting
from hotline.engine.world import Event, World


class Engine(World):
    """The world and the hand that moves it. `new_id(family)` is handed in: the core makes no ids. So is
    `wishes_in(contact, queue)`, for the core knows no attributes: what they make the contact need and prefer in another
    queue, as `codes.CONTACT_REQUEUED` says it; nothing where it is as it was.

    What every contact brings does not go through `emit`: the rule has agent, contact and offer in hand already, applies
    the event with them and keeps it in `out`, which saves looking them up again and a call of a function."""

    __slots__ = ("new_id", "now_ms", "out", "wishes_in")

    def __init__(self, new_id: Callable[[int], int]) -> None:
        super().__init__()
        self.new_id = new_id
        self.wishes_in: Callable[[int, int], Event] = _as_before
        self.now_ms = 0
        self.out: list[Event] = []

    def take(self) -> list[Event]:
        """The events since the last call, already applied."""
        out = self.out
        self.out = []
        return out

    def emit(self, event: Event) -> None:
        """Apply an event and keep it for the log."""
        APPLIERS[event[0]](self, event)
        self.out.append(event)

    # --- steps that rules share --------------------------------------------------------------------------------------

    def settle(self, agent: Agent, at: int) -> None:
        """Announce the state that the agent's work and wish now add up to, if it is another."""
        reason, actor = NO_REASON, 0
        if agent.talks or agent.consults:
            state = BUSY
        elif agent.wraps:
            state = WRAP_UP
        elif agent.offers:
            state = OFFERED
        elif agent.desired == AVAILABLE and agent.is_connected:
            state, reason, actor = AVAILABLE, agent.desired_reason, agent.desired_actor
        else:
            self._settle_free(agent, at)
            return
        if state != agent.state:
            # As the event is applied: what the work adds up to leaves the wish as it is.
            agent.state = state
            agent.reason = reason
            agent.since_ms = at
            if state == AVAILABLE:
                agent.desired_reason = NO_REASON
                agent.desired_actor = 0
            self.out.append((AGENT_STATE_CHANGED, at, agent.id, state, reason, actor))

    def _settle_free(self, agent: Agent, at: int) -> None:
        """Without work the wish decides, as far as the connection allows; who can be available is so already."""
        if agent.desired == c.SIGNED_OUT:
            self._settle_signed_out(agent, at)
        elif agent.desired == c.AWAY:
            reason = agent.desired_reason
            if agent.state != c.AWAY or agent.reason != reason:
                self.emit((AGENT_STATE_CHANGED, at, agent.id, c.AWAY, reason, agent.desired_actor))
        elif agent.state != c.AWAY or agent.reason != c.CONNECTION_LOST_REASON:
            self.emit((AGENT_STATE_CHANGED, at, agent.id, c.AWAY, c.CONNECTION_LOST_REASON, 0))

    def _settle_signed_out(self, agent: Agent, at: int) -> None:
        if agent.state == c.SIGNED_OUT:
            return
        actor = agent.desired_actor
        reason = agent.desired_reason
        self.emit((c.AGENT_SIGNED_OUT, at, agent.id, _cause_of_sign_out(agent, reason, actor)))
        self.emit((AGENT_STATE_CHANGED, at, agent.id, c.SIGNED_OUT, reason, actor))

    def wish(self, agent: Agent, state: int, reason: int, actor: int, at: int) -> None:
        """Change the agent's state now, or note the wish when work is still open."""
        self._wish(agent, state, reason, actor, at)
        if agent.kept and state != AVAILABLE:
            self.let_go(agent, at, c.C_AGENT_LEFT)

    def send_away(self, agent: Agent, reason: int, at: int) -> list[Contact]:
        """Away for a reason of the house, now or after work. Who waits for this agent is put into their lines and wants
        matching."""
        self._wish(agent, c.AWAY, reason, 0, at)
        return self.release_kept(agent, at, c.C_AGENT_LEFT) if agent.kept else []

    def _wish(self, agent: Agent, state: int, reason: int, actor: int, at: int) -> None:
        if agent.has_work():
            if (agent.desired, agent.desired_reason, agent.desired_actor) != (state, reason, actor):
                self.emit((c.AGENT_STATE_REQUESTED, at, agent.id, state, reason, actor))
        elif state == c.SIGNED_OUT:
            if agent.state != c.SIGNED_OUT:
                self.emit((c.AGENT_SIGNED_OUT, at, agent.id, _cause_of_sign_out(agent, reason, actor)))
                self.emit((AGENT_STATE_CHANGED, at, agent.id, state, reason, actor))
        elif state == AVAILABLE and not agent.is_connected:
            # It cannot be available yet; the wish is kept until the connection is back.
            if agent.desired != state:
                self.emit((c.AGENT_STATE_REQUESTED, at, agent.id, state, reason, actor))
                self.settle(agent, at)
        elif agent.state != state or (state == c.AWAY and agent.reason != reason):
            self.emit((AGENT_STATE_CHANGED, at, agent.id, state, reason, actor))

    def offer(
        self, contact: Contact, agent: Agent, kind: int, cause: int = c.BY_TRANSFERRING, candidates: int = 1
    ) -> None:
        """Propose a contact to an agent; the offer's time runs from now."""
        queue = contact.queue
        now_ms = self.now_ms
        event = (
            CONTACT_OFFERED,
            now_ms,
            self.new_id(OFFERS),
            contact.id,
            agent.id,
            queue.id,
            kind,
            now_ms + queue.offer_ms,
            self.new_id(INTERACTIONS),
            BY_CONSULTING if kind == BY_CONSULT else cause,
            candidates,
            agent.last_offer_ms,
        )
        contact_offered(self, event, contact, agent)
        self.out.append(event)
        self.settle(agent, now_ms)

    def send_on(self, at: int, contact: Contact, queue: Queue, cause: int, is_anew: int = 0) -> None:
        """Into another queue, which asks for other attributes of the contact. `is_anew`: 1 after a talk."""
        wishes = self.wishes_in(contact.id, queue.id)
        self.emit((c.CONTACT_REQUEUED, at, contact.id, queue.id, cause, is_anew, *wishes))

    def match_contact(self, contact: Contact, cause: int = BY_ARRIVAL) -> bool:
        """Offer a waiting contact to the agent whom its queue's way to choose gives; whether there was one."""
        line = contact.line
        if line is None:
            return False
        if contact.transfer and self._give_back(contact):
            return True
        agent = self.board.best_agent(line, self.now_ms)
        if agent is None:
            return False
        self.offer(contact, agent, BY_QUEUE, cause, self.board.candidates)
        return True

    def match_arrival(self, contact: Contact) -> None:
        """Offer a contact that has just come to the agent whom its queue's way to choose gives; if there is none, it
        takes its place in the line."""
        if contact.is_stranded:
            return
        board = self.board
        line = board.line_for(contact)
        agent = board.best_agent(line, self.now_ms)
        if agent is None:
            board.join(contact, line)
        else:
            self.offer(contact, agent, BY_QUEUE, BY_ARRIVAL, board.candidates)

    def match_agent(self, agent: Agent) -> None:
        """Offer an idle agent what waits for them or for somebody like them, as long as their capacity lasts."""
        board = self.board
        if not board.waiting_count and not agent.kept:
            return
        while agent.ticket:
            if (agent.kept or agent.handed) and self._offer_own(agent):
                continue
            contact = board.best_contact(agent, self.now_ms)
            if contact is None:
                return
            if contact.line is not None and contact.line.is_background:
                if not self.match_contact(contact):  # others are idle too, and may come first
                    return
            else:
                self.offer(contact, agent, BY_QUEUE, BY_FREED, board.candidates)

    def _offer_own(self, agent: Agent) -> bool:
        """Who waits for this very agent, or was handed over by them and is answered by nobody, comes before all but
        those who are overdue and have the better place; whether there was one whose channel is free."""
        mine = [contact for contact in agent.kept if not contact.is_stranded and has_room(agent, contact.channel)]
        for id in agent.handed:
            transfer = self.transfers[id]
            if transfer.is_unanswered and self.takes_back(agent, transfer.contact):
                mine.append(transfer.contact)
        if not mine:
            return False
        own = min(mine, key=place_of)
        other = self.board.best_contact(agent, self.now_ms)  # an overdue one if there is any
        if other is not None and self._is_overdue(other) and place_of(other) < place_of(own):
            return False
        if own.transfer:
            return self._give_back(own)
        self.offer(own, agent, BY_QUEUE, c.BY_WANTED)
        return True

    def takes_back(self, agent: Agent, contact: Contact) -> bool:
        """Whether a sender has room for what they have handed over, and may have it: no skill for it has lapsed, and
        whoever is of another tenant is still lent to the queue."""
        if contact.line is None or not has_room(agent, contact.channel) or agent.has_lost(contact):
            return False
        return agent.profile.may_be_offered(contact.queue)

    def _give_back(self, contact: Contact) -> bool:
        """Offer to the sender what was handed over and is answered by nobody, if they have room for it; whether it
        was."""
        transfer = self.transfers[contact.transfer]
        sender = transfer.agent
        if not transfer.is_unanswered or not self.takes_back(sender, contact):
            return False
        ids = (transfer.id, contact.id)
        self.emit((c.TRANSFER_FAILED, self.now_ms, *ids, c.C_NOBODY_ANSWERED, sender.id, transfer.kind))
        self.offer(contact, sender, c.BY_TRANSFER)
        return True

    def _is_overdue(self, contact: Contact) -> bool:
        is_quiet = contact.line is not None and contact.line.is_background
        return not is_quiet and self.board.is_overdue(place_of(contact), self.now_ms)

    def let_go(self, agent: Agent, at: int, cause: int) -> None:
        """Whoever waits for this agent may be taken by anybody from now on."""
        self.match(self.release_kept(agent, at, cause), [])

    def release_kept(self, agent: Agent, at: int, cause: int) -> list[Contact]:
        """As `let_go`, but they are only put into their lines."""
        kept = list(agent.kept)
        for contact in kept:
            self.emit((c.CONTACT_RELEASED, at, contact.id, agent.id, cause))
        return kept

    def match(self, contacts: list[Contact], agents: list[Agent]) -> None:
        """Bring together what has just come loose: the contact with the first place gets its agent, until none of these
        contacts and agents finds another."""
        if not agents:  # nobody becomes free on the way: whoever finds nobody finds nobody later either
            for contact in sorted(contacts, key=_turn_of):
                self.match_contact(contact)
            return
        while True:
            self._offer_all_own(agents)
            candidates = [contact for contact in contacts if contact.line is not None]
            for agent in agents:
                best = self.board.best_contact(agent, self.now_ms)
                if best is not None and best not in candidates:
                    candidates.append(best)
            candidates.sort(key=_turn_of)
            for contact in candidates:
                if self.match_contact(contact):
                    break
            else:
                return

    def match_everybody(self) -> None:
        """Match all who wait, in order: for changes that touch eligibility as a whole."""
        keepers = [agent for agent in self.agents.values() if agent.kept or agent.handed]
        self._offer_all_own(keepers)
        waiting = [contact for contact in self.contacts.values() if contact.line is not None]
        waiting.sort(key=_turn_of)
        for contact in waiting:
            if self.match_contact(contact, c.BY_REFORM):
                self._offer_all_own(keepers)  # an overdue one may have stood before who is kept

    def _offer_all_own(self, agents: list[Agent]) -> None:
        for agent in agents:
            while agent.ticket and (agent.kept or agent.handed) and self._offer_own(agent):
                pass


def has_room(agent: Agent, channel: int) -> bool:
    """Whether the agent is idle for another contact of the channel."""
    return any(pool.channel == channel for pool in agent.pools)


def _as_before(contact: int, queue: int) -> Event:
    return ()


def _turn_of(contact: Contact) -> tuple[bool, Waiting]:
    """Less is sooner: work that waits for a quiet hour comes after everybody's."""
    line = contact.line
    return line is not None and line.is_background, place_of(contact)


def _cause_of_sign_out(agent: Agent, reason: int, actor: int) -> int:
    if not agent.is_active:
        return c.C_DEACTIVATED
    if reason == c.CONNECTION_LOST_REASON:
        return c.C_CONNECTION_LOST
    return c.C_FORCED if actor else c.C_SIGNED_OUT
