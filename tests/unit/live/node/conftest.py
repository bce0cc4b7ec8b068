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


@pytest.fixture(autouse=True)
def no_fault_of_ours() -> Iterator[None]:
    """The node survives its own faults and logs them; here each of them fails the test."""
    with structlog.testing.capture_logs() as lines:
        yield
    assert not [line for line in lines if line.get("exc_info")]
