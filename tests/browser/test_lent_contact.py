"""The card of a contact that another company lends: nobody is shut out, it fits, and its own button ends the wrap-up.

The call is real. That it is lent is said in the centre's own words, by the API's example: an installation of one
company has nobody to lend it."""

from playwright.async_api import Page, Route, expect

from hotline.desk.examples import EXAMPLES
from hotline.desk.schemas import LentContactOut
from hotline.domains.contacts.errors import LentContactError
from tests.browser.barriers import EVERYWHERE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, misfits
from tests.browser.screens import Screen, Stage
from tests.browser.steps import answer, end_the_call, ring_in
from tests.floor import Floor

LENT = next(one for one in EXAMPLES if isinstance(one, LentContactOut))


async def lend_every_contact(page: Page) -> None:
    error = LentContactError()

    async def refuse(route: Route) -> None:
        body = {"code": error.code, "sentence": error.sentence, "data": {}}
        await route.fulfill(status=error.status, json=body)

    async def tell(route: Route) -> None:
        await route.fulfill(json=LENT.model_dump(mode="json"))

    await page.route("**/api/v1/desk/contacts/*", refuse)
    await page.route("**/api/v1/desk/lent-contacts/*", tell)


async def test_a_lent_contact_shuts_nobody_out_and_fits(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent17")
    await lend_every_contact(window.page)
    await Stage(window).show(Screen("start of shift", "/desk"))
    await window.go_available()
    stage = await judged_stage(window)  # now: going available loads the page anew
    caller = await ring_in(floor, "13900009983")
    await answer(window)
    card = window.page.get_by_test_id("lent-contact")
    await expect(card).to_contain_text("陈玉")
    found = await barriers(stage, "a lent contact", EVERYWHERE)
    found += await misfits(stage, "a lent contact", DESK)
    await stage.look("light", "zh")
    await end_the_call(window)
    await window.state("wrap_up")
    found += await barriers(stage, "a lent contact, wrap-up", EVERYWHERE)
    await card.get_by_role("button").click()
    await expect(card).to_have_count(0)
    assert found == []
    assert await caller.ended() == 0
