"""A customer who is promised a call-back calls again: the desk says so, and one key closes the promise."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, end_the_call, wrap_up
from tests.browser.test_transfers import away_reason
from tests.floor import Floor, until
from tests.tones import CALLER_HZ
from tests.voice.sipp.scenario import Press, Wait

LINE, CUSTOMER = "962793", "13900009990"


def set_attempts(floor: Floor, attempts: int) -> str:
    """How often a promised call-back of the queue for repairs is tried; its id."""
    api = floor.administrator
    queue = next(one for one in api.get("/api/v1/admin/queues?limit=200")["items"] if one["code"] == "repair")
    change = {"version": queue["version"], "callback_attempts": attempts}
    assert api.request("PATCH", f"/api/v1/admin/queues/{queue['id']}", change)[0] == 200
    return str(queue["id"])


@pytest.fixture
def line(floor: Floor) -> Iterator[str]:
    """A number whose callers wait for repairs at once, and are called back when they press 1."""
    api = floor.administrator
    step = {"kind": "queue", "queue_id": set_attempts(floor, 3), "callback_key": "1"}
    body = {
        "code": "called-back",
        "name": {"zh": "回呼", "en": "Called back"},
        "definition": {"first_step": "queue", "steps": {"queue": step}},
    }
    status, flow = api.request("POST", "/api/v1/admin/flows", body)
    assert status == 201, flow
    publishing = {"version": flow["version"], "number": 1}
    assert api.request("POST", f"/api/v1/admin/flows/{flow['id']}/publish", publishing)[0] == 200
    name = {"zh": "回呼线", "en": "Line with call-backs"}
    point = {"name": name, "address": LINE, "flow_id": flow["id"], "recording": "none"}
    assert api.request("POST", "/api/v1/admin/entry-points", point)[0] == 201
    yield LINE
    set_attempts(floor, 0)


async def test_a_customer_who_calls_again_is_not_called_back(floor: Floor, line: str, open_window: OpenWindow) -> None:
    window = await open_window("agent13")
    colleague = await floor.staff("agent14", answer_after_ms=None)
    await colleague.desk.do("SetAgentState", state="away", reason_id=away_reason(floor))
    caller = await floor.bench.call(line, Wait(2000), Press("1"), caller=CUSTOMER, tone_hz=CALLER_HZ)
    assert await caller.ended() == 0
    await colleague.desk.do("SetAgentState", state="available")
    await until(lambda: colleague.state == "offered", "the call-back rings at a colleague")
    await window.go_available()
    caller = await floor.bench.call(line, caller=CUSTOMER, tone_hz=CALLER_HZ)
    await answer(window)
    promise = window.page.get_by_test_id("promise")
    await expect(promise).to_contain_text("回呼")
    stage = await judged_stage(window)
    found = await barriers(stage, "a promised call-back", EVERYWHERE)
    await stage.look("light", "zh")
    assert found == []
    await promise.get_by_test_id("promise-keep").click()
    await expect(promise).to_contain_text("保留")
    await window.page.keyboard.press("Alt+9")
    await expect(promise).to_have_count(0)
    await until(lambda: colleague.state == "available", "nobody's telephone rings any more")
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
    outcomes = {one["outcome"] for one in floor.administrator.get(f"/api/v1/contacts?number={CUSTOMER}")["items"]}
    assert outcomes == {"own_call", "handled"}
