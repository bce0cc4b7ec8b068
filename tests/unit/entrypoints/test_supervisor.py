"""The supervisor restarts what dies, stops cleanly, and says in one line what is wrong."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.entrypoints.supervisor import AlreadyRunningError, PortTakenError, check_ports, claim
from hotline.kernel.settings import Settings

PROGRAM = """
import sys
from pathlib import Path
from hotline.entrypoints.supervisor import Supervisor
python = [sys.executable, "-c"]
commands = {commands}
sys.exit(Supervisor(Path(sys.argv[1]), {{name: [*python, code] for name, code in commands.items()}}).run())
"""
SLEEPER = "import time; time.sleep(600)"


def eventually(holds: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def _start(**commands: str) -> subprocess.Popen[bytes]:
        program = PROGRAM.format(commands=repr(commands))
        started.append(subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stderr=subprocess.PIPE))
        return started[-1]

    yield _start
    for process in started:
        process.kill()
        process.communicate()


def pid(directory: Path, role: str) -> int:
    path = directory / f"{role}.pid"
    return int(path.read_text() or 0) if path.exists() else 0


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_role_is_started_again_and_the_other_is_left_alone(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    start(one=SLEEPER, two=SLEEPER)
    eventually(lambda: pid(tmp_path, "one") and pid(tmp_path, "two"))
    first, other = pid(tmp_path, "one"), pid(tmp_path, "two")
    os.kill(first, signal.SIGKILL)
    eventually(lambda: pid(tmp_path, "one") not in (0, first) and is_alive(pid(tmp_path, "one")))
    assert pid(tmp_path, "two") == other
    assert is_alive(other)


def test_on_a_signal_every_role_ends_and_the_exit_code_is_good(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    supervisor = start(one=SLEEPER, two=SLEEPER)
    eventually(lambda: pid(tmp_path, "one") and pid(tmp_path, "two"))
    roles = [pid(tmp_path, "one"), pid(tmp_path, "two")]
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    assert [number for number in roles if is_alive(number)] == []


def test_when_the_supervisor_is_killed_its_roles_end_too(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    supervisor = start(one=SLEEPER)
    eventually(lambda: pid(tmp_path, "one"))
    role = pid(tmp_path, "one")
    supervisor.kill()
    eventually(lambda: not is_alive(role))


def test_a_role_that_cannot_help_itself_stops_the_centre(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    supervisor = start(one="import sys; sys.exit(3)", two=SLEEPER)
    assert supervisor.wait(10) == 3


def test_workers_that_a_dead_role_left_behind_are_ended(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    family = (
        "import subprocess, sys, time, pathlib; "
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid)); time.sleep(600)"
    )
    start(one=family)
    eventually(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text())
    child = int((tmp_path / "child").read_text())
    os.kill(pid(tmp_path, "one"), signal.SIGKILL)
    eventually(lambda: not is_alive(child))


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} .the front door. .*HOTLINE_FRONT_PORT"):
            check_ports(Settings(front_port=port), ["front"])


def test_a_second_centre_on_the_same_data_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with claim(settings), pytest.raises(AlreadyRunningError, match="HOTLINE_DATA_DIR"):
        claim(settings)


TELLING = """
import sys
from pathlib import Path
from hotline.entrypoints.supervisor import News, Supervisor
directory = Path(sys.argv[1])
def tell(text):
    return lambda: print(text, flush=True)
def can_log_in():
    (directory / "asked").touch()
    return (directory / "can log in").exists()
news = News(can_log_in, tell("log in here")), News(lambda: True, tell("calls are taken"))
sys.exit(Supervisor(directory, {}).run(*news))
"""


def test_news_is_told_once_it_holds_and_in_its_order(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with told.open("w") as output:
        process = subprocess.Popen([sys.executable, "-c", TELLING, str(tmp_path)], stdout=output)
    try:
        eventually(lambda: (tmp_path / "asked").exists())
        assert told.read_text() == ""
        (tmp_path / "can log in").touch()
        eventually(lambda: told.read_text() == "log in here\ncalls are taken\n")
    finally:
        process.terminate()
        assert process.wait(10) == 0
