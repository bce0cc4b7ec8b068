"""`hotline calc --check`: a file of queueing cases against the formulas, one JSON line for each; figures that have no
formula are simulated.

The whole file is read before the first case is computed, and all are computed before the first line is printed: bad
input prints nothing. Format and words: docs/formulas.md."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from hotline.formulas import queueing_models
from hotline.formulas.cases import Case, CaseLineError, parse
from hotline.formulas.queueing_models import Figures
from hotline.kernel.errors import HotlineError

UNKNOWN = "unknown"
SEED = 1  # the same calls each time: a file that held once holds always
EFFORT = 2.0  # times the calls of `hotline simulate --check`; docs/formulas.md says how sharp it is


class CaseFileError(HotlineError):
    """Data: `path`, `problem`."""

    code: ClassVar[str] = "calc.case_file"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = (
        "{path} cannot be read as a file of cases ({problem}): name a file of one JSON case a line."
    )


class CaseError(HotlineError):
    """Data: `path`, `line`, `problem`."""

    code: ClassVar[str] = "calc.case"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{path}, line {line}: {problem} Correct this line."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case of the file's line `number`; `got` is None where model or figure is unknown."""

    number: int
    case: Case
    got: float | None

    @property
    def has_passed(self) -> bool:
        if self.got is None:
            return False
        return abs(self.got - self.case.value) <= self.case.width()

    def line(self) -> str:
        """The verdict as one line of JSON."""
        case = self.case
        return _json(
            {
                "id": case.id,
                "model": case.model,
                "metric": case.metric,
                "expected": case.value,
                "got": UNKNOWN if self.got is None else self.got,
                "tolerance": case.tolerance,
                "tolerance_kind": case.tolerance_kind,
                "pass": self.has_passed,
            }
        )


def check(path: str) -> tuple[list[str], bool]:
    """The lines to print, the sums last, and whether all cases passed. What has no formula is simulated, which takes
    up to a minute and is said on standard error.

    Raises CaseFileError, and CaseError for a line that is no case or that its formula refuses."""
    verdicts = _with_simulation(path, list(_verdicts(path, read_cases(path))))
    passed = sum(verdict.has_passed for verdict in verdicts)
    sums = {
        "passed": passed,
        "failed": len(verdicts) - passed,
        "unknown": sum(verdict.got is None for verdict in verdicts),
    }
    return [*(verdict.line() for verdict in verdicts), _json(sums)], passed == len(verdicts)


def read_cases(path: str) -> list[tuple[int, Case]]:
    """The cases with their line numbers, from 1. Raises CaseFileError, CaseError."""
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise CaseFileError(path=path, problem=error.strerror or str(error)) from error
    cases = _parsed(path, text)
    if not cases:
        raise CaseFileError(path=path, problem="it holds no case")
    return cases


def _parsed(path: str, text: bytes) -> list[tuple[int, Case]]:
    try:
        return parse(text)
    except CaseLineError as error:
        raise CaseError(path=path, line=error.line, problem=f"{error.problem}.") from error


def _verdicts(path: str, cases: list[tuple[int, Case]]) -> Iterator[Verdict]:
    solved: dict[str, Figures] = {}
    for number, case in cases:
        try:
            yield Verdict(number, case, _got(case, solved))
        except HotlineError as error:
            raise CaseError(path=path, line=number, problem=str(error)) from error
        except ArithmeticError as error:
            problem = f"the numbers are too large or too small to compute with ({error})."
            raise CaseError(path=path, line=number, problem=problem) from error


def _got(case: Case, solved: dict[str, Figures]) -> float | None:
    """What the formula says; None where model or figure is unknown. Cases of the same chain share its solution."""
    if case.model not in queueing_models.MODELS:
        return None
    key = _json([case.model, case.params])
    if key not in solved:
        solved[key] = queueing_models.figures(case.model, case.params)
    figure = solved[key].get(case.metric)
    return None if figure is None else float(figure())


def _with_simulation(path: str, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts, with the simulation's value where no formula gives one and the simulation knows the system."""
    if all(verdict.got is not None for verdict in verdicts):
        return verdicts
    # Starting the engine takes longer than most questions to the formulas.
    from hotline.simulation import checking  # noqa: PLC0415
    from hotline.simulation.errors import NoSuchFigureError  # noqa: PLC0415

    known, asked = [], []
    for n, verdict in enumerate(verdicts):
        if verdict.got is None and checking.can_tell(verdict.case):
            try:
                asked.append(checking.question_of(verdict.case, {}))
                known.append(n)
            except NoSuchFigureError:
                continue  # of no such class: unknown
            except HotlineError as error:
                raise CaseError(path=path, line=verdict.number, problem=str(error)) from error
    if known:
        ids = ", ".join(question.case.id for question in asked)
        sys.stderr.write(f"hotline: no formula gives {ids}: simulating, which takes up to a minute\n")
    found = list(verdicts)
    for n, answer in zip(known, checking.answers(asked, SEED, 1, EFFORT), strict=True):
        found[n] = replace(verdicts[n], got=answer.got)
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
