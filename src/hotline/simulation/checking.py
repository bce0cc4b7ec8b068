"""Cases of queueing theory against the live rules: each system is simulated once, in batches after a warm-up; every
row about it is held against the confidence interval.

What chance explains and what it does not are kept apart: the simulation's value must not be far from the truth, and the
file's value must agree with the formula, so that a value altered by one per cent fails however wide chance is."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.formulas.cases import Case, CaseLineError, parse
from hotline.formulas.errors import BeyondFormulaError
from hotline.formulas.queueing_models import Figures, Parameters, figures
from hotline.kernel.errors import HotlineError
from hotline.simulation.batches import METRICS, Run, figure_and_class
from hotline.simulation.draws import UNITS_PER_S
from hotline.simulation.errors import CasesInvalidError, NoSuchFigureError
from hotline.simulation.pooled import PlayedPool
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate
from hotline.simulation.systems import System, is_system, system_of

LEVELS = (0.99, 0.9999)
MOST_OUTSIDE_99 = 3
# What a figure cannot do without, though its system could be played without: no time is made up.
_NEEDED = {
    "average_wait_s": ("handle_time_s",),
    "wait_percentile90_s": ("handle_time_s",),
    "service_level": ("handle_time_s", "threshold_s"),
    "service_level_of_accepted": ("handle_time_s", "threshold_s"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A case that makes sense: the exact value where a formula gives it, and whether there is something to simulate."""

    case: Case
    formula: float | None
    is_simulable: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case and what the simulation says to it; `got` is None where there is nothing to simulate."""

    case: Case
    got: float | None = None
    intervals: tuple[tuple[float, float], ...] = ()
    is_outside: tuple[bool, ...] = ()  # by level
    has_agreed: bool = True  # with the formula, where there is one
    formula: float | None = None

    def has_passed(self) -> bool | None:
        """None: unknown."""
        if self.got is None:
            return None
        return self.has_agreed and not self.is_outside[1]

    def row(self) -> dict[str, Any]:
        """As it is printed."""
        (low, high), (low_9999, high_9999) = self.intervals or ((None, None),) * 2
        return {
            "id": self.case.id,
            "model": self.case.model,
            "metric": self.case.metric,
            "expected": self.case.value,
            "got": self.got,
            "low": low,
            "high": high,
            "low_9999": low_9999,
            "high_9999": high_9999,
            "exact": self.case.is_exact(),
            "pass": self.has_passed(),
        }


def read_cases(path: Path) -> list[tuple[int, Case]]:
    """The cases of a file, one JSON object a line, with their line numbers. Raises CasesInvalidError."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CasesInvalidError(problem=f"{path} cannot be read ({error}); give an existing UTF-8 file") from error
    try:
        cases = parse(text)
    except CaseLineError as error:
        problem = f"{path}, line {error.line}: {error.problem}; correct it there"
        raise CasesInvalidError(problem=problem) from error
    if not cases:
        raise CasesInvalidError(problem=f"{path} has no cases; write one a line")
    return cases


def can_tell(case: Case) -> bool:
    """Whether there is something to simulate: a metric that is counted, of a model that is a queueing system."""
    return figure_and_class(case.metric)[0] in METRICS and is_system(case.model)


def questions(cases: Iterable[tuple[int, Case]]) -> list[Question]:
    """What the cases, with their line numbers, ask. Nothing is simulated for it.

    Raises CasesInvalidError for the first that neither a formula nor the simulation can make sense of."""
    solved: dict[str, Figures] = {}
    found = []
    for number, case in cases:
        try:
            found.append(question_of(case, solved))
        except HotlineError as error:
            problem = str(error.data["problem"] if isinstance(error, CasesInvalidError) else error).rstrip(".")
            raise CasesInvalidError(problem=f"line {number} ({case.id}): {problem}; correct this line") from error
        except ArithmeticError as error:
            problem = f"line {number} ({case.id}): its numbers are too large or too small to compute with; give others"
            raise CasesInvalidError(problem=problem) from error
    return found


def check(cases: Iterable[Case], seed: int, runs: int, effort: float = 1.0) -> Iterator[Verdict]:
    """The verdict on each case, in order, all of them looked at before the first is simulated; see `answers`.

    Raises CasesInvalidError, which numbers them from 1."""
    return answers(questions(enumerate(cases, 1)), seed, runs, effort)


def answers(asked: list[Question], seed: int, runs: int, effort: float = 1.0) -> Iterator[Verdict]:
    """The verdict on each question, in order; rows about one system share its runs, `effort` times as long as usual."""
    thresholds: dict[str, list[float]] = {}
    for question in asked:
        case = question.case
        if "threshold_s" in case.params:
            thresholds.setdefault(_system_key(case), []).append(case.params["threshold_s"])
    done: dict[tuple[str, float | None], Run | None] = {}
    for question in asked:
        case = question.case
        if not question.is_simulable:
            yield Verdict(case)
            continue
        of_system = thresholds.get(_system_key(case), [None])
        # A threshold says what is counted, not what happens: a row without one is content with any.
        threshold_s = case.params.get("threshold_s", of_system[0])
        key = (_system_key(case), threshold_s)
        if key not in done:
            system = system_of(case.model, {**case.params, "threshold_s": threshold_s or 0.0}, effort)
            done[key] = None if system is None else _run(system, seed, runs)
        run = done[key]
        yield Verdict(case) if run is None else _verdict(question, run)


def question_of(case: Case, solved: dict[str, Figures]) -> Question:
    """What the case asks; cases of one system share its solution in `solved`.

    Raises HotlineError when no sense can be made of it: what the formulas raise, and CasesInvalidError."""
    known, formula = _formula(case, solved)
    classes = _classes(case)
    if not classes:
        if known is not None and case.metric not in known:
            raise _no_such_figure(case, known)
        return Question(case, formula, False)
    base, klass = figure_and_class(case.metric)
    if base not in METRICS or (klass is not None and klass >= classes):
        raise _no_such_figure(case, [*(known or ()), *METRICS])
    given = Parameters(case.model, case.params)
    for name in _NEEDED.get(base, ()):
        given.number(name)
    return Question(case, formula, True)


def _classes(case: Case) -> int:
    """How many classes of callers the case's system has; 0 where there is nothing to simulate."""
    system = system_of(case.model, case.params)
    return 0 if system is None else len(system.scenario.traffic)


def _no_such_figure(case: Case, known: Iterable[str]) -> NoSuchFigureError:
    names = ", ".join(dict.fromkeys(known))
    return NoSuchFigureError(problem=f"{case.model} has no figure {case.metric}; choose from {names}")


def _formula(case: Case, solved: dict[str, Figures]) -> tuple[Figures | None, float | None]:
    """The figures of `hotline.formulas` (None: none that would be ready in time), and the exact value where one of
    them is asked for. What is no queueing system is not computed: nothing is held against it."""
    try:
        key = json.dumps([case.model, case.params], sort_keys=True)
        if key not in solved:
            solved[key] = figures(case.model, case.params)
        compute = solved[key].get(case.metric) if is_system(case.model) else None
        return solved[key], None if compute is None else float(compute())
    except BeyondFormulaError:
        return None, None


def _system_key(case: Case) -> str:
    own = {name: value for name, value in case.params.items() if name != "threshold_s"}
    return json.dumps([case.model, own], sort_keys=True)


def _run(system: System, seed: int, runs: int) -> Run:
    thresholds = [round(system.threshold_s * system.stretch * UNITS_PER_S)] * len(system.scenario.traffic)
    prepared = Prepared(system.scenario, thresholds)
    tail_s = system.scenario.interval_s / 10
    if system.pool is None:
        return Run(system, [replicate(prepared, seed, number, tail_s).counters for number in range(runs)], [])
    pools = [PlayedPool(system.pool, prepared.interval, prepared.intervals) for _ in range(runs)]
    counters = [replicate(prepared, seed, n, tail_s, pool.asks).counters for n, pool in enumerate(pools)]
    return Run(system, counters, pools)


def _verdict(question: Question, run: Run) -> Verdict:
    case, formula = question.case, question.formula
    found = run.estimate(case.metric, LEVELS)
    if found is None:
        return Verdict(case)
    got, intervals = found
    has_agreed = formula is None or agrees(case, formula)
    # Where the formula gives the truth, chance is judged by it: printed values are rounded.
    truth, slack = (case.value, case.width()) if formula is None else (formula, 0.0)
    is_outside = tuple(not low - slack <= truth <= high + slack for low, high in intervals)
    return Verdict(case, got, tuple(intervals), is_outside, has_agreed, formula)


def agrees(case: Case, formula: float) -> bool:
    """Whether the file's value is the formula's, within the case's tolerance."""
    return abs(formula - case.value) <= case.width() + 1e-12 * abs(case.value)


def summary(verdicts: list[Verdict]) -> dict[str, int]:
    """The last line: how many passed, failed, are unknown, and lie outside the intervals."""
    passed = [verdict.has_passed() for verdict in verdicts]
    exact = [verdict for verdict in verdicts if verdict.got is not None and verdict.case.is_exact()]
    return {
        "passed": passed.count(True),
        "failed": passed.count(False),
        "unknown": passed.count(None),
        "outside_99": sum(verdict.is_outside[0] for verdict in exact),
        "outside_9999": sum(verdict.is_outside[1] for verdict in exact),
    }


def is_good(counts: dict[str, int]) -> bool:
    """Whether chance explains everything: nothing failed, and few rows are outside 99 %."""
    return counts["failed"] == 0 and counts["outside_99"] <= MOST_OUTSIDE_99
