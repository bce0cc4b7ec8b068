"""`hotline backup` and `hotline restore`: consistent copies of the databases, main always before routing.

The projector's cursor in main must never lie beyond the routing log; copying main first can only leave it behind, and
the projector then reads on from there. Recordings are many and large, and already sealed: the copy lists them, so that
a restore can say which are missing, and leaves copying them to the installation's own file backup."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from psycopg import sql

from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

Database = Literal["main", "routing", "jobs"]
_ORDER: Final[tuple[Database, ...]] = ("main", "routing", "jobs")
_MANIFEST: Final = "manifest.json"
_RECORDINGS: Final = "recordings.txt"
_AUDIT_HEAD: Final = "audit-head.json"
_SECRETS: Final = "secrets"


class BackupPlaceError(HotlineError):
    code = "backup.place_taken"
    sentence = "{directory} is not empty. Name a new directory for the backup."


class BackupBrokenError(HotlineError):
    code = "backup.broken"
    sentence = "{directory} cannot be restored: {problem}. Nothing was changed; use another backup."


class BackupToolError(HotlineError):
    code = "backup.tool_failed"
    status = 500
    sentence = "{tool} failed: {problem}. Nothing was replaced."


def backup(settings: Settings, directory: str, *, with_secrets: bool = False) -> str:
    """Write a copy of the databases into a new directory; answers one line about it. The centre may be running.

    Raises BackupPlaceError when the directory holds something, BackupToolError when PostgreSQL's tool fails."""
    place = Path(directory)
    if place.exists() and any(place.iterdir()):
        raise BackupPlaceError(directory=directory)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    copies = [copy for name in _ORDER if (copy := _copy_out(settings, name, place)) is not None]
    head = settings.data_dir / _AUDIT_HEAD
    if head.exists():
        shutil.copy2(head, place / _AUDIT_HEAD)
    recordings = _list_recordings(settings, place)
    if with_secrets:
        shutil.copytree(_secrets_dir(settings), place / _SECRETS)
        (place / _SECRETS).chmod(0o700)
    _write_manifest(settings, place, copies)
    secrets = "with secrets: keep it locked away" if with_secrets else "without secrets: keep those apart"
    return f"backup: {len(copies)} databases in {place}, {recordings} recordings listed, {secrets}"


def restore(settings: Settings, directory: str) -> str:
    """Put a backup in place of the present data, which is set aside; answers one line about it. The centre must be off.

    Raises BackupBrokenError, before anything is changed, when the copy is damaged or does not fit together."""
    place = Path(directory)
    manifest = _checked_manifest(settings, place)
    if settings.is_postgresql:
        aside = _replace_schemas(settings, place, list(manifest["files"]))
    else:
        aside = _replace_files(settings, place, list(manifest["files"]))
    if (place / _AUDIT_HEAD).exists():
        shutil.copy2(place / _AUDIT_HEAD, settings.data_dir / _AUDIT_HEAD)
    restored_secrets = _restore_secrets(settings, place)
    missing = _missing_recordings(settings, place)
    return f"restored the backup of {manifest['made_at']}; {aside}; {restored_secrets}; {missing} recordings missing"


# --- copying out ----------------------------------------------------------------------------------------------------


def _copy_out(settings: Settings, name: Database, place: Path) -> str | None:
    """The name of the copy's file, or None when that database does not exist yet."""
    if settings.is_postgresql:
        if not _has_schema(settings, name):
            return None
        # Forced row-level security hides every row from a dump, unless the dump names all tenants.
        target = f"{name}.dump"
        _run_tool(
            settings,
            "pg_dump",
            "--format=custom",
            "--enable-row-security",
            f"--schema={name}",
            f"--file={place / target}",
        )
        return target
    source = settings.sqlite_path(name)
    if not source.exists():
        return None
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as present,
        contextlib.closing(sqlite3.connect(place / source.name)) as copy,
    ):
        present.backup(copy, pages=2_000, sleep=0.001)  # in steps, so that writers go on in between
        copy.execute("PRAGMA journal_mode=DELETE")  # one file without companions
    return source.name


def _has_schema(settings: Settings, name: Database) -> bool:
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchone() is not None


def _run_tool(settings: Settings, tool: str, *arguments: str | Path) -> None:
    environment = {**os.environ, "PGOPTIONS": "-c hotline.tenants=*"}
    command = [tool, f"--dbname={settings.database_url}", *map(str, arguments)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupToolError(tool=tool, problem="it is not installed (package postgresql-client)") from error
    if done.returncode:
        raise BackupToolError(
            tool=tool, problem=done.stderr.strip().splitlines()[-1] if done.stderr else "no reason given"
        )


def _list_recordings(settings: Settings, place: Path) -> int:
    names = sorted(_recordings(settings.recordings_dir))
    (place / _RECORDINGS).write_text("".join(f"{name}\n" for name in names), "utf-8")
    return len(names)


def _recordings(root: Path) -> Iterator[str]:
    return (str(path.relative_to(root)) for path in root.rglob("*.sealed"))


def _secrets_dir(settings: Settings) -> Path:
    return settings.secrets_dir or settings.data_dir / _SECRETS


def _write_manifest(settings: Settings, place: Path, copies: Sequence[str]) -> None:
    manifest = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("hotline-centre"),
        "database": _kind(settings),
        "files": {name: _sha256(place / name) for name in copies},
    }
    (place / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "ascii")


def _kind(settings: Settings) -> str:
    return "postgresql" if settings.is_postgresql else "sqlite"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- checking and putting back --------------------------------------------------------------------------------------


def _checked_manifest(settings: Settings, place: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file is whole and which fits together."""

    def broken(problem: str) -> BackupBrokenError:
        return BackupBrokenError(directory=str(place), problem=problem)

    try:
        manifest: dict[str, Any] = json.loads((place / _MANIFEST).read_text("ascii"))
    except (OSError, ValueError) as error:
        raise broken("it has no readable manifest.json") from error
    if manifest["database"] != _kind(settings):
        raise broken(f"it was made from {manifest['database']}, and this centre uses {_kind(settings)}")
    for name, expected in manifest["files"].items():
        if not (place / name).is_file() or _sha256(place / name) != expected:
            raise broken(f"{name} is missing or damaged")
    if not settings.is_postgresql and (beyond := _cursor_beyond_log(place)):
        raise broken(beyond)
    return manifest


def _cursor_beyond_log(place: Path) -> str | None:
    """What is wrong when main was projected further than the routing log reaches, else None."""
    cursors = dict(_rows(place / "main.sqlite3", "SELECT pool, seq FROM contacts_projectorcursor"))
    ends = dict(_rows(place / "routing.sqlite3", "SELECT pool, max(seq) FROM routing_log GROUP BY pool"))
    for pool, seq in cursors.items():
        if seq > ends.get(pool, 0):
            return f"main was projected up to {seq} of pool {pool}, but its routing log ends at {ends.get(pool, 0)}"
    return None


def _rows(path: Path, query: str) -> list[Any]:
    """The rows, or none when the file or its table does not exist (a centre that has not run yet)."""
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []


def _replace_files(settings: Settings, place: Path, names: Sequence[str]) -> str:
    """Set the present files aside, copy the others in; answers where the former ones are."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = settings.data_dir / f"before-restore-{stamp}"
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside.mkdir(mode=0o700)
    for database in _ORDER:
        for present in settings.data_dir.glob(f"{settings.sqlite_path(database).name}*"):
            present.rename(aside / present.name)
    for name in names:
        shutil.copy2(place / name, settings.data_dir / name)
    return f"the former files are in {aside}"


def _replace_schemas(settings: Settings, place: Path, names: Sequence[str]) -> str:
    """Rename the present schemas, load the others; answers where the former ones are. A failed load changes nothing."""
    suffix = datetime.now(UTC).strftime("_before_%Y%m%dt%H%M%S")
    for name in names:
        schema = Path(name).stem
        _rename_schema(settings, schema, schema + suffix)
        try:
            _run_tool(settings, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", place / name)
        except BackupToolError:
            _rename_schema(settings, schema + suffix, schema)
            raise
    return f"the former schemas end in {suffix}"


def _rename_schema(settings: Settings, present: str, wanted: str) -> None:
    with psycopg.connect(settings.database_url) as connection:
        rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(present), sql.Identifier(wanted))
        if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [present]).fetchone():
            connection.execute(rename)


def _restore_secrets(settings: Settings, place: Path) -> str:
    """Secrets come back only where there are none: those in use may be newer."""
    target = _secrets_dir(settings)
    if not (place / _SECRETS).exists():
        return "secrets untouched"
    copied = 0
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for key in (place / _SECRETS).glob("*.key"):
        if not (target / key.name).exists():
            shutil.copy2(key, target / key.name)
            copied += 1
    return f"{copied} secrets put back"


def _missing_recordings(settings: Settings, place: Path) -> int:
    listed = (place / _RECORDINGS).read_text("utf-8").splitlines() if (place / _RECORDINGS).exists() else []
    return sum(not (settings.recordings_dir / name).exists() for name in listed)
