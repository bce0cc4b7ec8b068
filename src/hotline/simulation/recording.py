"""What happened, from the routing log: who asked, how long each was served or willing to wait, who was on duty when.

A `Recorder` is given events in order; what it has found is a `Recording`, which `replay` plays under other rules."""

from dataclasses import dataclass, field
from typing import Literal

from hotline.engine.admission import language_of
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration

MISSED_REASONS = ("offer_expired", "offer_refused", "offer_failed")
RingOutcome = Literal["answered", "failed", "expired", "cut"]
Step = Literal["sign_in", "move", "sign_out", "available", "away", "lost", "restored"]
Order = m.SiteMarked | m.DisasterModeSet | m.TierMoved  # what a supervisor did to the whole floor
_OUTCOMES: dict[type[m.RoutingEvent], RingOutcome] = {
    m.OfferExpired: "expired",
    m.OfferRefused: "failed",
    m.OfferFailed: "failed",
    m.OfferWithdrawn: "cut",
}


@dataclass(slots=True)
class Ring:
    """An offer: after so many milliseconds it was answered, or failed (refused too). `expired`: it was never answered;
    `cut`: it was taken back then, and would have gone on ringing."""

    after_ms: int
    outcome: RingOutcome


@dataclass(slots=True)
class Leg:
    """One agent's part, in the queue that it came from. `wrap_up_ms` None: the queue ended it by itself. `then`: the
    queue that the customer was passed on to."""

    queue_id: str
    talk_ms: int = -1
    wrap_up_ms: int | None = None
    then: str | None = None


@dataclass(slots=True)
class Caller:
    """A customer who asked. `needs` and `priority` are what they brought, before the rules of the configuration.

    `has_left`: they gave up after `waited_ms`; else they would have waited longer. `again`: the flow asked once more,
    so long after the queue had sent them away."""

    asked: m.ContactQueued
    needs: tuple[m.SkillNeed, ...]
    priority: int
    rings: list[Ring] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    waited_ms: int | None = None
    has_left: bool = False
    promised_after_ms: int | None = None
    window: tuple[int, int] = (0, 0)  # of the day, in which they wanted to be called
    unreached: int = 0
    again: "Caller | None" = None
    again_after_ms: int = 0


@dataclass(slots=True)
class Duty:
    """What an agent did about their presence. `reason` is that of being away, `seat_id` where they sit who sign in or
    move."""

    at_ms: int
    agent_id: str
    step: Step
    reason: str | None = None
    seat_id: str | None = None


@dataclass(slots=True)
class Recording:
    """A stretch of time. `left_out` counts by kind what a replay does not play."""

    begin_ms: int
    callers: list[Caller] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    configurations: list[tuple[int, RoutingConfiguration]] = field(default_factory=list)
    orders: list[tuple[int, Order]] = field(default_factory=list)
    returns_ms: list[int] = field(default_factory=list)  # how long agents stayed away after an offer they missed
    left_out: dict[str, int] = field(default_factory=dict)
    end_ms: int = 0


class Recorder:
    """Reads events in order: before `begin_ms` only for who is there, from then on everything."""

    def __init__(self, begin_ms: int, configuration: RoutingConfiguration | None = None) -> None:
        """`configuration` is what was in force before the first event, as far as known."""
        self._begin_ms = begin_ms
        self.configuration = configuration
        self._queues = _queues_of(configuration)
        self._found = Recording(begin_ms)
        self._open: dict[str, Caller] = {}
        self._sent_away: dict[str, tuple[Caller, int]] = {}
        self._offered: dict[str, m.ContactOffered] = {}
        self._transfers: dict[str, str] = {}  # contact -> queue of a blind transfer on its way
        self._legs: dict[str, Leg] = {}  # interaction -> leg that is not wrapped up
        self._until: dict[str, int] = {}  # interaction -> when its wrap-up was to end
        self._duty: dict[str, tuple[Step, str | None]] = {}
        self._seats: dict[str, str] = {}
        self._orders: dict[str, Order] = {}
        self._missed_at: dict[str, int] = {}
        self._has_begun = False
        self._last_ms = begin_ms
        self._reducers = {
            m.ConfigurationApplied: self._configured,
            m.SiteMarked: self._ordered,
            m.DisasterModeSet: self._ordered,
            m.TierMoved: self._tier_moved,
            m.AgentSignedIn: self._signed_in,
            m.AgentMovedSeat: self._moved,
            m.AgentSignedOut: self._signed_out,
            m.AgentStateRequested: self._state,
            m.AgentStateChanged: self._state,
            m.AgentConnectionLost: self._lost,
            m.AgentConnectionRestored: self._restored,
            m.ContactQueued: self._queued,
            m.ContactOffered: self._was_offered,
            m.OfferExpired: self._missed,
            m.OfferRefused: self._missed,
            m.OfferFailed: self._missed,
            m.OfferWithdrawn: self._missed,
            m.ContactConnected: self._connected,
            m.TransferStarted: self._transferred,
            m.TransferFailed: self._transfer_failed,
            m.InteractionEnded: self._interaction_ended,
            m.WrapUpStarted: self._writes,
            m.WrapUpExtended: self._writes,
            m.WrappedUp: self._wrapped_up,
            m.CallbackPromised: self._promised,
            m.CallbackPostponed: self._postponed,
            m.ContactDiverted: self._diverted,
            m.ContactEnded: self._ended,
        }

    def apply(self, event: m.RoutingEvent) -> None:
        """Note what the event says."""
        if not self._has_begun and event.at_ms >= self._begin_ms:
            self._begin()
        self._last_ms = max(self._last_ms, event.at_ms)
        reducer = self._reducers.get(type(event))
        if reducer is not None:
            reducer(event)  # type: ignore[operator]

    def recording(self) -> Recording:
        """Everything found up to the last event; who still waits has been willing to wait until then."""
        if not self._has_begun:
            self._begin()
        for caller in self._open.values():
            if caller.waited_ms is None:
                caller.waited_ms = max(0, self._last_ms - caller.asked.asked_at_ms)
        self._found.end_ms = self._last_ms
        return self._found

    # --- the set-up --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """What holds at the beginning, as if it were done then."""
        self._has_begun = True
        at, found = self._begin_ms, self._found
        if self.configuration is not None:
            found.configurations.append((at, self.configuration))
        found.orders += [(at, order) for order in self._orders.values()]
        for agent_id, (step, reason) in self._duty.items():
            if step != "sign_out":
                came = Duty(at, agent_id, "sign_in", seat_id=self._seats.get(agent_id))
                found.duties += [came, Duty(at, agent_id, step, reason)]

    def _configured(self, event: m.ConfigurationApplied) -> None:
        self.configuration = event.configuration
        self._queues = _queues_of(event.configuration)
        if self._has_begun:
            self._found.configurations.append((event.at_ms, event.configuration))

    def _ordered(self, event: m.SiteMarked | m.DisasterModeSet) -> None:
        key = f"site {event.site_id}" if isinstance(event, m.SiteMarked) else f"queue {event.queue_id}"
        self._order(key, event)

    def _tier_moved(self, event: m.TierMoved) -> None:
        """By hand it is played again; what a ladder did follows from the figures."""
        key = f"tier {event.tier_id}"
        if event.actor_id is not None:
            self._order(key, event)
        if event.step == "stood_down":
            self._orders.pop(key, None)  # nothing of it holds any more

    def _order(self, key: str, event: Order) -> None:
        self._orders[key] = event
        if self._has_begun:
            self._found.orders.append((event.at_ms, event))

    def _leave_out(self, what: str) -> None:
        self._found.left_out[what] = self._found.left_out.get(what, 0) + 1

    # --- who is there ------------------------------------------------------------------------------------------------

    def _note(self, at: int, agent_id: str, step: Step, reason: str | None = None) -> None:
        if step not in ("lost", "restored", "move"):
            self._duty[agent_id] = ("away" if step == "sign_in" else step, reason)
        if self._has_begun:
            seat_id = self._seats.get(agent_id) if step in ("sign_in", "move") else None
            self._found.duties.append(Duty(at, agent_id, step, reason, seat_id))

    def _signed_in(self, event: m.AgentSignedIn) -> None:
        former = self._sit(event)
        if self._duty.get(event.agent_id, ("sign_out", None))[0] == "sign_out":
            self._note(event.at_ms, event.agent_id, "sign_in")
        elif event.seat_id is not None and event.seat_id != former:
            self._note(event.at_ms, event.agent_id, "move")

    def _moved(self, event: m.AgentMovedSeat) -> None:
        self._sit(event)
        if event.agent_id in self._duty:
            self._note(event.at_ms, event.agent_id, "move")

    def _sit(self, event: m.AgentSignedIn | m.AgentMovedSeat) -> str | None:
        """Note the seat; the former one."""
        former = self._seats.pop(event.agent_id, None)
        if event.seat_id is not None:
            self._seats[event.agent_id] = event.seat_id
        return former

    def _signed_out(self, event: m.AgentSignedOut) -> None:
        self._seats.pop(event.agent_id, None)
        self._missed_at.pop(event.agent_id, None)
        if self._duty.get(event.agent_id, ("", None))[0] != "sign_out":
            self._note(event.at_ms, event.agent_id, "sign_out")

    def _state(self, event: m.AgentStateChanged | m.AgentStateRequested) -> None:
        """Ringing, work and what follows from missing an offer are the rules' doing: only wishes are noted."""
        agent_id, at = event.agent_id, event.at_ms
        if agent_id not in self._duty and event.state != "signed_out":
            # Nobody saw the agent come: they have been there since before the log was read.
            self._note(at, agent_id, "sign_in")
            self._note(at, agent_id, "available")
        duty = self._duty.get(agent_id, ("sign_out", None))[0]
        if event.state == "away":
            self._away(event, duty)
        elif event.state == "available":
            missed_at = self._missed_at.pop(agent_id, None)
            if duty == "available" and missed_at is not None:
                self._found.returns_ms.append(at - missed_at)
            elif duty == "away":
                self._note(at, agent_id, "available")
        elif event.state == "signed_out" and duty != "sign_out" and isinstance(event, m.AgentStateRequested):
            self._note(at, agent_id, "sign_out")

    def _away(self, event: m.AgentStateChanged | m.AgentStateRequested, duty: str) -> None:
        if event.reason in MISSED_REASONS:
            if duty == "available":
                self._missed_at.setdefault(event.agent_id, event.at_ms)
        elif event.reason not in ("signed_in", "connection_lost") and duty == "available":
            self._missed_at.pop(event.agent_id, None)
            self._note(event.at_ms, event.agent_id, "away", event.reason)

    def _lost(self, event: m.AgentConnectionLost) -> None:
        self._note(event.at_ms, event.agent_id, "lost")

    def _restored(self, event: m.AgentConnectionRestored) -> None:
        self._note(event.at_ms, event.agent_id, "restored")

    # --- who asks ----------------------------------------------------------------------------------------------------

    def _queued(self, event: m.ContactQueued) -> None:
        if not self._has_begun:
            return
        caller = Caller(event, self._own_needs(event), event.priority - sum(event.points.values()))
        self._open[event.contact_id] = caller
        former = self._sent_away.pop(event.contact_id, None)
        if former is None:
            self._found.callers.append(caller)
        else:
            former[0].again, former[0].again_after_ms = caller, event.at_ms - former[1]

    def _own_needs(self, event: m.ContactQueued) -> tuple[m.SkillNeed, ...]:
        """What the contact needed beyond what the configuration made of its attributes."""
        queue = self._queues.get(event.queue_id)
        if queue is None or self.configuration is None:
            return event.needs
        given: dict[m.SkillNeed, None] = {}
        for skill in self.configuration.skills:
            value = language_of(event) if skill.kind == "language" else event.attributes.get(skill.kind, "")
            is_asked = queue.attributes.get(skill.kind) == "required" and skill.tenant_id == event.tenant_id
            if is_asked and value in skill.values:
                given[m.SkillNeed(skill.skill_id)] = None
        return tuple(need for need in event.needs if need not in given)

    def _was_offered(self, event: m.ContactOffered) -> None:
        if event.kind == "queue" and event.contact_id in self._open:
            self._offered[event.offer_id] = event
        elif event.kind != "queue":
            self._leave_out(f"{event.kind}_offers")

    def _missed(self, event: m.OfferExpired | m.OfferRefused | m.OfferFailed | m.OfferWithdrawn) -> None:
        offer = self._offered.pop(event.offer_id, None)
        caller = self._open.get(event.contact_id)
        if offer is not None and caller is not None:
            caller.rings.append(Ring(event.at_ms - offer.at_ms, _OUTCOMES[type(event)]))

    def _connected(self, event: m.ContactConnected) -> None:
        caller = self._open.get(event.contact_id)
        offer = self._offered.pop(event.offer_id, None)
        if caller is None or offer is None:
            return
        caller.rings.append(Ring(event.at_ms - offer.at_ms, "answered"))
        if caller.waited_ms is None:
            caller.waited_ms = event.wait_ms
        self._legs[event.interaction_id] = Leg(offer.queue_id or caller.asked.queue_id)

    def _transferred(self, event: m.TransferStarted) -> None:
        if event.kind == "blind" and event.target_kind == "queue":
            self._transfers[event.contact_id] = event.target
        else:
            self._leave_out(f"{event.kind}_transfers_to_{event.target_kind}")

    def _transfer_failed(self, event: m.TransferFailed) -> None:
        self._transfers.pop(event.contact_id, None)

    def _interaction_ended(self, event: m.InteractionEnded) -> None:
        leg, caller = self._legs.get(event.interaction_id), self._open.get(event.contact_id)
        if leg is None or caller is None:
            return
        leg.talk_ms = event.talk_ms + event.hold_ms
        leg.then = self._transfers.pop(event.contact_id, None)
        caller.legs.append(leg)

    def _writes(self, event: m.WrapUpStarted | m.WrapUpExtended) -> None:
        if event.interaction_id in self._legs:
            self._until[event.interaction_id] = event.until_ms

    def _wrapped_up(self, event: m.WrappedUp) -> None:
        leg = self._legs.pop(event.interaction_id, None)
        until_ms = self._until.pop(event.interaction_id, 0)
        if leg is None:
            return
        queue = self._queues.get(leg.queue_id)
        is_by_itself = queue is not None and queue.is_wrap_up_automatic and event.at_ms >= until_ms
        if not is_by_itself:
            leg.wrap_up_ms = event.wrap_up_ms

    def _promised(self, event: m.CallbackPromised) -> None:
        caller = self._open.get(event.contact_id)
        if caller is not None:
            wait_ms = max(0, event.at_ms - caller.asked.asked_at_ms)
            caller.waited_ms = caller.promised_after_ms = wait_ms
            caller.window = event.window

    def _postponed(self, event: m.CallbackPostponed) -> None:
        caller = self._open.get(event.contact_id)
        if caller is not None:
            caller.unreached += 1

    def _diverted(self, event: m.ContactDiverted) -> None:
        caller = self._open.pop(event.contact_id, None)
        if caller is not None:
            caller.waited_ms = event.wait_ms
            self._sent_away[event.contact_id] = (caller, event.at_ms)

    def _ended(self, event: m.ContactEnded) -> None:
        caller = self._open.pop(event.contact_id, None)
        if caller is None:
            return
        if event.outcome == "callback_failed":
            caller.unreached += 1
        elif caller.waited_ms is None:
            caller.waited_ms = event.wait_ms
            caller.has_left = event.outcome == "abandoned"


def _queues_of(configuration: RoutingConfiguration | None) -> dict[str, QueueConfiguration]:
    return {queue.queue_id: queue for queue in configuration.queues} if configuration else {}
