"""A stretch of time from the log, on each of its stores, through a connection that cannot write."""

from pathlib import Path
from typing import Any

import pytest

from hotline.kernel.settings import Settings
from hotline.live.switch.history import History, NoHistoryError, open_history
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.postgresql_store import PostgresqlReadStore
from hotline.live.switch.stores import SqliteReadStore, SqliteStore, Store, StoreFailedError
from hotline.messages.configuration import RoutingConfiguration
from hotline.messages.routing import AgentSignedOut, ConfigurationApplied, RoutingEvent
from tests.unit.live.switch.conftest import DATABASE_URL


def event(at_ms: int) -> RoutingEvent:
    return AgentSignedOut(at_ms=at_ms, agent_id=f"agent-{at_ms}", cause="asked")


def applied(at_ms: int, version: int) -> RoutingEvent:
    configuration = RoutingConfiguration(version=version, queues=(), agents=())
    return ConfigurationApplied(at_ms=at_ms, configuration=configuration)


def read_only(log: RoutingLog, tmp_path: Path) -> RoutingLog:
    is_sqlite = isinstance(log._store, SqliteStore)
    store: Store = SqliteReadStore(tmp_path / "routing.sqlite3") if is_sqlite else PostgresqlReadStore(DATABASE_URL)
    return RoutingLog(store, log.pool)


@pytest.fixture
def history(open_log: Any, tmp_path: Path) -> Any:
    log = open_log()
    log.take_lead()
    log.append((applied(0, 1), event(0)))
    for at_ms in range(1000, 100_000, 1000):
        log.append((event(at_ms), event(at_ms + 10)))
        if at_ms == 50_000:
            log.append((applied(50_500, 2),))
    found = History(read_only(log, tmp_path))
    yield found
    found.close()


def test_the_events_of_a_stretch_are_those_and_no_others(history: History) -> None:
    times = [one.at_ms for one in history.between(20_000, 23_000)]
    assert times == [20_000, 20_010, 21_000, 21_010, 22_000, 22_010]
    assert len(list(history.between(0, 1 << 62))) == 2 + 2 * 99 + 1
    assert list(history.between(200_000, 300_000)) == []


def test_the_set_up_in_force_is_the_last_one_before(history: History) -> None:
    for at_ms, version in ((40_000, 1), (50_400, 1), (51_000, 2), (99_000, 2)):
        found = history.configuration_before(at_ms)
        assert found is not None
        assert found.version == version
    assert history.span() == (0, 99_010)


def test_nothing_can_be_written(open_log: Any, tmp_path: Path) -> None:
    log = open_log()
    log.take_lead()
    reader = read_only(log, tmp_path)
    with pytest.raises(StoreFailedError):
        reader.append((event(1),))
    reader.close()


def test_a_pool_without_a_log_is_named(open_log: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = open_log()
    log.take_lead()
    reader = read_only(log, tmp_path)
    with pytest.raises(NoHistoryError, match="elsewhere"):
        History(RoutingLog(reader._store, "elsewhere"))
    reader.close()


def test_asking_makes_no_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    with pytest.raises(NoHistoryError):
        open_history(settings, "main")
    assert not (tmp_path / "var").exists()
