"""One call. Messages come in one by one; its state decides, this class does what all states have in common."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from hotline.kernel.ids import new_id
from hotline.live.node.call.messages import (
    Adopted,
    CallMessage,
    CommandRefused,
    CutShort,
    LookUpDone,
    SwitchChanged,
    TimerFired,
)
from hotline.live.node.call.monitoring import Monitoring
from hotline.live.node.call.record import CallRecord
from hotline.live.node.call.services import CallServices
from hotline.messages.effects import (
    AnyEffect,
    ChangeMonitoringLeg,
    Effect,
    ExpectedWait,
    ForgetContact,
    HangUp,
    PlayQueue,
    StartMonitoringLeg,
    StopMonitoringLeg,
)
from hotline.messages.facts import CallCutShort, ContactLeftFlow, FlowEnd, FlowStepTaken
from hotline.messages.routing import EndContact, EndedBy
from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnreachable,
    DigitReceived,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegGoneError,
    Media,
    PlaybackFinished,
    VoiceError,
)

if TYPE_CHECKING:
    from hotline.live.node.call.state import CallState

log = structlog.get_logger()

_SIDES: dict[str, EndedBy] = {"party": "caller", "us": "platform", "platform": "caller"}


class Call:
    """`post` takes messages at any time; `run` works them off in order."""

    def __init__(self, record: CallRecord, services: CallServices) -> None:
        self.record = record
        self.services = services
        self.driver = services.driver
        self.states = services.states
        self.monitoring = Monitoring(self)
        self.state: CallState | None = None
        self.is_over = False
        self.playback_id: str | None = None
        self._inbox: asyncio.Queue[CallMessage] = asyncio.Queue()
        self._timers: dict[str, tuple[int, Callable[[], None]]] = {}
        self._timer_number = 0
        self.now_ms = services.clock.now_ms()

    def post(self, message: CallMessage) -> None:
        self._inbox.put_nowait(message)

    def take_effect(self, effect: AnyEffect) -> None:
        """An effect of the switch has come. One that it decided before it knew of our answer is dropped now: when the
        call gets to it, the answer may have arrived, and the effect would look like a new one."""
        if not (isinstance(effect, PlayQueue) and self.is_answer_on_the_way()):
            self.post(effect)

    def is_answer_on_the_way(self) -> bool:
        """Whether an agent has answered and the switch does not know it yet."""
        agent = self.record.agent
        return agent is not None and self.services.switch.is_pending(agent.command_id)

    async def run(self, first: "CallState", found: Adopted | CutShort | None = None) -> None:
        """Begin in a state, or go on in it when the call was `found`; work until the call is over."""
        if found is None:
            await self._guarded(self.change(first))
        else:
            self.state = first
            self.save()
            await self.handle(found)
        while not self.is_over:
            await self.handle(await self._inbox.get())

    async def handle(self, message: CallMessage) -> None:
        """Work off one message."""
        # Contact times are the platform's: what follows from an event carries the event's own stamp.
        self.now_ms = getattr(message, "at_ms", None) or self.services.clock.now_ms()
        await self._guarded(self._dispatch(message))

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except LegGoneError:
            pass  # Its LegEnded is on the way and decides.
        except VoiceError as error:
            log.warning("the platform did not do it", contact=self.record.contact_id, cause=str(error))
        except Exception:
            log.exception("a call went wrong", contact=self.record.contact_id)
            if self.state is not None and not self.is_over:
                await self._recover()

    async def _recover(self) -> None:
        """A fault of ours must not cost the customer the call."""
        try:
            assert self.state is not None
            await self.state.recover()
        except Exception:
            log.exception("and could not be put right", contact=self.record.contact_id)

    # --- states

    async def change(self, state: "CallState") -> None:
        """Leave the present state and enter another; what is then known is kept."""
        if self.state is not None:
            await self.state.leave()
        self.clear_timers()
        self.state = state
        self.record.stage = state.stage
        self.save()
        await state.enter()

    def save(self) -> None:
        """Keep the record, and let the node know which legs are ours."""
        if self.is_over:
            return
        self.services.spool.save_call(self.record.contact_id, self.record)
        for leg_id in self.record.leg_ids():
            self.services.bind_leg(leg_id, self.record)

    # --- messages

    async def _dispatch(self, message: CallMessage) -> None:
        state = self.state
        if state is None or self.is_over:
            return
        match message:
            case LegEnded() if message.leg_id == self.record.leg_id:
                await self._caller_left(message)
            case LegEnded():
                if not await self.monitoring.leg_ended(message.leg_id):
                    await state.leg_ended(message)
            case LegAnswered():
                if not await self.monitoring.leg_answered(message.leg_id):
                    await state.leg_answered(message)
            case LegArrived():
                await state.device_resumed(message)
            case DigitReceived() if message.leg_id == self.record.leg_id:
                await state.digit(message.digit)
            case PlaybackFinished() if message.playback_id == self.playback_id:
                self.playback_id = None
                await state.playback_finished()
            case DeviceReachable():
                await state.device_reachable(message.sip_user)
            case DeviceUnreachable():
                await state.device_unreachable(message.sip_user)
            case TimerFired():
                await self._timer_fired(message)
            case LookUpDone():
                await state.looked_up(message)
            case ExpectedWait():
                await state.wait_told(message)
            case CommandRefused():
                await state.refused(message)
            case SwitchChanged():
                await state.switch_changed(message.is_connected)
            case Adopted():
                await self._adopted(message, state)
            case CutShort():
                await self._cut_short(message)
            case Effect():
                await self._effect(message)

    async def _adopted(self, found: Adopted, state: "CallState") -> None:
        leg_id = self.record.leg_id
        if leg_id and leg_id not in found.living:
            gone = LegEnded(at_ms=found.at_ms, leg_id=leg_id, cause="lost", ended_by="party")
            if not await state.caller_left(gone):
                await self.end("caller", "gone_meanwhile")
                return
        await self.monitoring.adopted(found.living)
        assert self.state is not None
        await self.state.adopted(found)

    async def _effect(self, effect: Effect) -> None:
        assert self.state is not None
        match effect:
            case HangUp():
                await self.finish()
            case ForgetContact():
                await self._forgotten()
            case StartMonitoringLeg():
                await self.monitoring.start(effect)
            case ChangeMonitoringLeg():
                await self.monitoring.change(effect)
            case StopMonitoringLeg():
                await self.monitoring.stop(effect.monitoring_id)
            case _:
                await self.state.effect(effect)

    async def _forgotten(self) -> None:
        """The switch has ended this contact or never heard of it. While our asking is still on the way, that is news
        of the past."""
        asked = self.record.asked
        if asked is None or not self.services.switch.is_pending(asked.command_id):
            await self.finish()

    # --- the end

    async def _caller_left(self, event: LegEnded) -> None:
        assert self.state is not None
        if await self.state.caller_left(event):
            return
        if event.ended_by == "platform" and event.cause != "lost":
            await self._cut_short(CutShort(at_ms=event.at_ms, cause=event.cause))
        else:
            await self.end(_SIDES[event.ended_by], event.cause)

    async def _cut_short(self, message: CutShort) -> None:
        """The platform failed under the caller: the contact is listed for call-back with its wait clock. Who is to be
        called back anyway does not notice."""
        if self.record.callback is not None and self.state is not None:
            await self._adopted(Adopted(living={}, answered=frozenset(), at_ms=message.at_ms), self.state)
            return
        asked = self.record.asked
        self.services.add_fact(
            CallCutShort(
                **self.fact_fields(message.at_ms),
                asked_at_ms=asked.asked_at_ms if asked else None,
                queue_id=self.record.queue_id,
                cause=message.cause,
            )
        )
        await self.end("platform", "platform_failure")

    async def end(self, ended_by: EndedBy, cause: str) -> None:
        """Tell whoever has to know that the customer's part is over, and let go of everything."""
        assert self.state is not None
        await self.state.ending(ended_by, cause)
        if self.record.asked is not None:
            # Whoever finds this call again, because the disk did not know of its end yet, ends it again.
            self.services.switch.send_at_once(
                EndContact(
                    command_id=new_id(),
                    at_ms=self.now_ms,
                    contact_id=self.record.contact_id,
                    ended_by=ended_by,
                    cause=cause,
                )
            )
        await self.finish()

    async def finish(self) -> None:
        """End every leg; the call is over."""
        if self.is_over:
            return
        if self.state is not None:
            await self.state.leave()
        self.clear_timers()
        self.is_over = True
        self.services.spool.forget_call(self.record.contact_id)
        self.services.call_over(self.record)
        for leg_id in self.record.leg_ids():
            await self.hang_up(leg_id)

    # --- what states do

    async def hang_up(self, leg_id: str) -> None:
        """End a leg; when the platform is away, the leg is found and ended at its return."""
        try:
            await self.driver.hang_up(leg_id)
        except VoiceError as error:
            log.warning("a leg could not be ended", contact=self.record.contact_id, cause=str(error))

    async def play(self, media: Sequence[Media]) -> None:
        """Play to the caller; `playback_finished` of the state follows in any case."""
        playback_id = new_id()
        self.playback_id = playback_id
        try:
            if media:
                await self.driver.play(self.record.leg_id, media, playback_id)
                return
        except LegGoneError:
            raise
        except VoiceError as error:
            log.warning("nothing could be played", contact=self.record.contact_id, cause=str(error))
        self.post(
            PlaybackFinished(at_ms=self.now_ms, leg_id=self.record.leg_id, playback_id=playback_id, is_complete=False)
        )

    async def stop_playing(self) -> None:
        """Silence what plays; no `playback_finished` follows."""
        if self.playback_id is not None:
            playback_id, self.playback_id = self.playback_id, None
            await self.driver.stop_playback(self.record.leg_id, playback_id)

    async def music_for_caller(self) -> None:
        """The caller hears music, taken out of any bridge."""
        bridge_id, was_joined = self.record.bridge_id, self.record.is_joined
        if bridge_id is not None and was_joined:
            self.record.is_joined = False
            self.save()
            await self.driver.leave(bridge_id, self.record.leg_id)
        await self.driver.start_music(self.record.leg_id)

    async def join_caller(self, other_leg_id: str | None) -> None:
        """The caller talks: with this leg, or with whoever is in the call's bridge."""
        bridge_id = self.bridge()
        self.record.is_joined = True
        self.save()
        legs = [self.record.leg_id] if other_leg_id is None else [self.record.leg_id, other_leg_id]
        await self.driver.join(bridge_id, legs)

    def bridge(self) -> str:
        """The call's bridge, which gets an id when it has none."""
        if self.record.bridge_id is None:
            self.record.bridge_id = new_id()
            self.save()
        return self.record.bridge_id

    def fact_fields(self, at_ms: int | None = None) -> dict[str, Any]:
        """The fields that every fact has."""
        return {
            "fact_id": new_id(),
            "at_ms": self.now_ms if at_ms is None else at_ms,
            "contact_id": self.record.contact_id,
            "tenant_id": self.record.tenant_id,
            "node_id": self.services.options.node_id,
        }

    def tell_left_flow(self, how: FlowEnd, cause: str, queue_id: str | None = None) -> None:
        """How the flow's part of the call ended."""
        self.services.add_fact(ContactLeftFlow(**self.fact_fields(), how=how, cause=cause, queue_id=queue_id))

    def note_step(self, step_id: str, kind: str, detail: str) -> None:
        self.services.add_fact(FlowStepTaken(**self.fact_fields(), step_id=step_id, kind=kind, detail=detail))

    # --- timers: at most one of each name

    def set_timer(self, name: str, delay_s: float) -> None:
        self.cancel_timer(name)
        self._timer_number += 1
        fired = TimerFired(name, self._timer_number)
        cancel = self.services.timers.after(round(delay_s * 1000), lambda: self.post(fired))
        self._timers[name] = (fired.number, cancel)

    def cancel_timer(self, name: str) -> None:
        if found := self._timers.pop(name, None):
            found[1]()

    def clear_timers(self) -> None:
        for name in tuple(self._timers):
            self.cancel_timer(name)

    async def _timer_fired(self, fired: TimerFired) -> None:
        set_timer = self._timers.get(fired.name)
        if set_timer is not None and set_timer[0] == fired.number:
            del self._timers[fired.name]
            assert self.state is not None
            await self.state.timer(fired.name)
