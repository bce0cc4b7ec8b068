"""`hotline simulate`: a scenario through the live routing rules, or known queueing systems checked against them."""

import argparse
import json
import sys
from pathlib import Path

from hotline.simulation import checking, loading, page, report
from hotline.simulation.errors import CasesInvalidError, ScenarioInvalidError
from hotline.simulation.running import kinds_of, results_of, simulate

_BAD_INPUT_EXIT = 2


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 1 when a check fails; 2 when the input cannot be used."""
    try:
        _check_numbers(options)
        if options.schema:
            _print(json.dumps(loading.schema(), indent=1))
            return 0
        if options.check is not None:
            return _check(options)
        if options.scenario is None:
            raise ScenarioInvalidError(problem="none was given; name its file, or use --check or --schema")
        return _simulate(options)
    except (ScenarioInvalidError, CasesInvalidError) as error:
        sys.stderr.write(f"hotline: {error}\n")
        return _BAD_INPUT_EXIT


def _check_numbers(options: argparse.Namespace) -> None:
    if options.replications is not None and not 1 <= options.replications <= 10_000:
        raise ScenarioInvalidError(problem="--replications must be 1 to 10000")
    if options.seed is not None and not 0 <= options.seed < 1 << 64:
        raise ScenarioInvalidError(problem="--seed must be 0 or more and below 2**64")
    if options.jobs < 1:
        raise ScenarioInvalidError(problem="--jobs must be 1 or more")


def _simulate(options: argparse.Namespace) -> int:
    scenario = loading.load(Path(options.scenario))
    seed = scenario.seed if options.seed is None else options.seed
    replications = simulate(scenario, seed, options.replications or scenario.replications, options.jobs)
    results = results_of(scenario, replications)
    kinds = kinds_of(scenario, replications)
    if options.page:
        text = page.page(results, replications, seed, scenario.name, scenario.about)
        _write(Path(options.page), text)
    if options.json:
        _print(json.dumps(report.document(results, replications, seed, kinds), ensure_ascii=False))
    else:
        _print(report.table(results, replications, seed, scenario.name, kinds))
    return 0


def _check(options: argparse.Namespace) -> int:
    """All rows are looked at first; then every one as soon as it is known, and the sums. Why a row failed goes to
    standard error."""
    asked = checking.questions(checking.read_cases(Path(options.check)))
    seed = 1 if options.seed is None else options.seed
    verdicts = []
    for verdict in checking.answers(asked, seed, options.replications or 1):
        verdicts.append(verdict)
        _print(json.dumps(verdict.row()))
        sys.stdout.flush()
        if not verdict.has_agreed:
            sys.stderr.write(f"{verdict.case.id}: the formula gives {verdict.formula}; correct the file's value\n")
    counts = checking.summary(verdicts)
    _print(json.dumps(counts))
    return 0 if checking.is_good(counts) else 1


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ScenarioInvalidError(problem=f"--page {path} cannot be written ({error}); name another file") from error


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
