"""Supervisors who listen to an agent's leg, whisper to it, or talk with all."""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from hotline.messages.routing import MonitorMode
from hotline.telephony.ari import Command
from hotline.telephony.ari_errors import leg_errors
from hotline.telephony.asterisk_configuration import APPLICATION
from hotline.telephony.asterisk_hooks import HeardVoice, until_forgotten
from hotline.telephony.asterisk_ledger import LegRecord
from hotline.telephony.asterisk_link import AsteriskLink
from hotline.telephony.contract import LegGoneError, VoiceError

_log = structlog.get_logger(__name__)
_SNOOP_OF_MODE: dict[MonitorMode, str] = {"listen": "none", "whisper": "out", "barge": "both"}
_NAME_FREE_LIMIT_S, _NAME_FREE_POLL_S = 3.0, 0.05
_MODES: tuple[MonitorMode, ...] = ("listen", "whisper", "barge")


@dataclasses.dataclass(slots=True)
class _Monitor:
    """Who listens to whom, and how. `conversation_id`: the bridge of those among whom the supervisor talks."""

    supervisor_leg_id: str
    agent_leg_id: str
    mode: MonitorMode
    heard: HeardVoice
    conversation_id: str | None = None
    turn: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)  # one change at a time


class Monitors:
    """The monitorings of one Asterisk. `put_in` brings channels into a bridge."""

    def __init__(self, link: AsteriskLink, put_in: Callable[[str, Sequence[str]], Awaitable[None]]) -> None:
        self._link, self._ari, self._ledger = link, link.ari, link.ledger
        self._put_in = put_in
        self._monitors: dict[str, _Monitor] = {}
        link.on_others_changed = self._others_changed

    async def start(self, monitor_id: str, supervisor_leg_id: str, agent: LegRecord, mode: MonitorMode) -> None:
        """Begin, or change the way of it."""
        monitor = _Monitor(supervisor_leg_id, agent.leg_id, mode, HeardVoice(self._ledger.heard_alone(agent.leg_id)))
        former = self._monitors.get(monitor_id)
        if former is not None:
            monitor.turn = former.turn
        self._monitors[monitor_id] = monitor
        async with monitor.turn:
            try:
                await self._begin(monitor_id, monitor, agent)
            except VoiceError:  # nothing may begin by itself later on
                if former is None:
                    self._monitors.pop(monitor_id, None)
                else:
                    self._monitors[monitor_id] = former
                raise

    async def _begin(self, monitor_id: str, monitor: _Monitor, agent: LegRecord) -> None:
        if monitor.mode == "barge" and agent.bridge_id is not None:
            # Among those who talk, and not by a snoop that whispers both ways: with a browser as the agent's
            # telephone, Asterisk 22.10 left the customer's way silent in every second or third call (probably
            # for the reason that asterisk_hooks tells).
            monitor.conversation_id = agent.bridge_id
            await self._put_in(agent.bridge_id, [monitor.supervisor_leg_id])
            await self._end_snoops(monitor_id, _MODES)
            return
        await self._snoop(monitor_id, monitor)
        await self._end_snoops(monitor_id, [other for other in _MODES if other != monitor.mode])

    async def _snoop(self, monitor_id: str, monitor: _Monitor) -> None:
        snoop_id, whisper = f"{monitor_id}-{monitor.mode}", _SNOOP_OF_MODE[monitor.mode]
        with leg_errors():
            path = f"channels/{monitor.agent_leg_id}/snoop/{snoop_id}"
            query = {"spy": "both", "whisper": whisper, "app": APPLICATION, "appArgs": "snoop"}
            snoop = Command("POST", path, query=query)
            await self._link.wait_for_snoop(snoop_id, lambda: self._ari.command(snoop))
        await self._put_in(monitor_id, [snoop_id, monitor.supervisor_leg_id])

    async def stop(self, monitor_id: str) -> None:
        """The supervisor hears nobody any more."""
        monitor = self._monitors.pop(monitor_id, None)
        if monitor is None:  # of an earlier life
            await self._end_snoops(monitor_id, _MODES)
            return
        async with monitor.turn:
            supervisor = self._ledger.legs.get(monitor.supervisor_leg_id)
            if monitor.conversation_id and supervisor is not None and supervisor.bridge_id is not None:
                with contextlib.suppress(LegGoneError):
                    await self._link.take_out(supervisor.bridge_id, supervisor.leg_id)
            await self._end_snoops(monitor_id, _MODES)

    async def _end_snoops(self, monitor_id: str, modes: Sequence[MonitorMode]) -> None:
        for mode in modes:
            with contextlib.suppress(LegGoneError), leg_errors():
                await self._ari.command(Command("DELETE", f"channels/{monitor_id}-{mode}"))

    # --- whose voice --------------------------------------------------------------------------------------------------

    def _others_changed(self, agent: LegRecord) -> None:
        """Others talk with this leg from now on: who listens to it must hear them."""
        for monitor_id, monitor in tuple(self._monitors.items()):
            if not self._lives(monitor):  # it has ended with one of its legs
                del self._monitors[monitor_id]
                continue
            if monitor.agent_leg_id != agent.leg_id or monitor.conversation_id is not None:
                continue
            if monitor.heard.is_lost(self._ledger.heard_alone(agent.leg_id), time.monotonic()):
                self._link.later(partial(self._renew, monitor_id, monitor))

    def _lives(self, monitor: _Monitor) -> bool:
        return monitor.supervisor_leg_id in self._ledger.legs and monitor.agent_leg_id in self._ledger.legs

    async def _snoop_anew(self, monitor_id: str, monitor: _Monitor) -> None:
        """Asterisk refuses one of the same name until the former is gone, a moment after it has ended."""
        until_s = time.monotonic() + _NAME_FREE_LIMIT_S
        while True:
            try:
                await self._snoop(monitor_id, monitor)
            except LegGoneError:
                raise
            except VoiceError:
                if time.monotonic() > until_s:
                    raise
                await asyncio.sleep(_NAME_FREE_POLL_S)
            else:
                return

    async def _renew(self, monitor_id: str, monitor: _Monitor) -> None:
        async with monitor.turn:
            if self._monitors.get(monitor_id) is not monitor or not self._lives(monitor):
                return
            try:
                await self._end_snoops(monitor_id, _MODES)
                with leg_errors():
                    await until_forgotten(self._ari, monitor.agent_leg_id)
                await self._snoop_anew(monitor_id, monitor)
            except LegGoneError:
                return  # there is nobody to listen to any more, or nobody who listens
            except VoiceError as error:
                _log.warning("monitoring_lost", monitor=monitor_id, cause=str(error))
