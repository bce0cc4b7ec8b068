"""What the switch asks a node to do after the events that caused it are committed, and the frames between the two.

Transport: a stream socket (unix on one machine), frames of 4-byte big-endian length + msgpack. Every effect carries
(epoch, seq, index): a node refuses older epochs and drops what it has already done."""

from typing import Literal

import msgspec

from hotline.messages.base import Message
from hotline.messages.conversations import ConversationNews
from hotline.messages.routing import DivertCause, MonitorMode, RoutingCommand, TargetKind, TransferKind

CallbackDueBy = Literal["turn", "opening", "window"]


class Effect(Message, frozen=True, kw_only=True):
    """One thing for one node to do to one contact."""

    contact_id: str


class RingAgent(Effect, frozen=True, kw_only=True):
    """Bring up the agent's leg; when it answers, bridge it with the customer and send AnswerOffer.

    With `callback_number` (sealed) the customer is not there yet: call them when the agent has answered, and send
    AnswerOffer when they have, or FailCallback."""

    offer_id: str
    agent_id: str
    timeout_s: int
    interaction_id: str
    callback_number: str | None = None


class AnswerAgentLeg(Effect, frozen=True, kw_only=True):
    """The agent accepted on the desk: answer the ringing leg where the driver can (simulated devices)."""

    offer_id: str


class StopRinging(Effect, frozen=True, kw_only=True):
    """This offer is over; without one, whatever rings for the contact: offers that ended while the node was away."""

    offer_id: str = ""


class PlayQueue(Effect, frozen=True, kw_only=True):
    """The customer waits (again) in this queue: music and announcements; any agent leg is let go."""

    queue_id: str


class LeaveQueue(Effect, frozen=True, kw_only=True):
    """The contact is out of its queue without an agent: the flow goes on at this exit of its queue step. A flow without
    that exit says that nobody can be reached, and ends."""

    exit: DivertCause


class ReleaseCustomer(Effect, frozen=True, kw_only=True):
    """The customer will be called back: say so and end their leg. The contact goes on without it. `due`: when it is
    their turn, when the queue may call again, or in the part of the day that they chose."""

    due: CallbackDueBy = "turn"


class HoldCustomer(Effect, frozen=True, kw_only=True):
    agent_id: str


class RetrieveCustomer(Effect, frozen=True, kw_only=True):
    agent_id: str


class HangUp(Effect, frozen=True, kw_only=True):
    """End every leg of the contact."""

    cause: str


class ReleaseAgentLeg(Effect, frozen=True, kw_only=True):
    """End this agent's leg, the customer stays."""

    agent_id: str


class StartTransferLeg(Effect, frozen=True, kw_only=True):
    """Consult: customer to music, bring up the target and bridge it with the agent. Blind to a number: dial and bridge
    with the customer. (Blind transfers to queues and agents are ordinary PlayQueue and RingAgent.)
    For a consult with an agent or queue the target's leg follows as RingTransferTarget."""

    transfer_id: str
    agent_id: str
    kind: TransferKind
    target_kind: TargetKind
    target: str


class RingTransferTarget(Effect, frozen=True, kw_only=True):
    """Ring the agent who is to be consulted; on answer bridge with the consulting agent and send AnswerOffer."""

    transfer_id: str
    offer_id: str
    agent_id: str
    timeout_s: int


class CompleteTransferLeg(Effect, frozen=True, kw_only=True):
    """Bridge the customer with the consulted leg and let go of the consulting agent's."""

    transfer_id: str
    agent_id: str


class CancelTransferLeg(Effect, frozen=True, kw_only=True):
    """End the consulted leg and bridge customer and agent again."""

    transfer_id: str
    agent_id: str


class MergeTransferLeg(Effect, frozen=True, kw_only=True):
    """A conference: customer, consulting agent and consulted side in one bridge."""

    transfer_id: str
    agent_id: str


class StartMonitoringLeg(Effect, frozen=True, kw_only=True):
    monitoring_id: str
    supervisor_user_id: str
    agent_id: str
    mode: MonitorMode


class ChangeMonitoringLeg(Effect, frozen=True, kw_only=True):
    monitoring_id: str
    mode: MonitorMode


class StopMonitoringLeg(Effect, frozen=True, kw_only=True):
    monitoring_id: str


class ForgetContact(Effect, frozen=True, kw_only=True):
    """The switch does not know this contact (or has ended it); the node ends what is left of it."""


AnyEffect = (
    RingAgent
    | AnswerAgentLeg
    | StopRinging
    | PlayQueue
    | LeaveQueue
    | ReleaseCustomer
    | HoldCustomer
    | RetrieveCustomer
    | HangUp
    | ReleaseAgentLeg
    | StartTransferLeg
    | RingTransferTarget
    | CompleteTransferLeg
    | CancelTransferLeg
    | MergeTransferLeg
    | StartMonitoringLeg
    | ChangeMonitoringLeg
    | StopMonitoringLeg
    | ForgetContact
)


# --- frames ---------------------------------------------------------------------------------------------------------


class NodeHello(Message, frozen=True, kw_only=True):
    """Node -> switch, first frame of a connection; ReconcileNode follows as the first command."""

    node_id: str
    seen_epoch: int
    seen_seq: int


class SwitchHello(Message, frozen=True, kw_only=True):
    """Switch -> node, answer to NodeHello."""

    epoch: int
    seq: int


class NodeCondition(Message, frozen=True, kw_only=True):
    """Node -> switch, at every change and after a hello that finds one of them: what keeps the node from its work, in
    sentences for the operator. Empty: nothing does."""

    voice_problem: str = ""
    recording_problem: str = ""
    setup_problem: str = ""

    @property
    def takes_calls(self) -> bool:
        """Whether a caller would be answered now."""
        return not self.voice_problem and not self.setup_problem

    @property
    def problems(self) -> list[str]:
        """The sentences that hold."""
        return [text for text in (self.voice_problem, self.setup_problem, self.recording_problem) if text]


class AskWait(Message, frozen=True, kw_only=True):
    """Node -> switch, answered with WaitTold and not logged: how long will these contacts wait?"""

    contact_ids: tuple[str, ...]


class ExpectedWait(msgspec.Struct, frozen=True):
    """`position` counts from 1 in the order in which the queue is served; `wait_s` from now, None when nobody knows."""

    contact_id: str
    position: int
    wait_s: int | None


class WaitTold(Message, frozen=True, kw_only=True):
    """Switch -> node: those of the contacts asked about that still wait."""

    waits: tuple[ExpectedWait, ...]


class CommandFrame(Message, frozen=True, kw_only=True):
    """Node or relay -> switch."""

    command: RoutingCommand


class LogProjected(Message, frozen=True, kw_only=True):
    """Worker -> switch, now and then and without an answer: all that the projector will ever want again of the pool's
    log comes after batch `seq`."""

    pool: str
    seq: int


class Acknowledged(Message, frozen=True, kw_only=True):
    """Switch -> sender, only after the commit."""

    command_id: str


STANDING_BY = "switch.standing_by"  # the code of a refusal that means: ask the next switch


class Refused(Message, frozen=True, kw_only=True):
    """Switch -> sender: the command cannot be; nothing was changed; do not resend."""

    command_id: str
    code: str
    sentence: str


class EffectFrame(Message, frozen=True, kw_only=True):
    """Switch -> node."""

    epoch: int
    seq: int
    index: int
    effect: AnyEffect


NodeToSwitch = NodeHello | NodeCondition | LogProjected | ConversationNews | AskWait | CommandFrame
SwitchToNode = SwitchHello | Acknowledged | Refused | WaitTold | EffectFrame

_encoder = msgspec.msgpack.Encoder()
FRAME_LIMIT_BYTES = 16 * 1024 * 1024


def encode_frame(message: Message) -> bytes:
    """Length prefix and msgpack body of one message."""
    body = _encoder.encode(message)
    return len(body).to_bytes(4, "big") + body
