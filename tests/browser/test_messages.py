"""Messages to staff in real windows: an account is tried out, an address is confirmed by the code that arrives, a swap
is told by mail, and the planner sees that it was."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.roster_rows import publish
from tests.centre import ADMINISTRATOR, Session, eventually
from tests.factories.mail_server import Mailbox, mail_server
from tests.floor import Floor
from tests.tones import SECOND_AGENT_HZ

ONE, OTHER = "agent16", "agent19"  # the swaps of the other two are another test's
PLANNER = "planner"
THIRD_HZ = 1170
ADDRESS = "wang.fang@example.org"


async def _set_up_and_try(page: Page, box: Mailbox) -> None:
    mail = page.locator("section", has=page.get_by_test_id("driver-email"))
    await mail.get_by_test_id("account-address").fill(f"localhost:{box.port}")
    await mail.get_by_test_id("account-sender").fill("Hotline <roster@example.org>")
    await mail.locator("#account-email_encryption").click()
    await page.get_by_title("不加密", exact=True).click()
    await mail.get_by_test_id("keep-email").click()
    await page.get_by_test_id("trial-to-email").fill("it@example.org")
    await page.get_by_test_id("try-email").click()
    await expect(page.get_by_test_id("trial-email")).to_contain_text("对方已收下测试消息")


async def _confirm_address(page: Page, box: Mailbox) -> None:
    await page.get_by_test_id("address-email").fill(ADDRESS)
    await page.get_by_test_id("send-code-email").click()
    await expect(page.get_by_test_id("state-email")).to_have_text("未确认")
    code = await asyncio.to_thread(_code, box)
    await page.get_by_test_id("code-email").fill("000000" if code != "000000" else "111111")
    await page.get_by_test_id("confirm-email").click()
    await expect(page.get_by_text("还可再试 4 次")).to_be_visible()
    await page.get_by_test_id("code-email").fill(code)
    await page.get_by_test_id("confirm-email").click()
    await expect(page.get_by_test_id("state-email")).to_have_text("已确认")


def _mails_to(box: Mailbox, address: str) -> list[str]:
    return [str(mail.get_content()) for mail in box.mails if str(mail["To"]) == address]


def _code(box: Mailbox) -> str:
    eventually(lambda: bool(_mails_to(box, ADDRESS)), "the code has arrived", 60)
    found = re.search(r"\d{6}", _mails_to(box, ADDRESS)[0])
    assert found is not None
    return found[0]


def _at_any_hour(session: Session) -> None:
    """Without quiet hours, so that the hour of the test run does not matter."""
    own = session.get("/api/v1/my-messages")
    wanted = {"version": own["version"], "ways": own["ways"], "quiet_from": "", "quiet_to": ""}
    status, _ = session.request("PUT", "/api/v1/my-messages", {**wanted, "urgent_breaks_quiet": False})
    assert status == 200


def _ask_and_withdraw(session: Session, colleague: str, box: Mailbox) -> None:
    """A swap is asked for until the mail about it is there; then it is withdrawn, so that no other test meets it."""
    shift = session.get("/api/v1/workforce/my-roster")["shifts"][0]["id"]
    offers = session.get(f"/api/v1/workforce/my-roster/{shift}/swap-offers")["offers"]
    other = next(one["shift_id"] for one in offers if one["agent_name"] == colleague)
    status, answer = session.request(
        "POST", f"/api/v1/workforce/my-roster/{shift}/swaps", {"other_shift_id": other, "words": ""}
    )
    assert status == 201, answer
    eventually(lambda: len(_mails_to(box, ADDRESS)) == 2, "the notice has arrived", 60)
    withdrawal = {"version": answer["version"], "answer": "withdraw", "words": ""}
    status, _ = session.request("POST", f"/api/v1/workforce/my-requests/{answer['id']}/answers", withdrawal)
    assert status == 200


@pytest.mark.slow
async def test_a_swap_is_told_by_mail_to_an_address_that_was_confirmed(floor: Floor, open_window: OpenWindow) -> None:
    publish(floor)
    with mail_server() as box:
        administrator = await open_window(ADMINISTRATOR)
        await administrator.page.goto(f"{administrator.centre.url}/admin/messages")
        await _set_up_and_try(administrator.page, box)
        agent = await open_window(OTHER, SECOND_AGENT_HZ)
        await agent.page.goto(f"{agent.centre.url}/my-roster?tab=messages")
        await _confirm_address(agent.page, box)
        await asyncio.to_thread(_at_any_hour, agent.centre.log_in(OTHER))
        colleague = floor.agents()[OTHER]["name"]
        await asyncio.to_thread(_ask_and_withdraw, agent.centre.log_in(ONE), colleague, box)
    assert "/my-roster" in _mails_to(box, ADDRESS)[1]

    planner = await open_window(PLANNER, THIRD_HZ)
    await planner.page.goto(f"{planner.centre.url}/requests?tab=messages")
    row = planner.page.locator(".ant-table-row").first
    await expect(row).to_contain_text("已发送")
    await row.get_by_test_id("read-message").click()
    await expect(planner.page.locator(".ant-drawer")).to_contain_text(ADDRESS)
