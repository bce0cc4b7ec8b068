"""A waiting caller who would rather be called back: the key, the number where ours is not known, the time of the day
where the queue offers some, the request."""

import structlog

from hotline.flows.keys import KeyCollector
from hotline.flows.state import Ask
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.window_words import TURN_KEY, Window, window_choice, window_of_key
from hotline.messages.callbacks import CallbackOrder, seal_order
from hotline.messages.configuration import QueueSpeech
from hotline.messages.routing import RequestCallback
from hotline.telephony.dialling import is_dialable, normalise_number

log = structlog.get_logger()

NUMBER_TIMER = "callback_number"
ANY_TIME: Window = (0, 0)
_KEYING_S = 10
_NUMBER = Ask(utterances=(), max_length=20, timeout_s=_KEYING_S, terminator="#")


class CallbackWish:
    """Takes the keys of one waiting caller. `is_asking`: a number or a time is being keyed in, and nothing else is to
    be said."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._collector: KeyCollector | None = None
        self._number: str | None = None  # whom to call, while the time is asked for

    @property
    def is_asking(self) -> bool:
        return self._collector is not None or self._number is not None

    async def digit(self, digit: str) -> bool:
        """Whether the key was meant for this."""
        if self._collector is not None:
            await self._call.stop_playing()
            number = self._collector.take(digit)
            if number is None:
                self._call.set_timer(NUMBER_TIMER, _KEYING_S)
            else:
                await self._number_keyed(number)
            return True
        if self._number is not None:
            await self._chosen(self._number, digit)
            return True
        if not self._is_offered or digit != self._asked_key:
            return False
        await self._wish()
        return True

    async def asked_for_number(self) -> None:
        """The question has been heard."""
        self._call.set_timer(NUMBER_TIMER, _KEYING_S)

    async def timed_out(self) -> None:
        """No more keys came: what there is, is the number; who chose no time is called when it is their turn."""
        if self._collector is not None:
            await self._number_keyed(self._collector.text)
        elif self._number is not None:
            await self._chosen(self._number, TURN_KEY)

    @property
    def _asked_key(self) -> str | None:
        asked = self._call.record.asked
        return asked.callback_key if asked else None

    @property
    def _speech(self) -> QueueSpeech:
        return self._call.services.configuration().queue_speech(self._call.record.queue_id)

    @property
    def _is_offered(self) -> bool:
        return self._speech.takes_callbacks and self._call.record.callback is None

    async def _wish(self) -> None:
        await self._call.stop_playing()
        caller = self._call.record.caller
        if caller is not None and self._can_call(caller):
            await self._ask_time(caller)
            return
        self._collector = KeyCollector(_NUMBER)
        await self._say("callback_ask_number")

    async def _number_keyed(self, number: str) -> None:
        self._collector = None
        self._call.cancel_timer(NUMBER_TIMER)
        if self._can_call(number):
            await self._ask_time(number)
        else:
            self._call.note_step("callback", "callback", "wrong_number")
            await self._say("callback_wrong_number")

    def _can_call(self, number: str) -> bool:
        """Only what outbound calls may dial is promised, and nobody sends us to an emergency number."""
        return is_dialable(number, self._call.services.configuration().raw.outbound_allow, ())

    async def _ask_time(self, number: str) -> None:
        """Where the queue offers times of the day, the caller chooses; where not, it is when their turn has come."""
        if not self._speech.callback_windows:
            self._number = None
            self._request(number, ANY_TIME)
            return
        self._number = number
        await self._call.play(self._call.services.sounds.media(window_choice(self._speech, self._call.record.language)))

    async def _chosen(self, number: str, key: str) -> None:
        window = ANY_TIME if key == TURN_KEY else window_of_key(self._speech, key)
        self._call.cancel_timer(NUMBER_TIMER)
        await self._call.stop_playing()
        if window is None:  # nothing has that key: it is said again
            await self._ask_time(number)
            return
        self._number = None
        self._request(number, window)

    def _request(self, number: str, window: Window) -> None:
        call, record = self._call, self._call.record
        order = CallbackOrder(
            number=normalise_number(number) or number,
            tenant_id=record.tenant_id,
            entry_point_id=record.entry_point_id,
            queue_id=record.queue_id or "",
            language=record.language,
            customer_id=record.customer_id,
            is_simulated=record.is_simulated,
        )
        record.callback, record.callback_command_id = seal_order(order, call.services.keyring), new_id()
        call.save()
        call.note_step("callback", "callback", "requested")
        call.services.switch.ask_wait(record.contact_id)  # so that the promise can say how long it will take
        call.services.switch.send(
            RequestCallback(
                command_id=record.callback_command_id,
                at_ms=call.now_ms,
                contact_id=record.contact_id,
                number=record.callback,
                window=window,
            )
        )

    async def refused(self) -> None:
        """The switch does not promise it: the caller waits on."""
        self._call.record.callback = self._call.record.callback_command_id = None
        self._call.save()
        await self._call.stop_playing()
        await self._say("callback_refused")

    async def _say(self, prompt_id: str) -> None:
        await self._call.play(self._call.services.sounds.prompt(prompt_id, self._call.record.language))
