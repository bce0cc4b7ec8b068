"""Who talks to whom: the connected sockets of a process, read from the kernel's own tables."""

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path

_TABLES = ("tcp", "udp", "tcp6", "udp6")
_LISTENING = "0A"


@dataclass(frozen=True)
class Connection:
    """One connected socket."""

    pid: int
    protocol: str
    remote: str


def process_tree(root_pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, to_visit = [], [root_pid]
    while to_visit:
        found.append(to_visit.pop())
        to_visit.extend(children.get(found[-1], []))
    return found


def connections_leaving_this_machine(pids: list[int]) -> list[Connection]:
    """Sockets of these processes whose other end is not this machine (loopback or one of its own addresses)."""
    own = _own_addresses()
    return [
        connection
        for pid in pids
        for connection in _connections(pid)
        if not (address := ipaddress.ip_address(connection.remote)).is_loopback and address not in own
    ]


def _own_addresses() -> set[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    text = Path("/proc/net/fib_trie").read_text()
    return {ipaddress.ip_address(found) for found in re.findall(r"\|-- ([\d.]+)\n\s+/32 host LOCAL", text)}


def _connections(pid: int) -> list[Connection]:
    inodes = _socket_inodes(pid)
    found = []
    for table in _TABLES:
        try:
            lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            remote, state, inode = fields[2], fields[3], fields[9]
            address, port = remote.split(":")
            if inode in inodes and state != _LISTENING and int(port, 16) and int(address, 16):
                found.append(Connection(pid, table, str(_address(address))))
    return found


def _socket_inodes(pid: int) -> set[str]:
    inodes = set()
    try:
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            target = os.readlink(f"/proc/{pid}/fd/{descriptor}")
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    except OSError:
        pass  # The process, or the descriptor, is already gone.
    return inodes


def _address(hexadecimal: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The kernel prints addresses as little-endian 32-bit words."""
    words = bytes.fromhex(hexadecimal)
    packed = b"".join(words[start : start + 4][::-1] for start in range(0, len(words), 4))
    address = ipaddress.ip_address(packed)
    return getattr(address, "ipv4_mapped", None) or address
