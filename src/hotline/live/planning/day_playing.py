"""The rest of a day played as it is and as changed. No Django here: it runs in the player's process."""

import time
from typing import Any

import msgspec
import numpy as np

from hotline.live.player_process import Worker
from hotline.simulation import estimates
from hotline.simulation.loading import check
from hotline.simulation.metrics import ALL, RATIOS, Results
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate, results_of
from hotline.simulation.scenario import Scenario

METRICS = ("service_level", "abandon_probability", "average_wait_s")
MOST_REPLICATIONS = 20
CPU_LIMIT_S = 6.0  # with the start of the process an answer within ten seconds
_DRAIN_S = 900.0
_LEVEL = 0.95
_SEED = 1


class DayQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The same stretch of a day twice; nobody at work at all is a legal answer to who is there."""

    before: Scenario
    after: Scenario
    begins_at: str
    ends_at: str


def answer(question: DayQuestion, worker: Worker) -> dict[str, Any]:
    """Figures of both sides and the difference with 95 %: each replication plays both with the same callers.

    Raises ScenarioInvalidError."""
    started = time.process_time()
    for scenario in (question.before, question.after):
        check(scenario)
    sides = Prepared(question.before), Prepared(question.after)
    played: list[tuple[Any, Any]] = []
    while len(played) < MOST_REPLICATIONS and not worker.is_stop_asked():
        number = len(played)
        played.append(tuple(replicate(side, _SEED, number, _DRAIN_S) for side in sides))  # type: ignore[arg-type]
        used_s = time.process_time() - started
        worker.tell(steps=MOST_REPLICATIONS, steps_done=len(played))
        if used_s * (1 + 1 / len(played)) > CPU_LIMIT_S:
            break
    before, after = zip(*played, strict=True)
    results = results_of(question.before, list(before)), results_of(question.after, list(after))
    return {
        "begins_at": question.begins_at,
        "ends_at": question.ends_at,
        "replications": len(played),
        "cpu_s": round(time.process_time() - started, 2),
        "figures": _figures(*results),
    }


def _figures(before: Results, after: Results) -> list[dict[str, Any]]:
    values = [{(one.queue, one.metric): one.estimate.value for one in side.totals()} for side in (before, after)]
    found = []
    for queue in (ALL, *before.queues):
        for metric in METRICS:
            difference = estimates.mean(_differences(before, after, queue, metric), _LEVEL)
            found.append(
                {
                    "queue_id": None if queue == ALL else queue,
                    "metric": metric,
                    "before": _short(values[0].get((queue, metric))),
                    "after": _short(values[1].get((queue, metric))),
                    "low": _short(difference.low),
                    "high": _short(difference.high),
                }
            )
    return found


def _differences(before: Results, after: Results, queue: str, metric: str) -> Any:
    """After less before of each replication; not a number where nobody came."""
    columns = slice(None) if queue == ALL else slice(before.queues.index(queue), before.queues.index(queue) + 1)
    rows = []
    for counters in zip(before.counters, after.counters, strict=True):
        shares = []
        for one in counters:
            part, whole = RATIOS[metric](one)
            total = float(whole[: one.intervals, columns].sum())
            shares.append(float(part[: one.intervals, columns].sum()) / total if total else float("nan"))
        rows.append(shares[1] - shares[0])
    return np.array(rows)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
