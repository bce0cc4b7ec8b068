"""Routing logs of a recorded day on disk, as a switch would have written them."""

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.kernel.clock import to_ms
from hotline.kernel.settings import load_settings
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.postgresql_store import PostgresqlStore
from hotline.live.switch.stores import SqliteStore, Store
from hotline.messages.configuration import RoutingConfiguration
from tests.centre import ROOT, Centre, eventually
from tests.unit.simulation.recorded_day import RecordedDay

_BATCH = 50


def write_day(store: Store, configuration: RoutingConfiguration, *, pool: str = "main", **day: Any) -> None:
    """A day of calls to the first two queues of the set-up, in batches; closes the store."""
    log = RoutingLog(store, pool)
    log.take_lead()
    events = RecordedDay(configuration, **day).log
    for first in range(0, len(events), _BATCH):
        log.append(tuple(events[first : first + _BATCH]))
    log.close()


def write_example_day(centre: Centre) -> date:
    """The day, yesterday, of which a centre that is not started yet gets two hours of log of its example tenant."""
    steps = (["-m", "hotline.entrypoints", "migrate", "--example"], ["-m", "tests.factories.recorded_log"])
    for step in steps:
        done = subprocess.run(
            [sys.executable, *step], cwd=ROOT, env=centre.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return date.fromisoformat(done.stdout.strip())


def start_recorded(centre: Centre) -> Centre:
    """Start it, and wait until its worker has projected the recorded day: until then its database is busy with that."""
    centre.start()
    eventually(lambda: b"projected what the log held" in centre.log_path.read_bytes(), "the day is projected", 120)
    return centre


def _main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    from hotline.domains.routing.queries import current_configuration

    zone = ZoneInfo("Asia/Shanghai")
    day = datetime.now(zone).date() - timedelta(days=1)
    begin_ms = to_ms(datetime.combine(day, time(9), zone))
    settings = load_settings()
    store: Store = SqliteStore(settings.sqlite_path("routing"))
    if settings.is_postgresql:
        store = PostgresqlStore(settings.database_url)
    configuration = current_configuration()
    write_day(store, configuration, hours=2, begin_ms=begin_ms, goes_home=True, new_id=partial(_id_of, begin_ms))
    print(day)


def _id_of(begin_ms: int, number: int) -> str:
    """A UUIDv7 of that time."""
    return str(UUID(int=begin_ms << 80 | 7 << 76 | 2 << 62 | number))


if __name__ == "__main__":
    _main()
