"""The stores that the log is tested on: SQLite always, PostgreSQL too where the test run has started one."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from hotline.kernel.ids import new_id
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.postgresql_store import PostgresqlStore
from hotline.live.switch.stores import SqliteStore, Store
from tests.unit.live.switch.exchange import Exchange
from tests.unit.live.switch.house import House

DATABASE_URL = os.environ.get("HOTLINE_TEST_DATABASE_URL", "")
KINDS = ["sqlite", "postgresql"] if DATABASE_URL else ["sqlite"]

OpenStore = Callable[[], Store]
OpenLog = Callable[[], RoutingLog]


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens one more connection to the same store."""
    opened: list[Store] = []

    def connect() -> Store:
        is_sqlite = request.param == "sqlite"
        store: Store = SqliteStore(tmp_path / "routing.sqlite3") if is_sqlite else PostgresqlStore(DATABASE_URL)
        opened.append(store)
        return store

    yield connect
    for store in opened:
        store.close()


@pytest.fixture
def open_log(open_store: OpenStore) -> OpenLog:
    """Opens the log of one pool once more, as another process would."""
    pool = new_id()
    return lambda: RoutingLog(open_store(), pool)


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    house = House(tmp_path)
    exchange = Exchange(house, tmp_path / "run" / "switch.sock")
    await exchange.start()
    yield exchange
    await exchange.stop()
    house.close()
