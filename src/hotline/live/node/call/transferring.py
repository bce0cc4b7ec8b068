"""An agent passes the customer on by way of another leg: consulting first, or straight to an outside number."""

from typing import ClassVar, Literal

import msgspec
import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.messages import Adopted
from hotline.live.node.call.record import AgentLeg, Consultation, Ring, Stage
from hotline.live.node.call.routed import RoutedState
from hotline.live.node.call.talking import take_new_leg, tell_of_agent
from hotline.messages.effects import (
    CancelTransferLeg,
    CompleteTransferLeg,
    Effect,
    MergeTransferLeg,
    ReleaseAgentLeg,
    RetrieveCustomer,
    RingTransferTarget,
    StartTransferLeg,
)
from hotline.messages.routing import HangUpContact, LoseAgentLeg, ReportTransferLeg, ResumeAgentLeg
from hotline.telephony.contract import LegAnswered, LegArrived, LegEnded

log = structlog.get_logger()

_PURPOSE = "transfer-number"


class DiallingState(RoutedState):
    """What consulting a number and sending to a number have in common: the leg to the outside."""

    def __init__(self, call: Call, effect: StartTransferLeg | None = None) -> None:
        super().__init__(call)
        self._started = effect

    async def enter(self) -> None:
        effect = self._started
        if effect is None:
            return
        self.record.consultation = Consultation(
            transfer_id=effect.transfer_id,
            agent_id=effect.agent_id,
            kind=effect.kind,
            target_kind=effect.target_kind,
        )
        self.call.save()
        await self.call.music_for_caller()
        await self.pause_recording(is_paused=True)
        if effect.target_kind == "number":
            await self._dial(effect.target)

    async def effect(self, effect: Effect) -> None:
        # The same transfer again, after the switch came back: it is under way.
        if isinstance(effect, StartTransferLeg) and effect.transfer_id == self._consultation().transfer_id:
            return
        await super().effect(effect)

    async def _dial(self, sealed_number: str) -> None:
        leg_id = new_id()
        self._keep(outside_leg_id=leg_id)
        try:
            await self.driver.ring_outside(
                leg_id,
                self.call.services.keyring.open_text(sealed_number, _PURPOSE),
                timeout_s=self.call.services.options.outside_ring_s,
                caller=self.record.called,
                for_leg_id=self.record.leg_id,
                tags={"contact": self.record.contact_id, "transfer": self._consultation().transfer_id},
            )
        except HotlineError as error:
            log.warning("a transfer cannot be dialled", contact=self.record.contact_id, code=error.code)
            self._keep(outside_leg_id=None)
            self._report("failed", error.code)

    def _consultation(self) -> Consultation:
        assert self.record.consultation is not None
        return self.record.consultation

    def _keep(self, **changes: object) -> None:
        self.record.consultation = msgspec.structs.replace(self._consultation(), **changes)
        self.call.save()

    def _report(self, outcome: Literal["answered", "failed", "ended"], cause: str = "") -> None:
        self.call.services.switch.send(
            ReportTransferLeg(
                command_id=new_id(),
                at_ms=self.call.now_ms,
                transfer_id=self._consultation().transfer_id,
                outcome=outcome,
                cause=cause,
            )
        )

    def _is_outside(self, leg_id: str) -> bool:
        return leg_id == self._consultation().outside_leg_id

    async def outside_ended(self, cause: str) -> None:
        """The leg to the number is gone, answered or not."""
        outcome: Literal["failed", "ended"] = "ended" if self._consultation().is_outside_answered else "failed"
        self._keep(outside_leg_id=None, is_outside_answered=False)
        self._report(outcome, cause)


class SendingOut(DiallingState):
    """Blind to a number: the customer hears music until the other side answers."""

    stage = "sending_out"

    async def leg_answered(self, event: LegAnswered) -> None:
        if not self._is_outside(event.leg_id):
            await super().leg_answered(event)
            return
        consultation, record = self._consultation(), self.record
        agent, record.agent = record.agent, None
        recording_id, record.recording_id = record.recording_id, None
        record.outside_leg_id, record.outside_transfer_id = event.leg_id, consultation.transfer_id
        record.bridge_id, record.is_joined = new_id(), False
        self._report("answered")
        record.consultation = None
        await self.call.join_caller(event.leg_id)
        if agent is not None:
            await self.call.hang_up(agent.leg_id)
        if recording_id is not None:
            await self.stop_recording(recording_id)
        await self.call.change(self.call.states.sent_out(self.call))

    async def leg_ended(self, event: LegEnded) -> None:
        agent = self.record.agent
        if self._is_outside(event.leg_id):
            await self.outside_ended(event.cause)
        elif agent is not None and event.leg_id == agent.leg_id:
            # The sender's part is over with a blind transfer, however their leg ends.
            self.record.agent = None
            self.call.save()
        else:
            await super().leg_ended(event)

    async def release_agent(self, agent_id: str) -> None:
        """The sender goes; the number is still being dialled."""
        agent = self.record.agent
        if agent is not None and agent.agent_id == agent_id:
            self.record.agent = None
            self.call.save()
            await self.call.hang_up(agent.leg_id)

    async def adopted(self, found: Adopted) -> None:
        outside_leg_id = self._consultation().outside_leg_id
        await self.adopt_ring(found)
        if self.call.state is not self:
            return
        if outside_leg_id is None or outside_leg_id not in found.living:
            await self.outside_ended("gone_meanwhile")
        elif outside_leg_id in found.answered:
            await self.leg_answered(LegAnswered(at_ms=found.at_ms, leg_id=outside_leg_id))


class Consulting(DiallingState):
    """The agent talks with a third side while the customer hears music."""

    stage: ClassVar[Stage] = "consulting"

    async def effect(self, effect: Effect) -> None:
        match effect:
            case RingTransferTarget():
                await self.ring(effect)
            case CompleteTransferLeg() if effect.transfer_id == self._consultation().transfer_id:
                await self._complete()
            case CancelTransferLeg() if effect.transfer_id == self._consultation().transfer_id:
                await self._cancel()
            case MergeTransferLeg() if effect.transfer_id == self._consultation().transfer_id:
                await self._merge()
            case ReleaseAgentLeg() if self._is_target(effect.agent_id):
                await self._release_target()
            case RetrieveCustomer():
                await self._converge(effect.agent_id)
            case _:
                await super().effect(effect)

    # --- the third side

    async def ring_answered(self, ring: Ring) -> None:
        if ring.transfer_id is None:
            await super().ring_answered(ring)
            return
        target = self.answered(ring)
        self.record.ring = None
        self._keep(target=target)
        self.tell_answered(target)
        await self._join_agent_with(ring.leg_id)

    async def leg_answered(self, event: LegAnswered) -> None:
        if not self._is_outside(event.leg_id):
            await super().leg_answered(event)
            return
        self._keep(is_outside_answered=True)
        self._report("answered")
        await self._join_agent_with(event.leg_id)

    async def _join_agent_with(self, leg_id: str) -> None:
        agent = self.record.agent
        legs = [leg_id] if agent is None else [agent.leg_id, leg_id]
        await self.driver.join(self.call.bridge(), legs)

    async def leg_ended(self, event: LegEnded) -> None:
        agent, target = self.record.agent, self._consultation().target
        if self._is_outside(event.leg_id):
            await self.outside_ended(event.cause)
        elif target is not None and event.leg_id == target.leg_id:
            self._keep(target=None)
            tell_of_agent(self, HangUpContact, target.agent_id)
        elif agent is not None and event.leg_id == agent.leg_id:
            await self._sender_left(agent, event)
        else:
            await super().leg_ended(event)

    async def _sender_left(self, agent: AgentLeg, event: LegEnded) -> None:
        """Hanging up hands over, if the other side is there: the switch decides. A lost leg may come back."""
        if event.cause == "normal" and event.ended_by == "party":
            tell_of_agent(self, HangUpContact, agent.agent_id)
            return
        self.record.is_agent_leg_gone = True
        self.call.save()
        tell_of_agent(self, LoseAgentLeg, agent.agent_id)

    async def device_resumed(self, event: LegArrived) -> None:
        agent = self.record.agent
        if agent is None or event.sip_user != agent.sip_user:
            await super().device_resumed(event)
            return
        await take_new_leg(self, event.leg_id)
        tell_of_agent(self, ResumeAgentLeg, agent.agent_id)

    def _is_target(self, agent_id: str) -> bool:
        target = self._consultation().target
        return target is not None and target.agent_id == agent_id

    async def _release_target(self) -> None:
        target = self._consultation().target
        assert target is not None
        self._keep(target=None)
        await self.call.hang_up(target.leg_id)

    # --- how it ends

    async def _converge(self, agent_id: str) -> None:
        """After a break, the switch tells who talks with the customer now: the consultation ended meanwhile."""
        agent = self.record.agent
        if self._is_target(agent_id):
            await self._complete()
        elif agent is not None and agent.agent_id == agent_id:
            await self._cancel()

    async def _complete(self) -> None:
        """The customer goes to the third side; the consulting agent is let go."""
        record, consultation = self.record, self._consultation()
        sender, target, outside_leg_id = record.agent, consultation.target, consultation.outside_leg_id
        record.agent, record.consultation, record.is_held = target, None, False
        record.outside_leg_id = outside_leg_id
        record.outside_transfer_id = consultation.transfer_id if outside_leg_id else None
        self.call.save()
        if sender is not None:
            await self.call.hang_up(sender.leg_id)
        if target is not None:
            await self.call.change(self.call.states.talking(self.call))
        elif outside_leg_id is not None:
            await self._leave_to_outside(outside_leg_id)

    async def _leave_to_outside(self, outside_leg_id: str) -> None:
        """Our agents are out of it, so is the recording."""
        recording_id, self.record.recording_id = self.record.recording_id, None
        if not self.record.is_joined:
            await self.call.join_caller(outside_leg_id)
        if recording_id is not None:
            await self.stop_recording(recording_id)
        await self.call.change(self.call.states.sent_out(self.call))

    async def _merge(self) -> None:
        """All three talk."""
        await self.call.change(self.call.states.conference(self.call))

    async def _cancel(self) -> None:
        """The third side is let go; agent and customer talk again."""
        consultation, ring = self._consultation(), self.record.ring
        self.record.consultation, self.record.is_held = None, False
        self.call.save()
        if ring is not None and ring.transfer_id is not None:
            await self.stop_ringing(ring.offer_id)
        for leg_id in (consultation.outside_leg_id, consultation.target.leg_id if consultation.target else None):
            if leg_id is not None:
                await self.call.hang_up(leg_id)
        states = self.call.states
        is_gone = self.record.is_agent_leg_gone
        await self.call.change(states.agent_lost(self.call) if is_gone else states.talking(self.call))

    async def adopted(self, found: Adopted) -> None:
        """Judge each leg by what the platform still has."""
        await self.adopt_ring(found)
        if self.call.state is not self:
            return
        consultation = self._consultation()
        outside_leg_id = consultation.outside_leg_id
        gone = [leg_id for leg_id in self.record.leg_ids() if leg_id not in found.living]
        for leg_id in gone:
            await self.leg_ended(LegEnded(at_ms=found.at_ms, leg_id=leg_id, cause="lost", ended_by="platform"))
        if outside_leg_id in found.answered and not consultation.is_outside_answered:
            await self.leg_answered(LegAnswered(at_ms=found.at_ms, leg_id=str(outside_leg_id)))
