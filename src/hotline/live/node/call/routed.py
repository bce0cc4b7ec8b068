"""What all states have in common in which the switch knows the contact: agents are rung and let go, queues change."""

import structlog

from hotline.kernel.ids import new_id
from hotline.live.node.call.messages import Adopted, CommandRefused
from hotline.live.node.call.record import AgentLeg, Ring
from hotline.live.node.call.state import CallState
from hotline.messages.effects import (
    AnswerAgentLeg,
    Effect,
    PlayQueue,
    ReleaseAgentLeg,
    RingAgent,
    RingTransferTarget,
    StartTransferLeg,
    StopRinging,
)
from hotline.messages.routing import AnswerOffer, FailOffer
from hotline.telephony.contract import DeviceUnavailableError, LegAnswered, LegEnded, PlatformDownError, VoiceError

log = structlog.get_logger()

_RING_AFTER_GAP_S = 20  # the switch ends the offer in its own time


class RoutedState(CallState):
    """Carries out the switch's effects that mean the same in every state."""

    _unrung: str | None = None  # the offer whose leg could not be asked for, the platform being away

    async def effect(self, effect: Effect) -> None:
        match effect:
            case RingAgent():
                await self.ring(effect)
            case AnswerAgentLeg():
                if (ring := self._ring(effect.offer_id)) is not None:
                    await self.driver.answer_device(ring.leg_id)
            case StopRinging():
                await self.stop_ringing(effect.offer_id)
            case PlayQueue():
                await self.play_queue(effect.queue_id)
            case ReleaseAgentLeg():
                await self.release_agent(effect.agent_id)
            case StartTransferLeg():
                await self.call.change(self.call.states.transferring(self.call, effect))

    # --- ringing

    async def ring(self, effect: RingAgent | RingTransferTarget) -> None:
        """Bring up the agent's leg. The same offer again: nothing, its leg rings or talks already."""
        if effect.offer_id in self._known_offers():
            return
        if self.record.ring is not None:
            await self.stop_ringing(self.record.ring.offer_id)
        device = self.call.services.configuration().device_of_agent(effect.agent_id)
        if device is None:
            self._fail(effect.offer_id, "unreachable")
            return
        transfer_id = effect.transfer_id if isinstance(effect, RingTransferTarget) else None
        ring = Ring(
            offer_id=effect.offer_id,
            agent_id=effect.agent_id,
            leg_id=new_id(),
            sip_user=device.sip_user,
            transfer_id=transfer_id,
            callback_number=effect.callback_number if isinstance(effect, RingAgent) else None,
        )
        self.record.ring = ring
        self.call.save()
        await self._bring_up(ring, effect.timeout_s)

    async def _bring_up(self, ring: Ring, timeout_s: int) -> None:
        contact_id = self.record.contact_id
        try:
            await self.driver.ring_agent(
                ring.leg_id,
                ring.sip_user,
                timeout_s=timeout_s + self.call.services.options.ring_margin_s,
                for_leg_id=self.record.leg_id or None,
                headers={"X-Hotline-Contact": contact_id, "X-Hotline-Offer": ring.offer_id},
                tags={"contact": contact_id, "agent": ring.agent_id, "offer": ring.offer_id},
            )
        except PlatformDownError:
            # No fault of the agent's: once the platform is back they are rung, or the caller is gone with it.
            log.warning("an agent cannot be rung, the platform is away", contact=contact_id)
            self._unrung = ring.offer_id
        except VoiceError as error:
            if not isinstance(error, DeviceUnavailableError):
                log.warning("an agent's leg could not be made", contact=contact_id, cause=str(error))
            self._drop_ring()
            self._fail(ring.offer_id, "unreachable")

    async def stop_ringing(self, offer_id: str) -> None:
        if (ring := self._ring(offer_id)) is not None:
            self._drop_ring()
            await self.call.hang_up(ring.leg_id)

    def _ring(self, offer_id: str) -> Ring | None:
        """What rings for this offer, for no offer in particular whatever rings."""
        ring = self.record.ring
        return ring if ring is not None and offer_id in (ring.offer_id, "") else None

    def _drop_ring(self) -> None:
        self.record.ring = None
        self.call.save()

    def _known_offers(self) -> set[str]:
        target = self.record.consultation.target if self.record.consultation else None
        return {leg.offer_id for leg in (self.record.ring, self.record.agent, target) if leg is not None}

    def _fail(self, offer_id: str, cause: str) -> None:
        self.call.services.switch.send(
            FailOffer(command_id=new_id(), at_ms=self.call.now_ms, offer_id=offer_id, cause=cause)
        )

    async def leg_answered(self, event: LegAnswered) -> None:
        ring = self.record.ring
        if ring is not None and ring.leg_id == event.leg_id:
            await self.ring_answered(ring)

    async def leg_ended(self, event: LegEnded) -> None:
        ring = self.record.ring
        if ring is not None and ring.leg_id == event.leg_id:
            self._drop_ring()
            self._fail(ring.offer_id, event.cause)

    async def ring_answered(self, ring: Ring) -> None:
        """The agent's leg is up: the conversation begins."""
        await self.call.change(self.call.states.talking(self.call, ring))

    async def refused(self, message: CommandRefused) -> None:
        """The agent answered when the offer was over already: the leg is let go, the customer waits on."""
        agent, command = self.record.agent, message.command
        if isinstance(command, AnswerOffer) and agent is not None and agent.offer_id == command.offer_id:
            await self.release_agent(agent.agent_id)

    async def adopt_ring(self, found: Adopted) -> None:
        """A leg that rang when the node died may have been answered since, or is gone: then the switch rings again."""
        ring = self.record.ring
        if ring is None:
            return
        if ring.leg_id in found.answered:
            await self.ring_answered(ring)
        elif ring.leg_id not in found.living:
            await self._ring_after_gap(ring)

    async def _ring_after_gap(self, ring: Ring) -> None:
        if self._unrung == ring.offer_id:
            self._unrung = None
            await self._bring_up(ring, _RING_AFTER_GAP_S)
        else:
            self._drop_ring()

    def answered(self, ring: Ring) -> AgentLeg:
        """The ringing leg as an answered one."""
        return AgentLeg(
            agent_id=ring.agent_id,
            offer_id=ring.offer_id,
            leg_id=ring.leg_id,
            sip_user=ring.sip_user,
            command_id=new_id(),
        )

    def tell_answered(self, leg: AgentLeg) -> None:
        self.call.services.switch.send(
            AnswerOffer(command_id=leg.command_id, at_ms=self.call.now_ms, offer_id=leg.offer_id)
        )

    # --- agents let go, queues changed

    async def play_queue(self, queue_id: str) -> None:
        """The customer waits in this queue; whoever talked with them is let go."""
        self.record.queue_id = queue_id
        await self.call.change(self.call.states.waiting(self.call))

    async def release_agent(self, agent_id: str) -> None:
        """End this agent's leg. Without any agent the customer hears music until the switch says what is next."""
        agent = self.record.agent
        if agent is not None and agent.agent_id == agent_id:
            await self.call.change(self.call.states.waiting(self.call))

    async def let_go_of_conversation(self) -> None:
        """No agent, no consultation, no recording any more."""
        record = self.record
        agent, consultation, recording_id = record.agent, record.consultation, record.recording_id
        record.agent, record.consultation, record.recording_id, record.is_held = None, None, None, False
        outside_leg_id, record.outside_leg_id = record.outside_leg_id, None
        self.call.save()
        target = consultation.target if consultation else None
        leg_ids = [leg.leg_id for leg in (agent, target) if leg is not None]
        leg_ids += [leg for leg in (outside_leg_id, consultation.outside_leg_id if consultation else None) if leg]
        for leg_id in leg_ids:
            await self.call.hang_up(leg_id)
        if recording_id is not None:
            await self.stop_recording(recording_id)

    # --- recording

    async def start_recording(self) -> None:
        """Record the caller's leg if the entry point's rule says so; a fault is told, the call goes on."""
        if self.record.recording_rule == "none" or self.record.recording_id is not None:
            return
        if not self.call.services.has_room_to_record():
            self.call.note_step("recording", "recording_failed", "disk_full")
            return
        recording_id = new_id()
        self.record.recording_id = recording_id
        self.call.services.expect_recording(recording_id, self.record)
        self.call.save()
        try:
            await self.driver.start_recording(recording_id, self.record.leg_id)
        except VoiceError as error:
            self._note_recording_failure(error)

    async def pause_recording(self, *, is_paused: bool) -> None:
        """Music and what is said aside are not recorded."""
        recording_id = self.record.recording_id
        if recording_id is None:
            return
        try:
            if is_paused:
                await self.driver.pause_recording(recording_id)
            else:
                await self.driver.resume_recording(recording_id)
        except VoiceError as error:
            self._note_recording_failure(error)

    async def stop_recording(self, recording_id: str) -> None:
        try:
            await self.driver.stop_recording(recording_id)
        except VoiceError as error:
            self._note_recording_failure(error)

    def _note_recording_failure(self, error: VoiceError) -> None:
        log.error("recording failed, the call goes on", contact=self.record.contact_id, cause=str(error))
        self.call.note_step("recording", "recording_failed", error.code)
