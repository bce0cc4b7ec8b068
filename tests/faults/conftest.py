"""A whole centre whose processes are killed while callers wait, ring and talk."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.centre import Centre
from tests.floor import Floor, opened_floor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    running = Centre(tmp_path_factory.mktemp("centre"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
async def floor(centre: Centre, tmp_path: Path) -> AsyncIterator[Floor]:
    async with opened_floor(centre, tmp_path) as opened:
        yield opened
