"""The watch for outbound connections sees what it must see. Connecting a UDP socket sends no packet."""

import os
import socket

import pytest

from tests.connections import connections_leaving_this_machine, process_tree

NOWHERE = "192.0.2.1"  # TEST-NET-1: documentation only, routed nowhere


@pytest.mark.enable_socket
def test_a_planted_outbound_connection_is_seen() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as planted:
        planted.connect((NOWHERE, 9))
        assert NOWHERE in {found.remote for found in connections_leaving_this_machine(process_tree(os.getpid()))}


@pytest.mark.enable_socket
def test_loopback_connections_are_let_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert connections_leaving_this_machine([os.getpid()]) == []
