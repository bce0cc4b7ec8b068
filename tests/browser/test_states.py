"""Every page says what is the matter and what to do: still loading, nothing there, not allowed, failed, cut off."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, Stage, furnish
from tests.floor import Floor

API = re.compile(r"/api/v1/(?!me\b|live-token)")
SENTENCE = "这是服务器所说的原因。"
Answer = Callable[[Route], Awaitable[None]]
# One of each way in which a page is filled.
PAGES = (
    "/queues",
    "/contacts/{contact}",
    "/tickets/{ticket}",
    "/call-backs",
    "/reports",
    "/reports?by=month",
    "/reports/handle-time",
    "/admin/agents",
    "/admin/users",
)
LISTS = (
    "/contacts",
    "/tickets",
    "/call-backs",
    "/reports",
    "/reports?by=year",
    "/reports/handle-time",
    "/admin/agents",
    "/admin/users",
    "/admin/audit",
)


async def refused(route: Route) -> None:
    await route.fulfill(status=403, json={"code": "permission.denied", "sentence": SENTENCE})


async def failed(route: Route) -> None:
    await route.fulfill(status=400, json={"code": "test.failed", "sentence": SENTENCE})


async def cut_off(route: Route) -> None:
    await route.abort()


async def empty(route: Route) -> None:
    """The server's own answer without the rows."""
    told = await route.fetch()
    await route.fulfill(response=told, body=json.dumps(_without_rows(await told.json())))


def _without_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: [] if isinstance(part, list) else _without_rows(part) for key, part in value.items()}
    return [] if isinstance(value, list) else value


async def shown_with(floor: Floor, open_window: OpenWindow, answer: Answer, pages: tuple[str, ...], mark: str) -> None:
    """Each page, opened anew while the server answers so, shows the mark."""
    ids = await furnish(floor)
    window = await open_window("admin")
    page: Page = window.page
    for path in pages:
        await page.unroute_all(behavior="ignoreErrors")
        await page.goto(f"{window.centre.url}/nowhere")
        await page.locator("main .ant-result").wait_for()
        await page.route(API, answer)
        await Stage(window).go(Screen(path, path.format(**ids)))
        await page.locator(f"main {mark}").first.wait_for()
    await page.unroute_all(behavior="ignoreErrors")


async def test_what_is_not_allowed_is_told_with_the_servers_reason(floor: Floor, open_window: OpenWindow) -> None:
    await shown_with(floor, open_window, refused, PAGES, f".ant-result:has-text('您没有此权限'):has-text('{SENTENCE}')")


async def test_what_failed_is_told_and_can_be_tried_again(floor: Floor, open_window: OpenWindow) -> None:
    mark = f".ant-result:has-text('{SENTENCE}') button:has-text('重试')"
    await shown_with(floor, open_window, failed, PAGES, mark)


async def test_a_list_without_rows_says_so(floor: Floor, open_window: OpenWindow) -> None:
    await shown_with(floor, open_window, empty, LISTS, ".ant-empty-description")


async def test_slow_answers_show_a_skeleton_meanwhile(floor: Floor, open_window: OpenWindow) -> None:
    is_over = asyncio.Event()

    async def late(route: Route) -> None:
        await is_over.wait()
        await route.abort()

    await shown_with(floor, open_window, late, PAGES, ".ant-skeleton")
    is_over.set()


async def test_without_a_server_the_page_says_that_typing_goes_on(floor: Floor, open_window: OpenWindow) -> None:
    await shown_with(floor, open_window, cut_off, ("/tickets",), ".ant-result:has-text('可以继续输入')")


async def test_a_page_that_needs_more_names_the_permission(open_window: OpenWindow) -> None:
    window = await open_window("supervisor1")
    await window.page.goto(f"{window.centre.url}/admin/queues")
    await window.page.get_by_text("请联系管理员开通“配置技能、队列、流程等”").wait_for()


@pytest.mark.parametrize("path", ["/floor", "/queues", "/wallboard"])
async def test_figures_that_stand_still_are_grey_and_show_their_age(open_window: OpenWindow, path: str) -> None:
    window = await open_window("supervisor1")
    await window.page.goto(window.centre.url + path)
    await window.page.locator("main :text('实时'), .wall :text('实时')").first.wait_for()
    await window.page.evaluate("() => window.__hotline.live.stop()")
    await window.page.locator(".old-figures").wait_for()
    await window.page.get_by_text(re.compile(r"\d+ 秒")).first.wait_for()
