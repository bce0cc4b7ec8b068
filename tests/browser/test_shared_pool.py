"""A night team of another company, page by page: made, offered, accepted, at work on a real call, reported, ended."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.barriers import EVERYWHERE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, misfits
from tests.browser.screens import Screen
from tests.browser.steps import answer, choose_reason, contact_of, end_the_call, ring_in
from tests.browser.window import Window
from tests.centre import PASSWORD, Centre, Session
from tests.floor import Floor, until
from tests.tones import CALLER_HZ

CALLER = "13900009975"
NOTE, NEED = "客户已关总阀", "请今晚派人"
LENDER, LENDERS_ADMINISTRATOR, GUEST = "Night Service", "night.boss", "night.agent"
CLIENTS_ADMINISTRATOR = "water.boss"


def made(session: Session, path: str, body: dict[str, Any]) -> dict[str, Any]:
    status, told = session.request("POST", f"/api/v1/{path}", body)
    assert status in (200, 201), told
    return dict(told)


@pytest.fixture
async def night(floor: Floor) -> AsyncIterator[dict[str, str]]:
    """A second company with a team of one, and an administrator on either side. Its tenant is switched off afterwards:
    the other tests' administrator has one tenant."""
    api = floor.administrator
    (water,) = api.get("/api/v1/tenants")
    tenant = made(api, "tenants", {"code": "night", "name": {"zh": "夜班服务", "en": LENDER}})
    try:
        yield {"tenant": tenant["tenant_id"], "water": water["tenant_id"], **_people(api, tenant, water)}
    finally:
        off = {"version": tenant["version"], "is_active": False}
        assert api.request("PATCH", f"/api/v1/tenants/{tenant['tenant_id']}", off)[0] == 200


def _people(api: Session, tenant: dict[str, Any], water: dict[str, Any]) -> dict[str, str]:
    def user(name: str, role: str, at: dict[str, Any]) -> str:
        roles = [{"tenant_id": at["tenant_id"], "role": role}]
        body = {"username": name, "name": name, "language": "en", "password": PASSWORD, "roles": roles}
        return str(made(api, "users", body)["user_id"])

    user(LENDERS_ADMINISTRATOR, "administrator", tenant)
    user(CLIENTS_ADMINISTRATOR, "administrator", water)
    own = {"tenant_id": tenant["tenant_id"]}
    team = made(api, "admin/teams", {**own, "code": "night", "name": {"zh": "夜班", "en": "Night"}})
    made(api, "admin/agents", {**own, "user_id": user(GUEST, "agent", tenant), "number": "9901", "team_id": team["id"]})
    return {"team": team["id"]}


async def as_person(window: Window, username: str) -> Page:
    """The same browser, another person."""
    await window.page.goto(window.centre.url + "/account")
    await window.context.clear_cookies()
    await window.log_in(username)
    return window.page


async def make_the_pool(page: Page, centre: Centre, client_id: str) -> None:
    await page.goto(f"{centre.url}/admin/shared-pools")
    await page.get_by_test_id("add").click()
    drawer = page.get_by_role("dialog")
    await drawer.locator("input[id$=code]").fill("night")
    await drawer.locator("input[id$=name_zh]").fill("夜班组")
    await drawer.locator("input[id$=name_en]").fill("Night team")
    await drawer.locator("[id$=team_ids]").click()
    await page.get_by_title("Night", exact=True).click()
    await page.keyboard.press("Escape")
    await drawer.locator("[id$=client_tenant_ids]").fill(client_id)
    await page.keyboard.press("Enter")
    await drawer.locator("button[type=submit], .ant-drawer-footer .ant-btn-primary").first.click()
    await expect(page.get_by_role("cell", name="Night team")).to_be_visible()


async def accept_the_pool(page: Page, centre: Centre) -> None:
    """And let its agents open tickets and see open ones; notes they may write anyway."""
    await page.goto(f"{centre.url}/admin/offered-pools")
    await expect(page.get_by_role("cell", name=LENDER)).to_be_visible()
    await page.get_by_test_id("accept").click()
    await expect(page.get_by_test_id("allows_notes")).to_be_checked()
    for name in ("allows_tickets", "shows_tickets"):
        await page.get_by_test_id(name).click()  # it is set when the server has it
        await expect(page.get_by_test_id(name)).to_be_checked()
        await expect(page.get_by_test_id(name)).to_be_enabled()


def overflow(client: Session, pool_use_id: str | None) -> None:
    """Repairs that nobody takes at once go to the pool, or to nobody else any more."""
    found = next(one for one in client.get("/api/v1/admin/queues?limit=50")["items"] if one["code"] == "repair")
    ways = [{"after_s": 0, "pool_use_id": pool_use_id}] if pool_use_id else []
    change = {"version": found["version"], "overflows": ways}
    status, told = client.request("PATCH", f"/api/v1/admin/queues/{found['id']}", change)
    assert status == 200, told


async def judged(window: Window, *screens: Screen) -> list[str]:
    """What shuts somebody out or does not fit, of these screens, or of what shows now."""
    stage = await judged_stage(window)
    found = []
    for screen in screens:
        await stage.show(screen)
        found += [*await barriers(stage, screen.name, EVERYWHERE), *await misfits(stage, screen.name, DESK)]
    if not screens:
        found += [*await barriers(stage, "the desk", EVERYWHERE), *await misfits(stage, "the desk", DESK)]
    session = await window.context.new_cdp_session(window.page)
    await session.send("Emulation.clearDeviceMetricsOverride")
    await window.page.evaluate("() => window.__hotline.setDisplay({ textSize: 14 })")
    await stage.look("light", "en")
    return found


async def serve_a_call(window: Window, floor: Floor) -> None:
    """The guest answers for the water company, opens a ticket for it, notes what it was about, and finishes."""
    page = window.page
    await window.go_available()
    await ring_in(floor, CALLER)
    await answer(window)
    await window.until_hears(CALLER_HZ)
    bench = page.get_by_test_id("lent-contact")
    await expect(bench).to_contain_text("Shibei Water")
    await expect(page.get_by_test_id("lent-tickets")).to_be_visible()
    ticket = page.get_by_test_id("ticket")
    await ticket.get_by_role("combobox").first.click()
    await page.keyboard.press("Enter")
    await ticket.get_by_role("textbox").first.fill(NEED)
    await page.get_by_test_id("send-ticket").dblclick()
    await expect(ticket.get_by_role("textbox").first).to_have_value("")
    assert await judged(window) == []
    await page.get_by_test_id("note").fill(NOTE)
    await expect(page.get_by_test_id("matters").locator("[data-draft=sent]")).to_be_visible()
    await page.reload()  # what was typed is kept with the other company
    await expect(page.get_by_test_id("note")).to_have_value(NOTE)
    await end_the_call(window)
    await window.state("wrap_up")
    await choose_reason(window)
    await page.keyboard.press("F2")
    await page.get_by_test_id("wrap-up").wait_for(state="detached")
    await page.get_by_test_id("sign-out").click()


@pytest.mark.slow
async def test_a_night_team_of_another_company_from_page_to_page(
    floor: Floor, open_window: OpenWindow, night: dict[str, str]
) -> None:
    centre = floor.centre
    window = await open_window(LENDERS_ADMINISTRATOR)
    await make_the_pool(window.page, centre, night["water"])
    page = await as_person(window, CLIENTS_ADMINISTRATOR)
    await accept_the_pool(page, centre)
    client = centre.log_in(CLIENTS_ADMINISTRATOR)
    overflow(client, client.get("/api/v1/admin/pool-uses")["items"][0]["id"])

    await as_person(window, GUEST)
    await serve_a_call(window, floor)
    contact = await until(lambda: (found := contact_of(floor, CALLER)) and found["matters"] and found, "the matter")
    assert len([one for one in client.get("/api/v1/tickets")["items"] if one["text"] == NEED]) == 1
    reports = f"/api/v1/reports/pools?year={datetime.now(UTC):%Y}"
    await until(
        lambda: [one for one in client.get(reports)["parts"] if one["total"]["wrap_up_ms"]], "it is in the sums"
    )

    page = await as_person(window, CLIENTS_ADMINISTRATOR)
    await page.goto(f"{centre.url}/contacts/{contact['id']}")
    await expect(page.get_by_text(NOTE)).to_be_visible()
    await expect(page.get_by_text(f"by an agent of {LENDER}").first).to_be_visible()
    await page.goto(f"{centre.url}/reports/pools")
    await expect(page.get_by_role("region", name=f"Agents of {LENDER} for us")).to_be_visible()
    screens = (Screen("pools in figures", "/reports/pools"), Screen("an accepted pool", "/admin/offered-pools"))
    assert await judged(window, *screens) == []
    overflow(client, None)
    await page.goto(f"{centre.url}/admin/offered-pools")
    await page.get_by_test_id("give-up").click()
    await page.get_by_role("dialog").get_by_role("button", name="Give up").click()
    await expect(page.get_by_test_id("accept")).to_be_visible()

    page = await as_person(window, LENDERS_ADMINISTRATOR)
    await page.goto(f"{centre.url}/reports/pools")
    await expect(page.get_by_role("region", name="Our agents for Shibei Water")).to_be_visible()
    await page.goto(f"{centre.url}/admin/shared-pools")
    await page.locator(".ant-table-row .ant-btn-dangerous").first.click()
    await page.get_by_role("dialog").locator(".ant-btn-dangerous, .ant-btn-primary").last.click()
    await expect(page.get_by_role("cell", name="Night team")).to_have_count(0)
    assert client.get("/api/v1/admin/offered-pools") == []
