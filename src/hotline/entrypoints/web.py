"""The web process: Django over WSGI, served by granian on localhost behind the front door."""

import ctypes
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import django
from django.core import checks
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from hotline.entrypoints.logs import configure_logs
from hotline.entrypoints.supervisor import PortTakenError
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings, load_settings

_THREADS = 4  # per worker process; each holds a database connection
_STOP_S = 10
_PR_SET_PDEATHSIG = 1


class NotServableError(HotlineError):
    code = "web.not_servable"
    status = 500
    sentence = "Web cannot start: {problems}"


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit code.

    Raises PortTakenError, or NotServableError when a system check fails (a route without a permission, for example)."""
    claim = _claim_port(settings.web_port)
    _check_application()
    server = Granian(
        "hotline.foundation.wsgi:application",
        address="127.0.0.1",
        port=settings.web_port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=_STOP_S,
        websockets=False,
        log_level=LogLevels.warning,
    )
    claim.close()
    server.serve(target_loader=_load, wrap_loader=False)
    return 0


def _claim_port(port: int) -> socket.socket:
    """A socket that keeps others off the port until granian binds it, which would share it with another granian."""
    claim = socket.socket()
    claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claim.bind(("127.0.0.1", port))
    except OSError as error:
        claim.close()
        raise PortTakenError(port=port, use="web", setting="HOTLINE_WEB_PORT") from error
    return claim


def _check_application() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    problems = [problem for problem in checks.run_checks() if problem.level >= checks.ERROR]
    if problems:
        raise NotServableError(problems="; ".join(str(problem.msg) for problem in problems))


def _load() -> Callable[..., Any]:
    """The application, in a worker process that does not outlive its parent: an orphan would keep the port."""
    _die_with_parent()
    configure_logs(load_settings(), "web")
    from hotline.foundation.wsgi import application  # noqa: PLC0415  # each worker loads Django for itself

    return application


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)  # it died before the line above
