"""The player's side of a question from the worker: what it reads and how it answers. No Django here.

Standard input stays open as long as the worker lives; when it closes, the worker is gone and the player goes too."""

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.failure import failure_of

_POLITENESS = 10  # calls and desks come first


class Worker:
    """The worker as its player sees it: it is told news, and may ask to stop with the best so far."""

    def __init__(self) -> None:
        self._stop_asked = threading.Event()

    def tell(self, **news: Any) -> None:
        """Say how far the work is."""
        self._say(news)

    def is_stop_asked(self) -> bool:
        """Whether the best so far is wanted now."""
        return self._stop_asked.is_set()

    def answer(self, answered: Callable[[bytes, "Worker"], object]) -> None:
        """Answer the question, or say why not."""
        question = sys.stdin.buffer.readline()
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._say({"result": answered(question, self)})
        except HotlineError as error:
            self._say({"failed": failure_of(error)})

    def _listen(self) -> None:
        for _ in sys.stdin.buffer:  # the only thing that is said to a player at work is to stop
            self._stop_asked.set()
        os._exit(1)

    @staticmethod
    def _say(line: object) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()


def play(answered: Callable[[bytes, Worker], object]) -> None:
    """Be a player: one question, its answer on standard output, with less right to the processors than calls have."""
    os.nice(_POLITENESS)
    Worker().answer(answered)
