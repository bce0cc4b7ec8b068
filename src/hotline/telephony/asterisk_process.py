"""Our Asterisk as a unit of its own: started in a session of its own, adopted when it runs, restarted when it died, and
never stopped while calls are up."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import aiohttp
import msgspec
import structlog

from hotline.kernel.programs import run_program
from hotline.telephony.asterisk_configuration import AsteriskOptions, write_configuration
from hotline.telephony.installation import Installation, VoicePortTakenError, VoiceUnavailableError

_log = structlog.get_logger(__name__)
_BOOT_LIMIT_S = 30.0
_POLL_S = 0.1
_ENDED_LIMIT_S = 5.0
_FREED_LIMIT_S = 2.0
_ASK_EACH_S = 3.0
_LEAST_UNANSWERED = 3  # a node that was itself asleep has only lost time, not answers


class _Note(msgspec.Struct, frozen=True):
    """What was started: process, its start tick (process ids are used again), and the configuration it runs on."""

    pid: int
    start_tick: int
    fingerprint: str


class _Silence:
    """For how long a living Asterisk has not answered."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._answered_at = time.monotonic()
        self._unanswered = 0

    def is_due(self) -> bool:
        """Whether to ask again: now and then while it answers, at once while it does not."""
        return self._unanswered > 0 or time.monotonic() - self._answered_at >= _ASK_EACH_S

    def note(self, has_answered: bool) -> None:
        if has_answered:
            self.forget()
        else:
            self._unanswered += 1

    def forget(self) -> None:
        self._answered_at, self._unanswered = time.monotonic(), 0

    @property
    def is_over_limit(self) -> bool:
        is_long = time.monotonic() - self._answered_at >= self._limit_s
        return is_long and self._unanswered >= _LEAST_UNANSWERED


class AsteriskProcess:
    """One Asterisk of ours, by its directory."""

    def __init__(self, options: AsteriskOptions, installation: Installation) -> None:
        self._options = options
        self._installation = installation
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the living Asterisk of this directory, whoever started it."""
        note = self._read_note()
        return note.pid if note is not None and _start_tick(note.pid) == note.start_tick else None

    async def ensure_running(self) -> bool:
        """Whether it had to be started; False when a running one was adopted. Raises VoiceUnavailableError.

        One that runs on another configuration is replaced when it has no calls, else adopted as it is."""
        note = self._read_note()
        fingerprint = write_configuration(self._options, self._installation)
        if self.pid is not None and await self.answers():
            if note is None or note.fingerprint == fingerprint:
                return False
            if not await self.stop_when_idle():
                _log.warning(
                    "asterisk_runs_on_former_settings", cause="it carries calls; the next start without takes them"
                )
                return False
        elif self.pid is not None and await self._comes_up(self.pid):
            return False
        await self._end_silent_one()
        await self._wait_for_ports(_FREED_LIMIT_S if note is not None else 0.0)
        await self._start(fingerprint)
        return True

    async def watch(self, interval_s: float = 1.0) -> None:
        """Start it anew whenever it has died, or lives and has not answered for `hung_after_s`; until cancelled."""
        silence = _Silence(self._options.hung_after_s)
        while True:
            await asyncio.sleep(interval_s)
            if self._child is not None:
                self._child.poll()  # takes the exit status of a dead child, which would otherwise look alive
            if self.pid is not None and silence.is_due():
                silence.note(await self.answers())
            if self.pid is not None and silence.is_over_limit:
                _log.error("asterisk_hangs", pid=self.pid, cause="it lives and does not answer: it is started anew")
                await self._end_silent_one()
            if self.pid is None:
                await self._try_to_start()
                silence.forget()

    async def _try_to_start(self) -> None:
        try:
            await self.ensure_running()
        except VoiceUnavailableError as error:  # for example a port still taken: tried again
            _log.error("asterisk_does_not_start", cause=str(error))

    def reap(self, seconds: float = 5.0) -> None:
        """Take the exit status of the Asterisk that we started and that is about to end."""
        if self._child is not None:
            self._child.wait(seconds)

    async def answers(self) -> bool:
        """Whether its interface answers."""
        return await self._request("GET", "/ari/asterisk/ping") is not None

    async def count_calls(self) -> int | None:
        """Living channels, or None when it does not answer."""
        channels = await self._request("GET", "/ari/channels")
        return None if channels is None else len(channels)

    async def stop_when_idle(self) -> bool:
        """Whether it was stopped; it is left alone while it carries calls."""
        pid = self.pid
        if pid is None:
            return True
        if await self.count_calls():
            return False
        await self._command_line("core stop now")
        return await self._has_ended(pid)

    async def stop_after_calls(self) -> None:
        """Take no new calls and end after the last one; returns at once."""
        await self._command_line("core stop gracefully")

    # --- inside -------------------------------------------------------------------------------------------------------

    async def _start(self, fingerprint: str) -> None:
        if self._child is not None:
            self._child.poll()
        directory = self._options.directory
        command = [*self._installation.command, "-f", "-C", str(self._options.etc_dir / "asterisk.conf")]
        with (directory / "log" / "console").open("ab") as console:
            self._child = await asyncio.to_thread(_spawn, command, console.fileno(), self._installation.environment)
        pid = self._child.pid
        note = _Note(pid, _start_tick(pid) or 0, fingerprint)
        self._note_path.write_bytes(msgspec.json.encode(note))
        if not await self._comes_up(pid):
            raise VoiceUnavailableError(cause=f"it did not start; its last words: {self._last_words()}")

    async def _wait_for_ports(self, limit_s: float) -> None:
        """A process that has ended is gone from the list a moment before the system has closed all its sockets."""
        until = time.monotonic() + limit_s
        while True:
            try:
                return self._check_ports()
            except VoicePortTakenError:
                if time.monotonic() >= until:
                    raise
            await asyncio.sleep(_POLL_S)

    def _check_ports(self) -> None:
        """Say which port is taken, instead of starting an Asterisk that nobody reaches."""
        options = self._options
        wanted = [
            (options.http_address, options.http_port, socket.SOCK_STREAM, "HOTLINE_ASTERISK_HTTP_PORT"),
            (options.bind_address, options.sip_port, socket.SOCK_STREAM, "HOTLINE_SIP_PORT"),
            (options.bind_address, options.sip_port, socket.SOCK_DGRAM, "HOTLINE_SIP_PORT"),
        ]
        for host, port, kind, setting in wanted:
            with socket.socket(socket.AF_INET, kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, port))
                except OSError as error:
                    protocol = "TCP" if kind == socket.SOCK_STREAM else "UDP"
                    raise VoicePortTakenError(protocol=protocol, port=port, error=error, setting=setting) from error

    async def _comes_up(self, pid: int) -> bool:
        """Whether the process has booted fully within the limit; False as soon as it ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_BOOT_LIMIT_S):
                return await self._boots(pid)
        return False

    async def _boots(self, pid: int) -> bool:
        while _start_tick(pid) is not None and (self._child is None or self._child.poll() is None):
            if await self.answers() and "fully booted" in await self._command_line("core waitfullybooted"):
                return True
            await asyncio.sleep(_POLL_S)
        return False

    async def _end_silent_one(self) -> None:
        """An Asterisk of ours that runs and never answers carries no call that could go on: it is ended."""
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            await self._has_ended(pid)

    async def _has_ended(self, pid: int) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDED_LIMIT_S):
                while _start_tick(pid) is not None:
                    await asyncio.sleep(_POLL_S)
                if self._child is not None:
                    self._child.poll()
                return True
        return False

    async def _command_line(self, command: str) -> str:
        program = [*self._installation.command, "-C", str(self._options.etc_dir / "asterisk.conf"), "-rx", command]
        end = await run_program(program, environment=self._installation.environment)
        return end.output.decode(errors="replace")

    async def _request(self, method: str, path: str) -> list[object] | dict[str, object] | None:
        headers = {"Authorization": aiohttp.encode_basic_auth(self._options.user, self._options.password)}
        timeout = aiohttp.ClientTimeout(total=3)
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
                session.request(method, self._options.base_url + path) as response,
            ):
                return await response.json() if response.status == 200 else None
        except (OSError, TimeoutError, aiohttp.ClientError):
            return None

    @property
    def _note_path(self) -> Path:
        return self._options.directory / "run" / "process.json"

    def _read_note(self) -> _Note | None:
        try:
            return msgspec.json.decode(self._note_path.read_bytes(), type=_Note)
        except (OSError, msgspec.DecodeError):
            return None

    def _last_words(self) -> str:
        for name in ("messages", "console"):
            path = self._options.directory / "log" / name
            lines = path.read_text(errors="replace").splitlines() if path.exists() else []
            wrong = [line for line in lines if "ERROR" in line]
            if wrong or lines:
                return (wrong or lines)[-1].strip()
        return "it said nothing"


def _spawn(command: list[str], console: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=console,
        stderr=console,
        start_new_session=True,  # it lives on when we die
        env=os.environ | environment,
    )


def _start_tick(pid: int) -> int | None:
    """The moment at which the living process was started, in ticks since boot; None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])
