"""What works on this machine, and what is missing, in sentences that say what to do."""

import shutil
import sys
from dataclasses import dataclass

from hotline.entrypoints.front_door import NginxMissingError, nginx_program
from hotline.entrypoints.supervisor import is_free, pid_of
from hotline.kernel.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    is_ok: bool
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Every finding, the good ones too."""
    return [_python(), _nginx(), _disk(settings), *_ports(settings)]


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{found} (3.11 or later is needed)")


def _nginx() -> Finding:
    try:
        return Finding("front door", True, nginx_program())
    except NginxMissingError as error:
        return Finding("front door", False, str(error))


def _disk(settings: Settings) -> Finding:
    existing = next(path for path in [settings.data_dir, *settings.data_dir.absolute().parents] if path.exists())
    free_gib = shutil.disk_usage(existing).free / 2**30
    return Finding("disk", free_gib >= 2, f"{free_gib:.1f} GiB free for {settings.data_dir} (2 GiB are needed)")


def _ports(settings: Settings) -> list[Finding]:
    if pid_of(settings, "web") is not None:
        return [Finding("ports", True, "the centre is running and holds its ports")]
    wanted = {
        "FRONT_PORT": settings.front_port,
        "WEB_PORT": settings.web_port,
        "SWITCH_PORT": settings.switch_port,
        "ASTERISK_HTTP_PORT": settings.asterisk_http_port,
        "SIP_PORT": settings.sip_port,
    }
    return [
        Finding(f"port {port}", is_free(port), "free" if is_free(port) else f"taken: set HOTLINE_{name} to another")
        for name, port in wanted.items()
    ]
