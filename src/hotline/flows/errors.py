"""What can be wrong with a flow: every problem names its step and says what to do."""

from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend. `code` is a key of the message catalogue, `data` fills its sentence."""

    code: str
    step_id: str | None
    sentence: str
    data: dict[str, Any] = {}


class InvalidFlowError(HotlineError):
    """A definition that cannot be run. `problems` holds all of them, not only the first."""

    code = "flow.invalid"
    status = 422
    sentence = "The flow cannot be used; mend {count} problem(s). The first: {first}"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            count=len(problems), first=problems[0].sentence, problems=[msgspec.to_builtins(found) for found in problems]
        )
