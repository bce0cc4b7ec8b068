"""Timers for simulated parts: the running loop's, or stepped by hand together with a fake clock."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Protocol

from hotline.kernel.clock import FakeClock


class Timers(Protocol):
    """Calls back later."""

    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]:
        """Call once after the delay; the returned function cancels it."""
        ...


class LoopTimers:
    """Timers of the running asyncio loop."""

    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]:
        return asyncio.get_running_loop().call_later(delay_ms / 1000, call).cancel


class SteppedTimers:
    """Timers that run only in `advance`, in the order of their moments; equal moments in the order of asking."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._cancelled: set[int] = set()

    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]:
        number = next(self._numbers)
        heapq.heappush(self._due, (self._clock.now_ms() + delay_ms, number, call))
        return lambda: self._cancelled.add(number)

    def advance(self, milliseconds: int) -> None:
        """Let time pass and run what falls due, each at its own moment."""
        until_ms = self._clock.now_ms() + milliseconds
        while self._due and self._due[0][0] <= until_ms:
            at_ms, number, call = heapq.heappop(self._due)
            self._clock.advance_ms(at_ms - self._clock.now_ms())
            if number not in self._cancelled:
                call()
            self._cancelled.discard(number)
        self._clock.advance_ms(until_ms - self._clock.now_ms())
