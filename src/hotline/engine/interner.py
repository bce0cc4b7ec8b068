"""Texts to integers and back, in the order in which the log first names them."""

from collections.abc import Callable

from hotline.engine.codes import FIRST_INTERNED

Columns = tuple[list[int], list[str], int]


class _Ids(dict[str | None, int]):
    """Integers by text."""

    __slots__ = ()

    def __missing__(self, text: str | None) -> int:
        return -1


class Interner:
    """One family of ids. Integers are never used twice, so that order of first sight is all that decides them.

    `known` is the integer of a text, -1 when it was never seen; `text` is the text of an integer, and raises KeyError
    when that was given back. Both are asked dozens of times for a call: there is no step in between."""

    __slots__ = ("_ids", "_journal", "_next", "_texts", "known", "text")

    def __init__(self, journal: "list[Interner]") -> None:
        self._ids = _Ids()
        self._texts: dict[int, str] = {}
        self._next: int = FIRST_INTERNED
        self.known: Callable[[str | None], int] = self._ids.__getitem__
        self.text: Callable[[int], str] = self._texts.__getitem__
        self._journal = journal  # where each new name is noted, so that it can be taken back

    def id(self, text: str) -> int:
        """The integer of a text, a new one at first sight."""
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = self._next
            self._texts[found] = text
            self._next += 1
            self._journal.append(self)
        return found

    def new(self, text: str) -> int:
        """The integer of a text that was never seen."""
        made = self._ids[text] = self._next
        self._texts[made] = text
        self._next = made + 1
        self._journal.append(self)
        return made

    def forget(self, id: int) -> str:
        """Give an integer back; the text that it stood for."""
        text = self._texts.pop(id)
        del self._ids[text]
        return text

    def take_back(self) -> None:
        """Forget the newest name, as if it had never been seen."""
        self._next -= 1
        del self._ids[self._texts.pop(self._next)]

    def ids(self) -> list[int]:
        """All integers in use."""
        return list(self._texts)

    def to_columns(self) -> Columns:
        """The integers in use, their texts, and the next integer."""
        return list(self._texts), list(self._texts.values()), self._next

    def read_columns(self, columns: Columns) -> None:
        """Become what `to_columns` described."""
        ids, texts, self._next = columns
        self._texts.clear()
        self._texts.update(zip(ids, texts, strict=True))
        self._ids.clear()
        self._ids.update(zip(texts, ids, strict=True))
