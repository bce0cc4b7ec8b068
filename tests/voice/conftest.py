"""A real Asterisk and real SIP parties for the tests below. What is missing fails them: nothing here skips."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from hotline.telephony.provision import provide_installation
from tests.centre import ROOT
from tests.voice.bench import AsteriskBench
from tests.voice.certificate import write_certificate
from tests.voice.sipp.party import SippBench


@pytest.fixture(scope="session")
def asterisk_installation() -> Installation:
    """The Asterisk that the centre would use; unpacked now when it has not been."""
    return provide_installation(ROOT / "var/asterisk", print)


@pytest.fixture(scope="session")
def asterisk(asterisk_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskBench]:
    """A running private Asterisk, shared by the tests of this process."""
    directory = tmp_path_factory.mktemp("voice")
    bench = AsteriskBench(directory, asterisk_installation, write_certificate(directory))
    try:
        with ThreadPoolExecutor(1) as thread:  # the test that asks for it may have a loop running already
            thread.submit(asyncio.run, bench.process.ensure_running()).result()
        yield bench
    finally:
        pid = bench.process.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            bench.process.reap()


@pytest.fixture
async def sipp(asterisk: AsteriskBench, tmp_path: Path) -> AsyncIterator[SippBench]:
    """SIPp callers and telephones against the private Asterisk; all end with the test."""
    bench = asterisk.sipp(tmp_path)
    yield bench
    await bench.close()
