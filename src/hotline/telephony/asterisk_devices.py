"""Agents' devices in Asterisk: pushed through ARI into memory, pushed again when Asterisk has lost them."""

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any

from hotline.messages.configuration import AgentDevice
from hotline.telephony.ari import Ari, AriError
from hotline.telephony.asterisk_configuration import write_fallback_members

_AT_ONCE = 16
_CONTEXT = "from-agent"
Fields = dict[str, str]

_ALL_DEVICES: Fields = {
    "context": _CONTEXT,
    "disallow": "all",
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
    "send_pai": "no",
    "send_connected_line": "no",
    "device_state_busy_at": "1",
    "allow_transfer": "no",
    "dtmf_mode": "auto_info",
}
# A browser that is frozen or gone sends no media; 10 s is what a reload needs to come back before (measured 0.6 s).
_BROWSER: Fields = {
    "allow": "!all,opus,alaw,ulaw",
    "transport": "ws",
    "webrtc": "yes",
    "dtls_auto_generate_cert": "yes",
    "rtp_timeout": "10",
    "rtp_timeout_hold": "10",
}
# What a browser needs is taken back by name: what is not named stays as it was when the same agent changed from one
# kind to the other, and a telephone that is offered DTLS hears nothing.
_TELEPHONE: Fields = {
    "allow": "!all,alaw,ulaw,opus",
    "transport": "",
    "webrtc": "no",
    "ice_support": "no",
    "use_avpf": "no",
    "rtcp_mux": "no",
    "bundle": "no",
    "media_encryption": "no",
    "media_use_received_transport": "no",
    "dtls_auto_generate_cert": "no",
    "rtp_timeout": "30",
    "rtp_timeout_hold": "300",
}


class Devices:
    """The devices that Asterisk should know, and those it has been told of since it was started."""

    def __init__(self, ari: Ari, etc_dir: Path | None) -> None:
        self._ari = ari
        self._etc_dir = etc_dir
        self._wanted: dict[str, AgentDevice] = {}
        self._pushed: dict[str, AgentDevice] = {}
        self._turn = asyncio.Lock()
        self._has_swept = False

    def forget_pushed(self) -> None:
        """Asterisk was restarted: its memory is empty."""
        self._pushed.clear()

    def want(self, devices: Sequence[AgentDevice]) -> None:
        self._wanted = {device.sip_user: device for device in devices if device.kind != "simulated"}

    def knows(self, sip_user: str) -> bool:
        return sip_user in self._wanted

    def known(self) -> frozenset[str]:
        return frozenset(self._wanted)

    async def push(self) -> None:
        """Make Asterisk know exactly the wanted devices. Raises AriError or AriDownError; calling again goes on."""
        async with self._turn:
            wanted = dict(self._wanted)
            if not self._has_swept and wanted:
                await self._sweep(wanted)
                self._has_swept = True
            gone = [user for user in self._pushed if user not in wanted]
            changed = [device for user, device in wanted.items() if self._pushed.get(user) != device]
            gate = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._within(gate, self._remove(user)) for user in gone))
            await asyncio.gather(*(self._within(gate, self._put(device)) for device in changed))
            await self._tell_static_queue(sorted(wanted))

    async def _sweep(self, wanted: Collection[str]) -> None:
        """Remove the devices of a former node that are not wanted any more: nobody else would lock them out."""
        for endpoint in await self._ari.request("GET", "endpoints/PJSIP"):
            name = endpoint["resource"]
            if name not in wanted and await self._is_agents(name):
                await self._remove(name)

    async def _is_agents(self, name: str) -> bool:
        """Whether we have pushed this endpoint, or a former node has: it lives in the agents' context."""
        try:
            fields = await self._ari.request("GET", f"asterisk/config/dynamic/res_pjsip/endpoint/{name}")
        except AriError:
            return False
        return {"attribute": "context", "value": _CONTEXT} in fields

    async def _within(self, gate: asyncio.Semaphore, work: Coroutine[Any, Any, None]) -> None:
        async with gate:
            await work

    async def _put(self, device: AgentDevice) -> None:
        user = device.sip_user
        await self._write("auth", user, {"auth_type": "userpass", "username": user, "password": device.sip_password})
        await self._write("aor", user, _address_of_record())
        kind = _BROWSER if device.kind == "browser" else _TELEPHONE
        await self._write("endpoint", user, {**_ALL_DEVICES, **kind, "auth": user, "aors": user})
        self._pushed[user] = device

    async def _write(self, kind: str, name: str, fields: Fields) -> None:
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        await self._ari.request("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", body)

    async def _remove(self, user: str) -> None:
        for kind in ("endpoint", "aor", "auth"):
            try:
                await self._ari.request("DELETE", f"asterisk/config/dynamic/res_pjsip/{kind}/{user}")
            except AriError as error:
                if error.http_status != 404:
                    raise
        self._pushed.pop(user, None)

    async def _tell_static_queue(self, sip_users: list[str]) -> None:
        """The queue that serves callers while we are dead has the same devices."""
        if self._etc_dir is not None and await asyncio.to_thread(write_fallback_members, self._etc_dir, sip_users):
            await self._ari.request("PUT", "asterisk/modules/app_queue.so")


def _address_of_record() -> Fields:
    """One registration per device, the newest wins; asked every few seconds whether it is still there."""
    return {
        "max_contacts": "1",
        "remove_existing": "yes",
        "qualify_frequency": "5",  # with the 2 s for an answer, one that is gone is noticed within 7 s
        "qualify_timeout": "2",
        "minimum_expiration": "30",
        "maximum_expiration": "120",
        "default_expiration": "60",
    }
