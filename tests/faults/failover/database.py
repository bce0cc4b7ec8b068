"""A PostgreSQL server of the test's own, which may be killed."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.ports import free_ports


class PrivatePostgresql:
    """One server on a free port; `stop` ends it and removes what it kept."""

    def __init__(self) -> None:
        # Not below the test's own directory: the server's user could not get through to it.
        self._directory = Path(tempfile.mkdtemp(prefix="hotline-failover-"))
        self._directory.chmod(0o755)
        self._data = self._directory / "data"
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        (self._port,) = free_ports(1)
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        self._data.mkdir()
        if os.getuid() == 0:
            shutil.chown(self._data, "postgres", "postgres")
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        command = [*drop, str(self._bin / program), "-D", str(self._data), *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Return when connections are taken. Without fsync: processes are killed here, not the machine."""
        options = f"-p {self._port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-w", "-s", "-l", "/dev/null", "-o", options, "start")

    def kill(self) -> None:
        """Immediate shutdown: every backend is ended at once, as by a crash, and recovery follows at the next start."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while (self._data / "postmaster.pid").exists():
            os.sched_yield()

    def stop(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self._directory)
