"""A caller to whom a call-back is promised calls again: they are told, and may cancel it by one key. Any other key, or
none, keeps it, and is meant for the menu."""

from hotline.flows.state import Utterance
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.messages.routing import CancelCallback

CANCEL_KEY = "9"
QUESTION_TIMER = "callback_question"
_THINKING_S = 3


class CallbackQuestion:
    """`is_over` once the flow may begin or go on."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._is_cancelled = False
        self.is_over = False

    async def ask(self) -> None:
        """The question, or again what came of it."""
        language = self._call.record.language
        if self._is_cancelled:
            await self._say(Utterance(language=language, prompt_id="callback_cancelled"))
            return
        await self._say(
            Utterance(language=language, prompt_id="callback_pending"),
            Utterance(language=language, digits=CANCEL_KEY),
            Utterance(language=language, prompt_id="callback_keep"),
        )

    async def heard(self) -> None:
        """What played is over: the question waits for a key, the answer to it ends this."""
        if self._is_cancelled:
            self.is_over = True
        else:
            self._call.set_timer(QUESTION_TIMER, _THINKING_S)

    async def digit(self, digit: str) -> bool:
        """Whether the key was meant for this."""
        if self._is_cancelled:
            return False
        self._call.cancel_timer(QUESTION_TIMER)
        await self._call.stop_playing()
        if digit != CANCEL_KEY:
            self.timed_out()
            return False
        await self._cancel()
        return True

    def timed_out(self) -> None:
        """The call-back stays, and the switch is told of it when the caller asks for an agent."""
        record = self._call.record
        record.kept_callback, record.pending_callback = record.pending_callback, None
        self._call.note_step("callback", "callback", "kept")
        self.is_over = True

    async def _cancel(self) -> None:
        call, contact_id = self._call, self._call.record.pending_callback
        self._is_cancelled = True
        call.record.pending_callback = None
        call.save()
        call.note_step("callback", "callback", "cancelled")
        if contact_id is not None:
            call.services.switch.send(CancelCallback(command_id=new_id(), at_ms=call.now_ms, contact_id=contact_id))
        await self._say(Utterance(language=call.record.language, prompt_id="callback_cancelled"))

    async def _say(self, *utterances: Utterance) -> None:
        await self._call.play(self._call.services.sounds.media(utterances))
