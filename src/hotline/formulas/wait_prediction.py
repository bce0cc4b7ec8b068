"""How long somebody who waits will still have to wait: published predictors, each from what a queue shows right now.

`ahead` counts those before the person, `busy` the agents who serve the queue now. Which one to trust is measured by
`benchmarks/wait_predictors.py`. Source: R. Ibrahim, W. Whitt, Real-time delay estimation in overloaded multiserver
queues with abandonments, Management Science 55 (2009); W. Whitt, Predicting queueing delays, 45 (1999)."""

import math

_SUMMED = 32  # terms added one by one; behind them the sum is an integral to four digits


def last_to_enter_service(last_wait_s: float) -> float:
    """What the last person had waited who was answered, in seconds (LES)."""
    return last_wait_s


def head_of_line(elapsed_s: float) -> float:
    """What the first in the line has waited so far, in seconds (HOL)."""
    return elapsed_s


def queue_length(ahead: int, mean_handle_s: float, busy: int) -> float:
    """Mean wait in seconds when `busy` agents work off the line and nobody gives up (QL); infinity without agents."""
    return math.inf if busy <= 0 else (ahead + 1) * mean_handle_s / busy


def queue_length_with_abandonment(ahead: int, mean_handle_s: float, busy: int, mean_patience_s: float) -> float:
    """The same when those ahead give up too, each after an exponential patience (QL of M/M/n+M), in seconds.

    With i still ahead the line moves at rate busy / mean_handle + i / mean_patience."""
    if busy <= 0 or mean_handle_s <= 0:
        return math.inf if busy <= 0 else 0.0
    served, leaving = busy / mean_handle_s, 1 / mean_patience_s
    summed = min(ahead + 1, _SUMMED)
    wait_s = sum(1 / (served + place * leaving) for place in range(summed))
    if ahead + 1 > summed:
        wait_s += math.log((served + (ahead + 0.5) * leaving) / (served + (summed - 0.5) * leaving)) / leaving
    return wait_s


def mean_patience_s(waited_s: float, abandoned: int) -> float | None:
    """The patience of an exponential law that these waits speak for: all waiting ÷ those who gave up (who was answered
    had only begun to lose patience). None while nobody gave up."""
    return waited_s / abandoned if abandoned > 0 and waited_s > 0 else None
