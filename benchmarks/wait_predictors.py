"""Which predictor of the wait errs least: simulated days of M(t)/M/n+M with a day's profile, several seeds.

Every caller who has to wait is predicted at arrival by each predictor from what the queue shows then, with means learnt
as the switch learns them. Compared with the offered wait: what the caller would have waited had they not given up.

    python benchmarks/wait_predictors.py [--agents 20 80] [--seeds 5]
"""

import argparse
import heapq
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt

from hotline.formulas.wait_prediction import (
    head_of_line,
    last_to_enter_service,
    mean_patience_s,
    queue_length,
    queue_length_with_abandonment,
)

DAY_S = 12 * 3600
HANDLE_S, PATIENCE_S = 240.0, 180.0
PROFILE = (0.6, 0.85, 1.05, 1.2, 1.1, 0.9, 0.8, 0.95, 1.15, 1.1, 0.9, 0.6)  # offered load by hour, of the agents
SMOOTHING = 50


@dataclass
class Learnt:
    """What the switch knows at a moment."""

    handle_s: float = HANDLE_S
    handled: int = 0
    waited_s: float = 0.0
    abandoned: int = 0
    last_wait_s: float = 0.0

    def handle(self, took_s: float) -> None:
        self.handled += 1
        self.handle_s += (took_s - self.handle_s) / min(self.handled, SMOOTHING)


@dataclass
class Errors:
    """Predicted minus offered, in seconds."""

    values: list[float] = field(default_factory=list)

    def row(self) -> tuple[float, float, float]:
        """Mean absolute error, root mean square error, bias."""
        count = len(self.values) or 1
        mean_absolute = sum(map(abs, self.values)) / count
        return mean_absolute, sqrt(sum(value * value for value in self.values) / count), sum(self.values) / count


def arrivals(agents: int, chance: random.Random) -> Iterator[float]:
    """Moments of a Poisson process with the profile's rate, by thinning."""
    highest = max(PROFILE) * agents / HANDLE_S
    at_s = 0.0
    while (at_s := at_s + chance.expovariate(highest)) < DAY_S:
        rate = PROFILE[int(at_s * len(PROFILE) / DAY_S)] * agents / HANDLE_S
        if chance.random() < rate / highest:
            yield at_s


@dataclass
class Waiter:
    asked_s: float
    gives_up_s: float
    predicted: dict[str, float]


def day(agents: int, seed: int) -> dict[str, Errors]:
    """One simulated day; the errors by predictor. Who gave up stays in the line as a shadow, to learn what they would
    have waited."""
    chance = random.Random(seed)
    learnt, line, errors = Learnt(), list[Waiter](), defaultdict[str, Errors](Errors)
    busy_until: list[tuple[float, float]] = []  # end, length
    for now_s in (*arrivals(agents, chance), float("inf")):
        while busy_until and busy_until[0][0] <= now_s:
            freed_s, took_s = heapq.heappop(busy_until)
            learnt.handle(took_s)
            _next(freed_s, line, busy_until, learnt, errors, chance)
        if now_s == float("inf"):
            break
        gives_up_s = now_s + chance.expovariate(1 / PATIENCE_S)
        if len(busy_until) < agents:
            _serve(now_s, busy_until, chance)
            learnt.last_wait_s = 0.0
        else:
            line.append(Waiter(now_s, gives_up_s, _predictions(now_s, line, agents, learnt)))
    return errors


def _next(
    freed_s: float,
    line: list[Waiter],
    busy_until: list[tuple[float, float]],
    learnt: Learnt,
    errors: dict[str, Errors],
    chance: random.Random,
) -> None:
    while line:
        waiter = line.pop(0)
        offered_s = freed_s - waiter.asked_s
        for name, predicted_s in waiter.predicted.items():
            errors[name].values.append(predicted_s - offered_s)
        if waiter.gives_up_s <= freed_s:
            learnt.abandoned += 1
            learnt.waited_s += waiter.gives_up_s - waiter.asked_s
            continue
        learnt.waited_s += offered_s
        learnt.last_wait_s = offered_s
        _serve(freed_s, busy_until, chance)
        return


def _serve(at_s: float, busy_until: list[tuple[float, float]], chance: random.Random) -> None:
    took_s = chance.expovariate(1 / HANDLE_S)
    heapq.heappush(busy_until, (at_s + took_s, took_s))


def _predictions(now_s: float, line: list[Waiter], agents: int, learnt: Learnt) -> dict[str, float]:
    present = [waiter for waiter in line if waiter.gives_up_s > now_s]
    ahead = len(present)
    patience_s = mean_patience_s(learnt.waited_s, learnt.abandoned)
    plain = queue_length(ahead, learnt.handle_s, agents)
    return {
        "last to enter service": last_to_enter_service(learnt.last_wait_s),
        "head of line": head_of_line(now_s - present[0].asked_s if present else 0.0),
        "queue length": plain,
        "queue length with abandonment": (
            plain if patience_s is None else queue_length_with_abandonment(ahead, learnt.handle_s, agents, patience_s)
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, nargs="+", default=[10, 40, 160])
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    for agents in asked.agents:
        began_s = time.process_time()
        totals = defaultdict[str, Errors](Errors)
        for seed in range(asked.seeds):
            for name, errors in day(agents, seed).items():
                totals[name].values += errors.values
        count = len(next(iter(totals.values())).values)
        print(f"\n{agents} agents, {asked.seeds} days, {count} who waited ({time.process_time() - began_s:.1f} CPU s)")
        print(f"{'predictor':32}{'MAE s':>9}{'RMSE s':>9}{'bias s':>9}")
        for name, errors in sorted(totals.items(), key=lambda pair: pair[1].row()[0]):
            print(f"{name:32}" + "".join(f"{value:9.1f}" for value in errors.row()))


if __name__ == "__main__":
    main()
