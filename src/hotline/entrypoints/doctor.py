"""What works on this machine, and what is missing, in sentences that say what to do."""

import difflib
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hotline.entrypoints.front_door import NginxMissingError, nginx_program
from hotline.entrypoints.supervisor import DataDirectoryError, is_free, is_running
from hotline.kernel.settings import Settings
from hotline.telephony.installation import is_tested, machine_installation, read_installation

_OTHER_VARIABLES = frozenset({"HOTLINE_SETTINGS_FILE", "HOTLINE_EXAMPLE_PASSWORD", "HOTLINE_DEV_CENTRE"})
_OTHER_PREFIXES = ("HOTLINE_SECRET_", "HOTLINE_TEST_", "HOTLINE_BENCH_", "HOTLINE_ENGINE_")


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    is_ok: bool
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Every finding, the good ones too."""
    return [
        _python(),
        _settings(os.environ),
        _data_directory(settings),
        _disk(settings),
        _database(settings),
        _nginx(),
        _voice(settings),
        *_ports(settings),
    ]


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{found} (3.11 or later is needed)")


def _nginx() -> Finding:
    try:
        return Finding("front door", True, nginx_program())
    except NginxMissingError as error:
        return Finding("front door", False, str(error))


def _settings(environment: Mapping[str, str]) -> Finding:
    """Variables that nobody reads: most often a misspelt name, silently without effect."""
    known = {f"HOTLINE_{name.upper()}" for name in Settings.model_fields} | _OTHER_VARIABLES
    unread = sorted(
        name
        for name in environment
        if name.startswith("HOTLINE_") and name not in known and not name.startswith(_OTHER_PREFIXES)
    )
    if not unread:
        return Finding("settings", True, "every HOTLINE_ variable is known")
    return Finding("settings", False, "; ".join(_advice(name, known) for name in unread))


def _advice(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, cutoff=0.85)
    return f"{name} is no setting: " + (f"did you mean {near[0]}?" if near else "remove it")


def _data_directory(settings: Settings) -> Finding:
    existing = _nearest(settings.data_dir)
    is_ok = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    if is_ok:
        return Finding("data", True, f"{settings.data_dir} can be written")
    return Finding(
        "data", False, str(DataDirectoryError(data_dir=settings.data_dir, problem=f"{existing} is in the way"))
    )


def _nearest(path: Path) -> Path:
    """The path, or what there is of it."""
    return next(one for one in [path, *path.absolute().parents] if one.exists())


def _disk(settings: Settings) -> Finding:
    free_gib = shutil.disk_usage(_nearest(settings.data_dir)).free / 2**30
    return Finding("disk", free_gib >= 2, f"{free_gib:.1f} GiB free for {settings.data_dir} (2 GiB are needed)")


def _database(settings: Settings) -> Finding:
    if not settings.is_postgresql:
        return Finding("database", True, f"SQLite {sqlite3.sqlite_version} in {settings.data_dir}")
    try:
        with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
            found = connection.info.server_version // 10_000
    except psycopg.Error as error:
        problem = str(error).strip().splitlines()[0]
        return Finding("database", False, f"{problem}: start PostgreSQL, or correct HOTLINE_DATABASE_URL")
    if shutil.which("pg_dump") is None:
        return Finding("database", False, "pg_dump is missing, backups need it: install the package postgresql-client")
    return Finding("database", found >= 15, f"PostgreSQL {found} (15 or later is needed)")


def _voice(settings: Settings) -> Finding:
    if settings.voice != "auto":
        return Finding("voice", True, f"not wanted (HOTLINE_VOICE is {settings.voice})")
    if settings.ari_url:
        return Finding("voice", True, "an Asterisk of your own (HOTLINE_ARI_URL)")
    found = machine_installation()
    if found is None or not is_tested(found.version):
        found = read_installation(settings.asterisk_copy_dir.resolve())
    if found is None:
        return Finding("voice", False, "no Asterisk 22 or 23 yet: `make run` fetches a private copy, or install one")
    return Finding("voice", True, found.description)


def _ports(settings: Settings) -> list[Finding]:
    if is_running(settings):
        return [Finding("ports", True, "the centre is running and holds its ports")]
    wanted = [
        ("FRONT_PORT", settings.front_port, socket.SOCK_STREAM),
        ("WEB_PORT", settings.web_port, socket.SOCK_STREAM),
        ("SWITCH_PORT", settings.switch_port, socket.SOCK_STREAM),
        ("ASTERISK_HTTP_PORT", settings.asterisk_http_port, socket.SOCK_STREAM),
        ("SIP_PORT", settings.sip_port, socket.SOCK_STREAM),
        ("SIP_PORT", settings.sip_port, socket.SOCK_DGRAM),
        ("SIP_TLS_PORT", settings.sip_tls_port, socket.SOCK_STREAM),
    ]
    return [_port(name, port, kind) for name, port, kind in wanted]


def _port(name: str, port: int, kind: socket.SocketKind) -> Finding:
    protocol = "TCP" if kind == socket.SOCK_STREAM else "UDP"
    if is_free(port, kind=kind):
        return Finding(f"{protocol} port {port}", True, "free")
    sentence = f"taken: stop the program that has it, or set HOTLINE_{name} to another"
    return Finding(f"{protocol} port {port}", False, sentence)
