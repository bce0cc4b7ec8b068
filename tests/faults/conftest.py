"""A whole centre whose processes are killed while callers wait, ring and talk."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.centre import Centre, free_ports
from tests.floor import Floor
from tests.voice.sipp.party import SippBench


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
    media = free_ports(1)[0]
    low = media if media < 60000 else media - 6000
    bench = SippBench(tmp_path, centre.sip_port, (low, low + 800))
    opened = Floor(centre, bench)
    yield opened
    await opened.close()
    await bench.close()
