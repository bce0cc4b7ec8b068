"""Read access to the state by external ids, for screens and effects. Cheap: one record is made per question."""

from collections.abc import Iterator
from typing import Any, cast

from hotline.engine import codes as c
from hotline.engine.core import Engine
from hotline.engine.explaining import Waiting, why_waiting
from hotline.engine.matching import place_of
from hotline.engine.names import Memory, Names, session_of
from hotline.engine.records import Agent, Contact, Profile
from hotline.engine.seating import Seating
from hotline.engine.shared_pools import SharedPools
from hotline.engine.views import (
    STAGES,
    AgentView,
    ContactView,
    InteractionView,
    MetView,
    MonitoringView,
    OfferView,
    QueueView,
    ReturnView,
    TierView,
    TransferView,
)
from hotline.engine.work import Interaction, Offer, Transfer
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.routing import HOUSE_NODE, ContactQueued

REMEMBERED_CONTACTS = 16_384


class Reading:
    """What may be asked of a router. Nothing here changes anything."""

    def __init__(self, engine: Engine, names: Names) -> None:
        self._engine = engine
        self._names = names
        self._contact_names, self._offer_names = names.families[c.CONTACTS], names.families[c.OFFERS]
        self._details: dict[int, ContactQueued] = {}
        self._numbers: dict[int, str] = {}
        self._returned: dict[int, ReturnView] = {}
        self._queues: dict[str, QueueConfiguration] = {}
        self._agents: dict[str, AgentConfiguration] = {}
        self._configuration: RoutingConfiguration | None = None
        self._served: dict[Profile, tuple[str, ...]] = {}
        self._ended = Memory(REMEMBERED_CONTACTS)
        self._diverted = Memory(REMEMBERED_CONTACTS)  # with node and cause
        self._callbacks: dict[int, str] = {}  # sealed numbers of contacts that are called back
        self._shared: SharedPools | None = None
        self.seating = Seating()

    # --- configuration -----------------------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """The version of the configuration in force, -1 before the first."""
        return self._engine.version

    @property
    def configuration(self) -> RoutingConfiguration | None:
        """The configuration in force."""
        return self._configuration

    def queue_configurations(self) -> dict[str, QueueConfiguration]:
        """By id; removed queues too while somebody is still served in them."""
        return self._queues

    def agent_configurations(self) -> dict[str, AgentConfiguration]:
        """By id; former agents too while they are still signed in."""
        return self._agents

    # --- agents ------------------------------------------------------------------------------------------------------

    def agent_ids(self) -> list[str]:
        """Everybody the switch knows."""
        return list(self._agents)

    def agent(self, agent_id: str) -> AgentView | None:
        """The agent's presence and work, None when unknown."""
        found = self._engine.agents.get(self._names.agents.known(agent_id))
        return None if found is None else self._agent_view(agent_id, found)

    def agents(self) -> Iterator[AgentView]:
        """All agents."""
        text = self._names.agents.text
        for agent in self._engine.agents.values():
            yield self._agent_view(text(agent.id), agent)

    def _agent_view(self, agent_id: str, agent: Agent) -> AgentView:
        names, engine = self._names, self._engine
        is_pending = agent.has_work() and agent.desired != c.AVAILABLE
        work = [engine.interactions[id].contact.id for id in agent.talks]
        work += [engine.transfers[id].contact.id for id in agent.consults]
        work += [engine.interactions[id].contact.id for id in agent.wraps]
        return AgentView(
            agent_id=agent_id,
            session_id=session_of(names.families[c.SESSIONS].text(agent.session)) if agent.session else None,
            is_connected=agent.is_connected,
            is_active=agent.is_active,
            state=cast(Any, c.AGENT_STATES[agent.state]),
            reason=names.reason_text(agent.reason),
            since_ms=agent.since_ms,
            requested_state=cast(Any, c.AGENT_STATES[agent.desired]) if is_pending else None,
            requested_reason=names.reason_text(agent.desired_reason) if is_pending else None,
            idle_since_ms=agent.idle_since_ms,
            offer_ids=tuple(names.families[c.OFFERS].text(id) for id in agent.offers),
            contact_ids=tuple(names.families[c.CONTACTS].text(id) for id in work),
            queue_ids=self._queue_ids(agent),
        )

    def _queue_ids(self, agent: Agent) -> tuple[str, ...]:
        """Remembered by profile until the next configuration, which makes new profiles."""
        profile = agent.profile
        found = self._served.get(profile)
        if found is None:
            served = [
                queue.id
                for queue in self._engine.queues.values()
                if not queue.is_removed and queue.tenant in profile.tenants and profile.has(queue.needs)
            ]
            found = self._served[profile] = tuple(self._names.queues.text(id) for id in served)
        return found

    # --- contacts ----------------------------------------------------------------------------------------------------

    def contact(self, contact_id: str) -> ContactView | None:
        """The contact until it has ended and is wrapped up, then None."""
        found = self._engine.contacts.get(self._names.families[c.CONTACTS].known(contact_id))
        return None if found is None else self._contact_view(contact_id, found)

    def contacts(self) -> Iterator[ContactView]:
        """All contacts, those in wrap-up included."""
        text = self._names.families[c.CONTACTS].text
        for contact in self._engine.contacts.values():
            yield self._contact_view(text(contact.id), contact)

    def _contact_view(self, contact_id: str, contact: Contact) -> ContactView:
        families = self._names.families
        talk = self._engine.interactions.get(contact.interaction)
        return ContactView(
            contact_id=contact_id,
            queue_id=self._names.queues.text(contact.queue.id),
            stage=STAGES[contact.stage],
            asked_at_ms=contact.asked_ms,
            is_front=contact.is_front,
            wait_ms=contact.wait_ms if contact.wait_ms >= 0 else None,
            offer_id=families[c.OFFERS].text(contact.offer) if contact.offer else None,
            interaction_id=families[c.INTERACTIONS].text(contact.interaction) if contact.interaction else None,
            agent_id=None if talk is None else self._names.agents.text(talk.agent.id),
            transfer_id=families[c.TRANSFERS].text(contact.transfer) if contact.transfer else None,
            details=self._details[contact.id],
            ring=contact.ring,
            kept_for_id=self._names.agents.text(contact.wanted) if contact.wanted else None,
            is_called_back=contact.is_called_back,
            callback_due_ms=contact.due_ms or None,
            callback_attempts=contact.attempts,
            returned=self._returned.get(contact.id),
            is_node_away=contact.is_stranded,
        )

    def met_in(self, contact_id: str) -> tuple[MetView, ...]:
        """The promised call-backs of the customer who talks in this contact."""
        engine, names = self._engine, self._names
        if not engine.met:
            return ()
        talk = names.families[c.CONTACTS].known(contact_id)
        found = [(engine.contacts[met.promise], met) for met in engine.met.values() if met.talk == talk]
        return tuple(
            MetView(
                contact_id=names.families[c.CONTACTS].text(contact.id),
                queue_id=names.queues.text(contact.queue.id),
                asked_at_ms=contact.asked_ms,
                attempts=contact.attempts,
                is_kept=met.choice == c.KEEP,
            )
            for contact, met in found
        )

    def why_waiting(self, contact_id: str) -> Waiting | None:
        """Why it waits still; None for one that does not wait. Looks at every agent."""
        view = self.contact(contact_id)
        if view is None or view.stage not in ("waiting", "proposed", "scheduled"):
            return None
        return why_waiting(self._engine, self._names, view)

    def pool_between(self, contact_id: str, agent_id: str) -> str | None:
        """The shared pool through which the agent reaches that contact of another tenant, None for an own agent."""
        if self._shared is None:
            return None
        contact = self._names.families[c.CONTACTS].known(contact_id)
        return self._shared.between(contact, self._names.agents.known(agent_id))

    def node_of(self, contact_id: str) -> str | None:
        """The node that holds the contact, or held it until it ended lately."""
        found = self._details.get(self._contact_names.known(contact_id))
        if found is not None:
            return found.node_id
        diverted = self._diverted.word(contact_id)
        return diverted.rpartition(" ")[0] if diverted else self._ended.word(contact_id)

    def exit_of(self, contact_id: str) -> str | None:
        """The flow's exit by which the contact has left its queue and not asked again, else None."""
        if self._names.families[c.CONTACTS].known(contact_id) >= 0 or contact_id in self._ended:
            return None
        diverted = self._diverted.word(contact_id)
        return diverted.rpartition(" ")[2] if diverted else None

    def has_ended(self, contact_id: str) -> bool:
        """Whether the contact ended lately and is wrapped up."""
        return contact_id in self._ended

    def _contacts_of_node(self, node_id: str) -> list[int]:
        return [id for id, details in self._details.items() if details.node_id == node_id]

    def contact_ids_of_node(self, node_id: str) -> list[str]:
        """The contacts that this node holds."""
        return [details.contact_id for details in self._details.values() if details.node_id == node_id]

    def nodes_in_use(self) -> list[str]:
        """The nodes that hold contacts, and those whose absence still runs."""
        names = self._names.nodes
        absent = [names.text(one.node) for one in self._engine.absent.values() if one.due_ms()]
        in_use = dict.fromkeys([details.node_id for details in self._details.values()] + absent)
        in_use.pop(HOUSE_NODE, None)  # it is no node
        return list(in_use)

    def nodes_given_up(self) -> list[str]:
        """The nodes that are given up and have promised call-backs."""
        absent, names = self._engine.absent, self._names.nodes
        if not absent:
            return []
        nodes = {
            one.node: None
            for one in self._engine.contacts.values()
            if one.is_called_back and one.node in absent and absent[one.node].step >= c.NODE_GIVEN_UP
        }
        return [names.text(node) for node in nodes]

    # --- what happens to contacts ------------------------------------------------------------------------------------

    def has_offer(self, offer_id: str) -> bool:
        """Whether `offer` would give one."""
        return self._offer_names.known(offer_id) in self._engine.offers

    def offer(self, offer_id: str) -> OfferView | None:
        """An open offer, or the answered one of a running consultation."""
        found = self._engine.offers.get(self._names.families[c.OFFERS].known(offer_id))
        return None if found is None else self._offer_view(offer_id, found)

    def _offer_view(self, offer_id: str, offer: Offer) -> OfferView:
        families = self._names.families
        return OfferView(
            offer_id=offer_id,
            contact_id=families[c.CONTACTS].text(offer.contact.id),
            agent_id=self._names.agents.text(offer.agent.id),
            queue_id=self._names.queues.text(offer.contact.queue.id),
            kind=cast(Any, c.OFFER_KINDS[offer.kind]),
            expires_at_ms=offer.expires_ms,
            interaction_id=families[c.INTERACTIONS].text(offer.interaction),
            is_accepted=offer.is_accepted,
            is_answered=offer.is_answered,
            transfer_id=families[c.TRANSFERS].text(offer.transfer) if offer.transfer else None,
            callback_number=self._callbacks.get(offer.contact.id) if offer.kind == c.BY_QUEUE else None,
        )

    def interactions_of(self, agent_id: str) -> tuple[InteractionView, ...]:
        """The agent's conversations and wrap-ups."""
        agent = self._engine.agents.get(self._names.agents.known(agent_id))
        if agent is None:
            return ()
        return tuple(self._interaction_view(self._engine.interactions[id]) for id in agent.talks + agent.wraps)

    def _interaction_view(self, one: Interaction) -> InteractionView:
        is_over = one.ended_ms >= 0
        return InteractionView(
            interaction_id=self._names.families[c.INTERACTIONS].text(one.id),
            contact_id=self._names.families[c.CONTACTS].text(one.contact.id),
            agent_id=self._names.agents.text(one.agent.id),
            queue_id=self._names.queues.text(one.queue.id),
            connected_ms=one.connected_ms,
            hold_ms=one.hold_ms,
            paused_since_ms=one.paused_since_ms if one.paused else None,
            is_held=bool(one.paused & c.HELD),
            is_leg_lost=bool(one.paused & c.LEG_LOST),
            is_transferring=bool(one.paused & c.TRANSFERRING),
            is_interrupted=bool(one.paused & c.INTERRUPTED),
            ended_ms=one.ended_ms if is_over else None,
            wrap_until_ms=one.until_ms if is_over else None,
        )

    def transfer(self, transfer_id: str) -> TransferView | None:
        """A transfer under way; to a number until the outside leg ends."""
        found = self._engine.transfers.get(self._names.families[c.TRANSFERS].known(transfer_id))
        return None if found is None else self._transfer_view(transfer_id, found)

    def _transfer_view(self, transfer_id: str, transfer: Transfer) -> TransferView:
        names = self._names
        if transfer.target_kind == c.TO_NUMBER:
            target = self._numbers[transfer.id]
        else:
            family = names.queues if transfer.target_kind == c.TO_QUEUE else names.agents
            target = family.text(transfer.target)
        return TransferView(
            transfer_id=transfer_id,
            contact_id=names.families[c.CONTACTS].text(transfer.contact.id),
            agent_id=names.agents.text(transfer.agent.id),
            kind=cast(Any, c.TRANSFER_KINDS[transfer.kind]),
            target_kind=cast(Any, c.TARGET_KINDS[transfer.target_kind]),
            target=target,
            offer_id=names.families[c.OFFERS].text(transfer.offer) if transfer.offer else None,
            target_agent_id=names.agents.text(transfer.target_agent) if transfer.target_agent else None,
            is_answered=transfer.is_answered,
            is_merged=transfer.is_merged,
        )

    def monitorings(self) -> tuple[MonitoringView, ...]:
        """All monitoring that goes on."""
        names = self._names
        return tuple(
            MonitoringView(
                monitoring_id=names.families[c.MONITORINGS].text(one.id),
                supervisor_id=names.persons.text(one.supervisor),
                agent_id=names.agents.text(one.agent),
                contact_id=names.families[c.CONTACTS].text(one.contact),
                mode=cast(Any, c.MONITOR_MODES[one.mode]),
            )
            for one in self._engine.monitorings.values()
        )

    # --- queues ------------------------------------------------------------------------------------------------------

    def queues(self) -> Iterator[QueueView]:
        """All queues with those who wait in them, offered ones included, the next one first."""
        waiting: dict[int, list[Contact]] = {id: [] for id in self._engine.queues}
        scheduled: dict[int, list[Contact]] = {}
        for contact in self._engine.contacts.values():
            if contact.stage in (c.WAITING, c.PROPOSED, c.KEPT):
                waiting[contact.queue.id].append(contact)
            elif contact.stage == c.SCHEDULED:
                scheduled.setdefault(contact.queue.id, []).append(contact)
        text = self._names.families[c.CONTACTS].text
        for queue in self._engine.queues.values():
            queue_id = self._names.queues.text(queue.id)
            yield QueueView(
                queue_id=queue_id,
                is_removed=queue.is_removed,
                waiting_ids=tuple(text(one.id) for one in sorted(waiting[queue.id], key=place_of)),
                configuration=self._queues[queue_id],
                is_disaster=queue.is_disaster,
                scheduled_ids=tuple(text(one.id) for one in scheduled.get(queue.id, ())),
            )

    # --- reserve teams, sites ----------------------------------------------------------------------------------------

    def tiers(self) -> Iterator[TierView]:
        """All reserve teams in the order of their ladders."""
        for ladder in self._engine.ladders.values():
            for tier in ladder.tiers:
                yield TierView(
                    ladder_id=self._names.ladders.text(ladder.id),
                    tier_id=self._names.tiers.text(tier.id),
                    step=cast(Any, c.TIER_STEPS[tier.step]) if tier.step >= 0 else None,
                    until_ms=tier.until_ms or None,
                )

    def site_of(self, agent_id: str) -> str | None:
        """Where the agent works: the site of their seat, without one that of their team."""
        found = self._engine.agents.get(self._names.agents.known(agent_id))
        return self._names.sites.text(found.site) if found is not None and found.site else None

    def sites_down(self) -> list[str]:
        """The sites that are marked as down."""
        return [self._names.sites.text(site) for site in self._engine.sites_down]
