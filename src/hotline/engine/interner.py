"""Texts to integers and back, in the order in which the log first names them."""

from hotline.engine.codes import FIRST_INTERNED


class Interner:
    """One family of ids. Integers are never used twice, so that order of first sight is all that decides them."""

    __slots__ = ("_ids", "_journal", "_next", "_texts")

    def __init__(self, journal: "list[Interner]") -> None:
        self._ids: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._next: int = FIRST_INTERNED
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

    def take_back(self) -> None:
        """Forget the newest name, as if it had never been seen."""
        self._next -= 1
        del self._ids[self._texts.pop(self._next)]

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
