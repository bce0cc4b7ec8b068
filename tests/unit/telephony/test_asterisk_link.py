"""The connection to Asterisk when the event stream misleads: open and silent, or taken over by somebody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from hotline.kernel.clock import SystemClock
from hotline.telephony import asterisk_link
from hotline.telephony.asterisk_link import AsteriskLink
from hotline.telephony.contract import LegEnded, PlatformConnected, PlatformLost, VoiceEvent

LIMIT_S = 5.0


class FakeAsterisk:
    """The part of the REST interface that connecting uses. `silent` streams are open and carry nothing."""

    def __init__(self) -> None:
        self.streams: list[web.WebSocketResponse] = []
        self.silent: set[int] = set()
        self.silent_applications: set[str] = set()
        self.channels: list[dict[str, object]] = []
        self.bridges: list[dict[str, object]] = []
        self.ended: list[str] = []
        self.subscriptions: list[tuple[str, str, str]] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/ari/events", self._events)
        app.router.add_post("/ari/events/user/{name}", self._user_event)
        app.router.add_get("/ari/asterisk/info", self._info)
        app.router.add_get("/ari/channels", self._channels)
        app.router.add_get("/ari/bridges", self._bridges)
        app.router.add_delete("/ari/bridges/{id}", self._end_bridge)
        app.router.add_get("/ari/endpoints/PJSIP", self._nothing)
        app.router.add_route("*", "/ari/applications/{name}/subscription", self._subscription)
        app.router.add_route("*", "/ari/applications/{rest:.*}", self._nothing)
        return app

    async def replace(self) -> None:
        """As if another connection had registered both applications."""
        for name in ("hotline", "hotline-devices"):
            await self.streams[-1].send_json({"type": "ApplicationReplaced", "application": name})

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.streams.append(socket)
        async for _ in socket:
            pass
        return socket

    async def _user_event(self, request: web.Request) -> web.Response:
        name, application = request.match_info["name"], request.query["application"]
        if len(self.streams) not in self.silent and application not in self.silent_applications:
            event = {"type": "ChannelUserevent", "eventname": name, "application": application}
            await self.streams[-1].send_json(event)
        return web.Response(status=204)

    async def _subscription(self, request: web.Request) -> web.Response:
        self.subscriptions.append((request.method, request.match_info["name"], request.query["eventSource"]))
        return web.json_response({}, status=409 if request.method == "DELETE" else 200)

    async def _info(self, _: web.Request) -> web.Response:
        return web.json_response({"status": {"startup_time": "then"}, "system": {"version": "22.0"}})

    async def _channels(self, _: web.Request) -> web.Response:
        return web.json_response(self.channels)

    async def _bridges(self, _: web.Request) -> web.Response:
        return web.json_response(self.bridges)

    async def _end_bridge(self, request: web.Request) -> web.Response:
        """One that is named so is gone already."""
        self.ended.append(request.match_info["id"])
        return web.Response(status=404 if request.match_info["id"] == "gone" else 204)

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.json_response([])


class Told:
    """What the link has told, in order."""

    def __init__(self, link: AsteriskLink) -> None:
        self.events: asyncio.Queue[VoiceEvent] = asyncio.Queue()
        link.told.deliver(self.events.put_nowait)

    async def next(self) -> VoiceEvent:
        async with asyncio.timeout(LIMIT_S):
            return await self.events.get()

    async def lost(self) -> str:
        event = await self.next()
        assert isinstance(event, PlatformLost)
        return event.cause

    async def connected(self) -> None:
        assert isinstance(await self.next(), PlatformConnected)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAsterisk:
    for name in ("_ECHO_EACH_S", "_ECHO_LIMIT_S"):
        monkeypatch.setattr(asterisk_link, name, 0.1)
    return FakeAsterisk()


@pytest.fixture
async def link(fake: FakeAsterisk, tmp_path: Path) -> AsyncIterator[AsteriskLink]:
    runner = web.AppRunner(fake.application(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    (tmp_path / "recording").mkdir()
    base_url = f"http://{host}:{port}"
    link = AsteriskLink(base_url=base_url, user="u", password="p", work_dir=tmp_path, clock=SystemClock(), etc_dir=None)
    yield link
    await link.close()
    await runner.cleanup()


async def test_stream_that_is_silent_from_the_start_is_opened_anew_before_anything_is_promised(
    fake: FakeAsterisk, link: AsteriskLink
) -> None:
    fake.silent = {1, 2}
    await link.open()
    await Told(link).connected()
    assert len(fake.streams) == 3
    assert all(stream.closed for stream in fake.streams[:2])


async def test_devices_are_heard_of_by_an_application_of_their_own(fake: FakeAsterisk, link: AsteriskLink) -> None:
    await link.open()
    await Told(link).connected()
    assert fake.subscriptions == [
        ("DELETE", "hotline", "endpoint:PJSIP"),
        ("POST", "hotline-devices", "endpoint:PJSIP"),
    ]


async def test_stream_that_carries_only_one_of_the_applications_is_opened_anew(
    fake: FakeAsterisk, link: AsteriskLink
) -> None:
    told = Told(link)
    await link.open()
    await told.connected()
    fake.silent_applications = {"hotline-devices"}
    assert "carries nothing" in await told.lost()
    fake.silent_applications.clear()
    await told.connected()


async def test_stream_that_falls_silent_is_told_and_opened_anew(fake: FakeAsterisk, link: AsteriskLink) -> None:
    told = Told(link)
    await link.open()
    await told.connected()
    fake.silent = {1}
    assert "carries nothing" in await told.lost()
    await told.connected()
    assert len(fake.streams) == 2


async def test_stream_that_carries_echoes_is_left_alone(fake: FakeAsterisk, link: AsteriskLink) -> None:
    told = Told(link)
    await link.open()
    await told.connected()
    await asyncio.sleep(0.5)
    assert told.events.empty()
    assert len(fake.streams) == 1


async def test_own_former_connection_that_comes_up_late_does_not_cost_us_asterisk(
    fake: FakeAsterisk, link: AsteriskLink
) -> None:
    told = Told(link)
    await link.open()
    await told.connected()
    await fake.replace()
    assert "former connection" in await told.lost()
    await told.connected()


async def test_another_node_that_takes_asterisk_each_time_keeps_it(fake: FakeAsterisk, link: AsteriskLink) -> None:
    told = Told(link)
    await link.open()
    for _ in range(3):
        await told.connected()
        await fake.replace()
        assert "former connection" in await told.lost()
    await told.connected()
    await fake.replace()
    assert "another node" in await told.lost()
    await asyncio.sleep(0.5)
    assert told.events.empty()


async def test_another_node_that_comes_long_after_us_keeps_asterisk(
    fake: FakeAsterisk, link: AsteriskLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_link, "_REPLACED_SOON_S", 0.0)
    told = Told(link)
    await link.open()
    await told.connected()
    await fake.replace()
    assert "another node" in await told.lost()


def _channel(leg_id: str) -> dict[str, object]:
    return {
        "id": leg_id,
        "name": f"PJSIP/trunk-{leg_id}",
        "state": "Up",
        "caller": {"number": "1"},
        "connected": {"number": ""},
        "dialplan": {"app_name": "Stasis"},
        "creationtime": "2026-11-22T03:30:00.123+0000",
        "channelvars": {"HOTLINE_PURPOSE": "caller"},
    }


async def test_leg_that_was_leaving_when_we_came_ends_although_nobody_tells(
    fake: FakeAsterisk, link: AsteriskLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_link, "_LEAVING_S", (0.0, 0.05, 0.05))
    fake.channels = [_channel("stays"), _channel("leaves")]
    told = Told(link)
    await link.open()
    await told.connected()
    fake.channels = [_channel("stays")]
    gone = await told.next()
    assert isinstance(gone, LegEnded)
    assert (gone.leg_id, gone.cause, gone.ended_by) == ("leaves", "lost", "party")
    assert list(link.ledger.legs) == ["stays"]


async def test_bridges_left_empty_are_ended_also_when_one_is_gone(
    fake: FakeAsterisk, link: AsteriskLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_link, "_EMPTY_BRIDGE_S", 0.0)
    monkeypatch.setattr(asterisk_link, "_SWEEP_EACH_S", 0.01)
    in_use: dict[str, object] = {"id": "in-use", "channels": ["a"]}
    fake.bridges = [{"id": "gone", "channels": []}, in_use, {"id": "left", "channels": []}]
    await link.open()
    await Told(link).connected()
    async with asyncio.timeout(LIMIT_S):
        while "left" not in fake.ended:
            await asyncio.sleep(0.01)
    assert "in-use" not in fake.ended
