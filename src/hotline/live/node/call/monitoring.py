"""Supervisors who listen to a call, whisper to its agent, or speak to both: beside the call's state, not part of it."""

from typing import TYPE_CHECKING

import msgspec
import structlog

from hotline.kernel.ids import new_id
from hotline.live.node.call.record import Monitor
from hotline.messages.effects import ChangeMonitoringLeg, StartMonitoringLeg
from hotline.messages.routing import ReportMonitoringEnded
from hotline.telephony.contract import VoiceError

if TYPE_CHECKING:
    from hotline.live.node.call.call import Call

log = structlog.get_logger()

_RING_S = 20


class Monitoring:
    """The supervisors' legs of one call."""

    def __init__(self, call: "Call") -> None:
        self._call = call

    async def start(self, effect: StartMonitoringLeg) -> None:
        """Ring the supervisor; when they answer, they hear the agent's conversation."""
        if effect.monitoring_id in self._monitors:
            return
        device = self._call.services.configuration().device_of_user(effect.supervisor_user_id)
        if device is None:
            self._report_end(effect.monitoring_id)
            return
        leg_id = new_id()
        self._keep(
            Monitor(monitoring_id=effect.monitoring_id, agent_id=effect.agent_id, leg_id=leg_id, mode=effect.mode)
        )
        headers = {"X-Hotline-Purpose": "monitoring", "X-Hotline-Contact": self._call.record.contact_id}
        tags = {"contact": self._call.record.contact_id, "monitoring": effect.monitoring_id}
        try:
            await self._call.driver.ring_agent(
                leg_id, device.sip_user, timeout_s=_RING_S, purpose="supervisor", headers=headers, tags=tags
            )
        except VoiceError as error:
            log.warning("the supervisor's device cannot be rung", cause=str(error))
            self._drop(effect.monitoring_id)
            self._report_end(effect.monitoring_id)

    async def change(self, effect: ChangeMonitoringLeg) -> None:
        if monitor := self._monitors.get(effect.monitoring_id):
            changed = msgspec.structs.replace(monitor, mode=effect.mode)
            self._keep(changed)
            if changed.is_answered:
                await self._connect(changed)

    async def stop(self, monitoring_id: str) -> None:
        """Let go of the supervisor, as the switch wants it."""
        if monitor := self._drop(monitoring_id):
            await self._call.hang_up(monitor.leg_id)

    async def leg_answered(self, leg_id: str) -> bool:
        """Whether the leg is a supervisor's, who is then connected."""
        monitor = self._by_leg(leg_id)
        if monitor is None:
            return False
        answered = msgspec.structs.replace(monitor, is_answered=True)
        self._keep(answered)
        await self._connect(answered)
        return True

    async def leg_ended(self, leg_id: str) -> bool:
        """Whether the leg was a supervisor's, whose listening is then over."""
        monitor = self._by_leg(leg_id)
        if monitor is None:
            return False
        self._drop(monitor.monitoring_id)
        self._report_end(monitor.monitoring_id)
        return True

    async def agent_leg_changed(self) -> None:
        """The agent talks on another leg: follow it."""
        for monitor in tuple(self._monitors.values()):
            if monitor.is_answered:
                await self._connect(monitor)

    async def adopted(self, living: dict[str, str | None]) -> None:
        """After a gap: supervisors' legs that are gone end their listening."""
        for monitor in tuple(self._monitors.values()):
            if monitor.leg_id not in living:
                await self.leg_ended(monitor.leg_id)

    async def _connect(self, monitor: Monitor) -> None:
        leg_id = self._call.record.leg_of_agent(monitor.agent_id)
        if leg_id is not None:
            await self._call.driver.monitor(monitor.monitoring_id, monitor.leg_id, leg_id, monitor.mode)

    @property
    def _monitors(self) -> dict[str, Monitor]:
        return self._call.record.monitors

    def _by_leg(self, leg_id: str) -> Monitor | None:
        return next((monitor for monitor in self._monitors.values() if monitor.leg_id == leg_id), None)

    def _keep(self, monitor: Monitor) -> None:
        self._monitors[monitor.monitoring_id] = monitor
        self._call.save()

    def _drop(self, monitoring_id: str) -> Monitor | None:
        monitor = self._monitors.pop(monitoring_id, None)
        self._call.save()
        return monitor

    def _report_end(self, monitoring_id: str) -> None:
        self._call.services.switch.send(
            ReportMonitoringEnded(command_id=new_id(), at_ms=self._call.now_ms, monitoring_id=monitoring_id)
        )
