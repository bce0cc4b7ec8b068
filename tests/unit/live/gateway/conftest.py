"""An office for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.messages import routing
from tests.unit.live.gateway.desk import Office
from tests.unit.live.switch.house import CONFIGURATION


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = Office(tmp_path)
    await office.start()
    await office.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    yield office
    await office.stop()
    office.house.close()
