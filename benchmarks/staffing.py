"""Staffing: the time-dependent queue and two usual approximations beside the simulated one; what pools and shifts save.

    python benchmarks/staffing.py [--replications N] [--whole]

1. A day with a team that is too small for an hour: service level by half-hour of our forward equations, of the
   stationary formula (SIPP: each interval for itself), and of the stationary backlog-carryover approximation
   (R. Stolletz, European Journal of Operational Research 190(2), 2008), each against many simulated days.
2. CPU seconds for one queue of 48 half-hours, up to 1,800 agents.
3. scenarios/staffing_three_brands.json: agent hours of the pools against teams of single brands, and paid hours of
   flexible shifts against fixed ones (--whole; some 30 CPU s).

Ends with 1 when a target is missed."""

import argparse
import math
import statistics
import sys
import time
from pathlib import Path

from hotline.formulas import erlang_a, erlang_b, erlang_c
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import answer, checking
from hotline.planning.staffing.carry_over import Rates
from hotline.planning.staffing.plan import Effort, plan, with_own_teams
from hotline.planning.staffing.problem import Problem, Queue, Targets, read
from hotline.planning.staffing.requirement import Demand, courses, demand_of, needs
from hotline.simulation.staffing_trial import try_plan

SAMPLE = Path(__file__).parent.parent / "scenarios" / "staffing_three_brands.json"
TARGET_ERROR, TARGET_CPU_S, TARGET_SAVED = 0.02, 20.0, 0.05
CALLS = [60.0, 90.0, 130.0, 160.0, 150.0, 130.0, 120.0, 140.0, 130.0, 100.0, 70.0, 50.0]
TOO_FEW = {3: 18, 4: 18}
HANDLE_S, THRESHOLD_S = 240.0, 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=400)
    parser.add_argument("--whole", action="store_true", help="the three-brand sample, too")
    options = parser.parse_args()
    missed = accuracy(options.replications) + speed()
    if options.whole:
        missed += sample()
    return 1 if missed else 0


def accuracy(replications: int) -> int:
    """Mean and greatest error of the service level by half-hour, in points."""
    missed = 0
    for patience_s in (None, 150.0):
        queue = Queue(id="calls", calls=CALLS, aht_s=HANDLE_S, patience_s=patience_s)
        given = Problem(
            start="2026-12-07T08:00",
            zone="Asia/Shanghai",
            targets=Targets(service_level=0.8, within_s=THRESHOLD_S),
            queues=[queue],
        )
        demand = demand_of(given, queue)
        there = [TOO_FEW.get(n, need.required) for n, need in enumerate(needs(demand))]
        trial = try_plan(with_own_teams(given), {"calls": there}, 1, replications)
        truth = [figure.service_level if figure else 0.0 for figure in trial.intervals["calls"]]
        ways = {
            "forward equations (ours)": [course.service_level if course else 0.0 for course in courses(demand, there)],
            "each interval for itself": [stationary(rates, n) for rates, n in zip(demand.rates, there, strict=True)],
        }
        if patience_s is None:
            ways["backlog carry-over (SBC)"] = carried_over(demand, there)
        print(f"service level by half-hour, patience {patience_s or 'endless'}, {replications} simulated days")
        for name, found in ways.items():
            errors = [abs(a - b) for a, b in zip(found, truth, strict=True)]
            print(f"  {name:26} mean error {statistics.mean(errors):.4f}, greatest {max(errors):.4f}")
        ours = [abs(a - b) for a, b in zip(ways["forward equations (ours)"], truth, strict=True)]
        missed += statistics.mean(ours) > TARGET_ERROR
    return missed


def stationary(rates: Rates | None, agents: int) -> float:
    """The formula's service level; 0 where the queue would grow without end."""
    if rates is None or (rates.patience_s == math.inf and rates.load_erlangs >= agents):
        return 0.0
    return erlang_a.service_level(rates.load_erlangs, agents, rates.handle_s, rates.patience_s, THRESHOLD_S)


def carried_over(demand: Demand, there: list[int]) -> list[float]:
    """SBC: in periods of one handle time, who is blocked in a loss system comes again in the next period; what is
    carried makes the rate with which the waiting system is stationary."""
    found, backlog = [], 0.0
    periods = round(demand.length_s / HANDLE_S)
    for rates, agents in zip(demand.rates, there, strict=True):
        levels = []
        for _ in range(periods):
            offered = (rates.load_erlangs if rates else 0.0) + backlog
            backlog = offered * erlang_b.blocking_probability(offered, agents)
            carried = min(offered - backlog, agents * (1 - 1e-9))
            levels.append(erlang_c.service_level(carried, agents, HANDLE_S, THRESHOLD_S))
        found.append(statistics.mean(levels))
    return found


def speed() -> int:
    """CPU seconds for the agents of one queue, by its size."""
    missed = 0
    shape = [math.exp(-(((n - 22) / 12) ** 2)) for n in range(48)]
    needs(Demand((Rates(0.01, 240.0),), Targets(service_level=0.8), 60.0))  # compiled, and not counted
    for agents in (50, 300, 1800):
        rates = tuple(Rates(agents / HANDLE_S * level, HANDLE_S, 300.0) for level in shape)
        started = time.process_time()
        found = needs(Demand(rates, Targets(service_level=0.85, within_s=15, abandoned=0.03), 1800.0))
        cpu_s = time.process_time() - started
        print(f"48 half-hours, {max(need.required for need in found):5} agents at the peak: {cpu_s:.2f} CPU s")
        missed += cpu_s > TARGET_CPU_S
    return missed


def sample() -> int:
    """The three-brand sample whole."""
    given = read(SAMPLE)
    checking.check(given)
    started = cpu_seconds()
    effort = Effort(Budget(120.0, start_s=started), tell=lambda progress: None, check_replications=50)
    found = answer.document(plan(given, effort, try_plan))
    cpu_s = cpu_seconds() - started
    agents = sum(found["agents"])
    alone = sum(sum(one["required"]) for one in found["queues"].values())
    print(f"three brands: {agents / 2:.1f} agent hours in pools, {alone / 2:.1f} in teams, {cpu_s:.1f} CPU s")
    for id, figure in found["simulated"]["totals"].items():
        print(f"  {id}: service level {figure['service_level']:.4f} ({figure['low']:.4f} to {figure['high']:.4f})")
    saved = found["shifts"]["saved"]
    print(f"  paid hours: fixed {found['shifts']['fixed']['paid_h']}, flexible {found['shifts']['flexible']['paid_h']}")
    print(f"  flexible shifts save {saved:.1%} (target {TARGET_SAVED:.0%})")
    return int(saved < TARGET_SAVED)


if __name__ == "__main__":
    sys.exit(main())
