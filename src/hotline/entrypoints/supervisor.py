"""`hotline run`: starts the roles of one machine, restarts what dies, stops cleanly.

Each role is a process of its own. A role that dies is started again at once, and after quick repeated deaths with a
growing pause; one that exits with CONFIGURATION_EXIT cannot help itself, so the whole centre stops and has said why.
Should the supervisor itself be killed, the kernel ends its roles (PR_SET_PDEATHSIG); calls stay up in Asterisk."""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

from hotline.entrypoints.front_door import front_door_command
from hotline.entrypoints.large_pages import environment_of
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

CONFIGURATION_EXIT = 3
ROLES = ("switch", "web", "worker", "node", "front")
_STOP_GRACE_S = 8.0
_LONGEST_PAUSE_S = 5.0
_SETTLED_AFTER_S = 20.0
_ASK_READY_EACH_S = 0.3
_PR_SET_PDEATHSIG = 1
_LOCK = "supervisor.lock"

log = structlog.get_logger()


class PortTakenError(HotlineError):
    code = "supervisor.port_taken"
    status = 500
    sentence = "Port {port} ({use}) is taken by another program: stop it, or choose another with {setting}."


class DataDirectoryError(HotlineError):
    code = "supervisor.data_directory"
    status = 500
    sentence = (
        "{data_dir} cannot be written ({problem}): give it to the user who runs Hotline, or choose another with "
        "HOTLINE_DATA_DIR."
    )


class AlreadyRunningError(HotlineError):
    code = "supervisor.already_running"
    status = 500
    sentence = "A centre is already running on {data_dir}: stop it, or choose another directory with HOTLINE_DATA_DIR."


@dataclass
class Role:
    """One supervised process."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    quick_deaths: int = 0
    deaths: int = field(default=0)


@dataclass(frozen=True)
class News:
    """Something to tell the operator once it holds."""

    holds: Callable[[], bool]
    tell: Callable[[], None]


class Supervisor:
    """Keeps processes alive, one per role. `commands` is what to run for each role's name."""

    def __init__(self, run_dir: Path, commands: Mapping[str, Sequence[str]]) -> None:
        self._run_dir = run_dir
        self._roles = [Role(name, command) for name, command in commands.items()]
        self._is_stopping = False
        self._exit_code = 0

    def run(self, *news: News) -> int:
        """Run until a signal or a configuration error; the exit code of the command.

        Each piece of news is told once, when what it tells of first holds and those before it were told."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        untold = list(news)
        ask_after = 0.0
        while not self._is_stopping:
            self._start_and_reap()
            if untold and time.monotonic() >= ask_after:
                if untold[0].holds():
                    untold.pop(0).tell()
                ask_after = time.monotonic() + _ASK_READY_EACH_S
            time.sleep(0.05)
        self._stop_all()
        return self._exit_code

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True

    def _start_and_reap(self) -> None:
        now = time.monotonic()
        for role in self._roles:
            if role.process is None:
                if now >= role.start_after:
                    self._start(role)
            elif (code := role.process.poll()) is not None:
                self._note_death(role, code)

    def _start(self, role: Role) -> None:
        # Its own session keeps the terminal's Ctrl-C to the supervisor, which then stops the roles in order.
        role.process = subprocess.Popen(
            role.command,
            env=environment_of(role.name, os.environ),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        role.started_at = time.monotonic()
        _write_pid(self._run_dir / f"{role.name}.pid", role.process.pid)

    def _note_death(self, role: Role, code: int) -> None:
        assert role.process is not None
        _end_session(role.process.pid)
        role.process = None
        if code == CONFIGURATION_EXIT:
            self._is_stopping, self._exit_code = True, CONFIGURATION_EXIT
            return
        role.deaths += 1
        lived_s = time.monotonic() - role.started_at
        role.quick_deaths = 0 if lived_s > _SETTLED_AFTER_S else role.quick_deaths + 1
        pause_s = 0.0 if role.quick_deaths <= 1 else min(_LONGEST_PAUSE_S, 0.2 * 2**role.quick_deaths)
        role.start_after = time.monotonic() + pause_s
        log.warning("role died, starting it again", died=role.name, exit_code=code, pause_s=pause_s)

    def _stop_all(self) -> None:
        living = [role for role in self._roles if role.process is not None]
        for role in living:
            _signal(role, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_GRACE_S
        for role in living:
            assert role.process is not None
            try:
                role.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("role did not stop in time, ending it", role_name=role.name)
                _signal(role, signal.SIGKILL)
                role.process.wait()
            (self._run_dir / f"{role.name}.pid").unlink(missing_ok=True)


def _write_pid(path: Path, pid: int) -> None:
    """Readers find the former process or the new one, never half a number."""
    draft = path.with_suffix(".draft")
    draft.write_text(str(pid), "ascii")
    draft.replace(path)


def _signal(role: Role, number: signal.Signals) -> None:
    """To the role's whole session: nginx and granian have workers of their own."""
    assert role.process is not None
    try:
        if number is signal.SIGKILL:
            os.killpg(role.process.pid, number)
        else:
            role.process.send_signal(number)
    except ProcessLookupError:
        pass


def _end_session(leader_pid: int) -> None:
    """End what a dead role left behind: workers that would keep its port."""
    try:
        os.killpg(leader_pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def role_commands(settings: Settings, roles: Sequence[str]) -> dict[str, list[str]]:
    """What to run for each role of this machine."""
    ours = {name: [sys.executable, "-m", "hotline.entrypoints", "role", name] for name in roles}
    if "front" in roles:
        ours["front"] = front_door_command(settings)
    return ours


def make_data_dir(settings: Settings) -> None:
    """Make the data directory unless it is there. Raises DataDirectoryError when nothing can be written in it."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.run_dir.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise DataDirectoryError(data_dir=settings.data_dir, problem=error.strerror) from error
    if not all(os.access(path, os.W_OK | os.X_OK) for path in (settings.data_dir, settings.run_dir)):
        raise DataDirectoryError(data_dir=settings.data_dir, problem=os.strerror(errno.EACCES))


def is_running(settings: Settings) -> bool:
    """Whether a centre holds the data directory now."""
    try:
        with (settings.run_dir / _LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def claim(settings: Settings) -> IO[str]:
    """Hold the data directory for this process. Raises DataDirectoryError, AlreadyRunningError."""
    make_data_dir(settings)
    file = (settings.run_dir / _LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyRunningError(data_dir=settings.data_dir) from error
    return file


def check_ports(settings: Settings, roles: Sequence[str]) -> None:
    """Raise PortTakenError for the first port that the roles need and cannot have."""
    wanted = {
        "front": (settings.front_port, "the front door", "HOTLINE_FRONT_PORT"),
        "web": (settings.web_port, "web", "HOTLINE_WEB_PORT"),
        "switch": (settings.switch_port, "the switch", "HOTLINE_SWITCH_PORT"),
    }
    for name, (port, use, setting) in wanted.items():
        if name in roles and not is_free(port):
            raise PortTakenError(port=port, use=use, setting=setting)


def is_free(port: int, host: str = "127.0.0.1", kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether a server could listen there now, by TCP or (SOCK_DGRAM) by UDP."""
    with socket.socket(type=kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True
