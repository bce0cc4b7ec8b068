"""The routing log in a PostgreSQL schema. A module of its own: a switch on SQLite starts a quarter sooner without the
driver, and its callers wait for that after a crash."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from hotline.live.switch.stores import TABLES, KeyTakenError, StoreFailedError

Found = TypeVar("Found")
_SCHEMA_LOCK = 7_013_511  # any constant: two processes must not create the same tables at once
_TCP_GIVES_UP_MS = 5_000  # a database whose machine is gone says no good-bye
# One that is frozen says nothing at all, and its machine goes on acknowledging: who waited for it would not notice that
# another has taken its place.
ANSWERS_WITHIN_S = 10.0


class _Connection(psycopg.Connection[Any]):
    """A connection that is given up when the database does not answer."""

    def wait(self, gen: PQGen[Found], interval: float = 0.1, timeout: float | None = None) -> Found:
        try:
            return super().wait(gen, interval, ANSWERS_WITHIN_S if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()  # or whoever closes it would ask it to roll back, and wait again
            raise


class PostgresqlStore:
    """The schema `routing` of one database; a lease of 2 s keeps two switches from taking turns."""

    now_ms = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
    lease_ms = 2000

    _options = ""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connect()

    def _connect(self) -> None:
        # A switch that is frozen within a transaction must not keep its locks from the one that takes over.
        options = "-c search_path=routing -c synchronous_commit=on -c idle_in_transaction_session_timeout=1000"
        options += self._options
        with _postgresql_errors():
            self._connection = _Connection.connect(
                self._url, autocommit=True, options=options, connect_timeout=5, tcp_user_timeout=_TCP_GIVES_UP_MS
            )

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
        with _postgresql_errors():
            return self._connection.execute(statement.replace("?", "%s"), values)

    def create_tables(self) -> None:
        with self.transaction():
            self._run("SELECT pg_advisory_xact_lock(?)", (_SCHEMA_LOCK,))
            if self.fetch("SELECT to_regnamespace('routing') IS NULL")[0][0]:
                self._run("CREATE SCHEMA routing")
            if self.fetch("SELECT to_regclass('routing.routing_lease') IS NULL")[0][0]:
                for table in TABLES:
                    self._run(table.format(blob="bytea"))

    def execute(self, statement: str, *values: object) -> int:
        return self._run(statement, values).rowcount

    def fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._run(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with _postgresql_errors(), self._connection.transaction():
            yield

    def reopen(self) -> None:
        self.close()
        self._connect()

    def close(self) -> None:
        self._connection.close()


class PostgresqlReadStore(PostgresqlStore):
    """The same schema, of which nothing is changed."""

    _options = " -c default_transaction_read_only=on"

    def create_tables(self) -> None:
        """Nothing: whoever writes makes them."""

    def has_log(self) -> bool:
        """Whether a switch has ever made the tables here."""
        return bool(self.fetch("SELECT to_regclass('routing.routing_log') IS NOT NULL")[0][0])


@contextmanager
def _postgresql_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise KeyTakenError from error
    except psycopg.Error as error:
        # Only the kind: the text of a failed connection may name hosts and users.
        raise StoreFailedError(cause=type(error).__name__) from error
