"""Simulated calls per CPU second: ours through the live rules, beside Ciw, SimPy and a bare loop.

    python benchmarks/simulation.py [--calls N] [--no-compile]

Two systems: M/M/100+M (105 calls a minute, 1 min of service, 2 min of patience), which the peers can do; and 1,800
agents in 150 skill profiles, 60 queues, 97 % load, ring, talk and wrap-up (`scenarios/jiangsu_1800.json`), which none
of them has rules for. Peers are not among the project's packages: where they are not installed, the line says so.
Best of three, CPU seconds, all in one run. mypyc compiles core and world into a directory for this run alone."""

import argparse
import heapq
import importlib
import json
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _compiled import run_compiled

ROOT = Path(__file__).parents[1]
TARGET, TARGET_COMPILED = 50_000, 100_000
QUEUE = {
    "horizon_s": 3600.0,
    "interval_s": 600,
    "routing": {
        "queues": [
            {"queue_id": "q", "tenant_id": "t", "skills": [["s", 1]], "wrap_up_s": 0, "is_wrap_up_automatic": True}
        ]
    },
    "groups": [{"id": "g", "count": 100, "skills": [["s", 5]]}],
    "traffic": [
        {
            "queue": "q",
            "arrivals": {"per_hour": 6300},
            "talk": {"kind": "exponential", "mean_s": 60},
            "patience": {"kind": "exponential", "mean_s": 120},
        }
    ],
}


# --- ours -----------------------------------------------------------------------------------------------------------


def ours(calls: int) -> dict[str, Any]:
    """Calls per CPU second of both systems with the modules that this process finds."""
    from hotline.simulation import loading, preparing, running, world

    small = loading.parse(json.dumps({**QUEUE, "horizon_s": calls / 6300 * 3600}), ROOT)
    large = loading.load(ROOT / "scenarios" / "jiangsu_1800.json")
    found: dict[str, Any] = {"is_compiled": not str(world.__file__).endswith(".py")}
    for name, scenario in (("mm100", small), ("1800", large)):
        prepared = preparing.Prepared(scenario)
        best = 0.0
        for _ in range(3):
            done = running.replicate(prepared, 1, 0)
            best = max(best, done.calls / done.cpu_s)
        found[name] = best
        found[f"{name}_abandoned"] = done.counters.abandoned.sum() / done.counters.offered.sum()
    return found


def ours_compiled(calls: int) -> dict[str, Any]:
    """The same in a process that finds the compiled modules."""
    done = run_compiled([__file__, "--ours", "--calls", str(calls)], is_captured=True)
    done.check_returncode()
    return dict(json.loads(done.stdout))


# --- peers ----------------------------------------------------------------------------------------------------------


def with_ciw(calls: int) -> tuple[float, float]:
    """(calls per CPU second, share that abandoned) of Ciw."""
    ciw = importlib.import_module("ciw")
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(105.0)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        reneging_time_distributions=[ciw.dists.Exponential(0.5)],
        number_of_servers=[100],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    started = time.process_time()
    simulation.simulate_until_max_time(calls / 105.0)
    spent = time.process_time() - started
    records = simulation.get_all_records()
    return len(records) / spent, sum(r.record_type == "renege" for r in records) / len(records)


def with_simpy(calls: int) -> tuple[float, float]:
    """The same of SimPy."""
    simpy = importlib.import_module("simpy")
    draw = random.Random(1)
    env = simpy.Environment()
    agents = simpy.Resource(env, 100)
    gone = [0]

    def call() -> Any:
        with agents.request() as asked:
            if asked.triggered:
                yield asked
            else:
                got = yield asked | env.timeout(draw.expovariate(0.5))
                if asked not in got:
                    gone[0] += 1
                    return
            yield env.timeout(draw.expovariate(1.0))

    def callers() -> Any:
        for _ in range(calls):
            yield env.timeout(draw.expovariate(105.0))
            env.process(call())

    env.process(callers())
    started = time.process_time()
    env.run()
    return calls / (time.process_time() - started), gone[0] / calls


def bare_loop(calls: int) -> tuple[float, float]:
    """The same written over heapq for this one system: no rules, no queues, no statistics; the floor of Python."""
    draw = random.Random(1).expovariate
    started = time.process_time()
    free, gone, now, coming = 100, 0, 0.0, draw(105.0)
    waiting: deque[float] = deque()
    ends: list[float] = []
    asked = 0
    while asked < calls:
        if not ends or coming <= ends[0]:
            now = coming
            coming = now + draw(105.0)
            asked += 1
            if free:
                free -= 1
                heapq.heappush(ends, now + draw(1.0))
            else:
                waiting.append(now + draw(0.5))
        else:
            now = heapq.heappop(ends)
            while waiting:
                if waiting.popleft() < now:
                    gone += 1
                    continue
                heapq.heappush(ends, now + draw(1.0))
                break
            else:
                free += 1
    return calls / (time.process_time() - started), gone / calls


def peer(name: str, run: Callable[[int], tuple[float, float]], calls: int) -> None:
    """One line about a peer, or that it is not there."""
    try:
        best = max(run(calls) for _ in range(3))
    except ImportError:
        print(f"{name:28s} not installed (pip install --target SOMEWHERE {name.lower()}, and PYTHONPATH=SOMEWHERE)")
        return
    print(f"{name:28s} {best[0]:>12,.0f} {'–':>14s}   abandoned {best[1]:.4f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--ours", action="store_true", help="only ours, as JSON")
    given = parser.parse_args()
    if given.ours:
        print(json.dumps(ours(given.calls)))
        return 0
    print(f"{'simulated calls per CPU s':28s} {'M/M/100+M':>12s} {'1,800 agents':>14s}")
    reached = []
    for name, run, target in (("ours, interpreted", ours, TARGET), ("ours, compiled", ours_compiled, TARGET_COMPILED)):
        if given.no_compile and run is ours_compiled:
            continue
        found = run(given.calls)
        verdict = "met" if found["1800"] >= target else "MISSED"
        reached.append(verdict == "met")
        print(
            f"{name:28s} {found['mm100']:>12,.0f} {found['1800']:>14,.0f}   abandoned {found['mm100_abandoned']:.4f}; "
            f"target at 1,800 agents {target:,}: {verdict}",
            flush=True,
        )
    peer("Ciw", with_ciw, given.calls // 8)
    peer("SimPy", with_simpy, given.calls // 2)
    peer("bare heapq loop, no rules", bare_loop, given.calls)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
