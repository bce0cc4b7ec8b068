"""A real Chromium window of a logged-in person, with a microphone that speaks a tone."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Playwright

from tests.centre import PASSWORD, Centre
from tests.tones import AUDIBLE, write_tone

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--ignore-certificate-errors",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

# Amplitude of a tone in what the page plays; Web Audio hears a remote stream only while an element plays it.
LISTEN = """
([frequency]) => {
  const element = document.getElementById('remote-audio');
  if (!element || !element.srcObject) return 0;
  window.testContext ??= new AudioContext();
  if (window.testStream !== element.srcObject) {
    window.testStream = element.srcObject;
    window.testAnalyser = window.testContext.createAnalyser();
    window.testAnalyser.fftSize = 8192;
    window.testContext.createMediaStreamSource(element.srcObject).connect(window.testAnalyser);
  }
  const samples = new Float32Array(8192);
  window.testAnalyser.getFloatTimeDomainData(samples);
  const turn = 2 * Math.PI * frequency / window.testContext.sampleRate;
  let real = 0, imaginary = 0;
  samples.forEach((sample, place) => {
    const hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * place / samples.length);
    real += sample * hann * Math.cos(turn * place);
    imaginary += sample * hann * Math.sin(turn * place);
  });
  return 4 * Math.hypot(real, imaginary) / samples.length;
}
"""
TONES_SURVIVE = """
localStorage.setItem('hotline.test', '1');
localStorage.setItem('hotline.audio',
  JSON.stringify({microphoneId: '', speakerId: '', isProcessed: false, ringVolume: 0}));
"""


def chromium() -> str:
    """Where Chromium is. Tests fail without it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program is not None, "Chromium is missing: install the package chromium"
    return program


class Window:
    """One browser of one person. `problems` gathers what the page complained of."""

    def __init__(self, centre: Centre, context: BrowserContext, page: Page) -> None:
        self.centre, self.context, self.page = centre, context, page
        self.problems: list[str] = []
        self.requested: set[str] = set()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requested.add(request.url))

    @classmethod
    async def open(
        cls, playwright: Playwright, centre: Centre, directory: Path, tone_hz: int, language: str = "en"
    ) -> "Window":
        tone = write_tone(directory / f"microphone-{tone_hz}.wav", tone_hz)
        context = await playwright.chromium.launch_persistent_context(
            str(directory / f"profile-{tone_hz}"),
            executable_path=chromium(),
            headless=False,  # the flag below chooses the headless mode that has media
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={tone}"],
            ignore_default_args=["--headless", "--mute-audio"],
            permissions=["microphone"],
            ignore_https_errors=True,
            viewport={"width": 1366, "height": 768},
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
        )
        context.set_default_timeout(30_000)
        await context.add_init_script(TONES_SURVIVE)
        return cls(centre, context, context.pages[0])

    async def enter(self, username: str) -> None:
        """Logged in without the form: with the cookies of a session that the API gave to this person."""
        session = await asyncio.to_thread(self.centre.log_in, username)
        for cookie in session.cookies():  # one without an end would be gone with the last tab
            end = {"expires": float(cookie.expires)} if cookie.expires else {}
            kept = {"name": cookie.name, "value": cookie.value or "", "url": self.centre.url, "sameSite": "Lax", **end}
            await self.context.add_cookies([kept])
        await self.page.goto(self.centre.url)
        await self.until_true("() => Boolean(window.__hotline?.live)")

    async def log_in(self, username: str, password: str = PASSWORD) -> None:
        await self.page.goto(self.centre.url)
        await self.page.locator("input[autocomplete=username]").fill(username)
        await self.page.locator("input[type=password]").fill(password)
        await self.page.locator("button[type=submit]").click()
        await self.page.locator("input[type=password]").wait_for(state="detached")

    async def go_available(self) -> None:
        """Start the shift, or go on with one that an earlier window began, with the telephone registered."""
        await self.page.goto(self.centre.url + "/desk")
        begin, state = self.page.get_by_test_id("begin"), self.page.get_by_test_id("go-available")
        await begin.or_(state).first.wait_for()
        way = begin if await begin.count() else state
        if await way.is_enabled():
            await way.click()
        await self.until_registered()

    async def until_registered(self) -> None:
        await self.until_true("() => window.__hotline?.phone?.state?.registration === 'registered'")

    async def hears(self, frequency_hz: int) -> float:
        """Amplitude of the tone in what the far end sends, 0 to 1."""
        level: float = await self.page.evaluate(LISTEN, [frequency_hz])
        return level

    async def until_hears(self, frequency_hz: int, audible: float = AUDIBLE, seconds: float = 10) -> None:
        await self.until_true(f"(argument) => ({LISTEN})(argument) > {audible}", [frequency_hz], seconds)

    async def until_silent(self, frequency_hz: int, seconds: float = 5) -> None:
        await self.until_true(f"(argument) => ({LISTEN})(argument) < {AUDIBLE}", [frequency_hz], seconds)

    async def until_true(self, expression: str, argument: object = None, seconds: float = 15) -> None:
        """Ask the page again and again: its policy forbids the evaluation that Playwright's own waiting needs."""
        async with asyncio.timeout(seconds):
            while not await self.page.evaluate(expression, argument):
                await asyncio.sleep(0.1)

    async def state(self, name: str) -> None:
        """Wait until the desk shows the contact in this state."""
        await self.page.locator(f"[data-contact-state={name}]").wait_for()

    async def test_id(self, name: str) -> Any:
        locator = self.page.get_by_test_id(name)
        await locator.wait_for(timeout=30_000)
        return locator

    async def another(self) -> "Window":
        """A second tab of the same person in the same browser."""
        other = Window(self.centre, self.context, await self.context.new_page())
        other.problems, other.requested = self.problems, self.requested
        return other

    async def close(self) -> None:
        await self.context.close()
