"""Tables that PostgreSQL keeps in one partition per month. On SQLite they are ordinary tables.

The partition key is the UUIDv7 id itself, whose first 48 bits are its time: so the id stays the primary key, upserts by
id and foreign keys keep working, and a query that bounds the id reads only the months it needs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from hotline.foundation.tenancy import TenantModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_V7 = 0x7 << 76 | 0b10 << 62
_FUNCTION = "hotline_add_partition"
# Rows of the month may wait in the catch-all partition; they move into the new one before it is attached.
_ADD_PARTITION = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}(parent text, part text, low uuid, high uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = <schema>, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(part));
    IF to_regclass(quote_ident(part)) IS NOT NULL THEN RETURN false; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_partitioned_table WHERE partrelid = to_regclass(quote_ident(parent))) THEN
        RAISE EXCEPTION '% is not partitioned', parent;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING GENERATED '
                   'INCLUDING CONSTRAINTS)', part, parent);
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE id >= %L AND id < %L RETURNING *) '
                   'INSERT INTO %I SELECT * FROM moved', parent || '_other', low, high, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low, high);
    EXECUTE format('REVOKE ALL ON %I FROM <app_role>', part);
    RETURN true;
END $$
"""  # noqa: S608  # names of our own tables


class MonthPartitioned(TenantModel):
    """Base of a model with a UUIDv7 `id`: on PostgreSQL its table is partitioned by the month of the id."""

    class Meta(TenantModel.Meta):
        abstract = True


def first_id_of(moment: datetime) -> UUID:
    """The least UUIDv7 of an aware moment: rows made since then have `id__gte` this."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)  # a float would round into the next millisecond
    return UUID(int=milliseconds << 80 | _V7)


def partitioned_models() -> tuple[type[MonthPartitioned], ...]:
    """Every concrete month-partitioned model."""
    return tuple(model for model in apps.get_models() if issubclass(model, MonthPartitioned))


def ensure_partitions(months_ahead: int = 2, today: date | None = None) -> list[str]:
    """Make the partitions from last month to `months_ahead` months from now; answers the names of those made."""
    if connection.vendor != "postgresql":
        return []
    made: list[str] = []
    for model in partitioned_models():
        for first, after in _months(today or timezone.now().date(), months_ahead):
            made += _ensure(model._meta.db_table, first, after)
    return made


def _months(today: date, months_ahead: int) -> Iterator[tuple[date, date]]:
    this_month = today.year * 12 + today.month - 1
    for number in range(this_month - 1, this_month + months_ahead + 1):
        yield _first_day(number), _first_day(number + 1)


def _first_day(month_number: int) -> date:
    return date(month_number // 12, month_number % 12 + 1, 1)


def _bound(day: date) -> str:
    """The least id of that day's first moment, without version bits: whatever is later in time is greater."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return str(UUID(int=int(moment.timestamp() * 1000) << 80))


def _ensure(table: str, first: date, after: date) -> list[str]:
    name = f"{table}_{first:%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FUNCTION}(%s, %s, %s, %s)", [table, name, _bound(first), _bound(after)])
        return [name] if cursor.fetchone()[0] else []


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def convert_to_partitions(cursor: CursorWrapper, present: set[str]) -> None:
    """Turn each month-partitioned model's plain table, as Django's migration made it, into a partitioned one.

    Rows, indexes, and foreign keys from and to the table are kept. Does nothing to a table that is partitioned."""
    for model in partitioned_models():
        table = model._meta.db_table
        if table in present and _relation_kind(cursor, table) == "r":
            _convert(cursor, table)


def _relation_kind(cursor: CursorWrapper, table: str) -> str:
    cursor.execute("SELECT relkind::text FROM pg_class WHERE oid = %s::regclass", [table])
    return str(cursor.fetchone()[0])


def _convert(cursor: CursorWrapper, table: str) -> None:
    quoted, plain = _quoted(table), _quoted(f"{table}_plain")
    indexes, constraints, incoming = _indexes(cursor, table), _constraints(cursor, table), _incoming(cursor, table)
    with transaction.atomic():
        for source, name, _definition in incoming:
            cursor.execute(f"ALTER TABLE {source} DROP CONSTRAINT {_quoted(name)}")
        cursor.execute(f"ALTER TABLE {quoted} RENAME TO {plain}")
        kept = "INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED INCLUDING STORAGE"
        cursor.execute(f"CREATE TABLE {quoted} (LIKE {plain} {kept}) PARTITION BY RANGE (id)")
        # Ids that are no UUIDv7, or of months for which nobody made a partition, must still find a place.
        cursor.execute(f"CREATE TABLE {_quoted(f'{table}_other')} PARTITION OF {quoted} DEFAULT")
        cursor.execute(f"INSERT INTO {quoted} SELECT * FROM {plain}")  # noqa: S608
        cursor.execute(f"DROP TABLE {plain}")
        for definition in indexes:
            cursor.execute(definition)
        for name, definition in constraints:
            cursor.execute(f"ALTER TABLE {quoted} ADD CONSTRAINT {_quoted(name)} {definition}")
        for source, name, definition in incoming:
            cursor.execute(f"ALTER TABLE {source} ADD CONSTRAINT {_quoted(name)} {definition}")


def _indexes(cursor: CursorWrapper, table: str) -> list[str]:
    """Definitions of the indexes that no constraint brings with it."""
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def _constraints(cursor: CursorWrapper, table: str) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass "
        "AND contype IN ('p', 'u', 'f', 'c') ORDER BY contype DESC",
        [table],
    )
    return [(name, definition) for name, definition in cursor.fetchall()]


def _incoming(cursor: CursorWrapper, table: str) -> list[tuple[str, str, str]]:
    """Foreign keys of other tables to this one: (table, name, definition)."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE confrelid = %s::regclass AND conrelid <> confrelid AND contype = 'f'",
        [table],
    )
    return [(source, name, definition) for source, name, definition in cursor.fetchall()]


def make_partition_function(cursor: CursorWrapper, app_role: str) -> None:
    """The one thing that the app's role may do to tables: add a month. It runs with the owner's rights."""
    cursor.execute("SELECT current_schema()")
    schema = _quoted(cursor.fetchone()[0])
    cursor.execute(_ADD_PARTITION.replace("<schema>", schema).replace("<app_role>", _quoted(app_role)))
    signature = f"{_FUNCTION}(text, text, uuid, uuid)"
    cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {_quoted(app_role)}")
