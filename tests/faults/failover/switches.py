"""Real switch processes that are started again whenever they die, as `hotline run` does."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from tests.ports import free_ports

KEY = "6b" * 32
_PAUSE_S = 0.05  # as long as the supervisor sleeps between two looks


class KeptSwitch:
    """One place where a switch runs. `exit_codes` are those of its processes that have ended."""

    def __init__(self, directory: Path, database_url: str, port: int | None = None) -> None:
        self.directory = directory
        self.port = port or free_ports(1)[0]
        self.socket = directory / "run" / "switch.sock"
        directory.mkdir(parents=True)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))},
            "HOTLINE_DATA_DIR": str(directory),
            "HOTLINE_SWITCH_PORT": str(self.port),
            "HOTLINE_SECRET_LIVE_TOKEN": KEY,
            "HOTLINE_LOG_FORMAT": "json",
            "HOTLINE_DATABASE_URL": database_url,
        }
        self._log = directory / "switch.log"
        self._life_from = 0
        self.exit_codes: list[int] = []
        self.process: asyncio.subprocess.Process | None = None
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            with self._log.open("ab") as file:
                self._life_from = file.tell()
                self.process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "hotline.entrypoints", "role", "switch"),
                    env=self._environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                )
            self.exit_codes.append(await self.process.wait())
            await asyncio.sleep(_PAUSE_S)

    def said(self) -> str:
        """What the present process has logged."""
        return self._log.read_bytes()[self._life_from :].decode() if self._log.exists() else ""

    @property
    def leads(self) -> bool:
        return "switch started" in self.said()

    @property
    def stands_by(self) -> bool:
        said = self.said()
        return "standing by" in said and "switch started" not in said

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    async def stop(self) -> None:
        """Stop cleanly: a leader leaves a snapshot."""
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        if self.process is not None and self.process.returncode is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            await asyncio.wait_for(self.process.wait(), 20)
