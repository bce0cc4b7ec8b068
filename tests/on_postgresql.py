"""Whole centres on the PostgreSQL server that `make test` starts."""

import os
import shutil
from functools import cache
from pathlib import Path

import psycopg

from tests.centre import Centre, prepared_data

_PREPARED = "hotline_prepared"


def server_url() -> str:
    """The server, by its administrator's database."""
    name = "HOTLINE_TEST_SERVER_URL"
    server = os.environ.get(name)
    assert server, f"{name} must name a PostgreSQL server: run the suite with `make test`, which starts one"
    return server


def new_database(name: str, *, after: str = "template1", owner: str = "postgres") -> str:
    """A database of this name, made anew as a copy of another; its address."""
    server = server_url()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {after}")
    return f"{server.rpartition('/')[0]}/{name}"


@cache
def _prepared() -> Path:
    """The data directory that belongs to the prepared database: both hold the example."""
    return prepared_data(new_database(_PREPARED))


def centre_on_postgresql(name: str, data_dir: Path, **extra: str) -> Centre:
    """A centre on a database of its own, which holds the example when it starts."""
    shutil.copytree(_prepared(), data_dir, dirs_exist_ok=True)
    return Centre(data_dir, HOTLINE_DATABASE_URL=new_database(name, after=_PREPARED), **extra)
