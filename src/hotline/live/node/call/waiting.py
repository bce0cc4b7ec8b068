"""The caller waits for an agent: music, an announcement now and then, agents' legs that ring."""

from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.callback_wish import NUMBER_TIMER, CallbackWish
from hotline.live.node.call.caller_knowledge import caller_ref
from hotline.live.node.call.messages import Adopted, CommandRefused
from hotline.live.node.call.record import QueueAsked
from hotline.live.node.call.routed import RoutedState
from hotline.live.node.call.waiting_room import PIECES, WaitingRoom
from hotline.messages.effects import Effect, ExpectedWait, LeaveQueue, ReleaseCustomer
from hotline.messages.routing import EnqueueContact
from hotline.telephony.contract import LegEnded, Media

_APOLOGISE = "apologise"


class Waiting(RoutedState):
    """With `asked` the switch is asked for an agent first; without, it has put the caller back here."""

    stage = "waiting"

    def __init__(self, call: Call, asked: QueueAsked | None = None) -> None:
        super().__init__(call)
        self._new_asking = asked
        self._is_giving_up = False
        self._room = WaitingRoom(call)
        self._wish = CallbackWish(call)

    async def enter(self) -> None:
        if self._new_asking is not None:
            await self._ask(self._new_asking)
        # Music first: the customer must not hear silence while legs are being ended.
        await self.call.music_for_caller()
        await self.let_go_of_conversation()
        self.record.bridge_id, self.record.is_joined = None, False
        self.call.save()
        self._room.open()
        self._watch_switch()

    async def adopted(self, found: Adopted) -> None:
        await self.adopt_ring(found)
        if self.call.state is self:
            await self.call.music_for_caller()
            self._room.open()
            self._watch_switch()

    async def _ask(self, asked: QueueAsked) -> None:
        """Keep the wait clock before anybody hears of it, so that a restarted node asks with the same."""
        record = self.record
        record.asked, record.queue_id, record.left_by = asked, asked.queue_id, None
        record.first_asked_at_ms = record.first_asked_at_ms or asked.asked_at_ms
        self.call.save()
        self.call.services.switch.send(self._asking(asked))

    def _asking(self, asked: QueueAsked) -> EnqueueContact:
        record = self.record
        return EnqueueContact(
            command_id=asked.command_id,
            at_ms=self.call.now_ms,
            contact_id=record.contact_id,
            tenant_id=record.tenant_id,
            queue_id=asked.queue_id,
            node_id=self.call.services.options.node_id,
            asked_at_ms=asked.asked_at_ms,
            arrived_at_ms=record.arrived_at_ms,
            entry_point_id=record.entry_point_id,
            language=record.language,
            priority=asked.priority,
            customer_id=record.customer_id,
            menu_path=asked.menu_path,
            needs=asked.needs,
            is_simulated=record.is_simulated,
            attributes=asked.attributes or record.attributes,
            wanted_agent_id=record.wanted_agent_id,
            wanted_cause=record.wanted_cause,
            caller_ref=caller_ref(record.caller, self.call.services.keyring),
            pending_callback=record.kept_callback,
        )

    async def effect(self, effect: Effect) -> None:
        match effect:
            case LeaveQueue():
                await self.call.change(self.call.states.after_queue(self.call, effect.exit))
            case ReleaseCustomer():
                told = self._room.told if effect.due == "turn" else None
                await self.call.change(self.call.states.promised(self.call, told, effect.due))
            case _:
                await super().effect(effect)

    async def caller_left(self, event: LegEnded) -> bool:
        """Who has asked to be called back may hang up before the switch has answered."""
        if self.record.callback is None:
            return False
        self.record.leg_id = ""
        await self.call.change(self.call.states.promised(self.call))
        return True

    async def digit(self, digit: str) -> None:
        if await self._wish.digit(digit) and self._wish.is_asking:
            self._room.close()

    async def play_queue(self, queue_id: str) -> None:
        """The same place or another queue: the music goes on."""
        is_other = self.record.queue_id != queue_id
        self.record.queue_id = queue_id
        self.call.save()
        if is_other:
            self._room.open()

    # --- what the caller hears

    async def timer(self, name: str) -> None:
        if name == _APOLOGISE:
            self._room.close()
            await self.call.play(self._technical_problem())
        elif name == NUMBER_TIMER:
            await self._wish.timed_out()
        else:
            for piece in PIECES:
                if name == piece:
                    await self._room.due(piece)

    async def wait_told(self, told: ExpectedWait) -> None:
        await self._room.wait_told(told)

    async def playback_finished(self) -> None:
        if self._is_giving_up:
            await self.call.end("platform", "queue_unknown")
        elif self._wish.is_asking:
            await self._wish.asked_for_number()
        else:
            await self._room.heard()

    async def switch_changed(self, is_connected: bool) -> None:
        """A switch that came back is asked again: one that knows the contact does nothing, one that was set back to an
        older state takes it in with its original clock."""
        self._watch_switch()
        asked = self.record.asked
        if is_connected and asked is not None and not self.call.services.switch.is_pending(asked.command_id):
            self.call.services.switch.send(self._asking(asked))

    def _watch_switch(self) -> None:
        if self.call.services.switch.is_connected:
            self.call.cancel_timer(_APOLOGISE)
        else:
            self.call.set_timer(_APOLOGISE, self.call.services.options.technical_problem_after_s)

    def _technical_problem(self) -> list[Media]:
        return self.call.services.sounds.prompt("technical_problem", self.record.language)

    async def leave(self) -> None:
        await self.call.stop_playing()

    # --- the switch does not take the contact

    async def refused(self, message: CommandRefused) -> None:
        asked, command_id = self.record.asked, message.command.command_id
        if command_id == self.record.callback_command_id:
            await self._wish.refused()
            return
        if asked is None or command_id != asked.command_id:
            await super().refused(message)
            return
        fallback_id = self.record.fallback_queue_id
        if fallback_id is not None and fallback_id != asked.queue_id:
            await self._ask(_instead(asked, fallback_id))
            return
        self._is_giving_up = True
        self._room.close()
        await self.call.play(self._technical_problem())


def _instead(asked: QueueAsked, queue_id: str) -> QueueAsked:
    """The same asking with the same clock, of the fallback queue."""
    return QueueAsked(
        queue_id=queue_id,
        asked_at_ms=asked.asked_at_ms,
        command_id=new_id(),
        priority=asked.priority,
        menu_path=asked.menu_path,
        announcement=asked.announcement,
        announce_every_s=asked.announce_every_s,
        callback_key=asked.callback_key,
        attributes=asked.attributes,
    )
