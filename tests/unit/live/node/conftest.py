"""A world with one node; closed after each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.unit.live.node.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    await made.start_node()
    yield made
    await made.close()


@pytest.fixture
def expects_fault() -> None:
    """Asked for by a test that provokes a fault of ours."""


@pytest.fixture(autouse=True)
def no_fault_of_ours(request: pytest.FixtureRequest) -> Iterator[None]:
    """The node survives its own faults and logs them; a test fails unless it has provoked them."""
    with structlog.testing.capture_logs() as lines:
        yield
    faults = [line for line in lines if line.get("exc_info")]
    assert bool(faults) == ("expects_fault" in request.fixturenames), faults
