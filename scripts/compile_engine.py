"""Compile the engine with mypyc: `make compiled`. Needs a C compiler; takes about a minute and a half of CPU.

The modules go into `_compiled` beside their sources, and are used as long as these stay what they are
(`hotline.kernel.compiled_modules`). `--remove` goes back to the interpreted core."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hotline.engine.core_modules import COMPILED
from hotline.kernel.compiled_modules import DIGEST_FILE, DIRECTORY, digest_of

ROOMS = ("engine", "formulas", "kernel", "messages")  # what the engine is checked against
# The name keeps what all modules share inside the package, where it is found through the package's path.
_SETUP = """from mypyc.build import mypycify
from setuptools import setup
setup(name="core", packages=[], ext_modules=mypycify({modules}, group_name="hotline.engine.shared"))
"""
SOURCE = Path(__file__).resolve().parents[1] / "src" / "hotline"


def compile_core(source: Path) -> None:
    """Compiled modules beside the sources of this tree. Raises SystemExit with a sentence when there is no compiler."""
    if shutil.which("gcc") is None and shutil.which("cc") is None:
        raise SystemExit("A C compiler is missing (apt-get install gcc python3-dev); the engine stays interpreted.")
    with tempfile.TemporaryDirectory(prefix="hotline-mypyc-") as text:
        copy = Path(text) / "hotline"
        for room in ROOMS:
            shutil.copytree(source / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", DIRECTORY))
        (copy / "__init__.py").write_text("", "utf-8")
        modules = [f"hotline/engine/{name}.py" for name in COMPILED]
        (Path(text) / "setup.py").write_text(_SETUP.format(modules=modules), "utf-8")
        command = [sys.executable, "setup.py", "build_ext", "--inplace"]
        made = subprocess.run(command, cwd=text, capture_output=True, text=True)
        if made.returncode:
            raise SystemExit(f"{made.stdout}{made.stderr}\nmypyc did not take it; the engine stays interpreted.")
        place(copy / "engine", source / "engine")


def place(made: Path, package: Path) -> None:
    """Put what mypyc has made beside the package's sources; the digest comes last, so that half a copy is not used."""
    remove(package)
    directory = package / DIRECTORY
    directory.mkdir()
    for module in made.glob("*.so"):
        shutil.copy2(module, directory)
    (directory / DIGEST_FILE).write_text(digest_of(package), "ascii")


def remove(package: Path) -> None:
    """Interpreted again."""
    shutil.rmtree(package / DIRECTORY, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=SOURCE, help="the directory of the package hotline")
    parser.add_argument("--remove", action="store_true", help="go back to the interpreted engine")
    options = parser.parse_args()
    if options.remove:
        remove(options.source / "engine")
        print("the engine is interpreted")
        return
    compile_core(options.source)
    print(f"the engine is compiled, {len(COMPILED)} modules; restart what runs")


if __name__ == "__main__":
    main()
