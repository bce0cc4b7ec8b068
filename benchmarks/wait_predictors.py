"""Which predictor of the wait errs least: simulated days, days with recorded arrivals, and a centre's own log.

Simulated days of M(t)/M/n+M with a day's profile, several seeds: every caller who has to wait is predicted at arrival
by each predictor from what the queue shows then, with means learnt as the switch learns them. Compared with the offered
wait: what the caller would have waited had they not given up.

Then days through the live rules, which learn as the switch does (`hotline.engine.waits`): two queues that share their
agents, in one order or the small one first; and arrivals as a bank recorded them by five minutes, which this project
does not ship (looked for in HOTLINE_BENCH_DATA or ../shared/data). Judged by callers who never give up, one in ten.

With --log the routing log of a centre (HOTLINE_DATA_DIR and its settings) is read, and judged by who was answered.

    python benchmarks/wait_predictors.py [--agents 20 80] [--seeds 5] [--log]
"""

import argparse
import heapq
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from _waiting_days import SLICE_S, Day, Judged, is_probe, judged, poisson, recorded_days

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


# --- through the live rules -------------------------------------------------------------------------------------------


def shared_agents(agents: int, rank: int, seeds: int) -> dict[str, dict[str, Errors]]:
    """Two queues of the same agents, nine callers of ten in the large one; the small one has so many points more."""
    days = []
    for seed in range(seeds):
        chance = random.Random(seed)
        rates = [load * agents / HANDLE_S for load in PROFILE]
        each_s = DAY_S / len(PROFILE)
        calls = [(at_s, "small" if chance.random() < 0.1 else "large") for at_s in poisson(rates, each_s, chance)]
        days.append(judged(Day({"large": 0, "small": rank}, agents, seed).play(calls), is_probe))
    return _by_queue(days)


def recorded_arrivals(path: Path, agents: int, how_many: int) -> dict[str, dict[str, Errors]]:
    """One queue; the day's mean load is nine tenths of the agents, its course the recorded one."""
    days = []
    for seed, counts in enumerate(recorded_days(path, how_many)):
        mean = sum(counts) / len(counts)
        rates = [0.9 * agents / HANDLE_S * calls / mean for calls in counts]
        calls = [(at_s, "bank") for at_s in poisson(rates, SLICE_S, random.Random(seed))]
        days.append(judged(Day({"bank": 0}, agents, seed).play(calls), is_probe))
    return _by_queue(days)


def own_log() -> dict[str, dict[str, Errors]]:
    """What a centre's own log has."""
    from hotline.kernel.settings import load_settings
    from hotline.live.switch.log import open_reader

    settings = load_settings()
    reader = open_reader(settings)
    found, seq = Judged(), 0
    while entries := reader.read_after(settings.pool, seq, 1000):
        seq = entries[-1].seq
        for event in (event for entry in entries for event in entry.events):
            found.apply(event)
    reader.close()
    return _by_queue([found])


def _by_queue(days: Iterable[Judged]) -> dict[str, dict[str, Errors]]:
    found: dict[str, dict[str, Errors]] = defaultdict(lambda: defaultdict(Errors))
    for one in days:
        for (queue_id, name), values in one.errors.items():
            found[queue_id][name].values += values
    return found


def show(what: str, totals: dict[str, Errors]) -> None:
    """A table of the predictors, the best first."""
    count = len(next(iter(totals.values())).values) if totals else 0
    print(f"\n{what}, {count} who waited")
    print(f"{'predictor':44}{'MAE s':>9}{'RMSE s':>9}{'bias s':>9}")
    for name, errors in sorted(totals.items(), key=lambda pair: pair[1].row()[0]):
        print(f"{name:44}" + "".join(f"{value:9.1f}" for value in errors.row()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[10, 40, 160])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--log", action="store_true", help="judge by this centre's own log, nothing else")
    asked = parser.parse_args()
    if asked.log:
        for queue_id, found in own_log().items():
            show(f"queue {queue_id}", found)
        return
    for agents in asked.agents:
        began_s = time.process_time()
        totals = defaultdict[str, Errors](Errors)
        for seed in range(asked.seeds):
            for name, errors in day(agents, seed).items():
                totals[name].values += errors.values
        show(f"{agents} agents of one queue, {asked.seeds} days ({time.process_time() - began_s:.1f} CPU s)", totals)
    for rank, order in ((0, "in one order"), (30, "the small one half an hour before")):
        for queue_id, found in shared_agents(20, rank, asked.seeds).items():
            show(f"20 agents of two queues, {order}: {queue_id}", found)
    path = Path(os.environ.get("HOTLINE_BENCH_DATA", "../shared/data")) / "bank_calls_5min_train.csv.gz"
    if path.exists():
        for _, found in recorded_arrivals(path, 40, asked.seeds).items():
            show(f"40 agents, arrivals as recorded on {asked.seeds} days", found)
    else:
        print(f"\nSKIPPED: there is no {path}; set HOTLINE_BENCH_DATA")


if __name__ == "__main__":
    main()
