"""The caller is in the flow: greeting, menu, collecting, until the flow asks for a person, transfers or ends."""

import msgspec
import structlog

from hotline.flows import FlowState, Turn, advance, start
from hotline.flows.definition import LookUpStep, QueueExit
from hotline.flows.keys import KeyCollector, TypeAhead, is_asked_again
from hotline.flows.state import (
    Action,
    Answered,
    Ask,
    Context,
    End,
    Input,
    LeftQueue,
    LookedUp,
    LookUp,
    MessageTaken,
    Note,
    Queue,
    Say,
    Secret,
    SpeechFinished,
    TakeMessage,
    TimedOut,
    Transfer,
    TransferFailed,
    Utterance,
)
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.callback_question import QUESTION_TIMER, CallbackQuestion
from hotline.live.node.call.caller_knowledge import know_caller, know_pending_callback, know_wanted_agent
from hotline.live.node.call.messages import Adopted, LookUpDone
from hotline.live.node.call.record import FlowPlace, QueueAsked
from hotline.live.node.call.state import CallState
from hotline.live.node.call.turned_away import Apologising, TurnedAway, fallback
from hotline.live.node.configuration import PublishedFlow
from hotline.messages.facts import FlowEnd
from hotline.messages.routing import EndedBy, SkillNeed
from hotline.telephony.contract import LegAnswered, LegEnded, Tone, VoiceError

log = structlog.get_logger()

_ARRIVAL = "arrival"
_STEP = "step"
_CUSTOMER_LOOK_UP = "customer"
_ARRIVAL_LIMIT_MS = 300
_BEEP = Tone((1000,), 400)


class _Notice(msgspec.Struct, frozen=True):
    """The recording notice is being said."""


class InFlow(CallState):
    """Runs the flow's actions on the caller's leg. `published` None: straight to the fallback queue. With the record's
    `left_by`, the caller comes out of a queue: the flow goes on at that exit."""

    stage = "flow"

    def __init__(self, call: Call, published: PublishedFlow | None, asked_since_ms: int | None = None) -> None:
        super().__init__(call)
        self._published = published
        self._asked_since_ms = asked_since_ms  # the platform's static queue has held the caller since
        self._is_answered = False
        self._is_known = False  # the look-up of the caller is done, one way or another
        self._is_left = False
        self._is_closed = False  # what the calendar that was asked last said
        self._segment: str | None = None
        self._flow_state: FlowState | None = None
        self._waiting_for: Action | _Notice | CallbackQuestion | None = None
        self._question: CallbackQuestion | None = None  # about a call-back promised before; asked once
        self._looked_up: LookedUp | None = None  # what the flow goes on with after the question
        self._collector: KeyCollector | None = None
        self._ahead = TypeAhead()
        self._message_id: str | None = None
        self._message_since_ms = 0

    # --- beginning

    async def enter(self) -> None:
        if self.record.left_by is not None and self._published is not None:
            await self._go_on_at_exit(self._published, self.record.left_by)
            return
        self._is_known = self._asks_itself()
        if not self._is_known:
            self.call.services.look_ups.start(self.record, _ARRIVAL, _CUSTOMER_LOOK_UP, {}, _ARRIVAL_LIMIT_MS)
        if self._is_answered:
            await self._begin_when_ready()
        else:
            await self.driver.answer(self.record.leg_id)

    def _asks_itself(self) -> bool:
        """Whether the flow looks the caller up in a step of its own: then it need not be done twice."""
        steps = self._published.flow.steps.values() if self._published else ()
        return any(isinstance(step, LookUpStep) and step.name == _CUSTOMER_LOOK_UP for step in steps)

    async def _go_on_at_exit(self, published: PublishedFlow, exit: QueueExit) -> None:
        self._is_answered = self._is_known = True
        place = self.record.place
        if place is None:
            await self.call.change(TurnedAway(self.call, exit))
            return
        await self.driver.stop_music(self.record.leg_id)
        state = FlowState(
            context=self._context(),
            step_id=place.step_id,
            stage="queued",
            language=self.record.language,
            segment=place.segment,
            customer_id=self.record.customer_id,
            priority=place.priority,
            steps_taken=place.steps_taken,
            values=place.values,
            menu_path=place.menu_path,
            left_queues=place.left_queues,
        )
        await self._take(advance(published.flow, state, LeftQueue(exit), self.call.now_ms))

    async def adopted(self, found: Adopted) -> None:
        """A restarted node begins the flow again; after a gap the last question is asked again."""
        if isinstance(self._waiting_for, CallbackQuestion):
            await self._waiting_for.ask()
            return
        if self._waiting_for is not None and not isinstance(self._waiting_for, _Notice):
            await self._do((self._waiting_for,))
            return
        self._is_answered = self.record.leg_id in found.answered
        await self.enter()

    async def leg_answered(self, event: LegAnswered) -> None:
        if event.leg_id == self.record.leg_id:
            self._is_answered = True
            await self._begin_when_ready()
        elif isinstance(self._waiting_for, Transfer):
            await self._transferred()

    async def looked_up(self, done: LookUpDone) -> None:
        if done.purpose == _STEP:
            know_wanted_agent(self.record, done.values or {})
            know_pending_callback(self.record, done.values or {})
            self._looked_up = LookedUp(done.values)
            await self._go_on_after_question()
            return
        if done.values is not None and not self._is_known:
            self._segment = know_caller(self.record, done.values)
        self._is_known = True
        await self._begin_when_ready()

    async def _begin_when_ready(self) -> None:
        if not (self._is_answered and self._is_known) or self._flow_state is not None or self._waiting_for is not None:
            return
        if self.record.recording_rule == "announced":
            self._waiting_for = _Notice()
            await self.call.play(self.call.services.sounds.prompt("recording_notice", self.record.language))
            return
        await self._go_on_after_question()

    async def _go_on_after_question(self) -> None:
        """First the caller hears of a call-back that is promised to them; then the flow begins, or goes on."""
        if self.record.pending_callback is not None and self._question is None:
            self._question = CallbackQuestion(self.call)
            self._waiting_for = self._question
            await self._question.ask()
            return
        looked_up, self._looked_up = self._looked_up, None
        if looked_up is not None:
            await self._advance(looked_up)
        else:
            await self._begin_flow()

    async def _begin_flow(self) -> None:
        self._waiting_for = None
        if self._published is None:
            await self.recover()
            return
        await self._take(start(self._published.flow, self._context(), self.call.now_ms))

    def _context(self) -> Context:
        return Context(
            called=self.record.called,
            caller=self.record.caller,
            language=self.record.language,
            segment=self._segment,
            customer_id=self.record.customer_id,
            priority=self.record.priority,
            calendars=dict(self.call.services.configuration().calendars),
            business_queues=self.call.services.configuration().business_queues(self.record.tenant_id),
            values=self.record.attributes,
        )

    async def _after(self, question: CallbackQuestion) -> None:
        if question.is_over and self._waiting_for is question:
            await self._go_on_after_question()

    # --- the flow

    async def _advance(self, given: Input) -> None:
        if self._flow_state is None or self._published is None:
            return
        self.call.cancel_timer("answer")
        self._waiting_for = None
        self._collector = None
        turn = advance(self._published.flow, self._flow_state, given, self.call.now_ms)
        if is_asked_again(self._flow_state, given, turn):
            self._ahead.forget()
        await self._take(turn)

    async def _take(self, turn: Turn) -> None:
        self._flow_state = turn.state
        self.record.language = turn.state.language
        self.record.customer_id = turn.state.customer_id
        await self._do(turn.actions)

    async def _do(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            if isinstance(action, Note):
                self.call.note_step(action.step_id, action.kind, action.detail)
                if action.kind == "opening_hours":
                    self._is_closed = action.detail == "closed"
                continue
            self._waiting_for = action
            await self._do_one(action)

    async def _do_one(self, action: Action) -> None:
        match action:
            case Say(can_skip=True) if self._ahead:
                await self._advance(SpeechFinished())
            case Say():
                await self._say(action.utterances)
            case Ask():
                await self._ask(action)
            case LookUp():
                arguments = {name: _plain(value) for name, value in action.arguments.items()}
                look_ups = self.call.services.look_ups
                look_ups.start(self.record, _STEP, action.name, arguments, action.time_limit_ms)
            case TakeMessage():
                self._is_closed = False  # who leaves a message is served
                await self._say(action.utterances, beep=True)
            case Queue():
                await self._queue(action)
            case Transfer():
                await self._transfer(action)
            case End():
                self._left_alone("contained", action.reason)
                await self.call.end("flow", action.reason)

    async def _say(self, utterances: tuple[Utterance, ...], *, beep: bool = False) -> None:
        media = self.call.services.sounds.media(utterances)
        await self.call.play([*media, _BEEP] if beep else media)

    async def playback_finished(self) -> None:
        match self._waiting_for:
            case _Notice():
                await self._go_on_after_question()
            case CallbackQuestion() as question:
                await question.heard()
                await self._after(question)
            case Say():
                await self._advance(SpeechFinished())
            case Ask() as ask:
                self.call.set_timer("answer", ask.timeout_s)
            case TakeMessage() as taking:
                await self._record_message(taking)

    # --- answers

    async def _ask(self, ask: Ask) -> None:
        self._collector = KeyCollector(ask)
        if not self._ahead:
            await self._say(ask.utterances)
        elif (text := self._ahead.feed(self._collector)) is not None:
            await self._answer(ask, text)
        else:
            self.call.set_timer("answer", ask.timeout_s)

    async def _answer(self, ask: Ask, text: str) -> None:
        self._ahead.answered(ask, text)
        await self._advance(Answered(text))

    async def digit(self, digit: str) -> None:
        match self._waiting_for:
            case Ask() as ask:
                await self._key_of_answer(ask, digit)
            case CallbackQuestion() as question:
                if not await question.digit(digit):
                    self._ahead.add(digit)
                await self._after(question)
            case None | _Notice() | LookUp():  # The law wants the notice heard to its end; the keys wait for the flow.
                self._ahead.add(digit)
            case Say(can_skip=True):
                self._ahead.add(digit)
                await self.call.stop_playing()
                await self._advance(SpeechFinished())
            case TakeMessage() if self._message_id is not None:
                await self._message_over()

    async def _key_of_answer(self, ask: Ask, digit: str) -> None:
        assert self._collector is not None
        await self.call.stop_playing()
        text = self._collector.take(digit)
        if text is None:
            self.call.set_timer("answer", ask.timeout_s)
        else:
            await self._answer(ask, text)

    async def timer(self, name: str) -> None:
        if name == "answer" and self._collector is not None:
            await self._advance(TimedOut(self._collector.text))
        elif name == "message":
            await self._message_over()
        elif name == QUESTION_TIMER and self._question is not None:
            self._question.timed_out()
            await self._after(self._question)

    # --- a message left

    async def _record_message(self, taking: TakeMessage) -> None:
        self._message_id = new_id()
        self._message_since_ms = self.call.now_ms
        self.call.services.expect_recording(self._message_id, self.record)
        await self.driver.start_recording(self._message_id, self.record.leg_id)
        self.call.set_timer("message", taking.longest_s)

    async def _message_over(self) -> None:
        self.call.cancel_timer("message")
        if self._message_id is not None:
            message_id, self._message_id = self._message_id, None
            await self.driver.stop_recording(message_id)
            await self._advance(MessageTaken(max(0, self.call.now_ms - self._message_since_ms)))

    # --- leaving the flow

    async def _queue(self, queue: Queue) -> None:
        assert self._flow_state is not None
        self.record.place = _place(self._flow_state)
        asked = QueueAsked(
            queue_id=queue.queue_id,
            asked_at_ms=self.record.first_asked_at_ms or self.call.now_ms,
            command_id=new_id(),
            priority=queue.priority,
            needs=tuple(SkillNeed(skill_id, level) for skill_id, level in queue.needs),
            menu_path=self._flow_state.menu_path,
            announcement=queue.announcement,
            announce_every_s=queue.announce_every_s,
            callback_key=queue.callback_key,
            attributes=queue.attributes,
        )
        self._left("queued", "", queue.queue_id)
        await self.call.change(self.call.states.waiting(self.call, asked))

    async def _transfer(self, transfer: Transfer) -> None:
        leg_id = new_id()
        self.record.outside_leg_id = leg_id
        self.call.save()
        await self.driver.start_music(self.record.leg_id)
        try:
            await self.driver.ring_outside(
                leg_id,
                transfer.number,
                timeout_s=self.call.services.options.outside_ring_s,
                caller=self.record.called,
                for_leg_id=self.record.leg_id,
                tags={"contact": self.record.contact_id},
            )
        except VoiceError as error:
            log.warning("a flow's transfer cannot be dialled", contact=self.record.contact_id, code=error.code)
            await self._transfer_failed(error.code)

    async def _transferred(self) -> None:
        self._left("transferred", "")
        await self.call.join_caller(self.record.outside_leg_id)
        await self.call.change(self.call.states.sent_out(self.call))

    async def leg_ended(self, event: LegEnded) -> None:
        if isinstance(self._waiting_for, Transfer) and event.leg_id == self.record.outside_leg_id:
            await self._transfer_failed(event.cause)

    async def _transfer_failed(self, cause: str) -> None:
        self.record.outside_leg_id = None
        await self.driver.stop_music(self.record.leg_id)
        await self._advance(TransferFailed(cause))

    async def ending(self, ended_by: EndedBy, cause: str) -> None:
        if not self._is_left:
            self._left_alone("failed" if ended_by == "platform" else "contained", cause)

    async def recover(self) -> None:
        """Without a flow that works, a person is the answer; without a queue either, the caller is told."""
        if self._is_left:
            return
        queue_id = self.record.fallback_queue_id
        if queue_id is None:
            self._left_alone("failed", "no_flow")
            await self.call.change(Apologising(self.call))
            return
        self.record.place = None
        self._left("queued", "fallback", queue_id)
        asked_at_ms = self._asked_since_ms or self.call.now_ms
        await self.call.change(
            self.call.states.waiting(self.call, fallback(queue_id, asked_at_ms, self.record.language))
        )

    def _left_alone(self, how: FlowEnd, cause: str) -> None:
        """The call ends without a person; one that came out of a queue counts as blocked, whatever it heard then, and
        one that heard last that the centre is closed ends for that reason, also when the caller hangs up first."""
        exit = self.record.left_by
        if exit is None:
            self._left(how, "closed" if how == "contained" and self._is_closed else cause)
        else:
            self._left("blocked", exit, self.record.queue_id)

    def _left(self, how: FlowEnd, cause: str, queue_id: str | None = None) -> None:
        self._is_left = True
        self.call.tell_left_flow(how, cause, queue_id)


def _place(state: FlowState) -> FlowPlace:
    """Where the flow stands; what was keyed in secret is left out, since this goes to disk."""
    return FlowPlace(
        step_id=state.step_id,
        steps_taken=state.steps_taken,
        segment=state.segment,
        priority=state.priority,
        values={name: value for name, value in state.values.items() if not isinstance(value, Secret)},
        menu_path=state.menu_path,
        left_queues=state.left_queues,
    )


def _plain(value: str) -> str:
    return value.reveal() if isinstance(value, Secret) else value
