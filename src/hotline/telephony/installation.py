"""Which Asterisk there is: what it takes to run one, and whether its version lies in the tested range."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hotline.kernel.errors import HotlineError

TESTED_MAJORS = (22, 23)
_NOTE = "installation.json"
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


class VoiceUnavailableError(HotlineError):
    """There is no Asterisk that could be used; the centre goes on without voice."""

    code = "voice.unavailable"
    status = 503
    sentence = (
        "No usable Asterisk: {cause}. Install Asterisk 22 or 23 so that `asterisk` is on the PATH, "
        "or set HOTLINE_ARI_URL to one of your own, and start again."
    )


class VoicePortTakenError(VoiceUnavailableError):
    """Asterisk itself is there, and a port that it needs is not."""

    code = "voice.port_taken"
    sentence = (
        "{protocol} port {port} cannot be had for voice ({error}): stop the program that holds it, "
        "or choose another with {setting}, and start again."
    )


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to run an Asterisk. `environment` is added to ours."""

    version: str
    command: tuple[str, ...]
    modules_dir: str
    data_dir: str
    library_dir: str  # Asterisk's "var/lib": documentation and REST descriptions below it
    environment: dict[str, str] = {}
    is_private: bool = False

    @property
    def description(self) -> str:
        return f"Asterisk {self.version} ({'private copy' if self.is_private else 'of this machine'})"


def is_tested(version: str) -> bool:
    """Whether the version's major number lies in the tested range."""
    found = _VERSION.search(version)
    return found is not None and int(found.group(1)) in TESTED_MAJORS


def read_installation(into: Path) -> Installation | None:
    """The private copy that was finished in this directory earlier, or None."""
    try:
        note = msgspec.json.decode((into / _NOTE).read_bytes(), type=Installation)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None
    return note if all(Path(part).exists() for part in (note.command[0], note.modules_dir)) else None


def write_installation(into: Path, installation: Installation) -> None:
    """Note a finished private copy; the rename makes it known all at once."""
    draft = into / f"{_NOTE}.{os.getpid()}"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(installation)))
    draft.rename(into / _NOTE)


def asterisk_version(command: tuple[str, ...], environment: dict[str, str] | None = None) -> str | None:
    """What `asterisk -V` says of itself, for example "22.10.1"; None when it does not run."""
    try:
        said = subprocess.run(
            [*command, "-V"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=os.environ | (environment or {}),
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(said)
    return found.group(0) if found else None


def machine_installation() -> Installation | None:
    """The Asterisk on this machine's PATH, tested or not; None when there is none."""
    program = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    if program is None or (version := asterisk_version((program,))) is None:
        return None
    modules = next(_directories_with("chan_pjsip.so"), None)
    if modules is None:
        return None
    return Installation(
        version=version,
        command=(program,),
        modules_dir=str(modules),
        data_dir="/usr/share/asterisk" if Path("/usr/share/asterisk").is_dir() else "/var/lib/asterisk",
        library_dir="/var/lib/asterisk",
    )


def _directories_with(module: str) -> Iterator[Path]:
    for pattern in ("usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/local/lib/asterisk/modules"):
        yield from (directory for directory in Path("/").glob(pattern) if (directory / module).exists())
