"""What a database says of its own structure, as a set of sentences: so that two can be compared, whatever made them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg

_POSTGRESQL = (
    # columns
    "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,"
    " pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    " JOIN pg_class ON pg_class.oid = attrelid"
    " WHERE relnamespace = 'main'::regnamespace AND attnum > 0 AND NOT attisdropped",
    # tables, what row-level security they have, and who may do what with them
    "SELECT relname, relkind, relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class"
    " WHERE relnamespace = 'main'::regnamespace",
    # indexes and constraints; those of partitions follow their parents', under names that PostgreSQL numbers
    "SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indrelid"
    " WHERE relnamespace = 'main'::regnamespace AND NOT relispartition",
    "SELECT conrelid::regclass::text, conname, condeferrable, condeferred, convalidated, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'main'::regnamespace AND conparentid = 0",
    "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'main'::regnamespace",
)


def schema_in_postgresql(url: str) -> set[str]:
    """Columns, tables, indexes, constraints, triggers, policies and functions of the schema main."""
    with psycopg.connect(url) as connection:
        return {str(row) for query in _POSTGRESQL for row in connection.execute(query.encode()).fetchall()}


def schema_in_sqlite(path: Path) -> set[str]:
    """Every definition inside every table, and every index and trigger; the order of columns does not count."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        f"{kind} {name}: {line}" for kind, name, sql in rows for line in (_parts(sql) if kind == "table" else [sql])
    }


def _parts(create_table: str) -> Iterator[str]:
    """What stands between the commas of a table's definition that are in no bracket and no quotation."""
    depth, begins, quoted_by = 0, create_table.index("(") + 1, ""
    for at, letter in enumerate(create_table):
        if quoted_by or letter in "'\"":
            quoted_by = "" if letter == quoted_by else quoted_by or letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        if not quoted_by and ((letter == "," and depth == 1) or (letter == ")" and depth == 0)):
            yield create_table[begins:at].strip()
            begins = at + 1
