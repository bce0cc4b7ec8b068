"""Every contract test runs in both worlds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.voice.bench import AsteriskBench
from tests.voice.contract.worlds import AnyWorld, AsteriskWorld, SimulatedWorld, fresh


@pytest.fixture(params=["simulated", pytest.param("asterisk", marks=pytest.mark.voice)])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyWorld]:
    """A platform with a driver and three known devices, none of them connected yet."""
    devices = [fresh("dev").replace("-", "") for _ in range(3)]
    opened: AnyWorld
    if request.param == "simulated":
        opened = SimulatedWorld(tmp_path, devices)
    else:
        asterisk: AsteriskBench = request.getfixturevalue("asterisk")
        opened = AsteriskWorld(asterisk, asterisk.sipp(tmp_path), devices)
    await opened.open(opened.new_driver())
    yield opened
    await opened.end_everything()
    await opened.shut()


@pytest.fixture
def agent(world: AnyWorld) -> str:
    """SIP user of the first device."""
    return world.devices[0].sip_user


@pytest.fixture
def second_agent(world: AnyWorld) -> str:
    return world.devices[1].sip_user
