"""A world with one node; closed after each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.live.node.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    await made.start_node()
    yield made
    await made.close()
