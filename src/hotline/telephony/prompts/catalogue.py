"""The built-in prompts: their ids and words, and where `make` has put their sound."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

PromptLanguage = Literal["zh", "en"]
PROMPT_LANGUAGES: tuple[PromptLanguage, ...] = ("zh", "en")
DEFAULT_DIR = Path(__file__).parent / "default"
HOLD_MUSIC = DEFAULT_DIR / "music" / "hold.wav"
CATALOGUE_FILE = Path(__file__).parent / "catalogue.json"


class BuiltInPrompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One prompt and its words in both languages."""

    id: str
    zh: str
    en: str

    def words(self, language: PromptLanguage) -> str:
        return self.zh if language == "zh" else self.en


@cache
def built_in_prompts() -> dict[str, BuiltInPrompt]:
    """All built-in prompts by id."""
    prompts = msgspec.json.decode(CATALOGUE_FILE.read_bytes(), type=list[BuiltInPrompt])
    return {prompt.id: prompt for prompt in prompts}


def default_sound(prompt_id: str, language: PromptLanguage) -> Path:
    """Where a built-in prompt's WAV lies once `make` has run."""
    return DEFAULT_DIR / language / f"{prompt_id}.wav"
