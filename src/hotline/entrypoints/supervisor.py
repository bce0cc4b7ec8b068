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
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

CONFIGURATION_EXIT = 3
ROLES = ("switch", "web", "worker", "node", "front")
_STOP_GRACE_S = 8.0
_LONGEST_PAUSE_S = 5.0
_SETTLED_AFTER_S = 20.0
_ASK_READY_EACH_S = 0.3
_PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


class PortTakenError(HotlineError):
    code = "supervisor.port_taken"
    status = 500
    sentence = "Port {port} ({use}) is taken by another program: stop it, or choose another with {setting}."


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


class Supervisor:
    """Keeps processes alive, one per role. `commands` is what to run for each role's name."""

    def __init__(self, run_dir: Path, commands: Mapping[str, Sequence[str]]) -> None:
        self._run_dir = run_dir
        self._roles = [Role(name, command) for name, command in commands.items()]
        self._is_stopping = False
        self._exit_code = 0

    def run(self, on_ready: Callable[[], None] | None = None, is_ready: Callable[[], bool] | None = None) -> int:
        """Run until a signal or a configuration error; the exit code of the command.

        `on_ready` is called once, when `is_ready` first holds."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        ask_after = 0.0
        while not self._is_stopping:
            self._start_and_reap()
            if on_ready is not None and time.monotonic() >= ask_after:
                if is_ready is None or is_ready():
                    on_ready()
                    on_ready = None
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
            role.command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with_parent
        )
        role.started_at = time.monotonic()
        (self._run_dir / f"{role.name}.pid").write_text(str(role.process.pid), "ascii")

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


def claim(settings: Settings) -> IO[str]:
    """Hold the data directory for this process. Raises AlreadyRunningError."""
    settings.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (settings.run_dir / "supervisor.lock").open("w")
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


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def pid_of(settings: Settings, role: str) -> int | None:
    """The process id of a running role, by the supervisor's own file."""
    path: Path = settings.run_dir / f"{role}.pid"
    try:
        return int(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
