"""The built-in prompts as `make` has made them: there, audible, of a plausible length, in both languages."""

import re
import subprocess

import pytest

from hotline.telephony.prompts.catalogue import (
    HOLD_MUSIC,
    PROMPT_LANGUAGES,
    PromptLanguage,
    built_in_prompts,
    default_sound,
)
from hotline.telephony.prompts.music import MUSIC_LEVEL_DB
from hotline.telephony.prompts.sound import RATE, SPEECH_LEVEL_DB, read_wav
from hotline.telephony.prompts.synthesiser import Synthesiser
from hotline.telephony.prompts.wording import speakable

ALL = [(prompt_id, language) for prompt_id in built_in_prompts() for language in PROMPT_LANGUAGES]


def sox_figures(path: str) -> dict[str, float]:
    """Length, loudness and peak as sox, not our own code, measures them."""
    text = subprocess.run(["sox", path, "-n", "stat"], capture_output=True, text=True, check=True).stderr
    return {name.strip(): float(value) for name, value in re.findall(r"^(.+?):\s+(-?[\d.]+)$", text, re.M)}


@pytest.mark.parametrize(("prompt_id", "language"), ALL)
def test_prompt_is_audible_and_of_a_plausible_length(prompt_id: str, language: PromptLanguage) -> None:
    figures = sox_figures(str(default_sound(prompt_id, language)))
    words = built_in_prompts()[prompt_id].words(language)
    # Mandarin takes 0.15 to 0.45 s a character, English 0.04 to 0.2 s a letter; short words have their edges.
    low, high = (0.12, 0.5) if language == "zh" else (0.03, 0.2)
    letters = len(re.sub(r"[\W_]", "", words))
    assert low * letters - 0.1 <= figures["Length (seconds)"] <= high * letters + 0.6
    assert 10 ** ((SPEECH_LEVEL_DB - 6) / 20) < figures["RMS     amplitude"] < 10 ** ((SPEECH_LEVEL_DB + 1) / 20)
    assert figures["Maximum amplitude"] < 0.75


def test_languages_do_not_share_a_sound() -> None:
    for prompt_id in built_in_prompts():
        assert default_sound(prompt_id, "zh").read_bytes() != default_sound(prompt_id, "en").read_bytes()


def test_digits_are_spelt_and_never_read_as_an_amount() -> None:
    assert speakable("请拨10086。", "zh") == "请拨 幺，零，零，八，六 。"
    assert speakable("Dial 12", "en") == "Dial  one, two "


def test_mandarin_is_not_spelt_as_english() -> None:
    """Older synthesisers read 请到银行 as English letters, which takes several times as long."""
    sound = Synthesiser().speak("请到银行", "zh")
    assert 0.7 < sound.size / RATE < 1.8


def test_hold_music_is_softer_than_speech_and_has_no_seam() -> None:
    figures = sox_figures(str(HOLD_MUSIC))
    assert figures["Length (seconds)"] > 45
    assert figures["RMS     amplitude"] == pytest.approx(10 ** (MUSIC_LEVEL_DB / 20), rel=0.05)
    samples = read_wav(HOLD_MUSIC)
    assert abs(samples[0] - samples[-1]) < 0.03
