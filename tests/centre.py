"""A whole centre for tests: `hotline run --example` on free ports with its own data, as a user would start it."""

import atexit
import contextlib
import http.cookiejar
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hotline.telephony.provision import provide_installation
from tests.connections import process_tree
from tests.ports import PortRange, free_ports

ROOT = Path(__file__).resolve().parents[1]
ADMINISTRATOR = "admin"
PASSWORD = "Shibei-water-16"
START_LIMIT_S = 90.0
T = TypeVar("T")


def eventually(look: Callable[[], T], what: str, seconds: float = 30.0, pause_s: float = 0.05) -> T:
    """The first true value that `look` gives; fails with a sentence when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(pause_s)


class Centre:
    """One running centre. Ports, data and processes are its own; `stop` ends exactly what it started.

    On SQLite it starts from a copy of prepared data, unless `is_prepared` is false; on PostgreSQL from what is
    there."""

    def __init__(self, data_dir: Path, *, is_prepared: bool = True, **extra: str) -> None:
        self.data_dir = data_dir
        self._is_prepared = is_prepared and not extra.get("HOTLINE_DATABASE_URL")
        front, web, switch, asterisk, sip, sip_tls = free_ports(6)
        self.front_port, self.web_port, self.switch_port = front, web, switch
        self.sip_port, self.sip_tls_port, self.asterisk_port = sip, sip_tls, asterisk
        self._media = PortRange(400)
        self.environment = {
            **_environment(data_dir),
            "HOTLINE_FRONT_PORT": str(front),
            "HOTLINE_WEB_PORT": str(web),
            "HOTLINE_SWITCH_PORT": str(switch),
            "HOTLINE_ASTERISK_HTTP_PORT": str(asterisk),
            "HOTLINE_SIP_PORT": str(sip),
            "HOTLINE_SIP_TLS_PORT": str(sip_tls),
            "HOTLINE_RTP_PORT_LOW": str(self._media.low),
            "HOTLINE_RTP_PORT_HIGH": str(self._media.high),
            "HOTLINE_LOG_FORMAT": "json",
            "HOTLINE_ASTERISK_DIR": str(ROOT / "var/asterisk"),
            **extra,
        }
        self.log_path = data_dir / "centre.log"
        self._started_at = 0  # where this start's lines begin in the log
        self.process: subprocess.Popen[bytes] | None = None
        self._administrator: Session | None = None

    @property
    def url(self) -> str:
        return f"https://localhost:{self.front_port}"

    def start(self) -> "Centre":
        """Start and wait until people may log in and, with voice, calls are taken."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._is_prepared and not any(self.data_dir.iterdir()):
            shutil.copytree(prepared_data(), self.data_dir, dirs_exist_ok=True)
        with self.log_path.open("ab") as log:
            self._started_at = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hotline.entrypoints", "run", "--example"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        eventually(self._is_up, f"centre up (see {self.log_path})", START_LIMIT_S)
        return self

    def _is_up(self) -> bool:
        assert self.process is not None
        said = self.log_path.read_bytes()[self._started_at :].decode(errors="replace")
        assert self.process.poll() is None, f"the centre ended: {said[-3000:]}"
        takes_calls = self.environment.get("HOTLINE_VOICE", "auto") == "auto"
        return ("Calls are taken" if takes_calls else "Hotline is running") in said

    def newest_log(self, lines: int = 40) -> str:
        """What was logged last, from warnings on, and the last few lines whatever they are."""
        logged = self.log_path.read_text(errors="replace").splitlines() if self.log_path.exists() else []
        worth = [line for line in logged if '"level": "info"' not in line and '"level":"info"' not in line]
        return "\n".join(line[:400] for line in [*worth[-lines:], "...", *logged[-10:]])

    def stop(self) -> None:
        """Ctrl-C, and see that it ends by itself; what is left of its tree is ended by pid."""
        if self.process is None:
            return
        tree = process_tree(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        finally:
            for pid in [*tree, *([asterisk] if (asterisk := self.asterisk_pid()) else [])]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def pid(self, role: str) -> int:
        """The present process of a role, by the supervisor's own file."""
        return int((self.data_dir / "run" / f"{role}.pid").read_text())

    def kill(self, role: str) -> int:
        """kill -9 of a role; the pid that died."""
        dead = self.pid(role)
        os.kill(dead, signal.SIGKILL)
        return dead

    def wait_for_restart(self, role: str, dead: int, seconds: float = 20.0) -> None:
        eventually(lambda: self.pid(role) != dead and _is_alive(self.pid(role)), f"{role} restarted", seconds)

    def web_answers(self) -> bool:
        """Whether web, at its own port, is ready for people."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def switch_report(self) -> dict[str, Any]:
        """What the switch says to whoever watches over the centre."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.switch_port}/ready", timeout=5) as answer:
            return dict(json.load(answer))

    def asterisk_pid(self) -> int | None:
        """Our Asterisk, found by its configuration: it runs in a session of its own."""
        mark = str(self.data_dir / "voice")
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (entry / "cmdline").read_bytes().decode(errors="replace")
                    if mark in words and "-rx" not in words:
                        return int(entry.name)
        return None

    def kill_asterisk(self) -> None:
        """kill -9, as a crash of the media server."""
        pid = self.asterisk_pid()
        assert pid is not None, "Asterisk does not run"
        os.kill(pid, signal.SIGKILL)

    def hang_up_everybody(self) -> None:
        """Every call ends now: SIPp's callers leave without a word, and a test must not wait until that is noticed."""
        installation = provide_installation(Path(self.environment["HOTLINE_ASTERISK_DIR"]), print)
        console = [*installation.command, "-C", str(self.data_dir / "voice/etc/asterisk.conf"), "-rx"]
        with contextlib.suppress(subprocess.TimeoutExpired):  # a hung one ends its calls when it is killed
            subprocess.run(
                [*console, "channel request hangup all"],
                env={**os.environ, **installation.environment}, capture_output=True, check=False, timeout=10,
            )  # fmt: skip

    def log_in(self, username: str) -> "Session":
        return Session(self.url, username)

    def administrator(self) -> "Session":
        """The administrator, logged in once for all tests on this centre, and again if something ended that session."""
        if self._administrator is None or self._administrator.request("GET", "/api/v1/me")[0] != 200:
            self._administrator = self.log_in(ADMINISTRATOR)
        return self._administrator


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
    return kept | {"HOTLINE_DATA_DIR": str(data_dir), "HOTLINE_EXAMPLE_PASSWORD": PASSWORD}


@cache
def prepared_data(database_url: str = "") -> Path:
    """What `hotline migrate --example` leaves in an empty data directory, secrets too; made once in a run of tests. The
    database, if one is named, holds the rest."""
    made = Path(tempfile.mkdtemp(prefix="hotline-prepared-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    command = [sys.executable, "-m", "hotline.entrypoints", "migrate", "--example"]
    environment = _environment(made) | {"HOTLINE_DATABASE_URL": database_url}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, timeout=120)
    return made


class Session:
    """A logged-in user of the API, with cookies, as a browser has."""

    def __init__(self, url: str, username: str, password: str = PASSWORD) -> None:
        self.url = url
        self._cookies = http.cookiejar.CookieJar()
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trusting), urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self.request("GET", "/_allauth/browser/v1/config")
        status, answer = self.request(
            "POST", "/_allauth/browser/v1/auth/login", {"username": username, "password": password}
        )
        assert status == 200, answer

    def cookies(self) -> list[http.cookiejar.Cookie]:
        """What a browser that is to be this user needs."""
        return list(self._cookies)

    def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded answer (bytes when it is not JSON). A body of bytes is sent as it is."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Referer", self.url + "/")
        for cookie in self._cookies:
            if cookie.name == "hotline_csrf":
                request.add_header("X-CSRFToken", cookie.value or "")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.status, _decode(answer.read(), answer.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            return error.code, _decode(error.read(), error.headers.get("Content-Type", ""))

    def get(self, path: str) -> Any:
        status, answer = self.request("GET", path)
        assert status == 200, (path, status, answer)
        return answer


def _decode(content: bytes, kind: str) -> Any:
    return json.loads(content) if "json" in kind and content else content


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
