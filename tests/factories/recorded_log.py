"""Routing logs of a recorded day on disk, as a switch would have written them."""

from pathlib import Path
from typing import Any

from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore, Store
from hotline.messages.configuration import RoutingConfiguration
from tests.unit.simulation.recorded_day import RecordedDay

_BATCH = 50


def write_day(store: Store, configuration: RoutingConfiguration, **day: Any) -> None:
    """A day of calls to the first two queues of the set-up, in batches."""
    log = RoutingLog(store, "main")
    log.take_lead()
    events = RecordedDay(configuration, **day).log
    for first in range(0, len(events), _BATCH):
        log.append(tuple(events[first : first + _BATCH]))
    log.close()


def write_sqlite_day(data_dir: Path, configuration: RoutingConfiguration, **day: Any) -> None:
    """The same in the log of an installation on SQLite."""
    write_day(SqliteStore(data_dir / "routing.sqlite3"), configuration, **day)
