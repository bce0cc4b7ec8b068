"""`hotline roster`: solves and checks rosters. Standard output holds JSON only; progress goes to standard error."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.planning.roster import (
    answer,
    board,
    contest_team,
    curtois,
    curtois_check,
    inrc1_check,
    inrc1_read,
    month,
    month_check,
    problem,
    search,
    staffing_plan,
)
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.errors import NoLegalLineError, RosterProblemError, file_error

_BAD_INPUT_EXIT = 2
_BENCHMARK_S, _MONTH_S = 60.0, 120.0
_BETWEEN_NEWS_S = 1.0


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 1 when infeasible or a check fails; 2 when the input cannot be used."""
    try:
        _check_numbers(options)
        return _ANSWERS[options.question, getattr(options, "format", "hotline")](options)
    except NoLegalLineError as error:
        _tell(str(error))
        _answer(
            options,
            {"cost": None, "feasible": False, "lower_bound": None, "status": "infeasible", "cpu_s": cpu_seconds()},
        )
        return 1
    except HotlineError as error:
        _tell(str(error))
        return _BAD_INPUT_EXIT


def _check_numbers(options: argparse.Namespace) -> None:
    limit = getattr(options, "time_limit", None)
    if limit is not None and not 0 < limit < 1e6:
        raise RosterProblemError(where="--time-limit", problem="give CPU seconds above 0 and below 1,000,000.")


@dataclass(frozen=True, slots=True)
class _Benchmark:
    """How a public benchmark is read, made ready for the solver, and checked."""

    read: Callable[[Path], Any]
    team: Callable[[Any], board.Team]
    check: Callable[[Any, dict[tuple[str, int], str]], curtois_check.Verdict]


_BENCHMARKS = {
    "curtois": _Benchmark(curtois.read_instance, board.Team, curtois_check.check),
    "inrc1": _Benchmark(inrc1_read.read_instance, contest_team.ContestTeam, inrc1_check.check),
}


def _solve_benchmark(options: argparse.Namespace) -> int:
    benchmark = _BENCHMARKS[options.format]
    instance = benchmark.read(Path(options.problem))
    with stoppable() as is_stopped:
        budget = Budget(options.time_limit or _BENCHMARK_S, is_stopped)
        team = benchmark.team(instance)
        solved = search.solve_team(team, budget, options.seed, _Progress(options.quiet).tell)
    roster = solved.board.roster()
    held = {(name, day): shift for name, line in roster.items() for day, shift in enumerate(line) if shift}
    verdict = benchmark.check(instance, held)
    if options.out:
        curtois.write_solution(Path(options.out), roster)
    for breach in verdict.breaches:
        _tell(breach)
    is_feasible = not verdict.breaches
    bound = int(min(solved.bound, verdict.cost)) if is_feasible else int(solved.bound)
    _answer(options, {"cost": verdict.cost, "feasible": is_feasible, "lower_bound": bound, "cpu_s": cpu_seconds()})
    return 0 if is_feasible else 1


def _check_benchmark(options: argparse.Namespace) -> int:
    benchmark = _BENCHMARKS[options.format]
    instance = benchmark.read(Path(options.problem))
    verdict = benchmark.check(instance, curtois_check.read_solution(Path(options.solution), instance))
    _print({"cost": verdict.cost, "feasible": not verdict.breaches, "breaches": list(verdict.breaches)})
    return 1 if verdict.breaches else 0


def _solve_month(options: argparse.Namespace) -> int:
    given = problem.load(Path(options.problem))
    plan = staffing_plan.Plan(given)
    with stoppable() as is_stopped:
        budget = Budget(options.time_limit or _MONTH_S, is_stopped)
        solved = month.solve(plan, budget, _Progress(options.quiet).tell_covered, options.seed)
    found = answer.document(plan, solved, cpu_seconds())
    report = month_check.check(json.loads(msgspec.json.encode(given)), found)
    for breach in report.breaches:
        _tell(breach)
    found["hard_violations"] = len(report.breaches)
    found["status"] = "infeasible" if report.breaches else "feasible"
    found["cpu_s"] = cpu_seconds()
    _answer(options, found)
    return 1 if report.breaches else 0


def _check_month(options: argparse.Namespace) -> int:
    given = problem.load(Path(options.problem))
    try:
        solution = json.loads(Path(options.solution).read_bytes())
        report = month_check.check(json.loads(msgspec.json.encode(given)), solution)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise file_error(options.solution, 0, f"it is no answer of `hotline roster solve` ({error!r}).") from error
    _print(
        {
            "feasible": not report.breaches,
            "hard_violations": len(report.breaches),
            "coverage_ratio": round(report.coverage_ratio, 6),
            "wishes_broken": report.wishes_broken,
            "most_nights": report.most_nights,
            "breaches": list(report.breaches),
        }
    )
    return 1 if report.breaches else 0


def _schema(options: argparse.Namespace) -> int:
    _print(problem.schema())
    return 0


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Ctrl-C (or SIGTERM) once: stop with the best so far; twice: at once."""
    stopped: list[int] = []

    def stop(number: int, frame: object) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)
        _tell("stopping with the best so far")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(stopped)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Progress:
    """At most one line a second on standard error."""

    def __init__(self, is_quiet: bool) -> None:
        self._is_quiet, self._last_at = is_quiet, 0.0

    def tell(self, cost: float, bound: float) -> None:
        """The best cost and the bound."""
        self._tell(f"cost {cost:,.0f}  bound {bound:,.0f}")

    def tell_covered(self, ratio: float) -> None:
        """The share of demand covered so far."""
        self._tell(f"{ratio:.3%} of the demand covered")

    def _tell(self, text: str) -> None:
        if not self._is_quiet and time.monotonic() - self._last_at >= _BETWEEN_NEWS_S:
            self._last_at = time.monotonic()
            _tell(f"{cpu_seconds():6.1f} CPU s  {text}")


def _answer(options: argparse.Namespace, found: dict[str, Any]) -> None:
    found["cpu_s"] = round(found["cpu_s"], 2)
    _print(found)
    if options.json:
        try:
            Path(options.json).write_text(json.dumps(found, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            raise file_error(options.json, 0, f"it cannot be written ({error}); name another file.") from error


def _print(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


def _tell(sentence: str) -> None:
    sys.stderr.write(f"hotline: {sentence}\n")


_ANSWERS: dict[tuple[str, str], Callable[[argparse.Namespace], int]] = {
    ("schema", "hotline"): _schema,
    ("solve", "hotline"): _solve_month,
    ("check", "hotline"): _check_month,
    **{("solve", name): _solve_benchmark for name in _BENCHMARKS},
    **{("check", name): _check_benchmark for name in _BENCHMARKS},
}
