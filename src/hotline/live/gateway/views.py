"""Documents from the engine's state: which agents an event concerns, and what they and the boards then show.

Each agent concerned is looked up in the engine once per commit; everything else here reads that view."""

from collections.abc import Callable, Iterable
from typing import Any, get_args

import msgspec

from hotline.engine.views import AgentView
from hotline.live.gateway import own_documents
from hotline.live.gateway.boards import Boards
from hotline.live.gateway.streams import Document, Documents
from hotline.live.switch.service import Switch
from hotline.messages.conversations import WrittenMessage
from hotline.messages.routing import (
    ConfigurationApplied,
    ContactQueued,
    DisasterModeSet,
    NodeAbsent,
    NodeConnectionRestored,
    RoutingEvent,
    SeatMarked,
    SiteMarked,
    TierMoved,
)

_AGENTS = ("agent_id", "target_agent_id")
_OF_NODES = (NodeAbsent, NodeConnectionRestored)
_ELSEWHERE = frozenset(
    (ContactQueued, ConfigurationApplied, SiteMarked, SeatMarked, DisasterModeSet, TierMoved, *_OF_NODES)
)
_CONCERNED = {  # by kind of event: names a contact, by which fields agents, and whether there is more to it
    kind: (
        "contact_id" in kind.__struct_fields__,
        tuple(name for name in _AGENTS if name in kind.__struct_fields__),
        kind in _ELSEWHERE or "alarm_id" in kind.__struct_fields__,
    )
    for kind in get_args(RoutingEvent)
}

Nodes = Callable[[], dict[str, bool]]


class Views:
    """What there is to see. `voice` is the installation's setting: auto, off or simulated."""

    def __init__(self, switch: Switch, nodes: Nodes, with_voice: Nodes, voice: str) -> None:
        self._switch, self._nodes, self._with_voice, self._voice = switch, nodes, with_voice, voice
        self._agents: dict[str, AgentView] = {}
        self._has_simulated = voice == "simulated"
        self._names: dict[str, str] = {}  # of users who were here since the start, and of those with a post
        self._contacts_of: dict[str, tuple[str, ...]] = {}  # agent -> contacts in their documents
        self._agents_of: dict[str, dict[str, None]] = {}  # and back
        self._message_seqs: dict[str, int] = {}  # by contact, how far its written messages go
        self.reload()

    def reload(self) -> None:
        """Look at the whole state again: it is another object."""
        self._router = self._switch.state.router
        self._agents = {agent.agent_id: agent for agent in self._router.agents()}
        self._learn_names()
        self._boards = Boards(self._switch.state, self._agents, self._names, self._switch.clock.now_ms())
        self._contacts_of, self._agents_of = {}, {}
        for agent in self._agents.values():
            self._remember(agent.agent_id, agent)
        self._message_seqs = {one: seq for one, seq in self._message_seqs.items() if self._router.contact(one)}
        self._has_simulated |= any(contact.details.is_simulated for contact in self._router.contacts())

    # --- after a commit ---

    def absorb(self, events: Iterable[RoutingEvent]) -> list[str]:
        """Take in what has happened; the agents whose own documents may have changed, first those for whom it rings."""
        agent_ids: dict[str, None] = {}
        contact_ids: dict[str, None] = {}
        for event in events:
            has_contact, fields, has_more = _CONCERNED[type(event)]
            if has_contact and (contact_id := event.contact_id):  # type: ignore[union-attr]
                contact_ids[contact_id] = None
            for field in fields:
                if agent_id := getattr(event, field):
                    agent_ids[agent_id] = None
            if has_more:
                self._note_elsewhere(event, agent_ids)
        for contact_id in contact_ids:
            contact = self._router.contact(contact_id)
            self._boards.contact_changed(contact_id, contact)
            if contact is None:
                self._message_seqs.pop(contact_id, None)
            agent_ids |= self._agents_of.get(contact_id, {})
        for agent_id in agent_ids:
            agent = self._router.agent(agent_id)
            if agent is None:
                self._agents.pop(agent_id, None)
            else:
                self._agents[agent_id] = agent
            self._boards.agent_changed(agent_id)
            self._remember(agent_id, agent)
        return sorted(agent_ids, key=self._has_no_offer)

    def written(self, messages: Iterable[WrittenMessage]) -> list[str]:
        """Note how far conversations go; the agents whose documents speak of them. What nobody holds is not kept."""
        agent_ids: dict[str, None] = {}
        for message in messages:
            known = self._message_seqs.get(message.contact_id, 0)
            if message.seq > known and self._router.contact(message.contact_id) is not None:
                self._message_seqs[message.contact_id] = message.seq
                agent_ids |= self._agents_of.get(message.contact_id, {})
        return list(agent_ids)

    def _has_no_offer(self, agent_id: str) -> bool:
        agent = self._agents.get(agent_id)
        return agent is None or not agent.offer_ids

    def met(self, user_id: str, name: str) -> None:
        """Somebody has come whose name may be shown beside what they have taken."""
        if self._names.get(user_id) != name:
            self._names[user_id] = name
            self._boards.names_changed()

    def _learn_names(self) -> None:
        self._names |= {agent.user_id: agent.name for agent in self._router.agent_configurations().values()}

    def _note_elsewhere(self, event: RoutingEvent, agent_ids: dict[str, None]) -> None:
        """What concerns more than an agent or a contact."""
        if alarm_id := getattr(event, "alarm_id", None):
            self._boards.alarm_changed(alarm_id)
        elif isinstance(event, ContactQueued):
            self._boards.asked(event.queue_id)
            # A badge that comes and goes would not be seen: it stays until the next start.
            self._has_simulated |= event.is_simulated
        elif isinstance(event, ConfigurationApplied):
            self._learn_names()
            self._boards.configured()
            agent_ids |= dict.fromkeys([*self._agents, *self._router.agent_ids()])
        elif isinstance(event, SiteMarked):
            self._boards.steered(f"site/{event.site_id}")
        elif isinstance(event, SeatMarked):
            self._boards.seat_marked(event.seat_id)
        elif isinstance(event, DisasterModeSet):
            self._boards.steered(f"queue/{event.queue_id}")
        elif isinstance(event, TierMoved):
            agent_ids |= dict.fromkeys(self._boards.tier_moved(event.tier_id))
        elif isinstance(event, _OF_NODES):
            for contact_id in self._router.contact_ids_of_node(event.node_id):
                agent_ids |= self._agents_of.get(contact_id, {})

    def _remember(self, agent_id: str, agent: AgentView | None) -> None:
        """Which contacts the agent's documents speak of, so that a contact's change finds its agents."""
        contact_ids = self._contact_ids(agent) if agent is not None else ()
        if contact_ids == self._contacts_of.get(agent_id, ()):
            return
        for contact_id in self._contacts_of.pop(agent_id, ()):
            agents = self._agents_of[contact_id]
            del agents[agent_id]
            if not agents:
                del self._agents_of[contact_id]
        if contact_ids:
            self._contacts_of[agent_id] = contact_ids
            for contact_id in contact_ids:
                self._agents_of.setdefault(contact_id, {})[agent_id] = None

    def _contact_ids(self, agent: AgentView) -> tuple[str, ...]:
        promised = [met.contact_id for contact_id in agent.contact_ids for met in self._router.met_in(contact_id)]
        if not agent.offer_ids and not promised:
            return agent.contact_ids
        offers = (self._router.offer(offer_id) for offer_id in agent.offer_ids)
        offered = [offer.contact_id for offer in offers if offer]
        return tuple(dict.fromkeys([*agent.contact_ids, *offered, *promised]))

    # --- documents ---

    def own(self, agent_id: str, name: str) -> Documents:
        reserves = self._boards.reserves_of(agent_id)
        agent = self._agents.get(agent_id)
        return own_documents.of_agent(self._router, agent_id, name, agent, reserves, self._message_seqs)

    def own_of_visitor(self, name: str) -> Documents:
        return own_documents.of_visitor(name)

    def take_dirty(self, now_ms: int) -> list[str]:
        return self._boards.take_dirty(now_ms)

    def boards(self, boards: tuple[str, ...], tenant_ids: frozenset[str], now_ms: int) -> Documents:
        return self._boards.documents(boards, tenant_ids, now_ms)

    def board_document(
        self, key: str, boards: tuple[str, ...], tenant_ids: frozenset[str], now_ms: int
    ) -> Document | None:
        return self._boards.document(key, boards, tenant_ids, now_ms)

    def why_waiting(self, contact_id: str, tenant_ids: frozenset[str]) -> Document | None:
        """Why it waits still; None when it does not, or is another tenant's."""
        contact = self._router.contact(contact_id)
        if contact is None or contact.details.tenant_id not in tenant_ids:
            return None
        why = self._router.why_waiting(contact_id)
        return msgspec.to_builtins(why) if why is not None else None

    def system(self) -> Documents:
        """For everybody: whether calls can come, and whether any of it is a simulation."""
        nodes, with_voice = self._nodes(), self._with_voice()
        system: dict[str, Any] = {
            "server_ms": self._switch.clock.now_ms(),
            "has_voice": self._voice != "off" and any(with_voice.values()),
            "nodes": [
                {"node_id": node_id, "is_connected": is_up, "has_voice": with_voice[node_id]}
                for node_id, is_up in nodes.items()
            ],
            "is_simulated": self._has_simulated,
        }
        return {"system": system}

    # --- posts ---

    def session_of_agent(self, agent_id: str) -> str | None:
        """The session that owns the agent's phone, None when signed out."""
        agent = self._agents.get(agent_id)
        return agent.session_id if agent is not None else None

    def posts(self) -> list[tuple[str, str, bool]]:
        """Agent, session and whether the connection is thought to stand, of everybody who is signed in."""
        return [
            (agent.agent_id, agent.session_id, agent.is_connected)
            for agent in self._agents.values()
            if agent.session_id is not None
        ]
