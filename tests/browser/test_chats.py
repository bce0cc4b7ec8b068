"""Chats from the visitor's page to the agent's desk: two in hand, a third waits; a call interrupts a web form."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser.barriers import AXE, EVERYWHERE, JUDGE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, FITS, misfits
from tests.browser.steps import answer, choose_reason, end_the_call, ring_in
from tests.browser.window import Window, chromium
from tests.centre import Centre, Session
from tests.floor import Floor

AGENT = "agent13"
PHONE = {"width": 390, "height": 844}
OpenVisitor = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_visitor(centre: Centre) -> AsyncIterator[OpenVisitor]:
    """Somebody who is not logged in, with a telephone's screen. No page may have complained or asked somebody else."""
    problems: list[str] = []
    requested: set[str] = set()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

        async def _open(path: str) -> Page:
            context = await browser.new_context(ignore_https_errors=True, viewport=PHONE, locale="en-GB")  # type: ignore[arg-type]
            page = await context.new_page()
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("request", lambda request: requested.add(request.url))
            await page.goto(centre.url + path)
            return page

        yield _open
        await browser.close()
    assert problems == []
    assert {url for url in requested if not url.startswith(centre.url)} == set()


@pytest.fixture
def chat(centre: Centre) -> str:
    """The address of a chat's page whose queue needs no skill; the agent takes two chats at once."""
    administrator = centre.administrator()
    key = f"chat-{uuid4().hex[:8]}"
    names = {"zh": "在线咨询", "en": "Ask us"}
    queue = _made(administrator, "queues", {"code": key, "name": names, "wrap_up_s": 60, "offer_timeout_s": 60})
    entry = {"address": key, "name": names, "channel": "chat", "fallback_queue_id": queue["id"]}
    _made(administrator, "entry-points", entry)
    _take(administrator, {"voice": 1, "chat": 2})
    return f"/chat/{key}"


def _take(administrator: Session, capacity: dict[str, int]) -> None:
    agents = administrator.get("/api/v1/admin/agents?limit=200")["items"]
    agent = next(one for one in agents if one["username"] == AGENT)
    change = {"version": agent["version"], "capacity": capacity}
    status, answer = administrator.request("PATCH", f"/api/v1/admin/agents/{agent['id']}", change)
    assert status == 200, answer


def _made(administrator: Session, path: str, values: dict[str, Any]) -> dict[str, Any]:
    status, answer = administrator.request("POST", f"/api/v1/admin/{path}", values, Idempotency_Key=uuid4().hex)
    assert status == 201, answer
    return dict(answer)


async def begin(visitor: Page, name: str, text: str) -> None:
    await visitor.get_by_test_id("name").fill(name)
    await visitor.get_by_test_id("text").fill(text)
    await visitor.get_by_test_id("begin").click()
    await expect(visitor.get_by_test_id("standing")).to_have_attribute("data-state", "waiting")


async def accept(window: Window, name: str) -> None:
    """By the key; what was accepted is before the agent, and the cursor stands where to write."""
    await window.test_id("answer")
    await window.page.keyboard.press("F2")
    await expect(row(window, name)).to_have_attribute("aria-current", "true")
    await expect(window.page.get_by_test_id("reply")).to_be_focused()


def row(window: Window, name: str) -> Any:
    return window.page.get_by_test_id("contact-row").filter(has_text=name)


async def write(window: Window, text: str) -> None:
    await window.page.keyboard.type(text)
    await window.page.keyboard.press("Enter")


async def test_an_agent_who_takes_two_chats_gets_the_third_when_one_is_done(
    floor: Floor, open_window: OpenWindow, open_visitor: OpenVisitor, chat: str
) -> None:
    window = await open_window(AGENT)
    desk = window.page
    first, second, third = [await open_visitor(chat) for _ in range(3)]
    await window.go_available()

    await begin(first, "Zhao Li", "No water since this morning")
    await accept(window, "Zhao Li")
    await begin(second, "John Smith", "My bill is too high")
    await accept(window, "John Smith")
    await begin(third, "Third One", "Is anybody there?")

    assert await shutting_out(window) == []
    assert await shutting_out_of(first, "a visitor who talks") == []
    assert await shutting_out_of(third, "a visitor who waits") == []

    # Messages go both ways, each to its own customer; what is begun in one stays there.
    await write(window, "Which bill do you mean?")
    await expect(second.get_by_test_id("messages")).to_contain_text("Which bill do you mean?")
    await first.get_by_test_id("write").fill("12 Jiang Road")
    await first.keyboard.press("Enter")
    await expect(row(window, "Zhao Li").get_by_test_id("new-messages")).to_be_visible()
    await desk.keyboard.type("half a sent")
    await desk.keyboard.press("Alt+8")
    await expect(row(window, "Zhao Li")).to_have_attribute("aria-current", "true")
    await expect(desk.get_by_test_id("messages")).to_contain_text("12 Jiang Road")
    await expect(row(window, "Zhao Li").get_by_test_id("new-messages")).to_have_count(0)
    await write(window, "The main is being repaired")
    await expect(first.get_by_test_id("messages")).to_contain_text("The main is being repaired")
    await expect(second.get_by_test_id("messages")).not_to_contain_text("The main is being repaired")
    assert "half a sent" not in await first.get_by_test_id("messages").inner_text()

    # Both pages come back where they were.
    await first.reload()
    await expect(first.get_by_test_id("messages")).to_contain_text("The main is being repaired")
    await desk.reload()
    await expect(row(window, "Zhao Li")).to_have_attribute("aria-current", "true")

    # Two are in hand: the third waits, until one is over and wrapped up.
    await expect(desk.get_by_test_id("offer")).to_have_count(0)
    await expect(third.get_by_test_id("standing")).to_have_attribute("data-state", "waiting")
    await desk.get_by_test_id("end").wait_for()
    await desk.keyboard.press("F2")
    await desk.keyboard.press("Enter")
    await expect(first.get_by_test_id("standing")).to_have_attribute("data-state", "ended")
    await expect(row(window, "Zhao Li")).to_have_attribute("data-row-state", "wrap_up")
    await expect(desk.get_by_test_id("offer")).to_have_count(0)
    await choose_reason(window)
    await desk.keyboard.press("F2")
    await expect(row(window, "Zhao Li")).to_have_count(0)
    await accept(window, "Third One")
    await expect(third.get_by_test_id("standing")).to_have_attribute("data-state", "talking")

    # A visitor who leaves is wrapped up too; the draft for the other is still there.
    await desk.keyboard.press("Alt+8")
    await expect(row(window, "John Smith")).to_have_attribute("aria-current", "true")
    await expect(desk.get_by_test_id("reply")).to_have_value("half a sent")
    await leave(second)
    await expect(row(window, "John Smith")).to_have_attribute("data-row-state", "wrap_up")
    await finish(window, "John Smith")
    await leave(third)
    await expect(row(window, "Third One")).to_have_attribute("data-row-state", "wrap_up")
    await finish(window, "Third One")

    record = await asyncio.to_thread(_newest_record, floor.administrator)
    assert [one["side"] for one in record["messages"]][:2] == ["customer", "house"]
    assert record["sender_name"] == "Third One"


async def shutting_out(window: Window) -> list[str]:
    """What of a desk with two conversations does not fit its window, or keeps anybody from it."""
    stage = await judged_stage(window)
    found = [
        *await barriers(stage, "two chats in hand", EVERYWHERE),
        *await misfits(stage, "two chats in hand", DESK),
    ]
    await stage.page.set_viewport_size({"width": 1366, "height": 768})
    await stage.look("light", "en")
    return found


async def shutting_out_of(visitor: Page, where: str) -> list[str]:
    session = await visitor.context.new_cdp_session(visitor)
    await session.send("Runtime.evaluate", {"expression": AXE.read_text() + ";0"})
    found = [f"{where}: {problem}" for problem in await visitor.evaluate(FITS, [False])]
    for theme in ("light", "dark"):
        await visitor.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{where}, {theme}: {problem}" for problem in await visitor.evaluate(JUDGE)]
    return found


async def leave(visitor: Page) -> None:
    await visitor.get_by_test_id("leave").click()
    await visitor.get_by_test_id("leave-sure").click()
    await expect(visitor.get_by_test_id("standing")).to_have_attribute("data-state", "ended")


async def finish(window: Window, name: str) -> None:
    await choose_reason(window)
    await window.page.keyboard.press("F2")
    await expect(row(window, name)).to_have_count(0)


def _newest_record(administrator: Session) -> dict[str, Any]:
    contacts = administrator.get("/api/v1/contacts")["items"]
    newest = next(one for one in contacts if one["channel"] == "chat")
    return dict(administrator.get(f"/api/v1/contacts/{newest['id']}/conversation"))


@pytest.fixture
def form(centre: Centre, chat: str) -> Iterator[str]:
    """The address of a web form whose work waits while its agent is on the telephone."""
    administrator = centre.administrator()
    queue = next(one for one in administrator.get("/api/v1/admin/queues?limit=200")["items"] if one["code"] in chat)
    key = f"form-{uuid4().hex[:8]}"
    names = {"zh": "漏水报告", "en": "Report a leak"}
    entry = {"address": key, "name": names, "channel": "form", "fallback_queue_id": queue["id"]}
    _made(administrator, "entry-points", entry)
    _take(administrator, {"voice": 1, "form": 2})
    _let_wait(administrator, ["form"])
    yield f"/form/{key}"
    _let_wait(administrator, [])


def _let_wait(administrator: Session, channels: list[str]) -> None:
    pool = administrator.get("/api/v1/admin/routing/pool")
    change = {**pool, "interruptible": channels}
    status, answer = administrator.request("PUT", "/api/v1/admin/routing/pool", change)
    assert status == 200, answer


async def test_a_call_interrupts_a_web_form_and_comes_before_the_agent(
    floor: Floor, open_window: OpenWindow, open_visitor: OpenVisitor, form: str
) -> None:
    window = await open_window(AGENT)
    await window.go_available()
    visitor = await open_visitor(form)
    await visitor.get_by_test_id("name").fill("Zhao Li")
    await visitor.get_by_test_id("phone").fill("13900005521")
    await visitor.get_by_test_id("text").fill("A leak in Jiang Road")
    assert await shutting_out_of(visitor, "a web form") == []
    await visitor.get_by_test_id("send-form").click()
    await visitor.get_by_test_id("reference").wait_for()
    await window.test_id("answer")
    await window.page.keyboard.press("F2")
    await expect(window.page.get_by_test_id("messages")).to_contain_text("A leak in Jiang Road")

    caller = await ring_in(floor, "13900009913")
    await answer(window)
    rows = window.page.get_by_test_id("contact-row")
    await expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    await expect(rows.nth(0)).to_have_attribute("data-row-state", "held")
    await end_the_call(window)
    assert await caller.ended() == 0
    await window.state("wrap_up")
    await choose_reason(window)
    await window.page.keyboard.press("F2")
    await expect(rows).to_have_count(1)
    await expect(window.page.get_by_test_id("text-bar")).to_have_attribute("data-contact-state", "talking")
    await window.page.keyboard.press("F2")
    await window.page.keyboard.press("Enter")
    await finish(window, "Zhao Li")
