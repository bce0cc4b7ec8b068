"""Replications: each a function of the scenario, the seed and its number alone, so that it does not matter which
process runs it."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from hotline.simulation.callers import asks
from hotline.simulation.chance import Asks
from hotline.simulation.counters import Counters
from hotline.simulation.metrics import ALL, Figure, Results
from hotline.simulation.preparing import Prepared, in_ms, kind_names
from hotline.simulation.scenario import Scenario
from hotline.simulation.world import World

_DRAIN_S = 7200.0

# Gives the callers of a scenario under a seed, for a replication, and counts those who enter.
Callers = Callable[[Scenario, int, int, Counters], Iterator[Asks]]


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication came to, how many asked for an agent in it, and its CPU seconds."""

    counters: Counters
    calls: int
    cpu_s: float


def replicate(
    prepared: Prepared, seed: int, number: int, drain_s: float = _DRAIN_S, callers: Callers = asks
) -> Replication:
    """One replication, in this process. `drain_s`: so long after the horizon, so that those who asked before it get
    their answer."""
    started = time.process_time()
    scenario = prepared.scenario
    counters = prepared.counters()
    world = prepared.world(seed, number)
    with _quiet_memory():
        world.run(
            _counted(callers(scenario, seed, number, counters), counters, world), in_ms(scenario.horizon_s + drain_s)
        )
    counters.take(world.log)
    return Replication(counters, world.calls, time.process_time() - started)


def simulate(scenario: Scenario, seed: int, replications: int, jobs: int) -> list[Replication]:
    """All replications, in as many processes."""
    numbers = range(replications)
    if jobs <= 1 or replications == 1:
        prepared = Prepared(scenario)
        return [replicate(prepared, seed, number) for number in numbers]
    # spawn: a fork of a process with threads may hang, and the caller may be a web server.
    with ProcessPoolExecutor(min(jobs, replications), get_context("spawn")) as processes:
        return list(processes.map(partial(_replicate_afresh, scenario, seed), numbers))


def _replicate_afresh(scenario: Scenario, seed: int, number: int) -> Replication:
    return replicate(Prepared(scenario), seed, number)


def results_of(scenario: Scenario, replications: list[Replication]) -> Results:
    """The replications as one body of figures."""
    warm_up = -(-in_ms(scenario.warm_up_s) // in_ms(scenario.interval_s))
    queues = [traffic.queue for traffic in scenario.traffic]
    return Results([replication.counters for replication in replications], queues, warm_up)


def kinds_of(scenario: Scenario, replications: list[Replication]) -> dict[tuple[str, str], list[Figure]]:
    """The totals of those callers whose kind has a name, by queue and name; what is settled before a person is asked
    for is not told by kind."""
    counters = [one.counters.kinds for one in replications if one.counters.kinds is not None]
    names = kind_names(scenario)
    if not counters:
        return {}
    warm_up = -(-in_ms(scenario.warm_up_s) // in_ms(scenario.interval_s))
    columns = [str(number) for number in range(counters[0].queues)]
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in Results(counters, columns, warm_up).totals():
        if figure.queue != ALL and int(figure.queue) in names and figure.metric != "containment":
            found.setdefault(names[int(figure.queue)], []).append(figure)
    return found


def _counted(callers: Iterator[Asks], counters: Counters, world: World) -> Iterator[Asks]:
    """The callers; whenever more are fetched, the log so far is counted, so that it does not grow."""
    for some in callers:
        counters.take(world.log)
        yield some


@contextmanager
def _quiet_memory() -> Iterator[None]:
    """No garbage collection meanwhile: the engine's records form no cycles and are freed by counting references."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
