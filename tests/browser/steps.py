"""What people do in every test: dial, answer, transfer, end, wrap up; and what can be looked up afterwards."""

from typing import Any

from tests.browser.window import Window
from tests.floor import Floor
from tests.tones import CALLER_HZ
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import Press, Step, Wait

NUMBER = "962740"


async def ring_in(floor: Floor, caller: str, *then: Step) -> Party:
    """A caller who keys for repairs during the recording notice, as people do who know the menu."""
    keys = (Wait(1000), Press("1"))
    return await floor.bench.call(NUMBER, *keys, *then, caller=caller, tone_hz=CALLER_HZ)


async def answer(window: Window) -> None:
    await window.test_id("answer")
    await window.page.keyboard.press("F2")
    await window.state("talking")


async def end_the_call(window: Window) -> None:
    await window.page.keyboard.press("F2")
    await window.page.keyboard.press("Enter")


async def transfer(window: Window, how: str, place: str, target: str) -> None:
    """By the drawer: `how` is consult or blind, `place` the kind of target as the drawer names it."""
    await window.page.keyboard.press("F9")
    await window.page.get_by_title(place, exact=True).click()
    choice = window.page.get_by_role("combobox", name="请选择转接对象")
    await choice.fill(target)
    await choice.press("Enter")
    await window.page.get_by_test_id(how).click()


async def wrap_up(window: Window) -> None:
    """By keyboard: the first reason that the list offers, then finish."""
    await window.state("wrap_up")
    reason = window.page.get_by_test_id("reason")
    await reason.click()
    await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("F2")
    await window.page.locator("[data-testid=wrap-up]").wait_for(state="detached")


def contact_of(floor: Floor, caller: str) -> dict[str, Any] | None:
    found = floor.administrator.get(f"/api/v1/contacts?number={caller}")["items"]
    return dict(floor.administrator.get(f"/api/v1/contacts/{found[0]['id']}")) if found else None


def recording_of(floor: Floor, contact: dict[str, Any], place: int = 0) -> bytes:
    path = f"/api/v1/contacts/{contact['id']}/recordings/{contact['recordings'][place]['id']}/audio?reason=test"
    return bytes(floor.administrator.get(path))
