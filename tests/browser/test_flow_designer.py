"""The administrator draws a flow, tries it out, publishes it, and callers hear the changed one."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Route

from tests.browser.conftest import OpenWindow
from tests.browser.steps import contact_of
from tests.browser.window import Window
from tests.centre import ADMINISTRATOR, Session, eventually
from tests.floor import Floor

LINE = "962795"  # not the number that tests of refused calls take for nobody's
CALLER = "13900005521"


def _flow_without_steps(admin: Session, code: str) -> dict[str, Any]:
    """A flow as the list's form makes it: a code and two names."""
    status, flow = admin.request("POST", "/api/v1/admin/flows", {"code": code, "name": {"zh": "空", "en": "Empty"}})
    assert status == 201, flow
    return dict(flow)


def _save_draft(admin: Session, flow_id: str, definition: dict[str, Any]) -> None:
    """Somebody else saves."""
    version = admin.get(f"/api/v1/admin/flows/{flow_id}")["version"]
    status, told = admin.request(
        "PUT", f"/api/v1/admin/flows/{flow_id}/draft", {"version": version, "definition": definition}
    )
    assert status == 200, told


def _made_flow(admin: Session, code: str) -> dict[str, Any]:
    """A flow of its own for each test: hello, then the end."""
    hello = {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "end", "can_skip": False}
    definition = {"first_step": "hello", "steps": {"hello": hello, "end": {"kind": "hang_up"}}}
    body = {"code": code, "name": {"zh": "新流程", "en": "New flow"}, "definition": definition}
    status, flow = admin.request("POST", "/api/v1/admin/flows", body)
    assert status == 201, flow
    status, flow = admin.request(
        "POST", f"/api/v1/admin/flows/{flow['id']}/publish", {"version": flow["version"], "number": 1}
    )
    assert status == 200, flow
    return dict(flow)


def _steps_of(admin: Session, flow_id: str, number: int) -> dict[str, Any]:
    return dict(admin.get(f"/api/v1/admin/flows/{flow_id}/versions/{number}")["definition"]["steps"])


async def _open(window: Window, flow_id: str) -> None:
    await window.page.goto(f"{window.centre.url}/admin/flows/{flow_id}")
    await window.page.locator(".react-flow__node").first.wait_for()


async def _choose_in(window: Window, test_id: str, value: str) -> None:
    """Pick in one of the form's lists by keyboard."""
    field = window.page.get_by_test_id(test_id).locator("input")
    await field.fill(value)
    await field.press("Enter")


async def _save(window: Window) -> None:
    await window.page.get_by_test_id("save-flow").click()
    await window.page.locator("[data-testid=save-flow]:disabled").wait_for()


async def _publish(window: Window, admin: Session, flow_id: str) -> int:
    """Save and publish the draft; its number."""
    await _save(window)
    await window.page.locator("[data-testid=publish-flow]:enabled").click()
    await window.page.locator(".ant-modal-confirm-btns button.ant-btn-primary").click()
    await window.page.locator("[data-testid=publish-flow]:disabled").wait_for()
    published: int = admin.get(f"/api/v1/admin/flows/{flow_id}")["published_number"]
    return published


def _configurations_taken(window: Window) -> int:
    return window.centre.log_path.read_text().count('"configuration taken"')


async def _steps_met(floor: Floor) -> list[str]:
    """The steps that a real caller meets, as the contact's timeline tells them."""
    caller = await floor.bench.call(LINE, caller=CALLER)
    assert await caller.ended() == 0, caller.said()

    def told() -> list[str]:
        contact = contact_of(floor, CALLER)
        steps = [event["detail"] for event in contact["timeline"] if event["kind"] == "flow_step"] if contact else []
        return [step["step_id"] for step in steps]

    return eventually(told, "the call and its steps are told")


async def test_flow_changed_by_keyboard_alone_is_what_callers_meet(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "by-keys")
    point = {"name": {"zh": "新线", "en": "New line"}, "address": LINE, "flow_id": flow["id"], "recording": "none"}
    assert admin.request("POST", "/api/v1/admin/entry-points", point)[0] == 201
    window = await open_window(ADMINISTRATOR)
    page, keyboard = window.page, window.page.keyboard
    await _open(window, flow["id"])

    await page.locator(".react-flow__node[data-id=hello]").focus()
    await keyboard.press("Enter")  # chooses the step and opens its form
    await page.locator("#flow-step-title:focus").wait_for()
    await page.get_by_test_id("add-say").focus()
    await keyboard.press("Enter")  # a step between the chosen one and the next
    await page.locator(".react-flow__node.bad[data-id=say]").wait_for()  # it says nothing yet: the server says so
    await page.get_by_test_id("step-problems").get_by_text("say").first.wait_for()
    name = page.get_by_test_id("step-id")
    await name.fill("notice")
    await name.press("Enter")
    await page.get_by_test_id("add-speech").focus()
    await keyboard.press("Enter")
    await page.locator("textarea[lang=zh]").fill("今晚停水。")
    await page.locator("textarea[lang=en]").fill("No water tonight.")
    await page.get_by_test_id("flow-problems").wait_for(state="detached")
    taken = _configurations_taken(window)
    number = await _publish(window, admin, flow["id"])
    eventually(lambda: _configurations_taken(window) > taken, "the node took the new version")

    steps = _steps_of(admin, flow["id"], number)
    assert (number, steps["hello"]["next"], steps["notice"]["next"]) == (2, "notice", "end")
    assert steps["notice"]["messages"] == [{"zh": "今晚停水。", "en": "No water tonight."}]
    assert "notice" in await _steps_met(floor)


async def test_flow_drawn_by_mouse_is_tried_out_undone_and_published(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "by-mouse")
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])

    await page.get_by_test_id("add-menu").drag_to(page.locator(".react-flow__node[data-id=hello]"))
    menu = page.locator(".react-flow__node[data-id=menu]")
    await menu.wait_for()
    await page.get_by_test_id("fit").click()
    end = page.locator(".react-flow__node[data-id=end]")
    for field in ("choices[+]", "if_invalid", "if_no_input"):
        await menu.locator(f".source[data-handleid='{field}']").drag_to(end.locator(".target"))
    await page.get_by_test_id("choice-1").get_by_text("end").wait_for()
    await page.get_by_test_id("add-speech").click()
    await page.locator("textarea[lang=zh]").fill("结束请按1。")
    await page.locator("textarea[lang=en]").fill("Press 1 to end.")
    await page.get_by_test_id("flow-problems").wait_for(state="detached")

    await page.get_by_test_id("open-trial").click()
    await page.locator("[data-testid=trial-outcome][data-outcome=waits]").wait_for()
    await page.get_by_test_id("trial-keys").fill("1")
    await page.get_by_test_id("trial-keys").press("Enter")
    await page.locator("[data-testid=trial-outcome][data-outcome=ended]").wait_for()
    assert await page.locator("[data-trial-kind=keyed]").count() == 1
    await page.locator(".react-flow__node.walked[data-id=end]").wait_for()

    await menu.focus()
    await page.keyboard.press("Delete")
    await menu.wait_for(state="detached")
    await page.get_by_test_id("flow-problems").wait_for()  # hello leads to a step that is gone
    await page.locator(".react-flow__node[data-id=hello]:focus").wait_for()
    await page.keyboard.press("Control+z")
    await menu.wait_for()
    await page.get_by_test_id("flow-problems").wait_for(state="detached")

    number = await _publish(window, admin, flow["id"])
    made = _steps_of(admin, flow["id"], number)["menu"]
    assert (made["choices"], made["if_invalid"], made["if_no_input"]) == ({"1": "end"}, "end", "end")


async def test_moved_step_stays_where_it_was_put_until_tidied(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "moved")
    window = await open_window(ADMINISTRATOR)
    await _open(window, flow["id"])
    end = window.page.locator(".react-flow__node[data-id=end]")
    tidy = window.page.get_by_test_id("tidy")
    assert await tidy.is_disabled()
    await end.focus()
    await window.page.keyboard.press("Enter")
    await end.focus()
    for _ in range(3):
        await window.page.keyboard.press("ArrowDown")
    await _save(window)
    kept = admin.get(f"/api/v1/admin/flows/{flow['id']}/versions/2")
    assert list(kept["layout"]) == ["end"]
    assert kept["definition"]["steps"] == _steps_of(admin, flow["id"], 1)
    await window.page.reload()
    await end.wait_for()
    await tidy.click()
    await _save(window)
    assert admin.get(f"/api/v1/admin/flows/{flow['id']}/versions/2")["layout"] == {}


@pytest.mark.parametrize("view", [0, 1])
async def test_steps_lead_elsewhere_by_the_form_in_both_views(floor: Floor, open_window: OpenWindow, view: int) -> None:
    flow = _made_flow(floor.administrator, f"form-{view}")
    window = await open_window(ADMINISTRATOR)
    await _open(window, flow["id"])
    await window.page.locator(".ant-segmented-item").nth(view).click()
    await window.page.get_by_test_id("add-queue").click()  # stands apart: it would cut off the end
    unreached = window.page.get_by_text("⊘").first
    await unreached.wait_for()
    chosen = window.page.locator(".react-flow__node[data-id=hello]") if view == 0 else window.page.get_by_role(
        "button", name="hello"
    ).first  # fmt: skip
    await chosen.click()
    await _choose_in(window, "field-next", "queue")
    await window.page.get_by_text("→ queue").or_(window.page.locator("[data-id='hello next']")).first.wait_for()
    await _save(window)
    assert _steps_of(floor.administrator, flow["id"], 2)["hello"]["next"] == "queue"


async def test_unsaved_changes_survive_a_reload_and_never_overwrite_what_others_saved(
    floor: Floor, open_window: OpenWindow
) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "kept")
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])
    await page.get_by_test_id("add-queue").click()
    await window.until_true(f"() => Object.keys(localStorage).some((key) => key.includes('{flow['id']}'))")
    others = {"first_step": "end", "steps": {"end": {"kind": "hang_up"}}}
    _save_draft(admin, flow["id"], others)
    await page.get_by_test_id("save-flow").click()
    await page.locator(".ant-message-error").wait_for()
    await page.reload()
    await page.get_by_test_id("undo").wait_for()
    await page.locator(".ant-message-warning").wait_for()
    await page.locator("[data-testid=save-flow]:enabled").wait_for()
    await page.get_by_test_id("undo").click()  # what the other one saved
    await page.locator(".react-flow__node[data-id=queue]").wait_for(state="detached")
    assert _steps_of(admin, flow["id"], 2) == others["steps"]


async def test_flow_that_was_only_named_gets_its_first_step(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _flow_without_steps(admin, "named")
    window = await open_window(ADMINISTRATOR)
    await window.page.goto(f"{window.centre.url}/admin/flows/{flow['id']}")
    await window.page.get_by_test_id("add-hang_up").click()
    await window.page.locator(".react-flow__node[data-id=hang_up]").wait_for()
    assert await _publish(window, admin, flow["id"]) == 1


async def test_what_another_saves_right_after_is_not_overwritten_unseen(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "right-after")
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])
    others = {"first_step": "end", "steps": {"end": {"kind": "hang_up", "reason": "others"}}}

    async def save_first(route: Route) -> None:
        await asyncio.to_thread(_save_draft, admin, flow["id"], others)
        await route.continue_()

    await page.route("**/admin/flows/*", save_first, times=1)  # what the page reads after its own save
    await page.get_by_test_id("add-queue").click()
    async with page.expect_response("**/admin/flows/*"):
        await page.get_by_test_id("save-flow").dblclick()
    assert await page.locator(".ant-message-error").count() == 0  # pressed twice, saved once
    await page.get_by_test_id("add-menu").click()
    await page.locator("[data-testid=save-flow]:enabled").click()
    await page.locator(".ant-message-error").wait_for()
    assert _steps_of(admin, flow["id"], 2) == others["steps"]
    for _ in range(2):  # whoever comes back with those changes is told what they were made on, each time
        await page.reload()
        await page.locator(".ant-message-warning").get_by_text("此后有人保存过").wait_for()
        await page.wait_for_timeout(500)  # until what was brought back is kept again


async def test_draft_of_a_wrong_form_can_be_opened_and_mended(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _flow_without_steps(admin, "wrong-form")
    rules = [None, {"next": "end"}]
    steps = {"hello": {"kind": "say", "messages": "hello"}, "which": {"kind": "condition", "rules": rules}}
    _save_draft(admin, flow["id"], {"first_step": "hello", "steps": steps})
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])
    await page.locator(".react-flow__node[data-id=which]").click()
    await page.locator(".react-flow__node[data-id=hello]").click()
    source = page.locator(".flow-panel textarea.source")
    assert '"hello"' in await source.input_value()
    await source.fill('{"kind": "hang_up"}')
    await source.wait_for(state="detached")  # its form can show it now


async def test_going_back_asks_first(floor: Floor, open_window: OpenWindow) -> None:
    admin = floor.administrator
    flow = _made_flow(admin, "back")
    _save_draft(admin, flow["id"], {"first_step": "end", "steps": {"end": {"kind": "hang_up", "reason": "second"}}})
    version = admin.get(f"/api/v1/admin/flows/{flow['id']}")["version"]
    choice = {"version": version, "number": 2}
    assert admin.request("POST", f"/api/v1/admin/flows/{flow['id']}/publish", choice)[0] == 200
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])
    await page.locator(".ant-segmented-item").nth(3).click()
    for button in ("button.ant-btn-default", "button.ant-btn-primary"):
        assert admin.get(f"/api/v1/admin/flows/{flow['id']}")["published_number"] == 2
        await page.get_by_role("combobox", name="恢复此版本").click()
        await page.locator(".ant-select-item-option").first.click()
        await page.locator(f".ant-modal-confirm-btns {button}").click()
        await page.locator(".ant-modal-confirm").wait_for(state="detached")
    await page.locator(".react-flow__node[data-id=hello]").wait_for()
    assert admin.get(f"/api/v1/admin/flows/{flow['id']}")["published_number"] == 3


async def test_check_that_does_not_answer_is_told_and_asked_for_again(floor: Floor, open_window: OpenWindow) -> None:
    flow = _made_flow(floor.administrator, "unchecked")
    window = await open_window(ADMINISTRATOR)
    page = window.page
    await _open(window, flow["id"])
    await page.route(
        "**/check", lambda route: route.fulfill(status=422, json={"code": "x", "sentence": "x", "data": {}})
    )
    await page.get_by_test_id("add-menu").click()
    failed = page.get_by_test_id("check-failed")
    await failed.wait_for()
    await page.unroute("**/check")
    await failed.click()
    await page.get_by_test_id("flow-problems").wait_for()
