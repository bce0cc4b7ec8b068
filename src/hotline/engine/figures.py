"""What the tally counts and what it keeps: plain records, which are never compiled, since msgspec makes them."""

import msgspec


class Figures(msgspec.Struct):
    """Sums only: ratios are derived last. `wait_ms` is that of the answered, `interactions` those that have ended."""

    asked: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    interactions: int = 0
    wait_ms: int = 0
    talk_ms: int = 0
    hold_ms: int = 0
    wrap_up_ms: int = 0
    is_simulated: bool = False

    def add(self, other: "Figures") -> None:
        """Take another interval's or queue's figures into these."""
        self.asked += other.asked
        self.answered += other.answered
        self.answered_in_time += other.answered_in_time
        self.abandoned += other.abandoned
        self.interactions += other.interactions
        self.wait_ms += other.wait_ms
        self.talk_ms += other.talk_ms
        self.hold_ms += other.hold_ms
        self.wrap_up_ms += other.wrap_up_ms
        self.is_simulated = self.is_simulated or other.is_simulated


class OpenContact(msgspec.Struct):
    """A contact that may still change figures, as it is kept; `talks` are its interactions until wrapped up, with their
    queues."""

    asked_queue: str
    queue: str
    asked_ms: int
    threshold_s: int
    is_simulated: bool
    is_answered: bool = False
    is_ended: bool = False
    talks: dict[str, str] = {}


class SavedTally(msgspec.Struct, array_like=True):
    version: int
    intervals: list[tuple[str, int, Figures]]
    open: dict[str, OpenContact]
    thresholds: dict[str, int]
    tenants: dict[str, str]
