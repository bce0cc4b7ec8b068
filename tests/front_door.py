"""The product's front door (nginx), as `hotline run` starts it."""

import contextlib
import subprocess
import time
from collections.abc import Iterator

from hotline.entrypoints.front_door import front_door_command
from hotline.kernel.settings import Settings


@contextlib.contextmanager
def opened_front_door(settings: Settings) -> Iterator[None]:
    """Within it browsers are taken at `settings.front_port`."""
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    with (settings.run_dir / "nginx.log").open("ab") as log:
        process = subprocess.Popen(front_door_command(settings), stderr=log)
    try:
        until_s = time.monotonic() + 10
        while not (settings.run_dir / "nginx.pid").exists():
            assert time.monotonic() < until_s, "nginx did not start"
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)
