"""A call tried out before anybody hears it: a pretended caller and a pretended clock around the interpreter.

Keys mean what they mean at a node: they may come in a burst, interrupt what can be skipped and count for the next
question. Nobody else is asked: look-ups bring nothing, a message lasts MESSAGE_MS, an allowed number answers."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import msgspec

from hotline.flows.definition import Flow, Language
from hotline.flows.interpreter import advance, start
from hotline.flows.keys import KeyCollector, TypeAhead, is_asked_again
from hotline.flows.state import (
    Action,
    Answered,
    Ask,
    Context,
    End,
    FlowState,
    Input,
    LookedUp,
    LookUp,
    MessageTaken,
    Note,
    Queue,
    Say,
    SpeechFinished,
    TakeMessage,
    TimedOut,
    Transfer,
    TransferFailed,
    Turn,
    Utterance,
)

KEY_MS = 300
MESSAGE_MS = 10_000
_DIGIT_MS = 450
# What a calm synthesised voice takes; uploaded recordings have their own, exact length.
_CHARACTER_MS: dict[Language, int] = {"zh": 220, "en": 65}

Outcome = Literal["waits", "queued", "transferred", "ended"]


class Surroundings(NamedTuple):
    """When the call begins, how long an utterance takes, and which outside numbers may be dialled."""

    began_at_ms: int
    length_ms: Callable[[Utterance], int]
    can_dial: Callable[[str], bool]


class TrialLine(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, `at_ms` after the beginning. `kind`: said, asked, keyed, silent, or as in Note.

    `detail` of keyed holds the keys, with dots for secret ones."""

    at_ms: int
    step_id: str
    kind: str
    detail: str = ""
    utterances: tuple[Utterance, ...] = ()


class TrialCall(msgspec.Struct, frozen=True, kw_only=True):
    """How far the call came. `question` is what it waits for; `queue` where it asked for a person."""

    lines: tuple[TrialLine, ...]
    outcome: Outcome
    step_id: str
    end_reason: str
    question: Ask | None
    queue: Queue | None


def try_call(flow: Flow, context: Context, answers: Sequence[str], around: Surroundings) -> TrialCall:
    """The call of somebody who gives these answers, one for each question that is heard to its end; "" says nothing."""
    walk = _Walk(flow, context, around)
    walk.go_on()
    for answer in answers:
        if not walk.is_asked:
            break
        walk.answer(answer)
        walk.go_on()
    return walk.result()


def spoken_ms(text: str, language: Language) -> int:
    """About how long a text takes to say."""
    return len(text) * _CHARACTER_MS[language]


def digits_ms(digits: str) -> int:
    """About how long digits take to say one by one."""
    return len(digits) * _DIGIT_MS


class _Walk:
    """The call so far. `_waiting` is the action that nothing has answered yet."""

    def __init__(self, flow: Flow, context: Context, around: Surroundings) -> None:
        self._flow = flow
        self._around = around
        self._at_ms = 0
        self._lines: list[TrialLine] = []
        self._waiting: Action | None = None
        self._collector: KeyCollector | None = None
        self._ahead = TypeAhead()
        self._state: FlowState
        self._take(start(flow, context, around.began_at_ms))

    @property
    def is_asked(self) -> bool:
        return isinstance(self._waiting, Ask)

    def result(self) -> TrialCall:
        waiting = self._waiting
        return TrialCall(
            lines=tuple(self._lines),
            outcome=self._outcome(),
            step_id=self._state.step_id,
            end_reason=self._state.end_reason,
            question=waiting if isinstance(waiting, Ask) else None,
            queue=waiting if isinstance(waiting, Queue) else None,
        )

    def _outcome(self) -> Outcome:
        match self._waiting:
            case Ask():
                return "waits"
            case Queue():
                return "queued"
            case Transfer():
                return "transferred"
            case _:
                return "ended"

    # --- what the caller does

    def answer(self, keys: str) -> None:
        """Press the keys in one go, or say nothing until the question gives up."""
        if not keys:
            self._line("silent")
            self._time_out()
            return
        for key in keys:
            self._at_ms += KEY_MS
            self._press(key)
        if self._collector is not None and self._collector.text:
            self._line("keyed", self._shown(self._collector.text))
            self._time_out()

    def _press(self, key: str) -> None:
        match self._waiting:
            case Ask() as ask:
                self._feed(ask, key)
            case Say(can_skip=True):
                self._ahead.add(key)
                self._advance(SpeechFinished())

    def _feed(self, ask: Ask, key: str) -> None:
        assert self._collector is not None
        if (text := self._collector.take(key)) is not None:
            self._answered(ask, text)

    def _answered(self, ask: Ask, text: str) -> None:
        self._line("keyed", self._shown(text))
        self._ahead.answered(ask, text)
        self._advance(Answered(text))

    def _time_out(self) -> None:
        assert isinstance(self._waiting, Ask)
        assert self._collector is not None
        self._at_ms += self._waiting.timeout_s * 1000
        self._advance(TimedOut(self._collector.text))

    def _shown(self, keys: str) -> str:
        is_secret = isinstance(self._waiting, Ask) and self._waiting.is_secret
        return "•" * len(keys) if is_secret else keys

    # --- what happens without the caller

    def go_on(self) -> None:
        """Let time pass until a question waits for the caller, or the flow is over."""
        while isinstance(self._waiting, Say | TakeMessage):
            self._at_ms += self._length_ms(self._waiting.utterances)
            if isinstance(self._waiting, Say):
                self._advance(SpeechFinished())
            else:
                length_ms = min(MESSAGE_MS, self._waiting.longest_s * 1000)
                self._at_ms += length_ms
                self._advance(MessageTaken(length_ms))
        if isinstance(self._waiting, Ask) and self._lines[-1].kind == "asked":
            self._at_ms += self._length_ms(self._waiting.utterances)

    def _length_ms(self, utterances: Sequence[Utterance]) -> int:
        return sum(self._around.length_ms(utterance) for utterance in utterances)

    def _advance(self, given: Input) -> None:
        turn = advance(self._flow, self._state, given, self._around.began_at_ms + self._at_ms)
        if is_asked_again(self._state, given, turn):
            self._ahead.forget()
        self._take(turn)

    def _take(self, turn: Turn) -> None:
        self._state = turn.state
        self._waiting = self._collector = None
        for action in turn.actions:
            if isinstance(action, Note):
                self._write_down(action)
            else:
                self._waiting = action
        self._meet()

    def _write_down(self, note: Note) -> None:
        # What is said, and who answers, stands in lines of their own.
        if note.kind != "say":
            line = TrialLine(at_ms=self._at_ms, step_id=note.step_id, kind=note.kind, detail=note.detail)
            self._lines.append(line)

    def _meet(self) -> None:
        """Begin what the flow now does; what needs no time is over at once."""
        match self._waiting:
            case Say(can_skip=True) if self._ahead:
                self._advance(SpeechFinished())
            case Say(utterances=utterances) | TakeMessage(utterances=utterances):
                self._line("said", utterances=utterances)
            case Ask() as ask:
                self._meet_question(ask)
            case LookUp(time_limit_ms=limit_ms):
                self._at_ms += limit_ms
                self._advance(LookedUp(None))
            case Transfer(number=number) if not self._around.can_dial(number):
                self._advance(TransferFailed("not_allowed"))
            case End():
                self._waiting = None

    def _meet_question(self, ask: Ask) -> None:
        self._collector = KeyCollector(ask)
        if not self._ahead:
            self._line("asked", utterances=ask.utterances)
        elif (text := self._ahead.feed(self._collector)) is not None:
            self._answered(ask, text)

    def _line(self, kind: str, detail: str = "", utterances: tuple[Utterance, ...] = ()) -> None:
        step_id = self._state.step_id
        line = TrialLine(at_ms=self._at_ms, step_id=step_id, kind=kind, detail=detail, utterances=utterances)
        self._lines.append(line)
