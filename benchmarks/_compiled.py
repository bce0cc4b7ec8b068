"""Which modules mypyc compiles, and the same command once more in a process that finds them compiled."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hotline.engine.core_modules import CORE

ROOT = Path(__file__).parents[1]
WORLD = ("agenda", "chance", "duty", "log", "world")


def compile_into(place: Path) -> None:
    """Copy the package into a directory and compile the engine's core and the simulated world there."""
    shutil.copytree(
        ROOT / "src" / "hotline",
        place / "hotline",
        ignore=shutil.ignore_patterns("__pycache__", "frontend_build"),
    )
    modules = [f"hotline/engine/{name}.py" for name in CORE] + [f"hotline/simulation/{name}.py" for name in WORLD]
    subprocess.run([sys.executable, "-m", "mypyc", *modules], cwd=place, check=True, capture_output=True)


def run_compiled(command: list[str], is_captured: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a Python command line that finds the compiled modules; they are gone afterwards. Raises CalledProcessError
    when mypyc fails; the command's own code is in what is returned."""
    with tempfile.TemporaryDirectory() as place:
        compile_into(Path(place))
        env = {**os.environ, "PYTHONPATH": f"{place}:{os.environ.get('PYTHONPATH', '')}"}
        return subprocess.run([sys.executable, *command], env=env, capture_output=is_captured, text=True, check=False)
