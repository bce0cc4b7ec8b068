"""The node's copy of the tenants' set-up: asked of web every two seconds, kept sealed on disk for when web is down."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import structlog

from hotline.flows import Flow, InvalidFlowError, read_flow
from hotline.kernel.errors import HotlineError
from hotline.kernel.sealing import Keyring
from hotline.live.node.web_link import WebDownError, WebLink
from hotline.messages.configuration import AgentDevice, EntryPointConfiguration, NodeConfiguration, QueueSpeech
from hotline.telephony.dialling import normalise_number

log = structlog.get_logger()

_POLL_S = 2.0
_FIRST_POLLS_S = 0.2  # while nothing is known, so that calls are taken as soon as web is there
_PURPOSE = "node-configuration"
_SILENT = QueueSpeech(queue_id="")


class PublishedFlow(msgspec.Struct, frozen=True):
    """A flow ready to run."""

    flow_id: str
    version: int
    flow: Flow


class LocalConfiguration:
    """A configuration made ready for quick questions."""

    def __init__(self, raw: NodeConfiguration) -> None:
        self.raw = raw
        self.calendars = {calendar.calendar_id: calendar for calendar in raw.calendars}
        self._entry_points = {_bare(point.address): point for point in raw.entry_points if point.channel == "voice"}
        self._flows = {flow.flow_id: flow for flow in _readable_flows(raw)}
        self._business_queues: dict[str, dict[str, tuple[str, ...]]] = {}
        for business in raw.businesses:
            own = self._business_queues.setdefault(business.tenant_id, {})
            own[business.module_id] = own[business.code] = business.queue_ids
        self._speech = {speech.queue_id: speech for speech in raw.queue_speech}
        self._by_agent = {device.agent_id: device for device in raw.devices if device.agent_id is not None}
        self._by_user = {device.user_id: device for device in raw.devices}
        self._by_sip_user = {device.sip_user: device for device in raw.devices}

    def entry_point(self, called: str) -> EntryPointConfiguration | None:
        """Whose number this is; separators and a leading + do not matter."""
        return self._entry_points.get(_bare(called))

    def entry_point_by_id(self, entry_point_id: str) -> EntryPointConfiguration | None:
        return next((point for point in self.raw.entry_points if point.entry_point_id == entry_point_id), None)

    def flow(self, flow_id: str) -> PublishedFlow | None:
        return self._flows.get(flow_id)

    def business_queues(self, tenant_id: str) -> dict[str, tuple[str, ...]]:
        """The queues that can solve each business of the tenant, lowest level first, by its id and by its code."""
        return self._business_queues.get(tenant_id, {})

    def queue_speech(self, queue_id: str | None) -> QueueSpeech:
        """What those who wait in the queue are told; nothing of its own for a queue that nothing is known of."""
        return self._speech.get(queue_id or "", _SILENT)

    @property
    def flows(self) -> list[Flow]:
        return [published.flow for published in self._flows.values()]

    def device_of_agent(self, agent_id: str) -> AgentDevice | None:
        return self._by_agent.get(agent_id)

    def device_of_user(self, user_id: str) -> AgentDevice | None:
        return self._by_user.get(user_id)

    def device(self, sip_user: str) -> AgentDevice | None:
        return self._by_sip_user.get(sip_user)


def _bare(number: str) -> str:
    return (normalise_number(number) or number).removeprefix("+")


def _readable_flows(raw: NodeConfiguration) -> list[PublishedFlow]:
    """Web checks flows before it publishes them; one that is broken all the same must not stop the others."""
    readable = []
    for flow in raw.flows:
        try:
            readable.append(PublishedFlow(flow.flow_id, flow.version, read_flow(flow.definition)))
        except InvalidFlowError as error:
            log.error(
                "a published flow cannot be run: its numbers use the fallback queue",
                flow=flow.flow_id,
                cause=str(error),
            )
    return readable


class ConfigurationKeeper:
    """Holds the newest configuration. `on_change` is awaited before the next is asked for."""

    def __init__(
        self,
        web: WebLink,
        copy: Path,
        keyring: Keyring,
        on_change: Callable[[LocalConfiguration], Awaitable[None]],
    ) -> None:
        self._web = web
        self._copy = copy
        self._keyring = keyring
        self._on_change = on_change
        self.current: LocalConfiguration | None = None
        self._is_web_down = False

    async def load_copy(self) -> None:
        """Take what an earlier life of the node has kept, if it can be read."""
        try:
            sealed = await asyncio.to_thread(self._copy.read_bytes)
            raw = msgspec.msgpack.decode(self._keyring.open(sealed, _PURPOSE), type=NodeConfiguration)
        except FileNotFoundError:
            return
        except (OSError, HotlineError, msgspec.MsgspecError) as error:
            log.warning("the local copy of the configuration cannot be read", cause=str(error))
            return
        await self._take(raw)

    async def run(self) -> None:
        """Ask web again and again: until cancelled."""
        while True:
            await self.poll()
            await asyncio.sleep(_POLL_S if self.current is not None else _FIRST_POLLS_S)

    async def poll(self) -> None:
        """Ask web once; when it is down or talks nonsense, keep what there is."""
        try:
            raw = await self._web.configuration(self.current.raw.version if self.current else None)
            if raw is not None:
                await self._take(raw)
                await asyncio.to_thread(keep_copy, self._copy, raw, self._keyring)
            self._note_web(is_down=False)
        except WebDownError:
            self._note_web(is_down=True)
        except (HotlineError, msgspec.MsgspecError, OSError) as error:
            log.error("the configuration of web cannot be used, the former one holds", cause=str(error))

    async def _take(self, raw: NodeConfiguration) -> None:
        self.current = LocalConfiguration(raw)
        log.info("configuration taken", version=raw.version, entry_points=len(raw.entry_points))
        await self._on_change(self.current)

    def _note_web(self, *, is_down: bool) -> None:
        if is_down and not self._is_web_down:
            log.warning(
                "web does not answer: the local configuration holds, facts are kept", has_copy=bool(self.current)
            )
        if self._is_web_down and not is_down:
            log.info("web answers again")
        self._is_web_down = is_down


def keep_copy(path: Path, raw: NodeConfiguration, keyring: Keyring) -> None:
    """Write the sealed copy; it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(keyring.seal(msgspec.msgpack.encode(raw), _PURPOSE))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
