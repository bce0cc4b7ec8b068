"""The node process: opens voice, takes the configuration, links with switch and web, and carries calls.

Stopping it ends nothing: calls stay up in the platform, and the next node goes on with them."""

import asyncio
import gc
import signal
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import structlog
import uvloop

from hotline.entrypoints.certificate import certificate_files
from hotline.kernel.clock import Clock, SystemClock
from hotline.kernel.sealing import Keyring
from hotline.kernel.settings import Settings
from hotline.live.node.call.services import NodeOptions
from hotline.live.node.condition import Condition
from hotline.live.node.configuration import ConfigurationKeeper, LocalConfiguration
from hotline.live.node.fact_sender import FactSender
from hotline.live.node.look_ups import WebLookUps
from hotline.live.node.node import Node
from hotline.live.node.recording_intake import RecordingIntake
from hotline.live.node.recording_space import RecordingSpace, least_free_bytes
from hotline.live.node.recordings import RecordingStore
from hotline.live.node.simulated_script import SimulatedScript
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.live.node.switch_link import SwitchLink
from hotline.live.node.web_link import WebLink
from hotline.live.switch_address import switch_addresses
from hotline.telephony.asterisk_process import AsteriskProcess
from hotline.telephony.contract import VoiceDriver
from hotline.telephony.installation import VoiceUnavailableError
from hotline.telephony.opening import open_asterisk, open_simulated
from hotline.telephony.timers import LoopTimers

# A call makes thousands of short-lived objects and hardly a cycle: to look after each 700 costs more than it finds.
GARBAGE_THRESHOLDS = (20_000, 20, 20)
log = structlog.get_logger()


class OpenVoice(NamedTuple):
    """The driver, and what has to run or be served beside it."""

    driver: VoiceDriver
    process: AsteriskProcess | None = None
    script: SimulatedScript | None = None


def run(settings: Settings) -> int:
    """Carry calls until SIGTERM or SIGINT; the exit code."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    uvloop.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    is_asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, is_asked_to_stop.set)
    clock = SystemClock()
    voice = await _open_voice(settings, clock)
    if voice is None:
        await _wait_without_voice(settings, is_asked_to_stop)
        return
    process = NodeProcess(settings, voice, clock)
    try:
        await process.run_until(is_asked_to_stop)
    finally:
        await process.close()


async def _wait_without_voice(settings: Settings, is_asked_to_stop: asyncio.Event) -> None:
    condition = Condition(_health_path(settings))
    condition.set_setup("")  # it would not help
    condition.set_voice("There is no voice: the node's log says why, and `hotline doctor` what is missing.")
    try:
        await is_asked_to_stop.wait()
    finally:
        condition.close()


def _health_path(settings: Settings) -> Path:
    return settings.run_dir / f"{settings.node_id}.health.json"


async def _open_voice(settings: Settings, clock: Clock) -> OpenVoice | None:
    """Voice as the settings want it; None, and a line that says how to get it, without."""
    if settings.voice == "off":
        log.warning("there is no voice: HOTLINE_VOICE is off. Set it to auto, and start again, to take calls")
        return None
    if settings.voice == "simulated":
        simulated = open_simulated(settings, clock)
        return OpenVoice(simulated.driver, script=SimulatedScript(simulated.platform))
    try:
        opened = await open_asterisk(settings, clock, certificate_files(settings))
    except VoiceUnavailableError as error:
        log.error("there is no voice, everything else runs", cause=str(error))
        return None
    return OpenVoice(opened.driver, process=opened.process)


def _recording_space(settings: Settings, condition: Condition) -> RecordingSpace:
    """Recordings grow in the voice directory, and are then sealed into the store."""
    directories = [settings.recordings_dir.absolute(), (settings.data_dir / "voice").absolute()]
    reserve_bytes = settings.recording_reserve_mb * 1_000_000
    return RecordingSpace(partial(least_free_bytes, directories), reserve_bytes, condition)


class NodeProcess:
    """Everything of one node, wired."""

    def __init__(self, settings: Settings, voice: OpenVoice, clock: Clock) -> None:
        keyring = Keyring({"k1": settings.secret("keyring")})
        directory = settings.data_dir / "nodes" / settings.node_id
        self._settings = settings
        self._voice = voice
        self._web = WebLink(settings.web_port, settings.secret("internal"))
        self._spool = Spool(directory / "spool.sqlite3", keyring)
        self._facts = FactSender(self._spool, self._web)
        self._sounds = Sounds((directory / "sounds").absolute())
        self._condition = Condition(_health_path(settings))
        store = RecordingStore(settings.recordings_dir, keyring)
        self._space = _recording_space(settings, self._condition)
        self._recordings = RecordingIntake(store, self._spool, settings.node_id, self._facts.add, self._space)
        self._space.on_full.append(lambda: self._recordings.cut_short(voice.driver, "disk_full"))
        self.node = Node(
            options=NodeOptions(node_id=settings.node_id, technical_problem_after_s=settings.technical_problem_after_s),
            driver=voice.driver,
            spool=self._spool,
            sounds=self._sounds,
            clock=clock,
            timers=LoopTimers(),
            keyring=keyring,
            recordings=self._recordings,
            condition=self._condition,
            add_fact=self._facts.add,
        )
        self._switch = SwitchLink(
            switch_addresses(settings), settings.node_id, self._spool, clock, self.node, self._condition
        )
        self._condition.listeners.append(self._switch.tell_condition)
        self.node.connect(self._switch, WebLookUps(self._web, self.node.deliver))
        copy = directory / "configuration.sealed"
        self._configuration = ConfigurationKeeper(self._web, copy, keyring, self._use)

    async def run_until(self, is_asked_to_stop: asyncio.Event) -> None:
        """Work until asked to stop, or until a part fails: then its error is raised and the supervisor starts anew."""
        self._condition.write()
        await self._voice.driver.start()
        # Numbers are known before the first event is taken, if they ever were.
        await self._configuration.load_copy()
        if self._configuration.current is None:
            await self._configuration.poll()
        if self._voice.script is not None:
            await self._voice.script.start(self._settings.run_dir / f"simulated-{self._settings.node_id}.sock")
        self.node.begin()
        tasks = [asyncio.create_task(part) for part in (*self._parts(), is_asked_to_stop.wait())]
        log.info("node started", node_id=self._settings.node_id, is_simulated=self._voice.driver.is_simulated)
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for task in done:
            task.result()

    def _parts(self) -> list[Coroutine[Any, Any, Any]]:
        parts: list[Coroutine[Any, Any, Any]] = [
            self._switch.run(),
            self._configuration.run(),
            self._facts.run(),
            self._recordings.run(),
            self._space.run(),
            self._sounds.run(self._web),
        ]
        if self._voice.process is not None:
            parts.append(self._voice.process.watch())
        return parts

    async def _use(self, configuration: LocalConfiguration) -> None:
        await self.node.use_configuration(configuration)
        raw = configuration.raw
        await self._sounds.prepare(raw.prompts, configuration.flows, self._web, raw.queue_speech)

    async def close(self) -> None:
        """Let go of everything; calls stay up."""
        await self._voice.driver.close()
        if self._voice.script is not None:
            await self._voice.script.close()
        await self._spool.close()
        await self._web.close()
        self._condition.close()
        log.info("node stopped, calls stay up", calls=len(self.node.calls))
