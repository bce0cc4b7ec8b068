"""Identifiers: UUIDv7 as text outside, integers inside the engine."""

import os
import time
from uuid import UUID

_TAILS_AT_ONCE = 512
_COUNTER_BITS = 12
_COUNTS = tuple(f"{counter:03x}" for counter in range(1 << _COUNTER_BITS))
_VARIANTS = {
    digit: f"-{'89ab'[int(digit, 16) & 3]}" for digit in "0123456789abcdef"
}  # by a drawn digit, two bits of it


class IdMaker:
    """Makes UUIDv7 (RFC 9562, method 1: a counter follows the millisecond, chance follows the counter).

    A routed call needs seven ids: chance is drawn from the system for hundreds of them at once, and the text of a
    millisecond is made once. Ids of one maker sort in the order in which they were made."""

    def __init__(self) -> None:
        self._tails: list[str] = []
        self._ms = 0
        self._counter = 0
        self._head = ""
        os.register_at_fork(after_in_child=self._tails.clear)  # a child must not use its parent's chance again

    def make(self) -> str:
        """A new id in its 36-character form."""
        ms = time.time_ns() // 1_000_000
        if ms > self._ms:
            self._begin(ms)
        elif self._counter >> _COUNTER_BITS:
            self._begin(self._ms + 1)  # more than 4,096 in a millisecond, or the clock was set back: run ahead of it
        counter = self._counter
        self._counter = counter + 1
        try:
            tail = self._tails.pop()
        except IndexError:
            self._tails.extend(_new_tails())
            tail = self._tails.pop()
        return f"{self._head}{_COUNTS[counter]}{tail}"

    def _begin(self, ms: int) -> None:
        digits = f"{ms:012x}"
        self._ms, self._counter = ms, 0
        self._head = f"{digits[:8]}-{digits[8:]}-7"


def _new_tails() -> list[str]:
    """The last two groups of ids: variant and 62 bits of chance."""
    firsts = os.urandom(2 * _TAILS_AT_ONCE).hex(" ", 2).split(" ")
    lasts = os.urandom(6 * _TAILS_AT_ONCE).hex(" ", 6).split(" ")
    return [f"{_VARIANTS[first[0]]}{first[1:]}-{last}" for first, last in zip(firsts, lasts, strict=True)]


new_id = IdMaker().make


def is_id(text: str) -> bool:
    """Whether the text is a UUID in its 36-character form."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
