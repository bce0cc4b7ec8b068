"""Many forecasts, or many replications of a simulated day, spread over processors or machines by joblib.

    python examples/plan_in_parallel.py history.csv [--horizon-days 28] [--interval-min 30] [--backend loky] [--jobs 4]
    python examples/plan_in_parallel.py scenarios/jiangsu_busy_hour.json --replications 20 --backend ray

`loky` are processes of this machine, `dask` and `ray` a cluster: install that library beside joblib, start the
cluster as its manual says (`dask scheduler` and `dask worker`; `ray start`), and have Hotline installed on each of its
machines. Every piece of work depends on its own input and seed alone, so that it does not matter where it is done: the
results are those of `hotline forecast` and `hotline simulate`. One line of JSON for each series or figure."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hotline.planning.forecast.calendar import Calendar
from hotline.planning.forecast.forecasting import Forecast, forecast
from hotline.planning.forecast.history import Series
from hotline.planning.forecast.reading import read_history
from hotline.simulation import loading, report
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import Replication, kinds_of, replicate, results_of
from hotline.simulation.scenario import Scenario

try:
    from joblib import Parallel, delayed, parallel_config
except ModuleNotFoundError:
    sys.exit("This example needs joblib: install it with pip, and dask[distributed] or ray for a cluster.")

BACKENDS = ("loky", "threading", "dask", "ray")


def main(arguments: Sequence[str]) -> int:
    """Print what came of it."""
    options = _options(arguments)
    _one_thread_each()
    _register(options.backend, options.address)
    with parallel_config(backend=options.backend, n_jobs=options.jobs):
        lines = _simulated(options) if options.work.suffix == ".json" else _forecasts(options)
        for line in lines:
            print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    options = argparse.ArgumentParser(description="Forecasts or a simulated day, in parallel.")
    options.add_argument("work", type=Path, help="a history (CSV) or a scenario (JSON)")
    options.add_argument("--horizon-days", type=int, default=28)
    options.add_argument("--interval-min", type=int, default=30)
    options.add_argument("--replications", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--backend", choices=BACKENDS, default="loky")
    options.add_argument("--address", help="of the dask scheduler or the ray cluster; without it, a local one")
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    return options.parse_args(arguments)


def _one_thread_each() -> None:
    """Matrix libraries would start a thread per processor in each worker, and all of them would wait for each other."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _register(backend: str, address: str | None) -> None:
    """Make the cluster's engine known to joblib."""
    if backend == "ray":
        import ray  # noqa: PLC0415
        from ray.util.joblib import register_ray  # noqa: PLC0415

        ray.init(address=address)
        register_ray()
    elif backend == "dask":
        from dask.distributed import Client  # noqa: PLC0415

        Client(address)  # registers itself with joblib and stays the default client


def _forecasts(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    series = read_history(options.work, interval_s=60 * options.interval_min)
    work = (delayed(_forecast)(one, options.horizon_days) for one in series)
    for one, found in zip(series, _in_order(work), strict=True):
        yield {
            "series": one.key.label(),
            "model": found.model,
            "backtest": {"wape": found.accuracy.wape, "mase": found.accuracy.mase, "bias": found.accuracy.bias},
            "calls": round(float(found.calls.sum()), 1),
        }


def _forecast(series: Series, horizon_days: int) -> Forecast:
    return forecast(series, horizon_days, Calendar())


def _simulated(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    scenario = loading.load(options.work)
    work = (delayed(_replication)(scenario, options.seed, number) for number in range(options.replications))
    done = _in_order(work)
    document = report.document(results_of(scenario, done), done, options.seed, kinds_of(scenario, done))
    yield from document["totals"]


def _replication(scenario: Scenario, seed: int, number: int) -> Replication:
    return replicate(Prepared(scenario), seed, number)


def _in_order(work: Iterable[Any]) -> list[Any]:
    """Every result, in the order of the work."""
    results: list[Any] = Parallel()(work)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
