"""Every screen of the application: where it lies, what opens over it, and how a window is brought there quickly."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from playwright.async_api import Page, Request

from hotline.domains.routing.what_if_examples import WHAT_IF_EXAMPLES
from hotline.domains.routing.what_if_schemas import WhatIfResult
from tests.browser.roster_rows import coming_monday, publish
from tests.browser.steps import ring_in
from tests.browser.window import Window
from tests.centre import Session
from tests.factories import call_history
from tests.factories.published_day import publish_today
from tests.floor import Floor, until
from tests.voice.sipp.scenario import HangUp, Wait

Theme = Literal["light", "dark"]
Language = Literal["en", "zh"]
Step = Callable[[Page], Awaitable[None]]
Look = tuple[Theme, Language]
NOBODYS_NUMBER = "962798"
NUMBER = "962740"
ROSTERED = "agent18"  # has a shift all day long
IMPATIENT = "13900009971"
_WHAT_IFS = "/api/v1/admin/routing/what-ifs"
SETTLES_WITHIN_S = 10.0

# A click on a link does the same; the page is not loaded anew.
_GO = "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }"
_IS_BUSY = """() => document.querySelector('.ant-skeleton, .ant-spin-spinning') !== null
  || document.querySelector('main, h1') === null"""
# What moves would be judged half-way: it is brought to its end, until nothing moves three times in a row. The theme is
# drawn after the browser has told of it, on a busy machine some frames later.
_STILL = """async theme => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = (animation) => animation.playState !== 'finished'
    && Number.isFinite(animation.effect.getComputedTiming().endTime);
  for (let still = 0, round = 0; still < 3 && round < 300; round += 1) {
    await painted();
    const moving = document.getAnimations().filter(ends);
    moving.forEach((animation) => animation.finish());
    still = moving.length === 0 && document.documentElement.dataset.theme === theme ? still + 1 : 0;
  }
}"""
_WATCH_WORDS = """() => {
  window.missingWords = [];
  window.__hotline.words.options.saveMissing = true;
  window.__hotline.words.on('missingKey', (languages, namespace, key) => window.missingWords.push(key));
}"""
_MISSING_WORDS = """() => {
  const unfilled = document.body.innerText.match(/\\{\\{.*?\\}\\}/g) ?? [];
  return [...window.missingWords.splice(0), ...unfilled];
}"""


@dataclass(frozen=True)
class Screen:
    """`open` brings up what lies over the page: a drawer, a menu, a question."""

    name: str
    path: str
    open: tuple[Step, ...] = ()


class Stage:
    """A window that goes from screen to screen, changing its looks where it stands."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self._under_way: set[Request] = set()
        self.page.on("request", self._begun)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)

    def _begun(self, request: Request) -> None:
        if request.resource_type in ("fetch", "script", "stylesheet"):
            self._under_way.add(request)

    def _ended(self, request: Request) -> None:
        self._under_way.discard(request)

    async def show(self, screen: Screen) -> None:
        """The screen with everything loaded and nothing of the former one over it."""
        await self.page.keyboard.press("Escape")
        await self.page.mouse.move(0, 0)  # over nothing that explains itself
        await self.go(screen)
        await self.settled()
        for step in screen.open:
            await step(self.page)
        await self.settled()

    async def go(self, screen: Screen) -> None:
        """On the way to its page, loaded or not."""
        await self.page.evaluate(_GO, screen.path)

    async def look(self, theme: Theme, language: Language) -> None:
        await self.page.emulate_media(color_scheme=theme)
        await self.page.evaluate("language => window.__hotline.setLanguage(language)", language)
        await self.page.evaluate(_STILL, theme)
        if self._under_way:
            await self.settled()

    async def watch_words(self) -> None:
        """From now on `missing_words` knows what was looked up in the catalogue and is not there."""
        await self.page.evaluate(_WATCH_WORDS)

    async def missing_words(self) -> list[str]:
        """Since the last asking: keys without a word, and places in a text that nothing was filled into."""
        missing: list[str] = await self.page.evaluate(_MISSING_WORDS)
        return missing

    async def settled(self) -> None:
        """Until nothing is fetched and no skeleton shows, twice in a row."""
        quiet = 0
        async with asyncio.timeout(SETTLES_WITHIN_S):
            while quiet < 2:
                is_busy = bool(self._under_way) or await self.page.evaluate(_IS_BUSY)
                quiet = 0 if is_busy else quiet + 1
                await asyncio.sleep(0.03)


def press(keys: str) -> Step:
    async def _press(page: Page) -> None:
        await page.keyboard.press(keys)

    return _press


def click(selector: str) -> Step:
    async def _click(page: Page) -> None:
        await page.locator(selector).first.click()

    return _click


def write(text: str) -> Step:
    async def _write(page: Page) -> None:
        await page.keyboard.type(text)

    return _write


RESOURCES = (
    "entry-points", "queue-messages", "key-accounts", "outbound-prefixes", "emergency-numbers", "queues", "skills",
    "teams", "agents", "priority-rules", "ladders", "funnel-levels", "business-modules", "attribute-values",
    "routing-pool", "routing-versions", "what-ifs", "shared-pools", "offered-pools",
    "disposition-nodes", "ticket-types", "away-reasons", "departments", "calendars", "sites", "seats", "prompts",
    "flows", "rotations",
    "shift-kinds", "labour-rules", "contracts", "skill-borrowings", "workforce-settings",
)  # fmt: skip
# Between them every kind of field there is.
MADE = (
    "entry-points",
    "queues",
    "ladders",
    "priority-rules",
    "agents",
    "disposition-nodes",
    "rotations",
    "shared-pools",
    "shift-kinds",
)
CHANGED = ("calendars", "agents", "shift-kinds", "workforce-settings")
_FIRST_EDIT = ".ant-table-row td:last-child button:not([tabindex='-1'])"
PARTS_OF_A_QUEUE = (click("[data-testid=add-ring]"), click("[data-testid=add-ring]"))
_FIND_REPLACEMENT = "[data-testid=find-replacement]"
_PICK_DATES = ".ant-picker input"


ROSTER = (
    Screen("a roster", "/roster"),
    Screen("a roster, a cell is edited", "/roster", (click("[data-row='0'][data-day='1']"), press("Enter"))),
    Screen(
        "a roster, its curve as a table", "/roster", (click(".roster-curve .ant-segmented-item:last-child >> nth=1"),)
    ),
    Screen("a roster, lawful shifts", "/roster", (click(".roster-list .ant-btn"),)),
    Screen("a roster, compared", "/roster", (click("[data-testid=compare]"),)),
    Screen(
        "a roster, the people wanted",
        "/roster",
        (click("[data-testid=change-demand]"), click("[data-testid=add-demand]")),
    ),
    Screen("a roster, to be published", "/roster", (click("[data-testid=publish]"),)),
    Screen("a new roster", "/roster", (click("[data-testid=new-roster]"),)),
)


def administrators(ids: dict[str, str]) -> list[Screen]:
    """What an administrator of the installation sees. `ids`: agent, contact, ticket and flow to open."""
    pages = [
        Screen("floor, tiles", "/floor?state=signed_out"),
        Screen("floor, table, one agent", f"/floor?state=signed_out&view=table&agent={ids['agent']}"),
        Screen("floor, nobody", "/floor?state=busy&name=nobody-of-this-name"),
        Screen("floor, seats", "/floor?view=seats"),
        Screen("floor, a seat", "/floor?view=seats", (click("[role=gridcell]"),)),
        Screen("floor, no such seat", "/floor?view=seats&condition=broken"),
        Screen("queues", "/queues"),
        Screen("queues, a figure explained", "/queues", (click("button.figure"),)),
        Screen("queues, table of the day", "/queues", (click(".ant-segmented-item:last-child"),)),
        Screen("wallboard", "/wallboard"),
        Screen("contacts", "/contacts"),
        Screen("contacts, choosing days", "/contacts", (click(_PICK_DATES),)),
        Screen("contacts, none", "/contacts?number=10000000000"),
        Screen("a contact", f"/contacts/{ids['contact']}"),
        Screen("call-backs", "/call-backs"),
        Screen("refused calls", "/refused-calls"),
        Screen("gave up waiting", "/abandoned"),
        Screen("report on key accounts", "/reports/key-accounts"),
        Screen("tickets", "/tickets?view=all"),
        Screen("a ticket", f"/tickets/{ids['ticket']}"),
        Screen("a ticket, later due", f"/tickets/{ids['ticket']}", (click("[data-testid=change-due]"),)),
        Screen("reports, day", "/reports"),
        Screen("reports, month", "/reports?by=month"),
        Screen("reports, year", "/reports?by=year"),
        Screen("reports, choosing a month", "/reports?by=month", (click(_PICK_DATES),)),
        Screen("reports, choosing a year", "/reports?by=year", (click(_PICK_DATES),)),
        Screen("reports, a figure explained", "/reports?by=month", (click(".sum-row button.figure"),)),
        Screen("reports, none", "/reports?by=year&year=2001"),
        Screen("handle time, by agent", "/reports/handle-time?by=agent"),
        Screen("handle time, by reason", "/reports/handle-time?by=reason&span=month"),
        Screen("handle time, from and to", "/reports/handle-time?span=range", (click(_PICK_DATES),)),
        Screen("handle time, a figure explained", "/reports/handle-time", (click(".sum-row button.figure"),)),
        Screen("handle time, none", "/reports/handle-time?first=2001-01-01"),
        Screen("handle time, too many days", "/reports/handle-time?span=range&first=2026-01-01&last=2026-03-01"),
        Screen("reachability, 15 minutes", "/reports/access"),
        Screen("reachability, days", "/reports/access?by=day&span=month"),
        Screen("solved per level", "/reports/funnel?span=month"),
        Screen("contacts by attribute", "/reports/attributes"),
        Screen("reserve teams that were called", "/reports/reserve-teams"),
        Screen("shared pools in figures, none", "/reports/pools"),
        Screen("seats per site", "/reports/seats"),
        Screen("seats per site, a month", "/reports/seats?span=month"),
        Screen("a row of seats", "/admin/seats", (click("[data-testid=add-row]"),)),
        Screen("contacts by product line", "/reports/attributes?by=product_line"),
        Screen("forecasts", "/forecast"),
        Screen("a forecast is asked", "/forecast", (click("[data-testid=ask-forecast]"),)),
        Screen("a forecast", f"/forecast/{ids['forecast']}"),
        Screen("a forecast is changed", f"/forecast/{ids['forecast']}", (click("[data-testid=change-forecast]"),)),
        Screen("staffing plans", "/staffing"),
        Screen("a staffing plan is asked", "/staffing", (click("[data-testid=ask-staffing]"),)),
        Screen("a staffing plan", f"/staffing/{ids['staffing']}"),
        Screen("team day", "/team-day"),
        Screen("team day, one person", f"/team-day?agent={ids['rostered']}"),
        Screen("team day, who could take a shift", f"/team-day?agent={ids['rostered']}", (click(_FIND_REPLACEMENT),)),
        Screen("team day, nobody such", "/team-day?name=nobody-of-this-name"),
        Screen("team day, a day without a roster", "/team-day?day=2026-01-01"),
        Screen("intraday", "/intraday"),
        Screen("intraday, table", "/intraday?view=table"),
        *ROSTER,
        Screen("rotations applied for", "/rotations"),
        Screen("a rotation is approved", "/rotations", (click("[data-testid=do-approve]"),)),
        Screen("coverage calendar", "/coverage?year=2026"),
        Screen("shift requests", "/requests"),
        Screen("a shift request is decided", "/requests", (click("[data-testid=open-request]"),)),
        Screen("open shifts", "/requests?tab=open"),
        Screen("bids for an open shift", "/requests?tab=open", (click("[data-testid=see-bids]"),)),
        Screen("a shift is opened", "/requests?tab=open", (click("[data-testid=open-shift]"),)),
        Screen(
            "hours beside a shift are offered",
            "/requests?tab=open",
            (click("[data-testid=open-shift]"), click(".ant-drawer .ant-segmented-item:last-child")),
        ),
        Screen("messages to staff", "/requests?tab=messages"),
        Screen("message accounts", "/admin/messages"),
        Screen("account", "/account"),
        Screen("finder", "/contacts", (press("Control+k"), write("95"))),
        Screen("list of keys", "/contacts", (press("Control+/"),)),
        Screen("account menu", "/contacts", (click("header button:last-of-type"),)),
        Screen("no such page", "/nowhere"),
        Screen("forbidden", "/desk"),
        Screen("a flow", f"/admin/flows/{ids['flow']}"),
        Screen("users", "/admin/users"),
        Screen("a new user", "/admin/users", (click(".page-head .ant-btn-primary"),)),
        Screen("a user", "/admin/users", (click(_FIRST_EDIT),)),
        Screen("tenants", "/admin/tenants"),
        Screen("a new tenant", "/admin/tenants", (click(".page-head .ant-btn-primary"),)),
        Screen("audit", "/admin/audit"),
        Screen("audit, a line", "/admin/audit", (click(".ant-table-row-expand-icon"),)),
        Screen("queues, rings and overflows", "/admin/queues", (click(_FIRST_EDIT), *PARTS_OF_A_QUEUE)),
        Screen("ladders, a tier", "/admin/ladders", (click("[data-testid=add]"), click("[data-testid=add-tier]"))),
        Screen("versions, going back", "/admin/routing-versions", (click(".ant-table-row button"),)),
        Screen("a what-if is asked", "/admin/routing-versions", (click("[data-testid=what-if]"),)),
        Screen("a what-if that was answered", f"/admin/what-ifs/{ids['what_if']}"),
        Screen("a removal is asked", "/admin/skills", (click(".ant-table-row .ant-btn-dangerous"),)),
    ]
    pages += [Screen(name, f"/admin/{name}") for name in RESOURCES]
    pages += [Screen(f"{name}, new", f"/admin/{name}", (click("[data-testid=add]"),)) for name in MADE]
    return [*pages, *(Screen(f"{name}, one", f"/admin/{name}", (click(_FIRST_EDIT),)) for name in CHANGED)]


# What an agent sees beside the desk.
AGENTS = (
    Screen("my rotation", "/my-rotations"),
    Screen("applying to a rotation", "/my-rotations", (click("[data-testid=apply] >> nth=1"),)),
    Screen("my roster, a month", f"/my-roster?around={coming_monday()}"),
    Screen("my roster, a week", f"/my-roster?view=week&around={coming_monday()}"),
    Screen("my roster, a list", "/my-roster?view=list"),
    Screen("a swap is chosen", f"/my-roster?view=list&day={coming_monday()}"),
    Screen(
        "a shift is given away",
        f"/my-roster?view=list&day={coming_monday()}",
        (click(".ant-drawer .ant-segmented-item:last-child"),),
    ),
    Screen("a wish is made", f"/my-roster?view=list&day={coming_monday() + timedelta(days=20)}"),
    Screen("leave is asked for", "/my-roster?view=list", (click("[data-testid=leave]"),)),
    Screen("my shift requests", "/my-roster?tab=requests"),
    Screen("a shift request is answered", "/my-roster?tab=requests", (click("[data-testid=do-accept]"),)),
    Screen("my open shifts", "/my-roster?tab=open"),
    Screen("my messages", "/my-roster?tab=messages"),
    Screen("my calendar address", "/my-roster?tab=calendar"),
    Screen("my mood", "/my-roster?tab=mood"),
)


async def furnish(floor: Floor) -> dict[str, str]:
    """A centre somebody has worked in: a contact, a refused call, a conversation and a ticket, made once. The ids to
    open."""
    api = floor.administrator
    if not _contacts(floor):
        await _one_conversation(floor)  # first: its telephone waits until a centre that just started takes calls
        refused = await floor.bench.call(NOBODYS_NUMBER, caller="13900009970")
        impatient = await floor.bench.call(NUMBER, Wait(1500), HangUp(), caller=IMPATIENT)
        await refused.ended()
        await impatient.ended()
        await until(lambda: _contacts(floor), "the contact is listed")
        await until(lambda: api.get("/api/v1/refused-calls")["items"], "the refused call is listed")
        kind = api.get("/api/v1/admin/ticket-types?limit=1")["items"][0]
        body = {"ticket_type_id": kind["id"], "text": "水表前漏水,邻居已关阀,请尽快安排维修人员上门查看。" * 4}
        status, told = api.request("POST", "/api/v1/tickets", body)
        assert status == 201, told
    _furnish_requests(floor)
    if not api.get("/api/v1/workforce/rotation-memberships")["items"]:
        _apply_to_a_rotation(floor.centre.log_in("agent19"))
    if not any(one["agent_id"] == floor.agents()[ROSTERED]["id"] for one in api.get("/api/v1/workforce/day")["people"]):
        publish_today(floor.centre, [ROSTERED])
    _make_rosters(api)
    return {
        "agent": floor.agents()["agent19"]["id"],
        "rostered": floor.agents()[ROSTERED]["id"],
        "contact": _contacts(floor)[0]["id"],
        "ticket": api.get("/api/v1/tickets?limit=1")["items"][0]["id"],
        "flow": api.get("/api/v1/admin/flows?limit=1")["items"][0]["id"],
        "what_if": await _what_if(floor),
        **await _plans(floor),
    }


def _furnish_requests(floor: Floor) -> None:
    """A published roster, an open shift, a swap that waits for a colleague, and leave that waits for a planner."""
    publish(floor)
    api = floor.administrator
    if api.get("/api/v1/workforce/requests?kind=leave")["items"]:
        return
    day = coming_monday() + timedelta(days=10)
    kind = next(one for one in api.get("/api/v1/workforce/shift-kinds") if one["code"] == "day")
    opened = {
        "day": day.isoformat(),
        "shift_kind_id": kind["id"],
        "start": "08:00",
        "closes_at": f"{coming_monday()}T00:00:00Z",
    }
    asking = floor.centre.log_in("agent19")
    first, *_ = asking.get("/api/v1/workforce/my-roster")["shifts"]
    own = f"/api/v1/workforce/my-roster/{first['id']}"
    theirs = asking.get(f"{own}/swap-offers?day={coming_monday()}")["offers"]
    name = floor.agents()["agent16"]["name"]
    offer = next(one for one in theirs if one["agent_name"] == name)
    leave = {"first_day": day.isoformat(), "last_day": day.isoformat(), "words": "探亲"}
    for session, path, body in (
        (api, "/api/v1/workforce/open-shifts", opened),
        (asking, f"{own}/swaps", {"other_shift_id": offer["shift_id"], "words": "那天孩子开家长会"}),
        (asking, "/api/v1/workforce/my-leave", leave),
    ):
        status, told = session.request("POST", path, body)
        assert status == 201, told


def _apply_to_a_rotation(agent: Session) -> None:
    """One of them wants to be home at five."""
    opened = agent.get("/api/v1/workforce/open-rotations")
    family = next(one for one in opened if one["asks_latest_end"])
    term = {"valid_from": "2026-12-01", "valid_to": "2027-05-31", "latest_end": "17:00", "evidence": "已出示"}
    status, told = agent.request("POST", "/api/v1/workforce/my-rotations", {"rotation_id": family["id"], **term})
    assert status == 201, told


def _make_rosters(administrator: Session) -> None:
    """Two drafts of four weeks; in the newer one somebody has too little rest, and people are missing."""
    rosters = "/api/v1/workforce/rosters"
    if any(one["name"] == "三月 B" for one in administrator.get(rosters)["items"]):
        return
    skill = administrator.get("/api/v1/admin/skills?limit=1")["items"][0]["id"]
    days = {"first_day": "2031-03-03", "last_day": "2031-03-30", "seats": 16}  # the latest come first
    for name in ("三月", "三月 B"):
        body = {"name": name, **days, "demand": {skill: [0] * 16 + [3] * 20 + [0] * 12}}
        status, made = administrator.request("POST", rosters, body)
        assert status == 201, made
        document = administrator.get(f"{rosters}/{made['id']}")
        kinds = {kind["short"]: kind["id"] for kind in document["kinds"]}
        edits = [
            {"agent_id": person["id"], "day": f"2031-03-{day:02}", "shift_kind_id": kinds[short]}
            for person in document["people"][:12]
            for day, short in ((3, "L8"), (4, "E8"), (5, "D8"), (6, "N8"))
        ]
        status, told = administrator.request("POST", f"{rosters}/{made['id']}/edits", {"version": 1, "edits": edits})
        assert status == 200, told


async def _what_if(floor: Floor) -> str:
    """A what-if with an answer, which nobody has played: a new centre has recorded no day. The API's example stands
    for it."""
    api = floor.administrator
    known = api.get(_WHAT_IFS)["items"]
    if known:
        return str(known[0]["id"])
    number = api.get("/api/v1/admin/routing/versions?limit=1")["items"][0]["number"]
    status, run = api.request("POST", _WHAT_IFS, {"number": number})
    assert status == 202, run
    await until(lambda: api.get(f"{_WHAT_IFS}/{run['id']}")["state"] == "failed", "there is no day to play", 60)
    result = next(one for one in WHAT_IF_EXAMPLES if isinstance(one, WhatIfResult)).model_dump(mode="json")
    with closing(sqlite3.connect(floor.centre.data_dir / "main.sqlite3", timeout=10)) as database, database:
        changed = "UPDATE routing_whatifrun SET state = 'done', failure = NULL, result = ? WHERE id = ?"
        database.execute(changed, (json.dumps(result), UUID(run["id"]).hex))
    return str(run["id"])


async def _plans(floor: Floor) -> dict[str, str]:
    """A forecast from a file, changed and accepted, and the staffing made from it."""
    api = floor.administrator
    workforce = "/api/v1/workforce"
    known = api.get(f"{workforce}/staffing-plans")["items"]
    if known:
        return {"forecast": known[0]["forecast_id"], "staffing": known[0]["id"]}
    today = datetime.now(call_history.ZONE).date()
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=13)).isoformat()}
    history = call_history.by_channel(call_history.csv_text("repair", today - timedelta(days=70), 70, 300))
    details = json.dumps({"name": "下两周", "interval_min": 30, **days})
    body, kind = call_history.form_body(details, history)
    status, forecast = api.request("POST", f"{workforce}/forecasts/from-file", body, Content_Type=kind)
    assert status == 202, forecast
    path = f"{workforce}/forecasts/{forecast['id']}"
    await until(lambda: api.get(path)["is_ready"], "the forecast is made", 180)
    times = {"begins_at": f"{today}T08:00", "ends_at": f"{today}T12:00"}
    wish = {"version": api.get(path)["version"], **times, "factor": 1.2, "reason": "停水检修"}
    assert api.request("POST", f"{path}/changes", wish)[0] == 201
    assert api.request("POST", f"{path}/accept", {"version": wish["version"] + 1})[0] == 200
    two_days = days | {"last_day": (today + timedelta(days=1)).isoformat()}
    asked = {"name": "下两周", "forecast_id": forecast["id"], "seats": 3, "cpu_limit_s": 10, **two_days}
    status, plan = api.request("POST", f"{workforce}/staffing-plans", asked)
    assert status == 202, plan
    await until(lambda: api.get(f"{workforce}/staffing-plans/{plan['id']}")["is_ready"], "staffing is made", 180)
    return {"forecast": forecast["id"], "staffing": plan["id"]}


async def _one_conversation(floor: Floor) -> None:
    """An agent with a telephone of their own takes a call and finishes the wrap-up, and goes home."""
    post = await floor.staff("agent04")
    post.hang_up_after_s = 0.5
    post.start_working()
    caller = await ring_in(floor, "13900009969")
    await caller.ended()
    reports = "/api/v1/reports/handle-times/agents"
    await until(lambda: floor.administrator.get(reports)["total"]["interactions"], "the conversation is in the reports")
    await until(lambda: post.state == "available", "the wrap-up is finished")
    floor.posts.remove(post)
    await post.close()


def _contacts(floor: Floor) -> list[dict[str, Any]]:
    found = floor.administrator.get(f"/api/v1/contacts?number={IMPATIENT}")["items"]
    return [one for one in found if one["outcome"]]


def page_script(name: str) -> str:
    """A script that runs in the page, from the directory of these tests."""
    return (Path(__file__).parent / name).read_text()
