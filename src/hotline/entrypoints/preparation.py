"""Whether the database is ready for this very program: most starts change nothing, and need not wait for Django.

A preparation leaves the program's fingerprint in the database itself, so that it is copied and lost with it."""

import contextlib
import hashlib
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import hotline
from hotline.entrypoints.example import SCENARIO, loaded_lines
from hotline.kernel.settings import Settings

Step = Literal["tables", "example"]
_PACKAGE: Final = Path(hotline.__file__).parent
_MIGRATING: Final = ("django", "django-allauth", "django-axes")  # bring tables of their own
_QUERY: Final = "SELECT step, fingerprint FROM {}foundation_preparation"


def lines_when_ready(settings: Settings, *, with_example: bool) -> list[str] | None:
    """What to print when there is nothing to prepare (the example's log-ins); None when there is."""
    done = _done(settings)
    if done.get("tables") != fingerprint("tables"):
        return None
    if not with_example:
        return []
    return loaded_lines(settings) if done.get("example") == fingerprint("example") else None


def fingerprint(step: Step) -> str:
    """Changes with whatever the step is made of: any line of the program, what brings tables, the example's data."""
    digest = hashlib.sha256("".join(f"{name}={version(name)}\n" for name in _MIGRATING).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(f"{path.relative_to(_PACKAGE)}\n".encode())
        digest.update(path.read_bytes())
    if step == "example" and SCENARIO.exists():
        digest.update(SCENARIO.read_bytes())
    return digest.hexdigest()


def _done(settings: Settings) -> dict[Any, Any]:
    """The fingerprint of each step that this database has had; none when that cannot be read, whatever the reason."""
    return _done_in_postgresql(settings) if settings.is_postgresql else _done_in_sqlite(settings)


def _done_in_sqlite(settings: Settings) -> dict[Any, Any]:
    path = settings.sqlite_path("main")
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return dict(connection.execute(_QUERY.format("")).fetchall())
    except sqlite3.Error:
        return {}


def _done_in_postgresql(settings: Settings) -> dict[Any, Any]:
    import psycopg  # noqa: PLC0415  # 0.1 s that a start on SQLite need not spend

    try:
        with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
            return dict(connection.execute(_QUERY.format("main.")).fetchall())
    except psycopg.Error:
        return {}
