"""Second start of a centre, nothing changed: seconds to "Calls are taken", and CPU seconds of its processes.

.venv/bin/python benchmarks/second_start.py"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.centre import Centre  # noqa: E402 - found through the path above
from tests.connections import process_tree  # noqa: E402

TARGET_S = 15.0
STARTS = 3  # the first prepares the database and is not counted
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / _TICKS_PER_S


def start(data_dir: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one start."""
    centre = Centre(data_dir)
    centre.log_path.unlink(missing_ok=True)
    began = time.monotonic()
    try:
        centre.start()
        wall_s = time.monotonic() - began
        assert centre.process is not None
        return wall_s, sum(map(cpu_s, process_tree(centre.process.pid)))
    finally:
        centre.stop()


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        figures = [start(Path(directory)) for _ in range(STARTS)][1:]
    wall_s, spent_s = min(figures)
    print(
        f"second start: {wall_s:.1f} s, {spent_s:.1f} CPU seconds, load {os.getloadavg()[0]:.1f}; target {TARGET_S:g} s"
    )


if __name__ == "__main__":
    main()
