"""A PostgreSQL server of the test's own, which may be killed and frozen."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

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
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        """Return when connections are taken. Without fsync: processes are killed here, not the machine.

        After `kill` the server itself finds its old shared memory without an owner, removes it and recovers."""
        options = f"-p {self._port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-w", "-s", "-l", str(self._data / "server.log"), "-o", options, "start")

    def shut_down(self) -> None:
        """Immediate shutdown: every backend is ended at once, and recovery follows at the next start."""
        os.kill(self._postmaster(), signal.SIGQUIT)
        while self._lock_file.exists():
            os.sched_yield()

    def kill(self) -> None:
        """kill -9 of every process of the server, as by the kernel when memory runs out: nobody says good-bye."""
        processes = self.freeze()  # or the postmaster would start new ones meanwhile
        for pid in processes:
            os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in processes):
            time.sleep(0.001)
        # The next start would take its dead predecessor for alive until that is buried, which is init's affair and may
        # take seconds in a container.
        self._lock_file.unlink()

    def kill_backend(self, statement: str) -> None:
        """kill -9 of the process that serves whoever gave this statement last (LIKE): the server ends all others too
        and recovers. Returns when connections are taken again."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE %s LIMIT 1", (statement,)
            ).fetchone()
            assert found is not None
            os.kill(found[0], signal.SIGKILL)
            with contextlib.suppress(psycopg.OperationalError):
                connection.execute("SELECT pg_sleep(10)")
        while True:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url):
                return
            time.sleep(0.02)

    def freeze(self) -> list[int]:
        """SIGSTOP of every process: connections stay open, new ones are taken by the kernel, nothing is answered. Those
        that stand still now."""
        os.kill(self._postmaster(), signal.SIGSTOP)  # first: it starts all others
        processes = self._processes()
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        return processes

    def thaw(self) -> None:
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._lock_file.exists() and _lives(self._postmaster()):
            self.thaw()
            self.shut_down()
        shutil.rmtree(self._directory)

    @property
    def _lock_file(self) -> Path:
        return self._data / "postmaster.pid"

    def _postmaster(self) -> int:
        return int(self._lock_file.read_text().split()[0])

    def _processes(self) -> list[int]:
        postmaster = self._postmaster()
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]


def _lives(pid: int) -> bool:
    """Whether it runs; one that nobody has buried yet does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
