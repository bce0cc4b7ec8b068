"""Counts said with the built-in prompts: as people count, where digits would be spelt one by one."""

from hotline.telephony.prompts.catalogue import PromptLanguage

GREATEST = 99
_COUNTED_AS_ONE = 20  # below it every number has a prompt of its own
_PAIR = 2


def number_prompts(number: int, language: PromptLanguage) -> tuple[str, ...]:
    """The prompts that say the count of something, 1 to GREATEST. Raises ValueError beyond.

    Chinese counts two of a thing with a word of its own (liang), and only where the two stands alone."""
    if not 1 <= number <= GREATEST:
        raise ValueError(f"{number} cannot be said")
    if number == _PAIR and language == "zh":
        return ("number_pair",)
    if number < _COUNTED_AS_ONE:
        return (f"number_{number}",)
    tens, ones = divmod(number, 10)
    return (f"number_{tens}0", f"number_{ones}") if ones else (f"number_{tens}0",)
