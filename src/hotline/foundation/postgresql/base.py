"""The second wall's messenger: `hotline.tenants` is set inside each transaction, never on the connection."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from hotline.foundation.scope import current_scope

_ALL_TENANTS = "*"


def scope_text() -> str:
    """The active scope as row-level security reads it: ids by comma, `*` for a declared escape, empty for nothing."""
    scope = current_scope()
    if scope is None:
        return ""
    return _ALL_TENANTS if scope.tenant_ids is None else ",".join(sorted(map(str, scope.tenant_ids)))


class DatabaseWrapper(base.DatabaseWrapper):
    """Sends `SET LOCAL hotline.tenants` before the first query of a transaction and whenever the scope has changed."""

    announced_scope: str | None = None

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.announced_scope = None
        if self._announce_scope not in self.execute_wrappers:
            self.execute_wrappers.append(self._announce_scope)

    def _announce_scope(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        wanted = scope_text()
        if self._has_failed():
            # Only a rollback can follow, and a further statement would hide the error that people need to see.
            return execute(sql, params, many, context)
        if self.in_atomic_block or not self.get_autocommit():
            if wanted != self.announced_scope:
                self._announce(wanted)
            return execute(sql, params, many, context)
        if not wanted:
            return execute(sql, params, many, context)
        with transaction.atomic(using=self.alias):
            self._announce(wanted)
            return execute(sql, params, many, context)

    def _has_failed(self) -> bool:
        return self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR

    def _announce(self, wanted: str) -> None:
        assert self.connection is not None
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('hotline.tenants', %s, true)", [wanted])
        self.announced_scope = wanted

    # SET LOCAL ends with its transaction, and a savepoint that is rolled back takes back what was set after it.
    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # missing in django-stubs
        self.announced_scope = None

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # missing in django-stubs
        self.announced_scope = None

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # missing in django-stubs
        self.announced_scope = None

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # missing in django-stubs
        self.announced_scope = None
