"""All states of a call, and which of them a found record continues in."""

from hotline.flows.definition import QueueExit
from hotline.live.node.call.call import Call
from hotline.live.node.call.calling_back import CallingBack, Promised
from hotline.live.node.call.conference import Conference
from hotline.live.node.call.in_flow import InFlow
from hotline.live.node.call.record import QueueAsked, Ring
from hotline.live.node.call.state import CallState
from hotline.live.node.call.talking import AgentLost, SentOut, Talking
from hotline.live.node.call.transferring import Consulting, SendingOut
from hotline.live.node.call.turned_away import TurnedAway
from hotline.live.node.call.waiting import Waiting
from hotline.messages.effects import CallbackDueBy, ExpectedWait, StartTransferLeg


class States:
    """Makes states; see StateFactory."""

    def waiting(self, call: Call, asked: QueueAsked | None = None) -> CallState:
        return Waiting(call, asked)

    def promised(self, call: Call, told: ExpectedWait | None = None, due: CallbackDueBy = "turn") -> CallState:
        return Promised(call, told, due)

    def calling_back(self, call: Call, ring: Ring | None = None) -> CallState:
        return CallingBack(call, ring)

    def after_queue(self, call: Call, exit: QueueExit) -> CallState:
        record = call.record
        record.asked, record.left_by = None, exit
        published = call.services.configuration().flow(record.flow_id)
        return TurnedAway(call, exit) if published is None or record.place is None else InFlow(call, published)

    def talking(self, call: Call, ring: Ring | None = None) -> CallState:
        return Talking(call, ring)

    def agent_lost(self, call: Call) -> CallState:
        return AgentLost(call)

    def transferring(self, call: Call, effect: StartTransferLeg) -> CallState:
        if effect.kind == "blind":
            return SendingOut(call, effect)
        return Consulting(call, effect)

    def conference(self, call: Call) -> CallState:
        return Conference(call)

    def sent_out(self, call: Call) -> CallState:
        return SentOut(call)

    def resumed(self, call: Call) -> CallState:
        match call.record.stage:
            case "waiting":
                return Waiting(call)
            case "promised":
                return Promised(call)
            case "calling_back":
                return CallingBack(call)
            case "talking":
                return Talking(call)
            case "agent_lost":
                return AgentLost(call)
            case "consulting":
                return Consulting(call)
            case "conference":
                return Conference(call)
            case "sending_out":
                return SendingOut(call)
            case "sent_out":
                return SentOut(call)
            case _:
                return InFlow(call, call.services.configuration().flow(call.record.flow_id))
