"""What people do in every test: dial, answer, transfer, end, wrap up; and what can be looked up afterwards."""

from typing import Any

from tests.browser.window import Window
from tests.floor import Floor, until
from tests.tones import AUDIBLE, CALLER_HZ
from tests.voice.line import Line
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import Press, Step, Wait

NUMBER = "962740"


async def ring_in(floor: Floor, caller: str, *then: Step) -> Party:
    """A caller who keys for repairs during the recording notice, as people do who know the menu."""
    keys = (Wait(1000), Press("1"))
    return await floor.bench.call(NUMBER, *keys, *then, caller=caller, tone_hz=CALLER_HZ)


async def ring_in_listening(floor: Floor, caller: str, *then: Step) -> tuple[Party, Line]:
    """The same caller with an ear: the line tells what they hear."""
    line = await floor.bench.line(CALLER_HZ, keys="1")
    return await floor.bench.call(NUMBER, *then, caller=caller, media_port=line.port), line


async def until_caller_hears(line: Line, frequency_hz: int) -> None:
    await until(lambda: line.level(frequency_hz) > AUDIBLE, f"the caller hears {frequency_hz} Hz", 10)


async def until_silent_to_caller(line: Line, frequency_hz: int) -> None:
    await until(lambda: line.level(frequency_hz) < AUDIBLE, f"the caller no longer hears {frequency_hz} Hz", 10)


async def answer(window: Window) -> None:
    await window.test_id("answer")
    await window.page.keyboard.press("F2")
    await window.state("talking")


async def end_the_call(window: Window) -> None:
    await window.page.keyboard.press("F2")
    await window.page.keyboard.press("Enter")


async def open_transfer(window: Window, place: str, target: str) -> None:
    """Choose in the drawer; `place` is the kind of target as the drawer names it."""
    await window.page.keyboard.press("F9")
    await window.page.get_by_title(place, exact=True).click()
    choice = window.page.get_by_role("combobox", name="请选择转接对象")
    await choice.fill(target)
    await choice.press("Enter")


async def transfer(window: Window, how: str, place: str, target: str) -> None:
    """By the drawer: `how` is consult or blind."""
    await open_transfer(window, place, target)
    await window.page.get_by_test_id(how).click()


async def choose_reason(window: Window) -> None:
    """The first reason that the list offers."""
    await window.page.get_by_test_id("reason").click()
    await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")


async def wrap_up(window: Window) -> None:
    """By keyboard: a reason, then finish."""
    await window.state("wrap_up")
    await choose_reason(window)
    await window.page.keyboard.press("F2")
    await window.page.locator("[data-testid=wrap-up]").wait_for(state="detached")


def contact_of(floor: Floor, caller: str) -> dict[str, Any] | None:
    found = floor.administrator.get(f"/api/v1/contacts?number={caller}")["items"]
    return dict(floor.administrator.get(f"/api/v1/contacts/{found[0]['id']}")) if found else None


def recording_of(floor: Floor, contact: dict[str, Any], place: int = 0) -> bytes:
    path = f"/api/v1/contacts/{contact['id']}/recordings/{contact['recordings'][place]['id']}/audio?reason=test"
    return bytes(floor.administrator.get(path))
