"""Connections to the outside: never to a private address that the operator has not named.

The tenant's administrator writes the address of the far end. Without this wall they could let the centre speak to its
own database, or to whatever else stands in the operator's network. The address that was looked at is the one that is
connected to, so that a name cannot change its mind in between."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

from hotline.messages.sending import TryLater, down

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
TIMEOUT_S = 10.0


class UnreachableError(Exception):
    """The far end is not to be had; `outcome` says why."""

    def __init__(self, outcome: TryLater) -> None:
        self.outcome = outcome
        super().__init__(outcome.code)


class Reach:
    """Where drivers may connect to. `private_networks` are those that the operator has named, such as 10.1.0.0/16;
    `certificates` a file of further authorities whom to believe."""

    def __init__(
        self,
        private_networks: Sequence[str] = (),
        certificates: Path | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.timeout_s = timeout_s
        self._named: list[Network] = [ipaddress.ip_network(one, strict=False) for one in private_networks]
        self._certificates = certificates

    def connect(self, host: str, port: int, *, is_plain_http: bool = False) -> socket.socket:
        """An open connection. Raises UnreachableError."""
        addresses = self._permitted(host, port, is_named_only=is_plain_http)
        deadline = time.monotonic() + self.timeout_s
        code = "unreachable"
        for address in addresses:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            try:
                connection = socket.create_connection((str(address), port), timeout=left_s)
            except TimeoutError:
                code = "timeout"
            except OSError:
                code = "unreachable"
            else:
                connection.settimeout(self.timeout_s)
                return connection
        raise UnreachableError(down(code))

    def encrypted(self, connection: socket.socket, host: str) -> ssl.SSLSocket:
        """The connection under TLS, with the certificate of that host. Raises UnreachableError."""
        try:
            return self.tls().wrap_socket(connection, server_hostname=host)
        except TimeoutError as error:
            connection.close()
            raise UnreachableError(down("timeout")) from error
        except (ssl.SSLError, OSError) as error:
            connection.close()
            raise UnreachableError(down("tls_failed")) from error

    def tls(self) -> ssl.SSLContext:
        """Believes the system's authorities, and those of the operator's file."""
        context = ssl.create_default_context()
        if self._certificates is not None:
            context.load_verify_locations(cafile=str(self._certificates))
        return context

    def _permitted(self, host: str, port: int, *, is_named_only: bool) -> list[Address]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(down("name_unknown")) from error
        addresses = list(dict.fromkeys(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found))
        permitted = [one for one in addresses if self._is_named(one) or (_is_public(one) and not is_named_only)]
        if not permitted:
            raise UnreachableError(down("not_encrypted" if is_named_only else "private_address"))
        return permitted

    def _is_named(self, address: Address) -> bool:
        return any(address in network for network in self._named)


def _is_public(address: Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_global and not address.is_multicast
