"""What keeps the node from its work: told to the switch at every change, and written where the operator looks."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec

from hotline.messages.effects import NodeCondition

NO_ANSWER_YET = "The voice platform has not answered yet."
NO_SETUP_YET = "The node knows no numbers and flows yet: it waits for web to tell them, and refuses calls as congested."


def voice_lost(cause: str) -> str:
    """The sentence for a platform that is not there."""
    return (
        f"The voice platform does not answer ({cause}): no calls are possible. One of ours is started anew by itself; "
        "look after one of your own."
    )


class Condition:
    """The node's problems, in sentences; empty when there are none. `path` is the node's health file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._present = NodeCondition(voice_problem=NO_ANSWER_YET, setup_problem=NO_SETUP_YET)
        self.listeners: list[Callable[[NodeCondition], None]] = []

    @property
    def present(self) -> NodeCondition:
        return self._present

    def set_voice(self, problem: str) -> None:
        self._change(msgspec.structs.replace(self._present, voice_problem=problem))

    def set_setup(self, problem: str) -> None:
        self._change(msgspec.structs.replace(self._present, setup_problem=problem))

    def set_recording(self, problem: str) -> None:
        self._change(msgspec.structs.replace(self._present, recording_problem=problem))

    def write(self) -> None:
        """Write the health file; readers see the old one or the new one."""
        report = {"is_ready": self._present.takes_calls, "problems": self._present.problems}
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(report, ensure_ascii=False), "utf-8")
        draft.replace(self._path)

    def close(self) -> None:
        """The node ends: nobody is told of its health any more."""
        self._path.unlink(missing_ok=True)

    def _change(self, present: NodeCondition) -> None:
        if present == self._present:
            return
        self._present = present
        self.write()
        for listener in self.listeners:
            listener(present)
