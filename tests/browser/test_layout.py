"""It fits: no sideways scrolling and no text cut off, on every kind of screen, at every text size, in both languages
and with texts that are 40 % longer."""

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.fits import BETWEEN, DESK, Glass, misfits, pages
from tests.browser.screens import AGENTS, Screen, Stage, furnish
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.floor import Floor

# English, each text followed by its own first two fifths; values to be filled in stay single.
LONGER = """() => {
  const words = window.__hotline.words;
  const more = (text) => text.replace(/\\{\\{\\w+\\}\\}/g, '').slice(0, Math.ceil(text.length * 0.4));
  const longer = (text) => `${text} ${more(text)}`;
  const area = (texts) => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, longer(text)]));
  const english = Object.entries(words.getResourceBundle('en', 'translation'));
  const bundle = Object.fromEntries(english.map(([name, texts]) => [name, area(texts)]));
  words.addResourceBundle('en', 'translation', bundle, true, true);
}"""


both = pytest.mark.parametrize(
    "glasses", [pytest.param(DESK, id="desk"), pytest.param(BETWEEN, id="between", marks=pytest.mark.slow)]
)
TELEPHONE = (
    Glass("390×844", 390, 844, "zh", scale=2, is_narrow=True),
    Glass("390×844, English", 390, 844, "en", scale=2, is_narrow=True),
)
LONG_TEXTS = (Glass("texts 40 % longer", 1366, 768, "en"),)


@pytest.mark.slow
async def test_texts_that_are_longer_by_two_fifths_fit(floor: Floor, open_window: OpenWindow) -> None:
    stage = Stage(await open_window("admin"))
    await stage.page.evaluate(LONGER)
    found = []
    for screen in pages(await furnish(floor)):
        await stage.show(screen)
        found += await misfits(stage, screen.name, LONG_TEXTS)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("username", ["repair", "quality"])
async def test_what_is_used_on_a_telephone_fits_it(floor: Floor, open_window: OpenWindow, username: str) -> None:
    ids = await furnish(floor)
    stage = Stage(await open_window(username))
    screens = [
        Screen("tickets", "/tickets?view=all"),
        Screen("a ticket", f"/tickets/{ids['ticket']}"),
        Screen("account", "/account"),
    ]
    if username == "quality":
        screens += [
            Screen("contacts", "/contacts"),
            Screen("a contact", f"/contacts/{ids['contact']}"),
            Screen("call-backs", "/call-backs"),
            Screen("refused calls", "/refused-calls"),
        ]
    found = []
    for screen in screens:
        await stage.show(screen)
        found += await misfits(stage, screen.name, TELEPHONE)
    await stage.window.context.clear_cookies()
    await stage.page.goto(floor.centre.url)
    await stage.page.locator("input[type=password]").wait_for()
    found += await misfits(stage, "log-in", TELEPHONE)
    assert not found, "\n".join(found)


@both
async def test_the_desk_fits_through_a_whole_call(
    floor: Floor, open_window: OpenWindow, glasses: tuple[Glass, ...]
) -> None:
    window = await open_window("agent16")
    stage = Stage(window)
    await stage.show(Screen("start of shift", "/desk"))
    found = await misfits(stage, "start of shift", glasses)
    for screen in AGENTS:
        await stage.show(screen)
        found += await misfits(stage, screen.name, glasses)
    await window.go_available()
    found += await misfits(stage, "nobody calls", glasses)
    await ring_in(floor, "13900009973")
    await window.test_id("answer")
    found += await misfits(stage, "ringing", glasses)
    await answer(window)
    found += await misfits(stage, "talking", glasses)
    await end_the_call(window)
    await window.state("wrap_up")
    found += await misfits(stage, "wrap-up", glasses)
    await wrap_up(window)
    assert not found, "\n".join(found)


async def test_the_wallboard_grows_with_its_screen(open_window: OpenWindow) -> None:
    """Nothing on it is smaller than 2 % of its height, on a 4K screen either."""
    stage = Stage(await open_window("supervisor1"))
    await stage.show(Screen("wallboard", "/wallboard"))
    glasses = (Glass("1920×1080", 1920, 1080, "en"), Glass("3840×2160", 3840, 2160, "zh"))
    assert await misfits(stage, "wallboard", glasses) == []
    smallest = await stage.page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.wall *')]
          .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .filter((element) => element.checkVisibility() && !element.closest('.only-read'))
          .map((element) => parseFloat(getComputedStyle(element).fontSize))) / innerHeight"""
    )
    assert smallest >= 0.0195
