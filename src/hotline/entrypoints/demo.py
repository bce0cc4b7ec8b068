"""`hotline demo`: simulated callers and agents through the real switch of a running centre.

A second node with the simulated voice platform joins the centre; callers dial the entry points that are marked
simulated, agents whose device is simulated take the calls. Everything they do says that it is simulated."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import structlog

from hotline.entrypoints.desk_client import ActionFailedError, DeskClient
from hotline.kernel.clock import SystemClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.kernel.signing import sign
from hotline.messages.configuration import AgentDevice, EntryPointConfiguration, NodeConfiguration
from hotline.messages.live import Grant, LiveToken

NODE_ID = "demo"
_TOKEN_LIFE_MS = 5 * 60 * 1000
_TALK_MEDIAN_S = 45.0
_TALK_SPREAD = 0.6  # of the logarithm
_PATIENCE_S = 120.0
_WRAP_UP_S = (4.0, 20.0)
_ANSWER_S = (1.0, 6.0)
_BREAK_CHANCE = 0.04  # after a contact
_BREAK_S = (20.0, 90.0)
_MENU_AFTER_S = (3.0, 9.0)

log = structlog.get_logger()


class NoCentreError(HotlineError):
    code = "demo.no_centre"
    status = 409
    sentence = (
        "No centre answers on port {port}: start one first (`make run` in another terminal), then `hotline demo`."
    )


class NothingSimulatedError(HotlineError):
    code = "demo.nothing_simulated"
    status = 409
    sentence = (
        "There is nothing to play with: mark an entry point as simulated and give some agents a simulated device "
        "(`hotline migrate --example` loads a tenant that has both)."
    )


def run(settings: Settings, calls_per_minute: float, seconds: float | None, seed: int | None = None) -> int:
    """Play until Ctrl-C, or for so many seconds; the exit code."""
    return asyncio.run(_play(settings, calls_per_minute, seconds, random.Random(seed)))  # noqa: S311 (no secret)


async def _play(settings: Settings, calls_per_minute: float, seconds: float | None, dice: random.Random) -> int:
    cast = await _cast(settings)
    is_over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, is_over.set)
    async with _simulated_node(settings) as socket, asyncio.TaskGroup() as group:
        platform = Platform(socket)
        players = [group.create_task(_agent(settings, device, cast.tenant_ids, dice)) for device in cast.agents]
        players.append(group.create_task(_callers(platform, cast.numbers, calls_per_minute, dice)))
        log.info("the demonstration plays", agents=len(cast.agents), numbers=cast.numbers, a_minute=calls_per_minute)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(is_over.wait(), seconds)
        for player in players:
            player.cancel()
    return 0


# --- who plays --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cast:
    """Who can play in this centre."""

    numbers: list[str]
    tenant_ids: tuple[str, ...]
    agents: list[AgentDevice]


async def _cast(settings: Settings) -> Cast:
    configuration = await _configuration(settings)
    points: list[EntryPointConfiguration] = [
        point for point in configuration.entry_points if point.is_simulated and point.channel == "voice"
    ]
    agents = [device for device in configuration.devices if device.kind == "simulated" and device.agent_id]
    if not points or not agents:
        raise NothingSimulatedError
    tenants = tuple(sorted({point.tenant_id for point in points}))
    return Cast([point.address for point in points], tenants, agents)


async def _configuration(settings: Settings) -> NodeConfiguration:
    url = f"http://127.0.0.1:{settings.web_port}/internal/node-configuration"
    headers = {"X-Hotline-Internal": settings.secret("internal").hex()}
    try:
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            answer.raise_for_status()
            return msgspec.json.decode(await answer.read(), type=NodeConfiguration)
    except aiohttp.ClientError as error:
        raise NoCentreError(port=settings.web_port) from error


# --- the platform -----------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _simulated_node(settings: Settings) -> AsyncIterator[Path]:
    """A node of the centre with the simulated platform; the socket of its script."""
    environment = {
        **os.environ,
        "HOTLINE_NODE_ID": NODE_ID,
        "HOTLINE_VOICE": "simulated",
        "HOTLINE_DATA_DIR": str(settings.data_dir.absolute()),
    }
    socket = settings.run_dir.absolute() / f"simulated-{NODE_ID}.sock"
    socket.unlink(missing_ok=True)
    command = [sys.executable, "-m", "hotline.entrypoints", "role", "node"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:  # noqa: ASYNC220 (it only forks)
        try:
            async with asyncio.timeout(20):
                while not socket.exists():
                    await asyncio.sleep(0.1)
            yield socket
        finally:
            process.terminate()


@dataclass
class Platform:
    """The script socket, one order at a time."""

    socket: Path
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def order(self, do: str, **arguments: object) -> dict[str, Any]:
        async with self._turn:
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(self.socket)
            reader, writer = self._streams
            writer.write(msgspec.json.encode({"do": do, **arguments}) + b"\n")
            answer: dict[str, Any] = msgspec.json.decode(await reader.readline())
            return answer


# --- callers ----------------------------------------------------------------------------------------------------------


async def _callers(platform: Platform, numbers: list[str], calls_per_minute: float, dice: random.Random) -> None:
    async with asyncio.TaskGroup() as calls:
        while True:
            await asyncio.sleep(dice.expovariate(calls_per_minute / 60))
            calls.create_task(_call(platform, dice.choice(numbers), dice))


async def _call(platform: Platform, number: str, dice: random.Random) -> None:
    """Dial, listen to the menu, choose, and give up when it takes too long."""
    caller = f"1390000{dice.randrange(10_000):04d}"
    leg_id = (await platform.order("place_call", called=number, caller=caller))["leg_id"]
    await asyncio.sleep(dice.uniform(*_MENU_AFTER_S))
    await platform.order("press", leg_id=leg_id, keys=dice.choice("123"))
    await asyncio.sleep(dice.expovariate(1 / _PATIENCE_S))
    leg = next((leg for leg in (await platform.order("list_legs"))["legs"] if leg["leg_id"] == leg_id), None)
    if leg is not None and leg["has_music"]:
        await platform.order("hang_up", leg_id=leg_id)


# --- agents -----------------------------------------------------------------------------------------------------------


async def _agent(settings: Settings, device: AgentDevice, tenant_ids: tuple[str, ...], dice: random.Random) -> None:
    """Sign in and work until cancelled."""

    async def token() -> str:
        payload = LiveToken(
            user_id=device.user_id,
            session_id=f"{NODE_ID}-{device.user_id}",
            expires_at_ms=SystemClock().now_ms() + _TOKEN_LIFE_MS,
            agent_id=device.agent_id,
            grants=(Grant(tenant_ids=tenant_ids, permissions=("desk.use",)),),
            name="",
        )
        return sign(msgspec.json.encode(payload), settings.secret("live-token"))

    async with DeskClient(f"ws://127.0.0.1:{settings.switch_port}/live", token) as desk:
        await _try(desk, "SignIn")
        await _try(desk, "SetAgentState", state="available")
        while True:
            await _one_contact(desk, dice)


async def _one_contact(desk: DeskClient, dice: random.Random) -> None:
    """Whatever is next for this agent: an offer, a conversation, wrap-up, or a return from away."""
    await desk.until(_needs_attention, 3600)
    if offers := desk.of_kind("offer/"):
        await asyncio.sleep(dice.uniform(*_ANSWER_S))
        await _try(desk, "AcceptOffer", offer_id=offers[0]["offer_id"])
        await asyncio.sleep(0.5)
    elif talking := [contact for contact in desk.of_kind("contact/") if contact["state"] in ("talking", "held")]:
        await asyncio.sleep(dice.lognormvariate(0, _TALK_SPREAD) * _TALK_MEDIAN_S)
        await _try(desk, "HangUpContact", contact_id=talking[0]["contact_id"])
    elif wrapping := [contact for contact in desk.of_kind("contact/") if contact["state"] == "wrap_up"]:
        await asyncio.sleep(dice.uniform(*_WRAP_UP_S))
        await _try(desk, "FinishWrapUp", contact_id=wrapping[0]["contact_id"])
        await asyncio.sleep(0.2)
    else:
        await asyncio.sleep(dice.uniform(*_BREAK_S) if dice.random() < _BREAK_CHANCE else 2.0)
        await _try(desk, "SetAgentState", state="available")


def _needs_attention(documents: dict[str, dict[str, Any]]) -> bool:
    is_idle = documents.get("me", {}).get("state") == "available"
    return not is_idle or any(key.startswith(("offer/", "contact/")) for key in documents)


async def _try(desk: DeskClient, name: str, **arguments: object) -> None:
    """What the engine refuses here (the caller has just gone) is part of the play."""
    try:
        await desk.do(name, **arguments)
    except (ActionFailedError, TimeoutError) as error:
        log.debug("refused", action=name, cause=str(error))
