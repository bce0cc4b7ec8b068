"""What a queue with impatient customers comes to in the long run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares (0–1, of all arrivals), mean wait in seconds, mean number waiting, occupancy (carried load ÷ agents).

    The mean wait is over all accepted arrivals, those who give up and those who do not wait included."""

    wait_probability: float
    abandon_probability: float
    average_wait_s: float
    mean_queue: float
    occupancy: float
