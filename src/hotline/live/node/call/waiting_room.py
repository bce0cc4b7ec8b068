"""What a waiting caller hears over the music, one thing after the other: the flow's announcement, position and expected
wait, the queue's own messages. Each has its own pace, which begins anew when it has been heard."""

from typing import Literal

from hotline.flows.state import Utterance
from hotline.live.node.call.call import Call
from hotline.messages.configuration import QueueSpeech
from hotline.messages.effects import ExpectedWait
from hotline.telephony.contract import Media
from hotline.telephony.prompts.catalogue import PromptLanguage
from hotline.telephony.prompts.numbers import GREATEST, number_prompts

Piece = Literal["announce", "position", "message"]
PIECES: tuple[Piece, ...] = ("announce", "position", "message")
_MINUTE_S = 60
_HOUR_MINUTES = 60


class WaitingRoom:
    """Timers named as the pieces belong to it. `told` is what the switch last said of this caller's wait."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._due: list[Piece] = []
        self._playing: Piece | None = None
        self._next_message = 0
        self._is_closed = False
        self.told: ExpectedWait | None = None

    def open(self) -> None:
        """Begin the pace of everything that is to be heard in the present queue."""
        self._due.clear()
        self._playing, self._is_closed = None, False
        for piece in PIECES:
            self._await_next(piece)

    def close(self) -> None:
        """Nothing of it is to be heard until what plays then is over."""
        self._due.clear()
        self._is_closed = True
        for piece in PIECES:
            self._call.cancel_timer(piece)

    async def due(self, piece: Piece) -> None:
        """It is time for this piece."""
        if piece == "position":
            # A switch that does not answer is asked again next time; nobody is told an old figure.
            self._await_next(piece)
            self._call.services.switch.ask_wait(self._call.record.contact_id)
        else:
            await self._put(piece)

    async def wait_told(self, told: ExpectedWait) -> None:
        """The switch has said how long it will take."""
        self.told = told
        if self._speech.announce_each_s:
            await self._put("position")

    async def heard(self) -> None:
        """What played is over: the next piece, if one has become due meanwhile."""
        if self._is_closed:
            self.open()
            return
        piece, self._playing = self._playing, None
        if piece is not None and piece != "position":
            self._await_next(piece)
        if self._due:
            await self._play(self._due.pop(0))

    async def _put(self, piece: Piece) -> None:
        if self._call.playback_id is None:
            await self._play(piece)
        elif piece not in self._due:
            self._due.append(piece)

    async def _play(self, piece: Piece) -> None:
        self._playing = piece
        await self._call.play(self._media(piece))

    @property
    def _speech(self) -> QueueSpeech:
        return self._call.services.configuration().queue_speech(self._call.record.queue_id)

    def _await_next(self, piece: Piece) -> None:
        pause_s = self._pause_s(piece)
        if pause_s:
            self._call.set_timer(piece, pause_s)

    def _pause_s(self, piece: Piece) -> int:
        asked, speech = self._call.record.asked, self._speech
        match piece:
            case "announce":
                return asked.announce_every_s if asked else 0
            case "position":
                return speech.announce_each_s
            case "message":
                return speech.message_each_s if speech.messages else 0

    # --- words

    def _media(self, piece: Piece) -> list[Media]:
        if not self._call.services.switch.is_connected:
            return self._call.services.sounds.prompt("technical_problem", self._language)
        return self._call.services.sounds.media(self._utterances(piece))

    def _utterances(self, piece: Piece) -> list[Utterance]:
        asked = self._call.record.asked
        match piece:
            case "announce":
                return [*(asked.announcement if asked else ()), *self._offer()]
            case "position":
                return wait_utterances(self.told, self._language) if self.told else []
            case "message":
                return self._message()

    def _offer(self) -> list[Utterance]:
        """The key that asks for a call-back."""
        asked = self._call.record.asked
        if asked is None or asked.callback_key is None or not self._speech.takes_callbacks:
            return []
        language = self._language
        return [
            Utterance(language=language, prompt_id="callback_offer"),
            Utterance(language=language, digits=asked.callback_key),
        ]

    def _message(self) -> list[Utterance]:
        messages = self._speech.messages
        if not messages:
            return []
        message = messages[self._next_message % len(messages)]
        self._next_message += 1
        language = self._language
        text = message.zh if language == "zh" else message.en
        return [Utterance(language=language, prompt_id=message.prompt_id, text=text)]

    @property
    def _language(self) -> PromptLanguage:
        return self._call.record.language


def wait_utterances(told: ExpectedWait, language: PromptLanguage) -> list[Utterance]:
    """How many are before the caller and how long it will take, in words; what cannot be said is left out."""
    prompts = (*_position_prompts(told.position, language), *_minutes_prompts(told.wait_s, language))
    return [Utterance(language=language, prompt_id=prompt) for prompt in prompts]


def _position_prompts(position: int, language: PromptLanguage) -> tuple[str, ...]:
    before = position - 1
    if before <= 0:
        return ("you_are_next",)
    if before > GREATEST:
        return ()
    return ("position_before", *number_prompts(before, language), "position_after")


def _minutes_prompts(wait_s: int | None, language: PromptLanguage) -> tuple[str, ...]:
    """Rounded up to minutes: a promise that is kept early annoys nobody."""
    if wait_s is None:
        return ()
    minutes = -(-max(wait_s, 1) // _MINUTE_S)
    if minutes == 1:
        return ("wait_one_minute",)
    if minutes > _HOUR_MINUTES:
        return ("wait_over_an_hour",)
    return ("wait_before", *number_prompts(minutes, language), "wait_minutes")
