"""Text to speech with eSpeak NG: `python -m hotline.telephony.prompts.synthesiser` reads one order per line.

Each line is JSON `{"text", "language", "path"}`; for each a WAV is written and a JSON line answers. It is a program of
its own because eSpeak NG is under the GPL: nothing of ours that runs in a call loads it. It speaks Mandarin rightly
from version 1.52 on, which the package espeakng-loader brings."""

import ctypes
import sys
from pathlib import Path

import msgspec
import numpy

from hotline.kernel.errors import HotlineError
from hotline.telephony.prompts.catalogue import PromptLanguage
from hotline.telephony.prompts.sound import Samples, levelled, to_line_rate, trimmed, write_wav
from hotline.telephony.prompts.wording import speakable

try:
    import espeakng_loader
except ImportError:  # a centre without the build tools: recorded prompts only
    espeakng_loader = None

_VOICES: dict[PromptLanguage, bytes] = {"zh": b"cmn", "en": b"en"}
_WORDS_A_MINUTE: dict[PromptLanguage, int] = {"zh": 160, "en": 145}
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples come to the callback, nothing is played
_RATE_PARAMETER = 1
_UTF8 = 1
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class NoSynthesiserError(HotlineError):
    code = "prompts.no_synthesiser"
    status = 503
    sentence = "No speech synthesiser is installed: run `pip install espeakng-loader`, or upload recorded prompts."


class SynthesisError(HotlineError):
    code = "prompts.cannot_speak"
    status = 500
    sentence = "The synthesiser could not speak the text in '{language}': upload a recording instead."


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One text to be spoken into one file."""

    text: str
    language: PromptLanguage
    path: str


class Synthesiser:
    """eSpeak NG, loaded once. Not for use from two threads. Raises NoSynthesiserError."""

    def __init__(self) -> None:
        if espeakng_loader is None:
            raise NoSynthesiserError
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = str(espeakng_loader.get_data_path()).encode()
        self._rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0))
        if self._rate <= 0:
            raise NoSynthesiserError
        self._pieces: list[bytes] = []
        # Kept as an attribute: the library calls it for as long as we live.
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, language: PromptLanguage) -> Samples:
        """The spoken text, 8 kHz, levelled and trimmed. Raises SynthesisError."""
        self._pieces.clear()
        self._library.espeak_SetVoiceByName(_VOICES[language])
        self._library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_A_MINUTE[language], 0)
        words = speakable(text, language).encode()
        self._library.espeak_Synth(words, len(words) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        raw = numpy.frombuffer(b"".join(self._pieces), "<i2").astype(numpy.float64) / 32768
        sound = trimmed(to_line_rate(raw, self._rate)) if raw.size else raw
        if sound.size == 0:
            raise SynthesisError(language=language)
        return levelled(sound)

    def _take(self, samples: int | None, count: int, events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        return 0


def main() -> int:
    """Carry out the orders of standard input, one answer per line: {} or {"error"}."""
    try:
        synthesiser = Synthesiser()
    except NoSynthesiserError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    for line in sys.stdin.buffer:
        order = msgspec.json.decode(line, type=Order)
        try:
            write_wav(Path(order.path), synthesiser.speak(order.text, order.language))
            answer: dict[str, str] = {}
        except (SynthesisError, OSError) as error:
            answer = {"error": str(error)}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
