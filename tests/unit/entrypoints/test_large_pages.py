"""Which role's memory lies on large pages, and when it must not."""

from pathlib import Path

import pytest

from hotline.entrypoints import large_pages
from hotline.entrypoints.large_pages import environment_of

ASKED = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


@pytest.fixture
def modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel that gives large pages to those who ask, and a C library that can."""
    monkeypatch.setattr(large_pages.os, "confstr", lambda name: "glibc 2.36")
    path = tmp_path / "enabled"
    path.write_text("always [madvise] never\n")
    return path


@pytest.mark.parametrize("role", ["switch", "node"])
def test_a_role_of_every_call_asks_for_large_pages_and_keeps_its_environment(modes: Path, role: str) -> None:
    assert environment_of(role, {"HOME": "/srv"}, modes) == {"HOME": "/srv", **ASKED}


def test_roles_that_seldom_wake_do_not_ask(modes: Path) -> None:
    assert environment_of("web", {"HOME": "/srv"}, modes) == {"HOME": "/srv"}


@pytest.mark.parametrize("name", ASKED)
def test_what_the_operator_has_set_holds(modes: Path, name: str) -> None:
    assert environment_of("switch", {name: "mine"}, modes) == {name: "mine"}


def test_a_kernel_without_large_pages_is_not_asked(modes: Path, tmp_path: Path) -> None:
    modes.write_text("always madvise [never]\n")
    assert environment_of("switch", {}, modes) == {}
    assert environment_of("switch", {}, tmp_path / "missing") == {}


@pytest.mark.parametrize("library", ["glibc 2.34", "musl 1.2.5", "", None])
def test_a_c_library_that_cannot_is_left_alone(
    modes: Path, monkeypatch: pytest.MonkeyPatch, library: str | None
) -> None:
    monkeypatch.setattr(large_pages.os, "confstr", lambda name: library)
    assert environment_of("switch", {}, modes) == {}


def test_a_system_that_does_not_know_its_c_library_is_left_alone(modes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(large_pages.os, "confstr", unknown)
    assert environment_of("switch", {}, modes) == {}
