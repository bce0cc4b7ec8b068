"""What the database says when it cannot do something now, as an error that says to try again.

Read from the driver's own codes: the sentences of a database are for its administrator, and may name rows."""

import errno
import sqlite3
from typing import Final

import psycopg
from django.db import Error

from hotline.foundation.errors import DatabaseAwayError, DatabaseBusyError, DatabaseFullError, TryAgainError

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_SQLITE: Final[dict[int, type[TryAgainError]]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusyError,
    sqlite3.SQLITE_LOCKED: DatabaseBusyError,
    sqlite3.SQLITE_FULL: DatabaseFullError,
    sqlite3.SQLITE_CANTOPEN: DatabaseAwayError,
    sqlite3.SQLITE_IOERR: DatabaseAwayError,
}
_POSTGRESQL: Final[dict[str, type[TryAgainError]]] = {
    "55P03": DatabaseBusyError,  # waited for a lock for longer than lock_timeout
    "40P01": DatabaseBusyError,  # two that wait for each other: this one gave way
    "40001": DatabaseBusyError,  # could not be put in order with another
    "53100": DatabaseFullError,
    "53300": DatabaseAwayError,  # it takes no more connections
    "57P01": DatabaseAwayError,  # it is being stopped
    "57P02": DatabaseAwayError,
    "57P03": DatabaseAwayError,  # it is starting
}
_CONNECTION_CLASS: Final = "08"


def trouble_of(error: BaseException) -> TryAgainError | None:
    """The error of ours for a database that is locked, away or full; None for everything else."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return DatabaseFullError()
    if not isinstance(error, Error):
        return None
    kind = _kind_of(error.__cause__)
    return None if kind is None else kind()


def mark_of(error: BaseException) -> str:
    """The driver's code, for the log: nothing of what was asked or stored."""
    match error.__cause__:
        case sqlite3.Error() as said:
            return str(getattr(said, "sqlite_errorname", type(said).__name__))
        case psycopg.Error() as said:
            return said.sqlstate or type(said).__name__
    return errno.errorcode.get(error.errno or 0, "OSError") if isinstance(error, OSError) else type(error).__name__


def _kind_of(said: BaseException | None) -> type[TryAgainError] | None:
    match said:
        case sqlite3.Error():
            # The low byte of an extended code is the code that it refines.
            return _SQLITE.get(getattr(said, "sqlite_errorcode", 0) & 0xFF)
        case psycopg.OperationalError(sqlstate=None):
            return DatabaseAwayError  # said by the driver itself: there is nobody at the other end
        case psycopg.Error(sqlstate=str(code)):
            return DatabaseAwayError if code.startswith(_CONNECTION_CLASS) else _POSTGRESQL.get(code)
    return None
