"""Who was not served to the end lately and may call again: kept for as long as some rule looks back; where there are
too many, the oldest are given up first.

A large centre has hundreds of thousands of them in a week, so each is a row of numbers in a few arrays, 32 bytes in a
snapshot: callers and contacts by a digest, queues and agents by their places in a list of texts. A snapshot copies the
arrays as they are. Rows of those who have been served meanwhile are empty, and are dropped together."""

import sys
from array import array
from hashlib import blake2b
from typing import Any

from hotline.engine.missed import COLUMNS, Missed, SavedCallers

MOST_CALLERS = 262_144  # a week of a centre with 430,000 askers a day of whom 8 % are not served: 8.4 MB in a snapshot
_AT_ONCE = 64  # of too many, such a part is given up together: dropping moves all rows
_EMPTY = 0  # in place of a caller
_LONGEST_MS = 0xFFFFFFFF  # a place is that much earlier than the end at the most: 49 days
_FEW = 1_024  # so many empty rows are not worth the dropping


class Callers:
    """Rows in the order in which they were noted; the latest of a caller alone counts."""

    __slots__ = ("_before", "_columns", "_known", "_rows", "_texts")

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}  # caller -> row, counted from the first that ever was
        self._before = 0  # how many rows stood before the present first one
        self._columns: list[Any] = [array(kind) for kind in COLUMNS]
        self._texts: list[str] = []
        self._known: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def note(self, caller: str, missed: Missed) -> None:
        """Remember the caller, in place of what was known of them."""
        self.forget(caller)
        key = _digest(caller)
        self._rows[key] = self._before + len(self._columns[0])
        behind_ms = max(0, min(_LONGEST_MS, missed.over_ms - missed.place_ms))
        texts = (self._text(missed.queue_id), self._text(missed.agent_id or ""))
        row = (key, missed.over_ms, behind_ms, _digest(missed.contact_id) & _LONGEST_MS, *texts)
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        if len(self._rows) > MOST_CALLERS:
            self._drop(1 + MOST_CALLERS // _AT_ONCE)
        self._tidy()

    def forget(self, caller: str) -> None:
        """The caller was served."""
        row = self._rows.pop(_digest(caller), None)
        if row is not None:
            self._columns[0][row - self._before] = _EMPTY

    def forget_before(self, over_ms: int) -> None:
        """Drop those whose contact was over before then, from the oldest on."""
        callers, overs = self._columns[0], self._columns[1]
        many = 0
        while many < len(callers) and (callers[many] == _EMPTY or overs[many] < over_ms):
            many += 1
        self._drop(many)

    def forget_all(self) -> None:
        """No rule looks back any more."""
        self._drop(len(self._columns[0]))

    def find(self, caller: str) -> Missed | None:
        """What is remembered of the caller; of the contact only `is_of` can be asked."""
        row = self._rows.get(_digest(caller))
        if row is None:
            return None
        _, over_ms, behind_ms, _, queue, agent = (column[row - self._before] for column in self._columns)
        return Missed(over_ms - behind_ms, over_ms, self._texts[queue], "", self._texts[agent] or None)

    def is_of(self, caller: str, contact_id: str) -> bool:
        """Whether it was this very contact that the caller is remembered for."""
        row = self._rows.get(_digest(caller))
        return row is not None and self._columns[3][row - self._before] == _digest(contact_id) & _LONGEST_MS

    def saved(self) -> SavedCallers:
        """What has to be remembered; equal for equal histories."""
        return SavedCallers(sys.byteorder, [column.tobytes() for column in self._columns], self._texts)

    def remember(self, saved: SavedCallers) -> None:
        """Begin with what a snapshot kept, on whatever machine."""
        former = saved.columns or [b""] * len(COLUMNS)  # snapshots from before have none
        self._columns = [array(kind, data) for kind, data in zip(COLUMNS, former, strict=True)]
        for column in self._columns:
            if saved.byteorder != sys.byteorder:
                column.byteswap()
        self._rows = {key: row for row, key in enumerate(self._columns[0]) if key != _EMPTY}
        self._before = 0
        self._texts = list(saved.texts)
        self._known = {text: place for place, text in enumerate(self._texts)}

    def _text(self, text: str) -> int:
        place = self._known.get(text)
        if place is None:
            place = self._known[text] = len(self._texts)
            self._texts.append(text)
        return place

    def _drop(self, many: int) -> None:
        """The first rows, and the empty ones after them."""
        if not many:
            return
        callers = self._columns[0]
        while many < len(callers) and callers[many] == _EMPTY:
            many += 1
        for key in callers[:many]:
            self._rows.pop(key, None)
        for column in self._columns:
            del column[:many]
        self._before += many

    def _tidy(self) -> None:
        """Drop the empty rows when they are the most."""
        callers = self._columns[0]
        if len(callers) - len(self._rows) <= len(self._rows) + _FEW:
            return
        kept = [row for row, key in enumerate(callers) if key != _EMPTY]
        self._columns = [array(column.typecode, [column[row] for row in kept]) for column in self._columns]
        self._before = 0
        self._rows = {key: row for row, key in enumerate(self._columns[0])}


def _digest(text: str) -> int:
    """64 bits of the text, never those of an empty row: of a quarter of a million, one pair in half a thousand million
    is mixed up."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") or 1
