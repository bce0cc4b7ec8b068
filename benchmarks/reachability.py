"""Reachability of a simulated centre (row QH-05): blocked at most 0.1 % and abandoned at most 5 % of those who ask.

Seats and their average wait come from `hotline calc what-if`, lines from `hotline calc lines` for a blocking of 0.001
and the load of everybody who waits and talks; then the live routing rules play working days of callers at random at
that centre. As a control, the same days with a tenth of the lines fewer: a measure that found nothing there would find
nothing anywhere. Shares stand with 99 % confidence intervals over days, beside what Erlang B and Erlang A say.
Everything here is simulated.

    python benchmarks/reachability.py [--calls-per-hour 1200] [--days 30] [--seed 5]
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from hotline.formulas.erlang_b import blocking_probability
from hotline.simulation import loading
from hotline.simulation.estimates import ratio
from hotline.simulation.running import Replication, simulate

HOURS = 8
TALK_S, WRAP_UP_S, PATIENCE_S = 150, 25, 180
BLOCKED_LIMIT, ABANDONED_LIMIT = 0.001, 0.05
LEVEL = 0.99


def staffing(calls_per_hour: float) -> dict[str, Any]:
    """Seats for 85 % within 15 s and at most 5 % abandoned, with the average wait that this gives."""
    given = {
        "calls-per-hour": calls_per_hour,
        "handle-time": TALK_S + WRAP_UP_S,
        "wrap-up": WRAP_UP_S,
        "patience": PATIENCE_S,
        "service-level": 0.85,
        "threshold": 15,
        "abandon": ABANDONED_LIMIT,
    }
    row: dict[str, Any] = calc("what-if", given)["table"][0]
    return row


def calc(question: str, given: dict[str, float]) -> dict[str, Any]:
    """What `hotline calc` answers."""
    options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    command = [str(Path(sys.executable).with_name("hotline")), "calc", question, *options, "--json"]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return answer


def days_of(calls_per_hour: float, seats: int, lines: int, days: int, seed: int) -> list[Replication]:
    """Working days of the centre; the first quarter of an hour, in which it fills, is not counted."""
    seconds = {"talk": TALK_S, "patience": PATIENCE_S}
    scenario = {
        "horizon_s": HOURS * 3600 + 900,
        "warm_up_s": 900,
        "lines": lines,
        "routing": {
            "queues": [
                {
                    "queue_id": "q",
                    "tenant_id": "t",
                    "skills": [["s", 1]],
                    "wrap_up_s": WRAP_UP_S,
                    "is_wrap_up_automatic": True,
                    "service_level_s": 15,
                }
            ]
        },
        "groups": [{"id": "g", "count": seats, "skills": [["s", 5]]}],
        "traffic": [
            {
                "queue": "q",
                "arrivals": {"per_hour": calls_per_hour},
                **{name: {"kind": "exponential", "mean_s": mean} for name, mean in seconds.items()},
            }
        ],
    }
    return simulate(loading.parse(json.dumps(scenario), Path()), seed, days, 1)


def shares(days: list[Replication], name: str) -> tuple[float, float, float]:
    """A count's share of those who asked, with its confidence interval, after the warm-up."""
    parts = np.array([getattr(day.counters, name)[1:].sum() for day in days], dtype=float)
    wholes = np.array([day.counters.offered[1:].sum() for day in days], dtype=float)
    found = ratio(parts, wholes, LEVEL)
    return found.value, max(found.low, 0.0), found.high


def worst_quarter(days: list[Replication], name: str) -> float:
    """The greatest share of one quarter of an hour, all days together."""
    parts = sum(getattr(day.counters, name)[1:].sum(axis=1) for day in days)
    wholes = sum(day.counters.offered[1:].sum(axis=1) for day in days)
    return float((parts / np.maximum(wholes, 1)).max())


def told(what: str, days: list[Replication], name: str, limit: float, formula: float) -> bool:
    value, low, high = shares(days, name)
    is_within = high <= limit
    print(
        f"  {what:<10} {value:8.4%}  ({low:.4%} to {high:.4%})  limit {limit:.1%}: "
        f"{'kept' if is_within else 'missed'}; "
        f"formula {formula:.4%}; worst quarter of an hour {worst_quarter(days, name):.4%}"
    )
    return is_within


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls-per-hour", type=float, default=1200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    row = staffing(options.calls_per_hour)
    load = options.calls_per_hour / 3600 * (row["average_wait_s"] + TALK_S)
    seats, lines = row["seats"], calc("lines", {"load": load, "blocking": BLOCKED_LIMIT})["lines"]
    print(f"SIMULATED: {options.calls_per_hour:g} calls an hour, {seats} seats, {load:.1f} erlangs on {lines} lines")
    kept = True
    for label, number in (("as planned", lines), ("control, a tenth fewer lines", lines * 9 // 10)):
        started = time.process_time()
        days = days_of(options.calls_per_hour, seats, number, options.days, options.seed)
        calls = sum(day.calls for day in days)
        print(f"{label}: {number} lines, {options.days} days of {HOURS} h, {calls:,} calls")
        blocked = told("blocked", days, "blocked", BLOCKED_LIMIT, blocking_probability(load, number))
        abandoned = told("abandoned", days, "abandoned", ABANDONED_LIMIT, row["abandon_probability"])
        print(f"  {time.process_time() - started:.1f} CPU seconds")
        kept = kept and blocked and abandoned if number == lines else kept
    print(f"QH-05 {'kept' if kept else 'MISSED'} on the simulated centre")


if __name__ == "__main__":
    main()
