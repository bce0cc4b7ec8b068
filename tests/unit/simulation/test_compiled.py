"""mypyc takes world and agenda as they are, with the core of the engine, and the compiled world is the same world."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks._compiled import compile_into
from tests.unit.simulation.centre import ROOT

PLAY = (
    "from tests.unit.simulation.centre import played;"
    "from hotline.simulation import world;"
    "s = played(traffic={'arrivals': {'per_hour': 900}, 'ring': {'kind': 'uniform', 'low_s': 1, 'high_s': 20}});"
    "print(s.waits, s.abandoned.tolist(), s.working.tolist());"
    "print(world.__file__.rpartition('.')[2])"
)


def play(path: str) -> tuple[str, str]:
    """What the world came to, and the kind of file it ran from."""
    env = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", PLAY], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    sums, kind = run.stdout.splitlines()
    return sums, kind


@pytest.mark.slow
def test_the_world_compiles_unchanged_and_is_the_same_world(tmp_path: Path) -> None:
    compile_into(tmp_path)
    compiled, kind = play(f"{tmp_path}:{ROOT}")
    assert kind == "so"
    assert (compiled, "py") == play(f"{ROOT / 'src'}:{ROOT}")
