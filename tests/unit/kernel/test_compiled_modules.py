"""Compiled modules are used only as long as they are what the sources say."""

from pathlib import Path

import pytest

from hotline.kernel.compiled_modules import compiled_path
from scripts.compile_engine import place, remove


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one module, which was compiled."""
    made, package = tmp_path / "made", tmp_path / "package"
    made.mkdir()
    package.mkdir()
    (made / "core.so").write_bytes(b"machine code")
    (package / "core.py").write_text("ANSWER = 1", "utf-8")
    place(made, package)
    return package


def test_compiled_modules_come_before_their_sources(package: Path) -> None:
    (directory,) = compiled_path(package)
    assert [file.name for file in Path(directory).glob("*.so")] == ["core.so"]


def test_a_changed_source_is_interpreted_again(package: Path) -> None:
    (package / "core.py").write_text("ANSWER = 2", "utf-8")
    assert compiled_path(package) == []


def test_a_new_source_too(package: Path) -> None:
    (package / "rules.py").write_text("", "utf-8")
    assert compiled_path(package) == []


def test_nothing_compiled_and_half_a_copy_are_left_alone(package: Path) -> None:
    (package / "_compiled" / "sources.sha256").unlink()
    assert compiled_path(package) == []
    remove(package)
    assert compiled_path(package) == []
