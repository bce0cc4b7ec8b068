"""Tables that PostgreSQL keeps in one partition per month. On SQLite they are ordinary tables.

The partition key is the UUIDv7 id itself, whose first 48 bits are its time: so the id stays the primary key, upserts by
id and foreign keys keep working, and a query that bounds the id reads only the months it needs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

_V7 = 0x7 << 76 | 0b10 << 62


class MonthPartitioned(models.Model):
    """Mixin for a model with a UUIDv7 `id`: on PostgreSQL its table is partitioned by the month of the id."""

    class Meta:
        abstract = True


def first_id_of(moment: datetime) -> UUID:
    """The least UUIDv7 of an aware moment: rows made since then have `id__gte` this."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | _V7)


def partitioned_models() -> tuple[type[models.Model], ...]:
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
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return []
        quoted = connection.ops.quote_name
        cursor.execute(
            f"CREATE TABLE {quoted(name)} PARTITION OF {quoted(table)} "
            f"FOR VALUES FROM ('{_bound(first)}') TO ('{_bound(after)}')"
        )
    return [name]
