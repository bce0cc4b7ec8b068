"""Where drivers may connect to."""

import pytest

from hotline.messaging.reach import Reach, UnreachableError
from tests.factories.mail_server import mail_server
from tests.ports import free_ports


def refusal(reach: Reach, host: str, port: int = 25, **how: bool) -> str:
    with pytest.raises(UnreachableError) as caught:
        reach.connect(host, port, **how)
    return caught.value.outcome.code


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.9",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *("::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1", "2130706433", "0x7f.1"),
    ],
)
def test_a_private_address_that_nobody_has_named_is_refused_without_a_connection(host: str) -> None:
    assert refusal(Reach(), host) == "private_address"


def test_a_named_network_may_be_reached_and_only_that_one() -> None:
    with mail_server() as box:
        Reach(("127.0.0.0/8",)).connect("127.0.0.1", box.port).close()
        assert refusal(Reach(("10.0.0.0/8",)), "127.0.0.1", box.port) == "private_address"


def test_plain_http_stays_within_named_networks() -> None:
    # 8.8.8.8 is public: over TLS it would be tried, in the open it is not.
    assert refusal(Reach(), "8.8.8.8", 80, is_plain_http=True) == "not_encrypted"


def test_nobody_listening_and_an_unknown_name_are_told_apart() -> None:
    reach = Reach(("127.0.0.0/8",))
    assert refusal(reach, "127.0.0.1", free_ports(1)[0]) == "unreachable"
    assert refusal(reach, "no such name.invalid") == "name_unknown"
