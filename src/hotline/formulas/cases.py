"""Cases to check a computation by: a model with its parameters, one of its figures, and the value expected of it.

A file holds one JSON case a line. `hotline calc --check` and `hotline simulate --check` read the same files, and refuse
the same lines. Format and words: docs/formulas.md."""

from typing import Annotated, Any, Literal

import msgspec

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class CaseLineError(ValueError):
    """A line that is no case; whoever reads the file says so in its own words."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One line; other fields of it are ignored."""

    id: str
    model: str
    params: dict[str, Any]
    metric: str
    value: float
    tolerance: Annotated[float, msgspec.Meta(ge=0)]
    tolerance_kind: Literal["abs", "rel"]
    kind: str = "computed"

    def is_exact(self) -> bool:
        """Whether the value is the truth within its tolerance, not somebody's simulation."""
        return self.kind != "simulated"

    def width(self) -> float:
        """The tolerance in the metric's own unit."""
        return self.tolerance * abs(self.value) if self.tolerance_kind == "rel" else self.tolerance


def parse(text: bytes) -> list[tuple[int, Case]]:
    """The cases with their line numbers, from 1; empty lines are left out. Raises CaseLineError."""
    lines = text.removeprefix(_BYTE_ORDER_MARK).splitlines()
    return [(number, _case(number, line)) for number, line in enumerate(lines, 1) if line.strip()]


def _case(number: int, line: bytes) -> Case:
    try:
        return msgspec.json.decode(line, type=Case)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseLineError(number, str(error)) from error
    except RecursionError as error:
        raise CaseLineError(number, "it is nested too deeply") from error
