"""Logged messages as the core's events, for replay. Causes and figures that nothing depends on are left out (0)."""

from collections.abc import Callable
from typing import Any

from hotline.engine import codes as c
from hotline.engine.arrivals import Wishes, wishes_of
from hotline.engine.configuration import needs_of, site_of_seat
from hotline.engine.names import Names, session_key
from hotline.engine.seating import Seating
from hotline.engine.world import Event
from hotline.messages import base
from hotline.messages import routing as m


class FromMessages:
    """Translates what the log says, naming new ids in the same order in which the live decision named them."""

    def __init__(self, names: Names, seating: Seating) -> None:
        self._names = names
        self._seating = seating
        self._contact = names.families[c.CONTACTS].id
        self._offer = names.families[c.OFFERS].id
        self._interaction = names.families[c.INTERACTIONS].id
        self._transfer = names.families[c.TRANSFERS].id
        self._monitoring = names.families[c.MONITORINGS].id
        self._makers: dict[type[base.Event], Callable[[Any], Event]] = {
            m.AgentSignedIn: self._agent_signed_in,
            m.AgentSignedOut: lambda e: (c.AGENT_SIGNED_OUT, e.at_ms, self._agent(e.agent_id), c.C_NONE),
            m.AgentMovedSeat: lambda e: (c.AGENT_MOVED_SEAT, e.at_ms, self._agent(e.agent_id), self._seat_site(e)),
            m.AgentStateChanged: lambda e: self._agent_state(c.AGENT_STATE_CHANGED, e),
            m.AgentStateRequested: lambda e: self._agent_state(c.AGENT_STATE_REQUESTED, e),
            m.AgentConnectionLost: lambda e: (c.AGENT_CONNECTION_LOST, e.at_ms, self._agent(e.agent_id)),
            m.AgentConnectionRestored: lambda e: (c.AGENT_CONNECTION_RESTORED, e.at_ms, self._agent(e.agent_id)),
            m.ContactQueued: self._contact_queued,
            m.ContactOffered: self._contact_offered,
            m.OfferExpired: lambda e: self._offer_over(c.OFFER_EXPIRED, e),
            m.OfferRefused: lambda e: self._offer_over(c.OFFER_REFUSED, e),
            m.OfferFailed: lambda e: self._offer_over(c.OFFER_FAILED, e),
            m.OfferWithdrawn: lambda e: self._offer_over(c.OFFER_WITHDRAWN, e),
            m.OfferAccepted: lambda e: self._offer_over(c.OFFER_ACCEPTED, e),
            m.ContactConnected: self._contact_connected,
            m.ContactRequeued: self._contact_requeued,
            m.ContactHeld: lambda e: self._talk(c.CONTACT_HELD, e),
            m.ContactRetrieved: lambda e: self._talk(c.CONTACT_RETRIEVED, e),
            m.AgentLegLost: lambda e: (*self._talk(c.AGENT_LEG_LOST, e), self._agent(e.agent_id)),
            m.AgentLegResumed: lambda e: (*self._talk(c.AGENT_LEG_RESUMED, e), self._agent(e.agent_id)),
            m.TransferStarted: self._transfer_started,
            m.TransferAnswered: lambda e: (*self._passing(c.TRANSFER_ANSWERED, e), self._target_agent(e)),
            m.TransferCompleted: lambda e: (*self._passing(c.TRANSFER_COMPLETED, e), self._target_agent(e), 0, 0),
            m.TransferFailed: lambda e: (*self._passing(c.TRANSFER_FAILED, e), c.C_NONE, 0, 0),
            m.TransferUnanswered: lambda e: (*self._passing(c.TRANSFER_UNANSWERED, e), 0),
            m.TransferMerged: lambda e: (*self._passing(c.TRANSFER_MERGED, e), self._target_agent(e), 0),
            m.InteractionEnded: lambda e: (
                *self._interaction_ids(c.INTERACTION_ENDED, e),
                e.talk_ms,
                e.hold_ms,
                c.BY_CALLER,
            ),
            m.WrapUpStarted: lambda e: (*self._interaction_ids(c.WRAP_UP_STARTED, e), e.until_ms),
            m.WrapUpExtended: lambda e: (*self._interaction_ids(c.WRAP_UP_EXTENDED, e), e.until_ms),
            m.WrappedUp: lambda e: (*self._interaction_ids(c.WRAPPED_UP, e), e.wrap_up_ms),
            m.ContactEnded: lambda e: (
                c.CONTACT_ENDED,
                e.at_ms,
                self._contact(e.contact_id),
                0,
                0,
                0,
                e.wait_ms,
                self._names.person(e.actor_id),
                0,
            ),
            m.MonitoringStarted: self._monitoring_started,
            m.MonitoringChanged: lambda e: (
                c.MONITORING_CHANGED,
                e.at_ms,
                self._monitoring(e.monitoring_id),
                c.MONITOR_MODES.index(e.mode),
                0,
            ),
            m.ContactWidened: lambda e: (
                c.CONTACT_WIDENED,
                e.at_ms,
                self._contact(e.contact_id),
                self._names.queues.id(e.queue_id),
                e.ring,
                int(e.cause == "waited"),
            ),
            m.ContactReleased: lambda e: (
                c.CONTACT_RELEASED,
                e.at_ms,
                self._contact(e.contact_id),
                self._agent(e.agent_id),
                c.C_NONE,
            ),
            m.ContactDiverted: lambda e: (c.CONTACT_DIVERTED, e.at_ms, self._contact(e.contact_id), 0, 0, e.wait_ms),
            m.CallbackPromised: lambda e: (
                c.CALLBACK_PROMISED,
                e.at_ms,
                self._contact(e.contact_id),
                e.not_before_ms,
                *e.window,
            ),
            m.CallbackPostponed: lambda e: (
                c.CALLBACK_POSTPONED,
                e.at_ms,
                self._contact(e.contact_id),
                0,
                e.attempt,
                e.due_ms,
                c.C_NONE,
            ),
            m.CallbackHeld: lambda e: (c.CALLBACK_HELD, e.at_ms, self._contact(e.contact_id), e.due_ms),
            m.CallbackDue: lambda e: (c.CALLBACK_DUE, e.at_ms, self._contact(e.contact_id)),
            m.CallbackMet: lambda e: (
                c.CALLBACK_MET,
                e.at_ms,
                self._contact(e.contact_id),
                self._contact(e.by_contact_id),
                0,
            ),
            # The other contact may be over and forgotten: it must not be named anew.
            m.CallbackSettled: lambda e: (
                c.CALLBACK_SETTLED,
                e.at_ms,
                self._contact(e.contact_id),
                0,
                c.AFTER_TALK.index(e.choice),
                0,
            ),
            m.CallbackResumed: lambda e: (c.CALLBACK_RESUMED, e.at_ms, self._contact(e.contact_id), e.due_ms),
            m.AgentSkillLapsed: lambda e: (
                c.AGENT_SKILL_LAPSED,
                e.at_ms,
                self._agent(e.agent_id),
                self._names.skills.id(e.skill_id),
            ),
            m.SiteMarked: lambda e: (
                c.SITE_MARKED,
                e.at_ms,
                self._names.sites.id(e.site_id),
                int(e.is_down),
                self._names.person(e.actor_id),
            ),
            m.DisasterModeSet: lambda e: (
                c.DISASTER_MODE_SET,
                e.at_ms,
                self._names.queues.id(e.queue_id),
                int(e.is_on),
                self._names.person(e.actor_id),
            ),
            m.TierMoved: self._tier_moved,
            m.NodeConnectionLost: lambda e: (
                c.NODE_CONNECTION_LOST,
                e.at_ms,
                self._names.nodes.id(e.node_id),
                e.hold_ms,
                e.give_up_ms,
                e.clear_ms,
            ),
            m.NodeAbsent: lambda e: (
                c.NODE_ABSENT,
                e.at_ms,
                self._names.nodes.id(e.node_id),
                c.NODE_STEPS.index(e.step),
            ),
            m.CallbackMoved: lambda e: (
                c.CALLBACK_MOVED,
                e.at_ms,
                self._contact(e.contact_id),
                self._names.nodes.id(e.node_id),
            ),
            m.NodeConnectionRestored: lambda e: (
                c.NODE_CONNECTION_RESTORED,
                e.at_ms,
                self._names.nodes.id(e.node_id),
            ),
            m.MonitoringStopped: lambda e: (
                c.MONITORING_STOPPED,
                e.at_ms,
                self._monitoring(e.monitoring_id),
                c.C_NONE,
                0,
            ),
        }

    def translate(self, event: m.RoutingEvent) -> Event:
        """The core event that says the same."""
        return self._makers[type(event)](event)

    def _agent(self, id: str) -> int:
        return self._names.agents.id(id)

    def _agent_signed_in(self, e: m.AgentSignedIn) -> Event:
        session = self._names.families[c.SESSIONS].id(session_key(e.agent_id, e.session_id))
        return (c.AGENT_SIGNED_IN, e.at_ms, self._agent(e.agent_id), session, self._seat_site(e))

    def _seat_site(self, e: m.AgentSignedIn | m.AgentMovedSeat) -> int:
        return site_of_seat(e.seat_id, self._seating, self._names)

    def _agent_state(self, kind: int, e: m.AgentStateChanged | m.AgentStateRequested) -> Event:
        names = self._names
        state = c.AGENT_STATES.index(e.state)
        return (kind, e.at_ms, self._agent(e.agent_id), state, names.reason(e.reason), names.person(e.actor_id))

    def _contact_queued(self, e: m.ContactQueued) -> Event:
        return queued_event(e, self._contact(e.contact_id), self._names)

    def _contact_offered(self, e: m.ContactOffered) -> Event:
        queue = self._names.queues.id(e.queue_id) if e.queue_id else 0
        return (
            c.CONTACT_OFFERED,
            e.at_ms,
            self._offer(e.offer_id),
            self._contact(e.contact_id),
            self._agent(e.agent_id),
            queue,
            c.OFFER_KINDS.index(e.kind),
            e.expires_at_ms,
            self._interaction(e.interaction_id),
            0,
            0,
            0,
        )

    def _offer_over(self, kind: int, e: Any) -> Event:
        return (kind, e.at_ms, self._offer(e.offer_id), self._contact(e.contact_id), self._agent(e.agent_id), 0)

    def _contact_connected(self, e: m.ContactConnected) -> Event:
        return (
            c.CONTACT_CONNECTED,
            e.at_ms,
            self._contact(e.contact_id),
            self._offer(e.offer_id),
            self._interaction(e.interaction_id),
            self._agent(e.agent_id),
            e.wait_ms,
        )

    def _contact_requeued(self, e: m.ContactRequeued) -> Event:
        # The cause decides whether the contact goes to the very front, so this one is read back.
        cause = c.CAUSES.index(e.cause) if e.cause in c.CAUSES else c.C_NONE
        contact, queue = self._contact(e.contact_id), self._names.queues.id(e.queue_id)
        event = (c.CONTACT_REQUEUED, e.at_ms, contact, queue, cause, int(e.is_anew))
        return event if e.needs is None else (*event, *wishes_in(e.needs, e.preferred, self._names))

    def _talk(self, kind: int, e: Any) -> Event:
        return (kind, e.at_ms, self._contact(e.contact_id), self._interaction(e.interaction_id))

    def _interaction_ids(self, kind: int, e: Any) -> Event:
        interaction = self._interaction(e.interaction_id)
        return (kind, e.at_ms, interaction, self._contact(e.contact_id), self._agent(e.agent_id))

    def _transfer_started(self, e: m.TransferStarted) -> Event:
        target_kind = c.TARGET_KINDS.index(e.target_kind)
        return (
            c.TRANSFER_STARTED,
            e.at_ms,
            self._transfer(e.transfer_id),
            self._contact(e.contact_id),
            self._interaction(e.interaction_id),
            self._agent(e.agent_id),
            c.TRANSFER_KINDS.index(e.kind),
            target_kind,
            self._target(target_kind, e.target),
            e.returns_at_ms,
        )

    def _target(self, kind: int, target: str) -> int:
        if kind == c.TO_QUEUE:
            return self._names.queues.id(target)
        if kind == c.TO_AGENT:
            return self._agent(target)
        return 0

    def _passing(self, kind: int, e: Any) -> Event:
        return (kind, e.at_ms, self._transfer(e.transfer_id), self._contact(e.contact_id))

    def _target_agent(self, e: m.TransferAnswered | m.TransferCompleted | m.TransferMerged) -> int:
        return self._agent(e.target_agent_id) if e.target_agent_id else 0

    def _monitoring_started(self, e: m.MonitoringStarted) -> Event:
        return (
            c.MONITORING_STARTED,
            e.at_ms,
            self._monitoring(e.monitoring_id),
            self._names.persons.id(e.supervisor_id),
            self._agent(e.agent_id),
            self._contact(e.contact_id),
            c.MONITOR_MODES.index(e.mode),
        )

    def _tier_moved(self, e: m.TierMoved) -> Event:
        ladder, tier = self._names.ladders.id(e.ladder_id), self._names.tiers.id(e.tier_id)
        step = c.TIER_STEPS.index(e.step)
        figures = (e.wait_s, e.length, e.service_level, e.abandoned)
        actor = self._names.person(e.actor_id)
        return (c.TIER_MOVED, e.at_ms, ladder, tier, step, *figures, e.until_ms, e.keep_until_ms, actor)


def wishes_in(needs: tuple[m.SkillNeed, ...], preferred: tuple[m.SkillNeed, ...], names: Names) -> Event:
    """What a contact needs and prefers in another queue, as the core has it at the end of an event."""
    asked = needs_of(tuple((need.skill_id, need.level) for need in needs), names)
    liked = needs_of(tuple((need.skill_id, need.level) for need in preferred), names)
    return (len(asked), *[number for pair in asked + liked for number in pair])


def queued_event(e: m.ContactQueued, contact: int, names: Names) -> Event:
    """The core event of a contact that asks for a person."""
    needs = needs_of(tuple((need.skill_id, need.level) for need in e.needs), names) if e.needs else ()
    channel = c.CHANNELS.index(e.channel)
    queue, node = names.queues.id(e.queue_id), names.nodes.id(e.node_id)
    event: Event = (c.CONTACT_QUEUED, e.at_ms, contact, queue, channel, e.priority, e.asked_at_ms, node)
    if not (needs or e.preferred or e.wanted_agent_id or e.place_ms is not None):
        return event
    preferred = needs_of(tuple((need.skill_id, need.level) for need in e.preferred), names)
    wanted = names.agents.id(e.wanted_agent_id) if e.wanted_agent_id else 0
    place_ms = e.asked_at_ms if e.place_ms is None else e.place_ms
    return event + wishes_of(e.asked_at_ms, needs, Wishes(place_ms, preferred, wanted, e.wanted_until_ms))
