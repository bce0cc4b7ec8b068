"""What the roster refuses: files it cannot read, rules that contradict each other, problems nobody can solve."""

from typing import ClassVar

from hotline.kernel.errors import HotlineError


class RosterFileError(HotlineError):
    """Data: `place` (the file, and the line where one is to blame), `problem`."""

    code: ClassVar[str] = "roster.file"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{place}: {problem}"


class RosterProblemError(HotlineError):
    """Data: `where` (the place in the problem, such as `people[3].shifts`), `problem`."""

    code: ClassVar[str] = "roster.problem"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{where}: {problem}"


class NoLegalLineError(HotlineError):
    """Data: `person`, `why`: no sequence of shifts keeps this person's rules."""

    code: ClassVar[str] = "roster.no_legal_line"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = (
        "No sequence of shifts keeps all rules of {person} ({why}): loosen one of them or take the person out."
    )


def file_error(path: object, line: int, problem: str) -> RosterFileError:
    """The error for a line of a file, counted from 1; 0 when no single line is to blame."""
    return RosterFileError(place=f"{path}, line {line}" if line else str(path), problem=problem)
