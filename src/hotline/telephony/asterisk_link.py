"""The connection to one Asterisk: reads its events into the ledger and tells what they mean, takes over what it holds
after every (re)connection, and does the follow-up work of events."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from hotline.kernel.clock import Clock
from hotline.telephony.ari import Ari, AriDownError, AriError, Command, Connected, Disconnected
from hotline.telephony.ari_errors import leg_errors
from hotline.telephony.ari_stream import ANSWER_TYPE, ECHO_TYPE, Json
from hotline.telephony.asterisk_configuration import APPLICATION, DEVICES_APPLICATION
from hotline.telephony.asterisk_devices import Devices
from hotline.telephony.asterisk_ledger import BRIDGE_EVENT_TYPES, DEVICE_EVENT_TYPE, Ledger, LegRecord
from hotline.telephony.asterisk_recording import Recordings
from hotline.telephony.contract import LegEnded, PlatformConnected, PlatformLost, PlaybackFinished, VoiceEvent
from hotline.telephony.outlet import Outlet

_log = structlog.get_logger(__name__)
_EMPTY_BRIDGE_S = 10.0
_SWEEP_EACH_S, _SWEPT_AT_ONCE = 1.0, 16
_RETRY_S = 0.5
_ECHO_EACH_S = 5.0
_ECHO_LIMIT_S = 2.0
_SILENT = "its event stream is open and carries nothing"
_REPLACED_SOON_S = 10.0
_REPLACED_MEMORY_S = 60.0
_MOST_REPLACED = 4
_SNOOP_LIMIT_S = 5.0
_LEAVING_S = (1.0, 4.0, 15.0)


class AsteriskLink:
    """One Asterisk's events and state. `told` lets the contract's events out."""

    def __init__(
        self, *, base_url: str, user: str, password: str, work_dir: Path, clock: Clock, etc_dir: Path | None
    ) -> None:
        self.ari = Ari(base_url, user, password, APPLICATION, DEVICES_APPLICATION)
        self.clock = clock
        self.ledger = Ledger()
        self.devices = Devices(self.ari, etc_dir)
        self.told = Outlet()
        self.recordings = Recordings(self.ari, work_dir / "recording", clock, self.told.tell)
        self._started_at: str | None = None  # of the Asterisk we were last connected to
        self._tasks: list[asyncio.Task[None]] = []
        self._reader: asyncio.Task[None]
        self._is_connected = False
        self._is_taken = False  # by another node
        self._connected_at_s = 0.0
        self._replaced_at_s: list[float] = []
        self._chores: set[asyncio.Task[None]] = set()
        self._empty: deque[tuple[float, str]] = deque()  # bridges and since when, longest first
        self._is_sweeping = False
        self._snoops: dict[str, asyncio.Event] = {}  # asked for, not yet in our application
        self.on_others_changed: Callable[[LegRecord], None] = lambda leg: None  # in the bridge of a leg

    async def open(self) -> None:
        """Begin to connect; returns at once."""
        await self.recordings.tell_left_ones()
        self._reader = asyncio.create_task(self._read())
        self._tasks = [self._reader, asyncio.create_task(self._watch_stream())]

    async def close(self) -> None:
        """Let go; nothing is told any more."""
        tasks = [*self._chores, *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.recordings.close()
        await self.ari.close()
        self.told.close()

    async def push_devices(self) -> None:
        """Make Asterisk know the wanted devices; when it does not answer, the next connection does it."""
        self.ledger.set_devices(self.devices.known())
        with contextlib.suppress(AriDownError):
            await self.devices.push()

    async def take_out(self, bridge_id: str, leg_id: str) -> None:
        """Take the leg out of the bridge. Raises LegGoneError, VoiceError or PlatformDownError."""
        with leg_errors():
            await self.ari.command(Command("POST", f"bridges/{bridge_id}/removeChannel", query={"channel": leg_id}))

    async def wait_for_snoop(self, snoop_id: str, make: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Make a snoop channel and return when it takes commands: that is a moment after Asterisk has answered."""
        arrived = self._snoops[snoop_id] = asyncio.Event()
        try:
            await make()
            async with asyncio.timeout(_SNOOP_LIMIT_S):
                await arrived.wait()
        except TimeoutError as error:
            raise AriDownError(method="POST", path=f"snoop/{snoop_id}", cause="it did not come up") from error
        finally:
            del self._snoops[snoop_id]

    # --- events -------------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        async for change in self.ari.connections():
            match change:
                case Connected():
                    self._connected_at_s = time.monotonic()
                    self._is_connected = await self._until_taken_over()
                    if self._is_connected:
                        self.ari.deliver(self._take)
                case Disconnected(cause):
                    if self._is_connected:
                        self._tell(PlatformLost(at_ms=self.clock.now_ms(), cause=cause))
                    self._is_connected = False

    def _take(self, event: Json) -> None:
        try:
            if event.get("type") == "ApplicationReplaced":
                if event.get("application") == APPLICATION:  # it comes for each
                    self._replaced()
            elif not self._is_taken:
                self._handle(event)
        except Exception:
            # One event that we mistreat must not cost the stream.
            _log.exception("an event of Asterisk went wrong", type=event.get("type"))

    def _replaced(self) -> None:
        if self._is_replaced_by_ourselves():
            self.ari.drop_stream("a former connection came up after this one")
            return
        _log.error("asterisk_taken_by_another_node", application=APPLICATION)
        self._is_connected, self._is_taken = False, True
        self._tell(PlatformLost(at_ms=self.clock.now_ms(), cause="another node has taken this Asterisk"))
        self._reader.cancel()  # connecting again would only take it back, and so on for ever

    def _is_replaced_by_ourselves(self) -> bool:
        """Whether a former attempt to connect, given up meanwhile, seems to have come up in Asterisk only now, as
        after a hang. Another node that wants this Asterisk too would be back each time."""
        now_s = time.monotonic()
        is_soon = now_s - self._connected_at_s < _REPLACED_SOON_S
        self._replaced_at_s = [at_s for at_s in self._replaced_at_s if now_s - at_s < _REPLACED_MEMORY_S] + [now_s]
        return is_soon and len(self._replaced_at_s) < _MOST_REPLACED

    async def _watch_stream(self) -> None:
        """Open a new event stream whenever the present one has fallen silent."""
        while True:
            await asyncio.sleep(_ECHO_EACH_S)
            if self._is_connected and await self._is_silent() and await self._is_silent():
                _log.error("asterisk_stream_is_silent")
                self.ari.drop_stream(_SILENT)

    async def _is_silent(self) -> bool:
        try:
            return await self.ari.is_silent(_ECHO_LIMIT_S)
        except AriError:  # Asterisk does not even know the application
            return True
        except AriDownError:  # it answers nothing at all: pings find that out
            return False

    def _handle(self, event: Json) -> None:
        try:
            if event.get("type") == "StasisStart" and (arrived := self._snoops.get(event["channel"]["id"])):
                arrived.set()
            told = self.ledger.read(event)
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("asterisk_event_unreadable", type=event.get("type"), cause=repr(error))
            return
        for voice_event in told:
            self._tell(voice_event)
        self._end_empty_bridges()
        if event["type"] in BRIDGE_EVENT_TYPES:
            for leg in self.ledger.touched_by(event):
                self.on_others_changed(leg)
                self._renew_recording(leg)

    def _renew_recording(self, leg: LegRecord) -> None:
        """Whoever is heard from now on has to be in it."""
        recording_id = leg.recording_id
        if recording_id and self.recordings.would_lose(recording_id, self.ledger.heard_alone(leg.leg_id)):
            self.later(partial(self.recordings.renew, recording_id))

    def _tell(self, event: VoiceEvent) -> None:
        self.told.tell(event)
        match event:
            case LegEnded(leg_id=leg_id, at_ms=at_ms):
                self.recordings.leg_ended(leg_id, at_ms)
            case PlaybackFinished(leg_id=leg_id):
                leg = self.ledger.legs.get(leg_id)
                if leg is not None and leg.has_music and not leg.playbacks:
                    self.later(partial(self._resume_music, leg_id))

    # --- taking over --------------------------------------------------------------------------------------------------

    async def _until_taken_over(self) -> bool:
        """Whether what Asterisk holds is known; False when the stream broke meanwhile: a new one is on its way."""
        while not await self._take_over():
            await asyncio.sleep(_RETRY_S)
            if not self.ari.is_streaming:
                return False
        return True

    async def _take_over(self) -> bool:
        """Whether what Asterisk holds is known now; before that no event is read."""
        try:
            info = await self.ari.request("GET", "asterisk/info")
            is_restarted = self._started_at not in (None, info["status"]["startup_time"])
            self._started_at = info["status"]["startup_time"]
            await self._subscribe()
            if await self.ari.is_silent(_ECHO_LIMIT_S):
                self.ari.drop_stream(_SILENT)
                return False
            if not await self.ari.try_commands(_ECHO_LIMIT_S):
                _log.info("asterisk_takes_no_commands_over_its_stream")
            channels = await self.ari.request("GET", "channels")
            bridges = await self.ari.request("GET", "bridges")
            endpoints = await self.ari.request("GET", "endpoints/PJSIP")
        except (AriError, AriDownError) as error:
            _log.warning("asterisk_take_over_failed", cause=str(error))
            return False
        if is_restarted:
            self.devices.forget_pushed()
        for event in self.ledger.reconcile(channels, bridges, self.clock.now_ms()):
            self._tell(event)
        self._end_empty_bridges()
        self.recordings.take_over(self.ledger.legs)
        for leg in self.ledger.legs.values():
            self._renew_recording(leg)
        version = info["system"]["version"]
        self._tell(PlatformConnected(at_ms=self.clock.now_ms(), version=version, is_restarted=is_restarted))
        for event in self.ledger.reconcile_devices(endpoints, self.clock.now_ms()):
            self._tell(event)
        self.later(self._push_until_known)
        self.later(partial(self._end_leavers, tuple(self.ledger.legs)))
        return True

    async def _end_leavers(self, found: tuple[str, ...]) -> None:
        """Who had left our application a moment before we listened is still among the channels that we found, and
        nobody is told of their end."""
        for pause_s in _LEAVING_S:
            await asyncio.sleep(pause_s)
            if not any(leg_id in self.ledger.legs for leg_id in found):
                return
            living = {channel["id"] for channel in await self.ari.request("GET", "channels")}
            gone = [leg for leg_id in found if leg_id not in living and (leg := self.ledger.legs.get(leg_id))]
            for leg in gone:
                for event in self.ledger.end(leg, self.clock.now_ms(), leg.ended_as or "lost", "party"):
                    self._tell(event)
            self._end_empty_bridges()

    async def _subscribe(self) -> None:
        """Ask for the events that are read. Those of channels in our application come anyway. Who asks for those of
        devices gets all that happens to their channels too: an application of its own leaves that away."""
        await self._allow(APPLICATION, *self.ledger.event_types, ANSWER_TYPE)
        await self._allow(DEVICES_APPLICATION, DEVICE_EVENT_TYPE)
        with contextlib.suppress(AriError):  # an earlier version had asked for them here
            await self.ari.request("DELETE", f"applications/{APPLICATION}/subscription", eventSource="endpoint:PJSIP")
        await self.ari.request("POST", f"applications/{DEVICES_APPLICATION}/subscription", eventSource="endpoint:PJSIP")

    async def _allow(self, application: str, *types: str) -> None:
        allowed = [{"type": name} for name in (*types, "ApplicationReplaced", ECHO_TYPE)]
        await self.ari.request("PUT", f"applications/{application}/eventFilter", {"allowed": allowed})

    async def _push_until_known(self) -> None:
        while True:
            try:
                await self.devices.push()
            except AriDownError:
                return  # connected again, it is done again
            except AriError as error:
                _log.error("asterisk_refuses_device", cause=str(error))
                await asyncio.sleep(_RETRY_S)
            else:
                return

    # --- follow-up work -----------------------------------------------------------------------------------------------

    def later(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Follow-up work that may find its object gone."""
        task = asyncio.create_task(_quietly(work))
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _resume_music(self, leg_id: str) -> None:
        await self.ari.command(Command("POST", f"channels/{leg_id}/moh"))

    def end_if_empty(self, bridge_id: str) -> None:
        """The bridge was made, and nobody may have come into it."""
        if not self.ledger.bridges.setdefault(bridge_id, set()):
            self._end_soon(bridge_id)

    def _end_empty_bridges(self) -> None:
        for bridge_id in self.ledger.emptied:
            self._end_soon(bridge_id)
        self.ledger.emptied.clear()

    def _end_soon(self, bridge_id: str) -> None:
        """In a consultation a bridge is empty for a while and then used again; Asterisk takes its time to end one, so
        that a new one of the same name could be the old one dying."""
        self._empty.append((time.monotonic(), bridge_id))
        if not self._is_sweeping:
            self._is_sweeping = True
            self.later(self._sweep)

    async def _sweep(self) -> None:
        """End what has been empty for a while, several at once: nobody waits for it."""
        try:
            while self._empty:
                await asyncio.sleep(_SWEEP_EACH_S)
                await _quietly(partial(self._end_bridges, self._still_empty()))
        finally:
            self._is_sweeping = False

    async def _end_bridges(self, commands: list[Command]) -> None:
        try:
            await self.ari.commands(commands)
        except AriError:  # one is gone; the others may not have been asked for
            for command in commands:
                await _quietly(partial(self.ari.command, command))

    def _still_empty(self) -> list[Command]:
        until_s = time.monotonic() - _EMPTY_BRIDGE_S
        ended: list[Command] = []
        while self._empty and self._empty[0][0] <= until_s and len(ended) < _SWEPT_AT_ONCE:
            _, bridge_id = self._empty.popleft()
            if not self.ledger.bridges.get(bridge_id, {"unknown"}):
                ended.append(Command("DELETE", f"bridges/{bridge_id}"))
        return ended


async def _quietly(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        await work()
    except (AriError, AriDownError) as error:
        _log.info("asterisk_chore_failed", cause=str(error))
