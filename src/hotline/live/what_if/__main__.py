"""The player: one question on standard input, then lines of JSON: {"steps"}, and {"result"} or {"failed"}.

Standard input stays open as long as the worker lives; when it closes, the worker is gone and the player goes too."""

import os
import sys
import threading
from pathlib import Path

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.live.switch.history import open_history
from hotline.live.what_if.playing import Question, answer

_POLITENESS = 10  # calls and desks come first


def main() -> None:
    """Answer the question, or say why not."""
    os.nice(_POLITENESS)
    source = sys.stdin.buffer
    question = msgspec.json.decode(source.readline(), type=Question)
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    try:
        _say({"result": _answer(question)})
    except HotlineError as error:
        _say({"failed": {"code": error.code, "data": error.data, "sentence": str(error)}})


def _answer(question: Question) -> object:
    settings = Settings(data_dir=Path(question.data_dir), database_url=question.database_url)
    history = open_history(settings, question.pool)
    try:
        return answer(question, history, lambda steps: _say({"steps": steps}))
    finally:
        history.close()


def _say(line: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_the_worker() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
