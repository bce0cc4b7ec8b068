"""Where the routing log is kept: a SQLite file on one machine, a PostgreSQL schema beyond (`postgresql_store`).

Thin: connect, run, translate. Statements use `?` and bare table names. Each store is used by one thread at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from hotline.kernel.errors import HotlineError

TABLES = (
    "CREATE TABLE IF NOT EXISTS routing_log (pool text NOT NULL, seq bigint NOT NULL, epoch bigint NOT NULL,"
    " schema_version integer NOT NULL, events {blob} NOT NULL, PRIMARY KEY (pool, seq))",
    "CREATE TABLE IF NOT EXISTS routing_snapshot (pool text NOT NULL, seq bigint NOT NULL, epoch bigint NOT NULL,"
    " schema_version integer NOT NULL, body {blob} NOT NULL, PRIMARY KEY (pool, seq))",
    "CREATE TABLE IF NOT EXISTS routing_lease (pool text PRIMARY KEY, epoch bigint NOT NULL,"
    " expires_at bigint NOT NULL)",
)


class KeyTakenError(Exception):
    """A row with this primary key exists."""


class StoreFailedError(HotlineError):
    code = "routing_log.store_failed"
    status = 503
    sentence = "The routing log cannot be used ({cause}): free space on its disk or start its database."


class Store(Protocol):
    """`now_ms` is an SQL expression for the database's clock; `lease_ms` is 0 where no lease is needed."""

    now_ms: str
    lease_ms: int

    def create_tables(self) -> None: ...
    def execute(self, statement: str, *values: object) -> int: ...
    def fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def reopen(self) -> None: ...
    def close(self) -> None: ...


class SqliteStore:
    """One file under the rules of the design: WAL, FULL, IMMEDIATE, 5 s of patience.

    Its lease is always run out: whoever gets the machine's port and socket knows that the former switch is dead."""

    now_ms = "CAST((julianday('now') - 2440587.5) * 86400000 AS integer)"
    lease_ms = 0

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._connect()

    def _connect(self) -> None:
        with _sqlite_errors():
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=5.0, check_same_thread=False)
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL"):
            self._run(f"PRAGMA {pragma}")

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:  # and no context manager: every commit passes here
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise _translated(error) from error

    def create_tables(self) -> None:
        with self.transaction():
            for table in TABLES:
                self._run(table.format(blob="blob"))

    def execute(self, statement: str, *values: object) -> int:
        return self._run(statement, values).rowcount

    def fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._run(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk may have ended the transaction already: then there is nothing to roll back.
            if self._connection.in_transaction:
                self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    def reopen(self) -> None:
        self.close()
        self._connect()

    def close(self) -> None:
        self._connection.close()


class SqliteReadStore(SqliteStore):
    """The same file, of which nothing is changed: beside a switch that writes it, or without one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connect()

    def _connect(self) -> None:
        with _sqlite_errors():
            self._connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5.0
            )

    def create_tables(self) -> None:
        """Nothing: whoever writes makes them."""


@contextmanager
def _sqlite_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error) from error


def _translated(error: sqlite3.Error) -> Exception:
    return KeyTakenError() if isinstance(error, sqlite3.IntegrityError) else StoreFailedError(cause=error)
