"""Agent and customer are in conversation; the agent may hold, be lost and come back."""

import msgspec

from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.messages import Adopted
from hotline.live.node.call.record import AgentLeg, Ring
from hotline.live.node.call.routed import RoutedState
from hotline.messages.effects import Effect, HoldCustomer, RetrieveCustomer
from hotline.messages.routing import HangUpContact, LoseAgentLeg, ReportTransferLeg, ResumeAgentLeg
from hotline.telephony.contract import LegArrived, LegEnded

_DEVICE_GONE = "device_gone"


class Talking(RoutedState):
    """With `ring` its agent has just answered and is joined with the caller."""

    stage = "talking"

    def __init__(self, call: Call, ring: Ring | None = None) -> None:
        super().__init__(call)
        self._answered_ring = ring

    async def enter(self) -> None:
        if self._answered_ring is not None:
            await self._connect(self._answered_ring)
        elif not self.record.is_held and not self.record.is_joined and self.record.agent is not None:
            # Who comes from a conference is joined: to join again would cost them a word.
            await self.call.join_caller(self.record.agent.leg_id)
            await self.pause_recording(is_paused=False)

    async def _connect(self, ring: Ring) -> None:
        former = self.record.agent
        self.record.agent = self.answered(ring)
        self.record.ring, self.record.is_held, self.record.consultation = None, False, None
        self.record.bridge_id, self.record.is_joined, self.record.is_agent_leg_gone = new_id(), False, False
        # Kept and sent in one breath, so that a restarted node never has one without the other.
        self.call.save()
        self.tell_answered(self.record.agent)
        await self.call.join_caller(ring.leg_id)
        if former is not None:
            await self.call.hang_up(former.leg_id)
        await self.start_recording()

    async def adopted(self, found: Adopted) -> None:
        await self.adopt_ring(found)
        agent = self.record.agent
        if self.call.state is not self or agent is None:
            return
        if agent.leg_id not in found.living:
            self.record.is_agent_leg_gone = True
            await self.call.change(self.call.states.agent_lost(self.call))
        elif not self.record.is_held and not self._is_joined(found, agent):
            await self.call.join_caller(agent.leg_id)

    def _is_joined(self, found: Adopted, agent: AgentLeg) -> bool:
        return found.living.get(self.record.leg_id) == found.living.get(agent.leg_id) == self.record.bridge_id

    async def play_queue(self, queue_id: str) -> None:
        """While our answer is on the way, a switch that came back still believes that the customer waits."""
        if not self.call.is_answer_on_the_way():
            await super().play_queue(queue_id)

    # --- hold

    async def effect(self, effect: Effect) -> None:
        match effect:
            case HoldCustomer():
                await self._hold()
            case RetrieveCustomer():
                await self._retrieve()
            case _:
                await super().effect(effect)

    async def _hold(self) -> None:
        if not self.record.is_held:
            self.record.is_held = True
            self.call.save()
            await self.call.music_for_caller()
            await self.pause_recording(is_paused=True)

    async def _retrieve(self) -> None:
        if self.record.is_held:
            self.record.is_held = False
            self.call.save()
            await self.call.join_caller(None)
            await self.pause_recording(is_paused=False)

    # --- the agent's leg

    async def leg_ended(self, event: LegEnded) -> None:
        agent = self.record.agent
        if agent is None or event.leg_id != agent.leg_id:
            await super().leg_ended(event)
        elif event.cause == "normal" and event.ended_by == "party":
            await self.call.end("agent", "agent_hung_up")
        else:
            self.record.is_agent_leg_gone = True
            await self.call.change(self.call.states.agent_lost(self.call))

    async def device_unreachable(self, sip_user: str) -> None:
        """A browser that reloads is back within the grace; until then the leg may still carry sound."""
        if self._is_agents(sip_user):
            self.call.set_timer(_DEVICE_GONE, self.call.services.options.device_grace_s)

    async def device_reachable(self, sip_user: str) -> None:
        if self._is_agents(sip_user):
            self.call.cancel_timer(_DEVICE_GONE)

    async def timer(self, name: str) -> None:
        if name == _DEVICE_GONE:
            await self.call.change(self.call.states.agent_lost(self.call))

    async def device_resumed(self, event: LegArrived) -> None:
        """The page was reloaded: its new leg takes the old one's place; the customer hardly notices."""
        former = self.record.agent
        if former is None or event.sip_user != former.sip_user:
            await super().device_resumed(event)
            return
        self.call.cancel_timer(_DEVICE_GONE)
        await take_new_leg(self, event.leg_id)

    def _is_agents(self, sip_user: str) -> bool:
        return self.record.agent is not None and self.record.agent.sip_user == sip_user


async def take_new_leg(state: RoutedState, leg_id: str) -> None:
    """Put the agent's new leg where the old one was, which is ended."""
    call, record = state.call, state.record
    former = record.agent
    assert former is not None
    record.agent = msgspec.structs.replace(former, leg_id=leg_id)
    record.is_agent_leg_gone = False
    call.save()
    await call.driver.answer(leg_id)
    await call.driver.tag_leg(leg_id, {"contact": record.contact_id, "agent": former.agent_id})
    await call.driver.join(call.bridge(), [leg_id])
    await call.hang_up(former.leg_id)
    await call.monitoring.agent_leg_changed()


class AgentLost(RoutedState):
    """The agent's leg vanished: the customer hears music while the agent has the switch's grace time to come back."""

    stage = "agent_lost"

    async def enter(self) -> None:
        self._tell(LoseAgentLeg)
        if not self.record.is_held:
            await self.call.music_for_caller()
            await self.pause_recording(is_paused=True)
        # An emptied bridge ends by itself; coming back makes a new one.
        self.record.bridge_id, self.record.is_joined = None, False
        self.call.save()

    async def adopted(self, found: Adopted) -> None:
        agent = self.record.agent
        self.record.is_agent_leg_gone = agent is None or agent.leg_id not in found.living
        await self.adopt_ring(found)
        if self.call.state is self:
            await self.call.music_for_caller()

    async def leg_ended(self, event: LegEnded) -> None:
        agent = self.record.agent
        if agent is not None and event.leg_id == agent.leg_id:
            self.record.is_agent_leg_gone = True
            self.call.save()
        else:
            await super().leg_ended(event)

    async def device_reachable(self, sip_user: str) -> None:
        """Only the signalling was away; the leg still carries sound."""
        agent = self.record.agent
        if agent is not None and agent.sip_user == sip_user and not self.record.is_agent_leg_gone:
            await self._go_on()

    async def device_resumed(self, event: LegArrived) -> None:
        agent = self.record.agent
        if agent is None or event.sip_user != agent.sip_user:
            await super().device_resumed(event)
            return
        await take_new_leg(self, event.leg_id)
        await self._go_on()

    async def _go_on(self) -> None:
        self._tell(ResumeAgentLeg)
        await self.call.change(self.call.states.talking(self.call))

    def _tell(self, kind: type[LoseAgentLeg] | type[ResumeAgentLeg]) -> None:
        agent = self.record.agent
        if agent is not None:
            tell_of_agent(self, kind, agent.agent_id)


def tell_of_agent(
    state: RoutedState, kind: type[LoseAgentLeg] | type[ResumeAgentLeg] | type[HangUpContact], agent_id: str
) -> None:
    """Tell the switch what became of an agent's leg."""
    state.call.services.switch.send(
        kind(command_id=new_id(), at_ms=state.call.now_ms, contact_id=state.record.contact_id, agent_id=agent_id)
    )


class SentOut(RoutedState):
    """Caller and outside number talk; the agents are out of it."""

    stage = "sent_out"

    async def adopted(self, found: Adopted) -> None:
        if self.record.outside_leg_id not in found.living:
            await self._outside_left("gone_meanwhile")

    async def leg_ended(self, event: LegEnded) -> None:
        if event.leg_id == self.record.outside_leg_id:
            await self._outside_left(event.cause)
        else:
            await super().leg_ended(event)

    async def _outside_left(self, cause: str) -> None:
        """The other side has hung up: the transfer, and with it the contact, is over."""
        if self.record.outside_transfer_id is not None:
            self.call.services.switch.send(
                ReportTransferLeg(
                    command_id=new_id(),
                    at_ms=self.call.now_ms,
                    transfer_id=self.record.outside_transfer_id,
                    outcome="ended",
                    cause=cause,
                )
            )
        await self.call.finish()
