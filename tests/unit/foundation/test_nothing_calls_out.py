"""No test, and nothing that a test runs, may reach another machine."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_a_connection_to_another_machine_is_blocked() -> None:
    # 192.0.2.1 is reserved for documentation: nobody has it.
    with socket.socket() as caller, pytest.raises(SocketConnectBlockedError):
        caller.connect(("192.0.2.1", 80))


def test_this_machine_may_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        assert caller.getpeername() == server.getsockname()
