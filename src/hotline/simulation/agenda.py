"""What happens next, in order of time: a calendar queue (Brown 1988), so that an entry costs the same however many
there are. Compiles unchanged with mypyc.

Time is cut into days of 2**shift milliseconds. An entry lies unsorted in the list of its day; a day is sorted when the
clock reaches it. What is further away than the calendar has days waits in a heap."""

from bisect import insort
from heapq import heappop, heappush
from typing import Final

CODE_BITS: Final = 40  # of an entry, below the time within the day
CODE_MASK: Final = (1 << CODE_BITS) - 1
GREATEST_SHIFT: Final = 22  # so that an entry stays a small integer
_DAYS: Final = 4096


class Agenda:
    """Entries of a time and a code below 2**40. `day` is the sorted list of the present day, `cursor` the place in it
    of what comes next; whoever takes an entry moves the cursor on. The day's last entry has the time of its `end` and
    code 0: it stands for nothing, and is never taken."""

    __slots__ = ("_days", "_end_of_calendar", "_far", "_mask", "cursor", "day", "end", "shift", "start")

    def __init__(self, shift: int) -> None:
        self.shift = shift
        self._mask = (1 << shift) - 1
        self._days: list[list[int]] = [[] for _ in range(_DAYS)]
        self._far: list[tuple[int, int]] = []
        self.start = 0
        self.end = 1 << shift
        self._end_of_calendar = _DAYS << shift
        self.day: list[int] = self._days[0]
        self.day.append((self._mask + 1) << CODE_BITS)
        self.cursor = 0

    def add(self, at: int, code: int) -> None:
        """Note something for a time that is not before that of the last entry taken."""
        if at < self.end:
            insort(self.day, (at & self._mask) << CODE_BITS | code, self.cursor)
        elif at < self._end_of_calendar:
            self._days[at >> self.shift & _DAYS - 1].append((at & self._mask) << CODE_BITS | code)
        else:
            heappush(self._far, (at, code))

    def turn(self) -> None:
        """Go on to the next day."""
        self.day.clear()
        self.start = self.end
        self.end += self._mask + 1
        self._end_of_calendar += self._mask + 1
        far = self._far
        while far and far[0][0] < self._end_of_calendar:
            at, code = heappop(far)
            self._days[at >> self.shift & _DAYS - 1].append((at & self._mask) << CODE_BITS | code)
        self.day = self._days[self.start >> self.shift & _DAYS - 1]
        self.day.sort()
        self.day.append((self._mask + 1) << CODE_BITS)
        self.cursor = 0


def shift_for(entries: float, length_ms: int) -> int:
    """The length of days, as a power of two, that gives each about a hundred of the entries expected in that time."""
    if entries <= 0:
        return GREATEST_SHIFT
    return max(0, min(GREATEST_SHIFT, int(96 * length_ms / entries).bit_length() - 1))
