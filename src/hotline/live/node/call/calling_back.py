"""A call-back: the customer has hung up and keeps the place; an agent answers first, then the customer is called."""

from typing import Literal

import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.messages import Adopted, CommandRefused
from hotline.live.node.call.record import Ring
from hotline.live.node.call.routed import RoutedState
from hotline.live.node.call.waiting_room import wait_utterances
from hotline.messages.callbacks import open_order
from hotline.messages.effects import CallbackDueBy, Effect, ExpectedWait, RingAgent
from hotline.messages.routing import FailCallback
from hotline.telephony.contract import EndCause, LegAnswered, LegEnded

log = structlog.get_logger()

FailCause = Literal["busy", "no_answer", "failed"]
_PROMISES: dict[CallbackDueBy, str] = {
    "turn": "callback_promised",
    "opening": "callback_promised_opening",
    "window": "callback_promised_window",
}


class Promised(RoutedState):
    """The customer waits for our call. A leg that is still there hears the promise and is ended; `told` is what the
    switch last said of the wait, `due` when the call will come."""

    stage = "promised"

    def __init__(self, call: Call, told: ExpectedWait | None = None, due: CallbackDueBy = "turn") -> None:
        super().__init__(call)
        self._told = told
        self._promise_id = _PROMISES[due]

    async def enter(self) -> None:
        if self.record.leg_id:
            await self._promise()

    async def _promise(self) -> None:
        sounds, language = self.call.services.sounds, self.record.language
        await self.driver.stop_music(self.record.leg_id)
        wait = sounds.media(wait_utterances(self._told, language)) if self._told else []
        await self.call.play([*wait, *sounds.prompt(self._promise_id, language)])

    async def playback_finished(self) -> None:
        if self.record.leg_id:
            await self.call.hang_up(self.record.leg_id)

    async def caller_left(self, event: LegEnded) -> bool:
        """However the leg ends, the contact goes on without it."""
        self.record.leg_id = ""
        self.record.bridge_id, self.record.is_joined = None, False
        self.call.save()
        return True

    async def adopted(self, found: Adopted) -> None:
        await self.adopt_ring(found)
        if self.call.state is self and self.record.leg_id:
            await self._promise()

    async def play_queue(self, queue_id: str) -> None:
        self.record.queue_id = queue_id
        self.call.save()

    async def release_agent(self, agent_id: str) -> None:
        """No agent talks with anybody here."""

    async def ring_answered(self, ring: Ring) -> None:
        await self.call.change(self.call.states.calling_back(self.call, ring))

    async def refused(self, message: CommandRefused) -> None:
        """They hung up before the switch said no: then they have given up waiting."""
        if message.command.command_id == self.record.callback_command_id:
            self.record.callback = None
            await self.call.end("caller", "callback_refused")
        else:
            await super().refused(message)


class CallingBack(RoutedState):
    """With `ring` its agent has just answered: they hear what goes on while the customer is called. The record keeps
    the ring until the customer has answered, because until then the switch knows of an offer only."""

    stage = "calling_back"

    def __init__(self, call: Call, ring: Ring | None = None) -> None:
        super().__init__(call)
        self._answered_ring = ring

    async def enter(self) -> None:
        ring = self._answered_ring
        if ring is None:
            return
        self.record.outside_leg_id = new_id()
        self.call.save()
        await self.driver.start_music(ring.leg_id)
        notice = self.call.services.sounds.prompt("callback_calling", self.record.language)
        if notice:
            await self.driver.play(ring.leg_id, notice, new_id())
        await self._dial(ring, self.record.outside_leg_id)

    async def _dial(self, ring: Ring, leg_id: str) -> None:
        try:
            order = open_order(ring.callback_number or self.record.callback or "", self.call.services.keyring)
            await self.driver.ring_outside(
                leg_id,
                order.number,
                timeout_s=self.call.services.options.outside_ring_s,
                caller=self.record.called,
                for_leg_id=ring.leg_id,
                tags={"contact": self.record.contact_id, "offer": ring.offer_id},
            )
        except HotlineError as error:
            log.warning("a customer cannot be called back", contact=self.record.contact_id, code=error.code)
            await self._customer_missed("failed")

    async def leg_answered(self, event: LegAnswered) -> None:
        ring = self.record.ring
        if event.leg_id != self.record.outside_leg_id or ring is None:
            return
        self.record.leg_id, self.record.outside_leg_id = event.leg_id, None
        self.record.callback = self.record.callback_command_id = None
        self.call.note_step("callback", "callback", "answered")
        await self.call.change(self.call.states.talking(self.call, ring))

    async def leg_ended(self, event: LegEnded) -> None:
        ring = self.record.ring
        if event.leg_id == self.record.outside_leg_id:
            self.record.outside_leg_id = None
            await self._customer_missed(_fail_cause(event.cause))
        elif ring is not None and event.leg_id == ring.leg_id:
            self._fail(ring.offer_id, event.cause)
            await self._let_go()

    async def _customer_missed(self, cause: FailCause) -> None:
        ring = self.record.ring
        self.call.note_step("callback", "callback", cause)
        if ring is not None:
            self.call.services.switch.send(
                FailCallback(command_id=new_id(), at_ms=self.call.now_ms, offer_id=ring.offer_id, cause=cause)
            )
        await self._let_go()

    async def _let_go(self) -> None:
        """Both legs are ended; the customer keeps the place, or the switch says otherwise."""
        ring, outside_leg_id = self.record.ring, self.record.outside_leg_id
        self.record.ring = self.record.outside_leg_id = None
        self.call.save()
        for leg_id in (outside_leg_id, ring.leg_id if ring else None):
            if leg_id is not None:
                await self.call.hang_up(leg_id)
        await self.call.change(self.call.states.promised(self.call))

    async def effect(self, effect: Effect) -> None:
        ring = self.record.ring
        if isinstance(effect, RingAgent) and (ring is None or ring.offer_id != effect.offer_id):
            await self._let_go()
            assert self.call.state is not None
            await self.call.state.effect(effect)
        else:
            await super().effect(effect)

    async def stop_ringing(self, offer_id: str) -> None:
        if self._ring(offer_id) is not None:
            await self._let_go()

    async def play_queue(self, queue_id: str) -> None:
        self.record.queue_id = queue_id
        await self._let_go()

    async def adopted(self, found: Adopted) -> None:
        """Judge both legs by what the platform still has."""
        ring, outside_leg_id = self.record.ring, self.record.outside_leg_id
        if ring is None or ring.leg_id not in found.living:
            if ring is not None:
                self._fail(ring.offer_id, "lost")
            await self._let_go()
        elif outside_leg_id is None or outside_leg_id not in found.living:
            self.record.outside_leg_id = None
            await self._customer_missed("failed")
        elif outside_leg_id in found.answered:
            await self.leg_answered(LegAnswered(at_ms=found.at_ms, leg_id=outside_leg_id))


def _fail_cause(cause: EndCause) -> FailCause:
    match cause:
        case "busy" | "rejected":
            return "busy"
        case "no_answer":
            return "no_answer"
        case _:
            return "failed"
