"""Texts to integers and back, in the order in which the log first names them."""

from hotline.engine.codes import FIRST_INTERNED


class Interner:
    """One family of ids. Integers are never used twice, so that order of first sight is all that decides them."""

    __slots__ = ("_ids", "_next", "_texts")

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._next: int = FIRST_INTERNED

    def id(self, text: str) -> int:
        """The integer of a text, a new one at first sight."""
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = self._next
            self._texts[found] = text
            self._next += 1
        return found

    def known(self, text: str | None) -> int:
        """The integer of a text, -1 when it was never seen."""
        return -1 if text is None else self._ids.get(text, -1)

    def text(self, id: int) -> str:
        """The text of an integer. Raises KeyError when it was given back."""
        return self._texts[id]

    def forget(self, id: int) -> str:
        """Give an integer back; the text that it stood for."""
        text = self._texts.pop(id)
        del self._ids[text]
        return text

    def mark(self) -> int:
        """Where `roll_back` returns to."""
        return self._next

    def roll_back(self, mark: int) -> None:
        """Forget everything first seen since the mark: what a refused command named leaves no trace."""
        while self._next > mark:
            self._next -= 1
            text = self._texts.pop(self._next, None)
            if text is not None:
                del self._ids[text]

    def ids(self) -> list[int]:
        """All integers in use."""
        return list(self._texts)

    def to_rows(self) -> list[tuple[int, str]]:
        """Everything in use and, last, the next integer with an empty text."""
        return [*self._texts.items(), (self._next, "")]

    def read_rows(self, rows: list[tuple[int, str]]) -> None:
        """Become what `to_rows` described."""
        for id, text in rows[:-1]:
            self._ids[text] = id
            self._texts[id] = text
        self._next = rows[-1][0]
