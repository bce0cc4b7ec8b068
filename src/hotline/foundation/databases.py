"""Where rows live: Django's database configuration for SQLite (DESIGN §3, SQLite rules) and PostgreSQL."""

from collections.abc import Callable
from typing import Any, Final, LiteralString
from urllib.parse import unquote, urlsplit

from hotline.kernel.settings import Settings

APP_ROLE: Final = "hotline_app"  # owns nothing, so that row-level security and the audit's triggers bind it
MAIN_SCHEMA = "main"
_BUSY_TIMEOUT_S = 5


def database_configuration(settings: Settings, *, as_owner: bool = False) -> dict[str, Any]:
    """Django's entry for the main database. `as_owner` is for migrations only."""
    return _postgresql(settings, as_owner) if settings.is_postgresql else _sqlite(settings)


def make_app_role(execute: Callable[[LiteralString], object]) -> None:
    """Make the role in which web and worker speak, where the server does not know it; `execute` runs as the owner."""
    create = f"CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT"
    # Roles belong to the whole cluster: another database's migration may make it at the same moment.
    execute(f"DO $$ BEGIN {create}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
    execute(f"GRANT {APP_ROLE} TO CURRENT_USER")


def _sqlite(settings: Settings) -> dict[str, Any]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(settings.sqlite_path("main")),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": _BUSY_TIMEOUT_S,
            # Deferred transactions fail under load when they turn from reading to writing.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(settings: Settings, as_owner: bool) -> dict[str, Any]:
    parts = urlsplit(settings.database_url)
    # Nobody waits for a lock for longer than on SQLite; migrations wait as long as they must.
    of_app = f" -c role={APP_ROLE} -c lock_timeout={_BUSY_TIMEOUT_S}s"
    options = f"-c search_path={MAIN_SCHEMA}" + ("" if as_owner else of_app)
    return {
        "ENGINE": "hotline.foundation.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": options, "connect_timeout": _BUSY_TIMEOUT_S},
    }
