"""The core's events as messages for the log, for nodes and for screens."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from hotline.engine import codes as c
from hotline.engine.chosen import reason_of
from hotline.engine.core import Engine
from hotline.engine.names import Names, session_of
from hotline.engine.records import Needs, pairs_of
from hotline.engine.world import Event
from hotline.messages import routing as m

Maker = Callable[[Event, str | None], m.RoutingEvent]


class Pools(Protocol):
    """Which shared pools there are, by their engine's numbers."""

    def opened(self, queue: int, ring: int) -> str | None:
        """The pool whose ring it is."""
        ...

    def between(self, contact: int, agent: int) -> str | None:
        """The pool through which the agent reaches the contact of another tenant."""
        ...


class ToMessages:
    """Translates one decision. `passing` holds the texts that the command brought along and the core only passes on;
    `queued` is the message of the contact that the command asks for, `number` the sealed number it wants dialled,
    `seat_id` where the agent sits who signs in or moves by it."""

    def __init__(self, names: Names, engine: Engine) -> None:
        self._names = names
        self._engine = engine
        self.passing: list[str | None] = []
        self.queued: m.ContactQueued | None = None
        self.number = ""
        self.seat_id: str | None = None  # of who signs in or moves
        self.beside: list[m.SeatMarked] = []  # what follows from the command and the core does not know of
        self.callbacks: dict[int, str] = {}  # sealed numbers of contacts that are called back
        self.pools: Pools | None = None  # as long as tenants share any
        agents, queues = names.agents.text, names.queues.text
        self._agent = agents
        self._queue = queues
        self._contact = names.families[c.CONTACTS].text
        self._offer = names.families[c.OFFERS].text
        self._interaction = names.families[c.INTERACTIONS].text
        self._transfer = names.families[c.TRANSFERS].text
        self._monitoring = names.families[c.MONITORINGS].text
        makers: dict[int, tuple[type[Any], Maker]] = {
            c.AGENT_SIGNED_IN: (m.AgentSignedIn, self._agent_signed_in),
            c.AGENT_SIGNED_OUT: (m.AgentSignedOut, self._agent_signed_out),
            c.AGENT_MOVED_SEAT: (m.AgentMovedSeat, self._agent_moved_seat),
            c.AGENT_STATE_CHANGED: (m.AgentStateChanged, self._agent_state_changed),
            c.AGENT_STATE_REQUESTED: (m.AgentStateRequested, self._agent_state_requested),
            c.AGENT_CONNECTION_LOST: (m.AgentConnectionLost, self._agent_connection_lost),
            c.AGENT_CONNECTION_RESTORED: (m.AgentConnectionRestored, self._agent_connection_restored),
            c.CONTACT_QUEUED: (m.ContactQueued, self._contact_queued),
            c.CONTACT_OFFERED: (m.ContactOffered, self._contact_offered),
            c.OFFER_EXPIRED: (m.OfferExpired, self._offer_expired),
            c.OFFER_REFUSED: (m.OfferRefused, self._offer_refused),
            c.OFFER_FAILED: (m.OfferFailed, self._offer_failed),
            c.OFFER_WITHDRAWN: (m.OfferWithdrawn, self._offer_withdrawn),
            c.OFFER_ACCEPTED: (m.OfferAccepted, self._offer_accepted),
            c.CONTACT_CONNECTED: (m.ContactConnected, self._contact_connected),
            c.CONTACT_REQUEUED: (m.ContactRequeued, self._contact_requeued),
            c.CONTACT_HELD: (m.ContactHeld, self._contact_held),
            c.CONTACT_RETRIEVED: (m.ContactRetrieved, self._contact_retrieved),
            c.AGENT_LEG_LOST: (m.AgentLegLost, self._agent_leg_lost),
            c.AGENT_LEG_RESUMED: (m.AgentLegResumed, self._agent_leg_resumed),
            c.TRANSFER_STARTED: (m.TransferStarted, self._transfer_started),
            c.TRANSFER_ANSWERED: (m.TransferAnswered, self._transfer_answered),
            c.TRANSFER_COMPLETED: (m.TransferCompleted, self._transfer_completed),
            c.TRANSFER_FAILED: (m.TransferFailed, self._transfer_failed),
            c.TRANSFER_UNANSWERED: (m.TransferUnanswered, self._transfer_unanswered),
            c.TRANSFER_MERGED: (m.TransferMerged, self._transfer_merged),
            c.INTERACTION_ENDED: (m.InteractionEnded, self._interaction_ended),
            c.WRAP_UP_STARTED: (m.WrapUpStarted, self._wrap_up_started),
            c.WRAP_UP_EXTENDED: (m.WrapUpExtended, self._wrap_up_extended),
            c.WRAPPED_UP: (m.WrappedUp, self._wrapped_up),
            c.CONTACT_ENDED: (m.ContactEnded, self._contact_ended),
            c.MONITORING_STARTED: (m.MonitoringStarted, self._monitoring_started),
            c.MONITORING_CHANGED: (m.MonitoringChanged, self._monitoring_changed),
            c.MONITORING_STOPPED: (m.MonitoringStopped, self._monitoring_stopped),
            c.CONTACT_WIDENED: (m.ContactWidened, self._contact_widened),
            c.CONTACT_RELEASED: (m.ContactReleased, self._contact_released),
            c.CONTACT_DIVERTED: (m.ContactDiverted, self._contact_diverted),
            c.CALLBACK_PROMISED: (m.CallbackPromised, self._callback_promised),
            c.CALLBACK_POSTPONED: (m.CallbackPostponed, self._callback_postponed),
            c.CALLBACK_DUE: (m.CallbackDue, self._callback_due),
            c.CALLBACK_HELD: (m.CallbackHeld, self._callback_held),
            c.CALLBACK_MET: (m.CallbackMet, self._callback_met),
            c.CALLBACK_SETTLED: (m.CallbackSettled, self._callback_settled),
            c.CALLBACK_RESUMED: (m.CallbackResumed, self._callback_resumed),
            c.AGENT_SKILL_LAPSED: (m.AgentSkillLapsed, self._agent_skill_lapsed),
            c.SITE_MARKED: (m.SiteMarked, self._site_marked),
            c.DISASTER_MODE_SET: (m.DisasterModeSet, self._disaster_mode_set),
            c.TIER_MOVED: (m.TierMoved, self._tier_moved),
            c.NODE_CONNECTION_LOST: (m.NodeConnectionLost, self._node_connection_lost),
            c.NODE_ABSENT: (m.NodeAbsent, self._node_absent),
            c.CALLBACK_MOVED: (m.CallbackMoved, self._callback_moved),
            c.NODE_CONNECTION_RESTORED: (m.NodeConnectionRestored, self._node_connection_restored),
        }
        # By kind of event: the type of its message, and what makes that of it and of the command that it answers.
        self.types = [makers[kind][0] for kind in range(c.EVENT_KINDS)]
        self.makers = [makers[kind][1] for kind in range(c.EVENT_KINDS)]

    def pass_on(self, text: str | None) -> int:
        """A stand-in for a text that comes back in this decision's messages."""
        self.passing.append(text)
        return -len(self.passing)

    def _words(self, cause: int) -> str | None:
        return self.passing[-cause - 1] if cause < 0 else c.CAUSES[cause]

    def _cause(self, cause: int) -> str:
        return self._words(cause) or ""

    # --- agents ------------------------------------------------------------------------------------------------------

    def _agent_signed_in(self, e: Event, by: str | None) -> m.RoutingEvent:
        session = session_of(self._names.families[c.SESSIONS].text(e[3]))
        return m.AgentSignedIn(
            at_ms=e[1], command_id=by, agent_id=self._agent(e[2]), session_id=session, seat_id=self.seat_id
        )

    def _agent_moved_seat(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentMovedSeat(at_ms=e[1], command_id=by, agent_id=self._agent(e[2]), seat_id=self.seat_id or "")

    def _agent_signed_out(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentSignedOut(at_ms=e[1], command_id=by, agent_id=self._agent(e[2]), cause=self._cause(e[3]))

    def _agent_state_changed(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, agent, state, reason, actor = e
        return m.AgentStateChanged(
            at_ms=at,
            command_id=by,
            agent_id=self._agent(agent),
            state=c.AGENT_STATES[state],
            reason=self._names.reason_text(reason) if reason else None,
            actor_id=self._names.person_text(actor) if actor else None,
        )

    def _agent_state_requested(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentStateRequested(
            at_ms=e[1],
            command_id=by,
            agent_id=self._agent(e[2]),
            state=cast(Any, c.AGENT_STATES[e[3]]),
            reason=self._names.reason_text(e[4]),
            actor_id=self._names.person_text(e[5]),
        )

    def _agent_connection_lost(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentConnectionLost(at_ms=e[1], command_id=by, agent_id=self._agent(e[2]))

    def _agent_connection_restored(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentConnectionRestored(at_ms=e[1], command_id=by, agent_id=self._agent(e[2]))

    # --- queue and offers --------------------------------------------------------------------------------------------

    def _contact_queued(self, e: Event, by: str | None) -> m.RoutingEvent:
        if self.queued is None:
            raise ValueError("a contact was queued that no command asked for")
        return self.queued

    def _contact_offered(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, offer, contact, agent, queue, kind, expires_ms, interaction, cause, candidates, _ = e
        chosen_by, figure = reason_of(self._engine, e)
        return m.ContactOffered(
            at_ms=at,
            command_id=by,
            offer_id=self._offer(offer),
            contact_id=self._contact(contact),
            agent_id=self._agent(agent),
            queue_id=self._queue(queue),
            kind=c.OFFER_KINDS[kind],
            expires_at_ms=expires_ms,
            interaction_id=self._interaction(interaction),
            cause=c.OFFER_CAUSES[cause],
            candidates=candidates,
            callback_number=self.callbacks.get(contact) if kind == c.BY_QUEUE else None,
            pool_id=self.pools.between(contact, agent) if self.pools else None,
            chosen_by=chosen_by,
            chosen_figure=figure,
        )

    def _offer_ids(self, e: Event, by: str | None) -> dict[str, Any]:
        return {
            "at_ms": e[1],
            "command_id": by,
            "offer_id": self._offer(e[2]),
            "contact_id": self._contact(e[3]),
            "agent_id": self._agent(e[4]),
        }

    def _offer_expired(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.OfferExpired(**self._offer_ids(e, by))

    def _offer_refused(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.OfferRefused(**self._offer_ids(e, by), reason_id=self._words(e[5]))

    def _offer_failed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.OfferFailed(**self._offer_ids(e, by), cause=self._cause(e[5]))

    def _offer_withdrawn(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.OfferWithdrawn(**self._offer_ids(e, by), cause=self._cause(e[5]))

    def _offer_accepted(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.OfferAccepted(**self._offer_ids(e, by))

    def _contact_requeued(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, queue, cause = self._contact(e[2]), self._queue(e[3]), self._cause(e[4])
        needs, preferred = (None, ()) if len(e) == 6 else map(self._skills, pairs_of(e, 6))
        return m.ContactRequeued(
            at_ms=e[1],
            command_id=by,
            contact_id=contact,
            queue_id=queue,
            cause=cause,
            is_anew=e[5] > 0,
            needs=needs,
            preferred=preferred,
        )

    def _skills(self, needs: Needs) -> tuple[m.SkillNeed, ...]:
        text = self._names.skills.text
        return tuple([m.SkillNeed(text(skill), level) for skill, level in needs])

    def _contact_widened(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, queue = self._contact(e[2]), self._queue(e[3])
        rings = self._engine.queues[e[3]].rings
        return m.ContactWidened(
            at_ms=e[1],
            command_id=by,
            contact_id=contact,
            queue_id=queue,
            ring=e[4],
            pool_id=self.pools.opened(e[3], e[4]) if self.pools else None,
            cause="waited" if e[5] else "full",
            relax=rings[e[4]].relax if e[4] < len(rings) else 0,
        )

    def _contact_released(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, agent, cause = self._contact(e[2]), self._agent(e[3]), self._cause(e[4])
        return m.ContactReleased(at_ms=e[1], command_id=by, contact_id=contact, agent_id=agent, cause=cause)

    def _contact_diverted(self, e: Event, by: str | None) -> m.RoutingEvent:
        cause: m.DivertCause = c.DIVERT_CAUSES[e[4]]
        contact, queue = self._contact(e[2]), self._queue(e[3])
        return m.ContactDiverted(
            at_ms=e[1], command_id=by, contact_id=contact, queue_id=queue, cause=cause, wait_ms=e[5]
        )

    def _callback_promised(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact = self._contact(e[2])
        return m.CallbackPromised(
            at_ms=e[1],
            command_id=by,
            contact_id=contact,
            number=self.number,
            not_before_ms=e[3],
            window=(e[4], e[5]),
        )

    def _callback_postponed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.CallbackPostponed(
            at_ms=e[1],
            command_id=by,
            contact_id=self._contact(e[2]),
            offer_id=self._offer(e[3]),
            attempt=e[4],
            due_ms=e[5],
            cause=self._cause(e[6]),
        )

    def _callback_due(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.CallbackDue(at_ms=e[1], command_id=by, contact_id=self._contact(e[2]))

    def _callback_held(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.CallbackHeld(at_ms=e[1], command_id=by, contact_id=self._contact(e[2]), due_ms=e[3])

    def _callback_met(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, other, agent = self._contact(e[2]), self._contact(e[3]), self._agent(e[4])
        return m.CallbackMet(at_ms=e[1], command_id=by, contact_id=contact, by_contact_id=other, agent_id=agent)

    def _callback_settled(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.CallbackSettled(
            at_ms=e[1],
            command_id=by,
            contact_id=self._contact(e[2]),
            by_contact_id=self._contact(e[3]),
            choice=cast(Any, c.AFTER_TALK[e[4]]),
            agent_id=self._target_agent(e[5]),
        )

    def _callback_resumed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.CallbackResumed(at_ms=e[1], command_id=by, contact_id=self._contact(e[2]), due_ms=e[3])

    # --- who can take what -------------------------------------------------------------------------------------------

    def _agent_skill_lapsed(self, e: Event, by: str | None) -> m.RoutingEvent:
        skill = self._names.skills.text(e[3])
        return m.AgentSkillLapsed(at_ms=e[1], command_id=by, agent_id=self._agent(e[2]), skill_id=skill)

    def _site_marked(self, e: Event, by: str | None) -> m.RoutingEvent:
        site, actor = self._names.sites.text(e[2]), self._names.persons.text(e[4])
        return m.SiteMarked(at_ms=e[1], command_id=by, site_id=site, is_down=bool(e[3]), actor_id=actor)

    def _disaster_mode_set(self, e: Event, by: str | None) -> m.RoutingEvent:
        queue, actor = self._queue(e[2]), self._names.persons.text(e[4])
        return m.DisasterModeSet(at_ms=e[1], command_id=by, queue_id=queue, is_on=bool(e[3]), actor_id=actor)

    def _node_connection_lost(self, e: Event, by: str | None) -> m.RoutingEvent:
        node = self._names.nodes.text(e[2])
        return m.NodeConnectionLost(
            at_ms=e[1], command_id=by, node_id=node, hold_ms=e[3], give_up_ms=e[4], clear_ms=e[5]
        )

    def _node_absent(self, e: Event, by: str | None) -> m.RoutingEvent:
        step: m.NodeStep = c.NODE_STEPS[e[3]]
        return m.NodeAbsent(at_ms=e[1], command_id=by, node_id=self._names.nodes.text(e[2]), step=step)

    def _node_connection_restored(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.NodeConnectionRestored(at_ms=e[1], command_id=by, node_id=self._names.nodes.text(e[2]))

    def _callback_moved(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, node = self._contact(e[2]), self._names.nodes.text(e[3])
        return m.CallbackMoved(at_ms=e[1], command_id=by, contact_id=contact, node_id=node)

    def _tier_moved(self, e: Event, by: str | None) -> m.RoutingEvent:
        step: m.TierStep = c.TIER_STEPS[e[4]]
        return m.TierMoved(
            at_ms=e[1],
            command_id=by,
            ladder_id=self._names.ladders.text(e[2]),
            tier_id=self._names.tiers.text(e[3]),
            step=step,
            wait_s=e[5],
            length=e[6],
            service_level=e[7],
            abandoned=e[8],
            until_ms=e[9],
            keep_until_ms=e[10],
            actor_id=self._names.person_text(e[11]),
        )

    # --- conversation ------------------------------------------------------------------------------------------------

    def _contact_connected(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, contact, offer, interaction, agent, wait_ms = e
        return m.ContactConnected(
            at_ms=at,
            command_id=by,
            contact_id=self._contact(contact),
            offer_id=self._offer(offer),
            interaction_id=self._interaction(interaction),
            agent_id=self._agent(agent),
            wait_ms=wait_ms,
            pool_id=self.pools.between(contact, agent) if self.pools else None,
        )

    def _contact_held(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, interaction = self._contact(e[2]), self._interaction(e[3])
        return m.ContactHeld(at_ms=e[1], command_id=by, contact_id=contact, interaction_id=interaction)

    def _contact_retrieved(self, e: Event, by: str | None) -> m.RoutingEvent:
        contact, interaction = self._contact(e[2]), self._interaction(e[3])
        return m.ContactRetrieved(at_ms=e[1], command_id=by, contact_id=contact, interaction_id=interaction)

    def _leg_ids(self, e: Event, by: str | None) -> dict[str, Any]:
        return {
            "at_ms": e[1],
            "command_id": by,
            "contact_id": self._contact(e[2]),
            "interaction_id": self._interaction(e[3]),
            "agent_id": self._agent(e[4]),
        }

    def _agent_leg_lost(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentLegLost(**self._leg_ids(e, by))

    def _agent_leg_resumed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.AgentLegResumed(**self._leg_ids(e, by))

    def _interaction_ended(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, interaction, contact, agent, talk_ms, hold_ms, ended_by = e
        return m.InteractionEnded(
            at_ms=at,
            command_id=by,
            interaction_id=self._interaction(interaction),
            contact_id=self._contact(contact),
            agent_id=self._agent(agent),
            talk_ms=talk_ms,
            hold_ms=hold_ms,
            ended_by=c.ENDED_BY[ended_by],
        )

    def _wrap_up_started(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, interaction, contact, agent, until_ms = e
        return m.WrapUpStarted(
            at_ms=at,
            command_id=by,
            interaction_id=self._interaction(interaction),
            contact_id=self._contact(contact),
            agent_id=self._agent(agent),
            until_ms=until_ms,
        )

    def _wrap_up_extended(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.WrapUpExtended(
            at_ms=e[1],
            command_id=by,
            interaction_id=self._interaction(e[2]),
            contact_id=self._contact(e[3]),
            agent_id=self._agent(e[4]),
            until_ms=e[5],
        )

    def _wrapped_up(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, interaction, contact, agent, wrap_up_ms = e
        return m.WrappedUp(
            at_ms=at,
            command_id=by,
            interaction_id=self._interaction(interaction),
            contact_id=self._contact(contact),
            agent_id=self._agent(agent),
            wrap_up_ms=wrap_up_ms,
        )

    def _contact_ended(self, e: Event, by: str | None) -> m.RoutingEvent:
        _, at, contact, outcome, ended_by, cause, wait_ms, actor, cut_off = e
        return m.ContactEnded(
            at_ms=at,
            command_id=by,
            contact_id=self._contact(contact),
            outcome=c.OUTCOMES[outcome],
            ended_by=c.ENDED_BY[ended_by],
            cause=self._cause(cause),
            wait_ms=wait_ms,
            actor_id=self._names.person_text(actor) if actor else None,
            cut_off_agent_id=self._agent(cut_off) if cut_off else None,
        )

    # --- transfers ---------------------------------------------------------------------------------------------------

    def _target(self, kind: int, target: int) -> str:
        if kind == c.TO_QUEUE:
            return self._queue(target)
        if kind == c.TO_AGENT:
            return self._agent(target)
        return self.number

    def _transfer_started(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.TransferStarted(
            at_ms=e[1],
            command_id=by,
            transfer_id=self._transfer(e[2]),
            contact_id=self._contact(e[3]),
            interaction_id=self._interaction(e[4]),
            agent_id=self._agent(e[5]),
            kind=c.TRANSFER_KINDS[e[6]],
            target_kind=c.TARGET_KINDS[e[7]],
            target=self._target(e[7], e[8]),
            returns_at_ms=e[9],
        )

    def _transfer_unanswered(self, e: Event, by: str | None) -> m.RoutingEvent:
        transfer, contact = self._transfer(e[2]), self._contact(e[3])
        return m.TransferUnanswered(
            at_ms=e[1], command_id=by, transfer_id=transfer, contact_id=contact, agent_id=self._agent(e[4])
        )

    def _target_agent(self, agent: int) -> str | None:
        return self._agent(agent) if agent else None

    def _transfer_answered(self, e: Event, by: str | None) -> m.RoutingEvent:
        transfer, contact = self._transfer(e[2]), self._contact(e[3])
        target = self._target_agent(e[4])
        return m.TransferAnswered(
            at_ms=e[1], command_id=by, transfer_id=transfer, contact_id=contact, target_agent_id=target
        )

    def _transfer_completed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.TransferCompleted(
            at_ms=e[1],
            command_id=by,
            transfer_id=self._transfer(e[2]),
            contact_id=self._contact(e[3]),
            target_agent_id=self._target_agent(e[4]),
            agent_id=self._agent(e[5]),
            kind=c.TRANSFER_KINDS[e[6]],
        )

    def _transfer_failed(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.TransferFailed(
            at_ms=e[1],
            command_id=by,
            transfer_id=self._transfer(e[2]),
            contact_id=self._contact(e[3]),
            cause=self._cause(e[4]),
            agent_id=self._agent(e[5]),
            kind=c.TRANSFER_KINDS[e[6]],
        )

    def _transfer_merged(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.TransferMerged(
            at_ms=e[1],
            command_id=by,
            transfer_id=self._transfer(e[2]),
            contact_id=self._contact(e[3]),
            target_agent_id=self._target_agent(e[4]),
            agent_id=self._agent(e[5]),
        )

    # --- monitoring --------------------------------------------------------------------------------------------------

    def _monitoring_started(self, e: Event, by: str | None) -> m.RoutingEvent:
        return m.MonitoringStarted(
            at_ms=e[1],
            command_id=by,
            monitoring_id=self._monitoring(e[2]),
            supervisor_id=self._names.persons.text(e[3]),
            agent_id=self._agent(e[4]),
            contact_id=self._contact(e[5]),
            mode=c.MONITOR_MODES[e[6]],
        )

    def _monitoring_changed(self, e: Event, by: str | None) -> m.RoutingEvent:
        monitoring, contact = self._monitoring(e[2]), self._contact(e[4])
        mode: m.MonitorMode = c.MONITOR_MODES[e[3]]
        return m.MonitoringChanged(at_ms=e[1], command_id=by, monitoring_id=monitoring, mode=mode, contact_id=contact)

    def _monitoring_stopped(self, e: Event, by: str | None) -> m.RoutingEvent:
        monitoring, contact = self._monitoring(e[2]), self._contact(e[4])
        return m.MonitoringStopped(
            at_ms=e[1], command_id=by, monitoring_id=monitoring, cause=self._cause(e[3]), contact_id=contact
        )
