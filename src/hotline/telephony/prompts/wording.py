"""Texts made ready for the synthesiser: digits are spelt, because it would read 10086 as an amount."""

import re

from hotline.telephony.prompts.catalogue import PromptLanguage, built_in_prompts

_DIGITS = re.compile(r"[0-9]+")


def digit_words(digits: str, language: PromptLanguage) -> str:
    """Digits read one by one; Chinese telephone habit says yao for one."""
    words = [built_in_prompts()[f"digit_{digit}"].words(language) for digit in digits]
    return "，".join(words) if language == "zh" else ", ".join(words)


def speakable(text: str, language: PromptLanguage) -> str:
    """The text with each run of digits spelt."""
    return _DIGITS.sub(lambda found: f" {digit_words(found.group(), language)} ", text)
