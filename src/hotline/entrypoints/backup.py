"""`hotline backup` and `hotline restore`: consistent copies of the databases, main always before routing.

The projector's cursor in main must never lie beyond the routing log; copying main first can only leave it behind, and
the projector then reads on from there. On PostgreSQL all three schemas are copied as of one moment. Recordings are many
and large, and already sealed: the copy lists them, so that a restore can say which are missing, and leaves copying them
to the installation's own file backup."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from hotline.foundation.databases import make_app_role
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

Database = Literal["main", "routing", "jobs"]
_ORDER: Final[tuple[Database, ...]] = ("main", "routing", "jobs")
_MANIFEST: Final = "manifest.json"
_RECORDINGS: Final = "recordings.txt"
_AUDIT_HEAD: Final = "audit-head.json"
_SECRETS: Final = "secrets"
_UNFINISHED: Final = ".unfinished"
# Up to which batch main was projected, and the last batch of each pool.
_CURSORS: Final = 'SELECT pool, seq + CASE WHEN "offset" > 0 THEN 1 ELSE 0 END FROM {}contacts_projectorcursor'
_LOG_ENDS: Final = "SELECT pool, max(seq) FROM {}routing_log GROUP BY pool"


class BackupPlaceError(HotlineError):
    code = "backup.place_taken"
    sentence = "{directory} is not empty. Name a new directory for the backup."


class BackupEmptyError(HotlineError):
    code = "backup.nothing_there"
    sentence = "There is no database to copy: check HOTLINE_DATA_DIR ({data_dir}) and HOTLINE_DATABASE_URL."


class BackupUnwritableError(HotlineError):
    code = "backup.unwritable"
    sentence = (
        "{directory} could not be written ({problem}): free space or name a directory on another disk. "
        "Nothing was left behind."
    )


class BackupBrokenError(HotlineError):
    code = "backup.broken"
    sentence = "{directory} cannot be restored: {problem}. Nothing was changed; use another backup."


class BackupToolError(HotlineError):
    code = "backup.tool_failed"
    status = 500
    sentence = "{tool} failed: {problem}. Nothing was left half done."


class BackupDatabaseError(HotlineError):
    code = "backup.database_away"
    status = 500
    sentence = (
        "The database does not answer ({problem}): start it, or correct HOTLINE_DATABASE_URL. Nothing was changed."
    )


def backup(settings: Settings, directory: str, *, with_secrets: bool = False) -> str:
    """Write a copy of the databases into a new directory; answers one line about it. The centre may be running.

    The directory gets its name when the copy is whole. Raises BackupPlaceError when it holds something,
    BackupEmptyError, BackupUnwritableError, BackupToolError when PostgreSQL's tool fails, BackupDatabaseError."""
    place = Path(directory)
    if place.exists() and any(place.iterdir()):
        raise BackupPlaceError(directory=directory)
    unfinished = place.with_name(place.name + _UNFINISHED)
    try:
        shutil.rmtree(unfinished, ignore_errors=True)  # of a backup that was killed
        unfinished.mkdir(parents=True, mode=0o700)
        report = _fill(settings, unfinished, with_secrets=with_secrets)
        unfinished.rename(place)
    except (OSError, sqlite3.Error) as error:
        raise BackupUnwritableError(directory=directory, problem=_reason(error)) from error
    except psycopg.Error as error:
        raise BackupDatabaseError(problem=_reason(error)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return f"backup: {report.format(place=place)}"


def _reason(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text.strip().splitlines()[0]


def _fill(settings: Settings, place: Path, *, with_secrets: bool) -> str:
    """Everything that belongs into the copy; answers the report's line with its place left open."""
    if settings.is_postgresql:
        copies, positions = _dump_schemas(settings, place)
    else:
        copies = [copy for name in _ORDER if (copy := _copy_file(settings, name, place)) is not None]
        positions = _positions_in_files(place)
    if not copies:
        raise BackupEmptyError(data_dir=settings.data_dir)
    head = settings.data_dir / _AUDIT_HEAD
    if head.exists():
        shutil.copy2(head, place / _AUDIT_HEAD)
    recordings = _list_recordings(settings, place)
    if with_secrets:
        shutil.copytree(_secrets_dir(settings), place / _SECRETS)
        (place / _SECRETS).chmod(0o700)
    _write_manifest(settings, place, copies, positions)
    secrets = "with secrets: keep it locked away" if with_secrets else "without secrets: keep those apart"
    return f"{len(copies)} databases in {{place}}, {recordings} recordings listed, {secrets}"


def restore(settings: Settings, directory: str) -> str:
    """Put a backup in place of the present data, which is set aside; answers one line about it. The centre must be off.

    Raises BackupBrokenError, before anything is changed, when the copy is damaged or does not fit together;
    BackupToolError and BackupDatabaseError when PostgreSQL refuses, which leaves everything as it was."""
    place = Path(directory)
    manifest = _checked_manifest(settings, place)
    try:
        if settings.is_postgresql:
            aside = _replace_schemas(settings, place, list(manifest["files"]))
        else:
            aside = _replace_files(settings, place, list(manifest["files"]))
    except psycopg.Error as error:
        raise BackupDatabaseError(problem=_reason(error)) from error
    if (place / _AUDIT_HEAD).exists():
        shutil.copy2(place / _AUDIT_HEAD, settings.data_dir / _AUDIT_HEAD)
    restored_secrets = _restore_secrets(settings, place)
    missing = _missing_recordings(settings, place)
    return f"restored the backup of {manifest['made_at']}; {aside}; {restored_secrets}; {missing} recordings missing"


# --- copying out ----------------------------------------------------------------------------------------------------

Positions = dict[str, dict[str, int]]  # "cursors" and "log_ends", by pool


def _copy_file(settings: Settings, name: Database, place: Path) -> str | None:
    """The name of the copy's file, or None when that database does not exist yet."""
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


def _positions_in_files(place: Path) -> Positions:
    return {
        "cursors": dict(_rows(place / "main.sqlite3", _CURSORS.format(""))),
        "log_ends": dict(_rows(place / "routing.sqlite3", _LOG_ENDS.format(""))),
    }


def _rows(path: Path, query: str) -> list[Any]:
    """The rows, or none when the file or its table does not exist (a centre that has not run yet)."""
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []


def _dump_schemas(settings: Settings, place: Path) -> tuple[list[str], Positions]:
    """The dumps' files, and how far each pool was; all as one moment saw them."""
    with psycopg.connect(settings.database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = str(connection.execute("SELECT pg_export_snapshot()").fetchall()[0][0])
        present = {row[0] for row in connection.execute("SELECT nspname FROM pg_namespace").fetchall()}
        dumps = [_dump(settings, name, place, snapshot) for name in _ORDER if name in present]
        positions: Positions = {
            "cursors": _pairs(connection, "main.contacts_projectorcursor", _CURSORS.format("main.")),
            "log_ends": _pairs(connection, "routing.routing_log", _LOG_ENDS.format("routing.")),
        }
    return dumps, positions


def _pairs(connection: psycopg.Connection[Any], table: str, query: str) -> dict[str, int]:
    if connection.execute("SELECT to_regclass(%s)", [table]).fetchall()[0][0] is None:
        return {}
    return {str(pool): int(seq) for pool, seq in connection.execute(query.encode()).fetchall()}


def _dump(settings: Settings, name: Database, place: Path, snapshot: str) -> str:
    target = f"{name}.dump"
    # Forced row-level security hides every row from a dump, unless the dump names all tenants.
    options = ("--format=custom", "--enable-row-security", f"--schema={name}", f"--snapshot={snapshot}")
    _run_tool(settings, "pg_dump", *options, f"--file={place / target}")
    return target


def _run_tool(settings: Settings, tool: str, *arguments: str | Path) -> None:
    url = urlsplit(settings.database_url)
    environment = {**os.environ, "PGOPTIONS": "-c hotline.tenants=*"}
    if url.password is not None:  # not on the command line, which every user of the machine may read
        environment["PGPASSWORD"] = unquote(url.password)
        url = url._replace(netloc=f"{url.username}@{url.netloc.rpartition('@')[2]}")
    command = [tool, f"--dbname={url.geturl()}", *map(str, arguments)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupToolError(tool=tool, problem="it is not installed (package postgresql-client)") from error
    if done.returncode:
        raise BackupToolError(tool=tool, problem=_told(done))


def _told(done: subprocess.CompletedProcess[str]) -> str:
    """The last thing that a failed tool said."""
    if done.returncode < 0:
        return f"ended by {signal.Signals(-done.returncode).name}"
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _list_recordings(settings: Settings, place: Path) -> int:
    names = sorted(_recordings(settings.recordings_dir))
    (place / _RECORDINGS).write_text("".join(f"{name}\n" for name in names), "utf-8")
    return len(names)


def _recordings(root: Path) -> Iterator[str]:
    return (str(path.relative_to(root)) for path in root.rglob("*.sealed"))


def _secrets_dir(settings: Settings) -> Path:
    return settings.secrets_dir or settings.data_dir / _SECRETS


def _write_manifest(settings: Settings, place: Path, copies: Sequence[str], positions: Positions) -> None:
    manifest = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("hotline-centre"),
        "database": _kind(settings),
        **positions,
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
    if beyond := _cursor_beyond_log(manifest):
        raise broken(beyond)
    return manifest


def _cursor_beyond_log(positions: Mapping[str, Any]) -> str | None:
    """What is wrong when main was projected further than the routing log reaches, else None."""
    ends = positions.get("log_ends", {})
    for pool, seq in positions.get("cursors", {}).items():
        if seq > ends.get(pool, 0):
            return f"main was projected up to {seq} of pool {pool}, but its routing log ends at {ends.get(pool, 0)}"
    return None


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
    schemas = [Path(name).stem for name in names]
    with psycopg.connect(settings.database_url) as connection:
        make_app_role(connection.execute)  # the dumps grant it rights, and a new server does not know it
        former = [schema for schema in schemas if _rename_schema(connection, schema, schema + suffix)]
    try:
        for name in names:
            _run_tool(settings, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", place / name)
    except BaseException:
        with psycopg.connect(settings.database_url) as connection:
            for schema in schemas:
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
            for schema in former:
                _rename_schema(connection, schema + suffix, schema)
        raise
    return f"the former schemas end in {suffix}" if former else "there were no former schemas"


def _rename_schema(connection: psycopg.Connection[Any], present: str, wanted: str) -> bool:
    """Whether there was such a schema; it has the other name now."""
    rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(present), sql.Identifier(wanted))
    if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [present]).fetchone():
        return False
    connection.execute(rename)
    return True


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
