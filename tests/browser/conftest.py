"""A whole centre and real browsers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.window import Window
from tests.centre import Centre
from tests.floor import Floor, opened_floor, with_device
from tests.tones import AGENT_HZ

OpenWindow = Callable[..., Awaitable[Window]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    # Mail servers of tests stand on this machine.
    running = Centre(tmp_path_factory.mktemp("centre"), HOTLINE_MESSAGE_PRIVATE_NETWORKS='["127.0.0.0/8"]')
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
async def floor(centre: Centre, tmp_path: Path) -> AsyncIterator[Floor]:
    async with opened_floor(centre, tmp_path) as opened:
        yield opened


@pytest.fixture
async def open_window(centre: Centre, tmp_path: Path) -> AsyncIterator[OpenWindow]:
    """Open a browser for one person, who is logged in; all close with the test, and none may have complained."""
    opened: list[Window] = []
    async with async_playwright() as playwright:

        async def _open(username: str, tone_hz: int = AGENT_HZ, language: str = "en") -> Window:
            await asyncio.to_thread(_with_browser, centre, username)
            window = await Window.open(playwright, centre, tmp_path, tone_hz, language)
            opened.append(window)
            await window.enter(username)
            return window

        yield _open
        for window in opened:
            await window.close()
    assert [problem for window in opened for problem in window.problems] == []
    elsewhere = {
        url for window in opened for url in window.requested if not url.startswith((centre.url, "blob:", "data:"))
    }
    assert elsewhere == set(), "the page asked somebody else"


def _with_browser(centre: Centre, username: str) -> None:
    """An earlier test may have given this agent a telephone on the table: then no window of theirs would register."""
    administrator = centre.administrator()
    agents = {one["username"]: one for one in administrator.get("/api/v1/admin/agents?limit=200")["items"]}
    if username in agents:
        with_device(administrator, agents[username], "browser")
