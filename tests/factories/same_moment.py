"""People who act at the same moment, each in a thread with a database connection of its own.

A race that depends on luck proves little. Here nobody may write until everybody has read what they decide by and waits
for their turn: then all are let go at once."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from hotline.domains.workforce.models import Roster
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import TenantModel, tenant_scope
from hotline.kernel.errors import HotlineError

Act = Callable[[], object]
_PATIENCE_S: Final = 30.0


@contextmanager
def shared_database(directory: Path) -> Iterator[None]:
    """SQLite as an installation has it: a file. PostgreSQL stays as it is.

    The tests' database in memory is no stand-in: its connections share one cache, whose locks nobody waits for
    (SQLITE_LOCKED_SHAREDCACHE at once, whatever the timeout), where those of a file wait for each other."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = directory / "main.sqlite3"
    with sqlite3.connect(file) as copy:
        memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name


def at_once(tenant: Tenant, *acts: Act, held: type[TenantModel] = Roster) -> list[object]:
    """What each of them came to, in order: what it answered, or the HotlineError that refused it. `held` are the
    tenant's rows that all of them have to lock.

    Anything else that one of them meets is raised here, and so is an act that does not end."""
    people = [_Person(act) for act in acts]
    with tenant_scope(tenant.pk), transaction.atomic():
        list(held.objects.select_for_update().filter(tenant=tenant).order_by("pk"))
        for person in people:
            person.start()
        _wait_until(lambda: _all_wait(people))
    for person in people:
        person.join(_PATIENCE_S)
        if person.is_alive():
            raise AssertionError("an act did not end")
        if person.fault is not None:
            raise person.fault
    return [person.came_to for person in people]


def code_of(came_to: object) -> str:
    """The code of the error; `done` for whoever met none."""
    return came_to.code if isinstance(came_to, HotlineError) else "done"


class _Person(threading.Thread):
    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self._act = act
        self.came_to: object = None
        self.fault: BaseException | None = None
        self.asks_to_write = False
        self.server_process: int | None = None

    def run(self) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                self.server_process = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._notice):
                self.came_to = self._act()
        except HotlineError as error:
            self.came_to = error
        except BaseException as error:
            self.fault = error
        finally:
            connection.close()

    def _notice(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.asks_to_write = self.asks_to_write or sql == "BEGIN IMMEDIATE"
        return execute(sql, params, many, context)


def _all_wait(people: list[_Person]) -> bool:
    """Whether everybody waits for what this thread holds, or has ended without it."""
    waiting: set[int] = set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted")
            waiting = {pid for (pid,) in cursor.fetchall()}
    return all(one.asks_to_write or one.server_process in waiting or not one.is_alive() for one in people)


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("not everybody came to their turn")
        time.sleep(0.005)
