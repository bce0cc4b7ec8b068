"""A private Asterisk for tests: its own directory, free ports, hold music that can be told from everything else."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import msgspec

from hotline.kernel.clock import SystemClock
from hotline.telephony.asterisk import AsteriskDriver
from hotline.telephony.asterisk_configuration import AsteriskOptions
from hotline.telephony.asterisk_process import AsteriskProcess
from hotline.telephony.installation import Installation
from hotline.telephony.sounds import write_tone
from tests.ports import PortRange, free_ports
from tests.voice.sipp.party import SippBench

MUSIC_HZ = 620
TRUNK = "127.0.0.1"
_PASSWORD = "only-for-tests"


class AsteriskBench:
    """One Asterisk; `stop` ends exactly it, whatever it carries."""

    def __init__(
        self,
        directory: Path,
        installation: Installation,
        tls: tuple[Path, Path] | None = None,
        rtp_ports: tuple[int, int] | None = None,
        **settings: Any,
    ) -> None:
        http, sip, sip_tls, self.carrier_port = free_ports(4)
        music = directory / "music"
        music.mkdir(parents=True)
        write_tone(music / "music.wav", (MUSIC_HZ,), 10_000)
        self._media = None if rtp_ports else PortRange(120)
        low, high = rtp_ports or self._media.bounds
        options = AsteriskOptions(
            directory=directory / "asterisk",
            http_port=http,
            sip_port=sip,
            sip_tls_port=sip_tls,
            rtp_port_low=low,
            rtp_port_high=high,
            user="hotline",
            password=_PASSWORD,
            music_dir=music,
            bind_address="127.0.0.1",
            trunk_addresses=(f"{TRUNK}:{self.carrier_port}",),
            tls_certificate=tls[0] if tls else None,
            tls_key=tls[1] if tls else None,
            static_queue_s=2,
        )
        self.options = msgspec.structs.replace(options, **settings)
        self.process = AsteriskProcess(self.options, installation)

    def driver(self) -> AsteriskDriver:
        """A driver of this Asterisk, not started yet."""
        return AsteriskDriver(
            base_url=self.options.base_url,
            user=self.options.user,
            password=self.options.password,
            work_dir=self.options.directory,
            clock=SystemClock(),
            etc_dir=self.options.etc_dir,
        )

    def sipp(self, directory: Path) -> SippBench:
        """SIPp parties for this Asterisk; they keep their files in the directory."""
        return SippBench(directory, self.options.sip_port)

    def freeze(self) -> None:
        """SIGSTOP, as a deadlock: it lives, and answers nothing."""
        os.kill(self._living_pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._living_pid(), signal.SIGCONT)

    def _living_pid(self) -> int:
        pid = self.process.pid
        assert pid is not None, "Asterisk does not run"
        return pid

    async def kill(self) -> None:
        """kill -9, as a crash; returns when the process is gone."""
        os.kill(self._living_pid(), signal.SIGKILL)
        async with asyncio.timeout(5):
            while self.process.pid is not None:
                await asyncio.sleep(0.02)

    def messages(self) -> str:
        """What Asterisk logged."""
        path = self.options.directory / "log" / "messages"
        return path.read_text(errors="replace") if path.exists() else ""
