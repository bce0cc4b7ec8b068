"""The addresses of this machine's network interfaces."""

import fcntl
import ipaddress
import shutil
import socket
import struct
import subprocess

_SIOCGIFADDR = 0x8915
_LENT = "198.18.0.1"


def interface_addresses() -> tuple[str, ...]:
    """IPv4 addresses of this machine other than loopback ones; empty on a machine that has only `lo`."""
    found = (_interface_address(name) for _, name in socket.if_nameindex())
    return tuple(sorted({address for address in found if address and not is_loopback(address)}))


def is_loopback(host: str) -> bool:
    """Whether the host is this machine only. Names other than localhost are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(host: str) -> bool:
    """Whether the text is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _interface_address(name: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
        except OSError:
            return None  # the interface has no IPv4 address
    return socket.inet_ntoa(answer[20:24])


def lend_address_to_loopback() -> str | None:
    """An address of the benchmarking range (RFC 2544) put on `lo`; None when we may not, or `ip` is missing."""
    program = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
    if program is None:
        return None
    done = subprocess.run([program, "addr", "replace", f"{_LENT}/32", "dev", "lo"], capture_output=True, check=False)
    return _LENT if done.returncode == 0 else None
