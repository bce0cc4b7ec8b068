"""When a queue calls customers back: its hours, and of them the part of the day that a customer has chosen. What a
calendar says is none of the core's business: `calendar_hours` reads it."""

from typing import Final

Window = tuple[int, int]  # minutes after the tenant's midnight
ANY_TIME: Final[Window] = (0, 0)


class CallHours:
    """The hours of one queue. `is_limited`: it keeps hours itself; where not, only a window that a customer brings
    along limits them. `has_windows`: it offers some."""

    __slots__ = ("has_windows", "is_limited")

    def __init__(self, is_limited: bool, has_windows: bool) -> None:
        self.is_limited = is_limited
        self.has_windows = has_windows

    def opening_ms(self, at: int, window: Window = ANY_TIME) -> int:
        """The first moment from `at` on at which it is open within the window; -1 when there is none in 400 days."""
        raise NotImplementedError

    def closing_ms(self, at: int, window: Window = ANY_TIME) -> int:
        """When the span that is open at `at` within the window ends; `at` itself while there is none."""
        raise NotImplementedError
