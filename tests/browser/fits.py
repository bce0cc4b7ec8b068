"""Whether a screen fits its window: nothing scrolls sideways, no text is cut off."""

from dataclasses import dataclass

from tests.browser.screens import Language, Screen, Stage, Theme, administrators, page_script

FITS = page_script("layout.js")
USUAL_TEXT = 14


@dataclass(frozen=True)
class Glass:
    """A window: how large, how fine, and how it is set up. `is_narrow`: wide tables may scroll by themselves."""

    name: str
    width: int
    height: int
    language: Language
    text_size: int = USUAL_TEXT
    theme: Theme = "light"
    scale: int = 1
    is_narrow: bool = False


# The two that leave least room; with `make test-full`, what lies between and beside them.
DESK = (
    Glass("1366×768, text 18", 1366, 768, "en", text_size=18, theme="dark"),
    Glass("200 %", 683, 384, "en", scale=2, is_narrow=True),
)
BETWEEN = (
    Glass("1366×768", 1366, 768, "zh"),
    Glass("1366×768, text 16", 1366, 768, "en", text_size=16),
    Glass("1366×768, text 18, Chinese", 1366, 768, "zh", text_size=18),
    Glass("1920×1080", 1920, 1080, "en"),
    Glass("200 %, Chinese", 683, 384, "zh", scale=2, is_narrow=True),
)


async def misfits(stage: Stage, where: str, glasses: tuple[Glass, ...]) -> list[str]:
    """What does not fit of that which shows now."""
    session = await stage.window.context.new_cdp_session(stage.page)
    found = []
    for glass in glasses:
        size = {"width": glass.width, "height": glass.height, "deviceScaleFactor": glass.scale, "mobile": False}
        await session.send("Emulation.setDeviceMetricsOverride", size)
        await stage.page.evaluate("textSize => window.__hotline.setDisplay({ textSize })", glass.text_size)
        await stage.look(glass.theme, glass.language)
        problems = await stage.page.evaluate(FITS, [glass.is_narrow])
        found += [f"{where}, {glass.name}: {problem}" for problem in problems]
    await stage.page.evaluate("textSize => window.__hotline.setDisplay({ textSize })", USUAL_TEXT)
    await session.detach()
    return found


def pages(ids: dict[str, str]) -> list[Screen]:
    """Of each kind of form one is enough here: all are drawn by the same parts."""
    formed = ("queues, new", "calendars, one", "agents, one", "a new user")
    every = administrators(ids)
    return [screen for screen in every if not screen.open or screen.name in formed or screen.path[1:6] != "admin"]
