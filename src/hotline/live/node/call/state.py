"""What every state of a call can be told. A state overrides what it has an answer to."""

from typing import ClassVar, Protocol

from hotline.flows.definition import QueueExit
from hotline.live.node.call.call import Call
from hotline.live.node.call.messages import Adopted, CommandRefused, LookUpDone
from hotline.live.node.call.record import CallRecord, QueueAsked, Ring, Stage
from hotline.messages.effects import CallbackDueBy, Effect, ExpectedWait, StartTransferLeg
from hotline.messages.routing import EndedBy
from hotline.telephony.contract import LegAnswered, LegArrived, LegEnded, VoiceDriver


class CallState:
    """Base of the states; by itself it lets everything pass."""

    stage: ClassVar[Stage]

    def __init__(self, call: Call) -> None:
        self.call = call

    @property
    def record(self) -> CallRecord:
        return self.call.record

    @property
    def driver(self) -> VoiceDriver:
        return self.call.driver

    async def enter(self) -> None:
        """Begin."""

    async def adopted(self, found: Adopted) -> None:
        """Go on after a restart of the node or a gap in the platform's events."""

    async def leave(self) -> None:
        """Stop what only this state does."""

    async def ending(self, ended_by: EndedBy, cause: str) -> None:
        """The caller has left, or is about to be let go."""

    async def caller_left(self, event: LegEnded) -> bool:
        """The caller's leg is gone; True when the contact goes on without it."""
        return False

    async def recover(self) -> None:
        """A fault of ours interrupted this state."""

    async def effect(self, effect: Effect) -> None:
        """The switch wants something done."""

    async def leg_answered(self, event: LegAnswered) -> None:
        """One of the call's legs is up."""

    async def leg_ended(self, event: LegEnded) -> None:
        """One of the call's legs, not the caller's, is gone."""

    async def device_resumed(self, event: LegArrived) -> None:
        """The agent's device came back with a new leg, which waits to be answered."""
        await self.call.hang_up(event.leg_id)

    async def device_reachable(self, sip_user: str) -> None: ...

    async def device_unreachable(self, sip_user: str) -> None: ...

    async def digit(self, digit: str) -> None: ...

    async def playback_finished(self) -> None: ...

    async def timer(self, name: str) -> None: ...

    async def looked_up(self, done: LookUpDone) -> None: ...

    async def wait_told(self, told: ExpectedWait) -> None: ...

    async def refused(self, message: CommandRefused) -> None: ...

    async def switch_changed(self, is_connected: bool) -> None: ...


class StateFactory(Protocol):
    """Makes the states that follow each other, so that none of them needs to know the others' modules."""

    def waiting(self, call: Call, asked: QueueAsked | None = None) -> CallState:
        """Music until an agent answers; with `asked`, the switch is asked for one."""
        ...

    def promised(self, call: Call, told: ExpectedWait | None = None, due: CallbackDueBy = "turn") -> CallState:
        """The customer keeps the place and is called back; `told` is what was last said of the wait."""
        ...

    def calling_back(self, call: Call, ring: Ring | None = None) -> CallState:
        """The customer is being called; with `ring`, its agent has just answered."""
        ...

    def after_queue(self, call: Call, exit: QueueExit) -> CallState:
        """The flow goes on at this exit of its queue step."""
        ...

    def talking(self, call: Call, ring: Ring | None = None) -> CallState:
        """In conversation; with `ring`, its agent has just answered."""
        ...

    def agent_lost(self, call: Call) -> CallState: ...

    def transferring(self, call: Call, effect: StartTransferLeg) -> CallState: ...

    def conference(self, call: Call) -> CallState:
        """The consultation's legs and the caller talk together."""
        ...

    def sent_out(self, call: Call) -> CallState: ...

    def resumed(self, call: Call) -> CallState:
        """The state of a record that a restarted node has found."""
        ...
