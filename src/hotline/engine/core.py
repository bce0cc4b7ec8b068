"""The deciding half of the engine: what every rule stands on.

A rule is a function `rule(engine, at, ...)` in one of the modules beside this one. It first checks everything and
raises an error of `errors` (then nothing has changed), and only then emits events. `emit` applies an event at once, so
each later step sees the state that the former made; the events of one decision are what `take` returns, and applying
them to the state before gives the state after. Times are handed in: `at` is when the command's fact happened, `now_ms`
when it is decided."""

from collections.abc import Callable

from hotline.engine import codes as c
from hotline.engine.matching import place_of
from hotline.engine.records import Agent, Contact
from hotline.engine.world import Event, World


class Engine(World):
    """The world and the hand that moves it. `new_id(family)` is handed in: the core makes no ids."""

    __slots__ = ("new_id", "now_ms", "out")

    def __init__(self, new_id: Callable[[int], int]) -> None:
        super().__init__()
        self.new_id = new_id
        self.now_ms = 0
        self.out: list[Event] = []

    def take(self) -> list[Event]:
        """The events since the last call, already applied."""
        out = self.out
        self.out = []
        return out

    def emit(self, event: Event) -> None:
        """Apply an event and keep it for the log."""
        self._appliers[event[0]](event)
        self.out.append(event)

    # --- steps that rules share --------------------------------------------------------------------------------------

    def settle(self, agent: Agent, at: int) -> None:
        """Announce the state that the agent's work and wish now add up to, if it is another."""
        if agent.talks or agent.consults:
            state = c.BUSY
        elif agent.wraps:
            state = c.WRAP_UP
        elif agent.offers:
            state = c.OFFERED
        else:
            self._settle_free(agent, at)
            return
        if state != agent.state:
            self.emit((c.AGENT_STATE_CHANGED, at, agent.id, state, c.NO_REASON, 0))

    def _settle_free(self, agent: Agent, at: int) -> None:
        """Without work the wish decides, as far as the connection allows."""
        if agent.desired == c.SIGNED_OUT:
            self._settle_signed_out(agent, at)
        elif agent.desired == c.AWAY:
            reason = agent.desired_reason
            if agent.state != c.AWAY or agent.reason != reason:
                self.emit((c.AGENT_STATE_CHANGED, at, agent.id, c.AWAY, reason, agent.desired_actor))
        elif not agent.is_connected:
            if agent.state != c.AWAY or agent.reason != c.CONNECTION_LOST_REASON:
                self.emit((c.AGENT_STATE_CHANGED, at, agent.id, c.AWAY, c.CONNECTION_LOST_REASON, 0))
        elif agent.state != c.AVAILABLE:
            self.emit((c.AGENT_STATE_CHANGED, at, agent.id, c.AVAILABLE, agent.desired_reason, agent.desired_actor))

    def _settle_signed_out(self, agent: Agent, at: int) -> None:
        if agent.state == c.SIGNED_OUT:
            return
        actor = agent.desired_actor
        reason = agent.desired_reason
        self.emit((c.AGENT_SIGNED_OUT, at, agent.id, _cause_of_sign_out(agent, reason, actor)))
        self.emit((c.AGENT_STATE_CHANGED, at, agent.id, c.SIGNED_OUT, reason, actor))

    def wish(self, agent: Agent, state: int, reason: int, actor: int, at: int) -> None:
        """Change the agent's state now, or note the wish when work is still open."""
        if agent.has_work():
            if (agent.desired, agent.desired_reason, agent.desired_actor) != (state, reason, actor):
                self.emit((c.AGENT_STATE_REQUESTED, at, agent.id, state, reason, actor))
        elif state == c.SIGNED_OUT:
            if agent.state != c.SIGNED_OUT:
                self.emit((c.AGENT_SIGNED_OUT, at, agent.id, _cause_of_sign_out(agent, reason, actor)))
                self.emit((c.AGENT_STATE_CHANGED, at, agent.id, state, reason, actor))
        elif state == c.AVAILABLE and not agent.is_connected:
            # It cannot be available yet; the wish is kept until the connection is back.
            if agent.desired != state:
                self.emit((c.AGENT_STATE_REQUESTED, at, agent.id, state, reason, actor))
                self.settle(agent, at)
        elif agent.state != state or (state == c.AWAY and agent.reason != reason):
            self.emit((c.AGENT_STATE_CHANGED, at, agent.id, state, reason, actor))

    def offer(self, contact: Contact, agent: Agent, kind: int) -> None:
        """Propose a contact to an agent; the offer's time runs from now."""
        queue = contact.queue
        event = (
            c.CONTACT_OFFERED,
            self.now_ms,
            self.new_id(c.OFFERS),
            contact.id,
            agent.id,
            queue.id,
            kind,
            self.now_ms + queue.offer_ms,
            self.new_id(c.INTERACTIONS),
        )
        self.emit(event)
        self.settle(agent, self.now_ms)

    def match_contact(self, contact: Contact) -> bool:
        """Offer a waiting contact to the longest idle agent who can take it; whether there was one."""
        line = contact.line
        if line is None:
            return False
        agent = self.board.best_agent(line)
        if agent is None:
            return False
        self.offer(contact, agent, c.BY_QUEUE)
        return True

    def match_agent(self, agent: Agent) -> None:
        """Offer an idle agent what waits for somebody like them, as long as their capacity lasts."""
        while agent.ticket:
            contact = self.board.best_contact(agent)
            if contact is None:
                return
            self.offer(contact, agent, c.BY_QUEUE)

    def match(self, contacts: list[Contact], agents: list[Agent]) -> None:
        """Bring together what has just come loose: the contact with the first place gets its longest idle agent, until
        none of these contacts and agents finds another."""
        while True:
            candidates = [contact for contact in contacts if contact.line is not None]
            for agent in agents:
                best = self.board.best_contact(agent)
                if best is not None and best not in candidates:
                    candidates.append(best)
            candidates.sort(key=place_of)
            for contact in candidates:
                if self.match_contact(contact):
                    break
            else:
                return

    def match_everybody(self) -> None:
        """Match all who wait, in order: for changes that touch eligibility as a whole."""
        waiting = [contact for contact in self.contacts.values() if contact.line is not None]
        waiting.sort(key=place_of)
        for contact in waiting:
            self.match_contact(contact)


def _cause_of_sign_out(agent: Agent, reason: int, actor: int) -> int:
    if not agent.is_active:
        return c.C_DEACTIVATED
    if reason == c.CONNECTION_LOST_REASON:
        return c.C_CONNECTION_LOST
    return c.C_FORCED if actor else c.C_SIGNED_OUT
