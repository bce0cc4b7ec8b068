"""Certificates of this machine, and a reach that may go to it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from hotline.entrypoints.certificate import certificate_files
from hotline.kernel.settings import Settings
from hotline.messages.sending import AccountSettings
from hotline.messaging.contract import Driver
from hotline.messaging.drivers import driver_of
from hotline.messaging.reach import Reach


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    return certificate_files(Settings(data_dir=tmp_path_factory.mktemp("tls")))


@pytest.fixture
def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def reach(certificate: tuple[Path, Path]) -> Reach:
    """May go to this machine, and believes its certificate."""
    return Reach(("127.0.0.0/8",), certificate[0], timeout_s=5)


@pytest.fixture
def driver(reach: Reach) -> Iterator[Callable[..., Driver]]:
    """Makes drivers of accounts, and closes them when the test is over."""
    with ExitStack() as opened:

        def make(account: AccountSettings, through: Reach = reach) -> Driver:
            return opened.enter_context(closing(driver_of(account, through)))

        yield make
