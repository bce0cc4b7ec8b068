"""Commands that the switch takes, events that it logs. The log holds ids, times, codes: no names, numbers or notes.

A contact's road: EnqueueContact -> ContactQueued -> ContactOffered -> ContactConnected -> InteractionEnded
-> WrapUpStarted -> WrappedUp, with ContactEnded when the customer's part is over (before wrap-up is)."""

from typing import Literal

import msgspec

from hotline.messages.base import Command, Event
from hotline.messages.configuration import AfterTalk, Choice, RoutingConfiguration

SCHEMA_VERSION = 1
HOUSE_NODE = "house"  # of contacts that no node carries, since web holds them: those in writing

AgentStateName = Literal["available", "offered", "busy", "wrap_up", "away", "signed_out"]
Channel = Literal["voice", "sms", "chat", "email", "letter", "counter", "form"]
EndedBy = Literal["caller", "agent", "supervisor", "flow", "platform"]
Outcome = Literal["handled", "abandoned", "transferred_out", "platform_failure", "callback_failed", "own_call"]
OfferKind = Literal["queue", "transfer", "consult"]
TransferKind = Literal["blind", "consult"]
TargetKind = Literal["queue", "agent", "number"]
MonitorMode = Literal["listen", "whisper", "barge"]
AlarmKind = Literal["service_level", "abandoned", "blocked"]
WantedCause = Literal["key_account", "last_agent"]
ChosenBy = Choice | Literal["least_in_hand", "strongest_skill"]
OfferCause = Literal["arrival", "agent_free", "relationship", "transfer", "consult", "reform"]
DivertCause = Literal["full", "too_long", "disaster"]
TierStep = Literal["called", "started", "stood_down"]
NodeStep = Literal["held", "given_up", "cleared"]
SilenceReason = Literal["known_cause", "planned_work", "false_alarm"]
AlarmEnd = Literal["recovered", "quiet", "removed"]
SeatFaultReason = Literal["computer", "headset", "network", "power", "furniture", "other"]


# --- commands of the node -------------------------------------------------------------------------------------------


class SkillNeed(msgspec.Struct, frozen=True):
    """A skill that a contact needs beyond its queue's, with the least level, 1-9."""

    skill_id: str
    level: int = 1


class EnqueueContact(Command, frozen=True, kw_only=True):
    """A customer asks for a person. `asked_at_ms` starts the wait clock and survives every resend."""

    contact_id: str
    tenant_id: str
    queue_id: str
    node_id: str
    asked_at_ms: int
    arrived_at_ms: int
    channel: Channel = "voice"
    entry_point_id: str | None = None
    language: str = "zh"
    priority: int = 0
    customer_id: str | None = None
    menu_path: tuple[str, ...] = ()
    needs: tuple[SkillNeed, ...] = ()
    is_simulated: bool = False
    attributes: dict[str, str] = {}  # brand, product_line, region, value_grade, vip, service_language, business
    wanted_agent_id: str | None = None  # the account's manager or the last agent: waited for, for the queue's time
    wanted_cause: WantedCause = "last_agent"
    caller_ref: str | None = None  # the same for the same caller, and not their number
    callback: str | None = None  # sealed as in RequestCallback: the customer is not there and is called from the start
    callback_not_before_ms: int = 0  # as in RequestCallback
    pending_callback: str | None = None  # the contact of a call-back that is promised to this caller already


class EndContact(Command, frozen=True, kw_only=True):
    """The customer's leg is gone. In the queue this is an abandonment, in conversation the end. With the cause "lost"
    nobody hung up: the line failed."""

    contact_id: str
    ended_by: EndedBy
    cause: str


class AnswerOffer(Command, frozen=True, kw_only=True):
    """The agent's leg is up and bridged: the conversation has begun at `at_ms`."""

    offer_id: str


class FailOffer(Command, frozen=True, kw_only=True):
    """The agent's leg could not be brought up (busy, unreachable, rejected, no_answer)."""

    offer_id: str
    cause: str


class LoseAgentLeg(Command, frozen=True, kw_only=True):
    """The agent's leg vanished without a hang-up: page reloaded, browser or network dead. The customer hears music."""

    contact_id: str
    agent_id: str


class ResumeAgentLeg(Command, frozen=True, kw_only=True):
    """The agent's new leg has taken the lost one's place in the bridge."""

    contact_id: str
    agent_id: str


class RequestCallback(Command, frozen=True, kw_only=True):
    """The waiting customer hangs up and is called back when it is their turn, not before `not_before_ms`, while the
    queue's call-back calendar is open, and in the `window` that they chose: minutes after the tenant's midnight, (0, 0)
    for any time. `number` is the sealed form of what to dial. After this the end of the customer's leg does not end
    the contact."""

    contact_id: str
    number: str
    not_before_ms: int = 0
    window: tuple[int, int] = (0, 0)


class FailCallback(Command, frozen=True, kw_only=True):
    """The customer could not be reached; the agent is free again without blame."""

    offer_id: str
    cause: str


class ReportTransferLeg(Command, frozen=True, kw_only=True):
    """What became of the leg to an outside number of a transfer."""

    transfer_id: str
    outcome: Literal["answered", "failed", "ended"]
    cause: str = ""


class ReportMonitoringEnded(Command, frozen=True, kw_only=True):
    """The supervisor's leg is gone."""

    monitoring_id: str


class NodeContact(msgspec.Struct, frozen=True):
    """One contact that a node still holds, for reconciliation."""

    contact_id: str
    agent_ids: tuple[str, ...] = ()


class ReconcileNode(Command, frozen=True, kw_only=True):
    """Sent first on every connection: the contacts this node holds. What the switch has beyond these is ended as
    platform failure; the node sends EnqueueContact again for those it holds and the switch does not know."""

    node_id: str
    contacts: tuple[NodeContact, ...]


class LoseNodeConnection(Command, frozen=True, kw_only=True):
    """The switch has lost a node, or has just begun to lead and hears nothing of it yet. After `hold_after_ms` its
    contacts are offered to nobody; after `give_up_after_ms` who waits there is lost, after `clear_after_ms` the
    conversations too. ReconcileNode ends it. Known already: nothing, unless it is to be `is_judged_anew`."""

    node_id: str
    hold_after_ms: int
    give_up_after_ms: int
    clear_after_ms: int
    is_judged_anew: bool = False


class MoveCallbacks(Command, frozen=True, kw_only=True):
    """A node has been given up: the call-backs that it promised are made by another one. Not given up: nothing."""

    node_id: str
    to_node_id: str


# --- commands of agents and supervisors (by way of the gateway) -----------------------------------------------------


class SignIn(Command, frozen=True, kw_only=True):
    """Take the post. A second browser of the same agent takes over; the first becomes a mirror. Who names another seat
    moves there; who names none stays where they sit, or is nowhere (at home)."""

    agent_id: str
    session_id: str
    seat_id: str | None = None


class SignOut(Command, frozen=True, kw_only=True):
    agent_id: str


class SetAgentState(Command, frozen=True, kw_only=True):
    """Asked for during work, it takes effect when the work ends."""

    agent_id: str
    state: Literal["available", "away"]
    reason_id: str | None = None


class LoseAgentConnection(Command, frozen=True, kw_only=True):
    """The gateway has not heard the agent's browser for its grace time."""

    agent_id: str
    session_id: str


class RestoreAgentConnection(Command, frozen=True, kw_only=True):
    agent_id: str
    session_id: str


class AcceptOffer(Command, frozen=True, kw_only=True):
    """For channels without a leg of their own, and for devices that the driver can answer."""

    agent_id: str
    offer_id: str


class RefuseOffer(Command, frozen=True, kw_only=True):
    agent_id: str
    offer_id: str
    reason_id: str | None = None


class HoldContact(Command, frozen=True, kw_only=True):
    agent_id: str
    contact_id: str


class RetrieveContact(Command, frozen=True, kw_only=True):
    agent_id: str
    contact_id: str


class HangUpContact(Command, frozen=True, kw_only=True):
    agent_id: str
    contact_id: str


class StartTransfer(Command, frozen=True, kw_only=True):
    """`target` is a queue id, an agent id, or the sealed form of an outside number (numbers never enter the log)."""

    transfer_id: str
    agent_id: str
    contact_id: str
    kind: TransferKind
    target_kind: TargetKind
    target: str


class CompleteTransfer(Command, frozen=True, kw_only=True):
    agent_id: str
    transfer_id: str


class CancelTransfer(Command, frozen=True, kw_only=True):
    agent_id: str
    transfer_id: str


class MergeTransfer(Command, frozen=True, kw_only=True):
    """The sender of an answered consultation makes it a conference: customer, sender and consulted side all talk.
    Then CompleteTransfer (or HangUpContact) takes the sender out of it, CancelTransfer the consulted side."""

    agent_id: str
    transfer_id: str


class ExtendWrapUp(Command, frozen=True, kw_only=True):
    agent_id: str
    contact_id: str
    extend_s: int = 30


class FinishWrapUp(Command, frozen=True, kw_only=True):
    agent_id: str
    contact_id: str


class ForceAgentState(Command, frozen=True, kw_only=True):
    """A supervisor sets an agent's state; never cuts a conversation: it takes effect when the work ends."""

    supervisor_id: str
    agent_id: str
    state: Literal["available", "away", "signed_out"]
    reason: str


class StartMonitoring(Command, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_id: str
    agent_id: str
    mode: MonitorMode


class ChangeMonitoring(Command, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_id: str
    mode: MonitorMode


class StopMonitoring(Command, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_id: str


class TakeAlarm(Command, frozen=True, kw_only=True):
    """I see to it. Whoever takes it next has it from then on."""

    alarm_id: str
    supervisor_id: str


class AcknowledgeAlarm(Command, frozen=True, kw_only=True):
    """Somebody has seen it: it goes on, without a sound."""

    alarm_id: str
    supervisor_id: str


class SilenceAlarm(Command, frozen=True, kw_only=True):
    """Nothing is to be done about it, and why."""

    alarm_id: str
    supervisor_id: str
    reason: SilenceReason


class MarkSite(Command, frozen=True, kw_only=True):
    """A site is down: who works there is offered nothing, what rings there goes to others. Or it is up again. Agents
    work at the site of the seat where they sit, without a seat at that of their team."""

    site_id: str
    is_down: bool
    supervisor_id: str


class MarkSeat(Command, frozen=True, kw_only=True):
    """A seat is out of order, and why: nobody can sign in there. Or it is usable again. Who sits there stays."""

    seat_id: str
    is_broken: bool
    supervisor_id: str
    reason: SeatFaultReason = "other"


class SetDisasterMode(Command, frozen=True, kw_only=True):
    """New contacts of the queue leave at once for the flow's exit `disaster`. Those who wait stay."""

    queue_id: str
    is_on: bool
    supervisor_id: str


class CallTier(Command, frozen=True, kw_only=True):
    """A reserve team is called by hand. Until `keep_until_ms` its ladder does not send it back; then it may."""

    tier_id: str
    supervisor_id: str
    keep_until_ms: int = 0


class StandDownTier(Command, frozen=True, kw_only=True):
    """A reserve team is sent back by hand. Its ladder calls it again when the figures ask for it."""

    tier_id: str
    supervisor_id: str


class CancelCallback(Command, frozen=True, kw_only=True):
    """A promised call-back is no longer wanted: a supervisor says so, or without one the customer."""

    contact_id: str
    supervisor_id: str | None = None


class SettleCallback(Command, frozen=True, kw_only=True):
    """The agent who talks with a customer to whom a call-back is promised (`contact_id`): it is done in this talk, or
    it stays."""

    agent_id: str
    contact_id: str
    is_done: bool


# --- commands of the house ------------------------------------------------------------------------------------------


class ApplyConfiguration(Command, frozen=True, kw_only=True):
    configuration: RoutingConfiguration


RoutingCommand = (
    EnqueueContact
    | EndContact
    | AnswerOffer
    | FailOffer
    | LoseAgentLeg
    | ResumeAgentLeg
    | ReportTransferLeg
    | ReportMonitoringEnded
    | ReconcileNode
    | LoseNodeConnection
    | MoveCallbacks
    | SignIn
    | SignOut
    | SetAgentState
    | LoseAgentConnection
    | RestoreAgentConnection
    | AcceptOffer
    | RefuseOffer
    | HoldContact
    | RetrieveContact
    | HangUpContact
    | StartTransfer
    | CompleteTransfer
    | CancelTransfer
    | MergeTransfer
    | ExtendWrapUp
    | FinishWrapUp
    | ForceAgentState
    | StartMonitoring
    | ChangeMonitoring
    | StopMonitoring
    | TakeAlarm
    | AcknowledgeAlarm
    | SilenceAlarm
    | RequestCallback
    | FailCallback
    | CancelCallback
    | SettleCallback
    | MarkSite
    | MarkSeat
    | SetDisasterMode
    | CallTier
    | StandDownTier
    | ApplyConfiguration
)


# --- events ---------------------------------------------------------------------------------------------------------


class ConfigurationApplied(Event, frozen=True, kw_only=True):
    configuration: RoutingConfiguration


class AgentSignedIn(Event, frozen=True, kw_only=True):
    """`seat_id`: where they sit from now on, None for nowhere (at home)."""

    agent_id: str
    session_id: str
    seat_id: str | None = None


class AgentMovedSeat(Event, frozen=True, kw_only=True):
    """Signed in already, in the same session, and sits at this seat from now on."""

    agent_id: str
    seat_id: str


class AgentSignedOut(Event, frozen=True, kw_only=True):
    agent_id: str
    cause: str


class AgentStateChanged(Event, frozen=True, kw_only=True):
    """`reason` is the id of an away reason, or one of the house's own codes: offer_expired, offer_refused,
    offer_failed, connection_lost, signed_in. `actor_id` is the supervisor who forced it."""

    agent_id: str
    state: AgentStateName
    reason: str | None = None
    actor_id: str | None = None


class AgentStateRequested(Event, frozen=True, kw_only=True):
    """Asked for during work; the agent's state changes when the work ends."""

    agent_id: str
    state: Literal["available", "away", "signed_out"]
    reason: str | None = None
    actor_id: str | None = None


class AgentConnectionLost(Event, frozen=True, kw_only=True):
    agent_id: str


class AgentConnectionRestored(Event, frozen=True, kw_only=True):
    agent_id: str


class ContactQueued(Event, frozen=True):
    """By place up to `is_simulated`: the interpreter makes a dictionary of more than fifteen named arguments."""

    contact_id: str
    tenant_id: str
    queue_id: str
    node_id: str
    asked_at_ms: int
    arrived_at_ms: int
    channel: Channel
    entry_point_id: str | None
    language: str
    priority: int
    customer_id: str | None
    menu_path: tuple[str, ...]
    needs: tuple[SkillNeed, ...]
    is_simulated: bool
    attributes: dict[str, str] = {}
    preferred: tuple[SkillNeed, ...] = ()  # what attributes ask for is in `needs` and here
    place_ms: int | None = None  # from when the place counts; None: from the asking
    wanted_agent_id: str | None = None
    wanted_cause: WantedCause = "last_agent"
    wanted_until_ms: int = 0
    caller_ref: str | None = None
    points: dict[str, int] = {}  # of `priority`, by the rule that gave them
    pending_callback: str | None = None
    by_attributes: int = 0  # of `needs`, how many at its end the queue asks for because of attributes


class ContactOffered(Event, frozen=True, kw_only=True):
    """A contact is proposed to an agent. `chosen_figure` is what decided by the rule `chosen_by`, None where there was
    nothing to choose by and in older logs:

    longest_idle: since when (ms) the agent has had no contact; round_robin: when the agent's last offer was (0: none
    yet); best_level, strongest_skill: sum of the levels held of
    what the contact asks for; least_occupied: share of the time since the sign-in, weighted: conversations since then
    for the weight, both in ten-thousandths; least_in_hand: contacts in hand, where nobody able was entirely free.

    Who the others were is only counted: to name them would cost each offer a search."""

    offer_id: str
    contact_id: str
    agent_id: str
    queue_id: str | None
    kind: OfferKind
    expires_at_ms: int
    interaction_id: str = ""  # the interaction that begins when this offer is answered
    cause: OfferCause = "arrival"
    candidates: int = 0  # able agents who were idle (arrival), or able contacts that waited (agent_free)
    callback_number: str | None = None  # sealed: the customer is to be called when the agent has answered
    pool_id: str | None = None  # the shared pool through which an agent of another tenant gets it
    chosen_by: ChosenBy = "longest_idle"
    chosen_figure: int | None = None


class OfferExpired(Event, frozen=True, kw_only=True):
    offer_id: str
    contact_id: str
    agent_id: str


class OfferRefused(Event, frozen=True, kw_only=True):
    offer_id: str
    contact_id: str
    agent_id: str
    reason_id: str | None


class OfferFailed(Event, frozen=True, kw_only=True):
    offer_id: str
    contact_id: str
    agent_id: str
    cause: str


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    """The caller is gone, or the work went elsewhere; no blame on the agent, who keeps the place as longest idle."""

    offer_id: str
    contact_id: str
    agent_id: str
    cause: str


class OfferAccepted(Event, frozen=True, kw_only=True):
    """The agent said yes on the desk; the leg is still to be brought up by the driver."""

    offer_id: str
    contact_id: str
    agent_id: str


class ContactConnected(Event, frozen=True, kw_only=True):
    """Agent and customer talk. `wait_ms` runs from `asked_at_ms` of the first asking."""

    contact_id: str
    offer_id: str
    interaction_id: str
    agent_id: str
    wait_ms: int
    pool_id: str | None = None  # the shared pool by which an agent of another tenant serves it


class ContactRequeued(Event, frozen=True, kw_only=True):
    """Back in the queue at its old place (or in another queue, with its wait clock). With `is_anew`, after a talk, the
    queue's rings, overflows and greatest wait count from now and not from before it. `needs` and `preferred` where
    another queue asks for other attributes than the former one: everything that the contact needs there; with no
    `needs` (None) both are as before."""

    contact_id: str
    queue_id: str
    cause: str
    is_anew: bool = False
    needs: tuple[SkillNeed, ...] | None = None
    preferred: tuple[SkillNeed, ...] = ()


class ContactWidened(Event, frozen=True, kw_only=True):
    """More people may take the contact now: the ring of that number and all before it; `pool_id` when that ring is
    another tenant's shared pool. It has waited so long, or its queue is full."""

    contact_id: str
    queue_id: str
    ring: int
    pool_id: str | None = None
    cause: Literal["waited", "full"] = "waited"
    relax: int = 0  # by so much the ring lowers every asked level


class ContactReleased(Event, frozen=True, kw_only=True):
    """No longer kept for the agent who was wanted: the time is over, or the agent has left. Anybody may take it."""

    contact_id: str
    agent_id: str
    cause: str


class ContactDiverted(Event, frozen=True, kw_only=True):
    """Out of the queue without an agent: the flow goes on at the exit of that name. It may ask again."""

    contact_id: str
    queue_id: str
    cause: DivertCause
    wait_ms: int


class CallbackPromised(Event, frozen=True, kw_only=True):
    """The customer keeps the place and has hung up or soon will. Nobody calls before `not_before_ms`, which is within
    the queue's call-back hours and the customer's window."""

    contact_id: str
    number: str
    not_before_ms: int
    window: tuple[int, int] = (0, 0)


class CallbackPostponed(Event, frozen=True, kw_only=True):
    """Nobody answered the call-back number `attempt` (from 1); the next attempt is due then."""

    contact_id: str
    offer_id: str
    attempt: int
    due_ms: int
    cause: str


class CallbackHeld(Event, frozen=True, kw_only=True):
    """The queue's call-back hours are over, or its calendar has changed: nobody calls the customer before `due_ms`,
    when they begin again. The contact keeps its place and its number of attempts."""

    contact_id: str
    due_ms: int


class CallbackDue(Event, frozen=True, kw_only=True):
    """The contact is back in its queue, at its old place."""

    contact_id: str


class CallbackMet(Event, frozen=True, kw_only=True):
    """The customer to whom the call-back is promised talks with an agent in a contact of their own. Nobody calls them
    until that contact is over or the agent has said what becomes of the promise."""

    contact_id: str
    by_contact_id: str
    agent_id: str


class CallbackSettled(Event, frozen=True, kw_only=True):
    """What becomes of the promise after the customer's own contact; `agent_id` said so, without one the queue's rule.
    ContactEnded follows at once for `close`; with `keep` CallbackResumed when the other contact is over."""

    contact_id: str
    by_contact_id: str
    choice: AfterTalk
    agent_id: str | None = None


class CallbackResumed(Event, frozen=True, kw_only=True):
    """The customer's own contact is over and the promise stays: back in the queue at its old place, or due at
    `due_ms` where the next attempt was still to come."""

    contact_id: str
    due_ms: int = 0


class AgentSkillLapsed(Event, frozen=True, kw_only=True):
    """From now on the agent does not hold the skill."""

    agent_id: str
    skill_id: str


class SiteMarked(Event, frozen=True, kw_only=True):
    site_id: str
    is_down: bool
    actor_id: str


class SeatMarked(Event, frozen=True, kw_only=True):
    """Out of order for this reason, or usable again (no reason)."""

    seat_id: str
    is_broken: bool
    reason: SeatFaultReason | None
    actor_id: str


class NodeConnectionLost(Event, frozen=True, kw_only=True):
    """A node is silent; NodeAbsent follows at these times unless NodeConnectionRestored comes first. The same again: a
    new leader judges anew."""

    node_id: str
    hold_ms: int
    give_up_ms: int
    clear_ms: int


class NodeAbsent(Event, frozen=True, kw_only=True):
    """A node stays away. `held`: its contacts keep their places and are offered to nobody; `given_up`: who waited there
    ends as platform failure; `cleared`: so do its conversations."""

    node_id: str
    step: NodeStep


class NodeConnectionRestored(Event, frozen=True, kw_only=True):
    """The node is back, and its contacts are matched at their old places."""

    node_id: str


class CallbackMoved(Event, frozen=True, kw_only=True):
    """Another node makes the promised call-back: the one that took the call was given up."""

    contact_id: str
    node_id: str


class DisasterModeSet(Event, frozen=True, kw_only=True):
    queue_id: str
    is_on: bool
    actor_id: str


class TierMoved(Event, frozen=True, kw_only=True):
    """A reserve team was called, works, or stands down. The figures are those of the ladder's queues at this moment:
    `wait_s` of who waits longest, `length` waiting, `service_level` and `abandoned` of the last 15 minutes in
    hundredths of a per cent (-1: nobody asked). `until_ms`: when a called team begins. `actor_id`: who called it or
    sent it back by hand (none: the ladder); it then stays until `keep_until_ms`."""

    ladder_id: str
    tier_id: str
    step: TierStep
    wait_s: int
    length: int
    service_level: int
    abandoned: int
    until_ms: int = 0
    keep_until_ms: int = 0
    actor_id: str | None = None


class ContactHeld(Event, frozen=True, kw_only=True):
    contact_id: str
    interaction_id: str


class ContactRetrieved(Event, frozen=True, kw_only=True):
    contact_id: str
    interaction_id: str


class AgentLegLost(Event, frozen=True, kw_only=True):
    contact_id: str
    interaction_id: str
    agent_id: str


class AgentLegResumed(Event, frozen=True, kw_only=True):
    contact_id: str
    interaction_id: str
    agent_id: str


class TransferStarted(Event, frozen=True, kw_only=True):
    """`returns_at_ms`: when it goes back to the sender if nobody in the queue has taken it, 0 for never."""

    transfer_id: str
    contact_id: str
    interaction_id: str
    agent_id: str
    kind: TransferKind
    target_kind: TargetKind
    target: str
    returns_at_ms: int = 0


class TransferUnanswered(Event, frozen=True, kw_only=True):
    """Nobody in the queue has taken in time what was handed over blindly. Its sender has it back as soon as they have
    room for it (TransferFailed, then ContactOffered); meanwhile the queue's agents may still take it."""

    transfer_id: str
    contact_id: str
    agent_id: str  # who sent it


class TransferAnswered(Event, frozen=True, kw_only=True):
    """The consulted person talks with the agent; the customer hears music."""

    transfer_id: str
    contact_id: str
    target_agent_id: str | None


class TransferCompleted(Event, frozen=True, kw_only=True):
    transfer_id: str
    contact_id: str
    target_agent_id: str | None
    agent_id: str = ""  # who sent it
    kind: TransferKind = "blind"


class TransferFailed(Event, frozen=True, kw_only=True):
    """Back to the sender, who still has the customer or is offered them again, or to the front of the queue."""

    transfer_id: str
    contact_id: str
    cause: str
    agent_id: str = ""  # who sent it
    kind: TransferKind = "blind"


class TransferMerged(Event, frozen=True, kw_only=True):
    """A conference: customer, sender and consulted side all talk. ContactConnected follows for a consulted agent, whose
    interaction begins; TransferCompleted says that the sender has left, TransferFailed that the consulted side has."""

    transfer_id: str
    contact_id: str
    target_agent_id: str | None
    agent_id: str  # who sent it


class InteractionEnded(Event, frozen=True, kw_only=True):
    """`talk_ms` excludes `hold_ms`."""

    interaction_id: str
    contact_id: str
    agent_id: str
    talk_ms: int
    hold_ms: int
    ended_by: EndedBy


class WrapUpStarted(Event, frozen=True, kw_only=True):
    interaction_id: str
    contact_id: str
    agent_id: str
    until_ms: int


class WrapUpExtended(Event, frozen=True, kw_only=True):
    interaction_id: str
    contact_id: str
    agent_id: str
    until_ms: int


class WrappedUp(Event, frozen=True, kw_only=True):
    interaction_id: str
    contact_id: str
    agent_id: str
    wrap_up_ms: int


class ContactEnded(Event, frozen=True, kw_only=True):
    """`actor_id` is the supervisor who ended it, where one did; `cut_off_agent_id` the agent with whom the customer was
    talking when their line or the platform failed: who calls again soon goes on there."""

    contact_id: str
    outcome: Outcome
    ended_by: EndedBy
    cause: str
    wait_ms: int
    actor_id: str | None = None
    cut_off_agent_id: str | None = None


class MonitoringStarted(Event, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_id: str
    agent_id: str
    contact_id: str
    mode: MonitorMode


class MonitoringChanged(Event, frozen=True, kw_only=True):
    monitoring_id: str
    mode: MonitorMode
    contact_id: str = ""


class MonitoringStopped(Event, frozen=True, kw_only=True):
    monitoring_id: str
    cause: str
    contact_id: str = ""


class AlarmRaised(Event, frozen=True, kw_only=True):
    """A queue has been below its target since `below_since_ms`. The counts are those of the last 15 minutes at that
    moment; `target` in hundredths of a per cent."""

    alarm_id: str
    tenant_id: str
    queue_id: str
    kind: AlarmKind
    below_since_ms: int
    answered_in_time: int
    counted: int
    target: int
    threshold_s: int
    is_simulated: bool


class AlarmTaken(Event, frozen=True, kw_only=True):
    alarm_id: str
    supervisor_id: str


class AlarmAcknowledged(Event, frozen=True, kw_only=True):
    alarm_id: str
    supervisor_id: str


class AlarmSilenced(Event, frozen=True, kw_only=True):
    alarm_id: str
    supervisor_id: str
    reason: SilenceReason


class AlarmCleared(Event, frozen=True, kw_only=True):
    """The level is back (recovered), nobody asks any more (quiet), or the queue is gone (removed)."""

    alarm_id: str
    cause: AlarmEnd
    answered_in_time: int
    counted: int


RoutingEvent = (
    ConfigurationApplied
    | AgentSignedIn
    | AgentSignedOut
    | AgentStateChanged
    | AgentStateRequested
    | AgentConnectionLost
    | AgentConnectionRestored
    | ContactQueued
    | ContactOffered
    | OfferExpired
    | OfferRefused
    | OfferFailed
    | OfferWithdrawn
    | OfferAccepted
    | ContactConnected
    | ContactRequeued
    | ContactHeld
    | ContactRetrieved
    | AgentLegLost
    | AgentLegResumed
    | TransferStarted
    | TransferAnswered
    | TransferCompleted
    | TransferFailed
    | TransferMerged
    | TransferUnanswered
    | InteractionEnded
    | WrapUpStarted
    | WrapUpExtended
    | WrappedUp
    | ContactEnded
    | MonitoringStarted
    | MonitoringChanged
    | MonitoringStopped
    | AlarmRaised
    | AlarmTaken
    | AlarmAcknowledged
    | AlarmSilenced
    | AlarmCleared
    | ContactWidened
    | ContactReleased
    | ContactDiverted
    | CallbackPromised
    | CallbackPostponed
    | CallbackHeld
    | CallbackDue
    | CallbackMet
    | CallbackSettled
    | CallbackResumed
    | AgentSkillLapsed
    | SiteMarked
    | SeatMarked
    | AgentMovedSeat
    | DisasterModeSet
    | TierMoved
    | NodeConnectionLost
    | NodeAbsent
    | NodeConnectionRestored
    | CallbackMoved
)


class LogBatch(msgspec.Struct, frozen=True, kw_only=True):
    """The payload of one row of `routing_log(pool, seq, epoch, events)`; `seq` numbers batches from 1 without gaps."""

    schema_version: int
    events: tuple[RoutingEvent, ...]
