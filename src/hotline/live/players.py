"""Players: processes of their own that each answer one long question for the worker, which follows them.

The question is one line on the player's standard input, a second line asks it to stop with its best so far. It answers
in lines of JSON: what news it has, and last {"result"} or {"failed"}. A worker that is killed takes its player with it;
the durable job is run again after the restart, from its beginning. `player_process` is the other side."""

import os
import selectors
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal, Protocol

import msgspec
import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.failure import Failure, failure_of, kept_failure

LOOK_EACH_S = 0.5  # whether it was cancelled, or the worker stops
STOP = b"stop\n"
Wish = Literal["on", "stop", "off"]

log = structlog.get_logger()


class PlayerBrokenError(HotlineError):
    code = "player.broken"
    status = 500
    sentence = (
        "The calculation ended without an answer ({cause}). Ask again; if it ends so again, look into the worker's log."
    )


class Run(Protocol):
    """What is done to a run while it is played, wherever it is kept."""

    def question(self) -> bytes | None:
        """The question for its player, on one line; None when nobody wants it any more."""

    def wish(self) -> Wish:
        """What those who asked want now: that it goes on, stops with its best so far, or is dropped."""

    def tell(self, news: dict[str, Any]) -> None: ...
    def finish(self, result: Any) -> None: ...
    def fail(self, failure: Failure) -> None: ...

    def give_back(self) -> None:
        """Let it be taken again: the worker stops."""


def play(run: Run, player: Sequence[str], stopping: threading.Event) -> None:
    """Play the run to its end, whatever that is. Nothing is raised: what breaks is told where the run is read."""
    try:
        question = run.question()
        if question is not None:
            _follow(run, player, question, stopping)
    except HotlineError as error:
        run.fail(failure_of(error))
    except Exception as error:  # else the run would seem to go on for ever
        log.exception("a player broke", player=player[-1])
        run.fail(failure_of(PlayerBrokenError(cause=type(error).__name__)))


def _follow(run: Run, command: Sequence[str], question: bytes, stopping: threading.Event) -> None:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as player:
        try:
            _say(player, question + b"\n")
            has_ended = any(_heard(run, player, line, stopping) for line in _lines(player))
        finally:
            player.kill()
    if not has_ended:
        raise PlayerBrokenError(cause=f"exit code {player.returncode}")


def _heard(run: Run, player: "subprocess.Popen[bytes]", line: dict[str, Any], stopping: threading.Event) -> bool:
    """Do what a line, or a silence ({}), asks for; whether nothing more is to be heard."""
    if "result" in line:
        run.finish(line["result"])
        return True
    if "failed" in line:
        run.fail(kept_failure(line["failed"]))
        return True
    if stopping.is_set():
        run.give_back()
        return True
    if line:
        run.tell(line)
    wish = run.wish()
    if wish == "stop":
        with suppress(BrokenPipeError):  # it has just ended, and what it said last is still to be read
            _say(player, STOP)
    return wish == "off"


def _say(player: "subprocess.Popen[bytes]", line: bytes) -> None:
    assert player.stdin is not None
    player.stdin.write(line)
    player.stdin.flush()


def _lines(player: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    """What the player says, and nothing ({}) each time that it has been silent for a while; ends with its output."""
    assert player.stdout is not None
    descriptor = player.stdout.fileno()
    rest = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(LOOK_EACH_S):
                yield {}
                continue
            read = os.read(descriptor, 1_048_576)
            if not read:
                return
            rest += read
            if b"\n" in read:  # an answer of megabytes comes in many pieces: it is split once
                *whole, rest = rest.split(b"\n")
                yield from (msgspec.json.decode(line) for line in whole)
