"""The times of the day in which a queue calls back, as callers hear them before they choose one by its key."""

from hotline.flows.state import Utterance
from hotline.messages.configuration import QueueSpeech
from hotline.telephony.prompts.catalogue import PromptLanguage

TURN_KEY = "0"  # as soon as it is their turn
Window = tuple[int, int]


def window_of_key(speech: QueueSpeech, key: str) -> Window | None:
    """The window that the key chooses; None for every other key."""
    keys = {str(place): window for place, window in enumerate(speech.callback_windows, 1)}
    return keys.get(key)


def window_choice(speech: QueueSpeech, language: PromptLanguage) -> list[Utterance]:
    """What may be chosen, and by which keys."""
    return [
        Utterance(language=language, prompt_id="callback_when"),
        Utterance(language=language, digits=TURN_KEY),
        *(Utterance(language=language, text=text) for text in window_texts(speech, language)),
    ]


def window_texts(speech: QueueSpeech, language: PromptLanguage) -> list[str]:
    """Each window with its key, in words."""
    return [_text(window, place, language) for place, window in enumerate(speech.callback_windows, 1)]


def _text(window: Window, key: int, language: PromptLanguage) -> str:
    start, end = (_clock(minutes, language) for minutes in window)
    if language == "zh":
        return f"如需在{start}到{end}之间接到回电，请按 {key}。"
    return f"To be called between {start} and {end}, press {key}."


def _clock(minutes: int, language: PromptLanguage) -> str:
    hour, minute = divmod(minutes, 60)
    if language == "zh":
        return f"{hour}点{minute}分" if minute else f"{hour}点"
    if minutes in (12 * 60, 24 * 60):
        return "noon" if hour == 12 else "midnight"
    half = "a.m." if hour < 12 else "p.m."
    spoken = hour % 12 or 12
    return f"{spoken}:{minute:02} {half}" if minute else f"{spoken} {half}"
