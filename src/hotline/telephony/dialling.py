"""Which outside numbers may be dialled: the wall against toll fraud."""

from collections.abc import Sequence

_DIALLED_CHARACTERS = frozenset("0123456789+*#")
_SEPARATORS = str.maketrans("", "", " -.()/")
_LONGEST_NUMBER = 20


def normalise_number(number: str) -> str | None:
    """The number with separators removed, or None when it is no number that could be dialled."""
    bare = number.translate(_SEPARATORS)
    if not bare or len(bare) > _LONGEST_NUMBER or not bare.isascii():
        return None
    if "+" in bare[1:] or not _DIALLED_CHARACTERS.issuperset(bare):
        return None
    return bare if any(character.isdigit() for character in bare) else None


def is_dialable(number: str, allow: Sequence[str], emergency: Sequence[str]) -> bool:
    """Whether an outbound leg may dial the number: an emergency number exactly, or one under an allowed prefix.

    Nothing else passes; an empty allow-list allows nothing, and an empty prefix is ignored rather than allowing all."""
    bare = normalise_number(number)
    if bare is None:
        return False
    if bare in emergency:
        return True
    return any(prefix and bare.startswith(prefix) for prefix in allow)
