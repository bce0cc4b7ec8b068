"""The house's walls: who may import whom, and what must never be loaded where."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Import-linter over a copy of the sources."""
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tree / "src")},
        check=False,
    )


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """The package's modules with their imports, where a wrong one can be planted."""
    for source in (ROOT / "src/hotline").rglob("*.py"):
        target = tmp_path / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text("utf-8"), "utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("room", "wrong_import"),
    [
        ("engine/planted.py", "import hotline.domains"),
        ("engine/planted.py", "import django"),
        ("live/switch/planted.py", "import hotline.foundation"),
        ("live/node/planted.py", "import django.db"),
        ("domains/planted.py", "import hotline.engine"),
        ("kernel/planted.py", "import hotline.messages"),
        ("telephony/planted.py", "import hotline.flows"),
        ("messaging/planted.py", "import django.db"),
        ("domains/planted.py", "import hotline.messaging"),
    ],
)
def test_a_planted_wrong_import_is_caught(copy_of_the_house: Path, room: str, wrong_import: str) -> None:
    (copy_of_the_house / "src/hotline" / room).write_text(f"{wrong_import}\n", "utf-8")
    outcome = lint(copy_of_the_house)
    assert outcome.returncode != 0
    assert "planted" in outcome.stdout


def test_a_room_that_nobody_placed_is_caught(copy_of_the_house: Path) -> None:
    (copy_of_the_house / "src/hotline/attic").mkdir()
    (copy_of_the_house / "src/hotline/attic/__init__.py").write_text("")
    outcome = lint(copy_of_the_house)
    assert outcome.returncode != 0
    assert "attic" in outcome.stdout


def test_the_house_as_it_stands_keeps_its_walls(copy_of_the_house: Path) -> None:
    outcome = lint(copy_of_the_house)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("role", ["switch", "node"])
def test_switch_and_node_load_without_django(role: str) -> None:
    program = f"""
import importlib, pkgutil, sys
importlib.import_module("hotline.entrypoints.{role}")
wanted = ["hotline.live.{role}"] + (["hotline.live.gateway"] if "{role}" == "switch" else [])
for name in wanted:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.split(".")[0] in ("django", "ninja", "allauth")))
"""
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"
