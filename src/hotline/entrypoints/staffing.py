"""`hotline staffing`: how many people each interval needs. Progress and complaints go to standard error."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from hotline.entrypoints.roster import stoppable
from hotline.entrypoints.staffing_options import SCHEMA
from hotline.kernel.errors import HotlineError
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import answer, checking, problem
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.plan import Effort, plan
from hotline.planning.staffing.searching import Progress
from hotline.simulation.staffing_trial import try_plan

_BAD_INPUT_EXIT = 2
_CHECKED_OVER_SEARCHED = 2.5  # the final check's replications for one of the search's


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the input cannot be used."""
    try:
        if options.problem == SCHEMA:
            _print(json.dumps(problem.schema(), indent=1))
            return 0
        _check_numbers(options)
        found = _answer(options)
    except HotlineError as error:
        sys.stderr.write(f"hotline: {error}\n")
        return _BAD_INPUT_EXIT
    _print(json.dumps(found, ensure_ascii=False) if options.json else answer.table(found))
    return 0


def _check_numbers(options: argparse.Namespace) -> None:
    if not 0 < options.time_limit < 1e6:
        raise StaffingProblemError(where="--time-limit", problem="give CPU seconds above 0 and below 1,000,000.")
    if not 1 <= options.replications <= 1000:
        raise StaffingProblemError(where="--replications", problem="must be 1 to 1000.")
    if not 0 <= options.seed < 1 << 63:
        raise StaffingProblemError(where="--seed", problem="must be 0 or more and below 2**63.")


def _answer(options: argparse.Namespace) -> dict[str, Any]:
    given = problem.read(Path(options.problem))
    checking.check(given)
    with stoppable() as is_stopped:
        effort = Effort(
            budget=Budget(options.time_limit, is_stopped),
            seed=options.seed,
            replications=options.replications,
            check_replications=round(_CHECKED_OVER_SEARCHED * options.replications),
            tell=lambda progress: None if options.quiet else _tell(progress),
        )
        made = plan(given, effort, try_plan, is_checked=options.check_by_simulation)
    return answer.document(made) | {"seed": options.seed, "cpu_s": round(cpu_seconds(), 2)}


def _tell(progress: Progress) -> None:
    sys.stderr.write(
        f"hotline: {cpu_seconds():6.1f} CPU s  trial {progress.trials}: {progress.agents} agent-intervals, "
        f"{progress.missed} intervals miss a target\n"
    )


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
