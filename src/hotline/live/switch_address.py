"""Where switches are: the leader of a pool and those that stand by, on this machine or over mutual TLS.

Every sender (node, relay) knows all of them. Only the leader takes commands, so nobody has to be told who leads: a node
keeps a connection to each, and the one that leads greets it; the relay goes on to the next when one is refused."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings

# A machine without power says no good-bye: its connections are given up after some ten seconds.
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 4), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 3))
_USER_TIMEOUT_MS = 10_000
_CONNECT_WITHIN_S = 3.0

Peer = TypeVar("Peer", bound=asyncio.Protocol)


class SwitchAddressError(HotlineError):
    code = "switch.address_invalid"
    status = 500
    sentence = "{address} in {setting} is no address of a switch: write the absolute path of its socket, or host:port."


class SwitchCertificateError(HotlineError):
    code = "switch.certificate_missing"
    status = 500
    sentence = (
        "Switches on other machines are reached by mutual TLS: name the files in HOTLINE_SWITCH_TLS_CA, "
        "HOTLINE_SWITCH_TLS_CERTIFICATE and HOTLINE_SWITCH_TLS_KEY ({problem})."
    )


class SwitchAddress(Protocol):
    """One switch. Both raise OSError when it cannot be reached."""

    async def open(self, peer: Callable[[], Peer]) -> Peer: ...

    def connect(self, timeout_s: float) -> socket.socket: ...


@dataclass(frozen=True)
class SocketAddress:
    """A switch of this machine."""

    path: Path

    async def open(self, peer: Callable[[], Peer]) -> Peer:
        _, opened = await asyncio.get_running_loop().create_unix_connection(peer, str(self.path))
        return opened

    def connect(self, timeout_s: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(timeout_s)
            connection.connect(str(self.path))
        except OSError:
            connection.close()
            raise
        return connection


@dataclass(frozen=True)
class TlsAddress:
    """A switch of another machine; each side shows a certificate of the house's own authority."""

    host: str
    port: int
    context: ssl.SSLContext

    async def open(self, peer: Callable[[], Peer]) -> Peer:
        opening = asyncio.get_running_loop().create_connection(peer, self.host, self.port, ssl=self.context)
        transport, opened = await asyncio.wait_for(opening, _CONNECT_WITHIN_S)  # TimeoutError is an OSError
        give_up_dead_peers(transport.get_extra_info("socket"))
        return opened

    def connect(self, timeout_s: float) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout_s)
        try:
            return self.context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def give_up_dead_peers(connection: socket.socket) -> None:
    """Let the kernel notice that the other machine is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
    for option, value in _KEEPALIVE:
        connection.setsockopt(socket.IPPROTO_TCP, option, value)


def switch_addresses(settings: Settings) -> tuple[SwitchAddress, ...]:
    """All switches of the pool; that of this machine when the settings name none.

    Raises SwitchAddressError, SwitchCertificateError."""
    if not settings.switch_addresses:
        return (SocketAddress(settings.switch_socket),)
    return tuple(_address(text, settings) for text in settings.switch_addresses)


def _address(text: str, settings: Settings) -> SwitchAddress:
    if text.startswith("/"):
        return SocketAddress(Path(text))
    host, port = host_and_port(text, "HOTLINE_SWITCH_ADDRESSES")
    return TlsAddress(host, port, tls_context(settings, ssl.Purpose.SERVER_AUTH))


def host_and_port(text: str, setting: str) -> tuple[str, int]:
    """The two parts of host:port. Raises SwitchAddressError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65_535:
        raise SwitchAddressError(address=text, setting=setting)
    return host.strip("[]"), int(port)


def tls_context(settings: Settings, purpose: ssl.Purpose) -> ssl.SSLContext:
    """Both sides must show a certificate of the authority in the settings. Raises SwitchCertificateError."""
    files = (settings.switch_tls_ca, settings.switch_tls_certificate, settings.switch_tls_key)
    authority, certificate, key = files
    if authority is None or certificate is None or key is None:
        raise SwitchCertificateError(problem="not all three are set")
    try:
        context = ssl.create_default_context(purpose, cafile=str(authority))
        context.load_cert_chain(certificate, key)
    except OSError as error:
        raise SwitchCertificateError(problem=error.strerror or str(error)) from error
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
