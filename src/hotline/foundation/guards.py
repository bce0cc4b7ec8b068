"""The second wall, in the database itself: put up after every migration, whatever the first wall's code does.

- PostgreSQL: forced row-level security on every tenant table, for a role that owns nothing.
- Both: a reference to another tenant's row is refused (composite foreign keys on PostgreSQL, triggers on SQLite).
- Both: the audit's lines and seals can be added, never changed or deleted.

Everything here can be run again at any time. It is not in migrations because it follows the models of all domains, and
because SQLite rebuilds a table to change it, which would lose the triggers. The names in these statements are our own
models'; nothing that a person typed reaches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from hotline.foundation.databases import APP_ROLE, MAIN_SCHEMA, make_app_role
from hotline.foundation.models import AuditEntry, AuditSeal
from hotline.foundation.partitions import (
    convert_to_partitions,
    ensure_partitions,
    make_partition_function,
    partitioned_models,
)
from hotline.foundation.tenancy import TenantModel, tenant_models

APPEND_ONLY: Final[tuple[type[models.Model], ...]] = (AuditEntry, AuditSeal)
_PREFIX: Final = "hotline_guard_"  # of every trigger, policy and constraint made here
_SCOPE: Final = "current_setting('hotline.tenants', true)"
_IN_REACH: Final = (
    f"{_SCOPE} = '*' OR tenant_id = ANY (string_to_array(NULLIF(NULLIF({_SCOPE}, ''), '*'), ',')::uuid[])"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key from one tenant table to another."""

    table: str
    column: str
    target: str

    @property
    def name(self) -> str:
        return f"{_PREFIX}{self.table}_{self.column}"[:63]


def references() -> Iterator[Reference]:
    """Every foreign key between tenant tables."""
    for model in tenant_models():
        for field in model._meta.local_fields:
            target = field.related_model if isinstance(field, models.ForeignKey) else None
            if isinstance(target, type) and issubclass(target, TenantModel):
                yield Reference(model._meta.db_table, field.column or "", target._meta.db_table)


def put_up(**_signal: Any) -> None:
    """Put up every guard for the tables that exist."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _put_up_postgresql(cursor, present)
        else:
            _put_up_sqlite(cursor, present)


def take_down(**_signal: Any) -> None:
    """Make ready for migrations: on SQLite they rename tables, and must find no trigger that speaks of them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {MAIN_SCHEMA}")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [_PREFIX + "%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {_quoted(name)}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# --- SQLite ---------------------------------------------------------------------------------------------------------


def _put_up_sqlite(cursor: CursorWrapper, present: set[str]) -> None:
    for model in APPEND_ONLY:
        table = model._meta.db_table
        if table in present:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(_append_only_trigger(table, verb))
    for reference in references():
        if {reference.table, reference.target} <= present:
            for verb, name in (("INSERT", "add"), (f"UPDATE OF tenant_id, {_quoted(reference.column)}", "change")):
                cursor.execute(_same_tenant_trigger(reference, verb, name))


def _append_only_trigger(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {_quoted(f'{_PREFIX}{table}_{verb.lower()}')} BEFORE {verb} ON {_quoted(table)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} can only be added to'); END"
    )


def _same_tenant_trigger(reference: Reference, verb: str, name: str) -> str:
    trigger, table = _quoted(f"{reference.name}_{name}"), _quoted(reference.table)
    column, target = _quoted(reference.column), _quoted(reference.target)
    is_foreign = f"SELECT 1 FROM {target} WHERE id = NEW.{column} AND tenant_id <> NEW.tenant_id"  # noqa: S608
    return (
        f"CREATE TRIGGER IF NOT EXISTS {trigger} BEFORE {verb} ON {table} WHEN EXISTS ({is_foreign}) "
        f"BEGIN SELECT RAISE(ABORT, '{reference.table}.{reference.column} points to another tenant'); END"
    )


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _put_up_postgresql(cursor: CursorWrapper, present: set[str]) -> None:
    convert_to_partitions(cursor, present)
    _make_app_role(cursor)
    make_partition_function(cursor, APP_ROLE)
    for model in tenant_models():
        if model._meta.db_table in present:
            _force_row_level_security(cursor, model._meta.db_table)
    for table in {model._meta.db_table for model in APPEND_ONLY} & present:
        _make_append_only(cursor, table)
    for reference in references():
        if {reference.table, reference.target} <= present:
            _make_composite(cursor, reference)
    if {model._meta.db_table for model in partitioned_models()} <= present:
        ensure_partitions()
    _close_partitions(cursor)


def _close_partitions(cursor: CursorWrapper) -> None:
    """Row-level security of a partitioned table does not bind its partitions: nobody may name them directly."""
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE relkind = 'r'"
    )
    for (partition,) in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON {partition} FROM {APP_ROLE}")


def _make_app_role(cursor: CursorWrapper) -> None:
    """The role in which web and worker speak: it may use the tables and owns none."""
    make_app_role(cursor.execute)
    cursor.execute("SELECT current_schema()")
    schema = _quoted(cursor.fetchone()[0])
    cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {APP_ROLE}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {APP_ROLE}")


def _force_row_level_security(cursor: CursorWrapper, table: str) -> None:
    policy = _quoted(f"{_PREFIX}tenants")
    cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS {policy} ON {_quoted(table)}")
    cursor.execute(f"CREATE POLICY {policy} ON {_quoted(table)} USING ({_IN_REACH}) WITH CHECK ({_IN_REACH})")


def _make_append_only(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {_quoted(table)} FROM {APP_ROLE}")
    function = f"{_PREFIX}append_only"
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% can only be added to', TG_TABLE_NAME; END $$"
    )
    name = _quoted(f"{_PREFIX}append_only")
    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {_quoted(table)}")
    cursor.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {_quoted(table)} FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def _make_composite(cursor: CursorWrapper, reference: Reference) -> None:
    """A foreign key over (tenant_id, id) beside Django's over id."""
    table, target, name = _quoted(reference.table), _quoted(reference.target), _quoted(reference.name)
    unique = _quoted(f"{_PREFIX}key_{reference.target}"[:63])
    cursor.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {unique} ON {target} (tenant_id, id)")
    if not _has_constraint(cursor, reference.table, reference.name):
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, {_quoted(reference.column)}) "
            f"REFERENCES {target} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"
        )


def _has_constraint(cursor: CursorWrapper, table: str, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s", [table, name])
    return cursor.fetchone() is not None
