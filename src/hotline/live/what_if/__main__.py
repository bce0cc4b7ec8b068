"""The player of what-ifs: see `hotline.live.players` for what it reads and says."""

from pathlib import Path

import msgspec

from hotline.kernel.settings import Settings
from hotline.live.player_process import Worker, play
from hotline.live.switch.history import open_history
from hotline.live.what_if.playing import Question, answer


def _answer(line: bytes, worker: Worker) -> object:
    question = msgspec.json.decode(line, type=Question)
    settings = Settings(data_dir=Path(question.data_dir), database_url=question.database_url)
    history = open_history(settings, question.pool)
    try:
        return answer(question, history, lambda steps: worker.tell(steps=steps))
    finally:
        history.close()


if __name__ == "__main__":
    play(_answer)
