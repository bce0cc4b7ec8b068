"""The watch for outbound connections sees what it must see. Connecting a UDP socket sends no packet."""

import os
import socket
import subprocess
import sys

import pytest

from tests.connections import connections_leaving_this_machine, process_tree

NOWHERE = "192.0.2.1"  # TEST-NET-1: documentation only, routed nowhere
CALLER_OUT = """
import socket, sys
planted = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
planted.connect((sys.argv[1], 9))
print("connected", flush=True)
sys.stdin.read()
"""


def test_a_planted_outbound_connection_of_a_descendant_is_seen() -> None:
    command = [sys.executable, "-c", CALLER_OUT, NOWHERE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "connected\n"
        found = connections_leaving_this_machine(process_tree(os.getpid()))
        child.communicate("")
    assert (child.pid, NOWHERE) in {(connection.pid, connection.remote) for connection in found}


@pytest.mark.enable_socket
def test_loopback_connections_are_let_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert connections_leaving_this_machine([os.getpid()]) == []
