"""What chance gives the simulated world: who asks when, and how long things last. Compiles unchanged with mypyc."""

from collections.abc import Callable, Iterator

from hotline.engine.records import Needs

# Times of asking, ascending; the kind of each caller; and the length of each conversation where it is given, -1 where
# not (an empty list: for nobody).
Asks = tuple[list[int], list[int], list[int]]

# A kind of caller, as the engine is told of a contact: queue (0, 1, ...), the engine's queue, channel, priority, needs.
Kind = tuple[int, int, int, int, tuple[tuple[int, int], ...]]


class Chance:
    """Endless iterators of integers, by queue; None: no ringing, endless patience, no new attempt, no call-backs."""

    __slots__ = ("accept_after", "patience", "reach", "retry_after", "ring", "talk", "wrap_up")

    def __init__(
        self,
        talk: "list[Iterator[int]]",
        wrap_up: "list[Iterator[int]]",
        ring: "list[Iterator[int]] | None",
        patience: "list[Iterator[int] | None]",
        retry_after: "list[Iterator[int] | None]",
        accept_after: "list[Iterator[int] | None]",
        reach: "list[Iterator[int]]",
    ) -> None:
        self.talk = talk
        self.wrap_up = wrap_up
        self.ring = ring
        self.patience = patience
        self.retry_after = retry_after  # -1: gives up
        self.accept_after = accept_after  # -1: declines the call-back
        self.reach = reach  # -1: is not reached


class Brings:
    """What callers of a kind bring beside priority and needs: skills that are preferred, and the engine's id of an
    agent of their own (0: none), for whom they are kept for so long."""

    __slots__ = ("keep_ms", "own", "preferred")

    def __init__(self, preferred: Needs, own: "Iterator[int] | None", keep_ms: int) -> None:
        self.preferred = preferred
        self.own = own
        self.keep_ms = keep_ms


# What the rules give to a kind of caller who gave up and asks again, from the place they had, when they left and now:
# priority and place.
Again = Callable[[int, int, int, int], tuple[int, int]]
