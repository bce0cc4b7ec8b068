"""A finished contact in the browser: its story in order, its recording played for a reason that the audit keeps."""

import asyncio

from playwright.async_api import Response, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import contact_of, ring_in
from tests.floor import Floor, until
from tests.tones import CALLER_HZ, SECOND_AGENT_HZ

CALLER = "13900009880"
STEPS = ("来电到达", "进入队列", "派单给坐席", "接通", "服务结束", "话后整理完成")


async def test_story_and_recording_of_a_finished_contact(floor: Floor, open_window: OpenWindow) -> None:
    post = await floor.staff("agent16")
    caller = await ring_in(floor, CALLER)
    (talking,) = await until(lambda: post.contacts("talking"), "the call is up")
    await asyncio.sleep(3)  # something to listen to
    await post.desk.do("HangUpContact", contact_id=talking["contact_id"])
    await until(lambda: post.contacts("wrap_up"), "wrap-up")
    await post.desk.do("FinishWrapUp", contact_id=talking["contact_id"])
    assert await caller.ended() == 0
    contact = await until(
        lambda: (found := contact_of(floor, CALLER)) and found["recordings"] and found["wrap_up_ms"] and found,
        "written",
    )

    window = await open_window("supervisor1")
    page = window.page
    await page.goto(f"{window.centre.url}/contacts/{contact['id']}")
    story = await page.locator(".ant-timeline").inner_text()
    places = [story.find(step) for step in STEPS]
    assert -1 not in places, story
    assert places == sorted(places), story

    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if "/audio" in response.url else None)
    await page.get_by_role("combobox", name="收听原因").click()
    await page.get_by_title("质量检查", exact=True).click()
    await page.get_by_test_id("open-recording").click()
    await page.get_by_role("button", name="播放").click()
    await window.until_true("() => document.querySelector('[data-testid=recording]').currentTime > 0.5")
    await page.evaluate("() => { document.querySelector('[data-testid=recording]').currentTime = 2; }")
    await window.until_true("() => document.querySelector('[data-testid=recording]').currentTime > 2.2")
    assert {answer.status for answer in answers} <= {200, 206}
    part = await page.evaluate(
        "async (url) => { const part = await fetch(url, {headers: {Range: 'bytes=100-199'}});"
        " return [part.status, (await part.arrayBuffer()).byteLength, part.headers.get('Content-Range')]; }",
        answers[0].url,
    )
    assert part[:2] == [206, 100]
    assert part[2].startswith("bytes 100-199/")

    agent = await open_window("agent02", SECOND_AGENT_HZ)
    await agent.page.goto(f"{window.centre.url}/contacts/{contact['id']}")
    await expect(agent.page.get_by_test_id("open-recording")).to_have_count(0)
    refusal = await agent.page.evaluate(
        "async (url) => { const answer = await fetch(url); return [answer.status, (await answer.json()).sentence]; }",
        answers[0].url,
    )
    assert refusal[0] in (403, 404)
    assert refusal[1]

    auditor = await open_window("admin", CALLER_HZ)
    await auditor.page.goto(f"{window.centre.url}/admin/audit")
    row = auditor.page.get_by_role("row").filter(has_text=contact["recordings"][0]["id"]).first
    await expect(row).to_contain_text("recording")
    await expect(row).to_contain_text("质量检查")
