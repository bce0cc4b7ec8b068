"""Every screen of an administrator, visited once: WCAG 2.2 AA in light and dark, Chinese and English, no word missing,
and it fits its window."""

from collections.abc import Sequence

import pytest

from tests.browser.barriers import CROSSED, EVERYWHERE, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import BETWEEN, DESK, Glass, misfits, pages
from tests.browser.screens import Look, Screen, administrators, furnish
from tests.centre import ADMINISTRATOR
from tests.floor import Floor

LIVE = ("/floor?state=signed_out", "/queues", "/wallboard")


@pytest.mark.parametrize(
    ("looks", "glasses"),
    [
        pytest.param((EVERYWHERE[:1], EVERYWHERE[1:]), (DESK[:1], DESK[1:]), id="in turn"),
        pytest.param(
            (EVERYWHERE[1:] + CROSSED, EVERYWHERE[:1] + CROSSED),
            (DESK[1:] + BETWEEN, DESK[:1] + BETWEEN),
            id="the others",
            marks=pytest.mark.slow,
        ),
    ],
)
async def test_every_screen_of_an_administrator_shuts_nobody_out_and_fits(
    floor: Floor,
    open_window: OpenWindow,
    looks: Sequence[Sequence[Look]],
    glasses: Sequence[tuple[Glass, ...]],
) -> None:
    """Each in one of two looks and of the two tightest windows, the next in the other."""
    ids = await furnish(floor)
    window = await open_window(ADMINISTRATOR)
    stage = await judged_stage(window)
    fitting = {screen.name for screen in pages(ids)}
    found = []
    for number, screen in enumerate(administrators(ids)):
        found += await barriers_of(stage, [screen], looks[number % 2])
        if screen.name in fitting:
            found += await misfits(stage, screen.name, glasses[number % 2])
    await window.page.evaluate("() => window.__hotline.live.stop()")
    found += await barriers_of(stage, [Screen(f"{path}, cut off", path) for path in LIVE], looks[0])
    assert not found, "\n".join(found)
